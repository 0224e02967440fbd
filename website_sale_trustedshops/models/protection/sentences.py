# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the answers of the application service mean, and what to do about them.

The same code means one thing as the answer to an application, which may be corrected
and sent again, and another as the decision about one, after which nothing is sent.
"""

from odoo import api, fields, models

from ... import const
from ...lib.codes import KIND_DUPLICATE
from ...lib.exceptions import MisconfiguredError


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    # --- Advice ---
    staff_advice = fields.Char(
        string="What to tell the customer", compute="_compute_staff_advice"
    )

    def _explain(self, error):
        """Return what an answer to an application means for this order.

        :param TrustedShopsError error: from the client
        :rtype: str
        """
        if error.kind == KIND_DUPLICATE and self.unanswered:
            return self.env._(
                "An earlier application arrived, but its number did not reach us. Look"
                " it up at Trusted Shops by the order number, and enter it."
            )
        if error.kind == KIND_DUPLICATE and self.application_number:
            return self.env._(
                "Trusted Shops knows this order number from application %(number)s,"
                " which it refused, and takes each number only once. Apply at Trusted"
                " Shops by hand and enter the number, or press Refund fee.",
                number=self.application_number,
            )
        if error.kind == KIND_DUPLICATE:
            return self.env._(
                "Trusted Shops knows this order number already although this order was"
                " never sent. Is it this order? Look at Trusted Shops before you go on."
            )
        if isinstance(error, MisconfiguredError):
            return self.env._(
                "The certificate or its login is not accepted: correct the certificate,"
                " the application then goes out by itself."
            )
        if error.code in const.CURABLE_CODES and self.unanswered:
            return self.env._(
                "%(refusal)s An earlier application got no answer and may have arrived,"
                " so another address is not sent: look for the order number at Trusted"
                " Shops before you press Refund fee.",
                refusal=self._explain_code(error),
            )
        if error.code:
            return self._explain_code(error)
        return self.env._(
            "Trusted Shops did not answer (%(reason)s). We try again.", reason=error
        )

    def _explain_decision(self, error):
        """Return what the refusal of an application means, when it was asked about.

        :param RefusedError error: from the client
        :rtype: str
        """
        if self.is_number_entered:
            return self.env._(
                "Trusted Shops refused application %(number)s, whose number was entered"
                " by hand (code %(code)s). Look the number up at Trusted Shops by the"
                " order number and enter it again; if it is right, there is no"
                " protection: press Refund fee.",
                number=self.application_number,
                code=error.code,
            )
        words = self._get_words_by_decision().get(error.code)
        return self.env._(
            "Trusted Shops refused application %(number)s. %(reason)s",
            number=self.application_number,
            reason=self._explain_code(error, words),
        )

    def _explain_code(self, error, words=None):
        """Return what a code means, what to do, and the code for the support.

        :param TrustedShopsError error: with a code
        :param words: what it means here, default: as the answer to an application
        :type words: str or None
        :rtype: str
        """
        words = words or self._get_words_by_code().get(error.code)
        if not words:
            words = self.env._(
                "Trusted Shops gave an answer that is not documented. Ask Trusted Shops"
                " what it means."
            )
        return self.env._("%(words)s (code %(code)s)", words=words, code=error.code)

    def _get_words_by_decision(self):
        """Return meaning and cure of codes that mean another thing as a decision.

        :rtype: dict
        """
        wrong_email = self.env._(
            "It does not accept the buyer's e-mail address. Apply at Trusted Shops by"
            " hand with another one."
        )
        return {
            -10001: self.env._(
                "It does not know the application under this certificate. Ask Trusted"
                " Shops about it."
            ),
            -10002: self.env._(
                "The credit limit of the certificate is suspended. Ask Trusted Shops to"
                " open it and to protect this order."
            ),
            -10003: self.env._(
                "Trusted Shops had an application under this order number already. Look"
                " at Trusted Shops which one counts before you press Refund fee."
            ),
            -10011: self.env._(
                "The certificate has no credit limit. Ask Trusted Shops for one and to"
                " protect this order."
            ),
            -10014: wrong_email,
            -10017: self.env._(
                "The credit limit of the certificate was used up. Ask Trusted Shops for"
                " a higher one and to protect this order."
            ),
            -10018: wrong_email,
        }

    def _get_words_by_code(self):
        """Return meaning and cure of the codes that concern one order.

        :rtype: dict
        """
        payment_types = self._fields["payment_type"]._description_selection(self.env)
        wrong_payment_type = self.env._(
            "Trusted Shops does not accept the payment type %(type)s for this shop. Ask"
            " Trusted Shops to activate it, or choose another one on the payment"
            " method for later orders.",
            type=dict(payment_types).get(self.payment_type, "-"),
        )
        wrong_item = self.env._(
            "Trusted Shops does not sell the protection %(item)s for this order (any"
            " more). Check the certificate, so that its fee table is fetched anew.",
            item=self.item_code,
        )
        wrong_currency = self.env._(
            "Trusted Shops does not protect orders in %(currency)s with this"
            " certificate. Ask Trusted Shops for fees in this currency.",
            currency=self.currency_id.name,
        )
        return {
            -10004: wrong_item,
            -10005: wrong_payment_type,
            -10006: wrong_payment_type,
            -10007: self.env._(
                "The protection is in another currency than the order: the order was"
                " changed after the choice."
            ),
            -10008: wrong_currency,
            -10009: wrong_currency,
            -10010: wrong_payment_type,
            -10012: self.env._(
                "Trusted Shops says that the delivery date lies in the past, although"
                " we send none. Ask Trusted Shops about this order."
            ),
            -10013: self.env._(
                "Trusted Shops accepts no application for an order that is older than"
                " three days. The buyer is not protected."
            ),
            -10014: self.env._(
                "Trusted Shops does not accept the buyer's e-mail address. Ask the"
                " buyer for another one and apply again within three days of the order."
            ),
            -10015: self.env._(
                "Trusted Shops found no order number in the application. Report this as"
                " an error of this addon, and apply at Trusted Shops by hand."
            ),
            -10016: self.env._(
                "Trusted Shops found no customer number in the application. Report this"
                " as an error of this addon, and apply at Trusted Shops by hand."
            ),
            -10017: self.env._(
                "The credit limit of the certificate is used up. It frees up as older"
                " protections end, and we try again every hour; ask Trusted Shops for a"
                " higher one."
            ),
            -10018: self.env._(
                "The buyer has no e-mail address. Ask for one and apply again within"
                " three days of the order."
            ),
            -10019: wrong_item,
            -11001: self.env._(
                "Trusted Shops does not accept the security token of the application."
                " Ask Trusted Shops about this order."
            ),
            -11111: self.env._(
                "Trusted Shops has trouble of its own. We try again by ourselves; ask"
                " Trusted Shops if it goes on."
            ),
        }

    # === ADVICE === #
    # What staff tell a customer who asks.

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
