# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a shop with a million orders costs more than a small one."""

import statistics
from contextlib import contextmanager

from wsts import odoo, postgres
from wsts.machine import say

from . import applications, invitations
from .pairs import alternate, compare
from .shops import workers

PRODUCTS, FIXED = 100_000, 5_000
# Pairs of each measurement; an idle run takes milliseconds.
PAIRS, PAIRS_OF_RUNS = 12, 60

# Ids of what is added begin here, as those of the histories that are added to it.
BASE = 1_000_000_000
COMPANY = "(SELECT id FROM res_company WHERE name = 'DE Company')"
WEBSITE = f"(SELECT min(id) FROM website WHERE company_id = {COMPANY})"
DESK = (
    "(SELECT res_id FROM ir_model_data"
    " WHERE module = 'product' AND name = 'product_product_3')"
)
PLACED_AT = "now() AT TIME ZONE 'UTC' - n * interval '30 seconds'"
# One of each is copied: its id, how many times, and what the copies have of their own.
COPIES = {
    "res_partner": (
        "(SELECT partner_id FROM sale_order WHERE state = 'sale' ORDER BY id LIMIT 1)",
        "customers",
        {
            "id": "{base} + n",
            "name": "'Customer ' || n",
            "complete_name": "'Customer ' || n",
            "commercial_partner_id": "{base} + n",
            "parent_id": "NULL",
            "email": "'customer' || n || '@buyer.example'",
            "email_normalized": "'customer' || n || '@buyer.example'",
        },
    ),
    "product_template": (
        f"(SELECT product_tmpl_id FROM product_product WHERE id = {DESK})",
        "products",
        {
            "id": "{base} + n",
            "name": "jsonb_build_object('en_US', 'Product ' || n)",
            "default_code": "'BIG-' || n",
            "website_sequence": "10000000 + n",
            # The last ones get theirs as an installation gives it.
            "trustedshops_sku": f"CASE WHEN n > {FIXED} THEN 'BIG-' || n END",
        },
    ),
    "product_product": (
        DESK,
        "products",
        {
            "id": "{base} + n",
            "product_tmpl_id": "{base} + n",
            "default_code": "'BIG-' || n",
            "barcode": "NULL",
        },
    ),
    "sale_order": (
        "(SELECT min(id) FROM sale_order WHERE state = 'sale')",
        "orders",
        {
            "id": "{base} + n",
            "name": "'OLD' || n",
            "partner_id": "{base} + 1 + n % {customers}",
            "partner_invoice_id": "{base} + 1 + n % {customers}",
            "partner_shipping_id": "{base} + 1 + n % {customers}",
            "company_id": COMPANY,
            "website_id": WEBSITE,
            "access_token": "NULL",
            "date_order": PLACED_AT,
            "trustedshops_protection_id": "{base} + n",
            "trustedshops_was_offered": "TRUE",
        },
    ),
    # One order in twenty is of the desk, the shop's best-seller.
    "sale_order_line": (
        "(SELECT min(id) FROM sale_order_line WHERE state = 'sale'"
        " AND display_type IS NULL)",
        "orders",
        {
            "id": "{base} + n",
            "order_id": "{base} + n",
            "product_id": f"CASE n % 20 WHEN 0 THEN {DESK}"
            " ELSE {base} + 1 + n % {products} END",
            "company_id": COMPANY,
            "order_partner_id": "{base} + 1 + n % {customers}",
        },
    ),
}
# One in three hundred was never billed.
PROTECTIONS = {
    "trustedshops_protection": (
        "(SELECT min(id) FROM trustedshops_protection)",
        "orders",
        {
            "id": "{base} + n",
            "order_id": "{base} + n",
            "order_reference": "'OLD' || n",
            "partner_id": "{base} + 1 + n % {customers}",
            "buyer_email": "'customer' || n || '@buyer.example'",
            "state": "'confirmed'",
            "is_test": "FALSE",
            "application_number": "n::text",
            "guarantee_number": "n::text",
            "placed_at": PLACED_AT,
            "requested_at": PLACED_AT,
            "next_attempt_at": "NULL",
            "mail_due": "FALSE",
            "billed_ref": "CASE WHEN n % 300 > 0 THEN 'TS-1' END",
        },
    ),
}
# As an installation of the addon gives them their IDs.
FIX_IDS = """
products = env['product.template'].search([('trustedshops_sku', '=', False)])
env.add_to_compute(products._fields['trustedshops_sku'], products)
products._recompute_recordset(['trustedshops_sku'])
env.flush_all()
result = len(products)
"""
# All products of the small shop have reviews.
RATE_PRODUCTS = """
from odoo import fields
channel = env['trustedshops.channel'].search([('website_id', '!=', False)], limit=1)
ratings = env['trustedshops.product.rating']
ratings._create_missing(channel)
moments = {'read_at': fields.Datetime.now(), 'next_read_at': '2099-01-01'}
ratings.search([]).write({'rating': 4.5, 'count': 12, **moments})
env.registry.clear_cache()
"""
NOTE_PRODUCTS = """
ratings = env['trustedshops.product.rating']
for channels in ratings._get_channels().values():
    while not ratings._create_missing(channels):
        pass
result = ratings.search_count([])
"""
# Every second product has reviews; all are due.
RATE_HALF = """
    UPDATE trustedshops_product_rating
       SET rating = 4.5, count = product_tmpl_id % 2 * 12, read_at = now(),
           next_read_at = now() - product_tmpl_id % 1000 * interval '1 minute'
     WHERE product_tmpl_id > {base}
"""

