# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff and buyers read about accounts, channels, consents and reviews."""

from odoo import api, models
from odoo.tools import LazyTranslate

from odoo.addons.website_sale_trustedshops.models.messages import (
    HINT,
    OK,
    PROBLEM,
    TODO,
    Message,
)

_lt = LazyTranslate(__name__)
# By code. The sections follow the rooms of ``models/``.
MESSAGES = {
    # === ACCOUNT === #
    # === CHANNEL === #
    # === RATINGS AND REVIEWS === #
    # === WEBSITE CHECK === #
    # === CONSENT === #
    # === INVITATION === #
}


class TrustedShopsMessage(models.AbstractModel):
    _inherit = "trustedshops.message"

    @api.model
    def _get_messages(self):
        """Override of `website_sale_trustedshops` to add this addon's messages."""
        return {**super()._get_messages(), **MESSAGES}
