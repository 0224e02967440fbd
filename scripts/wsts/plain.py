# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The plain Python of the addons, for a process that needs no Odoo."""

import importlib
import sys
import types

from .machine import ROOT

_ADDONS = "odoo.addons"


def load(addon, module):
    """Import a module of an addon that knows neither Odoo nor a database.

    The packages above it are only folders here: an addon imports its models, and its
    tests one another, and with them all of Odoo. So no other code of this process may
    need Odoo.

    :param str addon: its folder
    :param str module: below it, for example ``lib.client`` or ``tests.test_lib_soap``
    :rtype: types.ModuleType
    """
    folders = {"odoo": ROOT / "no-odoo", _ADDONS: ROOT}
    for each in sorted(ROOT.glob("website_sale_*")):  # one uses another
        package = f"{_ADDONS}.{each.name}"
        folders |= {package: each, f"{package}.tests": each / "tests"}
    for name, folder in folders.items():
        if name not in sys.modules:
            sys.modules[name] = types.ModuleType(name)
            sys.modules[name].__path__ = [str(folder)]
    return importlib.import_module(f"{_ADDONS}.{addon}.{module}")
