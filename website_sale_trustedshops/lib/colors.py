# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Colours that a person chose, and text that stays readable on them."""

import re

_COLOR = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_BLACK, _WHITE = "#000000", "#ffffff"
# Luminance at which black and white have the same contrast. Source: WCAG 2.2.
_MIDDLE = 0.179


def is_color(text):
    """Return whether this is a colour as it may stand in a style.

    :param str text: candidate
    :rtype: bool
    """
    return bool(_COLOR.fullmatch(text))


def pick_text_color(background):
    """Return the colour of text on a background: black or white.

    :param str background: a colour, see :func:`is_color`
    :rtype: str
    """
    digits = background[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (
        _to_linear(int(digits[start : start + 2], 16) / 255) for start in (0, 2, 4)
    )
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return _BLACK if luminance > _MIDDLE else _WHITE


def _to_linear(value):
    """Return the light of a part of a colour, both from 0 to 1."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
