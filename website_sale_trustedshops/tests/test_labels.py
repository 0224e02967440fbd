# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people read: labels that can be translated, and the right words."""

import re
from pathlib import Path

from lxml import etree

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged

from .common import find_our_addons

HIDDEN = ("1", "True")


@tagged("-at_install", "post_install")
class TestLabels(TransactionCase):
    def _find_labelled(self, node, model):
        """Return the fields below a node whose own label is shown."""
        found = []
        for child in node.iterchildren(tag=etree.Element):
            if child.get("groups") == "base.group_no_one":
                continue  # developers read names of fields
            name = child.get("name")
            field = self.env[model]._fields.get(name) if child.tag == "field" else None
            if field is not None and node.tag in ("list", "group"):
                unseen = ("column_invisible", "invisible")
                has_label = not (child.get("string") or child.get("nolabel"))
                if has_label and all(child.get(each) not in HIDDEN for each in unseen):
                    found.append(field)
            inner = field.comodel_name if field is not None else None
            found += self._find_labelled(child, inner or model)
        return found

    def test_labels_that_people_read_can_be_translated(self):
        addons = find_our_addons(self.env)
        ours = self.env["ir.model.data"].search(
            [
                ("model", "=", "ir.ui.view"),
                ("module", "in", addons),
            ]
        )
        views = self.env["ir.ui.view"].browse(ours.mapped("res_id"))
        labelled = [
            field
            for view in views.filtered("model")
            for field in self._find_labelled(etree.fromstring(view.arch_db), view.model)
        ]
        self.assertIn(self.env["trustedshops.certificate"]._fields["mode"], labelled)
        wrong = {
            str(field)
            for field in labelled
            if field._module in addons and not field.export_string_translation
        }
        self.assertEqual(wrong, set())

    def test_nobody_reads_insurance(self):
        """Buyer Protection, Käuferschutz, Ochrona Kupującego: never an insurance."""
        words = re.compile("insur|versicher|ubezpiecz", re.IGNORECASE)
        addons = find_our_addons(self.env)
        files = [
            each
            for name in addons
            for each in Path(get_module_path(name), "i18n").glob("*.po*")
        ]
        self.assertTrue(files)
        for path in files:
            self.assertIsNone(words.search(path.read_text()), path)
