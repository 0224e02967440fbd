# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ... import const
from ...lib.client import ENDPOINTS, Endpoints, TrustedShopsClient
from ...lib.exceptions import MisconfiguredError, TrustedShopsError
from ...lib.feed import FEED_URLS, FeedClient
from ...lib.inquiry import SOURCE_FEED, SOURCE_SOAP, Inquiry, inquire
from ...lib.items import find_worsened
from ...lib.match import (
    MATCH,
    MISMATCH,
    REGIONAL,
    UNKNOWN,
    match_language,
    match_shop_url,
)
from ...lib.values import to_printable

_logger = logging.getLogger(__name__)
# A form waits for a check, so it is shorter than an application may take.
CHECK_TIMEOUTS = {
    "connect_timeout": 3,
    "read_timeout": const.CHECK_TIMEOUT,
    "total_timeout": const.CHECK_TIMEOUT,
}
FEED_TIMEOUTS = {
    "connect_timeout": 3,
    "read_timeout": const.FEED_TIMEOUT,
    "total_timeout": const.FEED_TIMEOUT,
}
# Longest texts that are stored of an answer: an address, a language code.
MAX_URL = 255
MAX_LANGUAGE = 16
# From the best answer to the worst.
LANG_QUALITIES = (MATCH, REGIONAL, UNKNOWN, MISMATCH)


