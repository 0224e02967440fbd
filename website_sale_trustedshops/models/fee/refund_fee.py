# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When a fee is given back: the button *Refund Fee*, and the end of an order.

How it is given back: see ``models/fee/giving_back.py``.
"""

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain
from odoo.tools.misc import clean_context

from ...client_action import link, show
from ..protection.protection import FEE_GIVEN_BACK, SENT_STATES


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    # One record as soon as the fee is given back.
    refund_ids = fields.One2many(
        "trustedshops.refund", "protection_id", string="Fee Refund"
    )

    # === THE ORDER ENDS === #
    def _sync_return(self):
        """Apply the refund policy if the order is undone, see the next method.

        Stop asking about the fee when goods are charged again, because a corrected
        invoice begins with a credit note of everything.
        """
        self._apply_policy_if_undone()
        for protection in self.filtered("ended_at"):
            is_sent = protection.state in SENT_STATES
            is_open = is_sent and protection.order_id.state != "cancel"
            if is_open and not protection._is_order_undone():
                protection._reset_end()

    def _apply_policy_if_undone(self):
        """Apply the refund policy to sent protections whose order is surely undone.

        All goods were credited, or the buyer withdrew from all of it. A cancelled
        order has applied the policy itself. Do so once for each. It is also called
        after answers and payments, because the goods may have been returned before.
        """
        for protection in self.filtered(lambda each: not each.ended_at):
            is_sent = protection.state in SENT_STATES
            is_open = is_sent and protection.order_id.state != "cancel"
            if is_open and protection._is_order_undone():
                protection._with_responsible_lang()._apply_refund_policy()

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

        Store ``ended_at``. Unless the fee must be given back, do nothing before the
        buyer paid it or got an invoice.
        """
        policy = self.certificate_id.fee_refund_policy
        is_open = self.fee_state not in FEE_GIVEN_BACK
        is_paid = not self.order_id._trustedshops_has_no_money()
        is_charged = self.fee_state == "invoiced" or is_paid
        if is_open and policy != "refund" and not is_charged:
            return
        self.ended_at = fields.Datetime.now()
        if not is_open:
            return
        if policy == "refund":
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
        if is_asked and not self._is_lookup_due():
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
            # A user credited the whole invoice, to correct it or to invoice again.
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
        protection_sudo = self._lock_for_press("refund_fee")
        # The records made here must not get the defaults of the dialog with the button.
        context = clean_context(self.env.context)
        protection_sudo = protection_sudo.with_env(self.env(su=True, context=context))
        protection_sudo._set_failed()
        protection_sudo._close_todos()
        text = protection_sudo.refund_ids._return_fee(protection_sudo, "person")
        action = "website_sale_trustedshops.trustedshops_refund_action"
        label = self.env["ir.actions.actions"]._for_xml_id(action)["display_name"]
        return show(text, [link(label, action, protection_sudo.refund_ids.id)])

    def _set_failed(self):
        """End a protection as ``failed`` that waits, or has no known number."""
        is_unnumbered = self.state == "requested" and not self.application_number
        if is_unnumbered or self.state in ("queued", "on_hold"):
            self.write({"state": "failed", **self._prepare_reason("fee_given_up")})

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
                self.refund_ids._return_fee(self, reason)
        except (RedirectWarning, UserError) as error:
            self._schedule_books(str(error))

    def _schedule_books(self, reason="bug"):
        """Ask a user to settle the books; the queue does not try again meanwhile.

        :param str reason: what core says, or the code of a message
        """
        self = self._with_responsible_lang()
        if reason in self._get_messages():
            reason = self._format_message(reason)
        self._schedule_message("fee_invoiced", reason=reason)
        self._update_todo()  # it still says that the fee will be paid back
