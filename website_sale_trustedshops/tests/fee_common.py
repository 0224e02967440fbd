# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import Form, new_test_user

from .common import TrustedShopsCommon

OTHER_TS_ID = "X" + "2" * 32


class FeeSetupCommon(TrustedShopsCommon):
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

    def _open_setup(self, certificate, booking, user=None):
        """Return the form of the wizard after the booking was chosen."""
        setups = self.env["trustedshops.fee.setup"].with_user(user or self.env.user)
        form = Form(setups.with_context(default_certificate_id=certificate.id))
        form.booking = booking
        return form

    def _set_up(self, certificate, booking, user=None, **values):
        """Run the wizard to its end and return it."""
        form = self._open_setup(certificate, booking, user)
        for name, value in values.items():
            form[name] = value
        setup = form.save()
        setup.action_apply()
        return setup

    def _get_own(self, product, company):
        """Return names of taxes and code of the account that a company set."""
        product = product.with_company(company)
        taxes = product.taxes_id.filtered(lambda tax: tax.company_id == company)
        return taxes.mapped("name"), product.property_account_income_id.code
