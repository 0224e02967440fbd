# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measure everything, or what is named.

The shops are made here; what is measured runs in processes of :mod:`.inside`.
"""

import argparse
import json
import math
import os
import subprocess
import sys
from collections import defaultdict
from contextlib import contextmanager

from wsts import odoo, postgres
from wsts.machine import ROOT, CannotGoOn, facts, fail, free_port, say
from wsts.shop import Shop

from .big import fill
from .pairs import compare

PARTS = ("pages", "weight", "drain", "big")
# Processes that measure the pages, one after the other.
ROUNDS = 6
UNINSTALL = """
ours = env['ir.module.module'].search(
    [('name', '=like', 'website_sale_trustedshops%'), ('state', '=', 'installed')])
ours.button_immediate_uninstall()
env.cr.commit()
"""


def inside(part, databases, loaded=None, **options):
    """Have a new process with Odoo do a part, and return what it found."""
    order = {"part": part, "databases": databases, **options}
    names = ",".join(loaded or databases)
    words = odoo.command("--no-http", "--log-level=error", database=names)
    binary = os.path.dirname(os.path.realpath(facts()["odoo_bin"]))
    path = os.pathsep.join([os.environ.get("PYTHONPATH", ""), binary])
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.inside", json.dumps(order), *words[2:]],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )
    if done.returncode:
        raise CannotGoOn(f"the part {part} broke off; it says why above.")
    return json.loads(done.stdout)


@contextmanager
def shop_with_twin():
    """Make the demonstration shop and its twin without the addon.

    The twin is a copy from which the addon was uninstalled, so that everything else
    is the same; the sandbox of the shop runs meanwhile.
    """
    shop = Shop("bench", free_port(), free_port(), free_port(), reviews=True)
    try:
        shop.start(fresh=True)
        shop.server.stop()
        say("making its twin without the addon")
        bare = postgres.name_for("bench_bare")
        postgres.copy(shop.database, bare)
        odoo.shell(bare, UNINSTALL)
        postgres.label(bare)
        yield shop, bare
    finally:
        shop.stop()


def measure_pages(databases, count):
    """Print queries and CPU time of each page, with the addon and without.

    One process serves both databases; it is started anew several times, for where the
    memory of each lies is chance, too.
    """
    queries, rounds = {}, defaultdict(list)
    for number in range(ROUNDS):
        # What is loaded first lies closest together.
        loaded = databases[::-1] if number % 2 else databases
        answer = inside("pages", databases, loaded, count=math.ceil(count / ROUNDS))
        for name, found in answer.items():
            queries[name] = found["queries"]
            rounds[name].append(found["pairs"])
    for name, (with_addon, without) in queries.items():
        total, _mean = compare(sum(rounds[name], []))
        means = ", ".join(f"{compare(pairs)[1]:.3f}" for pairs in rounds[name])
        added = f"{with_addon - without:+d} queries to {without}"
        print(f"{name}: {added}; CPU with / without {total} [{means}]", flush=True)


def measure_big(shop, orders):
    """Print what a shop with many orders costs against the one that it was made of."""
    inside("one of each", [shop.database])
    name = f"{shop.database}_big"
    postgres.copy(shop.database, name)
    try:
        fill(name, orders)
        print(*inside("big", [name, shop.database]), sep="\n", flush=True)
    finally:
        postgres.drop(name)


def measure(arguments):
    """Measure what was asked for and print it."""
    with shop_with_twin() as (shop, bare):
        if "pages" in arguments.parts:
            say(f"{arguments.pairs} pairs of each page, and of the tick")
            measure_pages([shop.database, bare], arguments.pairs)
        if "weight" in arguments.parts:
            print(*inside("weight", [shop.database, bare]), sep="\n", flush=True)
        if "drain" in arguments.parts:
            say(f"{arguments.waiting} rows that waited for the end of an outage")
            print(inside("drain", [shop.database], count=arguments.waiting), flush=True)
        if "big" in arguments.parts:
            say(f"a shop with {arguments.rows} orders")
            measure_big(shop, arguments.rows)


def main():
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="PART")
    parser.add_argument("--pairs", type=int, default=300, help="of requests (300)")
    parser.add_argument(
        "--rows", type=int, default=1_000_000, help="orders of a big shop (1000000)"
    )
    parser.add_argument(
        "--waiting", type=int, default=10_000, help="rows after an outage (10000)"
    )
    arguments = parser.parse_args()
    arguments.parts = arguments.parts or list(PARTS)
    try:
        with postgres.running():
            postgres.tidy()
            measure(arguments)
    except CannotGoOn as problem:
        fail(problem)


if __name__ == "__main__":
    main()
