# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages about withdrawals for staff."""

from odoo import api, models
from odoo.tools import LazyTranslate

from odoo.addons.website_sale_trustedshops.models.messages import (
    HINT,
    PROBLEM,
    TODO,
    Message,
)

_lt = LazyTranslate(__name__)
MESSAGES = {
    "withdrawal_late": Message(
        PROBLEM, _lt("Open for long: the money has to be back by %(date)s.")
    ),
    "withdrawal_due": Message(
        TODO, _lt("Open for days: the money has to be back by %(date)s.")
    ),
    "withdrawal_of_part": Message(
        HINT,
        _lt(
            "The fee of Buyer Protection follows the policy of the certificate when all"
            " goods are credited, or the order is cancelled."
        ),
    ),
}


class TrustedShopsMessage(models.AbstractModel):
    _inherit = "trustedshops.message"

    @api.model
    def _get_messages(self):
        """Override of `website_sale_trustedshops` to add this addon's messages."""
        return {**super()._get_messages(), **MESSAGES}
