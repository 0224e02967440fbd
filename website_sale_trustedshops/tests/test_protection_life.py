# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress
from datetime import datetime
from unittest.mock import patch

import requests

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .chance import choose_size, make_dice
from .common import APPLY, POLL, QUEUE_LOGGER
from .staff_common import StaffCommon

SILENT = requests.exceptions.ReadTimeout("slow")
EARLIER = datetime(2026, 11, 2, 9, 0)
AWAY = requests.exceptions.ConnectTimeout("away")
# What is true only while an application waits.
PROMISES = (
    "We keep",
    "we keep",
    "is sent when",
    "is sent again",
    "apply again",
    "Correct the certificate",
    "press Release",
)
LOOK_UP = (
    "Look up the order number at Trusted Shops, and compare buyer, amount and date. If"
    " you find this purchase, press Enter number; if not, or if it was refused, press"
    " Not found at Trusted Shops."
)
OVERDUE = "No application went through within three days."
NOT_PAID = "The buyer is not protected."
UNSENT = "The order was cancelled."
FREE = "The fee of 0.98\xa0€ is not charged."
REFUSED = f"Your Buyer Protection could not be concluded. {FREE}"
LOOKED_INTO = "Your Buyer Protection has been ordered; the shop is looking into it."
# What happened while it waited, and what is told when the order is then cancelled,
# respectively when three days have passed.
ENDS = {
    "silent": (
        SILENT,
        f"The order was cancelled. {LOOK_UP}",
        f"{OVERDUE} {LOOK_UP}",
    ),
    "away": (AWAY, UNSENT, f"{OVERDUE} {NOT_PAID}"),
    "trouble": (
        -11111,
        f"The order was cancelled. {LOOK_UP}",
        f"{OVERDUE} Trusted Shops has technical problems: SYSTEM_EXCEPTION, -11111."
        f" {LOOK_UP}",
    ),
    "limit": (
        -10017,
        UNSENT,
        f"{OVERDUE} The credit limit of the certificate is used up: LIMIT_OVERFLOW,"
        f" -10017. Ask Trusted Shops for a higher one. {NOT_PAID}",
    ),
    "login": (
        -10001,
        UNSENT,
        f"{OVERDUE} Trusted Shops refused the application:"
        f" NO_VALID_SHOP, -10001. {NOT_PAID}",
    ),
    "not paid": ("hold", UNSENT, f"{OVERDUE} {NOT_PAID}"),
    "bug": ("bug", UNSENT, f"{OVERDUE} {NOT_PAID}"),
    "dead process": (
        "death",
        f"The order was cancelled. {LOOK_UP}",
        f"{OVERDUE} {LOOK_UP}",
    ),
}


