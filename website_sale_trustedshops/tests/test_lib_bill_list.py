# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal
from unittest import TestCase

from ..lib import bill_list
from ..lib.bill_list import BillLine, Fee, Row, compare, decode, parse

# One line of a list, and what it says.
LINES = (
    ("S00023;0,82", ("S00023", "0.82", "")),
    ("S00023 0,82 €", ("S00023", "0.82", "EUR")),
    ("S00023\t€ 0.82", ("S00023", "0.82", "EUR")),
    ("  S00023 \t 0,82\xa0zł ", ("S00023", "0.82", "PLN")),
    ("S00023;1 234,56 zł", ("S00023", "1234.56", "PLN")),
    ("S00023;1\u202f234,56", ("S00023", "1234.56", "")),
    ("S00023;1.234,56", ("S00023", "1234.56", "")),
    ("S00023;1'234.56;CHF", ("S00023", "1234.56", "CHF")),
    ("S00023;1.234.567", ("S00023", "1234567", "")),
    ("S00023;1.000", ("S00023", "1000", "")),
    ("S00023;0.980", ("S00023", "0.98", "")),
    ("S00023;-0,82", ("S00023", "-0.82", "")),
    ("S00023;82", ("S00023", "82", "")),
    ("WEB/0042 | 02/11/2026 | 0.82 PLN", ("WEB/0042", "0.82", "PLN")),
    ("WEB00042;0,82", ("WEB00042", "0.82", "")),
    ("WEB-0042;0,82", ("WEB-0042", "0.82", "")),
    ("ORD1001\t0,82 €", ("ORD1001", "0.82", "EUR")),
    ("S00023;\u22120,82", ("S00023", "-0.82", "")),
    ("S00023;0,82 XYZ", ("S00023", "0.82", "XYZ")),
    ("S00023 0,82 XYZ", ("S00023", "0.82", "XYZ")),
    ("SUMMER-1;0,82", ("SUMMER-1", "0.82", "")),
    ("IVA/001;0,82", ("IVA/001", "0.82", "")),
    ("TAX-77;0,82", ("TAX-77", "0.82", "")),
    ("1;S00023;0,82", ("S00023", "0.82", "")),
    ("1;4711;0,82", ("4711", "0.82", "")),
    ("10001;TS080501_500_30_EUR;0,82", ("10001", "0.82", "")),
    ("2026-11-02\tS00023\t0,82", ("S00023", "0.82", "")),
    ("S00023 2026-11-02 10:00 0,82 EUR", ("S00023", "0.82", "EUR")),
    ("1.11.26;S00023;0,82", ("S00023", "0.82", "")),
    ("4711;0,82", ("4711", "0.82", "")),
    ("4711 0,82", ("4711", "0.82", "")),
    ('S00023,"0,82"', ("S00023", "0.82", "")),
    ("S00023,0.82,EUR", ("S00023", "0.82", "EUR")),
    ("S00023, 0,82", ("S00023", "0.82", "")),
    ("S00023,0,82", ("S00023", "0.82", "")),
    ("S00023,02/11/2026,12,50", ("S00023", "12.50", "")),
    ("S 1 23;0,82", ("S 1 23", "0.82", "")),
    ("S\x0000023;0,82", ("S00023", "0.82", "")),
)
BAD = ("S00023", "0,82", "hello", "S00023;0,8x", "S00023;1e5", "S00023;NaN", '"S1;0,82')


class TestBillList(TestCase):
    """Lists that come with a bill look as nobody documents."""

    def test_a_line_is_understood_however_it_is_written(self):
        for text, (order, amount, currency) in LINES:
            with self.subTest(text):
                line = BillLine(1, order, Decimal(amount), currency)
                self.assertEqual(parse(text), ([line], {}))

    def test_a_line_without_order_or_amount_is_named_by_its_number(self):
        for text in BAD:
            with self.subTest(text):
                self.assertEqual(parse(text), ([], {1: text}))
                lines, bad = parse(f"S1;0,82\r\n\n{text}\rS2;4,12\nS3;9,99")
                self.assertEqual([line.number for line in lines], [1, 4, 5])
                self.assertEqual(bad, {3: text})

    def test_nothing_is_no_list(self):
        for text in ("", " \n\t\r\n", ";;\n,"):
            with self.subTest(text):
                self.assertEqual(parse(text), ([], {}))

    def test_a_heading_says_which_columns_are_meant(self):
        for heading, cells in (
            ("Datum;Antrag;Bestellnummer;Netto;Brutto", "1.11.26;99;S7;0,82;0,98"),
            ("Order Date;Order No.;Fee;Sum insured", "1.11.26;S7;0,82;500,00"),
            ("Kwota;Zamówienie", "0,82;S7"),
            ("Numéro;Commande;Montant;Total", "99;S7;0,82;0,98"),
            ("Order;Protected amount;Fee", "S7;500,00;0,82"),
            ("Order value;Order number;Fee", "39,90;S7;0,82"),
            ("Auftragsnummer;Bestellwert;Gebühr", "S7;39,90;0,82"),
        ):
            with self.subTest(heading):
                line = BillLine(2, "S7", Decimal("0.82"))
                self.assertEqual(parse(f"{heading}\n{cells}"), ([line], {}))

    def test_heading_and_sums_are_no_bad_lines(self):
        for total in (
            *("Summe;0,82", "Total: 0,82", "Razem\t0,82;", "Subtotal;;0,82"),
            *("Gesamtbetrag;0,82", "Total;;0,82", "Netto-Summe;0,82"),
            *("Summe netto;0,82", "Total EUR;0,82", "USt. 19 %;0,16", "Brutto: 0,98"),
        ):
            with self.subTest(total):
                found = parse(f"Bestellung;Betrag\nS1;0,82\n{total}")
                self.assertEqual(found, ([BillLine(2, "S1", Decimal("0.82"))], {}))

    def test_one_order_over_its_sum_is_read(self):
        line = BillLine(1, "S1", Decimal("0.82"), "EUR")
        self.assertEqual(parse("S1 0,82 €\nTotal 0,82 €"), ([line], {}))

    def test_a_list_of_more_than_a_month_is_refused(self):
        text = "S1;0,82\n" * bill_list.MOST_LINES
        self.assertEqual(len(parse(text)[0]), 20_000)
        with self.assertRaises(ValueError):
            parse(f"{text}S1;0,82")

    def test_a_file_is_read_in_any_usual_encoding(self):
        text = "Bestellung;Gebühr\nS1;0,82 €"
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
            with self.subTest(encoding):
                self.assertEqual(decode(text.encode(encoding)), text)

    def test_a_file_that_is_no_text_is_refused(self):
        for content in (b"PK\x03\x04\x14\0\x06\0", b"%PDF-1.7\n\xe2\xe3\0"):
            with self.subTest(content), self.assertRaises(ValueError):
                decode(content)


