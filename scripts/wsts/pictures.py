# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Pictures of README and Odoo Apps, taken by visitor and administrator of the demo."""

import argparse

import requests
from lxml import etree

from . import postgres
from .administrator import BADGE_BLOCK, drag
from .camera import WINDOW, get_place, log_in, save, take
from .machine import ROOT, CannotGoOn, fail
from .review_pictures import look_at_reviews
from .shop import Shop
from .steps import read_order, run_job, wait_for
from .visitor import GERMAN_ADDRESS, Visitor, browser

ADDON = "website_sale_trustedshops"
PROTECTION = "trustedshops.protection"
DESK = "desk-8"


def shop_as_visitor(chromium, shop):
    """Buy with Buyer Protection, and show the offer."""
    context = chromium.new_context(locale="en-US", viewport=WINDOW)
    visitor = Visitor(context.new_page(), shop.url)
    visitor.put_into_cart(DESK)
    visitor.enter_address()
    visitor.go_to_payment()
    visitor.choose_method("wire_transfer")
    visitor.tick_protection()
    visitor.agree_to_invitation()
    take(visitor.page, "payment", 860)
    mails = count_confirmations(shop)
    visitor.pay_by("wire_transfer")
    wait_for(lambda: count_confirmations(shop) > mails, "the confirmation")


def count_confirmations(shop):
    """Return how many guarantees the sandbox has given and the shop has mailed."""
    mails = shop.sandbox.get("mails")
    applications = shop.sandbox.get("applications")
    numbers = [str(each["guarantee_number"]) for each in applications]
    return sum(any(number in mail["html"] for number in numbers) for mail in mails)


def look_as_administrator(chromium, shop):
    """Show the order, the certificate and what goes with them in the backend."""
    admin = log_in(chromium, shop)
    page = admin.page
    url = admin.url
    action = "website_sale_trustedshops.trustedshops_protection_action"
    page.goto(f"{url}/odoo/action-{action}")
    page.locator(".o_data_row td[name='status']").first.click()
    page.locator(".o_form_view").wait_for()
    page.locator("td[name='order_id'], div[name='order_id'] a").first.click()
    page.locator("a[name='trustedshops_payments']").click()
    take(page, "order", 900)
    make_owed(shop)
    action = "website_sale_trustedshops.trustedshops_statement_action"
    page.goto(f"{url}/odoo/action-{action}")
    for group in ("Owed", "EUR"):
        page.locator(".o_group_name", has_text=group).first.click()
    page.locator(".o_data_row").first.wait_for()
    take(page, "statement", 364)
    action = "website_sale_trustedshops.trustedshops_certificate_action"
    page.goto(f"{url}/odoo/action-{action}")
    page.locator(".o_data_row:has-text('Excellence') td[name='ts_id']").first.click()
    page.locator(".o_form_view").wait_for()
    take(page, "certificate", 800)
    look_at_website_check(page, url)
    look_at_hold(chromium, shop, admin)


def make_owed(shop):
    """Have the fees owed, as with certificates that are no tests."""
    postgres.query(
        "UPDATE trustedshops_protection SET is_test = false, billable = 'owed',"
        " owed_fee = net_fee WHERE state = 'confirmed'",
        shop.database,
    )


def look_as_editor(chromium, shop):
    """Drag the badge into the footer, and leave the page as it was."""
    wide = {"width": 1600, "height": 900}  # else the footer shows as on a phone
    admin = log_in(chromium, shop, **wide)
    page = admin.page
    website = admin.edit_website("de_DE")
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


def look_at_classic(chromium, shop):
    """Show what a Polish buyer of the euro shop gets after his order, on a phone."""
    phone = {"width": 390, "height": 900}
    context = chromium.new_context(locale="pl-PL", viewport=phone)
    visitor = Visitor(context.new_page(), shop.url)
    visitor.put_into_cart(DESK)
    visitor.enter_address()
    visitor.go_to_payment()
    visitor.pay_by("wire_transfer")
    page = visitor.page
    page.locator(".o_trustedshops_form").scroll_into_view_if_needed()
    save(page, get_place("classic"))


