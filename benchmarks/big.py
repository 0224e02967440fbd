# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a shop with a million orders costs more than a small one."""

import statistics
import time

from lxml import etree

from wsts import postgres

from .pairs import alternate, compare

# Pairs of each measurement; an idle run takes milliseconds.
PAIRS, PAIRS_OF_RUNS = 12, 60
# Ids of what is added begin here, as those of the orders that it is about.
BASE = 1_000_000_000
PLACED_AT = "now() AT TIME ZONE 'UTC' - n * interval '1095 days' / {orders}"
PARTNER = "{base} + 1 + n % ({orders} / 5)"
EMAIL = "'customer' || n || '@buyer.example'"
# The newest of each is copied for each order: what the copies have of their own.
COPIES = {
    "res_partner": {
        "name": "'Customer ' || n",
        "complete_name": "'Customer ' || n",
        "commercial_partner_id": "{base} + n",
        "email": EMAIL,
        "email_normalized": EMAIL,
    },
    "sale_order": {
        "name": "'OLD' || n",
        "partner_id": PARTNER,
        "partner_invoice_id": PARTNER,
        "partner_shipping_id": PARTNER,
        "access_token": "NULL",
        "date_order": PLACED_AT,
        "trustedshops_protection_id": "{base} + n",
        "trustedshops_was_offered": "TRUE",
    },
    # The newest is the one of the fee.
    "sale_order_line": {
        "order_id": "{base} + n",
        "order_partner_id": PARTNER,
    },
    # One in three hundred was never billed.
    "trustedshops_protection": {
        "order_id": "{base} + n",
        "order_reference": "'OLD' || n",
        "partner_id": PARTNER,
        "buyer_email": EMAIL,
        "is_test": "FALSE",
        "application_number": "n::text",
        "guarantee_number": "n::text",
        "placed_at": PLACED_AT,
        "requested_at": PLACED_AT,
        "billed_ref": "CASE WHEN n % 300 > 0 THEN 'TS-1' END",
    },
    "trustedshops_consent": {
        "order_id": "{base} + n",
        "email": EMAIL,
        "digest": "md5(n::text)",
        "moment": PLACED_AT,
        "create_date": PLACED_AT,
        "write_date": PLACED_AT,
    },
    "trustedshops_invitation": {
        "order_id": "{base} + n",
        "order_reference": "'OLD' || n",
        "email": EMAIL,
        "sent_at": PLACED_AT,
        "answered_at": PLACED_AT,
        "ended_at": PLACED_AT,
        "event_ref": "'evt-' || n",
        "payload": "NULL",
    },
}
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


def fill(database, orders):
    """Give each order of a big shop its protection, consent and invitation, or more.

    Rows are added in plain SQL and without checks: they are copies.

    :param str database: of a shop that has one of each
    :param int orders: how many
    """
    words = {"base": BASE, "orders": orders}
    for table, own in COPIES.items():
        columns = postgres.query(
            "SELECT column_name FROM information_schema.columns"
            f" WHERE table_name = '{table}'",
            database,
        )
        own = {"id": "{base} + n", **own}
        values = {f'"{name}"': own.get(name, f'"{name}"') for [name] in columns}
        sql = (
            f"SET session_replication_role = replica;"
            f" INSERT INTO {table} ({', '.join(values)})"
            f" SELECT {', '.join(values.values())}"
            f" FROM (SELECT * FROM {table} ORDER BY id DESC LIMIT 1) AS one,"
            f" generate_series(1, {orders}) AS n;"
            f" SELECT setval('{table}_id_seq', {BASE + orders})"
        )
        postgres.query(sql.format(**words), database)
    postgres.query(OUTCOMES.format(**words), database)
    postgres.query("VACUUM ANALYZE", database)


def _read(env, model, view=None, ids=None):
    """Read what a list or form shows, as the web client does."""
    kind = "form" if ids else "list"
    arch = env[model].get_view(view and env.ref(view).id, kind)["arch"]
    names = etree.fromstring(arch).xpath("//field[not(ancestor::field)]/@name")
    fields = {name: {} for name in names}
    if ids:
        return env[model].browse(ids).web_read(fields)
    return env[model].web_search_read([], fields, limit=80, count_limit=10001)


def _open_settings(env):
    settings = env["res.config.settings"].create({})
    view = env.ref("base.res_config_settings_view_form").xml_id
    return _read(env, "res.config.settings", view, ids=settings.ids)


def _open_certificate(env):
    certificate = env["trustedshops.certificate"].search([], limit=1)
    return _read(env, "trustedshops.certificate", ids=certificate.ids)


def _sum_up_fees(env):
    placed = [("state", "!=", "selected")]
    groups = ["requested_at:month", "billable", "currency_id"]
    sums = ["net_fee:sum", "gross_fee:sum"]
    return env["trustedshops.protection"].web_read_group(placed, groups, sums, limit=80)


# What staff open. What they look for among orders and protections is found by an index,
# as the addon's own tests show.
SCREENS = {
    "settings": _open_settings,
    "certificates": lambda env: _read(env, "trustedshops.certificate"),
    "form of a certificate": _open_certificate,
    "overview": lambda env: env["trustedshops.overview"].get_overview(),
    "statement, by month": _sum_up_fees,
}
# Runs with nothing to do. The first of a day looks at the consents of half a year, all
# others at new ones.
RUNS = {
    "applications": lambda env: env["trustedshops.protection"]._run_queue(),
    "invitations": lambda env: env["trustedshops.invitation"]._run_queue(),
    "invitations, later": lambda env: (
        env["trustedshops.invitation"].with_context(lastcall=env.cr.now())._run_queue()
    ),
    "old consents": lambda env: env["trustedshops.consent"]._cron_clean(),
}


def measure(big, small):
    """Compare what staff open, and idle runs, in wall-clock time.

    :param Shop big: see :func:`fill`
    :param Shop small: the shop that it was made of
    :return: a line for each
    :rtype: list[str]
    """
    lines = [
        _compare(name, big, small, _as_administrator(work), PAIRS)
        for name, work in SCREENS.items()
    ]
    lines += [
        _compare(f"run: {name}", big, small, work, PAIRS_OF_RUNS)
        for name, work in RUNS.items()
    ]
    return lines


def _as_administrator(work):
    """Return work that a person does, in all companies."""

    def as_administrator(env):
        admin = env.ref("base.user_admin")
        companies = {"allowed_company_ids": admin.company_ids.ids}
        return work(env(user=admin, context=companies))

    return as_administrator


def _compare(name, big, small, work, count):
    """Measure a thing in both shops, and tell the quotient."""

    def take(shop):
        with shop.administrator() as env:
            start = time.perf_counter()
            work(env)
            return time.perf_counter() - start

    for _turn in range(3):
        take(big), take(small)
    pairs = alternate(lambda: take(big), lambda: take(small), count)
    middle = [statistics.median(column) * 1000 for column in zip(*pairs, strict=True)]
    return f"{name}: {middle[0]:.0f} ms ÷ {middle[1]:.0f} ms = {compare(pairs)[0]}"
