# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A designer goes through the criteria in a browser, and words the order button."""

import re

import pytest
from story import DESKTOP, changed_theme, clean, see_accessible

from wsts.steps import wait_for

PAGE = "/odoo/action-website_sale_trustedshops.trustedshops_readiness_action"
REPORT = "website_sale_trustedshops.readiness_report"
PHONE = {"width": 390, "height": 844}
LANGUAGES = ("de-DE", "pl-PL", "en-US")
LINKS = '<p><a href="/agb-recht">Widerrufsbelehrung</a></p>'
# As people write addresses, and browsers do not.
WRITTEN = (
    '<p><a href="/Impreßum an">Impressum</a> <a href="/schütz">Datenschutz</a></p>'
)
PDF = {"content_type": "application/pdf"}
LEAVE = """() => odoo.__WOWL_DEBUG__.root.env.services.action.doAction(
    "website_sale_trustedshops.trustedshops_certificate_action"
)"""
VIEW = "website_sale_trustedshops.order_button_words"
WORDS = "Zahlungspflichtig bestellen"
BUTTON = "button[name='o_payment_submit_button']:visible"
# As if the method of payment that is chosen were one on delivery.
ON_DELIVERY = """() => {
    const services = odoo.__WOWL_DEBUG__.root.env.services;
    const {interactions} = services["public.interactions"];
    const form = interactions.find(({el}) => el.id === "o_payment_form").interaction;
    form._adaptSubmitButtonLabel("cash_on_delivery");
}"""


@pytest.fixture(scope="module")
def website(logged_in):
    """Return the website of the demonstration shop, whose address is this server's."""
    [website] = logged_in.call("website", "search", [["name", "=", "Demo Shop"]])
    return website


def open_page(admin, website):
    """Open the page and choose the website on it."""
    admin.page.goto(admin.url + PAGE)
    admin.page.locator(".o_trustedshops_readiness").wait_for()
    choice = admin.page.locator("select[aria-label='Website']")
    if choice.count():
        choice.select_option(str(website))


def look(page):
    """Press Check now, wait for the end, and return what was fetched meanwhile."""
    sent = []

    def note(request):
        sent.append(request)

    page.on("request", note)
    page.click("button[name='trustedshops_look']")
    page.locator("[data-running='1'] .progress").wait_for()
    end = page.locator("[data-running='0']")
    end.wait_for(state="attached")
    page.remove_listener("request", note)
    return [each for each in sent if each.resource_type == "fetch"]


def read_levels(page, lang):
    """Return the level of each finding in a language, or of those in all of them."""
    section = page.locator(f"section[data-lang='{lang}']")
    return {
        line.get_attribute("data-cause"): line.get_attribute("data-level")
        for line in section.locator("li").all()
    }


def find(page, cause, lang="de-DE"):
    """Return what is said of a criterion in a language, or in all of them."""
    sections = f"section[data-lang='{lang}'], section[data-lang='shared']"
    return page.locator(sections).locator(f"li[data-cause='{cause}']")


def see_on_a_phone(page):
    """See that nothing sticks out, and that all of it can be read."""
    page.set_viewport_size(PHONE)
    scrolled = page.locator(".o_trustedshops_readiness").evaluate(
        "(element) => element.scrollWidth - element.clientWidth"
    )
    assert scrolled <= 0
    assert page.locator("button[name='trustedshops_print']").is_visible()
    see_accessible(page, ".o_trustedshops_readiness .container-lg")
    page.set_viewport_size(DESKTOP)


def see_on_paper(admin, website):
    """See that the report of three languages fits on two pages."""
    found = [["website_id", "=", website]]
    ids = admin.call("trustedshops.readiness", "search", found)
    assert len(ids) == len(LANGUAGES)
    paper = admin.page.context.new_page()
    paper.goto(f"{admin.url}/report/html/{REPORT}/{','.join(map(str, ids))}")
    assert paper.locator("tr[data-cause='texts']").count() == 1
    pages = re.findall(rb"/Type\s*/Page\b", paper.pdf(format="A4"))
    paper.close()
    assert len(pages) in (1, 2)


