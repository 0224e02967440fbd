# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import UserError

from ..client_action import show


class TrustedShopsBilling(models.TransientModel):
    """Notes which protections are on an invoice of Trusted Shops.

    Access rights of this model decide who may: nobody can write protections.
    """

    _name = "trustedshops.billing"
    _description = "Mark as billed"

    protection_ids = fields.Many2many(
        "trustedshops.protection",
        "trustedshops_billing_protection_rel",
        default=lambda self: self.env.context.get("active_ids"),
        export_string_translation=False,
    )
    reference = fields.Char(string="Invoice of Trusted Shops")

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
        never = self.protection_ids.filtered(lambda each: not each.requested_at)
        if never:
            raise UserError(
                self.env._(
                    "Never applied for, so Trusted Shops cannot have billed them:"
                    " %(orders)s.",
                    orders=", ".join(never.mapped("display_name")),
                )
            )
        billed = self.protection_ids.filtered("billed_ref")
        new = self.protection_ids - billed
        new.check_access("read")
        new.sudo().billed_ref = reference
        note = self.env._(
            "Billed by Trusted Shops with %(reference)s.", reference=reference
        )
        new.sudo()._message_log_batch(bodies=dict.fromkeys(new.ids, note))
        text = self.env._("%(count)s marked as billed.", count=len(new))
        if billed:
            names = (f"{each.display_name} ({each.billed_ref})" for each in billed)
            stay = self.env._(
                "Billed already, they stay as they are: %(orders)s.",
                orders=", ".join(names),
            )
            text = f"{text} {stay}"
        return show(text, next={"type": "ir.actions.act_window_close"})
