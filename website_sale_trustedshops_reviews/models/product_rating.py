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

from .. import const
from ..lib.grades import GradeClient

READ_CRON = "website_sale_trustedshops_reviews.ir_cron_read_ratings"
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500  # and above

_logger = logging.getLogger(__name__)

# A document that is to be read, without any record: no SQL between two calls.
_Question = namedtuple("_Question", "id channel_ref sku period etag due_at")


class TrustedShopsProductRating(models.Model):
    """What the reviews of a product at one channel come to.

    There is one for each product that Trusted Shops knows by an ID, also without
    reviews: it says when the feed was last read. Only the scheduled action writes it.
    """

    _name = "trustedshops.product.rating"
    _description = "Trusted Shops Product Rating"
    _inherit = ["trustedshops.guarded.fields"]
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
    # Documents in a row that could not be read, and why: English technical sentence.
    trouble_count = fields.Integer(
        string="Consecutive Failures", readonly=True, aggregator=None
    )
    last_error = fields.Char(readonly=True)

    _unique_product = models.Constraint(
        "UNIQUE (product_tmpl_id, channel_id)",
        "A product has one rating at each channel.",
    )
    _next_read_idx = models.Index("(next_read_at, id)")

    # === THE RUN === #
    @api.model
    def _cron_read(self):
        """Read the ratings that are due, as far as time allows.

        The website, which asks for the ratings it shows, is told when a channel has
        its first one, or none any more.
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
        """Return the channels whose products are rated, by environment.

        :rtype: dict
        """
        accounts = self.env["trustedshops.account"]
        paused = Domain("ratings_paused_until", ">", fields.Datetime.now())
        channels = self.env["trustedshops.channel"].search(
            Domain("website_id", "!=", False)
            & Domain("account_id", "any", accounts._get_askable_domain())
            & Domain("hold_reason", "!=", "gone")
            & ~paused
        )
        return channels.grouped(lambda channel: channel.account_id.environment)

    @api.model
    def _read_environment(self, environment, channels, outcomes):
        """Read what is due in one environment; see :meth:`_read_due`."""
        if not channels._note_products():
            return False
        try:
            client = self._open_client(environment)
        except ValueError as error:  # the message names no value
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
        """Return a client of the feed, to be closed by the caller."""
        url = INTEGRATION_SITES.get(environment)
        url = url or self.env["trustedshops.certificate"]._get_sandbox_url()
        return GradeClient(url, interval=const.GRADE_INTERVAL, **const.GRADE_TIMEOUTS)

    def _log(self, outcomes):
        """Write one line about a run."""
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
        """Read what is due at channels of one environment.

        :param channels: records of ``trustedshops.channel``
        :param GradeClient client: of their feed
        :param Counter outcomes: what happened in this run, counted here
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        commit = self.env["ir.cron"]._commit_progress
        failures, is_in_time = Counter(), True
        while rows := self.search(
            self._get_due_domain(channels, failures),
            order="next_read_at, id",
            limit=const.GRADE_BATCH_SIZE,
        ):
            if not is_in_time:
                return False
            questions = rows._prepare_questions()
            commit(remaining=len(rows))
            answers, pause = _ask(client, questions, failures)
            stored = self.browse(answers)._store_answers(questions, answers, outcomes)
            if pause:
                channels._pause_ratings(pause)
            is_in_time = bool(commit(len(answers)))
            if pause or not stored:
                break
        if rows or failures.total():
            commit(remaining=0)  # not at once: the next run looks again
        return True

    @api.model
    def _get_due_domain(self, channels, failures):
        """Return which ratings are to be read, after failures in a row by channel."""
        stopped_refs = [ref for ref in failures if not _can_ask(failures, ref)]
        return (
            Domain("next_read_at", "<=", fields.Datetime.now())
            & Domain("channel_id", "in", channels.ids)
            & Domain("channel_id.channel_ref", "not in", stopped_refs)
            & Domain("product_tmpl_id.trustedshops_sku", "!=", False)
            & Domain("product_tmpl_id.is_published", "=", True)
        )

    def _prepare_questions(self):
        """Return what the feed is asked.

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
        """Store what the feed said, where the question is still the same.

        :param questions: list of _Question
        :param dict answers: Reading or error by the id of the rating
        :param Counter outcomes: what happened in this run, counted here
        :return: those that were stored
        """
        asked = {question.id: question for question in questions}
        rows = self.try_lock_for_update().filtered(
            lambda row: row._prepare_questions() == [asked[row.id]]
        )
        rated_before = rows.channel_id._filter_rated()
        for row in rows:
            outcomes.update([row._store(answers[row.id])])
        if rated_before != rows.channel_id._filter_rated():
            outcomes.update(["flipped"])
        return rows

    def _store(self, answer):
        """Store what the feed said about one product.

        :param answer: Reading, or why there is none
        :type answer: Reading or TrustedShopsError
        :return: what happened: a name to count
        :rtype: str
        """
        if isinstance(answer, TrustedShopsError):
            self.write(self._prepare_trouble_values(answer))
            return "trouble" if _is_trouble(answer) else "nonsense"
        self.write(_prepare_reading_values(answer))
        return "read"

    def _prepare_trouble_values(self, error):
        """Return the values after a document that could not be read."""
        wait = const.GRADE_AGAIN_AFTER_NONSENSE
        if _is_trouble(error):
            wait = const.GRADE_AGAIN_AFTER_TROUBLE
        return {
            "trouble_count": self.trouble_count + 1,
            "last_error": str(error),
            "next_read_at": fields.Datetime.now() + wait,
        }


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    rating_period = fields.Selection(
        [("365days", "Last 12 months, else all"), ("overall", "All")],
        string="Reviews of Products Counted",
        required=True,
        default="365days",
        help="Which reviews the stars of a product are made of.",
    )
    # The feed wants to be left alone.
    ratings_paused_until = fields.Datetime(
        readonly=True, export_string_translation=False
    )

    def _note_products(self):
        """Have a rating for each product that Trusted Shops knows by an ID.

        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        ratings = self.env["trustedshops.product.rating"]
        for channel in self:
            while products := channel._find_products_without_rating():
                ratings.create(
                    [
                        {"product_tmpl_id": product.id, "channel_id": channel.id}
                        for product in products
                    ]
                )
                if not self.env["ir.cron"]._commit_progress():
                    return False
        return True

    def _find_products_without_rating(self):
        """Return some products of the shop whose rating was never looked up."""
        self.env["trustedshops.product.rating"].flush_model()
        return self.env["product.template"].search(
            self._get_unrated_domain(), limit=const.GRADE_CREATE_SIZE, order="id"
        )

    def _get_unrated_domain(self):
        """Return the products that have no row of this channel.

        As a list of what not to take, PostgreSQL would go through all rows for each
        product, as soon as they are too many for its memory.
        """

        def has_no_row(alias):
            return SQL(
                "NOT EXISTS (SELECT FROM trustedshops_product_rating rating"
                " WHERE rating.product_tmpl_id = %s AND rating.channel_id = %s)",
                SQL.identifier(alias, "id"),
                self.id,
            )

        return (
            Domain("trustedshops_sku", "!=", False)
            & Domain("is_published", "=", True)
            & Domain("company_id", "in", (False, self.company_id.id))
            & Domain("website_id", "in", (False, self.website_id.id))
            & make_domain(has_no_row)
        )

    def _filter_rated(self):
        """Return those of these channels at which any product has reviews."""
        ratings_sudo = self.env["trustedshops.product.rating"].sudo()
        rated = Domain("count", ">", 0)
        return self.filtered(
            lambda channel: ratings_sudo.search_count(
                rated & Domain("channel_id", "=", channel.id), limit=1
            )
        )

    def _read_ratings_anew(self):
        """Have all ratings read whatever they were made of before."""
        ratings_sudo = self.env["trustedshops.product.rating"].sudo()
        ratings_sudo.search([("channel_id", "in", self.ids)]).write(
            {"etag": False, "next_read_at": fields.Datetime.now()}
        )
        self.env["ir.cron"]._trustedshops_trigger(READ_CRON)

    def _pause_ratings(self, seconds):
        """Have the feed of these channels, which is the same, asked nothing for a time.

        :param float seconds: as it wants it
        """
        until = fields.Datetime.now() + timedelta(seconds=seconds)
        locked = self.try_lock_for_update(allow_referencing=True)
        locked.ratings_paused_until = until

    def _make_ratings_due(self, products):
        """Have the next hourly run read the ratings of products with new reviews.

        :param products: records of ``product.template``
        """
        ratings_sudo = self.env["trustedshops.product.rating"].sudo()
        rows = ratings_sudo.search(
            Domain("channel_id", "in", self.ids)
            & Domain("product_tmpl_id", "in", products.ids)
        )
        # Also of what is asked about now: that answer may not know the review.
        rows.try_lock_for_update().next_read_at = fields.Datetime.now()


