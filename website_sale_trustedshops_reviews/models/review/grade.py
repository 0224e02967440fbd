# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from collections import Counter
from contextlib import closing
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.website_sale_trustedshops.framework import clear_caches, make_domain
from odoo.addons.website_sale_trustedshops.lib.exceptions import TrustedShopsError
from odoo.addons.website_sale_trustedshops.lib.links import INTEGRATION_SITES
from odoo.addons.website_sale_trustedshops.models.queue.batches import Job
from odoo.addons.website_sale_trustedshops.models.queue.service import get_ahead_domain

from ... import const
from ...lib.grade_feed import GradeClient
from ..service import REST

READ_CRON = "website_sale_trustedshops_reviews.ir_cron_read_ratings"
TOO_MANY_REQUESTS = 429

_logger = logging.getLogger(__name__)


class TrustedShopsProductRating(models.Model):
    """The average rating of a product at one channel.

    Each product with an identifier at Trusted Shops has a record, even without reviews,
    to know when the feed was last read. Users cannot write it.
    """

    _name = "trustedshops.product.rating"
    _description = "Trusted Shops Product Rating"
    _inherit = ["trustedshops.queue"]
    _order = "count desc, id"
    _rec_name = "product_tmpl_id"
    # How long a rating waits that could not be read, the first time and then.
    _back_off = (timedelta(hours=1), timedelta(hours=6))

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
    next_attempt_at = fields.Datetime(required=True, default=fields.Datetime.now)

    _unique_product = models.Constraint(
        "UNIQUE (product_tmpl_id, channel_id)",
        "A product has one rating at each channel.",
    )
    _next_attempt_idx = models.Index("(next_attempt_at, id)")

    # === THE RUN === #
    @api.model
    def _cron_read(self):
        """Create missing ratings, and read those that are due, as far as time allows.

        Clear the caches of pages when a channel gets its first rating or loses its
        last.
        """
        channels, failures = self._get_channels(), Counter()
        rated_before = self._filter_rated(channels)
        with closing(self.env["trustedshops.service"]._start_run(REST)) as run:
            job = Job(
                self,
                self._get_due_domain,
                lambda row: row._read(run, failures),
                after_bug=lambda row: row.write(row._prepare_wait_values()),
                run=run,
            )
            is_done = self._create_missing(channels) and job.do_all()
        if rated_before != self._filter_rated(channels):
            clear_caches(self.env)
        if not is_done:
            self.env["ir.cron"]._trustedshops_run_later(READ_CRON)

    @api.model
    def _get_channels(self):
        """Return the channels whose ratings can be read now."""
        channels = self.env["trustedshops.channel"]
        now, day = fields.Datetime.now(), timedelta(days=1)
        paused = get_ahead_domain("ratings_paused_until", now, at_most=day)
        return channels.search(channels._get_readable_domain() & ~paused)

    @api.model
    def _get_due_domain(self):
        """Override of `website_sale_trustedshops` to leave out ratings.

        These are the ratings of unpublished products, and those of channels that cannot
        be read now.
        """
        return (
            super()._get_due_domain()
            & Domain("channel_id", "in", self._get_channels().ids)
            & Domain("product_tmpl_id.trustedshops_sku", "!=", False)
            & Domain("product_tmpl_id.is_published", "=", True)
        )

    @api.model
    def _get_endpoint_domain(self, endpoints):
        """Override of `website_sale_trustedshops`: an endpoint is a channel's feed."""
        return Domain("channel_id", "in", list(endpoints))

    def _get_responsible(self):
        """Override of `website_sale_trustedshops` to return the channel's user."""
        return self.channel_id._get_responsible()

    # === READING === #
    def _get_client(self, run):
        """Override of `website_sale_trustedshops` to return a client of the feed.

        :raise ValueError: if the address of the sandbox is invalid
        """
        environment = self.channel_id.account_id.environment
        if environment not in run.clients:
            url = INTEGRATION_SITES.get(environment)
            url = url or self.env["trustedshops.certificate"]._get_sandbox_url()
            timeouts = {"connect_timeout": 3, "total_timeout": 5}
            client = GradeClient(url, interval=const.GRADE_INTERVAL, **timeouts)
            run.clients[environment] = client
        return run.clients[environment]

    def _read(self, run, failures):
        """Read the rating at the feed, and store it, or when to try again.

        A channel whose feed failed three times in a row is left to the next run. Drop
        an answer if the rating is to be read again since it was asked for.

        :param Run run: run of the scheduled action
        :param Counter failures: consecutive failures in this run by id of the channel
        """
        channel, due_at = self.channel_id, self.next_attempt_at
        if channel.id in run.over:
            return
        client, sku = self._get_client(run), self.product_tmpl_id.trustedshops_sku
        question = channel.channel_ref, sku, channel.rating_period, self.etag or ""
        self.env["ir.cron"]._commit_progress()
        answer = run.call(lambda: client.get_grade(*question))
        is_failure = isinstance(answer, TrustedShopsError) and _is_of_feed(answer)
        failures[channel.id] = failures[channel.id] + 1 if is_failure else 0
        if failures[channel.id] == 3:
            run.over.add(channel.id)
        if not self.try_lock_for_update() or self.next_attempt_at != due_at:
            return
        if not isinstance(answer, TrustedShopsError):
            self.write(_prepare_reading_values(answer))
            return
        _logger.info("Trusted Shops: the rating %s was not read: %s", self.id, answer)
        self.write(self._prepare_wait_values(answer))
        if answer.status == TOO_MANY_REQUESTS:
            run.over.add(channel.id)
            locked = channel.try_lock_for_update(allow_referencing=True)
            locked.ratings_paused_until = self.next_attempt_at

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
                self.with_context(
                    mail_create_nolog=True,
                    mail_create_nosubscribe=True,
                    tracking_disable=True,
                ).create(
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
        """Trigger the scheduled action to read all ratings of channels again.

        :param channels: records of ``trustedshops.channel``
        """
        rows_sudo = self.sudo().search([("channel_id", "in", channels.ids)])
        rows_sudo.write({"etag": False, "next_attempt_at": fields.Datetime.now()})
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
        rows_sudo.try_lock_for_update().next_attempt_at = fields.Datetime.now()


def _is_of_feed(error):
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
        "next_attempt_at": now + timedelta(hours=20),
        "trouble_count": 0,
    }
    if reading.is_unchanged:
        return values
    if not (grade := reading.grade):
        return {**values, "rating": 0.0, "count": 0}
    return {**values, "rating": float(grade.rating), "count": grade.count}
