# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from urllib.parse import urlsplit

from odoo import api, fields, models

from ... import const
from ...lib.blocked_domains import is_blocked, let_pass
from ...lib.criteria import LEVELS
from ...lib.links import LOADER_HOSTS
from ..finding import HINT, OK, PROBLEM


class TrustedShopsCertificate(models.Model):
    """Tells what the website should show; a browser compares it with the pages."""

    _inherit = "trustedshops.certificate"

    def get_website_expectations(self):
        """Return what visitors without cookies should get from this website.

        :return: ``website`` (settings of the website and of the certificate),
            ``findings`` about them, and ``pages`` (its start page in each language,
            with the paths of ``more`` pages)
        :rtype: dict
        :raise AccessError: when the user may not change the certificate
        """
        self.ensure_one()
        self.check_access("write")
        website_sudo = self.sudo().website_id
        website = self.sudo()._describe_website(website_sudo)
        inspection = self.env["trustedshops.inspection"]
        return {
            "website": website,
            "findings": [
                self.sudo()._get_match_findings()[0],
                *inspection._word(inspection._look("settings", [], website)),
                *self._get_more_findings(website_sudo),
            ],
            "pages": [
                self._describe_page(website_sudo, lang)
                for lang in website_sudo.language_ids
            ],
        }

    def judge_page(self, lang, page):
        """Return what is right and wrong with a page of the website.

        :param str lang: of one of the ``pages`` of :meth:`get_website_expectations`
        :param dict page: see ``_read_pages`` of ``trustedshops.inspection``, its kind
            is ``start`` or ``page``: more criteria apply to the start page
        :return: see ``_make_finding``
        :rtype: list[dict]
        :raise AccessError: when the user may not change the certificate
        """
        expected = self.get_website_expectations()
        [own] = [each for each in expected["pages"] if each["lang"] == lang]
        inspection = self.env["trustedshops.inspection"]
        pages = inspection._read_pages([page])
        found = inspection._look(page["kind"], pages, {**expected["website"], **own})
        words = inspection._word(found, urlsplit(page["asked"]).path)
        text = self.env._("Nothing is wrong with this page.")
        return words or [self._make_finding("page", OK, text)]

    def note_website_check(self, is_badge_seen):
        """Store that a browser checked the website, which closes a to-do.

        :param bool is_badge_seen: whether visitors get the badge, and nothing is wrong
        :raise AccessError: when the user may not change the certificate
        """
        self.ensure_one()
        self.check_access("write")
        self.sudo().website_checked_at = is_badge_seen and fields.Datetime.now()

    @api.model
    def _get_more_findings(self, website_sudo):
        """Return the findings of other addons about the settings of a website.

        :param website_sudo: record of ``website``
        :return: see ``_make_finding``
        :rtype: list[dict]
        """
        return []

    @api.model
    def _list_more_paths(self, website_sudo):
        """Return the paths of pages to check besides the start page.

        :param website_sudo: record of ``website``, for the public, in the language of
            the page
        :return: without the language; each begins with a slash
        :rtype: list[str]
        """
        return []

    def _describe_website(self, website):
        """Return the settings of the website and of the certificate."""
        own_host = urlsplit(self._get_loader_url()).netloc
        domains = (website.blocked_third_party_domains or "").split("\n")
        passing = let_pass(domains, self._get_script_hosts(is_ordered=True))
        is_blocking = website.cookies_bar and website.block_third_party_domains
        consent = self._fields["badge_consent"]
        modes = dict(consent._description_selection(self.env))
        return {
            "id": website.id,
            "name": website.name,
            "url": (website.domain or "").rstrip("/"),
            "is_always_loaded": self.badge_consent == "always",
            "consent_text": (
                f"{consent._description_string(self.env)}: {modes[self.badge_consent]}"
            ),
            "cookies_bar": website.cookies_bar,
            "stops_badge": (
                is_blocking
                and self.badge_consent != "consent"
                and is_blocked(own_host, passing)
            ),
            "loader_hosts": sorted(LOADER_HOSTS | {own_host}),
        }

    def _describe_page(self, website_sudo, lang):
        """Return what the start page should contain for visitors, in a language."""
        website_sudo = website_sudo.with_user(website_sudo.user_id).sudo()
        website_sudo = website_sudo.with_context(lang=lang.code)
        certificate_sudo = website_sudo._trustedshops_get_certificate()
        serving_sudo = self.sudo().browse(certificate_sudo.id)  # in the user's language
        display = website_sudo._trustedshops_get_display()
        prefix = website_sudo._trustedshops_get_lang_path(lang)
        return {
            "lang": lang.code.replace("_", "-"),
            "lang_name": lang.name,
            "path": prefix or "/",
            "more": [prefix + path for path in self._list_more_paths(website_sudo)],
            "certificate": serving_sudo._judge_choice(website_sudo, lang),
            "ts_id": certificate_sudo.ts_id or "",
            "badge_shown": certificate_sudo.badge_shown,
            "seal_shown": certificate_sudo.seal_shown,
            "seal": bool(display["seal"]),
            "loader": display["badge"].get("src", ""),
        }

    def _judge_choice(self, website, lang):
        """Return what is wrong with this certificate serving a language of a website.

        :param website: record of ``website``
        :param lang: record of ``res.lang``
        :return: ``level`` and ``text``; None when all is well
        :rtype: dict or None
        """
        certificates = self.search([("website_id", "=", website.id)])
        others = certificates.filtered(lambda each: each._is_for_lang(lang.id)) - self
        idle = others.filtered("lang_id") or (self.browse() if self else others)
        texts = [idle._explain_idle(), self._explain_choice(idle, others)]
        text = " ".join(filter(None, texts))
        is_problem = idle and idle._get_rank() is None
        level = PROBLEM if is_problem else HINT
        return {"level": level, "text": text} if text else None

    def _explain_idle(self):
        """Return why the certificate does not serve a language that it should serve."""
        if not self:
            return ""
        findings = [self._get_state_finding(), *self._get_match_findings()]
        if self.mode == "disabled":  # a mismatch is worse
            findings.insert(0, self._make_finding("mode", HINT, self.mode_notice))
        worst = min(findings, key=lambda each: LEVELS.index(each["level"]))
        return self.env._(
            "%(ts_id)s should serve this language, but does not: %(reason)s",
            ts_id=self.ts_id,
            reason=worst["text"],
        )

    def _explain_choice(self, idle, others):
        """Return what users should know about the one that serves, '' if nothing.

        :param idle: the certificate that should serve, may be empty
        :param others: other certificates of the website that could serve
        """
        if not self:
            return self.env._(
                "No certificate serves this language, so its visitors see nothing."
            )
        if idle:
            return self.env._("Served by: %s", self.display_name)
        if self.mode_notice and not self._is_shown_to_everybody():
            return self.mode_notice
        protection, rank = const.MODEL_RANK, self._get_rank()
        for other in others.filtered(lambda each: each._get_rank() == rank):
            if protection[other.protection_model] > protection[self.protection_model]:
                return self.env._(
                    "%(certificate)s serves this language in place of %(other)s, which"
                    " protects more.",
                    certificate=self.display_name,
                    other=other.display_name,
                )
        return ""
