# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a new sandbox has: certificates, and an account with its channels."""

import time

from . import accounts, certificates


def plant(store, shop_url):
    """Put everything seeded there, or back as it was; other things stay.

    :param Store store: the state.
    :param str shop_url: the address of the shop.
    :return: the certificates
    :rtype: list[dict]
    """
    seeds = certificates.make_seeds(shop_url)
    with store.transaction():
        for certificate in seeds:
            store.put_certificate(certificate)
        accounts.plant(store, shop_url, time.time())
    return seeds
