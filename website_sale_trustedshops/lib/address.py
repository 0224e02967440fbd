# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Normalizes e-mail addresses, so that all spellings of one address are equal."""

import re
import unicodedata

import idna

# Without encoded words ("=?utf-8?q?z=69el?="), which mail programs decode.
_ONE_ADDRESS = re.compile(
    r"(?!.*=\?)([^\s<>,;:\"()\[\]@\\]+)@([^\s<>,;:\"'()\[\]@\\]+)"
)


def normalize_address(text):
    """Return an address in the form in which we store and compare it.

    Refuse texts such as "max muster@web.de" and encoded words: Odoo would read the
    address of another person in them.

    Lower-case the part before the at sign as well: hardly any mail server cares about
    capitals there, and a withdrawn consent must be found in any spelling.

    :param text: one address, with or without blanks around it
    :type text: str or None or bool
    :return: lower case, the domain in ASCII (``xn--``); '' if the text is not exactly
        one address of at most 254 characters
    :rtype: str
    """
    typed = unicodedata.normalize("NFC", text or "").strip().lower()
    found = _ONE_ADDRESS.fullmatch(typed)
    if not found or not typed.isprintable():
        return ""
    local, domain = found.groups()
    domain = _get_ascii_domain(domain.rstrip("."))
    address = f"{local}@{domain}"
    # "a@b" is no address on the internet, and a longer one receives no mail.
    # Source: RFC 5321, 4.5.3.1.3
    return address if "." in domain and len(address) <= 254 else ""


def get_first_email(text):
    """Return the first e-mail address in a text that a customer typed.

    Refuse texts in which Odoo would read the address of another person, who would then
    get the guarantee.

    :param text: for example ``A <a@example.org>; b@example.org``
    :type text: str or None or bool
    :return: result of :func:`normalize_address`; '' if the text does not begin with an
        address
    :rtype: str
    """
    one = r"[^\s<>,;@]+@[^\s<>,;@]+"
    listed = rf"\s*(?:[^<>@]*<({one})>|({one}))\s*(?:[,;].*)?"
    typed = re.fullmatch(listed, text or "", re.DOTALL)
    return normalize_address(typed[1] or typed[2]) if typed else ""


def get_spellings(address):
    """Return the spellings in which Odoo may have stored a normalized address.

    :param str address: result of :func:`normalize_address`
    :return: the address; also with its domain in Unicode, if that differs
    :rtype: list[str]
    """
    local, _at, domain = address.rpartition("@")
    try:
        readable = f"{local}@{idna.decode(domain)}"
    except ValueError:  # idna.IDNAError is one
        return [address]
    return list(dict.fromkeys([address, readable]))


def _get_ascii_domain(domain):
    """Return a domain in lower-case ASCII, '' if it is not a domain."""
    try:
        return idna.encode(domain, uts46=True).decode()
    except ValueError:  # idna.IDNAError is one
        # IDNA refuses some that receive mail: "ab--cd.de", "b_c.de".
        labels = domain.split(".")
        label = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
        return domain if all(re.fullmatch(label, each) for each in labels) else ""
