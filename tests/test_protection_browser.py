# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Staff read a protection at a glance in a browser."""

import pytest
from story import clean

from wsts.steps import read_order, wait_for

MODEL = "trustedshops.protection"
ACTIONS = "/odoo/action-website_sale_trustedshops.trustedshops"
LAPTOP = {"width": 1280, "height": 720}
# What decides: all of it is seen without scrolling.
DECIDING = (
    *("shopper_status", "order_id", "partner_id", "buyer_email", "order_amount"),
    *("gross_fee", "guarantee_number", "protected_until", "fee_state"),
    *("invoice_ids", "credit_note_ids", "net_fee", "billable"),
)
# What matters to who looks for a fault.
TECHNICAL = ("attempt_count", "next_attempt_at", "last_code")
MOST_HEIGHT = 900
MOST_FIELDS = 24


@pytest.fixture
def laptop(admin):
    """Return the administrator's page at the size of a small laptop, for one test."""
    size = admin.page.viewport_size
    admin.page.set_viewport_size(LAPTOP)
    yield admin.page
    admin.page.set_viewport_size(size)


def buy(pay_as, admin, email):
    """Return the ids of a confirmed protection and of its order, and that number."""
    visitor = pay_as(email)
    visitor.tick_protection()
    visitor.pay_by("wire_transfer")
    name = read_order(visitor.page)
    domain = [["order_reference", "=", name], ["state", "=", "confirmed"]]
    fields = ["order_id"]
    [protection] = wait_for(
        lambda: admin.call(MODEL, "search_read", domain, fields), "confirmed"
    )
    return protection["id"], protection["order_id"][0], name


def invoice(admin, order):
    """Confirm and invoice an order."""
    admin.call("sale.order", "action_confirm", [order])
    values = {"sale_order_ids": [order], "advance_payment_method": "delivered"}
    [wizard] = admin.call("sale.advance.payment.inv", "create", [values])
    admin.call("sale.advance.payment.inv", "create_invoices", [wizard])
    domain = [["line_ids.sale_line_ids.order_id", "=", order]]
    moves = admin.call("account.move", "search", domain)
    admin.call("account.move", "action_post", moves)


def field(page, name):
    return page.locator(f".o_form_view .o_field_widget[name='{name}']:visible").first


def test_what_decides_is_seen_without_scrolling(admin, laptop, pay_as):
    row, order, _name = buy(pay_as, admin, "glance@kunde.example")
    invoice(admin, order)
    admin.open(f"{ACTIONS}_protection_action/{row}")
    laptop.click("button[name='action_refund_fee']:visible")
    laptop.click(".modal .btn-primary")
    link = laptop.locator(".o_notification a[href*='trustedshops_refund_action']")
    assert link.inner_text() == "Fee Refunds"
    admin.open(f"{ACTIONS}_protection_action/{row}")
    # The web client shows at first what it remembers of the row.
    told = field(laptop, "shopper_status").filter(has_text="is not charged.")
    assert clean(told.inner_text()).endswith("The fee of 2.94 € is not charged.")
    low = {}
    for name in DECIDING:
        box = field(laptop, name).bounding_box()
        low[name] = box["y"] + box["height"]
    assert {name: end for name, end in low.items() if end > LAPTOP["height"]} == {}
    for name in TECHNICAL:
        assert field(laptop, name).count() == 0, name
    sheet = laptop.locator(".o_form_sheet").bounding_box()
    assert sheet["height"] <= MOST_HEIGHT
    shown = laptop.locator(".o_form_sheet .o_field_widget:visible").count()
    assert shown <= MOST_FIELDS
    # The consent is one line that opens.
    consent = field(laptop, "consent_text")
    assert consent.count() == 0
    laptop.click("details[name='consent'] summary")
    consent.wait_for()
