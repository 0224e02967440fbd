# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find money that came in after its fee was given back, in any way that Odoo books.

It may be a payment on the invoice, a line of a bank statement or a second transfer. No
hook sees them all, so a daily job looks for what is not matched.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

from ... import const


class TrustedShopsRefund(models.Model):
    _inherit = "trustedshops.refund"

    found_at = fields.Datetime(string="Paid Afterwards", readonly=True)
    looked_at = fields.Date(readonly=True, export_string_translation=False)

    @api.model
    def _cron_find_late_money(self):
        """Look once a day at each fee given back in the last 90 days, or still open."""
        today = fields.Date.today()
        since = fields.Datetime.now() - timedelta(days=90)
        young = Domain("create_date", ">", since) | Domain("found_at", "!=", False)
        settled = Domain("state", "in", ("nothing", "done", "by_hand"))
        open_ = settled & (young | Domain("state", "=", "by_hand"))
        is_due = Domain("looked_at", "=", False) | Domain("looked_at", "<", today)
        refunds = self.search(open_ & is_due, order="id")
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(refunds))
        for ids in split_every(const.BATCH_SIZE, refunds.ids):
            batch = self.browse(ids)
            batch.looked_at = today
            for refund in batch:
                refund.order_id._trustedshops_try(refund._follow_late_money)
            batch.protection_id.certificate_id._tell_late_money()
            if not commit(len(batch)):
                break

    def _follow_late_money(self):
        """Note what came in afterwards, or that it is settled."""
        self._close_settled()
        balance = self._get_balance()
        is_asked = self.state == "by_hand" and not self.found_at
        if balance > 0 and not is_asked and self._is_moved_since():
            self.write(
                {
                    "state": "by_hand",
                    "held_amount": balance,
                    "means": ", ".join(self._find_late_means()),
                    "found_at": self.found_at or fields.Datetime.now(),
                }
            )

    def _is_moved_since(self):
        """Return True if our credit note is open, or money moved after the refund.

        Otherwise an accountant credited the fee by hand before, and also pays it back.
        """
        open_credit = any(self._get_posted_notes().mapped("amount_residual"))
        return open_credit or bool(self._find_late_means())

    def _find_late_means(self):
        """Return the names of payments that were made or matched since.

        :rtype: list of str
        """
        lines = self.order_id._trustedshops_find_payment_moves().line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and line.amount_residual < 0
                and self._is_later(line)
            )
        )
        received = self.order_id._trustedshops_get_received_payments().filtered(
            lambda each: each.last_state_change > self.create_date
        )
        return lines.move_id.mapped("name") or received.mapped("reference")

    def _is_later(self, line):
        """Return True if a line was made or matched since."""
        matches = line.matched_debit_ids | line.matched_credit_ids
        moments = [line.create_date, *matches.mapped("create_date")]
        return max(moments) >= self.create_date


class TrustedShopsCertificate(models.Model):
    _inherit = "trustedshops.certificate"

    def _tell_late_money(self):
        """Create one activity about all the money that came in late, or close it."""
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
                "Money came in for fees that had been given back: %(count)s. See Fees"
                " Given Back.",
                count=late,
            )
            in_lang._notify_responsible("late_money", note)
