# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Odoo logs of a query that failed, without the values of some tables.

Odoo logs such a query as it was sent, and the database adds the whole row that it
refused: both at level ERROR, with passwords and addresses in them.
"""

import logging

import psycopg2

SQL_LOGGER = "odoo.sql_db"


class HideValues(logging.Filter):
    """Says that a query about certain tables failed and why, but not with what."""

    def __init__(self, tables):
        """Remember the tables.

        :param tables: their names in the database
        """
        super().__init__()
        self.tables = tables

    def filter(self, record):
        """Take query and row out of a record about one of the tables.

        :param logging.LogRecord record: of Odoo's cursor
        :return: True, for something is logged in any case
        :rtype: bool
        """
        if record.levelno >= logging.ERROR and record.args:
            query, *rest = record.args
            text = query.decode(errors="replace") if is_bytes(query) else str(query)
            for table in self.tables:
                if f'"{table}"' in text:
                    reasons = [get_reason(each) for each in rest]
                    record.args = (f"[of {table}, not shown]", *reasons)
                    break
        return True


def is_bytes(value):
    """Tell whether a query is logged as the database got it."""
    return isinstance(value, (bytes, bytearray))


def get_reason(error):
    """Return why a query failed, without the row for which it did.

    :param error: of the database, or anything else
    :rtype: str
    """
    diagnostics = getattr(error, "diag", None)
    return getattr(diagnostics, "message_primary", None) or type(error).__name__


def log_failure(logger, error, text, *args):
    """Log that something failed: with its traceback, unless that repeats a row.

    :param logging.Logger logger: of the caller
    :param Exception error: that is being handled
    :param str text: what failed, with placeholders
    :param args: for the placeholders
    """
    while error and not isinstance(error, psycopg2.Error):
        error = error.__cause__ or error.__context__
    if error:
        logger.error(f"{text}: %s", *args, get_reason(error))
    else:
        logger.exception(text, *args)


def hide_values(*tables):
    """Keep the values of tables out of what Odoo logs of queries that failed.

    :param str tables: their names in the database
    """
    logging.getLogger(SQL_LOGGER).addFilter(HideValues(tables))
