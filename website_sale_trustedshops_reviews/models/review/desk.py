# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff do about a review: reply to it, take the reply back, report it.

A button only notes what is wanted; answering.py tells Trusted Shops.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from ...lib.reviews import is_same_text
from .review import APPROVED, NO_TASK, REASON_LABELS, REMOVED

REPLY, RETRACT, VETO = "reply", "retract", "veto"
QUEUED, SENDING, CHECKING, FAILED = "queued", "sending", "checking", "failed"
# What is under way by itself.
BUSY_STATES = (QUEUED, SENDING, CHECKING)
# English technical sentence: it was looked for, and not found.
NOT_THERE = "it is not there"


class TrustedShopsReview(models.Model):
    _inherit = "trustedshops.review"

    desk_task = fields.Selection(
        [(REPLY, "The reply"), (RETRACT, "Delete the reply"), (VETO, "The report")],
        string="Pending Action",
        readonly=True,
    )
    desk_state = fields.Selection(
        [
            (QUEUED, "To be sent"),
            (SENDING, "Being sent"),
            (CHECKING, "Without an answer"),
            (FAILED, "Failed"),
        ],
        string="Sending",
        readonly=True,
    )
    desk_text = fields.Text(readonly=True, export_string_translation=False)
    desk_reason = fields.Selection(
        REASON_LABELS, readonly=True, export_string_translation=False
    )
    desk_email = fields.Char(readonly=True, export_string_translation=False)
    is_buyer_told = fields.Boolean(readonly=True, export_string_translation=False)
    desk_user_id = fields.Many2one(
        "res.users", readonly=True, export_string_translation=False
    )
    desk_ordered_at = fields.Datetime(readonly=True, export_string_translation=False)
    desk_done_at = fields.Datetime(readonly=True, export_string_translation=False)
    desk_attempt = fields.Integer(
        readonly=True, aggregator=None, export_string_translation=False
    )
    desk_trouble_count = fields.Integer(
        readonly=True, aggregator=None, export_string_translation=False
    )
    may_have_arrived = fields.Boolean(readonly=True, export_string_translation=False)
    desk_error = fields.Char(readonly=True, export_string_translation=False)
    desk_notice = fields.Char(
        compute="_compute_desk_notice",
        compute_sudo=True,
        export_string_translation=False,
    )

    # === IN WORDS === #
    @api.depends("desk_task", "desk_state", "desk_error", "next_attempt_at")
    @api.depends_context("lang", "tz")
    def _compute_desk_notice(self):
        for review in self:
            review.desk_notice = review.desk_state and review._explain_task()

    def _explain_task(self):
        """Return where the last thing stands that Trusted Shops is to be told."""
        words = {
            "task": self._get_task_word(),
            "reason": self.desk_error or "",
            "date": format_datetime(self.env, self.next_attempt_at)
            if self.next_attempt_at
            else "",
        }
        if self.desk_state == CHECKING:
            return self.env._(
                "%(task)s: there was no answer. Odoo will check on %(date)s whether it"
                " arrived.",
                **words,
            )
        if self.desk_state == FAILED:
            return self._explain_failure(words)
        obstacle, _until = self.channel_id.account_id._get_obstacle()
        if obstacle == "archived":
            return self.env._(
                "%(task)s: waiting until the account is unarchived.", **words
            )
        if obstacle == "disconnected":
            return self.env._(
                "%(task)s: waiting until the account is connected.", **words
            )
        if self.desk_trouble_count:
            return self.env._(
                "%(task)s: could not be sent (%(reason)s). The next attempt is on"
                " %(date)s.",
                **words,
            )
        return self.env._("%(task)s: being sent to Trusted Shops.", **words)

    def _explain_failure(self, words):
        """Return why a person has to decide, with the words for the text."""
        if not self.may_have_arrived:
            return self.env._(
                "%(task)s: failed (%(reason)s). Send it again or discard it.",
                **words,
            )
        if self.desk_error == NOT_THERE:
            return self.env._(
                "%(task)s: there was no answer, and it was not found at Trusted Shops."
                " Send it again or discard it.",
                **words,
            )
        return self.env._(
            "%(task)s: there was no answer, and Trusted Shops could not be asked"
            " whether it arrived (%(reason)s). Send it again or discard it.",
            **words,
        )

    def _get_task_word(self):
        """Return what is to be told in the language of the reader."""
        tasks = self._fields["desk_task"]._description_selection(self.env)
        return dict(tasks).get(self.desk_task, "")

    # === WHO MAY === #
    @api.model
    def _may_answer(self):
        """Tell whether the user speaks for the shop: not every salesman does."""
        groups = (
            "sales_team.group_sale_manager",
            "website.group_website_designer",
            "base.group_system",
        )
        return self.env.su or any(map(self.env.user.has_group, groups))

    # === BUTTONS === #
    def action_reply(self):
        """Open the form for a reply, or for another one."""
        return self._open_answer(REPLY, self.env._("Reply"))

    def action_report(self):
        """Open the form for a report to Trusted Shops."""
        return self._open_answer(VETO, self.env._("Report to Trusted Shops"))

    def _open_answer(self, task, title):
        """Return the action that opens the form of an answer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "trustedshops.review.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_review_id": self.id, "default_task": task},
        }

    def action_retract_reply(self):
        """Take the reply back.

        :raise AccessError: without the rights
        :raise UserError: when something else is under way
        """
        self._order_task(RETRACT)

    def action_send_again(self):
        """Send again what failed; what may have arrived is looked for before.

        :raise AccessError: without the rights
        """
        review_sudo = self._begin_answer()
        if review_sudo.desk_state == FAILED:  # else it was pressed twice
            review_sudo.write(
                {
                    "desk_state": QUEUED,
                    "desk_trouble_count": 0,
                    "next_attempt_at": fields.Datetime.now(),
                }
            )
            review_sudo._close_todos_about("desk")
            review_sudo._trigger_queue()

    def action_drop_task(self):
        """Forget what failed.

        :raise AccessError: without the rights
        """
        review_sudo = self._begin_answer()
        if review_sudo.desk_state == FAILED:
            review_sudo.write({**NO_TASK, "desk_text": False, "desk_email": False})
            review_sudo._close_todos_about("desk")

    def _order_task(self, task, *, text="", reason=False, email="", is_told=False):
        """Note what Trusted Shops is to be told; the scheduled action does it.

        Whoever presses a button twice wants it once.

        :param str task: a value of ``desk_task``
        :param str text: of a reply or report
        :param str reason: a value of ``desk_reason``, for a report
        :param str email: of the reporter
        :param bool is_told: whether Trusted Shops writes to the buyer of a reply
        :raise AccessError: without the rights
        :raise UserError: when something else is under way, or was reported before
        """
        review_sudo = self._begin_answer()
        if review_sudo._is_task_known(task, text, reason, email, is_told):
            return
        if review_sudo.desk_state in BUSY_STATES:
            raise UserError(
                self.env._(
                    "Something else is being sent for this review. Try again in a"
                    " minute."
                )
            )
        review_sudo._check_task(task)
        review_sudo.write(
            {
                "desk_task": task,
                "desk_state": QUEUED,
                "desk_text": text or False,
                "desk_reason": reason,
                "desk_email": email or False,
                "is_buyer_told": is_told,
                "desk_user_id": self.env.uid,
                "desk_ordered_at": fields.Datetime.now(),
                "desk_trouble_count": 0,
                "may_have_arrived": False,
                "desk_error": False,
                "next_attempt_at": fields.Datetime.now(),
            }
        )
        review_sudo._trigger_queue()

    def _begin_answer(self):
        """Check that the user may answer, and keep others off the review.

        :return: the record in sudo, locked: nobody has rights to write it
        :raise AccessError: without the rights
        """
        self.ensure_one()
        self.check_access("read")
        if not self._may_answer():
            raise AccessError(
                self.env._(
                    "Only sales managers and editors of the website may answer reviews."
                )
            )
        self._wait_for_lock()
        return self.sudo()

    def _is_task_known(self, task, text, reason, email, is_told):
        """Tell whether the same is under way already, or is so."""
        if self.desk_state in BUSY_STATES:
            return (
                self.desk_task == task
                and (self.desk_reason or False) == reason
                and (self.desk_email or "") == (email or "")
                and self.is_buyer_told == is_told
                and is_same_text(self.desk_text, text)
            )
        if self.desk_state:
            return False
        if task == RETRACT:
            return not self.reply
        if self.is_outdated:
            return False  # the same words, about what stands there now
        if task == REPLY:
            return not is_told and is_same_text(self.reply, text)
        return self.veto_reason == reason and is_same_text(self.veto_text, text)

    def _check_task(self, task):
        """Refuse what makes no sense.

        :raise UserError: with the reason
        """
        if self.state == REMOVED or self.is_erased:
            raise UserError(self.env._("The review is no longer available."))
        if task == VETO and self.veto_at:
            raise UserError(
                self.env._(
                    "This review was already reported: ask Trusted Shops about the"
                    " outcome."
                )
            )
        if task == REPLY and self.state != APPROVED:
            raise UserError(
                self.env._("The review is not public, so there is nothing to reply to.")
            )
