# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError


class TrustedShopsBilling(models.TransientModel):
    """Notes which protections are on an invoice of Trusted Shops.

    Access rights of this model decide who may: nobody can write protections.
    """

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
    never_applied_text = fields.Char(
        compute="_compute_texts", export_string_translation=False
    )
    billed_text = fields.Char(compute="_compute_texts", export_string_translation=False)

    @api.depends("protection_ids")
    def _compute_texts(self):
        for billing in self:
            protections = billing.protection_ids
            never = protections.filtered(lambda each: not each.requested_at)
            billed = protections.filtered("billed_ref")
            billing.never_applied_text = bool(never) and self.env._(
                "Never applied for, so Trusted Shops cannot have billed them:"
                " %(orders)s.",
                orders=", ".join(never.mapped("display_name")),
            )
            billing.billed_text = bool(billed) and self.env._(
                "Billed already, they stay as they are: %(orders)s.",
                orders=", ".join(
                    f"{each.display_name} ({each.billed_ref})" for each in billed
                ),
            )

    def action_apply(self):
        """Note the reference on everything that was not billed yet.

        :return: a notification that says how many there were
        :rtype: dict
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
        billed_text = self.billed_text or ""
        new = self.protection_ids.filtered(lambda each: not each.billed_ref)
        new.check_access("read")
        new.sudo().billed_ref = reference
        note = self.env._(
            "Billed by Trusted Shops with %(reference)s.", reference=reference
        )
        new.sudo()._message_log_batch(bodies=dict.fromkeys(new.ids, note))
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
