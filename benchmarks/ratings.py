# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the ratings of products cost: pages with stars, and reading them."""

from .applications import ANSWER_MS
from .pages import measure_pages
from .shops import workers

STAR_PAGES = ("/shop", "/shop/{desk}")
# Products whose ratings the budget is for, and that are read to know it.
BUDGETED, READ = 10_000, 600

# All products of the shop have reviews.
RATE_PRODUCTS = """
website = env['website'].search([('name', '=', 'Demo Shop')])
channels = env['trustedshops.channel']
channel = channels.search([('website_id', '=', website.id)], limit=1)
if not channel:
    account = env['trustedshops.account'].create(
        {'company_id': website.company_id.id, 'environment': 'sandbox'})
    values = {'channel_ref': 'chl-bench', 'website_id': website.id}
    channel = channels.create({'account_id': account.id, **values})
env['trustedshops.product.rating']._create_missing(channel)
ratings = env['trustedshops.product.rating'].search([('channel_id', '=', channel.id)])
moments = {'read_at': fields.Datetime.now(), 'next_read_at': '2099-01-01'}
ratings.write({'rating': 4.5, 'count': 12, **moments})
env.registry.clear_cache()
result = len(ratings)
"""
MAKE_PRODUCTS = """
env['product.template'].create([
    {'name': f'Told {n}', 'is_published': True, 'trustedshops_sku': f'told-{n}'}
    for n in range(READ)])
for channels in env['trustedshops.product.rating']._get_channels().values():
    env['trustedshops.product.rating']._create_missing(channels)
result = env['trustedshops.product.rating'].search_count(
    [('next_read_at', '<', '2099-01-01')])
"""
READ_RATINGS = """
ratings = env['trustedshops.product.rating']
ratings._cron_read()
result = ratings.search_count([('trouble_count', '>', 0)])
"""


def measure_stars(databases, pairs):
    """Print what pages with stars cost against those of a shop without the addon.

    :param list[str] databases: as :func:`.pages.measure_pages` takes them
    :param int pairs: of requests
    :raise RuntimeError: when there is no product to rate
    """
    with workers(databases[0]) as (worker,):
        source = "from odoo import fields\n" + RATE_PRODUCTS
        if not worker.run(source)["result"]:
            raise RuntimeError("the shop has no products that Trusted Shops knows")
    measure_pages(databases, pairs, STAR_PAGES)


def measure_reading(shop):
    """Print how long the scheduled action takes to read the ratings of many products.

    :param Shop shop: whose sandbox is running
    :raise RuntimeError: when some could not be read
    """
    shop.sandbox.post("settings", {"delay_ms": ANSWER_MS})
    with workers(shop.database) as (worker,):
        worker.run("from odoo import fields\n" + RATE_PRODUCTS)
        count = worker.run(f"READ = {READ}\n" + MAKE_PRODUCTS)["result"]
        done = worker.run(READ_RATINGS)
    shop.sandbox.post("settings", {"delay_ms": 0})
    if done["result"]:
        raise RuntimeError("the sandbox did not answer")
    minutes = done["seconds"] / count * BUDGETED / 60
    print(
        f"ratings: {count} read in {done['seconds']:.1f} s with {done['queries']}"
        f" queries; {BUDGETED} take {minutes:.1f} minutes",
        flush=True,
    )
