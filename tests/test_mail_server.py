# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The buyer's mail while the mail server is in trouble: it is late, and it is one."""

import pytest
from story import DESK, address_of, applications_of, mails_to, wait_for

from wsts import postgres
from wsts.administrator import Administrator

EMAIL = "late@kunde.example"
APPLY_CRON = "ir_cron_apply_protection"


@pytest.fixture
def refusing(shop):
    """Let the mail server refuse every mail for a while."""
    shop.sandbox.post("settings", {"mails": "refuse"})
    yield
    shop.sandbox.post("settings", {"mails": "accept"})


def read_mail_states(shop):
    """Return the states of the mails to the buyer that Odoo still has."""
    rows = postgres.query(
        "SELECT m.state FROM mail_mail m JOIN trustedshops_protection p"
        f" ON p.buyer_mail_id = m.id WHERE p.buyer_email = '{EMAIL}'",
        shop.database,
    )
    return [state for (state,) in rows]


def run_queue(shop, administrator):
    """Run the queue of the protections as a person does, and wait for its end."""
    [[cron_id]] = postgres.query(
        "SELECT res_id FROM ir_model_data WHERE model = 'ir.cron'"
        f" AND name = '{APPLY_CRON}'",
        shop.database,
    )
    administrator.call("ir.cron", "method_direct_trigger", [int(cron_id)])


def test_a_mail_that_was_refused_arrives_once_when_the_server_is_back(
    shop, new_visitor, refusing
):
    visitor = new_visitor()
    visitor.put_into_cart(DESK)
    visitor.enter_address(address_of(EMAIL))
    visitor.go_to_payment()
    visitor.tick_protection()
    visitor.pay_by("wire_transfer")
    wait_for(lambda: read_mail_states(shop) == ["exception"], "the refusal", 90)
    assert mails_to(shop, EMAIL, "") == []
    assert len(applications_of(shop, EMAIL)) == 1

    shop.sandbox.post("settings", {"mails": "accept"})
    administrator = Administrator(new_visitor(locale="en-US").page, shop.url).log_in()
    run_queue(shop, administrator)
    [mail] = wait_for(lambda: mails_to(shop, EMAIL, "Käuferschutz"), "the mail", 90)
    application = applications_of(shop, EMAIL)[0]
    assert str(application["guarantee_number"]) in mail["html"]

    run_queue(shop, administrator)
    wait_for(lambda: read_mail_states(shop) == [], "the end of the watch")
    assert len(mails_to(shop, EMAIL, "Käuferschutz")) == 1
