# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What all lists of the addon have in common, and what people never read."""

import re
from ast import literal_eval

from lxml import etree

from odoo.tests import TransactionCase, new_test_user
from odoo.tools.translate import TranslationModuleReader

from odoo.addons.website_sale_trustedshops.models.messages import TODO

from ..models.messages import MESSAGES

# What is done on the form itself, and how the message names the place.
ON_THE_FORM = {
    "channel_not_asking": "under Who invites",
    "channel_unplaced": "choose the website and the language",
    "channel_words": "in the tab Words",
}
# Models whose buttons a message names.
ACTING = ("account", "channel", "review", "invitation")
ADDON = "website_sale_trustedshops_reviews"
# The lists of the menus, and the filters with which they open.
ACTIONS = {
    "trustedshops_account_action": set(),
    "trustedshops_channel_action": {"by_account"},
    "trustedshops_consent_action": {"given", "withdrawn"},
    # Those that were lifted are archived.
    "trustedshops_suppression_action": set(),
    "trustedshops_invitation_action": {"recent"},
    "trustedshops_review_action": {"approved"},
    "trustedshops_product_rating_action": {"rated"},
}
CHANNELS, CONSENTS, RATINGS = (
    "Accounts and Channels",
    "Consents and Stops",
    "Product Ratings",
)
# What each role finds, by sequence.
MENUS = {
    "sales_team.group_sale_salesman": [RATINGS, "Reviews", "Invitations"],
    "sales_team.group_sale_manager": [CONSENTS, RATINGS, "Reviews", "Invitations"],
    "website.group_website_designer": [CHANNELS, RATINGS, "Reviews"],
    "account.group_account_invoice": [],
    "base.group_system": [CHANNELS, CONSENTS, RATINGS, "Reviews", "Invitations"],
}
# Words of developers, and sentences that do not fit every number.
NEVER_READ = (
    r"HTTP|SOAP|[a-z]Error\b|\bJSON\b|\bRPC\b|\bcron\b|translate the view",
    rf"{ADDON}\.|website_sale_trustedshops\.",
    r"Thank you for",
    r"%\(\w+\)s (days|orders|channels|reviews|invitations|products)\b",
    r"\bon the page (Consent|Reviews)\b",
)


class TestViews(TransactionCase):
    """Every list opens with what is wanted, and says what things are called."""

    def test_each_role_has_the_menus_of_its_work(self):
        for group, names in MENUS.items():
            user = new_test_user(self.env, group, f"base.group_user,{group}")
            leaves = self.env["ir.ui.menu"].search(
                [("action", "!=", False)], order="sequence"
            )
            seen = leaves.with_user(user)._filter_visible_menus().sudo()
            ids = seen.get_external_id()
            own = [each.name for each in seen if ids[each.id].startswith(f"{ADDON}.")]
            self.assertEqual(own, names, group)

    def test_a_list_opens_with_its_filters_and_as_cards_on_phones(self):
        for name, filters in ACTIONS.items():
            action = self.env.ref(f"{ADDON}.{name}")
            context = literal_eval(action.context)
            names = {each.removeprefix("search_default_") for each in context}
            self.assertEqual(names, filters, name)
            arch = self.env[action.res_model].get_view(view_type="search")["arch"]
            known = etree.fromstring(arch).xpath("//filter/@name")
            self.assertLessEqual(names, set(known), name)
            self.assertIn("list,kanban", action.view_mode, name)

    def test_each_to_do_leads_to_where_it_is_done(self):
        """By a button, or by a sentence that names the field of the form itself."""
        models = [self.env[f"trustedshops.{name}"] for name in ACTING]
        for code, message in MESSAGES.items():
            if message.level == TODO and message.title:
                continue  # an activity, which leads to its record
            with self.subTest(code):
                self.assertEqual(bool(message.action), bool(message.label))
                if message.level == TODO and not message.action:
                    self.assertIn(ON_THE_FORM[code], str(message.staff))
                self.assertNotEqual(message.action, "get_formview_action")
                if message.action:
                    self.assertTrue(
                        any(hasattr(type(model), message.action) for model in models)
                    )

    def test_labels_have_no_words_of_developers(self):
        sources = {row[4] for row in TranslationModuleReader(self.env.cr, [ADDON])}
        self.assertIn("Days Between Invitations", sources)
        never = re.compile("|".join(NEVER_READ))
        found = [each for each in sources if never.search(each)]
        self.assertEqual(found, ["HTTP Routing"])  # core's name of ``ir.http``
