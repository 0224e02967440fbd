# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import requests

from odoo import Command
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import REFRESH_CRON, TrustedShopsCommon

OTHER_ID = "X" + "1" * 32
THIRD_ID = "X" + "2" * 32
DOWN = requests.ConnectionError("down")
# Name of the certificate that all tests begin with.
SERVING = "shop.example, All languages, Excellence"
GUARANTEE = {"guarantee": {"maxProtectionAmount": "2500"}}


class CertificateCommon(TrustedShopsCommon):
    """A second website to which certificates can be added, and who adds them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.designer = new_test_user(
            cls.env,
            "ts_designer",
            groups="base.group_user,website.group_website_designer",
            lang="en_US",
        )
        # Nobody listens there, whatever runs on this machine.
        cls.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.sandbox_url", "http://127.0.0.1:9"
        )
        cls.second = cls._make_website("Second", "https://shop.example")

    @classmethod
    def _make_website(cls, name, domain=False, langs=("en_US", "de_DE"), **values):
        """Return a website whose first language is its default one."""
        languages = [cls._add_language(code) for code in langs]
        return cls.env["website"].create(
            {
                "name": name,
                "domain": domain,
                "language_ids": [Command.set([lang.id for lang in languages])],
                "default_lang_id": languages[0].id,
                "company_id": cls.env.company.id,
                **values,
            }
        )

    @classmethod
    def _add_language(cls, code, name=None):
        """Return a language, switched on; Odoo brings no Austrian German."""
        languages = cls.env["res.lang"]
        with mute_logger("odoo.addons.base.models.res_lang"):  # a machine may lack it
            return languages._activate_lang(code) or languages._create_lang(code, name)

    def _make_stranger(self):
        """Return a designer of another company, and a website of it."""
        company = self.env["res.company"].create({"name": "Other"})
        website = self._make_website("Others", company_id=company.id)
        stranger = new_test_user(
            self.env,
            "ts_stranger",
            groups="base.group_user,website.group_website_designer",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            lang="en_US",
        )
        return stranger, website

    def _add(self, user=None, **values):
        """Return a certificate of its identifier alone, which a person enabled."""
        certificates = self.env["trustedshops.certificate"]
        if user:
            certificates = certificates.with_user(user)
        given = {"ts_id": OTHER_ID, "mode": "enabled", **values}
        return self._save(certificates, **given)

    def _archive(self, certificate):
        """Make room, in the database too."""
        certificate.action_archive()
        certificate.flush_recordset()

    def _take_down(self, soap=True, feed=True):
        """Let both services be unreachable, until :meth:`_bring_back`."""
        if soap:
            self.service.always["checkCertificate"] = DOWN
        if feed:
            self.service.always["getTrustmark"] = DOWN

    def _bring_back(self):
        self.service.always.clear()

    def _answer_by_feed(self, **shop):
        """Let only the public list know ids."""
        self.service.status["stateEnum"] = "INVALID_TS_ID"
        self.service.trustmark = {"url": "shop.example", "languageISO2": "de", **shop}

    def _refresh(self):
        """Run the daily check as the scheduler does."""
        with self.enter_registry_test_mode():
            self.env.ref(REFRESH_CRON).method_direct_trigger()

    def _prepare_check_error(self, certificate):
        """Return why the last check failed, and what follows; '' if it did not."""
        finding = certificate._get_check_finding()
        return f"{finding['text']} {finding['todo']}".strip() if finding else ""

    def _check_website(self, certificate):
        """Have the website check find the badge, and nothing wrong."""
        website = certificate.website_id
        display = website.with_user(website.user_id).sudo()._trustedshops_get_display()
        seal, loader = display["seal"].get("url"), display["badge"].get("src")
        page = {"lang": "en-US", "status": 200, "seal": seal or ""}
        certificate.check_website([{**page, "loader": loader or "a badge"}])

    def _get_findings(self, certificate):
        """Return level and text of the findings by code."""
        return {
            finding["cause"]: (finding["level"], finding["text"])
            for finding in certificate._get_findings()
        }
