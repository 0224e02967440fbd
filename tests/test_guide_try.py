# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The story of docs/TRY.md in the demo as it is shipped, by its buttons."""

import re

import pytest
from story import DESK, address_of, applications_of, mails_to

from wsts.administrator import Administrator
from wsts.machine import ROOT, free_port
from wsts.shop import Shop
from wsts.steps import (
    find_invites,
    read_order,
    wait_for,
    write_review,
)
from wsts.visitor import Visitor

pytestmark = pytest.mark.full

EMAIL = "reader@kunde.example"
TROUBLED = "troubled@kunde.example"


@pytest.fixture
def demo():
    """Return the shop of scripts/demo, new."""
    demo = Shop("story", free_port(), free_port(), free_port(), reviews=True)
    try:
        yield demo.start(fresh=True)
    finally:
        demo.stop()


def test_the_story_goes_to_its_end(demo, chromium):
    buyer = Visitor(chromium.new_context(locale="de-DE").new_page(), demo.url)
    admin = Administrator(chromium.new_context().new_page(), demo.url).log_in()
    order = buy(buyer, EMAIL)
    wait_for(lambda: applications_of(demo, EMAIL), "the application", 60)
    wait_for(lambda: mails_to(demo, EMAIL, "Käuferschutz"), "the mail", 60)
    deliver(admin, order)
    run_manually(admin, read_job(0))
    [invitation] = wait_for(lambda: find_invites(demo, EMAIL), "the invitation", 20)
    write_review(buyer.page, invitation["link"], (5, "Gut", ""), (4, "Stabil", ""))
    run_manually(admin, read_job(1))
    run_manually(admin, read_job(2))
    click_menu(admin, "Trusted Shops", "Reviews")
    admin.page.locator(".o_data_row").nth(1).wait_for()
    buyer.open(f"/shop/{DESK}")
    buyer.page.locator(".o_trustedshops_stars").first.wait_for()
    switch_trouble_on(demo, buyer.page, "Trusted Shops refuses the application")
    refused = buy(buyer, TROUBLED)
    see_refused(admin, refused)
    withdraw(buyer, order)
    wait_for(
        lambda: mails_to(demo, EMAIL, "hat Ihren Widerruf"),
        "the receipt",
        60,
    )
    click_menu(admin, "eCommerce", "Withdrawals")
    admin.page.locator(".o_data_row", has_text=order).wait_for()
    assert (buyer.errors, admin.errors) == ([], [])


def read_job(number):
    """Return the name of a scheduled action as the guide has it."""
    guide = " ".join((ROOT / "docs" / "TRY.md").read_text().split())
    return re.findall(r"_(Trusted Shops: [a-z ]+)_", guide)[number]


def buy(buyer, email):
    """Buy with both boxes ticked, and return the order's name."""
    buyer.reach_payment(DESK, address_of(email))
    buyer.tick_protection()
    buyer.agree_to_invitation()
    buyer.pay_by("wire_transfer")
    return read_order(buyer.page)


def switch_trouble_on(demo, page, title):
    """Let something go wrong at the page of Trusted Shops."""
    page.goto(demo.sandbox.url)
    page.get_by_role("button", name=f"Switch on: {title}", exact=True).click()
    page.locator("#active").get_by_text("Switched on").wait_for()


def see_refused(admin, order):
    """Wait until the order says that Trusted Shops refused its protection."""
    [found] = admin.call("sale.order", "search", [["name", "=", order]])

    def is_refused():
        admin.open(f"/odoo/sale.order/{found}")
        return "Refused" in admin.read("trustedshops_protection_status")

    wait_for(is_refused, "the refusal", 60)


def withdraw(buyer, order):
    """Withdraw from a contract by the link at the end of a page."""
    page = buyer.page
    buyer.open("/")
    page.locator(".o_withdrawal_link a").click()
    page.fill("#buyer_name", "Erika Mustermann")
    page.fill("#email", EMAIL)
    page.fill("#order_reference", order)
    page.click(".o_withdrawal_form button")
    page.click(".o_withdrawal_confirm button")
    page.locator("#wrap [role='status']").wait_for()


def click_menu(admin, section, item):
    """Open what an item of the menu _Website_ leads to."""
    admin.open("/odoo/action-website.action_website_configuration")
    bar = admin.page.locator(".o_menu_sections")
    bar.get_by_role("button", name=section, exact=True).click()
    entry = admin.page.get_by_role("menuitem", name=item, exact=True)
    entry.click()
    admin.page.locator(".o_breadcrumb", has_text=item).wait_for()


def deliver(admin, order):
    """Confirm the order, and hand over its goods."""
    page = admin.page
    click_menu(admin, "eCommerce", "Unpaid Orders")
    page.locator(".o_data_row", has_text=order).locator("[name='name']").click()
    page.locator("button[name='action_confirm']:visible").first.click()
    page.locator("button[name='action_view_delivery']:visible").click()
    page.locator("button[name='button_validate']:visible").click()
    page.locator(
        ".o_statusbar_status .o_arrow_button_current", has_text="Done"
    ).wait_for()


def run_manually(admin, name):
    """Run a scheduled action, once a run of it by the server is over."""
    page = admin.page
    [job] = admin.call("ir.cron", "search", [["name", "=", name]])

    def run():
        admin.open(f"/odoo/action-base.ir_cron_act/{job}")
        with page.expect_response("**/method_direct_trigger") as answer:
            page.click("button[name='method_direct_trigger']:visible")
        return "error" not in answer.value.json()

    wait_for(run, name, 60)
