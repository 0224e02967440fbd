# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A service that answers too late: the server's other work goes on.

How much of the time is free for it is measured with ``--long``.
"""

import time

import pytest
from invitation_queue import InvitationQueue
from queue_process import reset_sandbox

from wsts import postgres
from wsts.machine import CannotGoOn
from wsts.steps import wait_for

pytestmark = pytest.mark.full

# As *Apps* locks them before it installs anything.
LOCK = "SELECT id FROM ir_cron FOR UPDATE NOWAIT"
# Small, and nothing of ours depends on it.
MODULE = "social_media"


@pytest.fixture
def late(shop, queue_process):
    """Return what lets the service answer after 45 s, with orders for both sides."""
    invitations = InvitationQueue(queue_process).set_up()

    def begin(name):
        end()
        shop.sandbox.post("settings", {"delay_ms": 45000})
        addresses = [f"{name}-{number}@kunde.example" for number in range(12)]
        queue_process.place(addresses)
        invitations.place([f"review-{each}" for each in addresses])
        queue_process.do(
            'env.ref("website_sale_trustedshops_reviews.ir_cron_invite")._trigger()'
        )

    def end():
        reset_sandbox(shop)
        invitations.behave()
        queue_process.forget_others()
        queue_process.query(
            "UPDATE trustedshops_service SET silent_since = NULL, rests_until = NULL"
        )

    yield begin
    end()
    invitations.tear_down()


def is_free(shop):
    """Tell whether no scheduled action of the shop is locked now."""
    try:
        postgres.query(LOCK, shop.database)
    except CannotGoOn:
        return False
    return True


def measure(shop, seconds):
    """Return in which share of some time the scheduled actions are not locked."""
    seen, ends_at = [], time.monotonic() + seconds
    while time.monotonic() < ends_at:
        seen.append(is_free(shop))
        time.sleep(0.25)
    return sum(seen) / len(seen)


def is_silent(queue_process):
    [[count]] = queue_process.query(
        "SELECT count(*) FROM trustedshops_service WHERE silent_since IS NOT NULL"
        " AND kind IN ('soap', 'rest')"
    )
    return count == "2"


def look(shop, queue_process):
    """Measure from the first call on, and tell the figures."""
    share = measure(shop, 600)
    print(f"figures: a service that answers after 45 s, free {share:.2f} of the time")
    assert share >= 0.5
    wait_for(lambda: is_silent(queue_process), "the silence", seconds=600)
    share = measure(shop, 300)
    print(f"figures: once it is silent, free {share:.2f} of the time")
    assert share >= 50 / 60


def test_a_late_service_leaves_the_scheduled_actions_to_others(
    shop, queue_process, late, admin, request
):
    late("late")
    wait_for(lambda: not is_free(shop), "the first call")
    [module] = admin.call("ir.module.module", "search", [["name", "=", MODULE]])

    def install():
        try:
            return admin.call("ir.module.module", "button_immediate_install", [module])
        except RuntimeError:  # a job has begun meanwhile
            return None

    free = lambda: is_free(shop) and install()  # noqa: E731
    wait_for(free, "a moment without a call", seconds=300)
    [[state]] = queue_process.query(
        f"SELECT state FROM ir_module_module WHERE name = '{MODULE}'"
    )
    assert state == "installed"
    if request.config.getoption("long"):
        for more in ((), ("--max-cron-threads=2",)):
            shop.server.stop()
            shop.server.words += more
            shop.server.start()
            late("later")
            wait_for(lambda: not is_free(shop), "the first call")
            look(shop, queue_process)
