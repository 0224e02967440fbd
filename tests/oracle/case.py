# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How the oracle plays a story, see ``scripts/oracle``.

A story is a generator: it yields each step as a pair of words and work, and gets back
what the work returned (None when it was refused)::

    def stories(self):
        yield "cart 7", self._tell_cart, 7

    def _tell_cart(self, number):
        order = yield "a cart of 100.00", self._make_cart
        self.watch("order", order)
        yield "the buyer ticks the box", lambda: self._choose(order)

What a story does may follow from its name alone, never from what it sees: otherwise a
change in one step would change all others.
"""

import json
import os
import random
from contextlib import contextmanager
from datetime import datetime

import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.sql_db import BaseCursor, Savepoint
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.website_sale_trustedshops.tests.common import TrustedShopsCommon

from . import adapter

START = datetime(2026, 11, 2, 10, 0)
# The file that gets a line for each story; of the stories, only those whose name
# contains a text, and of these each n-th.
FILE, ONLY, EVERY = "WSTS_ORACLE", "WSTS_ORACLE_ONLY", "WSTS_ORACLE_EVERY"
ROLES = {
    "seller": "sales_team.group_sale_salesman_all_leads",
    "manager": "sales_team.group_sale_manager",
    "accountant": "account.group_account_invoice",
    "administrator": "base.group_system",
}
LOUD = ("odoo", "odoo.addons", "odoo.sql_db", "odoo.http")


class OracleCase(TrustedShopsCommon):
    """Plays stories of an area, each on its own, with a clock that stands still."""

    # What the names of its stories begin with, and the name of its file.
    area = ""
    # Stories are played without what only slows them down.
    test_module = "website_sale_trustedshops"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer.write({"ref": "C-1", "lang": "en_US"})
        freezer = freeze_time(START)
        cls.clock = freezer.start()
        cls.addClassCleanup(freezer.stop)
        # The database's own clock would tell when the oracle ran.
        cls.classPatch(BaseCursor, "now", lambda _cursor: fields.Datetime.now())
        fresh = {"items_checked_at": START, "last_attempt_at": False}
        cls.env["trustedshops.certificate"].search([]).write(fresh)
        cls.roles = {
            role: new_test_user(
                cls.env, f"oracle_{role}", groups=f"base.group_user,{group}"
            )
            for role, group in ROLES.items()
        }
        adapter.begin(cls)

    def stories(self):
        """Yield name, generator function and arguments of each story.

        :rtype: iterator[tuple]
        """
        raise NotImplementedError

    def look(self):
        """Return what is to be seen now, in the words of the adapter.

        :return: JSON; by default of all that is watched
        :rtype: dict
        """
        return adapter.look(self)

    def watch(self, name, record):
        """Have a record looked at after each further step of the story.

        :param str name: what the story calls it
        :param record: of any model that the adapter knows
        """
        self.watched[name] = record

    def test_stories(self):
        """Play all stories and write down what is seen."""
        every = int(os.environ.get(EVERY) or 1)
        only = os.environ.get(ONLY) or ""
        with open(os.environ.get(FILE) or os.devnull, "a") as file:
            for number, (name, tell, *args) in enumerate(self.stories()):
                name = f"{self.area}: {name}"
                if only in name and number % every == 0:
                    steps = self.play(name, tell, *args)
                    line = {"story": name, "steps": steps}
                    file.write(json.dumps(line, sort_keys=True) + "\n")

    def play(self, name, tell, *args):
        """Play one story; nothing of it is left afterwards.

        :param str name: seed of ``self.dice``
        :param tell: generator function, see this file's head
        :param args: of the function
        :return: of each step its words, what came of it, and what is seen then
        :rtype: list[dict]
        """
        self.dice = random.Random(name)
        self.watched = {}
        self.service.reset()
        self.clock.move_to(START)
        outer, self._cleanups = self._cleanups, []
        self.env.flush_all()
        try:
            with mute_logger(*LOUD), self._undone():
                return list(self._play_steps(tell(*args)))
        finally:
            self.doCleanups()
            self._cleanups = outer

    @contextmanager
    def _undone(self):
        """Undo what is done meanwhile, in the database and in memory."""
        savepoint = Savepoint(self.cr)
        try:
            yield
        finally:
            self.cr.clear()
            self.cr.postcommit.clear()
            savepoint.close()
            self.registry.clear_all_caches()

    def _play_steps(self, story):
        """Yield what came of each step of a story."""
        result = None
        while True:
            try:
                words, work = story.send(result)
            except StopIteration:
                return
            result, outcome = self._do(work)
            self.env.flush_all()
            self.env.invalidate_all()
            yield {"step": words, **outcome, "seen": self.look()}

    def _do(self, work):
        """Return what a step returned, and what it came to if it was refused."""
        try:
            with self.env.cr.savepoint():
                return work(), {}
        except UserError as error:
            refused = type(error).__name__
            return None, {"refused": refused, "told": adapter.read(str(error))}
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            return None, {"crashed": type(error).__name__}
        except psycopg2.Error as error:
            return None, {"crashed": type(error).__name__}
