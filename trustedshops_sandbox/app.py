# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The addresses of the sandbox and what answers them."""

import json
import logging
import re
import time
from urllib.parse import parse_qsl

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from . import badge, feed, grades, public, rest, services, soap, widget, writing
from .broken import make_broken_answer, make_hostile, make_late_answer
from .contract import SERVICES
from .control import Control
from .fields import load_json
from .page import Page
from .root import find_root
from .server import CONNECTION

_logger = logging.getLogger("trustedshops_sandbox")

# Bytes of a request; a SOAP request of a shop has about 2000.
MAX_REQUEST_SIZE = 1024 * 1024
# Bytes that are read and thrown away, so that a client that sends too much can read
# why it was refused.
_MAX_DISCARDED = 64 * 1024 * 1024
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
# What HTML forms send: never SOAP, so no page of another site can call a service.
_FORM_TYPES = (
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "text/plain",
)
_GET = (
    "certificates",
    "applications",
    "refused",
    "mails",
    "registrations",
    "faults",
    "settings",
    "calls",
    *("accounts", "channels", "event_types", "invite_settings", "events", "invites"),
    *("reviews", "vetos"),
)
_POST = {
    "reset": "reset",
    "seed": "seed",
    "certificates": "put_certificate",
    "applications": "decide",
    "faults": "put_fault",
    "settings": "put_settings",
    "end": "end",
    "accounts": "put_account",
    "channels": "put_channel",
    "invite_settings": "put_invite_setting",
    "product_reviews": "put_product_reviews",
    "events": "put_event",
    "invites": "put_invite",
    "reviews": "put_review",
    "revoke": "revoke",
}
_DELETE = {
    "faults": "clear_faults",
    "faults/<int(max=2147483647):number>": "clear_fault",
    "certificates/<ts_id>": "delete_certificate",
    "accounts/<client_id>": "delete_account",
    "channels/<ref>": "delete_channel",
    "reviews/<ref>": "delete_review",
}
_PAGE = {
    "/": "index",
    "/_page/sections": "sections",
    "/_page/static/<name>": "static",
    "/_page/mail/<int(max=2147483647):number>": "mail",
}
# What is published for everybody, by the name of the operation.
_DOCUMENTS = {
    feed.OPERATION: feed.PATH,
    feed.RATING_OPERATION: feed.RATING_PATH,
    badge.OPERATION: badge.PATH,
    badge.SHARED_OPERATION: badge.SHARED_PATH,
    widget.OPERATION: widget.PATH,
}


def _make_rules():
    for path in SERVICES:
        yield Rule(path, endpoint="soap_")
    for operation, path in _DOCUMENTS.items():
        yield Rule(path, endpoint=f"document_{operation}", methods=["GET"])
    for operation, (method, path) in rest.PATHS.items():
        yield Rule(path, endpoint=f"rest_{operation}", methods=[method])
    for operation, path in grades.PATHS.items():
        yield Rule(path, endpoint=f"feed_{operation}", methods=["GET"])
    yield Rule(writing.PATH, endpoint="writing_", methods=["GET", "POST"])
    for path, page in public.PATHS.items():
        yield Rule(path, endpoint=f"public_{page}", methods=["GET", "POST"])
    for folder in public.REVIEW_FOLDERS:
        path = f"/{folder}/<path:_rest>"
        yield Rule(path, endpoint="public_review", methods=["GET"])


def _make_own_rules():
    """Give the rules of what the real hosts do not have: page and control API."""
    for name in _GET:
        yield Rule(f"/_control/{name}", endpoint=f"control_get_{name}", methods=["GET"])
    for name, method in _POST.items():
        endpoint = f"control_{method}"
        yield Rule(f"/_control/{name}", endpoint=endpoint, methods=["POST"])
    for path, method in _DELETE.items():
        endpoint = f"control_{method}"
        yield Rule(f"/_control/{path}", endpoint=endpoint, methods=["DELETE"])
    for name, method in _POST.items():
        yield Rule(f"/_page/{name}", endpoint=f"form_{method}", methods=["POST"])
    for path, endpoint in _PAGE.items():
        yield Rule(path, endpoint=f"page_{endpoint}", methods=["GET"])


class TooLarge(Exception):
    """The request has more than ``MAX_REQUEST_SIZE`` bytes."""


