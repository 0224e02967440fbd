# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import BaseCase

from ..lib.codes import (
    APPLICATION_CODES,
    ApplicationCode,
    classify,
)
from ..lib.exceptions import (
    MisconfiguredError,
    RefusedError,
    RetryableError,
    TrustedShopsError,
)


class TestLibCodes(BaseCase):
    """Every published code is classified, and an unpublished one safely."""

    def test_every_published_code_has_its_symbol_and_kind(self):
        self.assertEqual(
            {
                code: (each.symbol, each.kind)
                for code, each in APPLICATION_CODES.items()
            },
            {
                -10001: ("NO_VALID_SHOP", "certificate"),
                -10002: ("LIMIT_CANCELLED", "certificate"),
                -10003: ("DUPLICATE_ORDER_NUMBER", "duplicate"),
                -10004: ("UNSUPPORTED_TS_PRODUCT", "rejected"),
                -10005: ("INACTIVE_PAYMENT_TYPE", "rejected"),
                -10006: ("UNSUPPORTED_PAYMENT_TYPE", "rejected"),
                -10007: ("CURRENCY_MISMATCH", "rejected"),
                -10008: ("UNSUPPORTED_CURRENCY", "rejected"),
                -10009: ("UNSUPPORTED_EXCHANGE_RATE", "rejected"),
                -10010: ("NOT_PERSISTENT_PAYMENT_TYPE", "rejected"),
                -10011: ("NO_LIMIT", "certificate"),
                -10012: ("PAST_DELIVERY_DATE", "rejected"),
                -10013: ("TOO_OLD_ORDER", "rejected"),
                -10014: ("EMAIL_MALFORMED", "rejected"),
                -10015: ("ORDER_ID_EMPTY", "rejected"),
                -10016: ("CUSTOMER_ID_EMPTY", "rejected"),
                -10017: ("LIMIT_OVERFLOW", "limit"),
                -10018: ("EMAIL_EMPTY", "rejected"),
                -10019: ("WRONG_TS_PRODUCT", "rejected"),
                -11001: ("INVALID_SECURITY_TOKEN", "rejected"),
                -11111: ("SYSTEM_EXCEPTION", "retryable"),
            },
        )

    def test_an_unpublished_code_is_rejected(self):
        self.assertEqual(classify(-10013), ApplicationCode("TOO_OLD_ORDER", "rejected"))
        self.assertEqual(classify(-424242), ApplicationCode("UNKNOWN", "rejected"))


class TestLibExceptions(BaseCase):
    """The exceptions tell what happened and what to do."""

    def test_a_code_gives_the_kind(self):
        for error, words, code, kind in (
            (RefusedError("refused", -10003), "refused", -10003, "duplicate"),
            (RetryableError("limit", -10017), "limit", -10017, "limit"),
            (TrustedShopsError("broken"), "broken", None, ""),
        ):
            self.assertEqual((str(error), error.code, error.kind), (words, code, kind))

    def test_a_retryable_request_may_have_arrived_unless_told_otherwise(self):
        self.assertIs(RetryableError("no answer").maybe_sent, True)
        self.assertIs(RetryableError("refused", maybe_sent=False).maybe_sent, False)

    def test_the_three_kinds_are_one_family(self):
        for kind in (RetryableError, RefusedError, MisconfiguredError):
            self.assertTrue(issubclass(kind, TrustedShopsError))
            self.assertEqual(kind.__mro__[1], TrustedShopsError)
