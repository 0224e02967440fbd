# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stars of products in browsers, from a review at Trusted Shops to the page, and the
block with reviews."""

import pytest
from playwright.sync_api import expect
from story import DESK, add_client, remove_account, see_accessible

from wsts.administrator import Administrator, drag
from wsts.steps import run_job
from wsts.visitor import PATIENCE

pytestmark = pytest.mark.full

PATH = "/sterne"
ADDON = "website_sale_trustedshops_reviews"
FILTER = "website_sale.dynamic_filter_newest_products"
STARS = ".o_trustedshops_stars"
NOTICE = ".o_trustedshops_notice"
CARD = f".o_carousel_product_card {STARS}"
SENTENCE = "Trusted Shops"
BLOCK = ".s_trustedshops_product_reviews"
WIDGET = "wdg-01234567-89ab-cdef-0123-456789abcdef"
SCRIPT = "/applications/widget.js/v2"
# In the page of each product.
PLACE = "#oe_structure_website_sale_product_1"
# A phone, and a desktop at 200 %.
NARROW = ({"width": 320, "height": 640}, {"width": 640, "height": 500})


@pytest.fixture(scope="module", autouse=True)
def reviews(shop, logged_in):
    """Have two products reviewed at Trusted Shops, and read what it says."""
    [website] = logged_in.call("website", "search", [["name", "=", "Demo Shop"]])
    channel = add_channel(shop, logged_in, website)
    desk = read_desk(logged_in, "trustedshops_sku")
    product = {"id": "prt-1", "name": "Desk", "sku": desk["trustedshops_sku"]}
    for rating in (5, 4):
        review = {"channelRef": channel["channel_ref"], "rating": rating}
        kind = {"type": "PRODUCT_REVIEW", "product": product}
        shop.sandbox.post("reviews", {**review, **kind})
    run_job(shop, logged_in, "read_ratings")
    yield
    ratings = [["channel_id", "=", channel["id"]], ["count", ">", 0]]
    assert logged_in.call("trustedshops.product.rating", "search_count", ratings) == 1
    remove_account(shop, channel["channel_ref"])


def read_desk(admin, *names):
    """Return fields of the product."""
    template = [int(DESK.rpartition("-")[2])]
    return admin.call("product.template", "read", template, names)[0]


def add_channel(shop, admin, website):
    """Return the German channel of a new account, which serves the website."""
    accounts, channels = "trustedshops.account", "trustedshops.channel"
    values = {"environment": "sandbox", **add_client(shop)}
    [account] = admin.call(accounts, "create", [values])
    admin.call(accounts, "action_connect", [account])
    german = [["account_id", "=", account], ["locale", "=", "de_DE"]]
    [channel] = admin.call(channels, "search_read", german, ["channel_ref"])
    admin.call(channels, "write", [channel["id"]], {"website_id": website})
    return channel


@pytest.fixture(scope="module", autouse=True)
def carousel(logged_in):
    """Make a page with a carousel of products."""
    [data] = logged_in.call(
        "ir.model.data",
        "search_read",
        [["module", "=", FILTER.split(".")[0]], ["name", "=", FILTER.split(".")[1]]],
        ["res_id"],
    )
    options = {
        "data-filter-id": data["res_id"],
        "data-template-key": "website_sale.dynamic_filter_template_product_product"
        "_products_item",
        "data-product-names": read_desk(logged_in, "default_code")["default_code"],
        "data-product-category-id": "all",
        "data-number-of-elements": 4,
        "data-number-of-elements-small-devices": 1,
        "data-number-of-records": 16,
        "data-carousel-interval": 0,
    }
    words = " ".join(f'{name}="{value}"' for name, value in options.items())
    page = {"name": "Stars", "url": PATH, "type": "qweb", "key": "website.stars"}
    arch = f"""<t t-name="website.stars"><t t-call="website.layout">
