# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import TrustedShopsCommon
from .rights_common import RightsTableCommon, list_public_methods

CERTIFICATE = "trustedshops.certificate"


class TestRightsTable(RightsTableCommon, TrustedShopsCommon):
    """No role calls a method about a record of another company."""

    def test_every_method_refuses_a_foreign_record_to_every_role(self):
        protection = self._make_queued()
        of_protection = {"protection_id": protection.id}
        refund = self.env["trustedshops.refund"].create(
            {**of_protection, "reason": "person"}
        )
        self.assertForeignRefused(
            ("website_sale_trustedshops.",),
            [
                protection,
                self.certificate,
                self.certificate.item_ids[0],
                refund,
                self.env["trustedshops.refund.end"].create({"refund_id": refund.id}),
                self.env["trustedshops.service"].search([], limit=1),
                self.env["trustedshops.number.entry"].create(
                    {**of_protection, "number": "1"}
                ),
                self.env["trustedshops.mail.resend"].create(of_protection),
            ],
            harmless={
                ("trustedshops.overview", "get_overview"),
                # They lead to a dialog, and name no record of another company.
                (CERTIFICATE, "action_check_website"),
                (CERTIFICATE, "action_upload_seal"),
            },
            arguments={
                (CERTIFICATE, "check_website"): [[]],
                (CERTIFICATE, "update_field_translations"): ["rating_notice", {}],
                ("trustedshops.refund", "action_nothing_to_pay_back"): ["Donated."],
            },
        )

    def test_the_table_has_the_methods_of_all_models(self):
        found = list_public_methods(self.env, ("website_sale_trustedshops.",))
        for pair in (
            (CERTIFICATE, "action_check_now"),
            (CERTIFICATE, "check_website"),
            (CERTIFICATE, "write"),
            ("trustedshops.protection", "action_refund_fee"),
            ("trustedshops.refund", "action_refund"),
            ("trustedshops.number.entry", "action_apply"),
            ("trustedshops.overview", "get_overview"),
        ):
            self.assertIn(pair, found)
        # Not public, or core's.
        for pair in (
            (CERTIFICATE, "_check_at_trustedshops"),
            ("sale.order", "action_confirm"),
        ):
            self.assertNotIn(pair, found)
