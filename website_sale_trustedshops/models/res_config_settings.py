# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .. import const


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    trustedshops_summary = fields.Html(
        compute="_compute_trustedshops_summary", sanitize=False
    )

    @api.depends("website_id")
    def _compute_trustedshops_summary(self):
        certificates = self.env["trustedshops.certificate"]
        if not certificates.has_access("read"):
            self.trustedshops_summary = False
            return
        for settings in self:
            certificates = certificates.search(
                [("website_id", "=", settings.website_id.id)]
            )
            settings.trustedshops_summary = self.env["ir.qweb"]._render(
                "website_sale_trustedshops.settings_summary",
                {
                    "certificates": certificates,
                    "website": settings.website_id,
                    "get_certified_url": const.GET_CERTIFIED_URL,
                },
            )

    def action_trustedshops_add_certificate(self):
        """Open the form of a new certificate.

        It is for the chosen website unless its address is that of another one.
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add a Trusted Shops Certificate"),
            "res_model": "trustedshops.certificate",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"trustedshops_fallback_website_id": self.website_id.id},
        }

    def action_trustedshops_open_certificates(self):
        """Open the certificates of the chosen website."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "website_sale_trustedshops.trustedshops_certificate_action"
        )
        action["domain"] = [("website_id", "=", self.website_id.id)]
        return action
