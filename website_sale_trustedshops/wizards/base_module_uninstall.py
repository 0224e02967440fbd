# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import zipfile
from base64 import b64encode
from functools import partial
from tempfile import TemporaryFile

from odoo import api, fields, models
from odoo.tools import split_every

from odoo.addons.web.controllers.export import CSVExport

from ..models.protection.standing import get_unfinished_domain

ADDON = "website_sale_trustedshops"
# Fields of a protection that prove what was agreed, and with which result.
PROTECTION_FIELDS = (
    "company_id order_reference partner_id buyer_email consent_text consent_at"
    " conditions_url privacy_url state application_number guarantee_number"
    " protected_until gross_fee currency_id billed_ref"
).split()
# Rows in memory at the same time.
BATCH = 1000


class BaseModuleUninstall(models.TransientModel):
    """Tells what is lost with our addons: waiting applications, and proofs."""

    _inherit = "base.module.uninstall"

    trustedshops_waiting_count = fields.Integer(
        compute="_compute_trustedshops_waiting_count", export_string_translation=False
    )
    trustedshops_proofs = fields.Text(
        compute="_compute_trustedshops_proofs", export_string_translation=False
    )
    trustedshops_file = fields.Binary(
        compute="_compute_trustedshops_file",
        attachment=False,
        export_string_translation=False,
    )

    @api.depends("module_ids")
    def _compute_trustedshops_waiting_count(self):
        for wizard in self:
            is_going = ADDON in wizard._get_modules().mapped("name")
            protections_sudo = self.env["trustedshops.protection"].sudo()
            wizard.trustedshops_waiting_count = (
                protections_sudo.search_count(get_unfinished_domain())
                if is_going
                else 0
            )

    @api.depends("module_ids")
    def _compute_trustedshops_proofs(self):
        for wizard in self:
            wizard.trustedshops_proofs = "\n".join(
                f"{self.env['ir.model']._get(model._name).name}: {count}"
                for model, domain, _names in wizard._trustedshops_find_proofs()
                if (count := model.search_count(domain))
            )

    @api.depends("module_ids")
    def _compute_trustedshops_file(self):
        """Compute one archive with a table of each kind of proof."""
        for wizard in self:
            with TemporaryFile() as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                    for model, domain, names in wizard._trustedshops_find_proofs():
                        if rows := model.search(domain):
                            wizard._trustedshops_add_table(archive, rows, names)
                file.seek(0)
                wizard.trustedshops_file = b64encode(file.read())

    def _trustedshops_find_proofs(self):
        """Return the proofs that would be deleted, of all companies.

        :return: model in sudo and in UTC, domain, names of the fields to export
        :rtype: list[tuple]
        """
        self.ensure_one()
        going = self._get_modules().mapped("name")
        return [
            (self.env[model].sudo().with_context(tz="UTC"), domain, names)
            for addon, model, domain, names in self._trustedshops_get_proofs()
            if addon in going
        ]

    @api.model
    def _trustedshops_get_proofs(self):
        """Return the kinds of proofs. To be extended by other addons.

        :return: of each kind the addon, the model, the domain of records, the fields
        :rtype: list[tuple]
        """
        placed = [("state", "!=", "selected")]
        return [(ADDON, "trustedshops.protection", placed, PROTECTION_FIELDS)]

    @api.model
    def _trustedshops_add_table(self, archive, rows, names):
        """Add records to the archive as Odoo exports them in CSV, batch by batch."""
        labels = [rows._fields[name]._description_string(self.env) for name in names]
        write = partial(CSVExport().from_data, names, labels)
        header = write([])
        # Its size is not known in advance.
        with archive.open(f"{rows._name}.csv", "w", force_zip64=True) as table:
            table.write(header.encode())
            for batch in split_every(BATCH, rows.ids, rows.browse):
                lines = write(batch.export_data(names)["datas"])
                table.write(lines.removeprefix(header).encode())
                self.env.invalidate_all()

    def action_trustedshops_download(self):
        """Download the proofs, before they are deleted.

        :rtype: dict
        """
        self.ensure_one()
        address = f"/web/content/{self._name}/{self.id}/trustedshops_file"
        return {
            "type": "ir.actions.act_url",
            "url": f"{address}/trusted_shops.zip?download=true",
            "target": "download",
        }
