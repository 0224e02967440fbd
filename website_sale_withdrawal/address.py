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
    """Return an address in the one form that is shown, stored and compared.

    Refuse what Odoo would read as the address of another person, such as "max
    muster@web.de" or an encoded word.

    :param text: one address, with or without blanks around it
    :type text: str or None or bool
    :return: in small letters, the domain in ASCII (``xn--``); '' unless the text is
        exactly one address
    :rtype: str
    """
    typed = unicodedata.normalize("NFC", text or "").strip().lower()
    found = _ONE_ADDRESS.fullmatch(typed)
    if not found or not typed.isprintable():
        return ""
    local, domain = found.groups()
    domain = _get_ascii_domain(domain.rstrip("."))
    address = f"{local}@{domain}"
    # "a@b" is no address on the internet.
    return address if "." in domain and len(address) <= _MAX_LENGTH else ""


def get_first_address(text):
    """Return the first e-mail address in the field of a customer.

    :param text: for example ``A <a@example.org>; b@example.org``
    :type text: str or None or bool
    :return: as :func:`normalize_address` returns it; '' if there is none, or if Odoo
        would read it as the address of another person
    :rtype: str
    """
    stored = _STORED.fullmatch(text or "")
    return normalize_address(stored[1] or stored[2]) if stored else ""


def _get_ascii_domain(domain):
    """Return a domain in ASCII and small letters, '' if it is not valid."""
    try:
        return idna.encode(domain, uts46=True).decode()
    except ValueError:  # idna.IDNAError is one
        return domain if _ASCII_DOMAIN.fullmatch(domain) else ""
