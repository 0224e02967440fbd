# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Compares address and language at Trusted Shops with those of a website."""

import re
from urllib.parse import urlsplit

import idna

MATCH = "match"
# The same language, for another region or in another script.
REGIONAL = "regional"
MISMATCH = "mismatch"
# One of the two is missing or malformed.
UNKNOWN = "unknown"

# Labels of letters, digits, hyphens and (seen in test hosts) underscores, or an
# IPv6 address.
_ASCII_HOST = re.compile(
    r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*"
    r"|[0-9a-f:.]*:[0-9a-f:.]*"
)


def match_shop_url(certificate_url, shop_url):
    """Compare the address in a certificate with that of a website.

    Compare only the hosts. Scheme, port, letter case, a leading ``www.``, the path and
    the spelling of an internationalised name do not matter. Another subdomain does.

    :param certificate_url: address in the certificate, scheme optional
    :type certificate_url: str or None
    :param shop_url: address of the website, scheme optional
    :type shop_url: str or None
    :return: ``match``, ``mismatch``, or ``unknown`` when either is not an address
    :rtype: str
    """
    hosts = [get_host(certificate_url), get_host(shop_url)]
    if not all(hosts):
        return UNKNOWN
    return MATCH if hosts[0] == hosts[1] else MISMATCH


def match_language(language, code):
    """Compare a language at Trusted Shops with one of Odoo.

    Certificates name languages without region: a German one fits a shop in Austrian
    German, but may be meant for another market.

    :param language: language of a certificate or a channel: ``de``, ``de-DE``,
        ``en_150``
    :type language: str or None or False
    :param code: code of Odoo's language: ``de``, ``de_AT``, ``sr@latin``
    :type code: str or None or False
    :return: ``match``, ``regional``, ``mismatch``, or ``unknown`` when either is not a
        language
    :rtype: str
    """
    codes = [_read_language(language), _read_language(code)]
    if not all(codes):
        return UNKNOWN
    if codes[0].group() == codes[1].group():
        return MATCH
    return REGIONAL if codes[0].group(1) == codes[1].group(1) else MISMATCH


def _read_language(code):
    """Match the code of a language; return None if it is none.

    Group 0 is the code in lower case with underscores, group 1 the language alone.
    """
    code = (code or "").strip().lower().replace("-", "_")
    if code == "en_150":  # "English, Europe" is British English
        code = "en_gb"
    # A language, then perhaps a region or a script: de, de_AT, es_419, sr@latin.
    return re.fullmatch(r"([a-z]{2,3})([_@][a-z0-9]{2,8})*", code)


def get_best(qualities):
    """Return the best of several results of :func:`match_language`.

    ``unknown`` is better than ``mismatch``.

    :param qualities: iterable of str
    :return: the best result; ``unknown`` if there is none
    :rtype: str
    """
    found = {*qualities}
    from_best = (MATCH, REGIONAL, UNKNOWN, MISMATCH)
    return next((quality for quality in from_best if quality in found), UNKNOWN)


def get_host(url):
    """Return the host of an address in comparable form: ASCII without ``www.``.

    :param url: address of a shop, scheme optional
    :type url: str or None or False
    :return: host name or IP address, without port; '' if it is not an address
    :rtype: str
    """
    url = (url or "").strip()
    # A browser reads a backslash as a slash, urlsplit as a part of the host. A text
    # with white space inside is not an address.
    if re.search(r"[\s\\\x00-\x1f]", url):
        return ""
    has_scheme = re.match(r"([a-z][a-z0-9+.-]*:)?//", url, re.IGNORECASE)
    try:
        parts = urlsplit(url if has_scheme else f"//{url}")
        _port = parts.port  # urlsplit checks it only when it is read
        host = parts.hostname or ""
        if not host.isascii():
            host = idna.encode(host, uts46=True).decode()
    except ValueError:  # idna.IDNAError is one
        return ""
    host = host.removesuffix(".")
    bare = host.removeprefix("www.")
    host = bare if "." in bare else host  # "www.example" is a shop called www
    return host if _ASCII_HOST.fullmatch(host) else ""
