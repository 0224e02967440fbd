# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.website_sale.tests.common import MockRequest

from .common import TrustedShopsCommon

# How many carts, and how many things are done to each.
CARTS, STEPS = 5, 14
# What the fee is up to which amount, in euro; the last one above as well.
FEES = {
    500.0: "0.98",
    1500.0: "2.94",
    2500.0: "4.90",
    5000.0: "9.80",
    10000.0: "19.60",
    20000.0: "39.20",
}

PRODUCTS = st.sampled_from(("lamp", "sofa", "ring"))
QUANTITIES = st.integers(1, 4)


def get_fee(amount):
    """Return the fee of the smallest item that covers an amount."""
    fitting = [fee for limit, fee in FEES.items() if amount <= limit]
    return fitting[0] if fitting else FEES[20000.0]


class CartMachine(RuleBasedStateMachine):
    """A cart and its choice, beside a twin to which the same is done without a tick.

    All that is known of the choice is whether the box is ticked: the twin says what
    the cart comes to without it.
    """

    case = None  # the test, with shop and products

    def __init__(self):
        super().__init__()
        self.savepoint = self.case.env.cr.savepoint()
        self.cart, self.twin = (self.case._make_empty_cart() for _each in range(2))
        self.ticked = self.is_stubborn = False

    def teardown(self):
        self.savepoint.close(rollback=True)
        self.case.env.invalidate_all()

    @initialize(
        rounding=st.sampled_from(("round_per_line", "round_globally")),
        name=PRODUCTS,
        quantity=QUANTITIES,
        is_stubborn=st.booleans(),
    )
    def begin(self, rounding, name, quantity, is_stubborn):
        """Fill the cart and tick the box.

        :param bool is_stubborn: whether the buyer ticks it after each change
        """
        self.is_stubborn = is_stubborn
        self.case.env.company.tax_calculation_rounding_method = rounding
        self.add(name, quantity)
        self.tick()

    def _do(self, work):
        """Do something to the cart and the twin, as the visitor's request does."""
        for order in (self.cart, self.twin):
            with MockRequest(
                self.case.env, website=self.case.website, sale_order_id=order.id
            ):
                work(self.case._as_visitor(order))

    def _change(self, work, always=False):
        """Do something that unticks the box if the purchase is another one by it.

        :param bool always: whether the box is unticked in any case
        """
        before = self._get_purchase()
        self._do(work)
        # As before the cart is confirmed.
        self.case._as_visitor(self.cart)._trustedshops_drop_changed_choice()
        if self.ticked and (always or self._get_purchase() != before):
            self.ticked = False
            assert self.cart.trustedshops_notice, "the buyer is not told"
            self.cart.trustedshops_notice = False
            self.case.counts["dropped"] += 1
        if self.is_stubborn:
            self.compare_totals()
            self.tick()

    def _get_purchase(self):
        twin = self.twin
        return twin.currency_id, f"{twin.amount_total:.2f}"

    def _get_line(self, order, name):
        product = self.case.products[name]
        return order.order_line.filtered(lambda line: line.product_id == product)[:1]

    @rule(name=PRODUCTS, quantity=QUANTITIES)
    def add(self, name, quantity):
        product = self.case.products[name]
        self._change(
            lambda order: order._cart_add(product.id, quantity=quantity), always=True
        )

    @precondition(lambda self: self.twin.website_order_line)
    @rule(name=PRODUCTS, quantity=st.integers(0, 4))
    def change_quantity(self, name, quantity):
        if self._get_line(self.twin, name):
            self._change(
                lambda order: order._cart_update_line_quantity(
                    self._get_line(order, name).id, quantity
                ),
                always=True,
            )

    @rule(number=st.integers(0, 2))
    def set_delivery(self, number):
        carrier = self.case.carriers[number]
        self._change(lambda order: order._set_delivery_method(carrier), always=True)

    @rule(number=st.integers(0, 2))
    def move(self, number):
        address = self.case.addresses[number]
        self._change(
            lambda order: order._update_address(address.id, {"partner_shipping_id"}),
            always=True,
        )

    @rule(name=st.sampled_from(("usual", "third off", "złoty")))
    def change_pricelist(self, name):
        def change(order):
            order.pricelist_id = self.case.pricelists[name]
            order._recompute_prices()

        self._change(change)

    @rule(name=PRODUCTS, price=st.sampled_from((12.34, 45.95, 499.02, 1260.50)))
    def let_staff_change_a_price(self, name, price):
        if self._get_line(self.twin, name):
            self._change(
                lambda order: (
                    order.with_user(self.case.seller)
                    .order_line.browse(self._get_line(order, name).id)
                    .write({"price_unit": price})
                )
            )

    @rule(discount=st.sampled_from((0, 5, 33.33)))
    def let_staff_discount_all(self, discount):
        self._change(
            lambda order: order.with_user(self.case.seller).order_line.write(
                {"discount": discount}
            )
        )

    @rule()
    def look_at_the_payment_page(self):
        """Prices may be others by now."""
        self._change(lambda order: order._recompute_cart())

    @precondition(lambda self: self.twin.order_line)
    @rule()
    def place_cancel_and_reopen(self):
        protection = self.cart.trustedshops_protection_id
        for order in (self.cart, self.twin):
            order.action_confirm()
        assert protection.state == ("queued" if self.ticked else False)
        self.compare_totals()
        for order in (self.cart, self.twin):
            order._action_cancel()
            order.action_draft()
        assert protection.state == ("cancelled" if self.ticked else False)
        self.ticked = False

    @rule()
    def tick(self):
        cart = self.case._as_visitor(self.cart)
        assert cart._trustedshops_choose_protection() == bool(self._get_fee())
        self.ticked = bool(self._get_fee())
        self.case.counts["ticked"] += self.ticked

    @rule()
    def untick(self):
        cart = self.case._as_visitor(self.cart)
        assert cart._trustedshops_drop_choice() == self.ticked
        self.ticked = False

    def _get_fee(self):
        """Return the fee that is offered for the twin, None where there is none."""
        amount = round(self.twin.amount_total, 2)
        if self.twin.currency_id.name != "EUR" or amount <= 0:
            return None
        return get_fee(amount)

    @invariant()
    def line_and_choice_are_there_together(self):
        lines = self.cart._trustedshops_get_fee_lines()
        assert lines.mapped("product_uom_qty") == ([1.0] if self.ticked else [])
        chosen = self.cart.trustedshops_protection_id
        assert chosen.mapped("state") == (["selected"] if self.ticked else [])
        assert self.cart not in self.twin._trustedshops_get_fee_lines().order_id

    @invariant()
    def no_choice_is_left_over(self):
        left = self.case.env["trustedshops.protection"].search(
            [("order_id", "=", self.cart.id), ("state", "!=", "cancelled")]
        )
        assert left == self.cart.trustedshops_protection_id

    @invariant()
    def compare_totals(self):
        fee = self._get_fee() if self.ticked else "0.00"
        line_total = sum(self.cart._trustedshops_get_fee_lines().mapped("price_total"))
        assert f"{line_total:.2f}" == fee
        without = self.cart.amount_total - float(fee)
        assert f"{without:.2f}" == f"{self.twin.amount_total:.2f}"
        self.case.counts["compared"] += 1

    @invariant()
    def goods_are_those_of_the_twin(self):
        goods = [
            [
                (line.product_id, line.product_uom_qty, line.price_total)
                for line in order.website_order_line
            ]
            for order in (self.cart, self.twin)
        ]
        assert goods[0] == goods[1]
        assert self.cart.cart_quantity == self.twin.cart_quantity
        assert self.cart.amount_delivery == self.twin.amount_delivery


