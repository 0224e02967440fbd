# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A pytest plugin: what Odoo compiles for its templates is compiled once a run.

Odoo empties its caches after each test, and compiling the same templates again took
a seventh of the processor time of the addons' tests. Only what follows from the
source alone is kept: the Python of an expression, and the code of that Python.
"""

import functools


def pytest_collection_finish():
    """Keep what follows from the source, as soon as Odoo is there."""
    # Not before: pytest-odoo makes Odoo's addons importable.
    from odoo.addons.base.models import ir_qweb

    ir_qweb.compile = functools.cache(compile)
    ir_qweb.IrQweb._compile_expr = _keep_by_source(ir_qweb.IrQweb._compile_expr)


def _keep_by_source(compile_expr):
    """Return the method, which compiles each expression once."""
    kept = {}

    @functools.wraps(compile_expr)
    def _compile_expr(self, expr, raise_on_missing=False):
        source = expr, raise_on_missing
        if source not in kept:
            kept[source] = compile_expr(self, expr, raise_on_missing)
        return kept[source]

    return _compile_expr
