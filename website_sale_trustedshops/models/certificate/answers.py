# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ... import const
from ...client_action import show
from ...lib.certificate_answer import (
    SOURCE_FEED,
    SOURCE_SOAP,
    CertificateAnswer,
    ask_about_certificate,
)
from ...lib.client import HOSTS, TrustedShopsClient
from ...lib.codes import LIMIT_CODES, get_code
from ...lib.exceptions import MisconfiguredError, TrustedShopsError
from ...lib.feed import FEED_URLS, FeedClient
from ...lib.values import to_printable

MODEL_FIELDS = ("protection_model", "answered_model")
# The message about what is wrong, by ``state`` and by the code of what a user has to
# correct about the login.
STATE_MESSAGES = {
    "cancelled": "state_cancelled",
    "disabled": "state_disabled",
    "no_audit": "state_no_audit",
    "invalid": "state_invalid",
}
REFUSAL_MESSAGES = {
    "login": "hold_login",
    "login_missing": "hold_login_missing",
    "suspended": "hold_limit",
    "no_limit": "hold_limit",
}


class TrustedShopsCertificate(models.Model):
    """Asks Trusted Shops about a certificate, and stores the answer.

    It asks when a user saves the form or checks a certificate, and once a day, never
    while a shopper waits. A failed check changes nothing but its message. The first
    good answer fills what is empty; later ones change nothing that a user can edit.
    """

    _inherit = "trustedshops.certificate"

    _finding_recurring = frozenset({"hold_login", "hold_limit"})
    _finding_others = frozenset({"items_changed"})

    # Whether applications are overdue, or wait for the credit limit.
    has_stuck = fields.Boolean(
        compute="_compute_waiting", compute_sudo=True, export_string_translation=False
    )
    has_limited = fields.Boolean(
        compute="_compute_waiting", compute_sudo=True, export_string_translation=False
    )

    def _compute_waiting(self):
        """Compute ``has_stuck`` and ``has_limited``, with one query each.

        Their domains name no certificates, because PostgreSQL would then read the
        protections of years.
        """
        protections = self.env["trustedshops.protection"]
        for name, domain in self._get_waiting_domains().items():
            found = protections._read_group(domain, ["certificate_id"])
            ids = {certificate.id for [certificate] in found}
            for certificate in self:
                certificate[name] = certificate._origin.id in ids

    @api.model
    def _get_waiting_domains(self):
        """Return the domains of protections that wait too long, by field.

        :return: that of overdue applications as ``has_stuck``, and that of applications
            that exceed the credit limit as ``has_limited``
        :rtype: dict of str to Domain
        """
        # PostgreSQL uses the index of due rows only if its condition is repeated.
        unfinished = Domain("state", "in", ("queued", "requested", "sending"))
        limited = Domain("last_code", "in", LIMIT_CODES)
        return {
            "has_stuck": unfinished
            & self.env["trustedshops.protection"]._get_stuck_domain(),
            "has_limited": unfinished & Domain("state", "=", "queued") & limited,
        }

    # === THE BUTTONS === #
    @api.model
    def get_empty_list_help(self, help_message):
        """Override of the framework to add a link to the form of a new certificate.

        Only users who may create one get it.
        """
        # Actions are read in sudo, so ask for the user's own rights. Only the action of
        # the list has a help.
        if help_message and self.sudo(False).has_access("create"):
            template = "website_sale_trustedshops.certificate_start"
            help_message += self.env["ir.qweb"]._render(template)
        return super().get_empty_list_help(help_message)

    def web_save(self, vals, specification, next_id=None):
        """Override of `web` to ask Trusted Shops when a user saves the form.

        The user then sees the answer. Ask only if the change made a check due.
        """
        [saved] = super().web_save(vals, {})
        certificate = self.browse(saved["id"])
        if not certificate.last_attempt_at:  # see ``_check_soon``
            certificate.sudo()._fetch_and_store(by_person=True)
        shown = self.browse(next_id) if next_id else certificate
        return shown.with_context(bin_size=True).web_read(specification)

    def action_check_now(self):
        """Ask Trusted Shops about the certificates while the user waits.

        :return: a warning if the check of a single certificate failed, or its login is
            refused; otherwise the view is loaded again, and shows the answer
        :rtype: dict
        :raise AccessError: when the user may not change the certificates
        :raise RedirectWarning: see :meth:`_check_at_trustedshops`
        """
        self.check_access("write")
        self._check_at_trustedshops(by_person=True)
        problem = len(self) == 1 and (
            self._get_check_finding()
            or (self.hold_reason and self._get_login_finding())
        )
        if problem:
            return show(f"{problem['text']} {problem['todo']}".strip(), type="warning")
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === ASKING === #
    def _check_at_trustedshops(self, *, by_person=False):
        """Ask Trusted Shops about each certificate, and update its activities.

        :param bool by_person: whether a user waits for the answer
        :return: why the SOAP service did not answer about the last certificate
        :rtype: TrustedShopsError or None
        :raise RedirectWarning: see :meth:`_fetch_and_store`
        """
        error = None
        for certificate_sudo in self.sudo():  # reads the login, writes the fees
            error, worsened = certificate_sudo._fetch_and_store(by_person=by_person)
            if worsened:
                words = {"items": ", ".join(worsened)}
                certificate_sudo._schedule_message("items_changed", **words)
            certificate_sudo._sync_todos(by_person=by_person)
        return error

    def _fetch_and_store(self, *, by_person=False):
        """Ask Trusted Shops about the certificate, and store the answer.

        An unreachable service raises nothing, so records can always be saved.

        :param bool by_person: whether a user waits for the answer
        :return: why the SOAP service did not answer, None if it did, and the names of
            fees that got worse
        :rtype: tuple
        :raise RedirectWarning: when another certificate serves the website and language
            for which this one was issued
        """
        answer = self._fetch_answer()
        worsened = self._apply_answer(answer, by_person=by_person)
        # Only successes count: a user's failed check must not begin an outage.
        if by_person and not answer.error:
            self._update_answered()
        self._update_limit(answer.error)
        return answer.error, worsened

    def _check(self):
        """Override to ask about the certificate, and store the answer.

        Notes and activities are in the language of the responsible user.
        """
        return self._with_responsible_lang()._check_at_trustedshops()

    def _update_failed_check(self, error):
        """Override to store which constraint refused the answer, for the findings.

        :param Exception error: error of a constraint; any other one is only logged
        """
        if not isinstance(error, (RedirectWarning, ValidationError)):
            super()._update_failed_check(error)
            return
        words, context = error.args[0], {}
        if isinstance(error, RedirectWarning):
            context = error.args[3] or {}
        place = context.get("taken_place")
        self.last_check_error = {"code": "check_said", "words": words, "place": place}
        self._sync_todos()

    def _probe(self):
        """Override to ask for the state of the certificate, which needs no login."""
        try:
            hosts = self._get_hosts(self.environment)
            with TrustedShopsClient(hosts, **const.PROBE_TIMEOUTS) as client:
                client.check_certificate(self.ts_id)
        except TrustedShopsError as error:
            return error
        except ValueError as error:  # the message quotes no value
            return MisconfiguredError(str(error))
        return None

    def _fetch_answer(self):
        """Ask the SOAP service and the public list about the certificate.

        Store nothing. Errors are part of the result, also an unknown state or a value
        that cannot be sent.

        :rtype: CertificateAnswer
        """
        try:
            hosts = self._get_hosts(self.environment)
            feed_url = FEED_URLS.get(self.environment) or self._get_sandbox_url()
            with (
                TrustedShopsClient(hosts, **const.CHECK_TIMEOUTS) as client,
                FeedClient(feed_url, connect_timeout=3, total_timeout=5) as feed,
            ):
                answer = ask_about_certificate(
                    client,
                    feed,
                    self.ts_id,
                    user=self.ws_user or "",
                    password=self.ws_password or "",
                    wants_items=self.protection_model == "excellence",
                )
        except ValueError as error:  # a value cannot be sent; none is quoted
            error = MisconfiguredError(str(error))
            return CertificateAnswer(error=error, feed_error=error)
        if answer.status and answer.status.state not in const.STATE_BY_WORD:
            # We do not guess: an unknown state counts as no answer.
            error = TrustedShopsError(
                f"state {answer.status.state[:40]!r} is not known"
            )
            return replace(answer, status=None, error=error)
        return answer

    def _get_hosts(self, environment):
        """Return the base addresses of the SOAP services.

        :param str environment: environment of a certificate or an application
        :return: addresses in the order of ``HOSTS``
        :rtype: tuple of str
        """
        return HOSTS.get(environment) or (self._get_sandbox_url(),) * 2

    # === STORING === #
    def _apply_answer(self, answer, *, by_person=False):
        """Store the answer with its fee table, and release what waited for it.

        :param CertificateAnswer answer: answer of the SOAP service and the public list
        :param bool by_person: whether a user waits for the answer
        :return: codes of the fees that are gone or cost more
        :rtype: list of str
        """
        self.ensure_one()
        was_held, worsened = bool(self.hold_reason), []
        self.write(self._prepare_answer_values(answer))
        if answer.status:
            # A table that was not asked for is that of an ID that is unknown, or no
            # Excellence one: nothing is sold by it.
            worsened = self.item_ids._replace_items(self, answer.items or ())
        if by_person:
            self.misfit_order_id = False  # the next tick shows whether it is cured
        if was_held and not self.hold_reason:
            self._release_queue()
        return worsened

    def _prepare_answer_values(self, answer):
        """Return the values to write for an answer of Trusted Shops.

        What the answer does not tell is not among them, so that it stays as it is.

        :param CertificateAnswer answer: answer of the SOAP service and the public list
        :rtype: dict
        """
        now = fields.Datetime.now()
        values = self._prepare_source_values(answer)
        failed = answer.error or (None if values else answer.feed_error)
        error = failed and {"code": "check_unasked", "trouble": failed.trouble}
        if values:
            values |= self._prepare_first_values(values)
            values["last_check_at"] = values["last_attempt_at"] = now
        if answer.trustmark or answer.is_unknown_to_feed:
            values |= self._prepare_trustmark_values(answer.trustmark)
        if answer.rating:  # otherwise the last good rating stays
            values["rating_value"] = float(answer.rating.value)
            values["rating_count"] = answer.rating.count
            values["rating_at"] = now
        if answer.is_unknown_to_soap:
            values["items_checked_at"] = False  # nothing is sold from an old table
        if answer.is_known_to_soap:
            # If the login was not checked, an earlier refusal still holds.
            if answer.login_checked or answer.items is None:
                code = answer.login_error and answer.login_error.code
                values |= self._prepare_hold_values(code)
            values["items_checked_at"] = answer.items is not None and now
        return {**values, "last_check_error": error}

    def _prepare_source_values(self, answer):
        """Return state, address, language and model from the source that decides.

        That is the SOAP service if it answered. The public list decides if the service
        does not know the ID. If the service did not answer, the list decides unless the
        last answer was the service's.

        :param CertificateAnswer answer: answer of the SOAP service and the public list
        :return: {} when neither decides; for an unknown ID, source and state only
        :rtype: dict
        """
        if answer.is_known_to_soap:
            return {
                "answer_source": SOURCE_SOAP,
                "state": const.STATE_BY_WORD[answer.status.state],
                "certificate_language": to_printable(answer.status.language, 16),
                "shop_url": to_printable(answer.status.url, 255),
                "answered_model": const.MODEL_BY_WORD.get(answer.status.type, "none"),
            }
        knows_soap = self.answer_source == SOURCE_SOAP
        if answer.trustmark and (answer.is_unknown_to_soap or not knows_soap):
            mark, today = answer.trustmark, fields.Date.today()
            # Source: both mobile kits of Trusted Shops take only VALID as certified.
            state = "production" if mark.status == "VALID" else "disabled"
            if mark.valid_to and mark.valid_to < today:
                state = "cancelled"
            model = "classic" if mark.max_protection_amount else "none"
            return {
                "answer_source": SOURCE_FEED,
                "state": state,
                "certificate_language": mark.language,
                "shop_url": mark.url,
                # While the service is away, its certificate may be an Excellence.
                **({"answered_model": model} if answer.is_unknown_to_soap else {}),
            }
        if answer.is_unknown_to_soap and (answer.is_unknown_to_feed or knows_soap):
            return {"answer_source": SOURCE_SOAP, "state": "invalid"}
        return {}

    def _prepare_trustmark_values(self, trustmark):
        """Return the values of validity and guarantee from the public list.

        :param trustmark: entry of the list; None if there is none, which empties them
        :type trustmark: Trustmark or None
        :return: the values; the guarantee is 0 if Odoo does not know its currency
        :rtype: dict
        """
        if not trustmark:
            names = "valid_from", "valid_to", "guarantee_amount"
            return {**dict.fromkeys(names), "guarantee_currency_id": False}
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", trustmark.protection_currency)], limit=1)
        )
        return {
            "valid_from": trustmark.valid_from,
            "valid_to": trustmark.valid_to,
            "guarantee_amount": (currency and trustmark.max_protection_amount) or 0,
            "guarantee_currency_id": currency.id,
        }

    # === WHAT THE FIRST GOOD ANSWER FILLS === #
    def _prepare_first_values(self, said):
        """Return values for the fields that are still empty, from an answer.

        That is the protection model, and the website with its language if exactly one
        fits. The first answer also hides the badge of a shop that is not certified.

        :param dict said: see :meth:`_prepare_source_values`
        :return: {} when the ID is unknown
        :rtype: dict
        """
        values = {}
        if said["state"] == "invalid":
            return values
        is_first = not self._has_answer()
        if not self.protection_model and said.get("answered_model"):
            values["protection_model"] = said["answered_model"]
        own = [("company_id", "in", self.env.companies.ids)]
        websites = self.website_id or self.env["website"].search(own)
        # The one with the address of the certificate, or the only one.
        if len(websites) > 1:
            websites = self._filter_websites(websites, said["shop_url"])
        website = websites if len(websites) == 1 else websites.browse()
        if self.lang_id <= website.language_ids:
            values["website_id"] = website.id
        if is_first or not self.website_id:
            language = said["certificate_language"]
            values |= self._prepare_first_lang(website, language)
        if is_first and said["state"] == "no_audit":
            values["badge_shown"] = False  # the floating badge shows a certificate
        return values

    def _has_answer(self):
        """Return True if an answer has already filled the empty fields.

        The answer that an ID is unknown fills nothing, and takes nothing back.
        """
        is_in_doubt = self.state in ("draft", "invalid")
        return not is_in_doubt or bool(self.shop_url or self.certificate_language)

    def _prepare_first_lang(self, website, language):
        """Return the value of ``lang_id`` when the certificate gets its first website.

        :param website: record of ``website``
        :param language: language as Trusted Shops names it, '' if it names none
        :type language: str or bool
        :return: {} when the certificate has a language; False in it if none fits
        :rtype: dict
        """
        if self.lang_id:
            return {}
        return {"lang_id": self._get_lang_for(website.language_ids, language).id}

    # === FINDINGS === #
    def _get_state_findings(self):
        """List the findings about state, source, validity and protection model.

        :return: see :meth:`_prepare_finding`
        :rtype: list of dict
        """
        findings = []
        if code := STATE_MESSAGES.get(self.state):
            findings.append(self._prepare_finding(code, at=self.last_check_at))
        if self.valid_to and self.state not in ("cancelled", "invalid"):
            left = self.valid_to - fields.Date.today()
            if left <= timedelta(days=30):
                date = format_date(self.env, self.valid_to)
                findings.append(self._prepare_finding("validity_ends", date=date))
        own, said = (const.MODEL_RANK[self[name]] for name in MODEL_FIELDS)
        if self.answered_model and said < own:
            field = self._fields["protection_model"]
            words = dict(field.get_description(self.env)["selection"])
            own, said = (words.get(self[name]) for name in MODEL_FIELDS)
            findings.append(self._prepare_finding("model_less", own=own, said=said))
        return findings

    def _get_login_finding(self):
        """Return the finding about a login that is not accepted, else None."""
        if code := self._get_refusal():
            return self._prepare_finding(REFUSAL_MESSAGES[code], at=self.refused_at)
        return None

    def _format_refusal(self, code):
        """Override to return the message about a code of :meth:`_get_refusal`."""
        return self._format_message(REFUSAL_MESSAGES[code])

    def _get_check_finding(self):
        """Return the finding about the last check if it failed, else None.

        A check that failed because another certificate serves the website and language
        only counts while that certificate still does.
        """
        if not (error := self.last_check_error):
            return None
        words = error.get("words")
        if place := error.get("place"):  # by now it may be free, or another's
            other = self._search_in_place(*place)
            if not other:
                return None
            words = other._format_taken()
        reason = self._format_trouble(error.get("trouble"))
        return self._prepare_finding(error["code"], reason=reason, words=words)

    def _sync_todos(self, *, by_person=False):
        """Override to recompute what waits first, because that depends on the time."""
        self.invalidate_recordset(["has_stuck", "has_limited"])
        return super()._sync_todos(by_person=by_person)

    # === IS THE LOGIN USED === #
    @api.model
    def _get_accepted_domain(self):
        """Override to return the domain of certificates with a login and no hold.

        Archived ones are part of it, because their applications go on.
        """
        return (
            Domain("hold_reason", "=", False)
            & Domain("ws_user", "!=", False)
            & Domain("ws_password", "!=", False)
        )

    def _get_refusal_reason(self):
        """Override to return ``hold_reason``, or ``login_missing`` without a login."""
        return self.hold_reason or "login_missing"

    def _start_hold(self, code):
        """Stop offering Buyer Protection and applying for it until a good check.

        The service rejected the certificate or its login. Schedule one activity about
        it. Do nothing if the certificate is on hold already.

        :param int code: answer of the service that has a ``hold_reason``
        """
        self.ensure_one()
        if not self.hold_reason:
            in_lang = self._with_responsible_lang()
            # Counts as an attempt, so that the next check waits for its interval.
            now = fields.Datetime.now()
            in_lang.write({**self._prepare_hold_values(code), "last_attempt_at": now})
            in_lang._sync_todos()

    def _prepare_hold_values(self, code):
        """Return ``hold_reason`` and ``refused_at`` for a code of the service.

        :param code: negative result code, None for a good answer
        :type code: int or None
        :return: both False for a code that holds nothing; an unchanged reason keeps its
            time
        :rtype: dict
        """
        reason = get_code(code).hold_reason or False
        since = self.hold_reason == reason and self.refused_at
        return {
            "hold_reason": reason,
            "refused_at": bool(reason) and (since or fields.Datetime.now()),
        }

    def _reset_refusal(self):
        """End the hold for a refused login after a user entered another one.

        Close its activity, and release the applications that waited.
        """
        refused = self.filtered(lambda each: each.hold_reason == "login")
        if refused:
            refused.write({"hold_reason": False, "refused_at": False})
            refused._remove_todos_about("hold_login", is_open=False)
            refused._release_queue()

    def _release_queue(self):
        """Make the queued applications of these certificates due, and run the queue."""
        waiting = self.env["trustedshops.protection"].search(
            [("certificate_id", "in", self.ids), ("state", "=", "queued")]
        )
        if waiting:
            waiting.next_attempt_at = fields.Datetime.now()
            waiting._trigger_queue()

    # === THE DAILY CHECK === #
    @api.model
    def _cron_check(self):
        """Override to store what visitors see, which also ends by time."""
        result = super()._cron_check()
        self._store_shown()
        return result

    @api.model
    def _search_in_use(self, domain):
        """Override to include archived certificates whose applications still wait."""
        waiting = Domain("state", "in", ("queued", "sending"))
        [[certificates]] = self.env["trustedshops.protection"]._read_group(
            waiting, [], ["certificate_id:recordset"]
        )
        used = Domain("active", "=", True) | Domain("id", "in", certificates.ids)
        everything = self.with_context(active_test=False)
        found = super(TrustedShopsCertificate, everything)._search_in_use(domain & used)
        # Drop this context again: later searches for currencies and activities must
        # leave out archived ones.
        return found.with_env(self.env)
