# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A picture of quotients: bars from 1, to the right what costs more."""

import math
from html import escape

# Pixels.
WIDTH, LABEL, LINE, BAR = 760, 260, 26, 8
TICKS = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
COLORS = ("#0a7c4a", "#9aa5b1")


def draw(title, rows):
    """Return an SVG picture with one or two bars for each row, on a logarithmic axis.

    :param str title: what is divided by what
    :param list[tuple] rows: label, quotient with the addons, quotient without or None
    :rtype: str
    """
    values = [value for _label, *pair in rows for value in pair if value]
    ticks = [each for each in TICKS if each <= max(values) * 2]
    place = _get_scale(ticks[0], ticks[-1])
    height = 70 + LINE * len(rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        ' font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="10" y="20" font-size="14">{escape(title)}</text>',
        *_draw_key(("with the addons", "without")),
        *_draw_axis(ticks, place, height),
    ]
    for number, row in enumerate(rows):
        parts += _draw_row(row, place, 62 + LINE * number)
    return "\n".join([*parts, "</svg>", ""])


def _get_scale(low, high):
    """Return what places a quotient on the axis."""
    room = WIDTH - LABEL - 60
    width = math.log(high / low)
    return lambda value: LABEL + room * math.log(max(value, low) / low) / width


def _draw_key(words):
    """Return what the colours mean."""
    for number, word in enumerate(words):
        left = WIDTH - 250 + 140 * number
        yield f'<rect x="{left}" y="11" width="12" height="9" fill="{COLORS[number]}"/>'
        yield f'<text x="{left + 17}" y="20">{escape(word)}</text>'


def _draw_axis(ticks, place, height):
    """Return the lines of the axis with their numbers."""
    for tick in ticks:
        left, color = f"{place(tick):.1f}", "#555" if tick == 1 else "#ddd"
        yield f'<path d="M{left} 50V{height - 8}" stroke="{color}"/>'
        yield f'<text x="{left}" y="44" text-anchor="middle" fill="#555">{tick}</text>'


def _draw_row(row, place, top):
    """Return the label of a row and its bars."""
    label, *values = row
    place_of_label = f'x="{LABEL - 10}" y="{top + 11}" text-anchor="end"'
    yield f"<text {place_of_label}>{escape(label)}</text>"
    for number, value in enumerate(values):
        if value is None:
            continue
        ends = sorted([place(1), place(value)])
        width, bar_top = max(ends[1] - ends[0], 1), top + number * (BAR + 1)
        yield (
            f'<rect x="{ends[0]:.1f}" y="{bar_top}" width="{width:.1f}" height="{BAR}"'
            f' fill="{COLORS[number]}"/>'
        )
        yield (
            f'<text x="{ends[1] + 4:.1f}" y="{bar_top + BAR}" font-size="9">'
            f"{value:.2f}</text>"
        )
