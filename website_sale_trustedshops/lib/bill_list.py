# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reads the list of order numbers and amounts that comes with a bill.

Users paste it from a mail or a spreadsheet, or upload it. Its format is not documented,
so the module judges cells by their look, and by the words of a heading if there is one.
"""

import csv
import re
from dataclasses import dataclass
from decimal import Decimal

# No list of a month is longer, and the addon compares every line.
MOST_LINES = 20_000
# Tried in this order until more than half of the lines make sense. None stands for any
# run of blanks.
DELIMITERS = ("\t", ";", "|", None, ",")
NEW_LINE = re.compile(r"\r\n?|\n")
# A spreadsheet may write a minus sign instead of a hyphen.
ODD = {0: None, ord("\u2212"): "-"}
# Characters to remove around words.
BLANK = ' \t\xa0;,|"'
# A decimal comma in a line in which commas also separate the cells.
LOOSE_CENTS = re.compile(r"(,\s*[+-]?\d{1,3}),(\d\d)(?=\D*$)")
SIGNS = {"€": "EUR", "zł": "PLN", "£": "GBP", "$": "USD"}
DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[T ]\d{1,2}:\d{2}\S*)?")
TIME = re.compile(r"\d{1,2}:\d{2}\S*")
# Beside an amount not any three capitals: orders are numbered WEB00042, too.
CODES = r"EUR|PLN|CHF|GBP|USD|CZK|DKK|SEK|NOK|HUF|RON"
SIGN = rf"{CODES}|[€£$]|zł"
CURRENCY = re.compile(rf"[A-Z]{{3}}|{SIGN}")
# A number may separate thousands by a blank, an apostrophe, a point or a comma.
NUMBER = r"[+-]?(?:\d{1,3}(?:[\s'.,]\d{3})+|\d{1,9})(?:[.,]\d{1,4})?"
AMOUNT = re.compile(rf"(?:{SIGN})?\s*({NUMBER})\s*(?:{SIGN}|(?<=\s)[A-Z]{{3}})?")
# Words that begin the sums and taxes below a list.
# Words that are part of a number, as in TAX-77, begin a line with an order.
TOTAL = re.compile(
    r"(?:(?:sub|zwischen)?(?:total|summe|suma|gesamt|razem|totaal)[^\W\d]*|"
    r"(?:netto|brutto|ust|mwst|vat|tva|iva|btw|tax|steuer))(?!\w|[/#-]\w*\d)",
    re.I,
)
# Words of headings, the most specific first.
ORDER_WORDS = ("order", "bestell", "auftrag", "zamówi", "commande", "pedido", "ordine")
DATE_WORDS = r"date?\b|datum|fecha"
AMOUNT_WORDS = (
    *("fee", "gebühr", "opłata", "frais", "tarifa", "commissione", "vergoeding"),
    *("net", "amount", "betrag", "kwota", "montant", "importe", "importo", "bedrag"),
)
# Headings of the value of an order, which is neither its number nor its fee.
VALUE_WORDS = r"value|wert|wartość|valeur|valor|waarde|amount|betrag|kwota|montant"


@dataclass(frozen=True)
class BillLine:
    """One line of the list.

    :param int number: of the line, from 1
    :param str order: number of the order
    :param Decimal amount: as billed
    :param str currency: ISO code, '' where the line does not name it
    """

    number: int
    order: str
    amount: Decimal
    currency: str = ""


def decode(content):
    """Return the text of an uploaded file.

    :param bytes content: text that a spreadsheet saved, in any usual encoding
    :rtype: str
    :raise ValueError: when it is no text
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if b"\0" in content:  # a spreadsheet, or a PDF
        raise ValueError
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def parse(text):
    """Return the lines of a list that make sense, and the texts of the others.

    :param str text: as pasted
    :return: lines that make sense, and the texts of the others by line number
    :rtype: tuple[list[BillLine], dict[int, str]]
    :raise ValueError: with more than ``MOST_LINES``
    """
    texts = {
        number: line
        for number, line in enumerate(NEW_LINE.split(text.translate(ODD)), start=1)
        if line.strip(BLANK)
    }
    if len(texts) > MOST_LINES:
        raise ValueError(len(texts))
    sums = {number for number, line in texts.items() if _is_total(line)}
    every, texts = texts, {each: texts[each] for each in texts if each not in sums}
    lines = []
    for delimiter in DELIMITERS:
        is_there = delimiter is None or delimiter in text
        if is_there and 2 * len(lines) <= len(texts):
            lines = max(lines, _read_lines(texts, delimiter), key=len)
    known = {line.number for line in lines}
    if lines:
        known |= sums
        first = next(iter(texts))
        if not re.search(r"\d", texts[first]):  # the heading
            known.add(first)
    bad = {number: every[number].strip() for number in every if number not in known}
    return lines, bad


