# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff do with a protection and read about it.

An answer of Trusted Shops is stored alone, with a mark that somebody has to be told.
Telling is another transaction, which clears the mark: so nobody is told twice, and no
death of a process in between keeps anybody from being told.
"""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ... import const
from ...client_action import show
from ...lib.values import LARGEST_NUMBER
from ..batches import Job
from ..buyer_mail import KINDS
from .answers import prepare_not_found_values, prepare_requested_values
from .buttons import check, finish, get_possible, press
from .obstacles import get_foreign_reason, get_obstacle, get_unpaid_reason
from .standing import (
    ENDED_STATES,
    FEE_GIVEN_BACK,
    NOT_CONCLUDED_STATES,
    SENT_STATES,
    awaits_lookup,
    get_final_moment,
    get_lookups_domain,
    is_entry_refused,
    is_order_cancelled,
    lacks_number,
    needs_person,
)
from .words import explain_state

# What is sent anew after it was corrected on the order; not its number and its date.
CORRECTABLE = ("order_amount", "customer_reference", "buyer_email", "payment_type")


class TrustedShopsProtection(models.Model):
    """What buttons do, and what staff is told."""

    _inherit = "trustedshops.protection"

    # Let out by a person although the sums do not fit.
    is_released = fields.Boolean(readonly=True, export_string_translation=False)
    # The application number was entered by hand, so it may be mistyped; it is asked for
    # since then, whenever the application arrived.
    number_entered_at = fields.Datetime(readonly=True, export_string_translation=False)
    # Those of BUTTONS, with commas.
    possible_buttons = fields.Char(
        compute="_compute_possible_buttons", export_string_translation=False
    )
    # Views call it Status in place of the state, whose label two fields cannot have.
    status = fields.Selection(
        string="Status on Screens",
        selection="_get_statuses",
        compute="_compute_status",
        exportable=False,
        export_string_translation=False,
    )
    needs_attention = fields.Boolean(
        store=False, search="_search_needs_attention", export_string_translation=False
    )
    _notice_idx = models.Index("(id) WHERE notice_due IS TRUE")

    # === BUTTONS === #
    @api.depends(
        "state",
        "placed_at",
        "last_code",
        "may_have_arrived",
        "application_number",
        "number_entered_at",
        "is_number_taken",
        "requested_at",
        "attempt_count",
        "buyer_email",
        "fee_state",
        "refund_ids",
        "final_at",
        "order_id.state",
    )
    @api.depends_context("uid")
    def _compute_possible_buttons(self):
        for protection in self:
            protection.possible_buttons = get_possible(protection)

    def action_apply_now(self):
        """Have the queue send the application now, after somebody corrected something.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when nothing can be applied for, or the sums still do not fit
        """
        protection_sudo = press(self, "apply_now")
        warning = protection_sudo._take_over_corrections()
        reason = get_obstacle(protection_sudo)
        certificate_sudo = protection_sudo.certificate_id
        wait = certificate_sudo._get_wait()
        if reason := reason or (not wait.until and certificate_sudo._explain_wait()):
            raise UserError(reason)
        protection_sudo._queue_now()
        warning = f"{warning} {certificate_sudo._explain_wait(wait)}".strip()
        return finish(protection_sudo, "apply_now", warning)

    def action_check_state(self):
        """Have the queue ask now whether the application was decided.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when there is nothing to ask for
        """
        protection_sudo = press(self, "check_state")
        protection_sudo.next_attempt_at = fields.Datetime.now()
        protection_sudo._trigger_queue()
        text = protection_sudo._explain("check_state")
        protection_sudo._post_note(text)
        return show(text)

    def action_enter_number(self):
        """Open the dialog in which the application number is entered.

        :raise AccessError: without the rights
        :raise UserError: when there is a number, or nothing was applied for
        """
        check(self, "enter_number")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter the application number"),
            "res_model": "trustedshops.number.entry",
            "view_mode": "form",
            "target": "new",
            "context": {"default_protection_id": self.id},
        }

    def action_not_found(self):
        """Note that Trusted Shops has no application of this order.

        The statement is settled, and the fee goes the way of every protection that was
        not concluded.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when nobody has to look
        """
        protection_sudo = press(self, "not_found")
        is_refused = is_entry_refused(protection_sudo)
        protection_sudo.write(prepare_not_found_values(protection_sudo))
        protection_sudo._trigger_queue()
        name = "no_protection" if is_refused else "not_found"
        shown = finish(protection_sudo, name)
        protection_sudo._in_responsible_lang()._ask_for_credit()
        if protection_sudo.state == "rejected":
            protection_sudo._update_todo()
        return shown

    def action_release(self):
        """Let the application go out although the sums do not fit.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when it is not on hold for that
        """
        protection_sudo = press(self, "release")
        reason = get_unpaid_reason(protection_sudo)
        if reason := reason or get_foreign_reason(protection_sudo):
            raise UserError(reason)
        reason = protection_sudo.last_error or "-"
        protection_sudo.is_released = True
        protection_sudo._queue_now()
        return finish(protection_sudo, "released", reason=reason)

    def _queue_now(self):
        """Make the application due at once, and wake the queue."""
        self.write(
            {
                "state": "queued",
                "next_attempt_at": fields.Datetime.now(),
                "last_code": 0,
                "is_number_taken": False,
            }
        )
        self._trigger_queue()

    def _take_over_corrections(self):
        """Take over what was corrected on the order since it was placed.

        Nothing once an application may have arrived: the same one must be sent again. A
        refusal since then does not say that it did not: nobody knows whether the
        service looks at the number first.

        :return: why that is not sent which the order says now, '' when it is
        :rtype: str
        """
        current = self._prepare_placed_values()
        changed = {
            name: current[name]
            for name in CORRECTABLE
            if (self[name] or "") != (current[name] or "")
        }
        if changed and self.may_have_arrived:
            return self._explain("may_have_arrived")
        self.write(changed)
        self.flush_recordset()  # by itself, as in `_take_number`
        return ""

    def _enter_number(self, text):
        """Store the number under which Trusted Shops knows the application.

        :param str text: as typed
        :raise AccessError: without the rights
        :raise UserError: when it is none, or another order's
        """
        protection_sudo = press(self, "enter_number")
        number = _check_number(protection_sudo, text)
        values = prepare_requested_values(number)
        if protection_sudo.requested_at:
            del values["requested_at"]
        values["number_entered_at"] = fields.Datetime.now()
        protection_sudo.write(values)
        protection_sudo._trigger_queue()
        finish(protection_sudo, "number_entered")
        protection_sudo._in_responsible_lang()._ask_about_fee()

    # === THINGS TO DO === #
    @api.model
    def _get_statuses(self):
        """Return the states, and a word of its own for those that wait in vain."""
        states = self._fields["state"]._description_selection(self.env)
        return [*states, ("failing", self.env._("Waiting, but failing"))]

    @api.depends("state", "last_error", "application_number")
    def _compute_status(self):
        for protection in self:
            is_waiting = protection.state in ("queued", "sending", "requested")
            # Without a number nothing is tried, it is waited for a person.
            is_tried = is_waiting and not lacks_number(protection)
            is_failing = is_tried and protection.last_error
            protection.status = "failing" if is_failing else protection.state

    def _get_responsible(self):
        """Return the user who gets the activities."""
        return self.certificate_id[:1]._get_responsible()

    def _finish_todos(self):
        """Mark the activities as done that somebody settled by a button.

        A look at Trusted Shops that nobody took yet is asked for again.
        """
        self._find_todos_about(*const.CAUSES_UNTIL_BUTTON).action_feedback()
        self.filtered(awaits_lookup)._update_todo()

    def _update_todo(self):
        """Have the one activity about the application say how it stands now.

        It says what the form says, so no two of them disagree. What ended is said until
        a person ticks it off.
        """
        for protection in self:
            protection = protection._in_responsible_lang()
            is_over = protection.state in NOT_CONCLUDED_STATES
            is_told = is_over and protection._find_todos_about("protection")
            if is_told or needs_person(protection):
                note = explain_state(protection)
                protection._notify_responsible("protection", note)
                if awaits_lookup(protection):
                    protection._close_todos_about("ended")
            elif protection._find_todos_about("protection"):
                protection._close_todos_about("protection")
                protection._ask_about_fee()

    @api.model
    def _search_needs_attention(self, operator, value):
        """Return what waits for a person: to release, look up, ask or pay back."""
        if operator != "in":
            return NotImplemented
        needing = (
            Domain("state", "=", "on_hold")
            | get_lookups_domain()
            | (
                Domain("state", "in", ENDED_STATES)
                & Domain("fee_state", "in", ("due", "invoiced"))
            )
        )
        return Domain.OR(needing if each else ~needing for each in value)

    # === NOTES === #
    def write(self, vals):
        """Override of `mail` to leave a note of each change of the state.

        Tracking would write it in the transaction of the answer. What comes with a
        word about the mark is told later; that a call begins is no news.
        """
        if "state" not in vals or vals["state"] == "sending":
            return super().write(vals)
        # What was said of one state is not true of the next.
        vals = {"last_error": False, **vals}
        if vals["state"] not in ("queued", "requested"):
            vals["next_attempt_at"] = False
        before = {protection: protection.state for protection in self}
        result = super().write(vals)
        for protection in () if "final_at" in vals else self:
            moment = get_final_moment(protection)
            if protection.final_at != moment:
                protection.final_at = moment
        if KINDS.keys() & {vals["state"], *before.values()}:
            self.mail_ids._follow(self)
        if "notice_due" in vals:
            return result
        for protection, state in before.items():
            if protection.state != state:
                protection._in_responsible_lang()._post_state()
            protection._update_todo()
        return result

    def _post_state(self):
        """Say in the chatter where the protections stand."""
        notes = {}
        for protection in self:
            parts = filter(None, (protection._get_state_label(), protection.last_error))
            notes[protection.id] = Markup("<br/>").join(parts)
        self._message_log_batch(notes)

    def _post_at_orders(self, name, **values):
        """Leave a sentence at the orders of protections, for staff.

        Not as a message: nobody follows an order for that, and it takes three times as
        long.

        :param str name: key of ``SENTENCES``
        :param values: as in :meth:`_explain`
        """
        texts = {
            each.order_id.id: each._mark_test(
                each._in_responsible_lang()._explain(name, **values)
            )
            for each in self
        }
        self.order_id._message_log_batch(texts)

    # === AFTER AN ANSWER === #
    def _run_notices(self):
        """Tell of the answers that nobody was told of, and ask for a person again.

        :return: whether there is time left in this run of the cron
        :rtype: bool
        """

        def tell_in_next_run(_row):
            """The crash is in the log, and says nothing about asking Trusted Shops."""

        jobs = (
            (self._get_notices_domain, lambda rows: rows._tell()),
            (self._get_reminders_domain, lambda rows: rows._update_todo()),
        )
        return all(Job(self, *job, tell_in_next_run).run() for job in jobs)

    @api.model
    def _get_notices_domain(self):
        return Domain("notice_due", "=", True) & Domain("state", "!=", "sending")

    @api.model
    def _get_reminders_domain(self):
        """Return what nobody settled that only a person can, and nobody is asked to."""
        waiting = Domain("state", "=", "on_hold") | get_lookups_domain()
        return waiting & ~Domain("activity_ids.trustedshops_cause", "=", "protection")

    def _tell(self):
        """Note the last answers, and ask for a person where one is needed."""
        self.notice_due = False
        self._post_state()
        applied_for = self.filtered(
            lambda each: each.state == "requested" and each.application_number
        )
        applied_for._post_at_orders("requested")
        for protection in self:
            protection._update_todo()
            protection._tell_late_number()
            # It may have been called off during the call.
            protection._follow_payment()

    def _tell_late_number(self):
        """Ask a person about an application whose number or decision came too late."""
        if not self.late_number:
            return
        is_own = self.late_number == self.application_number
        name = "confirmed_late" if is_own else "late_number"
        note = self._explain(name, late_number=self.late_number)
        # Where a look at Trusted Shops is asked for anyway, this says what to look for.
        cause = "protection" if awaits_lookup(self) else "late_number"
        self._notify_responsible(cause, note)
        self._message_log(body=note)  # the next one would replace it
        self.late_number = False

    def _follow_payment(self):
        """Ask what becomes of a protection that was applied for and is not paid.

        When the order was cancelled, that is what the refund policy is for.
        """
        is_cancelled = is_order_cancelled(self)
        if is_cancelled and self.state in SENT_STATES and not self.ended_at:
            self._follow_refund_policy()
        is_open = (
            self.state in SENT_STATES
            and self.fee_state not in FEE_GIVEN_BACK
            and not is_cancelled
            and get_unpaid_reason(self)
        )
        if is_open:
            self._notify_responsible("called_off", self._explain("called_off"))
        else:
            self._close_todos_about("called_off")


def _check_number(protection, text):
    """Return an application number as typed in its one form.

    :raise UserError: when it is none, or another order's
    """
    digits = (text or "").strip()
    is_number = digits.isascii() and digits.isdecimal()
    if not is_number or not 0 < int(digits[:20]) <= LARGEST_NUMBER:
        raise UserError(protection._explain("no_number", largest=LARGEST_NUMBER))
    number = str(int(digits))
    other = protection.search(
        [
            ("ts_id", "=", protection.ts_id),
            ("environment", "=", protection.environment),
            ("application_number", "=", number),
            ("id", "!=", protection.id),
        ],
        limit=1,
    )
    if other:
        raise UserError(
            protection._explain(
                "number_of_other", number=number, order=other._get_order_name()
            )
        )
    return number
