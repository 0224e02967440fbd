# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.models.finding import HINT, PROBLEM

from ..lib import star_criteria  # noqa: F401 the list of criteria names its rules
from .channel.invite_settings import ON, UNKNOWN


class TrustedShopsCertificate(models.Model):
    """Add stars and invitations to the website check."""

    _inherit = "trustedshops.certificate"

    @api.model
    def _get_more_findings(self, website_sudo):
        """Override of `website_sale_trustedshops` to report double invitations."""
        channels_sudo = self.env["trustedshops.channel"]._find_serving(website_sudo.id)
        own = [channel._judge_invites() for channel in channels_sudo]
        return super()._get_more_findings(website_sudo) + list(filter(None, own))

    @api.model
    def _list_more_paths(self, website_sudo):
        """Override of `website_sale_trustedshops` to add pages with stars."""
        paths = super()._list_more_paths(website_sudo)
        channels_sudo = self.env["trustedshops.channel"]._find_serving(website_sudo.id)
        if not channels_sudo:
            return paths
        # Visitors see the stars but may not read the field, so search it in sudo.
        rated = website_sudo.env["product.template"]._search(
            [("trustedshops_rating_ids.channel_id", "in", channels_sudo.ids)]
        )
        product = website_sudo._trustedshops_find_product(Domain("id", "in", rated))
        return [*paths, "/shop", *product.mapped("website_url")]


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    def _judge_invites(self):
        """Return a finding if Odoo and the Trustcard may both invite.

        :return: see ``_make_finding``; None if all is well
        :rtype: dict or None
        """
        self.ensure_one()
        if self.inviter != "odoo" or self.checkout_invites not in (ON, UNKNOWN):
            return None
        action = "website_sale_trustedshops_reviews.trustedshops_channel_action"
        url = f"/odoo/action-{action}/{self.id}"
        return self._make_finding(
            "invitations",
            PROBLEM if self.checkout_invites == ON else HINT,
            self._explain_double_invites(),
            todo=self.env._(
                "Switch off the invitations by the Trustcard at Trusted Shops, or let"
                " only the Trustcard invite."
            ),
            links=[
                {"text": self.env._("Open the channel"), "url": url, "is_place": True}
            ],
        )

    def _explain_double_invites(self):
        """Return a sentence that buyers are, or may be, invited twice."""
        if self.checkout_invites == ON:
            return self.env._(
                "Buyers of channel %s are invited twice: by Odoo, and by Trusted Shops"
                " after the Trustcard.",
                self.display_name,
            )
        return self.env._(
            "Odoo invites the buyers of the channel %s. It is not known whether Trusted"
            " Shops also invites them, after the Trustcard.",
            self.display_name,
        )
