# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Privacy Lookup asks of models with data of buyers."""

import re
from datetime import date

from odoo import api, models
from odoo.fields import Domain

from ..lib.address import get_spellings, normalize_address

# Years for which documents are kept after the end of theirs, by country of the company.
# Sources: section 147 AO, section 132 BAO, article 86 of Ordynacja podatkowa.
KEEP_YEARS = {"DE": 8, "AT": 7, "PL": 5}


def search_by_address(records, path, email):
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


class TrustedShopsPersonalData(models.AbstractModel):
    """Mark models with data of buyers, whose rows have a ``company_id``.

    Privacy Lookup asks every model that inherits this one, so none is forgotten.
    """

    _name = "trustedshops.personal.data"
    _description = "Trusted Shops: Data of Buyers"

    @api.model
    def _trustedshops_search_person(self, email):
        """Return the rows about the owner of an address, in all companies.

        :param str email: normalized, not empty
        """
        return self.browse()

    def _trustedshops_format_kept(self):
        """Return the reason to keep the row, and until when; '' without one.

        :rtype: str
        """
        return ""

    def _trustedshops_erase(self, email):
        """Erase what names the person.

        :param str email: normalized
        """
        self.unlink()

    @api.model
    def _trustedshops_count_proofs(self):
        """Count the rows that are lost when the addon is uninstalled.

        :return: number of rows that prove something, and until when they must be kept
        :rtype: tuple[int, datetime.date or None]
        """
        return 0, None


def get_last_day(company, moment):
    """Return until when a company must keep the documents of a moment."""
    years = KEEP_YEARS.get(company.country_id.code, 10)
    return date(moment.year + years, 12, 31)
