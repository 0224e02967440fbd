# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The sandbox's page in a browser: troubles are switched on, reviews are written."""

import pytest
from axe_playwright_python.sync_playwright import Axe

TITLE = "Trusted Shops refuses the application"


def see_accessible(page):
    """Let axe-core look at a page."""
    page.locator("body").wait_for()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize(
    ("width", "has_scripts"), [(1280, True), (390, True), (390, False)]
)
def test_a_trouble_is_seen_at_the_top_and_ended_there(
    sandbox, chromium, width, has_scripts
):
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=has_scripts
    )
    page = context.new_page()
    page.goto(sandbox.url)
    page.locator(f"button[aria-label='Switch on: {TITLE}']").press("Enter")
    top = page.locator("#active")
    top.locator(f"text={TITLE}, until you end it").wait_for()
    if has_scripts:
        see_accessible(page)
    assert page.evaluate("document.body.scrollWidth <= innerWidth")
    button = top.locator("button")
    assert button.all_inner_texts() == ["Back to normal"]
    button.press("Enter")
    top.locator("text=All is well").wait_for()
    assert sandbox.get("faults") == []
    if has_scripts:
        # Who uses the keyboard goes on where the button was.
        focus = page.evaluate("document.activeElement.id")
        assert focus == "active-title"
    context.close()


SECTIONS = ("events", "invitations", "reviews", "accounts")
CHANNEL = "chl-5a4db0c5-0000-4000-8000-000000000001"
EVENT = {
    "type": "checkout",
    "customer": {"email": "anna@example.com"},
    "channel": {"id": CHANNEL, "type": "etrusted"},
    "transaction": {"reference": "S90001", "date": "2026-11-01T10:00:00Z"},
    "products": [{"name": "Desk", "sku": "FURN_1", "url": "http://shop.example/desk"}],
    "system": "Odoo",
    "systemVersion": "19.0",
}


@pytest.mark.parametrize("width", [1280, 390])
def test_an_invited_buyer_writes_a_review_that_is_seen(sandbox, chromium, width):
    sandbox.put("events", **EVENT)
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{sandbox.url}/#invitations")
    page.locator("#invitations summary").first.press("Enter")
    with context.expect_page() as opened:
        page.locator("#invitations a").first.press("Enter")
    form = opened.value
    see_accessible(form)
    form.get_by_role("group", name="Stars").first.get_by_label("4").check()
    title = f"Fast, {width} pixels"
    form.get_by_label("Title").first.fill(title)
    form.get_by_role("button", name="Send the review").press("Enter")
    form.get_by_text("Thank you.").wait_for()
    see_accessible(form)
    # The page of the sandbox shows it without being loaded again.
    page.locator(f"#reviews >> text=4 stars: {title}").wait_for()
    for name in SECTIONS:
        page.locator(f"#{name} summary").first.press("Enter")
    see_accessible(page)
    for before, after in (("off", "on"), ("on", "off")):
        words = "product reviews: Mein Laden"
        page.get_by_role("button", name=f"Switch {before} {words}").press("Enter")
        switch = page.get_by_role("button", name=f"Switch {after} {words}")
        switch.wait_for()
        assert switch.evaluate("each => each === document.activeElement")
    for each in (page, form):
        assert each.evaluate("document.body.scrollWidth <= innerWidth")
    context.close()
