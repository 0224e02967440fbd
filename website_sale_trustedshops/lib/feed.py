# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Documents that Trusted Shops publishes about a certificate, which need no login.

What they say is shown to people, so it is cut and cleaned here.

To be sure that there is no document and to be unable to ask are two things: only a
storage that says so has none.

Source: the official SDKs for Android and iOS, which read the same documents.
"""

import json

from lxml import etree

from .answers import not_understood
from .client import CONNECT_TIMEOUT, READ_TIMEOUT, TOTAL_TIMEOUT
from .connection import Call, running
from .transport import (
    NETWORK_ERRORS,
    Session,
    fetch,
    to_network_error,
    to_status_error,
)
from .ts_id import is_valid as is_ts_id
from .values import to_base_url, to_printable, to_text

# Addresses of the real lists by environment.
# Source: the official SDKs for Android and iOS.
FEED_URLS = {
    "production": "https://cdn1.api.trustedshops.com",
    "qa": "https://cdn1.api-qa.trustedshops.com",
}

# Statuses of a document, and of a storage that has none.
_STATUSES = (200, 403, 404)
# Longest text that is kept, in characters.
_MAX_LENGTH = 255
# Largest error of a storage, in bytes: real ones have some 300. The time that hostile
# XML takes grows with the square of its size.
_MAX_ERROR_SIZE = 4096


class FeedClient:
    """Calls of the public documents.

    One client keeps its connection open between calls; :meth:`close` it, or use it in
    a ``with`` statement.

    :param str base_url: one of ``FEED_URLS``, or the address of a sandbox
    :param float connect_timeout: seconds to connect to one address of the host
    :param float read_timeout: seconds between two pieces of an answer
    :param float total_timeout: seconds for a whole call
    :raise ValueError: when the address is none of http or https
    """

    def __init__(
        self,
        base_url,
        *,
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
        total_timeout=TOTAL_TIMEOUT,
    ):
        self._base_url = to_base_url(base_url)
        self._read_timeout = read_timeout
        self._total_timeout = total_timeout
        self._session = Session(connect_timeout)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def close(self):
        """Close the open connection; the client stays usable."""
        self._session.close()

    def _get_document(self, ts_id, path, operation):
        """Get what a document says.

        :param str ts_id: Trusted Shops ID
        :param str path: path of the document, with ``{ts_id}``
        :param str operation: name of the remote operation, for messages
        :return: the id in its one form, and whatever JSON can carry; None in its place
            when there is no such document
        :rtype: tuple
        :raise RetryableError: when there is no understandable answer
        :raise ValueError: when this is no Trusted Shops ID; nothing was sent
        :raise TypeError: when this is no text; nothing was sent
        """
        ts_id = to_text("ts_id", ts_id).upper()
        if not is_ts_id(ts_id):  # it becomes a part of the address
            raise ValueError("ts_id is no Trusted Shops ID")
        answer = self._fetch(path.format(ts_id=ts_id))
        if _is_missing_document(answer.content):
            return ts_id, None
        if answer.status_code != 200:
            raise to_status_error(answer.status_code)
        return ts_id, _parse(answer.content, operation)

    def _fetch(self, path):
        """Get a document once.

        The error is raised outside of the ``except`` block on purpose: that of requests
        contains the whole request, and must not become the context of ours.

        :param str path: path of the document
        :rtype: Answer
        :raise RetryableError: when there is no answer
        """
        call = Call(self._total_timeout)
        try:
            with running(call):
                return fetch(
                    self._session,
                    "GET",
                    self._base_url + path,
                    timeout=self._read_timeout,
                    statuses=_STATUSES,
                )
        except NETWORK_ERRORS as exc:
            error = to_network_error(exc, call)
        raise error


# === ANSWERS === #


def _is_missing_document(content):
    """Return whether a storage says that it does not have the document.

    :param bytes content: body of an answer
    :rtype: bool
    """
    if len(content) > _MAX_ERROR_SIZE or not content.lstrip().startswith(b"<"):
        return False
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        return False
    return root.tag == "Error" and root.findtext("Code") == "NoSuchKey"


def _parse(content, operation):
    """Return the document in an answer, with every number as the text it was.

    So no number is too large to be read, whatever it is meant to be.

    :param bytes content: body of an answer
    :param str operation: name of the remote operation
    :return: whatever JSON can carry
    :raise RetryableError: when it is no JSON, or nested too deep
    """
    try:
        document = json.loads(content, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        document = None
    if document is None:
        raise not_understood(operation)
    return document


def get_value(document, *names):
    """Return what is at a place in a document.

    :param document: whatever came as JSON
    :param str names: names of the objects on the way, and of the value
    :return: the value, None when there is no such place
    """
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def get_text(document, *names):
    """Return a text of a document: one printable line, of sane length.

    :return: the text, '' when there is none
    :rtype: str
    """
    value = get_value(document, *names)
    return to_printable(value, _MAX_LENGTH) if isinstance(value, str) else ""


def get_code(pattern, document, *names, change=str):
    """Return a text of a document that has a certain form.

    :param re.Pattern pattern: the form
    :param change: function that gives the text its usual spelling before
    :return: the text, '' when there is none, or none of that form
    :rtype: str
    """
    text = change(get_text(document, *names))
    return text if pattern.fullmatch(text) else ""
