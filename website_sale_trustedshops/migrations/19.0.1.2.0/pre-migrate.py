# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID, api

# Views that are gone. Odoo removes them after all others are loaded, and a field that
# is gone, too, would make the view refuse to load that they extend.
OLD_VIEWS = (
    "badge_preview",
    "mail_layout_review_links",
    "trustedshops_certificate_view_form_badge",
    "trustedshops_certificate_view_form_badge_tools",
    "trustedshops_certificate_view_form_mail",
    "trustedshops_certificate_view_form_rating",
    "trustedshops_certificate_view_form_review",
    "trustedshops_protection_view_form_mail",
    "view_order_form_trustcard",
)


def migrate(cr, version):
    """Prepare a database of an older version."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    views = env["ir.ui.view"]
    for name in OLD_VIEWS:
        view = env.ref(f"website_sale_trustedshops.{name}", raise_if_not_found=False)
        views |= view or views  # somebody may have deleted it
    views.unlink()  # at once: some extend others
