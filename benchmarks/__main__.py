# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measure everything, or what is named."""

import argparse

from wsts import postgres
from wsts.machine import CannotGoOn, fail, say

from . import applications, big, invitations, pages, ratings, reviews
from .shops import shop_with_twin, workers

PARTS = (
    "pages",
    "checkout",
    "weight",
    "applications",
    "drain",
    "history",
    "invitations",
    "invited",
    "stars",
    "ratings",
    "reviews",
    "big",
)


def measure(arguments):
    """Measure what was asked for and print it.

    :param argparse.Namespace arguments: ``parts``, ``pairs``, ``rows``, ``reviews``
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
        if "applications" in arguments.parts:
            say("applications of the queue and of a bare loop")
            applications.measure_throughput(shop)
        if "drain" in arguments.parts:
            say(f"{arguments.waiting} rows that waited for the end of an outage")
            applications.measure_drain(shop, arguments.waiting)
        if "history" in arguments.parts:
            say(f"a run of the queue beside {arguments.rows} finished protections")
            applications.measure_history(shop, arguments.rows)
        measure_reviews(arguments, shop, bare)


def measure_reviews(arguments, shop, bare):
    """Measure what was asked for of the reviews, and print it.

    :param argparse.Namespace arguments: as :func:`measure` takes them
    :param Shop shop: with the addons
    :param list[str] bare: databases without them
    """
    if "invitations" in arguments.parts:
        say("invitations of the queue and of a bare loop")
        invitations.measure_throughput(shop)
    if "invited" in arguments.parts:
        say(f"a run of the queue beside {arguments.rows} finished invitations")
        invitations.measure_history(shop, arguments.rows)
    if "stars" in arguments.parts:
        say(f"{arguments.pairs} pairs of each page with stars")
        ratings.measure_stars([shop.database, *bare], arguments.pairs)
    if "ratings" in arguments.parts:
        say("ratings of products")
        ratings.measure_reading(shop)
    if "reviews" in arguments.parts:
        say(f"first import of {arguments.reviews} reviews")
        reviews.measure_import(shop, arguments.reviews)
    if "big" in arguments.parts:
        say(f"a shop with {arguments.rows} orders")
        big.measure_big(shop, bare[0], arguments.rows)


def main():
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="PART")
    parser.add_argument("--pairs", type=int, default=300, help="of requests (300)")
    parser.add_argument(
        "--rows", type=int, default=1_000_000, help="finished rows or orders (1000000)"
    )
    parser.add_argument(
        "--reviews", type=int, default=reviews.BUDGETED, help="to import (100000)"
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
