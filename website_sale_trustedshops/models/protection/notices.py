# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tell staff what became of a protection: status, activities and notes.

An answer of Trusted Shops is stored alone, with a mark that it must be reported.
Another transaction reports it and clears the mark. So it is reported once, even if the
process dies in between.
"""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..batches import Job
from .obstacles import get_unpaid_reason
from .standing import (
    ENDED_STATES,
    FEE_GIVEN_BACK,
    NOT_CONCLUDED_STATES,
    SENT_STATES,
    awaits_lookup,
    get_final_moment,
    get_lookups_domain,
    is_order_cancelled,
    lacks_number,
    needs_person,
)
from .words import explain_state, tell_reason

_lt = LazyTranslate(__name__)
# What an activity about a protection can be about (``trustedshops_cause``):
# "protection" is how its application stands. "ended" and "called_off" ask about the fee
# of an order that came to nothing. "fee_invoiced" and "final_invoice" are for the
# books, "refund" for the money, "mail" for the buyer's mail, and "late_number" for a
# second application or one that was given up. Pressing a button settles these:
SETTLED_BY_BUTTON = ("protection", "ended", "fee_invoiced", "called_off")


class TrustedShopsProtection(models.Model):
    """What staff are told about a protection."""

    _inherit = "trustedshops.protection"

    # The state as views show it. They call it Status; two fields cannot share a label.
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

    # === THINGS TO DO === #
    @api.model
    def _get_statuses(self):
        """Return the states, and one more for those whose attempts fail."""
        states = self._fields["state"]._description_selection(self.env)
        return [*states, ("failing", self.env._("Waiting, but failing"))]

    @api.depends("state", "last_error", "application_number")
    def _compute_status(self):
        for protection in self:
            is_waiting = protection.state in ("queued", "sending", "requested")
            # Without a number the queue waits until a person enters it.
            is_tried = is_waiting and not lacks_number(protection)
            is_failing = is_tried and protection.last_error
            protection.status = "failing" if is_failing else protection.state

    def _get_responsible(self):
        """Return the user who gets the activities."""
        return self.certificate_id[:1]._get_responsible()

    def _finish_todos(self):
        """Mark the activities that a user settled with a button as done.

        Ask again if a user still has to look the application up at Trusted Shops.
        """
        self._find_todos_about(*SETTLED_BY_BUTTON).action_feedback()
        self.filtered(awaits_lookup)._update_todo()

    def _update_todo(self):
        """Update the one activity about the application, or close it.

        It says what the form says, so the two never disagree. The activity about an
        ended protection stays until a person ticks it off.
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
        """Find protections that wait for a person: held, to look up, or to refund."""
        if operator != "in":
            return NotImplemented
        is_charged = Domain("fee_state", "in", ("due", "invoiced"))
        is_ended = Domain("state", "in", ENDED_STATES) & is_charged
        needing = self._get_held_domain() | is_ended
        return Domain.OR(needing if each else ~needing for each in value)

    # === NOTES === #
    def write(self, vals):
        """Override of `mail` to post a note about each change of the state.

        Tracking would post it in the transaction of the answer. If the values contain
        ``notice_due``, the note is posted later. The start of a call gets no note.
        """
        if "state" not in vals or vals["state"] == "sending":
            return super().write(vals)
        # The explanation of the last state does not fit the new one.
        vals = {"last_error": False, "error_values": False, **vals}
        if vals["state"] not in ("queued", "requested"):
            vals["next_attempt_at"] = False
        before = {protection: protection.state for protection in self}
        result = super().write(vals)
        for protection in () if "final_at" in vals else self:
            moment = get_final_moment(protection)
            if protection.final_at != moment:
                protection.final_at = moment
        self.filtered(lambda each: each.state != before[each])._plan_mail()
        if "notice_due" in vals:
            return result
        for protection, state in before.items():
            if protection.state != state:
                protection._in_responsible_lang()._post_state()
            protection._update_todo()
        return result

    def _post_state(self):
        """Post in the chatter where the protections stand."""
        notes = {}
        for protection in self:
            parts = (protection._get_state_label(), tell_reason(protection))
            notes[protection.id] = Markup("<br/>").join(filter(None, parts))
        self._message_log_batch(notes)

    def _post_at_orders(self, sentence, **values):
        """Leave a sentence for staff at the orders of the protections.

        A message to followers would take three times as long, and no user follows an
        order for that.

        :param LazyGettext sentence: as in :meth:`_explain`
        :param values: as in :meth:`_explain`
        """
        texts = {
            each.order_id.id: each._mark_test(
                each._in_responsible_lang()._explain(sentence, **values)
            )
            for each in self
        }
        self.order_id._message_log_batch(texts)

    # === AFTER AN ANSWER === #
    def _run_notices(self):
        """Report the new answers, and ask again for what only a person can settle.

        :return: whether there is time left in this run of the cron
        :rtype: bool
        """

        def tell_in_next_run(_row):
            """Do nothing: after a crash the next run reports the row again."""

        jobs = (
            (self._get_notices_domain, lambda rows: rows._tell()),
            (self._get_reminders_domain, lambda rows: rows._update_todo()),
        )
        return all(Job(self, *job, tell_in_next_run).do_all() for job in jobs)

    @api.model
    def _get_notices_domain(self):
        return Domain("notice_due", "=", True) & Domain("state", "!=", "sending")

    @api.model
    def _get_reminders_domain(self):
        """Return what only a person can settle and no activity asks for."""
        is_told = Domain("activity_ids.trustedshops_cause", "=", "protection")
        return self._get_held_domain() & ~is_told

    @api.model
    def _get_held_domain(self):
        """Return what waits for a person to release it or look it up."""
        return Domain("state", "=", "on_hold") | get_lookups_domain()

    def _tell(self):
        """Post the last answers, and ask for a person where one is needed."""
        self.notice_due = False
        self._post_state()
        applied_for = self.filtered(
            lambda each: each.state == "requested" and each.application_number
        )
        applied_for._post_at_orders(
            _lt("Buyer Protection was applied for, application number %(number)s.")
        )
        for protection in self:
            protection._update_todo()
            protection._tell_late_number()
            # The payment may have been called off during the call, or the goods
            # returned before it.
            protection._follow_payment()
            protection._follow_late_return()

    def _tell_late_number(self):
        """Ask a person about an application whose number or decision came too late."""
        if not self.late_number:
            return
        if self.late_number == self.application_number:
            note = self.env._(
                "Trusted Shops confirmed this protection after it had been given up."
                " Decide who pays the fee."
            )
        else:
            note = self._explain(
                _lt(
                    "A late answer gives the application of this order the number"
                    " %(late_number)s, but here it is “%(state)s”, number %(number)s."
                    " Compare both with Trusted Shops before you decide about the fee."
                ),
                late_number=self.late_number,
            )
        # If an activity asks to look at Trusted Shops, it also says what to look for.
        cause = "protection" if awaits_lookup(self) else "late_number"
        self._notify_responsible(cause, note)
        self._message_log(body=note)  # the next one would replace it
        self.late_number = False

    def _follow_payment(self):
        """Ask what becomes of a protection that was applied for and is not paid.

        For a cancelled order the refund policy decides.
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
        if not is_open:
            self._close_todos_about("called_off")
            return
        note = self.env._(
            "The order is neither paid nor confirmed, but its Buyer Protection was"
            " applied for and cannot be cancelled. Cancel the order if it is given up;"
            " then decide about the fee."
        )
        self._notify_responsible("called_off", note)
