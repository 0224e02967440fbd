# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is asked to look at low reviews, and when."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ... import const
from .review import APPROVED


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
    # Older ones are no news.
    reviews_from = fields.Datetime(
        readonly=True,
        default=fields.Datetime.now,
        export_string_translation=False,
    )
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


class TrustedShopsReview(models.Model):
    _inherit = "trustedshops.review"

    def _follow_low(self):
        """Have a person look at what is low, once; not at what is not so any more."""
        low = self.filtered(lambda each: each._needs_person())
        for channel, rows in low.grouped("channel_id").items():
            new = rows.filtered(
                lambda each: (
                    not each.is_alerted and each._is_news(channel)  # noqa: B023
                )
            )
            new.is_alerted = True
            for row in new:
                row._in_responsible_lang()._notify_low()
        # What nobody has looked at yet is new when it becomes low again.
        over = self.filtered("is_alerted") - low
        over = over.filtered(
            lambda each: each._is_answered() or each._find_todos_about("low")
        )
        over._close_todos_about("low")
        over.is_alerted = False

    def _needs_person(self):
        """Tell whether a review is low, public, and the shop has yet to answer it."""
        is_open = self.state == APPROVED and not self.is_erased
        return self.is_low and is_open and not self._is_answered()

    def _is_news(self, channel):
        """Tell whether the buyer wrote it after the channel was connected here."""
        moment = self.rewritten_at or self.edited_at or self.submitted_at
        return bool(moment) and moment >= channel.reviews_from

    def _notify_low(self):
        """Ask a person to look at a low review."""
        # The note is kept in the chatter, so nothing in it leads to the buyer: the form
        # shows the old reply.
        if self.is_outdated:
            note = self.env._(
                "The buyer changed this review to %(stars)s of 5 stars after you"
                " answered it. Open the review: it shows your answer, which may not fit"
                " any more.",
                stars=self.stars,
            )
        else:
            note = self.env._(
                "A new review with %(stars)s of 5 stars. Read it, and reply to it; if"
                " it breaks the rules, report it to Trusted Shops.",
                stars=self.stars,
            )
        self._notify_responsible("low", note)
