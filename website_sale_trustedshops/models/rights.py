# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Protects fields that only this addon writes, and keeps typed values from the log."""

import logging
import threading
from contextlib import contextmanager
from itertools import product

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.models import MAGIC_COLUMNS


@property
def all_readonly_fields(self):
    """Return the names of the stored readonly fields of a model.

    A model whose ``_trustedshops_guarded_fields`` this is lets users write none of
    them. Over RPC the framework would accept even stored computed fields: a certificate
    made "valid" by hand would sell protection that does not exist.

    :rtype: frozenset of str
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

    # Names of the guarded fields, set by each model.
    _trustedshops_guarded_fields = frozenset()

    @api.model
    def _has_field_access(self, field, operation):
        """Override of the framework to let users write no guarded field."""
        if operation == "write" and not self.env.su:
            if field.name in self._trustedshops_guarded_fields:
                return False
        return super()._has_field_access(field, operation)

    @api.model
    def default_get(self, fields):
        """Override of the framework to give guarded fields only our own defaults.

        Without sudo, ignore those of the context and of ``ir.default``.
        """
        if self.env.su:
            return super().default_get(fields)
        own = self._trustedshops_guarded_fields.intersection(fields)
        defaults = super().default_get([name for name in fields if name not in own])
        for name in own:
            if default := self._fields[name].default:
                defaults[name] = default(self)
        return defaults

    def copy_data(self, default=None):
        """Override of the framework to copy no guarded field that ``default`` lacks."""
        own = self._trustedshops_guarded_fields - (default or {}).keys()
        return [
            {name: value for name, value in vals.items() if name not in own}
            for vals in super().copy_data(default)
        ]

    def _trustedshops_lock(self):
        """Lock the record for a user until the end of the transaction.

        :return: the record in sudo, because no user may write its guarded fields
        :raise UserError: while another request or the queue is at work on it
        """
        locked_sudo = self.sudo().try_lock_for_update(allow_referencing=True)
        if locked_sudo != self:
            self._trustedshops_refuse_as_busy()
        return locked_sudo

    def _trustedshops_refuse_as_busy(self):
        """Raise the error about a record on which the queue is at work.

        :raise UserError: always
        """
        raise UserError(
            self.env._(
                "Trusted Shops is being asked about this order now. Try again in a"
                " minute."
            )
        )

    def _trustedshops_refuse_changes(self, names, vals):
        """Raise an error if a user changes certain fields of these records.

        Accept equal values, which a form sends back. Check nothing in sudo.

        :param names: fields that users may not change
        :type names: set of str
        :param dict vals: values of ``write``
        :raise AccessError: when a value differs from that of a record
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
                        fields=field.get_description(self.env)["string"],
                    )
                )


@contextmanager
def mute_failed_statements():
    """Keep Odoo from logging failed SQL statements in this thread.

    ``mute_logger`` works for all threads: the first that ends would end it for the
    others.

    :return: context manager
    """
    own, logger = threading.get_ident(), logging.getLogger("odoo.sql_db")

    def is_of_others(record):
        return record.thread != own

    logger.addFilter(is_of_others)
    try:
        yield
    finally:
        logger.removeFilter(is_of_others)


class TrustedShopsUnlogged(models.AbstractModel):
    """A model whose failed statements are not logged: they quote logins and addresses.

    The database refuses rows in daily work, for example when two users press a button
    at the same time. The caller still gets the error.
    """

    _name = "trustedshops.unlogged"
    _description = "Trusted Shops"

    def _create(self, data_list):
        """Override of the framework to log no failed statement."""
        with mute_failed_statements():
            return super()._create(data_list)

    def _write_multi(self, vals_list):
        """Override of the framework to log no failed statement."""
        with mute_failed_statements():
            return super()._write_multi(vals_list)
