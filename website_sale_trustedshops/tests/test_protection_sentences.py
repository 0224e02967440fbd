# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import UserError

from ..models.messages import MESSAGES
from .common import TrustedShopsCommon
from .staff_common import RefundCommon

LOOKED_INTO = "Your Buyer Protection has been ordered; the shop is looking into it."
FREE = "The fee of 0.98 € is not charged."
REFUSED = f"Your Buyer Protection could not be concluded. {FREE}"
CLARIFIED = (
    "Your Buyer Protection is being clarified until {}; you do not pay for it if it"
    " cannot be concluded."
)
ORDERED = "Your Buyer Protection has been ordered; the confirmation follows by e-mail."
CONFIRMED = (
    "Your Buyer Protection is confirmed: up to 500.00 € until December 2, 2026, number"
    " 99."
)
# What a protection is, and what its buyer reads, and staff whom the buyer asks.
SITUATIONS = (
    ({"state": "selected"}, ""),
    ({"state": "queued"}, ORDERED),
    ({"state": "sending"}, ORDERED),
    ({"state": "on_hold"}, LOOKED_INTO),
    ({"state": "on_hold", "last_code": -10003}, LOOKED_INTO),
    (
        {"state": "requested", "application_number": "4711"},
        "Your Buyer Protection has been applied for; the confirmation follows by"
        " e-mail.",
    ),
    ({"state": "requested"}, LOOKED_INTO),
    ({"state": "confirmed"}, CONFIRMED),
    ({"state": "confirmed", "fee_state": "refunded"}, f"{CONFIRMED} {FREE}"),
    ({"state": "rejected"}, CLARIFIED.format("November 2, 2026")),
    (
        {"state": "rejected", "last_code": -10014},
        CLARIFIED.format("November 5, 2026"),
    ),
    ({"state": "rejected", "may_have_arrived": True}, LOOKED_INTO),
    ({"state": "rejected", "fee_state": "waived"}, REFUSED),
    ({"state": "failed"}, REFUSED),
    ({"state": "failed", "may_have_arrived": True}, LOOKED_INTO),
    (
        {"state": "failed", "may_have_arrived": True, "fee_state": "refunded"},
        f"Your Buyer Protection could not be concluded. {FREE}",
    ),
    ({"state": "cancelled"}, "Your Buyer Protection was cancelled."),
    (
        {"state": "cancelled", "fee_state": "waived"},
        f"Your Buyer Protection was cancelled. {FREE}",
    ),
)


class TestProtectionSentences(TrustedShopsCommon):
    """What people read about a protection."""

    is_frozen = True

    def test_each_situation_has_words_for_the_buyer(self):
        protection = self._make_queued()
        protection.write({"guarantee_number": "99", "protected_until": "2026-12-02"})
        usual = {
            "application_number": False,
            "fee_state": "due",
            "last_code": 0,
            "may_have_arrived": False,
        }
        for values, status in SITUATIONS:
            with self.subTest(**values):
                protection.write({**usual, **values})
                self.assertEqual(protection.shopper_status.replace("\xa0", " "), status)

    def test_each_code_of_trusted_shops_has_its_own_meaning(self):
        protection = self._make_queued()
        for reason, code, told in (
            (
                "answered",
                -10014,
                "Trusted Shops refused the application: EMAIL_MALFORMED, -10014.",
            ),
            (
                "answered",
                -10005,
                "Trusted Shops does not accept the payment type Other for this shop:"
                " INACTIVE_PAYMENT_TYPE, -10005.",
            ),
            (
                "answered",
                -10008,
                "Trusted Shops refused the application: UNSUPPORTED_CURRENCY, -10008.",
            ),
            (
                "answered",
                -10001,
                "Trusted Shops refused the application: NO_VALID_SHOP, -10001.",
            ),
            ("answered", -10017, "is used up: LIMIT_OVERFLOW, -10017. Ask"),
            ("answered", -9999, "refused the application: UNKNOWN, -9999."),
            (
                "application_refused",
                -10008,
                "Trusted Shops refused application 4711: UNSUPPORTED_CURRENCY, -10008.",
            ),
            (
                "unclear",
                -10017,
                "Asked about application 4711, Trusted Shops answered LIMIT_OVERFLOW,"
                " -10017.",
            ),
            (
                "too_late",
                -10017,
                "No application went through within three days. The credit limit of",
            ),
        ):
            with self.subTest(reason=reason, code=code):
                protection.last_code = code
                values = protection._prepare_reason(reason, number="4711")
                words = protection._format_reason(values)
                self.assertIn(told, words)
                self.assertEqual(words.count(f"{code}"), 1)

    def test_every_message_gets_its_values(self):
        protection = self._make_queued()
        names = (
            *("before", "credit_notes", "date", "email", "invoices", "paid", "reason"),
            *("late_number", "left", "orders", "payment", "returned", "total"),
            *("until", "what"),
        )
        values = dict.fromkeys(names, "7")
        codes = list(MESSAGES)
        for code in codes[codes.index("unpaid") :]:
            for part in ("staff", "step", "buyer", "title"):
                with self.subTest(code=code, part=part):
                    text = protection._format_message(code, part, **values)
                    self.assertNotIn("%(", text)

    def test_a_buyer_is_told_nothing_that_staff_have_to_do(self):
        for code, message in MESSAGES.items():
            with self.subTest(code=code):
                for words in (
                    "press ",
                    "Press ",
                    "Trusted Shops by hand",
                    "server log",
                ):
                    self.assertNotIn(words, str(message.buyer))

    def test_what_happened_is_worded_for_who_reads_it(self):
        self.env["res.lang"]._activate_lang("de_DE")
        protection = self._make_queued()
        sums = {"paid": 50.0, "total": 100.98, "currency": protection.currency_id.id}
        reason = protection._prepare_reason("partly_paid", **sums)
        protection.write({"state": "on_hold", **reason})
        for lang, words in (
            (
                "en_US",
                "50.00 € of 100.98 € was paid, so the fee may not be part of it.",
            ),
            ("de_DE", "50,00 € von 100,98 € wurden bezahlt"),
        ):
            read = protection.with_context(lang=lang).explanation
            self.assertIn(words, read.replace("\xa0", " "))

    def test_a_value_that_looks_like_a_placeholder_is_no_trouble(self):
        protection = self._make_queued()
        reason = protection._prepare_reason("incomplete", what="100 % %(fee)s")
        self.assertEqual(
            protection._format_reason(reason),
            "The application is incomplete: 100 % %(fee)s",
        )


