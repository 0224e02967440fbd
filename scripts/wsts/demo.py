# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From nothing to a running shop; Ctrl-C stops everything that was started."""

import signal
import sys
import time

from . import postgres
from .machine import (
    CannotGoOn,
    fail,
    say,
    tell_what_is_left,
    told_every_ten_seconds,
)
from .shop import Shop

READY = """
The shop is running. Ctrl-C stops it.

  Shop (euro)     {shop.url}/shop
  Shop (złoty)    {shop.polish_url}/shop
  Backend         {shop.url}/odoo
  Trusted Shops   {shop.sandbox.url}/   (the sandbox)
  Inbox           {shop.sandbox.url}/#inbox   (every mail the shop sends)

  Logins          admin / admin, customer: portal / portal

What to try first: put something into the cart, check out as a guest with a German
address, tick both boxes under the payment methods, and pay by wire transfer. See what
arrived at Trusted Shops and in the inbox. docs/TRY.md goes on from there.
"""


def _stop_on_signal(_signal, _frame):
    raise KeyboardInterrupt


def catch_signals():
    """Stop as by Ctrl-C when we are told to end."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop_on_signal)


def run(ports, fresh):
    """Run the demonstration until it is stopped."""
    with postgres.running():
        postgres.tidy()
        shop = Shop("demo", *ports, reviews=True)
        try:
            with told_every_ten_seconds(lambda: tell_what_is_left(60)):
                shop.start(fresh=fresh)
            say("ready")
            print(READY.format(shop=shop), flush=True)
            processes = (shop.server.process, shop.sandbox.process)
            while all(process.poll() is None for process in processes):
                time.sleep(0.5)
            raise CannotGoOn(f"a server ended by itself; see {shop.server.log}.")
        finally:
            # A second Ctrl-C must not leave half of it running.
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            say("stopping")
            shop.stop()


def main():
    """Run from the command line, see scripts/demo."""
    catch_signals()
    try:
        run([*map(int, sys.argv[1:4])], "--fresh" in sys.argv)
    except CannotGoOn as problem:
        fail(problem)
    except KeyboardInterrupt:
        raise SystemExit(0) from None


if __name__ == "__main__":
    main()
