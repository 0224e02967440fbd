# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.website_sale_trustedshops.tests.certificate_common import (
    CertificateCommon,
)
from odoo.addons.website_sale_trustedshops.tests.http_common import PatientHttpCase


class TestWithdrawalCheck(CertificateCommon, PatientHttpCase):
    """What the website check says of the withdrawal function."""

    def _judge(self, source, lang="en-US", is_start=True):
        root = f"<html lang='{lang}' data-website-id='{self.website.id}'><body>"
        url = "https://shop.example/"
        page = {"is_start": is_start, "path": "/", "url": url, "status": 200}
        page |= {"html": root + source, "is_html": True}
        certificate = self.certificate.with_user(self.designer)
        found = certificate.check_page(lang, page)
        return [each for each in found if each["cause"] == "withdrawal"]

    def test_the_link_is_looked_for_in_each_language(self):
        link = "<a href='https://shop.example{}/withdrawal'>Withdraw</a>".format
        for lang, path in (("en-US", ""), ("de-DE", "/de")):
            with self.subTest(lang):
                self.assertEqual(self._judge(link(path), lang), [])
                self.assertEqual(self._judge(link(path), lang, is_start=False), [])
                [finding] = self._judge(link("/fr"), lang, is_start=False)
                self.assertEqual(
                    (finding["level"], finding["text"]),
                    ("problem", "No link leads visitors to the withdrawal function."),
                )
                self.assertIn("Withdrawal Function puts the link", finding["todo"])

    def test_the_link_that_the_website_shows_is_found(self):
        self.authenticate(None, None)
        for lang, path in (("en-US", "/"), ("de-DE", "/de")):
            source = self.url_open(path).text
            body = source.partition("<body")[2].partition(">")[2]
            self.assertEqual(self._judge(body, lang), [])
