# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Pictures of reviews: from invitations to stars and the desk, with real orders."""

from datetime import UTC, datetime, timedelta

from . import steps
from .camera import WINDOW, log_in, take
from .visitor import GERMAN_ADDRESS, Visitor

ADDON = "website_sale_trustedshops_reviews"
CHANNEL, REVIEW = "trustedshops.channel", "trustedshops.review"
DESK, CHAIR, LAMP = "desk-8", "chair-5", "lamp-6"
# What they bought, and their reviews of the shop and of that; None: nothing came yet.
BUYERS = {
    "Erika Mustermann": (
        DESK,
        (
            5,
            "Fast and friendly",
            "Two days from order to door, and a call before.",
        ),
        (5, "A desk for years", "Heavy, quiet, and put together in half an hour."),
    ),
    "Max Beispiel": (
        DESK,
        (2, "A week late", "Nobody told me that the desk would come a week later."),
        (4, "Good desk, stiff drawers", "Solid, but the drawers need a strong hand."),
    ),
    "Lena Probst": (
        CHAIR,
        (4, "Well packed", "Everything arrived whole."),
        (5, "My back says thank you", "I sit in it for eight hours a day."),
    ),
    "Otto Normal": (LAMP, None, None),
}
# What was written before Odoo was connected: days ago, stars, words, product.
EARLIER = (
    (35, 5, "Gladly again.", None),
    (38, 4, "Sturdy, and easy to clean.", DESK),
    (44, 3, "The cable is too short for my desk.", LAMP),
    (63, 5, "Just right for tall people.", CHAIR),
    (70, 5, "Very good advice on the telephone.", None),
    (72, 5, "Bright enough for the whole desk.", LAMP),
)


def make_reviews(chromium, shop, admin):
    """Let buyers order, get their goods and write, unless they have."""
    written = [["order_id", "!=", False]]
    if admin.call(REVIEW, "search_count", written):
        return
    steps.ask_about_products(shop)
    orders = {name: place_order(chromium, shop, name) for name in BUYERS}
    steps.invite(shop, admin)
    for name, (_product, of_shop, of_product) in BUYERS.items():
        [order] = admin.call("sale.order", "search", [["name", "=", orders[name]]])
        if of_shop:
            steps.deliver(admin, order)
            steps.invite(shop, admin)
            [invitation] = steps.find_invites(shop, make_email(name))
            page = chromium.new_page()
            steps.write_review(page, invitation["link"], of_shop, of_product)
            page.close()
    put_earlier_reviews(shop, admin)
    wait_until_read(shop, admin, written, 6)
    steps.read_ratings(shop, admin)


def make_email(name):
    """Return the address of a buyer."""
    return f"{name.split()[0].lower()}@kunde.example"


def place_order(chromium, shop, name):
    """Order as a guest who agrees to the invitation; return the order's name."""
    context = chromium.new_context(locale="de-DE", viewport=WINDOW)
    visitor = Visitor(context.new_page(), shop.url)
    address = {**GERMAN_ADDRESS, "name": name, "email": make_email(name)}
    visitor.reach_payment(BUYERS[name][0], address)
    visitor.agree_to_invitation()
    visitor.pay_by("wire_transfer")
    order = steps.read_order(visitor.page)
    context.close()
    return order


