# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

# The others extend what it defines.
from . import consent  # isort: skip
from . import link, suppression, text
