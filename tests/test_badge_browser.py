# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The floating badge in visitors' browsers, on the pages of a real shop.

When it is loaded: ``static/tests/interactions/trusted_badge.test.js``.
"""

import json
import re
from urllib.parse import urlsplit

import pytest
from story import DESK, get_ts_id, is_stopped, make_user

from wsts.administrator import Administrator
from wsts.steps import read_order

pytestmark = pytest.mark.full

ELEMENT = "head > meta[name='trustedshops']"
BADGE = "[data-tb-element='trustbadge_minimised_container']"
CARD = "[id^='checkoutTrustcardResponsive_']"
LOADER = re.compile(r"/js/X[0-9A-Z]{32}\.js$")
DELIVERED = "**/shop/trustedshops/card_delivered"
PHONE = {"width": 390, "height": 800}
# Long enough for a badge to come that must not.
LONG = 300
CERTIFICATE = "trustedshops.certificate"


@pytest.fixture
def visit(new_visitor):
    """Return a maker of visitors who note which loaders were asked for."""

    def make(url="", **options):
        visitor = new_visitor(url, **options)
        visitor.loads, visitor.complaints = [], []
        visitor.page.on("request", lambda request: note(visitor, request.url))
        visitor.page.on("console", lambda message: complain(visitor, message))
        return visitor

    def note(visitor, url):
        if LOADER.search(url):
            visitor.loads.append(url)

    def complain(visitor, message):
        # Tests have no network, and themes ask for fonts.
        url = message.location["url"]
        if message.type == "error" and "fonts.googleapis.com" not in url:
            visitor.complaints.append(f"{message.text} {url}")

    return make


def ask_for_cookies(change, block=True):
    change("website", cookies_bar=True, block_third_party_domains=block)


def announce(visitor, event):
    """Tell the page of the visitor's choice as the cookies bar does."""
    name = f"optionalCookies{event}"
    visitor.page.evaluate("name => document.dispatchEvent(new Event(name))", name)


def see(visitor, state):
    visitor.page.wait_for_selector(f"{ELEMENT}[data-state='{state}']", state="attached")


def go(visitor, path="/", state="loaded"):
    """Open a page and wait until our element says so; return the visitor."""
    visitor.open(path)
    see(visitor, state)
    return visitor


def stays_away(visitor, path=""):
    """Tell whether the badge does not come, on a new page if one is given."""
    if path:
        visitor.open(path)
    see(visitor, "waiting")
    visitor.page.wait_for_timeout(LONG)
    return visitor.loads == [] and visitor.page.locator(BADGE).count() == 0


def answer_bar(visitor, is_accepted):
    button = "#cookies-consent-all" if is_accepted else "#cookies-consent-essential"
    visitor.page.click(button)
    visitor.page.locator("#website_cookies_bar .modal.show").wait_for(state="hidden")


def gap_below(visitor, selector=BADGE):
    box = visitor.page.locator(selector).bounding_box()
    return visitor.page.viewport_size["height"] - box["y"] - box["height"]


def check_clean(visitor):
    assert (visitor.errors, visitor.complaints) == ([], [])


# === WHERE === #


def test_each_website_loads_its_own_once_without_a_cookies_bar(shop, visit):
    for url, language in ((shop.url, "de"), (shop.polish_url, "pl")):
        visitor = visit(url, locale=f"{language}-{language.upper()}")
        go(visitor, "/shop")
        visitor.page.wait_for_timeout(LONG)
        [load] = visitor.loads
        assert load == f"{shop.sandbox.url}/js/{get_ts_id(shop, language)}.js"
        assert visitor.page.locator(BADGE).count() == 1
        check_clean(visitor)


