# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff reads of a protection: notes in the chatter, and something to do.

An answer of Trusted Shops is stored alone, with a mark that somebody has to be told.
Telling is another transaction, which clears the mark: so nobody is told twice, and no
death of a process in between keeps anybody from being told.
"""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from .. import const
from .trustedshops_protection import FEE_GIVEN_BACK, WAITING_STATES

# Cause of the activity about what was applied for and is not paid any more.
CALLED_OFF = "called_off"
# Causes of activities that the next answer settles or replaces.
PASSING_CAUSES = ("number_missing", "trouble", "undecided", "fee_given_back")


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

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

    def write(self, vals):
        """Override of `mail` to leave a note of each change of the state.

        Tracking would write it in the transaction of the answer. What comes with a
        word about the mark is told later; that a call begins is no news.
        """
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
            self.certificate_id._notify_of(self, self.last_error, "number_missing")
        elif self.state == "on_hold":
            self.certificate_id._notify_of(self, self.last_error)
        elif self.state == "rejected":
            note = f"{self.last_error} {self._explain_fee_of_refused()}"
            self.certificate_id._notify_of(self, note)
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
        elif not self._find_todos(CALLED_OFF):
            self.certificate_id._notify_of(
                self,
                self.env._(
                    "The payment of this order was called off, and nobody confirmed the"
                    " order, but its Buyer Protection was applied for already and"
                    " Trusted Shops has no way to cancel it. Cancel the order if it is"
                    " given up; what becomes of the fee is then decided."
                ),
                CALLED_OFF,
            )

    def _tell_trouble(self):
        """Ask for a look at an application that does not get through."""
        self.certificate_id._notify_of(
            self,
            self.env._(
                "%(count)s attempts in a row to apply for this Buyer Protection brought"
                " no result. We keep trying until three days after the order; ask"
                " Trusted Shops if it goes on. The last time: %(reason)s",
                count=self.trouble_count,
                reason=self.last_error or "-",
            ),
            "trouble",
        )

    def _tell_late_number(self):
        """Tell of an application that arrived although the row went another way."""
        words = dict(self._fields["state"]._description_selection(self.env))
        self.certificate_id._notify_of(
            self,
            self.env._(
                "An answer of Trusted Shops came very late: an application for this"
                " order exists under the number %(number)s, but here it stands at"
                " “%(state)s”, number %(own)s. Compare both with Trusted Shops before"
                " you decide about the fee.",
                number=self.late_number,
                state=words[self.state],
                own=self.application_number or "-",
            ),
            "late_number",
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
        self.certificate_id._notify_of(
            self,
            self.env._(
                "Trusted Shops has not decided about application %(number)s for a week."
                " Ask Trusted Shops about it; we keep asking once a day.",
                number=self.application_number,
            ),
            "undecided",
        )
