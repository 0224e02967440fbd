# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the tests of people in browsers have in common."""

import re
from contextlib import contextmanager
from uuid import uuid4

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe

from wsts import odoo, postgres
from wsts.steps import run_job

DESKTOP = {"width": 1280, "height": 1000}
# How high the rows of a list are, in pixels.
MEASURE_ROWS = """() => [...document.querySelectorAll(".o_data_row")].map(
    (each) => each.getBoundingClientRect().height
)"""
# How high a form is, and which fields a window shows whole, unscrolled.
MEASURE_FORM = """() => {
    const end = (each) => each.getBoundingClientRect().bottom;
    const fields = [...document.querySelectorAll(".o_form_view .o_field_widget")];
    const seen = fields.filter((each) => end(each) > 0 && end(each) <= innerHeight);
    return [
        document.querySelector(".o_form_sheet").offsetHeight,
        seen.map((each) => each.getAttribute("name")),
    ];
}"""
# Desk Combination: 450.00 € and 19 % tax, 4.90 € delivery and its tax.
DESK = "desk-8"


def full(*values):
    """Return a set of parameters that the quick ring does without."""
    return pytest.param(*values, marks=pytest.mark.full)


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


def add_client(shop):
    """Return the login of another API client of the sandbox's eTrusted account."""
    [ref, *_others] = [each["account_ref"] for each in shop.sandbox.get("accounts")]
    login = {"client_id": f"client-{uuid4().hex}", "client_secret": "sandbox-secret"}
    shop.sandbox.post("accounts", {**login, "account_ref": ref})
    return login


def run_queue(shop, admin):
    """Have what waits in the queue tried now, and wait for its end."""
    postgres.query(
        "UPDATE trustedshops_protection SET next_attempt_at = now() AT TIME ZONE 'UTC'"
        " WHERE next_attempt_at IS NOT NULL",
        shop.database,
    )
    postgres.query("UPDATE trustedshops_service SET rests_until = NULL", shop.database)
    run_job(shop, admin, "apply_protection")


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


def make_excellence(shop):
    """Return what makes a certificate an Excellence one with fees in euro."""
    return {
        "type": "EXCELLENCE",
        "items": shop.sandbox.get("certificates")[0]["items"],
        "ws_user": "workshop-1",
        "ws_password": "sandbox-1",
    }


def make_user(admin, *groups, **values):
    """Return the login, and password, of a new user with some groups alone."""
    ids = []
    for module, _dot, name in (group.partition(".") for group in groups):
        domain = [["module", "=", module], ["name", "=", name]]
        [found] = admin.call("ir.model.data", "search_read", domain, ["res_id"])
        ids.append(found["res_id"])
    login = values.pop("login", f"{groups[-1]}@shop.example")
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


# What the web client draws in our views with faults of its own: its widgets, the head
# of a notebook, what every list has.
ODOOS_OWN = (
    ".o_field_badge",
    ".o_field_color",
    ".o_field_selection",
    ".o_field_many2one_avatar_user",
    ".o_notebook_headers",
    ".o_list_controller",
    ".o_list_record_selector",
    ".o_group_header",
)


def rest(page):
    """Wait for the end of what moves or fades in a page."""
    page.evaluate(
        "Promise.allSettled(document.getAnimations().map((each) => each.finished))"
    )


def see_accessible(page, selector, without=()):
    """Let axe-core look at parts of ours; what is around or in them is Odoo's."""
    page.locator(selector).first.wait_for()
    rest(page)  # what fades in has no contrast yet
    context = {"include": [[selector]], "exclude": [[each] for each in without]}
    results = Axe().run(page, context=context)
    assert results.violations_count == 0, results.generate_report()


# A company has one account of an environment: the next test brings its own.
REMOVE_ACCOUNT = """
channels = env["trustedshops.channel"].with_context(active_test=False)
account = channels.search([("channel_ref", "=", {!r})], order="id desc").account_id[:1]
channels = channels.search([("account_id", "=", account.id)])
channels.write({{"active": False, "website_id": False}})
env.flush_all()
companies = env["res.company"]
company = companies.create({{"name": f"Gone {{companies.search_count([])}}"}})
env.cr.execute(
    "UPDATE trustedshops_account SET company_id = %s, client_id = NULL"
    " WHERE id = %s",
    [company.id, account.id],
)
env.cr.execute(
    "UPDATE trustedshops_channel SET company_id = %s WHERE account_id = %s",
    [company.id, account.id],
)
env.cr.commit()
# The server may have kept that it asks.
env.registry.signal_changes()
"""


def remove_account(shop, channel_ref):
    """Leave no account with this channel to the company that it served."""
    odoo.shell(shop.database, REMOVE_ACCOUNT.format(channel_ref))


def give_back(shop, channel_ref):
    """Have a channel begin anew with the settings that Trusted Shops gives it."""
    remove_account(shop, channel_ref)
    for row in shop.sandbox.get("channels"):
        if row["id"] == channel_ref:
            address = f"{shop.sandbox.url}/_control/channels/{row['id']}"
            requests.delete(address, timeout=60)
            shop.sandbox.post("channels", row)
