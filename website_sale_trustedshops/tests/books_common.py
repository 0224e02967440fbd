# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .common import TrustedShopsCommon
from .random_carts import Shop


class BooksCommon(TrustedShopsCommon):
    """Companies with the chart of accounts of their country, untouched."""

    @classmethod
    def _make_shop(cls, chart, country, ts_id, **values):
        """Return a shop of a new company as its chart of accounts sets it up."""
        company = cls._make_company(f"Shop {chart}", country, chart, **values)
        website = cls.env["website"].create(
            {"name": company.name, "company_id": company.id}
        )
        return cls._get_shop(cls._make_certificate(ts_id=ts_id, website_id=website.id))

    @classmethod
    def _get_shop(cls, certificate):
        company = certificate.company_id
        shop = Shop(
            company=company,
            certificate=certificate,
            taxes=cls._get_taxes(company),
            positions=cls._get_positions(company),
            products=cls._make_products(company),
        )
        certificate.fee_product_id = shop.products["fee"]
        return shop

    @classmethod
    def _get_taxes(cls, company):
        """Return no tax at all, and each tax with which the company may sell."""
        taxes = cls.env["account.tax"].search(
            [("type_tax_use", "=", "sale"), ("company_id", "=", company.id)]
        )
        return [cls.env["account.tax"], *taxes]

    @classmethod
    def _get_positions(cls, company):
        """Return none, those of the company, and one for another country of the OSS."""
        positions = cls.env["account.fiscal.position"]
        positions = positions.search([("company_id", "=", company.id)])
        oss = positions.create({"name": "OSS to Finland", "company_id": company.id})
        domestic = company.account_sale_tax_id
        domestic.copy(
            {
                "name": "OSS 25.5 %",
                "amount": 25.5,
                "fiscal_position_ids": [Command.set(oss.ids)],
                "original_tax_ids": [Command.set(domestic.ids)],
            }
        )
        return [positions.browse(), *positions, oss]

    @classmethod
    def _make_products(cls, company):
        names = ("goods", "delivered", "delivery", "fee")
        products = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "service",
                    "company_id": company.id,
                    "invoice_policy": "delivery" if name == "delivered" else "order",
                    "taxes_id": [Command.clear()],
                }
                for name in names
            ]
        )
        return dict(zip(names, products, strict=True))
