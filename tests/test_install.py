# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The addon comes and goes without a trace, and is found in the list of apps."""

import json
import re
import shutil
import subprocess
import sys

import pytest

from wsts import odoo, postgres
from wsts.machine import HOME, ROOT
from wsts.shop import MODULES
from wsts.testrun import TEST_MODULES

pytestmark = pytest.mark.full

# Tables, columns and registered names that still speak of some addons.
LEFT_OVER = """
SELECT table_name FROM information_schema.tables WHERE table_name LIKE '%{word}%'
UNION SELECT table_name || '.' || column_name FROM information_schema.columns
 WHERE column_name LIKE '%{word}%'
UNION SELECT 'xmlid ' || name FROM ir_model_data WHERE module LIKE '{addon}%'
UNION SELECT 'model ' || model FROM ir_model WHERE model LIKE '%{word}%'
UNION SELECT 'field ' || name FROM ir_model_fields WHERE name LIKE '%{word}%'
UNION SELECT 'view ' || key FROM ir_ui_view WHERE key LIKE '{addon}%'
UNION SELECT 'parameter ' || key FROM ir_config_parameter WHERE key LIKE '%{word}%'
UNION SELECT 'file ' || name FROM ir_attachment WHERE res_model LIKE '%{word}%'
UNION SELECT 'cron ' || cron_name FROM ir_cron WHERE cron_name LIKE '{cron}%'
"""
# What must be the same after an update.
USED = """
SELECT to_jsonb(c) - 'write_date' FROM trustedshops_certificate c
UNION ALL SELECT to_jsonb(p) - 'write_date' FROM trustedshops_protection p
UNION ALL SELECT jsonb_build_array(order_id, price_total) FROM sale_order_line
 WHERE is_trustedshops_protection
"""
# What an administrator does in the list of apps.
COME_AND_GO = """
import json
from pathlib import Path

def read(sql):
    env.cr.execute(sql)
    return env.cr.fetchall()

addon = env["ir.module.module"].search([("name", "=", {addon!r})])
before = read({used!r})
addon.button_immediate_upgrade()
after = read({used!r})
addon.button_immediate_uninstall()
Path({found!r}).write_text(json.dumps([before, after, read({left_over!r})]))
"""
# A certificate, an open cart with the fee, and an invoiced order with the fee.
USE = """
website = env["website"].search([], limit=1)
env["account.chart.template"].try_loading("generic_coa", website.company_id)
website.company_id.currency_id = env.ref("base.EUR")
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
sold.trustedshops_protection_id.state = "queued"  # nothing takes it out any more
sold.action_confirm()
sold.order_line[0].qty_delivered = 1
sold._create_invoices().action_post()
env.cr.commit()
"""

# What Odoo finds in its folders, and what it imports.
FIND = """
import sys
from odoo.tools import config
words = ["--http-interface=127.0.0.1", f"--addons-path={sys.argv[1]}"]
config.parse_config(words, setup_logging=False)
from odoo.modules.module import Manifest, initialize_sys_path
initialize_sys_path()
from odoo.addons.website_sale_trustedshops.lib import client
paths = [each.path for each in Manifest.all_addon_manifests()]
print(*(path for path in paths if path.startswith(sys.argv[2])), client.__file__)
"""
# What an administrator does there.
ACTIVATE = """
env["ir.module.module"].update_list()
addon = env["ir.module.module"].search([("name", "=", "website_sale_withdrawal")])
addon.button_immediate_install()
"""
OTHER = '{"name": "Other", "author": "Ada", "license": "LGPL-3"}'
# The names of a clone beside another addon, and whether its own folder is named, too.
PLACES = [
    ("trustedshops-odoo", True),
    ("trustedshops_odoo", True),
    ("website_sale_trustedshops", True),
    ("trustedshops-odoo", False),
]


def read_log(database):
    """Return what Odoo complained about while it worked on a database."""
    logs = [HOME / "logs" / f"{database}{end}.log" for end in ("", "-shell")]
    text = "".join(log.read_text() for log in logs if log.exists())
    return re.findall(r"^.* (?:WARNING|ERROR|CRITICAL) .*$", text, re.MULTILINE)


