# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Users and the queue at the same fee at once: it goes back once, and is paid once."""

import pytest
from queue_process import RUN, held_open, reset_sandbox

from wsts.steps import wait_for

pytestmark = pytest.mark.full

# Pays an order by card and invoices it, and has Trusted Shops refuse it for good.
PREPARE = """
from datetime import timedelta
from odoo import fields
order = env["sale.order"].browse({order})
order = order.with_context(allowed_company_ids=order.company_id.ids)
demo = order.env["payment.provider"].search(
    [("code", "=", "demo"), ("company_id", "=", order.company_id.id)], limit=1
)
demo.payment_method_ids.support_refund = "partial"
order.env["payment.transaction"].create(
    {{
        "provider_id": demo.id,
        "payment_method_id": demo.payment_method_ids[0].id,
        "reference": order.name,
        "amount": order.amount_total,
        "currency_id": order.currency_id.id,
        "partner_id": order.partner_id.id,
        "sale_order_ids": [(6, 0, order.ids)],
        "operation": "online_direct",
        "state": "done",
    }}
)._post_process()
if not order.invoice_ids:
    order._create_invoices().action_post()
protection = order.trustedshops_protection_id
protection.write({{"state": "rejected", "last_code": -10005}})
protection.final_at = fields.Datetime.now() - timedelta(hours=1)
"""
READ = """
env["sale.order"].browse({order}).trustedshops_protection_id.refund_ids
"""
PRESS = """
from odoo.exceptions import UserError
env = env(user=env.ref("base.user_admin"))
protection = env["sale.order"].browse({order}).trustedshops_protection_id
protection = protection.with_context(allowed_company_ids=protection.company_id.ids)
try:
    result = protection.action_refund_fee() and "done"
except UserError as error:
    result = str(error)
"""
OPEN = """
env = env(user=env.ref("base.user_admin"))
row = env["sale.order"].browse({order}).trustedshops_protection_id.refund_ids
row = row.with_context(allowed_company_ids=row.company_id.ids)
context = row.action_refund()["context"]
dialogs = row.env["payment.refund.wizard"].with_context(**context)
result = dialogs.create({{}}).id, context
"""
# Presses the button of core's dialog. The provider notes that it was asked.
CONFIRM = """
import os
from odoo.exceptions import UserError
transactions = type(env["payment.transaction"])
core = transactions._send_refund_request
def ask(transaction):
    with open({calls!r}, "a") as file:
        file.write("asked\\n")
    {then}
    core(transaction)
transactions._send_refund_request = ask
dialog_id, context = {opened!r}
env = env(user=env.ref("base.user_admin"))
dialogs = env["payment.refund.wizard"].with_context(**context)
dialogs = dialogs.with_context(allowed_company_ids=[{company}])
try:
    result = dialogs.browse(dialog_id).action_refund() and "done"
except UserError as error:
    result = str(error)
finally:
    transactions._send_refund_request = core
"""
WAIT = """
    import time
    while not os.path.exists({go!r}):
        time.sleep(0.05)
"""
SETTLE = """
from odoo.exceptions import UserError
env = env(user=env.ref("base.user_admin"))
row = env["sale.order"].browse({order}).trustedshops_protection_id.refund_ids
try:
    row.with_context(allowed_company_ids=row.company_id.ids).action_mark_paid_back()
    result = "done"
except UserError as error:
    result = str(error)
"""
STARTED = "A refund of this fee was started already."
BUSY = "Try again in a minute"


