# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ways to pay in a real browser, with a second tab that changes the cart meanwhile."""

import re

import pytest
from story import DESK, applications_of, clean, read_total

from wsts.steps import wait_for

pytestmark = pytest.mark.full

# The desk and its delivery come to 541.33 euro, the fee to 2.94.
REDIRECT = "**/payment/custom/process"
INLINE = "**/payment/demo/simulate_payment"


@pytest.fixture
def buyer(pay_as, request):
    """Return a visitor at the payment page, with an e-mail address of its own."""
    name = re.sub(r"\W+", "-", request.node.name)
    visitor = pay_as(f"{name}@kunde.example")
    visitor.email = f"{name}@kunde.example"
    return visitor


def start_paying(visitor, method):
    """Choose a method and press the button, without waiting for what follows."""
    visitor.choose_method(method)
    visitor.page.locator("button[name='o_payment_submit_button']:visible").first.click()


def hold(page, pattern):
    """Keep the next request to the provider back; return it once it was made."""
    held = []
    page.route(pattern, lambda route: held.append(route))

    return lambda: wait_for(lambda: held, "the request", page=page)[0]


def open_second_tab(visitor, path):
    tab = visitor.page.context.new_page()
    tab.goto(visitor.url + path)
    tab.wait_for_load_state("load")
    return tab


def finish(visitor):
    """Wait for the confirmation page; return what it says about the protection."""
    visitor.page.wait_for_url("**/shop/confirmation")
    visitor.wait_until_usable()
    return clean(visitor.page.inner_text("[name='trustedshops_protection']"))


def assert_placed(words):
    """Check that the page says so, however far the queue is by now."""
    assert any(word in words for word in ("bestellt", "beantragt", "bestätigt")), words


def assert_applied_once(shop, visitor):
    """Check that Trusted Shops got one application with the amount of the order."""
    wait_for(lambda: applications_of(shop, visitor.email), "the application")
    amounts = [each["amount"] for each in applications_of(shop, visitor.email)]
    assert amounts == ["541.33"]


def test_an_inline_form_charges_what_the_page_shows_after_the_tick(shop, buyer):
    buyer.tick_protection()
    assert read_total(buyer.page) == "544,27 €"
    assert buyer.page.get_attribute("#o_payment_form", "data-amount") == "544.27"
    start_paying(buyer, "demo")
    assert_placed(finish(buyer))
    assert read_total(buyer.page) == "544,27 €"
    assert_applied_once(shop, buyer)


def test_a_second_tab_during_a_redirect_loses_no_protection(shop, buyer):
    buyer.tick_protection()
    go_on = hold(buyer.page, REDIRECT)
    start_paying(buyer, "wire_transfer")
    redirect = go_on()
    tab = open_second_tab(buyer, "/shop/payment")
    assert not tab.is_checked("#trustedshops_protection")
    assert read_total(tab) == "541,33 €"
    redirect.continue_()
    assert_placed(finish(buyer))
    assert read_total(buyer.page) == "544,27 €"
    assert_applied_once(shop, buyer)


def test_a_second_tab_that_adds_goods_during_a_payment_leaves_it_to_the_shop(
    shop, buyer
):
    buyer.tick_protection()
    go_on = hold(buyer.page, INLINE)
    start_paying(buyer, "demo")
    payment = go_on()
    tab = open_second_tab(buyer, f"/shop/{DESK}")
    tab.wait_for_function("window.odoo?.__WOWL_DEBUG__?.root?.env?.services")
    with tab.expect_response(lambda answer: "/shop/cart/add" in answer.url):
        tab.click("#add_to_cart")
    payment.continue_()
    buyer.page.wait_for_url("**/shop/confirmation")
    assert applications_of(shop, buyer.email) == []
