# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The monthly note for the merchant: buyers asked, reviews, their average."""

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import format_date, formatLang

from odoo.addons.website_sale_trustedshops.framework import get_midnight

from .review import APPROVED


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    # First day of the month that the next note is about.
    summary_month = fields.Date(
        readonly=True,
        default=lambda _self: fields.Date.today().replace(day=1),
        export_string_translation=False,
    )

    def _summarize_months(self):
        """Post one note for each month that is over.

        Wait until the third day of the next month, because Trusted Shops approves some
        reviews late.
        """
        self.ensure_one()
        user = self._get_summary_reader()
        channel = self.with_context(lang=user.lang or "en_US", tz=user.tz or "UTC")
        today = fields.Date.context_today(channel)
        this_month = (today - relativedelta(days=2)).replace(day=1)
        month = self.summary_month or today.replace(day=1)
        while month < this_month:
            if line := channel._explain_month(month):
                # The mail queue sends it, so that no run waits for a mail server.
                channel.with_context(mail_notify_force_send=False).message_post(
                    body=line,
                    partner_ids=user.partner_id.ids,
                    subtype_xmlid="mail.mt_note",
                )
            month += relativedelta(months=1)
        if self.summary_month != month:
            self.summary_month = month

    def _get_summary_reader(self):
        """Return the user who gets the note."""
        return self.review_user_id.filtered("active") or self._get_responsible()

    def _explain_month(self, month):
        """Return the note about a month.

        :param datetime.date month: its first day, in the time zone of the context
        :return: '' if no buyer was asked and no review was written
        :rtype: str
        """
        next_month = month + relativedelta(months=1)
        bounds = [get_midnight(self.env, day) for day in (month, next_month)]
        asked = self._count_invited(*bounds)
        written, replied, average = self._count_reviews(*bounds)
        if not (asked or written):
            return ""
        words = {
            "month": format_date(self.env, month, date_format="MMMM y"),
            "asked": asked,
            "written": written,
            "replied": replied,
            "average": formatLang(self.env, average or 0.0, digits=2),
        }
        if not written:
            return self.env._(
                "Reviews in %(month)s: buyers asked: %(asked)s, none wrote a review.",
                **words,
            )
        return self.env._(
            "Reviews in %(month)s: buyers asked: %(asked)s, reviews: %(written)s, on"
            " average %(average)s of 5 stars, replied to: %(replied)s.",
            **words,
        )

    def _count_invited(self, since, until):
        """Return how many buyers were asked between two moments."""
        return self.env["trustedshops.invitation"].search_count(
            [
                ("channel_id", "=", self.id),
                ("state", "=", "accepted"),
                ("answered_at", ">=", since),
                ("answered_at", "<", until),
            ]
        )

    def _count_reviews(self, since, until):
        """Return the numbers of reviews and of replies, and the average stars."""
        [counts] = self.env["trustedshops.review"]._read_group(
            [
                ("channel_id", "=", self.id),
                ("state", "=", APPROVED),
                ("submitted_at", ">=", since),
                ("submitted_at", "<", until),
            ],
            [],
            ["__count", "reply:count", "stars:avg"],
        )
        return counts
