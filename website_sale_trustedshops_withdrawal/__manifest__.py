# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Returns for Trusted Shops",
    "summary": "Let the fee of Buyer Protection follow a valid withdrawal",
    "version": "19.0.1.0.0",
    "category": "Website/Website",
    "author": "Trusted Shops for Odoo contributors",
    "development_status": "Beta",
    "license": "LGPL-3",
    "depends": ["website_sale_trustedshops", "website_sale_withdrawal"],
    "images": ["static/description/banner.png"],
    "auto_install": True,
}
