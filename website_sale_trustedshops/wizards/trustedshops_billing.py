# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError


class TrustedShopsBilling(models.TransientModel):
    """Notes which protections are on an invoice of Trusted Shops."""

    _name = "trustedshops.billing"
    _description = "Mark Protections as Billed"

    protection_ids = fields.Many2many(
        "trustedshops.protection",
        "trustedshops_billing_protection_rel",
        default=lambda self: self.env.context.get("active_ids"),
    )
    reference = fields.Char(
        string="Invoice of Trusted Shops", help="Its number, as printed on it."
    )
    never_applied_text = fields.Char(compute="_compute_texts")
    billed_text = fields.Char(compute="_compute_texts")

    @api.depends("protection_ids")
    def _compute_texts(self):
        for billing in self:
            billing.never_applied_text = billing._explain_never_applied()
            billing.billed_text = billing._explain_billed()

    def _explain_never_applied(self):
        """Return which protections no invoice can contain, '' when there are none."""
        never = self.protection_ids.filtered(lambda each: not each.requested_at)
        if not never:
            return ""
        return self.env._(
            "Never applied for, so Trusted Shops cannot have billed them: %(orders)s.",
            orders=", ".join(never.mapped("display_name")),
        )

    def _explain_billed(self):
        """Return which protections are on an invoice already, '' when there are none.

        They stay where they are.
        """
        billed = self.protection_ids.filtered("billed_ref")
        if not billed:
            return ""
        return self.env._(
            "Billed already, they stay as they are: %(orders)s.",
            orders=", ".join(
                f"{each.display_name} ({each.billed_ref})" for each in billed
            ),
        )

    def action_apply(self):
        """Note the reference on everything that was not billed yet.

        :return: a notification that says how many there were
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: without a reference, or when one was never applied for
        """
        self.ensure_one()
        reference = (self.reference or "").strip()
        if not reference:
            raise UserError(
                self.env._("Enter the number of the invoice of Trusted Shops.")
            )
        if self.never_applied_text:
            raise UserError(self.never_applied_text)
        billed_text = self.billed_text
        new = self.protection_ids.filtered(lambda each: not each.billed_ref)
        new._mark_as_billed(reference)
        text = self.env._("%(count)s marked as billed.", count=len(new))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": f"{text} {billed_text}".strip(),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
