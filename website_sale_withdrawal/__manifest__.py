# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Withdrawal Function",
    "summary": "Let consumers withdraw from a contract online, as EU law asks for",
    "version": "19.0.1.0.0",
    "category": "Website/Website",
    "author": "Trusted Shops for Odoo contributors",
    "development_status": "Beta",
    "license": "LGPL-3",
    "depends": ["website_sale"],
    "data": [
        "security/ir.model.access.csv",
        "security/sale_withdrawal_security.xml",
        "data/ir_cron_data.xml",
        "views/sale_withdrawal_templates.xml",
        "views/sale_withdrawal_pages.xml",
        "views/sale_withdrawal_mail_templates.xml",
        "views/website_templates.xml",
        "views/website_sale_templates.xml",
        "views/sale_portal_templates.xml",
        "views/sale_withdrawal_views.xml",
        "views/sale_order_views.xml",
        "views/res_config_settings_views.xml",
        "views/base_module_uninstall_views.xml",
    ],
    "demo": ["demo/sale_withdrawal_demo.xml"],
    "images": ["static/description/banner.png"],
}
