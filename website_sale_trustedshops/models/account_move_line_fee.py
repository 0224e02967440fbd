# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """Which line of an invoice is the fee is not for people to say.

    The refund of the fee credits the line with the mark, and that one alone.
    """

    _inherit = "account.move.line"

    def write(self, vals):
        """Override of `account` to keep the mark of the fee where it is.

        :raise UserError: when somebody else than the shop moves it
        """
        if "is_trustedshops_protection" in vals and not self.env.su:
            is_fee = bool(vals["is_trustedshops_protection"])
            if any(line.is_trustedshops_protection != is_fee for line in self):
                raise UserError(
                    self.env._(
                        "Which line of an invoice is the fee of Buyer Protection cannot"
                        " be changed."
                    )
                )
        return super().write(vals)