def _is_total(line):
    """Return True if a line is a sum or a tax below a list."""
    return bool(TOTAL.match(line.strip(BLANK)) and re.search(r"\d", line))


def _read_lines(texts, delimiter):
    """Return the lines that make sense with a delimiter."""
    columns, lines = (None, None), []
    for place, (number, text) in enumerate(texts.items()):
        cells = _split(text, delimiter)
        if not place:
            columns = _find_columns(cells)
        if line := _read_line(number, cells, *columns):
            lines.append(line)
    return lines


def _split(text, delimiter):
    """Return the cells of a line, without blanks around them."""
    if read_amount(text) is not None:  # one amount: its comma separates no cells
        return []
    if delimiter == "," and '"' not in text:
        text = LOOSE_CENTS.sub(r"\1.\2", text)
    if delimiter is None:
        return [cell.strip(BLANK) for cell in text.split()]
    try:
        [cells] = csv.reader([text], delimiter=delimiter)
    except (csv.Error, ValueError):  # a quote that is not closed
        return []
    return [" ".join(cell.split()) for cell in cells]


def _find_columns(cells):
    """Return the columns of order and amount in a heading, None for a missing one."""
    if any(map(read_amount, cells)):
        return None, None
    # "Order Date" is not the heading of order numbers.
    names = ["" if re.search(DATE_WORDS, cell, re.I) else cell for cell in cells]

    def find(words, but=None):
        places = (
            place
            for word in words
            for place, name in enumerate(names)
            if place != but and re.search(rf"\b{word}", name, re.I)
        )
        return next(places, None)

    amount_at = find(AMOUNT_WORDS)
    names = ["" if re.search(VALUE_WORDS, name, re.I) else name for name in names]
    return find(ORDER_WORDS, but=amount_at), amount_at


def _read_line(number, cells, order_at, amount_at):
    """Return a line, None when it has no order or no amount.

    Without a heading, take the last amount and the first cell that may be an order,
    and does not count the lines.
    """
    places = range(len(cells))
    if order_at is None:
        orders = [at for at in places if _may_be_order(cells[at])]
        others = [at for at in orders if cells[at] != str(number)]
        order_at = next(iter(others or orders), None)
    if amount_at is None:
        amounts = [at for at in places if read_amount(cells[at]) is not None]
        amount_at = next((at for at in reversed(amounts) if at != order_at), None)
    if None in (order_at, amount_at) or max(order_at, amount_at) >= len(cells):
        return None
    order, amount = cells[order_at], read_amount(cells[amount_at])
    if amount is None or not _may_be_order(order):
        return None
    return BillLine(number, order, amount, _find_currency(cells, amount_at))


def _may_be_order(cell):
    """Return True unless a cell is empty, a date, a time, a currency or an amount.

    Digits alone may be the number of an order.
    """
    is_else = any(each.fullmatch(cell) for each in (DATE, TIME, CURRENCY))
    amount = read_amount(cell)
    return bool(cell) and not is_else and (amount is None or cell.isdigit())


def read_amount(cell):
    """Return the amount in a cell, with point or comma, with or without currency.

    :param str cell: for example ``1.234,50 €``
    :return: None when the cell is no amount
    :rtype: decimal.Decimal or None
    """
    found = AMOUNT.fullmatch(cell.strip())
    if not found or DATE.fullmatch(cell):
        return None
    text = re.sub(r"[\s']", "", found[1])
    marks = [mark for mark in text if mark in ".,"]
    whole, mark, part = text.rpartition(marks[-1]) if marks else (text, "", "")
    # One mark before three digits separates thousands, as do several equal marks.
    is_thousands = marks.count(mark) > 1 or (
        len(marks) == 1 and len(part) == 3 and whole.strip("+-0")
    )
    digits = re.sub(r"[.,]", "", whole)
    return Decimal(digits + part if is_thousands or not mark else f"{digits}.{part}")


