# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people read about a protection, looked up by code, by name or by situation.

Which one fits is decided in ``words.py``.

For staff: ``ANSWERS``, ``DECISIONS`` and ``UNCLEAR`` by the code of Trusted Shops,
``SENTENCES`` by name. For shoppers, and staff whom they ask: ``STATUS``, ``FEES``.
"""

from odoo.tools import LazyTranslate

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
UNKNOWN_CODE = _lt(
    "Trusted Shops gave an answer that is not documented. Ask Trusted Shops what it"
    " means."
)
# A code as the answer to an application. For -10003, the order number is known already,
# see ``explain_answer``.
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

ORDERED = _lt("Your Buyer Protection is ordered; the confirmation follows by e-mail.")
_LOOKED_INTO = _lt("Your Buyer Protection is ordered; the shop is looking into it.")
# Where a protection stands, in words for its buyer, by ``_get_situation``.
STATUS = {
    "queued": ORDERED,
    "sending": ORDERED,
    "on_hold": _LOOKED_INTO,
    "unclear": _LOOKED_INTO,
    "curable": _lt("Your Buyer Protection is being clarified until %(until)s."),
    "requested": _lt(
        "Your Buyer Protection is applied for; the confirmation follows by e-mail."
    ),
    "confirmed": _lt(
        "Your Buyer Protection is confirmed: up to %(amount)s until %(date)s, number"
        " %(number)s."
    ),
    "not_concluded": _lt("Your Buyer Protection could not be concluded."),
    "cancelled": _lt("Your Buyer Protection was cancelled."),
}
STATUS_BEFORE_PAYMENT = _lt(
    "Your Buyer Protection is applied for when your payment has arrived; the"
    " confirmation then follows by e-mail."
)
# What becomes of its fee, by ``_get_fee_situation``.
FEES = {
    "back": _lt("The fee of %(fee)s was paid back on %(returned)s."),
    "on_its_way": _lt("The fee of %(fee)s is being paid back."),
    "credited": _lt("The fee of %(fee)s was credited."),
    "goes_back": _lt("The fee of %(fee)s will be paid back."),
    "free": _lt("The fee of %(fee)s is not charged."),
    "else_goes_back": _lt("Otherwise the fee of %(fee)s will be paid back."),
    "else_free": _lt("Otherwise the fee of %(fee)s is not charged."),
}
