# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the tests across processes share: a complete shop, and visitors in a browser."""

import os

import pytest
from queue_process import QueueProcess, reset_sandbox

from wsts.machine import free_port
from wsts.no_leaks import LOGGERS
from wsts.shop import Shop
from wsts.visitor import Visitor, browser


def pytest_addoption(parser):
    """Let tests that do the same many times do it more often."""
    parser.addoption(
        "--long", action="store_true", help="200 orders with kills in place of 10"
    )


@pytest.fixture(scope="session")
def shop():
    """Run a new shop with its sandbox for the whole session."""
    shop = Shop(
        os.environ.get("WSTS_SHOP", "process"), free_port(), free_port(), free_port()
    )
    shop.server.words += tuple(f"--log-handler={name}:DEBUG" for name in LOGGERS)
    try:
        yield shop.start(fresh=True)
    finally:
        shop.stop()


@pytest.fixture(scope="module")
def queue(shop):
    """Return the queue of the shop, whose own server stands still meanwhile."""
    shop.server.stop()
    queue = QueueProcess(shop)
    try:
        yield queue.start()
    finally:
        queue.stop()
        reset_sandbox(shop)
        shop.server.start()


@pytest.fixture(scope="session")
def chromium():
    """Run one browser for the whole session."""
    with browser() as chromium:
        yield chromium


@pytest.fixture
def new_visitor(shop, chromium):
    """Return a maker of visitors with cookies of their own."""
    contexts = []

    def make(url="", **options):
        options = {
            "locale": "de-DE",
            "viewport": {"width": 1280, "height": 1000},
            **options,
        }
        context = chromium.new_context(**options)
        contexts.append(context)
        return Visitor(context.new_page(), url or shop.url)

    yield make
    for context in contexts:
        context.close()
