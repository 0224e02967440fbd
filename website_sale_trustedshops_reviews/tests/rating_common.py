# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from unittest.mock import patch

from odoo import fields

from odoo.addons.website_sale_trustedshops.tests.fake_service import make_response

from .. import const
from .reviews_common import ReviewsCommon

RATING_CRON = "website_sale_trustedshops_reviews.ir_cron_read_ratings"
FEED = "https://integrations.etrusted.com/feeds/grades/v1/channels/"
NOTICE = "Only buyers whose order we delivered can review it."


class FakeFeed:
    """The public feed: outcomes by ID of the product, ``{}`` for all others.

    An outcome is a document, an exception, or HTTP status, body and headers.
    """

    def __init__(self):
        self.outcomes = {}
        self.asked = []
        self.etags = []

    def send(self, request):
        channel_ref, _products, _kind, sku, _file = request.url.removeprefix(
            FEED
        ).split("/")
        sku = bytes.fromhex(sku).decode()
        self.asked.append((channel_ref, sku))
        etag = request.headers.get("If-None-Match")
        self.etags.append(etag)
        outcome = self.outcomes.get(sku, {})
        if isinstance(outcome, Exception):
            raise outcome
        if isinstance(outcome, dict):
            text = json.dumps(outcome)
            own = f'"{hash(text)}"'
            if etag == own:
                return make_response(304, "", ETag=own)
            return make_response(200, text, ETag=own)
        status, body, *headers = outcome
        return make_response(status, body, **(headers[0] if headers else {}))


class RatingCommon(ReviewsCommon):
    """A shop with products that Trusted Shops knows, and a fake feed."""

    feed = FakeFeed()
    is_frozen = True

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        if r.url.startswith(FEED):
            return cls.feed.send(r)
        return super()._request_handler(s, r, **kw)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["product.template"].search([]).is_published = False
        cls.product = cls._make_product("LAMP")
        cls.other = cls._make_product("DESK")
        cls.account.state = "connected"
        cls.channel.certificate_id = cls.certificate
        cls.certificate.rating_notice = NOTICE
        cls.ratings = cls.env["trustedshops.product.rating"]

    def setUp(self):
        super().setUp()
        self.feed.__init__()
        self.enterContext(patch.object(const, "GRADE_INTERVAL", 0))

    @classmethod
    def _make_product(cls, sku, **values):
        return cls.env["product.template"].create(
            {
                "name": f"Product {sku}",
                "list_price": 10.0,
                "is_published": True,
                "trustedshops_sku": sku,
                **values,
            }
        )

    @classmethod
    def _make_channel(cls, ref, **values):
        return cls.env["trustedshops.channel"].create(
            {"channel_ref": ref, "account_id": cls.account.id, **values}
        )

    def _read(self, **outcomes):
        """Have the scheduled action read what is due, with further outcomes."""
        self.feed.outcomes.update(outcomes)
        with self.enter_registry_test_mode():
            self.env.ref(RATING_CRON).method_direct_trigger()

    def _get_rating(self, product=None, channel=None):
        return self.ratings.search(
            [
                ("product_tmpl_id", "=", (product or self.product).id),
                ("channel_id", "=", (channel or self.channel).id),
            ]
        )

    def _rate(self, product=None, rating=4.8, count=12, **values):
        """Return a rating as the scheduled action writes it."""
        self.env.registry.clear_cache()
        return self.ratings.create(
            {
                "product_tmpl_id": (product or self.product).id,
                "channel_id": self.channel.id,
                "rating": rating,
                "count": count,
                "read_at": fields.Datetime.now(),
                **values,
            }
        )
