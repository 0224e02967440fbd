# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The blocks in visitors' browsers: two websites, three languages.

What they show, and after which consent: ``static/tests/snippets``.
"""

from urllib.parse import urlsplit

import pytest
from story import DESK, full, get_ts_id, is_stopped, see_accessible

from wsts.administrator import BADGE_BLOCK, Administrator, drag
from wsts.steps import read_order, wait_for

PATH = "/bloecke"
WIDGET = "wdg-01234567-89ab-cdef-0123-456789abcdef"
HOSTILE = "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"
BOX = ".o_trustedshops_box"
ARCH = f"""<t t-name="website.blocks"><t t-call="website.layout"><div id="wrap">
<div class="s_trustedshops_badge" data-variant="stars" data-link="certificate"/>
<div class="s_trustedshops_badge" data-variant="{HOSTILE}" data-size="__proto__"
     data-corners="constructor" data-link="javascript:alert(1)" data-label="{HOSTILE}"
     data-background-color="red;background:url(javascript:alert(1))"/>
<div class="s_trustedshops_reviews" data-widget-id="{WIDGET}" data-sku="{HOSTILE}"/>
<div class="s_trustedshops_reviews" data-widget-id="{WIDGET}{HOSTILE}"/>
</div></t></t>"""
ELEMENT = 'etrusted-widget[data-etrusted-widget-id="' + WIDGET + '"]'
# Long enough for a widget to come that must not.
LONG = 300


@pytest.fixture(scope="module", autouse=True)
def blocks(logged_in):
    """Make a page with blocks for both websites."""
    page = {
        "name": "Blocks",
        "url": PATH,
        "type": "qweb",
        "key": "website.blocks",
        "arch": ARCH,
        "is_published": True,
    }
    logged_in.call("website.page", "create", page)


@pytest.fixture
def visit(new_visitor):
    """Return a maker of visitors who note what they ask Trusted Shops for."""

    def make(*args, **options):
        visitor = new_visitor(*args, **options)
        visitor.widgets = []
        page = visitor.page
        page.on("request", lambda request: note(visitor.widgets, request.url))
        page.on("dialog", lambda dialog: visitor.errors.append(dialog.message))
        return visitor

    def note(widgets, url):
        if url.endswith("/applications/widget.js/v2"):
            widgets.append(url)

    return make


@pytest.mark.parametrize(
    ("website", "language", "certificate", "mark"),
    [
        ("url", "", ("de", "EXCELLENCE"), "4,83"),
        full("url", "/en", ("de", "EXCELLENCE"), "4.83"),
        full("url", "/pl", ("pl", "CLASSIC"), "4,83"),
        full("polish_url", "", ("pl", "EXCELLENCE"), "4,83"),
        full("polish_url", "/de", None, None),
    ],
)
def test_a_badge_is_that_of_website_and_language(
    shop, visit, website, language, certificate, mark
):
    locale = "de-DE" if website == "url" else "pl-PL"
    visitor = visit(getattr(shop, website), locale=locale)
    visitor.open(language + PATH)
    page = visitor.page
    assert page.locator(".s_trustedshops_badge").count() == 2
    if not certificate:
        page.wait_for_timeout(LONG)
        assert page.locator(BOX).count() == 0
        assert page.locator("etrusted-widget").count() == 0
        assert visitor.widgets == visitor.errors == []
        return
    page.wait_for_selector(BOX)
    first, second = page.locator(BOX).all()
    link = first.locator("a").first
    ts_id = get_ts_id(shop, *certificate)
    url = f"{shop.sandbox.url}/shop/certificate.php?shop_id={ts_id}"
    assert link.get_attribute("href") == url
    assert (link.get_attribute("rel"), link.get_attribute("target")) == (
        "noopener nofollow",
        "_blank",
    )
    assert mark in first.locator(".o_trustedshops_rating").inner_text()
    assert first.locator("a").count() == 3
    # Hostile options are texts, or nothing.
    assert second.locator("a").inner_text() == '"><img src=x onerror=alert(1)>'
    assert second.locator("a").get_attribute("href") == link.get_attribute("href")
    assert second.locator("img").count() == 1
    assert second.get_attribute("style") is None
    assert visitor.errors == []


TOP = "/oben"
WATCH = """(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
            window.shift += entry.value;
        }
    }).observe({type: "layout-shift", buffered: true});
})()"""


@pytest.fixture(scope="module")
def tops(logged_in):
    """Make pages that begin with a seal, and with a seal and stars."""
    text = "<p>Lorem ipsum dolor sit amet, consetetur sadipscing elitr.</p>" * 40
    for variant in ("seal", "stars"):
        block = f'<div class="s_trustedshops_badge" data-variant="{variant}"/>'
        page = {"name": variant, "url": f"{TOP}-{variant}", "type": "qweb"}
        key = f"website.top_{variant}"
        arch = f"""<t t-name="{key}"><t t-call="website.layout"><div id="wrap">
