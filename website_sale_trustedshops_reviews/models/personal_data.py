# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class TrustedShopsPersonalData(models.AbstractModel):
    """Models that hold addresses of buyers: what to do when one wants no more.

    Each has the fields ``email``, normalized, and ``company_id``.

    Each of them is called, so a new one cannot be forgotten.
    """

    _name = "trustedshops.personal.data"
    _description = "Trusted Shops: Data of Buyers"

    # Whether rows are found by addresses that other models hold.
    _trustedshops_erased_first = False

    @api.model
    def _trustedshops_stop(self, email, company):
        """Stop what was not sent to an address. To be extended.

        :param str email: normalized
        :param company: record of ``res.company``
        """

    @api.model
    def _trustedshops_erase(self, email, company):
        """Remove what is readable about an address. To be extended.

        :param str email: normalized
        :param company: record of ``res.company``
        :return: of how many records
        :rtype: int
        """
        return 0

    @api.model
    def _get_models_sudo(self):
        """Return the models that hold addresses, in sudo, in the order to erase them.

        :rtype: list of empty records
        """
        names = self.env.registry.descendants([self._name], "_inherit")
        models_sudo = [self.env[name].sudo() for name in names if name != self._name]
        return sorted(models_sudo, key=lambda each: not each._trustedshops_erased_first)
