# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..lib import language as language_lib
from ..lib.language import match_language
from ..lib.shop_url import match_shop_url

# From the best answer to the worst.
LANG_QUALITIES = (
    language_lib.MATCH,
    language_lib.REGIONAL,
    language_lib.UNKNOWN,
    language_lib.MISMATCH,
)


class TrustedShopsCertificate(models.Model):
    """Whether a certificate was issued for this website and language."""

    _inherit = "trustedshops.certificate"

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