<div id="wrap" class="oe_structure">
<section data-snippet="s_dynamic_snippet_products" {words}
class="s_dynamic_snippet_products s_dynamic o_wsale_products_opt_layout_catalog">
<div class="container"><div class="row s_nb_column_fixed">
<section class="s_dynamic_snippet_content oe_unremovable o_not_editable col">
<div class="dynamic_snippet_template"/></section>
</div></div></section></div></t></t>"""
    logged_in.call(
        "website.page", "create", {**page, "is_published": True, "arch": arch}
    )


@pytest.mark.parametrize(
    ("path", "stars"), [(f"/shop/{DESK}", STARS), ("/shop", STARS), (PATH, CARD)]
)
def test_the_sentence_is_read_without_a_click(new_visitor, path, stars):
    visitor = new_visitor()
    page = visitor.page
    for size in (*NARROW, {"width": 1280, "height": 900}):
        page.set_viewport_size(size)
        visitor.open(path)
        page.locator(stars).first.wait_for()
        assert "4,50" in page.locator(stars).first.inner_text()
        notice = page.locator(NOTICE)
        notice.wait_for()  # there is one, or Playwright says so
        assert SENTENCE in notice.inner_text()
        box = notice.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size["width"]
        # All of it is in its box, which nothing cuts.
        assert notice.evaluate("each => each.scrollWidth <= each.clientWidth")
    assert visitor.errors == []


READ_LINES = """each => {
    const {fontSize, lineHeight} = getComputedStyle(each);
    return [each.clientHeight / parseFloat(lineHeight), parseFloat(fontSize)];
}"""


def test_between_name_and_price_there_is_one_line_and_a_sentence_of_two(new_visitor):
    visitor = new_visitor()
    page = visitor.page
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        visitor.open(f"/shop/{DESK}")
        stars, notice = (
            page.locator(f"#product_details {each}") for each in (STARS, NOTICE)
        )
        assert round(stars.evaluate(READ_LINES)[0]) == 1
        lines, size = notice.evaluate(READ_LINES)
        assert round(lines) <= 2
        assert size >= 12
        places = [page.locator("#product_details h1").first, stars, notice]
        places.append(page.locator("#product_details .product_price").first)
        tops = [place.bounding_box()["y"] for place in places]
        assert tops == sorted(tops)
    see_accessible(page, f"#product_details {NOTICE}")


def test_the_sentence_stands_above_a_carousel(new_visitor):
    visitor = new_visitor()
    visitor.open(PATH)
    visitor.page.locator(f".dynamic_snippet_template > {NOTICE}").wait_for()
    see_accessible(visitor.page, NOTICE)
    visitor.open(f"/shop/{DESK}")
    see_accessible(visitor.page, STARS)


@pytest.fixture
def editor(shop, chromium, admin):
    """Return an editor whose switches are put back."""
    context = chromium.new_context(
        locale="en-US", viewport={"width": 1600, "height": 900}
    )
    yield Administrator(context.new_page(), shop.url).log_in()
    context.close()
    for changed in (["key", "like", f"{ADDON}."], ["arch_db", "like", BLOCK[1:]]):
        of_website = [changed, ["website_id", "!=", False]]
        either = ["active", "in", [True, False]]  # also what is switched off
        views = admin.call("ir.ui.view", "search", [*of_website, either])
        admin.call("ir.ui.view", "unlink", views)


def test_an_editor_switches_the_stars_off(editor, new_visitor):
    page = editor.page
    visitor = new_visitor()
    for path, block in (
        (f"/shop/{DESK}", "h1"),
        ("/shop", "#o_wsale_products_grid"),
        (PATH, ".s_dynamic_snippet_products"),
    ):
        website = editor.edit_website("de_DE", path)
        website.locator(STARS).first.wait_for()
        website.locator(block).first.click()
        switch = page.locator("[data-label='Trusted Shops Stars'] input")
        switch.scroll_into_view_if_needed()
        expect(switch).to_be_checked(timeout=PATIENCE)
        switch.click()
        website.locator(STARS).first.wait_for(state="detached")
        page.click("button[data-action='save']")
        page.locator(".o_builder_sidebar_open").wait_for(state="detached")
        visitor.open(path)
        assert visitor.page.locator(STARS).count() == 0
        assert visitor.page.locator(NOTICE).count() == 0


# === THE BLOCK === #


def place_block(editor, path, place):
    """Drag the block into a page; return what the editor reads there, frame and all."""
    website = editor.edit_website("de_DE", path)
    block = editor.page.locator(".o_snippet[name='Trusted Shops Product Reviews']")
    website.locator(STARS).first.wait_for()  # they come last, then nothing moves
    drag(editor.page, block, website.locator(place))
    website.locator(f"{BLOCK} .o_trustedshops_note").wait_for()
    return website


def see_no_error(website):
    assert website.locator(".o_error_dialog").count() == 0


def save(page):
    page.click("button[data-action='save']")
    page.locator(".o_builder_sidebar_open").wait_for(state="detached")


@pytest.fixture
def reader(new_visitor):
    """Return a maker of visitors who note which scripts draw widgets for them."""

    def make(**options):
        visitor = new_visitor(**options)
        visitor.widgets = []
        visitor.page.on("request", lambda request: note(visitor, request.url))
        return visitor

    def note(visitor, url):
        if url.endswith(SCRIPT):
            visitor.widgets.append(url)

    return make


def see_reviews(visitor, path, sku):
    """Open a product, see the widget about it, and the sentence once."""
    visitor.widgets.clear()
    visitor.open(path)
    page = visitor.page
    widget = page.locator(f"{BLOCK} etrusted-widget")
    widget.scroll_into_view_if_needed()
    assert widget.get_attribute("data-etrusted-widget-id") == WIDGET
    assert widget.get_attribute("data-sku") == sku
    widget.get_by_text(sku).wait_for()
    assert len(visitor.widgets) == 1
    [notice] = [each for each in page.locator(NOTICE).all() if each.is_visible()]
    assert SENTENCE in notice.inner_text()
    sizes = page.evaluate("[document.body.scrollWidth, innerWidth]")
    assert sizes[0] <= sizes[1]
    assert visitor.errors == []


def test_an_editor_gives_all_products_their_reviews(admin, editor, reader, change):
    change("website", cookies_bar=False)
    page = editor.page
    website = place_block(editor, f"/shop/{DESK}", PLACE)
    note = website.locator(f"{BLOCK} .o_trustedshops_note")
    assert note.get_attribute("data-missing") == "widget"
    website.locator(BLOCK).click()
    field = page.locator("[data-label='Widget ID'] input")
    field.fill(f'<etrusted-widget data-etrusted-widget-id="{WIDGET}"/>')
    field.press("Tab")
    note.locator(f"text={WIDGET}").wait_for()
    sku = read_desk(admin, "trustedshops_sku")["trustedshops_sku"]
    assert sku in note.inner_text()
    assert website.locator("etrusted-widget").count() == 0
    see_no_error(website)
    save(page)
    other = find_other(admin)
    for width in (1280, 390):
        visitor = reader(viewport={"width": width, "height": 844})
        # Beside the stars the sentence is there already.
        see_reviews(visitor, f"/shop/{DESK}", sku)
        assert visitor.page.locator(f"{BLOCK} {NOTICE}").count() == 0
        see_reviews(visitor, other["website_url"], other["trustedshops_sku"])
        see_accessible(visitor.page, f"{BLOCK} {NOTICE}")


def find_other(admin):
    """Return a product without stars."""
    desk = int(DESK.rpartition("-")[2])
    others = [["is_published", "=", True], ["id", "!=", desk]]
    names = ["website_url", "trustedshops_sku"]
    return admin.call("product.template", "search_read", others, names, 0, 1)[0]
