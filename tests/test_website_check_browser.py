# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An administrator's browser looks at the shop, whole and with broken themes."""

import re

import pytest
from story import changed_theme, clean, see_accessible

from wsts.steps import wait_for

CERTIFICATE = "trustedshops.certificate"
GERMAN = "German / Deutsch: /"
POLISH = "Polish / Język polski: /pl"
ENGLISH = "English (US): /en"
PAGES = {GERMAN, POLISH, ENGLISH}
OTHER_ID = "X" + "9" * 32


@pytest.fixture(scope="module")
def website(logged_in):
    """Return the website of the demonstration shop, whose address is this server's."""
    domain = [["name", "=", "Demo Shop"]]
    (website,) = logged_in.call("website", "search", domain)
    return website


@pytest.fixture(scope="module")
def certificates(logged_in, website):
    """Return the certificates of that website: for all languages, and for Polish."""
    domain = [["website_id", "=", website]]
    found = logged_in.call(
        CERTIFICATE, "search_read", domain, ["ts_id", "lang_id", "display_name"]
    )
    return {"pl" if each["lang_id"] else "all": each for each in found}


def open_form(admin, certificates):
    """Open the form of the certificate for all languages."""
    action = "website_sale_trustedshops.trustedshops_certificate_action"
    admin.open(f"/odoo/action-{action}/{certificates['all']['id']}")
    admin.get_field("ts_id").wait_for()


@pytest.fixture(scope="module")
def check(logged_in, certificates):
    """Return a function that presses Website check, and later Check again."""
    open_form(logged_in, certificates)
    page = logged_in.page

    def look():
        dialog = page.locator(".o_trustedshops_check")
        button = page.locator("button.o_trustedshops_check_website")
        if dialog.count():
            button = dialog.locator("button:has-text('Check again')")
        with page.expect_response(lambda each: "get_website_pages" in each.url):
            button.click()
        # What is new shows in the next frame.
        page.evaluate("new Promise((done) => requestAnimationFrame(() => done()))")
        dialog.locator("[data-running='0']").wait_for()
        return read_findings(page)

    return look


def read_findings(page):
    """Return the words of the findings by group."""
    groups = {}
    for section in page.locator(".o_trustedshops_check section").all():
        lines = section.locator("li").all_inner_texts()
        groups[clean(section.locator("h4").inner_text())] = list(map(clean, lines))
    return groups


# === IN THE DIALOG === #


@pytest.fixture
def summary(admin):
    return admin.page.locator(".o_trustedshops_check p.lead")


def test_every_language_is_looked_at_without_cookies(check, admin, summary):
    sent = []
    admin.page.on("request", lambda each: sent.append(each))
    assert check() == dict.fromkeys(PAGES, [])
    assert summary.inner_text() == "No problem was found."
    seen = {
        request.url.removeprefix(admin.url): request.all_headers()
        for request in sent
        if request.resource_type == "fetch" and "/web/" not in request.url
    }
    paths = ("/", "/pl", "/en")
    assert set(paths) <= set(seen)
    assert all("cookie" not in seen[path] for path in paths)
    admin.page.click(".modal-header .btn-close")  # one thing less to do
    admin.page.locator(".o_trustedshops_check").wait_for(state="detached")
    open_todo = ".o_trustedshops_health [data-cause='website']"
    admin.page.locator(open_todo).wait_for(state="detached")


@pytest.mark.full
def test_a_website_with_another_address_is_not_looked_at_and_loses_no_result(
    check, admin
):
    def move(route):
        answer = route.fetch()
        said = answer.json()
        said["result"]["url"] = "https://elsewhere.example"
        route.fulfill(response=answer, json=said)

    def note(request):
        stored.extend(["stored"] * ("check_website" in request.url))

    stored, page = [], admin.page
    page.route("**/get_website_pages", move)
    page.on("request", note)
    groups = check()
    page.remove_listener("request", note)
    page.unroute("**/get_website_pages")
    assert set(groups) == {"Demo Shop"}
    assert stored == []


