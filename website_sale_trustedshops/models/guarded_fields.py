# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from itertools import product

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.models import MAGIC_COLUMNS


@property
def all_readonly_fields(self):
    """Return a model's stored readonly fields: only Trusted Shops and we set them.

    An RPC call must not: a certificate made "valid" by hand would sell protection that
    does not exist. The framework would also let it write stored computed fields, which
    could fake a match or bypass the record rules of a company.
    """
    return frozenset(
        name
        for name, field in self._fields.items()
        if field.store and field.readonly and name not in MAGIC_COLUMNS
    )


class TrustedShopsGuardedFields(models.AbstractModel):
    """A model with fields that only this addon writes, always in sudo.

    ``readonly`` is for forms only. Over RPC a buyer could link an order to another
    buyer's protection and read its numbers, or unlink a protection that is then sent
    for a cancelled order.
    """

    _name = "trustedshops.guarded.fields"
    _description = "Trusted Shops"

    # Names of these fields, in each model.
    _trustedshops_guarded_fields = frozenset()

    @api.model
    def _has_field_access(self, field, operation):
        """Override of the framework: users may not write guarded fields."""
        if operation == "write" and not self.env.su:
            if field.name in self._trustedshops_guarded_fields:
                return False
        return super()._has_field_access(field, operation)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Override of the framework: no list offers to group by an unlabelled field."""
        described = super().fields_get(allfields, attributes)
        for name, description in described.items():
            if description.get("groupable"):
                has_name = self._fields[name].export_string_translation
                description["groupable"] = has_name
        return described

    @api.model
    def default_get(self, fields):
        """Override of the framework to ignore a user's defaults for guarded fields."""
        if self.env.su:
            return super().default_get(fields)
        own = self._trustedshops_guarded_fields.intersection(fields)
        defaults = super().default_get([name for name in fields if name not in own])
        for name in own:
            if default := self._fields[name].default:
                defaults[name] = default(self)
        return defaults

    def copy_data(self, default=None):
        """Override of the framework: guarded fields are not copied."""
        own = self._trustedshops_guarded_fields - (default or {}).keys()
        return [
            {name: value for name, value in vals.items() if name not in own}
            for vals in super().copy_data(default)
        ]

    def _trustedshops_refuse_changes(self, names, vals):
        """Refuse changed values, but not equal ones: a form sends back what it showed.

        :param names: fields that users may not change on these records
        :param dict vals: of ``write``
        :raise AccessError: when a user changes one of the fields
        """
        if self.env.su:
            return
        for name, record in product(names & vals.keys(), self):
            field = record._fields[name]
            if field.convert_to_write(record[name], record) != vals[name]:
                raise AccessError(
                    self.env._(
                        "Only Trusted Shops sets these, you cannot change them:"
                        " %(fields)s.",
                        fields=field._description_string(self.env),
                    )
                )
