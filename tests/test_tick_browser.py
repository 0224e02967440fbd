# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The tick in a browser: what the page keeps, and when it is loaded anew.

One test for each kind of form; the rules of all: ``static/tests/checkout``.
"""

import re

import pytest
from story import clean, read_total

BOX = "#trustedshops_protection"
OFFER = ".o_trustedshops_offer"
FEE_ROW = "tr[name='o_order_trustedshops_protection']"
CARD = "4242 4242 4242 4242"
# The desk and its delivery, with the fee and without.
WITHOUT, WITH = "541,33 €", "544,27 €"
# Let the option of core's provider for demonstrations be another provider's.
DISGUISE = """([code, content]) => {
    const radio = document.querySelector("[data-provider-code='demo']");
    radio.dataset.providerCode = code;
    const option = radio.closest("[name='o_payment_option']");
    const form = option.querySelector("[name='o_payment_inline_form']");
    form.querySelector("[id^='demo-container']").outerHTML = content;
}"""


@pytest.fixture
def buyer(pay_as, request):
    """Return a visitor at the payment page, without an error at the end."""
    name = request.node.name.replace("_", "-").partition("[")[0]
    visitor = pay_as(f"{name[:40]}@kunde.example")
    visitor.page.evaluate("window.isFirst = true")
    yield visitor
    assert visitor.errors == []


def is_first(visitor):
    """Tell whether the page was not loaded anew."""
    return visitor.page.evaluate("window.isFirst === true")


def tick_and_load(visitor):
    """Tick the box and wait for the page that follows."""
    with visitor.page.expect_navigation():
        visitor.page.click(BOX)
    visitor.wait_until_usable()


def read_amount(visitor):
    """Return the amount with which the page would begin a payment, and the total."""
    amount = visitor.page.get_attribute("#o_payment_form", "data-amount")
    return amount, read_total(visitor.page)


def test_the_page_stays_with_all_that_was_entered(buyer):
    page = buyer.page
    buyer.choose_method("demo")
    page.fill("#customer_input", CARD)
    row = page.locator(f"{FEE_ROW}:visible")
    for amount, rows in (
        (("544.27", WITH), ["Käuferschutz (inkl. 19 % MwSt.) 2,94 €"]),
        (("541.33", WITHOUT), []),
        (("544.27", WITH), ["Käuferschutz (inkl. 19 % MwSt.) 2,94 €"]),
    ):
        buyer.tick_protection()
        assert read_amount(buyer) == amount
        assert [clean(text) for text in row.all_inner_texts()] == rows
    assert page.input_value("#customer_input") == CARD
    assert page.is_checked("[data-payment-method-code='demo']")
    assert is_first(buyer)
    with page.expect_request("**/shop/payment/transaction/*") as sent:
        page.click("button[name='o_payment_submit_button']:visible")
    assert sent.value.post_data_json["params"]["amount"] == 544.27
    page.wait_for_url("**/shop/confirmation")
    assert read_total(page) == WITH


@pytest.mark.full
def test_the_sums_are_those_of_a_new_page(buyer):
    tables = ".o_cart_total table"
    buyer.tick_protection()
    shown = buyer.page.locator(tables).all_text_contents()
    buyer.tick_protection()
    buyer.page.evaluate(DISGUISE, ["other", "<div><p>A form</p></div>"])
    tick_and_load(buyer)
    assert read_total(buyer.page) == WITH
    loaded = buyer.page.locator(tables).all_text_contents()
    assert [clean(text) for text in shown] == [clean(text) for text in loaded]


@pytest.mark.full
def test_a_box_whose_script_did_not_load_says_so(pay_as):
    visitor = pay_as("no-script@kunde.example")
    page = visitor.page
    bundle = "**/web/bundle/website_sale_trustedshops.assets_checkout*"
    page.route(bundle, lambda route: route.abort())
    page.goto(f"{visitor.url}/shop/payment")
    sentence = page.locator(".o_trustedshops_missing")
    assert (sentence.bounding_box()["height"], sentence.is_visible()) == (0, False)
    finish = "document.getAnimations().forEach((each) => each.finish())"
    page.evaluate(finish)
    assert "laden Sie die Seite neu" in clean(sentence.inner_text())
    assert sentence.is_visible()
    assert page.is_disabled(BOX)
    # Nobody reads it where the script came late.
    page.unroute(bundle)
    visitor.open("/shop/payment")
    page.locator(f"{BOX}:enabled").wait_for()
    page.evaluate(finish)
    assert not sentence.is_visible()


@pytest.mark.full
def test_the_next_visit_begins_unticked(buyer):
    page = buyer.page
    for come_back in (
        lambda: page.reload(),
        lambda: buyer.open("/en/shop/payment"),
        lambda: (buyer.open("/shop"), page.go_back()),
    ):
        buyer.open("/shop/payment")
        buyer.tick_protection()
        assert page.is_checked(BOX)
        come_back()
        page.wait_for_load_state("load")
        notice = page.locator("[name='trustedshops_answer']")
        notice.get_by_text(re.compile("neu geöffnet|opened again")).wait_for()
        assert not page.is_checked(BOX)
    # An answer that is shorter leaves the room of the notice, and nothing moves.
    buyer.wait_until_usable()
    height = page.locator(OFFER).bounding_box()["height"]
    buyer.tick_protection()
    assert page.locator(OFFER).bounding_box()["height"] == height
    # The notice is said once.
    buyer.tick_protection()
    buyer.open("/shop/payment")
    assert notice.inner_text() == ""
