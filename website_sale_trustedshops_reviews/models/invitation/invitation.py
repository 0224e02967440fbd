# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from datetime import UTC, timedelta

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.website_sale_trustedshops.models.failure import log_failure, not_logged

from ... import const

_logger = logging.getLogger(__name__)

# Nothing was sent yet.
UNSENT_STATES = ("waiting", "due")
# Every reason not to invite, with what it says to staff.
REASONS = [
    # These end the invitation.
    ("order_gone", "The order was deleted."),
    ("order_cancelled", "The order was cancelled."),
    ("too_old", "The order is older than six months, so it cannot be reviewed."),
    ("no_website", "The order does not belong to a website."),
    ("withdrawn", "The buyer took the consent back."),
    ("suppressed", "The buyer's address must not be invited."),
    ("no_amount", "The order costs nothing."),
    ("recent", "The buyer was invited for another order a short time ago."),
    ("card", "Trusted Shops may have invited the buyer through the Trustcard."),
    ("returned", "Everything was returned or credited."),
    ("copied", "This is a copy of the database; the original invites."),
    # These pass.
    ("off", "Its channel asks no buyers for consent at present."),
    ("archived", "Its channel is archived."),
    ("trustcard", "The Trustcard invites the buyers of its channel."),
    ("their_off", "Trusted Shops invites nobody after the events of its channel."),
    ("not_placed", "The order is not paid or confirmed."),
    ("not_shipped", "Nothing was shipped yet."),
    ("not_delivered", "Not everything was delivered yet."),
    ("not_yet", "The days after which its channel invites are not over."),
    ("throttled", "Today's limit for orders with imported consent is reached."),
    ("other_consent", "The buyer gave another consent."),
]
# How a reason ends an invitation; with any other one it waits.
END_BY_REASON = {
    "order_gone": "cancelled",
    "order_cancelled": "cancelled",
    "too_old": "cancelled",
    "copied": "cancelled",
    "no_website": "suppressed",
    "withdrawn": "suppressed",
    "suppressed": "suppressed",
    "no_amount": "suppressed",
    "recent": "suppressed",
    "card": "suppressed",
    "returned": "suppressed",
}
# What is read of an order: all columns take noticeably longer, for each invitation.
ORDER_FIELDS = (
    "amount_total carrier_id company_id create_date date_order state"
    " trustedshops_card_delivered_at website_id"
).split()
# What a new consent of the buyer opens again.
REOPENED_BY_CONSENT = ("suppressed", "withdrawn")


