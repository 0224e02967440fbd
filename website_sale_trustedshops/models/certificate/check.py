# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain

from ... import const
from ...client_action import show
from ...lib.client import HOSTS, TrustedShopsClient
from ...lib.exceptions import MisconfiguredError, TrustedShopsError
from ...lib.feed import FEED_URLS, FeedClient
from ...lib.inquiry import SOURCE_FEED, SOURCE_SOAP, Inquiry, inquire
from ...lib.match import (
    MATCH,
    MISMATCH,
    REGIONAL,
    UNKNOWN,
    match_language,
    match_shop_url,
)
from ...lib.values import to_printable
from .certificate import CHECKED_FIELDS

_logger = logging.getLogger(__name__)
# Longest texts that are stored of an answer: an address, a language code.
MAX_URL = 255
MAX_LANGUAGE = 16
# From the best answer to the worst.
LANG_QUALITIES = (MATCH, REGIONAL, UNKNOWN, MISMATCH)


class TrustedShopsCertificate(models.Model):
    """What Trusted Shops says about a certificate, and what follows from it.

    Asked when somebody saves the form or checks a certificate, and once a day, never
    while a shopper waits. A check that fails changes nothing but its message.
    """

    _inherit = "trustedshops.certificate"

    shop_match = fields.Selection(
        [
            ("match", "Issued for this website"),
            ("mismatch", "Issued for another address"),
            ("unknown", "Unknown"),
        ],
        compute="_compute_shop_match",
        store=True,
    )
    lang_match = fields.Selection(
        [
            ("match", "Issued for this language"),
            ("regional", "Issued for this language elsewhere"),
            ("mismatch", "Issued for another language"),
            ("unknown", "Unknown"),
        ],
        string="Language Match",
        compute="_compute_lang_match",
        store=True,
    )
    # What was compared when a person decided to use the certificate anyway.
    overruled_match = fields.Char(
        readonly=True, copy=False, export_string_translation=False
    )
    is_mismatch = fields.Boolean(
        compute="_compute_is_mismatch", export_string_translation=False
    )
    is_overruled = fields.Boolean(
        compute="_compute_is_mismatch", export_string_translation=False
    )

    # === WHEN === #
    def web_save(self, vals, specification, next_id=None):
        """Override of `web`: whoever saves the form sees Trusted Shops' answer."""
        [saved] = super().web_save(vals, {})
        certificate = self.browse(saved["id"])
        if not certificate.last_attempt_at:
            certificate._check_at_trustedshops(by_person=True)
        shown = self.browse(next_id) if next_id else certificate
        return shown.with_context(bin_size=True).web_read(specification)

    def action_check_now(self):
        """Ask Trusted Shops about the certificates, for somebody who waits."""
        self.check_access("write")
        self._check_at_trustedshops(by_person=True)
        if len(self) == 1 and self.last_check_error:
            return show(self.last_check_error, type="warning")
        return show(self.env._("Trusted Shops answered."))

    def _is_question(self, vals):
        """Tell whether values that were written have to be asked about."""
        if CHECKED_FIELDS & vals.keys():
            return True
        return "protection_model" in vals and any(each._wants_items() for each in self)

    def _trigger_check(self):
        """Have the scheduled action ask about the certificates soon."""
        self.sudo().last_attempt_at = False
        cron = self.env.ref(
            "website_sale_trustedshops.ir_cron_refresh_certificates",
            raise_if_not_found=False,
        )
        if cron:
            cron.sudo()._trigger()

    @api.model
    def _cron_refresh_certificates(self):
        """Ask about every certificate in use that is due, one transaction each.

        An archived one is in use as long as applications wait in its queue. Those that
        waited longest come first, so that one that hangs cannot starve the others.
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

        Commits the attempt first, so that a certificate that always crashes is not the
        first of every run. A commit empties the cache: what the answer is compared
        with is read under the lock.
        """
        commit = self.env["ir.cron"]._commit_progress
        try:
            locked = self.try_lock_for_update(allow_referencing=True)
            locked.last_attempt_at = fields.Datetime.now()
            commit()
            locked = locked.try_lock_for_update(allow_referencing=True)
            # A certificate that finds its website stays in its company.
            locked.with_company(locked.company_id)._check_at_trustedshops()
            commit()
        except psycopg2.OperationalError:
            self.env.cr.rollback()  # somebody is changing it: the next run looks
        except psycopg2.IntegrityError as error:  # another one serves that language
            self.env.cr.rollback()
            in_lang = self._in_responsible_lang()
            self.last_check_error = in_lang._sql_error_to_message(error)
            commit()
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Certificate %s could not be checked", self.id)

    # === ASKING === #
    def _check_at_trustedshops(self, *, by_person=False):
        """Ask about each certificate and store what is said.

        Never raises because of the service: an unreachable service keeps no record
        from being saved.

        :param bool by_person: whether somebody waits for the answer
        :raise IntegrityError: (of psycopg2) when another certificate serves the website
            and language for which this one was issued
        """
        for certificate_sudo in self.sudo():  # login and fees
            answer = certificate_sudo._ask_trustedshops()
            certificate_sudo._apply_answer(answer, by_person=by_person)

    def _wants_items(self):
        """Tell whether the fee table is wanted whatever the service calls it."""
        return self.protection_model == "excellence" and self._is_chosen(
            "protection_model"
        )

    def _ask_trustedshops(self):
        """Ask both sources about the certificate.

        :rtype: Inquiry
        """
        try:
            hosts = self._get_hosts(self.environment)
            feed_url = self._get_feed_url(self.environment)
            with (
                TrustedShopsClient(hosts, **const.CHECK_TIMEOUTS) as client,
                FeedClient(feed_url, **const.FEED_TIMEOUTS) as feed,
            ):
                answer = inquire(
                    client,
                    feed,
                    self.ts_id,
                    user=self.ws_user or "",
                    password=self.ws_password or "",
                    wants_items=self._wants_items(),
                )
        except ValueError as error:  # what cannot be sent; the message names no value
            error = MisconfiguredError(str(error))
            return Inquiry(error=error, feed_error=error)
        if answer.status and answer.status.state not in const.STATE_BY_WORD:
            # Nothing is guessed, so the SOAP service as good as did not answer.
            error = TrustedShopsError(
                f"state {answer.status.state[:40]!r} is not known"
            )
            return Inquiry(
                error=error, trustmark=answer.trustmark, feed_error=answer.feed_error
            )
        return answer

    def _get_hosts(self, environment):
        """Return the base addresses of the SOAP services.

        :param str environment: of a certificate or an application
        :rtype: tuple of str
        """
        return HOSTS.get(environment) or (self._get_sandbox_url(),) * 2

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
    def _apply_answer(self, answer, *, by_person=False):
        """Store what was said, in one write, and tell those who have to know.

        :param Inquiry answer: what both sources said
        :param bool by_person: whether somebody waits for the answer
        """
        self.ensure_one()
        in_lang = self._in_responsible_lang()
        self = self if by_person else in_lang  # noqa: PLW0642
        is_first = self.state == "draft"
        was_held, old_model = bool(self.hold_reason), self.protection_model
        old_items = [item._to_lib() for item in self.item_ids]
        self.write(self._prepare_answer_values(answer))
        if answer.status:
            self.item_ids._replace_items(self, answer.items or ())
        if was_held and not self.hold_reason:
            self._release_queue()
        in_lang._notify_worse_model(old_model)
        in_lang._notify_worse_items(old_items)
        in_lang._notify_problems(by_person=by_person, is_first=is_first)

    def _prepare_answer_values(self, answer):
        """Return the values of the record for what was said."""
        now = fields.Datetime.now()
        values = self._prepare_source_values(answer)
        if values:
            values["last_check_at"] = values["last_attempt_at"] = now
            proposed = self._prepare_proposals(answer, values)
            values["proposed_values"] = self._prepare_proposed_values(proposed)
            values |= self._prepare_unchosen(proposed)
        if answer.trustmark or answer.is_unknown_to_feed:
            values["valid_from"] = answer.trustmark and answer.trustmark.valid_from
            values["valid_to"] = answer.trustmark and answer.trustmark.valid_to
            values |= self._prepare_guarantee(answer.trustmark)
        if answer.rating:  # without one the last good rating stays
            values["rating_value"] = float(answer.rating.value)
            values["rating_count"] = answer.rating.count
            values["rating_at"] = now
        if answer.is_unknown_to_soap:
            values["items_checked_at"] = False  # nothing is sold from an old table
        if answer.is_known_to_soap:
            # A login that was not checked did not become good.
            if answer.login_checked or answer.items is None:
                values |= self._prepare_hold_values(answer.login_error)
            values["items_checked_at"] = answer.items is not None and now
            values["login_checked_at"] = answer.login_checked and now
        values["last_check_error"] = self._explain_answer(answer, values)
        return values

    def _prepare_source_values(self, answer):
        """Return what the source that decides says; empty when neither does."""
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

    def _prepare_guarantee(self, trustmark):
        """Return the values for what Trusted Shops says about its guarantee.

        :param trustmark: entry of the public list, None when there is none
        :type trustmark: Trustmark or None
        :rtype: dict
        """
        currencies = self.env["res.currency"].with_context(active_test=False)
        name = trustmark.protection_currency if trustmark else False
        currency = currencies.search([("name", "=", name)], limit=1)
        amount = trustmark.max_protection_amount if currency else 0
        return {
            "guarantee_amount": amount or 0,
            "guarantee_currency_id": currency.id,
        }

    def _get_state_by_trustmark(self, trustmark):
        """Return our state for an entry of the public list.

        Source: both mobile kits of Trusted Shops take VALID alone for certified.
        """
        today = fields.Date.today()
        if trustmark.valid_to and trustmark.valid_to < today:
            return "cancelled"
        return "production" if trustmark.status == "VALID" else "disabled"

    # === WHAT IT PROPOSES === #
    def _prepare_proposals(self, answer, said):
        """Return what an answer proposes for the fields that a person may change.

        Only the first answer proposes a website and a language: a certificate does not
        move overnight.

        :param Inquiry answer: what both sources said
        :param dict said: see ``_prepare_source_values``
        :rtype: dict
        """
        proposed = {"badge_shown": said["state"] in const.TEST_STATES}
        if said["answer_source"] == SOURCE_FEED:
            has_guarantee = bool(answer.trustmark.max_protection_amount)
            proposed["protection_model"] = "classic" if has_guarantee else "none"
        elif said["state"] != "invalid":
            word = answer.status.type
            proposed["protection_model"] = const.MODEL_BY_WORD.get(word, "none")
        if not self.answer_source and said["state"] != "invalid":
            proposed |= self._prepare_place(said)
        return proposed

    def _prepare_place(self, said):
        """Return the website and language for which a certificate was issued."""
        found = self._find_website(said["shop_url"])
        website = self.website_id if self._is_chosen("website_id") else found
        lang = self._find_lang(website or self.website_id, said["certificate_language"])
        place = {"website_id": found.id} if found else {}
        return {**place, "lang_id": lang.id}

    def _prepare_proposed_values(self, proposed):
        """Return what was proposed until now.

        What a person turned down stays turned down when a later answer agrees with
        the choice for once: the next may not.
        """
        values = self._convert_to_write({name: self[name] for name in proposed})
        told = {
            name: value
            for name, value in proposed.items()
            if not (
                self.answer_source and self._is_chosen(name) and value == values[name]
            )
        }
        return {**(self.proposed_values or {}), **told}

    def _prepare_unchosen(self, proposed):
        """Return the proposals for the fields that no person chose.

        A chosen language stays on a website that has it.
        """
        values = {
            name: value for name, value in proposed.items() if not self._is_chosen(name)
        }
        website = self.env["website"].browse(values.get("website_id"))
        if self._is_chosen("lang_id") and not self.lang_id <= website.language_ids:
            values.pop("website_id", None)
        return values

    @api.model
    def _find_website(self, shop_url):
        """Return the one website with the address of a certificate, or none."""
        websites = self.env["website"].search(
            [("company_id", "in", self.env.companies.ids)]
        )
        found = websites.filtered(
            lambda website: match_shop_url(shop_url, website.domain or "") == MATCH
        )
        return found if len(found) == 1 else found.browse()

    @api.model
    def _find_lang(self, website, certificate_language):
        """Return the language of a website that fits a certificate best, or none."""
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
        values = self._prepare_hold_values(error)
        self.write({**values, "last_check_error": self._explain_error(error)})
        self._notify_problems()

    def _prepare_hold_values(self, error):
        """Return the values for what is wrong with login or contract, if any."""
        reason = error and const.HOLD_REASON_BY_CODE.get(error.code)
        probe_at = reason and fields.Datetime.now() + const.PROBE_INTERVAL
        return {"hold_reason": reason, "next_probe_at": probe_at}

    def _release_queue(self):
        """Let applications that waited for these certificates go out at once."""
        waiting = self.env["trustedshops.protection"].search(
            [("certificate_id", "in", self.ids), ("state", "=", "queued")]
        )
        if waiting:
            waiting.next_attempt_at = fields.Datetime.now()
            waiting._trigger_apply_cron()

    # === MATCH === #
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
                (quality for quality in LANG_QUALITIES if quality in found), UNKNOWN
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
        """Tell whether it was issued for this website, or a person uses it anyway."""
        return not self.is_mismatch or self.is_overruled

    def _get_match_key(self):
        """Return what was compared: when it changes, the person's decision ends."""
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
        """Use the certificate although it seems to be issued for another shop."""
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
