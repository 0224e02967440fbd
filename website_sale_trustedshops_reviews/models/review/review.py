# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

SHOP, PRODUCT = "shop", "product"
APPROVED, REMOVED, OTHER = "approved", "removed", "other"
# The fields with texts, which people wrote.
TEXT_FIELDS = ("title", "comment", "reply")
NO_TEXT = dict.fromkeys(TEXT_FIELDS, False)
# Values that remove the mark that something may have been sent.
NO_MARK = {"may_have_arrived": False, "lease_until": False}
LINK_FIELDS = ("order_id", "invitation_id", "order_reference")
READERS = (
    "sales_team.group_sale_salesman,website.group_website_designer,base.group_system"
)
ERASED = {
    **NO_TEXT,
    **dict.fromkeys(LINK_FIELDS, False),
    "is_erased": True,
}


class TrustedShopsReview(models.Model):
    """A review of the shop, or of a product, as Trusted Shops has it.

    A scheduled action reads it; users only reply to it, see ``reply.py``. The
    name of its writer is not stored, because the order has it.
    """

    _name = "trustedshops.review"
    _description = "Review"
    _inherit = [
        "trustedshops.todo",
        "trustedshops.guarded.fields",
    ]
    _order = "submitted_at desc, id desc"
    _mail_post_access = "read"

    review_ref = fields.Char(string="Review ID", required=True, readonly=True)
    # A channel with reviews is archived, not deleted: erased texts must stay erased.
    channel_id = fields.Many2one(
        "trustedshops.channel", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="channel_id.company_id", store=True, index=True
    )
    subject = fields.Selection(
        [(SHOP, "Shop"), (PRODUCT, "Product")],
        string="About",
        required=True,
        readonly=True,
        default=SHOP,
    )
    stars = fields.Integer(
        required=True, readonly=True, aggregator="avg", help="5 is the best."
    )
    star_line = fields.Char(string="Rating", compute="_compute_star_line")
    title = fields.Char(readonly=True)
    comment = fields.Text(readonly=True)
    excerpt = fields.Char(string="Review", compute="_compute_excerpt")
    state = fields.Selection(
        [
            ("submitted", "Submitted"),
            (APPROVED, "Approved"),
            ("moderation", "In Moderation"),
            ("rejected", "Rejected"),
            ("discarded", "Discarded"),
            (OTHER, "Other"),
            (REMOVED, "Removed"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default=OTHER,
        help="Only approved reviews are public, and only they are counted.",
    )
    is_verified = fields.Boolean(
        string="Verified Purchase",
        readonly=True,
        help="Trusted Shops knows of the purchase.",
    )
    submitted_at = fields.Datetime(string="Written", readonly=True)
    edited_at = fields.Datetime(string="Edited", readonly=True)
    # When the buyer last changed the review. A change of a known review counts from the
    # moment when Odoo read it, because staff could not see it before.
    rewritten_at = fields.Datetime(readonly=True, export_string_translation=False)
    updated_at = fields.Datetime(
        string="Changed at Trusted Shops",
        readonly=True,
        export_string_translation=False,
    )
    reply = fields.Text(string="Public Reply", readonly=True)
    reply_at = fields.Datetime(string="Replied", readonly=True)
    needs_reply = fields.Boolean(
        store=False, search="_search_needs_reply", export_string_translation=False
    )
    is_outdated = fields.Boolean(
        compute="_compute_is_outdated", store=True, export_string_translation=False
    )
    # The order and the product of the review.
    order_reference = fields.Char(string="Order Number", readonly=True)
    order_id = fields.Many2one(
        "sale.order", readonly=True, ondelete="set null", index="btree_not_null"
    )
    invitation_id = fields.Many2one(
        "trustedshops.invitation",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    sku = fields.Char(string="Product ID", readonly=True)
    product_name = fields.Char(readonly=True)
    product_tmpl_id = fields.Many2one(
        "product.template",
        string="Product",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    # Set by this addon.
    is_low = fields.Boolean(
        string="Low",
        compute="_compute_is_low",
        store=True,
        help="It has no more stars than its channel counts as low.",
    )
    is_alerted = fields.Boolean(readonly=True, export_string_translation=False)
    is_erased = fields.Boolean(
        string="Text Erased",
        readonly=True,
        help="Erased at a person's request: the text is never read again.",
    )
    # When Trusted Shops was asked for the list that last contained the review.
    seen_at = fields.Datetime(readonly=True, export_string_translation=False)

    _unique_ref = models.UniqueIndex("(company_id, review_ref)")
    _check_stars = models.Constraint(
        "CHECK (stars BETWEEN 1 AND 5)", "A review has 1 to 5 stars."
    )
    _submitted_idx = models.Index("(submitted_at DESC, id DESC)")
    _seen_idx = models.Index("(channel_id, seen_at)")

    # === COMPUTED FIELDS === #
    @api.depends("stars")
    def _compute_star_line(self):
        for review in self:
            stars = min(max(review.stars, 0), 5)
            review.star_line = "★" * stars + "☆" * (5 - stars)

    @api.depends("title", "comment")
    def _compute_excerpt(self):
        for review in self:
            words = " ".join((review.comment or "")[:100].split())
            review.excerpt = " – ".join(filter(None, (review.title, words)))

    @api.depends("stars", "channel_id.low_stars")
    def _compute_is_low(self):
        for review in self:
            review.is_low = review.stars <= review.channel_id.low_stars

    @api.depends("reply_at", "rewritten_at")
    def _compute_is_outdated(self):
        """Compute whether the buyer changed the review after the shop's reply."""
        for review in self:
            moments = review.reply_at, review.rewritten_at
            review.is_outdated = all(moments) and moments[1] > moments[0]

    @api.model
    def _search_needs_reply(self, operator, value):
        """Search for reviews whose text the shop has not answered."""
        if operator != "in":
            return NotImplemented
        needing = Domain("reply", "=", False) | Domain("is_outdated", "=", True)
        needing &= Domain("state", "=", "approved") & Domain("comment", "!=", False)
        needing &= Domain("may_have_arrived", "=", False)
        return Domain.OR(needing if each else ~needing for each in value)

    def _is_answered(self):
        """Return True if the shop replied to the current text."""
        return bool(self.reply) and not self.is_outdated

    @api.depends("star_line", "product_name", "submitted_at")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        """Compute a name without the buyer's words.

        Activities and mails keep the name, and users who may not read a review may read
        its name.
        """
        for review in self:
            date = review.submitted_at and format_datetime(
                self.env, review.submitted_at, dt_format="short"
            )
            words = review.product_name or date or review.review_ref or ""
            review.display_name = f"{review.star_line} {words}".strip()

    def _get_responsible(self):
        """Override of `website_sale_trustedshops` to choose who may answer.

        In this order: the user of the channel, the one of the account, administrators.
        If none of them may answer, it is the user of the account.
        """
        channel = self.channel_id[:1]
        account_user = channel._get_responsible()
        users = channel.sudo().review_user_id | account_user
        may_answer = channel._is_answered_by
        return (
            users.filtered(may_answer)[:1]
            or self._get_administrators().filtered(may_answer)[:1]
            or account_user
        )

    # === ACTIVITIES ABOUT LOW REVIEWS === #
    def _sync_low_activities(self):
        """Schedule an activity for each new low review, and remove those not needed."""
        low = self.filtered(lambda each: each._needs_answer())
        for review in low.filtered(lambda each: not each.is_alerted and each._is_new()):
            review.is_alerted = True
            review._with_responsible_lang()._schedule_low_activity()
        # If a user closed the activity without an answer, there is no second one.
        over = self.filtered("is_alerted") - low
        over = over.filtered(
            lambda each: each._is_answered() or each._get_todos_about("low")
        )
        over._remove_todos_about("low")
        over.is_alerted = False

    def _needs_answer(self):
        """Return True if the review is low, public and not answered yet."""
        is_open = self.state == APPROVED and not self.is_erased
        return self.is_low and is_open and not self._is_answered()

    def _is_new(self):
        """Return True if the buyer wrote or changed it since Odoo knows the channel."""
        moment = self.rewritten_at or self.edited_at or self.submitted_at
        return bool(moment) and moment >= self.channel_id.reviews_from

    def _schedule_low_activity(self):
        """Schedule the activity about a low review.

        The chatter keeps the note, so it must not lead to the buyer. It quotes nothing,
        because users read the words in the form.
        """
        self._schedule_message("low", stars=self.stars)

    # === ERASURE === #
    def _remove_text(self):
        """Delete the texts of reviews that Trusted Shops no longer has.

        Stars and moments stay, to show that there was a review.
        """
        self._remove_traces()
        self.write({**NO_TEXT, **NO_MARK, "state": REMOVED})

    def _remove_traces(self):
        """Delete the dialogs, activities and notifications that quote the reviews."""
        answers_sudo = self.env["trustedshops.review.answer"].sudo()
        answers_sudo.search([("review_id", "in", self.ids)]).unlink()
        own = Domain("res_id", "in", self.ids)
        about = own & Domain("res_model", "=", self._name)
        activities_sudo = self.env["mail.activity"].sudo()
        activities_sudo.with_context(active_test=False).search(about).unlink()
        told = Domain("message_type", "=", "user_notification")
        told |= Domain("mail_activity_type_id", "!=", False)
        self.env["mail.message"].sudo().search(
            own & Domain("model", "=", self._name) & told
        ).unlink()

    def _anonymize(self):
        """Delete the texts of reviews and their links to orders, for good.

        They stay public at Trusted Shops until they are erased there, but are not read
        again here.
        """
        self._remove_traces()
        self.write({**ERASED, **NO_MARK})


class SaleOrder(models.Model):
    _inherit = "sale.order"

    trustedshops_review_ids = fields.One2many(
        "trustedshops.review",
        "order_id",
        string="Reviews",
        readonly=True,
        groups=READERS,
    )

    def _trustedshops_is_reviewed_by(self, review):
        """Return True if a review that names the order's number is about this order.

        An older shop or database may have used the same numbers. So the buyer must have
        been asked for a review, and must have ordered before writing it.

        :param Review review: review from the client
        :rtype: bool
        """
        self.ensure_one()
        kinds = self.trustedshops_consent_ids.mapped("kind")
        is_asked = self.trustedshops_card_delivered_at or "given" in kinds
        ordered_at = is_asked and self._trustedshops_get_ordered_at()
        if not ordered_at or not review.submitted_at:
            return False
        told_at = review.ordered_at or ordered_at
        # Trusted Shops may know only the day, in another time zone.
        earliest = ordered_at - timedelta(days=1)
        return review.submitted_at >= ordered_at and told_at >= earliest