def test_the_criteria_are_gone_through_in_each_language(admin, website):
    page = admin.page
    open_page(admin, website)
    sent = look(page)
    paths = {each.url.removeprefix(admin.url) for each in sent}
    assert {"/", "/pl", "/en", "/shop", "/pl/shop", "/en/shop"} <= paths
    pages = [each for each in sent if "/web/" not in each.url]
    assert all("cookie" not in each.all_headers() for each in pages)
    shared = read_levels(page, "shared")
    assert shared["privacy"] == "problem"
    assert shared["function"] == shared["confirmation_mail"] == "ok"
    assert shared["texts"] == shared["order_page"] == "hint"
    for lang in LANGUAGES:
        levels = read_levels(page, lang)
        assert not shared.keys() & levels.keys()
        assert len(shared | levels) == 13
        assert "order_button" in levels  # each has words of its own
    see_on_paper(admin, website)
    see_on_a_phone(page)


@pytest.mark.full
def test_what_is_made_from_a_template_opens_in_the_editor(admin, website):
    page = admin.page
    with changed_theme(admin, "//footer", "inside", LINKS):
        open_page(admin, website)
        look(page)
        assert "404" in clean(find(page, "instructions").inner_text())
        find(page, "privacy").locator("button").click()
        frame = page.frame_locator(".o_iframe_container iframe:not(.o_ignore_in_tour)")
        frame.locator("#wrap h1").wait_for()
        assert "✎" in frame.locator("#wrap").inner_text()
    domain = [["key", "=", "website.trustedshops_privacy"]]
    views = admin.call("ir.ui.view", "search", domain)
    assert admin.call("website.page", "unlink", search_pages(admin, views))


@pytest.mark.full
def test_what_the_browser_rewrites_or_cannot_read(admin, website):
    """Addresses as people write them, a file that is no page, and a long page."""
    page = admin.page
    bodies = []

    def note(request):
        if request.url.endswith("/inspect"):
            bodies.append(request.post_data)

    page.route("**/Impr*", lambda route: route.fulfill(body="%PDF", **PDF))
    page.on("request", note)
    with changed_theme(admin, "//footer", "inside", WRITTEN):
        open_page(admin, website)
        look(page)
    page.remove_listener("request", note)
    page.unroute("**/Impr*")
    assert "another file" in clean(find(page, "identity").inner_text())
    assert "404" in clean(find(page, "privacy").inner_text())
    whole = [body for body in bodies if "data-website-id" in body]
    assert len(whole) >= len(LANGUAGES)
    for body in whole:
        assert len(body) < 500_000
        assert "<style" not in body
        assert "<svg" not in body


@pytest.mark.full
def test_who_leaves_during_a_check_gets_no_error(admin, website):
    page = admin.page
    held = []
    page.route("**/shop", lambda route: held.append(route))
    open_page(admin, website)
    page.click("button[name='trustedshops_look']")
    page.locator("[data-running='1'] .progress").wait_for()
    [call] = wait_for(lambda: held, "the first call", page=page)
    page.evaluate(LEAVE)
    page.locator(".o_trustedshops_readiness").wait_for(state="detached")
    call.fulfill(body="<p>Late</p>")
    page.wait_for_timeout(500)
    page.unroute("**/shop")
    assert not page.locator(".o_error_dialog").count()


def search_pages(admin, views):
    return admin.call("website.page", "search", [["view_id", "in", views]])


@pytest.mark.full
def test_the_order_button_keeps_its_words(admin, pay_as, change, website):
    change("website", [website], trustedshops_order_button=True)
    [view] = admin.call("ir.ui.view", "search", [["key", "=", VIEW]])
    terms = {"de_DE": {"Order with obligation to pay": WORDS}}
    admin.call("ir.ui.view", "update_field_translations", [view], "arch_db", terms)
    visitor = pay_as("words@kunde.example")
    page = visitor.page
    assert page.locator("html").get_attribute("lang") == "de-DE"
    assert clean(page.locator(BUTTON).first.inner_text()) == WORDS
    page.evaluate(ON_DELIVERY)
    page.click("#trustedshops_protection")
    page.locator("tr[name='o_order_trustedshops_protection']:visible").first.wait_for()
    page.locator(".o_payment_option_label").last.click()
    page.evaluate(ON_DELIVERY)
    assert {clean(each.inner_text()) for each in page.locator(BUTTON).all()} == {WORDS}
    assert visitor.errors == []
