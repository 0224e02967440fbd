# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whoever has an Odoo sees everything in it, without a contract."""

import os
import subprocess
import sys

import pytest
from story import address_of, mails_to

from wsts import odoo, postgres
from wsts.administrator import Administrator
from wsts.machine import HOME, ROOT, facts, free_port
from wsts.steps import find_invites, run_job, wait_for, write_review
from wsts.visitor import Visitor

pytestmark = pytest.mark.full

EMAIL = "probe@kunde.example"
# What tells a database that the script made from another shop's.
FORGET = """
DELETE FROM ir_config_parameter WHERE key = 'website_sale_trustedshops.sandbox_url'
"""
COUNT = """
SELECT (SELECT count(*) FROM trustedshops_certificate),
       (SELECT count(*) FROM trustedshops_account),
       (SELECT count(*) FROM product_template WHERE is_published AND list_price > 0)
"""


class Trial:
    """scripts/try on a new database, in an Odoo that is not ours.

    :param pathlib.Path folder: for the program that is Odoo
    """

    def __init__(self, folder):
        self.program = folder / "odoo-bin"
        words = f'{sys.executable} {facts()["odoo_bin"]} "$@"'
        self.program.write_text(f"#!/bin/sh\nexec {words}\n")
        self.program.chmod(0o755)
        self.database = postgres.name_for("try")
        self.process = None
        self.forget()

    def forget(self):
        """Stop it, and drop the database."""
        odoo.stop_process(self.process, 30)
        postgres.drop(self.database)
        (HOME / "try" / f"{self.database}.sqlite").unlink(missing_ok=True)

    def start(self):
        """Start it, and return what it says at its end if it does not run."""
        odoo.stop_process(self.process, 30)
        port, sandbox_port, smtp_port = free_port(), free_port(), free_port()
        self.url = f"http://localhost:{port}"
        self.sandbox = odoo.Sandbox(sandbox_port, smtp_port, "", self.url)
        ours = (f"--port={port}", f"--sandbox-port={sandbox_port}")
        ours += (f"--smtp-port={smtp_port}", self.database)
        options = (f"--config={HOME / 'odoo.conf'}", f"--data-dir={HOME / 'data'}")
        self.process = subprocess.Popen(
            [ROOT / "scripts" / "try", *ours, *options],
            env={**os.environ, "ODOO_BIN": str(self.program)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if any("docs/TRY.md" in line for line in self.process.stdout):
            return ""
        return self.process.stderr.read().splitlines()[-1]


@pytest.fixture
def trial(tmp_path):
    """Return what runs scripts/try, and leaves nothing behind."""
    trial = Trial(tmp_path)
    yield trial
    trial.forget()


def test_a_database_of_the_readers_shows_the_whole_story(trial, chromium):
    assert trial.start() == ""
    buyer = Visitor(chromium.new_context(locale="de-DE").new_page(), trial.url)
    admin = Administrator(chromium.new_context().new_page(), trial.url).log_in()
    product = buy(trial, buyer)
    review(trial, buyer, admin, product)
    assert buyer.errors == []
    # Again, it adds nothing.
    assert trial.start() == ""
    assert postgres.query(COUNT, trial.database) == [["1", "1", "1"]]
    postgres.query(FORGET, trial.database)
    refused = "Cannot go on: the database is another shop's. Name a new one."
    assert trial.start() == f"[try] {refused}"


def buy(trial, buyer):
    """Buy with both boxes ticked, get the number, and return the product."""
    buyer.open("/shop")
    link = buyer.page.locator(".oe_product a[href*='/shop/']").first
    product = link.get_attribute("href").rpartition("/")[2].partition("?")[0]
    buyer.reach_payment(product, address_of(EMAIL))
    buyer.tick_protection()
    buyer.agree_to_invitation()
    buyer.pay_by("wire_transfer")
    wait_for(lambda: mails_to(trial, EMAIL, "Käuferschutz"), "the mail")
    return product


def review(trial, buyer, admin, product):
    """Confirm the order, be invited, write a review, and see the star."""
    orders = admin.call("sale.order", "search", [["state", "=", "sent"]])
    admin.call("sale.order", "action_confirm", orders)
    run_job(trial, admin, "invite")
    [invitation] = find_invites(trial, EMAIL)
    write_review(buyer.page, invitation["link"], (5, "Gut", ""), (4, "Stabil", ""))
    run_job(trial, admin, "read_reviews")
    assert admin.call("trustedshops.review", "search_count", []) == 2
    run_job(trial, admin, "read_ratings")
    buyer.open(f"/shop/{product}")
    buyer.page.locator(".o_trustedshops_stars").first.wait_for()
