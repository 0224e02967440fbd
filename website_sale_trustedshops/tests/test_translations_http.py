# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .certificate_common import CertificateCommon
from .http_common import PatientHttpCase


class TestTranslationsHttp(CertificateCommon, PatientHttpCase):
    """The words that a browser loads with the first page."""

    def _get_own_modules(self):
        answer = self.url_open("/website/translations?lang=de_DE").json()
        return {name for name in answer["modules"] if "trustedshops" in name}

    def test_visitors_load_none_of_ours_and_editors_all(self):
        self.authenticate(None, None)
        self.assertEqual(self._get_own_modules(), set())
        self.authenticate(self.designer.login, self.designer.login)
        self.assertIn("website_sale_trustedshops", self._get_own_modules())
