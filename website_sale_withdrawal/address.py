# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Normalizes e-mail addresses, so that all spellings of one mailbox are equal."""

import re
import unicodedata

import idna

# Without encoded words ("=?utf-8?q?z=69el?="), which mail programs decode.
_ONE_ADDRESS = re.compile(
    r"(?!.*=\?)([^\s<>,;:\"()\[\]@\\]+)@([^\s<>,;:\"'()\[\]@\\]+)"
)
# One address or a list, as shops store it with a customer; the first one counts.
_STORED = re.compile(
    r"\s*(?:[^<>@]*<([^\s<>,;@]+@[^\s<>,;@]+)>|([^\s<>,;@]+@[^\s<>,;@]+))"
    r"\s*(?:[,;].*)?",
    re.DOTALL,
)
# Names that IDNA refuses, although they receive mail: "ab--cd.de", "b_c.de".
_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_ASCII_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*")

# A longer address receives no mail. Source: RFC 5321, 4.5.3.1.3
_MAX_LENGTH = 254


def normalize_address(text):
    """Return an address in the form in which we show, store and count it.

    Odoo makes another person's address of "max muster@web.de" or of an encoded word:
    that is refused.

    :param text: one address, with or without blanks around it
    :type text: str or None or bool
    :return: small letters, the domain in ASCII (``xn--``); '' when it is not exactly
        one address
    :rtype: str
    """
    typed = unicodedata.normalize("NFC", text or "").strip().lower()
    found = _ONE_ADDRESS.fullmatch(typed)
    if not found or not typed.isprintable():
        return ""
    local, domain = found.groups()
    domain = _get_ascii_domain(domain.rstrip("."))
    address = f"{local}@{domain}"
    return address if domain and len(address) <= _MAX_LENGTH else ""


def get_first_address(text):
    """Return the first e-mail address of what is stored with a customer.

    :param text: for example ``A <a@example.org>; b@example.org``
    :type text: str or None or bool
    :return: as :func:`normalize_address` returns it; '' when there is none, or Odoo
        would make another person's address of it
    :rtype: str
    """
    stored = _STORED.fullmatch(text or "")
    return normalize_address(stored[1] or stored[2]) if stored else ""


def _get_ascii_domain(domain):
    """Return a domain in ASCII and small letters, '' when it is no domain."""
    try:
        return idna.encode(domain, uts46=True).decode()
    except ValueError:  # idna.IDNAError is one
        return domain if _ASCII_DOMAIN.fullmatch(domain) else ""
