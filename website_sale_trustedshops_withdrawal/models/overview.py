# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.website_sale_trustedshops.models.messages import PROBLEM, TODO

WITHDRAWAL = "sale.withdrawal"


class TrustedShopsOverview(models.AbstractModel):
    _inherit = "trustedshops.overview"

    @api.model
    def _get_website_paths(self):
        """Override of `website_sale_trustedshops` to add the path from withdrawals."""
        return {**super()._get_website_paths(), WITHDRAWAL: "website_id"}

    @api.model
    def _get_jobs(self):
        """Override of `website_sale_trustedshops` to add the job of withdrawals."""
        return super()._get_jobs() | self._find_job(
            "website_sale_withdrawal.ir_cron_work"
        )

    @api.model
    def _list_lines(self):
        """Override of `website_sale_trustedshops` to add due and late withdrawals."""
        yield from super()._list_lines()
        rows, domain = self.env[WITHDRAWAL], self._get_website_domain(WITHDRAWAL)
        due, late = rows._find_due() if rows.has_access("read") else (rows, rows)
        for level, found in ((PROBLEM, late), (TODO, due)):
            if found := found.filtered_domain(domain):
                first = found[0]
                date = format_date(self.env, first.money_back_by)
                days = (fields.Datetime.now() - first.received_at).days
                text = self._format_message("withdrawal_open", date=date, days=days)
                yield self._prepare_line(level, text, found)

    @api.model
    def _list_groups(self):
        """Override of `website_sale_trustedshops` to add withdrawals.

        It also tells the next day by which money has to be back.
        """
        is_open = [("is_open", "=", True)]
        is_due = [("is_due", "=", True)]
        items = [
            *self._prepare_count(self.env._("Open"), WITHDRAWAL, is_open),
            *self._prepare_count(self.env._("Due"), WITHDRAWAL, is_due, TODO),
        ]
        order = "received_at, id"
        if first := self._search_rows(WITHDRAWAL, is_open, limit=1, order=order):
            label = self.env._("Next: money back by")
            date = format_date(self.env, first.money_back_by)
            action = self._prepare_action(first)
            items.append({"label": label, "value": date, "action": action})
        title = self.env._("Withdrawals")
        return [*super()._list_groups(), {"title": title, "items": items}]