@tagged("full")
class TestProtectionLife(StaffCommon):
    """Every reader is told how the protection stands."""

    is_frozen = True
    ROLES = {"seller": StaffCommon.ROLES["seller"]}

    def setUp(self):
        super().setUp()
        self.manager.email = "manager@shop.example"

    # === TOLD === #
    def _make_waiting(self, trouble):
        """Return a protection that waits because of something."""
        protection = self._make_queued()
        if trouble == "hold":
            self._pay(protection.order_id, amount=50.0)
        elif trouble == "bug":
            bug = patch.object(type(protection), "_get_client", side_effect=KeyError)
            with bug, mute_logger(QUEUE_LOGGER):
                self._run_queue()
        elif trouble == "death":
            protection.write(
                {
                    "state": "sending",
                    "attempt_count": 1,
                    "lease_until": datetime(2026, 11, 2, 10, 10),
                }
            )
            self._wait(minutes=10)
        else:
            self.service.always["checkLogin"] = -10001 if trouble == -10001 else 1
            self.service.script(APPLY, trouble)
        self._run_queue()
        self.assertIn(protection.state, ("queued", "on_hold"))
        self.assertTrue(protection.explanation)
        return protection

    def _read(self, protection):
        """Return what each reader is told of a protection."""
        protection.invalidate_recordset()
        mails = self.env["mail.mail"].search(
            [("email_to", "=", "erika@muster.example")]
        )
        return {
            "form, list, order's tab": protection.explanation,
            "activity": " ".join(
                activity.note.striptags() for activity in protection.activity_ids
            ),
            "portal, confirmation page": protection.shopper_status,
            "order's mail": protection._format_mail_status(),
            "buyer's mail": " ".join(mails.mapped("body_html")),
        }

    def _assert_told(self, protection, state, explanation, shopper_status):
        """Check what is told of a row that ended, to every reader."""
        told = self._read(protection)
        self.assertValues(
            protection,
            state=state,
            explanation=explanation,
            shopper_status=shopper_status,
        )
        for reader, text in told.items():
            for promise in PROMISES:
                self.assertNotIn(promise, text, reader)
        self.assertEqual(told["order's mail"], shopper_status)
        if told["activity"]:
            self.assertEqual(told["activity"], explanation)
        is_over = "could not be concluded" in shopper_status
        self.assertEqual("could not be concluded" in told["buyer's mail"], is_over)

    def test_the_text_of_an_ended_row_says_how_it_ended(self):
        for name, (trouble, cancelled, overdue) in ENDS.items():
            for end, state, words in (
                ("cancel", "cancelled", cancelled),
                ("age", "failed", overdue),
            ):
                with self.subTest(trouble=name, end=end):
                    self.clock.move_to("2026-11-02 10:00:00")
                    self.env["mail.mail"].search([]).unlink()
                    self.certificate.hold_reason = False
                    protection = self._make_waiting(trouble)
                    self.service.always[APPLY] = -10017
                    if end == "cancel":
                        protection.order_id._action_cancel()
                    else:
                        self.clock.move_to("2026-11-05 10:00:00")
                    self._run_queue()
                    status = f"Your Buyer Protection was cancelled. {FREE}"
                    if state == "failed":
                        status = LOOKED_INTO if LOOK_UP in words else REFUSED
                    if (name, end) == ("not paid", "age"):  # a part was paid
                        status = REFUSED.replace("is not charged", "will be paid back")
                    self._assert_told(protection, state, words, status)
                    del self.service.always[APPLY]

    def test_a_refusal_says_until_when_it_can_be_cured(self):
        until, day = "11/5/26, 11:00 AM", "November 5, 2026"
        for code, symbol in ((-10014, "EMAIL_MALFORMED"), (-10018, "EMAIL_EMPTY")):
            with self.subTest(code=code):
                self.clock.move_to("2026-11-02 10:00:00")
                self.env["mail.mail"].search([]).unlink()
                self.env.company.partner_id.tz = "Europe/Berlin"
                protection = self._make_answered(code)
                reason = f"Trusted Shops refused the application: {symbol}, {code}."
                words = (
                    f"{reason} The fee goes back by itself on {until}, unless another"
                    " application is made before; enter the number of one that you make"
                    " at Trusted Shops by hand."
                )
                for moment in ("2026-11-02 12:00:00", "2026-11-05 09:59:59"):
                    self.clock.move_to(moment)
                    self._run_queue()
                    told = self._read(protection)
                    self.assertEqual(self._flat(protection.explanation), words)
                    self.assertEqual(self._flat(told["activity"]), words)
                    self.assertEqual(
                        told["portal, confirmation page"],
                        f"Your Buyer Protection is being clarified until {day}; you do"
                        " not pay for it if it cannot be concluded.",
                    )
                    self.assertFalse(told["buyer's mail"])
                    self.assertEqual(protection.fee_state, "due")
                    # Nothing else offers protection meanwhile.
                    self.assertFalse(protection._is_over())
                self.clock.move_to("2026-11-05 10:00:00")
                self._run_queue()
                self._assert_told(
                    protection, "rejected", f"{reason} {NOT_PAID}", REFUSED
                )
                self.assertEqual(protection.fee_state, "waived")
                self.assertTrue(protection._is_over())

    def _flat(self, text):
        """Return a text with ordinary blanks only."""
        return text.replace("\N{NARROW NO-BREAK SPACE}", " ")

    def test_another_refusal_is_over_after_an_hour(self):
        protection = self._make_answered(-10006)
        self._run_queue(minutes=59)
        self.assertIn(
            "The fee goes back by itself on 11/2/26, 11:00 AM, unless another",
            self._flat(protection.explanation),
        )
        self.assertIn("clarified until November 2, 2026", protection.shopper_status)
        with self.assertRaisesRegex(UserError, "not possible now"):
            protection.action_resend_mail()
        self._run_queue(minutes=1)
        self.assertIn(NOT_PAID, protection.explanation)
        self.assertEqual(protection.shopper_status, REFUSED)
        self.assertTodo(protection, NOT_PAID)

    def test_the_words_and_the_refund_follow_one_date(self):
        protection = self._make_queued()
        protection.placed_at = datetime(2026, 11, 1, 10, 0)
        self.service.script(APPLY, -10014)
        self._run_queue()
        self.assertEqual(protection.final_at, datetime(2026, 11, 4, 10, 0))
        self.assertIn("until November 4, 2026", protection.shopper_status)
        self.clock.move_to("2026-11-04 10:00:00")
        self._run_queue()
        self.assertEqual(protection.fee_state, "waived")

    def test_nothing_said_of_one_state_is_told_of_the_next(self):
        protection = self._make_waiting(SILENT)
        self.assertTrue(protection.next_attempt_at)
        for state in ("failed", "rejected", "cancelled", "on_hold"):
            with self.subTest(state=state):
                protection.write(
                    {"state": "queued", "last_error": "A", "next_attempt_at": EARLIER}
                )
                protection.state = state
                self.assertValues(protection, last_error=False, next_attempt_at=False)

    def test_a_refusal_of_a_cancelled_order_is_not_being_clarified(self):
        for refusals in ([-10014], [-10006]):
            with self.subTest(refusals=refusals):
                protection = self._make_answered(*refusals)
                self.assertIn("being clarified until", protection.shopper_status)
                protection.order_id._action_cancel()
                self.assertEqual(protection.shopper_status, REFUSED)
                self.assertNotIn("goes back by itself on", protection.explanation)
                seller = self._as("seller", protection)
                self.assertEqual(seller.shopper_status, REFUSED)
                self._run_queue()
                self.assertEqual(protection.fee_state, "waived")
                self.assertEqual(protection.shopper_status, REFUSED)

    # === ONE THING TO DO === #
    def _assert_consistent(self, protection):
        """Check that no activities contradict, and nothing undecided has none."""
        protection.invalidate_recordset()
        activities = protection.activity_ids
        causes = activities.mapped("trustedshops_cause")
        self.assertEqual(len(causes), len(set(causes)), causes)
        notes = [note.striptags() for note in activities.mapped("note")]
        [lookups, fees, by_hand] = (
            [note for note in notes if words in note]
            for words in ("Not found at Trusted Shops", "Refund fee", "by hand")
        )
        for others in (fees, by_hand):
            self.assertFalse(lookups and set(others) - set(lookups), notes)
        is_at_work = protection.state in ("queued", "sending") or (
            protection.state == "requested"
            and protection.application_number
            and not protection._is_lookup_due()
        )
        if protection.billable == "undecided" and not is_at_work:
            self.assertIn("protection", causes)
        # What staff have to do is no matter of the buyer.
        for words in ("press ", "Press ", "by hand", "at Trusted Shops"):
            self.assertNotIn(words, protection.shopper_status)
        if "protection" in causes and protection.state not in ("rejected", "failed"):
            attention = [("needs_attention", "=", True)]
            self.assertIn(protection, protection.search(attention))

    def test_a_cancelled_order_is_looked_up_before_its_fee_is_decided(self):
        protection = self._make_answered(SILENT)
        self._invoice(protection.order_id)
        protection.order_id._action_cancel()
        self._run_queue()
        self._assert_consistent(protection)
        self.assertTodo(protection, LOOK_UP)
        protection.action_not_found()
        self.assertValues(protection, state="cancelled", billable="void")
        self.assertTodo(protection, "Press Refund fee to credit it.")

    def test_a_missing_number_is_looked_up_before_the_fee_is_decided(self):
        protection = self._make_answered(SILENT, -10003)
        self._pay(protection.order_id)
        protection.order_id._action_cancel()
        self._run_queue()
        self._assert_consistent(protection)
        self.assertTodo(protection, "its number did not reach us. Look up the")
        dialog = self.env["trustedshops.number.entry"]
        entry = dialog.create({"protection_id": protection.id, "number": "4712"})
        entry.action_apply()
        self.assertTodo(protection, "Press Refund fee to give the fee up")

    def test_fee_is_decided_after_the_look_at_what_took_too_long(self):
        protection = self._make_answered(4711)
        self._pay(protection.order_id)
        protection.order_id._action_cancel()
        self.assertTodo(protection, "Press Refund fee to give the fee up")
        self._wait(days=8)
        self._run_queue()
        self._assert_consistent(protection)
        self.assertTodo(
            protection, "decided about application 4711 for a week. Look up"
        )
        self.service.script(POLL, 99)
        self._run_queue(hours=25)
        self.assertEqual(protection.state, "confirmed")
        self.assertTodo(protection, "Press Refund fee to give the fee up")

    def test_a_late_number_of_an_ended_row_makes_it_undecided(self):
        protection = self._make_queued()

        def come_late(_parts):
            self.env.cr.execute(
                "UPDATE trustedshops_protection SET state = 'failed' WHERE id = %s",
                [protection.id],
            )
            return 4711

        self.service.script(APPLY, come_late)
        self._run_queue()
        self._assert_consistent(protection)
        self.assertEqual(protection.billable, "undecided")
        self.assertTodo(protection, "order the number 4711")

    def test_trouble_does_not_stay_to_be_done_beside_what_came_of_it(self):
        protection = self._make_answered(-11111, -11111, -11111)
        self.assertTodo(protection, "3 attempts in a row")
        self._pay(protection.order_id, amount=50.0)
        self._run_queue(hours=1)
        self.assertEqual(protection.state, "on_hold")
        self.assertTodo(protection, "The application is sent when the rest is paid.")

    def test_not_found_settles_what_may_have_arrived(self):
        for story, fee_state, state in (
            ("failed", "waived", "failed"),
            ("number missing", "waived", "failed"),
            ("undecided", "waived", "failed"),
            ("cancelled", "waived", "cancelled"),
            ("refused", "due", "rejected"),
        ):
            with self.subTest(story=story):
                self.clock.move_to("2026-11-02 10:00:00")
                protection = self._make_undecided(story)
                self.assertEqual(protection.billable, "undecided")
                self._assert_consistent(protection)
                button = protection.action_not_found()
                self.assertEqual(
                    button["params"]["message"],
                    "Trusted Shops has no application for this order.",
                )
                self._run_queue()
                self.assertValues(
                    protection, state=state, fee_state=fee_state, billable="void"
                )
                self.assertNotIn("not_found", protection.possible_buttons)
                self.assertNotIn(
                    "may have arrived", " ".join(self._get_todos(protection))
                )
                is_told = state == "failed"
                self.assertEqual(bool(protection.mailed_at), is_told)

    def _make_undecided(self, story):
        """Return a protection that may or may not have been applied for."""
        if story == "undecided":
            self.service.always[POLL] = -10001
            protection = self._make_queued()
            self._run_queue()
            self._run_queue(days=8)
            return protection
        if story == "on hold":
            return self._make_answered(-10003)
        later = {"number missing": [-10003], "refused": [-10014]}.get(story, [])
        protection = self._make_answered(SILENT, *later)
        if story == "cancelled":
            protection.order_id._action_cancel()
        elif story == "failed":
            self._run_queue(days=3)
        return protection

    def test_after_not_found_a_corrected_address_is_sent(self):
        protection = self._make_undecided("refused")
        protection.action_not_found()
        self.assertTodo(protection, "refused the application: EMAIL_MALFORMED")
        self.buyer.email = "erika@new.example"
        protection.action_apply_now()
        self._run_queue()
        parts = self.service.get_parts(APPLY)[-1]
        self.assertEqual(parts["buyerEmail"], "erika@new.example")

    def test_a_number_can_be_entered_after_not_found(self):
        protection = self._make_undecided("failed")
        protection.action_not_found()
        self.assertIn("enter_number", protection.possible_buttons)

    def test_an_order_that_comes_back_takes_over_what_may_have_arrived(self):
        earlier = self._make_undecided("cancelled")
        protection = self._come_back(earlier)
        self.assertTrue(protection.may_have_arrived)
        self.assertValues(earlier, billable="void", possible_buttons="")
        self.assertFalse(earlier.activity_ids)
        self.service.script(APPLY, -10003)
        self._run_queue()
        self.assertValues(protection, state="requested", billable="undecided")
        self.assertTodo(protection, "its number did not reach us. Look up the")

    def test_a_missing_lookup_is_asked_for_again(self):
        stories = ("failed", "number missing", "undecided", "cancelled", "refused")
        for story in (*stories, "on hold"):
            with self.subTest(story=story):
                self.clock.move_to("2026-11-02 10:00:00")
                protection = self._make_undecided(story)
                protection.activity_ids.action_feedback()
                self.assertFalse(protection.activity_ids)
                self._run_queue()
                self._assert_consistent(protection)
                self.assertEqual(len(protection.activity_ids), 1)
                protection.write({"state": "cancelled", "may_have_arrived": False})

    def test_a_known_number_is_compared_however_its_row_ends(self):
        for end, state, words in (
            ("refund", "failed", "Given up: the fee was credited or removed."),
            ("cancel", "cancelled", "The order was cancelled."),
            ("age", "failed", OVERDUE),
        ):
            with self.subTest(end=end):
                self.clock.move_to("2026-11-02 10:00:00")
                protection = self._make_undecided("on hold")
                if end == "refund":
                    protection.action_refund_fee()
                elif end == "cancel":
                    protection.order_id._action_cancel()
                self._run_queue(days=3 if end == "age" else 0)
                explanation = f"{words} {LOOK_UP}"
                self.assertValues(
                    protection,
                    state=state,
                    billable="undecided",
                    explanation=explanation,
                )
                self.assertEqual(self._get_todos(protection), [f"<p>{explanation}</p>"])
                protection.action_not_found()
                self.assertEqual(protection.billable, "void")

    def test_an_order_that_comes_back_takes_over_no_number_of_another(self):
        earlier = self._make_undecided("on hold")
        earlier.order_id._action_cancel()
        protection = self._come_back(earlier)
        self.assertFalse(protection.may_have_arrived)
        # That is asked about the new one, if the number is still known.
        self.assertEqual(earlier.billable, "void")
        self.assertFalse(earlier.activity_ids)
        self.service.script(APPLY, -10003)
        self._run_queue()
        self.assertEqual(protection.state, "on_hold")
        self.assertTodo(protection, "we have no record of sending it")

    def _come_back(self, earlier):
        """Return the protection that is placed when a cancelled order comes back."""
        order = earlier.order_id
        order.action_draft()
        protection = self._choose(order)
        order.action_confirm()
        return protection

    def test_an_earlier_fee_on_an_invoice_is_to_be_credited(self):
        earlier = self._make_answered(SILENT)
        self._invoice(earlier.order_id)
        earlier.order_id._action_cancel()
        self.assertTodo(earlier, LOOK_UP)
        self._come_back(earlier)
        self.assertEqual(earlier.billable, "void")
        self.assertTodo(earlier, "Press Refund fee to credit it.")

    def test_a_new_choice_closes_the_number_of_the_earlier_row(self):
        earlier = self._make_undecided("cancelled")
        self.assertIn("enter_number", earlier.possible_buttons)
        earlier.order_id.action_draft()
        self._choose(earlier.order_id)
        earlier.invalidate_recordset()
        self.assertNotIn("enter_number", earlier.possible_buttons)

    def test_activities_always_fit_the_state(self):
        for number in range(choose_size(12, 100)):
            with self.subTest(number=number):
                self.clock.move_to("2026-11-02 10:00:00")
                self.service.always = {"checkLogin": 1}
                self._walk(make_dice(f"life {number}"))

    def _walk(self, chance):
        """Let a protection live through random events."""
        protection = self._make_queued()
        order, log = protection.order_id, []
        events = {
            "number": lambda: self.service.script(APPLY, 4700 + chance.randrange(99)),
            "apply": lambda: self.service.script(
                APPLY, chance.choice((SILENT, AWAY, -10003, -10014, -10005, -11111))
            ),
            "poll": lambda: self.service.script(
                POLL, chance.choice((0, 99, -10001, -10003, -10013, -9999, SILENT))
            ),
            "cancel": lambda: order.state == "sale" and order._action_cancel(),
            "invoice": lambda: order.invoice_ids or self._invoice(order),
            "tick off": lambda: protection.activity_ids.action_feedback(),
            "wait": lambda: self._wait(days=chance.choice((1, 3, 8))),
            **{
                button: getattr(protection, f"action_{button}")
                for button in ("apply_now", "not_found", "refund_fee")
            },
            "enter": lambda: protection._set_number(str(chance.randrange(1, 10**9))),
        }
        for _step in range(8):
            log.append(chance.choice(list(events)))
            # What is not possible now is refused.
            with suppress(UserError), self.env.cr.savepoint():
                events[log[-1]]()
            self._run_queue(hours=1)
            with self.subTest(log=log, state=protection.state):
                self._assert_consistent(protection)
                if protection.state in ("confirmed", "rejected", "failed", "cancelled"):
                    for promise in ("We keep", "is sent when"):
                        self.assertNotIn(promise, protection.explanation)
