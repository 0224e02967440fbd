# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


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

        :return: see ``_get_badge`` of the certificate; empty when nothing is loaded
        :rtype: dict
        """
        self.ensure_one()
        certificates = self.env["trustedshops.certificate"]
        for_staff = self.env.user._is_internal()
        return certificates._get_badge(self.id, self.env.lang, for_staff)
