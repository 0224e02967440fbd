# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo import Command
from odoo.tools import file_path

from .common import TrustedShopsCommon

# Where Odoo 19.0 defines payment methods.
DATA_FILES = (
    "payment/data/payment_method_data.xml",
    "delivery/data/payment_method_data.xml",
    "payment_custom/data/payment_method_data.xml",
    "payment_demo/data/payment_method_data.xml",
    "website_sale_collect/data/payment_method_data.xml",
)
# By what Trusted Shops is told of them, brands included; anything else is OTHER.
EXPECTED = {
    "AMAZON_PAYMENTS": "amazon_pay",
    "CASH_ON_DELIVERY": "cash_on_delivery",
    "CASH_ON_PICKUP": "pay_on_site",
    "CREDIT_CARD": """
        amex argencard bancontact cabal caixa card carnet cartes_bancaires cencosud
        cirrus cmr codensa cordial cordobesa credit dankort diners discover elo
        hipercard jcb lider maestro magna mastercard meeza mercado_livre naps naranja
        nativa oca omannet poste_pay presto rupay samsung_pay shopping
        tarjeta_mercadopago troy unionpay visa vpay
    """,
    "DIRECT_DEBIT": "bacs_direct_debit sepa_direct_debit",
    "DIRECT_E_BANKING": "klarna_paynow sofort",
    "FINANCING": """
        affirm afterpay alma clearpay cofidis floa_bank humm in3 klarna_pay_over_time
        tinka zip
    """,
    "INVOICE": "afterpay_riverty billink klarna ratepay walley",
    "PAYPAL": "paypal",
    "PREPAYMENT": "bank_transfer multibanco wire_transfer",
    "PRZELEWY24": "p24",
}


class TestPaymentTypes(TrustedShopsCommon):
    """What the service is told about how an order was paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.methods = cls.env["payment.method"].with_context(active_test=False)

    def _make_method(self, code, primary=None):
        return self.methods.create(
            {
                "name": code,
                "code": code,
                "primary_payment_method_id": primary and primary.id,
            }
        )

    def _get_type(self, code):
        """Return the type of a method, as its module would install it."""
        method = self.methods.search([("code", "=", code)], limit=1)
        return (method or self._make_method(code)).trustedshops_payment_type

    def _read_codes(self):
        """Return the codes in the data of Odoo, whether it is installed or not."""
        return {
            record.findtext("field[@name='code']")
            for path in DATA_FILES
            for record in etree.parse(file_path(path)).iter("record")
            if record.get("model") == "payment.method"
        }

    def test_each_method_of_odoo_has_the_type_of_the_table(self):
        found = {}
        for code in self._read_codes():
            found.setdefault(self._get_type(code), set()).add(code)
        expected = {name: set(codes.split()) for name, codes in EXPECTED.items()}
        self.assertEqual(found.keys() - expected.keys(), {"OTHER"})
        self.assertEqual({name: found[name] for name in expected}, expected)

    def test_methods_of_other_addons_have_their_type(self):
        expected = {
            "cheque": "CHEQUE",
            "dotpay": "DOTPAY",
            "giropay": "GIROPAY",
            "invoice": "INVOICE",
            "moneybookers": "MONEYBOOKERS",
            "paybox": "PAYBOX",
            "payu": "PLATNOSCI",
            "przelewy24": "PRZELEWY24",
            "skrill": "MONEYBOOKERS",
        }
        found = {code: self._get_type(code) for code in expected}
        self.assertEqual(found, expected)

    def test_a_brand_follows_its_method_and_a_change_of_it(self):
        method = self._make_method("card")
        brand = self._make_method("ts_brand", method)
        self.assertEqual(brand.trustedshops_payment_type, "CREDIT_CARD")
        method.trustedshops_payment_type = "DOTPAY"
        self.assertEqual(brand.trustedshops_payment_type, "DOTPAY")
        # One that was set by hand stays.
        method = self._make_method("ts_method")
        method.trustedshops_payment_type = "LEASING"
        method.name = "Renamed"
        self.assertEqual(method.trustedshops_payment_type, "LEASING")

    def _try_payments(self, *attempts):
        """Return what is reported after payments, as method, state and provider."""
        order, protection = self._make_ticked()
        transactions = [
            self._create_transaction(
                "redirect",
                reference=f"{order.name}-{number}",
                sale_order_ids=[Command.set(order.ids)],
                amount=order.amount_total,
                provider_id=(provider or self.provider).id,
                payment_method_id=self.methods.search([("code", "=", code)]).id,
            )
            for number, (code, _state, provider) in enumerate(attempts)
        ]
        for transaction, (_code, state, _provider) in zip(
            transactions, attempts, strict=True
        ):
            transaction.state = state
        order.action_confirm()
        return protection.payment_type

    def test_the_paying_method_is_reported_or_the_open_one(self):
        wire = ("wire_transfer", "pending", self._get_wire_transfer())
        for attempts, reported in (
            ([wire, ("paypal", "cancel", None)], "PREPAYMENT"),
            ([wire, ("paypal", "error", None)], "PREPAYMENT"),
            ([("card", "done", None), ("paypal", "pending", None)], "CREDIT_CARD"),
            ([("paypal", "pending", None), ("card", "cancel", None)], "PAYPAL"),
            ([("paypal", "cancel", None)], "OTHER"),
            ([("paypal", "draft", None)], "OTHER"),
        ):
            with self.subTest(attempts=attempts):
                self.assertEqual(self._try_payments(*attempts), reported)
