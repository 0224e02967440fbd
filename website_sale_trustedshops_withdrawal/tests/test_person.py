# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import json

from freezegun import freeze_time

from odoo.tests import new_test_user

from odoo.addons.website_sale_trustedshops.tests.common import TrustedShopsCommon

PERSON = "trustedshops.person"
EMAIL = "erika@muster.example"
OFFICER = "website_sale_trustedshops.group_data_protection"


class TestPerson(TrustedShopsCommon):
    """What a data protection officer sees and exports of withdrawals."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = new_test_user(
            cls.env, "officer", f"base.group_user,{OFFICER}", lang="en_US", tz="UTC"
        )

    def _declare(self, **values):
        withdrawal = self.env["sale.withdrawal"]._declare(
            "",
            {
                "buyer_name": "Erika Muster",
                "email": EMAIL,
                "order_reference": "S4711",
                "company_id": self.env.company.id,
                "lang": "en_US",
                "network": "f00d",
                **values,
            },
        )
        return withdrawal.with_env(self.env)

    def _open(self, email=EMAIL):
        person = self.env[PERSON].with_user(self.officer).create({"email": email})
        self.env.flush_all()
        return person

    def _export(self, email=EMAIL):
        """Return what the file says of the company, by heading."""
        content = json.loads(base64.b64decode(self._open(email).export_file))
        return content["Companies"].get(self.env.company.name, {})

    def test_an_address_with_capitals_beyond_ascii_is_found(self):
        self._declare(email="MÜLLER@muster.example")
        found = self._export("müller@muster.example")["Withdrawals"]
        self.assertEqual([each["Order Number"] for each in found], ["S4711"])

    def test_the_export_says_what_was_declared_and_no_secret(self):
        with freeze_time("2026-11-02 10:00:07"):
            withdrawal = self._declare(details="The desk", remark="Thank you")
        self.assertEqual(
            self._export(),
            {
                "Withdrawals": [
                    {
                        "Declared at": "2026-11-02T10:00:07Z",
                        "Name": "Erika Muster",
                        "Email": EMAIL,
                        "Order Number": "S4711",
                        "Details of the Contract": "The desk",
                        "Remark": "Thank you",
                        "Language": "en_US",
                        "Status": "Received",
                    }
                ]
            },
        )
        self.assertIn("The desk", str(self._open().found))
        for secret in ("f00d", withdrawal.sudo().token):
            self.assertNotIn(secret, json.dumps(self._export()))

    def test_the_address_that_gets_the_copy_finds_it(self):
        self.assertEqual(self._export(), {})
        self._declare(email="other@x.example").sudo().copy_email = EMAIL
        [row] = self._export()["Withdrawals"]
        self.assertEqual((row["Email"], row["Copy to"]), ("other@x.example", EMAIL))

    def test_other_addresses_and_companies_are_left_out(self):
        company = self.env["res.company"].create({"name": "Other"})
        self._declare(company_id=company.id)
        self._declare(email="erika@muster.example.org")
        for typed in (EMAIL, "%@muster.example", "erik_@muster.example"):
            with self.subTest(typed):
                self.assertEqual(self._export(typed), {})
                self.assertNotIn("Withdrawals", str(self._open(typed).kept))

    def test_it_says_that_they_stay_and_why(self):
        self.assertNotIn("Withdrawals", str(self._open().kept))
        self._declare()
        self._declare()
        label = (
            "Withdrawals (proof until their years are over; each has a button to erase"
            " it)"
        )
        kept = " ".join(str(self._open().kept).split())
        self.assertIn(f"{label}:</span>2", kept)
        # Who may read them gets links.
        self.officer.group_ids += self.env.ref("sales_team.group_sale_manager")
        self.assertIn("/odoo/sale.withdrawal/", str(self._open().kept))
