# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The sandbox's page in a browser: troubles are switched on, seen and ended."""

import pytest
from story import see_accessible

TITLE = "Trusted Shops refuses the application"


@pytest.mark.parametrize(
    ("width", "has_scripts"), [(1280, True), (390, True), (390, False)]
)
def test_a_trouble_is_seen_at_the_top_and_ended_there(
    shop, chromium, width, has_scripts
):
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=has_scripts
    )
    page = context.new_page()
    page.goto(shop.sandbox.url)
    page.locator(f"button[aria-label='Switch on: {TITLE}']").press("Enter")
    top = page.locator("#active")
    top.locator(f"text={TITLE}, until you end it").wait_for()
    if has_scripts:
        see_accessible(page, "body")
    assert page.evaluate("document.body.scrollWidth <= innerWidth")
    button = top.locator("button")
    assert button.all_inner_texts() == ["Back to normal"]
    button.press("Enter")
    top.locator("text=All is well").wait_for()
    assert shop.sandbox.get("faults") == []
    if has_scripts:
        # Who uses the keyboard goes on where the button was.
        focus = page.evaluate("document.activeElement.id")
        assert focus == "active-title"
    context.close()
