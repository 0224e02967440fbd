# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Adds what staff see and do: states, dates, hints, and buttons to core's dialogs."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from .. import const
from .sale_order import PROPOSED, SALESPEOPLE


class SaleWithdrawal(models.Model):
    """Adds how staff judge and settle a declaration; Odoo decides nothing."""

    _inherit = "sale.withdrawal"

    state = fields.Selection(
        [
            ("received", "Received"),
            ("assigned", "Assigned"),
            ("valid", "Valid"),
            ("invalid", "Not Valid"),
            ("settled", "Settled"),
            ("spam", "Spam"),
        ],
        string="Status",
        required=True,
        default="received",
        tracking=True,
        group_expand=True,
        help="Assigned: its order is known. Valid or not: what you found. Settled:"
        " nothing is left to do. Spam: erased after 30 days.",
    )
    reason = fields.Char(
        string="Why Not Valid", tracking=True, help="The buyer may ask for it."
    )
    user_id = fields.Many2one("res.users", string="Responsible", tracking=True)
    # Read from the order in sudo, because the user may not be allowed to read it.
    period_end = fields.Date(
        string="Period Ends (Estimate)",
        compute="_compute_dates",
        compute_sudo=True,
        help="14 days after the last goods arrived, or the next working day. Odoo knows"
        " at most when they were dispatched. Empty: not known, so count as in time.",
    )
    money_back_by = fields.Date(
        compute="_compute_dates",
        compute_sudo=True,
        help="14 days after the withdrawal. You may wait until the goods are back, or"
        " the buyer proves that they were sent.",
    )
    is_open = fields.Boolean(
        store=False, search="_search_is_open", export_string_translation=False
    )
    is_due = fields.Boolean(
        store=False, search="_search_is_due", export_string_translation=False
    )
    hints = fields.Text(compute="_compute_hints", compute_sudo=True)

    # === STATES === #
    @api.constrains("state", "order_id", "reason")
    def _check_state(self):
        for withdrawal in self:
            # The order of its link cannot be replaced, but may be deleted.
            has_order = withdrawal.order_id or withdrawal.is_verified
            if withdrawal.state == "valid" and not has_order:
                raise ValidationError(self.env._("Assign the order first."))
            if withdrawal.state == "spam" and has_order:
                raise ValidationError(
                    self.env._("It has an order: say whether it is valid.")
                )
            if withdrawal.state == "invalid" and not withdrawal.reason:
                raise ValidationError(
                    self.env._("Say why the withdrawal is not valid.")
                )

    def write(self, vals):
        """Override of the framework to apply a changed order, and to sync activities.

        :raise AccessError: when the user may not read the new order: hints and the
            address of the copy would tell whose it is
        :raise UserError: when a withdrawal is settled that is not valid, or one that
            came by the link of an order gets another order
        """
        if "order_id" in vals:
            order = self.env["sale.order"].browse(vals["order_id"])
            order.check_access("read")
            # Else the buyer of another order would get what was declared.
            if any(each.is_verified and each.order_id != order for each in self):
                raise UserError(
                    self.env._(
                        "This withdrawal came by the link of its order, so the order"
                        " cannot be changed."
                    )
                )
        is_settled = vals.get("state") == "settled"
        if is_settled and not {*self.mapped("state")} <= {"valid", "settled"}:
            raise UserError(self.env._("Only a valid withdrawal can be settled."))
        result = super().write(vals)
        if "order_id" in vals:
            self._update_from_order()
        if not {"order_id", "proposed_order_id", "state"}.isdisjoint(vals):
            self.proposed_order_id._withdrawal_sync_proposals()
        if vals.get("state") in ("invalid", "settled", "spam"):
            self.activity_unlink(["mail.mail_activity_data_todo"])
        return result

    def action_assign(self):
        """Assign the proposed order to each withdrawal."""
        for withdrawal in self:
            withdrawal.order_id = withdrawal.proposed_order_id

    def action_mark_valid(self):
        """Set the state to valid: the buyer may withdraw.

        :raise ValidationError: without an order
        """
        self.state = "valid"

    def action_mark_invalid(self):
        """Set the state to not valid: the buyer may not withdraw.

        :raise ValidationError: without a reason
        """
        self.state = "invalid"

    def action_mark_spam(self):
        """Set the state to spam, which is erased after 30 days.

        :raise ValidationError: with an order
        """
        self.state = "spam"

    def action_mark_paid_back(self):
        """Set the state to settled: nothing is left to do.

        :raise UserError: when the withdrawal is not valid
        """
        self.state = "settled"

    def action_reopen(self):
        """Set the state back to assigned, or to received without an order."""
        for withdrawal in self:
            withdrawal.state = "assigned" if withdrawal.order_id else "received"

    def action_erase(self):
        """Delete the withdrawals and their mails, and log that on their orders.

        :return: action that opens the list
        :rtype: dict
        :raise AccessError: when the user is not an administrator of sales
        """
        self.check_access("write")
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales administrators may erase it."))
        for order in self.order_id:
            order.message_post(
                body=self.env._("A withdrawal from this order was erased.")
            )
        proposed = self.proposed_order_id
        self.sudo().unlink()
        proposed._withdrawal_sync_proposals()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "website_sale_withdrawal.sale_withdrawal_action"
        )

    # === THE RESPONSIBLE USER === #
    def _get_responsible(self):
        """Return the user who gets the activities, or none.

        The first active one with access to sales and to the company, of: the
        responsible user, the salespeople of order and website, the administrators of
        sales.
        """
        managers = self.env.ref("sales_team.group_sale_manager").sudo().all_user_ids
        order = self.order_id or self.proposed_order_id
        users = self.user_id + order.user_id + self.website_id.salesperson_id
        users += managers.sorted("id")
        return users.filtered(
            lambda user: (
                user.active
                and self.company_id in user.company_ids
                and user.has_group(SALESPEOPLE)
            )
        )[:1]

    def _schedule_todo(self):
        """Schedule an activity for the responsible user, in their language.

        Send no mail about it while the user has another one: a program may declare a
        thousand times.
        """
        waiting = self.env["mail.activity"].search_count(
            [("res_model", "=", self._name), ("user_id", "=", self.user_id.id)], limit=1
        )
        in_lang = self.with_context(
            lang=self.user_id.lang or "en_US", mail_activity_quick_update=bool(waiting)
        )
        in_lang.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self._get_local_date(self.received_at),
            summary=in_lang.env._("Withdrawal received"),
            user_id=self.user_id.id,
        )

    @api.model
    def _find_due(self):
        """Return the open withdrawals that staff should look at now, oldest first.

        :return: the due ones, and the late ones: the shop has to pay the money back in
            two days, or should have
        :rtype: tuple[SaleWithdrawal, SaleWithdrawal]
        """
        due = self.search(self._get_due_domain(), order="received_at, id")
        late = due.filtered_domain(self._get_due_domain(const.LATE_DAYS))
        return due - late, late

    @api.model
    def _get_due_domain(self, days=const.DUE_DAYS):
        """Return the domain of open withdrawals that were declared some days ago.

        :param int days: number of days, at least
        """
        since = fields.Datetime.now() - timedelta(days)
        return self._get_open_domain() & Domain("received_at", "<=", since)

    @api.model
    def _get_open_domain(self):
        """Return the domain of withdrawals that are neither settled nor refused."""
        return Domain("state", "in", ("received", "assigned", "valid"))

    @api.model
    def _search_is_open(self, operator, value):
        """Search for open withdrawals, see :meth:`_get_open_domain`."""
        if operator != "in":
            return NotImplemented
        found = self._get_open_domain()
        return Domain.OR(found if each else ~found for each in value)

    @api.model
    def _search_is_due(self, operator, value):
        """Search for due withdrawals, see :meth:`_get_due_domain`."""
        if operator != "in":
            return NotImplemented
        found = self._get_due_domain()
        return Domain.OR(found if each else ~found for each in value)

    @api.model
    def _schedule_reminders(self):
        """Schedule an activity for due withdrawals without an open one.

        Those for which an order is proposed share an activity of the order. The
        responsible user may have left: Odoo deleted the activities of that user.
        """
        is_proposal = Domain("order_id", "=", False)
        is_proposal &= Domain("proposed_order_id", "!=", False)
        # Done activities stay in the database, archived.
        planned = Domain("res_model", "=", self._name) & Domain("active", "=", True)
        untold = self._get_due_domain() & ~is_proposal
        untold &= Domain("activity_ids", "not any", planned)
        untold &= Domain("is_examined", "=", True)
        for withdrawal in self.search(untold):
            quiet = withdrawal.with_context(mail_auto_subscribe_no_notify=True)
            quiet.user_id = withdrawal._get_responsible()
            withdrawal._schedule_todo()
        proposals = self._get_due_domain() & is_proposal
        for [order] in self._read_group(proposals, ["proposed_order_id"]):
            if not order.activity_search([PROPOSED]):
                order._withdrawal_sync_proposals()

    # === DATES === #
    @api.depends("received_at", "order_id")
    def _compute_dates(self):
        for withdrawal in self:
            pressed = withdrawal._get_local_date(withdrawal.received_at)
            withdrawal.money_back_by = pressed + timedelta(const.MONEY_BACK_DAYS)
            dispatched_at = (
                withdrawal.order_id
                and withdrawal.order_id._withdrawal_get_dispatched_at()
            )
            withdrawal.period_end = dispatched_at and _get_working_day(
                withdrawal._get_local_date(dispatched_at)
                + timedelta(
                    withdrawal.company_id.withdrawal_transit_days + const.PERIOD_DAYS
                )
            )

    def _get_local_date(self, moment):
        """Return the day of a moment (UTC) in the company's time zone."""
        in_zone = self.with_context(tz=self._get_timezone())
        return fields.Datetime.context_timestamp(in_zone, moment).date()

    # === HINTS === #
    @api.depends("order_id", "proposed_order_id", "received_at", "state")
    @api.depends_context("lang")
    def _compute_hints(self):
        for withdrawal in self:
            withdrawal.hints = "\n".join(withdrawal._list_hints())

    def _list_hints(self):
        """Yield sentences about what staff should check. To be extended."""
        if self.filtered_domain(self._get_due_domain()):
            yield self.env._(
                "Open since %(date)s: the money has to be back by %(end)s.",
                date=format_date(self.env, self._get_local_date(self.received_at)),
                end=format_date(self.env, self.money_back_by),
            )
        if not self.email:
            yield self.env._(
                "The order has no e-mail address: print the receipt, and send it."
            )
        if not self.order_id and self.proposed_order_id:
            yield self.env._(
                "An order has the number, but neither this name nor this address."
                " Assign it if it is the buyer's, or ask: the withdrawal counts all the"
                " same."
            )
            return
        if not self.order_id:
            yield self.env._(
                "The order is not known. Look for it, or ask the buyer: the withdrawal"
                " counts all the same."
            )
            return
        yield from self._list_hints_of_order()

    def _list_hints_of_order(self):
        """Yield the hints about the assigned order and its buyer. To be extended."""
        if not self._is_of_buyer():
            yield self.env._(
                "Every person who knows the order number could have sent this."
            )
        if self.copy_email:
            yield self.env._(
                "The order has another e-mail address: %(address)s gets a notice.",
                address=self.copy_email,
            )
        partner = self.order_id.partner_id.commercial_partner_id
        if partner.is_company or partner.vat:
            yield self.env._(
                "The order's address names a company or a VAT number. The right is for"
                " consumers."
            )
        if self.articles:
            yield self.env._("The buyer keeps a part of the order.")
        elif self.details or self.remark:
            yield self.env._(
                "This may be a part of the order: read what the buyer wrote."
            )
        if "service" in self.order_id._withdrawal_get_lines().product_id.mapped("type"):
            yield self.env._(
                "The order has services or digital goods: the right may have ended"
                " (article 16 of Directive 2011/83/EU)."
            )
        sent_on = self.sent_on or self._get_local_date(self.received_at)
        if self.period_end and sent_on > self.period_end:
            yield self.env._(
                "The period may have ended on %(date)s.",
                date=format_date(self.env, self.period_end),
            )
        if len(self.order_id.withdrawal_ids) > 1:
            yield self.env._("There is another withdrawal from this order.")

    # === WORDS FOR THE BUYER === #
    def _format_standing(self):
        """Return the sentence about the state of the withdrawal for the buyer.

        :rtype: str
        """
        moment = self._get_press_time()
        end = format_date(self.env, self.money_back_by)
        if self.state == "settled":
            return self.env._("Received on %(moment)s. It is settled.", moment=moment)
        if self.state == "invalid":
            return self.env._(
                "Received on %(moment)s. We found it not valid: please ask us why.",
                moment=moment,
            )
        if self.state == "valid":
            return self.env._(
                "Received on %(moment)s. You get your money back by %(date)s.",
                moment=moment,
                date=end,
            )
        return self.env._(
            "Received on %(moment)s. If it is valid, you get your money back by"
            " %(date)s.",
            moment=moment,
            date=end,
        )

    def _format_next_steps(self):
        """Return the text about what happens next, the company's own or the default.

        :rtype: str
        """
        return self.company_id.withdrawal_next_steps or self.env._(
            "We check your withdrawal and write to you. If you have received goods,"
            " please send them back by %(date)s. If your withdrawal is valid, we pay"
            " your money back by the same day; we may wait until the goods are back, or"
            " you have shown that you sent them.",
            date=format_date(self.env, self.money_back_by),
        )

    # === CORE'S OWN DIALOGS === #
    def action_open_order(self):
        """Open the order.

        :rtype: dict
        """
        return self.order_id._get_records_action()

    def action_credit(self):
        """Open core's dialog to reverse the posted invoices of the order.

        :rtype: dict
        :raise UserError: when there is none
        """
        invoices = self.order_id.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )
        if not invoices:
            raise UserError(self.env._("No invoice of the order is posted."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_view_account_move_reversal"
        )
        context = {"active_model": "account.move", "active_ids": invoices.ids}
        return {**action, "context": context}

    def action_refund(self):
        """Open core's refund dialog for the payment, or the list of several payments.

        :rtype: dict
        :raise UserError: when no payment can be refunded from Odoo
        """
        payments = self.order_id.transaction_ids.payment_id.filtered(
            lambda payment: payment.amount_available_for_refund > 0
        )
        if not payments:
            raise UserError(
                self.env._("Odoo cannot refund a payment of this order: do it by hand.")
            )
        if len(payments) > 1:
            return payments._get_records_action()
        return {
            **payments.action_refund_wizard(),
            "context": {"active_id": payments.id, "active_model": payments._name},
        }

    def action_cancel_order(self):
        """Cancel the order, as the button on the order does.

        :return: result of ``action_cancel`` of ``sale.order``
        """
        return self.order_id.action_cancel()


def _get_working_day(date):
    """Return a day, or the Monday after it if it is on a weekend.

    Source: article 3 of Regulation (EEC) 1182/71
    """
    return date + timedelta(max(date.weekday() - 4, 0) and 7 - date.weekday())
