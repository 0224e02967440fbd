# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import UserError

# What says that a line is the fee, and whose.
MARKS = {"is_trustedshops_protection", "trustedshops_protection_id"}


class AccountMoveLine(models.Model):
    """Which line of an invoice is the fee is not for people to say.

    The refund of the fee credits the line with the mark, and that one alone.
    """

    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `account`: a fee is that of the order or of what is corrected.

        :raise UserError: when somebody enters another one's
        """
        lines = super().create(vals_list)
        if not self.env.su:
            for line in lines.sudo().filtered("trustedshops_protection_id"):
                line._trustedshops_check_origin()
        return lines

    def write(self, vals):
        """Override of `account` to keep the mark of the fee where it is.

        :raise UserError: when somebody else than the shop moves it
        """
        if not self.env.su:
            for name in MARKS & vals.keys():
                self._trustedshops_check_mark(name, vals[name])
        result = super().write(vals)
        if "tax_ids" in vals:
            self._trustedshops_pin_again()
        return result

    def _trustedshops_pin_again(self):
        """Fix net and tax of the fee after its taxes changed, while that is a draft."""
        for line in self.filtered(
            lambda line: (
                line.trustedshops_protection_id and line.parent_state == "draft"
            )
        ):
            move = line.move_id
            protection_sudo = line.sudo().trustedshops_protection_id
            line.write(
                line.tax_ids._trustedshops_pin_fee(
                    move.company_id,
                    product_id=line.product_id,
                    price_unit=protection_sudo.gross_fee,
                    currency_id=move.currency_id,
                    rate=move.invoice_currency_rate,
                    partner_id=move.partner_id,
                    computation_key=(
                        f"trustedshops_protection,{protection_sudo.order_id.id}"
                    ),
                )
            )

    def _trustedshops_check_mark(self, name, value):
        """Refuse another value for what marks lines as the fee.

        :param str name: of the field
        :param value: as of ``write``
        :raise UserError: when a line has another one
        """
        field = self._fields[name]
        if any(field.convert_to_write(line[name], line) != value for line in self):
            self._trustedshops_refuse()

    def _trustedshops_check_origin(self):
        """Refuse a line that is nobody's fee: neither the order's nor a reversed one's.

        :raise UserError: when it comes from somewhere else
        """
        reversed_lines = self.move_id.reversed_entry_id.invoice_line_ids
        orders = self.sale_line_ids.order_id
        origins = reversed_lines.trustedshops_protection_id
        if self.trustedshops_protection_id not in (
            origins | orders.trustedshops_protection_id
        ):
            self._trustedshops_refuse()

    def _trustedshops_refuse(self):
        """Refuse what is done to the marks of the fee.

        :raise UserError: always
        """
        raise UserError(
            self.env._(
                "Which line of an invoice is the fee of Buyer Protection cannot be"
                " changed."
            )
        )
