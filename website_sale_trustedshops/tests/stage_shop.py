# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import TrustedShopsCommon

CHARTS = {"de_skr03": "de", "pl": "pl", "generic_coa": "us"}


class StageShop(TrustedShopsCommon):
    """What the stage has: the shop, and companies with charts of accounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = {
            chart: cls._make_company(chart, country, chart)
            for chart, country in CHARTS.items()
        }
        cls.env.user.company_ids = cls.env.company  # no test took them yet
