# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two processes at the same rows: workers of two servers, buttons, cancellations."""

import time
from collections import Counter

import pytest
from queue_process import RUN, RUN_UNLOCKED, SEND_MAILS, held_open, reset_sandbox
from story import applications_of, mails_to

from wsts.steps import wait_for

pytestmark = pytest.mark.full

CANCEL = """
order = env["sale.order"].browse({order_id})
order._action_cancel()
"""
INVOICE = """
order = env["sale.order"].browse({order_id})
order._create_invoices().action_post()
"""
CONFIRM = 'env["sale.order"].browse({order_id}).action_confirm()'


@pytest.fixture(autouse=True)
def calm(shop, queue):
    """Begin with a service that behaves and a queue without rows of others."""
    reset_sandbox(shop)
    queue.forget_others()


def make_emails(name, count):
    return [f"{name}-{each}@kunde.example" for each in range(count)]


def place_one(queue, name):
    """Return the address of a buyer and the order that waits in the queue."""
    [email] = make_emails(name, 1)
    return email, *queue.place([email])


def test_servers_at_once_apply_once_for_each_order(shop, queue):
    emails = make_emails("servers", 15)
    orders = queue.place(emails)
    shop.sandbox.post("settings", {"delay_ms": 30, "duplicates": "accept"})
    # Without core's lock on the job.
    workers = [queue.begin(RUN_UNLOCKED) for _server in range(4)]
    for pid in workers:
        assert queue.end(pid)["code"] == 0
    assert queue.settle() == 0
    received = Counter(a["buyerEmail"] for a in shop.sandbox.get("applications"))
    mails = [len(mails_to(shop, email, "Käuferschutz")) for email in emails]
    states = Counter(queue.read(order, "state")[0] for order in orders)
    assert [received[email] for email in emails] == [1] * 15
    assert mails == [1] * 15
    assert states == {"confirmed": 15}


def test_a_suspended_process_whose_row_another_took_over(shop, queue):
    email, order = place_one(queue, "suspended")
    shop.sandbox.post("settings", {"delay_ms": 30000})
    slow = queue.begin(RUN_UNLOCKED)
    wait_for(lambda: queue.read(order, "state") == ["sending"], "the call")
    began = time.monotonic()
    queue.let_time_pass()
    # The other one finds the call lost, and after the wait sends it again: it is told
    # that the number is known.
    queue.do(RUN_UNLOCKED)
    assert queue.read(order, "state") == ["queued"]
    queue.let_time_pass()
    fast = queue.begin(RUN_UNLOCKED)
    wait_for(lambda: queue.read(order, "state") == ["sending"], "the other call")
    # Only the first one has waited so long by now.
    delay = int((time.monotonic() - began) * 1000)
    shop.sandbox.post("settings", {"delay_ms": delay})
    assert queue.end(slow)["code"] == 0
    shop.sandbox.post("settings", {"delay_ms": 0})
    assert queue.end(fast)["code"] == 0
    assert queue.settle() == 0
    [application] = applications_of(shop, email)
    assert queue.read(order, "state, application_number, late_number") == [
        "confirmed",
        str(application["application_number"]),
        "",
    ]
    assert len(mails_to(shop, email, "Käuferschutz")) == 1


def test_a_cancellation_during_the_call_waits_for_nobody(shop, queue):
    email, order = place_one(queue, "cancelled-during")
    queue.do(INVOICE.format(order_id=order))  # without it there is nothing to ask
    shop.sandbox.post("settings", {"delay_ms": 30000})
    cron = queue.begin(RUN)
    wait_for(lambda: queue.read(order, "state") == ["sending"], "the call")
    queue.do(CANCEL.format(order_id=order))
    assert queue.read(order, "state") == ["sending"]  # the call is not over
    shop.sandbox.post("settings", {"delay_ms": 0})
    assert queue.end(cron)["code"] == 0
    assert queue.settle() == 0
    assert queue.read(order, "state") == ["confirmed"]
    assert len(applications_of(shop, email)) == 1
    [[todos]] = queue.query(
        "SELECT count(*) FROM mail_activity a JOIN trustedshops_protection p ON"
        " a.res_model = 'trustedshops.protection' AND a.res_id = p.id WHERE p.order_id"
        f" = {order} AND a.note LIKE '%cannot be cancelled%'"
    )
    assert todos == "1"


def test_a_cancellation_that_is_not_committed_yet_keeps_the_queue_away(
    shop, queue, tmp_path
):
    email, order = place_one(queue, "cancelled-before")
    with held_open(queue, tmp_path, CANCEL.format(order_id=order)):
        queue.do(RUN)
        assert queue.read(order, "state") == ["queued"]
    queue.do(RUN)
    assert queue.read(order, "state") == ["cancelled"]
    assert applications_of(shop, email) == []


