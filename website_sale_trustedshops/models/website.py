# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json

from odoo import api, models, tools
from odoo.http import request

from ..framework import clear_caches
from ..lib.blocked_domains import filter_domains


class Website(models.Model):
    _inherit = "website"

    def write(self, vals):
        """Override of `website` to clear the caches when the domain changes.

        A certificate serves only a website with the domain of its shop.
        """
        result = super().write(vals)
        if "domain" in vals:
            clear_caches(self.env)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_certified(self):
        """Refuse to delete a website that has a certificate, even an archived one.

        :raise RedirectWarning: with a button that opens the certificate
        """
        own = [("website_id", "in", self.ids)]
        certificates_sudo = self.env["trustedshops.certificate"].sudo()
        certificates_sudo = certificates_sudo.with_context(active_test=False)
        if found_sudo := certificates_sudo.search(own, limit=1):
            found_sudo._refuse_for(
                self.env._(
                    "The website %(website)s has the Trusted Shops certificate"
                    " %(certificate)s. Delete it first or, if Buyer Protection was"
                    " chosen with it, archive it and choose another website on it.",
                    website=found_sudo.website_id.name,
                    certificate=found_sudo.display_name,
                )
            )

    @tools.ormcache("self.id", "lang.id")
    def _trustedshops_get_lang_path(self, lang):
        """Return the beginning of this website's paths in a language.

        :param lang: record of ``res.lang``
        :return: path such as ``/de``; '' for its default language, and one that it
            lacks
        :rtype: str
        """
        is_other = lang in self.language_ids - self.default_lang_id
        return f"/{lang.url_code}" if is_other else ""

    def _trustedshops_get_currencies(self):
        """Return the currencies of the website's pricelists, else that of its company.

        Core's ``currency_id`` depends on the request.

        :rtype: recordset of ``res.currency``
        """
        group = "product.group_product_pricelist"
        if self.env["res.groups"]._is_feature_enabled(group):
            if currencies := self.pricelist_ids.currency_id:
                return currencies
        return self.company_id.sudo().currency_id

    def _trustedshops_get_certificate(self):
        """Return the certificate that serves this website in the context's language.

        :return: record of ``trustedshops.certificate`` in sudo; empty without one, or
            if ``self`` is empty
        """
        certificates_sudo = self.env["trustedshops.certificate"].sudo()
        return certificates_sudo._get_for(self.id, self.env.lang)

    def _trustedshops_get_display(self):
        """Return the values of the certificate for pages in the visitor's language.

        They depend on whether the visitor is an internal user.

        :return: see ``_get_display`` of the certificate
        :rtype: dict
        """
        self.ensure_one()
        certificates = self.env["trustedshops.certificate"]
        for_staff = self.env.user.has_group("base.group_user")
        return certificates._get_display(self.id, self.env.lang, for_staff)

    def _trustedshops_get_own_seal(self):
        """Return the address of the merchant's own seal image, '' if none is shown."""
        seal = self._trustedshops_get_display()["seal"]
        return seal["image"] if seal and seal["isOwn"] else ""

    def _trustedshops_get_settings(self, card=None, offer=None, widget=None):
        """Return the settings for our scripts, in the head of a page.

        ``cookiesBar`` says whether the website has a cookies bar: if a theme removed it
        from the page, that is not consent.

        :param card: on the page after an order, result of ``_trustedshops_get_card``
        :type card: dict or None
        :param offer: on the payment page, result of ``_trustedshops_prepare_row``
        :type offer: dict or None
        :param widget: on the page after an order, result of
            ``_trustedshops_get_widget``
        :type widget: dict or None
        :return: JSON object with the values of the badge, ``cookiesBar``,
            ``isOrdered``, ``card``, ``offer`` (its key) and ``widget``; '' if it would
            be empty
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
        """Return True if the page is the confirmation of an order."""
        return bool(self.env.context.get("trustedshops_is_ordered"))

    def _get_blocked_third_party_domains_list(self):
        """Override of `website` to leave out hosts whose scripts need no consent.

        The script of Trusted Shops loads a second one, which Odoo's watcher would stop
        for good. All visitors get the same list, because pages are cached.
        """
        domains = super()._get_blocked_third_party_domains_list()
        key = "hosts_after_order" if self._trustedshops_is_ordered() else "hosts"
        return filter_domains(domains, self._trustedshops_get_display()[key])


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Override of `website` to spare visitors the words that only editors read.

        Odoo sends the words of each module with "website" in its name, but our
        interactions have none: those come with the page.
        """
        names = super()._get_translation_frontend_modules_name()
        if request.env.user.has_group("base.group_user"):
            return names
        return [name for name in names if "trustedshops" not in name]
