# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The offer as it is used: by keyboard, screen reader and telephone, in a browser."""

import pytest
from story import clean, read_total, see_accessible

BOX = "#trustedshops_protection"
OFFER = ".o_trustedshops_offer"
ANSWER = "[name='trustedshops_answer']"
GERMAN_LABEL = "Trusted Shops Käuferschutz bis 1.500 € + 2,94 € inkl. 19 % MwSt."
POLISH_LABEL = "Ochrona Kupującego Trusted Shops do 1500 zł + 4,99 zł w tym 23% VAT"

# Whether the last line of the title is longer than half of its longest, the links share
# a line, and the answer shares it: at widths of a phone's list and of others.
READ_LINES = """([offer, first, last]) => {
    const found = [];
    const [one, other, answer] = [
        ...offer.querySelectorAll("a"),
        offer.querySelector(".o_trustedshops_answer strong"),
    ];
    const top = (each) => each.getBoundingClientRect().top;
    for (let width = first; width < last; width += 10) {
        offer.parentElement.style.width = `${width}px`;
        const range = document.createRange();
        range.selectNodeContents(offer.querySelector(".o_trustedshops_title"));
        const lines = [...range.getClientRects()].map((each) => each.width);
        const isLinked = top(one) === top(other);
        const isBeside = Math.abs(top(answer) - top(one)) < 5;
        found.push([lines.at(-1) > Math.max(...lines) / 2, isLinked, isBeside]);
    }
    return found;
}"""


def read_description(page):
    """Return the texts by which the box is described."""
    names = page.get_attribute(BOX, "aria-describedby").split()
    return [clean(page.inner_text(f"#{name}")) for name in names]


@pytest.mark.full
def test_a_screen_reader_gets_name_and_description(pay_as):
    page = pay_as("reader@kunde.example").page
    see_accessible(page, OFFER)
    tree = [clean(line) for line in page.locator(OFFER).aria_snapshot().splitlines()]
    assert tree[0] == '- group "Käuferschutz":'
    assert f'- checkbox "{GERMAN_LABEL}"' in tree
    assert [text[:40] for text in read_description(page)] == [
        "Geld zurück, wenn die Ware nicht ankommt",
        "",  # the answer
    ]
    links = page.get_by_role("group", name="Käuferschutz").get_by_role("link")
    assert links.all_inner_texts() == ["Bedingungen", "Datenschutz"]


def test_the_keyboard_ticks_and_hears_the_new_total(pay_as):
    visitor = pay_as("keys@kunde.example")
    page = visitor.page
    assert page.get_attribute(ANSWER, "role") == "status"
    assert page.inner_text(ANSWER) == ""
    page.locator("input[name='o_payment_radio']").first.focus()
    for _step in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == BOX[1:]:
            break
    for ticked, total, words in (
        (True, "544,27 €", "Hinzugefügt"),
        (False, "541,33 €", "Entfernt"),
    ):
        page.keyboard.press("Space")
        page.locator(ANSWER).get_by_text(words).wait_for(state="attached")
        assert page.is_checked(BOX) is ticked
        assert read_total(page) == total
        assert clean(page.text_content(ANSWER)) == (
            f"{words}. Neue Gesamtsumme: {total}."
        )
        assert page.evaluate("document.activeElement.id") == BOX[1:]
        ring = page.eval_on_selector(BOX, "box => getComputedStyle(box).boxShadow")
        assert ring != "none"
    assert visitor.errors == []


@pytest.mark.full
def test_the_focus_is_never_under_the_bar_of_a_small_phone(pay_as):
    size = {"width": 320, "height": 640}
    page = pay_as("small@kunde.example", viewport=size).page
    parts = page.locator(f"{OFFER} input, {OFFER} a")
    for keys, begin, first in (("Tab", 0, 0), ("Shift+Tab", 10_000, -1)):
        page.evaluate(f"window.scrollTo(0, {begin})")
        parts.nth(first).focus()
        for _number in range(3):
            seen = page.evaluate(
                """() => {
                    const focused = document.activeElement;
                    const {x, y, width, height} = focused.getBoundingClientRect();
                    return [y + 1, y + height - 1].map(
                        (at) => document.elementFromPoint(x + width / 2, at) === focused
                    );
                }"""
            )
            assert seen == [True, True]
            page.keyboard.press(keys)


@pytest.mark.full
def test_the_answer_is_seen_on_a_small_phone(pay_as):
    visitor = pay_as("answer@kunde.example", viewport={"width": 320, "height": 640})
    page = visitor.page
    page.evaluate("scrollTo(0, 0)")
    page.locator("#trustedshops_protection:enabled").focus()
    with page.expect_response("**/shop/trustedshops/protection"):
        page.keyboard.press("Space")
    page.locator(".o_trustedshops_offer[aria-busy='false']").wait_for()
    answer = page.locator("#trustedshops_answer")
    assert answer.inner_text().startswith("Hinzugefügt")
    top, height = answer.bounding_box()["y"], answer.bounding_box()["height"]
    # Core's bar takes the last 180 pixels.
    assert 0 < top < top + height < 640 - 180


@pytest.mark.full
def test_forced_colours_show_a_tick(pay_as):
    visitor = pay_as("forced@kunde.example", forced_colors="active")
    box = visitor.page.locator("#trustedshops_protection")
    assert box.evaluate("each => getComputedStyle(each).appearance") == "auto"


@pytest.mark.full
def test_neither_amount_nor_link_nor_answer_stands_alone(pay_as):
    visitor = pay_as("lines@kunde.example")
    visitor.tick_protection()
    offer = visitor.page.locator(OFFER).element_handle()
    narrow = visitor.page.evaluate(READ_LINES, [offer, 260, 440])
    wide = visitor.page.evaluate(READ_LINES, [offer, 450, 750])
    assert narrow == [[True, True, False]] * 18
    assert wide == [[True, True, True]] * 30
    # A long answer takes more lines, and no place of a link's.
    visitor.page.locator(ANSWER).evaluate("each => each.append(' long'.repeat(99))")
    answer = visitor.page.locator(ANSWER).bounding_box()
    link = visitor.page.locator(f"{OFFER} a").last.bounding_box()
    assert answer["x"] > link["x"] + link["width"]
    assert answer["height"] > 100


@pytest.mark.full
def test_long_words_break_in_large_text(pay_as):
    visitor = pay_as("large@kunde.example", viewport={"width": 320, "height": 640})
    page = visitor.page
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    row = page.locator(".o_trustedshops_checkout")
    assert row.evaluate("each => each.scrollWidth <= each.clientWidth")


@pytest.mark.full
def test_the_polish_shop_offers_in_polish_and_zloty(shop, pay_as):
    visitor = pay_as("jan@klient.example", "PL", url=shop.polish_url, locale="pl-PL")
    page = visitor.page
    assert clean(page.inner_text(f"label[for='{BOX[1:]}']")) == POLISH_LABEL
    visitor.tick_protection()
    assert clean(page.text_content(ANSWER)) == ("Dodana. Nowa suma: 564,52 zł.")
