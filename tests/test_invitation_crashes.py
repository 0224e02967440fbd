# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Processes that are killed while they invite, and several at the same rows.

No buyer is invited twice, whatever dies: a person decides what becomes of a call that
may have arrived.
"""

import time
from collections import Counter

import pytest
from invitation_queue import (
    FOUND_LOCK,
    RUN,
    RUN_SLOWLY,
    RUN_UNLOCKED,
    InvitationQueue,
)

from wsts.steps import wait_for

pytestmark = pytest.mark.full

EVENT = "postEvent"
MODEL = "trustedshops.invitation"
# Step at which the process dies.
POINTS = {
    "before the commit of the row": ("before", {"state": "due"}),
    "after the commit of the row": ("after", {"state": "due"}),
    "before the commit of sending": ("before", {"state": "sending"}),
    "after the commit of sending": ("after", {"state": "sending"}),
    "before the commit of the answer": ("before", {"state": "accepted"}),
    "after the commit of the answer": ("after", {"state": "accepted"}),
}
FAULTS = (
    {"kind": "hang_after", "seconds": 0.3},
    {"kind": "hang_after", "seconds": 20},
    {"kind": "hang_before", "seconds": 0.3},
    {"kind": "http_500"},
)


@pytest.fixture(scope="module")
def invitations(queue):
    """Return the queue of invitations, with an account that is connected."""
    invitations = InvitationQueue(queue).set_up()
    yield invitations
    invitations.tear_down()


@pytest.fixture(autouse=True)
def calm(invitations):
    """Begin and end with a service that behaves, and without rows of others."""
    invitations.behave()
    yield
    invitations.behave()


@pytest.fixture
def size(request):
    """Return how many orders, and how many kills at random times."""
    return (3000, 520) if request.config.getoption("long") else (10, 6)


def place_one(invitations, name):
    """Return the address of a buyer who agreed, and the order."""
    email = f"{''.join(c if c.isalnum() else '-' for c in name)[-50:]}@kunde.example"
    [order_id] = invitations.place([email])
    return email, order_id


@pytest.mark.parametrize("point", POINTS)
def test_a_process_that_dies_at_a_step(invitations, point):
    when, values = POINTS[point]
    email, order_id = place_one(invitations, point)
    kill = {"when": when, "values": values, "model": MODEL}
    assert invitations.queue.do(RUN, kill=kill)
    assert invitations.settle() == 0
    # What was committed as being sent may have arrived: here one did not, and one did.
    lost = {"after the commit of sending": 0, "before the commit of the answer": 1}
    state = "unknown" if point in lost else "accepted"
    assert invitations.read(order_id, "state") == [state]
    assert invitations.count_events()[email] == lost.get(point, 1)


@pytest.mark.parametrize(("kind", "count"), [("hang_before", 0), ("hang_after", 1)])
def test_a_process_that_dies_during_the_call(invitations, kind, count):
    sandbox = invitations.shop.sandbox
    email, order_id = place_one(invitations, kind)
    sandbox.post("faults", {"operation": EVENT, "kind": kind, "times": 1})
    pid = invitations.queue.begin(RUN)
    wait_for(lambda: sandbox.get("faults") == [], "the call")
    if count:
        wait_for(lambda: invitations.count_events()[email], "the event")
    assert invitations.read(order_id, "state") == ["sending"]
    assert invitations.queue.kill(pid)["signal"] == 9
    assert invitations.settle() == 0
    # Only a person sends it again.
    assert invitations.read(order_id, "state") == ["unknown"]
    assert invitations.count_events()[email] == count


def test_servers_at_once_invite_once_for_each_order(invitations):
    emails = [f"servers-{each}@kunde.example" for each in range(15)]
    orders = invitations.place(emails)
    invitations.shop.sandbox.post("settings", {"delay_ms": 30})
    # Without core's lock on the job.
    workers = [invitations.queue.begin(RUN_UNLOCKED) for _server in range(4)]
    for pid in workers:
        assert invitations.queue.end(pid)["code"] == 0
    assert invitations.settle() == 0
    received = invitations.count_events()
    assert [received[email] for email in emails] == [1] * 15
    states = Counter(invitations.read(order, "state")[0] for order in orders)
    assert states == {"accepted": 15}


def test_a_run_that_is_slower_than_another_opens_nothing_again(invitations):
    emails = [f"slower-{each}@kunde.example" for each in range(3)]
    orders = invitations.place(emails)
    slow = invitations.queue.begin(RUN_SLOWLY)
    # It has found the orders, which have no rows yet; the other one makes and sends.
    holds = f"SELECT count(*) FROM pg_locks WHERE objid = {FOUND_LOCK} AND granted"
    wait_for(lambda: invitations.queue.query(holds) == [["1"]], "the slow run")
    invitations.queue.do(RUN_UNLOCKED)
    assert [invitations.read(order, "state") for order in orders] == [["accepted"]] * 3
    assert invitations.queue.end(slow)["code"] == 0
    assert invitations.settle() == 0
    received = invitations.count_events()
    assert [received[email] for email in emails] == [1] * 3
    # What the database says when a row is there already names the address.
    assert "slower-" not in invitations.queue.log.read_text()


def kill_at_random(invitations, kills, dice):
    """Invite with processes that die; return how many were killed."""
    # Else a fast machine is through with all rows before the first one is killed.
    invitations.shop.sandbox.post("settings", {"delay_ms": 100})
    killed = 0
    for _round in range(kills):
        # A call without an answer ends a run.
        if dice.random() < 0.5:
            fault = {"operation": EVENT, "times": 1, **dice.choice(FAULTS)}
            invitations.shop.sandbox.post("faults", fault)
        pid = invitations.queue.begin(RUN)
        time.sleep(dice.uniform(0.05, 0.6))
        killed += invitations.queue.kill(pid)["signal"] == 9
        # After three dead runs Odoo would not run a job once.
        invitations.queue.query("UPDATE ir_cron_progress SET timed_out_counter = 0")
        invitations.let_time_pass()
    return killed


def test_processes_that_die_at_random(invitations, size, dice):
    count, kills = size
    emails = [f"random-{each}@kunde.example" for each in range(count)]
    orders = invitations.place(emails)
    killed = kill_at_random(invitations, kills, dice)
    invitations.behave_well()
    # A run ends after some time, so that other jobs of the server can run.
    left = invitations.settle(rounds=20 + count // 20)
    received = invitations.count_events()
    states = [invitations.read(order, "state")[0] for order in orders]
    found = Counter(states)
    found["doubled"] = sum(received[email] > 1 for email in emails)
    found["accepted but lost"] = sum(
        state == "accepted" and not received[email]
        for state, email in zip(states, emails, strict=True)
    )
    print(
        f"figures: invitations, kills {killed}, "
        + ", ".join(f"{what} {number}" for what, number in found.items())
    )
    assert killed > 0
    assert (left, found["doubled"], found["accepted but lost"]) == (0, 0, 0)
    assert found["accepted"] + found["unknown"] == count
