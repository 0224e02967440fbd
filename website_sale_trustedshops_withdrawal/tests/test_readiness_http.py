# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html

from odoo.tests import new_test_user

from odoo.addons.website_sale_trustedshops.tests.test_readiness_http import (
    ReadinessHttpCommon,
)

ADDON = "website_sale_withdrawal"
SAMPLE = "/withdrawal/sample"


class TestReadinessHttp(ReadinessHttpCommon):
    """What *Ready for Certification* says of the withdrawal function."""

    def _read_links(self, finding):
        return [link["text"] for link in finding["links"]]

    def test_link_and_first_step_are_found_in_each_language(self):
        module = self.env["ir.module.module"]._get(ADDON)
        module._update_translations(list(self.langs))
        for lang in self.langs.values():
            finding = self._look((self.website.id, lang.id))["function"]
        # It is the same in all of them, so it stands once.
        self.assertEqual(finding["level"], "ok")
        self.assertEqual(
            self._read_links(finding),
            [
                *("/withdrawal", "/withdrawal/sample"),
                *("/de/withdrawal", "/de/withdrawal/sample"),
                *("/pl/withdrawal", "/pl/withdrawal/sample"),
            ],
        )
        # It was looked at, not tried.
        self.assertFalse(self.env["sale.withdrawal"].search([]))

    def test_a_page_without_the_link_is_a_problem(self):
        self.env.ref(f"{ADDON}.layout_link").active = False
        finding = self._look()["function"]
        self.assertEqual(finding["text"], "No link leads visitors to such a page.")
        self.assertIn("Withdrawal Function puts the link", finding["todo"])
        self.assertEqual(self._read_links(finding), ["Edit the page"])

    def test_a_page_without_the_first_step_is_a_problem(self):
        view = self.env.ref(f"{ADDON}.step_form")
        view.arch_db = f"<t t-call='{ADDON}.page'><h1>Withdrawal</h1></t>"
        finding = self._look()["function"]
        self.assertEqual(
            (finding["level"], finding["text"]),
            (
                "problem",
                "The page does not ask for name, order number and e-mail address.",
            ),
        )

    def test_the_instructions_are_one_page(self):
        finding = self._look()["instructions"]
        self.assertEqual(finding["template"], "")
        self.assertIn(
            "“Right of Withdrawal”: fill the gaps and publish it",
            self._read_links(finding),
        )
        action = self.readiness.create_page(self.website.id, "withdrawal")
        self.assertEqual(action["params"]["path"], "/right-of-withdrawal")
        page = self.env.ref(f"{ADDON}.instructions_page")
        found = self.env["website.page"].search([("url", "=", page.url)])
        self.assertEqual(found, page)

    def test_a_page_that_a_shop_has_already_stays_its_own(self):
        other = self.env["website.page"].create(
            {
                "url": "/terms-of-withdrawal",
                "website_id": self.website.id,
                "type": "qweb",
                "key": "website.trustedshops_withdrawal",
                "arch": "<div>✎</div>",
            }
        )
        found = self.readiness._find_own_page(self.website, "withdrawal")
        self.assertEqual(found, other)

    # === THE SAMPLE === #
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
            "Lamps Ltd",
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
