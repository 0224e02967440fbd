# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keeps values that users typed out of the log when the database refuses a row."""

import logging
import threading
from contextlib import contextmanager

from odoo import models


@contextmanager
def statements_not_logged(model):
    """Keep Odoo from logging failed SQL statements of our models, in this thread.

    ``mute_logger`` works for all threads: the first that ends would end it for the
    others.

    :param model: recordset; do nothing if it is not of one of our models
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
    """Keeps failed statements out of the log, for our models in all our addons.

    The database refuses rows in daily work, for example when two users press a button
    at once. The caller gets the error all the same.
    """

    _inherit = "base"

    def _create(self, data_list):
        """Override of the framework to create records of our models.

        Failed statements are not logged.
        """
        with statements_not_logged(self):
            return super()._create(data_list)

    def _write_multi(self, vals_list):
        """Override of the framework to flush values of our models.

        Failed statements are not logged.
        """
        with statements_not_logged(self):
            return super()._write_multi(vals_list)
