# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reviews that were read become rows, with what they belong to, and are told of."""

import logging
from collections import namedtuple

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.models.failure import log_failure, not_logged

from ...lib.reviews import is_same_text
from .review import (
    BUYERS_FIELDS,
    ERASED,
    LINK_FIELDS,
    OTHER,
    PRODUCT,
    SHOP,
    STATE_BY_WORD,
    TEXT_FIELDS,
)

_logger = logging.getLogger(__name__)

# What the reviews of a page belong to: records by event, order number, product ID.
_Joins = namedtuple("_Joins", "by_event orders products")


class TrustedShopsReview(models.Model):
    _inherit = "trustedshops.review"

    # === ROWS === #
    @api.model
    def _store(self, channel, reviews, asked_at, seen_at):
        """Store reviews in this transaction; one that cannot be stops no other."""
        try:
            with self.env.cr.savepoint():
                self._store_together(channel, reviews, asked_at, seen_at)
        except psycopg2.OperationalError:
            raise  # somebody else writes one of them
        except Exception as error:
            if len(reviews) == 1:
                text = "The review %s could not be stored"
                log_failure(_logger, error, text, reviews[0].ref)
                return
            for review in reviews:
                self._store(channel, (review,), asked_at, seen_at)

    @api.model
    def _store_together(self, channel, reviews, asked_at, seen_at):
        """Store reviews, and have a person look at the low ones."""
        known = self.search(
            self._get_owned_domain(channel)
            & Domain("review_ref", "in", [review.ref for review in reviews])
        )
        # Of two with the same ID the own one is meant, else that of who was erased.
        known = known.sorted(lambda row: (row.channel_id == channel, row.is_erased))
        by_ref = {row.review_ref: row for row in known}
        joins = self._find_joins(channel, reviews)
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
        with not_logged("odoo.sql_db"):
            changed += self._get_quiet().create(missing)
            self.env.flush_all()
        changed.with_env(self.env)._follow_changes()

    @api.model
    def _get_owned_domain(self, channel):
        """Return which reviews are those of a channel."""
        # Also of one that was archived, as when its account was added a second time,
        # and of one that was deleted when a person's text was erased.
        twins = channel.search(
            [
                ("channel_ref", "=", channel.channel_ref),
                ("active", "=", False),
                ("company_id", "=", channel.company_id.id),
            ]
        )
        erased = Domain("channel_id", "=", False) & Domain("is_erased", "=", True)
        return Domain("channel_id", "in", (channel | twins).ids) | erased

    @api.model
    def _get_quiet(self):
        """Return the model without notes about new rows: there may be thousands."""
        return self.with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True
        )

    def _update(self, values, asked_at):
        """Write what is not so already."""
        kept = set()
        if self.is_erased:
            kept.update(TEXT_FIELDS, LINK_FIELDS)
        done_at = max(filter(None, self.task_ids.mapped("done_at")), default=False)
        if done_at and done_at >= asked_at:
            kept.update(("reply", "reply_at"))  # the answer is older than ours
        if is_same_text(self.reply, values["reply"]):
            kept.add("reply_at")
        # What it belonged to once, it does.
        kept.update(name for name in (*LINK_FIELDS, "product_tmpl_id") if self[name])
        changes = {
            name: value
            for name, value in {**values, "is_missing": False}.items()
            if name not in kept and self._get_stored(name) != value
        }
        if changes.get("reply_at"):
            # Whoever replied at Trusted Shops saw what stood there.
            changes["rewritten_at"] = values["edited_at"]
        elif changes.keys() & BUYERS_FIELDS:
            # Whoever replied here did not see what is read only now.
            changes["rewritten_at"] = fields.Datetime.now()
        if changes:
            self.write(changes)
        return bool(changes.keys() - {"seen_at", "is_missing", "updated_at"})

    def _get_stored(self, name):
        """Return the value of a field as it would be written."""
        value = self[name]
        return value.id if isinstance(value, models.BaseModel) else value

    @api.model
    def _prepare_values(self, channel, review, joins):
        """Return the values of a review that was read."""
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
            "state": STATE_BY_WORD.get(review.state, OTHER),
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

    # === WHAT THEY BELONG TO === #
    @api.model
    def _find_joins(self, channel, reviews):
        """Return what reviews belong to: a query for each kind of record."""
        # The event that led to the invitation is certain. A number is not: it counts on
        # the channel's website, when one order has it.
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
            _get_single(orders, "name"),
            # Of two with the same ID the company's own is meant.
            {each.trustedshops_sku: each for each in found.sorted("company_id")},
        )

    # === WHAT FOLLOWS === #
    def _follow_changes(self):
        """Have stars of products read again, and a person look at what is low."""
        for channel, rows in self.grouped("channel_id").items():
            channel._make_ratings_due(rows.product_tmpl_id)
        self._follow_low()


def _get_single(records, name):
    """Return records by the value of a field, without values that several have."""
    return {
        value: rows for value, rows in records.grouped(name).items() if len(rows) == 1
    }
