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
    def _has_field_access(self, field, operation):
        """Override of the framework: nobody enters them, nor gives a default."""
        if operation == "write" and not self.env.su:
            if field.name in self._trustedshops_own_fields:
                return False
        return super()._has_field_access(field, operation)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Override of the framework: lists group by nothing that has no name."""
        described = super().fields_get(allfields, attributes)
        for name, description in described.items():
            if description.get("groupable"):
                has_name = self._fields[name].export_string_translation
                description["groupable"] = has_name
        return described

    @api.model
    def default_get(self, fields):
        """Override of the framework: a default of a user sets none of them."""
        if self.env.su:
            return super().default_get(fields)
        own = self._trustedshops_own_fields.intersection(fields)
        defaults = super().default_get([name for name in fields if name not in own])
        for name in own:
            if default := self._fields[name].default:
                defaults[name] = default(self)
        return defaults

    def copy_data(self, default=None):
        """Override of the framework: a copy begins without any of it."""
        own = self._trustedshops_own_fields - (default or {}).keys()
        return [
            {name: value for name, value in vals.items() if name not in own}
            for vals in super().copy_data(default)
        ]

    def _trustedshops_refuse_changes(self, names, vals):
        """Refuse another value than there is: a form sends back what it showed.

        :param names: of fields that a person may not change on these records
        :param dict vals: of ``write``
        :raise AccessError: when a person's values change one of them
        """
        if self.env.su:
            return
        for name, record in product(names & vals.keys(), self):
            field = record._fields[name]
            if field.convert_to_write(record[name], record) != vals[name]:
                raise AccessError(
                    self.env._(
                        "Only Trusted Shops sets these, nobody can change them:"
                        " %(fields)s.",
                        fields=field._description_string(self.env),
                    )
                )
