# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from itertools import product

from odoo import api, models
from odoo.exceptions import AccessError


class TrustedShopsOwnFields(models.AbstractModel):
    """Fields that only this addon writes, always in sudo.

    ``readonly`` is for forms only. Over RPC somebody could link his order to another's
    protection and read its numbers, or unlink one that is then sent for a cancelled
    order.
    """

    _name = "trustedshops.own.fields"
    _description = "Trusted Shops"

    # Their names, in each model that has some.
    _trustedshops_own_fields = frozenset()

    @api.model
    def default_get(self, fields):
        """Override of the framework: no default but the addon's own sets them."""
        if self.env.su:
            return super().default_get(fields)
        own = self._trustedshops_own_fields.intersection(fields)
        defaults = super().default_get([name for name in fields if name not in own])
        for name in own:
            if default := self._fields[name].default:
                defaults[name] = default(self)
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        """Override of the framework to refuse what nobody may enter.

        :raise AccessError: when a person's values have some of it
        """
        for vals in vals_list:
            self._trustedshops_refuse(self._trustedshops_own_fields & vals.keys())
        return super().create(vals_list)

    def copy_data(self, default=None):
        """Override of the framework: a copy begins without any of it."""
        own = self._trustedshops_own_fields - (default or {}).keys()
        return [
            {name: value for name, value in vals.items() if name not in own}
            for vals in super().copy_data(default)
        ]

    def write(self, vals):
        """Override of the framework to refuse what nobody may enter.

        :raise AccessError: when a person's values have some of it
        """
        self._trustedshops_refuse(self._trustedshops_own_fields & vals.keys())
        return super().write(vals)

    def _trustedshops_refuse_changes(self, names, vals):
        """Refuse another value than there is: a form sends back what it showed.

        :param names: of fields that a person may not change on these records
        :param dict vals: of ``write``
        :raise AccessError: when a person's values change one of them
        """
        if self.env.su:
            return
        for name, record in product(names & vals.keys(), self):
            current = record._fields[name].convert_to_write(record[name], record)
            if current != vals[name]:
                self._trustedshops_refuse({name})

    def _trustedshops_refuse(self, names):
        """Refuse to a person what only this addon writes.

        :param names: of the fields that he gave, may be empty
        :raise AccessError: when there is one
        """
        if names and not self.env.su:
            labels = (
                self._fields[name]._description_string(self.env) for name in names
            )
            raise AccessError(
                self.env._(
                    "Only Trusted Shops sets these, nobody can change them:"
                    " %(fields)s.",
                    fields=", ".join(sorted(labels)),
                )
            )