def _ask(client, questions, failures):
    """Read documents, without any SQL between them.

    :param GradeClient client: of the feed
    :param questions: list of _Question
    :param Counter failures: in a row by channel, counted here
    :return: Reading or error by the id of the rating; those for which there was no
        time, or that were not to be asked, are missing; and the seconds for which
        the feed wants to be left alone
    :rtype: tuple
    """
    answers, ends_at = {}, time.monotonic() + const.GRADE_BATCH_SECONDS
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
            answers[id_] = error
            is_trouble = _is_trouble(error)
            failures[channel_ref] = failures[channel_ref] + 1 if is_trouble else 0
            if error.status == TOO_MANY_REQUESTS:
                return answers, error.retry_after
    return answers, 0


def _can_ask(failures, channel_ref):
    """Tell whether the documents of a channel are worth another attempt."""
    return failures[channel_ref] < const.GRADE_FAILURES_IN_A_ROW


def _is_trouble(error):
    """Tell whether it is the feed that fails, not one of its documents."""
    status = error.status
    return status is None or status == TOO_MANY_REQUESTS or status >= SERVER_ERROR


def _prepare_reading_values(reading):
    """Return the values of a rating after its document was read.

    :param Reading reading: what the feed said
    :rtype: dict
    """
    now = fields.Datetime.now()
    values = {
        "etag": reading.etag,
        "read_at": now,
        "next_read_at": now + const.GRADE_READ_INTERVAL,
        "trouble_count": 0,
        "last_error": False,
    }
    if reading.is_unchanged:
        return values
    if not (grade := reading.grade):
        return {**values, "rating": 0.0, "count": 0}
    return {**values, "rating": float(grade.rating), "count": grade.count}
