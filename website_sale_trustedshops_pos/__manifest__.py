# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "POS for Trusted Shops",
    "summary": "Buyer Protection on orders that are settled at the point of sale",
    "version": "19.0.1.0.0",
    "author": "Trusted Shops for Odoo contributors",
    "development_status": "Beta",
    "category": "Website/Website",
    "license": "LGPL-3",
    "depends": ["website_sale_trustedshops", "pos_sale"],
    "images": ["static/description/banner.png"],
    "auto_install": True,
}
