# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A pytest plugin: ``--long`` does more of what is random, or is done again and again.

Tests inside Odoo, which know nothing of pytest, find it in the environment.
"""

import os


def pytest_addoption(parser):
    """Offer the option."""
    parser.addoption(
        "--long",
        action="store_true",
        help="more random carts, orders and kills, for half an hour",
    )


def pytest_configure(config):
    """Tell the tests inside Odoo."""
    if config.getoption("long"):
        os.environ["WSTS_LONG"] = "1"
