# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Result codes of the application service, each classified once.

The words that explain a code to staff belong to the models, which can translate
them. Here is only what the addon must *do* about a code.
"""

from dataclasses import dataclass

# The certificate or its login is at fault: hold it until somebody corrected it.
KIND_CERTIFICATE = "certificate"
# The order number is known already: ours after an unanswered call, else a stranger's.
KIND_DUPLICATE = "duplicate"
# The credit limit of the certificate is used up: it frees up by itself, retry hourly.
KIND_LIMIT = "limit"
# Trouble of the service itself: retry with back-off.
KIND_RETRYABLE = "retryable"
# This order will not be accepted as it is.
KIND_REJECTED = "rejected"

# Symbol of a negative code that the documentation of the service does not list.
SYMBOL_UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class ApplicationCode:
    """One negative result code of the application service.

    :param int code: the number that the service returns, below zero
    :param str symbol: its name in the service's documentation, ``UNKNOWN`` if none
    :param str kind: what to do about it, one of the ``KIND_*`` constants
    """

    code: int
    symbol: str
    kind: str


# Every published code. Source: Trusted Shops integration handbook, error handling
# (chapter 1.3), as repeated by the shop modules that were certified against it.
APPLICATION_CODES = {
    code: ApplicationCode(code, symbol, kind)
    for code, symbol, kind in (
        (-10001, "NO_VALID_SHOP", KIND_CERTIFICATE),
        (-10002, "LIMIT_CANCELLED", KIND_CERTIFICATE),
        (-10003, "DUPLICATE_ORDER_NUMBER", KIND_DUPLICATE),
        (-10004, "UNSUPPORTED_TS_PRODUCT", KIND_REJECTED),
        (-10005, "INACTIVE_PAYMENT_TYPE", KIND_REJECTED),
        (-10006, "UNSUPPORTED_PAYMENT_TYPE", KIND_REJECTED),
        (-10007, "CURRENCY_MISMATCH", KIND_REJECTED),
        (-10008, "UNSUPPORTED_CURRENCY", KIND_REJECTED),
        (-10009, "UNSUPPORTED_EXCHANGE_RATE", KIND_REJECTED),
        (-10010, "NOT_PERSISTENT_PAYMENT_TYPE", KIND_REJECTED),
        (-10011, "NO_LIMIT", KIND_CERTIFICATE),
        (-10012, "PAST_DELIVERY_DATE", KIND_REJECTED),
        (-10013, "TOO_OLD_ORDER", KIND_REJECTED),
        (-10014, "EMAIL_MALFORMED", KIND_REJECTED),
        (-10015, "ORDER_ID_EMPTY", KIND_REJECTED),
        (-10016, "CUSTOMER_ID_EMPTY", KIND_REJECTED),
        (-10017, "LIMIT_OVERFLOW", KIND_LIMIT),
        (-10018, "EMAIL_EMPTY", KIND_REJECTED),
        (-10019, "WRONG_TS_PRODUCT", KIND_REJECTED),
        (-11001, "INVALID_SECURITY_TOKEN", KIND_REJECTED),
        (-11111, "SYSTEM_EXCEPTION", KIND_RETRYABLE),
    )
}


def classify(code):
    """Return the classification of a negative result code.

    A code that is not published counts as rejected: guessing that it passes by
    itself would repeat an application that the service refused.

    :param int code: result of the service, below zero
    :return: the classification
    :rtype: ApplicationCode
    :raise ValueError: when the code is not negative, so no error code at all
    """
    if code >= 0:
        raise ValueError(f"{code} is not an error code")
    unknown = ApplicationCode(code, SYMBOL_UNKNOWN, KIND_REJECTED)
    return APPLICATION_CODES.get(code, unknown)
