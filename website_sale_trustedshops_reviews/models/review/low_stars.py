# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Activities about low reviews: when, and for which user."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .review import APPROVED


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    low_stars = fields.Integer(
        string="Low Rating Threshold (Stars)",
        default=2,
        help="A user gets an activity for each review with this many stars or fewer."
        " 0: no activities.",
    )
    review_user_id = fields.Many2one(
        "res.users",
        string="Low Reviews Go To",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Empty: to the user who is responsible for the account.",
    )
    # Older reviews lead to no activity.
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
        """Return True if an active user of the company may answer its reviews."""
        reviews = self.env["trustedshops.review"].with_user(user)
        is_there = user.active and self.company_id <= user.sudo().company_ids
        return is_there and reviews._may_answer()


class TrustedShopsReview(models.Model):
    _inherit = "trustedshops.review"

    def _follow_low(self):
        """Give one activity for each new low review, and close outdated ones."""
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
        # If a user closed the activity without an answer, there is no second one.
        over = self.filtered("is_alerted") - low
        over = over.filtered(
            lambda each: each._is_answered() or each._find_todos_about("low")
        )
        over._close_todos_about("low")
        over.is_alerted = False

    def _needs_person(self):
        """Return True if a review is low, public and not answered yet."""
        is_open = self.state == APPROVED and not self.is_erased
        return self.is_low and is_open and not self._is_answered()

    def _is_news(self, channel):
        """Return True if the buyer wrote it after the channel was connected here."""
        moment = self.rewritten_at or self.edited_at or self.submitted_at
        return bool(moment) and moment >= channel.reviews_from

    def _notify_low(self):
        """Ask a user to look at a low review.

        The chatter keeps the note, so it must not lead to the buyer. It does not quote
        the old reply, which users read in the form.
        """
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
