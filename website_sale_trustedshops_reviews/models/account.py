# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.client_action import show
from odoo.addons.website_sale_trustedshops.const import PROBE_TIMEOUTS
from odoo.addons.website_sale_trustedshops.framework import clear_caches
from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    MisconfiguredError,
    TrustedShopsError,
)
from odoo.addons.website_sale_trustedshops.models.failure import explain_trouble
from odoo.addons.website_sale_trustedshops.models.finding import HINT, OK, PROBLEM

from .. import const
from ..lib.errors import LoginRefusedError, OtherChannelsError
from ..lib.etrusted import HOSTS, ETrustedClient, clean_login
from ..lib.inventory import take_inventory
from .service import REST


class TrustedShopsAccount(models.Model):
    """One login of a company at Trusted Shops' interface for reviews (eTrusted).

    It is asked when somebody connects it, and once a day. Whatever comes back, the
    record can be saved, and what was known before stays.
    """

    _name = "trustedshops.account"
    _description = "Trusted Shops Account"
    _inherit = ["trustedshops.login"]
    _order = "company_id, id"

    _trustedshops_guarded_fields = frozenset(
        {
            "state",
            "last_error",
            "type_error",
            "connected_at",
            "limited_until",
            "refused_at",
            "told_causes",
            "last_attempt_at",
        }
    )
    _login_service = REST
    _login_cron = "website_sale_trustedshops_reviews.ir_cron_refresh_accounts"
    _trustedshops_login_fields = frozenset({"client_id", "client_secret"})
    _trustedshops_password_fields = frozenset({"client_secret", "new_client_secret"})

    # --- What a person enters ---
    name = fields.Char(required=True, default="Trusted Shops")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    environment = fields.Selection(
        help="Fixed once the account has channels. Before, changing it removes the"
        " stored secret: each environment needs its own."
    )
    client_id = fields.Char(string="Client ID", copy=False, groups="base.group_system")
    client_secret = fields.Char(
        copy=False,
        groups="base.group_system",
        exportable=False,
        export_string_translation=False,
    )
    # Browsers cache what forms read, so the form writes this field, which is always
    # empty when read.
    new_client_secret = fields.Char(
        string="Secret",
        compute="_compute_new_client_secret",
        readonly=False,
        groups="base.group_system",
        exportable=False,
    )
    has_login = fields.Boolean(
        compute="_compute_has_login", compute_sudo=True, export_string_translation=False
    )
    # --- What Trusted Shops says ---
    state = fields.Selection(
        [
            ("draft", "Not Connected"),
            ("connected", "Connected"),
            ("refused", "Login Refused"),
            ("mismatch", "Other Channels"),
        ],
        string="Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
    )
    # English technical sentences; the words for people are made from the state. Of a
    # client with other channels: the names of those that it should list. Of one that is
    # connected: why it was not answered the last time.
    last_error = fields.Text(readonly=True, copy=False, export_string_translation=False)
    type_error = fields.Text(readonly=True, copy=False, export_string_translation=False)
    # With this client ID.
    connected_at = fields.Datetime(string="Last Answer", readonly=True, copy=False)
    channel_ids = fields.One2many("trustedshops.channel", "account_id")

    _unique_client = models.Constraint(
        "UNIQUE (environment, client_id)",
        "This client ID already has an account, perhaps an archived one or one of"
        " another company. Use that account, or create another API client at Trusted"
        " Shops.",
    )

    # === COMPUTED FIELDS === #
    def _compute_new_client_secret(self):
        self.new_client_secret = False

    @api.depends("client_id", "client_secret")
    def _compute_has_login(self):
        for account in self:
            account.has_login = bool(account.client_id and account.client_secret)

    # === FINDINGS === #
    @api.model
    def _get_finding_fields(self):
        """Override: what Trusted Shops says, and whether there is a login."""
        return (*self._trustedshops_guarded_fields, "active", "has_login")

    def _get_findings(self):
        """Override: whether the login is used, and what Trusted Shops said."""
        self.ensure_one()
        findings = [self._get_login_finding(), self._get_wait_finding()]
        if self.last_error and self._get_refusal() in ("", "draft"):
            text = self._explain_unreachable(self.last_error)
            level = PROBLEM if self._is_unreachable_for_long() else HINT
            findings.append(self._make_finding("asking", level, text, is_pressing=True))
        if self.type_error:
            text = self.env._(
                "The event type %(name)s could not be set up at Trusted Shops"
                " (%(reason)s), so Odoo invites nobody. Create it there under Settings"
                " > Event Types, and connect again.",
                name=const.EVENT_TYPE,
                reason=explain_trouble(self.env, self.type_error),
            )
            findings.append(self._make_finding("type", PROBLEM, text))
        return [each for each in findings if each]

    def _notify_problems(self, *, by_person=False, is_first=False):
        """Override: who presses a button sees it there, and nobody else was told."""
        told = set(self.told_causes or ())
        result = super()._notify_problems(
            by_person=by_person, is_first=by_person or is_first
        )
        if by_person:
            self.sudo().told_causes = sorted(told & set(self.told_causes or ()))
        return result

    def _get_login_finding(self):
        """Return whether Trusted Shops accepts the login."""
        code = self._get_refusal()
        if not code:
            text = self.env._("Connected: Trusted Shops accepts the login.")
            return self._make_finding("login", OK, text, self.connected_at)
        if code in ("refused", "mismatch"):
            text = self._explain_refusal(code)
            return self._make_finding("login", PROBLEM, text, self.refused_at)
        if code == "draft" and (self.last_error or not self.has_login):
            return None  # the form says what to do
        text = self._explain_refusal(code)
        return self._make_finding("login", HINT, text, is_pressing=True)

    def _is_unreachable_for_long(self):
        """Tell whether there was no answer for days, and not for all alike."""
        oldest = fields.Datetime.now() - const.UNREACHABLE_AFTER
        is_long = not self.connected_at or self.connected_at < oldest
        return is_long and self._get_wait().code != "silent"

    def _explain_refusal(self, code):
        """Override of the base: codes are those of the state, and ``archived``."""
        if code == "archived":
            return self._explain_archived()
        if code == "draft":
            return self.env._(
                "Not connected yet: press Connect. Nobody is invited until then."
            )
        if code == "refused":
            return self.env._(
                "Trusted Shops does not accept this login (%(reason)s). Copy the client"
                " ID and the secret anew from Settings > API Clients at Trusted Shops."
                " The API client must be enabled there, by a user with the"
                " Administrative role.",
                reason=explain_trouble(self.env, self.last_error),
            )
        return self.env._(
            "The API client with this ID does not list these channels of this account:"
            " %(channels)s. Nothing was changed, and nothing is sent. Use an API client"
            " of the same account at Trusted Shops, or add another account here."
            " Archive channels that do not exist any more.",
            channels=self.last_error,
        )

    def _explain_unreachable(self, reason):
        return self.env._(
            "Trusted Shops could not be asked (%(reason)s). What was known before"
            " stays in force. We try again once a day; you can connect at any time.",
            reason=explain_trouble(self.env, reason),
        )

    def _explain_archived(self):
        return self.env._(
            "The account %(account)s is archived, so nobody is invited and nothing is"
            " read. Unarchive it to go on.",
            account=self.name,
        )

    # === MAY TRUSTED SHOPS BE ASKED === #
    def _get_refusal(self):
        """Override: an archived account asks nothing; else see the state."""
        if not self.active:
            return "archived"
        return "" if self.state == "connected" else self.state

    @api.model
    def _get_accepted_domain(self):
        """Override: see :meth:`_get_refusal`."""
        return Domain("active", "=", True) & Domain("state", "=", "connected")

    # === CRUD === #
    @api.model_create_multi
    def create(self, vals_list):
        """Override of the framework to store a login as it was meant."""
        return super().create([self._prepare_login_values(vals) for vals in vals_list])

    def write(self, vals):
        """Override of the framework: another login is not connected yet."""
        vals = self._prepare_login_values(vals)
        self._check_channels_kept(vals)
        is_moved = bool(self._filter_changed(vals, "environment"))
        others_sudo = self.sudo()._filter_changed(vals, "client_id")
        if is_moved and not vals.get("client_secret"):
            vals["client_secret"] = False  # it would be sent to another system
        result = super().write(vals)
        if is_moved or self._trustedshops_login_fields & vals.keys():
            accounts_sudo = self.sudo()
            accounts_sudo.write(
                {
                    "state": "draft",
                    "last_error": False,
                    "type_error": False,
                    "refused_at": False,
                }
            )
            for account_sudo in accounts_sudo:
                account_sudo._notify_problems(by_person=True)
            others_sudo.connected_at = False
        if "active" in vals:
            clear_caches(self.env)  # see ``_find_id_for`` of channels
        if vals.get("active"):
            self._trigger_queues()
        return result

    def _filter_changed(self, vals, name):
        """Return those of these accounts to which values give something else.

        :param dict vals: of ``write``
        :param str name: of a field that is no relation
        """
        return self.filtered(lambda each: name in vals and each[name] != vals[name])

    def _check_channels_kept(self, vals):
        """Refuse what would take channels from where they and their reviews belong.

        :param dict vals: of ``write``
        :raise UserError: when an account with channels would get another environment
            or company
        """
        accounts = self.with_context(active_test=False).filtered("channel_ids")
        for account in accounts._filter_changed(vals, "environment"):
            environments = self._fields["environment"]._description_selection(self.env)
            raise UserError(
                self.env._(
                    "The account %(account)s is connected: its channels and their"
                    " reviews belong to the environment “%(environment)s”. Add another"
                    " account for the other environment.",
                    account=account.name,
                    environment=dict(environments)[account.environment],
                )
            )
        for account in accounts:
            company_id = vals.get("company_id", account.company_id.id)
            if company_id != account.company_id.id:
                raise UserError(
                    self.env._(
                        "The channels of %(account)s serve websites of %(company)s."
                        " Add another account for the other company.",
                        account=account.name,
                        company=account.company_id.name,
                    )
                )

    def unlink(self):
        """Override of the framework: its channels go along, unless they are used."""
        self.check_access("unlink")
        self.with_context(active_test=False).channel_ids.sudo().unlink()
        return super().unlink()

    @api.model
    def _prepare_login_values(self, vals):
        """Return values with the login as it was meant, however it was copied."""
        vals = dict(vals)
        if secret := vals.pop("new_client_secret", False):
            vals["client_secret"] = secret
        for name in self._trustedshops_login_fields & vals.keys():
            vals[name] = clean_login(vals[name])
        return vals

    # === ASKING === #
    def _get_client(self, kind=ETrustedClient, **timeouts):
        """Return a client with the login of this account, to be closed by the caller.

        :param type kind: class of the client
        :param timeouts: what the base's ``Session`` takes: seconds, bytes
        :rtype: ETrustedClient
        :raise LoginRefusedError: when the login, or the address, cannot be used
        :raise UserError: when the account is archived
        """
        self.ensure_one()
        if not self.active:
            raise UserError(
                self.env._(
                    "The account %(account)s is archived: unarchive it first.",
                    account=self.name,
                )
            )
        account_sudo = self.sudo()
        hosts = HOSTS.get(self.environment) or (
            (self.env["trustedshops.certificate"]._get_sandbox_url(),) * 2
        )
        try:
            return kind(
                hosts, account_sudo.client_id, account_sudo.client_secret, **timeouts
            )
        except ValueError as error:  # the message names no value
            raise LoginRefusedError(str(error)) from error

    def action_connect(self):
        """Ask Trusted Shops what the account has, for somebody who waits."""
        self.ensure_one()
        self.check_access("write")
        if not self.has_login:
            return show(
                self.env._("Enter the client ID and the secret first."), type="warning"
            )
        if failure := self._ask(by_person=True):
            message = self._explain_unreachable(str(failure))
            return show(message, type="warning", sticky=True)
        if self.state != "connected" or self.type_error:
            is_bad = self.state in ("refused", "mismatch")
            kind = "danger" if is_bad else "warning"
            return show(self.attention, type=kind, sticky=True)
        return show(self._explain_channels())

    def _explain_channels(self):
        """Return how many channels were found, and how many of them have a website."""
        placed = self.channel_ids.filtered("website_id")
        if not self.channel_ids:
            return self.env._(
                "Connected, but the account has no channel yet: Trusted Shops sets one"
                " up for each shop and language."
            )
        if placed == self.channel_ids:
            return self.env._("Connected. All channels serve a website.")
        return self.env._(
            "Connected. Channels that serve a website: %(placed)s of %(count)s. The"
            " others say what is missing.",
            placed=len(placed),
            count=len(self.channel_ids),
        )

    def _ask(self, *, by_person=False):
        """Ask what the account has and store it; never raises because of the service.

        :param bool by_person: whether somebody waits for the answer
        :return: why there is no answer
        :rtype: TrustedShopsError or None
        """
        account_sudo = self.sudo()
        names = account_sudo.channel_ids.mapped("event_type")
        try:
            with account_sudo._get_client(**const.ASK_TIMEOUTS) as client:
                answer = take_inventory(
                    client,
                    {const.EVENT_TYPE, *names},
                    seconds=const.ASK_SECONDS,
                    known_refs=account_sudo._get_known_refs(),
                )
        except TrustedShopsError as error:
            answer = error
        account_sudo.last_attempt_at = fields.Datetime.now()
        failure = None
        if isinstance(answer, OtherChannelsError):
            account_sudo._note_mismatch(answer.refs, by_person=by_person)
        elif isinstance(answer, MisconfiguredError):
            account_sudo._refuse(str(answer), by_person=by_person)
        elif isinstance(answer, TrustedShopsError):
            failure = answer
            account_sudo._note_unreachable(failure, by_person=by_person)
        else:
            account_sudo._note_connected(answer, by_person=by_person)
        if by_person and not failure:  # who waits for an answer is no measure
            account_sudo._note_call(None)
        return failure

    def _check(self):
        """Override: whatever it says is stored with the account."""
        return self._in_responsible_lang()._ask()

    def _probe(self):
        """Override: what the account has changes nothing."""
        try:
            with self._get_client(**PROBE_TIMEOUTS) as client:
                client.get_channels()
        except TrustedShopsError as error:
            return error
        return None

    def _get_known_refs(self):
        """Return the channels by which the first answer to a client ID is recognized.

        :return: ids at Trusted Shops; empty when it answered with this client ID before
        :rtype: set of str
        """
        if self.connected_at:
            return set()
        there = self.channel_ids.filtered(lambda each: each.hold_reason != "gone")
        return set(there.mapped("channel_ref"))

    # === STORING === #
    def _refuse(self, text, *, by_person=False):
        """Send nothing more with this login until it is accepted again.

        :param str text: what Trusted Shops said
        :param bool by_person: whether somebody sees it anyway
        """
        self._stop("refused", text, by_person=by_person)

    def _note_mismatch(self, refs, *, by_person):
        """Send nothing with a client ID of another account at Trusted Shops.

        :param refs: ids of the channels that it does not list
        :type refs: set of str
        :param bool by_person: whether somebody sees it anyway
        """
        missing = self.channel_ids.filtered(lambda each: each.channel_ref in refs)
        names = ", ".join(missing.mapped("display_name"))
        self._stop("mismatch", names, by_person=by_person)

    def _stop(self, state, text, *, by_person):
        """Send nothing more, and have a person see to it.

        The account is asked once a day as before, because Trusted Shops may change it.
        """
        self.ensure_one()
        since = self.state == state and self.refused_at
        since = since or fields.Datetime.now()
        self.write({"state": state, "last_error": text, "refused_at": since})
        self._notify_problems(by_person=by_person)

    def _note_unreachable(self, error, *, by_person):
        """Store why Trusted Shops could not be asked, and tell a person if it lasts.

        A login that was never accepted, or is not any more, stays so: nothing is sent
        with it, and what waited goes out when it is good. Of a refused one the reason
        stays, and its activity. An outage is told by the service.
        """
        self._note_limit(error)
        if self.state in ("refused", "mismatch"):
            return
        self.last_error = str(error)
        self._notify_problems(by_person=by_person)

    def _note_connected(self, inventory, *, by_person):
        """Store what the account has; invitations that waited for it go out.

        :param Inventory inventory: what Trusted Shops said
        """
        error = inventory.type_error
        was_waiting = self.state != "connected"
        self.write(
            {
                "state": "connected",
                "last_error": False,
                "type_error": str(error) if error else False,
                "limited_until": False,
                "refused_at": False,
                "connected_at": fields.Datetime.now(),
            }
        )
        self._notify_problems(by_person=by_person)
        if by_person:  # before it is seen which of them are gone
            self.channel_ids.filtered(
                lambda channel: channel.hold_reason == "refused"
            )._release()
        channels = self.env["trustedshops.channel"].sudo()
        channels._store_inventory(self, inventory)
        if by_person and self.channel_ids._are_settings_missing():
            self._ask_soon()
        if was_waiting:
            self._trigger_queues()

    def _trigger_queues(self):
        """Have invitations and answers go out that waited for an account or channel."""
        self.env["trustedshops.invitation"]._trigger_queue()
        self.env["trustedshops.review.task"]._trigger_queue()

    # === THE DAILY REFRESH === #
    def _ask_soon(self):
        """Have the scheduled action ask about the accounts in a moment."""
        self.sudo().last_attempt_at = False
        at = fields.Datetime.now() + const.SETTINGS_APPEAR_AFTER
        self.env["ir.cron"]._trustedshops_trigger(self._login_cron, at=at)

    @api.model
    def _find_in_use(self, domain):
        """Override: one without a login cannot be asked about."""
        return super()._find_in_use(domain).filtered("has_login")
