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
from freezegun import api, freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.sql_db import BaseCursor, Savepoint
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.website_sale_trustedshops.tests.common import TrustedShopsCommon

from . import adapter

START = datetime(2026, 11, 2, 10, 0)
# The file that gets a line for each story; a text in the names of those to play.
FILE, ONLY = "WSTS_ORACLE", "WSTS_ORACLE_ONLY"
ROLES = {
    "seller": "sales_team.group_sale_salesman_all_leads",
    "manager": "sales_team.group_sale_manager",
    "accountant": "account.group_account_invoice",
    "administrator": "base.group_system",
}
# A bug, of the product or of a story.
CRASHES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    psycopg2.Error,
)
LOUD = ("odoo", "odoo.addons", "odoo.sql_db", "odoo.http")


class OracleCase(TrustedShopsCommon):
    """Plays stories of an area, each on its own, with a clock that stands still."""

    # What the names of its stories begin with, and the name of its file.
    area = ""
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
        cls._leave_out_what_is_not_compared()

    def stories(self):
        """Yield name, generator function and arguments of each story.

        Files import classes that have none.

        :rtype: iterator[tuple]
        """
        return ()

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

    def clear_services(self):
        """Forget what was told to the services, and how they are to answer."""
        self.service.reset()

    def test_stories(self):
        """Play all stories and write down what is seen."""
        only = os.environ.get(ONLY) or ""
        names, played = set(), 0
        began = api.real_perf_counter()
        with open(os.environ.get(FILE) or os.devnull, "a") as file:
            for name, tell, *args in self.stories():
                name = f"{self.area}: {name}"
                self.assertNotIn(name, names)
                names.add(name)
                if only in name:
                    line = {"story": name, "steps": self.play(name, tell, *args)}
                    json.dump(line, file, indent=1, sort_keys=True, ensure_ascii=False)
                    file.write("\n")
                    played += 1
        seconds = api.real_perf_counter() - began
        print(f"figures: {type(self).__name__}: {played} stories in {seconds:.0f} s")

    def play(self, name, tell, *args):
        """Play one story; nothing of it is left afterwards.

        :param str name: seed of ``self.dice``
        :param tell: generator function, see this file's head
        :param args: of the function
        :return: of each step its words, what came of it, and what is seen then
        :rtype: list[dict]
        """
        self.story = name
        self.dice = random.Random(name)
        self.watched = {}
        self.clear_services()
        self.clock.move_to(START)
        outer, self._cleanups = self._cleanups, []
        try:
            with mute_logger(*LOUD), self.undone():
                return list(self._play_steps(tell(*args)))
        finally:
            self.doCleanups()
            self._cleanups = outer

    @contextmanager
    def undone(self):
        """Undo what is done meanwhile, in the database and in memory.

        Compiled pages stay in memory, no story changes one.
        """
        self.env.flush_all()
        savepoint = Savepoint(self.cr)
        try:
            yield
        finally:
            self.cr.clear()
            self.cr.postcommit.clear()
            savepoint.close()
            self.registry.clear_cache()

    @contextmanager
    def prepared(self, prepare, *args):
        """Have the stories that are played meanwhile begin after a preparation.

        :param prepare: method that brings something into a state
        :param args: of the method
        :return: what the method returned
        """
        self.clear_services()
        self.clock.move_to(START)
        self.dice = random.Random(prepare.__name__)
        with mute_logger(*LOUD), self.undone():
            result = prepare(*args)
            self.env.flush_all()
            self.env.invalidate_all()
            self.moment = datetime.now()
            yield result

    def go_on(self, **watched):
        """Begin a story at the moment at which its preparation ended.

        :param watched: records of models that the adapter knows, by what the story
            calls them
        """
        self.clear_services()
        self.clock.move_to(self.moment)
        self.watched.update(watched)

    def _play_steps(self, story):
        """Yield what came of each step of a story."""
        result = None
        while True:
            try:
                words, work = story.send(result)
            except StopIteration:
                return
            except CRASHES as error:
                print(f"figures: broke off: {self.story}: {error!r}"[:300])
                yield {"step": "the story breaks off", "seen": {}}
                return
            result, outcome = self._do(work)
            self.env.flush_all()
            self.env.invalidate_all()
            yield {"step": words, **outcome, "seen": self.look()}

    def _do(self, work):
        """Return what a step returned, and what it came to, or what people saw."""
        try:
            with self.env.cr.savepoint():
                result = work()
        except UserError as error:
            refused = type(error).__name__
            return None, {"refused": refused, "told": adapter.read(str(error))}
        except CRASHES as error:
            print(f"figures: crashed: {self.story}: {error!r}"[:300])
            return None, {"crashed": type(error).__name__}
        if isinstance(result, dict) and "params" in result:
            shown = result["params"]
            return result, {"shown": [shown["type"], adapter.read(shown["message"])]}
        return result, {}
