# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The box by which buyers agree to be invited to a review, in a browser.

Lost answers and quick presses: ``static/tests/checkout/review_question.test.js``.
"""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests
from story import clean, full, see_accessible

from wsts import odoo, postgres

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("channel")]

ROW = "div[name='trustedshops_review']"
ANSWER = "[name='trustedshops_review_answer']"
ENGLISH = {"locale": "en-US"}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True}
ADD_REQUEST = """
import json
from datetime import datetime
from pathlib import Path

channel = env["trustedshops.channel"].search([("channel_ref", "=", "chl-browser")])
order = env["sale.order"].create({{
    "company_id": channel.company_id.id,
    "website_id": channel.website_id.id,
    "partner_id": env["res.partner"].create({{"name": "Buyer"}}).id,
}})
request = env["trustedshops.consent"].create({{
    "kind": "requested",
    "mode": "double_opt_in",
    "email": {email!r},
    "text": channel.text_ids[0].text,
    "privacy_url": channel.text_ids[0].privacy_url,
    "moment": datetime.now(),
    "order_id": order.id,
    "channel_id": channel.id,
    "company_id": channel.company_id.id,
}})
env.cr.commit()
links = {{purpose: request._get_link(purpose) for purpose in ("stop", "confirm")}}
Path({found!r}).write_text(json.dumps(links))
"""


def get_consents(shop, email):
    """Return kind and mode of the rows of an address."""
    return postgres.query(
        f"SELECT kind, mode FROM trustedshops_consent WHERE email = '{email}'",
        shop.database,
    )


ROWS = ".o_trustedshops_checkout"
# Sizes and colours of all that the rows say, beside the mark of a test.
READ_TEXTS = """(rows) => [...rows.querySelectorAll("label, strong, span, a, summary")]
    .filter((each) => each.innerText && !each.closest("[name=trustedshops_test]"))
    .map((each) => getComputedStyle(each))
    .map(({fontSize, color, opacity}) => [parseFloat(fontSize), color, opacity])"""

# Where title and price of each row begin and end, and on how many lines the price is.
READ_COLUMNS = """(rows) => [...rows.querySelectorAll("label")].map((label) => {
    const [title, price] = [...label.children].map((each) => each.getClientRects());
    return [
        Math.abs(price[0].top - title[0].top) < 2,
        Math.abs(price[0].left - title[0].left) < 2,
        Math.round(price[0].right),
        Math.round(price[0].height / 24),
    ];
})"""
# Where the parts of the rows are, from the top of the page, beside what is answered.
READ_PLACES = """(rows) => [
        ...rows.querySelectorAll(":scope > *, input, label, a, summary")
    ]
    .filter((each) => each.offsetHeight)
    .map((each) => [each.getBoundingClientRect(), rows.getBoundingClientRect()])
    .map(([{x, y, height}, {y: top}]) => [x, y - top, height])"""


@pytest.mark.parametrize(("width", "most"), [(1280, 270), (320, 500)])
@pytest.mark.parametrize(
    ("locale", "added", "saved"),
    [
        ("de-DE", "Hinzugefügt", "Gespeichert"),
        full("en-US", "Added", "Saved"),
        full("pl-PL", "Dodana", "Zapisano"),
    ],
)
def test_both_rows_are_short_and_can_be_read(
    pay_as, change, logged_in, width, most, locale, added, saved
):
    # Without its Classic certificate for Poles, the other one serves all languages.
    model = "trustedshops.certificate"
    domain = [["protection_model", "=", "classic"]]
    change(model, logged_in.call(model, "search", domain), active=False)
    size = {"width": width, "height": 900}
    email = f"short-{width}@kunde.example"
    visitor = pay_as(email, locale=locale, viewport=size)
    page = visitor.page
    rows = page.locator(ROWS)
    assert rows.locator(":scope > *").count() == 2
    protection, review = rows.evaluate(READ_COLUMNS)
    if width == 1280:
        # The price has its column in all languages.
        assert protection[:2] == review[:2] == [True, False]
        assert protection[2] == review[2]
    else:
        # The price begins where its label does.
        assert protection[:2] == review[:2] == [False, True]
    assert protection[3] == review[3] == 1
    mark = rows.locator("[name='trustedshops_test']")
    lower = mark.evaluate("each => each.offsetHeight + 8")  # its margin, too
    assert rows.bounding_box()["height"] - lower <= most
    body = page.evaluate("getComputedStyle(document.body).color")
    links = page.locator(f"{ROWS} a").first.evaluate(
        "link => getComputedStyle(link).color"
    )
    for font_size, color, opacity in rows.evaluate(READ_TEXTS):
        assert (font_size >= 14, color in (body, links), opacity) == (True, True, "1")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    details = rows.locator("summary").evaluate("each => getComputedStyle(each).color")
    assert details == links
    # A box is seen on its ground: at least 3 to 1 (WCAG 2.2, 1.4.11).
    border = rows.locator("input").first.evaluate(
        "each => getComputedStyle(each).borderColor"
    )
    assert border.endswith("/ 0.55)")
    # The answers are on the screen, and nothing made room for them.
    places = rows.evaluate(READ_PLACES)
    visitor.tick_protection()
    visitor.agree_to_invitation()
    for answer, words in (("[name='trustedshops_answer']", added), (ANSWER, saved)):
        found = page.locator(answer).get_by_text(words)
        found.scroll_into_view_if_needed()
        box, bar = found.bounding_box(), page.locator(".o_mobile_summary")
        lowest = bar.bounding_box()["y"] if bar.is_visible() else 900
        assert 0 <= box["y"] and box["y"] + box["height"] <= lowest
    assert rows.evaluate(READ_PLACES) == places
    assert visitor.errors == []


@pytest.mark.parametrize(
    ("width", "size"), [(640, "100%"), (1280, "200%")], ids=["zoomed", "large text"]
)
def test_no_box_moves_at_200_percent(pay_as, width, size):
    visitor = pay_as("zoom@kunde.example", viewport={"width": width, "height": 900})
    rows = visitor.page.locator(ROWS)
    visitor.page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
    places = rows.evaluate(READ_PLACES)
    visitor.tick_protection()
    visitor.agree_to_invitation()
    visitor.page.locator(ANSWER).get_by_text("Gespeichert").wait_for()
    assert rows.evaluate(READ_PLACES) == places


@pytest.mark.parametrize(
    ("locale", "failed"),
    [
        ("de-DE", "Nicht gespeichert, erneut?"),
        ("en-US", "Not saved, try again"),
    ],
)
def test_no_box_moves_when_nothing_was_saved(pay_as, locale, failed):
    size = {"width": 320, "height": 900}
    page = pay_as("failed@kunde.example", locale=locale, viewport=size).page
    rows = page.locator(ROWS)
    places = rows.evaluate(READ_PLACES)
    page.route("**/shop/trustedshops/**", lambda route: route.fulfill(status=500))
    for box, answer in (
        ("#trustedshops_protection:enabled", "[name='trustedshops_answer']"),
        ("#trustedshops_review_box", ANSWER),
    ):
        page.click(box)
        page.locator(answer).get_by_text(failed, exact=True).wait_for()
    assert rows.evaluate(READ_PLACES) == places


@pytest.fixture
def add_request(shop, tmp_path):
    """Return a maker of requests to confirm, with the paths of their links."""

    def make(email):
        found = tmp_path / "links"
        script = ADD_REQUEST.format(found=str(found), email=email)
        odoo.shell(shop.database, script)
        links = json.loads(found.read_text())
        return {purpose: urlsplit(link).path for purpose, link in links.items()}

    return make


def test_who_presses_twice_at_once_is_thanked_and_not_logged(shop, add_request):
    email = "twice@kunde.example"
    links, log = add_request(email), shop.server.log
    began = len(log.read_text(errors="replace"))
    press_at_once(f"{shop.url}{links['confirm']}")
    said = [["given", "double_opt_in"], ["requested", "double_opt_in"]]
    assert sorted(get_consents(shop, email)) == said
    press_at_once(f"{shop.url}{links['stop']}")
    assert sorted(get_consents(shop, email)) == [*said, ["withdrawn", ""]]
    # Also when nothing is left but the hash in the link.
    forget = f"DELETE FROM trustedshops_consent WHERE email = '{email}'"
    postgres.query("DELETE FROM trustedshops_suppression", shop.database)
    postgres.query(forget, shop.database)
    press_at_once(f"{shop.url}{links['stop']}")
    stops = postgres.query("SELECT reason FROM trustedshops_suppression", shop.database)
    assert stops == [["link"]]
    told = log.read_text(errors="replace")[began:]
    for untold in (email, "_one_confirmation", "bad query"):
        assert untold not in told


def press_at_once(link, times=4):
    """Press the button of a page so often at the same moment."""
    requests.get(link, timeout=60)  # so that the page is no reason to be late
    with ThreadPoolExecutor(times) as pool:
        press = lambda _number: requests.post(link, timeout=60)  # noqa: E731
        answers = list(pool.map(press, range(times)))
    assert [answer.status_code for answer in answers] == [200] * times
    assert len({re.search("<h1.*?</h1>", each.text)[0] for each in answers}) == 1


def test_on_a_phone_and_for_a_screen_reader(pay_as):
    visitor = pay_as("phone@kunde.example", **ENGLISH, **PHONE)
    page = visitor.page
    see_accessible(page, ROW)
    size = page.locator("#trustedshops_review_box_text").evaluate(
        "element => parseFloat(getComputedStyle(element).fontSize)"
    )
    assert size >= 14
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.get_by_role("checkbox", name="Review invitation by e‑mail")
    described = box.get_attribute("aria-describedby").split()[0]
    assert "Trusted Shops SE" in clean(page.inner_text(f"#{described}"))
    box.press("Space")
    page.locator(ANSWER).get_by_text("Saved").wait_for()
    assert visitor.errors == []
