# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Parcels for Trusted Shops",
    "summary": "Invite buyers to a review when their order was shipped or delivered",
    "version": "19.0.1.0.0",
    "author": "Trusted Shops for Odoo contributors",
    "development_status": "Beta",
    "category": "Website/Website",
    "license": "LGPL-3",
    "depends": ["website_sale_trustedshops_reviews", "sale_stock"],
    "data": ["views/delivery_carrier_views.xml"],
    "images": ["static/description/banner.png"],
    "auto_install": True,
}
