# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reads options of the Trustbadge from a script that a merchant pasted.

The script is neither run nor kept: the result has only values from fixed lists.
Source: parser and editor of Trusted Shops' own connector.
"""

import re

from lxml import etree, html

from .ts_id import normalize_ts_id

# Characters. The longest scripts of Trusted Shops have about 1500.
MAX_LENGTH = 20_000

# Pixels, as Trusted Shops clamps them.
OFFSETS_DESKTOP = range(-54, 1000)
OFFSETS_MOBILE = range(-10, 1000)

_ON = {"true": True, "false": False}
_OFF = {"true": False, "false": True}
# By attribute: the option, and its values by text, or as a range of pixels.
ATTRIBUTES = {
    "data-desktop-position": ("position_desktop", {"left": "left", "right": "right"}),
    "data-mobile-position": (
        "position_mobile",
        {"left": "left", "right": "right", "center": "center"},
    ),
    "data-desktop-y-offset": ("offset_desktop", OFFSETS_DESKTOP),
    "data-mobile-y-offset": ("offset_mobile", OFFSETS_MOBILE),
    "data-desktop-disable-reviews": ("reviews_desktop", _OFF),
    "data-mobile-disable-reviews": ("reviews_mobile", _OFF),
    "data-desktop-enable-fadeout": ("fade_out_desktop", _ON),
    "data-mobile-enable-fadeout": ("fade_out_mobile", _ON),
    "data-disable-mobile": ("on_phones", _OFF),
    "data-disable-trustbadge": ("shown", _OFF),
    "data-color-scheme": (
        "color_scheme",
        {"light": "light", "dark": "dark", "os-default": "os-default"},
    ),
}
_NUMBER = re.compile(r"([+-]?\d{1,9})(\.\d{1,9})?\s*(px)?")
# Widgets have ids of their own, in an element beside a script.
_WIDGET_ID = re.compile(
    r"wdg-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f-])", re.IGNORECASE
)
# Characters that XML cannot contain, or that no script needs.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def find_badge_options(text, ts_id):
    """Return the options that a pasted Trustbadge script sets.

    :param str text: what was pasted
    :param str ts_id: Trusted Shops ID of the certificate, which the address of the
        script must name
    :return: value by option, see ``ATTRIBUTES``; without unknown attributes and values
    :rtype: dict
    """
    options = {}
    for script in _find_scripts(text):
        if _names_id(script.get("src"), ts_id):
            for name, value in script.items():
                options |= _read_option(name, value.strip().lower())
    return options


def find_widget_id(text):
    """Return the id of the one widget that a text names.

    :param str text: code of the widget, or its id alone
    :return: '' when it names none, or several
    :rtype: str
    """
    found = {each.lower() for each in _WIDGET_ID.findall(text)}
    return found.pop() if len(found) == 1 else ""


def _find_scripts(text):
    """Return the script elements of a text; none if it is too long or not HTML."""
    if len(text) > MAX_LENGTH or "<script" not in text.lower():
        return []
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    try:
        text = _CONTROLS.sub(" ", text)
        return html.document_fromstring(text.encode(), parser=parser).iter("script")
    except (etree.LxmlError, ValueError):
        return []


def _names_id(source, ts_id):
    """Return True if the address of a script contains this Trusted Shops ID alone."""
    try:
        return normalize_ts_id(source) == ts_id
    except ValueError:
        return False


def _read_option(name, value):
    """Return the value of an attribute by its option, {} if one of them is unknown.

    Numbers beyond the range are limited to it, as Trusted Shops does.
    """
    option, allowed = ATTRIBUTES.get(name, ("", {}))
    if not isinstance(allowed, range):
        return {option: allowed[value]} if value in allowed else {}
    found = _NUMBER.fullmatch(value)
    number = found and max(allowed[0], min(allowed[-1], int(found.group(1))))
    return {option: number} if found else {}
