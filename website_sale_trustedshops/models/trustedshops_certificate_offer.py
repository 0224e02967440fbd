# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import str2bool

from .. import const
from ..lib.page_url import normalize_page_url

# Pages for shoppers, and where they are when the merchant names no others.
DEFAULT_BY_PAGE = {
    "conditions_url": const.CONDITIONS_URL,
    "privacy_url": const.PRIVACY_URL,
    "claim_url": const.CLAIM_URL,
}


class TrustedShopsCertificate(models.Model):
    """What visitors of the website get of a certificate."""

    _inherit = "trustedshops.certificate"

    offered_to = fields.Selection(
        [("all", "Everybody"), ("private", "Private buyers only")],
        string="Offer To",
        required=True,
        default="all",
        help="A private buyer is one whose address names neither a company nor a VAT"
        " number.",
    )
    # One certificate may serve several languages, each with pages of its own.
    conditions_url = fields.Char(
        string="Conditions",
        translate=True,
        help="Address of the conditions of Buyer Protection that shoppers agree to."
        " Empty: the page of this certificate at Trusted Shops.",
    )
    privacy_url = fields.Char(
        string="Data Privacy",
        translate=True,
        help="Address of the data privacy notice that shoppers agree to. Empty: the"
        " page of this certificate at Trusted Shops.",
    )
    claim_url = fields.Char(
        string="Claims",
        translate=True,
        help="Address of the page on which a protected buyer makes a claim. Empty: the"
        " buyer's account at Trusted Shops.",
    )
    default_conditions_url = fields.Char(compute="_compute_default_pages")
    default_privacy_url = fields.Char(compute="_compute_default_pages")
    default_claim_url = fields.Char(compute="_compute_default_pages")

    @api.depends("ts_id")
    def _compute_default_pages(self):
        for certificate in self:
            for name, pattern in DEFAULT_BY_PAGE.items():
                certificate[f"default_{name}"] = (
                    certificate.ts_id and certificate._get_page_url(pattern)
                )

    # === THE PAGES === #

    def _prepare_given_values(self, vals):
        """Override to take the addresses of the pages in their one form.

        :raise ValidationError: when shoppers cannot be sent to an address
        """
        vals = super()._prepare_given_values(vals)
        for name in DEFAULT_BY_PAGE.keys() & vals.keys():
            vals[name] = self._normalize_page(name, vals[name])
        return vals

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        """Override of the framework: a translated address is checked as well."""
        if field_name in DEFAULT_BY_PAGE:
            translations = {
                lang: self._normalize_page(field_name, text)
                for lang, text in translations.items()
            }
        return super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )

    def _normalize_page(self, name, text):
        """Return the address of a page in its one form.

        :param str name: of the field
        :param text: what was typed or pasted
        :type text: str or None
        :return: an address with ``https``; empty as it was given, for False takes all
            translations away and '' this one
        :rtype: str or bool
        :raise ValidationError: when shoppers cannot be sent there
        """
        try:
            return normalize_page_url(text) if text else text
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "%(field)s: shoppers cannot be sent to “%(address)s”. Enter the"
                    " whole address of a public page, beginning with https://, or leave"
                    " it empty for the page of this certificate at Trusted Shops.",
                    field=self._fields[name]._description_string(self.env),
                    address=text,
                )
            ) from error

    def _get_shopper_page(self, name):
        """Return the address of a page for shoppers, in the reader's language.

        :param str name: one of ``DEFAULT_BY_PAGE``
        :rtype: str
        """
        return self[name] or self._get_page_url(DEFAULT_BY_PAGE[name])

    # === WHO GETS AN OFFER === #

    @api.model
    def _find_for(self, website, lang_code):
        """Return the certificate that serves a website in a language.

        :param website: record of ``website``
        :param str lang_code: for example ``de_DE``
        :return: the one of the language, else the website's without one, else none
        """
        return self.browse(self._find_id_for(website.id, lang_code) or ())

    @api.model
    @tools.ormcache("website_id", "lang_code")
    def _find_id_for(self, website_id, lang_code):
        """Return the id of the certificate for :meth:`_find_for`, without a query.

        :param int website_id: id of ``website``
        :param str lang_code: for example ``de_DE``
        :rtype: int or bool
        """
        lang = self.env["res.lang"]._get_data(code=lang_code)
        domain = Domain("website_id", "=", website_id)
        domain &= Domain("lang_id", "in", (lang.id or False, False))
        # An empty language sorts last.
        return self.sudo().search(domain, order="lang_id", limit=1).id

    def _is_usable_by(self, user):
        """Tell whether Buyer Protection may be offered with this certificate now.

        :param user: record of ``res.users``: the visitor
        :rtype: bool
        """
        if not self or self.hold_reason or not self._is_meant_for_website():
            return False
        certificate_sudo = self.sudo()
        return (
            self.protection_model == "excellence"
            and certificate_sudo.has_ws_login
            and bool(self.fee_product_id)
            and self._has_fresh_items()
            and self._is_visible_to(user)
        )

    def _has_fresh_items(self):
        """Tell whether the fee table is young enough to sell from."""
        oldest = fields.Datetime.now() - const.ITEMS_FRESH
        return bool(self.items_checked_at and self.items_checked_at >= oldest)

    def _is_live(self):
        """Tell whether this is a real certificate in force, so one for shoppers."""
        return self.environment == "production" and self.state in const.LIVE_STATES

    def _is_visible_to(self, user):
        """Tell whether a visitor may see offers: tests are for internal users only."""
        if self._is_live():
            return True
        if self.state not in const.TEST_STATES:
            return False
        return user._is_internal() or self._are_tests_public()

    @api.model
    def _are_tests_public(self):
        """Tell whether this database shows test certificates to everybody."""
        parameters = self.env["ir.config_parameter"].sudo()
        return str2bool(
            parameters.get_param(const.TEST_OFFERS_PARAMETER), default=False
        )

    def _get_page_url(self, pattern):
        """Return the address of a page of this certificate at Trusted Shops.

        :param str pattern: a constant with ``{ts_id}``
        :rtype: str
        """
        return pattern.format(ts_id=self.ts_id)

    # === WHO GETS THE SEAL === #

    def _is_seal_shown(self):
        """Tell whether the certificate is in force and its seal is wanted."""
        return self.badge_shown and self._is_shown_to_everybody()

    def _is_shown_to_everybody(self):
        """Tell whether the certificate is in force for the website's visitors."""
        is_test = self.state in const.TEST_STATES and self._are_tests_public()
        return self._is_meant_for_website() and (self._is_live() or is_test)
