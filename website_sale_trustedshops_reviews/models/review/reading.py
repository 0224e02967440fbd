# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading the reviews: in passes, a page at a time, each with a commit of its own.

A pass goes through all reviews of a channel, through the last days, or through what
changed since the pass before. Where it stands is kept on the channel with each page, so
a process may die at any moment: the next run goes on there, and no page counts twice.
What a pass through all, or through the last days, did not see is asked for one by one,
and its text is erased only when Trusted Shops says that it has no such review.
"""

import logging
from collections import deque
from datetime import datetime

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    RefusedError,
    RetryableError,
    TrustedShopsError,
)
from odoo.addons.website_sale_trustedshops.models.failure import log_failure

from ... import const
from ...lib.errors import AccessRefusedError, LoginRefusedError
from ...lib.reviews import BY_CHANGE, BY_SUBMISSION, PAGE_SIZE, ReviewClient
from .review import REMOVED

_logger = logging.getLogger(__name__)

READ_CRON = "website_sale_trustedshops_reviews.ir_cron_read_reviews"
COMPLETE, RECENT, CHANGES = "complete", "recent", "changes"
NO_PASS = {"review_pass": False, "review_cursor": False, "review_pass_from": False}


class _Reader:
    """What a run of the scheduled action remembers of one channel.

    :param channel: record of ``trustedshops.channel``
    :param ReviewClient client: open, of its account
    """

    def __init__(self, channel, client):
        self.channel = channel
        self.client = client
        self.cursors = set()
        self.count = PAGE_SIZE


class TrustedShopsReview(models.Model):
    _inherit = "trustedshops.review"

    @api.model
    def _cron_read(self):
        """Read what is new, changed or removed: a page of each channel in turn."""
        commit = self.env["ir.cron"]._commit_progress
        self._delete_forgotten()
        channels = self._find_channels()
        commit(remaining=len(channels))
        readers = self._open_readers(channels)
        waiting = deque(readers)
        is_in_time = True
        try:
            while waiting and is_in_time:
                reader = waiting.popleft()
                if reader.channel._read_safely(reader):
                    waiting.append(reader)
                is_in_time = bool(commit(0 if reader in waiting else 1))
        finally:
            for reader in readers:
                reader.client.close()
        if waiting:
            self.env["ir.cron"]._trustedshops_go_on_later(READ_CRON)

    @api.model
    def _delete_forgotten(self):
        """Delete reviews without a channel; who was erased stays so."""
        domain = [("channel_id", "=", False), ("is_erased", "=", False)]
        while rows := self.search(domain, limit=const.CLEAN_BATCH):
            rows.unlink()
            if not self.env["ir.cron"]._commit_progress():
                break

    @api.model
    def _find_channels(self):
        """Return the channels whose reviews can be read now."""
        channels = self.env["trustedshops.channel"]
        return channels.search(channels._get_readable_domain())

    @api.model
    def _open_readers(self, channels):
        """Return a reader for each channel whose login can be used."""
        readers = []
        for channel in channels:
            try:
                client = channel.account_id._get_client(ReviewClient)
            except TrustedShopsError as error:
                channel._note_reading_trouble(error)
                continue
            # Without the others: each page begins with an empty cache.
            readers.append(_Reader(channel.with_prefetch(), client))
        return readers


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    low_stars = fields.Integer(
        string="Low Rating Threshold (Stars)",
        default=const.LOW_STARS,
        help="Somebody gets an activity for each review with this many stars or fewer."
        " 0: no activities.",
    )
    review_user_id = fields.Many2one(
        "res.users",
        string="Low Reviews Go To",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Empty: to whoever is responsible for the account.",
    )
    reviews_from = fields.Datetime(
        readonly=True,
        default=fields.Datetime.now,
        export_string_translation=False,
    )
    reviews_at = fields.Datetime(
        string="Reviews as of",
        readonly=True,
        copy=False,
        help="When Trusted Shops was last asked for all changes.",
    )
    # English technical sentence.
    reviews_error = fields.Char(string="Reviews not Read", readonly=True, copy=False)
    # The pass under way: which one, since when, where it stands, what it leaves out.
    review_pass = fields.Selection(
        [(COMPLETE, "All"), (RECENT, "Last Days"), (CHANGES, "Changes")],
        readonly=True,
        copy=False,
        export_string_translation=False,
    )
    review_pass_number = fields.Integer(readonly=True, export_string_translation=False)
    review_pass_at = fields.Datetime(readonly=True, export_string_translation=False)
    review_pass_from = fields.Datetime(readonly=True, export_string_translation=False)
    review_cursor = fields.Char(readonly=True, export_string_translation=False)
    # Since when it has stood there.
    review_cursor_at = fields.Datetime(readonly=True, export_string_translation=False)
    # When the last passes began that came to their end.
    review_complete_at = fields.Datetime(readonly=True, export_string_translation=False)
    review_recent_at = fields.Datetime(readonly=True, export_string_translation=False)

    _check_low_stars = models.Constraint(
        "CHECK (low_stars BETWEEN 0 AND 5)", "Low reviews have 0 to 5 stars."
    )

    @api.constrains("review_user_id")
    def _check_review_user(self):
        for channel in self.filtered("review_user_id"):
            if not channel._is_answered_by(channel.review_user_id):
                raise ValidationError(
                    self.env._(
                        "%(user)s may not answer reviews of %(company)s: choose a sales"
                        " manager, an editor of the website or an administrator of that"
                        " company.",
                        user=channel.review_user_id.name,
                        company=channel.company_id.name,
                    )
                )

    def _is_answered_by(self, user):
        """Tell whether a user may answer the reviews, and so read all of them."""
        reviews = self.env["trustedshops.review"].with_user(user)
        is_there = user.active and self.company_id <= user.sudo().company_ids
        return is_there and reviews._may_answer()

    @api.model
    def _get_readable_domain(self):
        """Return the channels whose reviews can be read now."""
        usable = self.env["trustedshops.account"]._get_usable_domain()
        return (
            Domain("active", "=", True)
            & Domain("website_id", "!=", False)
            & Domain("hold_reason", "!=", "gone")
            & Domain("account_id", "any", usable)
        )

    # === ONE TURN === #
    def _read_safely(self, reader):
        """Do the next step of this channel; whatever is wrong stops no other.

        :param _Reader reader: of this channel
        :return: whether there is more to do in this run
        :rtype: bool
        """
        try:
            return self._read_next(reader)
        except psycopg2.OperationalError:
            self.env.cr.rollback()  # somebody is changing it: the next run looks
        except Exception as error:
            self.env.cr.rollback()
            text = "The reviews of channel %s could not be read"
            log_failure(_logger, error, text, self.id)
        return False

    def _read_next(self, reader):
        """Read one page, or look for one review that was not seen any more."""
        if not self.filtered_domain(self._get_readable_domain()):
            return False
        if self.review_pass or self._begin_pass():
            return self._read_page(reader)
        return self._look_for_missing(reader)

    def _begin_pass(self):
        """Begin the pass that is due.

        :return: whether one is
        :rtype: bool
        """
        now = fields.Datetime.now()
        kind, since = self._choose_pass(now)
        if not kind:
            return False
        self.write(
            {
                **NO_PASS,
                "review_pass": kind,
                "review_pass_number": self.review_pass_number + 1,
                "review_pass_at": now,
                "review_cursor_at": now,
                "review_pass_from": since,
            }
        )
        return True

    def _choose_pass(self, now):
        """Return the pass that is due, and from when on it reads.

        The last days are read once a day, after midnight UTC: at night where Trusted
        Shops has shops.
        """
        last_complete, last_recent = self.review_complete_at, self.review_recent_at
        is_new_day = not last_recent or last_recent.date() < now.date()
        if not last_complete:
            return COMPLETE, False
        # First: a page of another pass may fail for long.
        if now - self.reviews_at >= const.REVIEWS_READ_AGAIN_AFTER:
            return CHANGES, self.reviews_at - const.CLOCKS_DIFFER_BY
        if is_new_day and now - last_complete >= const.REVIEWS_COMPLETE_INTERVAL:
            return COMPLETE, False
        if is_new_day:
            return RECENT, now - const.REVIEWS_RECENT
        return False, False

    def _read_page(self, reader):
        """Read the next page of the pass.

        :param _Reader reader: of this channel
        :return: whether there is more to do in this run
        :rtype: bool
        """
        place = self._get_place()
        asked_at, kind = fields.Datetime.now(), self.review_pass
        query = {
            "cursor": self.review_cursor or "",
            "order": BY_CHANGE if kind == CHANGES else BY_SUBMISSION,
            "since": self.review_pass_from if kind == RECENT else None,
            "count": reader.count,
        }
        channel_ref = self.channel_ref
        self.env["ir.cron"]._commit_progress()
        try:
            page = reader.client.get_reviews(channel_ref, **query)
        except TrustedShopsError as error:
            self._note_reading_trouble(error, place)
            return False
        reader.count = min(page.count * 2, PAGE_SIZE)
        if not self._is_still_at(place):
            return False
        return self._store_page(reader, page, asked_at)

    def _get_place(self):
        """Return where the pass stands, to see whether it still does."""
        return self.review_pass_number, self.review_pass, self.review_cursor

    def _is_still_at(self, place):
        """Tell whether the pass stands where it did, and keep others off it.

        Another server may have been faster.
        """
        locked = self.try_lock_for_update(allow_referencing=True)
        return bool(locked) and self._get_place() == place

    def _store_page(self, reader, page, asked_at):
        """Store a page, and where the pass goes on, in one transaction.

        :param _Reader reader: of this channel
        :param ReviewPage page: what was read
        :param datetime.datetime asked_at: UTC
        :return: whether there is more to do in this run
        :rtype: bool
        """
        reviews, number = self.env["trustedshops.review"], self.review_pass_number
        on_page = [("channel_id", "=", self.id), ("review_ref", "in", [*page.refs])]
        seen = reviews.search([*on_page, ("seen_pass", "=", number)])
        is_all_seen = bool(page.refs) and len(seen) == len(page.refs)
        cursor = (number, page.cursor)
        if page.cursor and (is_all_seen or cursor in reader.cursors):
            self._drop_pass("the pages lead in a circle")
            return False
        reader.cursors.add(cursor)
        reviews._store(self, page.reviews, asked_at, number)
        # Those that make no sense are there nevertheless.
        left = reviews.search([*on_page, ("seen_pass", "!=", number)])
        left.write({"seen_pass": number, "is_missing": False})
        if page.cursor and not self._is_far_enough(page):
            now = fields.Datetime.now()
            self.write({"review_cursor": page.cursor, "review_cursor_at": now})
        else:
            self._end_pass()
        return True

    def _is_far_enough(self, page):
        """Tell whether a pass through changes came to those that are known."""
        if self.review_pass != CHANGES:
            return False
        moments = [each.updated_at for each in page.reviews if each.updated_at]
        return bool(moments) and min(moments) < self.review_pass_from

    # === THE END OF A PASS === #
    def _end_pass(self):
        """Note what was read, and what was not seen any more."""
        kind, started_at = self.review_pass, self.review_pass_at
        values = {**NO_PASS, "reviews_error": False}
        if kind in (COMPLETE, CHANGES):
            values["reviews_at"] = started_at
        if kind in (COMPLETE, RECENT):
            values["review_recent_at"] = started_at
            self._mark_missing()
        if kind == COMPLETE:
            values["review_complete_at"] = started_at
        self.write(values)
        self._summarize_months()

    def _mark_missing(self):
        """Have it asked for each review that the pass should have seen."""
        domain = [
            ("channel_id", "=", self.id),
            ("seen_pass", "<", self.review_pass_number),
            ("state", "!=", REMOVED),
        ]
        if self.review_pass == RECENT:
            domain.append(("submitted_at", ">", self.review_pass_from))
        self.env["trustedshops.review"].search(domain).write({"is_missing": True})

    def _drop_pass(self, reason):
        """Begin anew in a later run: what was read stays, nothing counts as missing.

        :param str reason: English technical sentence
        """
        _logger.warning("The reviews of channel %s: %s", self.id, reason)
        self.write({**NO_PASS, "reviews_error": reason})

    def _look_for_missing(self, reader):
        """Ask for one review that was not seen any more.

        :param _Reader reader: of this channel
        :return: whether there is more to do in this run
        :rtype: bool
        """
        domain = [("channel_id", "=", self.id), ("is_missing", "=", True)]
        review = self.env["trustedshops.review"].search(domain, limit=1, order="id")
        if not review:
            return False
        ref, asked_at = review.review_ref, fields.Datetime.now()
        self.env["ir.cron"]._commit_progress()
        try:
            found = reader.client.get_review(ref)
        except TrustedShopsError as error:
            self._note_reading_trouble(error)
            is_pause = bool(getattr(error, "retry_after", None))
            if is_pause or isinstance(error, LoginRefusedError):
                return False
            review.is_missing = False  # the next night looks again; others are next
            return not isinstance(error, RetryableError)
        if not review.try_lock_for_update(allow_referencing=True).is_missing:
            return True
        if found:
            review._store(self, (found,), asked_at, review.seen_pass)
            review.is_missing = False
        else:
            review._note_removed()
        return True

    # === TROUBLE === #
    def _note_reading_trouble(self, error, place=None):
        """Store why reviews could not be read; what was read before stays.

        :param TrustedShopsError error: from the client
        :param place: of the pass in which it happened, see :meth:`_get_place`
        """
        if place and self._is_still_at(place):
            stood_for = fields.Datetime.now() - (self.review_cursor_at or datetime.min)
            # The review at the cursor may be gone.
            if isinstance(error, RefusedError) or stood_for >= const.PASS_STANDS_FOR:
                self._drop_pass(str(error))
        # That reviews may not be read says nothing about invitations.
        if not isinstance(error, AccessRefusedError):
            self._follow_trouble(error)
        if self.reviews_error != str(error):
            self.reviews_error = str(error)
