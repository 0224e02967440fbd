# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Presses of the boxes whose answers are lost: what is shown is what is ordered."""

import os
import random
import re
from itertools import count

import pytest
from story import applications_of, clean, read_total

from wsts import postgres
from wsts.steps import wait_for

pytestmark = pytest.mark.full

PROTECTION, REVIEW = "#trustedshops_protection", "#trustedshops_review_box"
BUTTON = "button[name='o_payment_submit_button']:visible"
ANSWERS = {
    PROTECTION: "[name='trustedshops_answer']",
    REVIEW: "[name='trustedshops_review_answer']",
}
SAVED = re.compile("/shop/trustedshops/(protection|reviews)(/state)?$")
ORDER = re.compile(r"/shop/payment/transaction/\d+$")
# Waits of the page, in milliseconds, and what a test waits instead.
HURRY = """(() => {
    const {setTimeout} = window;
    const waits = {1000: 50, 2000: 100, 4000: 200, 5000: %d};
    window.setTimeout = (call, delay, ...args) =>
        setTimeout(call, waits[delay] ?? delay, ...args);
})()"""
# An order was made, or refused by a page that was loaded anew.
ANSWERED = """() => location.pathname.endsWith("/shop/confirmation")
    || !window.isOld && document.querySelector("[name='trustedshops_answer']")
        ?.innerText.includes("nichts bestellt")"""
SETTLED = """() => document.readyState === "complete"
    && document.querySelector(".o_trustedshops_offer[aria-busy]")
    && !document.querySelector(".o_trustedshops_checkout [aria-busy='true']")
    && document.querySelector("#trustedshops_protection:enabled")"""
# The desk and its delivery, with the fee and without.
WITHOUT, WITH = "541,33 €", "544,27 €"
TOTALS = {False: WITHOUT, True: WITH}
FAILED = "Nicht gespeichert, erneut?"
LOST = "Nicht entfernt. Seite neu laden"
ADDED = "Hinzugefügt"
NUMBERS = count()
SEED = int(os.environ.get("TICK_SEED", "1"))
PRESSES = int(os.environ.get("TICK_PRESSES", "12"))


class Buyer:
    """Somebody at the payment page whose line is bad.

    :param visitor: on the payment page
    :param str email: of the cart's buyer
    :param shop: the running shop
    """

    def __init__(self, visitor, email, shop):
        self.visitor, self.page = visitor, visitor.page
        self.email, self.shop = email, shop
        # What becomes of the next requests, one after the other.
        self.fates = []
        self.page.unroute_all()
        self.page.route(SAVED, self._meet_fate)

    def _meet_fate(self, route):
        fate = self.fates.pop(0) if self.fates else ""
        if fate in ("lost after", "late"):
            route.fetch()
        if fate in ("lost before", "lost after"):
            route.abort()
        elif not fate:
            route.continue_()

    def press(self, box=PROTECTION, *fates):
        """Press a box and wait for the end of saving it; it may load the page anew."""
        self.fates = list(fates)
        self.page.locator(box).scroll_into_view_if_needed()
        self.page.click(box)
        self.settle()

    def settle(self):
        """Wait until the shop was heard of, or given up, and the page can be used."""
        self.page.wait_for_function(SETTLED)
        self.visitor.wait_until_usable()

    def read(self, box=PROTECTION):
        """Return whether the box is ticked, what stands at it, and the total."""
        answer = clean(self.page.locator(ANSWERS[box]).inner_text())
        return self.page.is_checked(box), answer, read_total(self.page)

    def can_order(self):
        return self.page.locator(BUTTON).first.is_enabled()

    def order(self, method="demo"):
        """Order and wait for the next page; return whether it was ordered."""
        self.visitor.choose_method(method)
        self.page.evaluate("window.isOld = true")
        self.page.locator(f"{BUTTON}:enabled").first.click()
        self.page.wait_for_function(ANSWERED, timeout=60_000)
        self.visitor.wait_until_usable()
        return self.page.url.endswith("/shop/confirmation")

    def assert_ordered(self, is_ticked, is_agreed=False):
        """Check that the buyer's only order is what a page with these boxes showed."""
        assert read_total(self.page) == TOTALS[is_ticked]
        total = "544.27" if is_ticked else "541.33"
        orders = postgres.query(
            "SELECT o.amount_total, x.amount, count(l.id), count(DISTINCT c.id) FROM"
            " sale_order o JOIN res_partner p ON p.id = o.partner_id JOIN"
            " sale_order_transaction_rel r ON r.sale_order_id = o.id JOIN"
            " payment_transaction x ON x.id = r.transaction_id LEFT JOIN"
            " sale_order_line l ON l.order_id = o.id AND l.is_trustedshops_protection"
            " LEFT JOIN trustedshops_consent c ON c.order_id = o.id AND c.kind ="
            f" 'given' WHERE p.email = '{self.email}' AND x.state IN ('done',"
            " 'pending') GROUP BY o.id, x.id",
            self.shop.database,
        )
        amounts = [[f"{float(each):.2f}" for each in row[:2]] for row in orders]
        assert amounts == [[total, total]]
        counts = [row[2:] for row in orders]
        assert counts == [[str(int(is_ticked)), str(int(is_agreed))]]
        if is_ticked:
            wait_for(lambda: applications_of(self.shop, self.email), "the application")
        else:
            assert applications_of(self.shop, self.email) == []


