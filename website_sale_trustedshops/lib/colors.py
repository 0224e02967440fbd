# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reads colours that users chose, and picks a text colour that is readable on them."""

import re

_PART = r"\s*(\d{1,3})\s*"
_RGB = re.compile(rf"rgba?\({_PART},{_PART},{_PART}(?:,\s*([01]|[01]?\.\d+)\s*)?\)")


def is_color(text):
    """Return True if a text is a colour that may be used in a style.

    :param str text: candidate
    :rtype: bool
    """
    return bool(re.fullmatch(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", text))


def read_color(text):
    """Return the parts of a colour that may be used in a style.

    :param str text: candidate, as the website builder stores it
    :return: red, green and blue up to 255, and alpha; None if it is no colour
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


def pick_text_color(background):
    """Return the colour of text on a background: black or white.

    :param str background: a colour, see :func:`read_color`
    :return: '' without a colour, or when the page shows through it
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
    """Return the linear light of a part of a colour; both are from 0 to 1."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
