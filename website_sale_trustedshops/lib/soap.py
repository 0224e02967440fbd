# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Makes SOAP calls with zeep: bundled WSDL files, checks of answers, SOAP faults.

It uses zeep directly: the wrapper ``odoo.tools.zeep.Client`` compares exact types, so
it refuses dates while a test freezes the clock, and its clients cannot share a parsed
WSDL.
"""

import copy
import functools
import re
from pathlib import Path

import zeep
from lxml import etree

from .exceptions import RetryableError
from .values import to_printable

_WSDL_FOLDER = Path(__file__).parent / "wsdl"
_SOAP_BODY = "{http://schemas.xmlsoap.org/soap/envelope/}Body"
_SOAP_FAULT = "{http://schemas.xmlsoap.org/soap/envelope/}Fault"

# WSDL file, binding and path of each service.
SERVICES = {
    "protection": (
        "TSProtectionService.wsdl",
        "{http://protection.action.b2b.ts.nhp.com/}TSProtectionBinding",
        "/ts/services/TsProtection",
    ),
    "application": (
        "ApplicationRequestService.wsdl",
        "{http://tsp.ts.nhp.com/}ApplicationRequestServiceBinding",
        "/ts/protectionservices/ApplicationRequestService",
    ),
}

# Errors that zeep raises for an answer that does not follow the WSDL: its own errors,
# and those of conversions and of missing attributes, items or methods. Before an answer
# arrives, the same types mean a bug of ours. Afterwards they must not hide that a
# request was sent.
UNREADABLE_ERRORS = (
    zeep.exceptions.Error,
    etree.LxmlError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)

# Statuses with an envelope in the body: an answer, and a SOAP 1.1 fault.
_STATUSES = (200, 500)
# A part that contains no elements must be a number or empty.
_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,19})?\s*")
# Longest part of a fault that goes into a message, in characters.
_MAX_FAULT_LENGTH = 200
# This many characters of a secret in a row give it away.
_TELLING_LENGTH = 4


class Transport(zeep.Transport):
    """Transport of zeep over a session of ours, which logs no envelope.

    :param Session session: session of :mod:`.http`
    """

    def __init__(self, session):
        super().__init__(session=session)
        # HTTP status of the last answer, None until it has arrived completely.
        self.status = None

    def post(self, address, message, headers):
        """Override of zeep to log nothing, and to limit the size of an answer.

        :rtype: .http.Answer
        :raise RetryableError: when there is no answer, or its status is not one with an
            envelope
        """
        self.status = None
        answer = self.session.fetch(
            "POST", address, statuses=_STATUSES, data=message, headers=headers
        )
        self.status = answer.status_code
        return answer


def create_service(service, host, transport):
    """Return a proxy with the operations of a service.

    :param str service: key of ``SERVICES``
    :param str host: base address, without a slash at its end
    :param Transport transport: makes the calls
    :return: object with one method per operation, called by part names
    :rtype: zeep.proxy.ServiceProxy
    """
    # A copy shares the parsed WSDL, which zeep only reads. Handing a parsed WSDL to a
    # new client would need zeep 4.2.
    client = copy.copy(get_client(service))
    client.transport = transport
    _wsdl, binding, path = SERVICES[service]
    return client.create_service(binding, host + path)


@functools.cache
def get_client(service):
    """Return a zeep client with the parsed WSDL of a service, from a cache.

    All threads and databases share it, but make calls only with copies: it has no
    login, address or session. It parses answers strictly, without DTD, entities or huge
    trees.

    :param str service: key of ``SERVICES``
    :rtype: zeep.Client
    """
    settings = zeep.Settings(
        strict=True,
        forbid_dtd=True,
        forbid_entities=True,
        forbid_external=True,
        xml_huge_tree=False,
    )
    wsdl = _WSDL_FOLDER / SERVICES[service][0]
    return zeep.Client(str(wsdl), settings=settings, plugins=[_ShapeCheck()])


class _ShapeCheck(zeep.Plugin):
    """Refuses an answer to another operation than the one that was called.

    zeep checks the parts, but takes them from any first element and expands references
    without limit. It also logs a text that it cannot convert to a number, and this may
    be a password that the server repeats.
    """

    def ingress(self, envelope, http_headers, operation):
        """Override of zeep to check an envelope before it is read.

        :raise ValueError: when it is neither a fault nor the answer to this operation
        """
        body = envelope.find(_SOAP_BODY)
        children = [] if body is None else list(body)
        if [child.tag for child in children] != [_SOAP_FAULT]:
            self._check_answer(children, operation)
        return envelope, http_headers

    @staticmethod
    def _check_answer(children, operation):
        """Check the elements in the body of an envelope.

        :raise ValueError: when they are not the one answer to the operation, or contain
            a reference or a text that is not a number
        """
        namespace = operation.output.body.qname.namespace
        wrapper = etree.QName(namespace, f"{operation.name}Response")
        if [child.tag for child in children] != [wrapper.text]:
            raise ValueError("the answer is not that of the operation")
        parts = children[0]
        if any("href" in element.attrib for element in parts.iter("*")):
            raise ValueError("the answer contains references")
        texts = [part.text or "" for part in parts if not len(part)]
        if not all(map(_NUMBER.fullmatch, texts)):
            raise ValueError("the answer is a text")


def make_fault_error(fault, secrets):
    """Return the error for a SOAP fault, which may be logged and stored.

    A fault is always a problem of the service: it refuses an application by a negative
    number.

    :param zeep.exceptions.Fault fault: the fault
    :param secrets: values that were sent and must not appear in the message
    :type secrets: list of str
    :rtype: RetryableError
    """
    code = (fault.code or "no code").rpartition(":")[2]  # without its prefix
    text = mask(f"{code}: {fault.message or 'no text'}", secrets)
    message = f"Trusted Shops answered with a SOAP fault, {text}"
    return RetryableError(message, is_answer=True)


def mask(text, secrets):
    """Replace the words of a text that repeat a secret, or a part of one, by ``***``.

    Replace all e-mail addresses as well: a fault may quote an earlier call.

    :param str text: text that a server sent
    :param secrets: values that must not appear
    :type secrets: list of str
    :return: printable text on one line, cut to ``_MAX_FAULT_LENGTH`` characters
    :rtype: str
    """
    secrets = [secret.casefold() for secret in secrets if secret]
    words = (
        "***" if _repeats(word.casefold(), secrets) else word for word in text.split()
    )
    return to_printable(" ".join(words), _MAX_FAULT_LENGTH)


def _repeats(word, secrets):
    """Return True if a word is an e-mail address or has a piece of a secret.

    A piece is ``_TELLING_LENGTH`` characters in a row, or all of a shorter word or
    secret.

    :param str word: word in case-folded form
    :param secrets: secrets in case-folded form, none of them empty
    :type secrets: list of str
    """
    if "@" in word or "%40" in word:
        return True
    for secret in secrets:
        size = min(_TELLING_LENGTH, len(secret), len(word))
        pieces = (word[at : at + size] for at in range(len(word) - size + 1))
        if any(piece in secret for piece in pieces):
            return True
    return False
