# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from ..lib.blocked_domains import let_pass


class Website(models.Model):
    _inherit = "website"

    def _trustedshops_get_certificate(self):
        """Return the certificate of this website in the visitor's language.

        :return: record of ``trustedshops.certificate`` in sudo, may be empty
        """
        self.ensure_one()
        certificates_sudo = self.env["trustedshops.certificate"].sudo()
        return certificates_sudo._find_for(self, self.env.lang)

    def _trustedshops_get_seal(self):
        """Return what the seal in the footer needs in the visitor's language.

        :return: see ``_get_seal`` of the certificate; empty when no seal is shown
        :rtype: dict
        """
        self.ensure_one()
        certificates = self.env["trustedshops.certificate"]
        return certificates._get_seal(self.id, self.env.lang)

    def _trustedshops_get_badge(self):
        """Return what the page holds for the floating badge in the visitor's language.

        Whether the website asks for cookies is said here, too: a theme without the
        cookies bar is no consent.

        :return: see ``_get_badge`` of the certificate, and ``cookies_bar`` (``1`` or
            ``0``); empty when nothing is loaded
        :rtype: dict
        """
        self.ensure_one()
        certificates = self.env["trustedshops.certificate"]
        for_staff = self.env.user._is_internal()
        badge = certificates._get_badge(self.id, self.env.lang, for_staff)
        return badge and {**badge, "cookies_bar": "1" if self.cookies_bar else "0"}

    def _get_blocked_third_party_domains_list(self):
        """Override of `website` to let pass what the certificate loads without consent.

        The script of Trusted Shops brings a second one, which Odoo's watcher would stop
        for good. All visitors of a page get the same list: pages are kept for them.
        """
        domains = super()._get_blocked_third_party_domains_list()
        certificates = self.env["trustedshops.certificate"]
        hosts = certificates._get_hosts_without_consent(
            self.id,
            self.env.lang,
            self.env.user._is_internal(),
            bool(self.env.context.get("trustedshops_is_ordered")),
        )
        return let_pass(domains, hosts)
