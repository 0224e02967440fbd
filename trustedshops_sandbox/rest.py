# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The REST side over HTTP: addresses, bearers, JSON, and how answers go wrong.

Sources: developers.etrusted.com, the connector and modules of Trusted Shops. What is an
assumption is marked as such here or in README.rst.
"""

import json
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl

from werkzeug.wrappers import Response

from . import accounts, reviews, rooms
from .broken import make_broken_answer, make_hostile, make_late_answer
from .fields import load_json
from .refusal import Refusal
from .root import find_root

JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
TOKEN = "postToken"
TOKEN_PATH = "/oauth/token"
# Operation: method, path.
PATHS = {
    TOKEN: ("POST", TOKEN_PATH),
    **{name: (method, path) for name, (method, path, _answer) in rooms.ROOMS.items()},
}
OPERATIONS = tuple(PATHS)
# Without these nobody would take a hostile answer for one.
_KEPT = (
    *("id", "accountRef", "channelRef", "channelId", "eventTypeId", "createdAt"),
    *("updatedAt", "submittedAt", "editedAt", "state", "type", "token_type"),
    *("access_token", "url", "links"),
)


@dataclass(frozen=True)
class Call:
    """One call of an operation with a good bearer.

    ``args`` is the query, ``data`` the JSON of the body (None without one), ``values``
    the parts of the path, ``root`` the address of the sandbox, ``now`` the time in
    seconds since 1970.
    """

    store: object
    account: dict
    args: dict
    data: object
    values: dict
    root: str
    now: float
    about: dict


class Rest:
    """Answers the calls.

    :param Store store: the state.
    :param arrive: called with the name of an operation; returns the fault for it.
    """

    def __init__(self, store, arrive):
        self.store = store
        self.arrive = arrive

    def answer(self, request, body, operation, values):
        """Return the answer of an operation, as good or bad as a fault wants it."""
        fault = self.arrive(operation)
        kind = fault and fault["kind"]
        broken = make_broken_answer(fault, JSON, '{"items": [{"id": "')
        if broken:
            return broken
        try:
            if kind == "fault":
                raise Refusal(500, "Internal Server Error (ordered fault)")
            with self.store.transaction():
                status, result = self._perform(request, body, operation, values)
        except Refusal as refusal:
            status, result = refusal.status, refusal.body
        if kind == "hostile" and result is not None:
            result = make_hostile(result, operation, _KEPT)
        elif kind == "no_ref" and status == 202:
            del result["EventRef"]
        elif kind == "html_202" and status == 202:
            return Response("<html><body>OK</body></html>", 202, mimetype="text/html")
        elif operation == "getReviews" and status == 200:
            reviews.spoil_page(kind, result, request.args.get("after"))
        content = b"" if result is None else json.dumps(result).encode()
        response = make_late_answer(fault, content, JSON, status)
        if status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response

    def _perform(self, request, body, operation, values):
        now = time.time()
        try:
            root = find_root(request)
        except ValueError as error:
            raise Refusal(400, str(error)) from error
        if operation == TOKEN:
            fields = _read_form(request, body)
            return 200, accounts.make_bearer(self.store, fields, root, now)
        header = request.headers.get("Authorization", "")
        account = accounts.find_account(self.store, header, now)
        data = None
        if request.method in ("POST", "PUT"):
            data = _read_json(request, body)
        about = {
            "client_id": account["client_id"],
            "user_agent": request.headers.get("User-Agent", "")[:400],
            "raw": body.decode("utf-8", "replace"),
        }
        args = request.args.to_dict()
        call = Call(self.store, account, args, data, values, root, now, about)
        return rooms.ROOMS[operation][2](call)


def refuse_size(text):
    """Return the answer to a request that is too large."""
    return Response(json.dumps({"Message": text}), 413, content_type=JSON)


def _read_form(request, body):
    if request.mimetype != _FORM:
        raise Refusal(
            *(415, {"error": "invalid_request", "error_description": "Not a form"})
        )
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _read_json(request, body):
    if request.mimetype != JSON:
        raise Refusal(415, "Unsupported Media Type")
    try:
        return load_json(body)
    except ValueError:
        raise Refusal(400, "Invalid request: the body is not JSON") from None
