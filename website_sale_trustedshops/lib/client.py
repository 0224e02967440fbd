# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Client of the Trusted Shops SOAP services.

Plain values in, frozen dataclasses out. Every way to fail is classified here, once:

* :class:`~.exceptions.RetryableError`: no answer, no understandable answer, a fault,
  or a code that passes by itself;
* :class:`~.exceptions.RefusedError`: the service said no to this request;
* :class:`~.exceptions.MisconfiguredError`: the certificate or its login is at fault;
* anything else (ValueError, TypeError) is a bug of the caller and rises before
  anything is sent.
"""

import functools
import logging
import time

import zeep

from . import soap
from .answers import (
    not_understood,
    to_certificate_status,
    to_code_error,
    to_protection_items,
)
from .codes import KIND_RETRYABLE
from .connection import Call, running
from .exceptions import RefusedError, TrustedShopsError
from .transport import NETWORK_ERRORS, Transport, to_network_error
from .values import (
    ENDPOINTS,
    LARGEST_NUMBER,
    LOWEST_CODE,
    CertificateStatus,
    Endpoints,
    ProtectionItem,
    ProtectionRequest,
    to_number,
    to_text,
)

__all__ = [
    "ENDPOINTS",
    "CertificateStatus",
    "Endpoints",
    "ProtectionItem",
    "ProtectionRequest",
    "TrustedShopsClient",
]

_logger = logging.getLogger(__name__)

# Default timeouts in seconds: to connect to one address of the host, between two
# pieces of an answer, and for the whole call whatever the service does.
CONNECT_TIMEOUT = 5
READ_TIMEOUT = 30
TOTAL_TIMEOUT = 60

# The only answer of checkLogin that means "login valid".
_LOGIN_VALID = 1


def logged(operation):
    """Log one line per call of a method: operation, outcome, duration.

    :param str operation: name of the remote operation
    """

    def decorator(method):
        @functools.wraps(method)
        def wrapper(self, *args):
            started = time.monotonic()
            outcome = "not called"
            try:
                result = method(self, *args)
                outcome = "answered"
                return result
            except TrustedShopsError as exc:
                outcome = f"{type(exc).__name__}: {exc}"
                raise
            finally:
                duration = (time.monotonic() - started) * 1000
                _logger.info(
                    "Trusted Shops %s: %s (%d ms)", operation, outcome, duration
                )

        return wrapper

    return decorator


class TrustedShopsClient:
    """Calls of the Trusted Shops services.

    One client keeps its connections open between calls; :meth:`close` it, or use it in
    a ``with`` statement. It holds no login. A name lookup takes as long as the system
    lets it; everything after it is bounded by the timeouts.

    :param Endpoints endpoints: addresses of the services
    :param float connect_timeout: seconds to connect to one address of the host
    :param float read_timeout: seconds between two pieces of an answer
    :param float total_timeout: seconds for a whole call
    """

    def __init__(
        self,
        endpoints,
        *,
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
        total_timeout=TOTAL_TIMEOUT,
    ):
        self.endpoints = endpoints
        self._total_timeout = total_timeout
        self._transport = Transport(connect_timeout, read_timeout)
        self._proxies = {}

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def close(self):
        """Close the open connections; the client stays usable."""
        self._transport.session.close()

    # === OPERATIONS === #

    @logged("checkCertificate")
    def check_certificate(self, ts_id):
        """Ask for the state of a certificate; needs no login.

        An unknown id is an answer too: its state is ``INVALID_TS_ID``.

        :param str ts_id: Trusted Shops ID
        :rtype: CertificateStatus
        :raise RetryableError: when there is no understandable answer, or one about
            another certificate
        Source: TsProtection, checkCertificate
        """
        ts_id = to_text("ts_id", ts_id)
        answer = self._call("protection", "checkCertificate", tsId=ts_id)
        return to_certificate_status(ts_id, answer)

    @logged("checkLogin")
    def check_login(self, ts_id, user, password):
        """Check the web-service login of a certificate; returns only when it is valid.

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
            raise to_code_error("checkLogin", result)
        if result != _LOGIN_VALID:
            raise not_understood("checkLogin")

    @logged("getProtectionItems")
    def get_protection_items(self, ts_id):
        """Ask for the protections that a certificate may sell; needs no login.

        A single item that makes no sense spoils the whole answer: to sell from a table
        that is only half understood would cost the merchant or the buyer money.

        :param str ts_id: Trusted Shops ID
        :return: items by currency and protected amount; empty for a Classic
            certificate
        :rtype: tuple of ProtectionItem
        :raise RetryableError: when there is no understandable answer
        Source: TsProtection, getProtectionItems
        """
        answer = self._call(
            "protection", "getProtectionItems", tsId=to_text("ts_id", ts_id)
        )
        return to_protection_items(answer)

    @logged("requestForProtectionV2")
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
        :raise TypeError: when a value has the wrong type; nothing was sent
        Source: ApplicationRequestService, requestForProtectionV2
        """
        result = self._call_for_number(
            "application", "requestForProtectionV2", **request.to_parts()
        )
        if result < 0:
            raise to_code_error("requestForProtectionV2", result)
        if result == 0:  # neither a number nor a code; never seen
            raise not_understood("requestForProtectionV2")
        return result

    @logged("getRequestState")
    def get_request_state(self, ts_id, application_number):
        """Ask what became of an application; needs no login.

        :param str ts_id: Trusted Shops ID of the application
        :param int application_number: number that the application got
        :return: 0 while it is not processed, else the guarantee number, above 0
        :rtype: int
        :raise RefusedError: when the application was rejected, whatever the code: no
            login is sent, so none can be at fault
        :raise RetryableError: when there is no understandable answer, or on a system
            error of the service
        :raise ValueError: when the number is none of the service; nothing was sent
        Source: ApplicationRequestService, getRequestState
        """
        result = self._call_for_number(
            "application",
            "getRequestState",
            tsId=to_text("ts_id", ts_id),
            applicationId=to_number("application_number", application_number),
        )
        if result < 0:
            error = to_code_error("getRequestState", result)
            if error.kind != KIND_RETRYABLE:
                error = RefusedError(error.message, error.code)
            raise error
        return result

    # === REQUEST HELPERS === #

    def _call_for_number(self, service, operation, **parts):
        """Call an operation that answers with a number.

        :param str service: key of ``soap.SERVICES``
        :param str operation: name of the operation
        :param parts: value of each part
        :rtype: int
        :raise RetryableError: when there is no answer, or no number of the service in
            it
        """
        answer = self._call(service, operation, **parts)
        if type(answer) is not int or not LOWEST_CODE <= answer <= LARGEST_NUMBER:
            raise not_understood(operation)
        return answer

    def _call(self, service, operation, **parts):
        """Call an operation once.

        The error is raised outside of the ``except`` blocks on purpose: zeep and
        requests put the whole answer or request into theirs, so they must not become
        the context that a traceback shows.

        :param str service: key of ``soap.SERVICES``
        :param str operation: name of the operation
        :param parts: value of each part
        :return: the part of the answer: number, text, object, list or None
        :raise RetryableError: when there is no answer or none that can be read
        """
        proxy = self._get_proxy(service)
        call = Call(self._total_timeout)
        try:
            with running(call):
                return getattr(proxy, operation)(**parts)
        except NETWORK_ERRORS as exc:
            error = to_network_error(exc, call)
        except zeep.exceptions.Fault as exc:
            error = soap.to_fault_error(exc, _get_secrets(parts))
        except soap.UNREADABLE_ERRORS:
            if call.status is None:
                raise
            error = not_understood(operation, f" (HTTP status {call.status})")
        raise error

    def _get_proxy(self, service):
        """Return the operations of a service, made at the first use.

        :param str service: key of ``soap.SERVICES``
        :return: object with one method per operation
        """
        if service not in self._proxies:
            address = getattr(self.endpoints, service)
            self._proxies[service] = soap.create_proxy(
                service, address, self._transport
            )
        return self._proxies[service]


# Parts whose values must never appear in a message: login and personal data.
_SECRET_PARTS = ("wsUser", "wsPassword", "buyerEmail", "shopCustomerID")


def _get_secrets(parts):
    """Return the values of a request that must not be repeated.

    :param dict parts: value by part name
    :rtype: list of str
    """
    return [parts[name] for name in _SECRET_PARTS if name in parts]
