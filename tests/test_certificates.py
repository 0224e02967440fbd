# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an administrator adds or archives, visitors of all workers see at once."""

import itertools

import pytest
import requests
from story import DESK, address_of, make_excellence

from wsts import odoo
from wsts.machine import free_port

pytestmark = pytest.mark.full

WEBSITE = "Workshop"
NUMBERS = itertools.count(1)
SEAL = "o_trustedshops_seal"


@pytest.fixture(scope="module")
def workshop(shop, logged_in):
    """Return the address of a new website that has no certificate."""
    url = f"http://workshop.localhost:{shop.server.port}"

    def find(model, name, value):
        return logged_in.call(model, "search", [[name, "=", value]])[0]

    german = find("res.lang", "code", "de_DE")
    website = {
        "name": WEBSITE,
        "company_id": find("res.company", "name", "DE Company"),
        "domain": url,
        "language_ids": [[6, 0, [german, find("res.lang", "code", "en_US")]]],
        "default_lang_id": german,
    }
    logged_in.call("website", "create", website)
    return url


@pytest.fixture(scope="module")
def second_server(shop, workshop):
    """Run another worker of the same shop: a process with caches of its own."""
    server = odoo.Server(
        shop.database, free_port(), "--max-cron-threads=0", "--log-level=warn"
    )
    server.log = server.log.with_name(f"{shop.database}-second.log")
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def add(shop, logged_in, workshop):
    """Return a maker of certificates of the workshop; nothing of them stays."""
    certificates = "trustedshops.certificate"
    [website] = logged_in.call("website", "search", [["name", "=", WEBSITE]])
    added = []

    def make(login=None, **values):
        ts_id = know(shop, url=workshop, **values)
        values = {"ts_id": ts_id, "website_id": website, "environment": "sandbox"}
        created = logged_in.call(certificates, "create", [{**values, **(login or {})}])
        logged_in.call(certificates, "action_check_now", created)
        added.extend(created)
        return created

    yield make
    logged_in.call(certificates, "unlink", added)


def know(shop, **values):
    """Have the sandbox know a certificate, Classic unless told otherwise.

    :return: its id
    :rtype: str
    """
    ts_id = f"XA11CE{next(NUMBERS):027}"
    values = {"type": "CLASSIC", "state": "PRODUCTION", **values}
    shop.sandbox.post("certificates", {"ts_id": ts_id, **values})
    return ts_id


def fetch(server, path="/"):
    """Return a page of the workshop as one process answers it.

    Only browsers know that every name below "localhost" is this machine.
    """
    answer = requests.get(
        f"http://127.0.0.1:{server.port}{path}",
        headers={
            "Host": f"workshop.localhost:{server.port}",
            "Accept-Language": "de-DE",
        },
        timeout=60,
    )
    answer.raise_for_status()
    assert f"| {WEBSITE}</title>" in answer.text
    return answer.text


def count_seals(*servers):
    """Return how many seals each process shows on each of two pages."""
    return [
        fetch(server, path).count(SEAL) for server in servers for path in ("/", "/shop")
    ]


def test_the_seal_of_a_certificate_comes_and_goes_at_once_on_all_workers(
    add, logged_in, shop, second_server
):
    assert count_seals(shop.server, second_server) == [0, 0, 0, 0]
    added = add(type="CLASSIC")
    assert count_seals(shop.server, second_server) == [1, 1, 1, 1]
    logged_in.call("trustedshops.certificate", "write", added, {"active": False})
    assert count_seals(shop.server, second_server) == [0, 0, 0, 0]


def test_a_new_certificate_insures_at_once_on_all_workers(
    add, new_visitor, shop, second_server
):
    visitors = [
        new_visitor(f"http://workshop.localhost:{server.port}")
        for server in (shop.server, second_server)
    ]
    for visitor in visitors:
        visitor.reach_payment(DESK, address_of("workshop@kunde.example"))
        assert visitor.page.locator("#trustedshops_protection").count() == 0
    excellence = make_excellence(shop)
    login = {name: excellence[name] for name in ("ws_user", "ws_password")}
    add(login, **excellence)
    for visitor in visitors:
        visitor.open("/shop/payment")
        assert visitor.page.is_visible("#trustedshops_protection")