<div class="container">{block}{text}</div></div></t></t>"""
        values = {**page, "key": key, "arch": arch, "is_published": True}
        logged_in.call("website.page", "create", values)


@pytest.mark.parametrize(
    ("variant", "width"),
    [("stars", 390), full("seal", 390), full("stars", 1280), full("seal", 1280)],
)
@pytest.mark.usefixtures("tops")
def test_an_emblem_at_the_top_moves_nothing(visit, variant, width):
    visitor = visit(viewport={"width": width, "height": 800})
    visitor.page.add_init_script(WATCH)
    visitor.open(f"{TOP}-{variant}")
    visitor.page.wait_for_timeout(LONG)
    assert visitor.page.locator(f"{BOX} img").bounding_box()["height"] == 56
    assert visitor.page.evaluate("window.shift") <= 0.01


@pytest.mark.usefixtures("tops")
def test_without_javascript_an_emblem_is_complete(visit):
    visitor = visit(java_script_enabled=False)
    visitor.page.goto(f"{visitor.url}{TOP}-stars")
    box = visitor.page.locator(BOX)
    assert "4,83" in box.inner_text()
    assert box.locator("a").first.is_visible()
    assert box.locator(".o_trustedshops_notice").is_visible()


# On a pill no word crosses the line: what is left of its corners is a square of so many
# pixels, a part of the radius.
FREE_CORNER = 10


@pytest.mark.parametrize("width", [390, full(768), full(1280)])
def test_a_box_holds_what_is_in_it(admin, visit, width):
    options = 'data-variant="stars" data-corners="pill" data-size="large"'
    label = "Geprüfter Händler mit Käuferschutz " * 5
    block = f"""<div class="s_trustedshops_badge text-end" {options}
data-background-color="#2f6f4e" data-label="{label}"/>"""
    path = f"/pille-{width}"
    key = f"website.pill_{width}"
    arch = f"""<t t-name="{key}"><t t-call="website.layout"><div id="wrap">
