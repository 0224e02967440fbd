# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html

from odoo.tests import new_test_user

from odoo.addons.website_sale_trustedshops.tests.certificate_common import (
    CertificateCommon,
)
from odoo.addons.website_sale_trustedshops.tests.http_common import PatientHttpCase

SAMPLE = "/withdrawal/sample"


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
                [finding] = self._judge(link(path), lang)
                self.assertEqual(
                    (finding["level"], finding["text"]),
                    (
                        "ok",
                        "A link leads to the withdrawal function. A sample shows what"
                        " buyers get by e-mail.",
                    ),
                )
                self.assertEqual(
                    finding["links"],
                    [{"text": "Sample of the receipt", "url": f"{path}{SAMPLE}"}],
                )
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
            self.assertEqual(self._judge(body, lang)[0]["level"], "ok")

    def test_the_instructions_are_one_page(self):
        page = self.env.ref("website_sale_withdrawal.instructions_page")
        count = self.env["website.page"].search_count([])
        wizard = self.env["trustedshops.sample.page"].with_user(self.designer)
        wizard = wizard.create({"website_id": self.website.id, "kind": "withdrawal"})
        self.assertEqual(wizard.action_create_page()["params"]["path"], page.url)
        self.assertEqual(self.env["website.page"].search_count([]), count)
        page.unlink()
        path = wizard.action_create_page()["params"]["path"]
        sample = self.env["website.page"].search([("url", "=", path)])
        self.assertEqual(sample.website_id, self.website)
        self.assertIn("✎", sample.view_id.arch_db)

    def test_staff_see_a_sample_of_the_receipt(self):
        before = self.env["mail.mail"].search_count([])
        self.authenticate(self.designer.login, self.designer.login)
        response = self.url_open(SAMPLE)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        [wrap] = html.fromstring(response.content).xpath("//div[@id='wrap']")
        text = " ".join(wrap.text_content().split())
        for said in (
            "This is a sample of the mail that buyers get. Nothing was declared.",
            "This confirms that we received your withdrawal:",
            f"Name {self.designer.name} Order number S00042",
        ):
            self.assertIn(said, text)
        self.assertFalse(self.env["sale.withdrawal"].search([]))
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_others_see_no_sample(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(SAMPLE).url)
        seller = "base.group_user,sales_team.group_sale_manager"
        for login, groups in (("wd_seller", seller), ("wd_buyer", "base.group_portal")):
            new_test_user(self.env, login, groups=groups)
            self.authenticate(login, login)
            self.assertEqual(self.url_open(SAMPLE).status_code, 403, login)
