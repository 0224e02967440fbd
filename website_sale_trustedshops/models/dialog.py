# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.models import MAGIC_COLUMNS


class TrustedShopsDialog(models.AbstractModel):
    """A dialog that refers only to records that its user may read.

    Over RPC a caller can pass any id, and the dialog would show the name of its record,
    which the web client reads in sudo.
    """

    _name = "trustedshops.dialog"
    _description = "Trusted Shops: Dialog"
    _inherit = ["trustedshops.unlogged"]

    @api.model
    def _get_pointers(self):
        """Return the names of the relational fields that a caller can set.

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
        """Check that the user may read the records to which the dialog refers.

        :raise AccessError: if there is one that the user may not read
        """
        # Constraints run in sudo, and would not see archived records.
        dialogs = self.sudo(False).with_context(active_test=False)
        for dialog in dialogs:
            for name in self._get_pointers():
                if records := dialog[name]:
                    records.check_access("read")
