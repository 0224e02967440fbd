# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Random carts, and the shops in which they are filled."""

from dataclasses import dataclass, field
from decimal import Decimal

from hypothesis import strategies as st

from odoo import Command

SHOPS = ("de", "pl", "own")
CURRENCIES = ("EUR", "PLN", "JPY")
ROUNDINGS = ("round_per_line", "round_globally")
# How many taxes and fiscal positions a cart may choose from; larger than any shop has,
# so that each shop takes the remainder.
MANY = 60


@dataclass(frozen=True)
class Line:
    """Goods: price in minor units, thousandths of pieces, hundredths of per cent."""

    price: int
    quantity: int
    discount: int
    tax: int


@dataclass(frozen=True)
class Cart:
    """What a buyer buys where, and the fee in minor units of the currency."""

    shop: str
    currency: str
    rounding: str
    position: int
    fee: int
    fee_tax: int
    lines: tuple[Line, ...]
    delivery: int | None


LINES = st.builds(
    Line,
    price=st.integers(1, 150_000),
    quantity=st.sampled_from((1000, 2000, 3000, 7000, 333, 1250)),
    discount=st.sampled_from((0, 0, 0, 1000, 3333, 1250)) | st.integers(0, 9999),
    tax=st.integers(0, MANY - 1),
)
CARTS = st.builds(
    Cart,
    shop=st.sampled_from(SHOPS),
    currency=st.sampled_from(CURRENCIES),
    rounding=st.sampled_from(ROUNDINGS),
    position=st.just(0) | st.integers(0, MANY - 1),
    fee=st.sampled_from((98, 294, 490, 980, 1960, 3920)) | st.integers(1, 9999),
    fee_tax=st.integers(0, MANY - 1),
    lines=st.lists(LINES, min_size=1, max_size=6).map(tuple),
    delivery=st.none() | st.integers(0, 2999),
)


@dataclass
class Shop:
    """A company that sells, with the taxes and fiscal positions to choose from.

    :param company: record of ``res.company``
    :param certificate: record of ``trustedshops.certificate``
    :param taxes: list of records of ``account.tax``, each with the taxes of one line
    :param positions: list of records of ``account.fiscal.position``, the first empty
    """

    company: object
    certificate: object
    taxes: list
    positions: list
    products: dict = field(default_factory=dict)

    def choose_taxes(self, number, position):
        """Return the taxes of a line under a fiscal position."""
        return position.map_tax(self.taxes[number % len(self.taxes)])

    def choose_position(self, number):
        """Return a fiscal position, empty for a domestic buyer."""
        return self.positions[number % len(self.positions)]


def to_decimal(amount, currency):
    """Return an amount as it is shown: exact, with the digits of its currency."""
    return Decimal(f"{amount:.{currency.decimal_places}f}")


def prepare_line(shop, position, line, currency, **values):
    """Return the command that adds goods to an order."""
    return Command.create(
        {
            "product_id": shop.products["goods"].id,
            "price_unit": line.price / 10**currency.decimal_places,
            "product_uom_qty": line.quantity / 1000,
            "discount": line.discount / 100,
            "tax_ids": [Command.set(shop.choose_taxes(line.tax, position).ids)],
            **values,
        }
    )
