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
from pathlib import Path
from unittest.mock import patch

import psycopg2
from freezegun import api, freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.sql_db import BaseCursor, Savepoint
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.website_sale_trustedshops.tests.common import TrustedShopsCommon

from wsts.oracle_words import compare, read

from . import adapter

START = datetime(2026, 11, 2, 10, 0)
# The file that gets a line for each story; of the stories, only those whose name
# contains a text, and of these each n-th.
FILE, ONLY, EVERY = "WSTS_ORACLE", "WSTS_ORACLE_ONLY", "WSTS_ORACLE_EVERY"
# How they ended before: then the first that ends otherwise is the last one played.
UNTIL = "WSTS_ORACLE_UNTIL"
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


class NothingThere(UserError):
    """What a step works on is not there."""


class OracleCase(TrustedShopsCommon):
    """Plays stories of an area, each on its own, with a clock that stands still."""

    # What the names of its stories begin with, and the name of its file.
    area = ""
    test_module = "website_sale_trustedshops"
    # Whether what Odoo keeps in memory stays between stories while nothing is said to
    # change it: twice as fast, and wrong where a story changes what is kept by a time.
    keeps_caches = False
    to_prepare = None
    is_over = False

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
        cls.has_cleared = False
        cls._note_cleared_caches()
        adapter.begin(cls)

    @classmethod
    def _note_cleared_caches(cls):
        """Note whenever something is cleared of what Odoo keeps in memory."""
        clear = cls.registry.clear_cache

        def note(*names):
            cls.has_cleared = True
            clear(*names)

        cls.startClassPatcher(patch.object(cls.registry, "clear_cache", note))

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

    def need(self, record):
        """Return a record; a step that finds none is over, and says so.

        :raise NothingThere: when there is none
        """
        if not record:
            raise NothingThere("")
        return record

    def test_stories(self):
        """Play all stories and write down what is seen."""
        before = read(Path(os.environ[UNTIL])) if os.environ.get(UNTIL) else None
        every = int(os.environ.get(EVERY) or 1)
        only = os.environ.get(ONLY) or ""
        self.names = set()
        began, played = api.real_perf_counter(), 0
        with open(os.environ.get(FILE) or os.devnull, "a") as file:
            for number, (name, tell, *args) in enumerate(self.stories()):
                name = f"{self.area}: {name}"
                self.assertNotIn(name, self.names)
                self.names.add(name)
                if self.is_over or only not in name or number % every:
                    continue
                line = {"story": name, "steps": self.play(name, tell, *args)}
                text = json.dumps(line, sort_keys=True)
                file.write(f"{text}\n")
                played += 1
                if before:
                    after = {name: json.loads(text)["steps"]}
                    known = {name: before[name]} if name in before else {}
                    OracleCase.is_over = bool(compare(known, after))
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
        if self.to_prepare:
            self._prepare_now()
        self.story = name
        self.dice = random.Random(name)
        self.watched = {}
        self._begin_anew()
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

        Between its stories an area can prepare in it what several of them begin with,
        see :meth:`prepare`.
        """
        self.env.flush_all()
        savepoint = Savepoint(self.cr)
        before, type(self).has_cleared = self.has_cleared, False
        try:
            yield
        finally:
            self.to_prepare = None  # of what is over, if no story of it was played
            self.cr.clear()
            self.cr.postcommit.clear()
            savepoint.close()
            if self.has_cleared or not self.keeps_caches:
                self.registry.clear_all_caches()
            type(self).has_cleared |= before

    def prepare(self, work, *args):
        """Have something done that several stories begin with, before the first.

        :param work: called with the arguments, at the time at which stories begin
        """
        self.to_prepare = lambda: work(*args)

    def _prepare_now(self):
        """Do what the next stories begin with."""
        work, self.to_prepare = self.to_prepare, None
        self.story = "preparing"
        self._begin_anew()
        with mute_logger(*LOUD):
            work()
            self.env.flush_all()

    def _begin_anew(self):
        """Set clock and service to how every story finds them."""
        self.service.reset()
        self.clock.move_to(START)

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
        """Return what a step returned, and what it came to if it was refused."""
        try:
            with self.env.cr.savepoint():
                return work(), {}
        except NothingThere:
            return None, {"refused": "nothing there"}
        except UserError as error:
            refused = type(error).__name__
            return None, {"refused": refused, "told": adapter.read(str(error))}
        except CRASHES as error:
            print(f"figures: crashed: {self.story}: {error!r}"[:300])
            return None, {"crashed": type(error).__name__}