<div class="container">{block}</div></div></t></t>"""
    page = {"name": "Pill", "url": path, "type": "qweb", "key": key, "arch": arch}
    admin.call("website.page", "create", {**page, "is_published": True})
    visitor = visit(viewport={"width": width, "height": 800})
    visitor.open(path)
    page = visitor.page
    box = page.locator(BOX).bounding_box()
    assert label.strip() in page.locator(BOX).inner_text()
    for part in page.locator(f"{BOX} a, {BOX} img").all():
        inner = part.bounding_box()
        gaps = (
            inner["x"] - box["x"],
            box["x"] + box["width"] - inner["x"] - inner["width"],
        )
        assert min(gaps) >= FREE_CORNER
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def see_widget(visitor):
    """Wait for the widget; there is one, whatever else the page calls one."""
    visitor.page.wait_for_selector(ELEMENT)
    assert visitor.page.locator("etrusted-widget").count() == 1
    wait_for(lambda: visitor.widgets, "the script", page=visitor.page)
    assert len(visitor.widgets) == 1
    assert visitor.errors == []


def test_without_a_cookies_bar_widgets_show(visit, change):
    change("website", cookies_bar=False)
    visitor = visit()
    visitor.open(PATH)
    see_widget(visitor)
    widget = visitor.page.locator(ELEMENT)
    assert widget.get_attribute("data-sku") == '"><img src=x onerror=alert(1)>'
    # The law wants a sentence that can be read without a click. The stars of the badge
    # have it already.
    [notice] = visitor.page.locator(".o_trustedshops_notice").all()
    assert notice.inner_text()


@pytest.mark.full
def test_widgets_that_always_show_may_bring_more_scripts(shop, visit, change):
    change(
        "website",
        cookies_bar=True,
        block_third_party_domains=True,
        custom_blocked_third_party_domains=urlsplit(shop.sandbox.url).netloc,
    )
    change("trustedshops.certificate", badge_consent="always")
    visitor = visit()
    visitor.open(PATH)
    see_widget(visitor)
    assert not is_stopped(visitor.page, f"{shop.sandbox.url}/more.js")


@pytest.mark.full
@pytest.mark.parametrize("kind", ["refuse", "garbage"])
def test_a_broken_widget_script_breaks_no_page(shop, visit, change, kind):
    change("website", cookies_bar=False)
    shop.sandbox.post("faults", {"operation": "widget", "kind": kind, "times": 1})
    visitor = visit()
    visitor.open(PATH)
    visitor.page.wait_for_selector(BOX)
    wait_for(lambda: visitor.widgets, "the script", page=visitor.page)
    # Garbage is a script of somebody else: its error is not ours.
    assert [error for error in visitor.errors if "Unexpected" not in error] == []
    visitor.put_into_cart(DESK)


@pytest.mark.parametrize(
    ("color", "width"), [full(False, 1280), ("#ffdc0f", 390), full("#2f6f4e", 390)]
)
def test_seal_and_badge_are_accessible(visit, change, color, width):
    change("trustedshops.certificate", badge_background_color=color)
    visitor = visit(viewport={"width": width, "height": 800})
    visitor.open("/")
    see_accessible(visitor.page, ".o_trustedshops_seal")
    visitor.open(PATH)
    visitor.page.wait_for_selector(BOX)
    see_accessible(visitor.page, ".s_trustedshops_badge")
    sizes = visitor.page.evaluate("[document.body.scrollWidth, innerWidth]")
    assert sizes[0] <= sizes[1]


@pytest.mark.full
def test_confirmation_and_portal_are_accessible(admin, visit, pay_as, change):
    change("trustedshops.certificate", protection_model="classic")
    visitor = pay_as("axe@kunde.example", visitor=visit())
    visitor.pay_by("wire_transfer")
    see_accessible(visitor.page, ".o_trustedshops_form")
    order = [["name", "=", read_order(visitor.page)]]
    order_ids = admin.call("sale.order", "search", order)
    visitor.open(admin.call("sale.order", "get_portal_url", order_ids))
    see_accessible(visitor.page, ".o_trustedshops_form")


@pytest.fixture
def editor(shop, chromium, admin):
    """Return an editor whose changes of header and footer are taken back."""
    context = chromium.new_context(
        locale="en-US", viewport={"width": 1600, "height": 900}
    )
    yield Administrator(context.new_page(), shop.url).log_in()
    context.close()
    changed = [
        ["arch_db", "ilike", "s_trustedshops_badge"],
        ["website_id", "!=", False],
        ["key", "!=", "website.blocks"],
    ]
    views = admin.call("ir.ui.view", "search", changed)
    admin.call("ir.ui.view", "unlink", views)


def test_an_editor_drags_the_badge_into_footer_and_header(editor, visit):
    page = editor.page
    website = editor.edit_website("de_DE")
    block = page.locator(BADGE_BLOCK)
    for place in ("footer#bottom .row > div:nth-child(2)", "header#top"):
        drag(page, block, website.locator(place))
        website.locator(f"{place.split()[0]} {BOX}").first.wait_for()
        page.locator("[data-name='blocks']").click()
    page.click("button[data-action='save']")
    page.locator(".o_builder_sidebar_open").wait_for(state="detached")
    visitor = visit()
    visitor.open("/")
    for place in ("footer", "header"):
        visitor.page.locator(f"{place} {BOX} img:visible").first.wait_for()
    assert visitor.errors == []
    # A block has no words to translate: it shows in all languages at once.
    visitor.open("/pl")
    visitor.page.locator(f"footer {BOX} img:visible").first.wait_for()
    visitor = visit(viewport={"width": 390, "height": 800})
    visitor.open("/")
    visitor.page.locator(f"footer {BOX} img").scroll_into_view_if_needed()
    assert visitor.page.locator(f"footer {BOX} img").is_visible()
    assert visitor.errors == []
