# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

# The others extend what it defines.
from . import review  # isort: skip
from . import grade, reading, reply, stars
