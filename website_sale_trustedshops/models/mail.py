# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    # Summaries are translated, so they do not tell what an activity is about.
    trustedshops_cause = fields.Char(readonly=True)
