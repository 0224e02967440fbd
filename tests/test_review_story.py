# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The whole way of a review: ticked, ordered, delivered, invited, written."""

import json
import re

import pytest
import requests
from story import DESK, DESKTOP, add_client, give_back

from wsts.steps import (
    ask_about_products,
    deliver,
    find_invites,
    invite,
    let_shop_invite,
    read_order,
    read_reviews,
    run_job,
    wait_for,
    write_review,
)

pytestmark = pytest.mark.full

EMAIL = "bewertung@kunde.example"
ACCOUNT, CHANNEL = "trustedshops.account", "trustedshops.channel"
REVIEW, ANSWER = "trustedshops.review", "trustedshops.review.answer"
ACTION = "action-website_sale_trustedshops_reviews.trustedshops_review_action"
PHONE = {"width": 390, "height": 844}
# Of the shop, then of the desk.
REVIEWS = ((2, "Wackelt", ""), (5, "Edel", ""))


@pytest.fixture
def channel(shop, admin):
    """Connect the sandbox's account, and have Odoo invite, for one test."""
    shop.sandbox.post("settings", {"invite_settings_seconds": 0})
    [company] = admin.call("res.company", "search", [["name", "=", "DE Company"]])
    others = admin.call(CHANNEL, "search", [["company_id", "=", company]])
    admin.call(CHANNEL, "write", others, {"active": False})
    values = {"company_id": company, "environment": "sandbox", **add_client(shop)}
    account = admin.call(ACCOUNT, "create", values)
    admin.call(ACCOUNT, "action_connect", [account])
    domain = [["account_id", "=", account], ["website_id", "!=", False]]
    [channel] = admin.call(CHANNEL, "search", domain)
    values = {"consent_mode": "checkbox", "inviter": "odoo"}
    admin.call(CHANNEL, "write", [channel], values)
    [found] = admin.call(CHANNEL, "read", [channel], ["channel_ref"])
    let_shop_invite(shop.sandbox, found["channel_ref"])
    admin.call(ACCOUNT, "action_connect", [account])
    ask_about_products(shop)
    yield channel
    admin.call(CHANNEL, "write", [channel], {"active": False})
    give_back(shop, found["channel_ref"])
    for review in shop.sandbox.get("reviews?limit=100000"):
        if review.get("title") == "Edel":  # other tests count the stars of the product
            address = f"{shop.sandbox.url}/_control/reviews/{review['id']}"
            requests.delete(address, timeout=60)


def test_a_buyer_who_agreed_reviews_what_was_delivered(
    shop, admin, pay_as, channel, new_visitor
):
    buyer = pay_as(EMAIL)
    buyer.agree_to_invitation()
    buyer.pay_by("wire_transfer")
    name = read_order(buyer.page)
    [order] = admin.call("sale.order", "search", [["name", "=", name]])
    invite(shop, admin)
    assert find_invites(shop, EMAIL) == []
    deliver(admin, order)
    invite(shop, admin)
    [invitation] = find_invites(shop, EMAIL)
    assert invitation["transaction"]["reference"] == name
    # Once, however often the job runs.
    invite(shop, admin)
    assert len(find_invites(shop, EMAIL)) == 1
    write_review(new_visitor().page, invitation["link"], *REVIEWS)
    low = see_both_on_the_desk(shop, admin, order)
    see_stars(shop, admin, new_visitor())
    admin.open(f"/odoo/sales/{order}")
    page = admin.page
    page.get_by_role("tab", name="Reviews").click()
    page.locator("[name='trustedshops_review_ids']").get_by_text("Wackelt").wait_for()
    see_average(admin)
    reply(shop, admin, low["id"])
    see_invitation_on_a_phone(admin, name)
    erase(shop, admin, channel, order)


