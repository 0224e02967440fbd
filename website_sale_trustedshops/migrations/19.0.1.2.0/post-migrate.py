# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Note for which purchase each choice in a cart was made."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    domain = [("state", "=", "selected"), ("partner_id", "=", False)]
    for protection in env["trustedshops.protection"].search(domain):
        order = protection.order_id
        protection.write(
            {
                "partner_id": order.partner_id.id,
                "order_amount": order._trustedshops_get_amount_to_protect(),
            }
        )
