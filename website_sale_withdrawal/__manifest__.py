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
    "depends": ["website_sale", "privacy_lookup"],
    "data": [
        "security/ir.model.access.csv",
        "security/sale_withdrawal_security.xml",
        "data/ir_cron_data.xml",
        "data/mail_activity_type_data.xml",
        "wizards/sale_withdrawal_entry_views.xml",
        "views/sale_withdrawal_templates.xml",
        "views/sale_withdrawal_mail_templates.xml",
        "report/sale_withdrawal_report.xml",
        "views/website_templates.xml",
        "views/website_sale_templates.xml",
        "views/sale_portal_templates.xml",
        "views/sale_withdrawal_views.xml",
        "views/sale_order_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "website_sale_withdrawal/static/src/interactions/**/*",
        ],
    },
    "demo": ["demo/sale_withdrawal_demo.xml"],
    "images": ["static/description/banner.png"],
}
