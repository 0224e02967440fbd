# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Pairs of measurements, one after the other: what slows one slows both."""

import math
import statistics


def compare(pairs):
    """Return the quotient of the first over the second of each pair.

    The tenth of the pairs that lies farthest out on either side is left out: a pair in
    which one half was interrupted by another process says nothing.
    """
    logs = sorted(math.log(first / second) for first, second in pairs)
    cut = len(logs) // 10
    kept = logs[cut : len(logs) - cut]
    middle = statistics.fmean(kept)
    error = 1.96 * statistics.stdev(kept) / math.sqrt(len(kept))
    mean, low, high = map(math.exp, (middle, middle - error, middle + error))
    return f"{mean:.3f} ({low:.3f} to {high:.3f}, {len(pairs)} pairs)", mean


def alternate(first, second, count):
    """Measure two things in turn, each first as often as the other."""
    pairs = []
    for number in range(count):
        if number % 2:
            late = second()
            pairs.append((first(), late))
        else:
            pairs.append((first(), second()))
    return pairs
