# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Store reviews as rows, with their orders and products."""

import logging
from collections import namedtuple

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.models.failure import log_failure

from ...lib.review_client import STATES, is_same_text
from .review import (
    ERASED,
    LINK_FIELDS,
    OTHER,
    PRODUCT,
    SHOP,
    TEXT_FIELDS,
)

_logger = logging.getLogger(__name__)

# Records to which reviews belong, by event, by order number, by product ID.
_Joins = namedtuple("_Joins", "by_event orders products")


class TrustedShopsReview(models.Model):
    _inherit = "trustedshops.review"

    # === ROWS === #
    @api.model
    def _store(self, channel, reviews, asked_at, seen_at):
        """Store reviews in this transaction; an error stops only its own review."""
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
        """Store reviews, and notify users of low ones."""
        known = self.search(
            self._get_owned_domain(channel)
            & Domain("review_ref", "in", [review.ref for review in reviews])
        )
        # Of two with the same ID, prefer the one of this channel, then the erased one.
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
        # Without notes about new rows, of which there may be many.
        quiet = self.with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True
        )
        changed += quiet.create(missing)
        self.env.flush_all()
        changed.with_env(self.env)._follow_changes()

    @api.model
    def _get_owned_domain(self, channel):
        """Return the reviews that a channel takes for its own if it has them.

        These are all of its company, because a review can move to another channel, and
        erased ones of a deleted channel. If the account was added twice, each of the
        two active channels has rows of its own.
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
        """Write the values that changed, and return whether any matters.

        :param dict values: see :meth:`_prepare_values`
        :param datetime.datetime asked_at: UTC, when the reviews were asked for
        :rtype: bool
        """
        kept = set()
        if self._is_newer_than(values["updated_at"]):
            kept.update(values.keys() - {"seen_at"})
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
            if name not in kept and self._get_stored(name) != value
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

    def _is_newer_than(self, updated_at):
        """Return True if a copy that changed at a moment, UTC, is outdated."""
        return bool(updated_at and self.updated_at) and updated_at < self.updated_at

    def _get_stored(self, name):
        """Return the value of a field as it would be written."""
        value = self[name]
        return value.id if isinstance(value, models.BaseModel) else value

    @api.model
    def _prepare_values(self, channel, review, joins):
        """Return the values of the row of a review."""
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

    # === THEIR ORDERS AND PRODUCTS === #
    @api.model
    def _find_joins(self, channel, reviews):
        """Return the records to which reviews belong, with a query for each model.

        The event of an invitation is certain. A number is not: it counts only for the
        channel's website, and only if one order has it.
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
            _get_single(orders, "name"),
            # Of two with the same ID, prefer the one of the company.
            {each.trustedshops_sku: each for each in found.sorted("company_id")},
        )

    # === CONSEQUENCES === #
    def _follow_changes(self):
        """Read the ratings of the products again, and notify users of low reviews."""
        for channel, rows in self.grouped("channel_id").items():
            channel._make_ratings_due(rows.product_tmpl_id)
        self._follow_low()


def _get_single(records, name):
    """Return records by the value of a field, without values that repeat."""
    return {
        value: rows for value, rows in records.grouped(name).items() if len(rows) == 1
    }
