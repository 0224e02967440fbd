# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Clients of Trusted Shops that can read, and nothing else.

A list says what may leave this process. The rest is refused, also what the clients
learn later.
"""

from urllib.parse import urlsplit

import requests
from lxml import etree

# What may be posted: these operations, by path of their service, and a login.
_OPERATIONS = {
    "/ts/services/TsProtection": {
        "checkCertificate",
        "checkLogin",
        "getProtectionItems",
    },
    "/ts/protectionservices/ApplicationRequestService": {"getRequestState"},
}
_LOGIN_PATH = "/oauth/token"
_BODY = "{http://schemas.xmlsoap.org/soap/envelope/}Body"


class WritingRefused(Exception):
    """Something would have been changed at Trusted Shops; it was not sent."""


class Reader:
    """A client of which each call is made once."""

    def __init__(self, client):
        self._client = client
        self._answers = {}

    def ask(self, call, *args, **options):
        """Return the answer to a call; an error has the HTTP status of the answer."""
        key = call, args, tuple(options.items())
        if key not in self._answers:
            self._answers[key] = self._call(call, *args, **options)
        answer = self._answers[key]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _call(self, call, *args, **options):
        Wire.status = None
        try:
            return getattr(self._client, call)(*args, **options)
        except Exception as error:
            error.status = Wire.status
            return error


class Wire:
    """What leaves this process, and what comes back."""

    # HTTP status of the last answer, None when there was none.
    status = None

    @classmethod
    def guard(cls):
        """Have every request of this process looked at before it is sent."""
        send = requests.Session.send

        def send_reading(session, request, **options):
            cls.status = None
            if not is_reading(request):
                raise WritingRefused(f"{request.method} {urlsplit(request.url).path}")
            response = send(session, request, **options)
            cls.status = response.status_code
            return response

        requests.Session.send = send_reading


def is_reading(request):
    """Tell whether a request changes nothing."""
    path = urlsplit(request.url).path
    if request.method != "POST":
        return request.method == "GET"
    return path == _LOGIN_PATH or _get_operation(request.body) in _OPERATIONS.get(
        path, ()
    )


def _get_operation(body):
    """Return the operation that an envelope calls, '' when it is none."""
    try:
        [operation] = etree.fromstring(body).find(_BODY)
        return etree.QName(operation).localname
    except (etree.LxmlError, TypeError, ValueError):
        return ""
