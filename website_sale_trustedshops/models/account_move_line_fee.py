# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.exceptions import UserError

# What says that a line is the fee, and whose.
MARKS = {"is_trustedshops_protection", "trustedshops_protection_id"}


class AccountMoveLine(models.Model):
    """Which line of an invoice is the fee is not for people to say.

    The refund of the fee credits the line with the mark, and that one alone.
    """

    _inherit = "account.move.line"

    def write(self, vals):
        """Override of `account` to keep the mark of the fee where it is.

        :raise UserError: when somebody else than the shop moves it
        """
        if not self.env.su:
            for name in MARKS & vals.keys():
                self._trustedshops_check_mark(name, vals[name])
        return super().write(vals)

    def _trustedshops_check_mark(self, name, value):
        """Refuse another value for what marks lines as the fee.

        :param str name: of the field
        :param value: as of ``write``
        :raise UserError: when a line has another one
        """
        field = self._fields[name]
        if any(field.convert_to_write(line[name], line) != value for line in self):
            raise UserError(
                self.env._(
                    "Which line of an invoice is the fee of Buyer Protection cannot"
                    " be changed."
                )
            )
