# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Processes that are killed while they work through the queue, at each of its steps.

Nothing is lost: whatever dies, the next process brings every protection to an end, or
tells a person. Nothing is applied for twice as long as the service refuses an order
number that it knows, as it does; one that accepted it would get an application again
after a call of which no answer was stored, for nobody can know whether it arrived.
"""

import time
from collections import Counter

import pytest
import requests
from queue_process import RUN, SEND_MAILS, reset_sandbox
from story import applications_of, mails_to

from wsts.steps import wait_for

pytestmark = pytest.mark.full

APPLY = "requestForProtectionV2"
# Step at which the process dies.
POINTS = {
    "before the commit of sending": ("before", {"state": "sending"}),
    "after the commit of sending": ("after", {"state": "sending"}),
    "before the commit of the answer": ("before", {"state": "requested"}),
    "after the commit of the answer": ("after", {"state": "requested"}),
    "before the commit of the notice": ("before", {"notice_due": False}),
    "after the commit of the notice": ("after", {"notice_due": False}),
    "before the commit of the decision": ("before", {"state": "confirmed"}),
    "after the commit of the decision": ("after", {"state": "confirmed"}),
    "before the commit of the mail": ("before", {"mail_due": False, "mailed_at": "*"}),
    "after the commit of the mail": ("after", {"mail_due": False, "mailed_at": "*"}),
}
# Where an application has arrived whose answer is not stored.
ARRIVED = ("before the commit of the answer", "hang_after")


def by_duplicates(name, cases):
    """Try cases with a service that accepts a known order number: so doubles show.

    One that refuses it makes a difference where an application has arrived.
    """
    pairs = [("accept", each) for each in cases]
    pairs += [("refuse", each) for each in cases if each in ARRIVED]
    return pytest.mark.parametrize(("duplicates", name), pairs, indirect=["duplicates"])


@pytest.fixture
def duplicates(request, shop, queue):
    """Have the service refuse or accept an order number that it knows."""
    reset_sandbox(shop)
    shop.sandbox.post("settings", {"duplicates": request.param})
    queue.forget_others()
    return request.param


@pytest.fixture
def size(request):
    """Return how many orders, and how many kills at random times."""
    return (200, 80) if request.config.getoption("long") else (10, 6)


@pytest.fixture
def placed(request, queue, duplicates):
    """Return an order that waits in the queue, and the address of its buyer."""
    words = "".join(c if c.isalnum() else "-" for c in request.node.name)
    email = f"{words[-55:].strip('-')}@kunde.example"
    [order_id] = queue.place([email])
    return order_id, email


def count_todos(queue, order_id, cause=None):
    where = f" AND a.trustedshops_cause = '{cause}'" if cause else ""
    [[count]] = queue.query(
        "SELECT count(*) FROM mail_activity a JOIN trustedshops_protection p ON"
        " a.res_model = 'trustedshops.protection' AND a.res_id = p.id WHERE a.active"
        f" AND p.order_id = {order_id}{where}"
    )
    return int(count)


def count_notes(queue, order_id, text):
    [[count]] = queue.query(
        "SELECT count(*) FROM mail_message WHERE model = 'sale.order' AND res_id ="
        f" {order_id} AND body LIKE '%{text}%'"
    )
    return int(count)


def enter_number(queue, order_id, number):
    """Enter an application number as a person does who looked it up."""
    queue.query(
        f"UPDATE trustedshops_protection SET application_number = '{number}',"
        f" next_attempt_at = now() WHERE order_id = {order_id}"
    )


def check_the_end(queue, placed, duplicates, arrived):
    """Check that the order has one application, one mail and one note of it."""
    shop, (order_id, email) = queue.shop, placed
    assert queue.settle() == 0
    applications = applications_of(shop, email)
    if arrived and duplicates == "refuse":
        # What nobody can know is asked of a person, never guessed.
        assert queue.read(order_id, "state, application_number") == ["requested", ""]
        assert count_todos(queue, order_id, "protection") == 1
        assert mails_to(shop, email, "Käuferschutz") == []
        enter_number(queue, order_id, applications[0]["application_number"])
        assert queue.settle() == 0
    assert len(applications) == (2 if arrived and duplicates == "accept" else 1)
    assert queue.read(order_id, "state, application_number") == [
        "confirmed",
        str(applications[-1]["application_number"]),
    ]
    assert len(mails_to(shop, email, "Käuferschutz")) == 1
    assert count_todos(queue, order_id) == 0
    notes = 0 if arrived and duplicates == "refuse" else 1
    assert count_notes(queue, order_id, "was applied for, application") == notes
    assert count_notes(queue, order_id, "is confirmed, guarantee") == 1


@by_duplicates("point", POINTS)
def test_a_process_that_dies_at_a_step(queue, placed, duplicates, point):
    when, values = POINTS[point]
    assert queue.do(RUN, kill={"when": when, "values": values})
    check_the_end(queue, placed, duplicates, point in ARRIVED)


@by_duplicates("state", ["requested", "confirmed"])
def test_a_connection_that_dies_while_an_answer_is_stored(
    queue, placed, duplicates, state
):
    queue.query("UPDATE ir_cron_progress SET timed_out_counter = 0")
    cut = {"when": "cut", "values": {"state": state}}
    # With it the rest of the run is lost, but not what the service answered.
    assert queue.end(queue.begin(RUN, cut))["code"] == 1
    assert queue.read(placed[0], "state") == [state]
    check_the_end(queue, placed, duplicates, arrived=False)


@by_duplicates("kind", ["hang_before", "hang_after"])
def test_a_process_that_dies_during_the_call(shop, queue, placed, duplicates, kind):
    shop.sandbox.post("faults", {"operation": APPLY, "kind": kind, "times": 1})
    pid = queue.begin(RUN)
    # The sandbox counts a fault as used when it takes the call.
    wait_for(lambda: shop.sandbox.get("faults") == [], "the call")
    if kind in ARRIVED:
        wait_for(lambda: applications_of(shop, placed[1]), "the application")
    assert queue.read(placed[0], "state") == ["sending"]
    assert queue.kill(pid)["signal"] == 9
    assert queue.read(placed[0], "state") == ["sending"]
    check_the_end(queue, placed, duplicates, kind in ARRIVED)


FAULTS = (
    {"kind": "hang_after", "seconds": 0.3},
    {"kind": "hang_after", "seconds": 20},
    {"kind": "hang_before", "seconds": 0.3},
    {"kind": "http_500"},
)


def kill_at_random(queue, kills, dice):
    """Work through the queue with processes that die; return how many were killed."""
    # Else a fast machine is through with all rows before the first one is killed.
    queue.shop.sandbox.post("settings", {"delay_ms": 100})
    killed = 0
    for _round in range(kills):
        for _count in range(dice.randrange(3)):
            fault = {"operation": APPLY, "times": 1, **dice.choice(FAULTS)}
            queue.shop.sandbox.post("faults", fault)
        pid = queue.begin(RUN)
        time.sleep(dice.uniform(0.1, 1.5))
        killed += queue.kill(pid)["signal"] == 9
        if dice.random() < 0.2:
            queue.do(SEND_MAILS)
        # After three dead runs Odoo would not run a job once.
        queue.query("UPDATE ir_cron_progress SET timed_out_counter = 0")
        queue.let_time_pass()
    requests.delete(f"{queue.shop.sandbox.url}/_control/faults", timeout=60)
    queue.shop.sandbox.post("settings", {"delay_ms": 0})
    return killed


def count_outcomes(queue, emails, orders):
    """Return what became of the orders, by the service's, the inbox's and our books."""
    shop = queue.shop
    by_email = Counter(
        application["buyerEmail"] for application in shop.sandbox.get("applications")
    )
    mails = Counter(
        mail["to"][0]
        for mail in shop.sandbox.get("mails")
        if "Käuferschutz" in mail["subject"]
    )
    found = Counter(orders=len(emails))
    for email, order_id in zip(emails, orders, strict=True):
        state, number, may_have_arrived = queue.read(
            order_id, "state, COALESCE(application_number, ''), may_have_arrived"
        )
        found["applications"] += by_email[email]
        found["mails"] += mails[email]
        found["lost"] += by_email[email] == 0
        found["doubled"] += by_email[email] > 1
        found["doubled without doubt"] += (
            by_email[email] > 1 and may_have_arrived != "t"
        )
        asked = count_todos(queue, order_id, "protection")
        found["asked of a person"] += asked
        found["asked twice"] += asked > 1
        ended = state == "confirmed" and number and mails[email] == 1
        waits = state == "requested" and not number and asked and not mails[email]
        found["stuck"] += not ended and not waits
    return found


@pytest.mark.parametrize("duplicates", ["refuse", "accept"], indirect=True)
def test_processes_that_die_at_random(queue, duplicates, size, dice):
    count, kills = size
    emails = [f"random-{duplicates}-{each}@kunde.example" for each in range(count)]
    orders = queue.place(emails)
    killed = kill_at_random(queue, kills, dice)
    left = queue.settle(rounds=60)
    found = count_outcomes(queue, emails, orders)
    print(
        f"figures: crashes, known order numbers: {duplicates}, kills {killed}, "
        + ", ".join(f"{what} {number}" for what, number in found.items())
    )
    assert killed > 0
    assert (left, found["lost"], found["stuck"], found["asked twice"]) == (0, 0, 0, 0)
    assert found["mails"] == count - found["asked of a person"]
    assert found["doubled without doubt"] == 0
    if duplicates == "refuse":
        assert found["applications"] == count
    else:
        assert found["asked of a person"] == 0
