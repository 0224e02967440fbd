# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The invitation of an order: the values of its row, and what the order's form says."""

import logging

import psycopg2

from odoo import api, fields, models

from odoo.addons.website_sale_trustedshops.models.failure import log_failure

_logger = logging.getLogger(__name__)

STAFF = "sales_team.group_sale_salesman,base.group_system"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    trustedshops_invitation_ids = fields.One2many(
        "trustedshops.invitation",
        "order_id",
        string="Review Invitation",
        readonly=True,
        groups=STAFF,
        export_string_translation=False,
    )
    trustedshops_invitation_text = fields.Char(
        compute="_compute_trustedshops_invitation_text",
        compute_sudo=True,
        groups=STAFF,
        export_string_translation=False,
    )

    def _trustedshops_prepare_invitation(self):
        """Return the values of the invitation that follow from the newest consent.

        :return: the values; ``channel_id`` is False if no channel serves the order
        :rtype: dict
        """
        self.ensure_one()
        given = self.env["trustedshops.consent"].sudo()._find_given(self)
        lang = given.lang_id.code or self._trustedshops_get_buyer_lang()
        # The channel of the consent; if it is archived, the one that replaced it.
        channel = given.channel_id
        if not channel.active and self.website_id:
            channel = channel._find_for(self.website_id.id, lang) or channel
        return {
            "order_id": self.id,
            "order_reference": self.name,
            "ordered_at": self._trustedshops_get_ordered_at(),
            "channel_id": channel.id,
            "company_id": self.company_id.id,
            "email": given.email,
            "is_erased": False,
            "lang_id": self.env["res.lang"]._get_data(code=lang).id,
            "consent_at": given.moment,
            "is_imported": given.mode == "import",
            "next_attempt_at": fields.Datetime.now(),
        }

    def _trustedshops_get_invitation(self):
        """Return the invitation of a buyer who agreed.

        :return: record of ``trustedshops.invitation`` in sudo; a new one, which is not
            stored, until the next run of the cron creates the row
        """
        self.ensure_one()
        invitations_sudo = self.sudo().trustedshops_invitation_ids
        return invitations_sudo or invitations_sudo.new(
            self._trustedshops_prepare_invitation()
        )

    # === FOR STAFF === #
    @api.depends("state", "trustedshops_invitation_ids.state")
    @api.depends_context("lang", "tz")
    def _compute_trustedshops_invitation_text(self):
        for order in self:
            order.trustedshops_invitation_text = (
                order._origin._trustedshops_try_to_explain_invitation()
                if order._origin.website_id
                else False
            )

    def _trustedshops_try_to_explain_invitation(self):
        """Return the explanation; a bug in it does not keep the order from opening.

        No savepoint: its rollback would drop what a form has not saved yet.
        """
        try:
            return self._trustedshops_explain_invitation()
        except psycopg2.Error:
            raise  # then nothing else can be read either
        except Exception as error:
            text = "The invitation of order %s is not explained"
            log_failure(_logger, error, text, self.id)
            return self.env._("An error in this addon: see the server log.")

    def _trustedshops_explain_invitation(self):
        """Return whether and when the buyer is invited to review the order, and why.

        :rtype: str
        """
        self.ensure_one()
        if self.trustedshops_invitation_ids or self._trustedshops_get_consent():
            invitation = self._trustedshops_get_invitation()
            if invitation.channel_id:
                return invitation._explain()
            return self.env._(
                "The buyer agreed, but no channel serves the website in the buyer's"
                " language. There is no invitation until there is one."
            )
        if self.trustedshops_consent_state == "requested":
            return self.env._(
                "The buyer is not invited to a review yet: they were asked by mail to"
                " confirm that they agree."
            )
        if consent := self._trustedshops_get_newest_consent():
            # It is stopped, else there would be an invitation or a request.
            invitations = self.env["trustedshops.invitation"]
            return invitations._explain_reason(consent._get_stop_reason())
        return self.env._(
            "The buyer is not invited to a review: there is no consent to it."
        )
