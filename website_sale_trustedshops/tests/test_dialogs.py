# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import TrustedShopsCommon
from .dialog_common import DialogCommon


class TestDialogs(DialogCommon, TrustedShopsCommon):
    """An open dialog is private to the user who opened it."""

    def test_only_the_owner_reads_and_changes_an_open_dialog(self):
        protection = self._make_queued()
        protection.write({"state": "requested", "requested_at": self.env.cr.now()})
        refund = self._make_queued()
        refund._try_to_refund_fee()
        rows = (
            (
                "trustedshops.refund.end",
                {"refund_id": refund.refund_ids.id},
                "action_apply",
                {"reason": "None"},
            ),
            (
                "trustedshops.number.entry",
                {"protection_id": protection.id, "number": "1"},
                "action_apply",
                {"number": "2"},
            ),
            (
                "trustedshops.mail.resend",
                {"protection_id": protection.id, "email": "max@muster.example"},
                "action_send",
                {"email": "eve@muster.example"},
            ),
        )
        for model, values, action, changes in rows:
            dialog = self._open_dialog(model, **values)
            self.assertPrivate(dialog, action, **changes)
        self.assertAllPrivate("website_sale_trustedshops", [row[0] for row in rows])

    def test_nobody_points_a_dialog_to_records_of_another_company(self):
        protection = self._make_queued()
        for model in ("trustedshops.number.entry", "trustedshops.mail.resend"):
            self.assertPointsToOwnRecords(model, protection_id=protection.id)
        protection._try_to_refund_fee()
        refund = protection.refund_ids
        self.assertPointsToOwnRecords("trustedshops.refund.end", refund_id=refund.id)

    def test_nobody_sees_rows_of_another_company(self):
        protection = self._make_queued()
        expected = ("certificate", "protection", "protection.item")
        self.assertCompanyPrivate(
            [f"trustedshops.{name}" for name in expected],
            [protection.buyer_email, "wspass-0815", "wsuser-4711"],
        )
