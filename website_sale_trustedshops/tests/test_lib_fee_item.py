# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace
from decimal import Decimal

from odoo.tests import BaseCase

from ..lib.fee_item import find_item
from ..lib.values import ProtectionItem


def make_item(amount, currency="EUR", net="0.82", gross="0.98", code=None):
    return ProtectionItem(
        ts_product_id=code or f"TS080501_{amount}_30_{currency}",
        currency=currency,
        protected_amount=Decimal(amount),
        duration_days=30,
        net_fee=Decimal(net),
        gross_fee=Decimal(gross),
    )


ITEMS = (
    make_item("20000", net="32.94", gross="39.20"),
    make_item("500"),
    make_item("2500", net="4.12", gross="4.90"),
    make_item("1500", net="2.47", gross="2.94"),
    make_item("600", currency="PLN"),
)


class TestLibItems(BaseCase):
    """The smallest item that covers the whole amount is chosen."""

    def assertChosen(self, amount, code, currency="EUR", items=ITEMS):
        chosen = find_item(items, Decimal(amount), currency)
        self.assertEqual(chosen and chosen.ts_product_id, code)

    def test_the_smallest_sufficient_item_is_chosen_at_every_boundary(self):
        for amount, code in (
            ("0.01", "TS080501_500_30_EUR"),
            ("499.99", "TS080501_500_30_EUR"),
            ("500.00", "TS080501_500_30_EUR"),
            ("500.004", "TS080501_1500_30_EUR"),
            ("500.01", "TS080501_1500_30_EUR"),
            ("1500", "TS080501_1500_30_EUR"),
            ("1500.01", "TS080501_2500_30_EUR"),
            ("2500.01", "TS080501_20000_30_EUR"),
            ("20000.00", "TS080501_20000_30_EUR"),
        ):
            with self.subTest(amount=amount):
                self.assertChosen(amount, code)
        # Above the largest item, the largest is offered.
        self.assertChosen("20000.01", "TS080501_20000_30_EUR")
        self.assertChosen("1E+9", "TS080501_20000_30_EUR")

    def test_an_item_in_another_currency_is_never_chosen(self):
        self.assertChosen("100", "TS080501_600_30_PLN", currency="PLN")
        self.assertChosen("100", None, currency="USD")
        self.assertChosen("100", None, currency="eur")
        self.assertChosen("100", None, items=())
        self.assertChosen("0", None)
        self.assertChosen("0.00", None)
        self.assertChosen("-1", None)

    def test_of_two_items_with_one_amount_the_cheaper_is_chosen(self):
        dear = make_item("500", gross="1.20", code="DEAR")
        cheap = replace(dear, ts_product_id="CHEAP", gross_fee=Decimal("0.99"))
        for items in ((dear, cheap), (cheap, dear)):
            self.assertChosen("500", "CHEAP", items=items)
            self.assertChosen("501", "CHEAP", items=items)
        # A larger one is not chosen for being cheaper.
        items = (make_item("1500", gross="0.90", net="0.80"), make_item("500"))
        self.assertChosen("400", "TS080501_500_30_EUR", items=items)
        self.assertChosen("2000", "TS080501_1500_30_EUR", items=items)
