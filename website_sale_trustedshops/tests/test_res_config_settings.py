# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import html

from odoo.tests import new_test_user

from .certificate_common import OTHER_ID, SERVING, THIRD_ID, CertificateCommon
from .fake_service import TS_ID

NAME = "shop.example, German / Deutsch, Excellence"


class TestSettings(CertificateCommon):
    """The settings of a website tell at a glance how its certificates stand."""

    def _get_settings(self, website=None, user=None):
        settings = self.env["res.config.settings"].with_user(user or self.manager)
        settings = settings.with_context(allowed_company_ids=self.env.company.ids)
        return settings.new({"website_id": (website or self.second).id})

    def _get_summary(self, **options):
        """Return the lines of the summary, and the addresses it links to."""
        summary = self._get_settings(**options).trustedshops_summary
        tree = html.fromstring(f"<div>{summary}</div>")
        lines = [
            " ".join(line.text_content().split()) for line in tree.xpath(".//li | ./p")
        ]
        return lines, tree.xpath(".//a/@href")

    def test_a_website_without_certificate_says_what_to_do(self):
        lines, links = self._get_summary()
        self.assertIn("Second has no certificate yet.", lines[0])
        self.assertEqual(links, ["https://business.trustedshops.com"])
        # Nor is an archived one listed, or markup in a name taken for markup.
        self._add().action_archive()
        self.second.name = "<script>alert(1)</script>"
        self.assertIn("has no certificate yet", self._get_summary()[0][0])
        self.assertNotIn("<script", self._get_settings().trustedshops_summary)

    def _finish(self, certificate):
        """Do what is to do once."""
        self.service.trustmark = None
        self._make_queued(website_id=certificate.website_id.id, lang="de_DE")
        certificate.write({"is_privacy_policy_updated": True, "seal_shown": False})
        self._check_website(certificate.sudo())
        certificate.with_user(self.manager).action_confirm_fee_booking()
        certificate.invalidate_recordset()

    def test_each_certificate_is_listed_with_its_state_and_what_is_missing(self):
        own = self._add(self.manager, ws_user="u", ws_password="p")
        lines, _links = self._get_summary()
        self.assertIn("Check how the fee is booked", lines[0])
        self._finish(own)
        self.service.status.update(stateEnum="DISABLED", typeEnum="CLASSIC")
        self._add(ts_id=THIRD_ID, lang_id=self.langs["en_US"].id)
        lines, links = self._get_summary()
        self.assertCountEqual(
            lines,
            [
                f"shop.example, German / Deutsch, Excellence Valid {OTHER_ID}",
                f"shop.example, English (US), Classic Disabled {THIRD_ID}"
                " Trusted Shops has disabled the certificate, so the website shows"
                " nothing of it. Ask Trusted Shops for the reason.",
            ],
        )
        self.assertEqual(len(links), 2)
        self.assertRegex(
            links[0],
            "^/odoo/action-website_sale_trustedshops.trustedshops_certificate_action/"
            "[0-9]+$",
        )
        # On another website, that website's.
        [line], _links = self._get_summary(website=self.website)
        self.assertIn(f"{SERVING} Valid {TS_ID}", line)

    def test_sandbox_certificate_is_shown_as_a_test(self):
        own = self._add(ws_user="u", ws_password="p")
        self.env.cr.execute("UPDATE trustedshops_certificate SET environment='sandbox'")
        self.env.invalidate_all()
        [line], _links = self._get_summary()
        self.assertIn(f"{NAME} Sandbox on this machine Valid {OTHER_ID}", line)
        found = self._get_findings(own)
        self.assertEqual(found["test_mark"][0], "warning")

    def test_a_website_of_another_company_says_where_to_look(self):
        _stranger, website = self._make_stranger()
        self._add(website_id=website.id, lang_id=False)
        self.manager.company_ids += website.company_id
        [line], _links = self._get_summary(website=website)
        self.assertIn("Others belongs to the company Other: switch to it", line)
        self.assertFalse(self._get_settings(website=website).trustedshops_can_add)
        self.assertTrue(self._get_settings().trustedshops_can_add)

    def test_user_without_access_gets_no_error(self):
        self._add()
        employee = new_test_user(self.env, "ts_employee", groups="base.group_user")
        summary = self._get_settings(user=employee).trustedshops_summary
        self.assertFalse(summary)
