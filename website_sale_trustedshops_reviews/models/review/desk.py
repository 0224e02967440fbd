# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff do about a review: reply to it, take the reply back, report it.

A button only notes what is wanted, as a task; the tasks tell Trusted Shops.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...lib.reviews import is_same_text
from .review import APPROVED, REMOVED
from .task import BUSY_STATES, DONE, FAILED, REPLY, RETRACT, STATES, VETO


class TrustedShopsReview(models.Model):
    _inherit = "trustedshops.review"

    task_ids = fields.One2many("trustedshops.review.task", "review_id", readonly=True)
    # Of the one that is not done.
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
        """Return what is to be told about the review, or failed; may be empty."""
        return self.task_ids.filtered(lambda task: task.state != DONE)

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
        self._get_failed_task()._send_again()

    def action_drop_task(self):
        """Forget what failed.

        :raise AccessError: without the rights
        """
        self._get_failed_task()._drop()

    def _get_failed_task(self):
        """Return the task that failed, locked, in sudo; none if a button came twice."""
        task_sudo = self._begin_answer()._get_open_task()
        locked_sudo = task_sudo.try_lock_for_update(allow_referencing=True)
        return locked_sudo.filtered(lambda task: task.state == FAILED)

    def _order_task(self, task, *, text="", reason=False, email="", is_told=False):
        """Note what Trusted Shops is to be told; the scheduled action does it.

        Whoever presses a button twice wants it once.

        :param str task: a kind of tasks
        :param str text: of a reply or report
        :param str reason: a value of ``reason``, for a report
        :param str email: of the reporter
        :param bool is_told: whether Trusted Shops writes to the buyer of a reply
        :raise AccessError: without the rights
        :raise UserError: when something else is under way, or was reported before
        """
        review_sudo = self._begin_answer()
        if review_sudo._is_task_known(task, text, reason, email, is_told):
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
            "review_id": self.id,
            "kind": task,
            "text": text or False,
            "reason": reason,
            "email": email or False,
            "is_buyer_told": is_told,
            "user_id": self.env.uid,
            "next_attempt_at": fields.Datetime.now(),
        }
        quiet = task_sudo.with_context(mail_create_nolog=True, tracking_disable=True)
        quiet.create(values)._trigger_queue()

    def _begin_answer(self):
        """Check that the user may answer.

        :return: the record in sudo: nobody has rights to write it
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

    def _is_task_known(self, task, text, reason, email, is_told):
        """Tell whether the same is under way already, or is so."""
        current = self._get_open_task()
        if current.state in BUSY_STATES:
            return current._is_same(task, text, reason, email, is_told)
        if current:
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
