# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class IrCron(models.Model):
    """Scheduled actions that run sooner than regularly, or go on in another run."""

    _inherit = "ir.cron"

    @api.model
    def _trustedshops_trigger(self, xmlid, at=None):
        """Have a scheduled action run, unless somebody deleted it.

        :param str xmlid: external ID of the scheduled action
        :param datetime.datetime at: UTC, default: as soon as this is committed
        """
        if cron := self.env.ref(xmlid, raise_if_not_found=False):
            cron.sudo()._trigger(at=at)

    @api.model
    def _trustedshops_go_on_later(self, xmlid, after=None):
        """End a run before its work is done; another one goes on.

        Else the framework starts it again at once, up to ten times, whatever the time,
        and each time a call may take a minute.

        :param str xmlid: external ID of the scheduled action that runs
        :param datetime.timedelta after: default: at once
        """
        at = after and fields.Datetime.now() + after
        self._trustedshops_trigger(xmlid, at=at or None)
        self._commit_progress(remaining=0)
