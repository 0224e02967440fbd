# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.models.finding import (
    HINT,
    PROBLEM,
)

from ..lib import page_rules  # noqa: F401 its rules are named by the list
from .channel.invites import ON, UNKNOWN

FORM = "/odoo/action-website_sale_trustedshops_reviews.trustedshops_channel_action"


class TrustedShopsCertificate(models.Model):
    """What the website check looks for beyond seal and badge."""

    _inherit = "trustedshops.certificate"

    @api.model
    def _get_more_findings(self, website_sudo):
        """Override of `website_sale_trustedshops` to tell who is invited twice."""
        channels_sudo = self.env["trustedshops.channel"]._find_serving(website_sudo.id)
        own = [channel._judge_invites() for channel in channels_sudo]
        return super()._get_more_findings(website_sudo) + list(filter(None, own))

    @api.model
    def _list_more_paths(self, website_sudo):
        """Override of `website_sale_trustedshops`: stars are on lists and products."""
        paths = super()._list_more_paths(website_sudo)
        channels_sudo = self.env["trustedshops.channel"]._find_serving(website_sudo.id)
        if not channels_sudo:
            return paths
        # Visitors see the stars, but not the field: so it is searched here, in sudo.
        rated = website_sudo.env["product.template"]._search(
            [("trustedshops_rating_ids.channel_id", "in", channels_sudo.ids)]
        )
        product = website_sudo._trustedshops_find_product(Domain("id", "in", rated))
        return [*paths, "/shop", *product.mapped("website_url")]


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    def _judge_invites(self):
        """Return what is to say about who invites the buyers of this channel.

        :return: see ``_make_finding``; None when all is well
        :rtype: dict or None
        """
        self.ensure_one()
        if self.inviter != "odoo" or self.checkout_invites not in (ON, UNKNOWN):
            return None
        is_on = self.checkout_invites == ON
        link = {"text": self.env._("Open the channel"), "url": f"{FORM}/{self.id}"}
        return self._make_finding(
            "invitations",
            PROBLEM if is_on else HINT,
            self._explain_double() if is_on else self._explain_unknown(),
            todo=self.env._(
                "Switch off the invitations by the Trustcard at Trusted Shops, or let"
                " only the Trustcard invite."
            ),
            links=[{**link, "is_place": True}],
        )

    def _explain_double(self):
        return self.env._(
            "Buyers of channel %s are invited twice: by Odoo, and by Trusted Shops"
            " after the Trustcard.",
            self.display_name,
        )

    def _explain_unknown(self):
        return self.env._(
            "Odoo invites the buyers of the channel %s. It is not known whether Trusted"
            " Shops also invites them, after the Trustcard.",
            self.display_name,
        )
