# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading reviews from Trusted Shops, page by page, each page committed.

Each run reads what changed since the last good one, the last change first. Once a week,
and the first time, it reads all reviews, the newest first: that may take several runs,
so the channel stores the next page. Reviews that such a reading did not see are gone at
Trusted Shops, and lose their texts.

A page with a row that cannot be read is an error. Nothing is read beyond it, and
nothing is removed, until Trusted Shops shows it again.
"""

import logging
from collections import namedtuple
from contextlib import closing
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    RefusedError,
    TrustedShopsError,
    make_unreadable_error,
)
from odoo.addons.website_sale_trustedshops.models.failure import log_failure
from odoo.addons.website_sale_trustedshops.models.queue.service import get_ahead_domain

from ... import const
from ...lib.errors import AccessRefusedError
from ...lib.review_client import (
    CHANGED,
    PAGE_SIZE,
    STATES,
    WRITTEN,
    ReviewClient,
    is_same_text,
)
from ..service import REST
from .review import ERASED, LINK_FIELDS, OTHER, PRODUCT, REMOVED, SHOP, TEXT_FIELDS

_logger = logging.getLogger(__name__)

READ_CRON = "website_sale_trustedshops_reviews.ir_cron_read_reviews"
# All reviews are read this often.
ALL_EVERY = timedelta(days=7)
# A channel that could not be read is read again by the next hourly run.
READ_AGAIN_AFTER = timedelta(minutes=50)
# After this time without a good run the responsible user gets an activity.
TOLD_AFTER = timedelta(hours=3)

# Records to which reviews belong, by event, by order number, by product ID.
_Joins = namedtuple("_Joins", "by_event orders products")


class _Stopped(Exception):
    """A channel may not be read any more, or is left to the next run."""


class TrustedShopsReview(models.Model):
    _inherit = "trustedshops.review"

    @api.model
    def _cron_read(self):
        """Read the reviews of all due channels, that tried longest ago first."""
        commit = self.env["ir.cron"]._commit_progress
        services = self.env["trustedshops.service"]
        channels = self.env["trustedshops.channel"]
        channels._close_unread_activities()
        with closing(services._start_run(REST)) as run:
            due = channels.search(
                channels._get_due_domain(), order="reviews_tried_at NULLS FIRST, id"
            )
            is_in_time = True
            commit(remaining=len(due))
            for channel in due:
                # Prefetch no other channel: each page begins with an empty cache.
                if not (is_in_time := channel.with_prefetch()._read_safely(run)):
                    break
            is_cut = run.pause()
        if is_cut or not is_in_time:
            at = services._get_next_attempt_at(REST)
            pause = at and at - fields.Datetime.now()
            self.env["ir.cron"]._trustedshops_run_later(READ_CRON, after=pause)

    # === STORING: AS RECORDS, WITH THEIR ORDERS AND PRODUCTS === #
    @api.model
    def _store(self, channel, reviews, asked_at):
        """Store reviews in a savepoint; after an error store them one by one.

        A review that cannot be stored is logged.

        :param channel: record of ``trustedshops.channel`` that has them
        :param reviews: reviews from the client
        :type reviews: tuple of Review
        :param datetime.datetime asked_at: UTC, when Trusted Shops was asked
        :return: whether all were stored
        :rtype: bool
        """
        try:
            with self.env.cr.savepoint():
                self._store_together(channel, reviews, asked_at)
            return True
        except psycopg2.OperationalError:
            raise  # another process writes one of them
        except Exception as error:
            if len(reviews) > 1:
                # A list, so that all are tried.
                return all([self._store(channel, (x,), asked_at) for x in reviews])
            text = "The review %s could not be stored"
            log_failure(_logger, error, text, reviews[0].ref)
            return False

    @api.model
    def _store_together(self, channel, reviews, asked_at):
        """Create or update reviews, have ratings read again, and sync activities.

        The parameters are those of :meth:`_store`.
        """
        known = self.search(
            Domain("company_id", "=", channel.company_id.id)
            & Domain("review_ref", "in", [review.ref for review in reviews])
        )
        by_ref = {row.review_ref: row for row in known}
        joins = self._get_joins(channel, reviews)
        changed, missing = self.browse(), []
        for review in reviews:
            values = self._prepare_values(channel, review, joins)
            values["seen_at"] = asked_at
            if row := by_ref.get(review.ref):
                if row._update(values, asked_at):
                    changed += row
            else:
                own = {"review_ref": review.ref, "rewritten_at": values["edited_at"]}
                missing.append({**values, **own})
        # Without notes about the new records: there may be many.
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
            for name, value in values.items()
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
        return bool(changes.keys() - {"seen_at", "updated_at"})

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
        help="When the last run began that read all changes.",
    )
    # ``trouble`` of the last run, if it failed.
    reviews_error = fields.Char(string="Reviews not Read", readonly=True, copy=False)
    # When a run last began with this channel; empty if a user wants it read now.
    reviews_tried_at = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )
    # When the last reading of all reviews began, and its next page until it ended.
    reviews_all_at = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False
    )
    reviews_next_page = fields.Char(
        readonly=True, copy=False, export_string_translation=False
    )
    # Low reviews written before lead to no activity.
    reviews_from = fields.Datetime(
        readonly=True,
        default=fields.Datetime.now,
        export_string_translation=False,
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
        failed_at = fields.Datetime.now() - READ_AGAIN_AFTER
        failed = Domain("reviews_error", "!=", False) & get_ahead_domain(
            "reviews_tried_at", failed_at, READ_AGAIN_AFTER
        )
        return self._get_readable_domain() & ~failed

    # === ONE RUN === #
    def _read_safely(self, run):
        """Read the reviews of the channel, and commit; an error stops no other channel.

        :param Run run: run of the scheduled action
        :return: whether there is time left
        :rtype: bool
        """
        commit, is_in_time = self.env["ir.cron"]._commit_progress, True
        try:
            try:
                is_in_time = self._read(run)
            except TrustedShopsError as error:
                self._store_reading_failure(error)
            except _Stopped:
                is_in_time = True  # keep what was stored
            return bool(commit(1)) and is_in_time
        except (psycopg2.OperationalError, LockError):
            self.env.cr.rollback()  # another process has it: the next run reads it
        except Exception as error:
            self.env.cr.rollback()
            text = "The reviews of channel %s could not be read"
            log_failure(_logger, error, text, self.id)
        return bool(commit(1))

    def _read(self, run):
        """Read what changed since the last good run, or all reviews if that is due.

        Changes that one run cannot read to the end are read with all reviews, because
        that goes on where it stopped. While it fails, each run reads the changes first.

        :param Run run: run of the scheduled action
        :return: whether there is time left
        :rtype: bool
        :raise TrustedShopsError: if the reviews could not be read
        """
        now = fields.Datetime.now()
        since = self.reviews_at or self.reviews_all_at
        is_late = not self.reviews_all_at or self.reviews_all_at <= now - ALL_EVERY
        is_all = is_late or bool(self.reviews_next_page)
        if not is_all and self.reviews_tried_at and since > now - timedelta(minutes=1):
            return True  # this run only goes on with the work of the one before
        self.reviews_tried_at = now
        if since and (self.reviews_error or not is_all):
            since -= const.CLOCKS_DIFFER_BY
            if not self._read_list(run, order=CHANGED, since=since):
                self.write({"reviews_all_at": False, "reviews_error": False})
                return False
        if is_all:
            cursor = "" if is_late else self.reviews_next_page
            if not self._read_list(run, order=WRITTEN, cursor=cursor):
                return False
            self._remove_unseen()
        self.write(
            {
                "reviews_at": self.reviews_all_at if is_all else now,
                "reviews_error": False,
            }
        )
        self._sync_todos()
        return True

    def _read_list(self, run, *, order, cursor="", since=None):
        """Read a list page by page, and store and commit each; the caller the last one.

        :param Run run: run of the scheduled action
        :param str order: ``WRITTEN`` for all reviews, ``CHANGED`` for changes
        :param str cursor: cursor of the first page
        :param since: moment in UTC; the list ends by a last row that changed before
        :type since: datetime.datetime or None
        :return: False if there is no time left
        :rtype: bool
        :raise TrustedShopsError: if a page could not be read or stored as a whole
        :raise LockError: if another process stores a page
        """
        reviews, asked_at = self.env["trustedshops.review"], fields.Datetime.now()
        count, seen_refs = PAGE_SIZE, set()
        while page := self._fetch_page(run, order=order, cursor=cursor, count=count):
            self.lock_for_update(allow_referencing=True)
            if page.cursor and page.refs <= seen_refs:
                self._read_all_anew()
                raise make_unreadable_error("getReviews", ": its pages never end")
            is_stored = reviews._store(self, page.reviews, asked_at)
            if not (is_stored and page.is_whole):
                raise make_unreadable_error("getReviews", ": it has an unreadable row")
            last_at = since and page.reviews and page.reviews[-1].updated_at
            is_end = not page.cursor or bool(last_at and last_at < since)
            if order == WRITTEN:
                self._store_place(page, asked_at, is_first=not cursor)
            if is_end:
                return True
            cursor, count = page.cursor, page.count
            seen_refs |= page.refs
            asked_at = fields.Datetime.now()
        return False

    def _fetch_page(self, run, **options):
        """Commit, and return a page of reviews from the client, None without time left.

        :param Run run: run of the scheduled action
        :param options: keyword arguments of ``get_reviews``
        :rtype: ReviewPage or None
        :raise TrustedShopsError: if there is no page
        :raise _Stopped: if the channel may not be read now
        """
        account, ref = self.account_id, self.channel_ref
        is_over = account._get_endpoint(account.environment) in run.over
        if is_over or not self.filtered_domain(self._get_readable_domain()):
            raise _Stopped
        if account.id not in run.clients:
            run.clients[account.id] = account._get_client(ReviewClient)
        client = run.clients[account.id]
        if not self.env["ir.cron"]._commit_progress():
            return None
        answer = run.call(lambda: client.get_reviews(ref, **options))
        if isinstance(answer, TrustedShopsError):
            if options["cursor"] and isinstance(answer, RefusedError):
                self._read_all_anew()  # the review at the cursor is gone
            run.process_answer(account, account.environment, answer)
            raise answer
        return answer

    def _store_place(self, page, asked_at, *, is_first):
        """Store the next page of the reading of all reviews.

        :param ReviewPage page: page that was stored
        :param datetime.datetime asked_at: UTC, when Trusted Shops was asked for it
        :param bool is_first: whether it is the first page
        """
        values = {"reviews_next_page": page.cursor or False}
        self.write({**values, "reviews_all_at": asked_at} if is_first else values)

    def _read_all_anew(self):
        """Have the next run read all reviews from the first page on."""
        self.write({"reviews_all_at": False, "reviews_next_page": False})

    def _remove_unseen(self):
        """Delete the texts of the reviews that the reading of all did not see."""
        unseen = Domain("channel_id", "=", self.id) & Domain("state", "!=", REMOVED)
        unseen &= Domain("seen_at", "<", self.reviews_all_at)
        self.env["trustedshops.review"].search(unseen)._remove_text()

    # === TROUBLE === #
    def _store_reading_failure(self, error):
        """Store why reviews could not be read, and sync the activities.

        :param TrustedShopsError error: from the client
        """
        _logger.info("The reviews of channel %s were not read: %s", self.id, error)
        self._sync_account(error)
        self.reviews_error = error.trouble
        self._sync_todos()

    def _sync_account(self, error):
        """Have the account pause, or be refused, after an error about reviews.

        Refused access alone does neither: the login may still invite.

        :param TrustedShopsError error: from the client
        """
        if not isinstance(error, AccessRefusedError):
            self._start_hold_after(error)

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
