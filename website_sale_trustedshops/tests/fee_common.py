# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import new_test_user

from .common import TrustedShopsCommon

OTHER_TS_ID = "X" + "2" * 32


class FeeCommon(TrustedShopsCommon):
    """Helpers for companies with a chart of accounts as its module makes it."""

    @classmethod
    def _make_shop(cls, company, ts_id=OTHER_TS_ID):
        """Return the certificate of a new website of a company."""
        website = cls.env["website"].create(
            {"name": company.name, "company_id": company.id}
        )
        return cls._make_certificate(ts_id=ts_id, website_id=website.id)

    @classmethod
    def _make_user(cls, login, groups, company):
        return new_test_user(
            cls.env,
            login,
            groups=f"base.group_user,{groups}",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            lang="en_US",
        )
