# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The addon comes and goes without a trace, and is found in the list of apps."""

import json
import re
import time
from contextlib import contextmanager

import pytest
from story import DESKTOP, read_total

from wsts import odoo, postgres
from wsts.administrator import Administrator
from wsts.machine import HOME, free_port
from wsts.shop import MODULES
from wsts.steps import wait_for
from wsts.testrun import TEST_MODULES
from wsts.visitor import Visitor

pytestmark = pytest.mark.full

# Tables, columns and registered names that still speak of us.
LEFT_OVER = f"""
SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'trustedshops%'
UNION SELECT table_name || '.' || column_name FROM information_schema.columns
 WHERE column_name LIKE '%trustedshops%'
UNION SELECT 'xmlid ' || name FROM ir_model_data WHERE module LIKE '{odoo.ADDON}%'
UNION SELECT 'cron ' || cron_name FROM ir_cron WHERE cron_name LIKE 'Trusted Shops%'
"""
WITHDRAWAL_LEFT = """
SELECT table_name FROM information_schema.tables WHERE table_name LIKE '%withdrawal%'
UNION SELECT table_name || '.' || column_name FROM information_schema.columns
 WHERE column_name LIKE '%withdrawal%'
UNION SELECT 'xmlid ' || name FROM ir_model_data WHERE module LIKE '%withdrawal%'
UNION SELECT 'view ' || key FROM ir_ui_view WHERE key LIKE 'website_sale_withdrawal%'
UNION SELECT 'cron ' || cron_name FROM ir_cron WHERE cron_name LIKE 'Withdrawals%'
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
# A shop that sells, whose administrator lives in Berlin.
SELL = """
administrator = env.ref("base.user_admin")
administrator.partner_id.write(
    {{
        "parent_id": False, "email": {email!r}, "phone": "+49 30 1234567",
        "street": "Hauptstraße 1", "zip": "10115", "city": "Berlin",
        "state_id": False, "country_id": env.ref("base.de").id,
    }}
)
website = env["website"].search([], limit=1)
website.domain = {url!r}
lamp = {{"name": "Lamp", "type": "service", "list_price": 100.0, "is_published": True}}
env["product.template"].create(lamp)
wire = [("code", "=", "custom"), ("custom_mode", "=", "wire_transfer")]
provider = env["payment.provider"].search(wire, limit=1)
provider.write({{"state": "enabled", "is_published": True}})
provider.with_context(active_test=False).payment_method_ids.active = True
# Debian has no wkhtmltopdf, without which Odoo sends no mail with a PDF.
env["mail.template"].search([]).report_template_ids = False
# Where the sandbox is, else at its usual port.
parameters = env["ir.config_parameter"]
parameters.set_param("website_sale_trustedshops.sandbox_url", {sandbox_url!r})
# Odoo installs nothing while a job runs, and in a new database all are due.
env.cr.execute("UPDATE ir_cron SET nextcall = now() + interval '1 day'")
env.cr.commit()
"""
# What a person does in the browser, of all its pages and frames.
COUNT = """
addEventListener("pointerdown", () => countAction("click"), true);
const filled = new WeakSet();
addEventListener("input", ({target}) => {
    if (target.matches("input:not([type=checkbox], [type=radio]), textarea")) {
        if (!filled.has(target)) {
            filled.add(target);
            countAction("field");
        }
    }
}, true);
"""
EMAIL = "newcomer@shop.example"
CERTIFICATE = {
    "ts_id": "XA44" + "0" * 28 + "1",
    "type": "EXCELLENCE",
    "state": "PRODUCTION",
    "language": "en",
    "ws_user": "newcomer",
    "ws_password": "sandbox-1",
}


def read_log(database):
    """Return what Odoo complained about while it worked on a database."""
    logs = [HOME / "logs" / f"{database}{end}.log" for end in ("", "-shell")]
    text = "".join(log.read_text() for log in logs if log.exists())
    return re.findall(r"^.* (?:WARNING|ERROR|CRITICAL) .*$", text, re.MULTILINE)


def test_it_installs_keeps_records_goes_without_a_trace_and_comes_back(
    tmp_path, chromium
):
    for modules, demo in ((MODULES, True), (TEST_MODULES, False)):
        template = odoo.installed(modules, demo)
        assert read_log(template) == []
    name = postgres.name_for("install")
    postgres.copy(template, name)
    found = tmp_path / "left over"
    words = {"addon": odoo.ADDON, "used": USED, "left_over": LEFT_OVER}
    odoo.shell(name, USE + COME_AND_GO.format(**words, found=str(found)))
    assert read_log(name) == []
    before, after, left_over = json.loads(found.read_text())
    assert len(before) == 5
    assert (after, left_over) == (before, [])
    with running(name, tmp_path / "sandbox.sqlite") as (server, sandbox):
        look_from_apps_to_the_first_order(chromium, server, sandbox)
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
    words = {"used": "SELECT count(*) FROM sale_order", "left_over": WITHDRAWAL_LEFT}
    words |= {"addon": "website_sale_withdrawal", "found": str(found)}
    odoo.shell(name, COME_AND_GO.format(**words))
    assert read_log(name) == []
    before, after, left_over = json.loads(found.read_text())
    assert (after, left_over) == (before, [])
    postgres.drop(name)


@contextmanager
def running(database, state):
    """Run a shop that sells, and the sandbox, which knows its certificate.

    :param str database: without our addons
    :param pathlib.Path state: of the sandbox, new
    :return: context manager giving server and sandbox
    """
    server = odoo.Server(database, free_port(), "--log-level=warn")
    sandbox = odoo.Sandbox(free_port(), free_port(), state, server.url)
    words = {"url": server.url, "email": EMAIL, "sandbox_url": sandbox.url}
    odoo.shell(database, SELL.format(**words))
    try:
        sandbox.start()
        sandbox.post("settings", {"pending_seconds": 0})
        items = sandbox.get("certificates")[0]["items"]
        certificate = {**CERTIFICATE, "url": server.url, "items": items}
        sandbox.post("certificates", certificate)
        yield server.start(), sandbox
    finally:
        server.stop()
        sandbox.stop()


def look_from_apps_to_the_first_order(chromium, server, sandbox):
    """Go as a newcomer from the list of apps to the first insured test order."""
    context = chromium.new_context(locale="en-US", viewport=DESKTOP)
    actions = []
    context.expose_binding("countAction", lambda _source, what: actions.append(what))
    context.add_init_script(COUNT)
    administrator = Administrator(context.new_page(), server.url).log_in()
    actions.clear()
    started = time.monotonic()
    install_from_apps(administrator)
    add_certificate(administrator)
    order_for_oneself(Visitor(administrator.page, server.url))
    wait_for(lambda: applications_of_shop(sandbox), "the application")
    seconds = time.monotonic() - started
    clicks, fields = actions.count("click"), actions.count("field")
    print(f"first order: {clicks} clicks, {fields} fields, {seconds:.0f} s of machine")
    # Beside two pages that the test opens by their address.
    assert (clicks, fields) == (15, 4)
    assert (administrator.popups, administrator.errors) == ([], [])
    context.close()


def applications_of_shop(sandbox):
    return [each for each in sandbox.get("applications") if each["buyerEmail"] == EMAIL]


def install_from_apps(administrator):
    page = administrator.page
    page.locator(".o_kanban_view").wait_for()
    search = page.locator(".o_searchview_input")
    search.fill("trusted")
    page.locator(".o_searchview_autocomplete .o-dropdown-item.focus").first.wait_for()
    search.press("Enter")
    card = page.locator(".o_kanban_record:not(.o_kanban_ghost)")
    card.first.wait_for()  # there may be none yet, and then all of them
    card.nth(1).wait_for(state="detached")
    assert "Trusted Shops" in card.inner_text()
    with page.expect_navigation(timeout=300_000):
        card.locator("button[name='button_immediate_install']").click()


def add_certificate(administrator):
    page = administrator.page
    page.click(".o_navbar_apps_menu button")
    page.locator(".o-dropdown-item", has_text="Settings").click()
    page.click(".settings_tab [data-key='website']")
    page.click("#trustedshops_certificates button:has-text('Add certificate')")
    administrator.get_field("ts_id").wait_for()
    administrator.choose("environment", "Sandbox on this machine")
    page.wait_for_load_state("networkidle")
    administrator.type("ts_id", CERTIFICATE["ts_id"])
    administrator.type("ws_user", CERTIFICATE["ws_user"])
    administrator.type("new_ws_password", CERTIFICATE["ws_password"])
    administrator.save()
    assert administrator.read("state") == "Valid"
    assert administrator.read_findings()["login_good"][0] == "ok"
    # Internal users get the offer of a test at once.
    mode = administrator.get_field("mode")
    assert mode.get_by_role("radio", name="Test", exact=True).is_checked()


def order_for_oneself(visitor):
    visitor.open("/shop?search=lamp")
    visitor.page.click(".oe_product a")
    visitor.wait_until_usable()
    with visitor.page.expect_response(lambda answer: "/shop/cart/add" in answer.url):
        visitor.page.click("#add_to_cart")
    visitor.open("/shop/checkout?try_skip_step=true")
    if not visitor.page.url.endswith("/shop/payment"):
        visitor.go_to_payment()
    visitor.choose_method("wire_transfer")
    total = read_total(visitor.page)
    visitor.tick_protection()
    assert read_total(visitor.page) != total
    visitor.pay_by("wire_transfer")
