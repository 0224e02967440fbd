# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One Odoo without a network: does what it reads from stdin and tells what it cost.

It may serve several databases, so that what they cost differs by nothing else: two
processes of the same code differ by some hundredths.

Requests go straight into Odoo's WSGI application, one at a time and in one thread, so
that the CPU time of the process is that of the request. A line of JSON in, a line out.
"""

import gc
import json
import sys
import threading
import time

from werkzeug.test import Client

import odoo
from odoo import SUPERUSER_ID, api, http
from odoo.modules.registry import Registry
from odoo.service.server import load_server_wide_modules
from odoo.tools import config

ADDRESS = {
    "name": "Erika Mustermann",
    "email": "erika@buyer.example",
    "phone": "+49 30 1234567",
    "street": "Hauptstraße 1",
    "zip": "10115",
    "city": "Berlin",
}
# A German visitor of the German shop is not redirected to another language.
REQUEST = {"base_url": "http://localhost", "headers": {"Accept-Language": "de-DE"}}


class Worker:
    """A visitor of one database, and the database's administrator.

    :param str database: one of those that this process serves
    """

    def __init__(self, database):
        self.registry = Registry(database)
        self.client = Client(http.root)
        # The address of all databases is the same: the session says which is meant.
        session = http.root.session_store.new()
        session.update(http.get_default_session(), db=database)
        http.root.session_store.save(session)
        self.client.set_cookie("session_id", session.sid)

    def environment(self, cursor):
        """Return the environment of the administrator's actions."""
        return api.Environment(cursor, SUPERUSER_ID, {})

    # ---- As a visitor ----

    def get(self, path):
        """Fetch a page.

        :param str path: of the shop
        :return: ``status``, ``failed``, ``begins`` (200 characters of the body),
            ``seconds`` of CPU time, ``elapsed`` seconds, ``queries``
        :rtype: dict
        """
        return self._measure(lambda: self.client.get(path, **REQUEST))

    def fetch(self, path):
        """Return the text of a page or an asset.

        :rtype: dict
        """
        answer = self.client.get(path, **REQUEST)
        return {"status": answer.status_code, "text": answer.get_data(as_text=True)}

    def call(self, path, **params):
        """Call a JSON route, as :meth:`get` does for a page."""
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        return self._measure(lambda: self.client.post(path, json=body, **REQUEST))

    def _measure(self, send):
        gc.collect()
        begun, start = time.perf_counter(), time.process_time()
        answer = send()
        text = answer.get_data(as_text=True)
        seconds = time.process_time() - start
        elapsed = time.perf_counter() - begun
        return {
            "status": answer.status_code,
            "failed": '"error":' in text[:200],
            "begins": text[:200],
            "seconds": seconds,
            "elapsed": elapsed,
            "queries": threading.current_thread().query_count,
        }

    def settle(self):
        """Leave what is loaded by now to no garbage collection any more.

        Else each measurement begins with a collection of the whole registry.
        """
        gc.collect()
        gc.freeze()
        return {}

    # ---- As the administrator ----

    def fill_cart(self):
        """Put a desk into the visitor's cart and give it a buyer and a delivery.

        :return: ``carriers``: ids of the one chosen, which is free, and of one with a
            fixed price; ``desk``: the last part of the product's page
        :rtype: dict
        """
        with self.registry.cursor() as cursor:
            env = self.environment(cursor)
            desk = env.ref("product.product_product_3")
            template_id, product_id = desk.product_tmpl_id.id, desk.id
            slug = (
                env["ir.http"]
                .with_context(lang="de_DE")
                ._slug(desk.product_tmpl_id.with_context(lang="de_DE"))
            )
        answer = self.call(
            "/shop/cart/add",
            product_template_id=template_id,
            product_id=product_id,
            quantity=1,
        )
        if answer["failed"]:
            raise RuntimeError("the desk did not get into the cart")
        with self.registry.cursor() as cursor:
            env = self.environment(cursor)
            order = env["sale.order"].search([], order="id desc", limit=1)
            country = env.ref("base.de")
            order.partner_id = env["res.partner"].create(
                {**ADDRESS, "country_id": country.id}
            )
            carrier = env.ref("delivery.free_delivery_carrier")
            order._set_delivery_method(carrier)
            dear = carrier.copy({"fixed_price": 5.0, "website_published": True})
            return {"carriers": [carrier.id, dear.id], "desk": slug}

    def run(self, source):
        """Run Python with ``env``; what it leaves in ``result`` is returned.

        :param str source: statements; they commit by what they call, or at the end
        :return: ``seconds`` of wall clock, ``queries``, ``result``
        :rtype: dict
        """
        with self.registry.cursor() as cursor:
            names = {"env": self.environment(cursor)}
            before, start = cursor.sql_log_count, time.perf_counter()
            exec(source, names)
            cursor.commit()
            return {
                "seconds": time.perf_counter() - start,
                "queries": cursor.sql_log_count - before,
                "result": names.get("result"),
            }


def main():
    """Serve until stdin ends."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # whatever Odoo prints is no answer
    config.parse_config(sys.argv[1:])
    load_server_wide_modules()
    serving = {database: Worker(database) for database in config["db_name"]}
    for line in sys.stdin:
        order = json.loads(line)
        worker = serving[order.pop("database")]
        answer = getattr(worker, order.pop("do"))(**order)
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    # What Odoo's own start script would say.
    assert odoo.release.series == "19.0", "this measures Odoo 19.0"
    main()
