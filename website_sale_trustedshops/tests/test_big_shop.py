# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff and queue look for among a million rows has an index that fits.

``scripts/bench`` measures it; here PostgreSQL is asked for its plan as if reading all
rows cost too much.
"""

from lxml import etree

from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from .common import TrustedShopsCommon

# Where a plan begins to read; with a condition it reads only the rows that it fits.
ENTRIES = {"Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan"}


class TestBigShop(TrustedShopsCommon):
    def setUp(self):
        super().setUp()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.protections = self.env["trustedshops.protection"]

    def _find_scans(self, model, domain):
        """Return the tables and indexes of which PostgreSQL would read every row."""
        records = self.env[model].with_context(active_test=False)
        query = records._search(domain, order="")
        explain = SQL("EXPLAIN (FORMAT JSON) %s", query.select("1"))
        [[[plan]]] = self.env.execute_query(explain)
        nodes, scans = [plan["Plan"]], []
        for node in nodes:
            nodes += node.get("Plans", [])
            if node["Node Type"] in ENTRIES and "Index Cond" not in node:
                scans.append(node.get("Index Name") or node["Relation Name"])
        return scans

    def _get_search_domain(self, model, xmlid, name):
        """Return what a word that is typed into a search view looks for."""
        view = self.env.ref(f"website_sale_trustedshops.{xmlid}")
        arch = etree.fromstring(self.env[model].get_view(view.id, "search")["arch"])
        [field] = arch.xpath(f"//field[@name='{name}'][@filter_domain]")
        return safe_eval(field.get("filter_domain"), {"self": "4711"})

    def test_a_number_an_address_or_a_missing_bill_is_found_by_an_index(self):
        for model, view, field in (
            (
                "trustedshops.protection",
                "trustedshops_protection_view_search",
                "order_reference",
            ),
            ("sale.order", "view_sales_order_filter", "trustedshops_protection_id"),
        ):
            domain = self._get_search_domain(model, view, field)
            self.assertEqual(self._find_scans(model, domain), [], model)
        domain = [("billed_ref", "=", False)]
        self.assertEqual(self._find_scans(self.protections._name, domain), [])

    def test_each_job_of_the_queue_has_an_index_of_its_rows_alone(self):
        """It has only the rows that may be due, so it may be read whole."""
        refused = [("state", "=", "exception")]
        for records, domain, index in (
            (self.protections, self.protections._get_notices_domain(), "_notice_idx"),
            (self.protections, [("mail_due", "=", True)], "_mail_idx"),
            (self.env["mail.mail"], refused, "_trustedshops_refused_idx"),
        ):
            query = records._search(domain, order="")
            plan = str(self.env.execute_query(SQL("EXPLAIN %s", query.select())))
            self.assertIn(records._table + index, plan)
            self.assertNotIn(f"Seq Scan on {records._table}", plan)
