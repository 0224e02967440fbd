# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Carts: what the tick adds, what changes it, and what a payment makes of it."""

from contextlib import contextmanager
from itertools import product

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.website_sale.tests.common import MockRequest
from odoo.addons.website_sale_trustedshops.tests import test_random_carts
from odoo.addons.website_sale_trustedshops.tests.common import TrustedShopsCommon
from odoo.addons.website_sale_trustedshops.tests.payment_common import (
    TrustedShopsPaymentCommon,
)
from odoo.addons.website_sale_trustedshops_loyalty.tests import (
    test_random_carts as test_random_rewards,
)

from . import case
from .adapter import money

LIVES, CARTS, REWARDS = 200, 180, 120
# How a payment may end.
ENDS = ("done", "authorized", "pending", "cancel")
# Things that are done in a life, beside the tick in front and a last run of the queue.
STEPS = 4


class CartCommon(TrustedShopsCommon):
    """A shop with products, deliveries, addresses and pricelists of all kinds."""

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


class TestLives(case.OracleCase, TrustedShopsPaymentCommon, CartCommon):
    """Buyers, staff and payment providers do something to a cart, in any order."""

    area = "carts"
    keeps_caches = True
    # What happens while a payment is under way.
    MEANWHILE = (
        (),
        ("another tab takes the tick out",),
        ("another tab takes the tick out", "another tab ticks again"),
        ("another tab takes the tick out", "a sofa is added"),
        ("another tab takes the tick out", "staff confirms"),
        ("another tab takes the tick out", "staff confirms", "staff invoices"),
        ("another tab takes the tick out", "staff cancels"),
        ("another tab takes the tick out", "another payment is done"),
        ("the buyer is Max",),
        ("another payment is done",),
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.providers = {
            "card": cls.provider,
            "demo": cls._get_demo(),
            "wire transfer": cls._get_wire_transfer(cls),
        }
        cls.company_buyer = cls.buyer.copy(
            {"name": "GmbH", "is_company": True, "email": "einkauf@gmbh.example"}
        )
        cls.friend = cls.buyer.copy({"name": "Max", "email": "max@muster.example"})
        cls.env.company.portal_confirmation_pay = True

    def stories(self):
        for number in range(LIVES):
            yield f"life {number}", self._tell_life

        ways = product(self.providers, self.MEANWHILE, ENDS)
        for provider, meanwhile, end in ways:
            name = f"{provider}, {', '.join(meanwhile)}, {end}"
            yield f"comes back: {name}", self._tell_return, provider, meanwhile, end

    def _tell_return(self, provider, meanwhile, end):
        """Tell of a payment during which something happens to its order."""
        self.transaction = None
        self.order = yield "a cart of a lamp", lambda: self._fill("lamp", 1)
        self.watch("order", self.order)
        begin = f"the buyer ticks the box, a payment by {provider} begins"
        yield begin, lambda: (self._tick(), self._begin_to_pay(provider, 1))
        first = yield "that payment is remembered", lambda: self.transaction
        for deed in meanwhile:
            yield deed, self._list_meanwhile()[deed]
        self.transaction = first
        yield f"that payment is {end}", lambda: self._return(end)
        yield "the queue runs an hour later", lambda: self._run_queue(hours=1)

    def _list_meanwhile(self):
        """Return words and work of what happens during a payment."""
        order = self.order
        return {
            "another tab takes the tick out": lambda: self._visit(money.untick),
            "another tab ticks again": self._tick,
            "a sofa is added": lambda: self._change_quantity("sofa", 1),
            "staff confirms": order.action_confirm,
            "staff invoices": lambda: self._invoice(order),
            "staff cancels": order._action_cancel,
            "the buyer is Max": lambda: order.write({"partner_id": self.friend.id}),
            "another payment is done": lambda: (
                self._begin_to_pay("demo", 1),
                self._return("done"),
            ),
        }

    def _tell_life(self):
        self.transaction = None
        offered_to = self.dice.choice(("all", "private"))
        self.certificate.offered_to = offered_to
        name = self.dice.choice(tuple(self.products))
        pieces = self.dice.choice((1, 1, 2, 4, 30))
        self.order = yield (
            f"a cart with {pieces} {name}",
            lambda: self._fill(name, pieces),
        )
        self.watch("order", self.order)
        yield "the buyer ticks the box", self._tick
        for _number in range(STEPS):
            yield self._choose_deed()
        yield "the queue runs an hour later", lambda: self._run_queue(hours=1)

    def _fill(self, name, pieces):
        order = self._make_empty_cart()
        order.name = "ORDER-1"
        with self._request(order):
            self._as_visitor(order)._cart_add(self.products[name].id, quantity=pieces)
        return order

    @contextmanager
    def _request(self, order):
        """Do something as a request of the visitor does."""
        with MockRequest(self.env, website=self.website, sale_order_id=order.id):
            yield self._as_visitor(order)

    def _choose_deed(self):
        """Return words and work of something that is done."""
        deeds = (
            *self._list_deeds_of_buyer(),
            *self._list_deeds_of_staff(),
            *self._list_payments(),
        )
        return self.dice.choice(deeds)

    def _visit(self, work):
        with self._request(self.order) as cart:
            return work(cart)

    def _tick(self):
        return self._visit(money.tick)

    def _list_deeds_of_buyer(self):
        dice, visit = self.dice, self._visit
        name = dice.choice(tuple(self.products))
        pieces = dice.randint(0, 4)
        address = dice.choice(self.addresses)
        carrier = dice.choice(self.carriers)
        partner = dice.choice(self.company_buyer | self.friend)
        tick = ("the buyer ticks the box", self._tick)
        yield from (tick, tick, tick)
        yield (
            "the buyer takes the tick out",
            lambda: visit(money.untick),
        )
        yield (
            f"the buyer wants {pieces} {name}",
            lambda: self._change_quantity(name, pieces),
        )
        yield (
            f"the buyer has it sent to {address.name}",
            lambda: visit(
                lambda cart: cart._update_address(address.id, {"partner_shipping_id"})
            ),
        )
        yield (
            f"the buyer is {partner.name}",
            lambda: visit(
                lambda cart: cart._update_address(partner.id, {"partner_id"})
            ),
        )
        yield (
            f"delivery is {carrier.name}",
            lambda: visit(lambda cart: cart._set_delivery_method(carrier)),
        )
        yield (
            "the payment page is loaded",
            lambda: visit(lambda cart: cart._recompute_cart()),
        )
        yield (
            "the buyer is about to pay",
            lambda: visit(lambda cart: cart._check_cart_is_ready_to_be_paid()),
        )

    def _change_quantity(self, name, pieces):
        product = self.products[name]

        def change(cart):
            line = cart.order_line.filtered(lambda each: each.product_id == product)
            if line:
                cart._cart_update_line_quantity(line[0].id, pieces)
            else:
                cart._cart_add(product.id, quantity=pieces)

        self._visit(change)

    def _list_deeds_of_staff(self):
        order, dice = self.order.with_user(self.seller), self.dice
        price = dice.choice((12.34, 499.02, 1260.50))
        discount = dice.choice((5, 33.33))
        prices = dice.choice(tuple(self.pricelists))
        yield f"staff sells for {price}", lambda: self._sell_for(order, price)
        yield (
            f"staff takes {discount} % off",
            lambda: order.order_line.write({"discount": discount}),
        )
        yield f"staff chooses prices: {prices}", lambda: self._set_prices(order, prices)
        yield "staff confirms", order.action_confirm
        yield "staff cancels", order._action_cancel
        yield "staff sets it back to a quotation", order.action_draft
        yield (
            "staff copies it",
            lambda: self.watch("copy", order.copy({"name": "COPY"})),
        )
        yield "staff deletes it", order.unlink
        yield "staff deletes the fee", lambda: self._delete_fee(order)
        yield "staff invoices", lambda: order.sudo()._create_invoices().action_post()

    def _sell_for(self, order, price):
        self.need(order.order_line - money.get_fee_lines(order))[:1].price_unit = price

    def _set_prices(self, order, name):
        order.pricelist_id = self.pricelists[name]
        order.action_update_prices()

    def _delete_fee(self, order):
        self.need(money.get_fee_lines(order)).unlink()

    def _list_payments(self):
        dice = self.dice
        name = dice.choice(tuple(self.providers))
        share = dice.choice((1, 1, 1, 0.5))
        end = dice.choice(("done", "done", "done", "authorized", "pending", "cancel"))
        begin = (
            f"a payment by {name} of {share}",
            lambda: self._begin_to_pay(name, share),
        )
        come_back = (f"that payment is {end}", lambda: self._return(end))
        pay = (
            f"the buyer pays by {name}: {end}",
            lambda: (self._begin_to_pay(name, share), self._return(end)),
        )
        yield from (begin, begin, come_back, come_back, pay, pay)

    def _begin_to_pay(self, name, share):
        self.transaction = self._begin(
            self.order,
            self.providers[name],
            amount=self.order.currency_id.round(self.order.amount_total * share),
        )

    def _return(self, end):
        if self.transaction:
            self._come_back(self.transaction, end)


class TestTaxes(case.OracleCase, test_random_carts.TestRandomCarts):
    """Carts of all taxes and currencies, with any fee, sold in three countries."""

    area = "carts"
    keeps_caches = True

    def stories(self):
        for number, cart in enumerate(test_random_carts.make_carts(CARTS)):
            yield f"taxes {number} in {cart.shop}", self._tell_cart, cart

    def _tell_cart(self, cart):
        shop = self.shops[cart.shop]
        shop.company.tax_calculation_rounding_method = cart.rounding
        goods = self.dice.choice(("goods", "goods", "delivered"))
        order = yield "an order", lambda: self._make_orders(shop, [cart], goods)
        order.name = "ORDER-1"
        self.watch("order", order)
        yield "with the fee", lambda: self._add_fees(shop, order, [cart])
        if self.dice.random() < 0.5:
            return
        yield "confirmed", order.action_confirm
        if goods == "delivered":
            yield "half of it delivered", lambda: self._deliver(order, 2)
            yield "invoiced", order._create_invoices
            yield "the rest delivered", lambda: self._deliver(order, 1)
        elif self.dice.random() < 0.3:
            yield "a down payment of 30 %", lambda: self._invoice_ahead(order)
        yield "the rest invoiced", lambda: order._create_invoices(final=True)
        yield "credited", lambda: order.invoice_ids._reverse_moves()

    def _deliver(self, order, share):
        for line in order.order_line - money.get_fee_lines(order):
            line.qty_delivered = line.product_uom_qty / share


class TestRewards(case.OracleCase, test_random_rewards.TestRandomCarts):
    """Discounts, coupons, points, gift cards and eWallets beside the fee."""

    area = "carts"
    keeps_caches = True

    def stories(self):
        for number in range(REWARDS):
            yield f"rewards {number}", self._tell_rewards

    def _tell_rewards(self):
        dice = self.dice
        self.order = yield "a cart with rewards", self._make_named
        self.watch("order", self.order)
        if dice.random() < 0.6:
            share = dice.choice((0.1, 0.9, 1, 1.01, 5))
            kind = dice.choice(("gift_card", "ewallet"))
            yield f"paid by {kind}: {share}", lambda: self._pay_by_card(kind, share)
        yield "the buyer ticks the box", lambda: self._visit_tick()
        deed = dice.randint(0, 3)
        if deed == 0:
            yield "the tick is taken out", lambda: self._drop_tick()
        elif deed == 1:
            yield "a coupon is entered", lambda: self._enter_coupon()
        elif deed == 2:
            yield "rewards are computed again", self._update
        yield "the order is confirmed", self.order.action_confirm
        if dice.random() < 0.5:
            yield "it is invoiced", lambda: self._invoice(self.order)
        if dice.random() < 0.5:
            yield "the fee is refunded", self._refund_fee
        else:
            yield "the order is cancelled", self.order._action_cancel

    def _make_named(self):
        cart = self._make_random_cart(self.dice)
        cart.name = "ORDER-1"
        return cart.with_env(self.env)

    def _pay_by_card(self, kind, share):
        points = round(self.order.amount_total * share, 2)
        if kind == "gift_card":
            card = self._make_balance(points)
        else:
            card = self._make_wallet(points)
        card.code = "CARD-1"  # which is random else, and told
        self._redeem(self.order, card)

    def _visit_tick(self):
        return money.tick(self._as_visitor(self.order))

    def _drop_tick(self):
        return money.untick(self._as_visitor(self.order))

    def _enter_coupon(self):
        self._make_code("TENTH", {"discount": 10, "discount_mode": "percent"})
        self._enter(self.order, "TENTH")

    def _update(self):
        self._as_visitor(self.order)._update_programs_and_rewards()

    def _refund_fee(self):
        money.refund_fee(self, self.order, "accountant")
