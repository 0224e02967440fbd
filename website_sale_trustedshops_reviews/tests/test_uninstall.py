# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from odoo.tests import Form, new_test_user

from .reviews_common import ReviewsCommon

ADDON = "website_sale_trustedshops"
PROTECTIONS = "Trusted Shops Buyer Protection: 1, to be kept until 12/31/2034"
CONSENTS = "Consent to Review Invitations: 3, to be kept until 11/02/2030"


class TestUninstall(ReviewsCommon):
    """Core's dialog says which proofs go with an addon, and until when to keep them."""

    is_frozen = True

    def _read_dialog(self, name):
        user = new_test_user(self.env, name, groups="base.group_system", lang="en_US")
        module = self.env["ir.module.module"].search([("name", "=", name)])
        action = module.with_user(user).button_uninstall_wizard()
        with Form.from_action(self.env(user=user), action) as dialog:
            return dialog.trustedshops_proofs or ""

    def test_each_addon_says_what_goes_with_it(self):
        self.env.company.country_id = self.env.ref("base.de")
        order = self._make_queued().order_id
        self._make_ticked()
        self._tick(self._make_cart())
        self._add_consent(order)
        self._add_consent(kind="withdrawn", moment=datetime(2026, 10, 2, 9))
        other = self._make_company("Other", "de", None, trustedshops_consent_years=4)
        self._add_consent(company_id=other.id, channel_id=False)
        both = {PROTECTIONS, CONSENTS}
        for name, proofs in (
            (ADDON, both),
            ("website_sale", both),
            (f"{ADDON}_reviews", {CONSENTS}),
            (f"{ADDON}_loyalty", set()),
        ):
            with self.subTest(module=name):
                self.assertEqual({*self._read_dialog(name).splitlines()}, proofs)
