# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The addon comes and goes without a trace, on an empty database and on a used one."""

import re

import pytest

from wsts import odoo, postgres
from wsts.machine import HOME
from wsts.shop import MODULES
from wsts.testrun import TEST_MODULES

QUIET = ("--stop-after-init", "--no-http", "--log-level=warn")
ADDON = "website_sale_trustedshops"

UNINSTALL = f"""
env["ir.module.module"].search([("name", "=", "{ADDON}")]).button_immediate_uninstall()
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
            "item_code": "TS080501_500_30_EUR",
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
        f" WHERE module = '{ADDON}'"
        " UNION SELECT 'cron ' || cron_name FROM ir_cron"
        " WHERE cron_name LIKE 'Trusted Shops%'",
        database,
    )


@pytest.fixture(scope="module", params=["empty", "used"])
def installed(request):
    """Make a database with the addon, one without and one with demonstration data."""
    used = request.param == "used"
    template = odoo.template(MODULES if used else TEST_MODULES, demo=used)
    name = postgres.name_for(f"install_{request.param}")
    postgres.copy(template, name)
    for log in (HOME / "logs").glob(f"{name}*.log"):
        log.unlink()
    odoo.run("-i", ADDON, *QUIET, database=name)
    if used:
        odoo.shell(name, USE)
    postgres.label(name)
    yield name
    postgres.drop(name)


@pytest.fixture
def database(installed):
    """Copy the database with the addon, for one test to change."""
    name = f"{installed}_copy"
    postgres.copy(installed, name)
    for log in (HOME / "logs").glob(f"{name}*.log"):
        log.unlink()
    postgres.label(name)
    yield name
    postgres.drop(name)


def test_it_installs_and_uninstalls_without_complaint_or_trace(installed, database):
    assert read_log(installed) == []
    odoo.shell(database, UNINSTALL)
    assert read_log(database) == []
    assert left_over(database) == []


def test_it_comes_back_after_it_was_uninstalled(database):
    odoo.shell(database, UNINSTALL)
    odoo.run("-i", ADDON, *QUIET, database=database)
    assert read_log(database) == []
    rows = postgres.query(
        f"SELECT state FROM ir_module_module WHERE name = '{ADDON}'", database
    )
    assert rows == [["installed"]]


def test_it_updates_without_complaint(database):
    odoo.run("-u", ADDON, *QUIET, database=database)
    assert read_log(database) == []
