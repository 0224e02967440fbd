# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.fields import Domain


class IrCron(models.Model):
    _inherit = "ir.cron"

    def method_direct_trigger(self):
        """Override of `base` to decide now about invitations whose day is not known.

        By itself the queue looks at them once an hour; a user who presses the button
        has just delivered something. The job runs in a transaction of its own, which
        must see the change.
        """
        invitations = self.env["trustedshops.invitation"]
        if self == self.env.ref(invitations._queue_cron, False):
            self.browse().check_access("write")
            with self.pool.cursor() as cr:
                invitations.with_env(self.env(cr=cr, su=True))._trigger_decision(
                    Domain("reason", "not in", ("not_yet", "throttled"))
                )
        return super().method_direct_trigger()