def test_on_phones_no_badge_lies_on_totals_consent_and_buttons(visit, pay_as, admin):
    buyer = pay_as("telefon@kunde.example", visitor=visit(viewport=PHONE))
    badge = buyer.page.locator(BADGE)
    for path in ("/shop/cart", "/shop/payment"):
        assert stays_away(buyer, path)
    buyer.pay_by("wire_transfer")
    see(buyer, "loaded")
    buyer.page.locator(CARD).wait_for()
    assert badge.count() == 0
    order = [["name", "=", read_order(buyer.page)]]
    order_ids = admin.call("sale.order", "search", order)
    portal = admin.call("sale.order", "get_portal_url", order_ids)
    buyer.loads.clear()
    assert stays_away(buyer, portal)
    buyer.page.set_viewport_size({"width": 1200, "height": 800})
    go(buyer, portal)
    assert badge.count() == 1


def test_on_phones_the_badge_does_not_lie_on_the_seal(visit):
    visitor = go(visit(viewport=PHONE))
    visitor.page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    seal = gap_below(visitor, ".o_trustedshops_seal a")
    assert 800 - seal <= visitor.page.locator(BADGE).bounding_box()["y"]


# === CONSENT === #


def block_domains(shop, change, *domains):
    """Let Odoo stop the scripts of Trusted Shops until visitors accept cookies."""
    ask_for_cookies(change)
    names = [*domains, urlsplit(shop.sandbox.url).netloc]
    change("website", custom_blocked_third_party_domains="\n".join(names))


def test_always_means_always_also_where_the_domain_is_blocked(shop, visit, change):
    block_domains(shop, change, "other.example")
    change(CERTIFICATE, badge_consent="always")
    visitor = visit()
    assert stays_away(visitor, "/")
    assert is_stopped(visitor.page, "https://cdn.other.example/x.js")
    answer_bar(visitor, False)
    see(visitor, "loaded")
    assert visitor.page.locator(BADGE).count() == 1
    for path in ("/shop", "/"):
        go(visitor, path)
        assert visitor.page.locator(BADGE).count() == 1
    check_clean(visitor)


def test_a_kept_page_serves_the_visitor_with_the_other_choice(visit, change):
    ask_for_cookies(change)
    accepting, refusing, new = visit(), visit(), visit()
    for visitor, is_accepted in ((accepting, True), (refusing, False)):
        visitor.open("/shop")
        answer_bar(visitor, is_accepted)
        see(visitor, "loaded" if is_accepted else "waiting")
        visitor.loads.clear()
    # The home page is one that Odoo keeps; each of them gets what the other was given.
    go(accepting)
    assert stays_away(refusing, "/")
    assert stays_away(new, "/")
    go(accepting)
    assert len(accepting.loads) == 2


# === AFTER THE ORDER === #


@pytest.fixture
def order_as(pay_as):
    """Return what orders as a guest after refusing cookies, if the bar asks."""

    def make(visitor, email):
        visitor.open("/shop")
        if visitor.page.locator("#website_cookies_bar").count():
            answer_bar(visitor, False)
        pay_as(email, visitor=visitor).pay_by("wire_transfer")
        return read_order(visitor.page)

    return make


def test_the_card_comes_after_an_order_whatever_is_refused_and_blocked(
    shop, visit, order_as, change
):
    block_domains(shop, change)
    change(CERTIFICATE, protection_model="none", badge_shown=False)
    visitor = visit()
    with visitor.page.expect_response(DELIVERED) as delivered:
        order = order_as(visitor, "karte@kunde.example")
    see(visitor, "loaded")
    assert delivered.value.json()["result"] == {"noted": True}
    text = visitor.page.inner_text(CARD)
    assert f"Order {order}: 541.33 EUR" in text
    assert len(visitor.loads) == 1
    assert visitor.page.locator(BADGE).count() == 0
    check_clean(visitor)
    # Afterwards there is neither badge nor card to draw; elsewhere it is blocked again.
    visitor.loads.clear()
    assert stays_away(visitor, "/shop/confirmation")
    visitor.open("/shop")
    assert is_stopped(visitor.page, shop.sandbox.url)


# === CONTENT OF OTHERS === #

