# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import csv
import io
import zipfile
from base64 import b64decode
from datetime import datetime
from unittest.mock import patch

from odoo.tests import new_test_user

from odoo.addons.web.controllers.export import CSVExport
from odoo.addons.website_sale_trustedshops.tests.http_common import PatientHttpCase

from .reviews_common import ReviewsCommon

ADDON = "website_sale_trustedshops"
PROTECTIONS = "Trusted Shops Buyer Protection: 1"
CONSENTS = "Consent to Review Invitations: 3"
NAMES = ["trustedshops.protection.csv", "trustedshops.consent.csv"]


class TestUninstall(ReviewsCommon, PatientHttpCase):
    """Who uninstalls an addon gets what proves something before it goes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env,
            "ts_uninstall",
            groups="base.group_system",
            lang="en_US",
            tz="Europe/Berlin",
        )

    def setUp(self):
        super().setUp()
        self.order = self._make_queued().order_id
        self._make_ticked()
        self._tick(self._make_cart())
        self._add_consent(
            self.order,
            text='I "agree".\nAlways.',
            moment=datetime(2026, 11, 2, 9),
            source="=A1",
        )
        self._add_consent(kind="withdrawn")
        other = self._make_company("Other", "de", None)
        self._add_consent(company_id=other.id, channel_id=False)

    def _open_dialog(self, name):
        module = self.env["ir.module.module"].search([("name", "=", name)])
        dialogs = self.env["base.module.uninstall"].with_user(self.administrator)
        return dialogs.create({"module_ids": module.ids})

    def _download(self, dialog):
        """Return the rows of each file in the archive, by its name."""
        self.authenticate("ts_uninstall", "ts_uninstall")
        answer = self.url_open(dialog.action_trustedshops_download()["url"])
        self.assertIn("trusted_shops.zip", answer.headers["Content-Disposition"])
        return self._unpack(answer.content)

    def _unpack(self, content):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            # A table may take more than 2 GiB.
            self.assertEqual({each.extract_version for each in archive.filelist}, {45})
            return {
                name: list(csv.DictReader(io.StringIO(archive.read(name).decode())))
                for name in archive.namelist()
            }

    def test_each_addon_says_what_goes_with_it(self):
        both = f"{PROTECTIONS}\n{CONSENTS}"
        for name, proofs in (
            (ADDON, both),
            ("website_sale", both),
            (f"{ADDON}_reviews", CONSENTS),
            (f"{ADDON}_reviews_stock", ""),
            (f"{ADDON}_loyalty", ""),
        ):
            with self.subTest(module=name):
                dialog = self._open_dialog(name)
                self.assertEqual(dialog.trustedshops_proofs or "", proofs)

    def test_nothing_is_offered_where_nothing_is_lost(self):
        self.env["trustedshops.consent"].search([]).sudo().unlink()
        dialog = self._open_dialog(f"{ADDON}_reviews")
        self.assertFalse(dialog.trustedshops_proofs)

    def test_the_consents_are_downloaded_as_one_file(self):
        tables = self._download(self._open_dialog(f"{ADDON}_reviews"))
        self.assertEqual(list(tables), NAMES[1:])
        rows = tables[NAMES[1]]
        self.assertEqual(
            {(row["Company"], row["Status"]) for row in rows},
            {
                (self.env.company.name, "Given"),
                (self.env.company.name, "Withdrawn"),
                ("Other", "Given"),
            },
        )
        [proof] = [row for row in rows if row["Order"]]
        self.assertEqual(
            proof,
            {
                "Company": self.env.company.name,
                "E-mail Address": "erika@muster.example",
                "Status": "Given",
                "Moment": "2026-11-02 09:00:00",  # in UTC
                "Words": 'I "agree".\nAlways.',
                "Data Privacy Page": "",
                "Language": "",
                "How": "Checkbox",
                "Source": "'=A1",
                "Order": self.order.name,
            },
        )

    def test_the_protections_are_in_it_when_they_go_as_well(self):
        tables = self._download(self._open_dialog(ADDON))
        self.assertEqual(list(tables), NAMES)
        [protection] = tables[NAMES[0]]
        self.assertEqual(protection["Order Reference"], self.order.name)
        self.assertIn(
            "Trusted Shops Buyer Protection up to", protection["Consent Text"]
        )

    def test_no_more_than_a_batch_is_in_memory(self):
        for _order in range(2):
            self._add_consent(self._make_cart())
        dialog = self._open_dialog(f"{ADDON}_reviews")
        orders, write, seen = self.env["sale.order"], CSVExport.from_data, []

        def watch(export, names, labels, rows):
            rows = list(rows)
            cached = self.env.cache.get_records(orders, orders._fields["name"])
            seen.append((len(rows), len(cached)))
            return write(export, names, labels, rows)

        self.env.flush_all()
        self.env.invalidate_all()
        with (
            patch(f"odoo.addons.{ADDON}.wizards.base_module_uninstall.BATCH", 2),
            patch.object(CSVExport, "from_data", watch),
        ):
            content = b64decode(dialog.trustedshops_file)
        self.assertEqual(len(self._unpack(content)[NAMES[1]]), 5)
        batches = [rows for rows, _orders in seen if rows]
        self.assertEqual(batches, [2, 2, 1])
        self.assertLessEqual(max(orders for _rows, orders in seen), 2)

    def test_the_dialog_shows_them_with_the_button(self):
        arch = self.env["base.module.uninstall"].get_view(False, "form")["arch"]
        self.assertIn("trustedshops_proofs", arch)
        self.assertIn("action_trustedshops_download", arch)
