# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.models import MAGIC_COLUMNS


class TrustedShopsDialog(models.AbstractModel):
    """A dialog that points only to records that its user may read.

    Over RPC a caller can pass any id. A dialog shows the names of these records with
    the rights of the system, as every form does.
    """

    _name = "trustedshops.dialog"
    _description = "Trusted Shops: Dialog"

    @api.model
    def _get_pointers(self):
        """Return the names of the fields by which a caller can choose records.

        :rtype: list[str]
        """
        return [
            name
            for name, field in self._fields.items()
            if (field.relational or field.type == "reference")
            and (field.store or field.inverse)
            and name not in MAGIC_COLUMNS
        ]

    @api.constrains(lambda self: self._get_pointers())
    def _check_pointers(self):
        """Refuse records that the user may not read.

        :raise AccessError: if there is one
        """
        # Constraints run in sudo, and would not see archived records.
        dialogs = self.sudo(False).with_context(active_test=False)
        for dialog in dialogs:
            for name in self._get_pointers():
                if records := dialog[name]:
                    records.check_access("read")
