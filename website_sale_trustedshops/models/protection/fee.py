# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where the fee stands in the books, and what becomes of it when goods come back.

Giving the fee back: the books at once, the money by a step of the queue.

The books come first and settle what is owed, for good. The money follows from them:
exactly the fee, out of the one payment that contained it. Nothing else is computed;
where that payment cannot give it back a person does.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import clean_context

from ... import const
from .protection import DUPLICATE_CODES, FEE_GIVEN_BACK, NOT_CONCLUDED_STATES

# Who compares the statement with the invoices of Trusted Shops.
BILLING_GROUPS = ("account.group_account_invoice", "sales_team.group_sale_manager")
# Compares what is left of a payment with the fee, captures included, with nothing: to
# be completed with the id of the protection and the comparison.
COMPARE_PAYMENT = """
    EXISTS (
        SELECT 1
          FROM payment_transaction payment
          LEFT JOIN payment_transaction capture
            ON capture.source_transaction_id = payment.id
           AND capture.operation != 'refund'
          LEFT JOIN payment_transaction refund
            ON refund.source_transaction_id IN (payment.id, capture.id)
           AND refund.operation = 'refund'
           AND refund.state = 'done'
         WHERE payment.trustedshops_protection_id = %s
           AND payment.state = 'done'
           AND payment.operation NOT IN ('refund', 'validation')
         GROUP BY payment.id
        HAVING payment.amount + COALESCE(SUM(refund.amount), 0) %s 0
    )
"""


