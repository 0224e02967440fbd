# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from math import isfinite
from urllib.parse import urlencode

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import hash_sign, verify_hash_signed

from .. import const

# Type of the activity that lists withdrawals which may be from an order.
PROPOSED = "website_sale_withdrawal.mail_activity_type_proposed"
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
        """Open the withdrawals from the orders, or the form if there is only one.

        :rtype: dict
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "website_sale_withdrawal.sale_withdrawal_action"
        )
        action |= {"domain": [("order_id", "in", self.ids)], "context": {}}
        if len(withdrawals := self.withdrawal_ids) == 1:
            action |= {"res_id": withdrawals.id, "views": [(False, "form")]}
        return action

    def action_record_withdrawal(self):
        """Open the dialog to record a withdrawal that did not come through the website.

        :rtype: dict
        :raise AccessError: if the user may not see the order
        """
        self.ensure_one()
        self.check_access("read")  # its lines would only be empty
        lines = [
            Command.create(
                {
                    "line_id": line.id,
                    "name": line.name_short,
                    "ordered": line.product_uom_qty,
                    "quantity": line.product_uom_qty,
                }
            )
            for line in self._withdrawal_get_lines()
        ]
        entry = self.env["sale.withdrawal.entry"].create(
            {"order_id": self.id, "line_ids": lines}
        )
        action = entry._get_records_action(target="new")
        return {**action, "name": self.env._("Record a Withdrawal")}

    # === THE SIGNED LINK === #
    def _withdrawal_sign(self):
        """Return the signed value that identifies this order in links.

        It opens the withdrawal from this order, and nothing else of the order.

        :rtype: str
        """
        self.ensure_one()
        return hash_sign(self.sudo().env, const.SCOPE, self.id)

    def _withdrawal_get_path(self):
        """Return the path of the page to withdraw from this order, signed.

        :rtype: str
        """
        return "/withdrawal?" + urlencode({"contract": self._withdrawal_sign()})

    @api.model
    def _withdrawal_find(self, contract):
        """Return the order of a signed value, in sudo; empty if the signature is wrong.

        :param str contract: value from :meth:`_withdrawal_sign`, or anything else
        """
        orders_sudo = self.sudo()
        try:
            order_id = verify_hash_signed(orders_sudo.env, const.SCOPE, contract)
        except ValueError:
            order_id = None
        return orders_sudo.browse(order_id).exists()

    @api.model
    def _withdrawal_find_own(self, company):
        """Return the newest orders of the user's commercial entity, in sudo.

        Only those that can be withdrawn from count, and at most ``OWN_ORDERS`` are
        returned.

        :param company: record of ``res.company`` that sold
        """
        partner = self.env.user.partner_id.commercial_partner_id
        domain = Domain("partner_id", "child_of", partner.id)
        domain &= Domain("company_id", "=", company.id)
        domain &= self._withdrawal_get_placed_domain()
        orders_sudo = self.sudo()
        return orders_sudo.search(domain, limit=const.OWN_ORDERS, order="id desc")

    @api.model
    def _withdrawal_get_placed_domain(self):
        """Return the domain of orders from which a buyer may withdraw. To be extended.

        A quotation is not a contract, but a website's order that waits for payment is.

        :rtype: Domain
        """
        is_sent = Domain("state", "=", "sent") & Domain("website_id", "!=", False)
        return Domain("state", "in", ("sale", "cancel")) | is_sent

    # === PROPOSALS === #
    def unlink(self):
        """Override of the framework to examine again the withdrawals that propose them.

        Activities about these withdrawals are deleted with the orders, so the job has
        to find another order, or to tell staff.
        """
        withdrawals = self.env["sale.withdrawal"].sudo()
        withdrawals.search(self._withdrawal_get_proposed_domain())._examine_again()
        return super().unlink()

    def _withdrawal_get_proposed_domain(self):
        """Return the domain of withdrawals for which staff may assign these orders."""
        is_open = Domain("order_id", "=", False) & Domain("state", "=", "received")
        return is_open & Domain("proposed_order_id", "in", self.ids)

    def _withdrawal_sync_proposals(self):
        """Sync the one activity of each order about withdrawals that may be from it.

        Create or update the activity, or delete it if there are none. It sends no mail,
        because a program may declare a thousand times.
        """
        for order in self.sudo().with_context(mail_activity_quick_update=True):
            proposed = order._withdrawal_get_proposed_domain()
            withdrawals = self.env["sale.withdrawal"].sudo()
            withdrawals = withdrawals.search(proposed, limit=const.PROPOSALS)
            if not withdrawals:
                order.activity_unlink([PROPOSED])
                continue
            user = withdrawals[0]._get_responsible()
            in_lang = order.with_context(lang=user.lang or "en_US")
            note = in_lang._withdrawal_format_proposals(
                withdrawals, withdrawals.search_count(proposed)
            )
            if listed := in_lang.activity_search([PROPOSED]):
                listed.note = note
                continue
            oldest = withdrawals[-1]
            in_lang.activity_schedule(
                PROPOSED,
                date_deadline=oldest._get_local_date(oldest.received_at),
                summary=in_lang.env._("Withdrawals that may be from this order"),
                note=note,
                user_id=user.id,
            )

    def _withdrawal_format_proposals(self, withdrawals, total):
        """Return a note with links to withdrawals, without what strangers typed.

        :param withdrawals: records of ``sale.withdrawal``, the newest ones
        :param int total: number of all withdrawals, also of those without a link
        :rtype: Markup
        """
        in_lang = withdrawals.with_env(self.env)
        links = [each._get_html_link(each._get_press_time()) for each in in_lang]
        if total > len(links):
            more = total - len(links)
            links.append(self.env._("%(count)s older ones", count=more))
        words = self.env._(
            "They name the number of this order, but neither the name nor the address"
            " of its buyer. Open each, and assign the order if it is the buyer's:"
        )
        items = Markup().join(Markup("<li>%s</li>") % link for link in links)
        return Markup("<p>%s</p><ul>%s</ul>") % (words, items)

    # === ARTICLES === #
    def _withdrawal_get_lines(self):
        """Return the order lines whose quantity to withdraw a buyer may choose."""
        return self.website_order_line.filtered(
            lambda line: line.product_uom_qty > 0 and line.price_total >= 0
        )

    def _withdrawal_read_articles(self, posted):
        """Return the articles that a buyer chose in the form.

        :param dict posted: values of the form, ``quantity_<id of the line>`` as typed
        :return: see :meth:`_withdrawal_format_articles`
        """
        lines = self._withdrawal_get_lines()
        typed = {line.id: posted.get(f"quantity_{line.id}") for line in lines}
        return self._withdrawal_format_articles(typed)

    def _withdrawal_format_articles(self, typed):
        """Return the articles that are withdrawn from, by quantities of the lines.

        :param dict typed: quantity by id of the line, as a text or number; None for all
            that was ordered
        :return: one article per line; '' for the whole order, None if all quantities
            are 0
        :rtype: str or None
        """
        lines = self._withdrawal_get_lines()
        quantities = [
            _read_quantity(typed.get(line.id, 0), line.product_uom_qty)
            for line in lines
        ]
        if quantities == lines.mapped("product_uom_qty"):
            return ""
        articles = "\n".join(
            f"{quantity:.15g} × {line.name_short}"
            for line, quantity in zip(lines, quantities, strict=True)
            if quantity
        )
        return articles or None

    # === DATES === #
    def _withdrawal_get_dispatched_at(self):
        """Return the moment at which the last goods were sent, False if unknown.

        To be extended: here it is always unknown.

        :return: UTC
        :rtype: datetime.datetime or bool
        """
        self.ensure_one()
        return False


def _read_quantity(typed, ordered):
    """Return a typed quantity, limited to the range from 0 to the ordered one.

    :param typed: value of the form, None if the form did not have the field
    :type typed: str or float or None
    :param float ordered: quantity of the line
    :return: 0 if the text is not a number, the ordered quantity for None
    :rtype: float
    """
    if typed is None:
        return ordered
    try:
        quantity = float(typed)
    except (TypeError, ValueError):
        return 0.0
    return min(max(quantity, 0.0), ordered) if isfinite(quantity) else 0.0
