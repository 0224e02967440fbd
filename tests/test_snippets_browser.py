# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The blocks in visitors' browsers: two websites, three languages.

What they show, and after which consent: ``static/tests/snippets``.
"""

import pytest
from story import full, get_ts_id, see_accessible

from wsts.steps import wait_for

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
SHORT_PATH = "/kurz"
SHORT_ARCH = """<t t-name="website.short"><t t-call="website.layout"><div id="wrap">
<div class="s_trustedshops_badge" data-variant="seal"/></div></t></t>"""
# Adds up how far things move that nobody moved, but for the link to the cookie policy,
# which Odoo adds to the footer.
NOTE_SHIFTS = """window.shift = 0;
const style = document.createElement("style");
style.textContent = "p:has(> .o_cookie_policy_link) {display: none}";
document.addEventListener("DOMContentLoaded", () => document.head.append(style));
new PerformanceObserver((list) => {
    for (const {value, hadRecentInput} of list.getEntries()) {
        window.shift += hadRecentInput ? 0 : value;
    }
}).observe({type: "layout-shift", buffered: true});"""
ELEMENT = 'etrusted-widget[data-etrusted-widget-id="' + WIDGET + '"]'
# Long enough for a widget to come that must not.
LONG = 300


@pytest.fixture(scope="module", autouse=True)
def blocks(logged_in):
    """Make a page with blocks, and a short one, for both websites."""
    page = {
        "name": "Blocks",
        "url": PATH,
        "type": "qweb",
        "key": "website.blocks",
        "arch": ARCH,
        "is_published": True,
    }
    short = {"url": SHORT_PATH, "key": "website.short", "arch": SHORT_ARCH}
    logged_in.call("website.page", "create", [page, {**page, **short}])


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
    visitor.page.add_init_script(NOTE_SHIFTS)
    visitor.open(f"{TOP}-{variant}")
    visitor.page.wait_for_timeout(LONG)
    assert visitor.page.locator(f"{BOX} img").bounding_box()["height"] == 56
    assert visitor.page.evaluate("window.shift") <= 0.01


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
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_on_a_short_page_with_a_seal_and_a_cookies_bar(
    visit, change, width
):
    change("website", cookies_bar=True)
    visitor = visit(viewport={"width": width, "height": 1000})
    visitor.page.add_init_script(NOTE_SHIFTS)
    visitor.open(SHORT_PATH)
    visitor.page.locator("#website_cookies_bar .modal.show").wait_for()
    visitor.page.wait_for_timeout(LONG)
    assert not visitor.page.locator(".o_trustedshops_seal").is_visible()
    assert visitor.page.evaluate("window.shift") <= 0.01
