# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged

from .common import TrustedShopsCommon

NEW_FORM = "/odoo/action-website_sale_trustedshops.trustedshops_certificate_action/new"


@tagged("post_install", "-at_install")
class TestTours(TrustedShopsCommon, HttpCase):
    """An administrator adds a certificate in the backend: the identifier is enough."""

    def setUp(self):
        super().setUp()
        self.certificate.unlink()
        self.website.domain = "https://shop.example"

    def _run_tour(self, name):
        """Return the certificate that the tour added."""
        self.start_tour(NEW_FORM, name, login="ts_manager")
        return self.env["trustedshops.certificate"].search(
            [("website_id", "=", self.website.id)]
        )

    def test_adding_a_classic_certificate(self):
        self.service.status["typeEnum"] = "CLASSIC"
        self.assertRecordValues(
            self._run_tour("trustedshops_classic"),
            [
                {
                    "ts_id": "XC1A551C0000000000000000000000000",
                    "protection_model": "classic",
                    "state": "production",
                    "lang_id": self.langs["de_DE"].id,
                    "shop_match": "match",
                    "ws_password": False,
                }
            ],
        )

    def test_adding_an_excellence_certificate(self):
        self.service.script("checkLogin", -10001)
        certificate = self._run_tour("trustedshops_excellence")
        self.assertRecordValues(
            certificate,
            [
                {
                    "ts_id": "XE0CE11E0000000000000000000000000",
                    "protection_model": "excellence",
                    "state": "production",
                    "hold_reason": False,
                    "ws_user": "shop-4711",
                    "ws_password": "right",
                }
            ],
        )
        self.assertEqual(len(certificate.item_ids), 6)
        self.assertEqual(
            [parts["wsPassword"] for parts in self.service.get_parts("checkLogin")],
            ["wrong", "right"],
        )
