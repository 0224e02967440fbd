# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sentences about a protection that are looked up by a code or by a situation.

``words.py`` chooses which one fits. ``ANSWERS``, ``DECISIONS`` and ``UNCLEAR`` tell
staff what a code of Trusted Shops means, ``REASONS`` what happened; ``STATUS`` and
``FEES`` are for shoppers, and for staff who answer them. Every other sentence is
defined where it is used.
"""

from typing import NamedTuple

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
# What a code means as the answer to an application. For -10003 (the order number is
# known already) see ``_get_answer_reason`` in ``answers.py``.
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
# What a code means as the final decision, if that differs from ``ANSWERS``.
DECISIONS = {-10014: _EMAIL_REFUSED, -10018: _EMAIL_REFUSED}
# What a code means if Trusted Shops was asked for the decision and did not decide.
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

WITH_CODE = _lt("%(words)s (code %(code)s)")

# === WHAT HAPPENED === #

# By the code in ``last_error``. Trouble of the queue itself is in ``TROUBLES``.
REASONS = {
    "copied": _lt("Copied database: this order belongs to the original."),
    # When the order was placed, or before an application.
    "unpaid": _lt(
        "The order is neither paid nor confirmed. The application goes out when it is;"
        " if the order is given up, cancel it."
    ),
    "partly_paid": _lt(
        "%(paid)s of %(total)s was paid, so the fee may not be part of it. The"
        " application goes out when the rest is paid."
    ),
    "fee_dropped": _lt(
        "%(paid)s was paid, %(fee)s for Buyer Protection included, but the order"
        " changed during the payment and comes to %(total)s without it. Settle the"
        " difference with the buyer, or press Refund fee."
    ),
    "fee_credited": _lt(
        "Nothing is applied for, because the fee was taken out of the books. Invoice it"
        " again, or cancel the order."
    ),
    "not_covered": _lt(
        "The order was changed after Buyer Protection was chosen: it has another buyer,"
        " or is worth more than the protection covers."
    ),
    "other_certificate": _lt(
        "Nothing is sent: the certificate has another Trusted Shops ID or environment"
        " now."
    ),
    "no_email": _lt(
        "The buyer has no valid e-mail address. Ask for one and apply again within"
        " three days of the order."
    ),
    "incomplete": _lt("The application is incomplete: %(what)s"),
    # What Trusted Shops answered.
    "no_answer": _lt("Trusted Shops did not answer (%(reason)s)."),
    "number_lost": _lt(
        "An earlier application may have arrived, but its number did not reach us."
    ),
    "number_known": _lt(
        "Trusted Shops knows this order number already although this order was never"
        " sent."
    ),
    "entry_refused": _lt(
        "Trusted Shops refused application %(number)s, which was entered by hand (code"
        " %(code)s)."
    ),
    "application_refused": _lt(
        "Trusted Shops refused application %(number)s. %(reason)s"
    ),
    "unclear": _lt("Asked about application %(number)s, Trusted Shops said: %(words)s"),
    # What ended it.
    "too_late": _lt("No application went through within three days."),
    "not_found": _lt("Trusted Shops has no application of this order."),
    "cancelled": _lt("The order was cancelled."),
    "cancelled_unsent": _lt(
        "The order was cancelled before Buyer Protection was applied for."
    ),
    "given_up": _lt("Given up: the fee was taken out of the books."),
}
# After ``fee_credited`` while an application may have arrived.
IN_DOUBT = _lt(
    "An application may have arrived: look for the order number at Trusted Shops before"
    " you decide about the fee."
)
# The reason that is a code of Trusted Shops alone.
ANSWERED = "answered"


class Reason(NamedTuple):
    """Says why a protection stands as it does; it is worded when it is read.

    :param str code: key of ``REASONS`` or ``TROUBLES``, or ``ANSWERED``
    :param dict values: what its sentence names: ``code`` of Trusted Shops, ``number``
        of an application or order, ``trouble`` of a call, ``what`` is missing,
        ``date`` in the shop, and the amounts ``paid`` and ``total`` in ``currency``,
        an id
    """

    code: str
    values: dict

    @classmethod
    def of(cls, protection):
        """Return the reason that is stored, its code is empty when all goes well."""
        return cls(protection.last_error, protection.error_values or {})

    def prepare(self):
        """Return the values that store the reason."""
        return {"last_error": self.code, "error_values": self.values}


# === SHOPPERS === #

ORDERED = _lt("Your Buyer Protection is ordered; the confirmation follows by e-mail.")
_LOOKED_INTO = _lt("Your Buyer Protection is ordered; the shop is looking into it.")
# Where a protection stands, by ``_get_situation``.
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