def put_earlier_reviews(shop, admin):
    """Have reviews at Trusted Shops that are older than the connection."""
    fields = ["channel_ref"]
    of_shop = [["website_id.name", "=", "Demo Shop"]]
    [channel] = admin.call(CHANNEL, "search_read", of_shop, fields)
    now = datetime.now(UTC)
    rows = []
    for days, stars, words, product in EARLIER:
        moment = (now - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        row = {"comment": words, "rating": stars, "submittedAt": moment}
        if product:
            row |= {"type": "PRODUCT_REVIEW", "product": read_product(admin, product)}
        rows.append({**row, "channelRef": channel["channel_ref"]})
    shop.sandbox.post("reviews", rows)


def read_product(admin, product):
    """Return what Trusted Shops knows of a product."""
    ids, names = [get_id(product)], ["name", "trustedshops_sku"]
    [found] = admin.call("product.template", "read", ids, names)
    sku = found["trustedshops_sku"]
    return {"id": f"prt-{sku}", "name": found["name"], "sku": sku}


def get_id(product):
    """Return the id in the address of a product."""
    return int(product.rpartition("-")[2])


def wait_until_read(shop, admin, domain, count):
    """Read reviews until so many are there; the shop's own run may be at work."""

    def are_read():
        steps.read_reviews(shop, admin)
        return admin.call(REVIEW, "search_count", domain) >= count

    steps.wait_for(are_read, "the reading of the reviews")


def look_at_stars(chromium, shop):
    """Show the stars of the shop's list and of a product."""
    context = chromium.new_context(locale="en-US", viewport=WINDOW)
    visitor = Visitor(context.new_page(), shop.url)
    visitor.open("/en/shop?search=desk")
    visitor.page.locator(".o_trustedshops_stars").first.wait_for()
    take(visitor.page, "shop_stars", 720)
    visitor.open(f"/en/shop/{DESK}")
    visitor.page.locator(".o_trustedshops_stars").first.wait_for()
    take(visitor.page, "product_stars", 640)
    context.close()


def open_action(admin, name, view=".o_list_view"):
    """Open an action of the menu."""
    admin.open(f"/odoo/action-{ADDON}.{name}")
    admin.page.locator(view).first.wait_for()


def look_at_desk(admin):
    """Show the reviews, how one is answered, and what they add up to."""
    page = admin.page
    open_action(admin, "trustedshops_review_action")
    take(page, "review_desk", 560)
    page.locator(".o_switch_view.o_pivot").click()
    page.locator(".o_pivot_view").wait_for()
    take(page, "review_pivot", 500)
    low = [["stars", "=", 2], ["order_id", "!=", False]]
    [review] = admin.call(REVIEW, "search", low)
    admin.open(f"/odoo/action-{ADDON}.trustedshops_review_action/{review}")
    page.locator("button[name='action_reply']:visible").click()
    words = "We are sorry. The carrier lost a parcel, and we should have told you."
    page.locator(".modal [name='text'] textarea").fill(words)
    page.locator(".modal button[name='action_show']").click()
    page.locator(".modal [name='preview']:visible").wait_for()
    take(page, "review_reply", 640)
    page.locator(".modal button[special='cancel'], .modal .btn-close").first.click()
    page.locator(".modal").wait_for(state="hidden")


def look_at_order(admin):
    """Show the invitation and the reviews of an order."""
    page = admin.page
    low = [["stars", "=", 2], ["order_id", "!=", False]]
    [review] = admin.call(REVIEW, "search_read", low, ["order_id"])
    admin.open(f"/odoo/sales/{review['order_id'][0]}")
    page.locator("a[name='trustedshops_reviews']").click()
    take(page, "order_reviews", 1000)


def look_at_invitations(admin):
    """Show who was invited, and who was not yet."""
    open_action(admin, "trustedshops_invitation_action")
    take(admin.page, "invitations", 360)


def look_at_account(admin):
    """Show the account, and a channel with the words of its consent."""
    page = admin.page
    open_action(admin, "trustedshops_account_action")
    page.locator(".o_data_row td.o_data_cell").first.click()
    page.locator(".o_form_view").wait_for()
    take(page, "account", 640)
    open_action(admin, "trustedshops_channel_action")
    page.locator(".o_data_row:has-text('Demo Shop') td.o_data_cell").first.click()
    page.locator(".o_form_view").wait_for()
    take(page, "channel", 735)
    words = page.locator("a[name='consent_texts']")
    words.click()
    words.scroll_into_view_if_needed()
    take(page, "consent_words", 735)


def look_at_reviews(chromium, shop):
    """Take all pictures of reviews."""
    admin = log_in(chromium, shop)
    make_reviews(chromium, shop, admin)
    look_at_stars(chromium, shop)
    look_at_desk(admin)
    look_at_order(admin)
    look_at_invitations(admin)
    look_at_account(admin)
