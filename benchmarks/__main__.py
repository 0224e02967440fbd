# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measure everything, or what is named."""

import argparse

from wsts import postgres
from wsts.machine import CannotGoOn, fail, say

from . import applications, big, pages
from .shops import shop_with_twin, workers

PARTS = ("pages", "checkout", "weight", "drain", "big")


def measure(arguments):
    """Measure what was asked for and print it.

    :param argparse.Namespace arguments: ``parts``, ``pairs``, ``waiting``, ``rows``
    """
    with shop_with_twin() as (shop, *bare):
        if "pages" in arguments.parts:
            say(f"{arguments.pairs} pairs of each page")
            pages.measure_pages([shop.database, *bare], arguments.pairs)
        if "checkout" in arguments.parts:
            say("the payment step and the tick")
            pages.measure_checkout([shop.database, bare[0]], arguments.pairs)
        if "weight" in arguments.parts:
            with workers(shop.database, bare[0]) as (ours, without):
                pages.measure_weight(ours, without)
        if "drain" in arguments.parts:
            say(f"{arguments.waiting} rows that waited for the end of an outage")
            applications.measure_drain(shop, arguments.waiting)
        if "big" in arguments.parts:
            say(f"a shop with {arguments.rows} orders")
            big.measure_big(shop, bare[0], arguments.rows)


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
