# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)


class TrustedShopsTodo(models.AbstractModel):
    _inherit = "trustedshops.todo"

    @api.model
    def _get_todo_titles(self):
        """Override to add the titles about reviews."""
        return {
            **super()._get_todo_titles(),
            "archived": _lt("Trusted Shops: invitations wait"),
            "erased": _lt("Trusted Shops: have a buyer's data erased"),
            "failed": _lt("Trusted Shops: invitations failed"),
            "unknown": _lt("Trusted Shops: invitations without an answer"),
            "withdrawn": _lt("Trusted Shops: buyer wants no more invitations"),
        }
