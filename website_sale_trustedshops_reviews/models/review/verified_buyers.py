# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tell whether buyers wrote the reviews, as far as Trusted Shops knows.

Trusted Shops marks a review as verified if its writer certainly bought. Pages claim no
more than that.

Source: help.etrusted.com, "Information on the authenticity of reviews"
"""

from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.const import RATING_FRESH
from odoo.addons.website_sale_trustedshops.framework import clear_caches

from .review import APPROVED


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    # About all public reviews, after the last pass.
    verification = fields.Selection(
        [("all", "All"), ("some", "Not all")],
        readonly=True,
        copy=False,
        export_string_translation=False,
    )

    def _get_verification(self):
        """Return whether the public reviews are verified.

        :return: ``all`` or ``some``; False if that is unknown, or known too long ago
        :rtype: str or bool
        """
        oldest = fields.Datetime.now() - RATING_FRESH
        is_fresh = bool(self.reviews_at) and self.reviews_at >= oldest
        return is_fresh and self.verification

    def _note_verification(self):
        """Store whether the reviews are verified, and show it on pages at once."""
        public = Domain("channel_id", "=", self.id) & Domain("state", "=", APPROVED)
        verified, others = (
            self.env["trustedshops.review"].search_count(
                public & Domain("is_verified", "=", is_verified), limit=1
            )
            for is_verified in (True, False)
        )
        verification = "some" if others else "all" if verified else False
        if self.verification != verification:
            self.verification = verification
            clear_caches(self.env)
