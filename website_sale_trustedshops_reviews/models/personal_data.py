# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class TrustedShopsPersonalData(models.AbstractModel):
    """Mark models with addresses of buyers, to stop invitations or erase data.

    Each has the fields ``email``, normalized, and ``company_id``. A withdrawal or an
    erasure calls every model that inherits this one, so none is forgotten.
    """

    _name = "trustedshops.personal.data"
    _description = "Trusted Shops: Data of Buyers"

    # True if the model finds its rows by another model's addresses: erase it first.
    _trustedshops_erased_first = False

    @api.model
    def _trustedshops_stop(self, email, company):
        """Stop everything that was not sent to an address yet. To be extended.

        :param str email: normalized
        :param company: record of ``res.company``
        """

    @api.model
    def _trustedshops_erase(self, email, company):
        """Erase everything readable about an address. To be extended.

        :param str email: normalized
        :param company: record of ``res.company``
        :return: number of records
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
