# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The main story with real parts all the way: browser, Odoo, SOAP over HTTP, SMTP."""

import re

import pytest
from story import (
    DESK,
    ODOOS_OWN,
    address_of,
    applications_of,
    clean,
    mails_to,
    read_total,
    run_queue,
    see_accessible,
)

from wsts.administrator import SETTINGS
from wsts.steps import read_order, wait_for
from wsts.visitor import Visitor


def walk_to_payment(visitor, address):
    """Go through each page from the desk to the payment step, as a German guest."""
    page = visitor.page
    visitor.open(f"/shop/{DESK}")
    with page.expect_response(lambda answer: "/shop/cart/add" in answer.url):
        page.click("#add_to_cart")
    visitor.open("/shop/checkout?try_skip_step=true")
    for name, value in address.items():
        page.fill(f"[name='{name}']", value)
    germany = page.get_attribute("#o_country_id option[code='DE']", "value")
    page.select_option("#o_country_id", germany)
    for url in ("**/shop/checkout**", "**/shop/payment"):
        page.locator("a[name='website_sale_main_button']:visible").first.click()
        page.wait_for_url(url)
        visitor.wait_until_usable()


@pytest.fixture(scope="module")
def insured(shop, chromium):
    """Let an anonymous German visitor buy a desk with Buyer Protection, once."""
    context = chromium.new_context(
        locale="de-DE", viewport={"width": 1280, "height": 1000}
    )
    visitor = Visitor(context.new_page(), shop.url)
    email = "story@kunde.example"
    walk_to_payment(visitor, address_of(email))
    totals = [read_total(visitor.page)]
    unticked = not visitor.page.is_checked("#trustedshops_protection")
    visitor.tick_protection()
    totals.append(read_total(visitor.page))
    visitor.pay_by("wire_transfer")
    yield {
        "visitor": visitor,
        "email": email,
        "unticked": unticked,
        "totals": totals,
        "order": read_order(visitor.page),
    }
    context.close()


def test_trusted_shops_gets_one_application_with_the_right_amount(shop, insured):
    # The box was unticked; the tick added the fee, which is not part of it.
    assert insured["unticked"]
    assert insured["totals"] == ["541,33 €", "544,27 €"]
    application = wait_for(
        lambda: applications_of(shop, insured["email"]), "the application"
    )[0]
    assert application["amount"] == "541.33"
    assert application["tsProductId"] == "TS080501_1500_30_EUR"
    assert application["currency"] == "EUR"
    assert application["paymentType"] == "PREPAYMENT"
    assert application["shopOrderID"] == insured["order"]
    assert len(applications_of(shop, insured["email"])) == 1


def test_the_buyer_gets_one_mail_in_german_with_the_number(shop, insured):
    mails = wait_for(
        lambda: mails_to(shop, insured["email"], "Käuferschutz"), "the mail"
    )
    number = applications_of(shop, insured["email"])[0]["guarantee_number"]
    assert len(mails) == 1
    assert insured["order"] in mails[0]["subject"]
    assert str(number) in mails[0]["html"]
    assert "1.500,00" in clean(mails[0]["html"])


def test_the_confirmation_page_says_confirmed(shop, insured):
    page = insured["visitor"].page

    def read():
        insured["visitor"].open("/shop/confirmation")
        text = clean(page.inner_text("[name='trustedshops_protection']"))
        return text if "bestätigt" in text else ""

    text = wait_for(read, "the confirmation on the page")
    number = applications_of(shop, insured["email"])[0]["guarantee_number"]
    assert "1.500,00 €" in text
    assert str(number) in text


def test_the_portal_page_of_the_order_says_confirmed(shop, insured):
    mail = wait_for(lambda: mails_to(shop, insured["email"], insured["order"]), "mail")[
        0
    ]
    visitor = insured["visitor"]
    link = (
        re.search(r"/mail/view\?[^\"'\s]+", mail["html"]).group().replace("&amp;", "&")
    )
    visitor.open(link)
    page = visitor.page
    assert "bestätigt" in clean(page.inner_text("[name='trustedshops_protection']"))
    agreed = page.locator("[name='trustedshops_agreed']")
    assert agreed.locator("p").is_hidden()
    agreed.locator("summary").press("Enter")
    assert "bis 1.500 €" in clean(agreed.locator("p").inner_text())
    see_accessible(page, "[name='trustedshops_agreed']")
    see_accessible(page, "[name='trustedshops_protection']")


@pytest.mark.full
def test_our_parts_of_the_backend_are_accessible(shop, insured, admin):
    page = admin.page
    domain = [["order_reference", "=", insured["order"]]]
    fields = ["certificate_id", "order_id"]
    [protection] = admin.call("trustedshops.protection", "search_read", domain, fields)
    actions = "/odoo/action-website_sale_trustedshops.trustedshops"
    certificates = f"{actions}_certificate_action"
    sheet, cards = ".o_form_sheet", ".o_kanban_record > *"
    for path, tab, part in (
        (f"{certificates}/{protection['certificate_id'][0]}", "fees", sheet),
        ("", "mails", sheet),
        ("", "display", sheet),
        ("", "advanced", sheet),
        (f"{certificates}?view_type=kanban", "", cards),
        (SETTINGS, "", "#trustedshops_certificates"),
        (f"{actions}_statement_action", "", ".o_list_view .o_content"),
        (f"{actions}_protection_action/{protection['id']}", "", sheet),
        (
            f"/odoo/action-sale.action_orders/{protection['order_id'][0]}",
            "trustedshops_payments",
            ".o_notebook [name='trustedshops_protection_ids'] .o_kanban_record > *",
        ),
        ("", "", ".o_notebook .o_field_widget[name='trustedshops_payments']"),
    ):
        if path:
            admin.open(path)
        if tab:
            page.click(f"a[name='{tab}']")
        see_accessible(page, part, without=ODOOS_OWN)


@pytest.mark.full
def test_the_shop_sells_while_trusted_shops_is_away(shop, admin, pay_as):
    email = "away@kunde.example"
    visitor = pay_as(email)
    visitor.tick_protection()
    shop.sandbox.stop()
    try:
        visitor.pay_by("wire_transfer")
        text = clean(visitor.page.inner_text("[name='trustedshops_protection']"))
        assert "bestellt" in text
    finally:
        shop.sandbox.start()

    def look():
        run_queue(shop, admin)
        return applications_of(shop, email)

    assert wait_for(look, "the application")[0]["amount"] == "541.33"
