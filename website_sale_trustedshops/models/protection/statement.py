# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The fee in the books, when it is given back, and what Trusted Shops bills.

How it goes back is in ``models/fee_return.py``.
"""

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain
from odoo.orm.models import NO_ACCESS
from odoo.tools import LazyTranslate
from odoo.tools.misc import clean_context

from ... import const
from ...client_action import link, show
from .protection import (
    FEE_GIVEN_BACK,
    NOT_CONCLUDED_STATES,
    SENT_STATES,
    WAITING_STATES,
)

_lt = LazyTranslate(__name__)
DOCUMENT_GROUPS = f"{const.BOOKKEEPERS},sales_team.group_sale_salesman"
# Label of the group without a bill, when a list is grouped by bill.
NOT_BILLED = _lt("Not billed")


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    fee_line_ids = fields.One2many(
        "account.move.line",
        "trustedshops_protection_id",
        groups=NO_ACCESS,
        export_string_translation=False,
    )
    invoice_ids = fields.Many2many(
        "account.move", compute="_compute_invoice_ids", groups=DOCUMENT_GROUPS
    )
    credit_note_ids = fields.Many2many(
        "account.move", compute="_compute_invoice_ids", groups=DOCUMENT_GROUPS
    )
    # As on the order, because some users who see the protection may not open it.
    order_payments = fields.Html(
        related="order_id.trustedshops_payments", export_string_translation=False
    )
    # One record as soon as the fee is given back.
    refund_ids = fields.One2many(
        "trustedshops.refund", "protection_id", string="Fee Refund"
    )
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

    # === THE BOOKS === #
    @api.depends("fee_line_ids.parent_state", "fee_line_ids.move_type")
    @api.depends_context("uid")
    def _compute_invoice_ids(self):
        """Compute the draft and posted documents of the fee that the user may read."""
        for protection in self:
            lines = protection.sudo().fee_line_ids.sudo(False)
            moves = lines.move_id._filtered_access("read").filtered(
                lambda move: move.state in ("draft", "posted")
            )
            invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
            protection.invoice_ids = invoices
            protection.credit_note_ids = moves - invoices

    def _get_fee_lines(self):
        """Return the order's line of the fee, unless it is another protection's.

        :return: records of ``sale.order.line``, empty without one
        """
        self.ensure_one()
        order = self.order_id
        lines = order._trustedshops_get_fee_lines()
        return lines if order.trustedshops_protection_id == self else lines.browse()

    def _get_fee_on(self, state, move_type):
        """Return the lines of the fee on invoices or credit notes.

        :param str state: state of the documents: ``draft`` or ``posted``
        :param str move_type: ``out_invoice`` or ``out_refund``
        :return: records of ``account.move.line`` in sudo
        """
        self.ensure_one()
        return self.sudo().fee_line_ids.filtered_domain(
            Domain("parent_state", "=", state) & Domain("move_type", "=", move_type)
        )

    def _is_fee_off(self):
        """Return True if the fee was given up, and posted documents do not charge it.

        They charge it again while our own credit note is reset to draft.
        """
        is_given_up = bool(self.refund_ids) or self.state == "cancelled"
        return is_given_up and not self._get_invoiced_fee()[0]

    def _get_invoiced_fee(self):
        """Return the fee on posted documents, with taxes.

        :return: what invoices charge less what credit notes credit, and the latter
            alone
        :rtype: tuple of float
        """
        invoiced, credited = (
            sum(self._get_fee_on("posted", move_type).mapped("price_total"))
            for move_type in ("out_invoice", "out_refund")
        )
        return self.currency_id.round(invoiced - credited), credited

    def _get_fee_state(self):
        """Return the state of the fee by the books, to be stored in ``fee_state``.

        :rtype: str
        """
        balance, credited = self._get_invoiced_fee()
        if balance > 0:
            return "invoiced"
        if credited:
            return "refunded"
        return "waived" if self.refund_ids or self.state == "cancelled" else "due"

    def _sync_invoices(self):
        """Update ``fee_state`` after the invoices changed, and act on the change.

        Close the activities about the books that are settled, and ask again if a fee
        that was given back is charged. A protection whose fee is charged again goes on.
        """
        for protection in self:
            if not protection._is_invoiced_ahead():
                protection._remove_todos_about("final_invoice")
            before, after = protection.fee_state, protection._get_fee_state()
            if before == after:
                continue
            protection.fee_state = after
            if after != "invoiced":
                protection._remove_todos_about("fee_invoiced")
            elif protection.refund_ids:
                protection._schedule_books("books_undone")
            if before in FEE_GIVEN_BACK and after not in FEE_GIVEN_BACK:
                protection._reexamine()
            elif protection.state in NOT_CONCLUDED_STATES:
                protection._update_todo()

    def _is_invoiced_ahead(self):
        """Return True if down payments were invoiced for more than the order costs."""
        order = self.order_id
        down_payments = order.order_line.filtered("is_downpayment")
        invoiced = sum(down_payments.mapped("amount_invoiced"))
        return order.state == "sale" and (
            order.currency_id.compare_amounts(invoiced, order.amount_total) > 0
        )

    # === THE ORDER ENDS === #
    def _sync_return(self):
        """Apply the refund policy if all goods were credited: the buyer withdrew.

        Stop asking about the fee when goods are charged again, because a corrected
        invoice begins with a credit note of everything.
        """
        self._apply_return()
        for protection in self.filtered("ended_at"):
            is_sent = protection.state in SENT_STATES
            is_open = is_sent and protection.order_id.state != "cancel"
            if is_open and not protection._is_order_undone():
                protection._reset_end()

    def _apply_return(self):
        """Apply the refund policy to sent protections whose goods were all credited.

        Do so once for each. It is also called after answers and payments, because the
        goods may have been returned before.
        """
        for protection in self.filtered(lambda each: not each.ended_at):
            is_sent = protection.state in SENT_STATES
            is_open = is_sent and protection.order_id.state != "cancel"
            if is_open and protection._is_order_undone():
                protection._in_responsible_lang()._apply_refund_policy()

    def _is_order_undone(self):
        """Return True if the order is undone for certain: the fee follows it."""
        undone = self.order_id._trustedshops_get_undone()
        return bool(undone) and undone.is_certain

    def _reset_end(self):
        """Clear ``ended_at``, and close the activity about an ended order's fee."""
        ended = self.filtered("ended_at")
        ended.ended_at = False
        ended._remove_todos_about("ended")

    def _apply_refund_policy(self):
        """Give an ended order's fee back, keep it, or ask, as the certificate says.

        Store ``ended_at``. Unless the fee has to go back, do nothing before the buyer
        paid it or got an invoice.
        """
        policy = self.certificate_id.fee_refund_policy
        is_open = self.fee_state not in FEE_GIVEN_BACK
        received = self.order_id._trustedshops_get_received_amount()
        is_charged = self.fee_state == "invoiced" or received > 0
        if is_open and policy != "refund" and not is_charged:
            return
        self.ended_at = fields.Datetime.now()
        if not is_open:
            return
        if policy == "keep":
            self._post_note(self._format_message("fee_kept"))
        elif policy == "refund":
            self._try_to_refund_fee("ended")
        else:
            self._schedule_ended()

    def _schedule_ended(self):
        """Ask a user whether to give back the fee of an ended order.

        Do nothing if the policy decides, the fee was given back, or the user has to
        look the application up at Trusted Shops first.
        """
        is_open = self.ended_at and self.fee_state not in FEE_GIVEN_BACK
        is_asked = is_open and self.certificate_id.fee_refund_policy == "ask"
        if is_asked and not self._awaits_lookup():
            self._schedule_message("ended")

    def _schedule_credit(self):
        """Ask a user to credit the invoiced fee of a cancelled protection.

        Do nothing while an application may have arrived.
        """
        is_invoiced = self.state == "cancelled" and self.fee_state == "invoiced"
        if is_invoiced and not self._is_in_doubt():
            invoices = self._get_fee_on("posted", "out_invoice").move_id
            names = ", ".join(invoices.mapped("name"))
            self._schedule_message("fee_on_invoice", "fee_invoiced", invoices=names)

    # === REFUND === #
    def _can_refund_fee(self):
        """Return True if there is a fee to give back, and the queue is not at work."""
        if self.fee_state == "refunded":
            # A user credited the whole invoice, to correct it or to invoice anew.
            lines = self._get_fee_lines().filtered("product_uom_qty")
            is_left = lines or self._get_fee_on("draft", "out_invoice")
            is_given_up = self.refund_ids or self.state == "cancelled"
            if is_given_up or not is_left:
                return False
        if self.fee_state == "waived":
            return False
        if self.state == "selected":  # it could not be placed
            return self.order_id.state == "sale"
        return self.state not in ("queued", "sending")

    def action_refund_fee(self):
        """Give the fee back to the buyer, once.

        A protection on hold, or applied for without a known number, ends as ``failed``.

        :return: a notification that says what was done, with a link to the refund
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when it was given back already, or core refuses to credit
        """
        protection_sudo = self._press("refund_fee")
        # The records made here must not get the defaults of the dialog with the button.
        context = clean_context(self.env.context)
        protection_sudo = protection_sudo.with_env(self.env(su=True, context=context))
        is_unnumbered = not protection_sudo.application_number
        is_requested = protection_sudo.state == "requested"
        if protection_sudo.state == "on_hold" or (is_requested and is_unnumbered):
            reason = self._prepare_reason("fee_given_up")
            protection_sudo.write({"state": "failed", **reason})
        protection_sudo._finish_todos()
        text = protection_sudo.refund_ids._give_back(protection_sudo, "person")
        action = "website_sale_trustedshops.trustedshops_refund_action"
        label = self.env["ir.actions.actions"]._for_xml_id(action)["display_name"]
        return show(text, [link(label, action, protection_sudo.refund_ids.id)])

    @api.model
    def _get_unrefunded_domain(self):
        """Return the domain of protections whose fee the queue has to give back."""
        is_blocked = Domain("activity_ids.trustedshops_cause", "=", "fee_invoiced")
        is_charged = Domain("refund_ids", "=", False)
        return self._get_not_concluded_domain() & is_charged & ~is_blocked

    def _try_to_refund_fee(self, reason="not_concluded"):
        """Give the fee back; if core refuses, ask a user to settle the books.

        :param str reason: key of the field ``reason`` of the refund
        """
        try:
            with self.env.cr.savepoint():
                self.refund_ids._give_back(self, reason)
        except (RedirectWarning, UserError) as error:
            self._schedule_books(str(error))

    def _schedule_books(self, reason="bug_in_books"):
        """Ask a user to settle the books; the queue does not try again meanwhile.

        :param str reason: what core says, or the code of a message
        """
        self = self._in_responsible_lang()
        if reason in self._get_messages():
            reason = self._format_message(reason)
        self._schedule_message("fee_invoiced", reason=reason)
        self._update_todo()  # it still promises the fee back

    # === THE STATEMENT === #
    @api.depends(
        "state",
        "may_have_arrived",
        "application_number",
        "last_code",
        "is_test",
        "net_fee",
    )
    def _compute_billable(self):
        """Compute whether, and how much, the shop owes Trusted Shops."""
        for protection in self:
            is_open = protection.state in WAITING_STATES
            if protection.state == "confirmed":
                protection.billable = "void" if protection.is_test else "owed"
            # An application stays at Trusted Shops when the order is cancelled.
            elif is_open or protection._is_in_doubt():
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
        """Search for protections that were paid, and whose fee was not given back."""
        if operator != "in":
            return NotImplemented
        is_kept = Domain("fee_state", "not in", FEE_GIVEN_BACK)
        is_kept &= Domain("refund_ids", "=", False)
        domain = self._get_paid_domain() & is_kept
        return Domain.OR(domain if each else ~domain for each in value)

    @api.model
    def _get_paid_domain(self):
        """Return the domain of protections whose orders were paid as a whole.

        Without an invoice, a transaction must have paid the order. Once there is one,
        all posted ones count: with a down payment the money is on another document than
        the fee.

        :rtype: odoo.fields.Domain
        """
        is_invoice = Domain("move_type", "=", "out_invoice")
        is_invoice &= Domain("parent_state", "=", "posted")
        is_unpaid = is_invoice & Domain(
            "move_id.payment_state", "not in", (*const.PAID_STATES, "reversed")
        )
        lines = "order_id.order_line.invoice_lines"
        is_invoiced = Domain(lines, "any", is_invoice)
        is_settled = Domain("move_id.payment_state", "in", const.PAID_STATES)
        is_paid = Domain(lines, "any", is_invoice & is_settled)
        is_paid &= ~Domain(lines, "any", is_unpaid)
        # The transaction paid the whole order, and nothing of it went back.
        gone = Domain("operation", "=", "refund") & Domain(
            "state", "not in", const.FAILED_STATES
        )
        gone |= Domain("operation", "!=", "refund") & Domain("state", "=", "cancel")
        children = "child_transaction_ids"
        is_done = Domain("state", "=", "done")
        is_done &= Domain("operation", "not in", ("refund", "validation"))
        is_done &= ~Domain(children, "any", gone | Domain(children, "any", gone))
        is_done &= Domain("trustedshops_protection_id", "!=", False)
        covering = self.env["payment.transaction"].sudo()._search(is_done)
        is_covered = Domain(
            "id", "in", covering.subselect("trustedshops_protection_id")
        )
        # An earlier choice in the cart has no part in the order's invoices.
        is_placed = Domain("state", "not in", ("selected", "cancelled"))
        is_placed |= Domain("fee_state", "=", "invoiced")
        return (is_paid & is_placed) | (~is_invoiced & is_covered)
