# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Reviews for Trusted Shops",
    "summary": "Invite buyers who agreed to review their purchase at Trusted Shops",
    "version": "19.0.1.0.0",
    "author": "Trusted Shops for Odoo contributors",
    "development_status": "Beta",
    "category": "Website/Website",
    "license": "LGPL-3",
    "depends": ["website_sale_trustedshops"],
    "data": [
        "security/res_groups.xml",
        "security/ir.model.access.csv",
        "security/trustedshops_reviews_security.xml",
        "data/ir_cron_data.xml",
        "data/service_data.xml",
        "data/mail_template_data.xml",
        "wizards/consent_entry_views.xml",
        "wizards/review_answer_views.xml",
        "views/product_template_views.xml",
        "views/trustedshops_account_views.xml",
        "views/trustedshops_channel_views.xml",
        "views/trustedshops_invitation_views.xml",
        "views/trustedshops_review_views.xml",
        "views/trustedshops_product_rating_templates.xml",
        "views/trustedshops_product_rating_views.xml",
        "views/trustedshops_reviews_menus.xml",
        "views/trustedshops_consent_views.xml",
        "views/consent_templates.xml",
        "views/res_config_settings_views.xml",
        "views/sale_order_views.xml",
        "views/sale_portal_templates.xml",
        "views/website_sale_templates.xml",
        "views/snippets/s_trustedshops_product_reviews.xml",
        "views/snippets/snippets.xml",
    ],
    "images": ["static/description/banner.png"],
    "uninstall_hook": "uninstall_hook",
    "assets": {
        "web.assets_frontend": [
            "website_sale_trustedshops_reviews/static/src/interactions/**/*",
        ],
        "website.website_builder_assets": [
            "website_sale_trustedshops_reviews/static/src/website_builder/**/*",
        ],
        "website_sale_trustedshops.assets_blocks": [
            "website_sale_trustedshops_reviews/static/src/snippets/**/*",
            (
                "remove",
                "website_sale_trustedshops_reviews/static/src/snippets/**/*.edit.*",
            ),
        ],
        "website.assets_inside_builder_iframe": [
            "website_sale_trustedshops_reviews/static/src/snippets/**/*",
        ],
        "website_sale_trustedshops.assets_checkout": [
            "website_sale_trustedshops_reviews/static/src/checkout/**/*",
        ],
        # Code that the unit tests exercise.
        "web.assets_unit_tests_setup": [
            "website_sale_trustedshops_reviews/static/src/interactions/**/*",
            "website_sale_trustedshops_reviews/static/src/checkout/**/*",
            "website_sale_trustedshops_reviews/static/src/snippets/**/*",
        ],
        "web.assets_unit_tests": [
            "website_sale_trustedshops_reviews/static/tests/**/*",
        ],
    },
}
