# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One Odoo without a network, that measures a part and ends.

It may serve several databases, so that what they cost differs by nothing else: two
processes of the same code differ by some hundredths. Requests go straight into Odoo's
WSGI application, one at a time and in one thread, so that the CPU time of the process
is that of the request.
"""

import gc
import json
import sys
import threading
import time
from contextlib import contextmanager

from werkzeug.test import Client

import odoo
from odoo import SUPERUSER_ID, api, http
from odoo.modules.registry import Registry
from odoo.service.server import load_server_wide_modules
from odoo.tools import config

from . import big, orders, pages

# A German visitor of the German shop is not redirected to another language.
REQUEST = {"base_url": "http://localhost", "headers": {"Accept-Language": "de-DE"}}
PARTS = {
    "pages": pages.measure_pages,
    "weight": pages.measure_weight,
    "drain": orders.measure_drain,
    "one of each": orders.make_one_of_each,
    "big": big.measure,
}


class Shop:
    """A visitor of one database, and the database's administrator."""

    def __init__(self, database):
        self.registry = Registry(database)
        self.client = Client(http.root)
        # The address of all databases is the same: the session says which is meant.
        session = http.root.session_store.new()
        session.update(http.get_default_session(), db=database)
        http.root.session_store.save(session)
        self.client.set_cookie("session_id", session.sid)

    @contextmanager
    def administrator(self):
        """Give the administrator's environment, and commit at the end."""
        with self.registry.cursor() as cursor:
            yield api.Environment(cursor, SUPERUSER_ID, {})

    def get(self, path):
        """Fetch a page or an asset."""
        return self._measure(lambda: self.client.get(path, **REQUEST))

    def call(self, path, **params):
        """Call a JSON route, as :meth:`get` does for a page."""
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        return self._measure(lambda: self.client.post(path, json=body, **REQUEST))

    def _measure(self, send):
        gc.collect()
        start = time.process_time()
        answer = send()
        text = answer.get_data(as_text=True)
        seconds = time.process_time() - start
        if answer.status_code != 200 or '"error":' in text[:200]:
            raise RuntimeError(f"{self.registry.db_name} answered {text[:200]}")
        queries = threading.current_thread().query_count
        return {"text": text, "seconds": seconds, "queries": queries}


def main():
    """Do the part that the first argument names; the rest is Odoo's."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # whatever Odoo prints is no answer
    order = json.loads(sys.argv[1])
    config.parse_config(sys.argv[2:])
    load_server_wide_modules()
    serving = {database: Shop(database) for database in config["db_name"]}
    shops = [serving[database] for database in order.pop("databases")]
    found = PARTS[order.pop("part")](*shops, **order)
    json.dump(found, answers)


if __name__ == "__main__":
    # What Odoo's own start script would say.
    assert odoo.release.series == "19.0", "this measures Odoo 19.0"
    main()
