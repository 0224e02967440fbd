# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the numbers and objects in an answer mean, and which of them make no sense."""

from decimal import Decimal

from .codes import KIND_CERTIFICATE, KIND_LIMIT, KIND_RETRYABLE, classify
from .exceptions import MisconfiguredError, RefusedError, RetryableError
from .values import CertificateStatus, ProtectionItem

# What an item of a fee table may be at most, far above every real one: a code of so
# many characters, so many units of a currency, so many days. More is a mistake, and
# nothing that a database or a shopper could make sense of.
_MAX_CODE = 64
_MAX_AMOUNT = Decimal(10) ** 9
_MAX_DAYS = 9999


def not_understood(operation, detail=""):
    """Return the error for an answer that makes no sense.

    :param str operation: name of the operation
    :param str detail: what else is known, with a leading blank
    :rtype: RetryableError
    """
    return RetryableError(
        f"The answer of Trusted Shops to {operation} makes no sense{detail}"
    )


def to_code_error(operation, code):
    """Return the error for a negative result.

    :param str operation: name of the operation
    :param int code: result, below 0
    :rtype: TrustedShopsError
    """
    known = classify(code)
    message = f"Trusted Shops answered {operation} with {code} ({known.symbol})"
    if known.kind == KIND_CERTIFICATE:
        return MisconfiguredError(message, code)
    if known.kind == KIND_LIMIT:
        return RetryableError(message, code, maybe_sent=False)
    if known.kind == KIND_RETRYABLE:
        return RetryableError(message, code)
    return RefusedError(message, code)


def to_certificate_status(ts_id, answer):
    """Return a certificate's status from an answer.

    :param str ts_id: the id that was asked for
    :param answer: CertificateStatus of the service, or whatever came instead
    :rtype: CertificateStatus
    :raise RetryableError: when it has no state, or is about another certificate
    """
    echo = _get_text(answer, "tsID")
    state = _get_text(answer, "stateEnum").upper()
    if not state or echo.upper() not in ("", ts_id.upper()):
        raise not_understood("checkCertificate")
    return CertificateStatus(
        ts_id=ts_id,
        state=state,
        type=_get_text(answer, "typeEnum").upper(),
        language=_get_text(answer, "certificationLanguage").lower(),
        url=_get_text(answer, "url"),
    )


def _get_text(answer, name):
    """Return a text of an answer without blanks around it.

    :param answer: object of the service, or whatever came instead
    :param str name: field
    :return: the text, '' when there is none
    :rtype: str
    """
    value = getattr(answer, name, None)
    return value.strip() if isinstance(value, str) else ""


def to_protection_items(answer):
    """Return protection items from an answer.

    :param answer: list of protectionItem, a single one, or None when there are none
    :rtype: tuple of ProtectionItem
    :raise RetryableError: when an item is incomplete, makes no sense, or is given
        twice with different values
    """
    if answer is None:
        answer = []
    elif not isinstance(answer, list):
        answer = [answer]
    items = {_to_protection_item(item) for item in answer}
    if len({item.ts_product_id for item in items}) != len(items):
        raise not_understood("getProtectionItems")
    return tuple(
        sorted(
            items,
            key=lambda item: (
                item.currency,
                item.protected_amount,
                item.gross_fee,
                item.ts_product_id,
            ),
        )
    )


def _to_protection_item(answer):
    """Return one protection item from an answer.

    :param answer: protectionItem of the service, or whatever came instead
    :rtype: ProtectionItem
    :raise RetryableError: when it is incomplete or makes no sense
    """
    item = ProtectionItem(
        ts_product_id=_get_text(answer, "tsProductID"),
        currency=_get_text(answer, "currency").upper(),
        protected_amount=getattr(answer, "protectedAmountDecimal", None),
        duration_days=getattr(answer, "protectionDurationInt", None),
        net_fee=getattr(answer, "netFee", None),
        gross_fee=getattr(answer, "grossFee", None),
    )
    amounts = (item.protected_amount, item.net_fee, item.gross_fee)
    if not (
        0 < len(item.ts_product_id) <= _MAX_CODE
        and len(item.currency) == 3
        and type(item.duration_days) is int
        and 0 < item.duration_days <= _MAX_DAYS
        and all(isinstance(each, Decimal) and each.is_finite() for each in amounts)
        and 0 < item.protected_amount <= _MAX_AMOUNT
        and 0 <= item.net_fee <= item.gross_fee <= _MAX_AMOUNT
    ):
        raise not_understood("getProtectionItems")
    return item
