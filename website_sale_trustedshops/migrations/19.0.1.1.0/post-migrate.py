# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID, api
from odoo.fields import Domain


def migrate(cr, version):
    """Bring what an earlier version stored into the shape of this one."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    note_returned_fees(env)


def note_returned_fees(env):
    """Note which fees are out of the books, and leave to people what was left to them."""
    protections = env["trustedshops.protection"]
    for protection in protections.search(
        Domain("fee_state", "in", ("refunded", "waived"))
        & Domain("state", "!=", "cancelled")
    ):
        # A credit note of everything may still be followed by another invoice.
        is_final = (
            protection.fee_state == "waived"
            or protection.state in ("rejected", "failed")
            or protection._get_own_credit_notes()
        )
        if is_final:
            if protection._get_fee_lines():
                protection.order_id._trustedshops_take_fee_off()
            protection.fee_returned_at = protection.write_date
    protections.search(
        Domain("fee_returned_at", "=", False)
        & Domain("state", "in", ("rejected", "failed"))
    ).refund_state = "blocked"
