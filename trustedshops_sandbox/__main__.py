# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Start the sandbox: ``python3 -m trustedshops_sandbox --state FILE``."""

import argparse
import errno
import functools
import logging
import signal
import sys
import threading

from .app import App
from .database import StateError
from .mail import make_inbox
from .seeds import plant
from .server import make_server
from .store import Store

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def _port(text):
    port = int(text)
    if not 1 <= port <= 65535:
        raise ValueError
    return port


def _shop_url(text):
    if not text.startswith(("http://", "https://")) or len(text) > 400:
        raise ValueError
    return text


def _read_arguments(arguments):
    parser = argparse.ArgumentParser(
        prog="trustedshops_sandbox",
        description="A local stand-in for the services of Trusted Shops.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on")
    add("--port", type=_port, default=8099, help="port of services and page")
    add("--smtp-port", type=_port, default=8025, help="port of the inbox")
    add("--state", required=True, help="SQLite file; made when it does not exist")
    add(
        "--shop-url",
        type=_shop_url,
        default="http://localhost:8069",
        help="address of the shop in the seeded certificates",
    )
    return parser.parse_args(arguments)


class _StartError(Exception):
    """The sandbox cannot start; the text says why."""


def _explain(error, host, port):
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken by another program."
    return f"Cannot listen on {host}, port {port}: {error.strerror or error}."


def _open(options):
    """Open state, HTTP and SMTP; return the three.

    :raise _StartError: when one of them is not to be had.
    """
    try:
        seed = functools.partial(plant, shop_url=options.shop_url)
        store = Store(options.state, seed)
    except StateError as error:
        raise _StartError(str(error)) from error
    app = App(store, options.shop_url)
    port = options.port
    try:
        server = make_server(options.host, port, app)
        port = options.smtp_port
        inbox = make_inbox(store, options.host, port)
        inbox.start()
    except OSError as error:
        raise _StartError(_explain(error, options.host, port)) from error
    return store, server, inbox


def _serve(options):
    store, server, inbox = _open(options)
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    host = f"[{options.host}]" if ":" in options.host else options.host
    print(
        f"Trusted Shops sandbox is ready: http://{host}:{options.port}/ "
        f"(mails: SMTP {host}:{options.smtp_port}, state: {options.state})",
        flush=True,
    )
    signal.sigwait(STOP_SIGNALS)
    server.shutdown()
    inbox.stop()
    store.close()


def main(arguments=None):
    """Run until a signal; return the exit code."""
    options = _read_arguments(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    # aiosmtpd and asyncio log addresses and peers.
    for name in ("mail.log", "mail.debug", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # Waited for, not handled: a handler runs amidst whatever the main thread does, and
    # one that sets what that thread waits for can wait for ever on its own lock. Before
    # the first thread starts, so that all of them leave these signals to us.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        _serve(options)
    except _StartError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