class App:
    """The WSGI application.

    :param Store store: the state.
    :param str shop_url: the address in the seeded certificates.
    """

    def __init__(self, store, shop_url):
        self.store = store
        self.control = Control(store, shop_url)
        self.page = Page(store, shop_url)
        self.public = public.PublicPages(store)
        self.writing = writing.WritingPage(store)
        self.rest = rest.Rest(store, self._arrive)
        self.map = Map(
            [*_make_rules(), *_make_own_rules()],
            redirect_defaults=False,
            merge_slashes=False,
        )

    def __call__(self, environ, start_response):
        """Answer one request."""
        request = Request(environ)
        try:
            response = self._dispatch(request, environ)
        except HTTPException as error:
            response = error.get_response(environ)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Cache-Control", "no-store")
        return response(environ, start_response)

    def _dispatch(self, request, environ):
        is_control = request.path.startswith("/_control/")
        try:
            body = _read_body(environ)
            environ[CONNECTION]["reusable"] = True
        except TooLarge:
            return self._refuse_size(request, is_control)
        except OSError:  # the chunks of the body are broken
            return Response("The request is broken.\n", 400)
        try:
            endpoint, values = self.map.bind("").match(request.path, request.method)
        except (NotFound, MethodNotAllowed) as error:
            if not is_control:
                raise
            return _answer_json({"error": f"{error.name}."}, error.code)
        group, _separator, name = endpoint.partition("_")
        return getattr(self, f"_answer_{group}")(request, body, name, values)

    def _refuse_size(self, request, is_control):
        text = f"The request has more than {MAX_REQUEST_SIZE} bytes."
        if is_control:
            return _answer_json({"error": text}, 413)
        if request.mimetype == rest.JSON or request.path == rest.TOKEN_PATH:
            return rest.refuse_size(text)
        version = soap.guess_version(request.content_type or "")
        return _answer_fault(version, soap.SoapFault("sender", text, 413))

    # SOAP

    def _answer_soap(self, request, body, _name, _values):
        service = SERVICES[request.path]
        if request.method in ("GET", "HEAD"):
            return _answer_get(request, service)
        if request.method != "POST":
            raise MethodNotAllowed(["GET", "HEAD", "POST"])
        content_type = request.content_type or ""
        version = soap.guess_version(content_type)
        try:
            if request.mimetype in _FORM_TYPES:
                raise soap.SoapFault("sender", "The content type must be XML.", 415)
            envelope = soap.parse_envelope(body, content_type)
            version = envelope.version
            return self._call(service, envelope)
        except soap.SoapFault as fault:
            return _answer_fault(version, fault)

    def _call(self, service, envelope):
        """Return the answer of an operation, as good or bad as a fault wants it."""
        name = soap.get_operation_name(envelope, service)
        operation = service.operations[name]
        fault = self._arrive(name)
        kind = fault and fault["kind"]
        content_type = soap.CONTENT_TYPES[envelope.version]
        start = soap.render_start(envelope.version)
        broken = make_broken_answer(fault, content_type, start)
        if broken:
            return broken
        if kind == "fault":
            text = "The service is out of order (ordered fault)."
            raise soap.SoapFault("receiver", text)
        if kind == "code":
            result = fault["code"]
        else:
            texts, values = soap.read_parts(envelope, service, operation)
            now = time.time()
            call = services.Call(self.store, name, texts, values, envelope.raw, now)
            result = services.perform(call)
        if kind == "hostile":
            result = make_hostile(result, name)
        if isinstance(result, int):
            _logger.info("%s answered %s", name, result)
        content = soap.render_answer(envelope.version, service, operation, result)
        return make_late_answer(fault, content, content_type)

    def _answer_rest(self, request, body, operation, values):
        return self.rest.answer(request, body, operation, values)

    def _answer_feed(self, request, _body, operation, values):
        """Return a document about what reviews come to, for everybody."""
        fault, now = self._arrive(operation), time.time()
        return grades.answer(self.store, request, operation, values, fault, now)

    def _answer_document(self, _request, _body, operation, values):
        """Return a script, or a document of the public list or ratings."""
        ts_id = values.get("ts_id", "")
        fault = self._arrive(operation)
        if operation == widget.OPERATION:
            return widget.answer(fault)
        if operation == badge.SHARED_OPERATION:
            return badge.answer_shared(fault)
        if operation == badge.OPERATION:
            return badge.answer(self.store.get_certificate(ts_id.upper()), fault)
        return feed.answer(self.store.get_certificate(ts_id), fault, operation)

    def _arrive(self, name):
        """Count a call, wait as ordered, and return the fault for it, or None."""
        with self.store.transaction():
            self.store.count_call(name)
            fault = self.store.take_fault(name)
        self._wait()
        return fault

    def _wait(self):
        """Wait as long as the settings say, also when they change meanwhile."""
        began = time.monotonic()
        while True:
            delay = self.store.get_settings()["delay_ms"] / 1000
            left = began + delay - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, 0.1))

    # Pages and control

    def _answer_public(self, request, body, page, _values):
        return self.public.answer(request, body, page)

    def _answer_writing(self, request, body, _name, values):
        return self.writing.answer(request, body, values["token"])

    def _answer_page(self, _request, _body, name, values):
        return getattr(self.page, name)(**values)

    def _answer_form(self, request, body, name, _values):
        """Do what a form of the page asks for, and show the page again."""
        try:
            _check_origin(request)
            getattr(self.control, name)(data=_read_form(request, body))
        except ValueError as error:
            return Response(f"{error}\n", 400)
        return redirect("/", 303)

    def _answer_control(self, request, body, name, values):
        method = getattr(self.control, name)
        try:
            if request.method in ("GET", "HEAD"):
                return _answer_json(method(limit=_read_limit(request)))
            _check_origin(request)
            if request.method == "POST":
                values = {"data": _read_json(request, body)}
                if name in self.control.needs_root:
                    values["root"] = find_root(request)
            return _answer_json(method(**values))
        except ValueError as error:
            return _answer_json({"error": str(error)}, 400)