def make_fee(order, net="0.82", gross="0.98", currency="EUR", obstacle=""):
    amounts = Decimal(net), Decimal(gross)
    return Fee(int(order[1:]), order, amounts, currency, obstacle)


def make_row(order, why, billed=None, here=None, currency="EUR"):
    amounts = (each and Decimal(each) for each in (billed, here))
    return Row(order, why, *amounts, currency)


class TestComparison(TestCase):
    """What agrees, what is on one side only, and why."""

    def _compare(self, text, *fees, expected=(), currency="EUR"):
        lines, _bad = parse(text)
        return compare(lines, fees, expected, currency)

    def test_what_agrees_and_what_does_not_adds_up(self):
        one, two, three = make_fee("S1"), make_fee("S2"), make_fee("S3", "4.12", "4.90")
        found = self._compare(
            "s1;0,82\nS2;0,98\nS9;1,00", one, two, expected=(one, two, three)
        )
        self.assertEqual(found.agreeing, (one,))
        self.assertEqual(
            found.rows,
            (
                make_row("S2", "amount", "0.98", "0.82"),
                make_row("S9", "unknown", "1.00"),
                make_row("S3", "missing", None, "4.12"),
            ),
        )
        self.assertFalse(found.is_gross)
        self.assertEqual(
            (found.agreed, found.billed, found.here),
            (Decimal("0.82"), Decimal("2.80"), Decimal("5.76")),
        )

    def test_amounts_with_taxes_are_compared_with_those(self):
        one, two = make_fee("S1"), make_fee("S2")
        found = self._compare("S1;0,98\nS2;0,98", one, expected=(one, two))
        self.assertTrue(found.is_gross)
        self.assertEqual(found.agreeing, (one,))
        self.assertEqual(
            found.rows,
            (
                make_row("S2", "unknown", "0.98"),
                make_row("S2", "missing", None, "0.98"),
            ),
        )
        self.assertEqual(found.here, Decimal("1.96"))

    def test_each_order_agrees_once(self):
        one = make_fee("S1")
        found = self._compare("S1;0,82\nS1;0,82", one, expected=(one,))
        self.assertEqual(found.agreeing, (one,))
        self.assertEqual(found.rows, (make_row("S1", "twice", "0.82"),))

    def test_what_was_billed_or_is_not_owed_does_not_agree(self):
        for why in ("billed", "void", "doubt"):
            with self.subTest(why):
                found = self._compare("S1;0,82", make_fee("S1", obstacle=why))
                self.assertEqual(found.agreeing, ())
                self.assertEqual(found.rows, (make_row("S1", why, "0.82"),))
                self.assertEqual(found.billed, Decimal("0.82"))
                self.assertEqual(found.here, 0)

    def test_what_the_bill_credits_does_not_agree_in_any_order(self):
        one = make_fee("S1")
        for texts in (("S1;0,82", "S1;-0,82"), ("S1;-0,82", "S1;0,82")):
            found = self._compare("\n".join(texts), one, expected=(one,))
            self.assertEqual(found.agreeing, ())
            self.assertEqual({row.why for row in found.rows}, {"credited"})
            self.assertEqual((found.billed, found.here), (0, Decimal("0.82")))

    def test_sums_are_of_one_currency(self):
        one, two = make_fee("S1"), make_fee("S2", currency="PLN")
        found = self._compare("S1;0,82\nS2;0,82\nS3;5,00 PLN", one, two)
        self.assertEqual(
            found.rows,
            (
                make_row("S2", "currency", "0.82"),
                make_row("S3", "unknown", "5.00", None, "PLN"),
            ),
        )
        self.assertEqual(found.billed, Decimal("1.64"))
        found = self._compare("S2;0,82 PLN", two, currency="EUR")
        self.assertEqual(found.agreeing, (two,))

    def test_of_two_with_one_number_the_last_counts(self):
        first, last = make_fee("S1", obstacle="void"), make_fee("S1")
        self.assertEqual(self._compare("S1;0,82", first, last).agreeing, (last,))