@pytest.fixture
def meet(pay_as, new_visitor, shop):
    """Return a maker of buyers, without an error at the end."""
    buyers = []

    def make(visitor=None, patience=5000):
        email = f"lost-{next(NUMBERS)}@kunde.example"
        if visitor is None:
            visitor = new_visitor()
            visitor.page.add_init_script(HURRY % patience)
        buyers.append(Buyer(visitor, email, shop))
        pay_as(email, visitor=visitor)
        return buyers[-1]

    yield make
    for buyer in buyers:
        assert buyer.visitor.errors == []


B, A = "lost before", "lost after"


@pytest.mark.parametrize(
    ("is_ticked", "fates", "shown", "words"),
    [
        (False, [A, B, B, B], False, FAILED),
        (True, [B, B, B, B], True, LOST),
        (False, [A, B], True, ADDED),
    ],
)
def test_a_lost_answer(meet, is_ticked, fates, shown, words):
    buyer = meet()
    if is_ticked:
        buyer.press()
    buyer.press(PROTECTION, *fates)
    wait_for(lambda: words in buyer.read()[1], words, page=buyer.page)
    assert buyer.read()[::2] == (shown, TOTALS[shown])
    if words == LOST:
        assert not buyer.can_order()
        buyer.visitor.choose_method("wire_transfer")  # core enables the button again
        assert not buyer.can_order()
        with buyer.page.expect_navigation():
            buyer.page.click(f"{ANSWERS[PROTECTION]} a")
        buyer.settle()
        shown = False
    assert buyer.order("wire_transfer" if len(fates) % 2 else "demo")
    buyer.assert_ordered(shown)


def test_the_bank_answers_in_another_browser(meet, new_visitor):
    buyer = meet()
    buyer.press()
    held = []
    buyer.page.route("**/payment/custom/process", lambda route: held.append(route))
    buyer.visitor.choose_method("wire_transfer")
    buyer.page.locator(BUTTON).first.click()
    wait_for(lambda: held, "the redirect", page=buyer.page)
    sent = held[0].request
    other = new_visitor()
    form = dict(pair.split("=") for pair in sent.post_data.split("&"))
    other.page.request.post(sent.url, form=form)
    held[0].abort()
    # The page of the error would end the next visit if it came later.
    wait_for(
        lambda: buyer.page.url.startswith("chrome-error:"), "the error", page=buyer.page
    )
    buyer.page.goto(f"{buyer.visitor.url}/payment/status")
    buyer.page.wait_for_url("**/shop/confirmation")
    buyer.assert_ordered(True)


def test_an_order_is_sent_once(meet):
    buyer = meet()
    page, sent, fates = buyer.page, [], [A]
    page.on("request", lambda each: ORDER.search(each.url) and sent.append(each))
    page.route(ORDER, buyer._meet_fate)
    buyer.press()
    buyer.fates = fates
    buyer.visitor.choose_method("demo")
    page.locator(f"{BUTTON}:enabled").first.dblclick()
    dialog = page.locator(".modal:visible")
    dialog.get_by_text("Bestellungen").wait_for()
    page.wait_for_timeout(8000)
    assert len(sent) == 1
    dialog.locator(".modal-footer button").first.click()
    dialog.wait_for(state="hidden")
    assert buyer.can_order()
    assert buyer.order()
    buyer.assert_ordered(True)


def test_random_presses_and_losses(meet, channel):
    """Press and lose until an order; more with ``TICK_SEED`` and ``TICK_PRESSES``."""
    dice = random.Random(SEED)
    presses = visits = 0
    visitor = None
    while presses < PRESSES:
        buyer = meet(visitor, patience=1500)
        visitor = buyer.visitor
        story = [f"seed {SEED}, order {visits}"]
        visits += 1
        for _number in range(dice.randint(1, 4)):
            presses += 1
            story.append(do_something(buyer, dice))
        while not buyer.can_order():
            visitor.choose_method("demo")
            if buyer.can_order():
                break
            buyer.visitor.open("/shop/payment")
            buyer.settle()
            story.append("reload")
        shown = buyer.page.is_checked(PROTECTION)
        is_agreed = buyer.page.is_checked(REVIEW)
        assert buyer.read()[2] == TOTALS[shown], story
        method = dice.choice(("demo", "wire_transfer"))
        if not buyer.order(method):
            buyer.settle()
            assert shown, story
            shown = buyer.page.is_checked(PROTECTION)
            is_agreed = buyer.page.is_checked(REVIEW)
            story.append("refused")
            assert buyer.order(method), story
        try:
            buyer.assert_ordered(shown, is_agreed)
        except AssertionError as error:
            raise AssertionError(story) from error


def do_something(buyer, dice):
    """Press a box with what becomes of it, or come and go; return what was done."""
    page = buyer.page
    deed = dice.choice(("press",) * 8 + ("offline", "back", "tab", "reload"))
    box = dice.choice((PROTECTION, PROTECTION, REVIEW))
    fates = [dice.choice(("", B, A, B, A, "late")) for _number in range(4)]
    if deed == "press":
        buyer.press(box, *fates)
    elif deed == "offline":
        page.context.set_offline(True)
        buyer.press(box)
        page.context.set_offline(False)
        fates = []
    elif deed == "back":
        buyer.visitor.open("/shop")
        page.go_back()
    elif deed == "tab":
        tab = page.context.new_page()
        tab.goto(f"{buyer.visitor.url}/shop/payment")
        tab.locator(f"{PROTECTION}:enabled").click()
        tab.locator(".o_trustedshops_offer[aria-busy='false']").wait_for()
        tab.close()
    else:
        buyer.visitor.open("/shop/payment")
    buyer.settle()
    return deed, box, fates, buyer.read()