def _read_body(environ):
    """Return the whole body, also of a request in chunks.

    :raise TooLarge: after throwing away what else is sent.
    :raise OSError: when chunks are broken.
    """
    stream = environ["wsgi.input"]
    chunked = environ.get("wsgi.input_terminated")
    length = environ.get("CONTENT_LENGTH") or "0"
    if not chunked and not (length.isascii() and length.isdigit()):
        raise OSError("The content length is not a number.")
    left = _MAX_DISCARDED if chunked else min(int(length), _MAX_DISCARDED)
    content, size = [], 0
    while left > 0:
        block = stream.read(min(left, 65536))
        if not block:
            break
        left -= len(block)
        size += len(block)
        if size <= MAX_REQUEST_SIZE:
            content.append(block)
    if size > MAX_REQUEST_SIZE or (not chunked and int(length) > MAX_REQUEST_SIZE):
        raise TooLarge
    return b"".join(content)


def _read_json(request, body):
    if request.mimetype != "application/json":
        raise ValueError("The content type must be application/json.")
    try:
        return load_json(body or b"{}")
    except ValueError:
        raise ValueError("The request is not JSON.") from None


def _read_form(request, body):
    """Return what a form of the page says, as the same call has it in JSON."""
    if request.mimetype != "application/x-www-form-urlencoded":
        raise ValueError("The content type must be that of a form.")
    data = {}
    for name, text in parse_qsl(body.decode("utf-8", "replace")):
        is_number = _NUMBER.fullmatch(text) and len(text) < 16
        data[name] = json.loads(text) if is_number else text
    if data.get("kind") not in (None, "code"):
        data.pop("code", None)  # a field that the form always has
    return data


def _read_limit(request):
    limit = request.args.get("limit", "-1")
    if limit != "-1" and not (limit.isascii() and limit.isdigit() and len(limit) < 10):
        raise ValueError("'limit' must be a number.")
    return int(limit)


def _check_origin(request):
    """Refuse a page of another site; programs send no Origin."""
    origin = request.headers.get("Origin")
    if origin and origin.partition("://")[2] != request.host:
        raise ValueError("Pages of other sites must not use the control API.")


def _answer_json(data, status=200):
    return Response(json.dumps(data), status, content_type="application/json")


def _answer_fault(version, fault):
    status, content = soap.render_fault(version, fault)
    return Response(content, status, content_type=soap.CONTENT_TYPES[version])


def _answer_get(request, service):
    if not any(name.lower() == "wsdl" for name in request.args):
        text = f"{service.name}: send SOAP with POST, the WSDL is at ?wsdl\n"
        return Response(text, 405, headers={"Allow": "POST"})
    try:
        content = service.render_wsdl(find_root(request))
    except ValueError as error:
        return Response(f"{error}\n", 400)
    return Response(content, content_type="text/xml; charset=utf-8")
