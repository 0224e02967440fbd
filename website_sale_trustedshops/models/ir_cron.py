# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class IrCron(models.Model):
    """Starts scheduled actions early, and ends a run before its work is done."""

    _inherit = "ir.cron"

    @api.model
    def _trustedshops_trigger(self, xmlid, at=None):
        """Run a scheduled action, unless it was deleted.

        :param str xmlid: external ID of the scheduled action
        :param datetime.datetime at: UTC, default: as soon as this is committed
        """
        if cron := self.env.ref(xmlid, raise_if_not_found=False):
            cron.sudo()._trigger(at=at)

    @api.model
    def _trustedshops_go_on_later(self, xmlid, after=None):
        """End a run before its work is done; a later run goes on.

        Otherwise the framework starts it again at once, up to ten times, and each time
        a call may take a minute.

        :param str xmlid: external ID of the scheduled action that runs
        :param datetime.timedelta after: default: at once
        """
        at = after and fields.Datetime.now() + after
        self._trustedshops_trigger(xmlid, at=at or None)
        self._commit_progress(remaining=0)
