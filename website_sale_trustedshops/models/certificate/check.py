# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, ValidationError
from odoo.fields import Domain

from ... import const
from ...client_action import show
from ...lib.client import HOSTS, TrustedShopsClient
from ...lib.exceptions import MisconfiguredError, TrustedShopsError
from ...lib.feed import FEED_URLS, FeedClient
from ...lib.inquiry import SOURCE_FEED, SOURCE_SOAP, Inquiry, inquire
from ...lib.values import to_printable
from ..failure import explain_trouble, get_trouble
from .certificate import IN_FORCE_STATES

_logger = logging.getLogger(__name__)
# Fields that an answer proposes and a user may change, with the values before any
# answer.
PROPOSED_FIELDS = {
    "badge_shown": True,
    "lang_id": False,
    "protection_model": "none",
    "website_id": False,
}


class TrustedShopsCertificate(models.Model):
    """Asks Trusted Shops about a certificate, and applies the answer.

    It asks when a user saves the form or checks a certificate, and once a day, never
    while a shopper waits. A failed check changes nothing but its message. The file
    reads from the buttons down to what the user is told.
    """

    _inherit = "trustedshops.certificate"

    proposed_values = fields.Json(readonly=True, export_string_translation=False)
    manual_fields = fields.Json(
        compute="_compute_manual_fields", export_string_translation=False
    )

    # === THE BUTTONS === #
    def web_save(self, vals, specification, next_id=None):
        """Override of `web`: the user who saves the form sees the answer."""
        [saved] = super().web_save(vals, {})
        certificate = self.browse(saved["id"])
        if not certificate.last_attempt_at:  # see ``_check_soon``
            certificate._check_at_trustedshops(by_person=True)
            if problem := certificate._explain_problem():
                sticky = bool(certificate.hold_reason)  # only a user can fix it
                message = {"type": "warning", "message": problem, "sticky": sticky}
                self.env.user._bus_send("simple_notification", message)
        shown = self.browse(next_id) if next_id else certificate
        return shown.with_context(bin_size=True).web_read(specification)

    def action_check_now(self):
        """Ask Trusted Shops about the certificates while the user waits."""
        self.check_access("write")
        self._check_at_trustedshops(by_person=True)
        if problem := len(self) == 1 and self._explain_problem():
            return show(problem, type="warning", sticky=bool(self.hold_reason))
        return show(self.env._("Trusted Shops answered."))

    def _explain_problem(self):
        """Return the problem that the waiting user must know of, if there is one."""
        return self._explain_failed_check() or (
            self.hold_reason and self._explain_refusal(self.hold_reason)
        )

    # === ASKING === #
    def _check_at_trustedshops(self, *, by_person=False):
        """Ask about each certificate and store the answer.

        An unreachable service raises nothing, so records can always be saved.

        :param bool by_person: whether a user waits for the answer
        :return: why the SOAP service did not answer about the last certificate
        :rtype: TrustedShopsError or None
        :raise RedirectWarning: when another certificate serves the website and language
            for which this one was issued
        """
        error = None
        for certificate_sudo in self.sudo():  # reads the login, writes the fees
            answer = certificate_sudo._ask_trustedshops()
            certificate_sudo._apply_answer(answer, by_person=by_person)
            error = answer.error
            # Note success only: a failed check by a user must not count as an outage.
            if by_person and not error:
                certificate_sudo._note_answered()
            certificate_sudo._note_limit(error)
        return error

    def _check(self):
        """Override: store the answer in the certificate."""
        return self._check_at_trustedshops()

    def _note_failed_check(self, error):
        """Override to tell users when another certificate has the place of this one."""
        if not isinstance(error, (RedirectWarning, ValidationError)):
            super()._note_failed_check(error)
            return
        in_lang = self._in_responsible_lang()
        in_lang.last_check_error = self._get_refusal_error(error)
        in_lang._notify_problems()

    def _get_refusal_error(self, error):
        """Return why a rule refused the answer, for ``_explain_failed_check``."""
        match error.args:
            case (_message, {"res_model": self._name, "res_id": other_id}, *_rest):
                other_sudo = self.sudo().browse(other_id)
                # A certificate of another company breaks the rule about IDs.
                if other_sudo.company_id == self.company_id:
                    place = other_sudo.website_id.id, other_sudo.lang_id.id
                    return {"code": "taken", "by": other_id, "place": place}
        return {"code": "said", "words": error.args[0]}

    def _probe(self):
        """Override: ask for the state of the certificate, which needs no login."""
        try:
            hosts = self._get_hosts(self.environment)
            with TrustedShopsClient(hosts, **const.PROBE_TIMEOUTS) as client:
                client.check_certificate(self.ts_id)
        except TrustedShopsError as error:
            return error
        except ValueError as error:  # the message quotes no value
            return MisconfiguredError(str(error))
        return None

    def _ask_trustedshops(self):
        """Ask both sources about the certificate.

        :rtype: Inquiry
        """
        try:
            hosts = self._get_hosts(self.environment)
            feed_url = FEED_URLS.get(self.environment) or self._get_sandbox_url()
            with (
                TrustedShopsClient(hosts, **const.CHECK_TIMEOUTS) as client,
                FeedClient(feed_url, connect_timeout=3, total_timeout=5) as feed,
            ):
                answer = inquire(
                    client,
                    feed,
                    self.ts_id,
                    user=self.ws_user or "",
                    password=self.ws_password or "",
                    wants_items=self._wants_items(),
                )
        except ValueError as error:  # a value cannot be sent; none is quoted
            error = MisconfiguredError(str(error))
            return Inquiry(error=error, feed_error=error)
        if answer.status and answer.status.state not in const.STATE_BY_WORD:
            # We do not guess: an unknown state counts as no answer.
            error = TrustedShopsError(
                f"state {answer.status.state[:40]!r} is not known"
            )
            return replace(answer, status=None, error=error)
        return answer

    def _get_hosts(self, environment):
        """Return the base addresses of the SOAP services.

        :param str environment: of a certificate or an application
        :rtype: tuple of str
        """
        return HOSTS.get(environment) or (self._get_sandbox_url(),) * 2

    def _wants_items(self):
        """Return whether a user chose Excellence, so the fee table is always wanted."""
        return self.protection_model == "excellence" and self._is_chosen(
            "protection_model"
        )

    # === STORING === #
    def _apply_answer(self, answer, *, by_person=False):
        """Store the answer in one write, and tell the responsible user about problems.

        :param Inquiry answer: of both sources
        :param bool by_person: whether a user waits for the answer
        """
        self.ensure_one()
        in_lang = self._in_responsible_lang()
        self = self if by_person else in_lang  # noqa: PLW0642
        is_first = self.state == "draft"
        was_held, old_model = bool(self.hold_reason), self.protection_model
        self.write(self._prepare_answer_values(answer))
        if by_person:
            self.misfit_order_id = False  # the next tick shows whether it is cured
        worsened = []
        if answer.status:
            worsened = self.item_ids._replace_items(self, answer.items or ())
        if was_held and not self.hold_reason:
            self._release_queue()
        in_lang._notify_worse(old_model, worsened)
        in_lang._notify_problems(by_person=by_person, is_first=is_first)

    def _prepare_answer_values(self, answer):
        """Return the values of the record for an answer."""
        now = fields.Datetime.now()
        values = self._prepare_source_values(answer)
        error = self._get_check_error(answer, is_known=bool(values))
        if values:
            values |= self._prepare_proposals(answer, values)
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
            values["login_checked_at"] = answer.login_checked and now
        return {**values, "last_check_error": error}

    def _prepare_source_values(self, answer):
        """Return the values of the source that decides; empty when neither does."""
        if answer.is_known_to_soap:
            return {
                "answer_source": SOURCE_SOAP,
                "state": const.STATE_BY_WORD[answer.status.state],
                "certificate_language": to_printable(answer.status.language, 16),
                "shop_url": to_printable(answer.status.url, 255),
            }
        knows_soap = self.answer_source == SOURCE_SOAP
        if answer.trustmark and (answer.is_unknown_to_soap or not knows_soap):
            return {
                "answer_source": SOURCE_FEED,
                "state": self._get_state_by_trustmark(answer.trustmark),
                "certificate_language": answer.trustmark.language,
                "shop_url": answer.trustmark.url,
            }
        if answer.is_unknown_to_soap and (answer.is_unknown_to_feed or knows_soap):
            return {"answer_source": SOURCE_SOAP, "state": "invalid"}
        return {}

    def _prepare_trustmark_values(self, trustmark):
        """Return validity and guarantee from the public list, emptied if unlisted."""
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

    def _get_state_by_trustmark(self, trustmark):
        """Return our state for an entry of the public list.

        Source: both mobile kits of Trusted Shops accept only VALID as certified.
        """
        today = fields.Date.today()
        if trustmark.valid_to and trustmark.valid_to < today:
            return "cancelled"
        return "production" if trustmark.status == "VALID" else "disabled"

    def _get_check_error(self, answer, *, is_known):
        """Return which source did not answer and why, None if both did.

        :param Inquiry answer: of both sources
        :param bool is_known: whether one of them decides
        :return: for ``_explain_failed_check``
        :rtype: dict or None
        """
        if not answer.error and is_known:
            return None
        unknown = "unasked" if answer.error else "unlisted"
        trouble = get_trouble(answer.error or answer.feed_error)
        return {"code": "listed" if is_known else unknown, "trouble": trouble}

    def _explain_failed_check(self):
        """Return why the last check failed, and what follows; '' if it did not."""
        if not (error := self.last_check_error):
            return ""
        if error["code"] == "said":
            return error["words"]
        if error["code"] == "taken":  # unless it has been moved since
            other_sudo = self._find_in_place(*error["place"])
            is_same = other_sudo.id == error["by"]
            return other_sudo._explain_taken() if is_same else ""
        reason = explain_trouble(self.env, error["trouble"])
        text = {
            "listed": self.env._(
                "The web service of Trusted Shops could not be asked (%(reason)s), so"
                " the public list of certified shops was used instead.",
                reason=reason,
            ),
            "unasked": self.env._(
                "Trusted Shops could not be asked (%(reason)s). What was known before"
                " stays in force.",
                reason=reason,
            ),
            "unlisted": self.env._(
                "The web service of Trusted Shops does not know this ID, and the public"
                " list could not be asked (%(reason)s). What was known before stays in"
                " force.",
                reason=reason,
            ),
        }[error["code"]]
        again = self.env._("We try again once a day; you can check at any time.")
        return f"{text} {again}"

    # === WHAT AN ANSWER PROPOSES === #
    def _prepare_proposals(self, answer, said):
        """Return what an answer proposes for the fields that a user may change.

        Only the first answer proposes a website and a language: a certificate does not
        move later.

        :param Inquiry answer: of both sources
        :param dict said: see ``_prepare_source_values``
        :return: see ``_prepare_unchosen``
        :rtype: dict
        """
        proposed = {"badge_shown": said["state"] in IN_FORCE_STATES}
        if said["answer_source"] == SOURCE_FEED:
            has_guarantee = bool(answer.trustmark.max_protection_amount)
            proposed["protection_model"] = "classic" if has_guarantee else "none"
        elif said["state"] != "invalid":
            word = answer.status.type
            proposed["protection_model"] = const.MODEL_BY_WORD.get(word, "none")
        if not self.answer_source and said["state"] != "invalid":
            found = self._find_website(said["shop_url"])
            if found:
                proposed["website_id"] = found.id
            is_chosen = not found or self._is_chosen("website_id")
            website = self.website_id if is_chosen else found
            langs = website.language_ids
            lang = self._find_lang(langs, said["certificate_language"])
            proposed["lang_id"] = lang.id
        return self._prepare_unchosen(proposed)

    def _prepare_unchosen(self, proposed):
        """Return the values for fields that no user chose, and what was proposed.

        A chosen language stays on a website that has it. A user's choice stays a choice
        even if one answer happens to agree with it: the next answer may not.
        """
        chosen = {name for name in proposed if self._is_chosen(name)}
        current = self._convert_to_write({name: self[name] for name in chosen})
        told = {
            name: value
            for name, value in proposed.items()
            if not (self.answer_source and name in chosen and value == current[name])
        }
        values = {name: val for name, val in proposed.items() if name not in chosen}
        website = self.env["website"].browse(values.get("website_id"))
        if self._is_chosen("lang_id") and not self.lang_id <= website.language_ids:
            values.pop("website_id", None)
        return {**values, "proposed_values": {**(self.proposed_values or {}), **told}}

    @api.model
    def _find_website(self, shop_url):
        """Return the one website with the address of a certificate, or none."""
        websites = self.env["website"].search(
            [("company_id", "in", self.env.companies.ids)]
        )
        found = self._filter_websites(websites, shop_url)
        return found if len(found) == 1 else found.browse()

    @api.depends("proposed_values", *PROPOSED_FIELDS)
    def _compute_manual_fields(self):
        """Name the fields in which a user chose another value than proposed."""
        for certificate in self:
            values = certificate._convert_to_write(
                {name: certificate[name] for name in PROPOSED_FIELDS}
            )
            proposed = {**PROPOSED_FIELDS, **(certificate.proposed_values or {})}
            manual = [name for name in values if values[name] != proposed[name]]
            certificate.manual_fields = manual or False

    def _is_chosen(self, name):
        """Return whether a user chose the value of one of ``PROPOSED_FIELDS``."""
        return name in (self.manual_fields or ())

    def action_use_proposal(self):
        """Use Trusted Shops' proposal for the field named in the context.

        If the proposed record was deleted, the present value becomes the proposal.

        :raise KeyError: when the field has no proposals
        """
        self.ensure_one()
        self.check_access("write")
        name = self.env.context.get("trustedshops_field")
        certificate_sudo = self.sudo()
        proposed = {**PROPOSED_FIELDS, **(certificate_sudo.proposed_values or {})}
        field, value = self._fields[name], proposed[name]
        is_missing = field.relational and not (
            self.env[field.comodel_name].browse(value or ()).exists()
        )
        if is_missing and (value or field.required):
            current = self._convert_to_write({name: self[name]})
            certificate_sudo.proposed_values = {**proposed, **current}
        else:
            certificate_sudo.write({name: value})

    # === IS THE LOGIN USED === #
    def _get_refusal(self):
        """Override: see the field ``hold_reason``, and ``login_missing``."""
        return self.hold_reason or ("" if self.has_ws_login else "login_missing")

    @api.model
    def _get_accepted_domain(self):
        """Override to include archived certificates, because their queues go on."""
        return (
            Domain("hold_reason", "=", False)
            & Domain("ws_user", "!=", False)
            & Domain("ws_password", "!=", False)
        )

    def _hold(self, code):
        """Stop offering and sending: the service rejects login or certificate.

        One activity tells the responsible user; the queue waits for a good check.

        :param int code: answer of the service, a key of ``HOLD_REASON_BY_CODE``
        """
        self.ensure_one()
        if not self.hold_reason:
            in_lang = self._in_responsible_lang()
            # Counts as an attempt, so that the next check waits for its interval.
            now = fields.Datetime.now()
            in_lang.write({**self._prepare_hold_values(code), "last_attempt_at": now})
            in_lang._notify_problems()

    def _prepare_hold_values(self, code):
        """Return the values for a code about login or contract, if there is one."""
        reason = const.HOLD_REASON_BY_CODE.get(code)
        since = self.hold_reason == reason and self.refused_at
        return {
            "hold_reason": reason,
            "refused_at": bool(reason) and (since or fields.Datetime.now()),
        }

    def _forget_refusal(self):
        """Forget that a login was refused: the user entered another one."""
        refused = self.filtered(lambda each: each.hold_reason == "login")
        if refused:
            refused.write({"hold_reason": False, "refused_at": False})
            refused._close_todos_about("login")
            refused._release_queue()

    def _release_queue(self):
        """Send at once the applications that waited for these certificates."""
        waiting = self.env["trustedshops.protection"].search(
            [("certificate_id", "in", self.ids), ("state", "=", "queued")]
        )
        if waiting:
            waiting.next_attempt_at = fields.Datetime.now()
            waiting._trigger_queue()

    # === THE DAILY CHECK === #
    @api.model
    def _find_in_use(self, domain):
        """Override: include archived ones for which applications still wait."""
        waiting = Domain("state", "in", ("queued", "sending"))
        [[certificates]] = self.env["trustedshops.protection"]._read_group(
            waiting, [], ["certificate_id:recordset"]
        )
        used = Domain("active", "=", True) | Domain("id", "in", certificates.ids)
        everything = self.with_context(active_test=False)
        found = super(TrustedShopsCertificate, everything)._find_in_use(domain & used)
        # Drop this context again: later searches for currencies and activities must
        # leave out archived ones.
        return found.with_env(self.env)
