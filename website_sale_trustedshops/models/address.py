# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find the records that hold an e-mail address."""

import re

from odoo.fields import Domain

from ..lib.address import get_spellings, normalize_address


def find_by_address(records, path, email):
    """Return the records with an address, in any spelling that Odoo may have stored.

    Odoo does not lower-case the part before the at sign if it is not all ASCII.

    :param records: of the model to search, with the rights that this needs
    :param str path: to the field with the address, as in a domain
    :param str email: normalized, not empty
    """
    spellings = get_spellings(email)
    if email.isascii():
        return records.search([(path, "in", spellings)])
    # Not every database can lower-case all letters, so Python compares them.
    patterns = (re.sub(r"[^a-z0-9@.]+", "%", each) for each in spellings)
    found = records.search(Domain.OR(Domain(path, "=ilike", each) for each in patterns))
    return found.filtered(
        lambda each: email in map(normalize_address, each.mapped(path))
    )
