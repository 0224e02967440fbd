# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    trustedshops_summary = fields.Html(
        compute="_compute_trustedshops_summary",
        sanitize=False,
        export_string_translation=False,
    )
    # Users neither see nor add certificates of a company that is not switched on.
    trustedshops_can_add = fields.Boolean(
        compute="_compute_trustedshops_summary", export_string_translation=False
    )
    trustedshops_order_button = fields.Boolean(
        related="website_id.trustedshops_order_button", readonly=False
    )

    @api.depends("website_id")
    @api.depends_context("allowed_company_ids")
    def _compute_trustedshops_summary(self):
        certificates = self.env["trustedshops.certificate"]
        self.trustedshops_can_add = False
        if not certificates.has_access("read"):
            self.trustedshops_summary = False
            return
        for settings in self:
            company = settings.website_id.company_id
            settings.trustedshops_can_add = company in self.env.companies
            certificates = certificates.search(
                [("website_id", "=", settings.website_id.id)]
            )
            settings.trustedshops_summary = self.env["ir.qweb"]._render(
                "website_sale_trustedshops.settings_summary",
                {
                    "certificates": certificates,
                    "website": settings.website_id,
                    "is_elsewhere": not settings.trustedshops_can_add,
                    # Source: public site of Trusted Shops.
                    "get_certified_url": "https://business.trustedshops.com",
                },
            )
