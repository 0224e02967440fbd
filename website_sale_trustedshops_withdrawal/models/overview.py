# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import format_date

from odoo.addons.website_sale_trustedshops.models.messages import TODO


class TrustedShopsOverview(models.AbstractModel):
    _inherit = "trustedshops.overview"

    @api.model
    def _get_website_paths(self):
        """Override of `website_sale_trustedshops` to add the path from withdrawals."""
        return {**super()._get_website_paths(), "sale.withdrawal": "website_id"}

    @api.model
    def _get_jobs(self):
        """Override of `website_sale_trustedshops` to add the job of withdrawals.

        :return: records of ``ir.cron`` in sudo
        """
        jobs_sudo = super()._get_jobs()
        xmlid = "website_sale_withdrawal.ir_cron_work"
        job = self.env.ref(xmlid, raise_if_not_found=False)
        return jobs_sudo | job.with_env(jobs_sudo.env) if job else jobs_sudo

    @api.model
    def _list_rows(self):
        """Override of `website_sale_trustedshops` to add due and late withdrawals."""
        yield from super()._list_rows()
        if not self._can_read("sale.withdrawal"):
            return
        domain = self._get_website_domain("sale.withdrawal")
        words = self._format_message
        due, late = self.env["sale.withdrawal"]._find_due()
        for code, rows in (("withdrawal_late", late), ("withdrawal_due", due)):
            if rows := rows.filtered_domain(domain):
                date = format_date(self.env, rows[0].money_back_by)
                yield code, code, rows, words(code, date=date)

    @api.model
    def _get_today(self):
        """Override of `website_sale_trustedshops` to add a section about withdrawals.

        It has the open and the due ones, and the next day by which money has to be
        back; it is empty for users who may not read withdrawals.
        """
        items, model = [], "sale.withdrawal"
        if self._can_read(model):
            items = [
                self._prepare_count(self.env._("Open"), model, ("open",)),
                self._prepare_count(self.env._("Due"), model, ("due",), level=TODO),
            ]
            is_open = [("state", "in", ("received", "assigned", "valid"))]
            is_open += list(self._get_website_domain(model))
            first = self.env[model].search(is_open, order="received_at, id", limit=1)
            if first:
                label = self.env._("Next: money back by")
                value = format_date(self.env, first.money_back_by)
                action = self._prepare_action(first)
                items.append(
                    {"label": label, "value": value, "level": "", "action": action}
                )
        return [
            *super()._get_today(),
            {"title": self.env._("Withdrawals"), "items": items},
        ]
