# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The probe of the real services, tried on the sandbox: reads, and tells no secret."""

import os
import re
import subprocess
import sys

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
KINDS = ("refuse", "html_502", "redirect", "fault", "garbage", "hostile", "expired")
# Everything that changes something.
EVERY_WRITING_CALL = """
import sys
from datetime import UTC, datetime
from decimal import Decimal
from wsts import plain, probe, reading

reading.Wire.guard()
url = sys.argv[1]
values = plain.load(probe.BASE, "lib.values")
request = values.ProtectionRequest(
    ts_id="X5A4DB0C5000000000000000000000001", ts_product_id="TS080501_500_30_EUR",
    amount=Decimal("49.9"), currency="EUR", payment_type="PAYPAL",
    buyer_email="erika@muster.example", shop_customer_id="7", shop_order_id="S00042",
    order_date=datetime.now(UTC), shop_system_version="Odoo", ws_user="shop-de",
    ws_password="sandbox-de",
)
soap = probe.client.TrustedShopsClient((url, url))
rest = probe.reviews.ReviewClient((url, url), "sandbox-client", "sandbox-client-secret")
CALLS = {
    (soap, "request_protection"): (request,),
    (rest, "create_event_type"): ("order_status_from_odoo",),
    (rest, "activate_event_type"): ("ety-1",),
    (rest, "send_event"): ({"type": "checkout"},),
    (rest, "send_reply"): ("rev-1", "Thank you"),
}
for (client, name), arguments in CALLS.items():
    try:
        getattr(client, name)(*arguments)
    except reading.WritingRefused:
        print(name)
"""


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


def run(sandbox, *words, login=LOGIN, timeout=20):
    """Run the probe; return its exit code and all that it prints."""
    done = subprocess.run(
        [ROOT / "scripts" / "probe", "--environment", "sandbox", *words]
        + ["--sandbox-url", sandbox.url, "--timeout", str(timeout)],
        env={**os.environ, **login},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def read_outcomes(text):
    """Return what became of each row."""
    found = re.findall(r"^([A-Z]\d+) +(agrees|DIFFERS|not settled) ", text, re.M)
    return dict(found)


def assert_silent(text):
    for secret in SECRETS:
        assert secret.casefold() not in text.casefold()


def test_the_sandbox_agrees_with_every_row_that_reading_settles(sandbox):
    code, text = run(sandbox)
    assert text.endswith("\n20 agrees, 0 DIFFERS, 0 not settled\n")
    assert code == 0
    assert_silent(text)


def test_a_probe_changes_nothing_at_the_service(sandbox):
    before = {name: sandbox.get(name) for name in WRITTEN_TO}
    assert run(sandbox)[0] == 0
    assert {name: sandbox.get(name) for name in WRITTEN_TO} == before
    assert before["applications"] == before["events"] == []
    assert set(sandbox.get("calls")) == READING


def test_nothing_but_reading_leaves_the_process(sandbox):
    before = {name: sandbox.get(name) for name in WRITTEN_TO}
    words = [sys.executable, "-c", EVERY_WRITING_CALL, sandbox.url]
    path = str(ROOT / "scripts")
    done = subprocess.run(
        words,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == [
        *("request_protection", "create_event_type", "activate_event_type"),
        *("send_event", "send_reply"),
    ], done.stderr
    assert {name: sandbox.get(name) for name in WRITTEN_TO} == before
    assert set(sandbox.get("calls")) == {"postToken"}


@pytest.mark.parametrize("kind", KINDS)
def test_no_trouble_shows_a_secret_or_a_buyer(sandbox, kind):
    sandbox.post("faults", {"operation": "*", "kind": kind})
    _code, text = run(sandbox, timeout=0.5)
    assert len(read_outcomes(text)) == 20
    assert "a bug stopped it" not in text
    assert_silent(text)
    log = sandbox.log.read_text()
    for secret in ("sandbox-de", "sandbox-client-secret", "erika", "Bearer "):
        assert secret not in log


@pytest.mark.parametrize(
    "troubles",
    [
        {
            ("getRequestState", "code", 0): ("S6", "DIFFERS", "as not decided"),
            ("checkLogin", "code", -10001): ("S5", "not settled", "the code -10001"),
            ("getInviteSettings", "http_403"): ("R4", "DIFFERS", "HTTP status 403"),
            ("trustmark", "http_500"): ("F1", "not settled", "HTTP status 500"),
        },
        {
            ("getRequestState", "code", 7): ("S6", "DIFFERS", "it is known"),
            ("getChannels", "http_429"): ("R1", "not settled", "HTTP status 429"),
        },
        {
            ("getRequestState", "code", -11111): ("S6", "not settled", "code -11111"),
            ("getChannels", "expired"): ("R1", "not settled", "client is refused"),
        },
        {("checkCertificate", "garbage"): ("S3", "DIFFERS", "HTTP status 200")},
        {("checkCertificate", "refuse"): ("S1", "not settled", "is there a way")},
    ],
)
def test_what_differs_is_told_from_a_trouble(sandbox, troubles):
    for fault in troubles:
        names = ("operation", "kind", "code")
        sandbox.post("faults", dict(zip(names, fault, strict=False)))
    code, text = run(sandbox)
    outcomes = read_outcomes(text)
    for row, outcome, words in troubles.values():
        assert outcomes[row] == outcome
        [said] = re.findall(rf"^{row} .*?-> (.*?)$", text, re.M | re.S)
        assert words in said
    assert code == int("DIFFERS" in outcomes.values())


def test_the_table_says_which_rows_are_probed():
    table = (ROOT / "docs" / "ASSUMPTIONS.md").read_text()
    rows = re.findall(r"^\| ([A-Z]\d+) .*\| (.*?) +\|$", table, re.M)
    words = [sys.executable, "-c", "from wsts import probe; print(*probe.CHECKS)"]
    path = str(ROOT / "scripts")
    said = subprocess.check_output(
        words, env={**os.environ, "PYTHONPATH": path}, text=True
    )
    probed = [number for number, last in rows if "`scripts/probe`" in last]
    assert probed == said.split()
    assert len(rows) == len({number for number, _last in rows}) == 74
