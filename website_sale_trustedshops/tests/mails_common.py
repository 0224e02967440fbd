# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import POLL, TrustedShopsCommon

CONFIRMED = "website_sale_trustedshops.mail_template_protection_confirmed"
FAILED = "website_sale_trustedshops.mail_template_protection_failed"


class MailsCommon(TrustedShopsCommon):
    """Protections whose mails are due."""

    def setUp(self):
        super().setUp()
        self._freeze("2026-11-02 10:00:00")

    def _get_mails(self, protections):
        """Return the mails to buyers, the oldest first."""
        mails = self.env["mail.mail"].search(
            [
                ("model", "=", "trustedshops.protection"),
                ("res_id", "in", protections.ids),
                ("email_to", "!=", False),
            ]
        )
        return mails.sorted("id")

    def _make_confirmed(self, lang="en_US", **values):
        protection = self._make_queued(lang, **values)
        self.service.script(POLL, 99887766)
        self._run_queue()
        self.assertEqual(protection.state, "confirmed")
        return protection

    def _make_refused(self, **values):
        protection = self._make_queued(**values)
        protection.write({"state": "rejected", "last_error": "Refused"})
        return protection
