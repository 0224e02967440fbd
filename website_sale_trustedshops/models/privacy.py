# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Methods that Privacy Lookup calls on models with data of buyers."""

import re
from datetime import date

from odoo import api, models
from odoo.fields import Domain

from ..lib.address import get_spellings, normalize_address

# Years for which a company must keep documents after the end of their own year, by its
# country.
# Sources: section 147 AO, section 132 BAO, article 86 of Ordynacja podatkowa.
KEEP_YEARS = {"DE": 8, "AT": 7, "PL": 5}


def search_by_address(records, path, email):
    """Search a model by an e-mail address, in any spelling that Odoo may have stored.

    Odoo does not lower-case the part before the at sign if it is not all ASCII.

    :param records: recordset of the model, as a rule in sudo
    :param str path: path to the field with the address, as in a domain
    :param str email: result of :func:`.address.normalize_address`, not empty
    :return: the records found
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
    """Mixin of models with data of buyers, which need a field ``company_id``.

    Privacy Lookup searches every model that inherits it, in sudo.
    """

    _name = "trustedshops.personal.data"
    _description = "Trusted Shops: Data of Buyers"
    _inherit = ["trustedshops.unlogged"]

    @api.model
    def _trustedshops_search_person(self, email):
        """Return the records about the owner of an address, in all companies.

        To be overridden.

        :param str email: result of :func:`.address.normalize_address`, not empty
        """
        return self.browse()

    def _trustedshops_format_kept(self):
        """Return the reason and period for which records must be kept.

        To be overridden.

        :return: sentence for staff, '' if the records may be erased
        :rtype: str
        """
        return ""

    def _trustedshops_remove_person(self, email):
        """Erase the data of a person; by default, delete the records.

        :param str email: address of the person, as :meth:`_trustedshops_search_person`
            gets it
        """
        self.unlink()

    @api.model
    def _trustedshops_count_waiting(self):
        """Return the number of records that are still to be sent. To be overridden."""
        return 0

    @api.model
    def _trustedshops_count_proofs(self):
        """Return the number of records that prove something. To be overridden.

        They must be kept, but are lost when the addon is uninstalled.
        """
        return 0


def get_last_day(company, day):
    """Return the last day on which a company must keep the documents of a moment.

    :param company: record of ``res.company``
    :param datetime.date day: day of that moment in the time zone of the shop
    :rtype: datetime.date
    """
    years = KEEP_YEARS.get(company.country_id.code, 10)
    return date(day.year + years, 12, 31)