def _find_currency(cells, amount_at):
    """Return the ISO code beside the amount or in a cell of its own, '' without one."""
    amount = re.sub(r"[\d.,'+\s-]", "", cells[amount_at])
    alone = [cell for cell in cells if CURRENCY.fullmatch(cell)]
    found = amount or next(iter(alone), "")
    return SIGNS.get(found, found if len(found) == 3 else "")


# === LIST AND FEES === #
@dataclass(frozen=True)
class Fee:
    """The fee of one protection, as we know it.

    :param int id: of the protection
    :param str order: number of the order
    :param tuple amounts: net and gross
    :param str currency: ISO code
    :param str obstacle: why it should not be on the bill: ``billed``, ``void``, or
        ``doubt`` if nothing shows whether the application arrived
    """

    id: int
    order: str
    amounts: tuple[Decimal, Decimal]
    currency: str
    obstacle: str = ""


@dataclass(frozen=True)
class Row:
    """An order for which list and fees do not agree.

    :param str order: its number
    :param str why: ``unknown``, ``twice``, ``credited``, ``currency`` or ``amount``;
        the obstacle of the fee; or ``missing`` on the list
    :param Decimal billed: None when it is not on the list
    :param Decimal here: what is owed for it and not billed yet, None for nothing
    :param str currency: ISO code
    """

    order: str
    why: str
    billed: Decimal | None
    here: Decimal | None
    currency: str


@dataclass(frozen=True)
class Comparison:
    """The comparison of a list with the fees.

    :param str currency: ISO code of the sums
    :param bool is_gross: whether the list has amounts with taxes
    :param tuple agreeing: fees
    :param tuple rows: what does not agree
    """

    currency: str
    is_gross: bool
    agreeing: tuple[Fee, ...]
    rows: tuple[Row, ...]

    @property
    def agreed(self):
        """Return the sum of the fees that agree with the list."""
        return sum((fee.amounts[self.is_gross] for fee in self.agreeing), Decimal())

    @property
    def billed(self):
        """Return the sum of the amounts on the list."""
        return self.agreed + self._add(row.billed for row in self._get_own_rows())

    @property
    def here(self):
        """Return the sum of the fees that we owe."""
        return self.agreed + self._add(row.here for row in self._get_own_rows())

    def _get_own_rows(self):
        return [row for row in self.rows if row.currency == self.currency]

    def _add(self, amounts):
        return sum(filter(None, amounts), Decimal())


def compare(lines, fees, expected, currency):
    """Compare the lines of a list with the fees.

    :param lines: result of :func:`parse`; an order that also has a negative amount
        never agrees
    :param fees: fees of the orders in the list; if two have the same number, the last
        one counts
    :param expected: fees that are owed and not billed yet
    :param str currency: ISO code of lines that name none
    :rtype: Comparison
    """
    by_order = {fee.order.casefold(): fee for fee in fees}
    pairs = [(line, by_order.get(line.order.casefold())) for line in lines]
    net, gross = (
        sum(line.amount == fee.amounts[kind] for line, fee in pairs if fee)
        for kind in (0, 1)
    )
    is_gross = gross > net
    agreeing, rows, seen = [], [], set()
    credited = {line.order.casefold() for line in lines if line.amount < 0}
    for line, fee in pairs:
        why = _find_difference(line, fee, currency, is_gross)
        is_owed = fee and fee not in seen and why in ("", "amount")
        if line.order.casefold() in credited:
            why = "credited"
        elif fee in seen:
            why = "twice"
        if fee:
            seen.add(fee)
        if why:
            here = fee.amounts[is_gross] if is_owed else None
            code = line.currency or currency
            rows.append(Row(line.order, why, line.amount, here, code))
        else:
            agreeing.append(fee)
    rows += [
        Row(fee.order, "missing", None, fee.amounts[is_gross], fee.currency)
        for fee in expected
        if fee not in seen
    ]
    return Comparison(currency, is_gross, tuple(agreeing), tuple(rows))


def _find_difference(line, fee, currency, is_gross):
    """Return why a line and a fee do not agree, '' when they do."""
    if not fee:
        return "unknown"
    if (line.currency or currency) != fee.currency:
        return "currency"
    return fee.obstacle or ("amount" if line.amount != fee.amounts[is_gross] else "")
