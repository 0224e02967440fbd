# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the clients say about a call that failed, in words for people."""

import re

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

_STATUS = re.compile(r"HTTP status (\d+)(?:: (.+))?", re.DOTALL)
# By words of the technical sentences, which are stored and logged as they are.
WORDS = {
    "could not be reached": _lt("no connection"),
    "could not be verified": _lt("its certificate could not be verified"),
    "no complete answer": _lt("no usable answer"),
    "makes no sense": _lt("no usable answer"),
    "that is too large": _lt("no usable answer"),
}


def explain_trouble(env, sentence):
    """Return why a call failed, in the language of the reader.

    :param env: environment of the reader
    :param sentence: technical sentence of an error, as it is stored
    :type sentence: str or bool
    :return: what Trusted Shops said, if it said something
    :rtype: str
    """
    sentence = sentence or ""
    if found := _STATUS.search(sentence):
        status, told = found.groups()
        return told or env._("error %(number)s", number=status)
    known = (words for part, words in WORDS.items() if part in sentence)
    words = next(known, None)
    return env._(words) if words else sentence
