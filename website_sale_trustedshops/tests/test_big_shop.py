# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff look for among a million rows is found by an index, not by reading all."""

from unittest.mock import patch

from lxml import etree

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from .common import TrustedShopsCommon

# Where a plan begins to read; with a condition it reads only the rows that it fits.
ENTRIES = {"Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan"}
# Of so many rows PostgreSQL does not read all when an index gives it those that fit.
ROWS = 20_000
FIRST = "1000000000"
COPY = """
    SET LOCAL gin_pending_list_limit = 64;
    INSERT INTO {table}
    SELECT copy.*
      FROM {table} record, generate_series(1, {rows}) n,
           jsonb_populate_record(record, jsonb_build_object({values})) copy
     WHERE record.id = {id};
    ANALYZE {table};
"""


@tagged("full")
class TestBigShop(TrustedShopsCommon):
    def _copy(self, record, **values):
        """Add so many copies of a record, each with values that are made of n."""
        self.env.flush_all()
        values["id"] = FIRST + " + n"
        pairs = ", ".join(f"'{name}', {made}" for name, made in values.items())
        words = {"table": record._table, "id": record.id, "rows": ROWS}
        self.env.cr.execute(COPY.format(values=pairs, **words))

    def _make_protections(self):
        """Fill the table of protections; return an order and its protection."""
        order, protection = self._make_ticked()
        self._copy(
            protection,
            order_reference="'OLD' || n",
            application_number="n::text",
            guarantee_number="n::text",
            buyer_email="'customer' || n || '@buyer.example'",
            billed_ref="CASE WHEN n % 300 > 0 THEN 'TS-1' END",
        )
        return order, protection

    def _find_scans(self, model, domain):
        """Return the tables of which PostgreSQL would read every row of a kind."""
        records = self.env[model].with_context(active_test=False)
        query = records._search(domain, order="")
        explain = SQL("EXPLAIN (FORMAT JSON) %s", query.select("1"))
        [[[plan]]] = self.env.execute_query(explain)
        nodes, scans = [plan["Plan"]], []
        for node in nodes:
            nodes += node.get("Plans", [])
            if node["Node Type"] in ENTRIES and "Index Cond" not in node:
                scans.append(node.get("Relation Name") or node["Index Name"])
        return scans

    def _get_search_domain(self, model, xmlid, name):
        """Return what a word that is typed into a search view looks for."""
        view = self.env.ref(f"website_sale_trustedshops.{xmlid}")
        arch = etree.fromstring(self.env[model].get_view(view.id, "search")["arch"])
        [field] = arch.xpath(f"//field[@name='{name}'][@filter_domain]")
        return safe_eval(field.get("filter_domain"), {"self": "4711"})

    def test_a_number_or_an_address_is_found_without_reading_all(self):
        if not self.registry.has_trigram:
            self.skipTest("needs the extension pg_trgm of PostgreSQL")
        order, protection = self._make_protections()
        own = {"name": "'OLD' || n", "access_token": "NULL"}
        self._copy(order, trustedshops_protection_id=FIRST + " + n", **own)
        for model, view, field in (
            (protection, "trustedshops_protection_view_search", "order_reference"),
            (order, "view_sales_order_filter", "trustedshops_protection_id"),
        ):
            domain = self._get_search_domain(model._name, view, field)
            self.assertEqual(self._find_scans(model._name, domain), [], model)

    def test_what_has_to_be_mailed_is_found_without_reading_all(self):
        order, protections = self._make_ticked()
        self._copy(order, name="'OLD' || n", access_token="NULL")
        own = {"order_id": FIRST + " + n", "order_reference": "'OLD' || n"}
        self._copy(protections, state="'confirmed'", **own)
        # The index has only the rows that may be due, so it is read whole.
        domain = protections._get_mails_domain()
        explain = SQL("EXPLAIN %s", protections._search(domain, order="").select())
        plan = str(self.env.execute_query(explain))
        self.assertIn(f"{protections._table}_mail_idx", plan)
        self.assertNotIn(f"Seq Scan on {protections._table}", plan)

    def test_what_waits_is_found_for_all_certificates_without_reading_all(self):
        order, protections = self._make_ticked()
        self._copy(order, name="'OLD' || n", access_token="NULL")
        own = {"order_id": FIRST + " + n", "order_reference": "'OLD' || n"}
        self._copy(protections, state="'confirmed'", **own)
        for domain in self.certificate._get_waiting_domains().values():
            query = protections._search(domain, order="").select("certificate_id")
            plan = str(self.env.execute_query(SQL("EXPLAIN %s", query)))
            self.assertIn("Index Scan using", plan)
            self.assertNotIn(f"Seq Scan on {protections._table}", plan)

    def test_what_was_not_billed_yet_is_found_without_reading_all(self):
        _order, protections = self._make_protections()
        domain = [("billed_ref", "=", False)]
        self.assertEqual(self._find_scans(protections._name, domain), [])

    def test_an_id_is_proposed_without_reading_all_products(self):
        asked, products = [], self.env["product.template"]
        product = products.create({"name": "Chair", "default_code": "C-1"})
        variant, number = product.product_variant_id, "'OLD-' || n"
        self._copy(product, default_code=number, trustedshops_sku=number)
        self._copy(variant, default_code=number, product_tmpl_id=FIRST + " + n")

        def search_count(_records, domain, limit=None):
            asked.append(domain)

        with patch.object(type(products), "search_count", search_count):
            self.assertEqual(product._trustedshops_generate_sku(), "C-1")
        self.assertEqual(len(asked), 2)
        for domain in asked:
            scans = self._find_scans("product.template", Domain(domain))
            self.assertEqual(scans, [], domain)
