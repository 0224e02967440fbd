# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading reviews from Trusted Shops in passes, page by page, each page committed.

A pass reads what changed in a period, the newest change first. The period is usually
the time since the pass before. Once a night it is the last 90 days; on Sundays, and the
first time, it has no limit. The channel stores the position of the pass with each page,
so that the next run can go on after a crash. If a nightly pass misses a review, Odoo
asks for that review alone, and deletes its text only if Trusted Shops says that it does
not exist.

Trusted Shops marks a review as verified if its writer certainly bought. Pages claim no
more than that. Source: help.etrusted.com, "Information on the authenticity of reviews"
"""

import logging
from collections import deque, namedtuple
from datetime import datetime, timedelta

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.const import RATING_FRESH
from odoo.addons.website_sale_trustedshops.framework import clear_caches
from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    RefusedError,
    RetryableError,
    TrustedShopsError,
)
from odoo.addons.website_sale_trustedshops.models.failure import log_failure
from odoo.addons.website_sale_trustedshops.models.service import get_ahead_domain

from .. import const
from ..lib.errors import AccessRefusedError, LoginRefusedError
from ..lib.review_client import PAGE_SIZE, STATES, ReviewClient, is_same_text
from .review import (
    APPROVED,
    ERASED,
    LINK_FIELDS,
    OTHER,
    PRODUCT,
    REMOVED,
    SHOP,
    TEXT_FIELDS,
)
from .service import REST

_logger = logging.getLogger(__name__)

READ_CRON = "website_sale_trustedshops_reviews.ir_cron_read_reviews"
# A nightly pass reads the changes of this period.
RECENT = timedelta(days=90)
# A channel that could not be read is read again soon, the next time by an hourly run.
READ_AGAIN_SOON, READ_AGAIN_AFTER = timedelta(minutes=3), timedelta(minutes=50)
# The responsible user is told after this time without a successful reading.
TOLD_AFTER = timedelta(hours=3)
NO_PASS = {"review_pass_at": False, "review_pass_from": False, "review_cursor": False}

# Records to which reviews belong, by event, by order number, by product ID.
_Joins = namedtuple("_Joins", "by_event orders products")


class _Reader:
    """The state of one channel within a run of the scheduled action.

    :param channel: record of ``trustedshops.channel``
    :param ReviewClient client: client with the login of its account
    :param Run run: run of the scheduled action
    """

    def __init__(self, channel, client, run):
        self.channel, self.client, self.run = channel, client, run
        self.cursors = set()
        self.count = PAGE_SIZE

    def call(self, operation, *args, **options):
        """Commit, then return the answer to a call, or its TrustedShopsError.

        :param str operation: name of a method of the client
        :param args: arguments of the method
        :param options: keyword arguments of the method
        """
        self.channel.env["ir.cron"]._commit_progress()
        method = getattr(self.client, operation)
        return self.run.call(lambda: method(*args, **options))


class TrustedShopsReview(models.Model):
    _inherit = "trustedshops.review"

    @api.model
    def _cron_read(self):
        """Read the reviews of all due channels, one page of each in turn."""
        commit = self.env["ir.cron"]._commit_progress
        self._remove_orphans()
        services = self.env["trustedshops.service"]
        run, channels = services._begin_run(REST), self.env["trustedshops.channel"]
        channels._close_unread_activities()
        found = channels.search(
            channels._get_due_domain(), order="reviews_at NULLS FIRST, id"
        )
        readers = found._open_readers(run)
        waiting, is_in_time = deque(readers), True
        commit(remaining=len(waiting))
        try:
            while waiting and is_in_time:
                reader = waiting.popleft()
                if reader.channel._read_safely(reader):
                    waiting.append(reader)
                is_in_time = bool(commit(0 if reader in waiting else 1))
        finally:
            run.close()
        if run.pause() or waiting:
            at = services._get_next_attempt_at(REST)
            pause = at and at - fields.Datetime.now()
            self.env["ir.cron"]._trustedshops_go_on_later(READ_CRON, after=pause)

    @api.model
    def _remove_orphans(self):
        """Delete reviews without a channel, except erased ones; commit each batch."""
        domain = [("channel_id", "=", False), ("is_erased", "=", False)]
        while rows := self.search(domain, limit=const.CLEAN_BATCH):
            rows.unlink()
            if not self.env["ir.cron"]._commit_progress():
                break

    # === STORING: AS RECORDS, WITH THEIR ORDERS AND PRODUCTS === #
    @api.model
    def _store(self, channel, reviews, asked_at, seen_at):
        """Store reviews in a savepoint; after an error store them one by one.

        A review that cannot be stored is logged, and skipped.

        :param channel: record of ``trustedshops.channel`` that has them
        :param reviews: reviews from the client
        :type reviews: tuple of Review
        :param datetime.datetime asked_at: UTC, when Trusted Shops was asked
        :param datetime.datetime seen_at: UTC, start of the pass that saw them
        """
        try:
            with self.env.cr.savepoint():
                self._store_together(channel, reviews, asked_at, seen_at)
        except psycopg2.OperationalError:
            raise  # another process writes one of them
        except Exception as error:
            if len(reviews) == 1:
                text = "The review %s could not be stored"
                log_failure(_logger, error, text, reviews[0].ref)
                return
            for review in reviews:
                self._store(channel, (review,), asked_at, seen_at)

    @api.model
    def _store_together(self, channel, reviews, asked_at, seen_at):
        """Create or update reviews, have ratings read again, and sync activities.

        The parameters are those of :meth:`_store`.
        """
        known = self.search(
            self._get_owned_domain(channel)
            & Domain("review_ref", "in", [review.ref for review in reviews])
        )
        # Of two with the same ID, prefer the one of this channel, then the erased one.
        known = known.sorted(lambda row: (row.channel_id == channel, row.is_erased))
        by_ref = {row.review_ref: row for row in known}
        joins = self._get_joins(channel, reviews)
        changed, missing = self.browse(), []
        for review in reviews:
            values = self._prepare_values(channel, review, joins)
            values["seen_at"] = seen_at
            if row := by_ref.get(review.ref):
                if row._update(values, asked_at):
                    changed += row
            else:
                own = {"review_ref": review.ref, "rewritten_at": values["edited_at"]}
                missing.append({**values, **own})
        # Without notes about new records, of which there may be many.
        quiet = self.with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True
        )
        changed += quiet.create(missing)
        self.env.flush_all()
        changed = changed.with_env(self.env)
        grades = self.env["trustedshops.product.rating"]
        for home, rows in changed.grouped("channel_id").items():
            grades._read_soon(home, rows.product_tmpl_id)
        changed._sync_low_activities()

    @api.model
    def _get_owned_domain(self, channel):
        """Return the domain of the records that reviews of a channel may update.

        These are all records of its company, because a review can move to another
        channel, and erased ones of a deleted channel. If the account was added twice,
        each of the two active channels has records of its own.

        :param channel: record of ``trustedshops.channel``
        :rtype: Domain
        """
        twins = channel.search(
            [
                ("channel_ref", "=", channel.channel_ref),
                ("company_id", "=", channel.company_id.id),
                ("id", "!=", channel.id),
            ]
        )
        owned = Domain("company_id", "=", channel.company_id.id)
        owned &= Domain("channel_id", "not in", twins.ids)
        erased = Domain("channel_id", "=", False) & Domain("is_erased", "=", True)
        return owned | erased

    def _update(self, values, asked_at):
        """Write the changed values of a review that was read again.

        Keep values that are newer in Odoo, texts that were erased, and links that were
        found before.

        :param dict values: see :meth:`_prepare_values`
        :param datetime.datetime asked_at: UTC, when Trusted Shops was asked
        :return: whether more than its reading moments changed
        :rtype: bool
        """
        kept = set()
        updated_at = values["updated_at"]
        if updated_at and self.updated_at and updated_at < self.updated_at:
            kept.update(values.keys() - {"seen_at"})  # the copy is outdated
        if self.is_erased:
            kept.update(TEXT_FIELDS, LINK_FIELDS)
        if self.told_at and self.told_at >= asked_at:
            kept.update(("reply", "reply_at"))  # what was read is older
        if is_same_text(self.reply, values["reply"]):
            kept.add("reply_at")
        # Once found, its order and product stay.
        kept.update(name for name in (*LINK_FIELDS, "product_tmpl_id") if self[name])
        changes = {
            name: value
            for name, value in {**values, "is_missing": False}.items()
            if name not in kept
            and self._fields[name].convert_to_write(self[name], self) != value
        }
        if changes.get("reply_at"):
            # Someone replied at Trusted Shops, and saw the text of that moment.
            changes["rewritten_at"] = values["edited_at"]
        elif changes.keys() & {"stars", "title", "comment", "edited_at"}:
            # Users here did not see this change before now.
            changes["rewritten_at"] = fields.Datetime.now()
        if changes:
            self.write(changes)
        return bool(changes.keys() - {"seen_at", "is_missing", "updated_at"})

    @api.model
    def _prepare_values(self, channel, review, joins):
        """Return the values of the record of a review.

        :param channel: record of ``trustedshops.channel`` that has it
        :param Review review: review from the client
        :param _Joins joins: see :meth:`_get_joins`
        :rtype: dict
        """
        invitation = joins.by_event.get(
            review.event_ref, self.env["trustedshops.invitation"]
        )
        named = joins.orders.get(review.reference, self.env["sale.order"])
        order = invitation.order_id or named.filtered(
            lambda each: each._trustedshops_is_reviewed_by(review)
        )
        product = joins.products.get(review.sku)
        reply = review.reply
        return {
            "channel_id": channel.id,
            "subject": PRODUCT if review.is_of_product else SHOP,
            "stars": review.stars,
            "title": review.title or False,
            "comment": review.comment or False,
            "state": review.state.lower() if review.state in STATES else OTHER,
            "is_verified": review.is_verified,
            "submitted_at": review.submitted_at or False,
            "updated_at": review.updated_at or False,
            "edited_at": review.edited_at or False,
            "reply": reply.text if reply else False,
            "reply_at": bool(reply) and (reply.at or fields.Datetime.now()),
            "order_reference": review.reference or False,
            "invitation_id": invitation.id,
            "order_id": order.id,
            "sku": review.sku or False,
            "product_name": review.product_name or False,
            "product_tmpl_id": product.id if product else False,
            **(ERASED if invitation.is_erased else {}),
        }

    @api.model
    def _get_joins(self, channel, reviews):
        """Return the invitations, orders and products that reviews belong to.

        The event of an invitation is certain. A number is not: it counts only for the
        channel's website, and only if one order has it.

        :param channel: record of ``trustedshops.channel``
        :param reviews: reviews from the client
        :type reviews: tuple of Review
        :rtype: _Joins
        """
        events = {review.event_ref for review in reviews} - {""}
        numbers = {review.reference for review in reviews} - {""}
        skus = {review.sku for review in reviews} - {""}
        company = channel.company_id
        by_event = self.env["trustedshops.invitation"].search(
            [("company_id", "=", company.id), ("event_ref", "in", [*events])]
        )
        orders = self.env["sale.order"].search(
            [
                ("company_id", "=", company.id),
                ("website_id", "in", channel.website_id.ids),
                ("name", "in", [*numbers]),
            ]
        )
        products = self.env["product.template"].with_context(active_test=False)
        found = products.search(
            [
                ("trustedshops_sku", "in", [*skus]),
                ("company_id", "in", (False, company.id)),
            ]
        ).with_env(self.env)
        return _Joins(
            {each.event_ref: each for each in by_event},
            {
                name: named
                for name, named in orders.grouped("name").items()
                if len(named) == 1
            },
            # Of two with the same ID, prefer the one of the company.
            {each.trustedshops_sku: each for each in found.sorted("company_id")},
        )


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    reviews_at = fields.Datetime(
        string="Reviews as of",
        readonly=True,
        copy=False,
        help="When Trusted Shops was last asked for all changes.",
    )
    # ``trouble`` of the last error.
    reviews_error = fields.Char(string="Reviews not Read", readonly=True, copy=False)
    # When to try again after such an error.
    reviews_next_at = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )
    # The pass under way: when it began, the start of its period, its position.
    review_pass_at = fields.Datetime(readonly=True, export_string_translation=False)
    review_pass_from = fields.Datetime(readonly=True, export_string_translation=False)
    review_cursor = fields.Char(readonly=True, export_string_translation=False)
    # Since when the pass has been at this position.
    review_cursor_at = fields.Datetime(readonly=True, export_string_translation=False)
    # Low reviews written before lead to no activity.
    reviews_from = fields.Datetime(
        readonly=True,
        default=fields.Datetime.now,
        export_string_translation=False,
    )
    # Whether all public reviews were verified at the end of the last pass.
    verification = fields.Selection(
        [("all", "All"), ("some", "Not all")],
        readonly=True,
        copy=False,
        export_string_translation=False,
    )
    # When the last pass that read 90 days or more began.
    reviews_complete_at = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )

    @api.model
    def _get_read_domain(self):
        """Return the domain of channels that are read, now or after a pause.

        These are active, used by a website, and still in their account, which is
        connected.
        """
        accepted = self.env["trustedshops.account"]._get_accepted_domain()
        return (
            Domain("active", "=", True)
            & Domain("website_id", "!=", False)
            & Domain("hold_reason", "!=", "gone")
            & Domain("account_id", "any", accepted)
        )

    @api.model
    def _get_readable_domain(self):
        """Return the domain of channels whose reviews and ratings can be read now."""
        reachable = self.env["trustedshops.account"]._get_reachable_domain()
        return self._get_read_domain() & Domain("account_id", "any", reachable)

    @api.model
    def _get_due_domain(self):
        """Return the domain of readable channels that did not fail just before."""
        failed = get_ahead_domain(
            "reviews_next_at", fields.Datetime.now(), READ_AGAIN_AFTER
        )
        return self._get_readable_domain() & ~failed

    def _open_readers(self, run):
        """Return a reader for each channel whose login can be used.

        Store the failure of the others. The clients are closed with the run.

        :param Run run: run of the scheduled action
        :rtype: list of _Reader
        """
        readers = []
        for channel in self:
            account = channel.account_id
            try:
                if account.id not in run.clients:
                    run.clients[account.id] = account._get_client(ReviewClient)
            except TrustedShopsError as error:
                channel._store_reading_failure(error)
                continue
            # Prefetch no other channel: each page begins with an empty cache.
            alone = channel.with_prefetch()
            readers.append(_Reader(alone, run.clients[account.id], run))
        return readers

    # === ONE STEP === #
    def _read_safely(self, reader):
        """Read a page or a missing review; log an error, so that other channels go on.

        :param _Reader reader: reader of the channel
        :return: whether there is more to do for this channel
        :rtype: bool
        """
        account = self.account_id
        try:
            is_over = account._get_endpoint(account.environment) in reader.run.over
            if is_over or not self.filtered_domain(self._get_readable_domain()):
                return False
            if self.review_pass_at or self._begin_pass():
                answer = self._read_page(reader)
            else:
                answer = self._read_missing(reader)
            self.env["ir.cron"]._commit_progress()
            if answer is not None:
                reader.run.note(account, account.environment, answer)
            return answer is not None and not isinstance(answer, TrustedShopsError)
        except psycopg2.OperationalError:
            self.env.cr.rollback()  # another process has it: the next run reads it
        except Exception as error:
            self.env.cr.rollback()
            text = "The reviews of channel %s could not be read"
            log_failure(_logger, error, text, self.id)
        return False

    def _begin_pass(self):
        """Begin the pass that is due, or return False if none is.

        The nightly pass follows midnight UTC, which is at night where Trusted Shops has
        shops. Every run reads the changes, unless the last pass began less than a
        minute ago: such a run only goes on with the work of the one before.
        """
        now, complete_at = fields.Datetime.now(), self.reviews_complete_at
        since = complete_at and self.reviews_at - const.CLOCKS_DIFFER_BY
        if complete_at and complete_at.date() < now.date():
            is_sunday = now.isoweekday() == 7
            since = not is_sunday and min(since, now - RECENT)
        elif complete_at and now - self.reviews_at < timedelta(minutes=1):
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
        """Read and store the next page of the pass.

        :param _Reader reader: reader of the channel
        :return: the page, an error, or None if the page was not stored
        :rtype: ReviewPage or TrustedShopsError or None
        """
        position, asked_at = self._get_pass_position(), fields.Datetime.now()
        options = {"cursor": self.review_cursor or "", "count": reader.count}
        ref = self.channel_ref
        page = reader.call("get_reviews", ref, **options)
        if isinstance(page, TrustedShopsError):
            self._store_reading_failure(page, position)
            return page
        reader.count = min(page.count * 2, PAGE_SIZE)
        is_stored = self._is_still_at(position) and self._store_page(
            reader, page, asked_at
        )
        return page if is_stored else None

    def _get_pass_position(self):
        """Return the position of the pass, to compare it later."""
        return self.review_pass_at, self.review_cursor

    def _is_still_at(self, position):
        """Lock the channel, and return True if the pass is still at a position.

        :param tuple position: earlier result of :meth:`_get_pass_position`
        """
        locked = self.try_lock_for_update(allow_referencing=True)
        return bool(locked) and self._get_pass_position() == position

    def _store_page(self, reader, page, asked_at):
        """Store the reviews of a page, and move the pass to the next one, or end it.

        :param _Reader reader: reader of the channel
        :param ReviewPage page: page from the client
        :param datetime.datetime asked_at: UTC, when Trusted Shops was asked
        :return: False if the pages lead in a circle, so that the pass is cancelled
        :rtype: bool
        """
        reviews, started_at = self.env["trustedshops.review"], self.review_pass_at
        on_page = [("channel_id", "=", self.id), ("review_ref", "in", [*page.refs])]
        seen = reviews.search([*on_page, ("seen_at", "=", started_at)])
        is_all_seen = bool(page.refs) and len(seen) == len(page.refs)
        if page.cursor and (is_all_seen or page.cursor in reader.cursors):
            self._cancel_pass("the pages lead in a circle")
            self.reviews_error = "unanswered"
            return False
        reader.cursors.add(page.cursor)
        reviews._store(self, page.reviews, asked_at, started_at)
        # Unreadable reviews were not stored, but still exist.
        left = reviews.search([*on_page, ("seen_at", "!=", started_at)])
        left.write({"seen_at": started_at, "is_missing": False})
        if page.cursor and not self._is_far_enough(page):
            now = fields.Datetime.now()
            self.write(
                {
                    "review_cursor": page.cursor,
                    "review_cursor_at": now,
                    "reviews_error": False,
                }
            )
        else:
            reader.cursors.clear()
            self._end_pass()
        return True

    def _is_far_enough(self, page):
        """Return True if the page reaches back beyond the period of the pass."""
        moments = [each.updated_at for each in page.reviews if each.updated_at]
        since = self.review_pass_from
        return bool(since and moments) and min(moments) < since

    # === THE END OF A PASS === #
    def _end_pass(self):
        """Store the end of the pass, and mark the reviews that it missed.

        A review counts as missed only after a pass over 90 days or more.
        """
        started_at, since = self.review_pass_at, self.review_pass_from
        values = {
            **NO_PASS,
            "reviews_error": False,
            "reviews_next_at": False,
            "reviews_at": started_at,
        }
        if not since or since <= started_at - RECENT:
            values["reviews_complete_at"] = started_at
            missing = Domain("channel_id", "=", self.id)
            missing &= Domain("state", "!=", REMOVED)
            missing &= Domain("seen_at", "<", started_at)
            if since:
                missing &= Domain("submitted_at", ">", since)
            self.env["trustedshops.review"].search(missing).is_missing = True
        self.write(values)
        self._sync_todos()
        self._update_verification()

    def _cancel_pass(self, reason):
        """Cancel the pass, so that a later run begins a new one; keep what was read.

        :param reason: for the log
        :type reason: str or TrustedShopsError
        """
        _logger.warning("The reviews of channel %s: %s", self.id, reason)
        self.write(NO_PASS)

    def _read_missing(self, reader):
        """Ask for one review that is missing, and update it or delete its text.

        :param _Reader reader: reader of the channel
        :return: an error, None if no review is missing, else False
        :rtype: TrustedShopsError or bool or None
        """
        domain = [("channel_id", "=", self.id), ("is_missing", "=", True)]
        review = self.env["trustedshops.review"].search(domain, limit=1, order="id")
        if not review:
            return None
        asked_at = fields.Datetime.now()
        found = reader.call("get_review", review.review_ref)
        if isinstance(found, TrustedShopsError):
            self._store_reading_failure(found)
            is_pause = bool(getattr(found, "retry_after", None))
            if is_pause or isinstance(found, LoginRefusedError):
                return found
            review.is_missing = False  # the next night asks again
            return found if isinstance(found, RetryableError) else False
        if review.try_lock_for_update(allow_referencing=True).is_missing:
            if home := self._get_home(found):
                review._store(home, (found,), asked_at, review.seen_at)
                review.is_missing = False
            else:
                review._remove_text()
        return False

    def _get_home(self, review):
        """Return the channel of the company that has a review now, or none.

        :param review: review as Trusted Shops has it
        :type review: Review or None
        """
        if not review:
            return self.browse()
        if review.channel_ref in ("", self.channel_ref):
            return self
        return self.search(
            [
                ("channel_ref", "=", review.channel_ref),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )

    # === TROUBLE === #
    def _store_reading_failure(self, error, position=None):
        """Store why reviews could not be read, and try again later.

        The first time, the next attempt is three minutes later. Cancel the pass if its
        position may be at fault.

        :param TrustedShopsError error: from the client
        :param position: position of the pass at which it happened, if any
        :type position: tuple or None
        """
        pause = READ_AGAIN_AFTER if self.reviews_error else READ_AGAIN_SOON
        if position and self._is_still_at(position):
            stood_for = fields.Datetime.now() - (self.review_cursor_at or datetime.min)
            # The review at the cursor may be gone.
            if isinstance(error, RefusedError) or stood_for >= timedelta(days=1):
                self._cancel_pass(error)
        self._sync_account(error)
        next_at = fields.Datetime.now() + pause
        if pause == READ_AGAIN_SOON:
            self.env["ir.cron"]._trustedshops_trigger(READ_CRON, at=next_at)
        self.write({"reviews_error": error.trouble, "reviews_next_at": next_at})
        self._sync_todos()

    def _sync_account(self, error):
        """Have the account pause, or be refused, after an error about reviews.

        Refused access alone does neither: the login may still invite.

        :param TrustedShopsError error: from the client
        """
        if not isinstance(error, AccessRefusedError):
            self._hold_after(error)

    @api.model
    def _close_unread_activities(self):
        """Sync the activities of channels that are not read any more."""
        channels = self.with_context(active_test=False)
        told = Domain("activity_ids.trustedshops_cause", "!=", False)
        for channel in channels.search(told & ~self._get_read_domain()):
            channel._sync_todos()

    def _is_unread_for_long(self):
        """Return True if the reviews should be read, but could not for three hours."""
        if not self.sudo().filtered_domain(self._get_read_domain()):
            return False
        since = self.reviews_at or self.create_date
        return bool(self.reviews_error) and since <= fields.Datetime.now() - TOLD_AFTER

    # === WHETHER BUYERS WROTE THEM === #
    def _get_verification(self):
        """Return whether all public reviews of the channel are verified.

        :return: ``all`` or ``some``; False if that is unknown, or known too long ago
        :rtype: str or bool
        """
        oldest = fields.Datetime.now() - RATING_FRESH
        is_fresh = bool(self.reviews_at) and self.reviews_at >= oldest
        return is_fresh and self.verification

    def _update_verification(self):
        """Store whether all public reviews are verified; clear caches if it changed."""
        public = Domain("channel_id", "=", self.id) & Domain("state", "=", APPROVED)
        verified, others = (
            self.env["trustedshops.review"].search_count(
                public & Domain("is_verified", "=", is_verified), limit=1
            )
            for is_verified in (True, False)
        )
        verification = "some" if others else "all" if verified else False
        if self.verification != verification:
            self.verification = verification
            clear_caches(self.env)
