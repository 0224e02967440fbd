# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where the fee stands in the books, and what becomes of it when goods come back."""

from odoo import api, fields, models

from .trustedshops_protection import FEE_GIVEN_BACK


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    ended_at = fields.Datetime(
        string="Order Ended",
        readonly=True,
        help="When the order was cancelled or all of its goods were credited.",
    )
    invoice_ids = fields.Many2many(
        "account.move",
        compute="_compute_invoice_ids",
        groups="account.group_account_invoice,account.group_account_readonly,"
        "sales_team.group_sale_salesman",
    )
    credit_note_ids = fields.Many2many(
        "account.move",
        compute="_compute_invoice_ids",
        groups="account.group_account_invoice,account.group_account_readonly,"
        "sales_team.group_sale_salesman",
    )

    # As on the order, whose form needs rights in sales as soon as loyalty is installed.
    order_payments = fields.Html(
        related="order_id.trustedshops_payments", string="Transactions"
    )
    paid_amount = fields.Monetary(
        related="order_id.trustedshops_paid_amount", string="Paid"
    )
    owed_amount = fields.Monetary(
        related="order_id.trustedshops_owed_amount", string="Owed"
    )

    @api.depends("order_id", "fee_state")
    @api.depends_context("uid")
    def _compute_invoice_ids(self):
        for protection in self:
            lines = protection._get_fee_invoice_lines().sudo(False)
            moves = lines.move_id._filtered_access("read")
            invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
            protection.invoice_ids = invoices
            protection.credit_note_ids = moves - invoices

    def _get_fee_invoice_lines(self, states=("draft", "posted")):
        """Return the lines of the fee on invoices and credit notes.

        :param tuple states: of these documents
        :return: records of ``account.move.line`` in sudo
        """
        self.ensure_one()
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("trustedshops_protection_id", "in", self.ids),
                    ("parent_state", "in", states),
                ]
            )
        )

    def _get_fee_lines(self):
        """Return the line of the fee on the order, if it is still this protection's.

        :return: records of ``sale.order.line``
        """
        self.ensure_one()
        order = self.order_id
        is_own = order.trustedshops_protection_id == self
        lines = order._trustedshops_get_fee_lines()
        return lines if is_own else lines.browse()

    def _get_invoiced_fee(self):
        """Return what posted invoices charge for the fee, less what was credited.

        :return: the balance and what was credited, taxes in
        :rtype: tuple of float
        """
        posted = self._get_fee_invoice_lines().filtered(
            lambda line: line.parent_state == "posted"
        )
        credited = posted.filtered(lambda line: line.move_id.move_type == "out_refund")
        invoiced = sum((posted - credited).mapped("price_total"))
        paid_back = sum(credited.mapped("price_total"))
        return self.currency_id.round(invoiced - paid_back), paid_back

    def _follow_invoices(self):
        """Let the state of the fee be what the books say."""
        for protection in self:
            state = protection._get_fee_state()
            if protection.fee_state != state:
                protection._change_fee_state(state)
            if not protection.order_id._trustedshops_is_invoiced_ahead():
                protection._close_todos_about("final_invoice")

    def _get_fee_state(self):
        """Return what the books say about the fee.

        :return: value of ``fee_state``
        :rtype: str
        """
        balance, credited = self._get_invoiced_fee()
        if balance > 0:
            return "invoiced"
        if credited:
            return "refunded"
        return "waived" if self.fee_returned_at or self.state == "cancelled" else "due"

    def _change_fee_state(self, state):
        """Set the state of the fee, and do away with what it makes moot.

        :param str state: the new one
        """
        was_given_back = self.fee_state in FEE_GIVEN_BACK
        self.fee_state = state
        if state != "invoiced":
            self._close_todos_about("fee_invoiced")
        if was_given_back and state not in FEE_GIVEN_BACK:
            self._close_todos_about("fee_given_back")
            # It waited for that, if it was not sent yet.
            self._in_responsible_lang()._reexamine()

    def _close_todos_about(self, cause):
        """Delete the activities that ask for something which is done.

        :param str cause: of :meth:`_notify_of`
        """
        self._find_todos(cause).unlink()

    def _find_todos(self, cause):
        """Return the open activities about something.

        :param str cause: of :meth:`_notify_of`
        """
        return self.sudo().activity_ids.filtered(
            lambda activity: activity.trustedshops_cause == cause
        )

    # === THE ORDER ENDS === #

    def _cancel(self):
        """Override: what was never applied for is not charged either."""
        result = super()._cancel()
        for protection in self.filtered(lambda each: each.state == "cancelled"):
            protection = protection._in_responsible_lang()
            protection._take_fee_off_drafts()
            protection._follow_invoices()
            if protection.fee_state == "invoiced":
                protection._ask_to_credit()
        return result

    def _ask_to_credit(self):
        """Ask the responsible user to pay a fee back that was charged for nothing."""
        invoices = self._get_fee_invoice_lines().move_id.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )
        self.certificate_id._notify_of(
            self,
            self.env._(
                "The order was cancelled before Buyer Protection was applied for, but"
                " its fee is on invoice %(invoices)s. Pay it back: Refund fee.",
                invoices=", ".join(invoices.mapped("name")),
            ),
            "fee_invoiced",
        )

    def _follow_return(self):
        """Act when every good of the order was credited: the buyer withdrew."""
        for protection in self:
            if protection.state not in ("requested", "confirmed"):
                continue
            if not protection.ended_at and protection._is_all_returned():
                protection = protection._in_responsible_lang()
                protection._follow_refund_policy(
                    protection.env._(
                        "All goods of the order were credited, but its Buyer Protection"
                        " was applied for already and Trusted Shops has no way to"
                        " cancel it. Decide whether the fee is paid back."
                    )
                )

    def _follow_new_invoice(self):
        """Forget that the order ended when its goods are invoiced again.

        As with a corrected invoice, which begins with a credit note of all of it.
        """
        for protection in self:
            is_open = protection.order_id.state != "cancel"
            if protection.ended_at and is_open and not protection._is_all_returned():
                protection.ended_at = False

    def _is_all_returned(self):
        """Tell whether all goods of the order were invoiced, and all were credited.

        :rtype: bool
        """
        goods = self._get_goods()
        quantities = [(line, *self._get_sold_and_returned(line)) for line in goods]
        return any(sold for _line, sold, _returned in quantities) and all(
            line.product_uom_id.compare(sold, line.product_uom_qty) >= 0
            and line.product_uom_id.compare(returned, sold) >= 0
            for line, sold, returned in quantities
        )

    def _get_sold_and_returned(self, line):
        """Return how much was invoiced of what was ordered, and how much credited.

        :param line: record of ``sale.order.line``
        :return: two quantities in the unit of the line, of posted documents
        :rtype: tuple of float
        """
        sold = returned = 0.0
        for each in line.invoice_lines:
            if each.parent_state != "posted":
                continue
            unit = each.product_uom_id
            quantity = unit._compute_quantity(each.quantity, line.product_uom_id)
            if each.move_id.move_type == "out_invoice":
                sold += quantity
            elif each.move_id.move_type == "out_refund":
                returned += quantity
        return sold, returned

    def _get_goods(self):
        """Return what the buyer could give back, as lines of the order."""
        return self.order_id.order_line.filtered(
            lambda line: (
                not (
                    line.is_trustedshops_protection
                    or line.is_delivery
                    or line.is_downpayment
                    or line.display_type
                )
            )
        )

    def _follow_refund_policy(self, question):
        """Pay the fee back, keep it, or ask, as the certificate says.

        :param str question: for the responsible user
        """
        self.ended_at = fields.Datetime.now()
        policy = self.certificate_id.fee_refund_policy
        if self.fee_state not in ("due", "invoiced") or policy == "keep":
            if self.fee_state in ("due", "invoiced"):
                self._post_note(
                    self.env._(
                        "The fee of Buyer Protection is kept although the order came to"
                        " nothing: so the certificate says."
                    )
                )
        elif policy == "refund" and self.state != "sending":
            self._try_to_return_fee()
        else:
            self.certificate_id._notify_of(self, question)

    def _post_note(self, text):
        """Note something at the protection and at its order."""
        self.message_post(body=text)
        self.order_id.message_post(body=text)
