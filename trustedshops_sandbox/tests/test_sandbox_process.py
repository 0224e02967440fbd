# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The process: start, stop, kill, and what it says when it cannot start."""

import signal
import subprocess
import sys

import pytest
import requests

from sandbox_process import (
    END_SECONDS,
    ROOT,
    SEED_COUNT,
    Sandbox,
    find_free_port,
    make_mail,
    make_request,
    send_mail,
    wait_until,
)

APPLICATIONS = "ApplicationRequestService"
V2 = "requestForProtectionV2"


def run(*arguments):
    """Run the sandbox with arguments that do not work; return the finished process."""
    return subprocess.run(
        [sys.executable, "-m", "trustedshops_sandbox", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_new_state_has_the_seeded_certificates_and_a_reset_one_none(own_sandbox):
    assert own_sandbox.ready_line == (
        f"Trusted Shops sandbox is ready: {own_sandbox.url}/ (mails: SMTP"
        f" 127.0.0.1:{own_sandbox.smtp_port}, state: {own_sandbox.state})\n"
    )
    assert own_sandbox.http.get(own_sandbox.url, timeout=60).status_code == 200
    certificates = own_sandbox.get("certificates")
    assert [c["ts_id"] for c in certificates] == [
        f"X5A4DB0C50000000000000000000000{number:02d}"
        for number in range(1, SEED_COUNT + 1)
    ]
    own_sandbox.put("reset")
    own_sandbox.stop()
    own_sandbox.start()
    assert own_sandbox.get("certificates") == []


def send_in_vain(sandbox):
    """Apply for an order, and hang up before the answer that does not come."""
    sandbox.order_fault(V2, "hang_after", seconds=10 * END_SECONDS)
    with pytest.raises(requests.ReadTimeout):
        sandbox.post_call(APPLICATIONS, V2, make_request("S1"), timeout=0.5)
    wait_until(lambda: sandbox.get("applications"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_it_cleanly_and_waits_for_no_hanging_call(own_sandbox, number):
    send_in_vain(own_sandbox)
    own_sandbox.process.send_signal(number)
    assert own_sandbox.process.wait(END_SECONDS) == 0
    assert "Traceback" not in own_sandbox.read_log()


def test_kill_loses_nothing_that_was_answered(own_sandbox):
    own_sandbox.put("settings", pending_seconds=0, duplicates="refuse")
    numbers = [own_sandbox.apply(f"S{i}") for i in range(20)]
    guarantee = own_sandbox.get_state(numbers[0])
    own_sandbox.order_fault("getRequestState", "code", times=2, code=-10017)
    send_mail(own_sandbox, make_mail("Kept"))
    own_sandbox.process.send_signal(signal.SIGKILL)
    own_sandbox.process.wait(END_SECONDS)
    own_sandbox.stop()
    own_sandbox.start()
    rows = own_sandbox.get("applications")
    assert [row["application_number"] for row in rows] == numbers
    assert rows[0]["guarantee_number"] == guarantee
    assert [mail["subject"] for mail in own_sandbox.get("mails")] == ["Kept"]
    assert own_sandbox.get("calls") == {"getRequestState": 1, V2: 20}
    assert own_sandbox.get_state(numbers[0]) == -10017
    assert own_sandbox.apply("S0") == -10003
    assert own_sandbox.apply("S20") == numbers[-1] + 1
    assert own_sandbox.get("settings")["pending_seconds"] == 0


def test_kill_during_unanswered_work_keeps_the_work(own_sandbox):
    send_in_vain(own_sandbox)
    own_sandbox.stop()
    own_sandbox.start()
    assert [row["shopOrderID"] for row in own_sandbox.get("applications")] == ["S1"]
    assert own_sandbox.apply("S1") == -10003


def test_log_has_no_secrets_and_no_personal_data(own_sandbox):
    own_sandbox.apply("S00042", buyerEmail="anna.secret@example.com")
    own_sandbox.apply("S00042", wsPassword="wrong-secret")
    own_sandbox.post_call(APPLICATIONS, V2, {"tsId": "own-secret"})
    own_sandbox.http.get(f"{own_sandbox.url}/own-secret?q=own-secret", timeout=60)
    send_mail(own_sandbox, make_mail("secret"), to=["jan.secret@example.com"])
    wait_until(lambda: own_sandbox.get("mails"))
    log = own_sandbox.read_log().replace("/own-secret 404", "")
    assert f"POST /ts/protectionservices/{APPLICATIONS} 200" in log
    assert f"{V2} answered -10001" in log
    for word in ("secret", "sandbox-de", "S00042", "example.com", "shop-de"):
        assert word not in log


def refuses(*arguments, error):
    """Check that the sandbox does not start, and says no more than why."""
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == error


def test_what_another_program_has_is_named(own_sandbox, tmp_path):
    state = ("--state", tmp_path / "second.db")
    smtp_port = ("--smtp-port", own_sandbox.smtp_port)
    taken = "Port {} on 127.0.0.1 is taken by another program.\n"
    refuses(
        *(*state, "--port", own_sandbox.port, *smtp_port),
        error=taken.format(own_sandbox.port),
    )
    port = ("--port", find_free_port())
    refuses(*state, *port, *smtp_port, error=taken.format(own_sandbox.smtp_port))
    refuses(
        *("--state", own_sandbox.state, *port, "--smtp-port", find_free_port()),
        error=f"The state file {own_sandbox.state} cannot be used: another program uses"
        " it.\n",
    )
    # And a start that failed can be repeated.
    sandbox = Sandbox(tmp_path / "second.db")
    try:
        assert len(sandbox.start().get("certificates")) == SEED_COUNT
    finally:
        sandbox.stop()
