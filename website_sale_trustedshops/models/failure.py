# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Log a failure that must not stop other work, and find the code that tells it."""

import re

import psycopg2

from ..lib.exceptions import MisconfiguredError

BUG, LOST = "bug", "lost"
# Codes of the messages that begin with ``trouble_``.
TROUBLES = (
    *(BUG, LOST, "not_sent", "unreached", "unverified", "refused", "server_error"),
    "unanswered",
)
# The code for a part of the technical sentence that some rows store.
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
    """Return the code of what went wrong with a call.

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
    """Split what is stored of a trouble into its code and what the service said.

    :param stored: one of ``TROUBLES``, technical sentence of an error, or what the
        service said
    :type stored: str or bool
    :return: code, or '', and the words of Trusted Shops, or ''
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
    """Return the trouble that a technical sentence means, None if it is not known."""
    found = (code for part, code in CODE_BY_PART.items() if part in sentence)
    return next(found, None)


def _get_status_trouble(status):
    """Return the trouble that an HTTP status means, None when it is no error."""
    if status >= 500:
        return "server_error"
    return "refused" if status >= 400 else None


def log_failure(logger, error, text, *words):
    """Log an error with its traceback, but without the values of a row.

    When the database refuses a row, its error quotes addresses and texts of buyers.

    :param logging.Logger logger: of the module where it happened
    :param Exception error: what happened
    :param str text: what failed, with a placeholder for each word
    :param words: names or ids of records
    """
    if isinstance(error, psycopg2.Error):
        logger.error(f"{text}: %s", *words, error.diag.message_primary)
    else:
        logger.error(text, *words, exc_info=error)
