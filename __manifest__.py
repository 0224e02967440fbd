# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The manifest of the main addon, for whoever imports or executes this file.

It is no literal: Odoo reads manifests with ``ast.literal_eval`` and passes over a
folder whose file is none. This one holds addons and is none itself: with a literal here
it would count as an addon that is broken, where it lies beside other addons.
"""

import ast
from pathlib import Path

MAIN = Path(__file__).resolve().with_name("website_sale_trustedshops")
manifest = ast.literal_eval((MAIN / "__manifest__.py").read_text())
