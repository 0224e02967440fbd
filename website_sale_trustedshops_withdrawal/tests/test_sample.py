# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html

from odoo.tests import new_test_user

from odoo.addons.website_sale_trustedshops.tests.certificate_common import (
    CertificateCommon,
)
from odoo.addons.website_sale_trustedshops.tests.http_common import PatientHttpCase

SAMPLE = "/withdrawal/sample"


class TestSample(CertificateCommon, PatientHttpCase):
    """What editors begin with, and the sample of what buyers get."""

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