class TestCartModel(TrustedShopsCommon):
    """After any changes of a cart in any order, the fee is right or gone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["delivery.carrier"].search([]).action_archive()
        cls.tax = cls._make_tax(19)
        included = cls._make_tax(7, price_include_override="tax_included")
        cls.products = {
            name: cls._make_goods(name, price, taxes)
            for name, price, taxes in (
                ("lamp", 45.95, cls.tax),
                ("sofa", 499.02, included),
                ("ring", 1260.50, cls.tax.browse()),
            )
        }
        cls.carriers = cls._make_carriers()
        cls.addresses = cls._make_addresses(cls.tax | included)
        cls.env["res.currency.rate"].create(
            {"name": "2020-01-01", "currency_id": cls.currency_pln.id, "rate": 4.2537}
        )
        pricelists = cls._make_pricelists(
            ("usual", cls.currency_euro, 0),
            ("third off", cls.currency_euro, 33.33),
            ("złoty", cls.currency_pln, 0),
        )
        cls.pricelists = {each.name: each for each in pricelists}
        cls.seller = new_test_user(
            cls.env,
            "ts_seller",
            groups="sales_team.group_sale_salesman_all_leads",
            lang="en_US",
        )
        cls.counts = Counter()

    @classmethod
    def _make_goods(cls, name, price, taxes):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "list_price": price,
                "taxes_id": [Command.set(taxes.ids)],
                "website_published": True,
            }
        )

    @classmethod
    def _make_carriers(cls):
        """Return one with a fixed price, one free above, one with prices by rules."""
        product = cls._make_goods("delivery", 0.0, cls.tax)
        product.type = "service"
        free = {"free_over": True, "amount": 500.0}
        rules = [
            {"variable": "price", "operator": "<=", "max_value": 1500.0},
            {"variable": "price", "operator": ">", "max_value": 1500.0},
        ]
        prices = {"delivery_type": "base_on_rule", "fixed_price": 0.0}
        prices["price_rule_ids"] = [
            Command.create({**values, "list_base_price": price})
            for values, price in zip(rules, (7.77, 1.11), strict=True)
        ]
        return cls.env["delivery.carrier"].create(
            [
                {
                    "name": name,
                    "product_id": product.id,
                    "fixed_price": 4.99,
                    "website_published": True,
                    **values,
                }
                for name, values in (("fixed", {}), ("free", free), ("rules", prices))
            ]
        )

    @classmethod
    def _make_addresses(cls, taxes):
        """Return one at home, one with another tax, one without any."""
        countries = [cls.env.ref(f"base.{code}") for code in ("de", "fi", "ch")]
        for country, amount in zip(countries[1:], (25.5, 0), strict=True):
            position = cls.env["account.fiscal.position"].create(
                {"name": country.name, "auto_apply": True, "country_id": country.id}
            )
            cls._make_tax(amount).write(
                {
                    "fiscal_position_ids": [Command.link(position.id)],
                    "original_tax_ids": [Command.set((taxes | cls.fee_tax).ids)],
                }
            )
        return cls.env["res.partner"].create(
            [
                {
                    "name": country.name,
                    "parent_id": cls.buyer.id,
                    "type": "delivery",
                    "country_id": country.id,
                }
                for country in countries
            ]
        )

    def _make_empty_cart(self):
        return self.env["sale.order"].create(
            {
                "partner_id": self.buyer.id,
                "website_id": self.website.id,
                "pricelist_id": self.pricelists["usual"].id,
            }
        )

    def test_the_fee_is_right_or_gone_after_any_change_of_the_cart(self):
        CartMachine.case = self
        run_state_machine_as_test(
            CartMachine,
            settings=settings(
                max_examples=CARTS,
                stateful_step_count=STEPS,
                derandomize=True,
                database=None,
                deadline=None,
                phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
            ),
        )
        # Enough happened: a cart that is never ticked proves nothing.
        self.assertGreater(self.counts["ticked"], CARTS)
        self.assertGreaterEqual(self.counts["dropped"], CARTS)
        numbers = ", ".join(f"{self.counts[name]} {name}" for name in self.counts)
        print(f"figures: {CARTS} carts changed: {numbers}")  # pylint: disable=print-used
