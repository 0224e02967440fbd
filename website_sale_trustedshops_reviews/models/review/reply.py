# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The reply to a review. Staff delete it, and report a review, at Trusted Shops.

Trusted Shops is called when the button is pressed. Before the call the review is marked
as one whose reply may have arrived, and the mark is committed, so that it stays if the
process dies. Nothing is sent for a marked review before Odoo has read what Trusted
Shops has.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from odoo.addons.website_sale_trustedshops.client_action import show
from odoo.addons.website_sale_trustedshops.const import LEASE
from odoo.addons.website_sale_trustedshops.lib.exceptions import TrustedShopsError
from odoo.addons.website_sale_trustedshops.models.queue.batches import store_answer
from odoo.addons.website_sale_trustedshops.models.queue.service import get_ahead_domain

from ... import const
from ...lib.review_client import ReviewClient, is_same_text
from .review import APPROVED, NO_MARK, REMOVED


class TrustedShopsReview(models.Model):
    _inherit = "trustedshops.review"

    # A reply was sent, and Trusted Shops did not answer yet, or show that it arrived.
    may_have_arrived = fields.Boolean(
        string="May Have Been Sent", readonly=True, copy=False
    )
    unclear_notice = fields.Char(
        compute="_compute_unclear_notice", export_string_translation=False
    )
    # When a reply was last sent, or last received.
    told_at = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )
    # When the call that is under way counts as lost.
    lease_until = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )

    @api.depends("may_have_arrived", "told_at")
    @api.depends_context("lang", "tz")
    def _compute_unclear_notice(self):
        for review in self:
            review.unclear_notice = review.may_have_arrived and review._format_message(
                "review_unclear", date=format_datetime(self.env, review.told_at)
            )

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

    def _check_can_answer(self):
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
        self.ensure_one()
        return self.env["trustedshops.review.answer"]._open(
            context={"default_review_id": self.id}
        )

    def action_open_inbox(self):
        """Open Trusted Shops, where a review is reported and a reply is deleted.

        :rtype: dict
        """
        self.ensure_one()
        return self.channel_id.sudo().action_open_settings()

    def action_read_again(self):
        """Read whether a reply without an answer reached Trusted Shops. Commits.

        Without such a call, nothing is read.

        :return: notification if it could not be read, else None
        :rtype: dict or None
        :raise AccessError: without the rights
        :raise UserError: while another call is under way, or if none can be made
        """
        review_sudo = self._check_can_answer()
        answer = review_sudo.may_have_arrived and review_sudo._read_again()
        if isinstance(answer, TrustedShopsError):
            return review_sudo._show_failure(answer)
        return None

    def action_mark_checked(self):
        """Remove the mark that something may have been sent: the user looked it up.

        :raise AccessError: without the rights
        :raise UserError: while a call is under way
        """
        self._check_can_answer()._lock_between_calls().write(NO_MARK)

    # === TELLING TRUSTED SHOPS === #
    def _send_reply(self, text, *, is_told=False):
        """Send a reply to Trusted Shops, or replace it. Commits.

        If one may have been sent before, read first what Trusted Shops has. A second
        press of the button sends nothing.

        :param str text: text of the reply
        :param bool is_told: whether Trusted Shops writes to the buyer about it
        :return: notification with the outcome, of the type ``success`` if Trusted Shops
            received it
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: while another call is under way, if none can be made, or if
            the state of the review does not allow it
        """
        review_sudo = self._check_can_answer()
        if unclear := review_sudo.may_have_arrived:
            answer = review_sudo._read_again()
            if isinstance(answer, TrustedShopsError):
                return review_sudo._show_failure(answer)
        # Send nothing again that arrived after all, so that the buyer gets one mail.
        has_arrived = unclear and review_sudo.reply_at == review_sudo.told_at
        is_another = review_sudo.is_outdated or (is_told and not has_arrived)
        if is_another or not is_same_text(review_sudo.reply, text):
            review_sudo._check_can_be_replied_to()
            answer = review_sudo._send_now(text, is_told)
            if isinstance(answer, TrustedShopsError):
                return review_sudo._show_failure(answer)
        return show(review_sudo._format_message("review_received"))

    def _is_gone(self):
        """Return True if the review's text was erased, here or at Trusted Shops."""
        return self.state == REMOVED or self.is_erased

    def _check_can_be_replied_to(self):
        """Check that the review is public, and still has its text.

        :raise UserError: if not, with the reason
        """
        if self._is_gone():
            raise UserError(self.env._("The review is no longer available."))
        if self.state != APPROVED:
            raise UserError(
                self.env._("The review is not public, so there is nothing to reply to.")
            )

    def _send_now(self, text, is_told):
        """Send a reply to Trusted Shops, and store the answer. Commits.

        The parameters are those of :meth:`_send_reply`.

        :return: answer of the client, or its TrustedShopsError
        :raise UserError: see :meth:`_call`
        """
        ref, at = self.review_ref, fields.Datetime.now()
        # Count from the press: staff answered the text that they saw then.
        values = {"reply": text, "reply_at": at}
        return self._call(
            lambda client: client.send_reply(ref, text, is_buyer_told=is_told),
            lambda review, *answer: review._store_sent(values, *answer),
            may_have_arrived=True,
            told_at=at,
        )

    def _read_again(self):
        """Read whether the call without an answer arrived, and store it. Commits.

        :return: answer of the client, or its TrustedShopsError
        :raise UserError: see :meth:`_call`
        """
        ref = self.review_ref
        return self._call(
            lambda client: client.get_review(ref),
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
            # A call cannot be rolled back: the mark has to stay if the process dies.
            # And no row may be locked while Trusted Shops lets us wait.
            self.env.cr.commit()  # pylint: disable=invalid-commit
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
                told = self._format_trouble(error.trouble)
                reason = self._format_message("account_refused", reason=told)
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
    def _store_sent(self, values, answer, is_late):
        """Store the answer to a reply.

        A success counts even if it is late. An error leaves the mark if the call may
        have arrived.

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
        mark = {} if is_late else NO_MARK
        self.write({**mark, **values, "told_at": fields.Datetime.now()})
        self._message_log(body=self._format_message("review_received"))
        self._sync_low_activities()

    def _store_reading(self, found, is_late):
        """Store the reply that Trusted Shops has, and remove the mark.

        :param found: as it was read, None if Trusted Shops has none, or an error
        :type found: Review or None or TrustedShopsError
        :param bool is_late: whether another process has taken the review over
        """
        if isinstance(found, TrustedShopsError):
            self.channel_id._sync_account(found)
        elif not is_late and not self._is_gone():
            self.write({**NO_MARK, **self._prepare_reply_values(found)})
            self._sync_low_activities()

    def _prepare_reply_values(self, review):
        """Return the reply at Trusted Shops as values, all False without one.

        :param review: review as Trusted Shops has it
        :type review: Review or None
        :rtype: dict
        """
        reply = review and review.reply
        if not reply:
            return {"reply": False, "reply_at": False}
        # It is that of the last call unless it is older than the call.
        is_ours = not reply.at or reply.at >= self.told_at - const.CLOCKS_DIFFER_BY
        return {"reply": reply.text, "reply_at": self.told_at if is_ours else reply.at}

    def _show_failure(self, error):
        """Return the notification about a call that failed.

        :param TrustedShopsError error: of the client
        :rtype: dict
        """
        reason = self._format_trouble(error.trouble)
        if self.may_have_arrived:
            text = f"{self.unclear_notice} ({reason})"
            return show(text, type="warning", sticky=True)
        text = self._format_message("review_not_sent", reason=reason)
        return show(text, type="danger", sticky=True)
