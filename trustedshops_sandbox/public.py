# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The pages of the public site to which a shop sends its buyers.

They are simple, and they keep what a click sent: a test, or a newcomer, reads it there.
"""

import re
import time
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.formparser import parse_form_data
from werkzeug.wrappers import Response

# Page by its path; of those in many languages the last part tells which page it is.
PATHS = {
    "/shop/protection.php": "protection",
    "/shop/certificate.php": "certificate",
    "/shop/protection_conditions.php": "conditions",
    "/shop/data_privacy.php": "privacy",
    "/reviews/rateshoplater.php": "rate_later",
}
REVIEW_FOLDERS = (
    *("bewertung", "buyerrating", "evaluation", "evaluacion", "opinia"),
    *("valutazione-del-negozio", "verkopersbeoordeling"),
)
_REVIEW_PAGES = {
    **dict.fromkeys(("bewerten", "rate", "evaluer", "evaluar", "ocen"), "rate"),
    "info": "reviews",
}
_REVIEW = re.compile(r"([a-z]+)_(X[0-9A-Z]{32})\.html(?:&(.*))?")
_TITLES = {
    "protection": "Register for Buyer Protection",
    "certificate": "Certificate",
    "conditions": "Conditions of Buyer Protection",
    "privacy": "Data privacy",
    "rate": "Review this shop",
    "rate_later": "Be reminded of the review",
    "reviews": "Reviews of this shop",
}
_MAX_FIELDS = 50
_MAX_LENGTH = 2000
_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


class PublicPages:
    """The pages; each visit is kept in the store.

    :param Store store: the state.
    """

    def __init__(self, store):
        self.store = store
        self.templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def answer(self, request, body, page):
        """Return a page, and keep what the visitor's browser sent.

        :param Request request: of werkzeug.
        :param bytes body: the whole body.
        :param str page: a value of ``PATHS``, or ``review``.
        """
        fields = _read_fields(request, body)
        if page == "review":
            page, ts_id, more = _read_review(request)
            fields = {"shop_id": ts_id, **more, **fields}
        received = {
            "page": page,
            "method": request.method,
            "fields": fields,
            "referrer": request.headers.get("Referer", ""),
        }
        if request.method != "HEAD":
            self.store.add_registration(received, time.time())
        certificate = self.store.get_certificate(fields.get("shop_id", "").upper())
        html = self.templates.get_template("public.html").render(
            title=_TITLES[page], fields=fields, page=page, certificate=certificate
        )
        return Response(
            html,
            200 if certificate else 404,
            content_type="text/html; charset=utf-8",
            headers={
                "Content-Security-Policy": _POLICY,
                "Referrer-Policy": "no-referrer",
            },
        )


def _read_fields(request, body):
    """Return the query and the form as one dict; a field given twice counts once."""
    pairs = list(request.args.items())
    if request.method == "POST":
        environ = {**request.environ, "CONTENT_LENGTH": str(len(body))}
        environ["wsgi.input"] = BytesIO(body)
        _stream, form, _files = parse_form_data(environ, cls=MultiDict)
        pairs += form.items()
    return _check(pairs)


def _read_review(request):
    """Return page, id and parameters of an address like ``bewerten_X….html&a=b``.

    Read as it was sent: decoded, a slash in a parameter would look like a folder.
    """
    raw = request.environ["REQUEST_URI"].partition("?")[0]
    match = _REVIEW.fullmatch(raw.split("/", 2)[2])
    page = match and _REVIEW_PAGES.get(match[1])
    if not page:
        raise BadRequest("There is no such page for reviews.")
    return page, match[2], _check(parse_qsl(match[3] or "", keep_blank_values=True))


def _check(pairs):
    if len(pairs) > _MAX_FIELDS:
        raise BadRequest("There are too many fields.")
    return {name[:_MAX_LENGTH]: value[:_MAX_LENGTH] for name, value in pairs}
