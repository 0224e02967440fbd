# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..address import get_first_address


class SaleWithdrawalEntry(models.TransientModel):
    """Record a withdrawal that came by telephone, letter, e-mail or in person."""

    _name = "sale.withdrawal.entry"
    _description = "Record a Withdrawal"

    # Only the id: a many2one would show the names of orders of other salespeople.
    order_id = fields.Integer(
        required=True, readonly=True, export_string_translation=False
    )
    # Two presses store only one withdrawal.
    token = fields.Char(
        required=True,
        readonly=True,
        default=lambda _self: uuid4().hex,
        export_string_translation=False,
    )
    channel = fields.Selection(
        selection="_get_channels",
        string="Received via",
    )
    sent_on = fields.Date(string="Sent on", help="The day of the postmark.")
    received_at = fields.Datetime(string="Declared at", default=fields.Datetime.now)
    line_ids = fields.One2many(
        "sale.withdrawal.entry.line", "entry_id", string="Articles"
    )
    note = fields.Text(
        string="What the Buyer Declared", help="Appears in the receipt for the buyer."
    )

    @api.model
    def _get_channels(self):
        """Return the selection of ways to withdraw other than the website's form."""
        field = self.env["sale.withdrawal"]._fields["channel"]
        channels = field.get_description(self.env)["selection"]
        return [each for each in channels if each[0] != "online"]

    def action_record(self):
        """Store the withdrawal, for which the job sends a receipt to the customer.

        :return: action that opens the withdrawal
        :rtype: dict
        :raise AccessError: when the user may not read the order
        :raise UserError: when something is missing, or in the future
        """
        order = self.env["sale.order"].browse(self.order_id)
        order.check_access("read")
        values = self._prepare_withdrawal(order.sudo())
        self._check_entry(values["articles"])
        withdrawal_sudo = self.env["sale.withdrawal"]._create_declaration(
            self.token, values
        )
        return withdrawal_sudo.sudo(False)._get_records_action()

    def _check_entry(self, articles):
        """Check that the entry is complete and not in the future.

        :param articles: see ``_withdrawal_format_articles`` of ``sale.order``
        :raise UserError: when it is not
        """
        if not (self.channel and self.received_at) or articles is None:
            raise UserError(
                self.env._(
                    "Enter how and when it was received, and at least one article."
                )
            )
        if self.received_at > fields.Datetime.now():
            raise UserError(self.env._("It cannot have been received in the future."))
        received_on = fields.Datetime.context_timestamp(self, self.received_at).date()
        if self.sent_on and self.sent_on > received_on:
            raise UserError(
                self.env._("It cannot have been sent after it was received.")
            )

    def _prepare_withdrawal(self, order):
        """Return the values of the withdrawal to create.

        :param order: record of ``sale.order`` in sudo
        :rtype: dict
        """
        partner = order.partner_id
        typed = {
            "buyer_name": partner.name or partner.display_name,
            "email": get_first_address(partner.email),
            "remark": self.note,
        }
        return {
            **self.env["sale.withdrawal"]._clean(typed, is_guest=False),
            "articles": order._withdrawal_format_articles(
                {line.line_id: line.quantity for line in self.line_ids}
            ),
            "channel": self.channel,
            "company_id": order.company_id.id,
            "lang": partner.lang,
            "order_id": order.id,
            "order_reference": order.name,
            "received_at": self.received_at,
            "state": "assigned",
            "sent_on": self.channel == "letter" and self.sent_on,
            "website_id": order.website_id.id,
        }


class SaleWithdrawalEntryLine(models.TransientModel):
    """How much of one line of the order the buyer withdraws from."""

    _name = "sale.withdrawal.entry.line"
    _description = "Article of a Withdrawal to Record"

    entry_id = fields.Many2one(
        "sale.withdrawal.entry", required=True, readonly=True, ondelete="cascade"
    )
    # Only the id, as above.
    line_id = fields.Integer(
        required=True, readonly=True, export_string_translation=False
    )
    name = fields.Char(string="Article", readonly=True)
    ordered = fields.Float(digits="Product Unit", readonly=True)
    quantity = fields.Float(string="Sent Back", digits="Product Unit")
