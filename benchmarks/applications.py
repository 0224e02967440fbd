# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the queue costs: against a bare loop of calls, and beside a long history."""

import statistics
import time

import zeep

from wsts import odoo, postgres

from .pairs import alternate, compare
from .shops import workers

# Milliseconds that the service takes for an answer. Source: the budget.
ANSWER_MS = 50
ORDERS = 40
ROUNDS = 6

# Orders of one desk whose fee was ticked; as a shopper's request would leave them.
PLACE_ORDERS = """
certificate = env['trustedshops.certificate'].search(
    [('protection_model', '=', 'excellence'), ('company_id.name', '=', 'DE Company')])
env = env(context={'allowed_company_ids': certificate.company_id.ids})
website = certificate.website_id
product = env.ref('product.product_product_3')
partner = env['res.partner'].create({
    'name': 'Erika Mustermann', 'email': 'erika@buyer.example',
    'country_id': env.ref('base.de').id})
for number in range(ORDERS):
    order = env['sale.order'].create({
        'partner_id': partner.id, 'website_id': website.id,
        'company_id': certificate.company_id.id,
        'order_line': [(0, 0, {'product_id': product.id})]})
    assert order._trustedshops_choose_protection(), 'nothing is offered'
    order._action_confirm()
    order.state = 'sale'
    assert order.trustedshops_protection_id.state == 'queued'
"""
RUN_QUEUE = """
env['trustedshops.protection']._run_queue()
result = env['trustedshops.protection'].search_count([('state', '=', 'queued')])
"""
# After an outage: the service is asked first, then all rows go.
FALL_SILENT = """
env['trustedshops.service'].search([('kind', '=', 'soap')]).write({
    'silent_since': '2026-01-01', 'rests_until': False})
"""
DRAIN = """
import time
protections = env['trustedshops.protection']
begun = time.process_time()
protections._run_queue()
seconds = time.process_time() - begun
unfinished = ('queued', 'sending', 'requested')
left = protections.search_count([('state', 'in', unfinished)])
left += protections.search_count(protections._get_mails_domain())
result = [left, seconds]
"""
# The applications alone: notes, questions for the state and mails are other batches.
RUN_APPLICATIONS = """
import time
from odoo.addons.website_sale_trustedshops.models.batches import run_in_turn
protections = env['trustedshops.protection']
run = env['trustedshops.service']._begin_run('soap')
applying = protections._get_jobs(run)[:1]
start = time.perf_counter()
run_in_turn(applying, env, lambda: True)
seconds = time.perf_counter() - start
run.close()
result = [protections.search_count([('state', '=', 'queued')]), seconds]
"""
# Finished rows that no order stands behind: the queue never looks at it.
MAKE_HISTORY = """
cr = env.cr
cr.execute('SELECT count(*) FROM trustedshops_protection')
before = cr.fetchone()[0]
cr.execute('SET session_replication_role = replica')
cr.execute('''
    SELECT string_agg(quote_ident(column_name), ', ')
      FROM information_schema.columns
     WHERE table_name = 'trustedshops_protection'
       AND column_name NOT IN ('id', 'order_id', 'order_reference', 'state',
            'guarantee_number', 'application_number', 'next_attempt_at')''')
columns = cr.fetchone()[0]
cr.execute(f'''
    INSERT INTO trustedshops_protection (order_id, order_reference, state,
        guarantee_number, application_number, {columns})
    SELECT 1000000000 + n, 'OLD' || n, 'confirmed', n::text, n::text, {columns}
      FROM trustedshops_protection, generate_series(1, ROWS) AS n
     WHERE id = (SELECT min(id) FROM trustedshops_protection)''')
cr.execute('SET session_replication_role = DEFAULT')
cr.commit()
cr.execute('ANALYZE trustedshops_protection')
result = env['trustedshops.protection'].search_count([]) - before
"""


