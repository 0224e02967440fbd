# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from ..models.protection.sentences import ANSWERS, DECISIONS, SENTENCES
from .common import TrustedShopsCommon

LOOKED_INTO = "ordered, the shop is looking into it"
REFUSED = "could not be concluded; its fee is not charged, or is paid back"
UNCLEAR = (
    "We are checking with Trusted Shops what became of your Buyer Protection, and will"
    " get back to you."
)
NONE = "Buyer Protection could not be concluded."
CANCELLED = (
    "Your order was cancelled before Buyer Protection was applied for, so there is"
    " none."
)
SOON = (
    "Your Buyer Protection is about to be applied for. You will get the confirmation by"
    " e-mail."
)
BACK = "You will get its fee of 0.98 € back."
PAID_BACK = "Its fee of 0.98 € was paid back."
# What a protection is, what its buyer reads, and what staff tell a buyer who asks.
SITUATIONS = (
    (
        {"state": "selected"},
        "",
        "You chose Buyer Protection. It begins when the order is placed.",
    ),
    ({"state": "queued"}, "ordered, the confirmation follows by e-mail", SOON),
    ({"state": "sending"}, "ordered, the confirmation follows by e-mail", SOON),
    (
        {"state": "on_hold"},
        LOOKED_INTO,
        "Your payment and your order do not match yet. Your Buyer Protection waits"
        " until we have settled that.",
    ),
    ({"state": "on_hold", "last_code": -10003}, LOOKED_INTO, UNCLEAR),
    (
        {"state": "requested", "application_number": "4711"},
        "applied for, the confirmation follows by e-mail",
        "Your Buyer Protection has been applied for. Trusted Shops usually confirms it"
        " by e-mail within hours.",
    ),
    ({"state": "requested"}, LOOKED_INTO, UNCLEAR),
    (
        {"state": "confirmed"},
        "confirmed – covered up to 500.00 € until 12/02/2026, number 99",
        "You are covered up to 500.00 € until 12/02/2026. Your guarantee number is 99.",
    ),
    ({"state": "rejected"}, REFUSED, f"{NONE} {BACK}"),
    ({"state": "rejected", "fee_state": "refunded"}, REFUSED, f"{NONE} {PAID_BACK}"),
    (
        {"state": "rejected", "fee_state": "waived"},
        REFUSED,
        f"{NONE} Its fee is not charged.",
    ),
    ({"state": "failed"}, REFUSED, f"{NONE} {BACK}"),
    ({"state": "failed", "unanswered": True}, LOOKED_INTO, UNCLEAR),
    (
        {"state": "failed", "unanswered": True, "fee_state": "refunded"},
        REFUSED,
        f"{NONE} {PAID_BACK}",
    ),
    (
        {"state": "cancelled", "fee_state": "waived"},
        "cancelled",
        f"{CANCELLED} Its fee is not charged.",
    ),
    (
        {"state": "cancelled", "fee_state": "invoiced"},
        "cancelled",
        f"{CANCELLED} {BACK}",
    ),
    (
        {"state": "cancelled", "fee_state": "refunded"},
        "cancelled",
        f"{CANCELLED} {PAID_BACK}",
    ),
)


@tagged("post_install", "-at_install")
class TestProtectionSentences(TrustedShopsCommon):
    """What people read about a protection."""

    def test_each_situation_has_words_for_the_buyer_and_for_staff(self):
        protection = self._make_queued()
        protection.write({"guarantee_number": "99", "protected_until": "2026-12-02"})
        usual = {
            "application_number": False,
            "fee_state": "due",
            "last_code": 0,
            "unanswered": False,
        }
        for values, status, advice in SITUATIONS:
            with self.subTest(**values):
                protection.write({**usual, **values})
                found = (protection._get_shopper_status(), protection.staff_advice)
                self.assertEqual(
                    [words.replace("\xa0", " ") for words in found], [status, advice]
                )

    def test_every_sentence_can_be_said(self):
        """Each placeholder is a value that the protection or the caller gives."""
        protection = self._make_queued()
        given = dict.fromkeys(
            (
                "code",
                "count",
                "invoices",
                "largest",
                "late_number",
                "paid",
                "reason",
                "words",
            ),
            "WORD",
        )
        for name in SENTENCES:
            with self.subTest(name=name):
                self.assertNotIn("%(", protection._explain(name, **given))
        for sentences in (ANSWERS, DECISIONS):
            for code, sentence in sentences.items():
                with self.subTest(code=code):
                    self.assertIn(
                        f"(code {code})", protection._explain_code(code, sentence)
                    )

    def test_a_value_that_looks_like_a_placeholder_is_no_trouble(self):
        protection = self._make_queued()
        self.assertEqual(
            protection._explain("no_answer", reason="100 % %(fee)s"),
            "Trusted Shops did not answer (100 % %(fee)s). We try again.",
        )
