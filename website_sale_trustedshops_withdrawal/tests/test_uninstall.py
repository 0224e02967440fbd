# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import csv
import io
import zipfile
from base64 import b64decode

from freezegun import freeze_time

from odoo.tests import new_test_user

from odoo.addons.website_sale_trustedshops.tests.common import TrustedShopsCommon

ADDON = "website_sale_withdrawal"


class TestUninstall(TrustedShopsCommon):
    """Who uninstalls withdrawals gets them before they go."""

    def _open_dialog(self, name):
        user = new_test_user(
            self.env,
            name,
            "base.group_system",
            lang="en_US",
            tz="Europe/Berlin",
        )
        module = self.env["ir.module.module"].search([("name", "=", name)])
        dialogs = self.env["base.module.uninstall"].with_user(user)
        return dialogs.create({"module_ids": module.ids})

    def _declare(self, **values):
        return self.env["sale.withdrawal"]._declare(
            "",
            {
                "buyer_name": "Erika Muster",
                "email": "erika@muster.example",
                "order_reference": "S4711",
                "company_id": self.env.company.id,
                **values,
            },
        )

    def test_the_addon_says_what_goes_with_it(self):
        other = self._make_company("Other", "de", None)
        self._declare()
        self._declare(company_id=other.id)
        for name, proofs in (
            (ADDON, "Withdrawal: 2"),
            ("website_sale_trustedshops_withdrawal", ""),
            ("website_sale_withdrawal_stock", ""),
        ):
            with self.subTest(module=name):
                dialog = self._open_dialog(name)
                self.assertEqual(dialog.trustedshops_proofs or "", proofs)

    def test_they_are_downloaded_as_a_table(self):
        with freeze_time("2026-11-02 10:00:07"):
            self._declare(
                articles="2 × Chair",
                details="The desk",
                remark="Thanks",
                lang="en_US",
                is_verified=True,
            )
        content = b64decode(self._open_dialog(ADDON).trustedshops_file)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            [name] = archive.namelist()
            [row] = csv.DictReader(io.StringIO(archive.read(name).decode()))
        self.assertEqual(name, "sale.withdrawal.csv")
        self.assertEqual(
            {label: value for label, value in row.items() if value},
            {
                "Company": self.env.company.name,
                "Declared at": "2026-11-02 10:00:07",  # in UTC
                "Name": "Erika Muster",
                "Email": "erika@muster.example",
                "Order Number": "S4711",
                "Details of the Contract": "The desk",
                "Articles": "2 × Chair",
                "Remark": "Thanks",
                "From the Order's Link": "True",
                "Language": "en_US",
                "Status": "Received",
            },
        )
