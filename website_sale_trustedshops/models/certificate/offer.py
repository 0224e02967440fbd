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
    "is_mismatch",
    "is_overruled",
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
    # What was compared when a person decided to use the certificate anyway.
    overruled_match = fields.Char(readonly=True, export_string_translation=False)
    is_mismatch = fields.Boolean(
        compute="_compute_is_mismatch", export_string_translation=False
    )
    is_overruled = fields.Boolean(
        compute="_compute_is_mismatch", export_string_translation=False
    )
    offered_to = fields.Selection(
        [("all", "Everybody"), ("private", "Private buyers only")],
        string="Offer To",
        required=True,
        default="all",
        help="Private buyers are those whose address has neither a company nor a VAT"
        " number.",
    )
    takeover = fields.Text(compute="_compute_takeover", export_string_translation=False)
    test_notice = fields.Char(
        compute="_compute_test_notice", export_string_translation=False
    )

    @api.depends(*PLACE_FIELDS)
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
        return candidates.sorted(lambda each: each._get_place())[:1]

    def _is_for_lang(self, lang_id):
        return not self.lang_id or self.lang_id.id == lang_id

    def _get_place(self):
        """Return what certificates that serve somebody are sorted by."""
        return self._get_rank(), not self.lang_id

    def _get_rank(self):
        """Return who goes first, the lowest; None for what serves nobody."""
        can_serve = self.state in (*const.TEST_STATES, "no_audit")
        if not can_serve or not self._is_meant_for_website():
            return None
        if self.environment != "production" or self.state == "test":
            return TEST
        return REVIEWS_ONLY if self.state == "no_audit" else LIVE

    # === WHOM IT REPLACES === #
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
                        certificate=serving._describe_briefly(),
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

    def _describe_briefly(self):
        """Return ID and protection model in words."""
        words = dict(self._fields["protection_model"]._description_selection(self.env))
        return f"{self.ts_id} ({words[self.protection_model]})"

    def _is_replacing(self, serving, lang):
        """Tell whether this one, as it is in the form, goes before who serves now."""
        if not self.active or not serving or serving == self._origin:
            return False
        place, taken = self._get_place(), serving._get_place()
        if self._is_unanswered():  # a good answer finds the language, too
            place = (LIVE if self.environment == "production" else TEST, False)
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
            and self.state in const.TEST_STATES
            and not self.hold_reason
            and self.sudo().has_ws_login
            and self.can_sell_fee
            and self._has_fresh_items()
            and self._is_card_shown_to(user)
        )

    def _has_fresh_items(self):
        """Tell whether the fee table is recent enough to sell from."""
        oldest = fields.Datetime.now() - const.ITEMS_FRESH
        return bool(self.items_checked_at and self.items_checked_at >= oldest)

    def _is_live(self):
        """Tell whether this is a real certificate in force, so one for shoppers."""
        return self.environment == "production" and self.state in const.LIVE_STATES

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
        return user._is_internal() or self._are_tests_public()

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
