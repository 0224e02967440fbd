# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.website_sale_trustedshops.lib.address import normalize_address


class TrustedShopsConsentEntry(models.TransientModel):
    """Dialog to enter what a buyer agreed to elsewhere, such as on the telephone."""

    _name = "trustedshops.consent.entry"
    _description = "Enter Consent"
    _inherit = ["trustedshops.dialog"]

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="order_id.company_id", related_sudo=False)
    channel_id = fields.Many2one("trustedshops.channel", compute="_compute_channel_id")
    email = fields.Char(
        string="E-mail Address",
        required=True,
        compute="_compute_words",
        compute_sudo=False,
        precompute=True,
        store=True,
        readonly=False,
    )
    text = fields.Text(
        string="Words",
        required=True,
        compute="_compute_words",
        compute_sudo=False,
        precompute=True,
        store=True,
        readonly=False,
        help="Read them to the buyer, or enter what was agreed to in writing.",
    )
    moment = fields.Datetime(required=True, default=lambda _self: fields.Datetime.now())
    source = fields.Char(
        required=True, help="For example: telephone, and who took the call."
    )

    @api.depends("order_id")
    def _compute_channel_id(self):
        """Compute the channel that invites the buyer of the order, if there is one."""
        for entry in self:
            order = entry.order_id
            entry.channel_id = order and order._trustedshops_get_asking_channel()

    @api.depends("order_id")
    def _compute_words(self):
        """Propose the buyer's address, and the words in the buyer's language."""
        for entry in self:
            order = entry.order_id
            lang = order and order._trustedshops_get_buyer_lang()
            words = order.website_id and order.website_id._trustedshops_get_words(lang)
            entry.email = order and order._trustedshops_get_email()
            entry.text = words and words.proof

    @api.constrains("email", "order_id")
    def _check_may_be_invited(self):
        """Check that the address is not suppressed.

        :raise UserError: if it is
        """
        suppressions = self.env["trustedshops.suppression"]
        # Not in sudo: a user who may not read the order must not learn of the address.
        for entry in self.sudo(False):
            email = normalize_address(entry.email)
            if not email:
                continue
            suppressions._check_not_erased(email, entry.company_id)
            if suppressions._is_suppressed(email, entry.company_id):
                raise UserError(
                    self.env._(
                        "This address is not invited any more, at the request of the"
                        " buyer or on the buyer's behalf. If that was a mistake, a"
                        " sales manager can lift it under “Addresses Without"
                        " Invitations”."
                    )
                )

    def action_enter(self):
        """Create the consent, and delete the form.

        :return: action that closes the dialog
        :rtype: dict
        :raise AccessError: without the right to write the order
        :raise UserError: if the address is suppressed
        :raise ValidationError: if something is wrong, or no channel would invite
        """
        self.ensure_one()
        order = self.order_id.sudo(False)
        order.check_access("write")
        self._check_may_be_invited()
        consents = self.env["trustedshops.consent"]
        said = {name: self[name] for name in ("email", "moment", "source", "text")}
        values = consents._prepare_given(order, "manual", said)
        consents.sudo().create(values)
        self.sudo().unlink()
        return {"type": "ir.actions.act_window_close"}
