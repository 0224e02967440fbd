# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Result codes of the application service, each classified once.

It says what the addon must *do* about a code. The models explain a code to staff,
because they can translate.
"""

from dataclasses import dataclass

# The certificate or its login is at fault: hold it until a user corrects it.
KIND_CERTIFICATE = "certificate"
# The service already knows the order number: from our own call if that was not
# answered, else from another shop system.
KIND_DUPLICATE = "duplicate"
# The credit limit of the certificate is used up: it frees up by itself, retry hourly.
KIND_LIMIT = "limit"
# Trouble of the service itself: retry with back-off.
KIND_RETRYABLE = "retryable"
# This order will not be accepted as it is.
KIND_REJECTED = "rejected"
# A code that was never published.
KIND_UNKNOWN = "unknown"

# Kinds of codes that end an application, by operation. When we apply, an unpublished
# code is a refusal: if we took it for temporary, we would repeat a refused application.
# When we ask, only a published refusal ends it: an accepted application is a contract.
REFUSALS_WHEN_APPLYING = (KIND_DUPLICATE, KIND_REJECTED, KIND_UNKNOWN)
REFUSALS_WHEN_ASKING = (KIND_REJECTED,)


@dataclass(frozen=True)
class ApplicationCode:
    """The meaning of a negative result code of the application service.

    :param str symbol: its name in the service's documentation, ``UNKNOWN`` if none
    :param str kind: what to do about it, one of the ``KIND_*`` constants
    :param str hold_reason: value of that field of the certificate at fault, '' for none
    :param bool is_curable: whether a correction of the order cures the refusal
    """

    symbol: str
    kind: str
    hold_reason: str = ""
    is_curable: bool = False


# Every published code. Source: Trusted Shops integration handbook, error handling
# (chapter 1.3), as repeated by the shop modules that were certified against it.
APPLICATION_CODES = {
    -10001: ApplicationCode("NO_VALID_SHOP", KIND_CERTIFICATE, "login"),
    -10002: ApplicationCode("LIMIT_CANCELLED", KIND_CERTIFICATE, "suspended"),
    -10003: ApplicationCode("DUPLICATE_ORDER_NUMBER", KIND_DUPLICATE),
    -10004: ApplicationCode("UNSUPPORTED_TS_PRODUCT", KIND_REJECTED),
    -10005: ApplicationCode("INACTIVE_PAYMENT_TYPE", KIND_REJECTED),
    -10006: ApplicationCode("UNSUPPORTED_PAYMENT_TYPE", KIND_REJECTED),
    -10007: ApplicationCode("CURRENCY_MISMATCH", KIND_REJECTED),
    -10008: ApplicationCode("UNSUPPORTED_CURRENCY", KIND_REJECTED),
    -10009: ApplicationCode("UNSUPPORTED_EXCHANGE_RATE", KIND_REJECTED),
    -10010: ApplicationCode("NOT_PERSISTENT_PAYMENT_TYPE", KIND_REJECTED),
    -10011: ApplicationCode("NO_LIMIT", KIND_CERTIFICATE, "no_limit"),
    -10012: ApplicationCode("PAST_DELIVERY_DATE", KIND_REJECTED),
    -10013: ApplicationCode("TOO_OLD_ORDER", KIND_REJECTED),
    -10014: ApplicationCode("EMAIL_MALFORMED", KIND_REJECTED, is_curable=True),
    -10015: ApplicationCode("ORDER_ID_EMPTY", KIND_REJECTED),
    -10016: ApplicationCode("CUSTOMER_ID_EMPTY", KIND_REJECTED),
    -10017: ApplicationCode("LIMIT_OVERFLOW", KIND_LIMIT),
    -10018: ApplicationCode("EMAIL_EMPTY", KIND_REJECTED, is_curable=True),
    -10019: ApplicationCode("WRONG_TS_PRODUCT", KIND_REJECTED),
    -11001: ApplicationCode("INVALID_SECURITY_TOKEN", KIND_REJECTED),
    -11111: ApplicationCode("SYSTEM_EXCEPTION", KIND_RETRYABLE),
}
# Answers by which the service says that it knows the order number already.
DUPLICATE_CODES = tuple(
    code for code, known in APPLICATION_CODES.items() if known.kind == KIND_DUPLICATE
)
# The amount of the order exceeds the rest of the certificate's credit limit.
LIMIT_CODES = tuple(
    code for code, known in APPLICATION_CODES.items() if known.kind == KIND_LIMIT
)


def get_code(code):
    """Return the meaning of a negative result code.

    :param int code: result of the service, below zero
    :return: row of ``APPLICATION_CODES``; for another code one of ``KIND_UNKNOWN``
    :rtype: ApplicationCode
    """
    return APPLICATION_CODES.get(code) or ApplicationCode("UNKNOWN", KIND_UNKNOWN)
