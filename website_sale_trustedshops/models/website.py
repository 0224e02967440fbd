# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json

from odoo import api, fields, models, tools
from odoo.fields import Domain

from ..lib.blocked_domains import let_pass

# How the classes of all our blocks begin.
BLOCKS = "s_trustedshops_"
# The language that our texts are written in.
SOURCE = "en_US"


class Website(models.Model):
    _inherit = "website"

    trustedshops_order_button = fields.Boolean(
        "Legally required text on the order button"
    )

    def write(self, vals):
        """Override of `website`: another address or language may not be certified."""
        result = super().write(vals)
        if {"domain", "language_ids"} & vals.keys():
            certificates_sudo = self.env["trustedshops.certificate"].sudo()
            certificates_sudo.search([("website_id", "in", self.ids)])._propose_mode()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_certified(self):
        """Say what to do about a certificate, which may belong to orders."""
        own = [("website_id", "in", self.ids)]
        certificates_sudo = self.env["trustedshops.certificate"].sudo()
        certificates_sudo = certificates_sudo.with_context(active_test=False)
        if found_sudo := certificates_sudo.search(own, limit=1):
            found_sudo._refuse_for(
                self.env._(
                    "The website %(website)s has the Trusted Shops certificate"
                    " %(certificate)s. Delete the certificate first. If Buyer"
                    " Protection was chosen with it, archive it and choose another"
                    " website on it instead.",
                    website=found_sudo.website_id.name,
                    certificate=found_sudo.display_name,
                )
            )

    @tools.ormcache("self.id", "lang.id")
    def _trustedshops_get_lang_path(self, lang):
        """Return what the paths of this website begin with in a language.

        :param lang: record of ``res.lang``
        :return: ``/de``; empty in its own language, and in one that it has not
        :rtype: str
        """
        is_other = lang in self.language_ids - self.default_lang_id
        return f"/{lang.url_code}" if is_other else ""

    def _trustedshops_get_order_words(self):
        """Return what the button that orders says in the visitor's language.

        :return: empty without the switch, and in a language that the words are not
            translated into: there those of core are better than English ones
        :rtype: str
        """
        self.ensure_one()
        if not self.trustedshops_order_button:
            return ""
        words, source = map(
            self._trustedshops_read_order_words, (self.env.lang, SOURCE)
        )
        is_english = (self.env.lang or SOURCE).startswith("en")
        return words if is_english or words != source else ""

    # Three buttons ask for it on each payment page, and views forget it when one of
    # them is changed or translated.
    @tools.ormcache("self.id", "lang", cache="templates")
    def _trustedshops_read_order_words(self, lang):
        """Return the words of this website's view in a language, without mark-up."""
        plain = {"edit_translations": False, "inherit_branding": False}
        website = self.with_context(website_id=self.id, lang=lang, **plain)
        view = "website_sale_trustedshops.order_button_words"
        return website.env["ir.qweb"]._render(view).strip()

    def _trustedshops_find_product(self, preferred):
        """Return a product of the shop that visitors can open.

        :param Domain preferred: of those that are taken first, if there is one
        :return: record of ``product.template`` as a visitor sees it, may be empty
        """
        self.ensure_one()
        website = self.with_user(self.user_id).with_context(
            website_id=self.id, allowed_company_ids=self.company_id.ids
        )
        products = website.env["product.template"]
        shown = Domain(website.sale_product_domain())
        return products.search(shown & preferred, limit=1) or products.search(
            shown, limit=1
        )

    def _trustedshops_get_currencies(self):
        """Return the currencies that the website sells in.

        Core's field says that of the company, unless it is read on the website.

        :rtype: recordset of ``res.currency``
        """
        group = "product.group_product_pricelist"
        if self.env["res.groups"]._is_feature_enabled(group):
            if currencies := self.pricelist_ids.currency_id:
                return currencies
        return self.company_id.sudo().currency_id

    def _trustedshops_get_certificate(self):
        """Return the certificate of this website in the visitor's language.

        :return: record of ``trustedshops.certificate`` in sudo, may be empty: no
            website has none
        """
        certificates_sudo = self.env["trustedshops.certificate"].sudo()
        return certificates_sudo._find_for(self, self.env.lang)

    def _trustedshops_get_display(self):
        """Return what pages in the visitor's language show of the certificate.

        :return: see ``_get_display`` of the certificate
        :rtype: dict
        """
        self.ensure_one()
        certificates = self.env["trustedshops.certificate"]
        for_staff = self.env.user._is_internal()
        return certificates._get_display(self.id, self.env.lang, for_staff)

    def _trustedshops_get_own_seal(self):
        """Return the address of the merchant's own seal, '' where none is shown."""
        seal = self._trustedshops_get_display()["seal"]
        return seal["image"] if seal and seal["isOwn"] else ""

    def _trustedshops_get_settings(self, card=None, offer=None, widget=None):
        """Return what the head of a page says to our scripts.

        Whether the website asks for cookies is said here, too: a theme without the
        cookies bar is no consent.

        :param card: on the page after an order, see ``_trustedshops_get_card``
        :type card: dict or None
        :param offer: on the payment page, what the offer shows
        :type offer: dict or None
        :param widget: on the page after an order, see ``_trustedshops_get_widget``
        :type widget: dict or None
        :return: JSON of the badge, ``cookiesBar``, ``isOrdered``, ``card``, ``offer``
            and ``widget``; empty when there is nothing to say
        :rtype: str
        """
        settings = {}
        if badge := self._trustedshops_get_display()["badge"]:
            settings = {
                **badge,
                "cookiesBar": self.cookies_bar,
                "isOrdered": self._trustedshops_is_ordered(),
            }
        if card:
            settings["card"] = {"orderId": card["order_id"], "tsId": card["ts_id"]}
        if offer and "key" in offer:
            settings["offer"] = offer["key"]
        if widget:
            settings["widget"] = widget
        return json.dumps(settings) if settings else ""

    def _trustedshops_is_ordered(self):
        """Tell whether the page is the one after an order."""
        return bool(self.env.context.get("trustedshops_is_ordered"))

    def _get_blocked_third_party_domains_list(self):
        """Override of `website` to let pass what the certificate loads without consent.

        The script of Trusted Shops brings a second one, which Odoo's watcher would stop
        for good. All visitors of a page get the same list: pages are kept for them.
        """
        domains = super()._get_blocked_third_party_domains_list()
        key = "hosts_after_order" if self._trustedshops_is_ordered() else "hosts"
        return let_pass(domains, self._trustedshops_get_display()[key])


class IrUiView(models.Model):
    _inherit = "ir.ui.view"

    def write(self, vals):
        """Override of `website` to show our blocks in all languages at once.

        The website builder keeps what is saved from the other languages until it is
        translated there. Our blocks have no words of their own: when a page says the
        same as before, there is nothing to wait for.
        """
        views = self
        if self._trustedshops_is_nothing_to_translate(vals.get("arch_db")):
            views = self.with_context(delay_translations=False)
        return super(IrUiView, views).write(vals)

    def _trustedshops_is_nothing_to_translate(self, arch):
        """Tell whether a page with our blocks is saved with the words it had."""
        is_kept = self.env.context.get("delay_translations")
        if not arch or not is_kept or len(self) != 1:
            return False
        field, old_arch = self._fields["arch_db"], self.arch_db or ""
        if BLOCKS not in arch and BLOCKS not in old_arch:
            return False
        stored = field._get_stored_translations(self) or {}
        is_waiting = any(lang.startswith("_") for lang in stored)
        old, new = (
            set(field.get_trans_terms(field.convert_to_cache(each, self)))
            for each in (old_arch, arch)
        )
        return not is_waiting and old == new
