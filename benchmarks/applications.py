# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an application, its state and its mail cost, of many after an outage."""

from .shops import workers

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
