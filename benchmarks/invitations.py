# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What invitations cost: against a bare loop of calls, and beside a long history."""

import statistics
import time

import requests

from wsts import odoo, postgres
from wsts.steps import let_shop_invite

from .applications import ANSWER_MS
from .pairs import alternate, compare
from .shops import workers

ORDERS = 40
ROUNDS = 6

SET_UP = """
website = env['website'].search([], order='id', limit=1)
account = env['trustedshops.account'].create({
    'company_id': website.company_id.id, 'environment': 'sandbox',
    'client_id': 'sandbox-client', 'client_secret': 'sandbox-client-secret',
    'user_id': env.ref('base.user_admin').id})  # a person, as in any shop
account._ask()
channel = account.channel_ids.sorted('channel_ref')[0]
channel.write({
    'website_id': website.id, 'lang_id': False, 'inviter': 'odoo',
    'consent_mode': 'checkbox', 'trigger': 'placed'})
result = channel.channel_ref
"""
# Orders of one desk whose buyers agreed; each buyer has an address of his own.
PLACE_ORDERS = """
import uuid
channel = env['trustedshops.channel'].search([('website_id', '!=', False)], limit=1)
company, website = channel.company_id, channel.website_id
env = env(context={'allowed_company_ids': company.ids})
product = env.ref('product.product_product_3')
partner = env['res.partner'].create({
    'name': 'Erika Mustermann', 'email': 'erika@buyer.example',
    'country_id': env.ref('base.de').id})
for number in range(ORDERS):
    order = env['sale.order'].create({
        'partner_id': partner.id, 'website_id': website.id, 'company_id': company.id,
        'order_line': [(0, 0, {'product_id': product.id})]})
    order._action_confirm()
    order.state = 'sale'
    env['trustedshops.consent'].create({
        'kind': 'given', 'email': f'{uuid.uuid4().hex}@buyer.example',
        'moment': order.date_order, 'mode': 'checkbox', 'text': 'Ja',
        'order_id': order.id, 'channel_id': channel.id, 'company_id': company.id})
"""
RUN_QUEUE = """
env['trustedshops.invitation']._run_queue()
result = env['trustedshops.invitation'].search_count(
    [('state', 'in', ('waiting', 'due', 'sending'))])
"""
# Without the rows being made and decided, which asks nobody.
DECIDE = """
invitations = env['trustedshops.invitation']
import datetime
from odoo.addons.website_sale_trustedshops.models.batches import Job
invitations._create_missing(datetime.timedelta(days=2))
Job(
    invitations, invitations._get_undecided_domain, lambda rows: rows._decide()
).do_all()
"""
RUN_EVENTS = """
import time
from odoo.addons.website_sale_trustedshops.models.batches import run_in_turn
invitations = env['trustedshops.invitation']
run = env['trustedshops.service']._begin_run('rest')
start = time.perf_counter()
run_in_turn(invitations._get_jobs(run)[1:2], env, lambda: True)
seconds = time.perf_counter() - start
run.close()
result = [invitations.search_count([('state', '=', 'due')]), seconds]
"""
# Finished rows with consents of three years, of orders that are not there.
MAKE_HISTORY = """
cr = env.cr
cr.execute('SET session_replication_role = replica')
cr.execute('''
    INSERT INTO trustedshops_invitation (order_id, order_reference, email, channel_id,
        company_id, state, sent_at, answered_at, ended_at, attempt_count, event_ref)
    SELECT 1000000000 + n, 'OLD' || n, 'old' || n || '@buyer.example', channel_id,
           company_id, 'accepted', moment, moment, moment, 1, 'evt-' || n
      FROM (SELECT n, now() AT TIME ZONE 'UTC' - n * interval '1095 days' / ROWS
                   AS moment FROM generate_series(1, ROWS) AS n) AS past,
           (SELECT channel_id, company_id FROM trustedshops_invitation LIMIT 1)
           AS one''')
cr.execute('''
    INSERT INTO trustedshops_consent (order_id, email, channel_id, company_id, kind,
        mode, moment, create_date, nonce)
    SELECT order_id, email, channel_id, company_id, 'given', 'checkbox', sent_at,
           sent_at, order_id
      FROM trustedshops_invitation WHERE order_id > 1000000000''')
cr.execute('SET session_replication_role = DEFAULT')
cr.commit()
cr.execute('ANALYZE trustedshops_invitation')
cr.execute('ANALYZE trustedshops_consent')
"""


