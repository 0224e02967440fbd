# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Check of an address that shoppers are sent to."""

import re
from urllib.parse import urlsplit

# Longer ones are cut by browsers and mail programs.
MAX_LENGTH = 2000
# A browser reads a backslash as a slash; white space inside means it is no address.
_FORBIDDEN = re.compile(r"[\s\\\x00-\x1f\x7f\"<>]")


def normalize_page_url(text):
    """Return the address of a public page, as it may stand in a link.

    :param text: what was typed or pasted
    :type text: str or None
    :return: an absolute address with ``https``, '' when nothing was typed
    :rtype: str
    :raise ValueError: when it is no such address; the message is an English sentence
    """
    url = (text or "").strip()
    if not url:
        return ""
    if len(url) > MAX_LENGTH or _FORBIDDEN.search(url):
        raise ValueError("The address is too long or contains what no address does")
    parts = urlsplit(url)
    if parts.scheme != "https" or "." not in (parts.hostname or "").strip("."):
        raise ValueError("The address must begin with https:// and name a public host")
    if parts.username is not None or parts.port == 0:  # .port raises for nonsense
        raise ValueError("The address must name a host alone before its path")
    return url
