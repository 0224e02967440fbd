# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Logs failures that must not stop other work, and has the codes that records store."""

import psycopg2

# What rows store after a failure without an error of a client, see its ``trouble``.
BUG, LOST = "bug", "lost"


def log_failure(logger, error, text, *words):
    """Log an error with its traceback; of an error of the database, its message only.

    When the database refuses a row, the rest of its error quotes addresses and texts of
    buyers.

    :param logging.Logger logger: of the module where it happened
    :param Exception error: the error
    :param str text: what failed, with a placeholder for each word
    :param words: names or ids of records
    """
    if isinstance(error, psycopg2.Error):
        logger.error(f"{text}: %s", *words, error.diag.message_primary)
    else:
        logger.error(text, *words, exc_info=error)
