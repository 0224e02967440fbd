# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import requests
from lxml import etree

from odoo.tests import new_test_user
from odoo.tools.safe_eval import safe_eval

from .certificate_common import CertificateCommon
from .fake_service import HTML_PAGE, make_fault, make_item

# What the message of a failed check changes.
CHANGING = (
    *("last_check_error", "health", "headline", "headline_level"),
    "write_date",
)


class TestCertificate(CertificateCommon):
    """A certificate is what the service says about its identifier."""

    def test_the_fee_table_is_stored_as_it_came(self):
        self.assertRecordValues(
            self._add().item_ids.sorted("protected_amount"),
            [
                {
                    "ts_product_id": f"TS080501_{amount}_30_EUR",
                    "currency_id": self.currency_euro.id,
                    "protected_amount": amount,
                    "duration_days": 30,
                    "net_fee": net,
                    "gross_fee": gross,
                }
                for amount, net, gross in (
                    (500, 0.82, 0.98),
                    (1500, 2.47, 2.94),
                    (2500, 4.12, 4.90),
                    (5000, 8.24, 9.80),
                    (10000, 16.47, 19.60),
                    (20000, 32.94, 39.20),
                )
            ],
        )

    def test_an_empty_list_leads_who_may_to_the_first_certificate(self):
        keeper = new_test_user(self.env, "keeper", "account.group_account_manager")
        action = self.env.ref(
            "website_sale_trustedshops.trustedshops_certificate_action"
        )
        link = (
            "/odoo/action-website_sale_trustedshops.trustedshops_certificate_action_add"
        )
        for user, expected in ((self.designer, True), (keeper, False)):
            names = ["help", "context", "res_model"]
            [read] = action.with_user(user).sudo().read(names)
            self.assertEqual(link in read["help"], expected, user.login)
        # The form to which it leads has no help, and opens.
        form = self.env.ref(
            "website_sale_trustedshops.trustedshops_certificate_action_add"
        )
        self.assertFalse(form.sudo().read(["help"])[0]["help"])

    def test_the_login_stands_once_on_the_form_whenever_it_can_be_needed(self):
        arch = etree.fromstring(self.env["trustedshops.certificate"].get_view()["arch"])
        for state, model, has_login, hold_reason, expected in (
            ("draft", False, False, False, 1),
            ("draft", False, True, False, 1),
            ("production", "excellence", False, False, 1),
            ("production", "excellence", True, False, 1),
            ("production", "excellence", True, "login", 1),
            ("production", "classic", False, False, 0),
        ):
            values = {
                "id": 1,
                "state": state,
                "protection_model": model,
                "has_ws_login": has_login,
                "hold_reason": hold_reason,
            }
            fields = [
                field
                for field in arch.xpath("//field[@name='new_ws_password']")
                if not any(
                    safe_eval(node.get("invisible", "False"), dict(values))
                    for node in (field, *field.xpath("ancestor::notebook"))
                )
            ]
            with self.subTest(**values):
                self.assertEqual(len(fields), expected)

    def test_a_classic_certificate_has_no_fees_and_needs_no_login(self):
        self.service.status["typeEnum"] = "CLASSIC"
        certificate = self._add()
        self.assertValues(certificate, protection_model="classic", item_ids=[])
        self.assertEqual(
            [name for name, _parts in self.service.calls],
            ["checkCertificate", "getTrustmark", "getRating"],
        )

    def test_it_is_called_by_shop_language_and_model_and_found_by_its_id(self):
        own = self._add()
        self.assertEqual(own.display_name, "shop.example, German / Deutsch, Excellence")
        self.service.status["url"] = ""
        self.second.domain = False
        self._save(own, ws_password="p")
        self.assertEqual(own.display_name, "Second, German / Deutsch, Excellence")
        for text in (own.ts_id, "Second"):
            found = self.env["trustedshops.certificate"].name_search(text)
            self.assertEqual([record_id for record_id, _name in found], [own.id])

    def test_user_who_saves_a_wrong_login_reads_it_until_it_is_right(self):
        self.service.script("checkLogin", -10001)
        own = self._add(self.manager, ws_user="u", new_ws_password="p")
        self.assertEqual(own.headline_level, "problem")
        self.assertIn("does not accept the web service login", own.headline)
        self._save(own, new_ws_password="right")
        self.assertValues(own, hold_reason=False, last_check_error=False)
        self.assertNotEqual(own.headline_level, "problem")
        self.assertNotIn("does not accept", own.health)

    def test_a_failed_check_changes_nothing_but_its_message(self):
        fields = [name for name in self.certificate._fields if name not in CHANGING]
        [before] = self.certificate.read(fields)
        for failure in (
            requests.exceptions.ReadTimeout("slow"),
            make_fault(),
            HTML_PAGE,
        ):
            for operation in ("checkCertificate", "getProtectionItems", "checkLogin"):
                self.certificate.last_check_error = False
                self.service.status["stateEnum"] = "CANCELLED"
                self.service.items = []
                self.service.script(operation, failure)
                told = self.certificate.action_check_now()["params"]
                with self.subTest(failure=failure, operation=operation):
                    self.assertEqual(self.certificate.read(fields), [before])
                    self.assertIn("could not be asked", told["message"])
                    self.assertEqual(told["type"], "warning")

    def test_only_changes_that_matter_to_the_service_trigger_a_check(self):
        self.certificate.lang_id = self.langs["de_DE"]
        self.assertEqual(self.service.calls, [])
        self._save(self.certificate, ws_password="other")
        self.assertEqual(
            [name for name, _parts in self.service.calls],
            [
                *("checkCertificate", "getProtectionItems", "checkLogin"),
                *("getTrustmark", "getRating"),
            ],
        )

    def test_a_failed_check_releases_nothing(self):
        self.service.script("checkLogin", -10001)
        self._save(self.certificate, ws_password="wrong")
        self.service.script("checkLogin", make_fault())
        self.certificate.action_check_now()
        self.assertEqual(self.certificate.hold_reason, "login")

    def test_the_form_says_which_currency_the_website_would_have_to_sell_in(self):
        self.env.ref("base.CHF").active = False
        self.service.items = [
            make_item("600.00", "1.00", "1.19", "CHF"),
            make_item("600.00", "1.00", "1.19", "XXX"),  # Odoo does not know it
        ]
        self.certificate.action_check_now()
        self.assertEqual(self.certificate.item_ids.currency_id.mapped("name"), ["CHF"])
        text = self._get_findings(self.certificate)["items_currency"][1]
        self.assertIn("has fees in CHF, but the website sells in EUR,", text)
        # In zloty it sells as well: by a pricelist, whatever the company's currency is.
        zloty = ("PLN", self.currency_pln, 0)
        self._make_pricelists(zloty, website_id=self.certificate.website_id.id)
        self.service.items = [make_item("600.00", "1.00", "1.19", "PLN")]
        self.certificate.action_check_now()
        self.assertNotIn("items_currency", self._get_findings(self.certificate))
