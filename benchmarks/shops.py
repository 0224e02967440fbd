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
    """A database in a worker process; its methods are those of ``worker.Worker``.

    :param Process process: that serves it
    :param str database: its name
    """

    def __init__(self, process, database):
        self.process = process
        self.database = database

    def __getattr__(self, name):
        def ask(*args, **words):
            if args:
                words["path" if name != "run" else "source"] = args[0]
            return self.process.ask(database=self.database, do=name, **words)

        return ask


class Process:
    """A worker process, see :mod:`benchmarks.worker`.

    :param list[str] databases: which it serves
    """

    def __init__(self, databases):
        words = odoo.command(
            "--no-http", "--log-level=error", database=",".join(databases)
        )
        binary = os.path.dirname(os.path.realpath(facts()["odoo_bin"]))
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([os.environ.get("PYTHONPATH", ""), binary]),
        }
        self.log = HOME / "logs" / f"{databases[0]}-bench.log"
        with open(self.log, "w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.worker", *words[2:]],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                cwd=ROOT,
                env=environment,
            )

    def ask(self, **order):
        """Have something done and return the answer.

        :raise RuntimeError: when the process ended
        """
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the worker ended; {self.log} says why")
        return json.loads(line)

    def stop(self):
        """End the process."""
        self.process.stdin.close()
        self.process.wait(30)


@contextmanager
def workers(*databases, together=False):
    """Serve databases.

    :param str databases: their names
    :param bool together: by one process, else by one process for each
    :rtype: list[Odoo]
    """
    groups = [databases] if together else [[database] for database in databases]
    started = [Process(group) for group in groups]
    try:
        yield [
            Odoo(process, database)
            for process, group in zip(started, groups, strict=True)
            for database in group
        ]
    finally:
        for process in started:
            process.stop()


@contextmanager
def shop_with_twin():
    """Make the demonstration shop and its twin without the addon.

    The twin is a copy from which the addon was uninstalled, so that everything else
    is the same; its sandbox runs while the shop is used. A copy of the twin shows what
    chance alone does.

    :return: the shop, and the names of the two twins' databases
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
        other = postgres.name_for("bench_other")
        postgres.copy(bare, other)
        postgres.label(other)
        yield shop, bare, other
    finally:
        shop.stop()
