# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""After an order at a Classic shop: the button that sends it.

Of the Trustcard at other shops: ``test_badge_browser.py``.
"""

from fnmatch import fnmatch
from urllib.parse import urlsplit

import pytest
from story import full, get_ts_id

from wsts.steps import read_order, wait_for

BLOCK = "#trustedShopsCheckout"
BUTTON = "button[name='btnProtect']"
LOADER = "**/js/X*.js"


@pytest.fixture(autouse=True)
def classic(change):
    """Let both shops be Classic shops."""
    change("trustedshops.certificate", protection_model="classic")


@pytest.fixture
def new_visitor(new_visitor):
    """Return a maker of visitors whose blocker knows the badge's script."""

    def make(*args, **options):
        visitor = new_visitor(*args, **options)
        visitor.page.context.route(LOADER, lambda route: route.abort())
        return visitor

    return make


class Requests:
    """The addresses of Trusted Shops that a visitor's pages ask, blocked ones apart."""

    def __init__(self, shop, visitor):
        self.hosts = (urlsplit(shop.sandbox.url).netloc, "trustedshops.", "etrusted.")
        self.urls = []
        visitor.page.context.on("request", self._note)

    def _note(self, request):
        host = urlsplit(request.url).netloc
        if any(each in host for each in self.hosts) and not fnmatch(
            request.url, LOADER
        ):
            self.urls.append(request.url)


@pytest.fixture
def buy(pay_as):
    """Return what buys a desk as a guest by wire transfer, and returns the order."""

    def make(visitor, email, country="DE"):
        pay_as(email, country, visitor).pay_by("wire_transfer")
        return read_order(visitor.page)

    return make


def received_of(shop, order):
    return [
        visit
        for visit in shop.sandbox.get("registrations")
        if visit["fields"].get("ordernr") == order
    ]


def click(visitor):
    with visitor.page.context.expect_page() as opened:
        visitor.page.click(BUTTON)
    opened.value.wait_for_load_state()
    return opened.value


def check_click(shop, visitor, order, requests, **expected):
    """Click, and check that only then the order was sent, in a new window."""
    assert requests.urls == []
    assert received_of(shop, order) == []
    window = click(visitor)
    assert window.url == f"{shop.sandbox.url}/shop/protection.php"
    assert window.evaluate("window.opener") is None
    assert visitor.page.url.endswith("/shop/confirmation")
    [visit] = wait_for(lambda: received_of(shop, order), "the click")
    assert (visit["page"], visit["method"]) == ("protection", "POST")
    fields = visit["fields"]
    assert fields.pop("kdnr") == fields.pop("KDNR") != ""
    assert fields == {
        "_charset_": "UTF-8",
        "btnProtect": "",
        "paymentType": "PREPAYMENT",
        "ordernr": order,
        "ORDERNR": order,
        **expected,
    }
    assert visitor.errors == []


@pytest.mark.parametrize(
    ("language", "email", "amount", "currency"),
    [
        ("de", "klassik@kunde.example", "541.33", "EUR"),
        full("pl", "klasyk@klient.example", "559.53", "PLN"),
    ],
)
def test_a_guest_sends_the_order_by_a_click(
    shop, new_visitor, buy, language, email, amount, currency
):
    url = {"de": shop.url, "pl": shop.polish_url}[language]
    visitor = new_visitor(url, locale=f"{language}-{language.upper()}")
    requests = Requests(shop, visitor)
    order = buy(visitor, email, language.upper())
    page = visitor.page
    # Nothing is sent before the click: there is nothing that a script could read.
    assert page.locator(BLOCK).count() == 0
    page.set_viewport_size({"width": 390, "height": 800})
    box = page.locator(".o_trustedshops_form").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    sent = {"email": email, "amount": amount, "curr": currency}
    check_click(
        *(shop, visitor, order, requests), shop_id=get_ts_id(shop, language), **sent
    )
