# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keeps values that users typed out of the log when the database refuses a row."""

import logging
import threading
from contextlib import contextmanager

from odoo import models


@contextmanager
def statements_not_logged():
    """Keep Odoo from logging failed SQL statements in this thread.

    ``mute_logger`` works for all threads: the first that ends would end it for the
    others.
    """
    own, logger = threading.get_ident(), logging.getLogger("odoo.sql_db")

    def is_of_others(record):
        return record.thread != own

    logger.addFilter(is_of_others)
    try:
        yield
    finally:
        logger.removeFilter(is_of_others)


class TrustedShopsUnlogged(models.AbstractModel):
    """A model whose failed statements are not logged: they quote logins and addresses.

    The database refuses rows in daily work, for example when two users press a button
    at once. The caller gets the error all the same.
    """

    _name = "trustedshops.unlogged"
    _description = "Trusted Shops"

    def _create(self, data_list):
        """Override of the framework to log no failed statement."""
        with statements_not_logged():
            return super()._create(data_list)

    def _write_multi(self, vals_list):
        """Override of the framework to log no failed statement."""
        with statements_not_logged():
            return super()._write_multi(vals_list)
