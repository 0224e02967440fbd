# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What random tests throw their dice with, and how much they do.

``scripts/test --seed N`` throws the dice anew.
"""

import os
import random

SEED = int(os.environ.get("WSTS_SEED", "1"))


def make_dice(name):
    """Return random numbers that are the same for the same seed and name.

    :param str name: of the test
    :rtype: random.Random
    """
    return random.Random(f"{SEED} {name}")


def choose_size(full, long):
    """Return how much a random test does in this run.

    :param full: usually
    :param long: with ``--long``
    """
    return long if os.environ.get("WSTS_RING") == "long" else full
