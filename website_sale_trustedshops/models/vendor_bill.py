# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Recognize the vendor bills by which Trusted Shops charges for protections."""

from odoo import api, fields, models

from .. import const


class AccountMove(models.Model):
    _inherit = "account.move"

    trustedshops_is_bill = fields.Boolean(
        compute="_compute_trustedshops_bill",
        compute_sudo=True,
        groups=const.BOOKKEEPERS,
        export_string_translation=False,
    )
    # How many protections are billed with it.
    trustedshops_billed_count = fields.Integer(
        compute="_compute_trustedshops_bill",
        compute_sudo=True,
        groups=const.BOOKKEEPERS,
        export_string_translation=False,
    )

    @api.depends("move_type", "commercial_partner_id.name")
    def _compute_trustedshops_bill(self):
        for move in self:
            name = move.commercial_partner_id.name or ""
            is_bill = move.move_type == "in_invoice" and "trusted shops" in name.lower()
            move.trustedshops_is_bill = is_bill
            billed = [("bill_id", "in", move.ids)]
            move.trustedshops_billed_count = is_bill and self.env[
                "trustedshops.protection"
            ].search_count(billed)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def action_trustedshops_propose_billed(self):
        """Open the dialog that proposes what Trusted Shops billed with this line.

        :rtype: dict
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "website_sale_trustedshops.trustedshops_billing_action"
        )
        context = {"default_bill_line_id": self.id, "default_bill_id": self.move_id.id}
        return {**action, "context": context}
