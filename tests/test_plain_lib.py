# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The lib folders of the addons are plain Python."""

import ast

import pytest

from wsts.machine import ROOT

LIB = "odoo.addons.website_sale_trustedshops.lib"


def get_imports(path):
    """Return the modules that a file imports, with dots before relative ones."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


@pytest.mark.parametrize("addon", sorted(ROOT.glob("website_sale_trustedshops*/lib")))
def test_lib_imports_nothing_of_odoo_but_lib(addon):
    foreign = {
        f"{path.name}: {name}"
        for path in addon.glob("*.py")
        for name in get_imports(path)
        if name.startswith("..")
        or (name.split(".")[0] == "odoo" and not f"{name}.".startswith(f"{LIB}."))
    }
    assert foreign == set()
