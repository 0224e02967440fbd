# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models, tools
from odoo.tools import str2bool

from ... import const
from ...lib.match import (
    MATCH,
    MISMATCH,
    REGIONAL,
    UNKNOWN,
    match_language,
    match_shop_url,
)
from .certificate import DEFAULT_BY_PAGE

# What serves nobody takes no place either.
TAKES_PLACE = [("mode", "!=", "disabled"), ("state", "not in", ("draft", "invalid"))]
# What the languages of a website may give, from the best answer to the worst.
LANG_QUALITIES = (MATCH, REGIONAL, UNKNOWN, MISMATCH)
# What decides where a certificate serves, and whom.
PLACE_FIELDS = (
    "active",
    "ts_id",
    "environment",
    "website_id",
    "lang_id",
    "state",
    "mode",
)
# Which certificate goes first: a test never takes the place of a live one.
LIVE, REVIEWS_ONLY, TEST = range(3)


class TrustedShopsCertificate(models.Model):
    """Which certificate serves whom, and what visitors of the website get of it."""

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
    offered_to = fields.Selection(
        [
            ("all", "All buyers"),
            ("private", "Private buyers only"),
            ("nobody", "Nobody for now"),
        ],
        string="Offer Buyer Protection to",
        required=True,
        default="all",
        help="Private buyers are those whose address has neither a company nor a VAT"
        " number. Seal and Trustbadge stay even if nobody gets the offer.",
    )
    takeover = fields.Text(compute="_compute_takeover", export_string_translation=False)
    mode_notice = fields.Char(
        compute="_compute_mode_notice", export_string_translation=False
    )

    @api.depends(*PLACE_FIELDS)
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_takeover(self):
        for certificate in self:
            certificate.takeover = certificate._explain_takeover()

    @api.depends("environment", "state", "mode")
    @api.depends_context("lang")
    def _compute_mode_notice(self):
        """Say who sees a certificate that is not for everybody."""
        for certificate in self:
            certificate.mode_notice = certificate._explain_mode()

    def _explain_mode(self):
        """Return who sees it and what its offers are worth, False when all is usual."""
        if self.mode == "disabled":
            text = self.env._(
                "Disabled: nobody sees an offer, the seal or the Trustbadge."
            )
            before = self.env._("Orders placed before can still be protected.")
            return f"{text} {before}" if self._is_live() else text
        if self._is_test() and self._are_tests_public():
            return self.env._(
                "This is a test, and shoppers see it because this database shows tests"
                " to everybody. It does not protect anybody."
            )
        if self._is_test():
            return self.env._(
                "This is a test: only internal users see its offers and its Trustbadge."
            )
        if self.mode == "test":
            text = self.env._(
                "In test mode only internal users see its offers and its Trustbadge."
            )
            worth = self.env._(
                "Their orders are protected, and billed, like any other."
            )
            return f"{text} {worth}" if self._is_live() else text
        return False

    # === PAGES FOR SHOPPERS === #
    def _get_shopper_page(self, name):
        """Return the address of a page for shoppers, in the reader's language.

        :param str name: one of ``DEFAULT_BY_PAGE``
        :rtype: str
        """
        return self[name] or self._get_page_url(DEFAULT_BY_PAGE[name])

    # === FOR WHICH SHOP IT WAS ISSUED === #
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

    def _is_mismatch(self):
        """Tell whether it seems to be issued for another shop or language."""
        return "mismatch" in (self.shop_match, self.lang_match)

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
        # The answer is kept for everybody, also who looks at archived records.
        place = [("website_id", "=", website_id), ("active", "=", True)]
        certificates_sudo = self.sudo().search(place)
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
        return candidates.sorted(lambda each: each._get_place())[:1]

    def _is_for_lang(self, lang_id):
        return not self.lang_id or self.lang_id.id == lang_id

    def _get_place(self):
        """Return what certificates that serve somebody are sorted by."""
        return self._get_rank(), not self.lang_id

    def _get_rank(self):
        """Return who goes first, the lowest; None for what serves nobody."""
        can_serve = self.state in (*const.TEST_STATES, "no_audit")
        if not can_serve or self.mode == "disabled":
            return None
        if self.mode == "test" or self._is_test():
            return TEST
        return REVIEWS_ONLY if self.state == "no_audit" else LIVE

    # === WHOM IT REPLACES === #
    @api.constrains("website_id", "lang_id", "state", "mode", "active")
    def _check_place_is_free(self):
        """Refuse a second one for a website and language, and lead to the first.

        One that serves nobody takes no place, nor does one that is about to be disabled
        because it was issued for another shop.
        """
        for certificate in self.filtered("active").filtered_domain(TAKES_PLACE):
            if certificate._is_mismatch() and not certificate._is_chosen("mode"):
                continue
            if other := certificate._find_in_place():
                other._refuse_for(
                    self.env._(
                        "The website %(website)s already has a certificate for"
                        " %(language)s: %(certificate)s (%(ts_id)s). Choose another"
                        " language, change that certificate, or disable it first.",
                        website=other.website_id.name,
                        language=other.lang_id.name or self.env._("All languages"),
                        certificate=other.display_name,
                        ts_id=other.ts_id,
                    )
                )

    def _find_in_place(self):
        """Return the other certificate in the website and language of this one."""
        place = [
            ("website_id", "=", self.website_id.id),
            ("lang_id", "=", self.lang_id.id),
            ("id", "!=", self.id),
        ]
        return self.search([*TAKES_PLACE, *place], limit=1)

    def _explain_takeover(self):
        """Return from whom the certificate takes over, '' when from nobody."""
        own_company = [("company_id", "in", self.env.companies.ids)]
        lines = []
        for website in self.website_id or self.website_id.search(own_company):
            stored = self.search([("website_id", "=", website.id)])
            for lang in website.language_ids:
                serving = stored._choose_for(lang.id)
                if self._is_replacing(serving, lang):
                    line = self.env._(
                        "%(website)s, %(language)s: from %(certificate)s",
                        website=website.name,
                        language=lang.name,
                        certificate=serving.display_name,
                    )
                    lines.append(line)
        if not lines:
            return ""
        heading = self.env._("When you save, this certificate takes over:")
        if self._is_unanswered():
            heading = self.env._(
                "Once Trusted Shops has confirmed this certificate, it takes over from"
                " others, but only in the language for which it was issued:"
            )
        return "\n".join([heading, *lines])

    def _is_replacing(self, serving, lang):
        """Tell whether this one, as it is in the form, goes before who serves now."""
        is_off = not self.active or self.mode == "disabled"
        is_off |= self._is_mismatch() and not self._is_chosen("mode")
        if is_off or not serving or serving == self._origin:
            return False
        place, taken = self._get_place(), serving._get_place()
        if self._is_unanswered():  # a good answer finds the language, too
            is_live = self.mode == "enabled" and self.environment == "production"
            place = (LIVE if is_live else TEST, False)
        if place[0] is None or place[1] == taken[1]:
            return False  # it serves nobody, or the place is taken
        return self._is_for_lang(lang.id) and place < taken

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
        return bool(
            self.protection_model == "excellence"
            and self.offered_to != "nobody"
            and self.state in const.TEST_STATES
            and not self.sudo()._get_refusal()
            and self.can_sell_fee
            and self._has_fresh_items()
            and self._is_card_shown_to(user)
        )

    def _has_fresh_items(self):
        """Tell whether the fee table is recent enough to sell from."""
        oldest = fields.Datetime.now() - const.ITEMS_FRESH
        return bool(self.items_checked_at and self.items_checked_at >= oldest)

    def _is_test(self):
        """Tell whether it protects nobody, whatever people decide."""
        return self.environment != "production" or self.state == "test"

    def _is_live(self):
        """Tell whether this is a real certificate in force, so one for shoppers."""
        return self.environment == "production" and self.state in const.LIVE_STATES

    def _get_test_mark(self):
        """Return what a buyer reads beside a test offer, '' beside others."""
        if not self._is_live():
            return self.env._("This is a test offer. No purchase is protected.")
        return self.mode == "test" and self.env._(
            "Only internal users see this offer. Your order will be protected, and"
            " billed, like any other."
        )

    def _is_card_shown_to(self, user):
        """Tell whether a buyer may get the Trustcard and links to review the shop.

        A shop that is not audited may still collect reviews. Tests are for internal
        users only.

        :param user: record of ``res.users``: the buyer
        :rtype: bool
        """
        rank = self._get_rank()
        if rank != TEST:
            return rank is not None
        is_public = self._is_test() and self._are_tests_public()
        return user._is_internal() or is_public

    def _is_shown_to_everybody(self):
        """Tell whether the certificate is in force for the website's visitors."""
        visitor = self.website_id.user_id
        return self.state in const.TEST_STATES and self._is_card_shown_to(visitor)

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
