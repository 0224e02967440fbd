# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The shops that are compared: one with the addon, its twin without."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager

from wsts import odoo, postgres
from wsts.machine import HOME, ROOT, facts, free_port, say
from wsts.shop import Shop

UNINSTALL = """
ours = env['ir.module.module'].search(
    [('name', '=like', 'website_sale_trustedshops%'), ('state', '=', 'installed')])
ours.button_immediate_uninstall()
env.cr.commit()
"""


class Odoo:
    """A worker process on one database; its methods are those of ``worker.Worker``."""

    def __init__(self, database):
        words = odoo.command("--no-http", "--log-level=error", database=database)
        binary = os.path.dirname(os.path.realpath(facts()["odoo_bin"]))
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([os.environ.get("PYTHONPATH", ""), binary]),
        }
        log = HOME / "logs" / f"{database}-bench.log"
        with open(log, "w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.worker", *words[2:]],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                cwd=ROOT,
                env=environment,
            )
        self.log = log

    def __getattr__(self, name):
        def ask(*args, **words):
            if args:
                words["path" if name != "run" else "source"] = args[0]
            self.process.stdin.write(json.dumps({"do": name, **words}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError(f"the worker ended; {self.log} says why")
            return json.loads(line)

        return ask

    def stop(self):
        """End the process."""
        self.process.stdin.close()
        self.process.wait(30)


@contextmanager
def workers(*databases):
    """Run one worker on each database.

    :rtype: list[Odoo]
    """
    started = [Odoo(database) for database in databases]
    try:
        yield started
    finally:
        for worker in started:
            worker.stop()


@contextmanager
def shop_with_twin():
    """Make the demonstration shop and its twin without the addon.

    The twin is a copy from which the addon was uninstalled, so that everything else
    is the same; its sandbox runs while the shop is used.

    :return: the shop, and the name of the twin's database
    """
    shop = Shop("bench", free_port(), free_port(), free_port())
    try:
        shop.start(fresh=True)
        shop.server.stop()
        say("making its twin without the addon")
        bare = postgres.name_for("bench_bare")
        postgres.copy(shop.database, bare)
        odoo.shell(bare, UNINSTALL)
        postgres.label(bare)
        yield shop, bare
    finally:
        shop.stop()