def look_at_website_check(page, url):
    """Show what the website check says of a certificate."""
    action = "website_sale_trustedshops.trustedshops_certificate_action"
    page.goto(f"{url}/odoo/action-{action}")
    page.locator(".o_data_row:has-text('Excellence') td[name='ts_id']").first.click()
    page.locator("button.o_trustedshops_check_website").click()
    page.locator(".modal footer .btn-secondary:enabled").wait_for(timeout=60_000)
    take(page, "website_check", 1100)


def look_at_hold(chromium, shop, admin):
    """Show an order that is on hold, as Trusted Shops knew its number."""
    known = {"operation": "requestForProtectionV2", "kind": "code", "code": -10003}
    shop.sandbox.post("faults", {**known, "times": 1})
    name = order_with_protection(chromium, shop)
    held = [["order_id.name", "=", name], ["state", "=", "on_hold"]]
    [order] = wait_for(
        lambda: admin.call(PROTECTION, "search_read", held, ["order_id"]), "the refusal"
    )
    admin.open(f"/odoo/sales/{order['order_id'][0]}")
    admin.page.locator("a[name='trustedshops_payments']").click()
    take(admin.page, "order_on_hold", 900)


def look_at_outage(chromium, shop):
    """Play a day on which Trusted Shops is away, and show what staff see of it."""
    admin = log_in(chromium, shop)
    shop.sandbox.post("settings", {"pending_seconds": 0})
    for operation in ("requestForProtectionV2", "checkCertificate"):
        away = {"operation": operation, "kind": "http_500", "times": 99}
        shop.sandbox.post("faults", away)
    orders = [order_with_protection(chromium, shop) for _order in range(4)]
    for _row in range(3):
        pass_an_hour(shop, admin)
    silent = "UPDATE trustedshops_service SET silent_since = silent_since"
    postgres.query(f"{silent} - interval '1 day'", shop.database)
    pass_an_hour(shop, admin)
    domain = [["order_id.name", "=", orders[-1]]]
    [row] = admin.call(PROTECTION, "search_read", domain, ["order_id"])
    admin.open(f"/odoo/sales/{row['order_id'][0]}")
    admin.page.locator("a[name='trustedshops_payments']").click()
    take(admin.page, "outage_order", 1000)
    action = f"{ADDON}.trustedshops_service_action"
    admin.open(f"/odoo/action-{action}")
    admin.page.locator(".o_data_row.text-danger").first.click()
    admin.page.locator(".o-mail-Activity").first.wait_for()
    take(admin.page, "outage", 620)
    requests.delete(f"{shop.sandbox.url}/_control/faults", timeout=60)

    def are_confirmed():
        pass_an_hour(shop, admin)
        named = [["order_id.name", "in", orders], ["state", "=", "confirmed"]]
        return admin.call(PROTECTION, "search_count", named) == len(orders)

    wait_for(are_confirmed, "the end of the outage")
    silent = [["silent_since", "!=", False]]
    assert admin.call("trustedshops.service", "search_count", silent) == 0


def order_with_protection(chromium, shop, agrees=False, **address):
    """Return the number of a new order with Buyer Protection."""
    context = chromium.new_context(locale="de-DE", viewport=WINDOW)
    visitor = Visitor(context.new_page(), shop.url)
    visitor.reach_payment(DESK, {**GERMAN_ADDRESS, **address})
    visitor.tick_protection()
    if agrees:
        visitor.agree_to_invitation()
    visitor.pay_by("wire_transfer")
    return read_order(visitor.page)


def pass_an_hour(shop, admin):
    """Have what waits tried again, as if an hour had passed."""
    for table, column in (
        ("trustedshops_service", "rests_until"),
        ("trustedshops_protection", "next_attempt_at"),
    ):
        earlier = f"{column} = {column} - interval '1 hour'"
        postgres.query(f"UPDATE {table} SET {earlier}", shop.database)
    run_job(shop, admin, "apply_protection")