def measure_throughput(shop):
    """Print how fast one worker of the queue invites, against a bare loop of requests.

    Once for the events alone, and once with everything from the consent on. The loop
    makes the same calls and nothing else.

    :param Shop shop: whose sandbox is running
    """
    shop.sandbox.post("settings", {"delay_ms": ANSWER_MS})
    with workers(shop.database) as (worker,):
        set_up(shop, worker)
        place(worker, 1)
        worker.run(RUN_QUEUE)

        def send_only():
            place(worker, ORDERS)
            worker.run(DECIDE)
            left, seconds = worker.run(RUN_EVENTS)["result"]
            if left or worker.run(RUN_QUEUE)["result"]:
                raise RuntimeError("the queue left invitations behind")
            return ORDERS / seconds

        def live_through():
            place(worker, ORDERS)
            done = worker.run(RUN_QUEUE)
            if done["result"]:
                raise RuntimeError("the queue left invitations behind")
            return ORDERS / done["seconds"]

        for name, queue in (
            ("invitations", send_only),
            ("from the consent on", live_through),
        ):
            pairs = alternate(queue, lambda: ORDERS / _loop(shop, ORDERS), ROUNDS)
            ours = statistics.median(first for first, _second in pairs)
            bare = statistics.median(second for _first, second in pairs)
            print(
                f"{name}: {ours:.1f} a second by the queue, {bare:.1f} by a bare loop;"
                f" queue / loop {compare(pairs)}",
                flush=True,
            )
    shop.sandbox.post("settings", {"delay_ms": 0})


def set_up(shop, worker):
    """Connect the account of the sandbox, whose events lead to mails."""
    let_shop_invite(shop.sandbox, worker.run(SET_UP)["result"])


def place(worker, count):
    """Have orders whose buyers agreed.

    :param Odoo worker: of the shop
    :param int count: orders
    """
    worker.run(PLACE_ORDERS.replace("ORDERS", str(count)))


def _loop(shop, count):
    """Send events as a script would that knows nothing but requests.

    :param Shop shop: whose sandbox is running
    :param int count: events
    :return: seconds
    :rtype: float
    """
    base = shop.sandbox.url
    channel = sorted(shop.sandbox.get("channels"), key=lambda each: each["id"])[0]
    login = {
        "grant_type": "client_credentials",
        "client_id": "sandbox-client",
        "client_secret": "sandbox-client-secret",
        "audience": "https://api.etrusted.com",
    }
    with requests.Session() as session:
        answer = session.post(f"{base}/oauth/token", data=login, timeout=30).json()
        session.headers["Authorization"] = f"Bearer {answer['access_token']}"
        start = time.perf_counter()
        for number in range(count):
            reference = f"LOOP-{time.time_ns()}-{number}"
            event = {
                "type": "order_status_from_odoo",
                "customer": {"email": f"{reference.lower()}@buyer.example"},
                "channel": {"id": channel["id"], "type": "etrusted"},
                "transaction": {
                    "reference": reference,
                    "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                },
                "system": "Loop",
                "systemVersion": "1",
            }
            answer = session.post(f"{base}/events", json=event, timeout=30)
            if answer.status_code != 202:
                raise RuntimeError(f"the service answered {answer.status_code}")
        return time.perf_counter() - start


def measure_history(shop, rows):
    """Print what a run of the queue costs beside many finished invitations.

    :param Shop shop: whose sandbox is running
    :param int rows: finished invitations
    """
    with workers(shop.database) as (worker,):
        if not worker.run("result = len(env['trustedshops.account'].search([]))")[
            "result"
        ]:
            set_up(shop, worker)
        place(worker, 1)
        worker.run(RUN_QUEUE)
    long = postgres.name_for("bench_invited")
    postgres.copy(shop.database, long)
    odoo.shell(long, MAKE_HISTORY.replace("ROWS", str(rows)))
    for table in ("trustedshops_invitation", "trustedshops_consent"):
        postgres.query(f"VACUUM ANALYZE {table}", long)
    try:
        with workers(shop.database, long, together=True) as shops:
            without, with_history = shops
            for name, orders, count in (("idle", 0, 60), ("40 invitations", 40, 12)):

                def run(worker, orders=orders):
                    if orders:
                        place(worker, orders)
                    return worker.run(RUN_QUEUE)["seconds"]

                for worker in (without, with_history):
                    run(worker)
                pairs = alternate(
                    lambda: run(with_history),  # noqa: B023
                    lambda: run(without),  # noqa: B023
                    count,
                )
                middle = statistics.median(second for _first, second in pairs)
                print(
                    f"a run, {name}: {middle * 1000:.1f} ms;"
                    f" beside {rows} finished / none {compare(pairs)}",
                    flush=True,
                )
    finally:
        postgres.drop(long)
