# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Trusted Shops says of the buyers who wrote the reviews.

It marks reviews as verified whose writers surely bought. Pages claim no more than that.

Source: help.etrusted.com, "Information on the authenticity of reviews"
"""

from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.const import RATING_FRESH
from odoo.addons.website_sale_trustedshops.framework import clear_caches

from .review.review import APPROVED


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    # Of all public reviews, as of the last pass.
    verification = fields.Selection(
        [("all", "All"), ("some", "Not all")],
        readonly=True,
        copy=False,
        export_string_translation=False,
    )

    def _get_verification(self):
        """Return whether buyers wrote the reviews.

        :return: ``all`` or ``some``; False when it is not known, or not any more
        :rtype: str or bool
        """
        oldest = fields.Datetime.now() - RATING_FRESH
        is_fresh = bool(self.reviews_at) and self.reviews_at >= oldest
        return is_fresh and self.verification

    def _note_verification(self):
        """Store what the reviews that were read come to; pages show it at once."""
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
