# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import ValidationError

from .. import const
from .suppression import parse_keys


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.constrains("key", "value")
    def _check_trustedshops_keys(self):
        """Refuse keys without which nobody can tell who must not be invited."""
        for parameter in self.filtered(lambda each: each.key == const.KEYS_PARAMETER):
            try:
                parse_keys(parameter.value)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "Keys look like 1:0a1b 2:2c3d, each a number and hexadecimal"
                        " digits. Add new ones at the end, and keep the old ones."
                    )
                ) from error
