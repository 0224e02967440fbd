# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Finds and checks a Trusted Shops ID."""

import re
from urllib.parse import unquote

# Capital X and 32 letters or digits. There is no check digit: only the service knows
# whether an id exists. Source: Trusted Shops integration handbook; all modules.
# Inside an address or a script, no letter or digit stands directly beside it.
_TS_ID = re.compile(r"(?<![0-9A-Z])X[0-9A-Z]{32}(?![0-9A-Z])")


class TooManyIdsError(ValueError):
    """The text contains more than one id."""


def is_valid(text):
    """Return True if a text is exactly a Trusted Shops ID, in capitals.

    :param text: candidate
    :type text: str or None or bool
    :rtype: bool
    """
    return bool(_TS_ID.fullmatch(text or ""))


def normalize_ts_id(text):
    """Return the Trusted Shops ID in a text that was typed or pasted.

    The text may be the id, the address of a profile or certificate page, or the script
    that Trusted Shops gives to merchants.

    :param text: text in any case of letters
    :type text: str or None or bool
    :return: ``X`` and 32 capital letters or digits
    :rtype: str
    :raise TooManyIdsError: when there is more than one id in the text
    :raise ValueError: when there is none; the message is an English sentence
    """
    found = set(_TS_ID.findall(unquote(text or "").upper()))
    if not found:
        raise ValueError(
            "A Trusted Shops ID has 33 characters: the letter X and 32 more letters "
            "or digits"
        )
    if len(found) > 1:
        raise TooManyIdsError("The text contains more than one Trusted Shops ID")
    return found.pop()
