# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import secrets

from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.website_sale_trustedshops.framework import get_parameter, set_parameter

# System parameters with keys: "1:<hexadecimal> 2:<...>". The first ones hash addresses.
# The others sign links in mails; they must not sign anything that a user chose.
ADDRESS_KEYS = "website_sale_trustedshops_reviews.hmac_keys"
LINK_KEYS = "website_sale_trustedshops_reviews.link_keys"
KEY_PARAMETERS = (ADDRESS_KEYS, LINK_KEYS)


def parse_keys(text):
    """Return keys by version.

    :param str text: ``1:<hexadecimal> 2:<...>``, each version below a billion
    :rtype: dict[int, bytes]
    :raise ValueError: if it is anything else
    """
    pairs = [pair.partition(":") for pair in text.split()]
    keys = {int(version): bytes.fromhex(key) for version, _, key in pairs}
    if not keys or not all(keys.values()) or not all(0 < n < 10**9 for n in keys):
        raise ValueError
    return keys


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model
    def _trustedshops_get_keys(self, name):
        """Return the keys in a parameter, the newest first; create the first key.

        Do not use the secret of the database: it changes when a database is copied, so
        suppressed addresses would be invited again and links in mails would break. To
        add a key, an administrator appends a new version after a blank. The old keys
        must stay, because Odoo needs them to recognize old hashes and links.

        :param str name: one of ``KEY_PARAMETERS``
        :return: by version
        :rtype: dict[int, bytes]
        """
        stored = get_parameter(self.env, name)
        if not stored:
            stored = f"1:{secrets.token_hex(32)}"
            set_parameter(self.env, name, stored)
        return dict(sorted(parse_keys(stored).items(), reverse=True))

    @api.constrains("key", "value")
    def _check_trustedshops_keys(self):
        """Refuse malformed keys, which could recognize no address and no link."""
        for parameter in self.filtered(lambda each: each.key in KEY_PARAMETERS):
            try:
                parse_keys(parameter.value)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "Keys look like 1:0a1b 2:2c3d, each a number and hexadecimal"
                        " digits. Add new ones at the end, and keep the old ones."
                    )
                ) from error
