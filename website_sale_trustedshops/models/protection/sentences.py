# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people read about a protection, looked up by code, by name or by situation.

For staff: ``ANSWERS``, ``DECISIONS`` and ``UNCLEAR`` by the code of Trusted Shops,
``SENTENCES`` by name. For shoppers, and staff whom they ask: ``STATUS``.

What happened is stored with the row (``last_error``), and promises nothing. What comes
next, or is to be done, follows from how the row stands when somebody reads it.
"""

from odoo import api, fields, models
from odoo.tools import LazyTranslate, format_datetime

from ... import const
from ...lib.codes import KIND_DUPLICATE, KIND_RETRYABLE
from .protection import FEE_GIVEN_BACK, NOT_CONCLUDED_STATES

_lt = LazyTranslate(__name__)

# === CODES === #

_BAD_CERTIFICATE = _lt("The certificate or its login is not accepted.")
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
    " of this addon."
)
_BAD_EMAIL = _lt(
    "The buyer's e-mail address is missing, or Trusted Shops does not accept it."
)
_UNKNOWN_CODE = _lt(
    "Trusted Shops gave an answer that is not documented. Ask Trusted Shops what it"
    " means."
)
# A code as the answer to an application. For -10003, the order number is known already,
# see ``_explain_answer``.
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
        " days."
    ),
    -10014: _BAD_EMAIL,
    -10015: _BAD_APPLICATION,
    -10016: _BAD_APPLICATION,
    -10017: _lt(
        "The credit limit of the certificate is used up. Ask Trusted Shops for a higher"
        " one."
    ),
    -10018: _BAD_EMAIL,
    -10019: _BAD_ITEM,
    -11001: _BAD_APPLICATION,
    -11111: _lt("Trusted Shops has technical problems."),
}
_LIMIT_REFUSED = _lt(
    "The credit limit of the certificate is used up or closed. Ask Trusted Shops for a"
    " higher one and to protect this order."
)
_EMAIL_REFUSED = _lt("It does not accept the buyer's e-mail address.")
# A code as the decision about an application, after which nothing is sent again, where
# that means something else.
DECISIONS = {-10014: _EMAIL_REFUSED, -10018: _EMAIL_REFUSED}
# A code as the answer to a question about an application, which decides nothing.
UNCLEAR = {
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
    -10017: _LIMIT_REFUSED,
}

# === STAFF === #

SENTENCES = {
    "no_email": _lt(
        "The buyer's e-mail address is missing, or Trusted Shops does not accept it."
        " Ask the buyer for another one and apply again within three days of the order."
    ),
    # Why an application has no number.
    "with_code": _lt("%(words)s (code %(code)s)"),
    "no_answer": _lt("Trusted Shops did not answer (%(reason)s)."),
    "number_missing": _lt(
        "An earlier application arrived, but its number did not reach us."
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
        " %(code)s)."
    ),
    "unclear": _lt("Asked about application %(number)s, Trusted Shops said: %(words)s"),
    # How it ended.
    "overdue": _lt(
        "No application went through within three days, and Trusted Shops accepts none"
        " for older orders."
    ),
    "cancelled": _lt("The order was cancelled."),
    "cancelled_unsent": _lt(
        "The order was cancelled before Buyer Protection was applied for."
    ),
    "found_nothing": _lt("Trusted Shops has no application of this order."),
    # What comes next, or is to be done.
    "try_again": _lt("We try again."),
    "keep_asking": _lt("We keep asking."),
    "look_up": _lt(
        "An application may have arrived: look for the order number at Trusted Shops."
        " If it is there, press Enter number; if not, press Not found at Trusted Shops."
    ),
    "look_up_foreign": _lt(
        "Trusted Shops has an application under this order number: compare buyer,"
        " amount and date there. If it is this purchase, press Enter number; if it is"
        " another one, press Not found at Trusted Shops."
    ),
    "look_up_number": _lt(
        "Look it up at Trusted Shops by the order number, and enter it. If it is not"
        " there, press Not found at Trusted Shops."
    ),
    "enter_again": _lt(
        "Look the number up there by the order number, and enter it again. If it is"
        " right, press Not found at Trusted Shops: there is no protection then."
    ),
    "apply_again": _lt(
        "Ask the buyer for another one and apply again until %(until)s; otherwise the"
        " fee goes back by itself."
    ),
    "apply_by_hand": _lt(
        "Apply at Trusted Shops by hand and enter the number until %(until)s; otherwise"
        " the fee goes back by itself."
    ),
    "apply_before": _lt(
        "Unless you apply again before, the fee goes back by itself on %(until)s."
    ),
    "fee_goes_back_on": _lt(
        "The buyer is not protected, and the fee goes back by itself on %(until)s."
    ),
    "fee_goes_back": _lt(
        "The buyer is not protected, and the fee goes back by itself."
    ),
    "fee_gone": _lt("The buyer is not protected, and does not pay the fee."),
    "unprotected": _lt("The buyer is not protected."),
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
        " three days after the order; ask Trusted Shops if this continues."
    ),
    "late_number": _lt(
        "A very late answer says that an application for this order exists under the"
        " number %(late_number)s, but here it is “%(state)s”, number %(number)s."
        " Compare both with Trusted Shops before you decide about the fee."
    ),
    "confirmed_late": _lt(
        "Trusted Shops confirmed this protection after it had been given up: the buyer"
        " is protected, but does not pay the fee. Decide who pays it."
    ),
    "undecided": _lt(
        "Trusted Shops has not decided about application %(number)s for a week. Ask"
        " Trusted Shops about it; we keep asking once a day. If there is no such"
        " application, press Not found at Trusted Shops."
    ),
    "mail_broken": _lt(
        "The buyer's mail could not be written. Most often its template asks for"
        " something that this order does not have: see the server log, and correct it."
        " We try again every hour; Resend tries at once."
    ),
    "mail_returned": _lt(
        "The buyer's mail came back: the address does not take it. Check the buyer's"
        " address, then press Resend."
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
    "not_found": _lt(
        "Looked up at Trusted Shops: there is no application of this order."
    ),
    "no_protection": _lt(
        "Looked up at Trusted Shops: there is no protection for this order."
    ),
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
    "curable": _lt(
        "being clarified until %(until)s; otherwise the fee is not charged, or is paid"
        " back"
    ),
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

    explanation = fields.Char(
        string="What happened", compute="_compute_explanation", compute_sudo=True
    )
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
            "order": self._get_order_name(),
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
            is_own = self.may_have_arrived
            return self._explain("number_missing" if is_own else "number_foreign")
        if not error.code:
            return self._explain("no_answer", reason=error)
        return self._explain_code(error.code)

    def _explain_decision(self, error):
        """Return what the refusal of an application means, when it was asked about.

        :param RefusedError error: from the client
        :rtype: str
        """
        if self.number_entered_at:
            return self._explain("entered_number_refused", code=error.code)
        reason = self._explain_code(error.code, DECISIONS.get(error.code))
        return self._explain("refused", reason=reason)

    def _explain_unclear(self, error):
        """Return what an answer about an application means that decided nothing.

        :param TrustedShopsError error: from the client
        :rtype: str
        """
        if not error.code or error.kind == KIND_RETRYABLE:
            return self._explain_answer(error)
        words = self._explain_code(error.code, UNCLEAR.get(error.code, _UNKNOWN_CODE))
        return self._explain("unclear", words=words)

    @api.depends(
        "state",
        "last_error",
        "last_code",
        "may_have_arrived",
        "application_number",
        "requested_at",
        "number_entered_at",
        "trouble_count",
        "fee_state",
        "refund_ids",
        "final_at",
        "order_id.state",
        "certificate_id.hold_reason",
        "certificate_id.has_ws_login",
    )
    @api.depends_context("lang")
    def _compute_explanation(self):
        for protection in self:
            protection.explanation = protection._explain_state()

    def _explain_state(self):
        """Return what happened to the protection, and what comes next or is to be done.

        :return: '' when all goes well
        :rtype: str
        """
        return " ".join(filter(None, (self.last_error, self._explain_next())))

    def _explain_next(self):
        """Return what comes next or is to be done, by how the protection stands."""
        if self._awaits_lookup():
            return self._explain_lookup()
        if self.state in NOT_CONCLUDED_STATES:
            return self._explain_end()
        if self.state in ("queued", "sending"):
            return self._explain_waiting()
        is_asked_again = self.state == "requested" and self.last_error
        return self._explain("keep_asking") if is_asked_again else ""

    def _explain_lookup(self):
        """Return what to look for at Trusted Shops."""
        if self.state != "requested":
            is_foreign = self._is_duplicate() and not self.may_have_arrived
            return self._explain("look_up_foreign" if is_foreign else "look_up")
        if self.number_entered_at and self.last_code:
            return self._explain("enter_again")
        if self._lacks_number():
            return self._explain("look_up_number")
        is_long = self._is_asked_for_long() and not self._is_duplicate()
        return self._explain("undecided" if is_long else "keep_asking")

    def _explain_waiting(self):
        """Return what an application waits for."""
        if wait := self.certificate_id.sudo()._explain_wait():
            return wait
        if not self.last_error:
            return ""
        if self.trouble_count >= const.TROUBLE_ATTENTION:
            return self._explain("trouble", count=self.trouble_count)
        return self._explain("try_again")

    def _explain_end(self):
        """Return what becomes of the fee of what was not concluded, and until when."""
        if self.fee_state in FEE_GIVEN_BACK:
            return self._explain("fee_gone")
        if not self._is_over():
            return self._explain_respite()
        # Where somebody is asked about the fee, that says what to do.
        goes_back = self.filtered_domain(self._get_unreturned_domain())
        return self._explain("fee_goes_back" if goes_back else "unprotected")

    def _explain_respite(self):
        """Return what can still be done about a refusal, and until when."""
        if not self._can_still_be_sent():
            name = "fee_goes_back_on"
        elif self.application_number:  # the application itself was refused
            name = "apply_by_hand"
        else:
            is_curable = self.last_code in const.CURABLE_CODES
            name = "apply_again" if is_curable else "apply_before"
        tz = self._in_shop().env.context["tz"]
        until = format_datetime(self.env, self.final_at, tz=tz, dt_format="short")
        return self._explain(name, until=until)

    def _get_state_label(self):
        """Return the state in the reader's words."""
        selection = self._fields["state"]._description_selection(self.env)
        return dict(selection)[self.state]

    def _get_situation(self):
        """Return where the protection stands, as a key of ``STATUS``.

        :rtype: str
        """
        self.ensure_one()
        if self.state == "requested" and self._awaits_lookup():
            return "unclear"
        if self.state not in NOT_CONCLUDED_STATES:
            return self.state
        if self._is_over():
            return "not_concluded"
        return "unclear" if self._may_have_arrived() else "curable"

    def _prepare_cover(self):
        """Return amount, last day and number of a protection, for the reader."""
        return {
            "amount": self.currency_id.format(self.protected_amount),
            "date": self.env["ir.qweb.field.date"].value_to_html(
                self.protected_until, {}
            ),
            "number": self.guarantee_number,
            "until": self.env["ir.qweb.field.date"].value_to_html(
                self._get_final_day(), {}
            ),
        }

    def _get_final_day(self):
        """Return the day in the shop on which a refusal is final, False without one.

        :rtype: datetime.date or bool
        """
        in_shop, final_at = self.sudo()._in_shop(), self.final_at
        return final_at and fields.Datetime.context_timestamp(in_shop, final_at).date()

    @api.depends(
        "state",
        "application_number",
        "guarantee_number",
        "protected_until",
        "fee_state",
        "may_have_arrived",
        "last_code",
        "requested_at",
        "number_entered_at",
        "final_at",
        "order_id.state",
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