def _compare_payment(comparison):
    """Return the protections with a payment that has something, or nothing, left.

    :param SQL comparison: of what is left with 0
    :rtype: odoo.fields.Domain
    """
    return Domain.custom(
        to_sql=lambda _model, alias, _query: SQL(
            COMPARE_PAYMENT, SQL.identifier(alias, "id"), comparison
        )
    )


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
    # --- Refund ---
    fee_returned_at = fields.Datetime(
        string="Fee Returned",
        readonly=True,
        help="When the shop took the fee out of the books. It is never charged again.",
    )
    refund_state = fields.Selection(
        [
            ("due", "To be refunded"),
            ("sending", "Being refunded"),
            ("done", "Settled"),
            ("by_hand", "By hand"),
        ],
        string="Refund",
        readonly=True,
        help="Being refunded: the payment provider was asked, and its answer is not"
        " stored yet. Settled: nothing is left to refund by itself. By hand: a person"
        " was asked to. Empty: the shop has no money for the fee, as far as it knows.",
    )
    _refund_idx = models.Index("(id) WHERE refund_state IN ('due', 'sending')")
    _unreturned_idx = models.Index(
        "(id) WHERE fee_returned_at IS NULL AND state IN ('rejected', 'failed')"
    )
    # --- Statement ---
    fee_collected = fields.Boolean(
        compute="_compute_fee_collected",
        search="_search_fee_collected",
        help="The buyer paid the fee, online or with an invoice, and did not get it"
        " back.",
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

    # === REFUND === #

    # === THE BUTTON === #
    def action_refund_fee(self):
        """Give the fee back to the buyer, once.

        :return: a notification that says what was done
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when it was given back already, or core refuses to credit
        """
        protection_sudo = self._begin_button("refund_fee")
        # No default of the dialog that the button stands in is for what is made here.
        context = clean_context(self.env.context)
        protection_sudo = protection_sudo.with_env(self.env(su=True, context=context))
        protection_sudo._close_todos()
        if protection_sudo.state == "on_hold" or protection_sudo._lacks_number():
            protection_sudo.write(
                {
                    "state": "failed",
                    "last_error": self.env._(
                        "Given up: the fee was taken out of the books."
                    ),
                }
            )
        text = protection_sudo._return_fee()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === THE BOOKS === #
    def _return_fee(self):
        """Take the fee out of the books, once and for all, and have the money follow.

        :return: what was done, for staff
        :rtype: str
        :raise UserError: when core refuses the credit note, or a part was credited
        """
        self.ensure_one()
        self = self.with_company(self.company_id)
        was_credited = self.fee_state == "refunded"
        if self._get_fee_lines():
            self.order_id._trustedshops_take_fee_off()
        drafts = self._take_fee_off_drafts()
        credit_notes = self._credit_fee()
        # Whoever credited it by hand saw to the money as well; not so a correction,
        # whose new invoice would have charged it again.
        is_settled = was_credited and "out_invoice" not in drafts.mapped("move_type")
        self.write(
            {
                "fee_returned_at": fields.Datetime.now(),
                "refund_state": "done" if is_settled else "due",
            }
        )
        self._follow_invoices()
        self._close_todos_about("fee_invoiced")
        text = self._explain_return(credit_notes)
        self._post_note(text)
        self._trigger_apply_cron()
        return text

    def _take_fee_off_drafts(self):
        """Delete the fee from what is not posted, and may be posted later.

        :return: the invoices and credit notes, drafts or cancelled
        """
        return self._get_fee_invoice_lines(("draft", "cancel"))._trustedshops_take_out(
            self.env._("The fee of Buyer Protection was taken out: it is not charged.")
        )

    def _credit_fee(self):
        """Credit the fee where it is invoiced.

        :return: the credit notes, posted, each of exactly the line of the fee
        :raise UserError: when a part of it was credited by hand
        """
        credit_notes = self.env["account.move"]
        balance, _credited = self._get_invoiced_fee()
        if balance <= 0:
            return credit_notes
        # A corrected invoice stands beside its credit note and the new one.
        invoices = self._get_fee_invoice_lines().move_id.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type == "out_invoice"
                and not self._get_own_lines(
                    move.reversal_move_ids.filtered(lambda each: each.state == "posted")
                )
            )
        )
        uncredited = sum(self._get_own_lines(invoices).mapped("price_total"))
        if self.currency_id.compare_amounts(uncredited, balance):
            raise UserError(
                self.env._(
                    "A part of the fee was credited already. Credit the rest by hand,"
                    " on the invoice."
                )
            )
        for invoice in invoices:
            credit_notes += self._credit_fee_of(invoice)
        return credit_notes

    def _credit_fee_of(self, invoice):
        """Return the credit note of the line of the fee alone, posted.

        :param invoice: record of ``account.move``
        """
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        reversal = wizard.create(
            {
                "journal_id": invoice.journal_id.id,
                "reason": self.env._("Buyer Protection"),
            }
        )
        reversal.refund_moves()
        credit_note = reversal.new_move_ids
        # Never what is another order's, whose fee may be on the same invoice.
        (credit_note.invoice_line_ids - self._get_own_lines(credit_note)).unlink()
        # Rounded for cash it would not be the fee any more.
        credit_note.invoice_cash_rounding_id = False
        # Core settles it with what is still open of the invoice.
        credit_note.action_post()
        return credit_note

    def _get_own_lines(self, moves):
        """Return the lines of this fee on invoices or credit notes.

        :param moves: records of ``account.move``
        :return: records of ``account.move.line``
        """
        return moves.invoice_line_ids.filtered(
            lambda line: line.trustedshops_protection_id == self
        )

    def _explain_return(self, credit_notes):
        """Return what was done in the books, and what is left to do there.

        :param credit_notes: records of ``account.move``, may be empty
        :rtype: str
        """
        if credit_notes:
            return self.env._(
                "The fee of Buyer Protection was credited: %(credit_notes)s.",
                credit_notes=", ".join(credit_notes.mapped("name")),
            )
        text = self.env._("The fee of Buyer Protection is not charged any more.")
        if not self.order_id._trustedshops_is_invoiced_ahead():
            return text
        note = self.env._(
            "The down payment was more than the order costs without the fee. Create the"
            " final invoice: Odoo makes a credit note of the difference."
        )
        self.certificate_id._notify_of(self, note, "final_invoice")
        return f"{text} {note}"

    # === NOT CONCLUDED === #
    @api.model
    def _get_not_concluded_domain(self):
        """Return what ended without protection: its buyer is told and refunded.

        What was refused may be corrected and applied for again: a wrong address until
        the service takes no application any more, anything else for an hour. And nobody
        is told that there is no protection while there may be one.

        :rtype: odoo.fields.Domain
        """
        now = fields.Datetime.now()
        is_final = Domain("state", "=", "failed")
        is_final |= Domain("placed_at", "<=", now - const.APPLY_WITHIN)
        is_final |= Domain("last_code", "not in", const.CURABLE_CODES) & Domain(
            "not_concluded_at", "<=", now - const.REFUSAL_FINAL_AFTER
        )
        is_unprotected = Domain("application_number", "!=", False)
        is_unprotected |= Domain("unanswered", "=", False)
        is_unprotected &= Domain("last_code", "not in", DUPLICATE_CODES) | Domain(
            "is_number_taken", "=", True
        )
        return Domain("state", "in", NOT_CONCLUDED_STATES) & (
            Domain("fee_state", "in", FEE_GIVEN_BACK) | (is_final & is_unprotected)
        )

    @api.model
    def _get_unreturned_domain(self):
        """Return which fees have to go back although nobody pressed a button."""
        is_blocked = Domain("activity_ids.trustedshops_cause", "=", "fee_invoiced")
        is_left_to_a_person = Domain("refund_state", "=", "by_hand") & Domain(
            "fee_state", "not in", FEE_GIVEN_BACK
        )
        return (
            self._get_not_concluded_domain()
            & Domain("fee_returned_at", "=", False)
            & ~is_blocked
            & ~is_left_to_a_person
        )

    def _explain_fee_of_refused(self):
        """Return when the fee of a refused application goes back, for staff."""
        if self._may_have_arrived():
            return self.env._("The fee goes back when you press Refund fee.")
        if self.last_code in const.CURABLE_CODES:
            return self.env._("Three days after the order the fee goes back by itself.")
        return self.env._(
            "The fee goes back by itself in an hour, unless you apply again before."
        )

    def _try_to_return_fee(self):
        """Give the fee back, or tell the responsible user what is in the way."""
        try:
            with self.env.cr.savepoint():
                self._return_fee()
        except (RedirectWarning, UserError) as error:
            self._notify_of_books(str(error))

    def _notify_of_books(self, reason=""):
        """Leave the books to a person; while that is open nothing is tried again.

        :param str reason: what core says, default: it is in the log
        """
        note = self.env._(
            "The fee of Buyer Protection has to go back, but could not be taken out of"
            " the books: %(reason)s Press Refund fee when that is settled.",
            reason=reason or self.env._("the server's log says why."),
        )
        self.certificate_id._notify_of(self, note, "fee_invoiced")

    # === THE MONEY === #
    @api.model
    def _get_refunds_domain(self):
        """Return whose money has to be looked at, lost calls of a provider included."""
        return Domain("refund_state", "in", ("due", "sending"))

    def _refund_money(self):
        """Give the money of a fee back whose books are settled; commits by itself."""
        if self.refund_state == "sending":
            self._note_lost_refund()
            return
        payment = self._find_refundable_payment()
        if not payment:
            self._settle_by_hand()
            return
        self.refund_state = "sending"
        self.env["ir.cron"]._commit_progress()
        # Last, for what comes after it could fail and be undone, but money that went
        # out does not come back.
        refund = payment._refund(amount_to_refund=self.gross_fee)
        refund.trustedshops_refunded_protection_id = self
        # Its payment, made when it is processed, then settles them.
        refund.invoice_ids = self._get_own_credit_notes()
        self.refund_state = "done"
        if refund.state == "error":
            return  # told when the refund is processed
        self._post_note(
            self.env._(
                "%(amount)s of %(reference)s goes back through %(provider)s.",
                amount=self.currency_id.format(self.gross_fee),
                reference=payment.reference,
                provider=payment.provider_id.name,
            )
        )

    def _note_lost_refund(self):
        """Ask a person whether a refund arrived whose answer was lost."""
        self._ask_for_refund(
            self.env._(
                "The refund of %(amount)s of %(reference)s was begun, but the answer of"
                " the payment provider was lost. Look there whether it went back; if"
                " not, refund it by hand.",
                amount=self.currency_id.format(self.gross_fee),
                reference=", ".join(self._get_fee_payments().mapped("reference")),
            )
        )

    def _notify_failed_refund(self):
        """Ask a person for what the provider refused, at once or days later."""
        refund = (
            self.env["payment.transaction"]
            .sudo()
            .search(
                [("trustedshops_refunded_protection_id", "=", self.id)],
                order="id desc",
                limit=1,
            )
        )
        self._ask_for_refund(
            self.env._(
                "The refund %(reference)s of the fee of Buyer Protection failed:"
                " %(reason)s Look at the payment provider; if %(amount)s did not go"
                " back, refund it by hand.",
                reference=refund.reference,
                reason=refund.state_message or "-",
                amount=self.currency_id.format(self.gross_fee),
            )
        )

    def _get_fee_payments(self):
        """Return the payments whose amount contained the fee and came in as a whole.

        :return: records of ``payment.transaction`` in sudo
        """
        payments = (
            self.env["payment.transaction"]
            .sudo()
            .search([("trustedshops_protection_id", "in", self.ids)])
        )
        captures = payments.child_transaction_ids.filtered(
            lambda each: each._trustedshops_is_received()
        )
        return (captures or payments).filtered(
            lambda each: (
                each._trustedshops_is_received()
                and each.amount >= each.source_transaction_id.amount
            )
        )

    def _find_refundable_payment(self):
        """Return the one payment that contained the fee, if it can give it back.

        :return: record of ``payment.transaction`` in sudo, may be empty
        """
        payments = self._get_fee_payments()
        can_refund = len(payments) == 1 and payments._trustedshops_can_refund(
            self.gross_fee
        )
        return payments if can_refund else payments.browse()

    def _look_at_money_again(self):
        """Have the money of a returned fee looked at after a payment came in.

        Not if it went back, or a person was asked to see to it.
        """
        for protection in self:
            if protection.fee_returned_at and not protection.refund_state:
                protection.refund_state = "due"
                protection._trigger_apply_cron()

    # === BY HAND === #
    def _settle_by_hand(self):
        """Ask the responsible user for a refund, if the shop has the buyer's money."""
        payments = self._get_fee_payments()
        if any(each._trustedshops_has_returned(self.gross_fee) for each in payments):
            self.refund_state = "done"
            return
        held = self._get_held_amount()
        if not held:
            self.refund_state = False
            return
        amount = self.currency_id.format(held)
        if means := self._get_means_of_payment():
            note = self.env._(
                "Refund %(amount)s, the fee of Buyer Protection, by hand: it was paid"
                " with %(means)s.",
                amount=amount,
                means=", ".join(means),
            )
        else:
            note = self.env._(
                "Refund %(amount)s, the fee of Buyer Protection, by hand, and settle"
                " credit note %(credit_notes)s with it.",
                amount=amount,
                credit_notes=", ".join(self._get_own_credit_notes().mapped("name")),
            )
        self._ask_for_refund(note)

    def _get_means_of_payment(self):
        """Return by what the fee was paid, as far as the order knows.

        :return: references of payments
        :rtype: list of str
        """
        payments = self._get_fee_payments() or (
            self.order_id._trustedshops_get_received_payments()
        )
        return payments.mapped("reference")

    def _ask_for_refund(self, note):
        """Give the responsible user something to do about the money, one thing a time.

        :param str note: what to do
        """
        self.refund_state = "by_hand"
        self._close_todos_about("refund")
        self.certificate_id._notify_of(self, note, "refund")
        self._post_note(note)

    def _get_held_amount(self):
        """Return how much of the fee is here although the books do not charge it.

        :return: in the protection's currency, 0 when there is nothing to give back
        :rtype: float
        """
        order = self.order_id
        credited = sum(self._get_own_credit_notes().mapped("amount_residual"))
        online = order._trustedshops_get_online_amount()
        held = max(credited, online - order._trustedshops_get_cost(), 0.0)
        return self.currency_id.round(min(held, self.gross_fee))

    def _close_settled_refund(self):
        """Close what asked for a refund once the credit note is paid out."""
        for protection in self:
            credit_notes = protection._get_own_credit_notes()
            if credit_notes and not sum(credit_notes.mapped("amount_residual")):
                protection._close_todos_about("refund")

    def _get_own_credit_notes(self):
        """Return the posted credit notes of nothing but this fee.

        :return: records of ``account.move`` in sudo
        """
        return self._get_fee_invoice_lines().move_id.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type == "out_refund"
                and move.invoice_line_ids == self._get_own_lines(move)
            )
        )

    # === STATEMENT === #
    # What Trusted Shops bills, to compare with what the buyers pay.

    @api.depends("fee_state")
    def _compute_fee_collected(self):
        domain = Domain("id", "in", self.ids) & self._get_collected_domain()
        collected = self.sudo().search(domain)
        for protection in self:
            protection.fee_collected = protection in collected

    def _search_fee_collected(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_collected_domain()
        return Domain.OR(domain if each else ~domain for each in value)

    @api.model
    def _get_collected_domain(self):
        """Return which protections' fees the buyers' money contains.

        Money that is only reserved on a card is none yet.

        :rtype: odoo.fields.Domain
        """
        return self._get_paid_domain() & Domain("fee_state", "not in", FEE_GIVEN_BACK)

    @api.model
    def _get_paid_domain(self):
        """Return which protections' fees were paid: online, or with an invoice.

        A full refund of the payment gives the fee back, whatever the invoices say.

        :rtype: odoo.fields.Domain
        """
        self.env["payment.transaction"].flush_model()
        invoiced = (
            self.env["account.move.line"]
            .sudo()
            ._search(
                Domain("trustedshops_protection_id", "!=", False)
                & Domain("move_id.move_type", "=", "out_invoice")
                & Domain("parent_state", "=", "posted")
                & Domain("move_id.payment_state", "in", ("in_payment", "paid"))
            )
        )
        is_invoice_paid = Domain(
            "id", "in", invoiced.subselect("trustedshops_protection_id")
        )
        is_paid, is_refunded = map(_compare_payment, (SQL(">"), SQL("<=")))
        return is_paid | (is_invoice_paid & ~is_refunded)

    def _mark_as_billed(self, reference):
        """Note the invoice of Trusted Shops that contains these fees.

        :param str reference: its number
        :raise AccessError: without the rights
        """
        self.check_access("read")
        if not any(self.env.user.has_group(group) for group in BILLING_GROUPS):
            raise AccessError(
                self.env._(
                    "Only accountants and sales managers mark protections as billed."
                )
            )
        self.sudo().billed_ref = reference
        text = self.env._(
            "Billed by Trusted Shops with %(reference)s.", reference=reference
        )
        self.sudo()._message_log_batch(bodies=dict.fromkeys(self.ids, text))
