# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # Copied, so that credit notes and corrections know their line of the fee.
    is_trustedshops_protection = fields.Boolean(
        string="Is Buyer Protection", readonly=True
    )
    # Whose fee it is, also when the line of the order is gone. A mere copy of an
    # invoice charges nobody's fee.
    trustedshops_protection_id = fields.Many2one(
        "trustedshops.protection",
        string="Buyer Protection",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
    )

    def _copy_data_extend_business_fields(self, values):
        """Override of `account`: credit notes and corrections know whose fee it is.

        :param dict values: of the new line, changed in place
        """
        result = super()._copy_data_extend_business_fields(values)
        values["trustedshops_protection_id"] = self.trustedshops_protection_id.id
        return result
