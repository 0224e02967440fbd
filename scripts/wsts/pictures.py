# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Pictures of the guides and of Odoo Apps, taken in the running demo.

What they need is ordered, delivered and reviewed there, each time anew.
"""

import argparse
import io

from PIL import Image

from . import postgres, steps
from .administrator import BADGE_BLOCK, Administrator, drag
from .machine import ROOT, CannotGoOn, fail, say
from .shop import Shop
from .visitor import GERMAN_ADDRESS, Visitor, browser

BASE, REVIEWS = "website_sale_trustedshops", "website_sale_trustedshops_reviews"
PROTECTION, REVIEW = "trustedshops.protection", "trustedshops.review"
DESK, CHAIR, LAMP = "desk-8", "chair-5", "lamp-6"
WINDOW = {"width": 1280, "height": 900}
# What they bought, and their reviews of the shop and of that, if they wrote some.
BUYERS = {
    "Erika Mustermann": (
        DESK,
        (5, "Fast and friendly", "Two days from order to door, and a call before."),
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


def save(page, path, **options):
    """Write what the window shows, in 96 colours, which is a third of the bytes."""
    shot = Image.open(io.BytesIO(page.screenshot(**options)))
    few = shot.quantize(96, kmeans=3, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    say(path.name)


def take(page, name, height=900, width=WINDOW["width"]):
    """Take one picture of what a window of that size shows.

    It is kept beside a page of Odoo Apps that shows it, or with those of the guides.
    """
    page.set_viewport_size({"width": width, "height": height})
    page.mouse.move(0, 0)  # else what it is over says what it does
    page.wait_for_timeout(500)
    page.locator(".o_loading_indicator").wait_for(state="hidden")
    shown = ROOT.glob(f"website_sale_*/static/description/{name}.png")
    save(page, next(shown, ROOT / "docs" / "pictures" / f"{name}.png"))


class Demo:
    """The running demo, and who is there."""

    def __init__(self, chromium, shop):
        self.chromium, self.shop, self.sandbox = chromium, shop, shop.sandbox
        self.admin = self.log_in()
        self.page = self.admin.page

    def _open_window(self, language, size):
        context = self.chromium.new_context(locale=language, viewport=size or WINDOW)
        return context.new_page()

    def log_in(self, **size):
        """Return an administrator in a new window of a size, in pixels."""
        page = self._open_window("en-US", size)
        return Administrator(page, self.shop.url).log_in()

    def visit(self, language="en-US", **size):
        """Return a visitor in a new window of a size, in pixels."""
        return Visitor(self._open_window(language, size), self.shop.url)

    def order(self, product=DESK, *, ticks=True, agrees=False, **address):
        """Return the number of a new order with Buyer Protection, if it ``ticks``."""
        visitor = self.visit("de-DE")
        visitor.reach_payment(product, {**GERMAN_ADDRESS, **address})
        if ticks:
            visitor.tick_protection()
        if agrees:
            visitor.agree_to_invitation()
        visitor.pay_by("wire_transfer")
        return steps.read_order(visitor.page)

    def wait_until(self, order, state):
        """Wait until the protection of an order has a state."""
        domain = [["order_id.name", "=", order], ["state", "=", state]]
        found = lambda: self.admin.call(PROTECTION, "search_count", domain)  # noqa: E731
        steps.wait_for(found, f"the state {state} of {order}")

    def open_order(self, name, tab):
        """Open a page of the form of an order."""
        [order] = self.admin.call("sale.order", "search", [["name", "=", name]])
        self.admin.open(f"/odoo/sales/{order}")
        self.page.locator(f"a[name='{tab}']").click()

    def open_action(self, name, row=None):
        """Open an action of the menu, and the row of its list that has a text."""
        self.admin.open(f"/odoo/action-{name}")
        if row is not None:
            of_row = self.page.locator(f".o_data_row:has-text('{row}') td.o_data_cell")
            of_row.first.click()
            self.page.locator(".o_form_view").wait_for()


def show_shop(demo):
    """Show the offer, and on a phone what a Polish buyer gets after the order."""
    visitor = demo.visit()
    visitor.reach_payment(DESK, GERMAN_ADDRESS)
    visitor.choose_method("wire_transfer")
    visitor.tick_protection()
    visitor.agree_to_invitation()
    take(visitor.page, "payment", 860)
    visitor = demo.visit("pl-PL", width=390, height=900)
    visitor.reach_payment(DESK, GERMAN_ADDRESS)
    visitor.pay_by("wire_transfer")
    visitor.page.locator(".o_trustedshops_form").scroll_into_view_if_needed()
    take(visitor.page, "classic", 900, 390)


def show_backend(demo):
    """Show an order, the certificate and what goes with them in the backend."""
    page, name = demo.page, demo.order()
    demo.wait_until(name, "confirmed")
    demo.open_order(name, "trustedshops_payments")
    take(page, "order", 900)
    # As with certificates that are no tests.
    owed = "is_test = false, billable = 'owed', owed_fee = net_fee"
    confirmed = f"UPDATE trustedshops_protection SET {owed} WHERE state = 'confirmed'"
    postgres.query(confirmed, demo.shop.database)
    demo.open_action(f"{BASE}.trustedshops_statement_action")
    for group in ("Owed", "EUR"):
        page.locator(".o_group_name", has_text=group).first.click()
    page.locator(".o_data_row").first.wait_for()
    take(page, "statement", 364)
    demo.open_action(f"{BASE}.trustedshops_certificate_action", "Excellence")
    take(page, "certificate", 800)
    # Trusted Shops knows the number of the next order.
    known = {"operation": "requestForProtectionV2", "kind": "code", "code": -10003}
    demo.sandbox.post("faults", {**known, "times": 1})
    name = demo.order()
    demo.wait_until(name, "on_hold")
    demo.open_order(name, "trustedshops_payments")
    take(page, "order_on_hold", 900)


def show_editor(demo):
    """Drag the badge into the footer, and leave the page as it was."""
    wide = {"width": 1600, "height": 900}  # else the footer shows as on a phone
    admin = demo.log_in(**wide)
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


def make_reviews(demo):
    """Have buyers order, get their goods and write; return the number of a bad one."""
    orders = {name: make_order(demo, name) for name in BUYERS}
    rows = [
        {**row, "transaction": {"reference": orders[name]}}
        for name in BUYERS
        for row in prepare_reviews(demo, name)
    ]
    demo.sandbox.post("reviews", rows)

    def are_read():
        steps.run_job(demo.shop, demo.admin, "read_reviews")
        domain = [["order_id.name", "in", [*orders.values()]]]
        return demo.admin.call(REVIEW, "search_count", domain) == len(rows)

    steps.wait_for(are_read, "the reading of the reviews")
    steps.read_ratings(demo.shop, demo.admin)
    return orders["Max Beispiel"]


def make_order(demo, name):
    """Have a buyer order, get the goods and be invited; return the order's number."""
    product, of_shop, _of_product = BUYERS[name]
    email = f"{name.split()[0].lower()}@kunde.example"
    order = demo.order(product, ticks=False, agrees=True, name=name, email=email)
    if of_shop:
        [record] = demo.admin.call("sale.order", "search", [["name", "=", order]])
        steps.deliver(demo.admin, record)
    steps.invite(demo.shop, demo.admin)
    return order


