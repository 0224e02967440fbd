# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from contextlib import contextmanager

import psycopg2

from odoo import models
from odoo.exceptions import ValidationError

from ..lib.sql_log import hide_values

# Rows with a login, and rows with a buyer's address.
hide_values("trustedshops_certificate", "trustedshops_protection")


class TrustedShopsCertificate(models.Model):
    """The login does not come out where the database refuses a row.

    The database then repeats the whole row, the login with it: for the log, and in the
    chain of errors that the web client shows to whoever pressed *Save*.
    """

    _inherit = "trustedshops.certificate"

    def _create(self, data_list):
        """Override of the framework to refuse without showing the row."""
        with self._refusing_quietly():
            return super()._create(data_list)

    def _write_multi(self, vals_list):
        """Override of the framework to refuse without showing the row."""
        with self._refusing_quietly():
            return super()._write_multi(vals_list)

    @contextmanager
    def _refusing_quietly(self):
        """Turn a refusal of the database into the sentence for it, and no more.

        :raise ValidationError: in place of the error of the database
        """
        try:
            with self.env.cr.savepoint(flush=False):
                yield
        except psycopg2.IntegrityError as error:
            message = self._sql_error_to_message(error)
            # The web client shows the chain of errors, and the row would be in it.
            raise ValidationError(message) from None
