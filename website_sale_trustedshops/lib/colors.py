# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reads colours that users chose, and picks a text colour that is readable on them."""

import re

_PART = r"\s*(\d{1,3})\s*"
_RGB = re.compile(rf"rgba?\({_PART},{_PART},{_PART}(?:,\s*([01]|[01]?\.\d+)\s*)?\)")


def is_color(text):
    """Return True if a text is a colour: ``#`` and three or six hexadecimal digits.

    :param str text: candidate
    :rtype: bool
    """
    return bool(re.fullmatch(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", text))


def read_color(text):
    """Return the parts of a colour in one of the forms that the website builder stores.

    :param str text: ``#rgb``, ``#rrggbb``, ``#rrggbbaa``, ``rgb(…)`` or ``rgba(…)``
    :return: red, green and blue from 0 to 255, and alpha from 0 to 1; None if the text
        is not a colour
    :rtype: tuple or None
    """
    if match := _RGB.fullmatch(text):
        *parts, alpha = match.groups()
        return (*map(int, parts), float(alpha or 1))
    # The website builder also stores colours with their opacity.
    if not is_color(text) and not re.fullmatch("#[0-9a-fA-F]{8}", text):
        return None
    digits = text[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue, alpha = bytes.fromhex(digits.ljust(8, "f"))
    return red, green, blue, alpha / 255


def get_text_color(background):
    """Return the colour in which text is readable on a background.

    :param str background: a colour, see :func:`read_color`
    :return: ``#000000`` or ``#ffffff``; '' if the background is not a colour, or more
        than half transparent
    :rtype: str
    """
    *parts, alpha = read_color(background) or (0, 0)
    if alpha < 0.5:
        return ""
    red, green, blue = (_to_linear(part / 255) for part in parts)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    # Here black and white have the same contrast. Source: WCAG 2.2.
    return "#000000" if luminance > 0.179 else "#ffffff"


def _to_linear(value):
    """Convert a part of an sRGB colour to linear light; both are from 0 to 1."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
