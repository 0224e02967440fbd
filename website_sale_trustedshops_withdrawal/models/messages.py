# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages about withdrawals for staff."""

from odoo import api, models
from odoo.tools import LazyTranslate

from odoo.addons.website_sale_trustedshops.models.messages import TODO, Message

_lt = LazyTranslate(__name__)
MESSAGES = {
    # A problem once the money is late.
    "withdrawal_open": Message(
        TODO, _lt("Open for %(days)s days: the money has to be back by %(date)s.")
    ),
}


class TrustedShopsMessage(models.AbstractModel):
    _inherit = "trustedshops.message"

    @api.model
    def _get_messages(self):
        """Override of `website_sale_trustedshops` to add this addon's messages."""
        return {**super()._get_messages(), **MESSAGES}
