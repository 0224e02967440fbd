# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The statement: what the shop owes Trusted Shops, and what buyers paid for it."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from .standing import FEE_GIVEN_BACK, WAITING_STATES, is_in_doubt

_lt = LazyTranslate(__name__)
# Label of the group without a bill, when a list is grouped by bill.
NOT_BILLED = _lt("Not billed")


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    billable = fields.Selection(
        [
            ("owed", "Owed to Trusted Shops"),
            ("undecided", "Undecided"),
            ("void", "Not owed"),
        ],
        string="Billing",
        compute="_compute_billable",
        store=True,
        help="Owed: confirmed. Undecided: it may still be confirmed. Not owed: all"
        " else, and tests.",
    )
    owed_fee = fields.Monetary(
        string="Owed",
        compute="_compute_billable",
        store=True,
    )
    _undecided_idx = models.Index("(id) WHERE billable = 'undecided'")
    fee_collected = fields.Boolean(
        compute="_compute_fee_collected",
        search="_search_fee_collected",
        help="The buyer paid the fee and did not get it back.",
    )
    # The number of Trusted Shops' bill; the only field that users write.
    billed_ref = fields.Char(
        string="Bill", index=True, tracking=True, falsy_value_label=NOT_BILLED
    )

    @api.depends(
        "state",
        "may_have_arrived",
        "application_number",
        "last_code",
        "is_test",
        "net_fee",
    )
    def _compute_billable(self):
        for protection in self:
            is_open = protection.state in WAITING_STATES
            if protection.state == "confirmed":
                protection.billable = "void" if protection.is_test else "owed"
            # An application stays at Trusted Shops when the order is cancelled.
            elif is_open or is_in_doubt(protection):
                protection.billable = "undecided"
            else:
                protection.billable = "void"
            is_owed = protection.billable == "owed"
            protection.owed_fee = protection.net_fee if is_owed else 0

    @api.depends("fee_state", "refund_ids")
    def _compute_fee_collected(self):
        is_collected = Domain("fee_collected", "=", True)
        collected = self.sudo().search(Domain("id", "in", self.ids) & is_collected)
        for protection in self:
            protection.fee_collected = protection in collected

    def _search_fee_collected(self, operator, value):
        if operator != "in":
            return NotImplemented
        is_kept = Domain("fee_state", "not in", FEE_GIVEN_BACK)
        is_kept &= Domain("refund_ids", "=", False)
        domain = self._get_paid_domain() & is_kept
        return Domain.OR(domain if each else ~domain for each in value)

    @api.model
    def _get_paid_domain(self):
        """Return the protections whose orders were paid, in the books or before.

        Once there is an invoice, all posted ones count: with a down payment the money
        is on another document than the fee.

        :rtype: odoo.fields.Domain
        """
        is_invoice = Domain("move_type", "=", "out_invoice")
        is_invoice &= Domain("parent_state", "=", "posted")
        paid_states = ("in_payment", "paid", "reversed")
        is_unpaid = is_invoice & Domain("move_id.payment_state", "not in", paid_states)
        lines = "order_id.order_line.invoice_lines"
        is_invoiced = Domain(lines, "any", is_invoice)
        is_settled = Domain("move_id.payment_state", "in", paid_states[:2])
        is_paid = Domain(lines, "any", is_invoice & is_settled)
        is_paid &= ~Domain(lines, "any", is_unpaid)
        # The transaction paid the whole order, and nothing of it went back.
        gone = Domain("operation", "=", "refund") & Domain(
            "state", "not in", ("cancel", "error")
        )
        gone |= Domain("operation", "!=", "refund") & Domain("state", "=", "cancel")
        children = "child_transaction_ids"
        is_done = Domain("state", "=", "done")
        is_done &= Domain("operation", "not in", ("refund", "validation"))
        is_done &= ~Domain(children, "any", gone | Domain(children, "any", gone))
        is_covered = self._get_domain_of("payment.transaction", is_done)
        # An earlier choice in the cart has no part in the order's invoices.
        is_placed = Domain("state", "not in", ("selected", "cancelled"))
        is_placed |= Domain("fee_state", "=", "invoiced")
        return (is_paid & is_placed) | (~is_invoiced & is_covered)

    @api.model
    def _get_domain_of(self, model, domain):
        """Return the protections to which records of another model belong.

        :param str model: with a field ``trustedshops_protection_id``
        :param Domain domain: of its records, which are read in sudo
        :rtype: odoo.fields.Domain
        """
        domain &= Domain("trustedshops_protection_id", "!=", False)
        records = self.env[model].sudo()._search(domain)
        return Domain("id", "in", records.subselect("trustedshops_protection_id"))
