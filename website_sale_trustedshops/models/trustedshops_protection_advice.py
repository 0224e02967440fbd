# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class TrustedShopsProtection(models.Model):
    """What staff tell a customer who asks."""

    _inherit = "trustedshops.protection"

    staff_advice = fields.Char(
        string="What to tell the customer", compute="_compute_staff_advice"
    )

    @api.depends(
        "state",
        "application_number",
        "guarantee_number",
        "protected_until",
        "fee_state",
        "unanswered",
        "is_released",
        "last_code",
        "last_error",
        "certificate_id.hold_reason",
        "certificate_id.has_ws_login",
    )
    @api.depends_context("lang")
    def _compute_staff_advice(self):
        for protection in self:
            protection.staff_advice = protection._get_staff_advice()

    def _get_staff_advice(self):
        """Return one sentence for the customer who asks where the protection is.

        :rtype: str
        """
        self.ensure_one()
        if self._lacks_number():
            return self.env._(
                "“Your Buyer Protection has been applied for; we are looking its number"
                " up and come back to you.”"
            )
        if self.state == "on_hold" and self._is_duplicate():
            return self.env._(
                "“We are clearing up with Trusted Shops whether your order is known"
                " there already, and come back to you.”"
            )
        if self.state == "queued" and (reason := self._get_waiting_reason()):
            return self.env._(
                "“Your Buyer Protection is applied for as soon as we have settled"
                " something with Trusted Shops; the confirmation comes by e-mail.” What"
                " there is to settle: %(reason)s",
                reason=reason,
            )
        if self.state == "confirmed":
            return self.env._(
                "“You are covered up to %(amount)s until %(date)s; the number of your"
                " guarantee is %(number)s.”",
                amount=self.currency_id.format(self.protected_amount),
                date=self._format_protected_until(),
                number=self.guarantee_number,
            )
        if self.state in ("rejected", "failed"):
            return self._get_advice_when_not_concluded()
        if self.state == "cancelled":
            return self._get_advice_when_cancelled()
        return {
            "selected": self.env._(
                "“You chose Buyer Protection; it begins when the order is placed.”"
            ),
            "queued": self.env._(
                "“Your Buyer Protection is about to be applied for; the confirmation"
                " comes by e-mail.”"
            ),
            "sending": self.env._(
                "“Your Buyer Protection is being applied for this minute; the"
                " confirmation comes by e-mail.”"
            ),
            "on_hold": self.env._(
                "“Your payment and your order do not fit together yet, so your Buyer"
                " Protection waits until we have settled that.”"
            ),
            "requested": self.env._(
                "“Your Buyer Protection has been applied for; Trusted Shops usually"
                " confirms within hours, by e-mail.”"
            ),
        }[self.state]

    def _get_advice_when_cancelled(self):
        """Return the sentence for a customer whose order was cancelled, by the fee."""
        if self.fee_state == "invoiced":
            return self.env._(
                "“Your order was cancelled before Buyer Protection was applied for, so"
                " there is none; you get its fee of %(fee)s back.”",
                fee=self.currency_id.format(self.gross_fee),
            )
        if self.fee_state == "refunded":
            return self.env._(
                "“Your order was cancelled before Buyer Protection was applied for, so"
                " there is none; its fee of %(fee)s was paid back.”",
                fee=self.currency_id.format(self.gross_fee),
            )
        return self.env._(
            "“Your order was cancelled before Buyer Protection was applied for, so"
            " there is none and it costs nothing.”"
        )

    def _get_advice_when_not_concluded(self):
        """Return the sentence for a customer who is not protected, by the fee."""
        if self.fee_state == "refunded":
            return self.env._(
                "“Buyer Protection could not be concluded; its fee of %(fee)s was paid"
                " back.”",
                fee=self.currency_id.format(self.gross_fee),
            )
        if self.fee_state == "waived":
            return self.env._(
                "“Buyer Protection could not be concluded; its fee is not charged.”"
            )
        if self._is_clearing_up():
            return self.env._(
                "“Trusted Shops did not answer us; we are finding out whether your"
                " Buyer Protection arrived there.”"
            )
        return self.env._(
            "“Buyer Protection could not be concluded; you get its fee of %(fee)s"
            " back.”",
            fee=self.currency_id.format(self.gross_fee),
        )
