# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import ValidationError

from .common import TrustedShopsCommon


class TestOffer(TrustedShopsCommon):
    """Who is offered Buyer Protection when, and for which amount."""

    def setUp(self):
        super().setUp()
        self.order = self._make_cart()

    def _get_chosen(self, order):
        """Return what is protected and for how much; None when nothing is offered."""
        offer = self._as_visitor(order)._trustedshops_get_offer()
        item = offer.get("item")
        return item and (float(item.protected_amount), float(item.gross_fee))

    def test_the_protected_amount_includes_taxes(self):
        order = self._make_cart(420.17)
        order.order_line.tax_ids = self._make_tax(19)
        self.assertEqual(order.amount_total, 500.0)
        self.assertEqual(self._get_chosen(order), (500.0, 0.98))
        order.order_line.price_unit = 420.18
        self.assertEqual(order.amount_total, 500.01)
        self.assertEqual(self._get_chosen(order), (1500.0, 2.94))

    def test_delivery_counts(self):
        order = self._make_cart(495.0)
        product = self.env.ref("delivery.product_product_delivery")
        self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": product.id,
                "price_unit": 5.0,
                "tax_ids": [Command.clear()],
                "is_delivery": True,
            }
        )
        self.assertEqual(self._get_chosen(order), (500.0, 0.98))
        order.order_line[1].price_unit = 5.01
        self.assertEqual(self._get_chosen(order), (1500.0, 2.94))

    def test_the_fee_itself_does_not_count(self):
        order, _protection = self._make_ticked(500.0)
        self.assertEqual(order.amount_total, 500.98)
        self.assertEqual(self._get_chosen(order), (500.0, 0.98))
        self.assertEqual(self._choose(order).protected_amount, 500.0)

    def test_a_cart_of_nothing_is_offered_nothing_and_loses_the_fee(self):
        order = self._make_cart(0.0)
        self.assertIsNone(self._get_chosen(order))
        self.assertFalse(self._as_visitor(order)._trustedshops_add_choice())
        order, _protection = self._make_ticked()
        self.goods.list_price = 0.0
        self._as_visitor(order)._recompute_cart()
        self.assertEqual(order.amount_total, 0.0)
        self.assertFalse(order.trustedshops_protection_id)

    # === WHEN === #

    def _age_fees(self, **age):
        self.certificate.items_checked_at = fields.Datetime.now() - timedelta(**age)

    def _use_test_system(self):
        self.env["trustedshops.certificate"].flush_model()
        self.env.cr.execute("UPDATE trustedshops_certificate SET environment = 'qa'")
        self.env.invalidate_all()

    def _price_in_zloty(self):
        self.order.pricelist_id = self._make_zloty_prices()

    def _set(self, **values):
        return lambda: self.certificate.with_context(tracking_disable=True).write(
            values
        )

    def _show_tests(self):
        self.certificate.state = "test"
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.test_offers_for_everybody", "True"
        )

    def test_when_there_is_an_offer(self):
        states = ("cancelled", "disabled", "no_audit", "invalid", "draft", "test")
        cases = {
            "as it is": (lambda: None, True),
            "fees nearly 72 hours old": (
                lambda: self._age_fees(hours=71, minutes=59),
                True,
            ),
            "being certified": (self._set(state="integration"), True),
            "tests are shown": (self._show_tests, True),
            "no certificate": (lambda: self.certificate.action_archive(), False),
            "no Excellence": (self._set(protection_model="classic"), False),
            "no login": (self._set(ws_user=False), False),
            "old fees": (lambda: self._age_fees(hours=72, seconds=2), False),
            "held": (self._set(hold_reason="suspended"), False),
            "another currency": (self._price_in_zloty, False),
            "disabled by a person": (self._set(mode="disabled"), False),
            "paused": (self._set(offered_to="nobody"), False),
            "no address": (lambda: self.buyer.write({"email": "nobody"}), False),
            "test system": (self._use_test_system, False),
            **{state: (self._set(state=state), False) for state in states},
        }
        for name, (change, is_offered) in cases.items():
            with self.subTest(case=name), self.env.cr.savepoint() as savepoint:
                change()
                self.env.flush_all()
                self.env.invalidate_all()
                chosen = self._get_chosen(self.order)
                self.assertEqual(chosen is not None, is_offered)
                savepoint.rollback()
                self.env.registry.clear_all_caches()
                self.env.invalidate_all()

    # === TO WHOM === #

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
        self.certificate.offered_to = "private"
        self._choose(self.order)
        self.buyer.vat = "DE123456788"
        with self.assertRaises(ValidationError):
            self._as_visitor(self.order)._check_cart_is_ready_to_be_paid()
