# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Compare the language of a channel with those of a website."""

from odoo.addons.website_sale_trustedshops.lib.match import get_best, match_language

# Treat "English, Europe" as Odoo's British English.
_ALIASES = {"en_150": "en_GB"}


def match_locale(locale, lang_code, iso_code):
    """Return how well the locale of a channel fits a language of a website.

    :param locale: of the channel: ``de``, ``de-DE``, ``de_DE``, ``en_150``
    :type locale: str or None or False
    :param str lang_code: code of Odoo's language, always with a region
    :param str iso_code: its ISO code, for example ``de`` (of ``de_DE``) or ``de_AT``
    :return: ``match``, ``regional``, ``mismatch``, or ``unknown`` when either is no
        language
    :rtype: str
    """
    locale = (locale or "").strip().replace("-", "_")
    locale = _ALIASES.get(locale, locale)
    return get_best(match_language(locale, code) for code in (lang_code, iso_code))
