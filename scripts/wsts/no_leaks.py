# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A pytest plugin: a log that shows a secret or a buyer fails the run.

Our loggers and those of what we talk with run at level DEBUG. Every record that would
be shown is looked at, also where a test mutes it.
"""

import logging
import re
import traceback

import pytest

from . import postgres
from .machine import HOME

# Whose records are looked at, at every level.
LOGGERS = ("odoo.addons.website_sale_", "zeep", "urllib3", "requests")
# An e-mail address; a SOAP envelope; passwords and users of the tests and the sandbox;
# logins and tokens of the REST interface (in JSON: a link to an order has one, too).
LEAK = re.compile(
    r"[\w.+-]+@[\w-]+\.\w|Envelope|<soap|wsPassword|buyerEmail"
    r"|wspass-|wsuser-|s3cret|theuser|ts-pass|sandbox-(?:de|pl|en|client-secret)\b"
    r"|clientsecret-|bearer-|Bearer \S|access_token\W{2}|client_secret="
)
# Odoo's log of SQL shows what is stored, as it should when it is asked to. Unasked it
# has what the database refused, values included: looked at where a table of ours is it.
SQL_LOGGER, OUR_TABLES = "odoo.sql_db", '"trustedshops_'
HEADING = re.compile(r"\d{4}-\d\d-\d\d \S+ \d+ (\w+) \S+ (\S+): ")
_found = []
_sizes = {}


def find_leak(text):
    """Return what must not be in a log."""
    leak = LEAK.search(text)
    return leak.group() if leak else ""


def _is_ours(name, level, text):
    """Tell whether a record is looked at."""
    is_refused = name == SQL_LOGGER and level in ("ERROR", "CRITICAL")
    return name.startswith(LOGGERS) or (is_refused and OUR_TABLES in text)


def _look_at(record):
    """Look at a record of a logger that may show what it must not."""
    text = record.getMessage()
    if _is_ours(record.name, record.levelname, text):
        if record.exc_info:
            text += "".join(traceback.format_exception(*record.exc_info))
        if leak := find_leak(text):
            _found.append(f"{record.name}: {leak!r} in {text[:200]!r}")


def _watch(call_handlers):
    """Return a method that looks at each of our records on its way to the handlers.

    What a filter stops does not get there; what a test mutes does.
    """

    def look(logger, record):
        if record.name.startswith((*LOGGERS, SQL_LOGGER)):
            _look_at(record)
        call_handlers(logger, record)

    return look


def _get_logs():
    """Return the logs of this clone's Odoos with their sizes."""
    logs = (HOME / "logs").glob(f"{postgres.name_for('*')}.log")
    return {path: path.stat().st_size for path in logs}


def _look_into_logs():
    """Look at what the servers that the tests started have logged."""
    for path, size in _get_logs().items():
        start = _sizes.get(path, 0)
        with open(path, errors="replace") as log:
            log.seek(start if start <= size else 0)  # it may be a new one
            _look_into(path.name, log)


def _look_into(name, lines):
    ours = False
    for line in lines:
        # A traceback belongs to the record before it.
        if heading := HEADING.match(line):
            ours = _is_ours(heading[2], heading[1], line)
        if ours and (leak := find_leak(line)):
            _found.append(f"{name}: {leak!r} in {line[:200]!r}")


def pytest_sessionstart():
    """Begin to look."""
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.Logger.callHandlers = _watch(logging.Logger.callHandlers)
    _sizes.update(_get_logs())


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Take over what a worker found."""
    _found.extend(getattr(node, "workeroutput", {}).get("leaks", ()))


def pytest_sessionfinish(session):
    """Turn success into failure when something leaked."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["leaks"] = _found
        return
    _look_into_logs()
    if session.exitstatus == 0 and _found:
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter):
    """Name what leaked."""
    for leak in dict.fromkeys(_found):
        terminalreporter.write_line(f"LEAK, so the run fails: {leak}", red=True)
