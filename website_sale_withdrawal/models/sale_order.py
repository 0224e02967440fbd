# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from math import isfinite
from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import hash_sign, verify_hash_signed

from .. import const

# Accountants see orders, but no withdrawals.
SALESPEOPLE = "sales_team.group_sale_salesman"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    withdrawal_ids = fields.One2many(
        "sale.withdrawal", "order_id", string="Withdrawals", groups=SALESPEOPLE
    )
    withdrawal_count = fields.Integer(
        string="Number of Withdrawals",
        compute="_compute_withdrawal_count",
        groups=SALESPEOPLE,
        export_string_translation=False,
    )

    @api.depends("withdrawal_ids")
    def _compute_withdrawal_count(self):
        for order in self:
            order.withdrawal_count = len(order.withdrawal_ids)

    def action_view_withdrawals(self):
        """Open the withdrawals from this order.

        :rtype: dict
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "website_sale_withdrawal.sale_withdrawal_action"
        )
        action |= {"domain": [("order_id", "in", self.ids)], "context": {}}
        if len(withdrawals := self.withdrawal_ids) == 1:
            action |= {"res_id": withdrawals.id, "views": [(False, "form")]}
        return action

    # === THE SIGNED LINK === #
    def _withdrawal_sign(self):
        """Return a signed value, which a buyer can get only from the shop.

        It opens the withdrawal from this order, and nothing else of the order.

        :rtype: str
        """
        self.ensure_one()
        return hash_sign(self.sudo().env, const.SCOPE, self.id)

    def _withdrawal_get_path(self):
        """Return the address of the withdrawal from this order, without the domain.

        :rtype: str
        """
        return "/withdrawal?" + urlencode({"contract": self._withdrawal_sign()})

    @api.model
    def _withdrawal_find(self, contract):
        """Return the order of a signed link, in sudo; empty if we did not sign it.

        :param str contract: what :meth:`_withdrawal_sign` returned, or anything else
        """
        orders_sudo = self.sudo()
        try:
            order_id = verify_hash_signed(orders_sudo.env, const.SCOPE, contract)
        except ValueError:
            order_id = None
        return orders_sudo.browse(order_id).exists()

    @api.model
    def _withdrawal_find_own(self):
        """Return the last orders of the user, in sudo."""
        partner = self.env.user.partner_id.commercial_partner_id
        domain = Domain("partner_id", "child_of", partner.id)
        domain &= self._withdrawal_get_placed_domain()
        orders_sudo = self.sudo()
        return orders_sudo.search(domain, limit=const.OWN_ORDERS, order="id desc")

    @api.model
    def _withdrawal_get_placed_domain(self):
        """Return the domain of orders from which a buyer may withdraw.

        A quotation is no contract. An order of the shop that waits for its payment is.

        :rtype: Domain
        """
        is_sent = Domain("state", "=", "sent") & Domain("website_id", "!=", False)
        return Domain("state", "in", ("sale", "cancel")) | is_sent

    # === ARTICLES === #
    def _withdrawal_get_lines(self):
        """Return the lines of which a buyer may choose articles."""
        return self.website_order_line.filtered(
            lambda line: line.product_uom_qty > 0 and line.price_total >= 0
        )

    def _withdrawal_read_articles(self, posted):
        """Return the articles that a buyer chose.

        :param dict posted: quantities as they were typed, ``quantity_<id of the line>``
        :return: one per line; empty for the whole order, None if the buyer chose none
        :rtype: str or None
        """
        chosen, is_whole = [], True
        for line in self._withdrawal_get_lines():
            ordered = line.product_uom_qty
            quantity = _read_quantity(posted.get(f"quantity_{line.id}"), ordered)
            is_whole = is_whole and quantity == ordered
            if quantity:
                chosen.append(f"{quantity:.15g} × {line.name_short}")
        if is_whole:
            return ""
        return "\n".join(chosen) or None

    # === DATES === #
    def _withdrawal_get_dispatched_at(self):
        """Return when the last goods left the shop, False while that is not known.

        The module `website_sale_withdrawal_stock` overrides this.

        :rtype: datetime or bool
        """
        self.ensure_one()
        return False


def _read_quantity(typed, ordered):
    """Return the typed quantity, limited to the ordered one.

    Return 0 if it is no number, and the ordered one if the form did not ask for it.
    """
    if typed is None:
        return ordered
    try:
        quantity = float(typed)
    except (TypeError, ValueError):
        return 0.0
    return min(max(quantity, 0.0), ordered) if isfinite(quantity) else 0.0
