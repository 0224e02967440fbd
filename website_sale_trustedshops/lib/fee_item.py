# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Chooses the protection item for an order, and compares fee tables."""


def find_item(items, amount, currency):
    """Return the smallest item that covers the whole amount.

    An item covers amounts up to its protected amount. For a higher amount than all of
    them cover, return the largest one ("up to ..."). Never convert an amount: items in
    another currency do not count.

    :param items: items with ``currency``, ``protected_amount`` and ``gross_fee``
    :type items: iterable of ProtectionItem
    :param decimal.Decimal amount: value to protect, taxes included, in ``currency``
    :param str currency: ISO 4217 code of the order
    :return: the item, None when there is none in that currency or nothing to protect
    :rtype: ProtectionItem or None

    Source: Trusted Shops Excellence handbook, "smallest item that fully covers goods
    and shipping"; the largest above the maximum as certified modules do
    """
    usable = sorted(
        (item for item in items if item.currency == currency),
        # Two tariffs may protect the same amount: the buyer gets the cheaper one.
        key=lambda item: (item.protected_amount, item.gross_fee),
    )
    if not usable or amount <= 0:
        return None
    wanted = min(amount, usable[-1].protected_amount)
    return next(item for item in usable if item.protected_amount >= wanted)


def find_worsened(before, after):
    """Return the codes of items that are missing or more expensive in a new fee table.

    :param before: the old table
    :type before: iterable of ProtectionItem
    :param after: the new table
    :type after: iterable of ProtectionItem
    :return: ``ts_product_id`` of the items, in the order of the old table
    :rtype: list of str
    """
    fees = {item.ts_product_id: item.gross_fee for item in after}
    return [
        item.ts_product_id
        for item in before
        if item.ts_product_id not in fees or fees[item.ts_product_id] > item.gross_fee
    ]
