# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A shop with the last release is updated, and loses nothing.

scripts/release keeps the addons of the last release; before the first one, the addons
are updated onto themselves. ``--long`` gives the shop 100 000 orders.
"""

import io
import lzma
import tarfile
import time

import pytest
from test_install import USE, read_log

from wsts import odoo, postgres
from wsts.machine import ROOT, short_hash
from wsts.release import LAST_ADDONS, archive_addons, get_version
from wsts.testrun import TILL_MODULES

pytestmark = pytest.mark.full

# What a shop has beside the certificate and the two orders of the test of installing.
ADD = """
today = "2026-11-02 09:00:00"
protection = sold.trustedshops_protection_id
env["trustedshops.refund"].create(
    {"protection_id": protection.id, "reason": "person", "state": "done"}
)
buyer_mail = env["trustedshops.buyer.mail"].create(
    {"protection_id": protection.id, "kind": "failed", "state": "skipped"}
)
company = {"company_id": sold.company_id.id}
env["trustedshops.protection.item"].create(
    {
        "certificate_id": certificate.id, "ts_product_id": "TS080501_500_30_EUR",
        "currency_id": sold.currency_id.id, "protected_amount": 500, "net_fee": 0.82,
        "gross_fee": 0.98, "duration_days": 30,
    }
)
account = env["trustedshops.account"].create(
    {**company, "client_id": "client", "client_secret": "secret"}
)
channel = env["trustedshops.channel"].create(
    {
        "name": "Shop", "channel_ref": "chl-1", "account_id": account.id,
        "website_id": website.id, "inviter": "odoo", "consent_mode": "checkbox",
        "delay_days": 9,
    }
)
env["sale.withdrawal"].create(
    {
        **company, "buyer_name": "Buyer", "email": "buyer@shop.example", "token": "1",
        "order_id": sold.id,
    }
)
env["trustedshops.consent.text"].search([], limit=1).text = "Ja, gern."
consent = env["trustedshops.consent"].create(
    {
        **company, "kind": "given", "email": "buyer@shop.example", "moment": today,
        "mode": "checkbox", "text": "Ja, gern.", "order_id": sold.id,
        "channel_id": channel.id,
    }
)
invitation = env["trustedshops.invitation"].create(
    {
        **company, "order_id": sold.id, "order_reference": sold.name,
        "email": "buyer@shop.example", "channel_id": channel.id,
    }
)
env["trustedshops.suppression"]._suppress("gone@shop.example", sold.company_id, "link")
env["trustedshops.way.out"]._keep(consent)
review = env["trustedshops.review"].create(
    {
        "review_ref": "rev-1", "channel_id": channel.id, "stars": 4, "title": "Good",
        "state": "approved", "order_id": sold.id, "invitation_id": invitation.id,
    }
)
review._order_task("reply", text="Thank you.")
env["trustedshops.readiness"].create(
    {
        "website_id": website.id, "lang_id": env.ref("base.lang_en").id,
        "checked_at": today, "findings": [{"criterion": "imprint"}],
    }
)
product.product_tmpl_id.trustedshops_sku = "GOODS-1"
env["trustedshops.product.rating"].create(
    {
        "product_tmpl_id": product.product_tmpl_id.id, "channel_id": channel.id,
        "rating": 4.5, "count": 7, "next_read_at": today,
    }
)
sold.trustedshops_registration_opened_at = today
provider = env["payment.provider"].search([("code", "=", "custom")], limit=1)
env["payment.transaction"].create(
    {
        "provider_id": provider.id, "reference": "PAID-1", "amount": sold.amount_total,
        "payment_method_id": env["payment.method"].search([], limit=1).id,
        "currency_id": sold.currency_id.id, "partner_id": sold.partner_id.id,
        "sale_order_ids": [(6, 0, sold.ids)],
        "trustedshops_protection_id": protection.id, "trustedshops_tick_id": consent.id,
    }
)
certificate._notify_responsible("login", "Enter the login.")
mails = env["mail.template"].search([("model", "=", "trustedshops.protection")])
mails.subject = "In the words of the shop"
"""
# Many more orders like the one that is sold, each with the rows that belong to it.
MULTIPLY = """
BASE = 10_000_000

def multiply(record, **expressions):
    # Copies the row of a record, with other values in some columns.
    table = record._table
    env.cr.execute(
        "SELECT quote_ident(column_name) FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s"
        " AND column_name != ALL(%s)",
        [table, ["id", *expressions]],
    )
    copied = [row[0] for row in env.cr.fetchall()]
    env.cr.execute(
        f"INSERT INTO {{table}} ({{', '.join([*copied, *expressions])}})"
        f" SELECT {{', '.join([*copied, *expressions.values()])}}"
        f" FROM {{table}}, generate_series(1, {rows}) AS n WHERE id = {{record.id}}"
    )

def cycle(record, field):
    values = record._fields[field].get_values(env)
    return f"(ARRAY{{values}}::varchar[])[1 + n % {{len(values)}}]"

order = f"{{BASE}} + n"
reference = "'OLD' || n"
env.flush_all()
multiply(sold, id=order, name=reference)
for line in sold.order_line:
    multiply(line, order_id=order)
