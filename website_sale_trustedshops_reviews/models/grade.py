# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
import time
from collections import Counter, namedtuple
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.website_sale_trustedshops.framework import clear_caches, make_domain
from odoo.addons.website_sale_trustedshops.lib.exceptions import TrustedShopsError
from odoo.addons.website_sale_trustedshops.lib.links import INTEGRATION_SITES
from odoo.addons.website_sale_trustedshops.models.service import get_ahead_domain

from .. import const
from ..lib.grade_feed import GradeClient

READ_CRON = "website_sale_trustedshops_reviews.ir_cron_read_ratings"
TOO_MANY_REQUESTS = 429
# How many documents to read between two commits, and for how many seconds, so that
# the scheduler and a server shutdown do not wait long.
BATCH_SIZE, BATCH_SECONDS = 20, 10

_logger = logging.getLogger(__name__)

# A request to the feed as plain values, so that no SQL query runs between two calls.
_Question = namedtuple("_Question", "id channel_ref sku period etag due_at")


class TrustedShopsProductRating(models.Model):
    """The average rating of a product at one channel.

    Each product with an identifier at Trusted Shops has a record, even without reviews,
    to know when the feed was last read. Users cannot write it.
    """

    _name = "trustedshops.product.rating"
    _description = "Trusted Shops Product Rating"
    _inherit = ["trustedshops.unlogged", "trustedshops.guarded.fields"]
    _order = "count desc, id"
    _rec_name = "product_tmpl_id"

    product_tmpl_id = fields.Many2one(
        "product.template",
        string="Product",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    channel_id = fields.Many2one(
        "trustedshops.channel",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="channel_id.company_id", store=True, index=True
    )
    rating = fields.Float(
        digits=(3, 2), readonly=True, aggregator="avg", help="5 is the best."
    )
    count = fields.Integer(string="Reviews", readonly=True)
    read_at = fields.Datetime(
        string="As of", readonly=True, help="When Trusted Shops last said so."
    )
    etag = fields.Char(readonly=True, export_string_translation=False)
    next_read_at = fields.Datetime(
        readonly=True,
        required=True,
        default=fields.Datetime.now,
        export_string_translation=False,
    )
    trouble_count = fields.Integer(
        string="Consecutive Failures", readonly=True, aggregator=None
    )

    _unique_product = models.Constraint(
        "UNIQUE (product_tmpl_id, channel_id)",
        "A product has one rating at each channel.",
    )
    _next_read_idx = models.Index("(next_read_at, id)")

    # === THE RUN === #
    @api.model
    def _cron_read(self):
        """Read the ratings that are due, as far as time allows.

        Clear the caches of pages when a channel gets its first rating or loses its
        last.
        """
        outcomes, is_done = Counter(), True
        try:
            for environment, channels in self._get_channels().items():
                if not self._read_environment(environment, channels, outcomes):
                    is_done = False
                    break
        finally:
            if outcomes["flipped"]:
                clear_caches(self.env)
            self._log(outcomes)
        if not is_done:
            self.env["ir.cron"]._trustedshops_go_on_later(READ_CRON)

    @api.model
    def _get_channels(self):
        """Return the channels whose ratings can be read now, by environment.

        :return: records of ``trustedshops.channel`` by name of the environment
        :rtype: dict
        """
        channels = self.env["trustedshops.channel"]
        now, day = fields.Datetime.now(), timedelta(days=1)
        paused = get_ahead_domain("ratings_paused_until", now, at_most=day)
        found = channels.search(channels._get_readable_domain() & ~paused)
        return found.grouped(lambda channel: channel.account_id.environment)

    @api.model
    def _read_environment(self, environment, channels, outcomes):
        """Create missing ratings in one environment, and read those that are due.

        :param str environment: environment of the channels
        :param channels: records of ``trustedshops.channel``
        :param Counter outcomes: see :meth:`_read_due`
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        if not self._create_missing(channels):
            return False
        try:
            client = self._open_client(environment)
        except ValueError as error:  # its message names no value
            _logger.warning(
                "Trusted Shops: no ratings of products were read in the environment"
                " %s: %s",
                environment,
                error,
            )
            return True
        with client:
            return self._read_due(channels, client, outcomes)

    @api.model
    def _open_client(self, environment):
        """Return a client of the feed; the caller closes it.

        :param str environment: environment of the feed
        :rtype: GradeClient
        :raise ValueError: if the address of the sandbox is invalid
        """
        url = INTEGRATION_SITES.get(environment)
        url = url or self.env["trustedshops.certificate"]._get_sandbox_url()
        timeouts = {"connect_timeout": 3, "total_timeout": 5}
        return GradeClient(url, interval=const.GRADE_INTERVAL, **timeouts)

    def _log(self, outcomes):
        """Log one line about the outcomes of a run."""
        if troubles := outcomes["nonsense"] + outcomes["trouble"]:
            _logger.warning(
                "Trusted Shops: of %s ratings of products, %s were no sensible"
                " documents and %s were not answered; the last good ones stay",
                outcomes["read"] + troubles,
                outcomes["nonsense"],
                outcomes["trouble"],
            )
        elif outcomes["read"]:
            _logger.info("Trusted Shops: %s ratings were read", outcomes["read"])

    # === READING === #
    @api.model
    def _read_due(self, channels, client, outcomes):
        """Read the due ratings of channels in one environment, in committed batches.

        :param channels: records of ``trustedshops.channel``
        :param GradeClient client: client of their feed
        :param Counter outcomes: outcomes of this run, which are counted here
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        commit = self.env["ir.cron"]._commit_progress
        failures, is_in_time = Counter(), True
        while rows := self.search(
            self._get_due_domain(channels, failures),
            order="next_read_at, id",
            limit=BATCH_SIZE,
        ):
            if not is_in_time:
                return False
            questions = rows._prepare_questions()
            commit(remaining=len(rows))
            answers, pause = _ask(client, questions, failures)
            stored = self.browse(answers)._store_answers(questions, answers, outcomes)
            if pause:
                locked = channels.try_lock_for_update(allow_referencing=True)
                until = fields.Datetime.now() + timedelta(seconds=pause)
                locked.ratings_paused_until = until
            is_in_time = bool(commit(len(answers)))
            if pause or not stored:
                break
        if rows or failures.total():
            commit(remaining=0)  # the next regular run tries again
        return True

    @api.model
    def _get_due_domain(self, channels, failures):
        """Return the domain of ratings to read now.

        :param channels: records of ``trustedshops.channel`` to read
        :param Counter failures: consecutive failures by id of the channel at Trusted
            Shops; those that failed too often are left out
        :rtype: Domain
        """
        stopped_refs = [ref for ref in failures if not _can_ask(failures, ref)]
        return (
            Domain("next_read_at", "<=", fields.Datetime.now())
            & Domain("channel_id", "in", channels.ids)
            & Domain("channel_id.channel_ref", "not in", stopped_refs)
            & Domain("product_tmpl_id.trustedshops_sku", "!=", False)
            & Domain("product_tmpl_id.is_published", "=", True)
        )

    def _prepare_questions(self):
        """Return the requests to the feed, one for each rating.

        :rtype: list of _Question
        """
        return [
            _Question(
                row.id,
                row.channel_id.channel_ref,
                row.product_tmpl_id.trustedshops_sku,
                row.channel_id.rating_period,
                row.etag or "",
                row.next_read_at,
            )
            for row in self
        ]

    def _store_answers(self, questions, answers, outcomes):
        """Store the answers of the feed for ratings that did not change meanwhile.

        :param questions: list of _Question
        :param dict answers: Reading or TrustedShopsError by id of the rating
        :param Counter outcomes: outcomes of this run, which are counted here
        :return: the ratings whose answer was stored
        """
        asked = {question.id: question for question in questions}
        rows = self.try_lock_for_update().filtered(
            lambda row: row._prepare_questions() == [asked[row.id]]
        )
        rated_before = self._filter_rated(rows.channel_id)
        for row in rows:
            outcomes.update([row._store(answers[row.id])])
        if rated_before != self._filter_rated(rows.channel_id):
            outcomes.update(["flipped"])
        return rows

    def _store(self, answer):
        """Store the answer of the feed about one product.

        An error keeps the last rating.

        :param answer: from the client
        :type answer: Reading or TrustedShopsError
        :return: the outcome: ``read``, ``trouble`` or ``nonsense``
        :rtype: str
        """
        if not isinstance(answer, TrustedShopsError):
            self.write(_prepare_reading_values(answer))
            return "read"
        is_trouble = _is_trouble(answer)
        hours = timedelta(hours=1 if is_trouble else 6)
        self.write(
            {
                "trouble_count": self.trouble_count + 1,
                "next_read_at": fields.Datetime.now() + hours,
            }
        )
        return "trouble" if is_trouble else "nonsense"

    # === FOR CHANNELS === #
    @api.model
    def _create_missing(self, channels):
        """Create the missing ratings of products with an identifier.

        Commit after each batch.

        :param channels: records of ``trustedshops.channel``
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        for channel in channels:
            unrated = self._get_unrated_domain(channel)
            while True:
                self.flush_model()
                products = channel.env["product.template"].search(
                    unrated, limit=1000, order="id"
                )
                if not products:
                    break
                self.create(
                    [
                        {"product_tmpl_id": product.id, "channel_id": channel.id}
                        for product in products
                    ]
                )
                if not self.env["ir.cron"]._commit_progress():
                    return False
        return True

    @api.model
    def _get_unrated_domain(self, channel):
        """Return the domain of published products that have no record for a channel.

        It uses SQL, because with a long list of ids to exclude PostgreSQL would scan
        all rows for each product.

        :param channel: record of ``trustedshops.channel``
        :rtype: Domain
        """

        def has_no_row(alias):
            return SQL(
                "NOT EXISTS (SELECT FROM trustedshops_product_rating rating"
                " WHERE rating.product_tmpl_id = %s AND rating.channel_id = %s)",
                SQL.identifier(alias, "id"),
                channel.id,
            )

        return (
            Domain("trustedshops_sku", "!=", False)
            & Domain("is_published", "=", True)
            & Domain("company_id", "in", (False, channel.company_id.id))
            & Domain("website_id", "in", (False, channel.website_id.id))
            & make_domain(has_no_row)
        )

    @api.model
    def _filter_rated(self, channels):
        """Return those of the channels at which any product has reviews."""
        rated = Domain("count", ">", 0)
        return channels.filtered(
            lambda channel: self.sudo().search_count(
                rated & Domain("channel_id", "=", channel.id), limit=1
            )
        )

    @api.model
    def _read_again(self, channels):
        """Have the scheduled action read all ratings of channels again at once.

        :param channels: records of ``trustedshops.channel``
        """
        rows_sudo = self.sudo().search([("channel_id", "in", channels.ids)])
        rows_sudo.write({"etag": False, "next_read_at": fields.Datetime.now()})
        self.env["ir.cron"]._trustedshops_trigger(READ_CRON)

    @api.model
    def _read_soon(self, channels, products):
        """Have the next regular run read the ratings of products with new reviews.

        :param channels: records of ``trustedshops.channel``
        :param products: records of ``product.template``
        """
        rows_sudo = self.sudo().search(
            Domain("channel_id", "in", channels.ids)
            & Domain("product_tmpl_id", "in", products.ids)
        )
        # Do so even if a request is under way: its answer may not include the review.
        rows_sudo.try_lock_for_update().next_read_at = fields.Datetime.now()


def _ask(client, questions, failures):
    """Read documents of the feed, without an SQL query between them.

    :param GradeClient client: client of the feed
    :param questions: list of _Question
    :param Counter failures: consecutive failures by id of the channel at Trusted Shops,
        which are counted here
    :return: Reading or error by id of the rating, and the seconds that the feed asks us
        to wait. Ratings are missing if time ran out, or if their channel failed too
        often
    :rtype: tuple
    """
    answers, ends_at = {}, time.monotonic() + BATCH_SECONDS
    for question in questions:
        id_, channel_ref, sku, period, etag, _due_at = question
        if answers and time.monotonic() > ends_at:
            break
        if not _can_ask(failures, channel_ref):
            continue
        try:
            answers[id_] = client.get_grade(channel_ref, sku, period, etag)
            failures[channel_ref] = 0
        except TrustedShopsError as error:
            _logger.info("Trusted Shops: the rating %s was not read: %s", id_, error)
            answers[id_] = error
            is_trouble = _is_trouble(error)
            failures[channel_ref] = failures[channel_ref] + 1 if is_trouble else 0
            if error.status == TOO_MANY_REQUESTS:
                return answers, error.retry_after
    return answers, 0


def _can_ask(failures, channel_ref):
    """Return True unless a channel failed three times in a row in this run."""
    return failures[channel_ref] < 3


def _is_trouble(error):
    """Return True if the feed itself failed, not just one document.

    :param TrustedShopsError error: from the client
    """
    status = error.status
    return status is None or status == TOO_MANY_REQUESTS or status >= 500


def _prepare_reading_values(reading):
    """Return the values to write to a rating after its document was read.

    :param Reading reading: reading from the client
    :rtype: dict
    """
    now = fields.Datetime.now()
    values = {
        "etag": reading.etag,
        "read_at": now,
        # Less than a day, because jobs never begin at the same second.
        "next_read_at": now + timedelta(hours=20),
        "trouble_count": 0,
    }
    if reading.is_unchanged:
        return values
    if not (grade := reading.grade):
        return {**values, "rating": 0.0, "count": 0}
    return {**values, "rating": float(grade.rating), "count": grade.count}
