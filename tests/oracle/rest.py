# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A shop whose buyers are invited, and whose reviews are read."""

from unittest.mock import patch

from odoo.addons.website_sale_trustedshops_reviews.lib import etrusted, tokens
from odoo.addons.website_sale_trustedshops_reviews.tests.fake_etrusted import (
    make_channel,
)
from odoo.addons.website_sale_trustedshops_reviews.tests.review_common import (
    ReviewCommon,
)

from . import adapter, branches

EMAIL = "erika@muster.example"
SHOP = "https://shop.example"
# The channel that is known here, as Trusted Shops lists it.
OWN = make_channel("chl-4711", SHOP, "de_DE", "Shop")


class RestCase(branches.BranchingCase, ReviewCommon):
    """Plays stories about consents, invitations, reviews and accounts."""

    # Whose hashes are told from others.
    emails = (EMAIL, "jan@x.example", "new@x.example", "ola@x.example")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What was proposed with the moment of the database.
        cls.env["trustedshops.channel"].search([]).reviews_from = "2026-09-01"
        cls.roles["manager"].email = "manager@shop.example"
        cls.website.name = "Shop"

    def clear_services(self):
        """Override: also those of the reviews."""
        super().clear_services()
        self.etrusted.reset()
        etrusted._tokens = tokens.TokenStore()

    def setUp(self):
        super().setUp()
        self.enterContext(patch.object(etrusted, "_tokens", tokens.TokenStore()))

    def play(self, *args):
        """Override: each story begins with services that are well."""
        self.clear_services()
        return super().play(*args)

    def look(self):
        """Override: everything about reviews is seen."""
        return {**super().look(), **adapter.see_reviews(self)}


class AccountCase(RestCase):
    """A shop with an account and a channel."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website.domain = SHOP

    def clear_services(self):
        """Override: the channel that is known here is there."""
        super().clear_services()
        self.etrusted.channels = [OWN]
