# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The buttons of a review: reply, delete the reply, report the review.

Trusted Shops is called when a button is pressed. Before the call the review is marked
as one about which something may have been sent, and the mark is committed, so that it
stays if the process dies. Nothing is sent about a marked review before Odoo has read
what Trusted Shops has.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from odoo.addons.website_sale_trustedshops.client_action import show
from odoo.addons.website_sale_trustedshops.const import LEASE
from odoo.addons.website_sale_trustedshops.lib.exceptions import TrustedShopsError
from odoo.addons.website_sale_trustedshops.models.batches import store_answer
from odoo.addons.website_sale_trustedshops.models.service import get_ahead_domain

from .. import const
from ..lib.review_client import ReviewClient, is_same_text
from .review import APPROVED, NO_MARK, REASON_LABELS, REMOVED

REPLY, RETRACT, VETO = "reply", "retract", "veto"
TASKS = [
    (REPLY, "The reply"),
    (RETRACT, "The deletion of the reply"),
    (VETO, "The report"),
]


class TrustedShopsReview(models.Model):
    _inherit = "trustedshops.review"

    # What was sent, until Trusted Shops answers or shows that it arrived.
    unclear_task = fields.Selection(
        TASKS, string="May Have Been Sent", readonly=True, copy=False
    )
    unclear_notice = fields.Char(
        compute="_compute_unclear_notice", export_string_translation=False
    )
    # When Trusted Shops was last called to change something, or last received it.
    told_at = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )
    # When the call that is under way counts as lost.
    lease_until = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )

    @api.depends("unclear_task", "told_at")
    @api.depends_context("lang", "tz")
    def _compute_unclear_notice(self):
        for review in self:
            review.unclear_notice = review.unclear_task and review._format_unclear()

    # === RIGHTS === #
    @api.model
    def _can_answer(self):
        """Return True if the user may answer reviews in the name of the shop."""
        groups = (
            "website_sale_trustedshops_reviews.group_customer_service",
            "website.group_website_designer",
            "base.group_system",
        )
        return self.env.su or any(map(self.env.user.has_group, groups))

    def _begin_answer(self):
        """Check that the user may answer the review.

        :return: the record in sudo, because users have no right to write it
        :raise AccessError: without the rights
        """
        self.ensure_one()
        self.check_access("read")
        if not self._can_answer():
            raise AccessError(
                self.env._(
                    "Only customer service, sales managers and editors of the website"
                    " may answer reviews."
                )
            )
        return self.sudo()

    # === BUTTONS === #
    def action_reply(self):
        """Open the form to write or change the reply.

        :rtype: dict
        """
        return self._open_answer(REPLY)

    def action_report(self):
        """Open the form to report the review to Trusted Shops.

        :rtype: dict
        """
        return self._open_answer(VETO)

    def _open_answer(self, task):
        """Return the action that opens the form of a reply or a report.

        :param str task: ``REPLY`` or ``VETO``
        :rtype: dict
        """
        self.ensure_one()
        context = {"default_review_id": self.id, "default_task": task}
        return self.env["trustedshops.review.answer"]._open(task, context=context)

    def action_retract_reply(self):
        """Delete the reply at Trusted Shops, see :meth:`_send_task`.

        :return: notification with the outcome
        :rtype: dict
        """
        return self._send_task(RETRACT)

    def action_read_again(self):
        """Read whether a call without an answer reached Trusted Shops. Commits.

        Without such a call, nothing is read.

        :return: notification with the outcome
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: while another call is under way, or if none can be made
        """
        review_sudo = self._begin_answer()
        task = review_sudo.unclear_task
        answer = task and review_sudo._read_again()
        if isinstance(answer, TrustedShopsError):
            return review_sudo._show_failure(task, answer)
        return show(self._format_message("review_read"))

    def action_mark_checked(self):
        """Remove the mark that something may have been sent: the user looked it up.

        :raise AccessError: without the rights
        :raise UserError: while a call is under way
        """
        self._begin_answer()._lock_between_calls().write(NO_MARK)

    # === TELLING TRUSTED SHOPS === #
    def _send_task(self, task, *, text="", reason=False, email="", is_told=False):
        """Send a reply, its deletion or a report to Trusted Shops. Commits.

        If something may have been sent before, read first what Trusted Shops has. A
        second press of the same button sends nothing.

        :param str task: ``REPLY``, ``RETRACT`` or ``VETO``
        :param str text: text of a reply or report
        :param reason: a value of ``veto_reason``, for a report
        :type reason: str or bool
        :param str email: address of the reporter
        :param bool is_told: whether Trusted Shops writes to the buyer about a reply
        :return: notification with the outcome, of the type ``success`` if Trusted Shops
            received it
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: while another call is under way, if none can be made, or if
            the state of the review does not allow it
        """
        review_sudo = self._begin_answer()
        if unclear := review_sudo.unclear_task:
            answer = review_sudo._read_again()
            if isinstance(answer, TrustedShopsError):
                return review_sudo._show_failure(task, answer)
        # Send nothing again that arrived after all, so that the buyer gets one mail.
        has_arrived = unclear and review_sudo.reply_at == review_sudo.told_at
        is_another = is_told and not has_arrived
        if not review_sudo._is_known(task, text, reason, is_another):
            review_sudo._check_task(task)
            values = {"text": text, "reason": reason, "email": email}
            answer = review_sudo._send_now(task, **values, is_told=is_told)
            if isinstance(answer, TrustedShopsError):
                return review_sudo._show_failure(task, answer)
        return show(review_sudo._format_task("review_received", task))

    def _is_known(self, task, text, reason, is_another):
        """Return True if Trusted Shops already has what would be sent.

        The parameters are those of :meth:`_send_task`.

        :param bool is_another: whether the same reply is sent again, because the buyer
            is to get an e-mail about it
        :rtype: bool
        """
        if task == RETRACT:
            return not self.reply
        if self.is_outdated:
            return False  # the same reply would answer another text
        if task == REPLY:
            return not is_another and is_same_text(self.reply, text)
        return self.veto_reason == reason and is_same_text(self.veto_text, text)

    def _is_gone(self):
        """Return True if the review's text was erased, here or at Trusted Shops."""
        return self.state == REMOVED or self.is_erased

    def _check_task(self, task):
        """Check that the state of the review allows a task.

        :param str task: ``REPLY``, ``RETRACT`` or ``VETO``
        :raise UserError: if not, with the reason
        """
        if self._is_gone():
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

    def _send_now(self, task, *, text, reason, email, is_told):
        """Send a task to Trusted Shops, and store the answer. Commits.

        The parameters are those of :meth:`_send_task`.

        :return: answer of the client, or its TrustedShopsError
        :raise UserError: see :meth:`_call`
        """
        ref, at = self.review_ref, fields.Datetime.now()
        # Count from the press: staff answered the text that they saw then.
        values = {
            REPLY: {"reply": text, "reply_at": at},
            RETRACT: {"reply": False, "reply_at": False},
            VETO: {"veto_reason": reason, "veto_text": text, "veto_at": at},
        }[task]
        about = {"email": email, "channel_name": self.channel_id.name or ""}
        call = {
            REPLY: lambda client: client.send_reply(ref, text, is_buyer_told=is_told),
            RETRACT: lambda client: client.delete_reply(ref),
            VETO: lambda client: client.send_veto(ref, reason.upper(), text, **about),
        }[task]

        def store(review, answer, is_late):
            review._store_sent(task, values, answer, is_late)

        return self._call(call, store, unclear_task=task, told_at=at)

    def _read_again(self):
        """Read whether the call without an answer arrived, and store it. Commits.

        Call it only if ``unclear_task`` is set: it says what to read.

        :return: answer of the client, or its TrustedShopsError
        :raise UserError: see :meth:`_call`
        """
        ref, is_report = self.review_ref, self.unclear_task == VETO
        return self._call(
            lambda client: (client.get_veto if is_report else client.get_review)(ref),
            lambda review, *answer: review._store_reading(*answer),
        )

    def _call(self, call, store, **values):
        """Call Trusted Shops between two commits, in which no SQL runs.

        :param call: function that makes the call, given the client
        :param store: function that stores the answer, given the review, the answer, and
            whether another process has taken the review over
        :param values: values to write to the review before the call
        :return: answer of the client, or its TrustedShopsError
        :raise UserError: while another call is under way, or if none can be made
        """
        lease = fields.Datetime.now() + LEASE
        self._lock_between_calls().write({**values, "lease_until": lease})
        with self._open_client() as client:
            self.env["ir.cron"]._commit_progress()
            try:
                answer = call(client)
            except TrustedShopsError as error:
                answer = error
        store_answer(self, answer, lease, store)
        return answer

    def _lock_between_calls(self):
        """Return the review, locked, if no call about it is under way.

        :raise UserError: while a call is under way, or another process holds the review
        """
        locked = self.try_lock_for_update(allow_referencing=True)
        now = fields.Datetime.now()
        if not locked or locked.filtered_domain(
            get_ahead_domain("lease_until", now, LEASE)
        ):
            raise UserError(
                self.env._(
                    "Something is already being sent for this review. Wait for the"
                    " result, ten minutes at most."
                )
            )
        return locked

    def _open_client(self):
        """Return a client for the account of the channel; the caller closes it.

        :rtype: ReviewClient
        :raise UserError: if no call can be made
        """
        account = self.channel_id.account_id
        reason = self._format_wait()
        if not reason:
            try:
                return account._get_client(ReviewClient, **const.ASK_TIMEOUTS)
            except TrustedShopsError as error:
                reason = self._format_trouble(str(error))
        raise UserError(self.env._("Nothing was sent. %(reason)s", reason=reason))

    def _format_wait(self):
        """Return why Trusted Shops cannot be called now.

        :return: '' if it can, or during a short pause
        :rtype: str
        """
        account = self.channel_id.account_id
        wait = account._get_wait()
        if wait.code == "silent":  # the account says what is sent later
            return self._format_message("review_silence")
        return account._format_wait(wait)

    # === STORING ANSWERS === #
    def _store_sent(self, task, values, answer, is_late):
        """Store the answer to a reply, its deletion or a report.

        A success counts even if it is late. An error leaves the mark if the call may
        have arrived.

        :param str task: ``REPLY``, ``RETRACT`` or ``VETO``
        :param dict values: values to write if Trusted Shops received it
        :param answer: answer of the client, or its TrustedShopsError
        :param bool is_late: whether another process has taken the review over
        """
        if isinstance(answer, TrustedShopsError):
            self.channel_id._sync_account(answer)
            if not is_late and not getattr(answer, "maybe_sent", False):
                self.write(NO_MARK)
            return
        if self._is_gone():
            return
        if task == VETO:
            values = {**values, "veto_ref": answer.ref}
        self.write(
            {
                **({} if is_late else NO_MARK),
                **values,
                "told_at": fields.Datetime.now(),
            }
        )
        self._message_log(body=self._format_task("review_received", task))
        if task != RETRACT:
            self._sync_low_activities()

    def _store_reading(self, found, is_late):
        """Store the reply or report that Trusted Shops has, and remove the mark.

        :param found: as it was read, None if Trusted Shops has none, or an error
        :type found: Review or Veto or None or TrustedShopsError
        :param bool is_late: whether another process has taken the review over
        """
        if isinstance(found, TrustedShopsError):
            self.channel_id._sync_account(found)
        elif not is_late and not self._is_gone():
            if self.unclear_task == VETO:
                values = self._prepare_veto_values(found)
            else:
                values = self._prepare_reply_values(found)
            self.write({**NO_MARK, **values})
            self._sync_low_activities()

    def _prepare_veto_values(self, veto):
        """Return the values of a report, {} if it was made before our call.

        :param veto: newest report about the review
        :type veto: Veto or None
        :rtype: dict
        """
        if not veto or not self._is_of_call(veto.at):
            return {}
        reason = veto.reason.lower()
        return {
            "veto_reason": reason in dict(REASON_LABELS) and reason,
            "veto_text": veto.text,
            "veto_at": self.told_at,
            "veto_ref": veto.ref,
        }

    def _prepare_reply_values(self, review):
        """Return the reply at Trusted Shops as values, all False without one.

        :param review: review as Trusted Shops has it
        :type review: Review or None
        :rtype: dict
        """
        reply = review and review.reply
        if not reply:
            return {"reply": False, "reply_at": False}
        at = self.told_at if self._is_of_call(reply.at) else reply.at
        return {"reply": reply.text, "reply_at": at}

    def _is_of_call(self, moment):
        """Return True if a moment is unknown, or not before the last call.

        :param moment: moment in UTC
        :type moment: datetime.datetime or None
        """
        return not moment or moment >= self.told_at - const.CLOCKS_DIFFER_BY

    # === IN WORDS === #
    def _format_task(self, code, task, **values):
        """Return a message about a task in the language of the reader.

        :param str code: code of the message
        :param str task: ``REPLY``, ``RETRACT`` or ``VETO``
        :param values: what else the message names
        :rtype: str
        """
        tasks = self._fields["unclear_task"]._description_selection(self.env)
        return self._format_message(code, task=dict(tasks)[task], **values)

    def _format_unclear(self):
        """Return the notice that something may have been sent."""
        date = format_datetime(self.env, self.told_at)
        return self._format_task("review_unclear", self.unclear_task, date=date)

    def _show_failure(self, task, error):
        """Return the notification about a call that failed.

        :param str task: ``REPLY``, ``RETRACT`` or ``VETO``
        :param TrustedShopsError error: of the client
        :rtype: dict
        """
        reason = self._format_trouble(str(error))
        if self.unclear_task:
            text = f"{self._format_unclear()} ({reason})"
            return show(text, type="warning", sticky=True)
        text = self._format_task("review_not_sent", task, reason=reason)
        return show(text, type="danger", sticky=True)
