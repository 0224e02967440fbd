# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff and buyers read about what happened: one row for each thing.

Forms, lists, activities, notes, the portal and mails all ask this table, so that a
thing is said once, and every reader is told the same. Labels, helps and texts of
buttons stay with their fields and views, and the message of an error where it is
raised.
"""

from typing import NamedTuple

from odoo import api, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)
# How much a message matters, the worst first. TODO: a user has to do it once.
PROBLEM, TODO, HINT, OK = LEVELS = ("problem", "todo", "hint", "ok")


class Message(NamedTuple):
    """One thing that can be true of a record, in words for each reader.

    :param str level: one of ``LEVELS``
    :param LazyGettext staff: what is true, for staff; '' where a state says it all
    :param LazyGettext step: what staff have to do, or what comes next
    :param str action: name of the record's method that opens the place where the step
        is done, or ends it
    :param LazyGettext label: of the button for the action
    :param LazyGettext buyer: what the buyer is told; never what staff have to do
    :param LazyGettext title: of the activity about it
    """

    level: str = HINT
    staff: object = ""
    step: object = ""
    action: str = ""
    label: object = ""
    buyer: object = ""
    title: object = ""


# By code. The sections follow the rooms of ``models/``.
MESSAGES = {
    # === CALLS: what went wrong, why nothing is asked === #
    # === CERTIFICATE === #
    # === WEBSITE CHECK === #
    # === PAYMENT PAGE AND ORDER === #
    # The offer, which the buyer agrees to, and why there is none.
    "offer_text": Message(
        buyer=_lt(
            "Money back if the goods do not arrive or a return is not refunded;"
            " %(days)s days. For this, order data and e-mail address are sent to"
            " Trusted Shops and stored there."
        ),
    ),
    "offer_none": Message(
        buyer=_lt(
            "Buyer Protection is not available for your order at the moment. You can"
            " order without it."
        ),
    ),
    "offer_business": Message(
        buyer=_lt(
            "Buyer Protection is for private buyers only. It is not part of your order,"
            " because your address names a company or a VAT number."
        ),
    ),
    # Why the box was unticked. The payment page says it until the next tick.
    "choice_returned": Message(
        buyer=_lt("Unticked because this page was opened again.")
    ),
    "choice_delivery": Message(buyer=_lt("Unticked because the delivery changed.")),
    "choice_address": Message(buyer=_lt("Unticked because the address changed.")),
    "choice_changed": Message(
        staff=_lt(
            "Buyer Protection was taken out of this order, because the order changed"
            " after it was chosen."
        ),
        buyer=_lt("Unticked because your order changed."),
    ),
    "choice_offer": Message(buyer=_lt("Unticked because the offer changed.")),
    "choice_misfit": Message(
        buyer=_lt(
            "Not added, because the total of your order would not have risen by exactly"
            " the fee."
        ),
    ),
    # On the confirmation page and in the portal, where the buyer cannot tick again.
    "choice_paid": Message(
        staff=_lt(
            "Buyer Protection for %(fee)s was chosen after the payment of %(paid)s had"
            " begun. The fee was not paid, so it was taken out of this order."
        ),
        buyer=_lt(
            "Your payment had begun before you chose Buyer Protection, so it is not"
            " part of your order and you do not pay for it."
        ),
    ),
    "choice_portal": Message(
        buyer=_lt(
            "Buyer Protection was taken out of this order: it can only be chosen while"
            " you pay in the shop."
        ),
    ),
    # What a click did, or why it did nothing.
    "choice_total": Message(OK, buyer=_lt("New total: %(total)s.")),
    "choice_outdated": Message(
        buyer=_lt(
            "Your order changed after this page was opened. Please reload the page."
        ),
    ),
    "choice_gone": Message(
        buyer=_lt(
            "Nothing was ordered: Buyer Protection was taken out of your cart"
            " meanwhile."
        ),
    ),
    "choice_busy": Message(buyer=_lt("Your cart is being changed. Please try again.")),
    "choice_being_paid": Message(
        buyer=_lt(
            "Your order is being paid already, so Buyer Protection cannot be changed"
            " any more."
        ),
    ),
    # Notes for staff.
    "choice_back": Message(
        staff=_lt(
            "The payment contains %(fee)s for Buyer Protection, so it is part of the"
            " order again."
        ),
    ),
    "fee_left_out": Message(
        staff=_lt("The fee of Buyer Protection is not charged any more.")
    ),
    "uninstalled": Message(
        TODO,
        staff=_lt(
            "Trusted Shops was uninstalled; Buyer Protection was “%(state)s”,"
            " application number: %(number)s. Look it up at Trusted Shops, or apply"
            " there by hand within three days of the order. If there is none, tell the"
            " buyer and refund the fee."
        ),
    ),
    "uninstalled_refund": Message(
        TODO,
        staff=_lt(
            "Trusted Shops was uninstalled before the fee of Buyer Protection was"
            " refunded. If %(fee)s of the buyer's money is still here, refund it by"
            " hand."
        ),
    ),
    # Privacy Lookup.
    "kept_protection": Message(
        staff=_lt(
            "Kept with the order, at least until %(date)s: Buyer Protection proves a"
            " contract, and its fee is in the books."
        ),
    ),
    "kept_needed": Message(staff=_lt("Kept: other records need it.")),
    # === PROTECTION: what its codes and states mean === #
    # === THE FEE IN THE BOOKS, AND ITS MONEY === #
}


class TrustedShopsMessage(models.AbstractModel):
    """Words what happened, in the language of the context."""

    _name = "trustedshops.message"
    _description = "Trusted Shops Message"

    @api.model
    def _get_messages(self):
        """Return the messages by their codes. To be extended by other addons.

        :rtype: dict of str to :class:`Message`
        """
        return MESSAGES

    @api.model
    def _format_message(self, code, part="staff", /, **values):
        """Return a message in the language of the context.

        :param str code: key of :meth:`_get_messages`
        :param str part: field of :class:`Message`: ``staff``, ``step``, ``buyer`` ...
        :param values: what its sentence names, formatted for the reader
        :return: '' when this reader is told nothing
        :rtype: str
        """
        sentence = getattr(self._get_messages()[code], part)
        # `env._` takes no values for a lazy sentence.
        return self.env._(sentence) % values if sentence else ""
