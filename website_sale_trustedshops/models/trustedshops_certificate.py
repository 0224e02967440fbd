# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import str2bool

from .. import const
from ..lib.client import ENDPOINTS, Endpoints, TrustedShopsClient
from ..lib.exceptions import MisconfiguredError, TrustedShopsError
from ..lib.shop_url import match_shop_url
from ..lib.ts_id import normalize_ts_id

_logger = logging.getLogger(__name__)

# What has to be asked again when it changed.
CHECKED_FIELDS = {"ts_id", "environment", "ws_user", "ws_password"}


class TrustedShopsCertificate(models.Model):
    """A Trusted Shops certificate of one website, for one language or all of them.

    What the service says about it is asked when it is saved and once a day, never
    while a shopper waits. A check that fails leaves everything as it was and says so.
    """

    _name = "trustedshops.certificate"
    _description = "Trusted Shops Certificate"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _rec_name = "ts_id"
    _order = "website_id, lang_id, id"
    _check_company_auto = True

    active = fields.Boolean(default=True)
    ts_id = fields.Char(
        string="Trusted Shops ID",
        required=True,
        copy=False,
        help="The identifier of the certificate: an X and 32 letters or digits.",
    )
    environment = fields.Selection(
        [
            ("production", "Production"),
            ("qa", "Trusted Shops' test system"),
            ("sandbox", "Sandbox on this machine"),
        ],
        required=True,
        default="production",
    )
    website_id = fields.Many2one(
        "website",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env["website"].get_current_website(),
    )
    website_lang_ids = fields.Many2many(related="website_id.language_ids")
    lang_id = fields.Many2one(
        "res.lang",
        string="Language",
        domain="[('id', 'in', website_lang_ids)]",
        help="Empty: the certificate serves all languages of the website that have"
        " no certificate of their own.",
    )
    company_id = fields.Many2one(
        "res.company", related="website_id.company_id", store=True, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        help="Gets an activity when someone has to act.",
    )
    protection_model = fields.Selection(
        [
            ("classic", "Classic"),
            ("excellence", "Excellence"),
            ("none", "Badge and reviews only"),
        ],
        required=True,
        default="none",
        tracking=True,
    )
    ws_user = fields.Char(
        string="Web Service User", copy=False, groups="base.group_system"
    )
    ws_password = fields.Char(
        string="Web Service Password", copy=False, groups="base.group_system"
    )
    fee_product_id = fields.Many2one(
        "product.product",
        check_company=True,
        domain="[('type', '=', 'service')]",
        default=lambda self: self.env.ref(
            "website_sale_trustedshops.product_protection_fee",
            raise_if_not_found=False,
        ),
        help="The product under which the fee of Buyer Protection is sold: it decides"
        " the tax and the account.",
    )

    # What the service said, nobody else.
    state = fields.Selection(
        [
            ("draft", "Never checked"),
            ("production", "Valid"),
            ("integration", "Being certified"),
            ("test", "Test"),
            ("cancelled", "Expired"),
            ("disabled", "Disabled"),
            ("no_audit", "Reviews only"),
            ("invalid", "Unknown ID"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
    )
    certificate_language = fields.Char(
        readonly=True,
        copy=False,
        help="As stated by Trusted Shops, as ISO 639-1 code.",
    )
    shop_url = fields.Char(string="Certified Address", readonly=True, copy=False)
    shop_match = fields.Selection(
        [
            ("match", "Issued for this website"),
            ("mismatch", "Issued for another address"),
            ("unknown", "Cannot tell"),
        ],
        compute="_compute_shop_match",
        store=True,
    )
    hold_reason = fields.Selection(
        [
            ("login", "The web service login is not accepted"),
            ("suspended", "Trusted Shops suspended the credit limit"),
            ("no_limit", "The certificate has no credit limit"),
        ],
        readonly=True,
        copy=False,
        tracking=True,
        help="While set, no Buyer Protection is offered and applications wait.",
    )
    last_check_at = fields.Datetime(
        string="Last Answer", readonly=True, copy=False, help="Last complete answer."
    )
    last_check_error = fields.Char(readonly=True, copy=False)
    last_attempt_at = fields.Datetime(
        readonly=True, copy=False, help="Last check by the daily job, answered or not."
    )
    next_probe_at = fields.Datetime(readonly=True, copy=False)
    item_ids = fields.One2many(
        "trustedshops.protection.item", "certificate_id", string="Fees", readonly=True
    )

    _website_lang_uniq = models.UniqueIndex(
        "(website_id, COALESCE(lang_id, 0)) WHERE active",
        "This website has a certificate for that language already: change that one,"
        " or archive it first.",
    )

    # === COMPUTE AND CONSTRAINTS === #

    @api.depends("shop_url", "website_id.domain")
    def _compute_shop_match(self):
        for certificate in self:
            certificate.shop_match = match_shop_url(
                certificate.shop_url or "", certificate.website_id.domain or ""
            )

    @api.constrains("website_id", "lang_id")
    def _check_lang_is_of_website(self):
        for certificate in self:
            languages = certificate.website_id.language_ids
            if certificate.lang_id and certificate.lang_id not in languages:
                raise ValidationError(
                    self.env._(
                        "%(language)s is not a language of the website %(website)s: add"
                        " it to the website first, or leave the language empty.",
                        language=certificate.lang_id.name,
                        website=certificate.website_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.env["trustedshops.protection"].search_count(
            [("certificate_id", "in", self.ids), ("state", "!=", "selected")], limit=1
        ):
            raise UserError(
                self.env._(
                    "Buyer Protection was applied for with this certificate, so it"
                    " cannot be deleted. Archive it instead."
                )
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._normalize_ts_id(vals)
        certificates = super().create(vals_list)
        certificates._check_at_trustedshops()
        return certificates

    def write(self, vals):
        vals = dict(vals)
        self._normalize_ts_id(vals)
        result = super().write(vals)
        if CHECKED_FIELDS & vals.keys():
            self._check_at_trustedshops()
        return result

    def _normalize_ts_id(self, vals):
        """Bring the identifier into its one form, taking it out of what was pasted.

        :param dict vals: values of ``create`` or ``write``, changed in place
        :raise ValidationError: when there is no identifier in the text
        """
        if not vals.get("ts_id"):
            return
        try:
            vals["ts_id"] = normalize_ts_id(vals["ts_id"])
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "There is no Trusted Shops ID in what you entered. It is an X"
                    " followed by 32 letters or digits; you find it in your Trusted"
                    " Shops account and in the address of your certificate."
                )
            ) from error

    # === CHECK === #

    def action_check_now(self):
        """Ask Trusted Shops about the certificates, for somebody who waits."""
        self._check_at_trustedshops()
        if len(self) == 1 and self.last_check_error:
            message, kind = self.last_check_error, "warning"
        else:
            message, kind = self.env._("Trusted Shops answered."), "success"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": kind,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_refresh_certificates(self):
        """Ask once a day about every active certificate, one transaction each.

        Begins with whoever waits longest, so that one that hangs starves no other.
        """
        before = fields.Datetime.now() - const.REFRESH_INTERVAL
        due = Domain("last_attempt_at", "=", False)
        due |= Domain("last_attempt_at", "<=", before)
        certificates = self.search(due, order="last_attempt_at NULLS FIRST, id")
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(certificates))
        for certificate in certificates:
            certificate.last_attempt_at = fields.Datetime.now()
            commit()
            certificate[0]._check_in_cron()
            if not commit(1):
                break

    def _check_in_cron(self):
        """Ask about one certificate; whatever is wrong with it stops no other work."""
        try:
            self.try_lock_for_update(allow_referencing=True)._check_at_trustedshops()
        except psycopg2.OperationalError:
            self.env.cr.rollback()  # somebody is changing it: the next run looks
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Certificate %s could not be checked", self.id)

    def _check_at_trustedshops(self):
        """Ask the service about each certificate and store what it says.

        Never raises because of the service: an unreachable service makes no record
        unsavable, and a failed check changes nothing but ``last_check_error``.
        """
        for certificate in self:
            certificate_sudo = certificate.sudo()  # login and fees
            try:
                with certificate_sudo._get_client(CHECK_TIMEOUTS) as client:
                    certificate_sudo._apply_check(client)
            except TrustedShopsError as error:
                certificate_sudo.last_check_error = certificate._explain_check(error)

    def _apply_check(self, client):
        """Ask everything first, then write: half an answer changes nothing.

        :param TrustedShopsClient client: for the environment of this certificate
        :raise TrustedShopsError: when the service does not answer understandably
        """
        status = client.check_certificate(self.ts_id)
        values = self._prepare_status_values(status)
        items = ()
        login_error = None
        if values["protection_model"] == "excellence":
            items = client.get_protection_items(self.ts_id)
            login_error = self._check_login(client)
        hold_reason = const.HOLD_REASON_BY_CODE.get(login_error and login_error.code)
        was_held = bool(self.hold_reason)
        now = fields.Datetime.now()
        self.write(
            {
                **values,
                "hold_reason": hold_reason,
                "last_check_at": now,
                "last_check_error": login_error and self._explain_check(login_error),
                "next_probe_at": hold_reason and now + const.PROBE_INTERVAL,
            }
        )
        self.item_ids._replace_items(self, items)
        if hold_reason and not was_held:
            self._notify_responsible(self.last_check_error)
        elif was_held and not hold_reason:
            self._release_queue()

    def _prepare_status_values(self, status):
        """Return the values of the record for an answer about the certificate.

        :param CertificateStatus status: answer of the service
        :rtype: dict
        :raise TrustedShopsError: when the service uses a word for the state that we
            do not know: nothing is guessed
        """
        state = const.STATE_BY_WORD.get(status.state)
        if not state:
            raise TrustedShopsError(f"state {status.state[:40]!r} is not known")
        if state == "invalid":
            return {"state": state, "protection_model": self.protection_model}
        return {
            "state": state,
            "protection_model": const.MODEL_BY_WORD.get(status.type, "none"),
            "certificate_language": status.language,
            "shop_url": status.url,
        }

    def _check_login(self, client):
        """Ask whether the login is good; without one there is nothing to ask.

        :param TrustedShopsClient client: for the environment of this certificate
        :return: what is wrong with it, None when it is good or missing
        :rtype: MisconfiguredError or None
        :raise TrustedShopsError: when the service does not answer understandably
        """
        if not (self.ws_user and self.ws_password):
            return None
        try:
            client.check_login(self.ts_id, self.ws_user, self.ws_password)
        except MisconfiguredError as error:
            return error
        return None

    def _explain_check(self, error):
        """Return what went wrong and what to do, for the administrator.

        :param TrustedShopsError error: from the client
        :rtype: str
        """
        if error.code == -10001:
            return self.env._(
                "Trusted Shops does not accept the web service login. Type user and"
                " password again, as Trusted Shops sent them to you."
            )
        if error.code in const.HOLD_REASON_BY_CODE:
            return self.env._(
                "The credit limit of this certificate is suspended or missing. Ask"
                " Trusted Shops to open it; we try again every hour."
            )
        return self.env._(
            "Trusted Shops could not be asked (%(reason)s). What was known before stays"
            " in force; we try again once a day, and you can at any time.",
            reason=error,
        )

    def _hold(self, code):
        """Stop offering and sending: the service says that the certificate is at fault.

        One activity tells the responsible user; the queue waits for a good check.

        :param int code: answer of the service, a key of ``HOLD_REASON_BY_CODE``
        """
        self.ensure_one()
        if self.hold_reason:
            return
        error = MisconfiguredError("hold", code)
        self.write(
            {
                "hold_reason": const.HOLD_REASON_BY_CODE[code],
                "last_check_error": self._explain_check(error),
                "next_probe_at": fields.Datetime.now() + const.PROBE_INTERVAL,
            }
        )
        self._notify_responsible(self.last_check_error)

    def _notify_responsible(self, note):
        """Give the responsible user something to do.

        :param str note: what happened and what to do
        """
        # A suspended certificate may pass the hourly check and be refused again.
        if self.activity_search(
            ["mail.mail_activity_data_todo"],
            additional_domain=[("automated", "=", True)],
        ):
            return
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Trusted Shops needs you"),
            note=note,
            user_id=self.user_id.id or self.env.ref("base.user_admin").id,
        )

    def _notify_of(self, protection, note):
        """Give the responsible user something to do about one protection.

        :param protection: record of ``trustedshops.protection``
        :param str note: what happened and what to do
        """
        protection.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Buyer Protection needs you"),
            note=note,
            user_id=self.user_id.id or self.env.ref("base.user_admin").id,
        )

    def _release_queue(self):
        """Let applications that waited for this certificate go out at once."""
        waiting = self.env["trustedshops.protection"].search(
            [("certificate_id", "=", self.id), ("state", "=", "queued")]
        )
        if waiting:
            waiting.next_attempt_at = fields.Datetime.now()
            waiting._trigger_apply_cron()

    # === CLIENT === #

    def _get_client(self, timeouts=None):
        """Return a client for the environment of this certificate.

        :param dict timeouts: keyword arguments of the client, in seconds
        :rtype: TrustedShopsClient
        """
        self.ensure_one()
        return TrustedShopsClient(self._get_endpoints(), **(timeouts or {}))

    def _get_endpoints(self, environment=None):
        """Return the addresses of the services.

        :param str environment: default: this certificate's
        :rtype: Endpoints
        """
        environment = environment or self.environment
        if environment != "sandbox":
            return ENDPOINTS[environment]
        parameters = self.env["ir.config_parameter"].sudo()
        url = parameters.get_param(const.SANDBOX_URL_PARAMETER)
        return Endpoints.from_base_url(url or const.SANDBOX_URL_DEFAULT)

    # === OFFER === #

    @api.model
    def _find_for(self, website, lang_code):
        """Return the certificate that serves a website in a language.

        :param website: record of ``website``
        :param str lang_code: for example ``de_DE``
        :return: the one of the language, else the website's without one, else none
        """
        lang = self.env["res.lang"]._get_data(code=lang_code)
        domain = Domain("website_id", "=", website.id)
        domain &= Domain("lang_id", "in", (lang.id or False, False))
        # An empty language sorts last.
        return self.search(domain, order="lang_id", limit=1)

    def _is_usable_by(self, user):
        """Tell whether Buyer Protection may be offered with this certificate now.

        :param user: record of ``res.users``: the visitor
        :rtype: bool
        """
        if not self or self.hold_reason or self.shop_match == "mismatch":
            return False
        certificate_sudo = self.sudo()
        return (
            self.protection_model == "excellence"
            and bool(certificate_sudo.ws_user and certificate_sudo.ws_password)
            and bool(self.fee_product_id)
            and self._has_fresh_items()
            and self._is_visible_to(user)
        )

    def _has_fresh_items(self):
        """Tell whether the fee table is young enough to sell from."""
        oldest = fields.Datetime.now() - const.ITEMS_FRESH
        return bool(self.last_check_at and self.last_check_at >= oldest)

    def _is_live(self):
        """Tell whether this is a real certificate in force, so one for shoppers."""
        return self.environment == "production" and self.state in const.LIVE_STATES

    def _is_visible_to(self, user):
        """Tell whether a visitor may see offers: tests are for internal users only."""
        if self._is_live():
            return True
        if self.state not in const.TEST_STATES:
            return False
        parameters = self.env["ir.config_parameter"].sudo()
        return user._is_internal() or str2bool(
            parameters.get_param(const.TEST_OFFERS_PARAMETER), default=False
        )

    def _get_page_url(self, pattern):
        """Return the address of a page of this certificate at Trusted Shops.

        :param str pattern: a constant with ``{ts_id}``
        :rtype: str
        """
        return pattern.format(ts_id=self.ts_id)


# A form waits for a check, so it is shorter than an application may take.
CHECK_TIMEOUTS = {
    "connect_timeout": 3,
    "read_timeout": const.CHECK_TIMEOUT,
    "total_timeout": const.CHECK_TIMEOUT,
}
