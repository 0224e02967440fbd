# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from lxml import etree

from odoo import Command
from odoo.tests import tagged

from .books_common import BooksCommon

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
NAMESPACES = {
    "cac": f"{UBL}CommonAggregateComponents-2",
    "cbc": f"{UBL}CommonBasicComponents-2",
    "ram": "urn:un:unece:uncefact:data:standard:"
    "ReusableAggregateBusinessInformationEntity:100",
    "fa": "http://crd.gov.pl/wzor/2025/06/25/13775/",
}
# Where each format has the net amounts of the lines, and the sums: net, tax, total and
# what is to be paid.
UBL_SUMS = (
    "//cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount",
    "/*/cac:TaxTotal/cbc:TaxAmount",
    "//cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount",
    "//cac:LegalMonetaryTotal/cbc:PayableAmount",
)
CII_SUM = "//ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:"
GERMAN_FORMATS = {
    "ubl_de": ("//cac:{}Line/cbc:LineExtensionAmount", UBL_SUMS),
    "ubl_bis3": ("//cac:{}Line/cbc:LineExtensionAmount", UBL_SUMS),
    "cii": (
        "//ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount",
        (
            f"{CII_SUM}TaxBasisTotalAmount",
            f"{CII_SUM}TaxTotalAmount",
            f"{CII_SUM}GrandTotalAmount",
        ),
    ),
}
POLISH_FORMAT = (
    "//fa:FaWiersz/fa:P_11",
    ("//fa:P_13_1", "//fa:P_14_1", "//fa:P_15"),
)


class EInvoiceCommon(BooksCommon):
    """A shop whose invoices are sent as files that machines read."""

    def _make_documents(self, shop, fee):
        """Return the posted invoice of an order with the fee, and its credit note."""
        tax = shop.company.account_sale_tax_id
        shop.products["fee"].taxes_id = tax
        line = {
            "product_id": shop.products["goods"].id,
            "name": "Lamp",
            "price_unit": 33.33,
            "product_uom_qty": 3,
            "tax_ids": [Command.set(tax.ids)],
        }
        orders = self.env["sale.order"].with_company(shop.company)
        order = orders.create(
            {
                "partner_id": self.buyer.id,
                "company_id": shop.company.id,
                "order_line": [Command.create(line)],
            }
        )
        self._add_fee(order, shop.certificate, fee)
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.partner_bank_id = shop.company.bank_ids[:1]
        invoice.action_post()
        credit = invoice._reverse_moves([{"ref": "Buyer Protection not concluded"}])
        credit.action_post()
        # Not balanced against each other: both say what is to be paid.
        credit.line_ids.remove_move_reconcile()
        return invoice, credit

    def _find(self, tree, xpath):
        """Return the amounts of elements."""
        nodes = tree.xpath(xpath, namespaces=NAMESPACES)
        return [Decimal(node.text) for node in nodes]

    def assertAmounts(self, xml, places, lines, tax, total):
        """Check the net amounts of the lines, and what follows from them.

        :param tuple places: XPaths of lines, and of net, tax and what has the total
        """
        tree = etree.fromstring(xml)
        of_lines, (of_net, of_tax, *of_totals) = places
        self.assertEqual(self._find(tree, of_lines), [*map(Decimal, lines)])
        self.assertEqual(self._find(tree, of_net), [sum(map(Decimal, lines))])
        self.assertEqual(self._find(tree, of_tax), [Decimal(tax)])
        for xpath in of_totals:
            self.assertEqual(self._find(tree, xpath), [Decimal(total)])


@tagged("full")
class TestGermanEInvoice(EInvoiceCommon):
    """Factur-X, XRechnung and Peppol of core add up with the line of the fee."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls._make_shop(
            "de_skr03",
            "de",
            "X" + "D" * 32,
            vat="DE136695976",
            street="Teststr. 1",
            zip="50667",
            city="Köln",
            phone="+49 221 123456",
            email="shop@shop.example",
        )
        cls.env["res.partner.bank"].create(
            {
                "acc_number": "DE89370400440532013000",
                "partner_id": cls.shop.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        cls.buyer.write({"is_company": True, "vat": "DE123456788"})

    def test_each_format_adds_up_with_the_fee(self):
        documents = self._make_documents(self.shop, 0.98)
        for builder, (lines, sums) in GERMAN_FORMATS.items():
            for move, kind in zip(documents, ("Invoice", "CreditNote"), strict=True):
                with self.subTest(builder=builder, kind=kind):
                    model = self.env[f"account.edi.xml.{builder}"]
                    xml, errors = model._export_invoice(move)
                    self.assertEqual(set(errors), set())
                    places = (lines.format(kind), sums)
                    self.assertAmounts(
                        xml, places, ("99.99", "0.82"), "19.16", "119.97"
                    )


@tagged("full")
class TestPolishEInvoice(EInvoiceCommon):
    """FA(3) of core, for the national system KSeF, adds up with the line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._require_modules("l10n_pl_edi")
        cls.shop = cls._make_shop(
            "pl",
            "pl",
            "X" + "E" * 32,
            vat="PL1234567883",
            street="Testowa 1",
            zip="00-001",
            city="Warszawa",
        )
        cls.buyer.write(
            {
                "country_id": cls.env.ref("base.pl").id,
                "vat": "PL1111111111",
                "is_company": True,
            }
        )

    def test_invoice_and_credit_note_add_up_with_the_fee(self):
        invoice, credit = self._make_documents(self.shop, 4.90)
        self.assertFalse(invoice._l10n_pl_edi_check_mandatory_fields())
        for move, lines, tax, total in (
            (invoice, ("99.99", "3.98"), "23.92", "127.89"),
            (credit, ("-99.99", "-3.98"), "-23.92", "-127.89"),
        ):
            with self.subTest(kind=move.move_type):
                xml = move._l10n_pl_edi_render_xml().encode()
                self.assertAmounts(xml, POLISH_FORMAT, lines, tax, total)
