# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An administrator adds certificates in a browser; visitors see them at once."""

import itertools

import pytest
import requests
from story import DESK, DESKTOP, address_of, make_excellence, make_user

from wsts import odoo
from wsts.administrator import Administrator
from wsts.machine import free_port

pytestmark = pytest.mark.full

WEBSITE = "Workshop"
NUMBERS = itertools.count(1)
SANDBOX = "Sandbox on this machine"
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


@pytest.fixture(scope="module")
def login(logged_in, workshop):
    """Return the login of somebody who may change settings, but sells nothing."""
    domain = [["name", "=", "DE Company"]]
    [company] = logged_in.call("res.company", "search", domain)
    companies = {"company_id": company, "company_ids": [[6, 0, [company]]]}
    return make_user(logged_in, "base.group_user", "base.group_system", **companies)


@pytest.fixture
def administrator(shop, chromium, login):
    """Return that administrator; nothing of what he makes stays."""
    context = chromium.new_context(locale="en-US", viewport=DESKTOP)
    administrator = Administrator(context.new_page(), shop.url).log_in(login, login)
    yield administrator
    requests.delete(f"{shop.sandbox.url}/_control/faults", timeout=60)
    certificates = "trustedshops.certificate"
    domain = [["website_id.name", "=", WEBSITE], ["active", "in", [True, False]]]
    found = administrator.call(certificates, "search", domain)
    administrator.call(certificates, "unlink", found)
    context.close()
    assert (administrator.popups, administrator.errors) == ([], [])


@pytest.fixture
def add(administrator, shop, workshop):
    """Return a maker of certificates: known to Trusted Shops, then typed in."""

    def make(**values):
        ts_id = know(shop, **{"url": workshop, **values})
        fill_in(administrator, ts_id)
        administrator.save()
        return ts_id

    return make


def fill_in(administrator, ts_id):
    """Fill in the form of a new certificate for the workshop."""
    administrator.open_new_certificate()
    # First, and waited for: the answer to what is typed closes the menu.
    with administrator.page.expect_response(lambda answer: "/onchange" in answer.url):
        administrator.choose("environment", SANDBOX)
    administrator.choose_record("website_id", WEBSITE)
    administrator.type("ts_id", ts_id)


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


def test_the_seal_of_a_classic_id_comes_and_goes_at_once_on_all_workers(
    add, administrator, shop, second_server
):
    assert count_seals(shop.server, second_server) == [0, 0, 0, 0]
    add(type="CLASSIC")
    assert administrator.read("state") == "Valid"
    assert administrator.read("protection_model") == "Classic"
    assert administrator.read("lang_id") == "German / Deutsch"
    assert not administrator.get_field("ws_user").count()
    assert not administrator.get_field("new_ws_password").count()
    assert not administrator.get_field("item_ids").count()
    findings = administrator.read_findings()
    levels = {cause: level for cause, (level, _text) in findings.items()}
    assert levels.pop("test_public") == "warning"  # it is one of the sandbox
    for cause in ("seal", "privacy"):
        assert levels.pop(cause) == "todo"
    fine = ("state_production", "validity", "address_match", "lang_match")
    assert levels == dict.fromkeys(fine, "ok")
    page = administrator.page
    assert page.locator(".o_widget_web_ribbon").get_by_text("Test").is_visible()
    assert findings["test_public"][1].startswith("This is a test, but this database")
    assert count_seals(shop.server, second_server) == [1, 1, 1, 1]
    # And archived, it is gone from all of them.
    page.click(".o_cp_action_menus button:has(.fa-cog)")
    page.click(".o-dropdown-item:has-text('Archive')")
    page.click(".modal button:has-text('Archive')")
    page.locator(".o_widget_web_ribbon").get_by_text("Archived").wait_for()
    assert count_seals(shop.server, second_server) == [0, 0, 0, 0]


def open_payment(visitor):
    """Go through the checkout until a visitor could choose Buyer Protection."""
    visitor.put_into_cart(DESK)
    visitor.enter_address(address_of("workshop@kunde.example"))
    visitor.go_to_payment()


def see_wrong_login(administrator):
    """Save a wrong password, which a finding names, and nothing shows."""
    administrator.type("ws_user", "workshop-1")
    administrator.type("new_ws_password", "wrong")
    administrator.save()
    level, text = administrator.read_findings()["hold_login"]
    assert level == "problem"
    assert text.startswith("Trusted Shops does not accept the web service login.")
    assert administrator.read("new_ws_password") == ""


def see_good_login(administrator):
    """Save the right password, which brings the fee table, and is never shown."""
    administrator.type("new_ws_password", "sandbox-1")
    administrator.save()
    level, text = administrator.read_findings()["login_good"]
    assert (level, text[:41]) == ("ok", "Trusted Shops accepts the web service log")
    assert "sandbox-1" not in administrator.page.content()
    administrator.page.click(".o_notebook a[name='fees']")
    fees = administrator.get_field("item_ids")
    rows = fees.locator(".o_data_row")
    rows.nth(5).wait_for()
    assert rows.count() == 6
    assert fees.locator("td[name='gross_fee']").first.inner_text() == "0.98\xa0€"


def test_an_excellence_id_asks_for_the_login_and_then_insures(
    add, administrator, new_visitor, shop, second_server
):
    visitors = [
        new_visitor(f"http://workshop.localhost:{server.port}")
        for server in (shop.server, second_server)
    ]
    for visitor in visitors:
        open_payment(visitor)
        assert visitor.page.locator("#trustedshops_protection").count() == 0
    add(**make_excellence(shop))
    assert administrator.read("protection_model") == "Excellence"
    assert administrator.read_findings()["hold_login_missing"][0] == "problem"
    see_wrong_login(administrator)
    see_good_login(administrator)
    for visitor in visitors:
        visitor.open("/shop/payment")
        assert visitor.page.is_visible("#trustedshops_protection")
    administrator.page.set_viewport_size({"width": 390, "height": 844})
    sheet = administrator.page.locator(".o_form_sheet")
    assert sheet.evaluate("sheet => sheet.scrollWidth - sheet.clientWidth") <= 0
