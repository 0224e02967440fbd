# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Money that came in after its fee was given back, by any way that Odoo books.

No hook sees them all: a payment on the invoice, a line of a bank statement, a second
transfer. So they are looked for daily, where nobody matched them.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

from ... import const


class TrustedShopsRefund(models.Model):
    _inherit = "trustedshops.refund"

    found_at = fields.Datetime(string="Paid Afterwards", readonly=True)

    @api.model
    def _cron_find_late_money(self):
        """Look for money that came in after its fee was given back."""
        since = fields.Datetime.now() - const.LATE_MONEY_WITHIN
        young = Domain("create_date", ">", since)
        young &= Domain("state", "in", ("nothing", "done", "by_hand"))
        refunds = self.search(young, order="id")
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(refunds))
        for ids in split_every(const.BATCH_SIZE, refunds.ids):
            batch = self.browse(ids)
            for refund in batch:
                refund._follow_late_money()
            batch.protection_id.certificate_id._tell_late_money()
            if not commit(len(batch)):
                break

    def _follow_late_money(self):
        """Have the row say what came in afterwards, and that it is gone again."""
        if self.state == "by_hand" and not self.found_at:
            return  # somebody was asked about it, and is at it
        amount, means = self._get_late_money()
        if amount:
            self.write(
                {
                    "state": "by_hand",
                    "held_amount": amount,
                    "means": ", ".join(means),
                    "found_at": self.found_at or fields.Datetime.now(),
                }
            )
        elif self.found_at:
            self.write({"state": "done", "held_amount": 0.0, "found_at": False})

    def _get_late_money(self):
        """Return what came in since the fee was given back, and nobody needs.

        :return: amount in the protection's currency, and names of payments
        :rtype: tuple
        """
        payment = self.payment_id.sudo()
        went_back = bool(payment) and payment.state not in ("cancel", "error")
        lines = self._find_open_lines()
        amount = sum(self._get_residual(line) for line in lines)
        amount += 0.0 if went_back else self._get_open_credit()
        order = self.order_id
        received = order._trustedshops_get_received_payments().filtered(
            lambda each: each.last_state_change > self.create_date
        )
        if received:
            online = order._trustedshops_get_money().received - self._get_cost()
            amount = max(amount, online)
        means = lines.move_id.mapped("name") or received.mapped("reference")
        amount = self.currency_id.round(amount)
        return (amount, means or self._get_means()) if amount > 0 else (0.0, [])

    def _find_open_lines(self):
        """Return lines that give the buyer something back, of payments made since.

        :return: records of ``account.move.line`` in sudo: what is left of a payment
            that was matched with an invoice, or registered for one
        """
        invoices = self._get_invoices()
        own = invoices.line_ids
        matched = own.matched_credit_ids.credit_move_id.move_id
        payments = self.env["account.payment"].sudo()
        registered = payments.search([("invoice_ids", "in", invoices.ids)]).move_id
        moves = (matched | registered) - self.order_id.sudo().invoice_ids
        since = self.create_date - timedelta(minutes=1)
        return moves.line_ids.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.account_id.account_type == "asset_receivable"
                and line.amount_residual < 0
                and not line.move_id.is_invoice()
                and line.move_id.create_date >= since
            )
        )

    def _get_residual(self, line):
        """Return what a line still gives the buyer, in the protection's currency."""
        if line.currency_id == self.currency_id:
            return -line.amount_residual_currency
        return line.company_currency_id._convert(
            -line.amount_residual, self.currency_id, line.company_id, line.date
        )


class TrustedShopsCertificate(models.Model):
    _inherit = "trustedshops.certificate"

    def _tell_late_money(self):
        """Give one person one thing to do about all the money that came in late."""
        refunds = self.env["trustedshops.refund"].sudo()
        for certificate in self:
            late = refunds.search_count(
                [
                    ("protection_id.certificate_id", "=", certificate.id),
                    ("found_at", "!=", False),
                ]
            )
            if not late:
                certificate._close_todos_about("late_money")
                continue
            in_lang = certificate._in_responsible_lang()
            note = in_lang.env._(
                "Money came in for fees that had been given back: %(count)s. Open"
                " Fees Given Back, filter To Give Back by Hand, and pay it back or"
                " match it.",
                count=late,
            )
            in_lang._notify_responsible("late_money", note)
