# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import str2bool

from ... import const
from ...lib.links import normalize_page_url

# Pages for shoppers, and where they are unless the merchant names others.
DEFAULT_BY_PAGE = {
    "conditions_url": const.CONDITIONS_URL,
    "privacy_url": const.PRIVACY_URL,
    "claim_url": const.CLAIM_URL,
}
# Which certificate goes first: a test never takes the place of a live one.
LIVE, REVIEWS_ONLY, TEST = range(3)


class TrustedShopsCertificate(models.Model):
    """Which certificate serves whom, and what visitors of the website get of it."""

    _inherit = "trustedshops.certificate"

    offered_to = fields.Selection(
        [("all", "Everybody"), ("private", "Private buyers only")],
        string="Offer To",
        required=True,
        default="all",
        help="Private buyers are those whose address has neither a company nor a VAT"
        " number.",
    )
    # One certificate may serve several languages, each with its own pages.
    conditions_url = fields.Char(
        string="Conditions",
        translate=True,
        help="The conditions of Buyer Protection that shoppers agree to. Leave empty to"
        " use the page of this certificate at Trusted Shops.",
    )
    privacy_url = fields.Char(
        string="Data Privacy",
        translate=True,
        help="The privacy policy that shoppers agree to. Leave empty to use the page of"
        " this certificate at Trusted Shops.",
    )
    claim_url = fields.Char(
        string="Claims",
        translate=True,
        help="The page on which protected buyers make a claim. Leave empty to use the"
        " buyer's account at Trusted Shops.",
    )
    default_conditions_url = fields.Char(
        compute="_compute_default_pages", export_string_translation=False
    )
    default_privacy_url = fields.Char(
        compute="_compute_default_pages", export_string_translation=False
    )
    default_claim_url = fields.Char(
        compute="_compute_default_pages", export_string_translation=False
    )
    takeover = fields.Text(compute="_compute_takeover", export_string_translation=False)
    test_notice = fields.Char(
        compute="_compute_test_notice", export_string_translation=False
    )

    @api.depends("ts_id")
    def _compute_default_pages(self):
        for certificate in self:
            for name, pattern in DEFAULT_BY_PAGE.items():
                certificate[f"default_{name}"] = (
                    certificate.ts_id and certificate._get_page_url(pattern)
                )

    @api.depends(
        "ts_id",
        "environment",
        "website_id",
        "lang_id",
        "active",
        "state",
        "is_mismatch",
        "is_overruled",
    )
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_takeover(self):
        for certificate in self:
            certificate.takeover = certificate._explain_takeover()

    @api.depends("environment", "state")
    @api.depends_context("lang")
    def _compute_test_notice(self):
        """Say who sees a test certificate."""
        notice = self.env._(
            "This is a test: only internal users see its offers and its badge."
        )
        if self._are_tests_public():
            notice = self.env._(
                "This is a test, and shoppers see it because of the system parameter"
                " %(parameter)s. It does not protect anybody.",
                parameter=const.TEST_OFFERS_PARAMETER,
            )
        for certificate in self:
            is_real = certificate.environment == "production"
            is_test = not is_real or certificate.state == "test"
            certificate.test_notice = is_test and notice

    # === PAGES FOR SHOPPERS === #
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

    @api.model
    def _normalize_pages(self, vals):
        """Return those of the values that are addresses of pages, in their one form."""
        return {
            name: self._normalize_page(name, vals[name])
            for name in DEFAULT_BY_PAGE.keys() & vals.keys()
        }

    def _normalize_page(self, name, text):
        """Return the address of a page with ``https``, an empty one as it is.

        False removes all translations, '' only this one.
        """
        try:
            return normalize_page_url(text) if text else text
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "%(field)s: “%(address)s” is not a page for shoppers. Enter the"
                    " full address of a public page, starting with https://, or leave"
                    " it empty.",
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

    # === WHICH ONE SERVES === #
    @api.model
    def _find_for(self, website, lang_code):
        """Return the certificate that serves a website in a language.

        :param website: record of ``website``
        :param str lang_code: for example ``de_DE``
        :return: see :meth:`_choose_for`
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
        lang_id = self.env["res.lang"]._get_data(code=lang_code).id
        certificates_sudo = self.sudo().search([("website_id", "=", website_id)])
        return certificates_sudo._choose_for(lang_id).id

    def _choose_for(self, lang_id):
        """Return the one of a website's certificates that serves a language.

        Decided by stored facts that only an answer or a person changes, so that it can
        be cached and an outage changes nothing.

        :param int lang_id: id of ``res.lang``
        :return: the live one of the language, else the live one without language, else
            one for reviews only, else a test; empty when there is none
        """
        candidates = self.filtered(
            lambda each: each._is_for_lang(lang_id) and each._get_rank() is not None
        )
        return candidates.sorted(lambda each: (each._get_rank(), not each.lang_id))[:1]

    def _is_for_lang(self, lang_id):
        return not self.lang_id or self.lang_id.id == lang_id

    def _get_rank(self):
        """Return who goes first, the lowest; None for what serves nobody."""
        if not self._is_meant_for_website():
            return None
        if self._is_live():
            return LIVE
        if self.state == "no_audit" and self.environment == "production":
            return REVIEWS_ONLY
        if self.state in (*const.TEST_STATES, "no_audit"):
            return TEST
        return None

    # === WHOM IT REPLACES === #
    def _explain_takeover(self):
        """Return from whom the certificate takes over, '' when from nobody."""
        lines = [
            self.env._(
                "%(website)s, %(language)s: from %(certificate)s",
                website=other.website_id.name,
                language=lang.name,
                certificate=other._describe_briefly(),
            )
            for lang, other in self._find_replaced()
        ]
        if not lines:
            return ""
        if self._is_unanswered():
            heading = self.env._(
                "Once Trusted Shops has confirmed this certificate, it takes over from"
                " others, but only in the language for which it was issued:"
            )
        else:
            heading = self.env._("When you save, this certificate takes over:")
        return "\n".join([heading, *lines])

    def _describe_briefly(self):
        """Return ID and protection model in words."""
        words = dict(self._fields["protection_model"]._description_selection(self.env))
        return f"{self.ts_id} ({words[self.protection_model]})"

    def _find_replaced(self):
        """Return languages, each with the certificate that is replaced there."""
        replaced = []
        for website in self.website_id or self.website_id.search(
            [("company_id", "in", self.env.companies.ids)]
        ):
            stored = self.search([("website_id", "=", website.id)])
            for lang in website.language_ids:
                serving = stored._choose_for(lang.id)
                if self._is_replacing(serving, lang):
                    replaced.append((lang, serving))
        return replaced

    def _is_replacing(self, serving, lang):
        """Tell whether this one, as it is in the form, goes before who serves now."""
        if not self.active or not serving or serving == self._origin:
            return False
        rank, has_lang = self._get_rank(), bool(self.lang_id)
        if self._is_unanswered():  # a good answer finds the language, too
            has_lang = True
            rank = LIVE if self.environment == "production" else TEST
        if rank is None or has_lang == bool(serving.lang_id):
            return False  # it serves nobody, or the place is taken
        return self._is_for_lang(lang.id) and (
            (rank, not has_lang) < (serving._get_rank(), not serving.lang_id)
        )

    def _is_unanswered(self):
        """Tell whether Trusted Shops has yet to say something about what is entered."""
        entered = {"ts_id": self.ts_id, "environment": self.environment}
        return self.state == "draft" or self._origin._is_other_certificate(entered)

    # === TO WHOM === #
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
            and self.can_sell_fee
            and self._has_fresh_items()
            and self._is_visible_to(user)
        )

    def _has_fresh_items(self):
        """Tell whether the fee table is recent enough to sell from."""
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

        A test certificate leads to the pages of the test system.

        :param str pattern: a constant with ``{ts_id}``
        :rtype: str
        """
        return self._move_to_environment(pattern.format(ts_id=self.ts_id))

    def _is_shown_to_everybody(self):
        """Tell whether the certificate is in force for the website's visitors."""
        is_test = self.state in const.TEST_STATES and self._are_tests_public()
        return self._is_meant_for_website() and (self._is_live() or is_test)
