# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from odoo.addons.website_sale_trustedshops.models.failure import log_failure

_logger = logging.getLogger(__name__)

# A purchase can be reviewed for six months. Source: help pages of Trusted Shops.
INVITE_WITHIN = timedelta(days=180)
# Reasons that a new consent of the buyer lifts, or the end of a suppression.
REOPENED_BY_CONSENT = ("suppressed", "withdrawn", "by_staff")


class TrustedShopsInvitation(models.Model):
    """Invite the buyer of one order to review it, never more than once.

    The cron creates a row for each order whose buyer agreed. On each run it decides
    from the current facts whether and when to invite: see ``may_invite.py``. The same
    run sends what is due: see ``sending.py``. This addon does nothing when an order is
    confirmed or delivered.
    """

    _name = "trustedshops.invitation"
    _description = "Review Invitation"
    _inherit = ["trustedshops.queue"]
    _order = "id desc"
    _rec_name = "order_reference"

    order_id = fields.Many2one("sale.order", readonly=True, ondelete="set null")
    order_reference = fields.Char(
        string="Order Number", readonly=True, index="btree_not_null"
    )
    ordered_at = fields.Datetime(string="Order Date", readonly=True)
    channel_id = fields.Many2one(
        "trustedshops.channel",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    # Copied from the consent that counts.
    email = fields.Char(string="E-mail Address", readonly=True)
    # The person's data was erased: store later reviews without their text.
    is_erased = fields.Boolean(readonly=True, export_string_translation=False)
    lang_id = fields.Many2one("res.lang", string="Language", readonly=True)
    consent_at = fields.Datetime(string="Consent", readonly=True)
    is_imported = fields.Boolean(readonly=True, export_string_translation=False)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("due", "Due"),
            ("sending", "Being Sent"),
            ("accepted", "Handed Over"),
            ("suppressed", "Not Invited"),
            ("failed", "Failed"),
            ("unknown", "May Have Been Sent"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    triggered_at = fields.Datetime(
        string="Counted From",
        readonly=True,
        help="When the order was placed, shipped or delivered, as the channel says.",
    )
    due_at = fields.Datetime(string="Invite On", readonly=True)
    # A user pressed the button to invite before that day.
    is_early = fields.Boolean(readonly=True, export_string_translation=False)
    payload = fields.Text(string="Data Sent", readonly=True)
    sent_at = fields.Datetime(string="Sent", readonly=True)
    answered_at = fields.Datetime(string="Answered", readonly=True)
    ended_at = fields.Datetime(string="Ended", readonly=True)
    event_ref = fields.Char(
        string="Event ID",
        readonly=True,
        index="btree_not_null",
        export_string_translation=False,
    )

    _order_uniq = models.Constraint(
        "UNIQUE (order_id)", "This order has a review invitation already."
    )
    _due_idx = models.Index(
        "(next_attempt_at, id) WHERE state IN ('waiting', 'due', 'sending')"
    )
    _email_idx = models.Index("(email, company_id) WHERE email IS NOT NULL")
    _answered_idx = models.Index(
        "(channel_id, answered_at) WHERE answered_at IS NOT NULL"
    )
    _payload_idx = models.Index("(ended_at) WHERE payload IS NOT NULL")
    _kept_idx = models.Index("(ended_at) WHERE email IS NOT NULL")
    _imported_due_idx = models.Index(
        "(channel_id) WHERE is_imported IS TRUE AND state = 'due'"
    )
    _imported_sent_idx = models.Index(
        "(channel_id, sent_at) WHERE is_imported IS TRUE AND sent_at IS NOT NULL"
    )

    # === FROM ORDERS === #
    @api.model
    def _get_consent_age(self):
        """Return how old a consent may be for this run to create its row.

        The first run of a day looks back six months, in case no run began for a while
        or a channel was missing. The framework passes the start of the run before.

        :rtype: datetime.timedelta
        """
        before = self.env.context.get("lastcall")
        is_first = not before or before.date() != fields.Date.today()
        return INVITE_WITHIN if is_first else timedelta(days=2)

    @api.model
    def _create_missing(self, age):
        """Create the missing rows of orders whose buyer agreed.

        :param datetime.timedelta age: ignore older consents
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        order_ids = self._find_consenting_ids(age)
        return all(map(self._create_together, split_every(200, order_ids)))

    @api.model
    def _create_together(self, order_ids):
        """Create rows in one transaction; a bad order does not stop the others.

        :param order_ids: ids of orders, each with a consent
        :type order_ids: list or tuple of int
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        commit = self.env["ir.cron"]._commit_progress
        try:
            self._create_for(self.env["sale.order"].browse(order_ids))
            return bool(commit())
        except Exception as error:
            self.env.cr.rollback()
            if len(order_ids) > 1:
                return all(self._create_together([each]) for each in order_ids)
            by_other_run = (psycopg2.errors.UniqueViolation, psycopg2.OperationalError)
            if not isinstance(error, by_other_run):
                text = "No review invitation could be made for order %s"
                log_failure(_logger, error, text, order_ids[0])
        return bool(commit())

    @api.model
    def _find_consenting_ids(self, age):
        """Return the ids of the orders with a consent but without a row.

        :param datetime.timedelta age: ignore consents that are older, counted from when
            the order was placed
        :rtype: list[int]
        """
        oldest = fields.Datetime.now() - age
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT consent.order_id
                  FROM trustedshops_consent consent
             LEFT JOIN trustedshops_invitation invitation
                    ON invitation.order_id = consent.order_id
                 WHERE consent.kind = 'given'
                   AND consent.order_id IS NOT NULL
                   AND consent.write_date >= %(oldest)s
                   AND (invitation.id IS NULL
                        OR invitation.state = 'suppressed'
                           AND invitation.reason IN %(reopened)s
                           AND invitation.may_have_arrived IS NOT TRUE
                           AND invitation.ended_at <= consent.create_date)
              ORDER BY consent.order_id
                """,
                oldest=oldest,
                reopened=REOPENED_BY_CONSENT,
            )
        )
        return [order_id for (order_id,) in rows]

    @api.model
    def _create_for(self, orders):
        """Create the rows of orders, or reopen old ones after a new consent.

        Another run may have created and even sent some since the orders were found.

        :param orders: records of ``sale.order``, each with a consent
        """
        known = self.search([("order_id", "in", orders.ids)])
        locked = known.try_lock_for_update(allow_referencing=True)
        locked.filtered(lambda each: each._is_reopened_by_consent())._look_again()
        orders -= known.order_id
        rows = [order._trustedshops_prepare_invitation() for order in orders]
        # A buyer without a channel in their language waits until there is one.
        quiet = self.with_context(mail_create_nolog=True, tracking_disable=True)
        quiet.create([values for values in rows if values.get("channel_id")])

    @api.model
    def _reopen_lifted(self, suppressions):
        """Decide again about the orders of buyers whose suppression was ended.

        :param suppressions: records of ``trustedshops.suppression``
        """
        consents = self.env["trustedshops.consent"]
        for company, rows in suppressions.grouped("company_id").items():
            consents |= consents.search(
                [
                    ("digest", "in", rows.mapped("digest")),
                    ("company_id", "=", company.id),
                ]
            )
        ended = self.search([("order_id", "in", consents.order_id.ids)])
        ended.filtered(lambda each: each._is_reopened_by_consent())._look_again()

    def _is_reopened_by_consent(self):
        """Return True if a new consent reopens the row, because nothing was sent."""
        return (
            self.state == "suppressed"
            and self.reason in REOPENED_BY_CONSENT
            and not self.may_have_arrived
        )

    def _look_again(self):
        """Let the cron decide again about rows that had ended."""
        self.write(
            {
                "state": "waiting",
                "reason": False,
                "ended_at": False,
                "last_error": False,
                "next_attempt_at": fields.Datetime.now(),
            }
        )

    @api.model
    def _get_revived_domain(self):
        """Return rows that ended with a cancelled order which is confirmed again."""
        oldest = fields.Datetime.now() - INVITE_WITHIN
        return (
            Domain("state", "=", "cancelled")
            & Domain("reason", "=", "order_cancelled")
            & Domain("ended_at", ">", oldest)
            & Domain("may_have_arrived", "=", False)
            & Domain("order_id.state", "=", "sale")
        )

    # === RETENTION === #
    @api.model
    def _get_old_payload_domain(self):
        """Return the rows whose sent data is deleted now: 30 days after their end."""
        oldest = fields.Datetime.now() - timedelta(days=30)
        return Domain("payload", "!=", False) & Domain("ended_at", "<=", oldest)

    @api.model
    def _get_old_address_domain(self):
        """Return the rows whose address is deleted now.

        Keep it as long as the company keeps consents, and as long as the rules for
        invitations look back.
        """
        now = fields.Datetime.now()
        [[quiet_days]] = (
            self.env["trustedshops.channel"]
            .with_context(active_test=False)
            ._read_group([], [], ["quiet_days:max"])
        )
        needed = now - max(INVITE_WITHIN, timedelta(days=quiet_days or 0))
        companies = self.env["res.company"]
        old = companies._trustedshops_get_outdated_domain("ended_at")
        old &= Domain("ended_at", "<", needed)
        return old & Domain("email", "!=", False)

    # === WHAT IS SENT === #
    def _prepare_payload(self):
        """Return the event about the order.

        :return: see :meth:`_prepare_event` of the channel
        :rtype: dict
        """
        return self.channel_id._prepare_event(
            self._prepare_customer(),
            self.order_reference,
            self.ordered_at,
            locale=self._get_locale(),
            products=self._prepare_products(),
        )

    def _prepare_customer(self):
        """Return the data of the buyer. To be extended.

        Odoo stores first and last name in one field, so another addon has to add them.

        :return: ``email``, and ``firstName`` and ``lastName`` if they are known
        :rtype: dict[str, str]
        """
        return {"email": self.email}

    def _get_locale(self):
        """Return the language of the order, '' if it is the channel's."""
        code, locale = self._get_lang_code() or "", self.channel_id.locale or ""
        language, _, country = code.partition("_")
        if language == locale.partition("_")[0] or len(country) != 2:
            return ""
        return code

    def _get_lang_code(self):
        """Return the code of the order's language without a query, False if none."""
        return self.env["res.lang"]._get_data(id=self.lang_id.id).code

    def _prepare_products(self):
        """Return the products to review, named as the Trustcard names them.

        :rtype: list[dict[str, str]]
        """
        order = self.order_id.with_context(lang=self._get_lang_code())
        order.website_id.fetch(["default_lang_id", "domain"])
        shop = order.website_id.get_base_url()
        shop_in_lang = shop + order.website_id._trustedshops_get_lang_path(self.lang_id)
        products = []
        for item in order._trustedshops_prepare_card_items():
            product = {
                # Trusted Shops does not document its limits.
                "name": item["Name"][:255],
                "sku": item["SKU"],
                "url": item["Url"].replace(shop, shop_in_lang, 1),
                "imageUrl": item["ImageUrl"],
                "gtin": item["GTIN"],
                "mpn": item["MPN"],
                "brand": item["Brand"],
            }
            products.append({key: value for key, value in product.items() if value})
        return products


class TrustedShopsConsent(models.Model):
    _inherit = "trustedshops.consent"

    _given_idx = models.Index(
        "(write_date) WHERE kind = 'given' AND order_id IS NOT NULL"
    )
