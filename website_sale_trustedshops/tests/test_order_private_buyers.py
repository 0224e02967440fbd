# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import ValidationError

from .common import BUSINESS, TrustedShopsCommon
from .http_common import TrustedShopsHttpCommon


class TestPrivateBuyers(TrustedShopsCommon):
    """The merchant may offer Buyer Protection to private buyers only."""

    def setUp(self):
        super().setUp()
        self.certificate.offered_to = "private"
        self.order = self._make_cart()

    def _make_partner(self, **values):
        return self.env["res.partner"].create(
            {"name": "Max Muster", "email": "max@muster.example", **values}
        )

    def _is_offered_to(self, partner, **values):
        order = self._make_cart(partner_id=partner.id, **values)
        return bool(self._as_visitor(order)._trustedshops_get_offer())

    def test_each_kind_of_buyer_gets_the_right_offer(self):
        company = self._make_partner(is_company=True)
        cases = {
            "private": ({}, {}, True),
            "marked as without VAT number": ({"vat": "/"}, {}, True),
            "parcel to an office": ({}, {"partner_shipping_id": company.id}, True),
            "a company": ({"is_company": True}, {}, False),
            "employee of a company": ({"parent_id": company.id}, {}, False),
            "a name of a company": ({"company_name": "Muster GmbH"}, {}, False),
            "a VAT number": ({"vat": "DE123456788"}, {}, False),
            "invoice to a company": ({}, {"partner_invoice_id": company.id}, False),
        }
        for name, (values, on_order, is_private) in cases.items():
            partner = self._make_partner(**values)
            for offered_to in ("private", "all"):
                self.certificate.offered_to = offered_to
                with self.subTest(buyer=name, offered_to=offered_to):
                    self.assertEqual(
                        self._is_offered_to(partner, **on_order),
                        is_private or offered_to == "all",
                    )

    def test_no_payment_starts_after_a_vat_number_was_entered(self):
        self.assertEqual(
            self.env["trustedshops.certificate"].default_get(["offered_to"]),
            {"offered_to": "all"},
        )
        self._choose(self.order)
        self.order.partner_id.vat = "DE123456788"
        with self.assertRaises(ValidationError):
            self._as_visitor(self.order)._check_cart_is_ready_to_be_paid()


class TestPrivateBuyersHttp(TrustedShopsHttpCommon):
    """What a business reads where only private buyers get an offer."""

    def setUp(self):
        super().setUp()
        self.certificate.offered_to = "private"

    def test_a_business_sees_no_offer_and_no_notice(self):
        self.buyer.vat = "DE123456788"
        page = self._open()
        self.assertIsNone(self._get_box(page))
        self.assertEqual(self._get_notice(page), "")

    def test_a_vat_number_entered_after_the_tick_drops_it_and_says_why(self):
        self._tick()
        self._open()
        self.buyer.vat = "DE123456788"
        page = self._open()
        self.assertIsNone(self._get_box(page))
        self.assertEqual(self._get_notice(page), BUSINESS)
        self.assertEqual(self.order.amount_total, 100.0)