class TrustedShopsInvitation(models.Model):
    """The invitation to review one order: there is never a second one.

    The cron makes a row for each order whose buyer agreed, and decides anew from facts,
    each time, whether he may be invited: nothing of ours runs when an order is
    confirmed or delivered. From then on only the queue changes the row, and while it is
    ``sending`` nobody else does: see ``queue.py``.
    """

    _name = "trustedshops.invitation"
    _description = "Review Invitation"
    _inherit = ["trustedshops.channel.queue", "trustedshops.personal.data"]
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
    # Frozen with the consent.
    email = fields.Char(string="E-mail Address", readonly=True)
    # Reviews to which it leads are stored without what the person wrote.
    is_erased = fields.Boolean(readonly=True, export_string_translation=False)
    lang_id = fields.Many2one("res.lang", string="Language", readonly=True)
    consent_at = fields.Datetime(string="Consent", readonly=True)
    is_imported = fields.Boolean(readonly=True, export_string_translation=False)
    # Its life.
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("due", "Due"),
            ("sending", "Being Sent"),
            ("accepted", "Handed Over"),
            ("suppressed", "Not Invited"),
            ("failed", "Failed"),
            ("unknown", "Unknown"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    reason = fields.Selection(REASONS, readonly=True)
    triggered_at = fields.Datetime(
        string="Counted From",
        readonly=True,
        help="When the order was placed, shipped or delivered, as the channel says.",
    )
    due_at = fields.Datetime(string="Invite On", readonly=True)
    # A person did not want to wait for that.
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
        "(next_attempt_at, id) WHERE state IN ('waiting', 'due', 'sending', 'unknown')"
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
        """Return how old consents may be that have no row yet."""
        # The first run of a day looks at all: none began for long, or there was no
        # channel. The framework tells when the run before was.
        before = self.env.context.get("lastcall")
        is_first = not before or before.date() != fields.Date.today()
        return const.INVITE_WITHIN if is_first else const.NEW_CONSENTS

    @api.model
    def _create_missing(self, age):
        """Have a row for each order whose buyer agreed.

        :param datetime.timedelta age: older consents are not looked at
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        ids, size = self._find_consenting_ids(age), const.CREATE_SIZE
        chunks = (ids[start : start + size] for start in range(0, len(ids), size))
        return all(map(self._create_together, chunks))

    @api.model
    def _create_together(self, order_ids):
        """Make rows in one transaction; a bad order does not stop the others.

        :param order_ids: ids of orders, each with a consent
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
            self._log_not_made(order_ids[0], error)
        return bool(commit())

    @api.model
    def _log_not_made(self, order_id, error):
        """Log why an order has no row; not that another run was faster."""
        text = "No review invitation could be made for order %s"
        faster = (psycopg2.errors.UniqueViolation, psycopg2.OperationalError)
        if not isinstance(error, faster):
            log_failure(_logger, error, text, order_id)

    @api.model
    def _find_consenting_ids(self, age):
        """Return the ids of the orders with a consent that no row knows of.

        :param datetime.timedelta age: consents that were given earlier, or became one
            when the order was placed, are not looked at
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
        """Make the rows of orders, or open those again that a consent opens.

        Another run may have made them since the orders were found, and sent them.

        :param orders: records of ``sale.order``, each with a consent
        """
        known = self.search([("order_id", "in", orders.ids)])
        locked = known.try_lock_for_update(allow_referencing=True)
        locked.filtered(lambda each: each._is_reopened_by_consent())._look_again()
        orders -= known.order_id
        rows = [order._trustedshops_prepare_invitation() for order in orders]
        # Who has no channel in his language waits until there is one.
        quiet = self.with_context(mail_create_nolog=True, tracking_disable=True)
        with not_logged("odoo.sql_db"):
            quiet.create([values for values in rows if values.get("channel_id")])

    def _is_reopened_by_consent(self):
        """Tell whether a new consent counts: nothing was sent, none was there."""
        return (
            self.state == "suppressed"
            and self.reason in REOPENED_BY_CONSENT
            and not self.may_have_arrived
        )

    def _look_again(self):
        """Have the cron decide anew about what had ended."""
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
        """Return what ended with an order that is a purchase again."""
        oldest = fields.Datetime.now() - const.INVITE_WITHIN
        return (
            Domain("state", "=", "cancelled")
            & Domain("reason", "=", "order_cancelled")
            & Domain("ended_at", ">", oldest)
            & Domain("may_have_arrived", "=", False)
            & Domain("order_id.state", "=", "sale")
        )

    # === WHAT IS NOT KEPT === #
    @api.model
    def _get_kept_domain(self):
        """Return the rows whose data were kept long enough."""
        oldest = fields.Datetime.now() - const.PAYLOAD_KEPT_FOR
        return Domain("payload", "!=", False) & Domain("ended_at", "<=", oldest)

    @api.model
    def _get_forgotten_domain(self):
        """Return the rows whose address is not needed any more."""
        # As long as the company keeps consents, and as the rules look back.
        now = fields.Datetime.now()
        [[quiet_days]] = (
            self.env["trustedshops.channel"]
            .with_context(active_test=False)
            ._read_group([], [], ["quiet_days:max"])
        )
        needed = now - max(const.INVITE_WITHIN, timedelta(days=quiet_days or 0))
        companies = self.env["res.company"]
        old = companies._trustedshops_get_outdated_domain("ended_at")
        old &= Domain("ended_at", "<", needed)
        return old & Domain("email", "!=", False)

    # === MAY WE === #
    def _may_invite(self):
        """Return why the buyer may not be invited now, whoever wants it.

        Asked before the row becomes due, and again in the transaction that says that it
        is being sent.

        :return: the code of one of ``REASONS``, '' when the buyer may be invited
        :rtype: str
        """
        self.ensure_one()
        self.order_id.fetch(ORDER_FIELDS)
        return (
            self._get_final_reason()
            or self._get_passing_reason()
            or self._get_reason_when_due()
        )

    def _is_ruled_out(self):
        """Tell whether the buyer is invited neither from here nor by a Trustcard.

        One that failed can be sent again, and one that is unknown may have arrived.

        :rtype: bool
        """
        reason = self.reason
        if self.state in UNSENT_STATES:
            reason = self._may_invite()
        elif self.state not in END_BY_REASON.values():
            return False
        if reason == "trustcard":
            return not self.order_id.trustedshops_card_delivered_at
        return reason in END_BY_REASON and reason != "card"

    def _get_final_reason(self):
        """Return what rules an invitation out as soon as it is so."""
        order = self.order_id
        if not order:
            return "order_gone"
        if order.state == "cancel":
            return "order_cancelled"
        if not order.website_id:
            return "no_website"
        consent = self.env["trustedshops.consent"].sudo()._find_given(order)
        if not consent or consent._is_withdrawn():
            return "withdrawn"
        suppressions = self.env["trustedshops.suppression"]
        if suppressions._is_suppressed(consent.email, self.company_id):
            return "suppressed"
        ordered_at = self.ordered_at or order.create_date
        if ordered_at < fields.Datetime.now() - const.INVITE_WITHIN:
            return "too_old"
        return "" if consent.email == self.email else "other_consent"

    def _get_passing_reason(self):
        """Return what an invitation waits for."""
        channel = self.channel_id
        if not channel.active:
            return "archived"
        if channel.inviter != "odoo":
            return "trustcard"
        if channel.consent_mode == "off":
            return "off"
        if channel.own_invites == "off":
            return "their_off"
        triggered_at, due_at = self._get_schedule()
        if not triggered_at:
            trigger = channel.trigger
            is_placed = self.order_id._trustedshops_get_ordered_at()
            return f"not_{trigger}" if is_placed else "not_placed"
        return "not_yet" if due_at > fields.Datetime.now() else ""

    def _get_reason_when_due(self):
        """Return what rules an invitation out when it would be sent."""
        order, channel = self.order_id, self.channel_id
        if order.amount_total <= 0:  # rounded as it was stored
            return "no_amount"
        if self._find_recent():
            return "recent"
        if order.trustedshops_card_delivered_at and channel.checkout_invites != "off":
            return "card"
        if not channel.returned_invited and order._trustedshops_is_all_returned():
            return "returned"
        return "throttled" if self._is_throttled() else ""

    def _get_schedule(self):
        """Return the occasion, and when to invite after it.

        :return: UTC, both False while the occasion has not come
        :rtype: tuple
        """
        order, channel = self.order_id, self.channel_id
        seen_at = self.triggered_at or fields.Datetime.now()
        triggered_at = order._trustedshops_get_occasion(channel.trigger, seen_at)
        if not triggered_at:
            return False, False
        return triggered_at, triggered_at + timedelta(days=self._get_delay_days())

    def _get_delay_days(self):
        """Return how many days after the occasion the buyer is invited."""
        if self.is_early:
            return 0
        extra = self.order_id._trustedshops_get_extra_days()
        return max(self.channel_id.delay_days + extra, 0)

    def _find_recent(self):
        """Return another invitation of the same buyer that is too young for this one.

        One whose answer was lost may have arrived.

        :return: record, may be empty
        """
        days = max(self.channel_id.quiet_days, 0)
        oldest = fields.Datetime.now() - timedelta(days=days)
        return self.search(
            [
                ("id", "!=", self._origin.id),
                ("email", "=", self.email),
                ("company_id", "=", self.company_id.id),
                "|",
                ("may_have_arrived", "=", True),
                ("state", "=", "sending"),
                ("sent_at", ">", oldest),
            ],
            limit=1,
        )

    def _is_throttled(self):
        """Tell whether the channel has invited enough by imported consents today."""
        if not self.is_imported or self.state != "waiting":
            return False
        since = fields.Datetime.now() - const.IMPORTED_WITHIN
        others = Domain("is_imported", "=", True)
        others &= Domain("channel_id", "=", self.channel_id.id)
        # One by one, each by its index, and no further than needed.
        free = const.IMPORTED_PER_DAY
        for counted in (
            Domain("state", "=", "due"),
            Domain("sent_at", ">", since) & Domain("state", "!=", "due"),
        ):
            free -= free and self.search_count(others & counted, limit=free)
        return not free

    # === DECIDING === #
    def _decide(self):
        """Bring the rows to where the facts say they are."""
        for invitation in self:
            invitation._follow_consent()
            invitation._follow_reason(invitation._may_invite())

    def _follow_consent(self):
        """Freeze the address and the language of the consent that counts now."""
        if self.order_id and self.order_id._trustedshops_get_consent():
            values = self.order_id._trustedshops_prepare_invitation()
            values["channel_id"] = values["channel_id"] or self.channel_id.id
            del values["next_attempt_at"]
            self._write_changes(values)

    def _follow_reason(self, reason):
        """Write what follows from a reason not to invite, or from none.

        :param str reason: of :meth:`_may_invite`
        """
        now = fields.Datetime.now()
        values = {
            "state": END_BY_REASON.get(reason, "waiting" if reason else "due"),
            "reason": reason,
            "next_attempt_at": now,
            "ended_at": False,
            "last_error": False,
            "payload": False,
        }
        if reason in END_BY_REASON:
            values |= {"ended_at": now, "next_attempt_at": False}
        else:
            triggered_at, due_at = self._get_schedule()
            values |= {"triggered_at": triggered_at, "due_at": due_at}
        if values["state"] == "waiting":
            values["next_attempt_at"] = now + const.LOOK_INTERVAL
        if reason == "not_yet":
            values["next_attempt_at"] = min(due_at, now + const.LOOK_AGAIN_AFTER)
        elif reason == "throttled":
            values["next_attempt_at"] = now + const.LOOK_AGAIN_AFTER
        if "archived" in (reason, self.reason) and reason != self.reason:
            values["notice_due"] = True
        self._write_changes(values)

    def _write_changes(self, values):
        """Write those values that are not what they were."""
        known = self._fields
        changes = {
            name: value
            for name, value in values.items()
            if known[name].convert_to_cache(value, self)
            != known[name].convert_to_cache(self[name], self)
        }
        if changes:
            self.write(changes)

    # === WHAT IS SENT === #
    def _prepare_payload(self):
        """Return the event about the order; keys without a value are left out.

        Source: developers.etrusted.com, POST /events

        :rtype: dict
        """
        channel, ordered_at = self.channel_id, self.ordered_at
        payload = {
            "type": channel.event_type,
            "defaultLocale": self._get_locale(),
            "customer": self._prepare_customer(),
            "channel": {"id": channel.channel_ref, "type": "etrusted"},
            "transaction": {
                "reference": self.order_reference,
                "date": f"{ordered_at.replace(tzinfo=UTC):%Y-%m-%dT%H:%M:%SZ}",
            },
            "products": self._prepare_products(),
            "system": const.SYSTEM,
            "systemVersion": const.SYSTEM_VERSION,
        }
        return {key: value for key, value in payload.items() if value}

    def _prepare_customer(self):
        """Return who is invited.

        Odoo keeps first and last name together: an addon that parts them adds them.

        :return: ``email``, and ``firstName`` and ``lastName`` where they are known
        :rtype: dict[str, str]
        """
        return {"email": self.email}

    def _get_locale(self):
        """Return the language of the order, '' when it is the channel's."""
        code, locale = self._get_lang_code() or "", self.channel_id.locale or ""
        language, _, country = code.partition("_")
        if language == locale.partition("_")[0] or len(country) != 2:
            return ""
        return code

    def _get_lang_code(self):
        """Return the code of the order's language, without a query; False for none."""
        return self.env["res.lang"]._get_data(id=self.lang_id.id).code

    def _prepare_products(self):
        """Return the products to review, as the Trustcard would name them.

        :rtype: list[dict[str, str]]
        """
        order = self.order_id.with_context(lang=self._get_lang_code())
        order.website_id.fetch(["default_lang_id", "domain"])
        shop = order.website_id.get_base_url()
        shop_in_lang = shop + order.website_id._trustedshops_get_lang_path(self.lang_id)
        products = []
        for item in order._trustedshops_prepare_card_items():
            product = {
                "name": item["Name"][: const.MAX_LENGTH],
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
