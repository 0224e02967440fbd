# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from lxml import html

from odoo.tests import Form
from odoo.tools.safe_eval import safe_eval

from .staff_common import RefundCommon


class TestOrderStaff(RefundCommon):
    """The page *Payments* of the order form, and how protections are found."""

    def test_the_page_lists_transactions_and_invoices_with_their_part_of_the_fee(self):
        order = self._make_queued(user_id=self.users["seller"].id).order_id
        self.assertFalse(order.trustedshops_payments)
        self._pay(order, "error")
        invoice = self._invoice(order)
        self._pay_invoice(invoice, amount=40.0)
        self.env.invalidate_all()
        for name in ("seller", "billing"):
            shown = self._as(name, order).trustedshops_payments
            rows = [
                [" ".join(cell.text_content().split()) for cell in row.iterfind("td")]
                for row in html.fromstring(str(shown)).iterfind(".//tbody/tr")
            ]
            with self.subTest(user=name):
                self.assertCountEqual(
                    rows,
                    [
                        [invoice.name, "Partially Paid", "0.98 €", "60.98 €"],
                        [
                            self.provider.name,
                            self.payment_method.name,
                            f"{order.name}-0",
                            "Error",
                            "100.98 €",
                        ],
                    ],
                )

    def test_the_accountant_opens_the_protection(self):
        """Core's form of the order needs rights in sales once loyalty is installed."""
        protection = self._make_requested()
        self._pay(protection.order_id)
        form = Form(self._as("billing", protection))
        self.assertEqual(form.possible_buttons, "refund_fee")
        self.assertIn("100.98", form.order_payments)
        self.assertTrue(form.fee_collected)

    def _search(self, model, view, field, text):
        """Return what a word typed into a search field finds."""
        arch = self.env[model].get_view(self.env.ref(view).id, "search")["arch"]
        [node] = html.fromstring(arch.encode()).xpath(f"//field[@name='{field}']")
        domain = safe_eval(node.get("filter_domain"), {"self": text})
        return self.env[model].search(domain)

    def test_orders_are_found_by_where_their_protection_stands(self):
        self._make_cart(user_id=self.users["seller"].id)
        held = self._make_in_state("on_hold")
        queued = self._make_in_state("queued")
        rejected = self._make_in_state("rejected", fee_state="waived")
        confirmed = self._make_requested("confirmed")
        for name, found in (
            ("attention", held),
            ("waiting", queued),
            ("not_concluded", rejected),
            ("confirmed", confirmed),
        ):
            for view in (
                "sale.sale_order_view_search_inherit_sale",
                "sale.sale_order_view_search_inherit_quotation",
            ):
                with self.subTest(name=name, view=view):
                    rows = self._find(
                        "seller", "sale.order", view, f"trustedshops_{name}"
                    )
                    self.assertEqual(rows, found.order_id)

    def test_every_list_marks_failing_rows(self):
        for state, error, status in (
            ("queued", False, "queued"),
            ("queued", "No answer", "failing"),
            ("requested", "No answer", "failing"),
            ("on_hold", "Sums", "on_hold"),
            ("rejected", "E-mail", "rejected"),
        ):
            with self.subTest(state=state, error=error):
                number = "1" if state == "requested" else False
                protection = self._make_in_state(
                    state, last_error=error, application_number=number
                )
                order = self._as("seller", protection.order_id)
                self.assertEqual(order.trustedshops_protection_status, status)
        labels = order.fields_get(["trustedshops_protection_status"])
        selection = dict(labels["trustedshops_protection_status"]["selection"])
        self.assertEqual(selection["failing"], "Waiting, but failing")

    def test_protections_and_their_orders_are_found_by_what_people_know(self):
        protection = self._make_requested(guarantee_number="998877")
        self._make_requested(application_number="1", buyer_email="other@x.example")
        for word in (protection.order_reference, "4711", "98877", "erika@muster"):
            with self.subTest(word=word):
                view = "website_sale_trustedshops.trustedshops_protection_view_search"
                found = self._search(protection._name, view, "order_reference", word)
                self.assertEqual(found, protection)
        for word in ("4711", "98877"):
            with self.subTest(word=word, model="sale.order"):
                view = "sale.view_sales_order_filter"
                field = "trustedshops_protection_id"
                found = self._search("sale.order", view, field, word)
                self.assertEqual(found, protection.order_id)
