# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Trusted Shops",
    "summary": "Buyer Protection at the payment step, applied for and confirmed",
    "version": "19.0.1.0.0",
    "category": "Website/Website",
    "author": "Trusted Shops for Odoo contributors",
    "license": "LGPL-3",
    "depends": ["website_sale"],
    "external_dependencies": {"python": ["lxml", "requests", "zeep"]},
    "data": [
        "security/ir.model.access.csv",
        "security/trustedshops_security.xml",
        "data/product_data.xml",
        "data/ir_cron_data.xml",
        "data/mail_template_data.xml",
        "wizards/trustedshops_fee_setup_views.xml",
        "views/trustedshops_certificate_templates.xml",
        "views/trustedshops_certificate_views.xml",
        "views/trustedshops_protection_views.xml",
        "views/trustedshops_menus.xml",
        "views/account_move_views.xml",
        "views/account_payment_views.xml",
        "views/payment_method_views.xml",
        "views/payment_transaction_views.xml",
        "views/res_config_settings_views.xml",
        "views/sale_order_views.xml",
        "views/sale_report_views.xml",
        "views/website_templates.xml",
        "views/website_sale_templates.xml",
        "views/sale_portal_templates.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "website_sale_trustedshops/static/src/interactions/**/*",
        ],
        "web.assets_tests": [
            "website_sale_trustedshops/static/tests/tours/**/*",
        ],
    },
    "images": ["static/description/banner.png"],
    "uninstall_hook": "uninstall_hook",
}
