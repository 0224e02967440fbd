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

        Of anything else, as a debit note or what somebody enters, it is forgotten.
        """
        lines = super().create(vals_list)
        if not self.env.su:
            marked = lines.sudo().filtered("trustedshops_protection_id")
            strange = marked.filtered(lambda line: not line._trustedshops_is_known())
            strange.trustedshops_protection_id = False
        return lines

    def write(self, vals):
        """Override of `account` to keep the mark of the fee where it is.

        :raise UserError: when somebody else than the shop moves it
        """
        if not self.env.su:
            for name in MARKS & vals.keys():
                self._trustedshops_check_mark(name, vals[name])
        pinned = self._trustedshops_get_pinned() if "tax_ids" in vals else self[:0]
        result = super().write(vals)
        pinned._trustedshops_pin_again()
        return result

    def _trustedshops_get_pinned(self):
        """Return the fees on drafts at which nobody entered another price."""
        return self.filtered(
            lambda line: (
                line.sudo().trustedshops_protection_id
                and line.parent_state == "draft"
                and line.extra_tax_data
                and not line.currency_id.compare_amounts(
                    line.price_unit, line._trustedshops_get_pinned_price()
                )
            )
        )

    def _trustedshops_get_pinned_price(self):
        """Return the price at which the fee was fixed; without a tax all of it."""
        fee = self.sudo().trustedshops_protection_id.gross_fee
        return self.extra_tax_data.get("price_unit", fee)

    def _trustedshops_pin_again(self):
        """Fix net and tax of the fee after its taxes changed."""
        for line in self:
            protection_sudo = line.sudo().trustedshops_protection_id
            line.write(
                line.tax_ids._trustedshops_pin_fee(
                    protection_sudo.order_id,
                    product_id=line.product_id,
                    price_unit=protection_sudo.gross_fee,
                    currency_id=line.currency_id,
                    rate=line.move_id.invoice_currency_rate,
                    partner_id=line.move_id.partner_id,
                )
            )

    def _trustedshops_take_out(self, note):
        """Delete these lines and say so on their invoices and credit notes.

        :param str note: why
        :return: records of ``account.move``
        """
        moves = self.move_id
        self.unlink()
        for move in moves:
            move.message_post(body=note)
        return moves

    def _trustedshops_check_mark(self, name, value):
        """Refuse another value for what marks lines as the fee.

        :param str name: of the field
        :param value: as of ``write``
        :raise UserError: when a line has another one
        """
        field = self._fields[name]
        if any(field.convert_to_write(line[name], line) != value for line in self):
            self._trustedshops_refuse()

    def _trustedshops_is_known(self):
        """Tell whether a new line of the fee comes from where it may.

        From its order, from an invoice that it credits, or from one that was credited
        and is written anew.

        :rtype: bool
        """
        protection = self.trustedshops_protection_id
        reversed_lines = self.move_id.reversed_entry_id.invoice_line_ids
        origins = reversed_lines.trustedshops_protection_id
        origins |= self.sale_line_ids.order_id.trustedshops_protection_id
        return protection in origins or (
            protection._get_fee_state() == "refunded"
            and self.partner_id in protection._get_fee_invoice_lines().partner_id
        )

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
