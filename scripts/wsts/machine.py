# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where things are on this machine, and how the scripts talk to their user."""

import hashlib
import json
import os
import socket
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ["WSTS_HOME"])
STARTED = time.monotonic()
# What is under way, and when that was told last.
_told = {"text": "", "at": STARTED}


class CannotGoOn(Exception):
    """Something only the user can mend; the text says what, in one sentence."""


def say(text):
    """Tell how far we are."""
    now = time.monotonic()
    _told.update(text=text, at=now)
    print(f"[{now - STARTED:4.0f} s] {text}", file=sys.stderr, flush=True)


def tell_what_is_left(seconds):
    """Return how many seconds are left, '' when it takes longer than expected."""
    left = seconds - (time.monotonic() - STARTED)
    return f"about {left:.0f} s are left" if left > 5 else ""


@contextmanager
def told_every_ten_seconds(tell):
    """Say again what is under way, and how far it is, while nothing else is said."""
    is_over = threading.Event()

    def repeat():
        while not is_over.wait(1):
            if time.monotonic() - _told["at"] >= 10:
                say(f"{_told['text'].partition(' …')[0]} … {tell()}".rstrip())

    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def fail(problem):
    """Leave with one clear sentence."""
    print(f"Cannot go on: {problem}", file=sys.stderr, flush=True)
    raise SystemExit(1)


def facts():
    """Return what scripts/setup found here."""
    return json.loads((HOME / "machine.json").read_text())


def short_hash(*parts):
    """Return eight hexadecimal digits that stand for the parts."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:8]


CLONE = short_hash(ROOT)


def is_taken(port):
    """Return True if a program listens on a TCP port of 127.0.0.1."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port():
    """Return a TCP port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
