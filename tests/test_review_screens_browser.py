# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The screens of the reviews: what they show at once, and how much room they take."""

import pytest
from review_rows import ADD_ROWS, COUNTS, LOGIN, REMOVE_ROWS
from story import MEASURE_FORM, MEASURE_ROWS

from wsts import odoo, postgres
from wsts.administrator import Administrator

pytestmark = pytest.mark.full

ACTION = "/odoo/action-website_sale_trustedshops_reviews.trustedshops_{}_action"
WINDOW = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}
# In pixels, of a form on its first tab and of a row.
MAX_FORM, MAX_ROW = 900, 48
# The lists of the menus, with their rows.
LISTS = {
    "account": 1,
    "channel": 1,
    "consent": COUNTS["consent"],
    "suppression": COUNTS["suppression"],
    "invitation": COUNTS["invitation"],
    "review": COUNTS["review"],
    "product_rating": COUNTS["rating"],
}
# What a decision needs, by form.
DECISIVE = {
    "account": {"state", "client_id", "new_client_secret", "user_id", "environment"},
    "channel": {
        "website_id",
        "lang_id",
        "inviter",
        "consent_mode",
        "trigger",
        "delay_days",
        "delay_notice",
    },
    "consent": {"kind", "email", "order_id", "moment", "text"},
    "invitation": {"state", "explanation", "order_id", "email", "due_at"},
    "review": {"state", "star_line", "title", "comment"},
}


@pytest.fixture(scope="module", autouse=True)
def rows(shop):
    """Fill the lists, for this module; no job asks Trusted Shops about them."""
    stop = "UPDATE ir_cron SET active = false WHERE active RETURNING id"
    jobs = ", ".join(job for [job] in postgres.query(stop, shop.database))
    odoo.shell(shop.database, ADD_ROWS)
    yield
    odoo.shell(shop.database, REMOVE_ROWS)
    start = f"UPDATE ir_cron SET active = true WHERE id IN ({jobs})"
    postgres.query(start, shop.database)


@pytest.fixture(scope="module")
def session(shop, chromium):
    """Return the administrator of the company, whose browser stays logged in."""
    context = chromium.new_context(locale="en-US", viewport=WINDOW)
    yield Administrator(context.new_page(), shop.url).log_in(LOGIN, LOGIN)
    context.close()


@pytest.fixture
def reader(session):
    """Return that administrator, at a desk, in whose browser nothing goes wrong."""
    session.page.set_viewport_size(WINDOW)
    yield session
    assert (session.popups, session.errors) == ([], [])


def open_form(reader, name):
    """Open the newest record of a model by its action."""
    model = f"trustedshops.{name}"
    [newest] = reader.call(model, "search", [], 0, 1, "id desc")
    reader.open(f"{ACTION.format(name)}/{newest}")
    reader.page.locator(".o_form_sheet").wait_for()


@pytest.mark.parametrize("name", LISTS)
def test_a_row_is_one_line(reader, name):
    reader.open(ACTION.format(name))
    rows = reader.page.locator(".o_data_row")
    rows.nth(LISTS[name] - 1).wait_for()
    heights = reader.page.evaluate(MEASURE_ROWS)
    assert len(heights) == LISTS[name]
    assert max(heights) <= MAX_ROW


@pytest.mark.parametrize("name", LISTS)
def test_phones_get_cards(reader, name):
    page = reader.page
    page.set_viewport_size(PHONE)
    reader.open(ACTION.format(name))
    cards = page.locator(".o_kanban_record:not(.o_kanban_ghost)")
    cards.nth(LISTS[name] - 1).wait_for()
    assert cards.count() == LISTS[name]
    assert page.evaluate("document.body.scrollWidth <= innerWidth")


@pytest.mark.parametrize("name", DECISIVE)
def test_a_form_shows_at_once_what_decides(reader, name):
    open_form(reader, name)
    height, seen = reader.page.evaluate(MEASURE_FORM)
    assert DECISIVE[name] <= set(seen)
    assert height <= MAX_FORM
    reader.page.set_viewport_size(PHONE)
    reader.page.wait_for_function(
        "document.body.scrollWidth <= innerWidth", timeout=10_000
    )
