# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import UserError

from ..models.failure import TROUBLES
from ..models.protection.sentences import (
    ANSWERS,
    DECISIONS,
    REASONS,
    UNCLEAR,
    WITH_CODE,
    Reason,
)
from ..models.protection.words import explain_code, explain_reason
from .common import TrustedShopsCommon
from .staff_common import RefundCommon

LOOKED_INTO = "Your Buyer Protection is ordered; the shop is looking into it."
FREE = "The fee of 0.98 € is not charged."
REFUSED = f"Your Buyer Protection could not be concluded. {FREE}"
CLARIFIED = (
    "Your Buyer Protection is being clarified until {}. Otherwise the fee of 0.98 € is"
    " not charged."
)
ORDERED = "Your Buyer Protection is ordered; the confirmation follows by e-mail."
CONFIRMED = (
    "Your Buyer Protection is confirmed: up to 500.00 € until December 2, 2026, number"
    " 99."
)
CREDITED = "The fee of 0.98 € was credited."
# What a protection is, and what its buyer reads, and staff whom the buyer asks.
SITUATIONS = (
    ({"state": "selected"}, ""),
    ({"state": "queued"}, ORDERED),
    ({"state": "sending"}, ORDERED),
    ({"state": "on_hold"}, LOOKED_INTO),
    ({"state": "on_hold", "last_code": -10003}, LOOKED_INTO),
    (
        {"state": "requested", "application_number": "4711"},
        "Your Buyer Protection is applied for; the confirmation follows by e-mail.",
    ),
    ({"state": "requested"}, LOOKED_INTO),
    ({"state": "confirmed"}, CONFIRMED),
    ({"state": "confirmed", "fee_state": "refunded"}, f"{CONFIRMED} {CREDITED}"),
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
        f"Your Buyer Protection could not be concluded. {CREDITED}",
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

    def test_sentence_of_every_code_gets_its_values(self):
        protection = self._make_queued()
        for sentences in (ANSWERS, DECISIONS, UNCLEAR):
            for code, sentence in sentences.items():
                with self.subTest(code=code):
                    self.assertIn(
                        f"(code {code})", explain_code(protection, code, sentence)
                    )

    def _get_values(self):
        """Return all that the sentence of a reason may name."""
        return {
            "code": -10014,
            "currency": self.env.ref("base.EUR").id,
            "date": "2026-11-02",
            "number": "4711",
            "paid": 50.0,
            "total": 100.98,
            "trouble": "unreached",
            "what": "amount",
        }

    def test_every_reason_has_words_and_gets_its_values(self):
        protection, values = self._make_queued(), self._get_values()
        for code in ("answered", *REASONS, *TROUBLES):
            with self.subTest(code=code):
                told = explain_reason(protection, Reason(code, values))
                self.assertNotEqual(told, code)
                self.assertNotIn("%(", told)

    def test_what_happened_is_worded_for_who_reads_it(self):
        self.env["res.lang"]._activate_lang("de_DE")
        protection, values = self._make_queued(), self._get_values()
        for code, english, german in (
            (
                "partly_paid",
                "50.00 € of 100.98 € was paid, so the fee may not be part of it.",
                "50,00 € von 100,98 € wurden bezahlt",
            ),
            (
                "no_answer",
                "Trusted Shops did not answer (no connection).",
                "Trusted Shops hat nicht geantwortet (keine Verbindung).",
            ),
        ):
            protection.write({"state": "on_hold", **Reason(code, values).prepare()})
            for lang, words in (("en_US", english), ("de_DE", german)):
                with self.subTest(code=code, lang=lang):
                    read = protection.with_context(lang=lang).explanation
                    self.assertIn(words, read.replace("\xa0", " "))

    def test_a_value_that_looks_like_a_placeholder_is_no_trouble(self):
        protection = self._make_queued()
        self.assertEqual(
            protection._explain(WITH_CODE, words="100 % %(fee)s", code=1),
            "100 % %(fee)s (code 1)",
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
        self.assertFee(protection, "Otherwise the fee of 0.98 € will be paid back.")
        self.clock.move_to("2026-11-05 23:30:00")
        self.assertFee(protection, "The fee of 0.98 € will be paid back.")
        self._refund(protection)
        self.assertFee(protection, "The fee of 0.98 € is being paid back.")
        refund = self._refund_online(protection)
        told = "The fee of 0.98 € was paid back on November 6, 2026."
        self.assertFee(protection, told)
        for state in ("pending", "error"):
            refund.state = state
            protection.refund_ids._sync_state()
            self.assertFee(protection, "The fee of 0.98 € is being paid back.")

    def test_by_hand_it_is_paid_back_when_a_user_says_so(self):
        protection, _credit_note = self._give_back_by_hand()
        self.assertFee(protection, "The fee of 0.98 € is being paid back.")
        self.clock.move_to("2026-11-09 10:00:00")
        self._as("billing", protection.refund_ids).action_settle()
        self.clock.move_to("2026-11-20 10:00:00")
        told = "The fee of 0.98 € was paid back on November 9, 2026."
        self.assertFee(protection, told)
        self.assertFee(protection, told, "billing")
        with self.assertRaises(UserError):
            self._as("billing", protection.refund_ids).action_settle()

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

    def test_an_unpaid_fee_is_not_charged(self):
        unpaid = self._make_rejected()
        self._refund(unpaid)
        self.assertFee(unpaid, "The fee of 0.98 € is not charged.")
        self._run_queue()
        self.assertFee(unpaid, "The fee of 0.98 € is not charged.")
        invoiced, _invoice = self._make_invoiced()
        self._refund(invoiced)
        self.assertFee(invoiced, "The fee of 0.98 € is not charged.")

    def test_a_confirmed_protection_keeps_its_words(self):
        protection, _payment = self._make_paid()
        protection.write(
            {
                "state": "confirmed",
                "guarantee_number": "99",
                "protected_until": "2026-12-02",
            }
        )
        self.assertFee(protection, "")
        self._refund(protection)
        self._refund_online(protection)
        self.assertIn("is confirmed: up to", protection.shopper_status)
        self.assertFee(
            protection, "The fee of 0.98 € was paid back on November 2, 2026."
        )

    def test_a_reader_gets_day_and_amount_in_the_own_language(self):
        protection, _payment = self._make_paid()
        self._refund(protection)
        self._refund_online(protection)
        self.env["res.lang"]._activate_lang("de_DE")
        told = protection.with_context(lang="de_DE").shopper_status
        self.assertIn("2. November 2026", told)
        self.assertIn("0,98\xa0€", told)
