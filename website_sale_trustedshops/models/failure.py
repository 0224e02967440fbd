# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Logs failures that must not stop other work, and finds the messages about them."""

import re

import psycopg2

from ..lib.exceptions import MisconfiguredError

BUG, LOST = "bug", "lost"
# Codes of the messages that begin with ``trouble_``.
TROUBLES = (
    *(BUG, LOST, "not_sent", "unreached", "unverified", "refused", "server_error"),
    "unanswered",
)
# By a part of the technical sentence of an error, which some rows store: the code.
CODE_BY_PART = {
    "could not be reached": "unreached",
    "could not be verified": "unverified",
    "no complete answer": "unanswered",
    "makes no sense": "unanswered",
    "that is too large": "unanswered",
}
# An HTTP status, and the text that the service sent with it, unless that is a code.
_STATUS = re.compile(r"HTTP status (\d+)(?:: (?![a-z]+_[a-z_]+$)(.+))?", re.DOTALL)


def get_trouble(error):
    """Return the code of the message about a failed call.

    :param TrustedShopsError error: from the client
    :return: one of ``TROUBLES``
    :rtype: str
    """
    if code := _get_status_trouble(error.status or 0):
        return code
    if isinstance(error, MisconfiguredError):
        return "not_sent"
    is_sent = getattr(error, "maybe_sent", True)
    found = _get_sentence_trouble(str(error))
    return found or ("unanswered" if is_sent else "unreached")


def read_trouble(stored):
    """Split a stored error into the code of its message and the words of Trusted Shops.

    :param stored: one of ``TROUBLES``, technical sentence of an error, or words of the
        service
    :type stored: str or bool
    :return: code of ``TROUBLES`` and ''; or '' and the words, which may be empty
    :rtype: tuple of str
    """
    stored = stored or ""
    code = stored if stored in TROUBLES else _get_sentence_trouble(stored)
    if not code and (status := _STATUS.search(stored)):
        if status[2]:
            return "", status[2]
        code = _get_status_trouble(int(status[1])) or "unanswered"
    return (code, "") if code else ("", stored)


def _get_sentence_trouble(sentence):
    """Return the code for the technical sentence of an error, None if there is none."""
    found = (code for part, code in CODE_BY_PART.items() if part in sentence)
    return next(found, None)


def _get_status_trouble(status):
    """Return the code for an HTTP status, None if it is below 400."""
    if status >= 500:
        return "server_error"
    return "refused" if status >= 400 else None


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