def read_all(shop, admin, domain, count):
    """Read reviews until those that a test wrote are there."""

    def are_read():
        read_reviews(shop, admin)  # the shop's own run may be at work
        return admin.call(REVIEW, "search_count", domain) == count

    wait_for(are_read, "the reading of the reviews")


def see_both_on_the_desk(shop, admin, order):
    """See both reviews found through the invitation, with a to-do for the low one."""
    of_order = [["order_id", "=", order]]
    read_all(shop, admin, of_order, 2)
    fields = ["stars", "title", "subject", "activity_ids", "product_tmpl_id"]
    found = admin.call(REVIEW, "search_read", of_order, fields)
    low, good = sorted(found, key=lambda review: review["stars"])
    assert (low["stars"], low["title"], low["subject"]) == (2, "Wackelt", "shop")
    assert len(low["activity_ids"]) == 1
    assert (good["stars"], good["title"], good["subject"]) == (5, "Edel", "product")
    assert good["product_tmpl_id"][0] == int(DESK.rpartition("-")[2])
    return low


def see_invitation_on_a_phone(admin, name):
    """See a card for each invitation, which fits the screen."""
    page = admin.page
    page.set_viewport_size(PHONE)
    admin.open("/odoo/trusted-shops-invitations")
    card = page.locator(".o_kanban_record", has_text=name)
    card.get_by_text("Handed Over", exact=True).wait_for()
    assert card.evaluate("each => each.scrollWidth <= innerWidth")
    page.set_viewport_size(DESKTOP)


def see_stars(shop, admin, visitor):
    """See the stars of the product, and the same value for search engines."""
    run_job(shop, admin, "read_ratings")  # due again since the review was read
    visitor.open(f"/shop/{DESK}")
    page = visitor.page
    page.locator(".o_trustedshops_stars").first.wait_for()
    nodes = page.locator("script[type='application/ld+json']").all_text_contents()
    [rating] = [
        node["aggregateRating"]
        for text in nodes
        for node in _list_nodes(json.loads(text))
        if "aggregateRating" in node and node["@type"] in ("Product", "ProductGroup")
    ]
    shown = page.locator(".o_trustedshops_stars").first.inner_text()
    assert f"{float(rating['ratingValue']):.2f}".replace(".", ",") in shown


def _list_nodes(data):
    """Return the nodes of structured data, which may be one or several."""
    return data if isinstance(data, list) else data.get("@graph", [data])


def see_average(admin):
    """See an average in the pivot that is not rounded to whole stars."""
    admin.open(f"/odoo/{ACTION}")
    admin.page.locator(".o_switch_view.o_pivot").click()
    average = admin.page.locator(".o_pivot_cell_value:not(.o_empty)").first
    average.get_by_text(re.compile(r"^[1-5]\.\d\d$")).wait_for()


def reply(shop, admin, review):
    """Reply to a review at the desk."""
    page = admin.page
    admin.open(f"/odoo/{ACTION}/{review}")
    page.get_by_role("button", name="Reply", exact=True).click()
    page.locator(".modal [name='text'] textarea").fill("Das tut uns leid.")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("What Trusted Shops gets").wait_for()
    # Changed in another window meanwhile: it is shown, not published.
    [answer] = admin.call(ANSWER, "search", [["review_id", "=", review]])
    admin.call(ANSWER, "write", [answer], {"text": "Das tut uns sehr leid."})
    page.get_by_role("button", name="Publish Reply").click()
    page.get_by_text("Nothing was sent").wait_for()
    page.get_by_text("Das tut uns sehr leid.").wait_for()
    # The answer gets lost: the words stay on the screen, and are not sent again.
    lost = {"operation": "postReply", "kind": "hang_after", "times": 1, "seconds": 1}
    shop.sandbox.post("faults", lost)
    page.get_by_role("button", name="Publish Reply").click()
    page.get_by_text("it may have been sent").first.wait_for()
    page.get_by_text("Nothing was sent").wait_for(state="hidden")
    page.get_by_role("button", name="Publish Reply").click()
    page.get_by_text("The reply: received by Trusted Shops.").first.wait_for()
    page.locator(".modal").wait_for(state="hidden")
    assert admin.call(ANSWER, "search_count", []) == 0
    replies = [
        each["reply"]["comment"]
        for each in shop.sandbox.get("reviews")
        if each.get("reply")
    ]
    assert "Das tut uns sehr leid." in replies
    assert "Das tut uns leid." not in replies