def test_it_installs_keeps_records_goes_without_a_trace_and_comes_back(tmp_path):
    # The last ones, with stock, bring each of our addons.
    for modules, demo in ((MODULES, True), (TEST_MODULES, False)):
        template = odoo.installed(modules, demo)
        assert read_log(template) == []
    name = postgres.name_for("install")
    postgres.copy(template, name)
    found = tmp_path / "left over"
    left = LEFT_OVER.format(word="trustedshops", addon=odoo.ADDON, cron="Trusted Shops")
    words = {"addon": odoo.ADDON, "used": USED, "left_over": left}
    odoo.shell(name, USE + COME_AND_GO.format(**words, found=str(found)))
    assert read_log(name) == []
    before, after, left_over = json.loads(found.read_text())
    assert len(before) == 5
    assert (after, left_over) == (before, [])
    odoo.install("-i", name, [odoo.ADDON])
    assert read_log(name) == []
    rows = postgres.query(
        f"SELECT state FROM ir_module_module WHERE name LIKE '{odoo.ADDON}%'"
        " AND state != 'uninstalled'",
        name,
    )
    # The addon, and those with loyalty and with the withdrawal function.
    assert rows == [["installed"]] * 3
    postgres.drop(name)


def test_the_withdrawal_function_goes_without_a_trace(tmp_path):
    name = postgres.name_for("withdrawal")
    postgres.copy(odoo.installed(TEST_MODULES, False), name)
    found = tmp_path / "left over"
    addon = "website_sale_withdrawal"
    left = LEFT_OVER.format(word="withdrawal", addon=addon, cron="Withdrawals")
    words = {"used": "SELECT count(*) FROM sale_order", "left_over": left}
    words |= {"addon": addon, "found": str(found)}
    odoo.shell(name, COME_AND_GO.format(**words))
    assert read_log(name) == []
    before, after, left_over = json.loads(found.read_text())
    assert (after, left_over) == (before, [])
    postgres.drop(name)


def lay_out(folder, name):
    """Put a copy of the repository beside an addon of somebody else."""
    other = folder / "other"
    other.mkdir()
    (other / "__init__.py").touch()
    (other / "__manifest__.py").write_text(OTHER)
    clone = folder / name
    clone.mkdir()
    for path in (*ROOT.glob("website_sale_*"), *ROOT.glob("*.py")):
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, clone / path.name)
    return clone


@pytest.mark.parametrize(("name", "is_beside"), PLACES)
def test_odoo_finds_the_addons_wherever_the_clone_lies(tmp_path, name, is_beside):
    clone = lay_out(tmp_path, name)
    paths = f"{tmp_path},{clone}" if is_beside else str(clone)
    words = [sys.executable, "-c", FIND, paths, str(tmp_path)]
    said = subprocess.check_output(words, text=True, stderr=subprocess.STDOUT)
    other = [tmp_path / "other"] if is_beside else []
    found = [*other, *(clone / addon for addon in odoo.ADDONS)]
    client = clone / odoo.ADDON / "lib" / "client.py"
    assert said.split() == [*map(str, found), str(client)]


def test_a_server_with_the_clone_beside_other_addons_takes_them_in(tmp_path):
    clone = lay_out(tmp_path, "trustedshops-odoo")
    name = postgres.name_for("beside")
    postgres.copy(odoo.template(TEST_MODULES), name)
    words = odoo.command(f"--addons-path={tmp_path},{clone}", database=name)
    for run, script in (
        (["-i", "base", "--stop-after-init", "--no-http"], ""),
        (["shell", "--no-http"], ACTIVATE),
    ):
        done = subprocess.run(
            [*words[:2], *run, *words[2:]],
            input=script,
            text=True,
            capture_output=True,
            check=False,
        )
        assert re.findall(r".* (?:WARNING|ERROR) .*|.*Error: .*", done.stderr) == []
        assert done.returncode == 0
    rows = postgres.query(
        "SELECT name, state FROM ir_module_module WHERE name = 'other'"
        " OR name LIKE 'website_sale_withdrawal' OR name LIKE 'trustedshops%'"
        " ORDER BY name",
        name,
    )
    assert rows == [["other", "uninstalled"], [odoo.ADDONS[-2], "installed"]]
    postgres.drop(name)
