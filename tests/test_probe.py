# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The probe of the real services, tried on the sandbox: reads, and tells no secret."""

import os
import subprocess

import pytest

from wsts.machine import ROOT, free_port
from wsts.odoo import Sandbox

pytestmark = pytest.mark.full

GERMAN = "chl-5a4db0c5-0000-4000-8000-000000000001"
LOGIN = {
    "TRUSTEDSHOPS_ID": "X5A4DB0C5000000000000000000000001",
    "TRUSTEDSHOPS_WS_USER": "shop-de",
    "TRUSTEDSHOPS_WS_PASSWORD": "sandbox-de",
    "TRUSTEDSHOPS_CLIENT_ID": "sandbox-client",
    "TRUSTEDSHOPS_CLIENT_SECRET": "sandbox-client-secret",
}
SECRETS = (
    *("X5A4DB0C5", "shop-de", "sandbox-de", "sandbox-client", "Bearer"),
    *("erika", "muster.example", "S00042", "<soap", "Envelope", "Traceback"),
)
# What somebody wrote in a review.
WRITTEN = {
    "channelRef": GERMAN,
    "rating": 4,
    "title": "erika@muster.example",
    "comment": "Call erika@muster.example about S00042",
    "transaction": {"reference": "S00042", "date": "2026-11-01T10:00:00.000Z"},
}
DESK = {"id": "prt-1", "name": "Desk", "sku": "FURN_1", "url": "http://shop.example/d"}
# What the sandbox is asked, by its own names.
READING = {
    *("checkCertificate", "checkLogin", "getProtectionItems", "getRequestState"),
    *("trustmark", "rating", "productGradeFeed", "postToken"),
    *("getChannels", "getEventTypes", "getInviteSettings", "getReviews"),
}
WRITTEN_TO = (
    *("applications", "refused", "registrations", "events", "invites", "vetos"),
    *("reviews", "event_types", "invite_settings", "channels", "mails"),
)


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    """Run one sandbox for all tests."""
    state = tmp_path_factory.mktemp("probe") / "state.db"
    sandbox = Sandbox(free_port(), free_port(), state, "http://shop.example")
    yield sandbox.start()
    sandbox.stop()


@pytest.fixture
def sandbox(process):
    """Return the sandbox with what is seeded, and reviews of a shop and a product."""
    process.post("reset")
    process.post("seed")
    review = {**WRITTEN, "type": "PRODUCT_REVIEW", "product": DESK}
    process.post("reviews", {**WRITTEN, "id": "rev-1"})
    process.post("reviews", {**review, "id": "rev-2"})
    return process


def run(sandbox, *words, login=LOGIN):
    """Run the probe; return its exit code and all that it prints."""
    done = subprocess.run(
        [ROOT / "scripts" / "probe", "--environment", "sandbox", *words]
        + ["--sandbox-url", sandbox.url],
        env={**os.environ, **login},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_sandbox_agrees_with_every_row_and_nothing_changes_there(sandbox):
    before = {name: sandbox.get(name) for name in WRITTEN_TO}
    code, text = run(sandbox)
    assert text.endswith("\n20 agrees, 0 DIFFERS, 0 not settled\n")
    assert code == 0
    for secret in SECRETS:
        assert secret.casefold() not in text.casefold()
    assert {name: sandbox.get(name) for name in WRITTEN_TO} == before
    assert before["applications"] == before["events"] == []
    assert set(sandbox.get("calls")) == READING
