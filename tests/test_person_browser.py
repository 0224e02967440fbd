# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A data protection officer answers a buyer, by clicks, with no other group."""

import json
import os
from pathlib import Path

import pytest
from story import DESKTOP, make_user

from wsts import odoo, postgres
from wsts.administrator import Administrator
from wsts.steps import read_order

pytestmark = pytest.mark.full

# Of the officer, with what the form says over what stays.
LANGS = {
    "de_DE": "Was hier nicht gelöscht wird",
    "pl_PL": "Co nie zostanie tutaj usunięte",
}
OFFICER = "website_sale_trustedshops.group_data_protection"
PHONE = {"width": 390, "height": 844}
# The way through the menus, in any language.
MENUS = (
    "website.menu_website_configuration",
    "website_sale_trustedshops.menu_trustedshops",
    "website_sale_trustedshops.menu_trustedshops_person",
)
ADD_CONSENT = """
order = env["sale.order"].search([("name", "=", {order!r})])
env["trustedshops.consent"].create(
    {{
        "kind": "given",
        "mode": "checkbox",
        "email": {email!r},
        "moment": "2026-01-02 10:00:00",
        "text": "Ich bin einverstanden.",
        "order_id": order.id,
        "company_id": order.company_id.id,
    }}
)
env.cr.commit()
"""


@pytest.fixture(params=LANGS)
def lang(request):
    """Return the language of the officer."""
    return request.param


@pytest.fixture
def email(lang):
    """Return the address of a buyer of his own."""
    return f"{lang.lower()}@auskunft.example"


@pytest.fixture
def order(shop, pay_as, email):
    """Return the number of an order with Buyer Protection and a consent."""
    buyer = pay_as(email)
    buyer.tick_protection()
    buyer.pay_by("wire_transfer")
    name = read_order(buyer.page)
    odoo.shell(shop.database, ADD_CONSENT.format(order=name, email=email))
    return name


@pytest.fixture
def officer(shop, chromium, logged_in, lang):
    """Return an officer of the German company in a browser."""
    [company] = logged_in.call("res.company", "search", [["name", "=", "DE Company"]])
    values = {"company_id": company, "company_ids": [[6, 0, [company]]]}
    login = make_user(
        logged_in,
        "base.group_user",
        OFFICER,
        login=f"officer-{lang}@shop.example",
        lang=lang,
        **values,
    )
    context = chromium.new_context(locale=lang.replace("_", "-"), viewport=DESKTOP)
    officer = Administrator(context.new_page(), shop.url).log_in(login, login)
    yield officer
    context.close()
    assert (officer.popups, officer.errors) == ([], [])


def open_form(officer):
    """Open the form by the menus, and return it."""
    page = officer.page
    page.goto(f"{officer.url}/odoo")
    page.locator(".o_navbar_apps_menu button").click()
    for menu in MENUS:
        page.locator(f"[data-menu-xmlid='{menu}']").click()
    page.locator(".modal .o_form_view").wait_for()
    return page.locator(".modal")


def search(officer, form, email):
    """Type an address and wait for what is stored of it."""
    with officer.page.expect_response(lambda answer: "/onchange" in answer.url):
        officer.type("email", email)
        form.locator(".o_field_widget[name='email'] input").press("Tab")


def test_an_officer_shows_exports_and_erases(shop, officer, order, email, lang):
    page, form = officer.page, open_form(officer)
    search(officer, form, "%@auskunft.example")
    found = form.locator(".o_field_widget[name='found']")
    assert order not in found.inner_text()
    search(officer, form, f" {email.upper()}")
    found.get_by_text("Ich bin einverstanden.").wait_for()
    found.get_by_text(order).first.wait_for()
    form.get_by_role("heading", name=LANGS[lang]).wait_for()
    for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)
        body = form.locator(".modal-body")
        assert body.evaluate("each => each.scrollWidth <= each.clientWidth")
        if os.environ.get("SHOTS"):
            page.wait_for_timeout(500)
            page.screenshot(
                path=Path(os.environ["SHOTS"]) / f"person_{name}_{lang[:2]}.png"
            )
    page.set_viewport_size(DESKTOP)
    with page.expect_download() as download:
        form.locator("button[name='action_export']").click()
    assert download.value.suggested_filename == "trusted_shops.json"
    content = json.loads(Path(download.value.path()).read_text())
    text = json.dumps(content, ensure_ascii=False)
    assert text.count("Ich bin einverstanden.") == 1
    assert order in text
    form.locator("button[name='action_erase']").click()
    # The form's own buttons are disabled while the question stands above it.
    page.locator(".modal:not(:has(.o_form_view)) .btn-primary").click()
    page.locator(".o_notification").wait_for()
    query = f"SELECT count(*) FROM trustedshops_consent WHERE email = '{email}'"
    assert postgres.query(query, shop.database) == [["0"]]
    # What proves the contract stays, and is told.
    form = open_form(officer)
    search(officer, form, email)
    form.locator(".o_field_widget[name='found']").get_by_text(order).first.wait_for()
    assert "Ich bin einverstanden." in form.inner_text()
