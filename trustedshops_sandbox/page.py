# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The page for people, and the mails as it shows them."""

import time
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from . import events, faults, reviews
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
# Colour of a review's state, as of an application's.
_REVIEW_CHIPS = {
    "SUBMITTED": "pending",
    "APPROVED": "confirmed",
    "REJECTED": "rejected",
    "MODERATION": "pending",
    "DISCARDED": "rejected",
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
            review_states=reviews.STATES,
            review_chips=_REVIEW_CHIPS,
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
                **self._read_reviews(),
                "requests": requests[:_ROWS],
                "certificates": certificates,
                "notes": {c["ts_id"]: c["note"] for c in certificates},
                "mails": self.store.get_mails(limit=_ROWS)[::-1],
                "faults": self.store.get_faults(),
                "settings": self.store.get_settings(),
                "calls": self.store.get_calls(),
            }

    def _read_reviews(self):
        """Return what the REST side has, the newest first."""
        store = self.store
        events.remind_due(store, time.time())
        channels = store.get_records("channel")
        return {
            "events": store.get_records("event", limit=_ROWS)[::-1],
            "invites": store.get_records("invite", limit=_ROWS)[::-1],
            "reviews": reviews.get_reviews(store, limit=_ROWS)[::-1],
            "accounts": [
                self._describe_account(account)
                for account in store.get_records("account")
            ],
            "channel_names": {each["id"]: each["name"] for each in channels},
        }

    def _describe_account(self, account):
        """Return an account without its secret."""
        owner = account["account_ref"]
        types = self.store.get_records("event_type", owner=owner)
        names = {each["id"]: each["name"] for each in types if each["active"]}
        return {
            "name": account["name"],
            "client_id": account["client_id"],
            "active": account["active"],
            "secret": account["client_secret"],
            "bearers": len(
                self.store.get_records("bearer", owner=account["client_id"])
            ),
            "channels": [
                {**channel, **self._describe_invites(channel, names)}
                for channel in self.store.get_records("channel", owner=owner)
            ],
        }

    def _describe_invites(self, channel, names):
        """Return after which event types somebody is asked about shop and products."""
        settings = [
            setting
            for setting in self.store.get_records("invite_setting", owner=channel["id"])
            if setting["eventTypeId"] in names
        ]
        asked = {
            kind: [
                names[setting["eventTypeId"]]
                for setting in settings
                if setting[f"{kind}InviteConfiguration"]["enabled"]
            ]
            for kind in ("service", "product")
        }
        types = {
            name: name in asked["service"] + asked["product"]
            for name in (names[setting["eventTypeId"]] for setting in settings)
        }
        return {**asked, "types": types}

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