def look_at_privacy(chromium, shop):
    """Show what Privacy Lookup finds of a buyer, erases and keeps."""
    name, email = "Petra Vogel", "petra.vogel@kunde.example"
    order_with_protection(chromium, shop, agrees=True, name=name, email=email)
    admin = log_in(chromium, shop)
    page = admin.page
    admin.open("/odoo/action-privacy_lookup.action_privacy_lookup_wizard")
    admin.type("email", email)
    admin.type("name", name)
    page.locator("button[name='action_lookup']").click()
    rows = page.locator(".o_data_row")
    for number, group in enumerate(("Consent to Review", "Buyer Protection"), 1):
        page.locator(".o_group_name", has_text=group).click()
        rows.nth(number - 1).wait_for()
    for row in rows.all():
        row.locator(".o_list_record_selector input").check()
    page.locator(".o_cp_action_menus .dropdown-toggle").click()
    page.get_by_role("menuitem", name="Delete Selection").click()
    page.get_by_text("Kept with the order").first.wait_for()
    take(page, "privacy_lookup", 480)


def look_at_withdrawal(chromium, shop):
    """Show the second step of a withdrawal on a phone, in each language."""
    names = {"en": "withdrawal", "de": "withdrawal_de", "pl": "withdrawal_pl"}
    for language, name in names.items():
        phone = {"width": 390, "height": 700}
        page = chromium.new_page(locale=language, viewport=phone)
        page.goto(f"{shop.url}/withdrawal")
        page.fill("#buyer_name", "Erika Mustermann")
        page.fill("#order_reference", "S00042")
        page.fill("#email", "erika@kunde.example")
        page.click(".o_withdrawal_form button")
        page.locator(".o_withdrawal_confirm").wait_for()
        take(page, name, **phone)
        page.close()


def draw(chromium):
    """Make icons and banners of the addons from their drawings."""
    for drawing in sorted(ROOT.glob("website_sale_*/static/description/*.svg")):
        svg = etree.parse(drawing).getroot()
        size = {side: int(svg.get(side)) for side in ("width", "height")}
        page = chromium.new_page(viewport=size)
        page.set_content(f"<style>* {{ margin: 0 }}</style>{drawing.read_text()}")
        # Around the shield, icons are transparent.
        is_icon = drawing.stem == "icon"
        save(page, drawing.with_suffix(".png"), omit_background=is_icon)
        page.close()


PARTS = {
    "shop": shop_as_visitor,
    "backend": look_as_administrator,
    "reviews": look_at_reviews,
    "editor": look_as_editor,
    "classic": look_at_classic,
    "privacy": look_at_privacy,
    "withdrawal": look_at_withdrawal,
    "outage": look_at_outage,
}


def main():
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="scripts/pictures", description=__doc__)
    parser.add_argument("--port", type=int, default=8069, help="of the shop (8069)")
    parser.add_argument(
        "--sandbox-port", type=int, default=8099, help="of the sandbox (8099)"
    )
    parser.add_argument(
        "--drawings",
        action="store_true",
        help="only icons and banners, from their SVG; needs no demo",
    )
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="part",
        help=f"of the pictures, all by default: {', '.join(PARTS)}",
    )
    words = parser.parse_args()
    if unknown := set(words.parts).difference(PARTS):
        parser.error(f"there is no part {', '.join(unknown)}")
    if words.drawings:
        with browser() as chromium:
            draw(chromium)
        return
    shop = Shop("demo", words.port, words.sandbox_port, 0, reviews=True)
    try:
        requests.get(shop.url, timeout=30)
        requests.get(shop.sandbox.url, timeout=30)
        with postgres.running(), browser() as chromium:
            for part in words.parts or PARTS:
                PARTS[part](chromium, shop)
    except requests.ConnectionError:
        fail(
            f"no demo is running at {shop.url}; start scripts/demo in another terminal."
        )
    except CannotGoOn as problem:
        fail(problem)


if __name__ == "__main__":
    main()
