# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL


class TrustedShopsSecrets(models.AbstractModel):
    """Records with a login that no log, export or group of a list shows."""

    _name = "trustedshops.secrets"
    _description = "Trusted Shops Login"

    # Names of the fields of the login, and of those that are passwords, with the field
    # by which a form writes one.
    _trustedshops_login_fields = frozenset()
    _trustedshops_password_fields = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        """Override of the framework to write the login by itself."""
        records = super().create([self._omit_login(vals) for vals in vals_list])
        for record, vals in zip(records, vals_list, strict=True):
            record._store_login(vals)
        return records

    def write(self, vals):
        """Override of the framework to write the login by itself.

        :raise ValidationError: when a required field would be empty
        """
        self._check_nothing_emptied(vals)
        result = super().write(self._omit_login(vals))
        self._store_login(vals)
        return result

    def _omit_login(self, vals):
        login = self._trustedshops_login_fields
        return {name: val for name, val in vals.items() if name not in login}

    def _store_login(self, vals):
        """Write user and password by themselves: a query that fails is not logged.

        :param dict vals: values of ``create`` or ``write``
        :raise AccessError: when the user may not change a login that is among them
        """
        login = self._trustedshops_login_fields & vals.keys()
        for name in login:
            self._check_field_access(self._fields[name], "write")
            query = SQL(
                "UPDATE %s SET %s = %s WHERE id = ANY(%s)",
                SQL.identifier(self._table),
                SQL.identifier(name),
                vals[name] or None,
                self.ids,
            )
            self.env.cr.execute(query, log_exceptions=False)
        self.invalidate_recordset(login, flush=False)
        self.modified(login)

    def _check_nothing_emptied(self, vals):
        """Refuse to empty a required field before the database does.

        The database would repeat the whole row, the password with it: for the log, and
        in the chain of errors that the web client shows to whoever pressed *Save*.
        """
        for name, value in vals.items():
            field = self._fields.get(name)
            if field and field.required and not value:
                raise ValidationError(
                    self.env._(
                        "%(field)s must not be empty.",
                        field=field._description_string(self.env),
                    )
                )

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Override of the framework: no export contains a password."""
        if any(
            path and path[0] in self._trustedshops_password_fields for path in fields
        ):
            raise UserError(self.env._("Passwords cannot be exported."))
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Override of the framework: groups of a list would show passwords."""
        expression = super()._read_group_groupby(alias, groupby_spec, query)
        if groupby_spec.split(":")[0] in self._trustedshops_password_fields:
            raise UserError(self.env._("You cannot group by passwords."))
        return expression
