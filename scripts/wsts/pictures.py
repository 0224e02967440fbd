# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Pictures for the README, taken by visitor and administrator of the demo."""

import argparse
import time

import requests

from .administrator import BADGE_BLOCK, Administrator, drag
from .machine import ROOT, CannotGoOn, fail, say
from .visitor import Visitor, browser

PLACE = ROOT / "website_sale_trustedshops" / "static" / "description"
WINDOW = {"width": 1280, "height": 900}
DESK = "desk-8"


def take(page, name, height=900, width=WINDOW["width"]):
    """Take one picture of what the window shows.

    :param page: page of Playwright
    :param str name: of the file, without its ending
    :param int height: of the window, in pixels
    :param int width: of the window, in pixels
    """
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(500)
    page.screenshot(path=PLACE / f"{name}.png")
    say(f"{name}.png")


def shop_as_visitor(chromium, url, sandbox_url):
    """Buy with Buyer Protection, and show the offer and the confirmation.

    :param chromium: browser of Playwright
    :param str url: of the shop
    :param str sandbox_url: of the sandbox
    """
    context = chromium.new_context(locale="en-US", viewport=WINDOW)
    visitor = Visitor(context.new_page(), url)
    visitor.put_into_cart(DESK)
    visitor.enter_address()
    visitor.go_to_payment()
    visitor.choose_method("wire_transfer")
    visitor.tick_protection()
    take(visitor.page, "payment", 800)
    mails = count_confirmations(sandbox_url)
    visitor.pay_by("wire_transfer")
    deadline = time.monotonic() + 60
    while count_confirmations(sandbox_url) == mails:
        if time.monotonic() > deadline:
            raise CannotGoOn("the demo did not confirm the protection within a minute.")
        time.sleep(0.5)
    visitor.open("/shop/confirmation")
    take(visitor.page, "confirmation", 640)


def count_confirmations(sandbox_url):
    """Return how many guarantees the sandbox has given and the shop has mailed.

    :param str sandbox_url: of the sandbox
    :rtype: int
    """
    mails = requests.get(f"{sandbox_url}/_control/mails", timeout=10).json()
    applications = requests.get(
        f"{sandbox_url}/_control/applications", timeout=10
    ).json()
    numbers = [str(each["guarantee_number"]) for each in applications]
    return sum(any(number in mail["html"] for number in numbers) for mail in mails)


def look_as_administrator(chromium, url):
    """Show the order and the certificate in the backend.

    :param chromium: browser of Playwright
    :param str url: of the shop
    """
    page = chromium.new_context(locale="en-US", viewport=WINDOW).new_page()
    page.goto(f"{url}/web/login")
    page.fill("#login", "admin")
    page.fill("#password", "admin")
    page.press("#password", "Enter")
    page.wait_for_url("**/odoo**")
    action = "website_sale_trustedshops.trustedshops_protection_action"
    page.goto(f"{url}/odoo/action-{action}")
    page.locator(".o_data_row td[name='status']").first.click()
    page.locator(".o_form_view").wait_for()
    take(page, "protection", 900)
    page.locator("td[name='order_id'], div[name='order_id'] a").first.click()
    page.locator("a[name='trustedshops_payments']").click()
    take(page, "order", 900)
    action = "website_sale_trustedshops.trustedshops_statement_action"
    page.goto(f"{url}/odoo/action-{action}")
    page.locator(".o_list_view").wait_for()
    take(page, "statement", 700)
    action = "website_sale_trustedshops.trustedshops_certificate_action"
    page.goto(f"{url}/odoo/action-{action}")
    page.locator(".o_data_row:has-text('Excellence') td[name='ts_id']").first.click()
    page.locator(".o_form_view").wait_for()
    take(page, "certificate", 800)
    look_at_website_check(page, url)


def look_as_editor(chromium, url):
    """Drag the badge into the footer, and leave the page as it was.

    :param chromium: browser of Playwright
    :param str url: of the shop
    """
    wide = {"width": 1600, "height": 900}  # else the footer shows as on a phone
    page = chromium.new_context(locale="en-US", viewport=wide).new_page()
    website = Administrator(page, url).log_in().edit_website("de_DE")
    footer = website.locator("footer#bottom .row > div").nth(1)
    drag(page, page.locator(BADGE_BLOCK), footer)
    website.locator(".s_trustedshops_badge img").first.click()
    options = page.locator("[data-container-title='Trusted Shops Badge']")
    options.locator("[data-label='Variant'] button").click()
    page.get_by_role("menu").get_by_text("Seal with Stars", exact=True).click()
    website.locator(".o_trustedshops_rating").wait_for()
    options.scroll_into_view_if_needed()
    website.locator(".o_trustedshops_rating").scroll_into_view_if_needed()
    take(page, "editor", **wide)


def look_at_classic(chromium, url):
    """Show what a Polish buyer of the euro shop gets after his order, on a phone.

    :param chromium: browser of Playwright
    :param str url: of the shop, whose Polish certificate is a Classic one
    """
    phone = {"width": 390, "height": 900}
    context = chromium.new_context(locale="pl-PL", viewport=phone)
    visitor = Visitor(context.new_page(), url)
    visitor.put_into_cart(DESK)
    visitor.enter_address()
    visitor.go_to_payment()
    visitor.pay_by("wire_transfer")
    page = visitor.page
    page.locator("[id^='checkoutTrustcardResponsive_']").wait_for()
    page.screenshot(path=PLACE / "classic.png")
    say("classic.png")


def look_at_website_check(page, url):
    """Show what the website check says of a certificate.

    :param page: page of an administrator
    :param str url: of the shop
    """
    action = "website_sale_trustedshops.trustedshops_certificate_action"
    page.goto(f"{url}/odoo/action-{action}")
    page.locator(".o_data_row:has-text('Excellence') td[name='ts_id']").first.click()
    page.locator("a[name='badge']").click()
    page.locator("button.o_trustedshops_check_website").click()
    page.locator(".modal li").first.wait_for()
    take(page, "website_check", 900)


def look_at_sandbox(chromium, sandbox_url):
    """Show the sandbox and its inbox.

    :param chromium: browser of Playwright
    :param str sandbox_url: of the sandbox
    """
    page = chromium.new_context(locale="en-US", viewport=WINDOW).new_page()
    page.goto(f"{sandbox_url}/#applications")
    take(page, "sandbox", 900)


def main():
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="scripts/pictures", description=__doc__)
    parser.add_argument("--port", type=int, default=8069, help="of the shop (8069)")
    parser.add_argument(
        "--sandbox-port", type=int, default=8099, help="of the sandbox (8099)"
    )
    words = parser.parse_args()
    url = f"http://localhost:{words.port}"
    sandbox_url = f"http://127.0.0.1:{words.sandbox_port}"
    try:
        requests.get(url, timeout=30)
        requests.get(sandbox_url, timeout=30)
        with browser() as chromium:
            shop_as_visitor(chromium, url, sandbox_url)
            look_as_administrator(chromium, url)
            look_as_editor(chromium, url)
            look_at_classic(chromium, url)
            look_at_sandbox(chromium, sandbox_url)
    except requests.ConnectionError:
        fail(f"no demo is running at {url}; start scripts/demo in another terminal.")
    except CannotGoOn as problem:
        fail(problem)


if __name__ == "__main__":
    main()
