# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Comparison of the shop address of a certificate with that of a website."""

import re
from urllib.parse import urlsplit

import idna

MATCH = "match"
MISMATCH = "mismatch"
UNKNOWN = "unknown"

# Labels of letters, digits, hyphens and (seen in test hosts) underscores, or an
# IPv6 address.
_ASCII_HOST = re.compile(
    r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*"
    r"|[0-9a-f:.]*:[0-9a-f:.]*"
)
# What makes urlsplit look for a host.
_WITH_HOST = re.compile(r"([a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
# A browser reads a backslash as a slash, urlsplit as a part of the host; white space
# inside an address means that it is none.
_FORBIDDEN = re.compile(r"[\s\\\x00-\x1f]")


def match_shop_url(certificate_url, shop_url):
    """Tell whether a certificate was issued for the address of a shop.

    Only the hosts are compared, as equal names: scheme, port, letter case, a leading
    ``www.``, a path and the spelling of an internationalised name do not matter,
    another subdomain does.

    :param str certificate_url: address in the certificate, scheme optional
    :param str shop_url: address of the website, scheme optional
    :return: ``match``, ``mismatch``, or ``unknown`` when either is no address
    :rtype: str
    """
    hosts = [_get_host(certificate_url), _get_host(shop_url)]
    if not all(hosts):
        return UNKNOWN
    return MATCH if hosts[0] == hosts[1] else MISMATCH


def _get_host(url):
    """Return the comparable host name of an address.

    :param url: address, scheme optional
    :type url: str or None
    :return: lower-case ASCII host without ``www.``, '' when there is none
    :rtype: str
    """
    url = (url or "").strip()
    if _FORBIDDEN.search(url):
        return ""
    try:
        parts = urlsplit(url if _WITH_HOST.match(url) else f"//{url}")
        _port = parts.port  # reading it is what makes urlsplit check it
        host = parts.hostname or ""
        if not host.isascii():
            host = idna.encode(host, uts46=True).decode()
    except ValueError:  # idna.IDNAError is one
        return ""
    host = host.removesuffix(".")
    bare = host.removeprefix("www.")
    host = bare if "." in bare else host  # "www.example" is a shop called www
    return host if _ASCII_HOST.fullmatch(host) else ""
