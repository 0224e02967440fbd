# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people read about a protection, looked up by code, by name or by situation.

For staff: ``ANSWERS`` and ``DECISIONS`` by the code of Trusted Shops, ``SENTENCES`` by
name. For shoppers, and staff whom they ask: ``STATUS``.
"""

from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ... import const
from ...lib.codes import KIND_DUPLICATE
from .protection import NOT_CONCLUDED_STATES

_lt = LazyTranslate(__name__)

# === CODES === #

_BAD_CERTIFICATE = _lt(
    "The certificate or its login is not accepted: correct the certificate, the"
    " application then goes out by itself."
)
_BAD_ITEM = _lt(
    "Trusted Shops does not sell the protection %(item)s for this order. Check the"
    " certificate, which fetches its fee table again."
)
_BAD_PAYMENT_TYPE = _lt(
    "Trusted Shops does not accept the payment type %(payment_type)s for this shop. Ask"
    " Trusted Shops to activate it, or choose another one on the payment method."
)
_BAD_CURRENCY = _lt(
    "Trusted Shops does not protect orders in %(currency)s with this certificate. Ask"
    " Trusted Shops for fees in this currency."
)
_BAD_APPLICATION = _lt(
    "Trusted Shops found a mistake in the application itself. Report the code as a bug"
    " of this addon, and apply at Trusted Shops by hand."
)
_BAD_EMAIL = _lt(
    "The buyer's e-mail address is missing, or Trusted Shops does not accept it. Ask"
    " the buyer for another one and apply again within three days of the order."
)
_UNKNOWN_CODE = _lt(
    "Trusted Shops gave an answer that is not documented. Ask Trusted Shops what it"
    " means."
)
# A code as the answer to an application, which may be corrected and sent again. For
# -10003, the order number is known already, see ``_explain_answer``.
ANSWERS = {
    -10001: _BAD_CERTIFICATE,
    -10002: _BAD_CERTIFICATE,
    -10004: _BAD_ITEM,
    -10005: _BAD_PAYMENT_TYPE,
    -10006: _BAD_PAYMENT_TYPE,
    -10007: _BAD_CURRENCY,
    -10008: _BAD_CURRENCY,
    -10009: _BAD_CURRENCY,
    -10010: _BAD_PAYMENT_TYPE,
    -10011: _BAD_CERTIFICATE,
    -10012: _BAD_APPLICATION,
    -10013: _lt(
        "Trusted Shops accepts no application for an order that is older than three"
        " days. The buyer is not protected."
    ),
    -10014: _BAD_EMAIL,
    -10015: _BAD_APPLICATION,
    -10016: _BAD_APPLICATION,
    -10017: _lt(
        "The credit limit of the certificate is used up. We try again every hour; ask"
        " Trusted Shops for a higher one."
    ),
    -10018: _BAD_EMAIL,
    -10019: _BAD_ITEM,
    -11001: _BAD_APPLICATION,
    -11111: _lt(
        "Trusted Shops has technical problems. We keep trying; ask Trusted Shops if"
        " this continues."
    ),
}
_LIMIT_REFUSED = _lt(
    "The credit limit of the certificate is used up or closed. Ask Trusted Shops for a"
    " higher one and to protect this order."
)
_EMAIL_REFUSED = _lt(
    "It does not accept the buyer's e-mail address. Apply at Trusted Shops by hand with"
    " another one."
)
# A code as the decision about an application, after which nothing is sent again, where
# that means something else.
DECISIONS = {
    -10001: _lt(
        "It does not know the application under this certificate. Ask Trusted Shops"
        " about it."
    ),
    -10002: _LIMIT_REFUSED,
    -10003: _lt(
        "It had an application under this order number already. Look at Trusted Shops"
        " which one counts before you press Refund fee."
    ),
    -10011: _LIMIT_REFUSED,
    -10014: _EMAIL_REFUSED,
    -10017: _LIMIT_REFUSED,
    -10018: _EMAIL_REFUSED,
}

# === STAFF === #

SENTENCES = {
    "no_email": _BAD_EMAIL,
    # Why an application has no number.
    "with_code": _lt("%(words)s (code %(code)s)"),
    "no_answer": _lt("Trusted Shops did not answer (%(reason)s). We try again."),
    "number_missing": _lt(
        "An earlier application arrived, but its number did not reach us. Look it up at"
        " Trusted Shops by the order number, and enter it."
    ),
    "number_foreign": _lt(
        "Trusted Shops knows this order number already although this order was never"
        " sent. Is it this order? Check at Trusted Shops before you go on."
    ),
    "may_have_arrived": _lt(
        "An earlier application may have arrived, so it is only sent again unchanged."
        " Look for the order number at Trusted Shops before you press Refund fee."
    ),
    "doubt": _lt(
        "An application may have arrived: look for the order number at Trusted Shops"
        " before you decide about the fee."
    ),
    "refused": _lt("Trusted Shops refused application %(number)s. %(reason)s"),
    "entered_number_refused": _lt(
        "Trusted Shops refused application %(number)s, which was entered by hand (code"
        " %(code)s). Look the number up there by the order number and enter it again;"
        " if it is right, press Refund fee."
    ),
    # What happened, and what to do.
    "ordered": _lt(
        "Buyer Protection up to %(amount)s was ordered. It is now “%(state)s”."
    ),
    "ended": _lt(
        "The order was cancelled or all of its goods were credited, but its Buyer"
        " Protection was applied for already and Trusted Shops has no way to cancel it."
        " Decide: press Refund fee to give the fee up, or leave it as it is."
    ),
    "fee_kept": _lt(
        "The order came to nothing, but the fee of Buyer Protection is kept: that is"
        " the refund policy of the certificate."
    ),
    "fee_came_back": _lt(
        "The payment contains %(fee)s for Buyer Protection, which had been taken out of"
        " the cart meanwhile. It is part of the order again."
    ),
    "chosen_too_late": _lt(
        "Buyer Protection for %(fee)s was chosen after the payment of %(paid)s had"
        " begun. The fee was not paid, so it was taken out of this order."
    ),
    "not_placed": _lt(
        "The Buyer Protection of order %(order)s could not be queued; the server's log"
        " says why. Apply for it at Trusted Shops by hand within three days, or press"
        " Refund fee."
    ),
    "fee_on_invoice": _lt(
        "The order was cancelled before Buyer Protection was applied for, but its fee"
        " is on invoice %(invoices)s. Press Refund fee to credit it."
    ),
    "requested": _lt(
        "Buyer Protection was applied for, application number %(number)s."
    ),
    "confirmed": _lt(
        "Buyer Protection is confirmed, guarantee number %(guarantee_number)s."
    ),
    "called_off": _lt(
        "The payment of this order was called off, and nobody confirmed the order, but"
        " its Buyer Protection was applied for already and Trusted Shops has no way to"
        " cancel it. Cancel the order if it is given up; what becomes of the fee is"
        " then decided."
    ),
    "trouble": _lt(
        "%(count)s attempts in a row to apply brought no result. We keep trying until"
        " three days after the order; ask Trusted Shops if this continues. Last"
        " reason: %(reason)s"
    ),
    "late_number": _lt(
        "A very late answer says that an application for this order exists under the"
        " number %(late_number)s, but here it is “%(state)s”, number %(number)s."
        " Compare both with Trusted Shops before you decide about the fee."
    ),
    "undecided": _lt(
        "Trusted Shops has not decided about application %(number)s for a week. Ask"
        " Trusted Shops about it; we keep asking once a day."
    ),
    "mail_broken": _lt(
        "The buyer's mail could not be written. Most often its template asks for"
        " something that this order does not have: see the server log, and correct it."
        " We try again every hour; Resend tries at once."
    ),
    "mail_lost": _lt(
        "The buyer's mail could not be sent. Check the mail server and the buyer's"
        " address, then press Resend."
    ),
    # The addon goes.
    "left_refund": _lt(
        "Trusted Shops was uninstalled before the fee of Buyer Protection was refunded."
        " If %(fee)s of the buyer's money is still here, refund it by hand."
    ),
    "left_application": _lt(
        "Trusted Shops was uninstalled while Buyer Protection of this order was"
        " “%(state)s”, application number: %(number)s. Check at Trusted Shops what"
        " became of it, or apply there by hand within three days of the order; if"
        " there is none, tell the buyer and refund the fee."
    ),
    # Buttons.
    "apply_now": _lt("Buyer Protection will be applied for now."),
    "check_state": _lt("Trusted Shops will be asked now whether it has decided."),
    "number_entered": _lt("The application number %(number)s was entered by hand."),
    "released": _lt(
        "Buyer Protection was released and will be applied for although it was on hold:"
        " %(reason)s"
    ),
    "resent": _lt("The mail about Buyer Protection was sent again."),
    "no_rights": _lt(
        "You have no rights for this button. Ask a sales manager or an accountant."
    ),
    "busy": _lt(
        "Trusted Shops is being asked about this order now. Try again in a minute."
    ),
    "not_possible": _lt(
        "This is not possible now: the Buyer Protection of order %(order)s is"
        " “%(state)s”. Reload the page to see the latest state."
    ),
    "no_number": _lt(
        "An application number has digits only and is at most %(largest)s."
    ),
    "number_of_other": _lt(
        "%(number)s is the application of order %(order)s. Look the number up at"
        " Trusted Shops by the order number."
    ),
}

# === SHOPPERS === #

_ORDERED = _lt("ordered, the confirmation follows by e-mail")
_LOOKED_INTO = _lt("ordered, the shop is looking into it")
# Where a protection stands, in words for its buyer, by ``_get_situation``.
STATUS = {
    "queued": _ORDERED,
    "sending": _ORDERED,
    "on_hold": _LOOKED_INTO,
    "unclear": _LOOKED_INTO,
    "requested": _lt("applied for, the confirmation follows by e-mail"),
    "confirmed": _lt(
        "confirmed – covered up to %(amount)s until %(date)s, number %(number)s"
    ),
    "not_concluded": _lt(
        "could not be concluded; its fee is not charged, or is paid back"
    ),
    "cancelled": _lt("cancelled"),
}
STATUS_BEFORE_PAYMENT = _lt(
    "it is applied for when your payment has arrived; the confirmation then follows by"
    " e-mail"
)


class TrustedShopsProtection(models.Model):
    """Which sentence fits."""

    _inherit = "trustedshops.protection"

    shopper_status = fields.Char(
        string="What to tell the customer", compute="_compute_shopper_status"
    )

    def _explain(self, name, /, **values):
        """Return a sentence for staff.

        :param str name: key of ``SENTENCES``
        :param values: what it names beside numbers, state and fee of the protection
        :rtype: str
        """
        known = {
            "order": self.display_name,
            "state": self._get_state_label(),
            "number": self.application_number or "-",
            "guarantee_number": self.guarantee_number,
            "fee": self.currency_id.format(self.gross_fee),
            "amount": self.currency_id.format(self.protected_amount),
        }
        return self._translate(SENTENCES[name], **{**known, **values})

    def _translate(self, sentence, /, **values):
        """Return a lazy sentence with its values in the reader's language."""
        text = self.env._(sentence)  # which takes no values for it
        return text % values

    def _explain_code(self, code, sentence=None):
        """Return what a code means, what to do, and the code for the support.

        :param int code: of Trusted Shops, negative
        :param sentence: what it means here, default: of ``ANSWERS``
        :rtype: str
        """
        types = dict(self._fields["payment_type"]._description_selection(self.env))
        words = self._translate(
            sentence or ANSWERS.get(code, _UNKNOWN_CODE),
            item=self.item_code,
            currency=self.currency_id.name,
            payment_type=types.get(self.payment_type, "-"),
        )
        return self._explain("with_code", words=words, code=code)

    def _explain_answer(self, error):
        """Return what an answer to an application means for this order.

        :param TrustedShopsError error: from the client
        :rtype: str
        """
        if error.kind == KIND_DUPLICATE:
            is_own = self.unanswered
            return self._explain("number_missing" if is_own else "number_foreign")
        if not error.code:
            return self._explain("no_answer", reason=error)
        text = self._explain_code(error.code)
        if error.code in const.CURABLE_CODES and self.unanswered:
            text = f"{text} {self._explain('may_have_arrived')}"
        return text

    def _explain_decision(self, error):
        """Return what the refusal of an application means, when it was asked about.

        :param RefusedError error: from the client
        :rtype: str
        """
        if self.is_number_entered:
            return self._explain("entered_number_refused", code=error.code)
        reason = self._explain_code(error.code, DECISIONS.get(error.code))
        return self._explain("refused", reason=reason)

    def _get_state_label(self):
        """Return the state in the reader's words."""
        selection = self._fields["state"]._description_selection(self.env)
        return dict(selection)[self.state]

    def _get_situation(self):
        """Return where the protection stands, as a key of ``STATUS``.

        :rtype: str
        """
        self.ensure_one()
        is_unknown = self.state == "on_hold" and self._is_duplicate()
        if is_unknown or self._lacks_number() or self._is_clearing_up():
            return "unclear"
        return "not_concluded" if self.state in NOT_CONCLUDED_STATES else self.state

    def _prepare_cover(self):
        """Return amount, last day and number of a protection, for the reader."""
        return {
            "amount": self.currency_id.format(self.protected_amount),
            "date": self.env["ir.qweb.field.date"].value_to_html(
                self.protected_until, {}
            ),
            "number": self.guarantee_number,
        }

    @api.depends(
        "state",
        "application_number",
        "guarantee_number",
        "protected_until",
        "fee_state",
        "unanswered",
        "last_code",
    )
    @api.depends_context("lang")
    def _compute_shopper_status(self):
        for protection in self:
            protection.shopper_status = protection._get_shopper_status()

    def _get_shopper_status(self):
        """Return where the protection stands, in words for the buyer.

        :return: '' while it is only a choice in the cart
        :rtype: str
        """
        if self.state == "selected":
            return ""
        status = STATUS[self._get_situation()]
        return self._translate(status, **self._prepare_cover())

    def _get_test_mark(self):
        """Return what buyers read wherever the state of a test is told, else ''."""
        if not self.is_test:
            return ""
        return self.env._("This is a test. Your purchase is not protected.")

    def _get_mail_status(self):
        """Return what the order's own mail says, in words for the buyer.

        That of an order that waits for its payment is written before it counts as
        placed.
        """
        if self.state != "selected":
            return self._get_shopper_status()
        is_paid = self.order_id._trustedshops_get_payments()
        return self.env._(_ORDERED if is_paid else STATUS_BEFORE_PAYMENT)
