# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The buttons of a review: reply, delete the reply, report the review.

A button creates a task; the queue of tasks calls Trusted Shops: see ``review_task.py``.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...lib.review_client import is_same_text
from .review import APPROVED, REMOVED
from .review_task import BUSY_STATES, DONE, FAILED, REPLY, RETRACT, STATES, VETO


class TrustedShopsReview(models.Model):
    _inherit = "trustedshops.review"

    task_ids = fields.One2many("trustedshops.review.task", "review_id", readonly=True)
    # The state of the task that is not done.
    task_state = fields.Selection(
        STATES, string="Sending", compute="_compute_task", compute_sudo=True
    )
    task_notice = fields.Char(
        compute="_compute_task", compute_sudo=True, export_string_translation=False
    )

    @api.depends(
        "task_ids.state",
        "task_ids.last_error",
        "task_ids.next_attempt_at",
        "task_ids.trouble_count",
    )
    @api.depends_context("lang", "tz")
    def _compute_task(self):
        for review in self:
            task = review._get_open_task()
            review.task_state = task.state
            review.task_notice = bool(task) and task._explain()

    def _get_open_task(self):
        """Return the task that waits, is under way or failed; may be empty."""
        return self.task_ids.filtered(lambda task: task.state != DONE)

    # === RIGHTS === #
    @api.model
    def _may_answer(self):
        """Return True if the user may answer reviews in the name of the shop."""
        groups = (
            "sales_team.group_sale_manager",
            "website.group_website_designer",
            "base.group_system",
        )
        return self.env.su or any(map(self.env.user.has_group, groups))

    # === BUTTONS === #
    def action_reply(self):
        """Open the form for a reply, or to change the reply."""
        return self._open_answer(REPLY)

    def action_report(self):
        """Open the form for a report to Trusted Shops."""
        return self._open_answer(VETO)

    def _open_answer(self, task):
        """Return the action that opens the form of an answer."""
        self.ensure_one()
        context = {"default_review_id": self.id, "default_task": task}
        return self.env["trustedshops.review.answer"]._open(task, context=context)

    def action_retract_reply(self):
        """Delete the reply at Trusted Shops.

        :raise AccessError: without the rights
        :raise UserError: if another task is under way
        """
        self._order_task(RETRACT)

    def action_send_again(self):
        """Send a failed task again, after a check whether it arrived before.

        :raise AccessError: without the rights
        """
        self._get_failed_task()._send_again()

    def action_drop_task(self):
        """Delete a failed task.

        :raise AccessError: without the rights
        """
        self._get_failed_task()._drop()

    def _get_failed_task(self):
        """Return the failed task, locked, in sudo; empty after a second click."""
        task_sudo = self._begin_answer()._get_open_task()
        locked_sudo = task_sudo.try_lock_for_update(allow_referencing=True)
        return locked_sudo.filtered(lambda task: task.state == FAILED)

    def _order_task(self, task, *, text="", reason=False, email="", is_told=False):
        """Create a task for Trusted Shops; the scheduled action carries it out.

        A second click of the same button creates no second task.

        :param str task: kind of the task
        :param str text: of a reply or report
        :param str reason: a value of ``reason``, for a report
        :param str email: of the reporter
        :param bool is_told: whether Trusted Shops writes to the buyer of a reply
        :raise AccessError: without the rights
        :raise UserError: if another task is under way, or it was reported before
        """
        review_sudo = self._begin_answer()
        wanted = {
            "kind": task,
            "text": text or False,
            "reason": reason,
            "email": email or False,
            "is_buyer_told": is_told,
        }
        if review_sudo._is_task_known(wanted):
            return
        task_sudo = review_sudo._get_open_task()
        if task_sudo.state in BUSY_STATES:
            raise UserError(
                self.env._(
                    "Something else is being sent for this review. Try again in a"
                    " minute."
                )
            )
        review_sudo._check_task(task)
        task_sudo._drop()
        values = {
            **wanted,
            "review_id": self.id,
            "user_id": self.env.uid,
            "next_attempt_at": fields.Datetime.now(),
        }
        quiet = task_sudo.with_context(mail_create_nolog=True, tracking_disable=True)
        quiet.create(values)._trigger_queue()

    def _begin_answer(self):
        """Check that the user may answer.

        :return: the record in sudo: users have no right to write it
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
        return self.sudo()

    def _is_task_known(self, wanted):
        """Return True if the same task is under way or done already.

        :param dict wanted: values of the task
        """
        current, text = self._get_open_task(), wanted["text"]
        if current.state in BUSY_STATES:
            return current._is_same(wanted)
        if current:
            return False
        if wanted["kind"] == RETRACT:
            return not self.reply
        if self.is_outdated:
            return False  # the same words now answer another text
        if wanted["kind"] == REPLY:
            return not wanted["is_buyer_told"] and is_same_text(self.reply, text)
        is_same_reason = self.veto_reason == wanted["reason"]
        return is_same_reason and is_same_text(self.veto_text, text)

    def _check_task(self, task):
        """Refuse a task that the state of the review does not allow.

        :param str task: kind of the task
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
