# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Client of the Trusted Shops SOAP services.

It takes plain values, returns frozen dataclasses, and classifies every failure once:

* :class:`~.exceptions.RetryableError`: no answer, no understandable answer, a fault,
  or a code for a problem that passes by itself;
* :class:`~.exceptions.RefusedError`: the service refused this request;
* :class:`~.exceptions.MisconfiguredError`: the certificate or its login is at fault;
* other errors (ValueError, TypeError) are bugs of the caller, raised before the call.
"""

import re
from decimal import Decimal
from operator import attrgetter

import zeep

from . import soap
from .codes import REFUSALS_WHEN_ASKING
from .exceptions import make_code_error, make_unreadable_error
from .http import Client, log_call
from .values import (
    LARGEST_NUMBER,
    LOWEST_CODE,
    CertificateStatus,
    ProtectionItem,
    to_base_url,
    to_text,
)

# The only answer of checkLogin that means "login valid".
_LOGIN_VALID = 1
# Parts whose values must never appear in a message: login and personal data.
_SECRET_PARTS = ("wsUser", "wsPassword", "buyerEmail", "shopCustomerID")

# Limits within which a fee table makes sense. Source: the published items (the
# largest is TS080501_20000_30_EUR), in the currencies of the service.
_ITEM_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_MAX_DAYS = 3650
_MAX_AMOUNT = 1_000_000_000

# Base addresses of the real services by environment, in the order of ``soap.SERVICES``.
# Source: soap:address of the services' own WSDL files, without the explicit port.
HOSTS = {
    "production": (
        "https://www.trustedshops.com",
        "https://protection.trustedshops.com",
    ),
    "qa": ("https://qa.trustedshops.com", "https://protection-qa.trustedshops.com"),
}


class TrustedShopsClient(Client):
    """Calls the services of Trusted Shops, and holds no login.

    :param hosts: base addresses of the services, see ``HOSTS``; a sandbox offers all
    :type hosts: tuple of str
    :param timeouts: those of :class:`.http.Session`, in seconds
    :raise ValueError: when a base address is not http or https
    """

    def __init__(self, hosts, **timeouts):
        super().__init__(**timeouts)
        self._transport = soap.Transport(self._session)
        self._services = {
            name: soap.create_service(name, to_base_url(host), self._transport)
            for name, host in zip(soap.SERVICES, hosts, strict=True)
        }

    # === OPERATIONS === #

    @log_call("checkCertificate")
    def check_certificate(self, ts_id):
        """Ask for the state of a certificate; needs no login.

        An unknown id is also an answer: its state is ``INVALID_TS_ID``.

        :param str ts_id: Trusted Shops ID
        :rtype: CertificateStatus
        :raise RetryableError: when there is no understandable answer, or one about
            another certificate

        Source: TsProtection, checkCertificate
        """
        ts_id = to_text("ts_id", ts_id)
        answer = self._call("protection", "checkCertificate", tsId=ts_id)
        return _to_certificate_status(ts_id, answer)

    @log_call("checkLogin")
    def check_login(self, ts_id, user, password):
        """Check the web-service login of a certificate, and raise if it is not valid.

        :param str ts_id: Trusted Shops ID
        :param str user: web-service login
        :param str password: its password
        :raise MisconfiguredError: when login or contract is at fault
        :raise RefusedError: when the service answers with another code
        :raise RetryableError: when there is no understandable answer, or on a system
            error of the service

        Source: TsProtection, checkLogin: 1 is valid, negatives are codes
        """
        result = self._call_for_number(
            "protection",
            "checkLogin",
            tsId=to_text("ts_id", ts_id),
            wsUser=to_text("user", user),
            wsPassword=to_text("password", password),
        )
        if result < 0:
            raise make_code_error("checkLogin", result)
        if result != _LOGIN_VALID:
            raise make_unreadable_error("checkLogin")

    @log_call("getProtectionItems")
    def get_protection_items(self, ts_id):
        """Ask for the fee table of a certificate; needs no login.

        Refuse the whole answer if one item makes no sense: selling from a table that we
        only half understand would cost the merchant or the buyer money.

        :param str ts_id: Trusted Shops ID
        :return: items, sorted by currency and protected amount; empty for a Classic
            certificate
        :rtype: tuple of ProtectionItem
        :raise RetryableError: when there is no understandable answer

        Source: TsProtection, getProtectionItems
        """
        answer = self._call(
            "protection", "getProtectionItems", tsId=to_text("ts_id", ts_id)
        )
        return _to_protection_items(answer)

    @log_call("requestForProtectionV2")
    def request_protection(self, request):
        """Apply for the protection of one order.

        :param ProtectionRequest request: the application
        :return: application number, above 0; not the guarantee number yet
        :rtype: int
        :raise RetryableError: when there is no understandable answer (``maybe_sent``
            tells whether the application may have arrived), on a system error, or when
            the credit limit is exceeded (code -10017, ``maybe_sent`` False)
        :raise RefusedError: when the service refuses this order; code -10003 when it
            knows the order number
        :raise MisconfiguredError: when login or contract of the certificate is at fault
        :raise ValueError: when a value is missing or cannot be sent; nothing was sent

        Source: ApplicationRequestService, requestForProtectionV2
        """
        result = self._call_for_number(
            "application", "requestForProtectionV2", **request.to_parts()
        )
        if result < 0:
            raise make_code_error("requestForProtectionV2", result)
        if result == 0:  # neither a number nor a code; never seen
            raise make_unreadable_error("requestForProtectionV2")
        return result

    @log_call("getRequestState")
    def get_request_state(self, ts_id, application_number):
        """Ask for the decision about an application; needs no login.

        :param str ts_id: Trusted Shops ID of the application
        :param int application_number: number that the application got
        :return: 0 while there is no decision, else the guarantee number, above 0
        :rtype: int
        :raise RefusedError: when the application was rejected, by a published code
        :raise TrustedShopsError: when there is no understandable answer, or a code that
            decides nothing, such as an unpublished one, or one about the login

        Source: ApplicationRequestService, getRequestState
        """
        result = self._call_for_number(
            "application",
            "getRequestState",
            tsId=to_text("ts_id", ts_id),
            applicationId=application_number,
        )
        if result < 0:
            raise make_code_error("getRequestState", result, REFUSALS_WHEN_ASKING)
        return result

    # === CALLS === #

    def _call_for_number(self, service, operation, **parts):
        """Call an operation and return its answer, a number or negative code.

        :raise RetryableError: also when the answer is not a whole number in range
        """
        answer = self._call(service, operation, **parts)
        if type(answer) is not int or not LOWEST_CODE <= answer <= LARGEST_NUMBER:
            raise make_unreadable_error(operation)
        return answer

    def _call(self, service, operation, **parts):
        """Call an operation once and return its answer as zeep reads it, unchecked.

        Raise the error outside of the ``except`` blocks: the error of zeep contains the
        whole answer, and must not become the context that a traceback shows.

        :raise RetryableError: when there is no answer, a fault, or one that does not
            follow the WSDL
        """
        transport = self._transport
        transport.status = None
        try:
            return getattr(self._services[service], operation)(**parts)
        except zeep.exceptions.Fault as exc:
            secrets = [parts[name] for name in _SECRET_PARTS if name in parts]
            error = soap.make_fault_error(exc, secrets)
        except soap.UNREADABLE_ERRORS:
            if transport.status is None:  # a bug of ours: nothing was sent
                raise
            detail = f" (HTTP status {transport.status})"
            error = make_unreadable_error(operation, detail)
        raise error


# === ANSWERS === #


def _to_certificate_status(ts_id, answer):
    """Convert an answer of checkCertificate; raise RetryableError if it is unreadable.

    :rtype: CertificateStatus
    """
    echo = _get_text(answer, "tsID")
    state = _get_text(answer, "stateEnum").upper()
    if not state or echo.upper() not in ("", ts_id.upper()):
        raise make_unreadable_error("checkCertificate")
    return CertificateStatus(
        ts_id=ts_id,
        state=state,
        type=_get_text(answer, "typeEnum").upper(),
        language=_get_text(answer, "certificationLanguage").lower(),
        url=_get_text(answer, "url"),
    )


def _get_text(answer, name):
    """Return a part of an answer, stripped; '' if it is missing or not a text."""
    value = getattr(answer, name, None)
    return value.strip() if isinstance(value, str) else ""


def _to_protection_items(answer):
    """Convert an answer of getProtectionItems; raise RetryableError if unreadable.

    :param answer: list of zeep's objects, None if there are no items
    :rtype: tuple of ProtectionItem
    """
    items = {_to_protection_item(item) for item in answer or ()}
    if len({item.ts_product_id for item in items}) != len(items):
        raise make_unreadable_error("getProtectionItems")
    order = attrgetter("currency", "protected_amount", "gross_fee", "ts_product_id")
    return tuple(sorted(items, key=order))


def _to_protection_item(answer):
    """Convert one item of an answer; raise RetryableError if a value makes no sense.

    :rtype: ProtectionItem
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
        _ITEM_CODE.fullmatch(item.ts_product_id)
        and _CURRENCY.fullmatch(item.currency)
        and type(item.duration_days) is int
        and 0 < item.duration_days <= _MAX_DAYS
        and all(isinstance(each, Decimal) and each.is_finite() for each in amounts)
        and 0 < item.protected_amount <= _MAX_AMOUNT
        and 0 <= item.net_fee <= item.gross_fee < item.protected_amount
    ):
        raise make_unreadable_error("getProtectionItems")
    return item
