# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The page for people, and the mails as it shows them."""

import time
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from . import faults
from .certificates import LIMITS
from .services import CODE_TEXTS, PARTNER_LOGIN

_HERE = Path(__file__).parent
_STATIC_TYPES = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
}
# Rows of applications and mails on the page; the control API has them all.
_ROWS = 50

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# A mail may show pictures of the shop and open links in a new tab; no scripts.
_MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data: {shop}; frame-ancestors 'self'"
)
# Its links open in a new tab: shops do not like to be shown in a frame.
_MAIL_HEAD = '<!DOCTYPE html><meta charset="utf-8"><base target="_blank">'

_STATE_TEXTS = {
    "pending": "Pending",
    "confirmed": "Confirmed",
    "rejected": "Rejected",
    "refused": "Refused",
}
_LIMIT_TEXTS = dict(
    zip(LIMITS, ("", "limit used up", "limit suspended", "no limit"), strict=True)
)


class Page:
    """The addresses of the page; each method returns a Response.

    :param Store store: the state.
    :param str shop_url: the shop whose pictures mails may show.
    """

    def __init__(self, store, shop_url):
        self.store = store
        address = urlsplit(shop_url)
        self.shop_origin = f"{address.scheme}://{address.netloc}"
        self.templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.globals.update(
            operations=faults.OPERATIONS,
            kinds=faults.KINDS,
            scenarios=faults.SCENARIOS,
            describe_fault=faults.describe_fault,
            rating_results=faults.RATING_RESULTS,
            hang_seconds=faults.HANG_SECONDS,
            codes=CODE_TEXTS,
            partner=PARTNER_LOGIN,
            state_texts=_STATE_TEXTS,
            limit_texts=_LIMIT_TEXTS,
            rows=_ROWS,
        )

    def _read_state(self):
        with self.store.transaction():
            self.store.decide_due(time.time())
            requests = [
                *self.store.get_requests(limit=_ROWS),
                *self.store.get_requests(refused=True, limit=_ROWS),
            ]
            requests.sort(key=lambda request: -request["id"])
            certificates = self.store.get_certificates()
            return {
                "requests": requests[:_ROWS],
                "certificates": certificates,
                "notes": {c["ts_id"]: c["note"] for c in certificates},
                "mails": self.store.get_mails(limit=_ROWS)[::-1],
                "faults": self.store.get_faults(),
                "settings": self.store.get_settings(),
                "calls": self.store.get_calls(),
            }

    def _render(self, name):
        html = self.templates.get_template(name).render(self._read_state())
        return Response(
            html,
            content_type="text/html; charset=utf-8",
            headers={
                "Content-Security-Policy": _PAGE_POLICY,
                # With "no-referrer" a form would not say from which page it comes.
                "Referrer-Policy": "same-origin",
            },
        )

    def index(self):
        """Return the page."""
        return self._render("page.html")

    def sections(self):
        """Return the parts of the page that change, for its refresh."""
        return self._render("sections.html")

    def static(self, name):
        """Return a file of the page."""
        if name not in _STATIC_TYPES:
            raise NotFound
        content = (_HERE / "static" / name).read_bytes()
        return Response(content, content_type=_STATIC_TYPES[name])

    def mail(self, number):
        """Return the HTML of a mail, unable to run scripts or to load from anywhere."""
        mail = self.store.get_mail(number)
        if not mail or not mail["html"]:
            raise NotFound
        return Response(
            _MAIL_HEAD + mail["html"],
            content_type="text/html; charset=utf-8",
            headers={
                "Content-Security-Policy": _MAIL_POLICY.format(shop=self.shop_origin),
                "Referrer-Policy": "no-referrer",
            },
        )