def prepare_reviews(demo, name):
    """Return what a buyer wrote as Trusted Shops has it, that of the shop first."""
    product, *reviews = BUYERS[name]
    of_shop = [["website_id.name", "=", "Demo Shop"]]
    [channel] = demo.admin.call("trustedshops.channel", "search_read", of_shop)
    of_product = {"type": "PRODUCT_REVIEW", "product": read_product(demo, product)}
    return [
        {
            **kind,
            "channelRef": channel["channel_ref"],
            "rating": review[0],
            "title": review[1],
            "comment": review[2],
        }
        for kind, review in zip(({}, of_product), reviews, strict=True)
        if review
    ]


def read_product(demo, product):
    """Return what Trusted Shops knows of a product."""
    ids, names = [int(product.rpartition("-")[2])], ["name", "trustedshops_sku"]
    [found] = demo.admin.call("product.template", "read", ids, names)
    sku = found["trustedshops_sku"]
    return {"id": f"prt-{sku}", "name": found["name"], "sku": sku}


def show_reviews(demo):
    """Show stars in the shop, and reviews, invitations and account in the backend."""
    page, bad = demo.page, make_reviews(demo)
    visitor = demo.visit()
    for path, name, height in (
        ("/en/shop?search=desk", "shop_stars", 720),
        (f"/en/shop/{DESK}", "product_stars", 640),
    ):
        visitor.open(path)
        visitor.page.locator(".o_trustedshops_stars").first.wait_for()
        take(visitor.page, name, height)
    demo.open_action(f"{REVIEWS}.trustedshops_review_action")
    take(page, "review_desk", 560)
    low = [["stars", "=", 2], ["order_id.name", "=", bad]]
    [review] = demo.admin.call(REVIEW, "search", low)
    demo.admin.open(f"/odoo/action-{REVIEWS}.trustedshops_review_action/{review}")
    page.locator("button[name='action_reply']:visible").click()
    words = "We are sorry. The carrier lost a parcel, and we should have told you."
    page.locator(".modal [name='text'] textarea").fill(words)
    page.locator(".modal button[name='action_show']").click()
    page.locator(".modal [name='preview']:visible").wait_for()
    take(page, "review_reply", 640)
    demo.open_order(bad, "trustedshops_reviews")
    take(page, "order_reviews", 1000)
    demo.open_action(f"{REVIEWS}.trustedshops_invitation_action")
    take(page, "invitations", 360)
    demo.open_action(f"{REVIEWS}.trustedshops_account_action", "")
    take(page, "account", 640)
    demo.open_action(f"{REVIEWS}.trustedshops_channel_action", "Demo Shop")
    take(page, "channel", 735)
    words = page.locator("a[name='consent_texts']")
    words.click()
    words.scroll_into_view_if_needed()
    take(page, "consent_words", 735)


