# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import str2bool

from ...framework import get_parameter
from ...lib.match import match_shop_url
from .certificate import IN_FORCE_STATES

# Fields that decide where a certificate serves, and whom.
PLACE_FIELDS = (
    "active",
    "ts_id",
    "environment",
    "website_id",
    "lang_id",
    "state",
    "mode",
    "shop_match",
)
# Ranks of certificates: the lowest serves, so that a test never replaces a live one.
LIVE, REVIEWS_ONLY, TEST = range(3)


class TrustedShopsCertificate(models.Model):
    """Ranks certificates for their places, and says to whom one is shown."""

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
            ("nobody", "No buyers for now"),
        ],
        string="Offer Buyer Protection to",
        required=True,
        default="all",
        help="Private buyers have neither a company nor a VAT number in their address.",
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
        """Say who sees a certificate that is not shown to everyone."""
        for certificate in self:
            certificate.mode_notice = certificate._explain_mode()

    def _explain_mode(self):
        """Return who sees it and whether it protects; False if nothing limits it."""
        if self.mode == "disabled":
            text = self.env._(
                "Disabled: visitors see no offer, no seal and no Trustbadge."
            )
            before = self.env._("Orders placed before can still be protected.")
            return f"{text} {before}" if self._is_live() else text
        if self._is_test() and self._are_tests_public():
            return self.env._(
                "This is a test, but this database shows tests to shoppers. No purchase"
                " is protected."
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

    # === THE SHOP IT WAS ISSUED FOR === #
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
            language = certificate.certificate_language
            certificate.lang_match = certificate._get_lang_quality(language)

    # === WHICH ONE SERVES === #
    def _get_rank(self):
        """Override to rank live ones first, then those for reviews only, then tests.

        One that was issued for another address serves nobody.
        """
        can_serve = self.state in (*IN_FORCE_STATES, "no_audit")
        if not can_serve or self.mode == "disabled" or self.shop_match == "mismatch":
            return None
        if self.mode == "test" or self._is_test():
            return TEST
        return REVIEWS_ONLY if self.state == "no_audit" else LIVE

    # === WHICH ONE IT REPLACES === #
    @api.constrains("website_id", "lang_id", "state", "mode", "active")
    def _check_place_is_free(self):
        """Refuse a second certificate for a website and language; link to the first."""
        taking = self.filtered("active").filtered_domain(self._get_taking_domain())
        for certificate in taking:
            website, lang = certificate.website_id, certificate.lang_id
            if other := certificate._find_in_place(website.id, lang.id):
                other._refuse_for(other._explain_taken())

    def _explain_taken(self):
        """Return that this certificate has the place that another one needs."""
        return self.env._(
            "The website %(website)s already has a certificate for %(language)s:"
            " %(certificate)s (%(ts_id)s). Choose another language, change that"
            " certificate, or disable it first.",
            website=self.website_id.name,
            language=self.lang_id.name or self.env._("All languages"),
            certificate=self.display_name,
            ts_id=self.ts_id,
        )

    @api.model
    def _get_taking_domain(self):
        """Override: a certificate that serves no visitor takes no place."""
        is_answered = Domain("state", "not in", ("draft", "invalid"))
        return Domain("mode", "=", "enabled") & is_answered

    def _explain_takeover(self):
        """Return which certificates this one will replace, and where; '' for none."""
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
        """Return whether this one, with the values in the form, replaces another.

        :param serving: the certificate that serves the language now, may be empty
        :param lang: record of ``res.lang``
        :rtype: bool
        """
        is_off = not self.active or self.mode == "disabled"
        if is_off or not serving or serving == self._origin:
            return False
        place, taken = self._get_serving_key(), serving._get_serving_key()
        if self._is_unanswered():  # a good answer will also set the language
            is_live = self.mode == "enabled" and self.environment == "production"
            place = (LIVE if is_live else TEST, False)
        if place[0] is None or place[1] == taken[1]:
            return False  # it serves no visitor, or the place is taken
        return self._is_for_lang(lang.id) and place < taken

    def _is_unanswered(self):
        """Return whether Trusted Shops has not yet answered about what is entered."""
        entered = {"ts_id": self.ts_id, "environment": self.environment}
        return self.state == "draft" or self._origin._is_other_certificate(entered)

    # === WHO SEES IT === #
    def _is_usable_by(self, user):
        """Return whether Buyer Protection may be offered with this certificate now.

        :param user: record of ``res.users``: the visitor
        :rtype: bool
        """
        return bool(
            self.protection_model == "excellence"
            and self.offered_to != "nobody"
            and self.state in IN_FORCE_STATES
            and not self.sudo()._get_refusal()
            and self.can_sell_fee
            and self._has_fresh_items()
            and self._is_card_shown_to(user)
        )

    def _is_test(self):
        """Return whether it protects no order, in any mode."""
        return self.environment != "production" or self.state == "test"

    def _is_live(self):
        """Return whether this is a real certificate in force, so one for shoppers."""
        return self.state in IN_FORCE_STATES and not self._is_test()

    def _get_test_mark(self):
        """Return the notice beside a test offer, empty beside others."""
        if not self._is_live():
            return self.env._("This is a test offer. No purchase is protected.")
        return self.mode == "test" and self.env._(
            "Only internal users see this offer. Your order will be protected, and"
            " billed, like any other."
        )

    def _is_card_shown_to(self, user):
        """Return whether a buyer may get the Trustcard and links to review the shop.

        A shop that is not audited may still collect reviews. Only internal users get
        tests.

        :param user: record of ``res.users``: the buyer
        :rtype: bool
        """
        rank = self._get_rank()
        if rank != TEST:
            return rank is not None
        is_public = self._is_test() and self._are_tests_public()
        return user._is_internal() or is_public

    def _is_shown_to_everybody(self):
        """Return whether the certificate is in force for the website's visitors."""
        visitor = self.website_id.user_id
        return self.state in IN_FORCE_STATES and self._is_card_shown_to(visitor)

    @api.model
    def _are_tests_public(self):
        """Return whether this database shows test certificates to shoppers.

        A demonstration sets the system parameter for this.
        """
        name = "website_sale_trustedshops.test_offers_for_everybody"
        return str2bool(get_parameter(self.env, name), default=False)