def measure_throughput(shop):
    """Print how fast one worker of the queue applies, against a bare loop of zeep.

    Once for the applications alone, and once for the whole life of an application:
    notes at the order, question for the state, mail to the buyer. The loop makes the
    same calls and nothing else.

    :param Shop shop: whose sandbox is running
    """
    shop.sandbox.post("settings", {"delay_ms": ANSWER_MS, "pending_seconds": 0})
    with workers(shop.database) as (worker,):
        place(worker, 1)
        worker.run(RUN_QUEUE)
        _loop(shop, 1)

        def apply_only():
            place(worker, ORDERS)
            left, seconds = worker.run(RUN_APPLICATIONS)["result"]
            if left:
                raise RuntimeError("the queue left applications behind")
            worker.run(RUN_QUEUE)
            return ORDERS / seconds

        def live_through():
            place(worker, ORDERS)
            done = worker.run(RUN_QUEUE)
            if done["result"]:
                raise RuntimeError("the queue left applications behind")
            return ORDERS / done["seconds"]

        for name, queue, asks in (
            ("applications", apply_only, False),
            ("with notes, state and mail", live_through, True),
        ):
            pairs = alternate(
                queue,
                lambda: ORDERS / _loop(shop, ORDERS, asks),  # noqa: B023
                ROUNDS,
            )
            ours = statistics.median(first for first, _second in pairs)
            bare = statistics.median(second for _first, second in pairs)
            print(
                f"{name}: {ours:.1f} a second by the queue, {bare:.1f} by a bare loop;"
                f" queue / loop {compare(pairs)}",
                flush=True,
            )
    shop.sandbox.post("settings", {"delay_ms": 0})


def measure_drain(shop, count):
    """Print what a row costs that waited for the end of an outage, mail included.

    :param Shop shop: whose sandbox is running
    :param int count: rows that wait
    :raise RuntimeError: when the queue leaves some behind
    """
    shop.sandbox.post("settings", {"delay_ms": 0, "pending_seconds": 0})
    with workers(shop.database) as (worker,):
        place(worker, 1)
        worker.run(RUN_QUEUE)
        place(worker, count)
        worker.run(FALL_SILENT)
        done = worker.run(DRAIN)
    left, seconds = done["result"]
    if left:
        raise RuntimeError(f"the queue left {left} rows behind")
    print(
        f"{count} rows after an outage: {1000 * seconds / count:.1f} ms of CPU and"
        f" {done['queries'] / count:.1f} queries a row, with state and mail"
    )


def place(worker, count):
    """Have orders with a ticked protection waiting in the queue.

    :param Odoo worker: of the shop
    :param int count: orders
    """
    worker.run(PLACE_ORDERS.replace("ORDERS", str(count)))


def _loop(shop, count, asks=False):
    """Apply as a script would that knows nothing but zeep.

    :param Shop shop: whose sandbox is running
    :param int count: applications
    :param bool asks: whether it asks for the state of each, too
    :return: seconds
    :rtype: float
    """
    certificate = next(
        seed
        for seed in shop.sandbox.get("certificates")
        if seed["type"] == "EXCELLENCE"
        and seed["ws_user"]
        and seed["state"] == "PRODUCTION"
    )
    item = certificate["items"][0]
    base = shop.sandbox.url
    apply_url = f"{base}/ts/protectionservices/ApplicationRequestService?wsdl"
    with zeep.Client(apply_url) as client:
        service = client.service
        start = time.perf_counter()
        for number in range(count):
            result = service.requestForProtectionV2(
                tsId=certificate["ts_id"],
                tsProductId=item["ts_product_id"],
                amount="100.00",
                currency=item["currency"],
                paymentType="PREPAYMENT",
                buyerEmail="erika@buyer.example",
                shopCustomerID="1",
                shopOrderID=f"LOOP-{time.time_ns()}-{number}",
                orderDate=time.strftime("%Y-%m-%dT%H:%M:%S"),
                shopSystemVersion="loop",
                wsUser=certificate["ws_user"],
                wsPassword=certificate["ws_password"],
            )
            if result <= 0:
                raise RuntimeError(f"the service answered {result}")
            if asks:
                service.getRequestState(certificate["ts_id"], result)
        return time.perf_counter() - start


def measure_history(shop, rows):
    """Print what a run of the queue costs beside many finished protections.

    :param Shop shop: whose sandbox is running
    :param int rows: finished protections
    """
    with workers(shop.database) as (worker,):
        place(worker, 1)
        worker.run(RUN_QUEUE)
    long = postgres.name_for("bench_long")
    postgres.copy(shop.database, long)
    odoo.shell(long, MAKE_HISTORY.replace("ROWS", str(rows)))
    postgres.query("VACUUM ANALYZE trustedshops_protection", long)
    try:
        with workers(shop.database, long, together=True) as shops:
            without, with_history = shops
            for name, orders, count in (("idle", 0, 200), ("10 applications", 10, 20)):

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
