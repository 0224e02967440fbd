# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Bring a database of an older version up to date, all addons loaded."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    note_purchases(env)
    keep_choices(env)


def note_purchases(env):
    """Note for which purchase each choice in a cart was made."""
    domain = [("state", "=", "selected"), ("partner_id", "=", False)]
    for protection in env["trustedshops.protection"].search(domain):
        order = protection.order_id
        protection.write(
            {
                "partner_id": order.partner_id.id,
                "order_amount": order._trustedshops_get_amount_to_protect(),
            }
        )


def keep_choices(env):
    """Keep what people chose on certificates: now it is what differs from proposals.

    The column is that of the field before, which was stored.
    """
    env.cr.execute("SELECT id, manual_fields FROM trustedshops_certificate")
    for certificate_id, manual_fields in env.cr.fetchall():
        certificate = env["trustedshops.certificate"].browse(certificate_id)
        proposed = dict(certificate.proposed_values or {})
        chosen = set(manual_fields or ()) - set(certificate.manual_fields or ())
        if "badge_shown" in chosen:
            proposed["badge_shown"] = not certificate.badge_shown
        if "protection_model" in chosen:
            is_none = certificate.protection_model == "none"
            proposed["protection_model"] = "classic" if is_none else "none"
        if certificate.state == "draft" and "website_id" not in (manual_fields or ()):
            proposed.setdefault("website_id", certificate.website_id.id)
        certificate.proposed_values = proposed