STRANGE = [["review_ref", "=", "rev-strange"]]


def write_about_number(shop, admin, channel, reference):
    """Let a review of years ago name the number of an order."""
    [found] = admin.call(CHANNEL, "read", [channel], ["channel_ref"])
    row = {
        "id": "rev-strange",
        "channelRef": found["channel_ref"],
        "rating": 1,
        "title": "Von Fremden",
        "submittedAt": "2024-05-03T12:00:00Z",
        "transaction": {"reference": reference},
    }
    shop.sandbox.post("reviews", [row])
    read_all(shop, admin, STRANGE, 1)


def delete_by_lookup(page):
    """Delete the reviews that Privacy Lookup finds of a contact."""
    page.locator(".o_cp_action_menus .dropdown-toggle").click()
    page.get_by_role("menuitem", name="Privacy Lookup").click()
    page.get_by_role("button", name="Lookup", exact=True).click()
    page.locator(".o_group_name", has_text=re.compile(r"^\s*Review \(")).click()
    buttons = page.locator("button[name='action_unlink']")
    buttons.first.wait_for()
    for _review in range(buttons.count()):
        buttons.first.click()
        page.locator(".modal .btn-primary").click()
        page.locator(".modal").wait_for(state="hidden")
        page.get_by_text("Erased: Review #").nth(_review).wait_for()


def erase(shop, admin, channel, order):
    """Erase what the buyer wrote, and not what a stranger did."""
    [sale] = admin.call("sale.order", "read", [order], ["name", "partner_id"])
    write_about_number(shop, admin, channel, sale["name"])
    admin.open(f"/odoo/res.partner/{sale['partner_id'][0]}")
    delete_by_lookup(admin.page)
    of_order = [["order_id", "=", order]]
    assert admin.call(REVIEW, "search_count", of_order) == 0
    [strange] = admin.call(REVIEW, "search_read", STRANGE, ["title"])
    assert strange["title"] == "Von Fremden"


HOSTILE = (
    ("<script>alert(1)</script>", "<img src=x onerror=alert(1)> Schlecht"),
    ("\u202eRTL \u200f\u05e9\u05dc\u05d5\u05dd", "\u202e\u05e9\u05dc\u05d5\u05dd"),
    ("Lang", "Wort" * 12_500),
    ("\U0001f381 Danke", "Zeile\n" * 40),
)


def test_whatever_buyers_write_fits_the_screen(shop, admin, channel):
    [found] = admin.call(CHANNEL, "read", [channel], ["channel_ref"])
    rows = [
        {
            "id": f"rev-screen-{number}",
            "channelRef": found["channel_ref"],
            "rating": 1 + number,
            "title": title,
            "comment": comment,
        }
        for number, (title, comment) in enumerate(HOSTILE)
    ]
    shop.sandbox.post("reviews", rows)
    read_reviews(shop, admin)
    ids = admin.call(REVIEW, "search", [["review_ref", "like", "rev-screen-%"]])
    assert len(ids) == len(HOSTILE)
    page = admin.page
    for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)
        for view, path in (("list", ACTION), ("form", f"{ACTION}/{ids[-2]}")):
            admin.open(f"/odoo/{path}")
            page.get_by_text("★").first.wait_for()
            wide = page.evaluate(
                "document.documentElement.scrollWidth - window.innerWidth"
            )
            assert wide <= 0, (name, view)
    page.set_viewport_size(DESKTOP)
