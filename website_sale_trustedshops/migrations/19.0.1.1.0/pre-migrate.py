# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID, api

# Views that are gone. Odoo removes them after all others are loaded, and a field that
# is gone, too, would make the view refuse to load that they extend.
OLD_VIEWS = ("trustedshops_certificate_view_form_review", "mail_layout_review_links")


def migrate(cr, version):
    """Prepare a database of an older version."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in OLD_VIEWS:
        view = env.ref(f"website_sale_trustedshops.{name}", raise_if_not_found=False)
        if view:  # nobody deleted it
            view.unlink()