state = cycle(protection, "state")
multiply(protection, order_id=order, order_reference=reference, state=state)
multiply(consent, order_id=order)
state = cycle(invitation, "state")
multiply(invitation, order_id=order, order_reference=reference, state=state)
env.cr.execute(
    "UPDATE sale_order SET trustedshops_protection_id = p.id"
    "  FROM trustedshops_protection p WHERE p.order_id = sale_order.id"
    "   AND sale_order.id > %s", [BASE]
)
env.cr.commit()
"""
# Tables and columns that are the shop's: all of ours, and what our addons may touch.
KEPT = """
SELECT table_name, column_name FROM information_schema.columns
 WHERE table_schema = 'public'
   AND column_name NOT IN ('write_date', 'write_uid')
   AND (table_name LIKE '%trustedshops%' OR column_name LIKE '%trustedshops%'
        OR table_name LIKE '%withdrawal%' OR column_name LIKE '%withdrawal%'
        OR table_name || '.' || column_name IN (
           'sale_order.amount_total', 'sale_order_line.price_total',
           'account_move_line.price_total', 'mail_template.subject',
           'mail_activity.note', 'ir_config_parameter.value', 'ir_cron.active'))
"""


def test_an_update_of_the_last_release_loses_nothing(request, tmp_path):
    is_long = request.config.getoption("long")
    rows = 100_000 if is_long else 300
    name, released = postgres.name_for("upgrade"), make_shop(tmp_path, rows)
    postgres.copy(released, name)
    if is_long:
        postgres.drop(released)
    tables = remember(name)
    assert find_empty(name, tables) == []
    began = time.monotonic()
    odoo.install("-u", name, odoo.get_addons(name))
    print(f"update of {rows} orders: {time.monotonic() - began:.0f} s")
    assert read_log(name) == []
    assert find_lost(name, tables) == []
    assert read_versions(name) == {
        addon: get_version((ROOT / addon / "__manifest__.py").read_text())
        for addon in odoo.ADDONS
    }
    postgres.drop(name)


def make_shop(folder, rows):
    """Return a database with the last release and a shop that used it, made once.

    :param pathlib.Path folder: for the files of the release
    :param int rows: orders
    :rtype: str
    """
    released = read_released()
    base = odoo.template(TILL_MODULES)
    script = USE + ADD + MULTIPLY.format(rows=rows)
    recipe = short_hash(base, released, script)
    name = postgres.name_for(f"release{rows}")
    if postgres.recall(name) != recipe:
        postgres.copy(base, name)
        addons = unpack(released, folder)
        path = f"--addons-path={folder}"
        odoo.install("-i", name, addons, path)
        odoo.shell(name, script, path)
        postgres.label(name, recipe)
    return name


def read_released():
    """Return the addons to update from, as a tar file."""
    path = ROOT / LAST_ADDONS
    return lzma.decompress(path.read_bytes()) if path.exists() else archive_addons(ROOT)


def unpack(released, folder):
    """Write the addons of a release into a folder, and return their names."""
    with tarfile.open(fileobj=io.BytesIO(released)) as tar:
        tar.extractall(folder, filter="data")
    return sorted(path.name for path in folder.iterdir())


def read_columns(database):
    """Return the columns to keep, by table."""
    tables = {}
    for table, column in postgres.query(KEPT, database):
        tables.setdefault(table, {"id"} if "_rel" not in table else set()).add(column)
    return tables


def remember(database):
    """Put what is to be kept aside, and return the columns by table."""
    tables = read_columns(database)
    copies = [
        f"CREATE TABLE was.{table} AS SELECT {', '.join(columns)} FROM public.{table}"
        for table, columns in tables.items()
    ]
    postgres.query("; ".join(["CREATE SCHEMA was", *copies]), database)
    return tables


def find_empty(database, tables):
    """Return the tables of ours without a row: what they hold would not be tried."""
    lasting = "SELECT replace(model, '.', '_') FROM ir_model WHERE NOT transient"
    lasting = {name for (name,) in postgres.query(lasting, database)}
    return [
        table
        for table in lasting.intersection(tables)
        if postgres.query(f"SELECT count(*) FROM was.{table}", database) == [["0"]]
    ]


def find_lost(database, tables):
    """Return what was there before: columns, and rows with other values now."""
    now = read_columns(database)
    lost = []
    for table, columns in tables.items():
        left = now.get(table, set())
        lost += [f"{table}.{column}" for column in columns - left]
        names = ", ".join(columns & left)
        changed = postgres.query(
            f"SELECT count(*) FROM (SELECT {names} FROM was.{table}"
            f" EXCEPT SELECT {names} FROM public.{table}) AS gone",
            database,
        )
        if changed != [["0"]]:
            lost.append(f"{changed[0][0]} rows of {table}")
    return lost


def read_versions(database):
    rows = postgres.query(
        "SELECT name, latest_version FROM ir_module_module"
        f" WHERE state = 'installed' AND name IN {odoo.ADDONS}",
        database,
    )
    return dict(rows)
