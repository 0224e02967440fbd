# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Log a failure that must not stop other work, and explain it to people."""

import logging
import re
import threading
from contextlib import contextmanager

import psycopg2

from odoo.tools import LazyTranslate

from ..lib.exceptions import MisconfiguredError

_lt = LazyTranslate(__name__)
# Why a call brought no result, in words for users; the log has those for developers.
NOT_SENT = _lt("what was entered cannot be sent")
UNREACHED = _lt("no connection")
REFUSED = _lt("it refused the call")
SERVER_ERROR = _lt("its server reports an error")
UNANSWERED = _lt("no usable answer")
# The same, by a part of the technical sentence that some rows store.
WORDS = {
    "could not be reached": UNREACHED,
    "could not be verified": _lt("its certificate could not be verified"),
    "no complete answer": UNANSWERED,
    "makes no sense": UNANSWERED,
    "that is too large": UNANSWERED,
}
# An HTTP status, and the text that the service sent with it.
_STATUS = re.compile(r"HTTP status (\d+)(?:: (.+))?", re.DOTALL)


def explain_error(env, error):
    """Return in plain words why a call brought no result.

    :param env: environment with the language of the reader
    :param TrustedShopsError error: from the client
    :rtype: str
    """
    if words := _explain_status(error.status or 0):
        return env._(words)
    if isinstance(error, MisconfiguredError):
        return env._(NOT_SENT)
    return env._(UNANSWERED if getattr(error, "maybe_sent", True) else UNREACHED)


def explain_trouble(env, sentence):
    """Return in plain words what a stored technical sentence means.

    :param env: environment with the language of the reader
    :param sentence: technical sentence of an error, or what the service said
    :type sentence: str or bool
    :return: the words of Trusted Shops if the sentence quotes them
    :rtype: str
    """
    sentence = sentence or ""
    words = next((words for part, words in WORDS.items() if part in sentence), None)
    if not words and (found := _STATUS.search(sentence)):
        if found[2]:
            return found[2]
        words = _explain_status(int(found[1])) or UNANSWERED
    return env._(words) if words else sentence


def _explain_status(status):
    """Return what an HTTP status means for people, None when it is no error."""
    if status >= 500:
        return SERVER_ERROR
    return REFUSED if status >= 400 else None


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


@contextmanager
def not_logged(name):
    """Mute a logger for this thread.

    The log of a failed statement would contain the values of a row.

    :param str name: of the logger
    """
    own, logger = threading.get_ident(), logging.getLogger(name)

    def is_of_others(record):
        return record.thread != own

    logger.addFilter(is_of_others)
    try:
        yield
    finally:
        logger.removeFilter(is_of_others)
