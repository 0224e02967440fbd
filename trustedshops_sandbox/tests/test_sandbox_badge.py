# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The scripts that a shop's pages load: what they draw, and how they fail."""

import pytest

from sandbox_process import GERMAN

CLASSIC = "X5A4DB0C5000000000000000000000003"
BADGE = "[data-tb-element='trustbadge_minimised_container']"
CARD = "[id^='checkoutTrustcardResponsive_']"
EVENTS = ("checkout_card_prepared", "card_closed", "xhr_call_done")
ORDER = {
    "OrderNr": "S00047<b>",
    "BuyerEmail": "anna@kunde.example",
    "OrderAmount": "541.33",
    "OrderCurrency": "EUR",
    "OrderPaymentType": "Überweisung",
}
DESKTOP = {"width": 1200, "height": 800}
PHONE = {"width": 390, "height": 800}


@pytest.fixture
def load(sandbox, chromium):
    """Return a maker of pages of a shop that load the script."""
    contexts = []

    def make(ts_id=GERMAN, order=None, viewport=None, **options):
        attributes = "".join(
            f' data-{name.replace("_", "-")}="{value}"'
            for name, value in options.items()
        )
        spans = "".join(
            f'<span id="tsCheckout{name}">{value.replace("<", "&lt;")}</span>'
            for name, value in (order or {}).items()
        )
        block = f'<div id="trustedShopsCheckout" hidden>{spans}</div>' if order else ""
        html = f"""<!DOCTYPE html><meta charset="utf-8"><body>{block}<script>
            window.told = [];
            for (const name of {list(EVENTS)}) {{
                document.addEventListener(
                    "trustbadge_event_" + name, () => told.push(name));
            }}
            </script><script async src="{sandbox.url}/js/{ts_id}.js"{attributes}>
            </script></body>"""
        context = chromium.new_context(viewport=viewport or DESKTOP)
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        # Of another origin, and on this machine: Chromium lets no other page load it.
        page.goto(sandbox.url.replace("127.0.0.1", "localhost") + "/_control/faults")
        page.set_content(html, wait_until="load")
        return page

    yield make
    for context in contexts:
        context.close()


def place_of(page):
    box = page.locator(BADGE).bounding_box()
    size = page.viewport_size
    left = round(box["x"])
    right = round(size["width"] - box["x"] - box["width"])
    side = {left == 0: "left", right == 0: "right"}.get(True, "center")
    return side, round(size["height"] - box["y"] - box["height"])


@pytest.mark.parametrize(
    ("viewport", "options", "expected"),
    [
        (DESKTOP, {}, ("right", 0)),
        (DESKTOP, {"desktop_position": "left", "desktop_y_offset": "40"}, ("left", 40)),
        (DESKTOP, {"desktop_position": "center"}, ("right", 0)),
        (DESKTOP, {"desktop_y_offset": "-99"}, ("right", -54)),
        (DESKTOP, {"disable_mobile": "true"}, ("right", 0)),
        (DESKTOP, {"disable_trustbadge": "true"}, None),
        (PHONE, {"disable_mobile": "true"}, None),
        (PHONE, {"desktop_position": "left"}, ("right", 0)),
        (PHONE, {"mobile_position": "center", "mobile_y_offset": "30"}, ("center", 30)),
        (PHONE, {"mobile_y_offset": "-99"}, ("right", -10)),
    ],
)
def test_place_by_the_attributes(load, viewport, options, expected):
    page = load(viewport=viewport, **options)
    page.wait_for_function("window.trustbadge")
    assert (place_of(page) if page.locator(BADGE).count() else None) == expected


def test_colours_and_stars(sandbox, load):
    shop = {"ts_id": GERMAN, "type": "EXCELLENCE", "state": "PRODUCTION"}
    sandbox.put("certificates", **shop, ratings=True)
    badge = load(color_scheme="dark").locator(BADGE)
    assert badge.evaluate("e => e.style.backgroundColor") == "rgb(33, 33, 33)"
    assert badge.inner_text() == "✔ Trusted Shops · ★ 4.80"
    badge = load(color_scheme="light", desktop_disable_reviews="true").locator(BADGE)
    assert badge.evaluate("e => e.style.backgroundColor") == "rgb(255, 255, 255)"
    assert badge.inner_text() == "✔ Trusted Shops"


def test_card_shows_and_sends_the_order_by_a_click(sandbox, load):
    page = load(CLASSIC, ORDER, disable_trustbadge="true")
    text = page.inner_text(CARD)
    assert "Order S00047<b>: 541.33 EUR" in text
    assert page.evaluate("told") == ["checkout_card_prepared"]
    assert sandbox.get("registrations") == []
    with page.context.expect_page() as opened:
        page.click(f"{CARD} button[type='submit']")
    opened.value.wait_for_load_state()
    [visit] = sandbox.get("registrations")
    assert (visit["page"], visit["method"]) == ("protection", "POST")
    assert visit["fields"] == {
        "shop_id": CLASSIC,
        "ordernr": "S00047<b>",
        "email": "anna@kunde.example",
        "amount": "541.33",
        "curr": "EUR",
        "paymentType": "Überweisung",
    }
    page.click(f"{CARD} button[type='button']")
    assert page.locator(CARD).count() == 0
    assert page.evaluate("told") == [
        "checkout_card_prepared",
        "xhr_call_done",
        "card_closed",
    ]
