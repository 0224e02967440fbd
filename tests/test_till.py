# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Paying in the store: Odoo's modules for it come on top of the addon."""

import pytest

from wsts import odoo, postgres
from wsts.testrun import TILL_MODULES

# Each order is worth 100.00 and has the choice of a protection for 0.98 in it.
PREPARE = """
from odoo import fields

website = env["website"].search([], limit=1)
company = website.company_id
if not company.chart_template:
    env["account.chart.template"].try_loading("generic_coa", company)
certificate = env["trustedshops.certificate"].create(
    {"ts_id": "X" + "0" * 32, "website_id": website.id, "environment": "sandbox"}
)
goods = env["product.product"].create(
    {"name": "Goods", "type": "service", "list_price": 100.0, "taxes_id": False,
     "available_in_pos": True}
)
certificate.fee_product_id.taxes_id = False
buyer = env["res.partner"].create({"name": "Erika", "email": "erika@muster.example"})

def make_order(name):
    order = env["sale.order"].sudo().create(
        {"name": name, "partner_id": buyer.id, "website_id": website.id,
         "company_id": company.id,
         "order_line": [(0, 0, {"product_id": goods.id, "price_unit": 100.0})]}
    )
    order.trustedshops_protection_id = env["trustedshops.protection"].sudo().create(
        {"order_id": order.id, "certificate_id": certificate.id,
         "company_id": company.id, "currency_id": order.currency_id.id,
         "item_code": "TS080501_500_30_EUR", "protected_amount": 500.0,
         "gross_fee": 0.98, "partner_id": buyer.id, "order_amount": 100.0}
    )
    env["sale.order.line"].sudo().create(
        order._trustedshops_prepare_fee_line(
            certificate, order.trustedshops_protection_id
        )
    )
    return order
"""

SETTLE = """
cashier = env.ref("base.user_admin")
cashier.group_ids += env.ref("point_of_sale.group_pos_manager")
env = env(user=cashier.id)
config = env["pos.config"].create({"name": "Till"})
config.open_ui()
session = config.current_session_id

def settle(order, lines, product=None, price=None):
    total = sum(price or line.price_total for line in lines)
    env["pos.order"].sync_from_ui([{
        "amount_paid": total, "amount_return": 0, "amount_tax": 0,
        "amount_total": total, "date_order": fields.Datetime.to_string(
            fields.Datetime.now()),
        "fiscal_position_id": False, "to_invoice": False, "partner_id": buyer.id,
        "pricelist_id": False, "name": order.name, "session_id": session.id,
        "sequence_number": 1, "uuid": order.name, "user_id": env.uid,
        "lines": [(0, 0, {
            "discount": 0, "pack_lot_ids": [], "price_unit": price or line.price_unit,
            "product_id": (product or line.product_id).id,
            "price_subtotal": price or line.price_subtotal,
            "price_subtotal_incl": price or line.price_total,
            "sale_order_line_id": False if product else line.id,
            "sale_order_origin_id": order.id, "qty": 1, "tax_ids": [],
        }) for line in lines],
        "payment_ids": [(0, 0, {
            "amount": total, "name": fields.Datetime.now(),
            "payment_method_id": config.payment_method_ids[0].id})],
    }])

whole = make_order("TILL/WHOLE")
settle(whole, whole.order_line)
without = make_order("TILL/WITHOUT")
settle(without, without.order_line[0])
part = make_order("TILL/PART")
settle(part, part.order_line[0], config.down_payment_product_id, 30.0)
env.cr.commit()
"""

PAY_IN_STORE = """
# The mail of the confirmation, without the PDF that needs a program of its own.
env["mail.template"].search([("model", "=", "sale.order")]).report_template_ids = False
provider = env["payment.provider"].search([("custom_mode", "=", "on_site")], limit=1)
for name, dropped in (("STORE/KEPT", False), ("STORE/DROPPED", True)):
    order = make_order(name)
    transaction = env["payment.transaction"].create(
        {"provider_id": provider.id, "reference": name, "amount": order.amount_total,
         "payment_method_id": provider.payment_method_ids[:1].id,
         "currency_id": order.currency_id.id, "partner_id": buyer.id,
         "operation": "online_redirect", "sale_order_ids": [(6, 0, order.ids)]}
    )
    if dropped:
        order._trustedshops_drop_choice()
    transaction._set_pending()
    transaction._post_process()
env.cr.commit()
"""


@pytest.fixture(scope="module")
def store():
    """Make a database with the modules for paying in a store, and pay there."""
    name = postgres.name_for("till")
    postgres.copy(odoo.installed(TILL_MODULES), name)
    postgres.label(name)
    odoo.shell(name, PREPARE + PAY_IN_STORE + SETTLE)
    yield name
    postgres.drop(name)


def read_orders(database, prefix):
    """Return state, total, lines of the fee and protection of each order."""
    rows = postgres.query(
        "SELECT o.name, o.state, o.amount_total,"
        " count(*) FILTER (WHERE l.is_trustedshops_protection), p.state"
        " FROM sale_order o JOIN sale_order_line l ON l.order_id = o.id"
        " JOIN trustedshops_protection p ON p.id = o.trustedshops_protection_id"
        f" WHERE o.name LIKE '{prefix}%' GROUP BY o.id, p.id",
        database,
    )
    return {row[0]: row[1:] for row in rows}


def test_a_till_that_settles_an_order_protects_it_only_with_its_fee(store):
    assert read_orders(store, "TILL") == {
        "TILL/WHOLE": ["sale", "100.98", "1", "queued"],
        "TILL/WITHOUT": ["sale", "100.98", "1", "on_hold"],
        "TILL/PART": ["sale", "100.98", "1", "on_hold"],
    }


def test_an_order_to_be_paid_in_the_store_is_placed_with_its_fee(store):
    assert read_orders(store, "STORE") == {
        "STORE/KEPT": ["sale", "100.98", "1", "queued"],
        "STORE/DROPPED": ["sale", "100.98", "1", "queued"],
    }