class TestFeeSentences(RefundCommon):
    """What the buyer is told of a fee says what really became of its money."""

    is_frozen = True
    makes_payments = True

    def setUp(self):
        super().setUp()
        self.env.company.partner_id.tz = "Europe/Berlin"

    def _make_paid(self, **values):
        """Return a refused protection whose buyer paid by card, and the payment."""
        order, protection = self._make_ticked()
        order.user_id = self.users["seller"]
        payment = self._pay(order, provider=self._get_demo())
        protection.write({"state": "rejected", **values})
        return protection, payment

    def assertFee(self, protection, sentence, user="seller"):
        """Check what is said of the fee, after what is said of the protection."""
        protection.invalidate_recordset()
        status = self._as(user, protection).shopper_status.replace("\xa0", " ")
        _protection, _dot, fee = status.partition(". ")
        self.assertEqual(fee, sentence)

    def test_it_follows_the_money_to_the_provider_and_back(self):
        protection, payment = self._make_paid(last_code=-10014)
        self.assertFee(protection, "")
        self.clock.move_to("2026-11-05 23:30:00")
        self.assertFee(protection, "The fee of 0.98 € will be paid back.")
        self._refund(protection)
        self.assertFee(protection, "The fee of 0.98 € will be paid back.")
        refund = self._refund_online(protection)
        told = "The fee of 0.98 € was paid back on November 6, 2026."
        self.assertFee(protection, told)
        for state in ("pending", "error"):
            refund.state = state
            protection.refund_ids._sync_state()
            self.assertFee(protection, "The fee of 0.98 € will be paid back.")

    def test_by_hand_it_is_paid_back_when_a_user_says_so(self):
        protection, _credit_note = self._give_back_by_hand()
        self.assertFee(protection, "The fee of 0.98 € will be paid back.")
        self.clock.move_to("2026-11-09 10:00:00")
        self._as("billing", protection.refund_ids).action_mark_paid_back()
        self.clock.move_to("2026-11-20 10:00:00")
        told = "The fee of 0.98 € was paid back on November 9, 2026."
        self.assertFee(protection, told)
        self.assertFee(protection, told, "billing")
        with self.assertRaises(UserError):
            self._as("billing", protection.refund_ids).action_mark_paid_back()

    def _give_back_by_hand(self):
        """Return a protection whose fee waits for a person, and the credit note."""
        protection = self._make_rejected()
        self._pay_invoice(self._invoice(protection.order_id))
        self._refund(protection)
        self.assertEqual(protection.refund_ids.state, "open")
        return protection, protection.refund_ids.credit_note_ids

    def test_a_credit_note_that_was_paid_out_has_the_day_of_the_transfer(self):
        protection, credit_note = self._give_back_by_hand()
        self.clock.move_to("2026-11-09 10:00:00")
        self._pay_invoice(credit_note, payment_date="2026-11-03")
        self.assertEqual(protection.refund_ids.state, "done")
        told = "The fee of 0.98 € was paid back on November 3, 2026."
        self.assertFee(protection, told)

    def test_a_credit_note_that_was_set_off_was_not_paid_back(self):
        protection, credit_note = self._give_back_by_hand()
        other = credit_note.copy({"move_type": "out_invoice"})
        other.invoice_line_ids.unlink()
        other.invoice_line_ids = [(0, 0, {"name": "Lamp", "price_unit": 0.98})]
        other.invoice_line_ids.tax_ids = False
        other.invoice_date = credit_note.invoice_date
        other.action_post()
        lines = (credit_note + other).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.assertEqual(protection.refund_ids.state, "done")
        self.assertFee(protection, "The fee of 0.98 € is not charged.")
