# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The page to which an invitation leads: a buyer reviews the shop and each product."""

import time
import uuid
from pathlib import Path
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from .moments import format_moment
from .reviews import PRODUCT, SERVICE, find_reviews_of_invite, make_review, put_review

PATH = "/review/<token>"
_FORM = "application/x-www-form-urlencoded"
_MAX_TITLE, _MAX_COMMENT = 200, 4000
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_PRODUCT_FIELDS = ("sku", "gtin", "mpn", "name", "url", "imageUrl", "brand")


class WritingPage:
    """The page; what is written there is a review like any other.

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

    def answer(self, request, body, token):
        """Show the form, or keep what was written and show it again.

        :param Request request: of werkzeug.
        :param bytes body: the whole body.
        :param str token: the secret part of the link.
        """
        link = self.store.get_record("review_link", token)
        if not link:
            raise NotFound("This link leads to no invitation.")
        invite = self.store.get_record("invite", link["invite"])
        error = ""
        if request.method == "POST":
            try:
                self._keep(invite, _read_form(request, body))
                return redirect(f"/review/{token}#thanks", 303)
            except ValueError as refusal:
                error = str(refusal)
        return self._render(invite, error)

    def _find_written(self, invite):
        """Return what was written by this link: by sku, None for the shop."""
        reviews = find_reviews_of_invite(
            self.store,
            *(invite["transaction"]["reference"], invite["channelRef"], invite["id"]),
        )
        return {each.get("product", {}).get("sku"): each for each in reviews}

    def _render(self, invite, error):
        channel = self.store.get_record("channel", invite["channelRef"])
        html = self.templates.get_template("writing.html").render(
            invite=invite,
            shop=channel["name"] if channel else "a shop that is gone",
            subjects=_make_subjects(invite),
            written=self._find_written(invite),
            error=error,
        )
        return Response(
            html,
            400 if error else 200,
            content_type="text/html; charset=utf-8",
            headers={
                "Content-Security-Policy": _POLICY,
                "Referrer-Policy": "no-referrer",
            },
        )

    def _keep(self, invite, fields):
        subjects = _make_subjects(invite)
        rated = [each for each in subjects if fields.get(f"rating-{each['key']}")]
        if not rated:
            raise ValueError("Please choose at least one number of stars.")
        now = time.time()
        with self.store.transaction():
            state = self.store.get_settings()["review_state"]
            written = self._find_written(invite)
            for subject in rated:
                old = written.get(subject["sku"])
                review = _make_data(invite, subject, fields, old, now)
                review["state"] = state
                put_review(self.store, make_review(self.store, review, now))
            done = {**invite, "state": "REVIEWED"}
            self.store.change_record("invite", invite["id"], done)


def _read_form(request, body):
    if request.mimetype != _FORM:
        raise ValueError("The content type must be that of a form.")
    return dict(parse_qsl(body.decode("utf-8", "replace")))


def _make_subjects(invite):
    """Return what may be reviewed: the shop, and each product once."""
    shop = [{"key": "shop", "name": "The shop", "sku": None, "product": {}}]
    subjects = shop if invite["service"] else []
    products = {product["sku"]: product for product in invite["products"]}
    for number, (sku, product) in enumerate(products.items()):
        about = {"name": product["name"], "sku": sku, "product": product}
        subjects.append({"key": str(number), **about})
    return subjects


def _make_data(invite, subject, fields, old, now):
    """Return a review as the control API takes it."""
    rating = fields[f"rating-{subject['key']}"]
    if rating not in tuple("12345"):
        raise ValueError("Stars are a number from 1 to 5.")
    product = subject["product"]
    moment = format_moment(now)
    data = {
        **(old or {"submittedAt": moment}),
        "channelRef": invite["channelRef"],
        "inviteRef": invite["id"],
        "rating": int(rating),
        "title": fields.get(f"title-{subject['key']}", "")[:_MAX_TITLE],
        "comment": fields.get(f"comment-{subject['key']}", "")[:_MAX_COMMENT],
        "type": PRODUCT if product else SERVICE,
        "customer": invite["customer"],
        "transaction": invite["transaction"],
        "updatedAt": moment,
    }
    if old:
        data["editedAt"] = moment
    if invite.get("eventRef"):
        data["event"] = {"id": invite["eventRef"], "type": invite["eventType"]}
    if product:
        known = {name: product[name] for name in _PRODUCT_FIELDS if product.get(name)}
        name = f"{invite['channelRef']} {product['sku']}"
        ref = f"prt-{uuid.uuid5(uuid.NAMESPACE_OID, name)}"
        data["product"] = {"id": ref, **known}
    return data
