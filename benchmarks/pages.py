# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the addon costs the pages of a shop."""

import gzip
import json
import math
import re
from collections import defaultdict
from html import unescape

from .pairs import alternate, compare
from .shops import workers

# {desk}: the last part of a product's page.
PAGES = ("/", "/shop", "/shop/{desk}", "/shop/cart")
WARM = 8
# Processes, one after the other.
ROUNDS = 6


def _warm_up(shops, send):
    """Send until nothing is computed for the first time; return the last answers."""
    for _number in range(WARM):
        answers = [send(shop) for shop in shops]
    for answer in answers:
        if answer["status"] != 200 or answer.get("failed"):
            raise RuntimeError(f"the shop answered {answer}")
    for shop in shops:
        shop.settle()
    return answers


def measure_pages(databases, pairs):
    """Print queries and CPU time of each page, with the addon and without.

    One process serves all databases; it is started anew several times, for where the
    memory of each lies is chance, too.

    :param list[str] databases: with the addon and a live certificate; its twin without;
        another without, which shows what chance alone does
    :param int pairs: of requests
    """
    queries, measured, chance = {}, defaultdict(list), defaultdict(list)
    for number in range(ROUNDS):
        # What was loaded first lies closest together.
        order = databases if number % 2 else databases[::-1]
        with workers(*order, together=True) as served:
            shops = {shop.database: shop for shop in served}
            trio = [shops[database] for database in databases]
            for path, cost in _measure_round(trio, math.ceil(pairs / ROUNDS)):
                queries[path] = cost["queries"]
                measured[path].append(cost["measured"])
                chance[path].append(cost["chance"])
    for path, (with_addon, without) in queries.items():
        print(
            f"{path}: {without} queries, {with_addon - without} added;"
            f" CPU with / without {_sum_up(measured[path])};"
            f" without / without {_sum_up(chance[path])}",
            flush=True,
        )


def _measure_round(trio, pairs):
    """Measure each page in one process."""
    ours, bare, twin = trio
    desk = [shop.fill_cart()["desk"] for shop in trio][0]
    for path in PAGES:
        url = path.format(desk=desk)
        answers = _warm_up(trio, lambda shop: shop.get(url))  # noqa: B023

        def cost(shop, url=url):
            return shop.get(url)["seconds"]

        yield (
            path,
            {
                "queries": [answer["queries"] for answer in answers[:2]],
                "measured": alternate(lambda: cost(ours), lambda: cost(bare), pairs),
                "chance": alternate(
                    lambda: cost(twin),
                    lambda: cost(bare),
                    pairs // 3,
                ),
            },
        )


def _sum_up(rounds):
    """Return what the pairs of all rounds say, and the mean of each round."""
    means = ", ".join(f"{compare(pairs).mean:.3f}" for pairs in rounds)
    return f"{compare([pair for pairs in rounds for pair in pairs])} [{means}]"


def measure_checkout(databases, pairs):
    """Print what the offer adds to the payment step, and what a tick costs.

    In rounds, as the pages: in two processes both shops would differ by hundredths.

    :param list[str] databases: with the addon and a live certificate; its twin without
    :param int pairs: of calls
    """
    pages, ticks = [], []
    for number in range(ROUNDS):
        order = databases if number % 2 else databases[::-1]
        with workers(*order, together=True) as served:
            shops = {shop.database: shop for shop in served}
            ours, bare = (shops[database] for database in databases)
            carriers = [shop.fill_cart()["carriers"] for shop in (ours, bare)]
            page, pairs_of_page = _measure_payment(ours, bare, pairs // ROUNDS)
            tick, pairs_of_tick = _measure_tick(ours, bare, carriers, pairs // ROUNDS)
            pages.append(pairs_of_page)
            ticks.append(pairs_of_tick)
    print(f"/shop/payment: {page}; CPU with / without {_sum_up(pages)}", flush=True)
    print(f"tick: {tick}; CPU tick / delivery {_sum_up(ticks)}", flush=True)


def _measure_payment(ours, bare, pairs):
    """Measure the payment step in one process."""
    with_offer, without = _warm_up((ours, bare), lambda shop: shop.get("/shop/payment"))
    added = with_offer["queries"] - without["queries"]
    return (
        f"{without['queries']} queries, {added} added by the offer",
        alternate(
            lambda: ours.get("/shop/payment")["seconds"],
            lambda: bare.get("/shop/payment")["seconds"],
            pairs,
        ),
    )


def _measure_tick(ours, bare, carriers, pairs):
    """Measure a tick beside a delivery with a price in place of a free one.

    Both add a line to the order.
    """
    page = ours.fetch("/shop/payment")["text"]
    offer = {
        "offer": _read_offer_key(page),
        "amount": float(re.search(r'data-amount="([\d.]+)"', page)[1]),
    }

    def tick(enable=True):
        return ours.call("/shop/trustedshops/protection", enable=enable, **offer)

    def deliver(shop, ids):
        free, dear = ids
        shop.call("/shop/set_delivery_method", dm_id=free)
        return shop.call("/shop/set_delivery_method", dm_id=dear)

    def tick_again():
        tick(enable=False)
        return tick()

    _warm_up((ours,), lambda _shop: tick_again())
    _warm_up((bare,), lambda shop: deliver(shop, carriers[1]))
    ticked, delivered = tick_again(), deliver(bare, carriers[1])
    if '"enabled": true, "reload": false' not in ticked["begins"]:
        raise RuntimeError(f"the tick answered {ticked['begins']}")
    measured = alternate(
        lambda: tick_again()["seconds"],
        lambda: deliver(bare, carriers[1])["seconds"],
        pairs,
    )
    tick(enable=False)
    ours_delivered = deliver(ours, carriers[0])
    return (
        f"{ticked['queries']} queries, set_delivery_method without the addon"
        f" {delivered['queries']}, with it {ours_delivered['queries']}",
        measured,
    )


def _read_offer_key(text):
    """Return the key with which the page's box is ticked."""
    settings = re.search(r'name="trustedshops" content="([^"]*)"', text)
    key = json.loads(unescape(settings[1])).get("offer") if settings else ""
    if not key:
        raise RuntimeError("the payment step offers no Buyer Protection")
    return key


def measure_weight(ours, bare):
    """Print the bytes that a first visit of a page loads, compressed.

    :param Odoo ours: with the addon and a live certificate
    :param Odoo bare: its twin without
    """
    for path in ("/", "/shop"):
        sizes = [_weigh(shop, path) for shop in (ours, bare)]
        parts = ", ".join(
            f"{kind} {sizes[0][kind] - sizes[1][kind]:+d}" for kind in sizes[0]
        )
        total = sum(sizes[0].values()) - sum(sizes[1].values())
        print(f"{path}: {total:+d} bytes compressed ({parts})", flush=True)


def _weigh(shop, path):
    """Return the compressed size of a page and of the bundles it names."""
    page = shop.fetch(path)["text"]
    sizes = {"html": len(gzip.compress(page.encode()))}
    for url in sorted(set(re.findall(r"/web/assets/[^\"' ]+\.min\.(?:js|css)", page))):
        kind = url.rpartition("/")[2]
        sizes[kind] = len(gzip.compress(shop.fetch(url)["text"].encode()))
    return sizes