def show_withdrawal(demo):
    """Show the second step of a withdrawal on a phone, in each language."""
    names = {"en": "withdrawal", "de": "withdrawal_de", "pl": "withdrawal_pl"}
    for language, name in names.items():
        page = demo.visit(language, width=390, height=700).page
        page.goto(f"{demo.shop.url}/withdrawal")
        page.fill("#buyer_name", "Erika Mustermann")
        page.fill("#order_reference", "S00042")
        page.fill("#email", "erika@kunde.example")
        page.click(".o_withdrawal_form button")
        page.locator(".o_withdrawal_confirm").wait_for()
        take(page, name, 700, 390)


PARTS = {
    "shop": show_shop,
    "backend": show_backend,
    "reviews": show_reviews,
    "editor": show_editor,
    "withdrawal": show_withdrawal,
}


def main():
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="scripts/pictures", description=__doc__)
    parser.add_argument("--port", type=int, default=8069, help="of the shop (8069)")
    parser.add_argument(
        "--sandbox-port", type=int, default=8099, help="of the sandbox (8099)"
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
    shop = Shop("demo", words.port, words.sandbox_port, 0, reviews=True)
    try:
        with postgres.running(), browser() as chromium:
            demo = Demo(chromium, shop)
            for part in words.parts or PARTS:
                PARTS[part](demo)
    except CannotGoOn as problem:
        fail(problem)


if __name__ == "__main__":
    main()
