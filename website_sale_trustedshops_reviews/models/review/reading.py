# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading the reviews: in passes, a page at a time, each with a commit of its own.

A pass goes through what changed within a window, the newest change first: since the
pass before, once a night within the last days, at first and on Sundays ever. Where it
stands is kept on the channel with each page, so a process may die at any moment: the
next run goes on there. What a pass of the night did not see is asked for one by one,
and its text is erased only when Trusted Shops says that it has no such review.
"""

import logging
from collections import deque
from datetime import datetime

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.const import REST as PAUSE
from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    RefusedError,
    RetryableError,
    TrustedShopsError,
)
from odoo.addons.website_sale_trustedshops.models.failure import log_failure

from ... import const
from ...lib.errors import AccessRefusedError, LoginRefusedError
from ...lib.reviews import PAGE_SIZE, ReviewClient
from ..service import REST
from .review import REMOVED

_logger = logging.getLogger(__name__)

READ_CRON = "website_sale_trustedshops_reviews.ir_cron_read_reviews"
NO_PASS = {"review_pass_at": False, "review_pass_from": False, "review_cursor": False}


class _Reader:
    """What a run of the scheduled action remembers of one channel."""

    def __init__(self, channel, client, run):
        self.channel, self.client, self.run = channel, client, run
        self.cursors = set()
        self.count = PAGE_SIZE

    def call(self, operation, *args, **options):
        """Return the answer to a call between two commits, or why there is none."""
        self.channel.env["ir.cron"]._commit_progress()
        method = getattr(self.client, operation)
        return self.run.call(lambda: method(*args, **options))


class TrustedShopsReview(models.Model):
    _inherit = "trustedshops.review"

    @api.model
    def _cron_read(self):
        """Read what is new, changed or removed: a page of each channel in turn."""
        commit = self.env["ir.cron"]._commit_progress
        self._delete_forgotten()
        run = self.env["trustedshops.service"]._begin_run(REST)
        channels = self.env["trustedshops.channel"]
        readers = channels.search(channels._get_readable_domain())._open_readers(run)
        waiting, is_in_time = deque(readers), True
        commit(remaining=len(waiting))
        try:
            while waiting and is_in_time and not run.is_over:
                reader = waiting.popleft()
                if reader.channel._read_safely(reader):
                    waiting.append(reader)
                is_in_time = bool(commit(0 if reader in waiting else 1))
        finally:
            run.close()
        if waiting:
            pause = PAUSE if run.is_over else None
            self.env["ir.cron"]._trustedshops_go_on_later(READ_CRON, after=pause)

    @api.model
    def _delete_forgotten(self):
        """Delete reviews without a channel; who was erased stays so."""
        domain = [("channel_id", "=", False), ("is_erased", "=", False)]
        while rows := self.search(domain, limit=const.CLEAN_BATCH):
            rows.unlink()
            if not self.env["ir.cron"]._commit_progress():
                break


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    reviews_at = fields.Datetime(
        string="Reviews as of",
        readonly=True,
        copy=False,
        help="When Trusted Shops was last asked for all changes.",
    )
    # English technical sentence.
    reviews_error = fields.Char(string="Reviews not Read", readonly=True, copy=False)
    # The pass under way: since when, what it leaves out, where it stands.
    review_pass_at = fields.Datetime(readonly=True, export_string_translation=False)
    review_pass_from = fields.Datetime(readonly=True, export_string_translation=False)
    review_cursor = fields.Char(readonly=True, export_string_translation=False)
    # Since when it has stood there.
    review_cursor_at = fields.Datetime(readonly=True, export_string_translation=False)
    # When the last pass began that saw all, at least of the last days.
    reviews_complete_at = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )

    @api.model
    def _get_readable_domain(self):
        """Return the channels whose reviews can be read now."""
        askable = self.env["trustedshops.account"]._get_askable_domain()
        return (
            Domain("active", "=", True)
            & Domain("website_id", "!=", False)
            & Domain("hold_reason", "!=", "gone")
            & Domain("account_id", "any", askable)
        )

    def _open_readers(self, run):
        """Return a reader for each channel whose login can be used."""
        readers = []
        for channel in self:
            account = channel.account_id
            try:
                if account.id not in run.clients:
                    run.clients[account.id] = account._get_client(ReviewClient)
            except TrustedShopsError as error:
                channel._note_reading_trouble(error)
                continue
            # Without the others: each page begins with an empty cache.
            alone = channel.with_prefetch()
            readers.append(_Reader(alone, run.clients[account.id], run))
        return readers

    # === ONE TURN === #
    def _read_safely(self, reader):
        """Do the next step; whatever is wrong stops no other channel."""
        environment = self.account_id.environment
        try:
            if not self.filtered_domain(self._get_readable_domain()):
                return False
            if self.review_pass_at or self._begin_pass():
                answer = self._read_page(reader)
            else:
                answer = self._look_for_missing(reader)
            self.env["ir.cron"]._commit_progress()
            if answer is not None:
                reader.run.note(environment, self, answer)
            return answer is not None and not isinstance(answer, TrustedShopsError)
        except psycopg2.OperationalError:
            self.env.cr.rollback()  # somebody is changing it: the next run looks
        except Exception as error:
            self.env.cr.rollback()
            text = "The reviews of channel %s could not be read"
            log_failure(_logger, error, text, self.id)
        return False

    def _begin_pass(self):
        """Begin the pass that is due; return whether one is."""
        # The last days are read once a day, after midnight UTC: at night where Trusted
        # Shops has shops. On Sundays all are.
        now, complete_at = fields.Datetime.now(), self.reviews_complete_at
        since = complete_at and self.reviews_at - const.CLOCKS_DIFFER_BY
        if complete_at and complete_at.date() < now.date():
            is_sunday = now.isoweekday() == 7
            since = not is_sunday and min(since, now - const.REVIEWS_RECENT)
        elif complete_at and now - self.reviews_at < const.REVIEWS_READ_AGAIN_AFTER:
            return False
        self.write(
            {
                **NO_PASS,
                "review_pass_at": now,
                "review_pass_from": since,
                "review_cursor_at": now,
            }
        )
        return True

    def _read_page(self, reader):
        """Read the next page of the pass; return it, why there is none, or None."""
        place, asked_at = self._get_place(), fields.Datetime.now()
        options = {"cursor": self.review_cursor or "", "count": reader.count}
        ref = self.channel_ref
        page = reader.call("get_reviews", ref, **options)
        if isinstance(page, TrustedShopsError):
            self._note_reading_trouble(page, place)
            return page
        reader.count = min(page.count * 2, PAGE_SIZE)
        is_stored = self._is_still_at(place) and self._store_page(
            reader, page, asked_at
        )
        return page if is_stored else None

    def _get_place(self):
        """Return where the pass stands, to see whether it still does."""
        return self.review_pass_at, self.review_cursor

    def _is_still_at(self, place):
        """Tell whether the pass stands where it did, and keep other servers off it."""
        locked = self.try_lock_for_update(allow_referencing=True)
        return bool(locked) and self._get_place() == place

    def _store_page(self, reader, page, asked_at):
        """Store a page, and where the pass goes on, in one transaction."""
        reviews, started_at = self.env["trustedshops.review"], self.review_pass_at
        on_page = [("channel_id", "=", self.id), ("review_ref", "in", [*page.refs])]
        seen = reviews.search([*on_page, ("seen_at", "=", started_at)])
        is_all_seen = bool(page.refs) and len(seen) == len(page.refs)
        if page.cursor and (is_all_seen or page.cursor in reader.cursors):
            self._drop_pass("the pages lead in a circle")
            return False
        reader.cursors.add(page.cursor)
        reviews._store(self, page.reviews, asked_at, started_at)
        # Those that make no sense are there nevertheless.
        left = reviews.search([*on_page, ("seen_at", "!=", started_at)])
        left.write({"seen_at": started_at, "is_missing": False})
        if page.cursor and not self._is_far_enough(page):
            now = fields.Datetime.now()
            self.write({"review_cursor": page.cursor, "review_cursor_at": now})
        else:
            reader.cursors.clear()
            self._end_pass()
        return True

    def _is_far_enough(self, page):
        """Tell whether the pass came to what changed before its window."""
        moments = [each.updated_at for each in page.reviews if each.updated_at]
        since = self.review_pass_from
        return bool(since and moments) and min(moments) < since

    # === THE END OF A PASS === #
    def _end_pass(self):
        """Note what was read, and have it asked for what should have been seen."""
        started_at, since = self.review_pass_at, self.review_pass_from
        values = {**NO_PASS, "reviews_error": False, "reviews_at": started_at}
        if not since or since <= started_at - const.REVIEWS_RECENT:
            values["reviews_complete_at"] = started_at
            missing = Domain("channel_id", "=", self.id)
            missing &= Domain("state", "!=", REMOVED)
            missing &= Domain("seen_at", "<", started_at)
            if since:
                missing &= Domain("submitted_at", ">", since)
            self.env["trustedshops.review"].search(missing).is_missing = True
        self.write(values)
        self._note_verification()
        self._summarize_months()

    def _drop_pass(self, reason):
        """Begin anew in a later run: what was read stays, nothing counts as missing."""
        _logger.warning("The reviews of channel %s: %s", self.id, reason)
        self.write({**NO_PASS, "reviews_error": reason})

    def _look_for_missing(self, reader):
        """Ask for one review that was not seen any more; return the answer, or None."""
        domain = [("channel_id", "=", self.id), ("is_missing", "=", True)]
        review = self.env["trustedshops.review"].search(domain, limit=1, order="id")
        if not review:
            return None
        asked_at = fields.Datetime.now()
        found = reader.call("get_review", review.review_ref)
        if isinstance(found, TrustedShopsError):
            self._note_reading_trouble(found)
            is_pause = bool(getattr(found, "retry_after", None))
            if is_pause or isinstance(found, LoginRefusedError):
                return found
            review.is_missing = False  # the next night looks again; others are next
            return found if isinstance(found, RetryableError) else False
        if review.try_lock_for_update(allow_referencing=True).is_missing:
            if found:
                review._store(self, (found,), asked_at, review.seen_at)
                review.is_missing = False
            else:
                review._note_removed()
        return False

    # === TROUBLE === #
    def _note_reading_trouble(self, error, place=None):
        """Store why reviews could not be read; what was read before stays."""
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
