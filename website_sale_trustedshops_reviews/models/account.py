# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.client_action import show
from odoo.addons.website_sale_trustedshops.const import ENVIRONMENTS, PROBE_TIMEOUTS
from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    MisconfiguredError,
    TrustedShopsError,
)
from odoo.addons.website_sale_trustedshops.models.messages import PROBLEM

from .. import const
from ..lib.account_content import read_account_content
from ..lib.errors import LoginRefusedError, OtherChannelsError
from ..lib.etrusted import HOSTS, ETrustedClient, clean_login
from .service import EVENTS, REST

# The messages about the reasons of ``_get_refusal_reason``.
REFUSALS = {
    "draft": "account_draft",
    "mismatch": "account_mismatch",
    "refused": "account_refused",
}


class TrustedShopsAccount(models.Model):
    """The login of a company at eTrusted, Trusted Shops' interface for reviews.

    A user who connects the account and a daily job read its channels. If Trusted Shops
    does not answer, the values that were read before stay.
    """

    _name = "trustedshops.account"
    _description = "Trusted Shops Account"
    _inherit = ["trustedshops.login"]
    _order = "company_id, id"

    _login_service = REST
    _login_rest = EVENTS
    _login_cron = "website_sale_trustedshops_reviews.ir_cron_refresh_accounts"
    _trustedshops_login_fields = frozenset({"client_id", "client_secret"})
    _trustedshops_password_fields = frozenset({"client_secret"})

    # --- Entered by users ---
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    # Declared again, so that this addon translates the labels.
    environment = fields.Selection(
        ENVIRONMENTS,
        help="Fixed once the account has channels. Before, changing it removes the"
        " stored secret: each environment needs its own.",
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
    # --- Read from Trusted Shops ---
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
    # ``trouble`` of errors. In the state "mismatch", the first field holds the names of
    # the missing channels; in the state "connected", it says why the last call had no
    # answer.
    last_error = fields.Text(readonly=True, copy=False, export_string_translation=False)
    type_error = fields.Text(readonly=True, copy=False, export_string_translation=False)
    # Only answers since this client ID was entered.
    connected_at = fields.Datetime(string="Last Answer", readonly=True, copy=False)
    channel_ids = fields.One2many("trustedshops.channel", "account_id")

    _unique_place = models.UniqueIndex(
        "(company_id, environment)",
        "The company has an account of this environment already.",
    )
    _unique_client = models.Constraint(
        "UNIQUE (environment, client_id)",
        "This client ID already has an account, perhaps one of another company. Create"
        " another API client at Trusted Shops.",
    )

    # === COMPUTED FIELDS === #
    @api.depends("company_id", "environment")
    @api.depends_context("lang")
    def _compute_display_name(self):
        environments = self.fields_get(["environment"])["environment"]["selection"]
        for account in self:
            names = account.company_id.name, dict(environments)[account.environment]
            account.display_name = ", ".join(filter(None, names))

    def _compute_new_client_secret(self):
        self.new_client_secret = False

    @api.depends("client_id", "client_secret")
    def _compute_has_login(self):
        for account in self:
            account.has_login = bool(account.client_id and account.client_secret)

    # === FINDINGS === #
    @api.model
    def _get_finding_fields(self):
        """Override of `website_sale_trustedshops` to return the fields.

        They are the guarded ones, ``has_login``, and whether there are channels.
        """
        return (*self._trustedshops_guarded_fields, "has_login", "channel_ids")

    def _get_findings(self):
        """Override of `website_sale_trustedshops` to list the findings.

        They are about the login and the last answer. The form lists the channels with
        their own.
        """
        findings = self._get_own_findings()
        archived_too = self.with_context(active_test=False)
        if self.state == "connected" and not archived_too.channel_ids:
            findings.append(self._prepare_finding("account_empty"))
        return findings

    def _get_own_findings(self):
        """Return the findings about the account itself, without its channels.

        The channels show them, too.

        :rtype: list of dict
        """
        self.ensure_one()
        refusal, findings = self._get_refusal(), [self._get_wait_finding()]
        if refusal in ("", "draft") and self._is_unanswered_for_long():
            findings.append(self._get_silence_finding(self.last_error))
        elif refusal:
            code, values = REFUSALS[refusal], self._get_refusal_values()
            findings.append(self._prepare_finding(code, at=self.refused_at, **values))
        if self.type_error:
            reason = self._format_trouble(self.type_error)
            values = {"name": const.EVENT_TYPE, "reason": reason}
            findings.append(self._prepare_finding("account_type", **values))
        return [each for each in findings if each]

    def _is_unanswered_for_long(self):
        """Return True if there was no answer for two days, or never one.

        If the whole service is silent, the record of the service reports that.
        """
        oldest = fields.Datetime.now() - timedelta(days=2)
        return bool(self.last_error) and (
            not self.connected_at
            or (self.connected_at < oldest and self._get_wait().code != "silent")
        )

    def _get_silence_finding(self, error):
        """Return the finding about a missing answer.

        :param str error: ``trouble`` of the error
        :rtype: dict
        """
        reason = self._format_trouble(error)
        return self._prepare_finding("account_unanswered", reason=reason)

    def _format_refusal(self, code):
        """Override of `website_sale_trustedshops` to return that about the state."""
        return self._format_message(REFUSALS[code], **self._get_refusal_values())

    def _get_refusal_values(self):
        """Return the values that the messages about a refusal name."""
        return {
            "channels": self.last_error,
            "reason": self._format_trouble(self.last_error),
        }

    # === MAY TRUSTED SHOPS BE ASKED === #
    @api.model
    def _get_accepted_domain(self):
        """Override of `website_sale_trustedshops` to accept connected ones."""
        return Domain("state", "=", "connected")

    def _get_refusal_reason(self):
        """Override of `website_sale_trustedshops` to return the state."""
        return self.state

    def _get_endpoint(self, environment):
        """Override of `website_sale_trustedshops` to return the account's id.

        Calls with one account fail together, but not with those of other accounts.
        """
        return self.id

    @api.model
    def _get_endpoint_domain(self, endpoints):
        """Override of `website_sale_trustedshops` to find accounts by id."""
        return Domain("id", "in", list(endpoints))

    # === CRUD === #
    @api.model_create_multi
    def create(self, vals_list):
        """Override of the framework to clean the login, and store it apart."""
        vals_list = [self._prepare_login_values(vals) for vals in vals_list]
        accounts = super().create(
            [self._prepare_without_login(vals) for vals in vals_list]
        )
        for account, vals in zip(accounts, vals_list, strict=True):
            account._store_login(vals)
        return accounts

    def write(self, vals):
        """Override of the framework to reset the state when the login changes.

        Another environment also deletes the secret, unless there is a new one.

        :raise UserError: if an account with channels would get another environment or
            company
        """
        vals = self._prepare_login_values(vals)
        self._check_channels_kept(vals)
        is_moved = bool(self._filter_changed(vals, "environment"))
        others_sudo = self.sudo()._filter_changed(vals, "client_id")
        if is_moved and not vals.get("client_secret"):
            vals["client_secret"] = False  # never send it to another system
        result = super().write(self._prepare_without_login(vals))
        self._store_login(vals)
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
                account_sudo._sync_todos(by_person=True)
            others_sudo.connected_at = False
        return result

    def _filter_changed(self, vals, name):
        """Return the accounts in which ``write`` would change a field.

        :param dict vals: values of ``write``
        :param str name: name of the field
        """
        convert = self._fields[name].convert_to_write
        return self.filtered(
            lambda each: name in vals and convert(each[name], each) != vals[name]
        )

    def _check_channels_kept(self, vals):
        """Check that accounts with channels keep their environment and company.

        :param dict vals: values of ``write``
        :raise UserError: if one would change
        """
        accounts = self.with_context(active_test=False).filtered("channel_ids")
        if moved := accounts._filter_changed(vals, "environment")[:1]:
            environments = self._fields["environment"].get_description(self.env)[
                "selection"
            ]
            raise UserError(
                self.env._(
                    "The account %(account)s is connected: its channels and their"
                    " reviews belong to the environment “%(environment)s”. Add an"
                    " account for the other environment.",
                    account=moved.display_name,
                    environment=dict(environments)[moved.environment],
                )
            )
        if moved := accounts._filter_changed(vals, "company_id")[:1]:
            raise UserError(
                self.env._(
                    "The channels of %(account)s serve websites of %(company)s. Add an"
                    " account for the other company.",
                    account=moved.display_name,
                    company=moved.company_id.name,
                )
            )

    def unlink(self):
        """Override of the framework to delete the channels first.

        The database refuses that if consents or invitations use them.
        """
        self.check_access("unlink")
        self.with_context(active_test=False).channel_ids.sudo().unlink()
        return super().unlink()

    @api.model
    def _prepare_login_values(self, vals):
        """Return values for ``create`` or ``write`` with a cleaned login.

        ``new_client_secret`` becomes ``client_secret``, unless it is empty.

        :param dict vals: values of ``create`` or ``write``
        :rtype: dict
        """
        vals = dict(vals)
        if secret := vals.pop("new_client_secret", False):
            vals["client_secret"] = secret
        for name in self._trustedshops_login_fields & vals.keys():
            vals[name] = clean_login(vals[name])
        return vals

    # === ASKING TRUSTED SHOPS === #
    def _get_client(self, kind=ETrustedClient, **timeouts):
        """Return a client with the login of this account; the caller closes it.

        :param type kind: class of the client
        :param timeouts: limits for the base's ``Session``, in seconds and bytes
        :rtype: ETrustedClient
        :raise LoginRefusedError: if the login is incomplete, or the address invalid
        """
        self.ensure_one()
        account_sudo = self.sudo()
        hosts = HOSTS.get(self.environment) or (
            (self.env["trustedshops.certificate"]._get_sandbox_url(),) * 2
        )
        try:
            return kind(
                hosts, account_sudo.client_id, account_sudo.client_secret, **timeouts
            )
        except ValueError as error:  # its message names no value
            raise LoginRefusedError(str(error)) from error

    def action_connect(self):
        """Read the account at Trusted Shops, and show the result.

        Without a login, only show that it is missing.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the right to write the account
        """
        self.ensure_one()
        self.check_access("write")
        failure = self.has_login and self._ask(by_person=True)
        if failure:
            finding = self._get_silence_finding(failure.trouble)
            return show(finding["text"], type="warning")
        if not self.headline:
            return {"type": "ir.actions.client", "tag": "soft_reload"}
        is_problem = self.headline_level == PROBLEM
        return show(self.headline, type="danger" if is_problem else "warning")

    def _ask(self, *, by_person=False):
        """Read the account at Trusted Shops, and store the answer or the error.

        This creates missing event types at Trusted Shops, and syncs the activities.

        :param bool by_person: whether a user waits for the answer
        :return: the error if there is no answer; None after an answer, also a refusal
        :rtype: TrustedShopsError or None
        """
        account_sudo = self.sudo()
        names = account_sudo.channel_ids.mapped("event_type")
        try:
            with account_sudo._get_client(**const.ASK_TIMEOUTS) as client:
                answer = read_account_content(
                    client,
                    {const.EVENT_TYPE, *names},
                    seconds=20,
                    known_refs=account_sudo._get_known_refs(),
                )
        except TrustedShopsError as error:
            answer = error
        account_sudo.last_attempt_at = fields.Datetime.now()
        failure = None
        if isinstance(answer, OtherChannelsError):
            missing = account_sudo.channel_ids.filtered(
                lambda each: each.channel_ref in answer.refs
            )
            names = ", ".join(missing.mapped("display_name"))
            account_sudo._update_refusal("mismatch", names, by_person=by_person)
        elif isinstance(answer, MisconfiguredError):
            told = answer.trouble
            account_sudo._update_refusal("refused", told, by_person=by_person)
        elif isinstance(answer, TrustedShopsError):
            failure = answer
            account_sudo._store_failure(failure, by_person=by_person)
        else:
            account_sudo._store_content(answer, by_person=by_person)
        # Do not judge the service by a failure while a user waits, because the timeouts
        # are short.
        if by_person and not failure:
            account_sudo._update_answered()
        return failure

    def _check(self):
        """Override of `website_sale_trustedshops` to read the account.

        See :meth:`_ask`.
        """
        return self._with_responsible_lang()._ask()

    def _probe(self):
        """Override of `website_sale_trustedshops` to read the channels.

        That changes nothing.
        """
        try:
            with self._get_client(**PROBE_TIMEOUTS) as client:
                client.get_channels()
        except TrustedShopsError as error:
            return error
        return None

    def _get_known_refs(self):
        """Return the ids of the channels that a new client ID must list.

        :return: ids at Trusted Shops; empty if the current client ID was accepted
            before
        :rtype: set of str
        """
        if self.connected_at:
            return set()
        there = self.channel_ids.filtered(lambda each: each.hold_reason != "gone")
        return set(there.mapped("channel_ref"))

    # === STORING THE ANSWER === #
    def _update_refusal(self, state, text, *, by_person=False):
        """Store that Trusted Shops refuses the login, which stops all other calls.

        The responsible user gets an activity. The daily check goes on, because Trusted
        Shops may accept the login again.

        :param str state: ``refused`` or ``mismatch``
        :param str text: ``trouble`` of the error, or the names of the missing channels
        :param bool by_person: whether a user sees it anyway, see :meth:`_sync_todos`
        """
        self.ensure_one()
        since = (self.state == state and self.refused_at) or fields.Datetime.now()
        self.write({"state": state, "last_error": text, "refused_at": since})
        self._sync_todos(by_person=by_person)

    def _store_failure(self, error, *, by_person):
        """Store why Trusted Shops gave no answer, and sync the activities.

        The state stays as it is, and a refused account keeps its reason.

        :param TrustedShopsError error: from the client
        :param bool by_person: see :meth:`_sync_todos`
        """
        self._update_limit(error)
        if self.state in ("refused", "mismatch"):
            return
        self.last_error = error.trouble
        self._sync_todos(by_person=by_person)

    def _store_content(self, content, *, by_person):
        """Store that the account is connected, with its channels and their settings.

        Start the queue of invitations if it waited for this. If a user waits, also
        release channels to which access was refused, and read again in a minute if
        settings are still missing.

        :param AccountContent content: content of the account at Trusted Shops
        :param bool by_person: whether a user waits for the answer
        """
        error = content.type_error
        was_waiting = self.state != "connected"
        self.write(
            {
                "state": "connected",
                "last_error": False,
                "type_error": error and error.trouble,
                "limited_until": False,
                "refused_at": False,
                "connected_at": fields.Datetime.now(),
            }
        )
        self._sync_todos(by_person=by_person)
        if by_person:  # before missing ones are marked as gone
            self.channel_ids.filtered(
                lambda channel: channel.hold_reason == "refused"
            )._release()
        channels = self.env["trustedshops.channel"].sudo()
        channels._store_content(self, content)
        if by_person and any(each._is_being_set_up() for each in self.channel_ids):
            self._trigger_check()
        if was_waiting:
            self.env["trustedshops.invitation"]._trigger_queue()

    # === THE DAILY REFRESH === #
    def _trigger_check(self):
        """Make the daily job read the account again in a minute, for new settings."""
        self.sudo().last_attempt_at = False
        # Trusted Shops sets up a new event type within seconds.
        at = fields.Datetime.now() + timedelta(minutes=1)
        self.env["ir.cron"]._trustedshops_trigger(self._login_cron, at=at)

    @api.model
    def _search_in_use(self, domain):
        """Override of `website_sale_trustedshops` to leave out those without login."""
        return super()._search_in_use(domain).filtered("has_login")
