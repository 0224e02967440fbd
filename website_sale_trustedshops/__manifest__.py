# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Connect for Trusted Shops",
    "summary": "Trusted Shops Buyer Protection, Trustbadge, seal and reviews",
    "version": "19.0.1.0.0",
    "author": "Trusted Shops for Odoo contributors",
    "development_status": "Beta",
    "category": "Website/Website",
    "license": "LGPL-3",
    # Without this, the filter with which the Apps page opens hides the addon.
    "application": True,
    "depends": ["website_sale", "privacy_lookup"],
    # Names without versions: Odoo reads versions here only with the package packaging,
    # which it does not require. pyproject.toml has the oldest versions.
    "external_dependencies": {
        "python": ["idna", "lxml", "requests", "urllib3", "zeep"],
    },
    "data": [
        "security/ir.model.access.csv",
        "security/trustedshops_security.xml",
        "data/product_data.xml",
        "data/ir_cron_data.xml",
        "data/service_data.xml",
        "data/mail_template_data.xml",
        "wizards/base_module_uninstall_views.xml",
        "wizards/trustedshops_mail_resend_views.xml",
        "wizards/trustedshops_number_entry_views.xml",
        "wizards/trustedshops_refund_end_views.xml",
        "wizards/privacy_lookup_wizard_views.xml",
        "views/trustedshops_certificate_templates.xml",
        "views/trustedshops_certificate_views.xml",
        "views/trustedshops_protection_views.xml",
        "views/trustedshops_refund_views.xml",
        "views/trustedshops_service_views.xml",
        "views/trustedshops_overview_views.xml",
        "views/trustedshops_mail_templates.xml",
        "views/trustedshops_menus.xml",
        "views/account_views.xml",
        "views/payment_views.xml",
        "views/product_template_views.xml",
        "views/res_config_settings_views.xml",
        "views/sale_order_templates.xml",
        "views/sale_order_views.xml",
        "views/sale_report_views.xml",
        "views/website_templates.xml",
        "views/order_button_templates.xml",
        "views/website_sale_templates.xml",
        "views/sale_portal_templates.xml",
        "views/website_sale_confirmation_templates.xml",
        "views/snippets/s_trustedshops_badge.xml",
        "views/snippets/snippets.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "website_sale_trustedshops/static/src/backend/**/*",
        ],
        "web.assets_frontend": [
            "website_sale_trustedshops/static/src/interactions/**/*",
        ],
        # Loaded by the pages that have one of our blocks.
        "website_sale_trustedshops.assets_blocks": [
            "website_sale_trustedshops/static/src/snippets/**/*",
            ("remove", "website_sale_trustedshops/static/src/snippets/**/*.edit.*"),
        ],
        # Loaded by the payment page.
        "website_sale_trustedshops.assets_checkout": [
            "website_sale_trustedshops/static/src/checkout/**/*",
        ],
        "website.assets_inside_builder_iframe": [
            "website_sale_trustedshops/static/src/snippets/**/*",
        ],
        "website.website_builder_assets": [
            "website_sale_trustedshops/static/src/website_builder/**/*",
        ],
        "web.assets_tests": [
            "website_sale_trustedshops/static/tests/tours/**/*",
        ],
        # The unit tests test these files.
        "web.assets_unit_tests_setup": [
            "website_sale_trustedshops/static/src/interactions/**/*",
            "website_sale_trustedshops/static/src/checkout/**/*",
            "website_sale_trustedshops/static/src/snippets/**/*",
        ],
        "web.assets_unit_tests": [
            "website_sale_trustedshops/static/tests/**/*",
            ("remove", "website_sale_trustedshops/static/tests/tours/**/*"),
        ],
    },
    "images": ["static/description/banner.png"],
    "uninstall_hook": "uninstall_hook",
}