def test_a_cancellation_that_read_the_row_before_it_was_sent_is_repeated(
    shop, queue, tmp_path
):
    email, order = place_one(queue, "cancelled-across")
    read_first = f"""
protection = env["sale.order"].browse({order}).trustedshops_protection_id
assert protection.state in ("queued", "confirmed")
"""
    with held_open(queue, tmp_path, read_first, CANCEL.format(order_id=order)):
        queue.do(RUN)
        assert queue.read(order, "state") == ["confirmed"]
    # Not "cancelled" over what was sent: the repeated request found it confirmed.
    assert queue.read(order, "state") == ["confirmed"]
    assert len(applications_of(shop, email)) == 1


def test_a_mail_is_sent_once_while_somebody_writes_its_protection(
    shop, queue, tmp_path
):
    email, order = place_one(queue, "mailed-while-locked")
    for _run in range(3):
        queue.let_time_pass()
        queue.do(RUN)
    assert queue.read(order, "state, mail_tries") == ["confirmed", "1"]
    change = f"""
protection = env["sale.order"].browse({order}).trustedshops_protection_id
protection.billed_ref = "B-1"
"""
    with held_open(queue, tmp_path, change):
        # Core's queue waits for no lock of ours, which would have it send again.
        queue.do(SEND_MAILS)
        assert len(mails_to(shop, email, "Käuferschutz")) == 1
    queue.do(SEND_MAILS)
    queue.do(RUN)
    assert len(mails_to(shop, email, "Käuferschutz")) == 1
    told = queue.read(order, "mail_tries, mail_sent_at IS NULL, billed_ref")
    assert told == ["0", "f", "B-1"]


def test_confirmation_against_cancellation(shop, queue, dice):
    emails = make_emails("confirm-cancel", 6)
    for email in emails:
        [order] = queue.place([email], confirm=False)
        confirm = queue.begin(CONFIRM.format(order_id=order))
        time.sleep(dice.uniform(0, 0.4))
        cancel = queue.begin(CANCEL.format(order_id=order))
        codes = queue.end(confirm)["code"], queue.end(cancel)["code"]
        assert 0 in codes
        assert queue.settle() == 0
        [[state]] = queue.query(f"SELECT state FROM sale_order WHERE id = {order}")
        protection = queue.read(order, "state")[0]
        applications = len(applications_of(shop, email))
        assert (state, protection, applications) in (
            ("sale", "confirmed", 1),
            ("cancel", "cancelled", 0),
            ("cancel", "selected", 0),
        )


# Presses a button and tells by the end of the process whether it was refused.
PRESS = """
from odoo.exceptions import UserError
env = env(user=env.ref("base.user_admin"))
row = env["sale.order"].browse({order_id}).trustedshops_protection_id
try:
    row.{button}()
except UserError as error:
    assert "is being asked about this order now" in str(error), error
else:
    raise AssertionError("the button worked in the middle of the call")
"""
APPLY_NOW = """
env = env(user=env.ref("base.user_admin"))
row = env["sale.order"].browse({order_id}).trustedshops_protection_id
row.action_apply_now()
"""


def test_buttons_are_refused_during_the_call(shop, queue):
    email, order = place_one(queue, "buttons-during")
    shop.sandbox.post("settings", {"delay_ms": 30000})
    cron = queue.begin(RUN)
    wait_for(lambda: queue.read(order, "state") == ["sending"], "the call")
    buttons = ("apply_now", "release", "refund_fee")
    # In one process, as the call does not last for three.
    queue.do(
        "".join(
            PRESS.format(order_id=order, button=f"action_{button}")
            for button in buttons
        )
    )
    assert queue.read(order, "state") == ["sending"]
    shop.sandbox.post("settings", {"delay_ms": 0})
    assert queue.end(cron)["code"] == 0
    assert queue.settle() == 0
    assert queue.read(order, "state, attempt_count") == ["confirmed", "1"]
    assert len(applications_of(shop, email)) == 1


def test_a_button_that_is_not_committed_yet_keeps_the_queue_away(shop, queue, tmp_path):
    email, order = place_one(queue, "button-before")
    with held_open(queue, tmp_path, APPLY_NOW.format(order_id=order)):
        queue.do(RUN)
        assert queue.read(order, "state") == ["queued"]
        assert applications_of(shop, email) == []
    assert queue.settle() == 0
    assert queue.read(order, "state, attempt_count") == ["confirmed", "1"]
    assert len(applications_of(shop, email)) == 1
