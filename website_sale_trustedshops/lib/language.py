# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Comparison of the language of a certificate with that of a website."""

import re

MATCH = "match"
REGIONAL = "regional"
MISMATCH = "mismatch"
UNKNOWN = "unknown"

# A language, then perhaps a region or a script: de, de_AT, es_419, sr@latin.
_CODE = re.compile(r"([a-z]{2,3})([_@][a-z0-9]{2,8})*")


def match_language(certificate_language, iso_code):
    """Tell whether a certificate was issued for a language of a website.

    Trusted Shops names languages without region, so a shop in Austrian German fits
    a German certificate, but whether it is meant for that market only a person knows.

    :param certificate_language: ISO 639-1 code in the certificate
    :type certificate_language: str or None
    :param iso_code: code of Odoo's language: ``de``, ``de_AT``, ``sr@latin``
    :type iso_code: str or None or False
    :return: ``match``, ``regional`` (same language, another region or script),
        ``mismatch``, or ``unknown`` when either is no language
    :rtype: str
    """
    codes = [_normalize(certificate_language), _normalize(iso_code)]
    bases = [_CODE.fullmatch(code) for code in codes]
    if not all(bases):
        return UNKNOWN
    if codes[0] == codes[1]:
        return MATCH
    return REGIONAL if bases[0].group(1) == bases[1].group(1) else MISMATCH


def _normalize(code):
    """Return the comparable spelling of a code.

    :param code: code of a language
    :type code: str or None or False
    :rtype: str
    """
    return (code or "").strip().lower().replace("-", "_")
