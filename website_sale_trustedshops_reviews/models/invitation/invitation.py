# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json
import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    MisconfiguredError,
    RefusedError,
    RetryableError,
    TrustedShopsError,
)
from odoo.addons.website_sale_trustedshops.models.failure import log_failure
from odoo.addons.website_sale_trustedshops.models.queue.batches import Job

from ..service import EVENTS, REST

_logger = logging.getLogger(__name__)

# A purchase can be reviewed for six months. Source: help pages of Trusted Shops.
INVITE_WITHIN = timedelta(days=180)
# How often to look again at an order whose day is known: the day may move, or the
# order may be cancelled.
LOOK_AGAIN_AFTER = timedelta(days=1)


class TrustedShopsInvitation(models.Model):
    """The invitation of an order's buyer to review it; the queue sends it once at most.

    The cron creates an invitation for each order whose buyer agreed. On each run it
    decides from the current facts whether and when to invite: see
    ``decide.py``. The same run sends what is due. This addon does nothing
    when an order is confirmed or delivered.

    The queue never repeats a call whose answer was lost: two mails to a buyer are worse
    than none, and nothing proves that an event was not received. Only a user sends it
    again, see ``desk.py``.
    """

    _name = "trustedshops.invitation"
    _description = "Review Invitation"
    _inherit = ["trustedshops.queue"]
    _order = "id desc"
    _rec_name = "order_reference"

    _queue_cron = "website_sale_trustedshops_reviews.ir_cron_invite"
    _queue_service = REST
    _queue_rest = EVENTS
    _back_off = (
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=12),
        timedelta(hours=24),
    )
    _underway_states = ("due", "sending")
    _waiting_states = ("waiting", "due")

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
    # A user pressed the button to send it now.
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
        """Return the age up to which this run looks for consents without an invitation.

        The first run of a day looks back six months, in case no run began for a while
        or a channel was missing, others two days.

        :rtype: datetime.timedelta
        """
        before = self.env.context.get("lastcall")
        is_first = not before or before.date() != fields.Date.today()
        return INVITE_WITHIN if is_first else timedelta(days=2)

    @api.model
    def _create_missing(self, age):
        """Create the invitations of orders whose buyer agreed, or reopen old ones.

        :param datetime.timedelta age: ignore consents that were not written within this
            time
        :return: whether there is time left in this run of the cron
        :rtype: bool
        """
        order_ids = self._search_consenting_ids(age)
        return all(map(self._create_together, split_every(200, order_ids)))

    @api.model
    def _create_together(self, order_ids):
        """Create the invitations of some orders in one transaction, and commit.

        After an error, try them one by one, and log the order for which it fails.

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
    def _search_consenting_ids(self, age):
        """Return the ids of orders whose consent leads to a new or reopened invitation.

        These have no invitation, or one that the lack of a consent ended before.

        :param datetime.timedelta age: see :meth:`_create_missing`
        :rtype: list of int
        """
        query = SQL(
            """
            SELECT DISTINCT consent.order_id
              FROM trustedshops_consent consent
         LEFT JOIN trustedshops_invitation invitation
                ON invitation.order_id = consent.order_id
             WHERE consent.kind = 'given'
               AND consent.order_id IS NOT NULL
               AND consent.write_date >= %s
               AND (invitation.id IS NULL
                    OR invitation.state = 'suppressed'
                       AND invitation.reason = 'no_consent'
                       AND invitation.may_have_arrived IS NOT TRUE
                       AND invitation.ended_at <= consent.create_date)
          ORDER BY consent.order_id
            """,
            fields.Datetime.now() - age,
        )
        return [order_id for (order_id,) in self.env.execute_query(query)]

    @api.model
    def _create_for(self, orders):
        """Create the invitations of orders, or reopen those that a new consent allows.

        Another run may have created and even sent some since the orders were found.

        :param orders: records of ``sale.order``, each with a consent
        """
        known = self.search([("order_id", "in", orders.ids)])
        known.try_lock_for_update(allow_referencing=True)._reopen_unsent()
        orders -= known.order_id
        rows = [order._trustedshops_prepare_invitation() for order in orders]
        # A buyer without a channel in their language waits until there is one.
        quiet = self.with_context(mail_create_nolog=True, tracking_disable=True)
        quiet.create([values for values in rows if values.get("channel_id")])

    @api.model
    def _reopen_lifted(self, suppressions):
        """Reopen the invitations of addresses whose suppressions were ended.

        :param suppressions: records of ``trustedshops.suppression``
        """
        lifted = Domain.OR(
            Domain("digest", "in", rows.mapped("digest"))
            & Domain("company_id", "=", company.id)
            for company, rows in suppressions.grouped("company_id").items()
        )
        consents = self.env["trustedshops.consent"].search(lifted)
        self.search([("order_id", "in", consents.order_id.ids)])._reopen_unsent()

    def _reopen_unsent(self):
        """Reopen those of the invitations that ended unsent for lack of a consent."""
        stopped = Domain("state", "=", "suppressed")
        stopped &= Domain("reason", "=", "no_consent")
        stopped &= Domain("may_have_arrived", "=", False)
        self.filtered_domain(stopped)._reopen()

    def _reopen(self):
        """Set the invitations back to waiting, so that the queue decides again."""
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
        """Return the domain of invitations whose cancelled order was confirmed."""
        oldest = fields.Datetime.now() - INVITE_WITHIN
        return (
            Domain("state", "=", "cancelled")
            & Domain("reason", "=", "cancelled")
            & Domain("ended_at", ">", oldest)
            & Domain("may_have_arrived", "=", False)
            & Domain("order_id.state", "=", "sale")
        )

    # === RETENTION === #
    @api.model
    def _get_old_payload_domain(self):
        """Return the domain of invitations that keep the sent data, but ended long ago.

        That is 30 days ago or more.
        """
        oldest = fields.Datetime.now() - timedelta(days=30)
        return Domain("payload", "!=", False) & Domain("ended_at", "<=", oldest)

    @api.model
    def _get_old_address_domain(self):
        """Return the domain of invitations whose address is no longer needed.

        It is kept as long as the company keeps consents, and as long as the rules for
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
        """Return the event about the order to send.

        :return: see ``_prepare_event`` of the channel
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
        """Return the data of the buyer to send. To be extended.

        Odoo stores first and last name in one field, so another addon has to add them.

        :return: ``email``, and ``firstName`` and ``lastName`` if they are known
        :rtype: dict[str, str]
        """
        return {"email": self.email}

    def _get_locale(self):
        """Return the locale of the order, '' if its language is that of the channel.

        :return: for example ``de_DE``
        :rtype: str
        """
        code, locale = self._get_lang_code() or "", self.channel_id.locale or ""
        language, _, country = code.partition("_")
        if language == locale.partition("_")[0] or len(country) != 2:
            return ""
        return code

    def _get_lang_code(self):
        """Return the code of the order's language, cached; False without one."""
        return self.env["res.lang"]._get_data(id=self.lang_id.id).code

    def _prepare_products(self):
        """Return the products to review, with the same data as the Trustcard has.

        :return: ``name``, ``sku``, ``url``, ``imageUrl``, ``gtin``, ``mpn`` and
            ``brand``, each if known
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

    # === THE RUN === #
    @api.model
    def _run_first(self):
        """Override of `website_sale_trustedshops` to create invitations.

        Also reopen those whose order was confirmed again, and delete old personal data.
        """
        steps = (
            (self._get_revived_domain, lambda rows: rows._reopen()),
            (self._get_old_payload_domain, lambda rows: rows.write({"payload": False})),
            (self._get_old_address_domain, lambda rows: rows.write({"email": False})),
        )
        return (
            super()._run_first()
            and self._create_missing(self._get_consent_age())
            and all(Job(self, *step).do_all() for step in steps)
        )

    @api.model
    def _run_between(self):
        """Override of `website_sale_trustedshops` to schedule activities.

        They are about new outcomes.
        """

        def get_domain():
            return Domain("notice_due", "=", True)

        return Job(self, get_domain, lambda rows: rows._schedule_outcomes()).do_all()

    @api.model
    def _get_jobs(self, run):
        """Override of `website_sale_trustedshops` to return the jobs.

        They decide about invitations, and send those that are due.
        """
        return [
            Job(self, self._get_undecided_domain, lambda rows: rows._update_decision()),
            Job(
                self,
                self._get_sendable_domain,
                lambda row: row._send(run),
                run=run,
                is_fair=True,
            ),
        ]

    @api.model
    def _get_undecided_domain(self):
        """Return the domain of invitations about which the queue decides now."""
        waiting = Domain("state", "=", "waiting") & self._get_due_domain()
        # Due, but not sent for a day, because the channel is held.
        since = fields.Datetime.now() - LOOK_AGAIN_AFTER
        held = Domain("state", "=", "due") & Domain("next_attempt_at", "<=", since)
        return waiting | held

    @api.model
    def _get_sendable_domain(self):
        """Return the domain of invitations that the queue can send now."""
        sendable = self.env["trustedshops.account"]._get_sendable_domain()
        domain = Domain("state", "=", "due") & self._get_due_domain()
        domain &= Domain("channel_id.account_id", "any", sendable)
        return domain & Domain("channel_id.hold_reason", "=", False)

    @api.model
    def _get_endpoint_domain(self, endpoints):
        """Override of `website_sale_trustedshops` to find them by account.

        :param endpoints: ids of accounts
        """
        return Domain("channel_id.account_id", "in", list(endpoints))

    def _get_login(self):
        """Override of `website_sale_trustedshops` to return the account."""
        return self.channel_id.account_id

    def _get_environment(self):
        """Override of `website_sale_trustedshops` to read it from the account."""
        return self.channel_id.account_id.environment

    def _get_client(self, run):
        """Override of `website_sale_trustedshops` to return the account's client.

        If its login cannot be used, the account is refused, and None is returned.
        """
        account = self.channel_id.account_id
        if account.id not in run.clients:
            try:
                run.clients[account.id] = account._get_client()
            except TrustedShopsError as error:
                self.channel_id._start_hold_after(error)
                return None
        return run.clients[account.id]

    def _in_shop(self):
        """Override of `website_sale_trustedshops` to skip field tracking.

        It takes a twentieth of the time.
        """
        return super()._in_shop().with_context(tracking_disable=True)

    @api.model
    def _trigger_decision(self, domain):
        """Make the queue decide soon about some invitations that wait.

        :param Domain domain: condition on the invitations
        :return: those that the queue is not deciding about already
        """
        waiting = self.search(Domain("state", "=", "waiting") & domain)
        if waiting:
            waiting = waiting.try_lock_for_update(allow_referencing=True)
            waiting.next_attempt_at = fields.Datetime.now()
            self._trigger_queue()
        return waiting

    # === SENDING === #
    def _send(self, run):
        """Send the event of the order, or store why the buyer is not invited now.

        Read everything before the call, and use the order and the channel as they are
        now, even after an earlier attempt.

        :param Run run: run of the queue
        """
        if reason := self._get_reason():
            self._apply_reason(reason)
            return
        payload = self._prepare_payload()
        answer = self._ask(
            run,
            lambda client: client.send_event(payload),
            lambda row, *answer: row._store_event(*answer),
            rest=EVENTS,
            state="sending",
            payload=json.dumps(payload, ensure_ascii=False, indent=2),
            attempt_count=self.attempt_count + 1,
            sent_at=fields.Datetime.now(),
        )
        if isinstance(answer, RefusedError):
            self._start_hold_after_same_answers()
        elif isinstance(answer, TrustedShopsError):
            self.channel_id._start_hold_after(answer)

    def _store_event(self, answer, is_late):
        """Store the answer to an event; a success counts even if it is late.

        :param answer: id of the event, or the TrustedShopsError
        :param bool is_late: whether another process has taken the invitation over
        """
        if not isinstance(answer, TrustedShopsError):
            self.write(self._prepare_accepted_values(answer or self.event_ref))
        elif self.state == "sending" and not is_late:
            self.write(self._prepare_error_values(answer))

    def _prepare_accepted_values(self, event_ref):
        """Return the values to write after Trusted Shops accepted the event.

        :param event_ref: id of the event
        :type event_ref: str or bool
        :rtype: dict
        """
        now = fields.Datetime.now()
        return {
            "state": "accepted",
            "reason": False,
            "event_ref": event_ref,
            "answered_at": now,
            "ended_at": now,
            "next_attempt_at": False,
            "last_error": False,
            "may_have_arrived": True,
            # Close an activity about the invitation, and check whether the buyer took
            # the consent back in the meantime.
            "notice_due": True,
        }

    def _prepare_error_values(self, error):
        """Return the values after an error: due again, failed, or unknown.

        It is unknown if the event may have arrived.

        :param TrustedShopsError error: from the client
        :rtype: dict
        """
        now, wait = fields.Datetime.now(), {}
        values = {"last_error": error.trouble, "answered_at": now, "state": "due"}
        if isinstance(error, MisconfiguredError):  # the account or channel notifies
            return {**values, "next_attempt_at": now}
        if isinstance(error, RetryableError):
            if error.maybe_sent:
                return {**values, **self._prepare_lost_values()}
            wait = self._prepare_wait_values(error)
        return {**values, **(wait or {"state": "failed", **self._prepare_end_values()})}

    def _is_given_up_after(self, error):
        """Override of `website_sale_trustedshops` to give up in most cases.

        After a gateway's refusal the queue goes on, because nothing was received.
        """
        return not getattr(error, "is_from_gateway", False)

    def _prepare_end_values(self):
        """Return the values that end the invitation until a user sends it again."""
        now = fields.Datetime.now()
        return {"ended_at": now, "next_attempt_at": False, "notice_due": True}

    def _prepare_lost_values(self):
        """Override of `website_sale_trustedshops` to end the invitation.

        Its state becomes ``unknown``: only a user sends it again.
        """
        return {
            "state": "unknown",
            "may_have_arrived": True,
            **self._prepare_end_values(),
        }

    def _start_hold_after_same_answers(self):
        """Hold the channel after three refusals in a row with the same message.

        Then the channel is at fault, so the three invitations become due again, and are
        sent after its release.
        """
        last = self.search(
            [("channel_id", "=", self.channel_id.id), ("answered_at", "!=", False)],
            order="answered_at desc, id desc",
            limit=3,
        )
        told = {(each.state, each.last_error) for each in last}
        if len(last) < 3 or told != {("failed", self.last_error)}:
            return
        rows = last.try_lock_for_update(allow_referencing=True)
        rows.write(
            {
                "state": "due",
                "ended_at": False,
                "notice_due": False,
                "next_attempt_at": fields.Datetime.now(),
            }
        )
        self.channel_id._start_hold("invalid", self.last_error)
