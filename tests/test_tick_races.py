# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Calls of one cart at the same time, against a running server with threads."""

import json
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from decimal import Decimal
from threading import Barrier

import pytest
import requests

from wsts import postgres

pytestmark = pytest.mark.full

# Desk Combination and delivery with their tax, and the fee of its item.
GOODS, FEE = Decimal("541.33"), Decimal("2.94")
ROUTE = "/shop/trustedshops/protection"
BUSY = (
    "odoo.exceptions.UserError",
    "Ihr Warenkorb wird gerade geändert. Bitte versuchen Sie es noch einmal.",
)


class Cart:
    """A visitor's cart before the payment page, called without a browser.

    :param shop: the running shop
    :param visitor: on the payment page
    :param str email: of the buyer, of this cart alone
    """

    def __init__(self, shop, visitor, email):
        self.shop = shop
        self.email = email
        page = visitor.page
        settings = page.get_attribute("head > meta[name='trustedshops']", "content")
        self.offer = json.loads(settings)["offer"]
        self.form = page.eval_on_selector(
            "#o_payment_form", "form => ({...form.dataset})"
        )
        self.method = page.eval_on_selector(
            "[data-payment-method-code='wire_transfer']",
            "radio => ({...radio.dataset})",
        )
        self.cookies = {
            cookie["name"]: cookie["value"] for cookie in page.context.cookies()
        }

    def call(self, route, params):
        """Return the result of a JSON call, or name and message of the error."""
        answer = requests.post(
            self.shop.url + route,
            json={"jsonrpc": "2.0", "method": "call", "params": params},
            cookies=self.cookies,
            timeout=60,
        ).json()
        if "error" in answer:
            data = answer["error"]["data"]
            return data["name"], data["message"]
        return answer["result"]

    def tick(self, enable=True):
        return self.call(ROUTE, {"enable": enable, "offer": self.offer})

    def pay(self, amount=GOODS):
        """Start a wire transfer of an amount, as the payment form does."""
        return self.call(
            self.form["transactionRoute"],
            {
                "access_token": self.form["accessToken"],
                "provider_id": int(self.method["providerId"]),
                "payment_method_id": int(self.method["paymentOptionId"]),
                "token_id": None,
                "amount": float(amount),
                "flow": "redirect",
                "tokenization_requested": False,
                "landing_route": "/shop/payment/validate",
            },
        )

    def make_free(self):
        order_id = self.order_id
        self._query(
            "UPDATE sale_order_line SET price_unit = 0, price_subtotal = 0, price_tax ="
            f" 0, price_total = 0 WHERE order_id = {order_id}; UPDATE sale_order SET"
            " amount_untaxed = 0, amount_tax = 0, amount_total = 0 WHERE id ="
            f" {order_id}"
        )

    def confirm(self):
        """Order what costs nothing; return where the browser goes."""
        return requests.get(
            f"{self.shop.url}/shop/payment/validate",
            params={"trustedshops_shown": "0"},
            cookies=self.cookies,
            allow_redirects=False,
            timeout=60,
        ).headers["Location"]

    def _query(self, sql):
        return postgres.query(sql, self.shop.database)

    @property
    def order_id(self):
        [[order_id]] = self._query(
            "SELECT max(o.id) FROM sale_order o JOIN res_partner p ON p.id ="
            f" o.partner_id WHERE p.email = '{self.email}'"
        )
        return order_id

    def read(self):
        """Return total, lines of the fee and choices as they are stored."""
        [[total, lines, choices, linked]] = self._query(
            "SELECT o.amount_total, (SELECT count(*) FROM sale_order_line l WHERE"
            " l.order_id = o.id AND l.is_trustedshops_protection), (SELECT count(*)"
            " FROM trustedshops_protection t WHERE t.order_id = o.id),"
            " (o.trustedshops_protection_id IS NOT NULL)::int FROM sale_order o WHERE"
            f" o.id = {self.order_id}"
        )
        return Decimal(total), int(lines), int(choices), int(linked)

    def read_payments(self):
        """Return amount and remembered fee of the order's transactions."""
        rows = self._query(
            "SELECT x.amount, COALESCE(t.gross_fee, 0) FROM payment_transaction x JOIN"
            " sale_order_transaction_rel r ON r.transaction_id = x.id LEFT JOIN"
            " trustedshops_protection t ON t.id = x.trustedshops_protection_id WHERE"
            f" r.sale_order_id = {self.order_id}"
        )
        return [(Decimal(amount), Decimal(fee)) for amount, fee in rows]

    @contextmanager
    def locked(self):
        """Hold the lock that core takes while a payment starts."""
        psql = subprocess.Popen(
            ["psql", "-XAtq", "-d", self.shop.database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with psql:
            psql.stdin.write(
                "BEGIN;\nSELECT 'locked' FROM sale_order WHERE id ="
                f" {self.order_id} FOR NO KEY UPDATE;\n"
            )
            psql.stdin.flush()
            assert psql.stdout.readline() == "locked\n"
            yield
            psql.stdin.write("ROLLBACK;\n")
            psql.stdin.close()


@pytest.fixture
def cart(shop, pay_as, request):
    """Return the cart of a visitor of its own."""
    email = f"{request.node.name.replace('_', '-')[:40]}@kunde.example"
    return Cart(shop, pay_as(email), email)


def at_once(*calls):
    """Make calls at the same moment; return their answers in order."""
    barrier = Barrier(len(calls))

    def make(call):
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(make, calls))


def test_ticks_at_once_add_one_line_or_are_refused_clearly(cart):
    answers = at_once(*[cart.tick] * 6)
    outcomes = Counter(
        "refused" if answer == BUSY else answer["enabled"] for answer in answers
    )
    assert set(outcomes) <= {True, "refused"}
    assert outcomes[True] >= 1
    assert cart.read() == (GOODS + FEE, 1, 1, 1)


def test_ticks_and_unticks_at_once_leave_all_or_nothing(cart):
    for _round in range(3):
        answers = at_once(*[cart.tick, lambda: cart.tick(False)] * 3)
        assert all(answer == BUSY or "enabled" in answer for answer in answers)
        assert cart.read() in ((GOODS + FEE, 1, 1, 1), (GOODS, 0, 0, 0))


def test_a_tick_or_payment_while_a_payment_starts_is_refused_at_once(cart):
    with cart.locked():
        # What waited would wait for the end of the block.
        assert cart.tick() == BUSY
        assert cart.call(f"{ROUTE}/state", {"enable": True}) == BUSY
        assert cart.pay() == BUSY
    assert cart.read() == (GOODS, 0, 0, 0)
    assert cart.tick()["enabled"] is True


def test_each_press_of_a_free_order_leads_to_its_confirmation(cart):
    cart.make_free()
    with ThreadPoolExecutor(2) as pool:
        with cart.locked():
            presses = [pool.submit(cart.confirm) for _number in range(2)]
            assert not wait(presses, timeout=3).done
        pages = [press.result() for press in presses]
    assert [page.endswith("/shop/confirmation") for page in pages] == [True, True]


def test_a_tick_and_a_payment_at_once_agree_on_the_amount(cart):
    for _round in range(3):
        ticked, paid = at_once(cart.tick, cart.pay)
        assert ticked == BUSY or ticked["enabled"]
        assert isinstance(paid, dict) or paid[0].startswith("odoo.")
        # What a transaction asks for is the goods and the fee that it remembers.
        assert {amount - fee for amount, fee in cart.read_payments()} <= {GOODS}
        total, *counts = cart.read()
        assert (total, *counts) in ((GOODS + FEE, 1, 1, 1), (GOODS, 0, 0, 0))
        cart.tick(False)
        assert cart.read()[0] == GOODS
