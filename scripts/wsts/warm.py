# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A pytest plugin for tests inside Odoo: their caches, and the files that they share.

What follows from source files alone is worked out once a run.
Odoo empties its caches after each test. To compile the same templates and to list the
same assets again took a fifth of the processor time of the addons' tests. What depends
on records is still worked out anew. Workers share one filestore: none of them removes
what another may have stored.
"""

import functools


def pytest_collection_finish():
    """Keep what is pure, as soon as Odoo is there."""
    # Not before: pytest-odoo makes Odoo's addons importable.
    from odoo.addons.base.models import ir_asset, ir_attachment, ir_qweb

    ir_asset._glob_static_file = functools.cache(ir_asset._glob_static_file)
    ir_qweb.indent_code = functools.cache(ir_qweb.indent_code)
    ir_qweb.compile = functools.cache(compile)
    ir_attachment.IrAttachment._gc_file_store_unsafe = lambda self: None
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