# One fee in fifty went back, one order in ten was reviewed.
OUTCOMES = """
    SET session_replication_role = replica;
    INSERT INTO trustedshops_refund (protection_id, company_id, reason, state)
    SELECT id, company_id, 'ended', 'done' FROM trustedshops_protection
     WHERE id > {base} AND id % 50 = 0;
    INSERT INTO trustedshops_review (order_id, review_ref, channel_id, company_id,
        subject, stars, state, submitted_at)
    SELECT order_id, 'rev-' || order_id, channel_id, company_id,
           'shop', 1 + order_id / 10 % 5, 'approved', answered_at
      FROM trustedshops_invitation WHERE order_id > {base} AND order_id % 10 = 0
"""

PAGES = ("/", "/shop", "/shop/{desk}", "/shop/cart", "/shop/payment")
AS_ADMINISTRATOR = """
from lxml import etree
admin = env.ref('base.user_admin')
env = env(user=admin, context={'allowed_company_ids': admin.company_ids.ids})

def read_view(model, view, domain=(), ids=None, **words):
    arch = env[model].get_view(view and env.ref(view).id, 'form' if ids else 'list')
    names = etree.fromstring(arch['arch']).xpath('//field[not(ancestor::field)]/@name')
    fields = {name: {} for name in names}
    if ids:
        return env[model].browse(ids).web_read(fields)
    words = {'limit': 80, 'count_limit': 10001, **words}
    return env[model].web_search_read(list(domain), fields, **words)
"""
# What staff open, with the addon and without.
BACK_OFFICE = {
    "orders": "read_view('sale.order', 'sale.sale_order_tree')",
    "form of a product": (
        "desk = env.ref('product.product_product_3').product_tmpl_id\n"
        "read_view('product.template', 'product.product_template_only_form_view',"
        " ids=desk.ids)"
    ),
    "settings": (
        "settings = env['res.config.settings'].create({})\n"
        "view = env.ref('base.res_config_settings_view_form').xml_id\n"
        "read_view('res.config.settings', view, ids=settings.ids)"
    ),
}
OURS = {
    "orders, protection to check": (
        "read_view('sale.order', 'sale.sale_order_tree',"
        " [('trustedshops_protection_id.needs_attention', '=', True)])"
    ),
    "orders by number of protection": (
        "read_view('sale.order', 'sale.sale_order_tree', ['|',"
        " ('trustedshops_protection_id.guarantee_number', 'ilike', '4711'),"
        " ('trustedshops_protection_id.application_number', 'ilike', '4711')])"
    ),
    "protections": (
        "read_view('trustedshops.protection', None, [('state', '!=', 'selected')])"
    ),
    "protections by address": (
        "text = 'customer4711@'\n"
        "names = ['order_reference', 'application_number',"
        " 'guarantee_number', 'buyer_email']\n"
        "read_view('trustedshops.protection', None, ['|'] * 3"
        " + [(name, 'ilike', text) for name in names]"
        " + [('state', '!=', 'selected')])"
    ),
    "statement, by month": (
        "env['trustedshops.protection'].web_read_group([('state', '!=', 'selected')],"
        " ['requested_at:month', 'billable', 'currency_id'],"
        " ['net_fee:sum', 'gross_fee:sum'], limit=80)"
    ),
    "statement, not yet billed": (
        "read_view('trustedshops.protection',"
        " 'website_sale_trustedshops.trustedshops_statement_view_list',"
        " [('billable', '!=', 'void'), ('billed_ref', '=', False)])"
    ),
    "numbers, all months": (
        "env['trustedshops.report'].formatted_read_grouping_sets("
        "[], [[], ['date:month'], ['date:month', 'website_id']],"
        " ['offered:sum', 'ticked:sum', 'share:avg', 'confirmed:sum', 'returned:sum',"
        " 'consents:sum', 'invited:sum', 'reviewed:sum', 'stars:avg'])"
    ),
    "overview": "env['trustedshops.overview'].get_overview()",
    "certificates": "read_view('trustedshops.certificate', None)",
    "form of a certificate": (
        "certificate = env['trustedshops.certificate'].search([], limit=1)\n"
        "read_view('trustedshops.certificate', None, ids=certificate.ids)"
    ),
}
CRONS = {
    "run: applications, idle": "env['trustedshops.protection']._run_queue()",
    # The first of a day looks at the consents of half a year, all others at new ones.
    "run: invitations, idle": """
from odoo.fields import Datetime
env = env(context={'lastcall': Datetime.now()})
env['trustedshops.invitation']._run_queue()
""",
    "run: invitations, first of the day": (
        "env['trustedshops.invitation']._run_queue()"
    ),
    "run: which ratings are due": """
ratings = env['trustedshops.product.rating']
for channels in ratings._get_channels().values():
    assert ratings._create_missing(channels)
    due = ratings._get_due_domain(channels, {})
    ratings.search(due, order='next_read_at, id', limit=20)
    ratings._filter_rated(channels)
""",
    "run: old consents": "env['trustedshops.consent']._cron_clean()",
}


