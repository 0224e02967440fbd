# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff do with a protection: the buttons, and who may press which, when.

A button never asks Trusted Shops. It changes the row and wakes the queue, so that it
answers at once, and so that nothing is applied for twice.

What staff reads of a protection: notes in the chatter, and something to do.

An answer of Trusted Shops is stored alone, with a mark that somebody has to be told.
Telling is another transaction, which clears the mark: so nobody is told twice, and no
death of a process in between keeps anybody from being told.
"""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ... import const
from ...client_action import show
from ...lib.values import LARGEST_NUMBER
from .protection import FEE_GIVEN_BACK, NOT_CONCLUDED_STATES, WAITING_STATES

MANAGERS = ("sales_team.group_sale_manager", "base.group_system")
# Who may press a button; sales people only where they see the order.
BUTTON_GROUPS = {
    "apply_now": MANAGERS,
    "check_state": ("sales_team.group_sale_salesman", "base.group_system"),
    "enter_number": MANAGERS,
    "release": MANAGERS,
    "refund_fee": ("account.group_account_invoice", "sales_team.group_sale_manager"),
}
# Cause of the activity about what was applied for and is not paid any more.
CALLED_OFF = "called_off"
# Causes of activities that the next answer settles or replaces.
PASSING_CAUSES = ("number_missing", "trouble", "undecided", "fee_given_back")
# Causes of activities that are dealt with when somebody pressed a button.
HANDLED_CAUSES = ("protection", "fee_invoiced", CALLED_OFF, *PASSING_CAUSES)


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    is_released = fields.Boolean(
        string="Released",
        readonly=True,
        help="Somebody let the application go out although the sums do not fit.",
    )
    is_number_entered = fields.Boolean(
        readonly=True,
        help="The application number was entered by hand, so it may be mistyped.",
    )
    can_apply_now = fields.Boolean(compute="_compute_possible_buttons")
    can_check_state = fields.Boolean(compute="_compute_possible_buttons")
    can_enter_number = fields.Boolean(compute="_compute_possible_buttons")
    can_release = fields.Boolean(compute="_compute_possible_buttons")
    can_refund_fee = fields.Boolean(compute="_compute_possible_buttons")
    # --- Notice ---
    notice_due = fields.Boolean(
        readonly=True, help="An answer was stored of which nobody was told yet."
    )
    trouble_count = fields.Integer(
        readonly=True, help="Attempts in a row that brought neither number nor refusal."
    )
    undecided_told = fields.Boolean(
        readonly=True, help="Somebody was told that the decision takes very long."
    )
    _notice_idx = models.Index("(id) WHERE notice_due IS TRUE")

    @api.depends(
        "state",
        "placed_at",
        "last_code",
        "unanswered",
        "application_number",
        "is_number_entered",
        "fee_state",
        "fee_returned_at",
        "order_id.state",
    )
    @api.depends_context("uid")
    def _compute_possible_buttons(self):
        for protection in self:
            for button in BUTTON_GROUPS:
                possible = protection._may_press(button)
                protection[f"can_{button}"] = possible and protection._fits(button)

    @api.model
    def _may_press(self, button):
        """Tell whether the user has the rights for a button.

        :param str button: key of ``BUTTON_GROUPS``
        :rtype: bool
        """
        return any(self.env.user.has_group(group) for group in BUTTON_GROUPS[button])

    def _fits(self, button):
        """Tell whether a button makes sense now, whoever presses it.

        :param str button: key of ``BUTTON_GROUPS``
        :rtype: bool
        """
        self.ensure_one()
        is_duplicate = self._is_duplicate()
        owes_fee = self.fee_state in ("due", "invoiced") and not self.fee_returned_at
        if button == "apply_now":
            waiting = ("queued", "on_hold", "rejected")
            return owes_fee and self.state in waiting and self._may_still_be_sent()
        if button == "check_state":
            return self.state == "requested" and bool(self.application_number)
        if button == "enter_number":
            return (
                self._lacks_number()
                or (self.state == "requested" and self.is_number_entered)
                or (self.state == "on_hold" and is_duplicate)
                or (self.state == "failed" and self._may_have_arrived())
                or (self.state == "failed" and self.is_number_taken)
            )
        if button == "release":
            on_hold = self.state == "on_hold" and not is_duplicate
            return owes_fee and on_hold and self._may_still_be_sent()
        ended = ("on_hold", "requested", "confirmed", "rejected", "failed", "cancelled")
        return owes_fee and self.state in ended

    def _may_still_be_sent(self):
        """Tell whether there is an order, young enough for the service.

        :rtype: bool
        """
        oldest = fields.Datetime.now() - const.APPLY_WITHIN
        is_in_time = bool(self.placed_at) and self.placed_at > oldest
        return is_in_time and not self._is_order_cancelled()

    # === BUTTONS === #
    def action_apply_now(self):
        """Have the queue send the application now, after somebody mended something.

        :return: a notification when what was mended is not sent, else True
        :rtype: dict or bool
        :raise AccessError: without the rights
        :raise UserError: when nothing can be applied for, or the sums still do not fit
        """
        protection_sudo = self._begin_button("apply_now")
        is_corrected = True
        if protection_sudo.state in ("on_hold", "rejected"):
            is_corrected = protection_sudo._correct_placed_values()
        reason = protection_sudo._get_obstacle()
        if reason := reason or protection_sudo._get_waiting_reason():
            raise UserError(reason)
        protection_sudo._queue_by_hand()
        text = self.env._("Buyer Protection will be applied for now: Apply now.")
        if is_corrected:
            protection_sudo._note_by_hand(text)
            return True
        text = f"{text} {self._explain_ignored_correction()}"
        protection_sudo._note_by_hand(text)
        return show(text, type="warning", sticky=True)

    def action_check_state(self):
        """Have the queue ask now whether the application was decided.

        :rtype: bool
        :raise AccessError: without the rights
        :raise UserError: when there is nothing to ask for
        """
        protection_sudo = self._begin_button("check_state")
        protection_sudo.next_attempt_at = fields.Datetime.now()
        protection_sudo._trigger_apply_cron()
        protection_sudo._note_by_hand(
            self.env._("Trusted Shops will be asked for the decision: Check state.")
        )
        return True

    def action_enter_number(self):
        """Open the dialog in which the application number is entered.

        :raise AccessError: without the rights
        :raise UserError: when there is a number, or nothing was applied for
        """
        self._check_button("enter_number")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter the application number"),
            "res_model": "trustedshops.number.entry",
            "view_mode": "form",
            "target": "new",
            "context": {"default_protection_id": self.id},
        }

    def action_release(self):
        """Let the application go out although the sums do not fit.

        :rtype: bool
        :raise AccessError: without the rights
        :raise UserError: when it is not on hold for that
        """
        protection_sudo = self._begin_button("release")
        reason = protection_sudo._get_unpaid_reason()
        if reason := reason or protection_sudo._get_foreign_reason():
            raise UserError(reason)
        reason = protection_sudo.last_error
        protection_sudo.is_released = True
        protection_sudo._queue_by_hand()
        protection_sudo._note_by_hand(
            self.env._(
                "Buyer Protection was released and will be applied for although it was"
                " on hold: %(reason)s",
                reason=reason or self.env._("no reason given"),
            )
        )
        return True

    # === WHAT BUTTONS HAVE IN COMMON === #
    def _begin_button(self, button):
        """Check that a button may be pressed, and keep the queue off the row.

        :param str button: key of ``BUTTON_GROUPS``
        :return: the record in sudo, locked: nobody has rights to write it
        :raise AccessError: without the rights
        :raise UserError: when it makes no sense now, or the queue is at work on it
        """
        self._check_button(button)
        locked_sudo = self.sudo().try_lock_for_update(allow_referencing=True)
        if not locked_sudo or locked_sudo.state == "sending":
            raise UserError(self._get_busy_text())
        return locked_sudo

    def _check_button(self, button):
        """Check that the user may press a button, and that it makes sense now.

        :param str button: key of ``BUTTON_GROUPS``
        :raise AccessError: without the rights
        :raise UserError: when it makes no sense now
        """
        self.ensure_one()
        self.check_access("read")
        if not self._may_press(button):
            raise AccessError(
                self.env._(
                    "You have no rights for this button. Ask a sales manager or an"
                    " accountant."
                )
            )
        if self.sudo().state == "sending":
            raise UserError(self._get_busy_text())
        if not self.sudo()._fits(button):
            raise UserError(
                self.env._(
                    "This is not possible now: the Buyer Protection of order %(order)s"
                    " is “%(state)s”. Reload the page to see where it stands.",
                    order=self.display_name,
                    state=self._get_state_label(),
                )
            )

    def _get_busy_text(self):
        return self.env._(
            "Trusted Shops is being asked about this order right now. Try again in a"
            " minute."
        )

    def _get_state_label(self):
        """Return the state in the reader's words."""
        selection = self._fields["state"]._description_selection(self.env)
        return dict(selection)[self.state]

    def _queue_by_hand(self):
        """Make the application due at once, and wake the queue."""
        self.write(
            {
                "state": "queued",
                "next_attempt_at": fields.Datetime.now(),
                "last_code": 0,
                "last_error": False,
                "is_number_taken": False,
                "refund_state": False,
            }
        )
        self._trigger_apply_cron()

    def _correct_placed_values(self):
        """Take over what was mended in the order since it was placed.

        Not its number and its date, and nothing at all once an application may have
        arrived: the same one must be sent again. A refusal since then does not say that
        it did not: nobody knows whether the service looks at the number first.

        :return: whether that is sent which the order says now
        :rtype: bool
        """
        current = self._prepare_placed_values()
        names = ("order_amount", "customer_reference", "buyer_email", "payment_type")
        changed = {
            name: current[name]
            for name in names
            if (self[name] or "") != (current[name] or "")
        }
        if changed and not self.unanswered:
            self.write(changed)
        return not (changed and self.unanswered)

    def _explain_ignored_correction(self):
        return self.env._(
            "It is sent as it was, without what was corrected since: an earlier"
            " application got no answer and may have arrived, and a different one might"
            " then protect the purchase twice. If it is refused again, look for the"
            " order number at Trusted Shops; when there is nothing, press Refund fee."
        )

    def _enter_number(self, text):
        """Store the number under which Trusted Shops knows the application.

        :param str text: as typed
        :raise AccessError: without the rights
        :raise UserError: when it is none, or another order's
        """
        protection_sudo = self._begin_button("enter_number")
        number = protection_sudo._check_number(text)
        now = fields.Datetime.now()
        protection_sudo.write(
            {
                "state": "requested",
                "application_number": number,
                "is_number_entered": True,
                "requested_at": protection_sudo.requested_at or now,
                "next_attempt_at": now,
                "last_code": 0,
                "last_error": False,
            }
        )
        protection_sudo._trigger_apply_cron()
        protection_sudo._note_by_hand(
            self.env._(
                "The application number %(number)s was entered by hand.", number=number
            )
        )

    def _check_number(self, text):
        """Return an application number in its one form.

        :param str text: as typed
        :rtype: str
        :raise UserError: when it is none, or another order's
        """
        digits = (text or "").strip()
        is_number = digits.isascii() and digits.isdecimal()
        if not is_number or not 0 < int(digits[:20]) <= LARGEST_NUMBER:
            raise UserError(
                self.env._(
                    "An application number has digits only and is at most %(largest)s.",
                    largest=LARGEST_NUMBER,
                )
            )
        number = str(int(digits))
        other = self.search(
            [
                ("ts_id", "=", self.ts_id),
                ("environment", "=", self.environment),
                ("application_number", "=", number),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if other:
            raise UserError(
                self.env._(
                    "%(number)s is the application of order %(order)s. Look the number"
                    " up at Trusted Shops by the order number.",
                    number=number,
                    order=other.display_name,
                )
            )
        return number

    def _get_responsible(self):
        """Return the user who gets the activities."""
        return self.certificate_id._get_responsible()

    def _note_by_hand(self, text):
        """Note at order and protection what somebody did, and close what asked for it.

        :param str text: what was done
        """
        self._close_todos()
        self.message_post(body=text)
        self.order_id.message_post(body=text)

    def _close_todos(self):
        """Mark the open activities about this protection as done."""
        todos = self.activity_ids.filtered(
            lambda activity: activity.trustedshops_cause in HANDLED_CAUSES
        )
        todos.action_feedback()

    # === NOTICE === #

    def write(self, vals):
        """Override of `mail` to leave a note of each change of the state.

        Tracking would write it in the transaction of the answer. What comes with a
        word about the mark is told later; that a call begins is no news.
        """
        if "state" in vals and "not_concluded_at" not in vals:
            ended = vals["state"] in NOT_CONCLUDED_STATES
            now = fields.Datetime.now() if ended else False
            vals = {**vals, "not_concluded_at": now}
        if "state" not in vals or "notice_due" in vals or vals["state"] == "sending":
            return super().write(vals)
        before = {protection: protection.state for protection in self}
        result = super().write(vals)
        for protection, state in before.items():
            if protection.state != state:
                protection._in_responsible_lang()._note_state()
        return result

    def _note_state(self):
        """Say in the chatter where the protection stands."""
        words = dict(self._fields["state"]._description_selection(self.env))
        note = Markup("%s") % words[self.state]
        if self.last_error:
            note += Markup("<br/>%s") % self.last_error
        self._message_log(body=note)

    # === AFTER AN ANSWER === #
    def _run_notices(self):
        """Tell of the answers that nobody was told of.

        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        return self._run_batch(
            self._get_notices_domain(), lambda protection: protection._tell()
        )

    @api.model
    def _get_notices_domain(self):
        return Domain("notice_due", "=", True) & Domain("state", "!=", "sending")

    def _tell(self):
        """Note the last answer, and ask for a person where one is needed."""
        self.notice_due = False
        self._note_state()
        self._close_passing_todos()
        if self.state == "requested" and self.application_number:
            self.order_id.message_post(
                body=self.env._(
                    "Buyer Protection was applied for, application number %(number)s.",
                    number=self.application_number,
                )
            )
        elif self.state == "requested":
            self._notify_responsible("number_missing", self.last_error)
        elif self.state == "on_hold":
            self._notify_responsible("protection", self.last_error)
        elif self.state == "rejected":
            note = f"{self.last_error} {self._explain_fee_of_refused()}"
            self._notify_responsible("protection", note)
        elif self.state == "queued" and self.trouble_count >= const.TROUBLE_ATTENTION:
            self._tell_trouble()
        if self.late_number:
            self._tell_late_number()
        self._follow_payment()  # it may have been called off during the call

    def _follow_payment(self):
        """Ask what becomes of a protection that was applied for and is not paid."""
        is_open = (
            self.state in ("requested", "confirmed")
            and self.fee_state not in FEE_GIVEN_BACK
            and not self._is_order_cancelled()
            and self._get_unpaid_reason()
        )
        if not is_open:
            self._close_todos_about(CALLED_OFF)
        elif not self._find_todos_about(CALLED_OFF):
            self._notify_responsible(
                CALLED_OFF,
                self.env._(
                    "The payment of this order was called off, and nobody confirmed the"
                    " order, but its Buyer Protection was applied for already and"
                    " Trusted Shops has no way to cancel it. Cancel the order if it is"
                    " given up; what becomes of the fee is then decided."
                ),
            )

    def _tell_trouble(self):
        """Ask for a look at an application that does not get through."""
        self._notify_responsible(
            "trouble",
            self.env._(
                "%(count)s attempts in a row to apply for this Buyer Protection brought"
                " no result. We keep trying until three days after the order; ask"
                " Trusted Shops if it goes on. The last time: %(reason)s",
                count=self.trouble_count,
                reason=self.last_error or "-",
            ),
        )

    def _tell_late_number(self):
        """Tell of an application that arrived although the row went another way."""
        words = dict(self._fields["state"]._description_selection(self.env))
        self._notify_responsible(
            "late_number",
            self.env._(
                "An answer of Trusted Shops came very late: an application for this"
                " order exists under the number %(number)s, but here it stands at"
                " “%(state)s”, number %(own)s. Compare both with Trusted Shops before"
                " you decide about the fee.",
                number=self.late_number,
                state=words[self.state],
                own=self.application_number or "-",
            ),
        )
        self.late_number = False

    def _close_passing_todos(self):
        """Close the activities that the answer made moot."""
        self.sudo().activity_ids.filtered(
            lambda activity: activity.trustedshops_cause in PASSING_CAUSES
        ).unlink()

    # === NOBODY IS LEFT TO DO IT === #
    @api.model
    def _get_unfinished_domain(self):
        """Return what needs this addon to come to its end."""
        is_unrefunded = Domain("refund_state", "in", ("due", "sending"))
        return Domain("state", "in", WAITING_STATES) | is_unrefunded

    def _post_note(self, text):
        """Note something at the protection and at its order."""
        self.message_post(body=text)
        self.order_id.message_post(body=text)

    def _post_what_is_left(self):
        """Say on the order what has to be done by hand when the addon is gone."""
        self = self._in_responsible_lang()
        if self.refund_state in ("due", "sending"):
            note = self.env._(
                "Trusted Shops was uninstalled before the fee of Buyer Protection was"
                " refunded. If %(amount)s of the buyer's money is still here, refund it"
                " by hand.",
                amount=self.currency_id.format(self.gross_fee),
            )
        elif self.state == "requested" and self.application_number:
            note = self.env._(
                "Trusted Shops was uninstalled before it was decided about the Buyer"
                " Protection of this order, application number %(number)s. Look at"
                " Trusted Shops what became of it, and tell the buyer.",
                number=self.application_number,
            )
        elif self.state in ("sending", "requested") or self._may_have_arrived():
            note = self.env._(
                "Trusted Shops was uninstalled while Buyer Protection of this order was"
                " being applied for. Look for the order number at Trusted Shops before"
                " you apply by hand, or refund the fee."
            )
        else:
            note = self.env._(
                "Trusted Shops was uninstalled before Buyer Protection of this order"
                " was applied for. Apply for it at Trusted Shops by hand within three"
                " days of the order, or refund the fee."
            )
        self.order_id.message_post(body=note)

    # === NO DECISION === #
    def _run_undecided(self):
        """Tell of applications that wait too long for their decision.

        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        return self._run_batch(
            self._get_undecided_domain(),
            lambda protection: protection._tell_undecided(),
        )

    @api.model
    def _get_undecided_domain(self):
        oldest = fields.Datetime.now() - const.POLL_ATTENTION_AFTER
        return (
            Domain("state", "=", "requested")
            & Domain("application_number", "!=", False)
            & Domain("undecided_told", "=", False)
            & Domain("requested_at", "<=", oldest)
        )

    def _tell_undecided(self):
        self.undecided_told = True
        self._notify_responsible(
            "undecided",
            self.env._(
                "Trusted Shops has not decided about application %(number)s for a week."
                " Ask Trusted Shops about it; we keep asking once a day.",
                number=self.application_number,
            ),
        )
