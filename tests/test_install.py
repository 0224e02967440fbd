# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The addon comes and goes without a trace, on an empty database and on a used one."""

import re

import pytest

from wsts import odoo, postgres
from wsts.machine import HOME
from wsts.shop import MODULES
from wsts.testrun import TEST_MODULES

UNINSTALL = f"""
env["ir.module.module"].search(
    [("name", "=", "{odoo.ADDON}")]
).button_immediate_uninstall()
"""

# A certificate, an open cart with the fee, and an invoiced order with the fee.
USE = """
website = env["website"].search([], limit=1)
certificate = env["trustedshops.certificate"].create(
    {"ts_id": "X" + "0" * 32, "website_id": website.id, "environment": "sandbox"}
)
product = env["product.product"].create({"name": "Goods", "list_price": 100.0})
fee = certificate.fee_product_id

def order_with_fee():
    order = env["sale.order"].create(
        {
            "partner_id": env.ref("base.partner_admin").id,
            "website_id": website.id,
            "company_id": website.company_id.id,
            "order_line": [
                (0, 0, {"product_id": product.id}),
                (0, 0, {
                    "product_id": fee.id, "price_unit": 0.98,
                    "is_trustedshops_protection": True,
                }),
            ],
        }
    )
    order.trustedshops_protection_id = env["trustedshops.protection"].create(
        {
            "order_id": order.id, "certificate_id": certificate.id,
            "company_id": order.company_id.id, "currency_id": order.currency_id.id,
            "item_code": "TS080501_500_30_EUR", "gross_fee": 0.98,
            "partner_id": order.partner_id.id,
            "order_amount": order._trustedshops_get_amount_to_protect(),
        }
    )
    return order

order_with_fee()
sold = order_with_fee()
sold.action_confirm()
sold.order_line[0].qty_delivered = 1
sold._create_invoices().action_post()
env.cr.commit()
"""


def read_log(database):
    """Return what Odoo complained about while it worked on a database."""
    logs = [HOME / "logs" / f"{database}{end}.log" for end in ("", "-shell")]
    text = "".join(log.read_text() for log in logs if log.exists())
    return re.findall(r"^.* (?:WARNING|ERROR|CRITICAL) .*$", text, re.MULTILINE)


def left_over(database):
    """Return tables, columns and registered names that still speak of us."""
    return postgres.query(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_name LIKE 'trustedshops%'"
        " UNION SELECT table_name || '.' || column_name"
        " FROM information_schema.columns WHERE column_name LIKE '%trustedshops%'"
        " UNION SELECT 'xmlid ' || name FROM ir_model_data"
        f" WHERE module LIKE '{odoo.ADDON}%'"
        " UNION SELECT 'cron ' || cron_name FROM ir_cron"
        " WHERE cron_name LIKE 'Trusted Shops%'",
        database,
    )


@pytest.mark.parametrize("is_used", [False, True])
def test_it_installs_updates_goes_without_a_trace_and_comes_back(request, is_used):
    template = odoo.installed(MODULES if is_used else TEST_MODULES, demo=is_used)
    assert read_log(template) == []
    name = postgres.name_for("install")
    postgres.copy(template, name)
    request.addfinalizer(lambda: postgres.drop(name))
    if is_used:
        odoo.shell(name, USE)
    odoo.install("-u", name)
    assert read_log(name) == []
    odoo.shell(name, UNINSTALL)
    assert read_log(name) == []
    assert left_over(name) == []
    odoo.install("-i", name)
    assert read_log(name) == []
    rows = postgres.query(
        f"SELECT state FROM ir_module_module WHERE name = '{odoo.ADDON}'", name
    )
    assert rows == [["installed"]]
