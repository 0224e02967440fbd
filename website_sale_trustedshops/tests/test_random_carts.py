# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from decimal import Decimal
from functools import partial
from itertools import cycle, product

from odoo import Command
from odoo.tests import tagged
from odoo.tools import split_every

from .books_common import BooksCommon
from .chance import choose_size
from .random_carts import (
    CURRENCIES,
    ROUNDINGS,
    SHOPS,
    make_carts,
    prepare_line,
    to_decimal,
)

CART_COUNT = choose_size(500, 1500)
# Orders made at once.
BATCH = 50
# Of each shop and way of rounding, how many orders go on to be invoiced in whole, how
# many of the invoices to be credited and rounded to cash, how many orders to be
# invoiced in two parts, and how many with a down payment first.
INVOICES, CREDITS, ROUNDED, PARTIALS, DOWN_PAYMENTS = choose_size(
    (5, 2, 2, 1, 1), (15, 4, 4, 3, 3)
)
# One euro in the other currencies: no round figures, on purpose.
RATES = {"EUR": 1.0, "PLN": 4.2537, "JPY": 163.27}
INCLUDED = {"price_include_override": "tax_included"}


@tagged("full")
class TestRandomCarts(BooksCommon):
    """In any cart, with any taxes, the fee adds exactly itself to the total."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._leave_out_what_is_not_compared()
        cls.currencies = {name: cls._enable_currency(name) for name in CURRENCIES}
        cls.shops = {
            "de": cls._make_shop("de_skr03", "de", "X" + "D" * 32),
            "pl": cls._make_shop("pl", "pl", "X" + "E" * 32),
            "own": cls._get_shop(cls.certificate),
        }
        cls._make_odd_taxes(cls.shops["own"])
        for shop in cls.shops.values():
            cls._set_rates(shop.company)
        cls.pricelists = {
            name: cls.env["product.pricelist"].create(
                {"name": name, "currency_id": currency.id, "company_id": False}
            )
            for name, currency in cls.currencies.items()
        }
        cls.counts = Counter()

    @classmethod
    def _set_rates(cls, company):
        own_rate = RATES[company.currency_id.name]
        cls.env["res.currency.rate"].create(
            [
                {
                    "name": "2020-01-01",
                    "currency_id": currency.id,
                    "company_id": company.id,
                    "rate": RATES[name] / own_rate,
                }
                for name, currency in cls.currencies.items()
                if currency != company.currency_id
            ]
        )

    @classmethod
    def _make_odd_taxes(cls, shop):
        """Give a shop taxes and positions that no chart of accounts has."""
        company = shop.company
        group = cls.env["account.tax.group"].create(
            {"name": "odd", "company_id": company.id}
        )
        make = partial(
            cls._make_tax,
            company_id=company.id,
            tax_group_id=group.id,
            country_id=company.account_fiscal_country_id.id,
        )
        shop.taxes = [shop.taxes[0], *cls._make_odd_rates(make)]
        for name, target in (
            ("export", make(0)),
            ("OSS, price with tax", make(25.5, **INCLUDED)),
            ("reverse charge", cls._make_reverse_charge(make)),
        ):
            position = shop.positions[0].create(
                {"name": name, "company_id": company.id}
            )
            taxes = [tax.id for taxes in shop.taxes for tax in taxes]
            target.write(
                {
                    "fiscal_position_ids": [Command.link(position.id)],
                    "original_tax_ids": [Command.set(taxes)],
                }
            )
            shop.positions.append(position)

    @staticmethod
    def _make_odd_rates(make):
        """Return the taxes of a line each: included, on top, together, on another."""
        children = make(19) + make(3)
        return [
            make(19, **INCLUDED),
            make(23, **INCLUDED),
            make(5.5),
            make(19),
            make(7, include_base_amount=True, sequence=1) + make(19, sequence=2),
            make(19, **INCLUDED) + make(5),
            make(19, **INCLUDED) + make(2.5, **INCLUDED),
            make(0.25, amount_type="fixed") + make(19),
            make(0.25, amount_type="fixed", **INCLUDED) + make(19, **INCLUDED),
            make(0, amount_type="group", children_tax_ids=[Command.set(children.ids)]),
            make(10, amount_type="division", **INCLUDED),
        ]

    @staticmethod
    def _make_reverse_charge(make):
        lines = [
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "factor_percent": 100.0}),
            Command.create({"repartition_type": "tax", "factor_percent": -100.0}),
        ]
        return make(
            19, invoice_repartition_line_ids=lines, refund_repartition_line_ids=lines
        )

    def _make_orders(self, shop, carts, goods="goods"):
        """Return an order for each cart, without the fee."""
        orders = self.env["sale.order"].with_company(shop.company)
        return orders.create([self._prepare_order(shop, cart, goods) for cart in carts])

    def _prepare_order(self, shop, cart, goods):
        currency = self.currencies[cart.currency]
        position = shop.choose_position(cart.position)
        product_id = shop.products[goods].id
        lines = [
            prepare_line(shop, position, line, currency, product_id=product_id)
            for line in cart.lines
        ]
        if cart.delivery is not None:
            delivery = {
                "product_id": shop.products["delivery"].id,
                "price_unit": cart.delivery / 10**currency.decimal_places,
                "product_uom_qty": 1.0,
                "discount": 0.0,
                "is_delivery": True,
            }
            lines.append(
                prepare_line(shop, position, cart.lines[0], currency, **delivery)
            )
        return {
            "partner_id": self.buyer.id,
            "company_id": shop.company.id,
            "fiscal_position_id": position.id,
            "pricelist_id": self.pricelists[cart.currency].id,
            "order_line": lines,
        }

    def _add_fees(self, shop, orders, carts):
        """Add the line of the fee to each order, as the tick does."""
        protections = self.env["trustedshops.protection"].create(
            [
                {
                    "order_id": order.id,
                    "certificate_id": shop.certificate.id,
                    "company_id": shop.company.id,
                    "currency_id": order.currency_id.id,
                    "item_code": "TS080501_500_30",
                    "gross_fee": cart.fee / 10**order.currency_id.decimal_places,
                    "partner_id": order.partner_id.id,
                    "order_amount": order.amount_total,
                }
                for order, cart in zip(orders, carts, strict=True)
            ]
        )
        lines = []
        for order, protection, cart in zip(orders, protections, carts, strict=True):
            order.trustedshops_protection_id = protection
            shop.products["fee"].taxes_id = shop.taxes[cart.fee_tax % len(shop.taxes)]
            lines.append(
                order._trustedshops_prepare_fee_line(shop.certificate, protection)
            )
        self.env["sale.order.line"].create(lines)

    def _make_orders_with_fee(self, shop, carts, goods="goods"):
        orders = self._make_orders(shop, carts, goods)
        self._add_fees(shop, orders, carts)
        return orders

    @staticmethod
    def _get_total(document):
        return to_decimal(document.amount_total, document.currency_id)

    @staticmethod
    def _get_fee(document):
        return to_decimal(document.trustedshops_fee_amount, document.currency_id)

    @staticmethod
    def _get_cart_fee(cart, currency):
        return Decimal(cart.fee).scaleb(-currency.decimal_places)

    def _get_sums(self, document):
        """Return total, fee, and base and tax of each group of taxes."""
        currency = document.currency_id
        groups = sorted(
            (
                group["group_name"],
                to_decimal(group["base_amount_currency"], currency),
                to_decimal(group["tax_amount_currency"], currency),
            )
            for subtotal in document.tax_totals["subtotals"]
            for group in subtotal["tax_groups"]
        )
        return self._get_total(document), self._get_fee(document), groups

    def _count(self, what, record, **compared):
        """Count a document, and remember it when one of its pairs is not equal."""
        self.counts[what] += 1
        wrong = {
            name: f"{found}, not {expected}"
            for name, (found, expected) in compared.items()
            if found != expected
        }
        if wrong:
            self.misses.append((what, record, wrong))

    def _check_orders(self, shop, carts):
        """Add the fee to orders and compare them with what they were before."""
        orders = self._make_orders(shop, carts)
        before = [self._get_total(order) for order in orders]
        self._add_fees(shop, orders, carts)
        for order, cart, total in zip(orders, carts, before, strict=True):
            currency = order.currency_id
            net = to_decimal(order.amount_untaxed, currency)
            tax = to_decimal(order.amount_tax, currency)
            fee = self._get_cart_fee(cart, currency)
            self._count(
                "carts",
                cart,
                raised_by=(self._get_total(order) - total, fee),
                net_and_tax=(net + tax, self._get_total(order)),
                shown=(self._get_fee(order), fee),
            )

    def _check_invoices(self, shop, carts):
        """Compare orders with their invoices, and these with their credit notes."""
        orders = self._make_orders_with_fee(shop, carts)
        orders.action_confirm()
        for order, cart in zip(orders, carts, strict=True):
            order.client_order_ref = str(cart)
        invoices = orders._create_invoices(grouped=True)
        for invoice, order in zip(invoices, orders, strict=True):
            pair = (self._get_sums(invoice), self._get_sums(order))
            self._count("invoices", invoice.ref, sums=pair)
        credited = invoices[:CREDITS]
        for invoice, credit in zip(credited, credited._reverse_moves(), strict=True):
            pair = (self._get_sums(credit), self._get_sums(invoice))
            self._count("credit notes", invoice.ref, sums=pair)
        self._check_cash(shop, invoices[-ROUNDED:])

    def _check_cash(self, shop, invoices):
        """Round invoices to what can be paid in cash: the fee stays as it is."""
        account = shop.certificate._get_fee_account()
        roundings = self.env["account.cash.rounding"].with_company(shop.company)
        strategies = cycle(("add_invoice_line", "biggest_tax"))
        for invoice, strategy in zip(invoices, strategies, strict=False):
            step = invoice.currency_id.rounding * 5
            total, fee = self._get_total(invoice), self._get_fee(invoice)
            invoice.invoice_cash_rounding_id = roundings.create(
                {
                    "name": strategy,
                    "rounding": step,
                    "strategy": strategy,
                    "rounding_method": "HALF-UP",
                    "profit_account_id": account.id,
                    "loss_account_id": account.id,
                }
            )
            rounded = to_decimal(round(float(total) / step) * step, invoice.currency_id)
            has_taxes = invoice.line_ids.filtered("tax_repartition_line_id")
            if not has_taxes and strategy == "biggest_tax":
                rounded = total
            self._count(
                "invoices rounded to cash",
                invoice.ref,
                total=(self._get_total(invoice), rounded),
                fee=(self._get_fee(invoice), fee),
            )

    def _check_partial_invoices(self, shop, carts):
        """Deliver and invoice twice; the fee is on the first, and nowhere else."""
        orders = self._make_orders_with_fee(shop, carts, "delivered")
        others = self._make_orders(shop, carts, "delivered")
        (orders + others).action_confirm()
        for part, share in (("first", 2), ("second", 1)):
            for line in (orders + others).order_line:
                if line.product_id == shop.products["delivered"]:
                    line.qty_delivered = line.product_uom_qty / share
            invoices = (orders + others)._create_invoices(grouped=True)
            pairs = zip(invoices[: len(carts)], invoices[len(carts) :], strict=True)
            for (invoice, plain), cart in zip(pairs, carts, strict=True):
                fee = self._get_cart_fee(cart, invoice.currency_id)
                fee = fee if part == "first" else Decimal(0)
                self._count(
                    "partial invoices",
                    cart,
                    raised_by=(self._get_total(invoice) - self._get_total(plain), fee),
                    shown=(self._get_fee(invoice), fee),
                )

    def _check_down_payments(self, shop, carts):
        """Invoice a part ahead and the rest later; credit the rest."""
        orders = self._make_orders_with_fee(shop, carts)
        orders.action_confirm()
        expected = [self._get_total(order) for order in orders]
        ahead = [self._invoice_ahead(order) for order in orders]
        finals = orders._create_invoices(grouped=True, final=True)
        for cart, total, first, final in zip(
            carts, expected, ahead, finals, strict=True
        ):
            fee = self._get_cart_fee(cart, final.currency_id)
            self._count(
                "orders with a down payment",
                cart,
                total=(self._get_total(first) + self._get_total(final), total),
                fee=(self._get_fee(final), fee),
                ahead=(self._get_fee(first), 0),
            )

    def _invoice_ahead(self, order):
        """Return the invoice of a down payment, as core's wizard makes it."""
        wizard = self.env["sale.advance.payment.inv"].with_company(order.company_id)
        wizard = wizard.with_context(active_model="sale.order", active_ids=order.ids)
        values = {"advance_payment_method": "percentage", "amount": 30}
        action = wizard.create(values).create_invoices()
        return self.env["account.move"].browse(action["res_id"])

    def _keep_fast(self):
        """Empty the cache, as with all orders in it every write would be slow.

        The database would plan its queries for the empty tables that it knows of.
        """
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.execute("ANALYZE sale_order, sale_order_line")
        self.env.cr.execute("ANALYZE account_move, account_move_line")

    def test_no_random_cart_is_a_cent_off(self):
        carts = make_carts(CART_COUNT)
        self.misses = []
        for name, rounding in product(SHOPS, ROUNDINGS):
            shop = self.shops[name]
            shop.company.tax_calculation_rounding_method = rounding
            chosen = [
                cart for cart in carts if (cart.shop, cart.rounding) == (name, rounding)
            ]
            for batch in split_every(BATCH, chosen):
                self._check_orders(shop, batch)
                self._keep_fast()
            for check, count in (
                (self._check_invoices, INVOICES),
                (self._check_partial_invoices, PARTIALS),
                (self._check_down_payments, DOWN_PAYMENTS),
            ):
                check(shop, chosen[:count])
                self._keep_fast()
                del chosen[:count]
        print(self._get_summary())  # pylint: disable=print-used
        self.assertEqual(self.misses, [])

    def _get_summary(self):
        counts = ", ".join(f"{count} {name}" for name, count in self.counts.items())
        return (
            f"figures: {counts}: {len(self.misses)} a cent off;"
            f" {len(SHOPS)} charts of accounts, {len(CURRENCIES)} currencies,"
            f" {sum(len(shop.taxes) for shop in self.shops.values())} taxes,"
            f" {sum(len(shop.positions) for shop in self.shops.values())} fiscal"
            " positions, rounded by line and globally"
        )