def measure_big(shop, bare, orders):
    """Print what a big shop costs against a small one, with us and without.

    :param Shop shop: with the addons, whose sandbox is running
    :param str bare: database of its twin without them
    :param int orders: of the big shop
    """
    with workers(shop.database) as (worker,):
        invitations.set_up(shop, worker)
        applications.place(worker, 1)
        worker.run(applications.RUN_QUEUE)
        invitations.place(worker, 1)
        worker.run(invitations.RUN_QUEUE)
        worker.run(RATE_PRODUCTS)
    with _made_big(shop.database, orders) as big, _made_big(bare, orders) as big_bare:
        _fill_ours(big, orders)
        for database in (big, big_bare):
            postgres.query("VACUUM ANALYZE", database)
        names = (big, shop.database, big_bare, bare)
        with workers(*names, together=True) as served:
            by_name = {each.database: each for each in served}
            _measure(*(by_name[name] for name in names))


@contextmanager
def _made_big(database, orders):
    """Copy a shop and fill it; the copy is dropped at the end."""
    name = f"{database}_big"
    say(f"filling {name}")
    postgres.copy(database, name)
    try:
        _fill(name, COPIES, orders)
        yield name
    finally:
        postgres.drop(name)


def _fill(database, copies, orders):
    """Add rows to tables, in plain SQL and without checks: they are copies."""
    counts = {"orders": orders, "customers": orders // 5, "products": PRODUCTS}
    for table, (source, kind, own) in copies.items():
        columns = postgres.query(
            "SELECT column_name FROM information_schema.columns"
            f" WHERE table_name = '{table}'",
            database,
        )
        names = [f'"{name}"' for [name] in columns]
        values = [
            own.get(name.strip('"'), name).format(base=BASE, **counts) for name in names
        ]
        postgres.query(
            f"SET session_replication_role = replica;"
            f" INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)}"
            f" FROM (SELECT * FROM {table} WHERE id = {source}) AS one,"
            f" generate_series(1, {counts[kind]}) AS n;"
            f" SELECT setval('{table}_id_seq', {BASE + counts[kind]});"
            f" ANALYZE {table}",
            database,
        )


def _fill_ours(database, orders):
    """Give each order of a big shop its protection, consent and invitation, or more."""
    _fill(database, PROTECTIONS, orders)
    odoo.shell(database, invitations.MAKE_HISTORY.replace("ROWS", str(orders)))
    postgres.query(OUTCOMES.format(base=BASE), database)
    with workers(database) as (worker,):
        for name, source in (("get their IDs", FIX_IDS), ("are noted", NOTE_PRODUCTS)):
            done = worker.run(source)
            print(
                f"{done['result']} products {name} in {done['seconds']:.1f} s"
                f" with {done['queries']} queries",
                flush=True,
            )
    postgres.query(RATE_HALF.format(base=BASE), database)


def _measure(big, small, big_bare, small_bare):
    """Print each comparison."""
    desk = [shop.fill_cart()["desk"] for shop in (big, small, big_bare, small_bare)][0]
    for path in PAGES:
        url = path.format(desk=desk)

        def visit(shop, url=url):
            answer = shop.get(url)
            if answer["status"] != 200:
                raise RuntimeError(f"{shop.database} answered {answer}")
            return answer["elapsed"]

        _report(path, visit, (big, small), (big_bare, small_bare))
    for name, source in BACK_OFFICE.items():
        _report(name, _running(source), (big, small), (big_bare, small_bare))
    for name, source in OURS.items():
        _report(name, _running(source), (big, small))
    for name, source in CRONS.items():
        run = lambda shop, code=source: shop.run(code)["seconds"]  # noqa: E731
        _report(name, run, (big, small), count=PAIRS_OF_RUNS)


def _running(source):
    """Return what opens something as the administrator and tells the seconds."""
    return lambda shop: shop.run(AS_ADMINISTRATOR + source)["seconds"]


def _report(name, measure, ours, bare=None, count=PAIRS):
    """Measure a thing in a big and a small shop, and print the quotient."""
    words = []
    for title, shops in (("with the addons", ours), ("without", bare)):
        if not shops:
            continue
        big, small = shops
        for shop in shops:
            for _turn in range(3):
                measure(shop)
        pairs = alternate(lambda: measure(big), lambda: measure(small), count)  # noqa: B023
        middle = [
            statistics.median(column) * 1000 for column in zip(*pairs, strict=True)
        ]
        ratio = compare(pairs)
        words.append(f"{title} {middle[0]:.0f} ms ÷ {middle[1]:.0f} ms = {ratio}")
    print(f"{name}: {'; '.join(words)}", flush=True)
