# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Loyalty for Trusted Shops",
    "summary": "Buyer Protection beside discounts, points, gift cards and eWallets",
    "version": "19.0.1.0.0",
    "author": "Trusted Shops for Odoo contributors",
    "development_status": "Beta",
    "category": "Website/Website",
    "license": "LGPL-3",
    "depends": ["website_sale_trustedshops", "website_sale_loyalty"],
    "data": ["views/website_sale_templates.xml"],
    "images": ["static/description/banner.png"],
    "auto_install": True,
}
