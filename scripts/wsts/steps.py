# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Steps from an order to the stars of its review; for pictures and browser tests.

``shop`` is a ``Shop`` that runs, ``admin`` an ``Administrator`` who is logged in.
"""

import re
import time

from . import postgres


def wait_for(get, what, seconds=180, page=None):
    """Return the first true answer of a question asked again and again.

    What a page tells of, as its requests, gets here only while Playwright waits in it.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := get():
            return answer
        if page:
            page.wait_for_timeout(50)
        else:
            time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {seconds} seconds")


def read_order(page):
    """Return the name of the order that the page confirms."""
    return re.search(r"S\d+", page.inner_text("#order_name")).group()


def run_job(shop, admin, name):
    """Run a scheduled action, once a run of it by the shop's own server is over."""
    [[job]] = postgres.query(
        "SELECT res_id FROM ir_model_data WHERE model = 'ir.cron'"
        f" AND name = 'ir_cron_{name}'",
        shop.database,
    )

    def run():
        try:
            return admin.call("ir.cron", "method_direct_trigger", [int(job)])
        except RuntimeError as error:
            assert "already executing" in str(error)
            return False

    wait_for(run, f"the job {name}")


def let_shop_invite(sandbox, channel_ref):
    """Have buyers be asked after the shop's own events alone, as set in the sandbox.

    The account has to be connected before, and asked again after it.
    """
    for setting in (
        {"type": "order_status_from_odoo", "service": 1, "days": 0},
        {"type": "checkout", "service": 0, "product": 0},
    ):
        sandbox.post("invite_settings", {"channel": channel_ref, **setting})


def deliver(admin, order):
    """Confirm an order that was paid, and hand over its goods."""
    admin.call("sale.order", "action_confirm", [order])
    pickings = admin.call("stock.picking", "search", [["sale_id", "=", order]])
    moves = admin.call("stock.move", "search", [["picking_id", "in", pickings]])
    for move in admin.call("stock.move", "read", moves, ["product_uom_qty"]):
        done = {"quantity": move["product_uom_qty"], "picked": True}
        admin.call("stock.move", "write", [move["id"]], done)
    admin.call("stock.picking", "button_validate", pickings)


def invite(shop, admin):
    """Look at all that waits, as if an hour had passed."""
    postgres.query(
        "UPDATE trustedshops_invitation SET next_attempt_at = now() AT TIME ZONE 'UTC'"
        " WHERE state = 'waiting'",
        shop.database,
    )
    run_job(shop, admin, "invite")


def find_invites(shop, email):
    """Return the invitations of a buyer at the sandbox, oldest first."""
    invites = shop.sandbox.get("invites")
    return [each for each in invites if each["customer"]["email"] == email]


def write_review(page, link, *reviews):
    """Write reviews by the link of an invitation."""
    page.goto(link)
    for number, (stars, title, words) in enumerate(reviews):
        group = page.get_by_role("group", name="Stars").nth(number)
        group.get_by_label(str(stars)).check()
        page.get_by_label("Title").nth(number).fill(title)
        page.get_by_label("Your words").nth(number).fill(words)
    page.get_by_role("button", name="Send the review").click()
    page.get_by_text("Thank you.").wait_for()


def read_ratings(shop, admin):
    """Read the stars of all products, as if a day had passed."""
    postgres.query(
        "UPDATE trustedshops_product_rating SET next_attempt_at ="
        " now() AT TIME ZONE 'UTC' - interval '1 minute'",
        shop.database,
    )
    run_job(shop, admin, "read_ratings")
