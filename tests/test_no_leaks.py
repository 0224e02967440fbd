# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The plugin that fails a run whose logs show a secret or a buyer."""

import subprocess
import sys

import pytest

from wsts import no_leaks

pytestmark = pytest.mark.full

OURS = "odoo.addons.website_sale_trustedshops.models.x"
SQL = "odoo.sql_db"
TEST = """
import logging

def test_x():
    log = logging.getLogger({name!r})
    log.setLevel(logging.DEBUG)
    log.propagate = False  # muted
    try:
        raise ValueError({trace!r})
    except ValueError:
        log.{level}("%s", {text!r}, exc_info=True)
"""
CASES = [
    ("debug", OURS, "Order S00012 was applied for", "a bug", 0),
    ("debug", OURS, "Order S00012", "of erika@muster.example", 1),
    # Unasked, the log of SQL has what the database refused, values included.
    ("debug", SQL, 'query: UPDATE "trustedshops_x" erika@muster.example', "a bug", 0),
    ("error", SQL, 'query: UPDATE "trustedshops_x" erika@muster.example', "a bug", 1),
]
LEAKS = {
    "Order S00012 was applied for": "",
    "<soap:Envelope>": "<soap",
    "Authorization: Bearer abc": "Bearer a",
    "grant_type=x&client_secret=y": "client_secret=",
    "Login sandbox-client-secret": "sandbox-client-secret",
    "Login sandbox-client": "",
}


@pytest.mark.parametrize(("level", "name", "text", "trace", "code"), CASES)
def test_a_leak_fails_the_run(tmp_path, level, name, text, trace, code):
    test = tmp_path / "test_x.py"
    test.write_text(TEST.format(level=level, name=name, text=text, trace=trace))
    words = ["-p", "no:odoo", "-p", "wsts.no_leaks", "-p", "no:cacheprovider", "-q"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, test],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout
    assert ("LEAK, so the run fails" in done.stdout) == bool(code)


def test_what_is_a_leak():
    assert {text: no_leaks.find_leak(text) for text in LEAKS} == LEAKS


def test_the_log_of_a_server_is_looked_into(monkeypatch):
    found = []
    monkeypatch.setattr(no_leaks, "_found", found)
    no_leaks._look_into(
        "x.log",
        [
            "2026-11-02 10:00:00,000 1 INFO db odoo.addons.mail: to a@b.example\n",
            "Traceback a@b.example\n",
            f"2026-11-02 10:00:00,000 1 ERROR db {OURS}: A bug\n",
            "ValueError: c@d.example\n",
            f"2026-11-02 10:00:00,000 1 ERROR db {SQL}: bad query: b'UPDATE x\n",
            "SET e@f.example\n",
            f'2026-11-02 10:00:00,000 1 ERROR db {SQL}: UPDATE "trustedshops_x"\n',
            "DETAIL: g@h.example\n",
        ],
    )
    assert found == [
        "x.log: 'c@d.e' in 'ValueError: c@d.example\\n'",
        "x.log: 'g@h.e' in 'DETAIL: g@h.example\\n'",
    ]
