# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The buyer's mail while the mail server is in trouble: it is late, and it is one."""

import pytest
from story import applications_of, mails_to, run_queue

from wsts import postgres
from wsts.steps import run_job, wait_for

pytestmark = pytest.mark.full

EMAIL = "late@kunde.example"
MAIL_JOB = "mail_scheduler_action"


@pytest.fixture
def refusing(shop):
    """Let the mail server refuse every mail for a while."""
    shop.sandbox.post("settings", {"mails": "refuse"})
    yield
    shop.sandbox.post("settings", {"mails": "accept"})


def read_mail_states(shop):
    """Return the states of the mails to the buyer that Odoo still has."""
    rows = postgres.query(
        f"SELECT state FROM mail_mail WHERE email_to = '{EMAIL}' AND mail_message_id IN"
        " (SELECT id FROM mail_message WHERE model = 'trustedshops.protection')",
        shop.database,
    )
    return [state for (state,) in rows]


def test_a_mail_that_was_refused_arrives_once_when_the_server_is_back(
    shop, admin, pay_as, refusing
):
    visitor = pay_as(EMAIL)
    visitor.tick_protection()
    visitor.pay_by("wire_transfer")
    wait_for(lambda: read_mail_states(shop), "the mail in Odoo")

    def is_refused():
        run_job(shop, admin, MAIL_JOB)
        return read_mail_states(shop) == ["exception"]

    wait_for(is_refused, "the refusal")
    assert mails_to(shop, EMAIL, "") == []
    assert len(applications_of(shop, EMAIL)) == 1

    shop.sandbox.post("settings", {"mails": "accept"})
    an_hour_passes = (
        "UPDATE trustedshops_protection SET mailed_at = mailed_at - interval '1 hour'"
        " WHERE mail_tries > 0"
    )
    postgres.query(an_hour_passes, shop.database)

    def find_mails():
        run_queue(shop, admin)
        run_job(shop, admin, MAIL_JOB)
        return mails_to(shop, EMAIL, "Käuferschutz")

    [mail] = wait_for(find_mails, "the mail")
    application = applications_of(shop, EMAIL)[0]
    assert str(application["guarantee_number"]) in mail["html"]

    run_queue(shop, admin)
    assert read_mail_states(shop) == []
    assert len(mails_to(shop, EMAIL, "Käuferschutz")) == 1
