# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Withdrawal: Shipments",
    "summary": "Estimate the withdrawal period by dispatch, and open the return",
    "version": "19.0.1.0.0",
    "category": "Website/Website",
    "author": "Trusted Shops for Odoo contributors",
    "development_status": "Beta",
    "license": "LGPL-3",
    "depends": ["website_sale_withdrawal", "sale_stock"],
    "data": ["views/sale_withdrawal_views.xml"],
    "images": ["static/description/banner.png"],
    "auto_install": True,
}