# What Odoo's sanitizer leaves in the description of a product of its elements, ids,
# names and classes. The form would take the place of the page's head in scripts.
FORGED = """
<div class="o_trustedshops_badge" id="wrapwrap" name="trustedshops"
    content='{settings}' data-consent="always" data-cookies-bar="0"
    data-src="https://foreign.example/js/{ts_id}.js"
    data-options='{{"onload": "window.hacked = true"}}'>A badge.</div>
<meta name="trustedshops" content='{settings}'/>
<form name="head"><p name="trustedshops" content='{settings}'>A form.</p></form>
<div name="order_confirmation" class="o_trustedshops_card" data-order-id="1"
    data-ts-id="{ts_id}">An order.</div>
<div class="o_trustedshops_checkout">
    <div class="o_trustedshops_offer">
        <input type="checkbox" name="trustedshops_protection" data-offer="{key}"/>
        <strong name="trustedshops_answer">An answer.</strong>
        <p name="trustedshops_words" data-saving="Saving.">Words.</p>
    </div>
</div>
"""
FORGED_SETTINGS = {
    "src": "https://foreign.example/js/X" + "0" * 32 + ".js",
    "consent": "always",
    "cookiesBar": False,
    "isOrdered": True,
    "options": {"onload": "window.hacked = true"},
}


@pytest.fixture(scope="module")
def editor(shop, logged_in, chromium):
    """Return somebody who may edit products, and nothing else of the website."""
    login = make_user(logged_in, "base.group_user", "product.group_product_manager")
    context = chromium.new_context(locale="en-US")
    yield Administrator(context.new_page(), shop.url).log_in(login, login)
    context.close()


@pytest.fixture
def forge(editor):
    """Return what fills the desk's description with settings of a stranger."""
    desk = [int(DESK.rpartition("-")[2])]

    def write(key=""):
        settings = json.dumps({**FORGED_SETTINGS, "offer": key})
        text = FORGED.format(settings=settings, ts_id="X" + "0" * 32, key=key)
        values = {"description_ecommerce": text}
        editor.call("product.template", "write", desk, values)

    yield write
    editor.call("product.template", "write", desk, {"description_ecommerce": False})


def look_at_forgery(visitor):
    """Open the desk, whose description is forged; return what is asked of strangers."""
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.open(f"/shop/{DESK}")
    assert visitor.page.locator("main [name='order_confirmation']").count() == 1
    visitor.page.wait_for_timeout(LONG)
    return [url for url in asked if "foreign.example" in url]


def test_what_a_product_says_is_no_consent_and_loads_nothing_foreign(
    shop, visit, change, forge
):
    ask_for_cookies(change)
    forge()
    visitor = visit()
    assert look_at_forgery(visitor) == []
    answer_bar(visitor, False)
    assert stays_away(visitor)
    announce(visitor, "Accepted")
    see(visitor, "loaded")
    assert visitor.page.evaluate("window.hacked") is None
    [load] = visitor.loads
    assert load == f"{shop.sandbox.url}/js/{get_ts_id(shop, 'de')}.js"
    assert visitor.page.locator(BADGE).count() == 1
    check_clean(visitor)


def test_a_box_in_a_product_chooses_nothing(visit, pay_as, forge):
    buyer = pay_as("kiste@kunde.example", visitor=visit())
    buyer.tick_protection()
    with buyer.page.expect_request("**/shop/trustedshops/protection") as told:
        buyer.tick_protection()
    forge(key=told.value.post_data_json["params"]["offer"])
    look_at_forgery(buyer)
    box = buyer.page.locator("main input[name='trustedshops_protection']")
    # The page asks, is told nothing, and comes anew; only then is there an answer.
    with buyer.page.expect_navigation():
        box.evaluate("box => box.click()")
    buyer.open("/shop/payment")
    assert not buyer.page.is_checked("#trustedshops_protection")


# === TROUBLE === #
