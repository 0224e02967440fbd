# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from ..models.protection.sentences import (
    ANSWERS,
    DECISIONS,
    SENTENCES,
    UNCLEAR,
)
from ..models.protection.words import explain_code
from .common import TrustedShopsCommon

LOOKED_INTO = "ordered, the shop is looking into it"
REFUSED = "could not be concluded; its fee is not charged, or is paid back"
CLARIFIED = (
    "being clarified until {}; otherwise the fee is not charged, or is paid back"
)
ORDERED = "ordered, the confirmation follows by e-mail"
# What a protection is, and what its buyer reads, and staff whom the buyer asks.
SITUATIONS = (
    ({"state": "selected"}, ""),
    ({"state": "queued"}, ORDERED),
    ({"state": "sending"}, ORDERED),
    ({"state": "on_hold"}, LOOKED_INTO),
    ({"state": "on_hold", "last_code": -10003}, LOOKED_INTO),
    (
        {"state": "requested", "application_number": "4711"},
        "applied for, the confirmation follows by e-mail",
    ),
    ({"state": "requested"}, LOOKED_INTO),
    (
        {"state": "confirmed"},
        "confirmed – covered up to 500.00 € until 12/02/2026, number 99",
    ),
    ({"state": "rejected"}, CLARIFIED.format("11/02/2026")),
    ({"state": "rejected", "last_code": -10014}, CLARIFIED.format("11/05/2026")),
    ({"state": "rejected", "may_have_arrived": True}, LOOKED_INTO),
    ({"state": "rejected", "fee_state": "waived"}, REFUSED),
    ({"state": "failed"}, REFUSED),
    ({"state": "failed", "may_have_arrived": True}, LOOKED_INTO),
    ({"state": "failed", "may_have_arrived": True, "fee_state": "refunded"}, REFUSED),
    ({"state": "cancelled"}, "cancelled"),
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
                "until",
                "words",
            ),
            "WORD",
        )
        for name in SENTENCES:
            with self.subTest(name=name):
                self.assertNotIn("%(", protection._explain(name, **given))
        for sentences in (ANSWERS, DECISIONS, UNCLEAR):
            for code, sentence in sentences.items():
                with self.subTest(code=code):
                    self.assertIn(
                        f"(code {code})", explain_code(protection, code, sentence)
                    )

    def test_a_value_that_looks_like_a_placeholder_is_no_trouble(self):
        protection = self._make_queued()
        self.assertEqual(
            protection._explain("no_answer", reason="100 % %(fee)s"),
            "Trusted Shops did not answer (100 % %(fee)s).",
        )
