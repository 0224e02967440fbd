# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Random carts, and the shops in which they are filled."""

from dataclasses import dataclass, field
from decimal import Decimal

from odoo import Command

from .chance import make_dice

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


def make_carts(count):
    """Return different carts, the same for each seed."""
    dice = make_dice("carts")
    return [_make_cart(dice) for _number in range(count)]


def _make_cart(dice):
    return Cart(
        shop=dice.choice(SHOPS),
        currency=dice.choice(CURRENCIES),
        rounding=dice.choice(ROUNDINGS),
        position=dice.choice((0, dice.randrange(MANY))),
        fee=dice.choice((98, 294, 490, 980, 1960, 3920, *_roll(dice, 6, 1, 9999))),
        fee_tax=dice.randrange(MANY),
        lines=tuple(_make_line(dice) for _number in range(dice.randint(1, 6))),
        delivery=dice.choice((None, 0, *_roll(dice, 2, 1, 2999))),
    )


def _make_line(dice):
    return Line(
        price=dice.choice((1, 2, 5, 99, 100, *_roll(dice, 20, 1, 150_000))),
        quantity=dice.choice((1000, 2000, 3000, 7000, 333, 1250)),
        discount=dice.choice((0, 0, 0, 1000, 3333, 1250, *_roll(dice, 4, 1, 9999))),
        tax=dice.randrange(MANY),
    )


def _roll(dice, count, least, most):
    """Return some numbers, to choose one from beside the usual ones."""
    return [dice.randint(least, most) for _number in range(count)]


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
