# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    trustedshops_consent_years = fields.Integer(
        related="website_id.company_id.trustedshops_consent_years", readonly=False
    )
    trustedshops_reviews_summary = fields.Html(
        compute="_compute_trustedshops_reviews_summary",
        sanitize=False,
        export_string_translation=False,
    )

    @api.depends("website_id")
    @api.depends_context("allowed_company_ids")
    def _compute_trustedshops_reviews_summary(self):
        channels = self.env["trustedshops.channel"]
        accounts = self.env["trustedshops.account"]
        if not (channels.has_access("read") and accounts.has_access("read")):
            self.trustedshops_reviews_summary = False
            return
        for settings in self:
            website = settings.website_id
            own = accounts.search([("company_id", "=", website.company_id.id)])
            settings.trustedshops_reviews_summary = self.env["ir.qweb"]._render(
                "website_sale_trustedshops_reviews.settings_summary",
                {
                    "channels": channels.search([("website_id", "=", website.id)]),
                    "accounts": own.filtered("headline"),
                    "has_accounts": bool(own),
                },
            )