class TrustedShopsCertificate(models.Model):
    """What Trusted Shops says about a certificate, and what follows from it.

    Asked when somebody saves or checks a certificate and once a day, never while a
    shopper waits. A check that fails leaves everything as it was and says so.
    """

    _inherit = "trustedshops.certificate"

    # --- Match ---
    shop_match = fields.Selection(
        [
            ("match", "Issued for this website"),
            ("mismatch", "Issued for another address"),
            ("unknown", "Cannot tell"),
        ],
        compute="_compute_shop_match",
        store=True,
    )
    lang_match = fields.Selection(
        [
            ("match", "Issued for this language"),
            ("regional", "Issued for this language elsewhere"),
            ("mismatch", "Issued for another language"),
            ("unknown", "Cannot tell"),
        ],
        string="Language Match",
        compute="_compute_lang_match",
        store=True,
    )
    overruled_match = fields.Char(
        readonly=True,
        copy=False,
        help="What did not match when a person decided to use the certificate anyway.",
    )
    is_mismatch = fields.Boolean(compute="_compute_is_mismatch")
    is_overruled = fields.Boolean(compute="_compute_is_mismatch")

    # === WHEN === #
    def action_check_now(self):
        """Ask Trusted Shops about the certificates, for somebody who waits."""
        self.check_access("write")
        self._check_at_trustedshops(by_person=True)
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
        """Ask once a day about every certificate in use, one transaction each.

        An archived one is in use as long as applications wait in its queue.
        Begins with whoever waits longest, so that one that hangs starves no other.
        """
        before = fields.Datetime.now() - const.REFRESH_INTERVAL
        due = Domain("last_attempt_at", "=", False)
        due |= Domain("last_attempt_at", "<=", before)
        waiting = self.env["trustedshops.protection"]._get_waiting_certificates()
        used = Domain("active", "=", True) | Domain("id", "in", waiting.ids)
        certificates = self.with_context(active_test=False).search(
            due & used, order="last_attempt_at NULLS FIRST, id"
        )
        # Only they may be archived, not the currencies and activities they look for.
        certificates = certificates.with_env(self.env)
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(certificates))
        for certificate in certificates:
            certificate[0]._check_in_cron()  # no prefetch after each commit
            if not commit(1):
                break

    def _check_in_cron(self):
        """Ask about one certificate; whatever is wrong with it stops no other work.

        Commits by itself, where a refusal of the database is caught: first that it was
        tried, so that one that always crashes is not the first of every run. A commit
        empties the cache, so what is decided on is read under the lock.
        """
        commit = self.env["ir.cron"]._commit_progress
        try:
            locked = self.try_lock_for_update(allow_referencing=True)
            locked.last_attempt_at = fields.Datetime.now()
            commit()
            locked = locked.try_lock_for_update(allow_referencing=True)
            locked._check_at_trustedshops()
            commit()
        except psycopg2.OperationalError:
            self.env.cr.rollback()  # somebody is changing it: the next run looks
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Certificate %s could not be checked", self.id)

    # === ASKING === #
    def _check_at_trustedshops(self, by_person=False):
        """Ask about each certificate and store what is said.

        Never raises because of the service: an unreachable service makes no record
        unsavable, and a failed check changes nothing but ``last_check_error``.

        :param bool by_person: whether somebody waits for the outcome
        """
        for certificate in self:
            certificate_sudo = certificate.sudo()  # login and fees
            answer = certificate_sudo._ask_trustedshops(
                certificate_sudo.ts_id,
                certificate_sudo.environment,
                user=certificate_sudo.ws_user or "",
                password=certificate_sudo.ws_password or "",
                wants_items=certificate_sudo._wants_items(),
            )
            certificate_sudo._apply_answer(answer, by_person=by_person)
        self._refresh_ratings()

    def _wants_items(self):
        """Tell whether the fee table is wanted whatever the service calls it."""
        return self.protection_model == "excellence" and "protection_model" in (
            self.manual_fields or ()
        )

    @api.model
    def _ask_about_new(self, vals):
        """Ask about a certificate that is about to be created.

        :param dict vals: values of ``create``
        :rtype: Inquiry
        """
        return self._ask_trustedshops(
            vals.get("ts_id") or "",
            vals.get("environment") or "production",
            user=vals.get("ws_user") or "",
            password=vals.get("ws_password") or "",
            wants_items=vals.get("protection_model") == "excellence",
        )

    @api.model
    def _ask_trustedshops(self, ts_id, environment, **question):
        """Ask both sources about a certificate.

        :param str ts_id: Trusted Shops ID
        :param str environment: whom to ask
        :param question: ``user``, ``password`` and ``wants_items`` of ``inquire``
        :rtype: Inquiry
        """
        try:
            endpoints = self._get_endpoints(environment)
            feed_url = self._get_feed_url(environment)
            with (
                TrustedShopsClient(endpoints, **CHECK_TIMEOUTS) as client,
                FeedClient(feed_url, **FEED_TIMEOUTS) as feed,
            ):
                answer = inquire(client, feed, ts_id, **question)
        except ValueError as error:  # what cannot be sent; the message names no value
            error = MisconfiguredError(str(error))
            return Inquiry(error=error, feed_error=error)
        if answer.status and answer.status.state not in const.STATE_BY_WORD:
            # Nothing is guessed, so the SOAP service as good as did not answer.
            word = answer.status.state[:40]
            error = TrustedShopsError(f"state {word!r} is not known")
            return Inquiry(
                error=error, trustmark=answer.trustmark, feed_error=answer.feed_error
            )
        return answer

    def _get_endpoints(self, environment):
        """Return the addresses of the SOAP services.

        :param str environment: of a certificate or an application
        :rtype: Endpoints
        :raise ValueError: when the address of the sandbox is none
        """
        if environment != "sandbox":
            return ENDPOINTS[environment]
        return Endpoints.from_base_url(self._get_sandbox_url())

    def _get_feed_url(self, environment):
        """Return the base address of the public list of certified shops.

        :param str environment: of a certificate
        :rtype: str
        """
        return FEED_URLS.get(environment) or self._get_sandbox_url()

    @api.model
    def _get_sandbox_url(self):
        parameters = self.env["ir.config_parameter"].sudo()
        url = parameters.get_param(const.SANDBOX_URL_PARAMETER)
        return url or const.SANDBOX_URL_DEFAULT

    # === STORING === #
    def _apply_answer(self, answer, *, by_person=False, is_new=False):
        """Store what was said, in one write, and tell who has to know.

        :param Inquiry answer: what both sources said
        :param bool by_person: whether somebody waits for the outcome
        :param bool is_new: whether the record was created just now, so that nothing
            can have changed for the worse
        """
        self.ensure_one()
        self = self.with_context(trustedshops_proposal=True)  # noqa: PLW0642
        if not (by_person or is_new):
            self = self._in_responsible_lang()  # noqa: PLW0642
        was_held, old_model = bool(self.hold_reason), self.protection_model
        old_items = [item._to_lib() for item in self.item_ids]
        self.write(self._prepare_answer_values(answer))
        if answer.is_known_to_soap or answer.is_unknown_to_soap:
            self.item_ids._replace_items(self, answer.items or ())
        if was_held and not self.hold_reason:
            self._release_queue()
        if not is_new:
            self._tell_of_worse_model(old_model)
            self._tell_of_worse_items(old_items)
        self._tell_problems(by_person=by_person, is_new=is_new)

    def _prepare_answer_values(self, answer):
        """Return the values of the record for what was said.

        :param Inquiry answer: what both sources said
        :rtype: dict
        """
        now = fields.Datetime.now()
        values = self._prepare_source_values(answer)
        if values:
            values["last_check_at"] = now
            proposed = self._prepare_proposals(answer, values, self)
            manual = self.manual_fields or ()
            values["proposed_values"] = {**(self.proposed_values or {}), **proposed}
            values |= {key: val for key, val in proposed.items() if key not in manual}
        if answer.trustmark or answer.is_unknown_to_feed:
            values["valid_from"] = answer.trustmark and answer.trustmark.valid_from
            values["valid_to"] = answer.trustmark and answer.trustmark.valid_to
            values |= self._prepare_guarantee(answer.trustmark)
        if answer.is_unknown_to_soap:
            values["items_checked_at"] = False  # nothing is sold from an old table
        if answer.is_known_to_soap:
            # A login that was not checked is none that became good.
            if answer.login_checked or answer.items is None:
                values |= self._prepare_login_values(answer.login_error, now)
            values["items_checked_at"] = answer.items is not None and now
            values["login_checked_at"] = answer.login_checked and now
        values["last_check_error"] = self._explain_answer(answer, values)
        return values

    def _prepare_login_values(self, login_error, now):
        """Return the values for what is wrong with the login, or for a good one.

        :param login_error: from the client, None when nothing is wrong
        :type login_error: MisconfiguredError or None
        :param datetime.datetime now: naive UTC
        :rtype: dict
        """
        reason = login_error and const.HOLD_REASON_BY_CODE.get(login_error.code)
        return {
            "hold_reason": reason,
            "next_probe_at": reason and now + const.PROBE_INTERVAL,
        }

    def _prepare_source_values(self, answer):
        """Return what the source that decides says about the certificate itself.

        :param Inquiry answer: what both sources said
        :return: empty when nobody said anything that counts
        :rtype: dict
        """
        if answer.is_known_to_soap:
            return {
                "answer_source": SOURCE_SOAP,
                "state": const.STATE_BY_WORD[answer.status.state],
                "certificate_language": to_printable(
                    answer.status.language, MAX_LANGUAGE
                ),
                "shop_url": to_printable(answer.status.url, MAX_URL),
            }
        knows_soap = self.answer_source == SOURCE_SOAP
        if answer.trustmark and (answer.is_unknown_to_soap or not knows_soap):
            return {
                "answer_source": SOURCE_FEED,
                "state": self._get_state_by_trustmark(answer.trustmark),
                "certificate_language": answer.trustmark.language[:MAX_LANGUAGE],
                "shop_url": answer.trustmark.url[:MAX_URL],
            }
        if answer.is_unknown_to_soap and (answer.is_unknown_to_feed or knows_soap):
            return {"answer_source": SOURCE_SOAP, "state": "invalid"}
        return {}

    def _get_state_by_trustmark(self, trustmark):
        """Return our state for an entry of the public list.

        Source: both mobile kits of Trusted Shops take VALID alone for certified.
        """
        today = fields.Date.today()
        if trustmark.valid_to and trustmark.valid_to < today:
            return "cancelled"
        return "production" if trustmark.is_valid else "disabled"

    def _explain_answer(self, answer, values):
        """Return what went wrong and what to do, False when nothing did.

        :param Inquiry answer: what both sources said
        :param dict values: what is stored of it
        :rtype: str or bool
        """
        if answer.login_error:
            return self._explain_error(answer.login_error)
        if answer.error and values.get("answer_source"):
            return self.env._(
                "The web service of Trusted Shops could not be asked (%(reason)s); the"
                " public list of certified shops answered in its place. We try again"
                " once a day, and you can at any time.",
                reason=answer.error,
            )
        if answer.error:
            return self._explain_error(answer.error)
        if not values.get("answer_source"):
            return self.env._(
                "The web service of Trusted Shops does not know this ID, and the public"
                " list of certified shops could not be asked (%(reason)s). What was"
                " known before stays in force; we try again once a day, and you can at"
                " any time.",
                reason=answer.feed_error,
            )
        return False

    def _explain_error(self, error):
        """Return what went wrong and what to do, for the administrator.

        :param TrustedShopsError error: from the client
        :rtype: str
        """
        if error.code in const.HOLD_REASON_BY_CODE:
            return self._explain_code(error.code)
        return self.env._(
            "Trusted Shops could not be asked (%(reason)s). What was known before stays"
            " in force; we try again once a day, and you can at any time.",
            reason=error,
        )

    def _explain_code(self, code):
        """Return what is wrong with login or contract, and the cure.

        :param int code: a key of ``HOLD_REASON_BY_CODE``
        :rtype: str
        """
        return {
            -10001: self.env._(
                "Trusted Shops does not accept the web service login. Type user and"
                " password again, as Trusted Shops sent them to you."
            ),
            -10002: self.env._(
                "Trusted Shops has suspended the credit limit of this certificate. Ask"
                " Trusted Shops to open it; we try again every hour."
            ),
            -10011: self.env._(
                "Trusted Shops has granted no credit limit to this certificate. Ask"
                " Trusted Shops for one; we try again every hour."
            ),
        }[code]

    # === PROPOSALS === #
    @api.model
    def _prepare_proposals_of_new(self, answer, vals):
        """Return what an answer proposes for a certificate that is to be created.

        :param Inquiry answer: what both sources said
        :param dict vals: values of ``create``
        :return: at least a website, when none was chosen
        :rtype: dict
        """
        draft = self.new({"website_id": vals.get("website_id")})
        values = self._prepare_source_values(answer)
        proposed = self._prepare_proposals(answer, values, draft) if values else {}
        if not draft.website_id and "website_id" not in proposed:
            proposed["website_id"] = self._get_fallback_website().id
        return proposed

    @api.model
    def _check_place_of_unknown(self, answer, vals):
        """Refuse an unknown id where there is no room for one.

        That the place is taken would be told instead, which helps nobody.

        :param Inquiry answer: what both sources said
        :param dict vals: values of ``create``, proposals included
        :raise ValidationError: when nobody knows the id and the place is taken
        """
        if self._prepare_source_values(answer).get("state") != "invalid":
            return
        website_id, lang_id = vals["website_id"], vals.get("lang_id") or False
        if self._is_place_taken(website_id, lang_id):
            raise ValidationError(self._explain_unknown_id())

    @api.model
    def _is_place_taken(self, website_id, lang_id):
        """Tell whether another certificate serves a website in a language.

        :param int website_id: id of ``website``
        :param lang_id: id of ``res.lang``, False for all languages
        :type lang_id: int or bool
        :rtype: bool
        """
        domain = Domain("website_id", "=", website_id)
        domain &= Domain("lang_id", "=", lang_id)
        domain &= Domain("id", "not in", self.ids)
        return bool(self.sudo().search_count(domain, limit=1))

    @api.model
    def _prepare_proposals(self, answer, values, certificate):
        """Return what an answer proposes for the fields that a person may refine.

        Where a certificate belongs is proposed by its first answer only: nothing moves
        to another website in the night.

        :param Inquiry answer: what both sources said
        :param dict values: what the deciding source says, see
            ``_prepare_source_values``
        :param certificate: record of ``trustedshops.certificate``, may be a new one
        :rtype: dict
        """
        proposed = {"badge_shown": values["state"] in const.TEST_STATES}
        if values["answer_source"] == SOURCE_FEED:
            has_guarantee = answer.trustmark.has_guarantee
            proposed["protection_model"] = "classic" if has_guarantee else "none"
        elif values["state"] != "invalid":
            word = answer.status.type
            proposed["protection_model"] = const.MODEL_BY_WORD.get(word, "none")
        if not certificate.answer_source and values["state"] != "invalid":
            proposed |= self._prepare_place(certificate, values)
        return proposed

    @api.model
    def _prepare_place(self, certificate, values):
        """Return the website and language for which a certificate was issued.

        :param certificate: record of ``trustedshops.certificate``, may be a new one
        :param dict values: ``shop_url`` and ``certificate_language`` as answered
        :return: without what cannot be told
        :rtype: dict
        """
        known = certificate._origin
        manual = known.manual_fields or ()
        chosen = certificate.website_id
        if known and "website_id" not in manual:
            chosen = chosen.browse()
        found = self._find_website(values["shop_url"], known.company_id)
        website = chosen or found or known.website_id or self._get_fallback_website()
        lang = self._find_lang(website, values["certificate_language"])
        place = {"lang_id": lang.id}
        if found:
            place["website_id"] = found.id
        if "lang_id" in manual:  # moves along
            lang = known.lang_id
        return place if not known or known._can_move_to(website, lang) else {}

    def _can_move_to(self, website, lang):
        """Tell whether the certificate can move to a website and language.

        :param website: record of ``website``
        :param lang: record of ``res.lang``, may be empty
        :rtype: bool
        """
        is_taken = self.active and self._is_place_taken(website.id, lang.id)
        return not is_taken and lang <= website.language_ids

    @api.model
    def _find_website(self, shop_url, company):
        """Return the one website with the address of a certificate.

        :param str shop_url: as answered
        :param company: record of ``res.company`` to stay in; empty: all of the user's
        :return: record of ``website``, empty when there is none or more than one
        """
        companies = company or self.env.companies
        websites = self.env["website"].search([("company_id", "in", companies.ids)])
        found = websites.filtered(
            lambda website: match_shop_url(shop_url, website.domain or "") == MATCH
        )
        return found if len(found) == 1 else found.browse()

    @api.model
    def _get_fallback_website(self):
        """Return the website to take when the answer names none of ours."""
        asked_for = self.env.context.get("trustedshops_fallback_website_id")
        website = self.env["website"].browse(asked_for or ()).exists()
        website = website or self.env["website"].get_current_website()
        if website.company_id in self.env.companies:
            return website
        domain = [("company_id", "in", self.env.companies.ids)]
        return self.env["website"].search(domain, limit=1) or website

    @api.model
    def _find_lang(self, website, certificate_language):
        """Return the language of a website that fits a certificate best.

        :param website: record of ``website``
        :param str certificate_language: as answered
        :return: record of ``res.lang``, may be empty
        """
        for quality in (MATCH, REGIONAL):
            for lang in website.language_ids:
                if match_language(certificate_language, lang.iso_code) == quality:
                    return lang
        return self.env["res.lang"]

    # === HOLD === #
    def _hold(self, code):
        """Stop offering and sending: the service says that the certificate is at fault.

        One activity tells the responsible user; the queue waits for a good check.

        :param int code: answer of the service, a key of ``HOLD_REASON_BY_CODE``
        """
        self.ensure_one()
        if self.hold_reason:
            return
        self = self._in_responsible_lang()  # noqa: PLW0642
        error = MisconfiguredError("hold", code)
        self.write(
            {
                **self._prepare_login_values(error, fields.Datetime.now()),
                "last_check_error": self._explain_error(error),
            }
        )
        self._tell_problems()

    def _release_queue(self):
        """Let applications that waited for this certificate go out at once."""
        waiting = self.env["trustedshops.protection"].search(
            [("certificate_id", "=", self.id), ("state", "=", "queued")]
        )
        if waiting:
            waiting.next_attempt_at = fields.Datetime.now()
            waiting._trigger_apply_cron()

    # === CHANGES FOR THE WORSE === #
    def _tell_of_worse_model(self, old_model):
        """Tell the responsible user that the certificate protects less than before.

        :param str old_model: ``protection_model`` before the answer
        """
        self = self._in_responsible_lang()  # noqa: PLW0642
        rank = const.MODEL_RANK
        if rank[self.protection_model] < rank[old_model]:
            words = dict(
                self._fields["protection_model"]._description_selection(self.env)
            )
            self._notify_responsible(
                "model",
                self.env._(
                    "Trusted Shops changed this certificate from %(old)s to %(new)s."
                    " Ask Trusted Shops if you did not order that.",
                    old=words[old_model],
                    new=words[self.protection_model],
                ),
            )

    def _tell_of_worse_items(self, old_items):
        """Tell the responsible user that protections are gone or cost more.

        :param old_items: fee table before the answer
        :type old_items: list of ProtectionItem
        """
        self = self._in_responsible_lang()  # noqa: PLW0642
        new_items = [item._to_lib() for item in self.item_ids]
        worsened = find_worsened(old_items, new_items)
        if worsened and new_items:  # an empty table is told as a problem of its own
            self._notify_responsible(
                "fees",
                self.env._(
                    "In the fee table of Trusted Shops these are gone or cost more:"
                    " %(items)s. Shoppers get the new table already; look whether your"
                    " texts about Buyer Protection still say the right amounts.",
                    items=", ".join(worsened),
                ),
            )

    # === MATCH === #
    # Whether a certificate was issued for this website and language.

    @api.depends("shop_url", "website_id.domain")
    def _compute_shop_match(self):
        for certificate in self:
            certificate.shop_match = match_shop_url(
                certificate.shop_url or "", certificate.website_id.domain or ""
            )

    @api.depends(
        "certificate_language", "lang_id.iso_code", "website_lang_ids.iso_code"
    )
    def _compute_lang_match(self):
        for certificate in self:
            found = {
                match_language(certificate.certificate_language or "", lang.iso_code)
                for lang in certificate.lang_id or certificate.website_lang_ids
            }
            certificate.lang_match = next(
                (quality for quality in LANG_QUALITIES if quality in found), "unknown"
            )

    @api.depends(
        "shop_match", "lang_match", "overruled_match", "website_id.domain", "lang_id"
    )
    def _compute_is_mismatch(self):
        for certificate in self:
            certificate.is_mismatch = "mismatch" in (
                certificate.shop_match,
                certificate.lang_match,
            )
            certificate.is_overruled = (
                certificate.is_mismatch
                and certificate.overruled_match == certificate._get_match_key()
            )

    def _is_meant_for_website(self):
        """Tell whether nothing speaks against using it here, or a person overruled."""
        return not self.is_mismatch or self.is_overruled

    def _get_match_key(self):
        """Return what was compared: when it changes, an overruling ends.

        :rtype: str
        """
        self.ensure_one()
        return "|".join(
            str(part or "")
            for part in (
                self.ts_id,
                self.shop_url,
                self.website_id.id,
                self.website_id.domain,
                self.certificate_language,
                self.lang_id.code,
                # The languages of the website may change around an empty one.
                self.lang_match,
            )
        )

    def action_use_anyway(self):
        """Use the certificate although it seems to be meant for another shop."""
        self.ensure_one()
        self.check_access("write")
        self.sudo().overruled_match = self._get_match_key()
        self.message_post(
            body=self.env._(
                "%(user)s decided to use this certificate although it does not match:"
                " issued for %(shop_url)s in the language %(language)s, used on"
                " %(website)s.",
                user=self.env.user.name,
                shop_url=self.shop_url or "?",
                language=self.certificate_language or "?",
                website=self.website_id.domain or self.website_id.name,
            )
        )

    def action_stop_using_anyway(self):
        """Take the decision of ``action_use_anyway`` back."""
        self.check_access("write")
        self.sudo().overruled_match = False

    # === SENTENCES === #
    def _explain_shop_match(self):
        """Return whether the certificate is meant for this website, and the cure.

        :return: plain sentences for the administrator
        :rtype: str
        """
        self.ensure_one()
        words = {
            "shop_url": self.shop_url or "?",
            "website": self.website_id.name,
            "domain": self.website_id.domain or "?",
        }
        if self.shop_match == "match":
            return self.env._(
                "Issued for %(shop_url)s: this is the address of the website"
                " %(website)s.",
                **words,
            )
        if self.shop_match == "mismatch":
            return self.env._(
                "Issued for %(shop_url)s, but the website %(website)s has the address"
                " %(domain)s. Choose the website for which it was issued, correct the"
                " domain under Website > Configuration > Websites, or ask Trusted Shops"
                " to correct the address of the certificate.",
                **words,
            )
        if not self.website_id.domain:
            return self.env._(
                "Cannot tell whether it was issued for the website %(website)s, which"
                " has no domain. Set the domain under Website > Configuration >"
                " Websites.",
                **words,
            )
        return self.env._(
            "Cannot tell whether it was issued for the website %(website)s: Trusted"
            " Shops named no address. Compare it in your Trusted Shops account.",
            **words,
        )

    def _explain_lang_match(self):
        """Return whether the certificate is meant for its language, and the cure.

        :return: plain sentences for the administrator
        :rtype: str
        """
        self.ensure_one()
        words = {
            "code": self.certificate_language or "?",
            "language": self.lang_id.name or self.env._("All languages"),
            "website": self.website_id.name,
        }
        if self.lang_match == "mismatch":
            if not self.lang_id:
                return self.env._(
                    "Issued for the language %(code)s, which the website %(website)s"
                    " does not have. Add the language to the website, or use a"
                    " certificate for one of its languages.",
                    **words,
                )
            return self.env._(
                "Issued for the language %(code)s, but used for %(language)s. Choose"
                " the language for which it was issued; every language needs a"
                " certificate of its own.",
                **words,
            )
        if self.lang_match == "regional":
            return self.env._(
                "Issued for the language %(code)s and used for %(language)s: it fits,"
                " but texts at Trusted Shops may be those of another country.",
                **words,
            )
        if self.lang_match == "unknown":
            return self.env._(
                "Cannot tell for which language it was issued: Trusted Shops named"
                " none."
            )
        if not self.lang_id and len(self.website_lang_ids) > 1:
            return self.env._(
                "Issued for the language %(code)s, but shown in all languages of the"
                " website that have no certificate of their own. Choose a language to"
                " show it there only.",
                **words,
            )
        return self.env._(
            "Issued for the language %(code)s: it fits %(language)s.", **words
        )