@pytest.mark.full
def test_a_broken_theme_is_told_and_nothing_of_it_runs(check, admin, summary):
    hostile = (
        "<script>window.top.wasHacked = 1;</script>"
        '<img src="/nowhere.png" onerror="window.top.wasHacked = 2"/>'
        f'<script src="//widgets.trustedshops.com/js/{OTHER_ID}.js"/>'
    )
    footer = "//footer[@id='bottom']"
    with changed_theme(admin, footer, "replace", hostile):
        groups = check()
    said = {title: [each[:14] for each in words] for title, words in groups.items()}
    assert said == dict.fromkeys(PAGES, ["Seal: missing."])
    page = admin.page
    assert summary.inner_text() == "Problems found: 3"
    assert page.evaluate("window.wasHacked") is None


@pytest.mark.full
def test_the_findings_are_accessible_on_a_phone_too_and_can_be_closed(check, admin):
    page = admin.page
    with changed_theme(admin, "//footer[@id='bottom']", "replace", ""):
        groups = check()
    assert len(groups[GERMAN]) == 1
    for selector in ("section", "p.lead"):
        see_accessible(page, f".o_trustedshops_check {selector}")
    page.set_viewport_size({"width": 390, "height": 844})
    body = page.locator(".o_trustedshops_check .modal-body")
    overflow = body.evaluate("body => body.scrollWidth - body.clientWidth")
    width = body.evaluate("body => body.clientWidth")
    page.set_viewport_size({"width": 1280, "height": 1000})
    assert overflow <= 0
    assert width <= 390
    dialog = page.locator(".o_trustedshops_check")
    # Who leaves during a check gets no error.
    held = []
    page.route("**/pl", lambda route: held.append(route))
    dialog.locator("button:has-text('Check again')").click()
    [call] = wait_for(lambda: held, "the Polish page", page=page)
    dialog.locator("footer button:has-text('Close')").click()
    dialog.wait_for(state="detached")
    call.fulfill(body="<p>Late</p>")
    page.wait_for_timeout(500)
    page.unroute("**/pl")
    assert not page.locator(".o_error_dialog").count()


def read_sketch(page, device):
    """Return where and how the badge is drawn on a device."""
    sketch = page.locator(f".o_trustedshops_{device} .o_trustedshops_sketch")
    (scheme,) = re.findall(
        r"o_trustedshops_(light|dark|os-default)", sketch.get_attribute("class")
    )
    return sketch.get_attribute("style"), sketch.inner_text(), scheme


@pytest.mark.full
def test_the_badge_is_sketched_while_it_is_being_placed(admin, certificates):
    open_form(admin, certificates)
    page = admin.page
    page.click(".o_trustedshops_more summary")
    see_accessible(page, ".o_trustedshops_preview")
    for device in ("desktop", "mobile"):
        assert read_sketch(page, device) == (
            "right: 4px; bottom: 0px;",
            "★",
            "os-default",
        )
    page.locator("[name='badge_position_mobile'] label:has-text('Centre')").click()
    page.locator("[name='badge_offset_desktop'] input").fill("300")
    page.locator("[name='badge_offset_mobile'] input").fill("999")
    page.locator("[name='badge_reviews_desktop'] input").uncheck()
    admin.choose("badge_color_scheme", "Dark")
    page.locator(".o_trustedshops_desktop .o_trustedshops_dark").wait_for()
    assert read_sketch(page, "desktop") == ("right: 4px; bottom: 50px;", "✓", "dark")
    # Never outside of the sketch.
    assert read_sketch(page, "mobile") == ("left: 34px; bottom: 128px;", "★", "dark")
    page.locator("[name='badge_on_phones'] input").uncheck()
    sketch = page.locator(".o_trustedshops_mobile .o_trustedshops_sketch")
    sketch.wait_for(state="detached")
    assert read_sketch(page, "desktop")
    page.locator(".o_form_button_cancel").click()
