# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Trusted Shops: Point of Sale",
    "summary": "Buyer Protection on orders that are settled at the till",
    "version": "19.0.1.0.0",
    "category": "Website/Website",
    "author": "Trusted Shops for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["website_sale_trustedshops", "pos_sale"],
    "auto_install": True,
}
