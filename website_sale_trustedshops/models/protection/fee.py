# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The fee: what the books say about it, how it goes back, what Trusted Shops bills.

How it goes back is told in ``models/refund``.
"""

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Domain
from odoo.orm.models import NO_ACCESS
from odoo.tools.misc import clean_context

from ...client_action import link, show
from .buttons import press
from .standing import (
    DUPLICATE_CODES,
    FEE_GIVEN_BACK,
    NOT_CONCLUDED_STATES,
    SENT_STATES,
    WAITING_STATES,
    awaits_lookup,
    is_in_doubt,
    lacks_number,
)

DOCUMENT_GROUPS = (
    "account.group_account_invoice,account.group_account_readonly,"
    "sales_team.group_sale_salesman"
)


class TrustedShopsProtection(models.Model):
    """Fees: books, refunds and the statement."""

    _inherit = "trustedshops.protection"

    # --- Books ---
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
    # As on the order, which not everybody who sees this may open.
    order_payments = fields.Html(
        related="order_id.trustedshops_payments", export_string_translation=False
    )
    # --- Way back: one row once it was given back ---
    refund_ids = fields.One2many("trustedshops.refund", "protection_id")
    # Until then what was refused may be corrected and applied for again; then its fee
    # goes back, and everybody is told that it is over.
    final_at = fields.Datetime(readonly=True, export_string_translation=False)
    # --- Statement ---
    billable = fields.Selection(
        [
            ("owed", "Owed to Trusted Shops"),
            ("undecided", "Undecided"),
            ("void", "Not owed"),
        ],
        string="Billing",
        compute="_compute_billable",
        store=True,
        help="Owed: confirmed. Undecided: Trusted Shops has not decided, or nobody"
        " knows yet whether the application arrived. Not owed: refused, failed,"
        " cancelled before it was sent, or a confirmed test.",
    )
    owed_fee = fields.Monetary(
        string="Owed",
        compute="_compute_billable",
        store=True,
        help="The net fee, once it is owed to Trusted Shops.",
    )
    _undecided_idx = models.Index("(id) WHERE billable = 'undecided'")
    fee_collected = fields.Boolean(
        compute="_compute_fee_collected",
        search="_search_fee_collected",
        help="The buyer paid the fee, online or with an invoice, and did not get it"
        " back.",
    )

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

    def _take_off_drafts(self):
        """Delete the fee from drafts of invoices; return them."""
        lines = self.sudo().fee_line_ids.filtered(
            lambda line: (
                line.parent_state == "draft" and line.move_type == "out_invoice"
            )
        )
        return lines._trustedshops_take_out()

    def _is_fee_off(self):
        """Tell whether nobody has to pay the fee, and the books are even.

        Our own credit note may be undone, and made again.
        """
        is_given_up = bool(self.refund_ids) or self.state == "cancelled"
        return is_given_up and not self._get_invoiced_fee()[0]

    def _get_invoiced_fee(self):
        """Return what posted invoices charge for the fee, less what was credited.

        :return: the balance and what was credited, taxes in
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
        """Bring the state of the fee in line with the books, and close moot to-dos."""
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
                # It waited for that, if it was not sent yet.
                protection._reexamine()
            elif protection.state in NOT_CONCLUDED_STATES:
                protection._update_todo()

    def _is_invoiced_ahead(self):
        """Tell whether down payments were invoiced for more than the order costs."""
        order = self.order_id
        down_payments = order.order_line.filtered("is_downpayment")
        invoiced = sum(down_payments.mapped("amount_invoiced"))
        return order.state == "sale" and (
            order.currency_id.compare_amounts(invoiced, order.amount_total) > 0
        )

    # === THE ORDER ENDS === #
    def _follow_return(self):
        """Act when all goods of the order were credited: the buyer withdrew.

        A corrected invoice begins with a credit note of everything: as soon as not all
        is credited any more, the order did not end after all.
        """
        sent = self.filtered(lambda each: each.state in SENT_STATES)
        for protection in sent.filtered(lambda each: each.order_id.state != "cancel"):
            is_returned = protection.order_id._trustedshops_is_all_credited()
            if is_returned and not protection.ended_at:
                protection._in_responsible_lang()._follow_refund_policy()
            elif not is_returned:
                protection._forget_end()

    def _forget_end(self):
        """Take back that the order came to nothing, and what asked about its fee."""
        ended = self.filtered("ended_at")
        ended.ended_at = False
        ended._close_todos_about("ended")

    def _follow_refund_policy(self):
        """Refund the fee of an order that ended, keep it, or ask, by the policy.

        While the buyer neither paid it nor has an invoice there is nothing to decide.
        """
        policy = self.certificate_id.fee_refund_policy
        is_open = self.fee_state not in FEE_GIVEN_BACK
        received = self.order_id._trustedshops_get_money().received
        is_charged = self.fee_state == "invoiced" or received > 0
        if is_open and policy != "refund" and not is_charged:
            return
        self.ended_at = fields.Datetime.now()
        if not is_open:
            return
        if policy == "keep":
            self._post_note(self._explain("fee_kept"))
        elif policy == "refund":
            self._try_to_return_fee("ended")
        else:
            self._ask_about_fee()

    def _ask_about_fee(self):
        """Ask what becomes of the fee of an order that came to nothing, if it is open.

        Not while a look at Trusted Shops is awaited: what is found there comes first.
        """
        is_open = self.ended_at and self.fee_state not in FEE_GIVEN_BACK
        is_asked = is_open and self.certificate_id.fee_refund_policy == "ask"
        if is_asked and not awaits_lookup(self):
            self._notify_responsible("ended", self._explain("ended"))

    # === REFUND: THE BOOKS === #
    def action_refund_fee(self):
        """Give the fee back to the buyer, once.

        :return: a notification that says what was done
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when it was given back already, or core refuses to credit
        """
        protection_sudo = press(self, "refund_fee")
        # Defaults of the dialog in which the button stands are not for what is made.
        context = clean_context(self.env.context)
        protection_sudo = protection_sudo.with_env(self.env(su=True, context=context))
        if protection_sudo.state == "on_hold" or lacks_number(protection_sudo):
            protection_sudo.write(
                {
                    "state": "failed",
                    "last_error": self.env._(
                        "Given up: the fee was taken out of the books."
                    ),
                }
            )
        protection_sudo._finish_todos()
        text = protection_sudo.refund_ids._give_back(protection_sudo, "person")
        return show(text, self._link_refund())

    def _link_refund(self):
        """Return the links to our credit notes that the user may open, or to the row.

        :rtype: list of dict
        """
        refund_sudo = self.sudo().refund_ids
        notes = refund_sudo.credit_note_ids.sudo(False)._filtered_access("read")
        # Salespeople may read them, but not the payments that their form shows.
        if notes and self.env["account.payment"].has_access("read"):
            label = self._fields["credit_note_ids"]._description_string(self.env)
            action = "account.action_move_out_refund_type"
            return [link(label, action, note.id) for note in notes]
        action = "website_sale_trustedshops.trustedshops_refund_action"
        label = self.env["ir.actions.actions"]._for_xml_id(action)["display_name"]
        return [link(label, action, refund_sudo.id)]

    def _post_note(self, text):
        """Note something at the protection and at its order."""
        self.message_post(body=text)
        self.order_id.message_post(body=self._mark_test(text))

    # === BACK BY ITSELF === #
    @api.model
    def _get_not_concluded_domain(self):
        """Return what ended without protection: its buyer is told and refunded.

        Nobody is told that there is no protection while there may be one.

        :rtype: odoo.fields.Domain
        """
        is_final = Domain("final_at", "<=", fields.Datetime.now())
        # For a cancelled order nothing is corrected.
        is_final |= Domain("order_id.state", "=", "cancel")
        is_unprotected = Domain("application_number", "!=", False)
        is_unprotected |= Domain("may_have_arrived", "=", False)
        is_unprotected &= Domain("last_code", "not in", DUPLICATE_CODES) | Domain(
            "is_number_taken", "=", True
        )
        return Domain("state", "in", NOT_CONCLUDED_STATES) & (
            Domain("fee_state", "in", FEE_GIVEN_BACK) | (is_final & is_unprotected)
        )

    def _is_over(self):
        """Return True if it is sure that there is no protection, and stays so."""
        # Whoever may see the order.
        domain = self._get_not_concluded_domain()
        return bool(self.sudo().filtered_domain(domain))

    @api.model
    def _get_unreturned_domain(self):
        """Return which fees have to go back although nobody pressed a button."""
        is_blocked = Domain("activity_ids.trustedshops_cause", "=", "fee_invoiced")
        is_charged = Domain("refund_ids", "=", False)
        return self._get_not_concluded_domain() & is_charged & ~is_blocked

    def _try_to_return_fee(self, reason="not_concluded"):
        """Give the fee back, or tell the responsible user what is in the way.

        :param str reason: why, see the refund
        """
        try:
            with self.env.cr.savepoint():
                self.refund_ids._give_back(self, reason)
        except (RedirectWarning, UserError) as error:
            self._notify_of_books(str(error))

    def _notify_of_books(self, reason=""):
        """Leave the books to a person; while that is open nothing is tried again.

        :param str reason: what core says, default: it is in the log
        """
        note = self.env._(
            "The fee of Buyer Protection has to go back, but could not be taken out of"
            " the books: %(reason)s Press Refund fee when that is settled.",
            reason=reason or self.env._("The server's log says why."),
        )
        self._notify_responsible("fee_invoiced", note)
        self._update_todo()  # which promised that it goes back

    # === STATEMENT === #
    @api.depends(
        "state",
        "may_have_arrived",
        "application_number",
        "last_code",
        "is_number_taken",
        "is_test",
        "net_fee",
    )
    def _compute_billable(self):
        for protection in self:
            is_open = protection.state in WAITING_STATES
            if protection.state == "confirmed":
                protection.billable = "void" if protection.is_test else "owed"
            # Giving the fee back, or cancelling, does not take an application back.
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
        """Return which protections' fees were paid: online, or with an invoice.

        Money that is only reserved on a card is none yet, and a full refund of the
        payment gives the fee back, whatever the invoices say.

        :rtype: odoo.fields.Domain
        """
        is_done = Domain("state", "=", "done")
        is_done &= Domain("operation", "not in", ("refund", "validation"))
        # Of a part nobody knows whether the fee is in it.
        is_void = Domain("operation", "!=", "refund") & Domain("state", "=", "cancel")
        is_whole = ~Domain("child_transaction_ids", "any", is_void)
        is_paid, is_refunded = (
            self._get_domain_of("payment.transaction", is_done & is_left)
            for is_left in (
                Domain("trustedshops_amount_left", ">", 0) & is_whole,
                Domain("trustedshops_amount_left", "<=", 0),
            )
        )
        is_invoice_paid = self._get_domain_of(
            "account.move.line",
            Domain("move_id.move_type", "=", "out_invoice")
            & Domain("parent_state", "=", "posted")
            & Domain("move_id.payment_state", "in", ("in_payment", "paid")),
        )
        return is_paid | (is_invoice_paid & ~is_refunded)

    @api.model
    def _get_domain_of(self, model, domain):
        """Return the protections that records of another model belong to.

        :param str model: with a field ``trustedshops_protection_id``
        :param Domain domain: which of its records, whoever may read them
        :rtype: odoo.fields.Domain
        """
        domain &= Domain("trustedshops_protection_id", "!=", False)
        records = self.env[model].sudo()._search(domain)
        return Domain("id", "in", records.subselect("trustedshops_protection_id"))
