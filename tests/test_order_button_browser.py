# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The words of the order button stay, whatever a buyer chooses."""

import pytest
from story import clean

VIEW = "website_sale_trustedshops.order_button_words"
WORDS = "Zahlungspflichtig bestellen"
BUTTON = "button[name='o_payment_submit_button']:visible"
# As if the method of payment that is chosen were one on delivery.
ON_DELIVERY = """() => {
    const services = odoo.__WOWL_DEBUG__.root.env.services;
    const {interactions} = services["public.interactions"];
    const form = interactions.find(({el}) => el.id === "o_payment_form").interaction;
    form._adaptSubmitButtonLabel("cash_on_delivery");
}"""


@pytest.mark.full
def test_the_order_button_keeps_its_words(logged_in, pay_as, change):
    [website] = logged_in.call("website", "search", [["name", "=", "Demo Shop"]])
    change("website", [website], trustedshops_order_button=True)
    [view] = logged_in.call("ir.ui.view", "search", [["key", "=", VIEW]])
    terms = {"de_DE": {"Order with obligation to pay": WORDS}}
    logged_in.call("ir.ui.view", "update_field_translations", [view], "arch_db", terms)
    visitor = pay_as("words@kunde.example")
    page = visitor.page
    assert page.locator("html").get_attribute("lang") == "de-DE"
    assert clean(page.locator(BUTTON).first.inner_text()) == WORDS
    page.evaluate(ON_DELIVERY)
    page.click("#trustedshops_protection")
    page.locator("tr[name='o_order_trustedshops_protection']:visible").first.wait_for()
    page.locator(".o_payment_option_label").last.click()
    page.evaluate(ON_DELIVERY)
    assert {clean(each.inner_text()) for each in page.locator(BUTTON).all()} == {WORDS}
    assert visitor.errors == []
