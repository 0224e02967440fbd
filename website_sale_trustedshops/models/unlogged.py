# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keep what people typed out of the server's log when the database refuses a row."""

import logging
import threading
from contextlib import contextmanager

from odoo import models


@contextmanager
def statements_not_logged(model):
    """Keep Odoo from logging failed statements with their values, in this thread alone.

    ``mute_logger`` is for all threads: the first that ends would end it for the others.

    :param model: statements of other models than ours are logged
    """
    if not model._name.startswith("trustedshops."):
        yield
        return
    own, logger = threading.get_ident(), logging.getLogger("odoo.sql_db")

    def is_of_others(record):
        return record.thread != own

    logger.addFilter(is_of_others)
    try:
        yield
    finally:
        logger.removeFilter(is_of_others)


class Base(models.AbstractModel):
    """Write the rows of all our models, those of other addons of ours too, unlogged.

    A row is refused in daily work, for example when two users press at once. Whoever
    asked for it gets the error all the same.
    """

    _inherit = "base"

    def _create(self, data_list):
        """Override of the framework for the rows that are created."""
        with statements_not_logged(self):
            return super()._create(data_list)

    def _write_multi(self, vals_list):
        """Override of the framework for the values that are flushed."""
        with statements_not_logged(self):
            return super()._write_multi(vals_list)