class Fee:
    """The fee of a paid order that was refused, and processes that give it back."""

    def __init__(self, queue, order, folder):
        self.queue, self.order, self.calls = queue, order, folder / "calls"
        queue.do(PREPARE.format(order=order))

    def do(self, script):
        return self.queue.do(script.format(order=self.order))

    def count(self, what):
        """Return how many rows of a query belong to the protection."""
        [[count]] = self.queue.query(
            f"SELECT count(*) FROM trustedshops_protection p JOIN {what}"
            f" WHERE p.order_id = {self.order}"
        )
        return int(count)

    def read(self, columns):
        """Return columns of the row of the fee and of its refund, as texts."""
        [row] = self.queue.query(
            f"SELECT {columns} FROM trustedshops_refund r"
            " JOIN trustedshops_protection p ON p.id = r.protection_id"
            " LEFT JOIN payment_transaction t ON t.trustedshops_refund_id = r.id"
            f" WHERE p.order_id = {self.order}"
        )
        return row

    def assert_given_back_once(self):
        refund = "trustedshops_refund r ON r.protection_id = p.id"
        assert self.count(refund) == 1
        assert (
            self.count(
                "account_move_line l ON l.trustedshops_protection_id = p.id JOIN"
                " account_move m ON m.id = l.move_id AND m.move_type = 'out_refund'"
            )
            == 1
        )
        assert (
            self.count(
                f"{refund} JOIN mail_activity a ON a.res_id = r.id"
                " AND a.res_model = 'trustedshops.refund'"
            )
            == 1
        )
        assert self.read("r.state") == ["open"]

    def begin(self, opened, then="pass"):
        """Press the button of a dialog in a process of its own; return its id."""
        [[company]] = self.queue.query(
            f"SELECT company_id FROM sale_order WHERE id = {self.order}"
        )
        script = CONFIRM.format(
            opened=opened, calls=str(self.calls), then=then, company=company
        )
        return self.queue.begin(script)

    def confirm(self, opened, then="pass"):
        return self.queue.end(self.begin(opened, then))["result"]

    def assert_asked_once(self):
        assert self.calls.read_text() == "asked\n"


@pytest.fixture
def fee(shop, queue, tmp_path, request):
    """Return the fee of an order of 100.00 that is due to go back."""
    reset_sandbox(shop)
    queue.forget_others()
    name = request.node.name.replace("_", "-").strip("-")[-40:]
    [order] = queue.place([f"{name}@kunde.example"])
    return Fee(queue, order, tmp_path)


@pytest.fixture
def dialogs(fee):
    """Return two opened dialogs that refund the money of the fee."""
    assert fee.do(PRESS) == "done"
    return [fee.do(OPEN) for _each in "ab"]


def test_two_users_press_at_once(queue, fee, tmp_path):
    press = PRESS.format(order=fee.order)
    with held_open(queue, tmp_path, press):
        assert BUSY in fee.do(PRESS)
    assert "not possible now" in fee.do(PRESS)
    fee.assert_given_back_once()


def test_a_user_who_saw_the_fee_before_another_gave_it_back(queue, fee, tmp_path):
    read, press = READ.format(order=fee.order), PRESS.format(order=fee.order)
    with held_open(queue, tmp_path, read, press):
        assert fee.do(PRESS) == "done"
    fee.assert_given_back_once()


def test_a_user_and_the_queue_at_once(queue, fee, tmp_path):
    with held_open(queue, tmp_path, PRESS.format(order=fee.order)):
        queue.do(RUN)
    queue.do(RUN)
    fee.assert_given_back_once()


def test_a_user_who_saw_the_fee_before_the_queue_gave_it_back(queue, fee, tmp_path):
    read, press = READ.format(order=fee.order), PRESS.format(order=fee.order)
    with held_open(queue, tmp_path, read, press):
        queue.do(RUN)
    fee.assert_given_back_once()


def test_two_dialogs_at_once_ask_the_provider_once(queue, fee, dialogs, tmp_path):
    go = tmp_path / "go"
    first = fee.begin(dialogs[0], WAIT.format(go=str(go)))
    wait_for(fee.calls.exists, "the provider")
    # Others need not wait for the provider.
    assert BUSY in fee.confirm(dialogs[1])
    assert BUSY in fee.do(SETTLE)
    go.touch()
    assert queue.end(first)["result"] == "done"
    fee.assert_asked_once()
    assert fee.read("t.state, t.amount") == ["done", "-0.98"]


def test_a_dialog_that_was_confirmed_after_another(fee, dialogs):
    assert fee.confirm(dialogs[0]) == "done"
    assert fee.confirm(dialogs[1]) == STARTED
    fee.assert_asked_once()
