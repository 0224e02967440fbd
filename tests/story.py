# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the tests of people in browsers have in common."""

import re
import time
from contextlib import contextmanager, suppress

from axe_playwright_python.sync_playwright import Axe

from wsts import postgres

DESKTOP = {"width": 1280, "height": 1000}
# Desk Combination: 450.00 € and 19 % tax, 4.90 € delivery and its tax.
DESK = "desk-8"


def wait_for(get, what, seconds=60):
    """Return the first true answer of a question asked again and again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := get():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {seconds} seconds")


def read_total(page):
    """Return the total that the visible summary shows, as text."""
    row = page.locator("tr[name='o_order_total']:visible").first
    return clean(row.locator(".monetary_field").inner_text())


def clean(text):
    return re.sub(r"\s+", " ", text).strip()


def applications_of(shop, email):
    return [
        application
        for application in shop.sandbox.get("applications")
        if application["buyerEmail"] == email
    ]


def mails_to(shop, email, subject):
    """Return the mails to a buyer whose subject contains a text."""
    return [
        mail
        for mail in shop.sandbox.get("mails")
        if email in mail["to"] and subject in mail["subject"]
    ]


ADDRESSES = {
    "DE": {
        "name": "Erika Mustermann",
        "phone": "+49 30 1234567",
        "street": "Hauptstraße 1",
        "zip": "10115",
        "city": "Berlin",
    },
    "PL": {
        "name": "Jan Kowalski",
        "phone": "+48 22 1234567",
        "street": "Prosta 1",
        "zip": "00-838",
        "city": "Warszawa",
    },
}


def address_of(email, country="DE"):
    return {**ADDRESSES[country], "email": email}


def read_order(page):
    return re.search(r"S\d+", page.inner_text("#order_name")).group()


def get_ts_id(shop, language, kind="EXCELLENCE"):
    """Return the id of a good certificate of the sandbox."""
    for seed in shop.sandbox.get("certificates"):
        if (seed["type"], seed["language"], seed["state"]) == (
            kind,
            language,
            "PRODUCTION",
        ):
            return seed["ts_id"]
    raise AssertionError(f"no {kind} certificate in {language}")


def run_queue(shop, admin):
    """Have what waits in the queue tried now, and wait for its end."""
    postgres.query(
        "UPDATE trustedshops_protection SET next_attempt_at = now() AT TIME ZONE 'UTC'"
        " WHERE next_attempt_at IS NOT NULL",
        shop.database,
    )
    run_job(shop, admin, "apply_protection")


def run_job(shop, admin, name):
    [[job]] = postgres.query(
        "SELECT res_id FROM ir_model_data WHERE model = 'ir.cron'"
        f" AND name = 'ir_cron_{name}'",
        shop.database,
    )
    with suppress(RuntimeError):
        admin.call("ir.cron", "method_direct_trigger", [int(job)])


def is_stopped(page, address):
    """Tell whether Odoo's watcher stops a script of an address."""
    source = page.evaluate(
        """address => {
            const script = document.createElement("script");
            script.src = address;
            return script.getAttribute("src");
        }""",
        address,
    )
    assert source in (address, "about:blank")
    return source == "about:blank"


def make_user(admin, *groups, **values):
    """Return the login, and password, of a new user with some groups alone."""
    ids = []
    for module, _dot, name in (group.partition(".") for group in groups):
        domain = [["module", "=", module], ["name", "=", name]]
        [found] = admin.call("ir.model.data", "search_read", domain, ["res_id"])
        ids.append(found["res_id"])
    login = f"{groups[-1]}@shop.example"
    user = {"name": login, "login": login, "password": login}
    admin.call("res.users", "create", [{**user, "group_ids": [[6, 0, ids]], **values}])
    return login


@contextmanager
def changed_theme(admin, where, position, content):
    """Change the layout of the German shop as a theme would, for a while."""
    domain = [["key", "=", "website.layout"], ["website_id", "=", False]]
    (layout,) = admin.call("ir.ui.view", "search", domain)
    (website,) = admin.call("website", "search", [["name", "=", "Demo Shop"]])
    change = f"<xpath expr={where!r} position={position!r}>{content}</xpath>"
    view = {
        "name": "Broken theme",
        "key": "website.broken_theme",
        "type": "qweb",
        "inherit_id": layout,
        "priority": 999,
        "website_id": website,
        "arch": f"<data>{change}</data>",
    }
    view_id = admin.call("ir.ui.view", "create", view)
    try:
        yield
    finally:
        admin.call("ir.ui.view", "unlink", [view_id])


def see_accessible(page, selector):
    """Let axe-core look at parts of ours; what is around them is Odoo's."""
    assert page.locator(selector).count() >= 1
    # What fades in has no contrast yet.
    page.evaluate(
        "Promise.allSettled(document.getAnimations().map((each) => each.finished))"
    )
    results = Axe().run(page, context=selector)
    assert results.violations_count == 0, results.generate_report()
