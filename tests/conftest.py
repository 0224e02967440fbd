# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the tests across processes share: a complete shop, and people in a browser."""

import json
import os
import random

import pytest
from queue_process import QueueProcess, reset_sandbox
from story import DESK, DESKTOP, address_of, remove_account

from wsts import odoo
from wsts.administrator import Administrator
from wsts.machine import free_port
from wsts.no_leaks import LOGGERS
from wsts.shop import Shop
from wsts.visitor import Visitor, browser

ADD_CHANNEL = """
website = env["website"].search([("name", "=", "Demo Shop")])
account = env["trustedshops.account"].create({"company_id": website.company_id.id})
env["trustedshops.channel"].create({
    "name": "Demo Shop",
    "channel_ref": "chl-browser",
    "account_id": account.id,
    "website_id": website.id,
    "inviter": "odoo",
    "consent_mode": "checkbox",
})
env.cr.commit()
# The server may have kept that nobody is asked.
env.registry.signal_changes()
"""


@pytest.fixture
def dice():
    """Return random numbers that are the same for the same seed of a run."""
    return random.Random(os.environ["WSTS_SEED"])


@pytest.fixture(scope="session")
def shop():
    """Run a new shop with its sandbox for the whole session."""
    shop = Shop("process", free_port(), free_port(), free_port())
    shop.server.words += tuple(f"--log-handler={name}:DEBUG" for name in LOGGERS)
    try:
        yield shop.start(fresh=True)
    finally:
        shop.stop()


@pytest.fixture(scope="session")
def queue_process(shop):
    """Run the parent of processes that work through the queue."""
    queue = QueueProcess(shop)
    yield queue.start()
    queue.stop()


@pytest.fixture(scope="module")
def queue(shop, queue_process):
    """Return the queue of the shop, whose own server runs no jobs meanwhile."""
    stop = "UPDATE ir_cron SET active = false WHERE active RETURNING id"
    jobs = ", ".join(job for [job] in queue_process.query(stop))
    yield queue_process
    reset_sandbox(shop)
    queue_process.query(f"UPDATE ir_cron SET active = true WHERE id IN ({jobs})")


@pytest.fixture(scope="session")
def chromium():
    """Run one browser for the whole session."""
    with browser() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def contexts(chromium):
    """Return the idle contexts of the browser, whose caches are warm, by options."""
    return {}


@pytest.fixture
def new_visitor(shop, chromium, contexts):
    """Return a maker of visitors with cookies of their own."""
    taken = []

    def make(url="", **options):
        options = {"locale": "de-DE", "viewport": DESKTOP, **options}
        key = json.dumps(options, sort_keys=True)
        idle = contexts.setdefault(key, [])
        if idle:
            context = idle.pop()
            # Not when it was given back: the bus of a page may bring its session late.
            context.clear_cookies()
        else:
            context = chromium.new_context(**options)
        taken.append((context, idle))
        return Visitor(context.new_page(), url or shop.url)

    yield make
    for context, idle in taken:
        forget(context, shop)
        idle.append(context)


def forget(context, shop):
    """Close the pages of a context, and leave it only its cache and its cookies."""
    page = context.pages[0]
    session = context.new_cdp_session(page)
    for origin in (shop.url, shop.polish_url):
        what = {"origin": origin, "storageTypes": "local_storage"}
        session.send("Storage.clearDataForOrigin", what)
    context.unroute_all()
    for page in context.pages:
        page.close()


@pytest.fixture
def pay_as(new_visitor):
    """Return a maker of visitors with a desk in the cart, on the payment page."""

    def make(email, country="DE", visitor=None, **options):
        visitor = visitor or new_visitor(**options)
        visitor.reach_payment(DESK, address_of(email, country), country)
        return visitor

    return make


@pytest.fixture(scope="session")
def logged_in(shop, chromium):
    """Return an administrator whose browser stays logged in for the whole session."""
    context = chromium.new_context(locale="en-US", viewport=DESKTOP)
    return Administrator(context.new_page(), shop.url).log_in()


@pytest.fixture
def admin(logged_in):
    """Return the administrator, in whose browser nothing goes wrong."""
    yield logged_in
    assert (logged_in.popups, logged_in.errors) == ([], [])


@pytest.fixture
def change(logged_in):
    """Return what writes to records of a model, to all by default, for one test."""
    undo = []

    def write(model, ids=None, **values):
        ids = ids or logged_in.call(model, "search", [])
        for record in logged_in.call(model, "read", ids, list(values)):
            undo.append((record.pop("id"), model, record))
            logged_in.call(model, "write", [undo[-1][0]], values)

    yield write
    for record_id, model, values in reversed(undo):
        logged_in.call(model, "write", [record_id], values)


@pytest.fixture(scope="module")
def channel(shop):
    """Let the German shop ask its buyers for reviews, for one module."""
    odoo.shell(shop.database, ADD_CHANNEL)
    yield
    remove_account(shop, "chl-browser")
