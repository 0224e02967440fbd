# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stories that begin where one preparation ends, which is played once for all."""

import random
from contextlib import contextmanager
from datetime import datetime

from odoo.tools import mute_logger

from . import adapter
from .case import LOUD, START, OracleCase


class BranchingCase(OracleCase):
    """Plays stories from states that cost time to come to."""

    keeps_caches = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._leave_out_what_is_not_compared()

    def clear_services(self):
        """Forget what was told to the services, and how they are to answer."""
        self.service.reset()

    @contextmanager
    def undone(self):
        """Override: compiled pages stay in memory, no story changes one."""
        with super().undone():
            try:
                yield
            finally:
                type(self).has_cleared = False
        self.registry.clear_cache()

    def _do(self, work):
        """Override to note what a person is shown, too."""
        result, outcome = super()._do(work)
        if isinstance(result, dict) and "params" in result:
            shown = result["params"]
            outcome["shown"] = [shown["type"], *adapter.read(shown["message"])]
        return result, outcome

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
