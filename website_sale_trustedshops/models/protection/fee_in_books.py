# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the books say about the fee, and when it has to go back.

How it goes back is in ``models/fee_return.py``, what Trusted Shops bills in
``statement.py``.
"""

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain
from odoo.orm.models import NO_ACCESS
from odoo.tools.misc import clean_context

from ... import const
from ...client_action import link, show
from .buttons import press
from .sentences import Reason
from .standing import (
    DUPLICATE_CODES,
    FEE_GIVEN_BACK,
    NOT_CONCLUDED_STATES,
    SENT_STATES,
    awaits_lookup,
    lacks_number,
)

DOCUMENT_GROUPS = f"{const.BOOKKEEPERS},sales_team.group_sale_salesman"


class TrustedShopsProtection(models.Model):
    """The fee of a protection in the books, and how it is given back."""

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
    # When the order was cancelled or all of its goods were credited.
    ended_at = fields.Datetime(readonly=True, export_string_translation=False)
    # As on the order, because some users who see the protection may not open it.
    order_payments = fields.Html(
        related="order_id.trustedshops_payments", export_string_translation=False
    )
    # One row once the fee was given back.
    refund_ids = fields.One2many(
        "trustedshops.refund", "protection_id", string="Fee Given Back"
    )
    # Until then a person may correct what was refused and apply again; then its fee
    # goes back, and staff and buyer are told that it is over.
    final_at = fields.Datetime(readonly=True, export_string_translation=False)

    # === THE BOOKS === #
    @api.depends("fee_line_ids.parent_state", "fee_line_ids.move_type")
    @api.depends_context("uid")
    def _compute_invoice_ids(self):
        for protection in self:
            lines = protection.sudo().fee_line_ids.sudo(False)
            moves = lines.move_id._filtered_access("read").filtered(
                lambda move: move.state in ("draft", "posted")
            )
            invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
            protection.invoice_ids = invoices
            protection.credit_note_ids = moves - invoices

    def _get_fee_lines(self):
        """Return the line of the fee on the order, if it is still this protection's.

        :return: records of ``sale.order.line``
        """
        self.ensure_one()
        order = self.order_id
        lines = order._trustedshops_get_fee_lines()
        return lines if order.trustedshops_protection_id == self else lines.browse()

    def _get_posted_lines(self, move_type):
        """Return the lines of the fee on posted documents of a type.

        :param str move_type: ``out_invoice`` or ``out_refund``
        :return: records of ``account.move.line`` in sudo
        """
        self.ensure_one()
        return self.sudo().fee_line_ids.filtered(
            lambda line: line.parent_state == "posted" and line.move_type == move_type
        )

    def _may_charge_again(self):
        """Return True if a credited fee is on a draft, or may be invoiced again.

        A person credited the whole invoice, to correct it or to invoice anew.
        """
        if self.refund_ids or self.state == "cancelled":
            return False
        is_left = any(self._get_fee_lines().mapped("product_uom_qty"))
        return is_left or bool(self._get_drafts())

    def _get_drafts(self):
        """Return the lines of the fee on drafts of invoices, in sudo."""
        return self.sudo().fee_line_ids.filtered(
            lambda line: (
                line.parent_state == "draft" and line.move_type == "out_invoice"
            )
        )

    def _is_fee_off(self):
        """Return True if the fee was given up, and posted documents do not charge it.

        They charge it again while our own credit note is reset to draft.
        """
        is_given_up = bool(self.refund_ids) or self.state == "cancelled"
        return is_given_up and not self._get_invoiced_fee()[0]

    def _get_invoiced_fee(self):
        """Return what posted invoices charge for the fee, less what was credited.

        :return: the balance and what was credited, with taxes
        :rtype: tuple of float
        """
        invoiced, credited = (
            sum(self._get_posted_lines(move_type).mapped("price_total"))
            for move_type in ("out_invoice", "out_refund")
        )
        return self.currency_id.round(invoiced - credited), credited

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
        return "waived" if self.refund_ids or self.state == "cancelled" else "due"

    def _follow_invoices(self):
        """Bring the state of the fee in line with the books, and close moot activities.

        Then go on with what waited for the fee.
        """
        for protection in self:
            if not protection._is_invoiced_ahead():
                protection._close_todos_about("final_invoice")
            before, after = protection.fee_state, protection._get_fee_state()
            if before == after:
                continue
            protection.fee_state = after
            if after != "invoiced":
                protection._close_todos_about("fee_invoiced")
            elif protection.refund_ids:
                in_lang = protection._in_responsible_lang()
                in_lang._notify_of_books(
                    in_lang.env._("Its credit note does not count any more.")
                )
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
    def _follow_return(self):
        """Apply the refund policy when all goods were credited: the buyer withdrew.

        Take that back when goods are charged again, because a corrected invoice begins
        with a credit note of everything.
        """
        self._follow_late_return()
        for protection in self._filter_sent():
            if not protection.order_id._trustedshops_is_all_credited():
                protection._forget_end()

    def _follow_late_return(self):
        """Apply the refund policy also if goods were returned before it could be.

        The application was not sent then, or the money not there.
        """
        for protection in self._filter_sent().filtered(lambda each: not each.ended_at):
            if protection.order_id._trustedshops_is_all_credited():
                protection._in_responsible_lang()._follow_refund_policy()

    def _filter_sent(self):
        """Return what was applied for and whose order was not cancelled."""
        sent = self.filtered(lambda each: each.state in SENT_STATES)
        return sent.filtered(lambda each: each.order_id.state != "cancel")

    def _forget_end(self):
        """Forget that the order came to nothing, and stop asking about its fee."""
        ended = self.filtered("ended_at")
        ended.ended_at = False
        ended._close_todos_about("ended")

    def _follow_refund_policy(self):
        """Refund the fee of an order that ended, keep it, or ask, by the policy.

        There is nothing to decide before the buyer paid it or got an invoice.
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
            self._post_note(
                self.env._(
                    "The order came to nothing. Its fee is kept by the refund policy of"
                    " the certificate."
                )
            )
        elif policy == "refund":
            self._try_to_return_fee("ended")
        else:
            self._ask_about_fee()

    def _ask_about_fee(self):
        """Ask what becomes of a fee not given back when its order came to nothing.

        If a user still has to look at Trusted Shops, that comes first.
        """
        is_open = self.ended_at and self.fee_state not in FEE_GIVEN_BACK
        is_asked = is_open and self.certificate_id.fee_refund_policy == "ask"
        if is_asked and not awaits_lookup(self):
            note = self.env._(
                "The order came to nothing, but its Buyer Protection was applied for"
                " and cannot be cancelled. Press Refund fee to give the fee up, or keep"
                " it."
            )
            self._notify_responsible("ended", note)

    # === REFUND: THE BOOKS === #
    def action_refund_fee(self):
        """Give the fee back to the buyer, once.

        :return: a notification that says what was done
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when it was given back already, or core refuses to credit
        """
        protection_sudo = press(self, "refund_fee")
        # The records made here must not get the defaults of the dialog with the button.
        context = clean_context(self.env.context)
        protection_sudo = protection_sudo.with_env(self.env(su=True, context=context))
        if protection_sudo.state == "on_hold" or lacks_number(protection_sudo):
            reason = Reason("given_up", {})
            protection_sudo.write({"state": "failed", **reason.prepare()})
        protection_sudo._finish_todos()
        text = protection_sudo.refund_ids._give_back(protection_sudo, "person")
        return show(text, self._link_refund())

    def _link_refund(self):
        """Return the link to the row of the fee that was given back.

        :rtype: list of dict
        """
        action = "website_sale_trustedshops.trustedshops_refund_action"
        label = self.env["ir.actions.actions"]._for_xml_id(action)["display_name"]
        return [link(label, action, self.sudo().refund_ids.id)]

    def _post_note(self, text):
        """Post a note at the protection and at its order."""
        self.message_post(body=text)
        self.order_id.message_post(body=self._mark_test(text))

    # === BACK BY ITSELF === #
    @api.model
    def _get_not_concluded_domain(self):
        """Return those that ended without protection: the buyer is told and refunded.

        A protection that may exist at Trusted Shops is not part of it.

        :rtype: odoo.fields.Domain
        """
        is_final = Domain("final_at", "<=", fields.Datetime.now())
        # For a cancelled order there is nothing to correct.
        is_final |= Domain("order_id.state", "=", "cancel")
        is_unprotected = Domain("application_number", "!=", False)
        is_unprotected |= Domain("may_have_arrived", "=", False)
        is_unprotected &= Domain("last_code", "not in", DUPLICATE_CODES)
        return Domain("state", "in", NOT_CONCLUDED_STATES) & (
            Domain("fee_state", "in", FEE_GIVEN_BACK) | (is_final & is_unprotected)
        )

    def _is_over(self):
        """Return True if there is certainly no protection, and there will be none."""
        # In sudo, because not every user may read the order.
        domain = self._get_not_concluded_domain()
        return bool(self.sudo().filtered_domain(domain))

    @api.model
    def _get_unreturned_domain(self):
        """Return the protections whose fees have to go back by themselves."""
        is_blocked = Domain("activity_ids.trustedshops_cause", "=", "fee_invoiced")
        is_charged = Domain("refund_ids", "=", False)
        return self._get_not_concluded_domain() & is_charged & ~is_blocked

    def _try_to_return_fee(self, reason="not_concluded"):
        """Give the fee back, or tell the responsible user what is in the way.

        :param str reason: key of the field ``reason`` of the refund
        """
        try:
            with self.env.cr.savepoint():
                self.refund_ids._give_back(self, reason)
        except (RedirectWarning, UserError) as error:
            self._notify_of_books(str(error))

    def _notify_of_books(self, reason=""):
        """Ask a person to settle the books; the queue does not try again meanwhile.

        :param str reason: what core says, by default a hint at the server's log
        """
        note = self.env._(
            "The fee of Buyer Protection has to go back, but could not be taken out of"
            " the books: %(reason)s Press Refund fee when that is settled.",
            reason=reason or self.env._("The server's log says why."),
        )
        self._notify_responsible("fee_invoiced", note)
        self._update_todo()  # it still promises the fee back
