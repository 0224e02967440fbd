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
    # Why a protection stands as it does, when it is placed and before an application.
    "unpaid": Message(
        HINT,
        _lt(
            "The order is neither paid nor confirmed. The application goes out when it"
            " is; if the order is given up, cancel it."
        ),
    ),
    "partly_paid": Message(
        HINT,
        _lt(
            "%(paid)s of %(total)s was paid, so the fee may not be part of it. The"
            " application goes out when the rest is paid."
        ),
    ),
    "fee_dropped": Message(
        TODO,
        _lt(
            "%(paid)s was paid, %(fee)s for Buyer Protection included, but the order"
            " changed during the payment and comes to %(total)s without it. Settle the"
            " difference with the buyer, or press Refund fee."
        ),
    ),
    "fee_credited": Message(
        TODO,
        _lt(
            "Nothing is applied for, because the fee was taken out of the books."
            " Invoice it again, or cancel the order."
        ),
        # Only if an application may have arrived.
        _lt(
            "An application may have arrived: look for the order number at Trusted"
            " Shops before you decide about the fee."
        ),
    ),
    "not_covered": Message(
        TODO,
        _lt(
            "The order was changed after Buyer Protection was chosen: it has another"
            " buyer, or is worth more than the protection covers."
        ),
    ),
    "other_certificate": Message(
        PROBLEM,
        _lt(
            "Nothing is sent: the certificate has another Trusted Shops ID or"
            " environment now."
        ),
    ),
    "no_email": Message(
        TODO,
        _lt(
            "The buyer has no valid e-mail address. Ask for one and apply again within"
            " three days of the order."
        ),
    ),
    "incomplete": Message(PROBLEM, _lt("The application is incomplete: %(what)s")),
    # Because of an answer.
    "no_answer": Message(HINT, _lt("Trusted Shops did not answer (%(reason)s).")),
    "number_lost": Message(
        TODO,
        _lt(
            "An earlier application may have arrived, but its number did not reach us."
        ),
    ),
    "number_known": Message(
        TODO,
        _lt(
            "Trusted Shops knows this order number already although this order was"
            " never sent."
        ),
        _lt(
            "Compare buyer, amount and date there. If it is this purchase, press Enter"
            " number; if not, press Refund fee."
        ),
    ),
    "entry_refused": Message(
        TODO,
        _lt(
            "Trusted Shops refused application %(number)s, which was entered by hand"
            " (code %(code)s)."
        ),
    ),
    "application_refused": Message(
        PROBLEM, _lt("Trusted Shops refused application %(number)s. %(reason)s")
    ),
    "unclear": Message(
        TODO, _lt("Asked about application %(number)s, Trusted Shops said: %(words)s")
    ),
    "copied": Message(
        HINT, _lt("Copied database: this order belongs to the original.")
    ),
    # Because it ended.
    "too_late": Message(PROBLEM, _lt("No application went through within three days.")),
    "not_found": Message(
        PROBLEM, _lt("Trusted Shops has no application of this order.")
    ),
    "cancelled_unsent": Message(
        HINT, _lt("The order was cancelled before Buyer Protection was applied for.")
    ),
    "fee_given_up": Message(HINT, _lt("Given up: the fee was taken out of the books.")),
    # What a code of Trusted Shops means: "answer" to an application, "decision" that
    # refuses it, if that differs, and "asked" when it does not decide. For -10003 as an
    # answer, see "number_known" and "number_lost".
    **dict.fromkeys(
        ("answer-10001", "answer-10002", "answer-10011"),
        Message(PROBLEM, _lt("The certificate or its login is not accepted.")),
    ),
    **dict.fromkeys(
        ("answer-10004", "answer-10019"),
        Message(
            PROBLEM,
            _lt(
                "Trusted Shops does not sell the protection %(item)s for this order."
                " Check the certificate, which fetches its fee table again."
            ),
        ),
    ),
    **dict.fromkeys(
        ("answer-10005", "answer-10006", "answer-10010"),
        Message(
            PROBLEM,
            _lt(
                "Trusted Shops does not accept the payment type %(payment_type)s for"
                " this shop. Ask Trusted Shops to activate it, or choose another one on"
                " the payment method."
            ),
        ),
    ),
    **dict.fromkeys(
        ("answer-10007", "answer-10008", "answer-10009"),
        Message(
            PROBLEM,
            _lt(
                "Trusted Shops does not protect orders in %(currency)s with this"
                " certificate. Ask Trusted Shops for fees in this currency."
            ),
        ),
    ),
    **dict.fromkeys(
        ("answer-10012", "answer-10015", "answer-10016", "answer-11001"),
        Message(
            PROBLEM,
            _lt(
                "Trusted Shops found a mistake in the application itself. Report the"
                " code as a bug of this addon."
            ),
        ),
    ),
    "answer-10013": Message(
        PROBLEM,
        _lt(
            "Trusted Shops accepts no application for an order that is older than three"
            " days."
        ),
    ),
    **dict.fromkeys(
        ("answer-10014", "answer-10018"),
        Message(
            PROBLEM,
            _lt(
                "The buyer's e-mail address is missing, or Trusted Shops does not"
                " accept it."
            ),
        ),
    ),
    "answer-10017": Message(
        PROBLEM,
        _lt(
            "The credit limit of the certificate is used up. Ask Trusted Shops for a"
            " higher one."
        ),
    ),
    "answer-11111": Message(HINT, _lt("Trusted Shops has technical problems.")),
    "answer_unknown": Message(
        PROBLEM,
        _lt(
            "Trusted Shops gave an answer that is not documented. Ask Trusted Shops"
            " what it means."
        ),
    ),
    **dict.fromkeys(
        ("decision-10014", "decision-10018"),
        Message(PROBLEM, _lt("It does not accept the buyer's e-mail address.")),
    ),
    "asked-10001": Message(
        PROBLEM,
        _lt(
            "It does not know the application under this certificate. Ask Trusted Shops"
            " about it."
        ),
    ),
    **dict.fromkeys(
        ("asked-10002", "asked-10011", "asked-10017"),
        Message(
            PROBLEM,
            _lt(
                "The credit limit of the certificate is used up or closed. Ask Trusted"
                " Shops for a higher one and to protect this order."
            ),
        ),
    ),
    "asked-10003": Message(
        TODO,
        _lt(
            "It had an application under this order number already. Look at Trusted"
            " Shops which one counts before you press Refund fee."
        ),
    ),
    # What comes next, or has to be done.
    "tries_again": Message(HINT, step=_lt("We try again.")),
    "tries_in_vain": Message(
        PROBLEM,
        step=_lt(
            "%(count)s attempts in a row to apply brought no result. We keep trying;"
            " ask Trusted Shops if this continues."
        ),
    ),
    "keeps_asking": Message(HINT, step=_lt("We keep asking.")),
    "lookup": Message(
        TODO,
        step=_lt(
            "An application may have arrived: look for the order number at Trusted"
            " Shops. If it is there, press Enter number; if not, press Not found at"
            " Trusted Shops."
        ),
    ),
    "lookup_compare": Message(
        TODO,
        step=_lt(
            "Compare buyer, amount and date of the application at Trusted Shops. If it"
            " is this purchase, press Enter number; if not, press Not found at Trusted"
            " Shops."
        ),
    ),
    "lookup_entry": Message(
        TODO,
        step=_lt(
            "Look the number up there by the order number, and enter it again. If it is"
            " right, press Not found at Trusted Shops: there is no protection then."
        ),
    ),
    "lookup_undecided": Message(
        TODO,
        step=_lt(
            "Application %(number)s was not decided within a week. Ask Trusted Shops"
            " about it; if there is none, press Not found at Trusted Shops."
        ),
    ),
    "curable": Message(
        TODO,
        step=_lt(
            "Unless you apply again before, the fee goes back by itself on %(until)s."
        ),
        buyer=_lt(
            "Your Buyer Protection is being clarified until %(until)s; you do not pay"
            " for it if it cannot be concluded."
        ),
    ),
    "curable_address": Message(
        TODO,
        step=_lt(
            "Ask the buyer for another one and apply again until %(until)s; otherwise"
            " the fee goes back by itself."
        ),
    ),
    "curable_by_hand": Message(
        TODO,
        step=_lt(
            "Apply at Trusted Shops by hand and enter the number until %(until)s;"
            " otherwise the fee goes back by itself."
        ),
    ),
    "over": Message(PROBLEM, step=_lt("The buyer is not protected.")),
    "over_soon": Message(
        PROBLEM,
        step=_lt(
            "The buyer is not protected, and the fee goes back by itself on %(until)s."
        ),
    ),
    "over_goes_back": Message(
        PROBLEM,
        step=_lt("The buyer is not protected, and the fee goes back by itself."),
    ),
    "over_free": Message(
        HINT, step=_lt("The buyer is not protected, and does not pay the fee.")
    ),
    # Where it stands, for notes at the order and for the buyer.
    "test_mark": Message(
        HINT, buyer=_lt("This is a test. Your purchase is not protected.")
    ),
    "awaits_payment": Message(
        HINT,
        buyer=_lt(
            "Your Buyer Protection is applied for when your payment has arrived; the"
            " confirmation then follows by e-mail."
        ),
    ),
    "queued": Message(
        HINT,
        _lt("Buyer Protection up to %(amount)s was ordered. It is now “%(state)s”."),
        buyer=_lt(
            "Your Buyer Protection is ordered; the confirmation follows by e-mail."
        ),
    ),
    "on_hold": Message(
        TODO,
        buyer=_lt("Your Buyer Protection is ordered; the shop is looking into it."),
    ),
    "requested": Message(
        HINT,
        _lt("Buyer Protection was applied for, application number %(number)s."),
        buyer=_lt(
            "Your Buyer Protection is applied for; the confirmation follows by e-mail."
        ),
    ),
    "confirmed": Message(
        OK,
        _lt("Buyer Protection is confirmed, guarantee number %(guarantee_number)s."),
        buyer=_lt(
            "Your Buyer Protection is confirmed: up to %(amount)s until %(date)s,"
            " number %(number)s."
        ),
    ),
    "not_concluded": Message(
        PROBLEM, buyer=_lt("Your Buyer Protection could not be concluded.")
    ),
    "cancelled": Message(
        HINT,
        _lt("The order was cancelled."),
        buyer=_lt("Your Buyer Protection was cancelled."),
    ),
    # What a button did.
    "applied_now": Message(OK, _lt("Buyer Protection will be applied for now.")),
    "sent_unchanged": Message(
        HINT,
        _lt(
            "An earlier application may have arrived, so it is only sent again"
            " unchanged. Look for the order number at Trusted Shops before you press"
            " Refund fee."
        ),
    ),
    "asked_now": Message(
        OK, _lt("Trusted Shops will be asked now whether it has decided.")
    ),
    "number_entered": Message(
        OK, _lt("The application number %(number)s was entered by hand.")
    ),
    "no_application": Message(
        OK, _lt("Looked up at Trusted Shops: there is no application of this order.")
    ),
    "no_protection": Message(
        OK, _lt("Looked up at Trusted Shops: there is no protection for this order.")
    ),
    "released": Message(
        OK,
        _lt("Buyer Protection was released, although it was on hold: %(reason)s"),
    ),
    "mail_resent": Message(OK, _lt("The mail about Buyer Protection was sent again.")),
    # Activities.
    "protection": Message(
        TODO, title=_lt("Trusted Shops: look at this Buyer Protection")
    ),
    "not_placed": Message(
        PROBLEM,
        _lt(
            "Buyer Protection of order %(order)s could not be queued, see the server"
            " log. Apply for it at Trusted Shops by hand within three days, or press"
            " Refund fee."
        ),
    ),
    "called_off": Message(
        TODO,
        _lt(
            "The order is neither paid nor confirmed, but its Buyer Protection was"
            " applied for and cannot be cancelled. Cancel the order if it is given up;"
            " then decide about the fee."
        ),
        title=_lt("Trusted Shops: protected order is not paid"),
    ),
    "late_number": Message(
        TODO,
        _lt(
            "A late answer gives the application of this order the number"
            " %(late_number)s, but here it is “%(state)s”, number %(number)s. Compare"
            " both with Trusted Shops before you decide about the fee."
        ),
        title=_lt("Trusted Shops: late answer to an application"),
    ),
    "confirmed_late": Message(
        TODO,
        _lt(
            "Trusted Shops confirmed this protection after it had been given up. Decide"
            " who pays the fee."
        ),
    ),
    "mail": Message(TODO, title=_lt("Trusted Shops: mail to the buyer not sent")),
    "mail_unwritten": Message(
        TODO,
        _lt(
            "The buyer's mail could not be written: correct its template, see the"
            " server log. We try again every hour; Resend tries at once."
        ),
    ),
    "mail_lost": Message(
        TODO,
        _lt(
            "The buyer's mail could not be sent. Check the mail server and the buyer's"
            " address, then press Resend."
        ),
    ),
    "mail_returned": Message(
        TODO,
        _lt(
            "The buyer's mail came back: the address does not take it. Check the"
            " buyer's address, then press Resend."
        ),
    ),
    # === THE FEE IN THE BOOKS, AND ITS MONEY === #
    # What the buyer is told of it.
    "fee_free": Message(OK, buyer=_lt("The fee of %(fee)s is not charged.")),
    "fee_goes_back": Message(TODO, buyer=_lt("The fee of %(fee)s will be paid back.")),
    "fee_back": Message(
        OK, buyer=_lt("The fee of %(fee)s was paid back on %(returned)s.")
    ),
    # The documents.
    "credited": Message(
        OK, _lt("The fee of Buyer Protection was credited: %(credit_notes)s.")
    ),
    "fee_kept": Message(
        OK,
        _lt(
            "The order came to nothing. Its fee is kept by the refund policy of the"
            " certificate."
        ),
    ),
    "ended": Message(
        TODO,
        _lt(
            "The order came to nothing, but its Buyer Protection was applied for and"
            " cannot be cancelled. Press Refund fee to give the fee up, or keep it."
        ),
        title=_lt("Trusted Shops: decide about the fee"),
    ),
    "fee_invoiced": Message(
        TODO,
        _lt(
            "The fee of Buyer Protection has to go back, but could not be taken out of"
            " the books: %(reason)s Press Refund fee when that is settled."
        ),
        title=_lt("Trusted Shops: take the fee out of the books"),
    ),
    "bug_in_books": Message(PROBLEM, _lt("The server's log says why.")),
    "books_undone": Message(TODO, _lt("Its credit note does not count any more.")),
    "fee_on_invoice": Message(
        TODO,
        _lt(
            "The order was cancelled, but its fee is on invoice %(invoices)s. Press"
            " Refund fee to credit it."
        ),
    ),
    "final_invoice": Message(
        TODO,
        _lt(
            "The down payment was more than the order costs without the fee. Create the"
            " final invoice: Odoo makes a credit note of the difference."
        ),
        title=_lt("Trusted Shops: create the final invoice"),
    ),
    # The money: what is open, and how a user gives it back.
    "refund": Message(
        TODO,
        _lt("The buyer has to get back %(amount)s, the fee of Buyer Protection."),
        title=_lt("Refund %(amount)s for %(order)s"),
    ),
    "refund_failed": Message(PROBLEM, _lt("The refund failed: %(reason)s")),
    "refund_without_rights": Message(
        TODO, step=_lt("Only users with the right “Invoicing” can refund it.")
    ),
    "refund_dialog": Message(
        TODO, step=_lt("Press Refund, or transfer it and press Paid back.")
    ),
    "refund_list": Message(
        TODO,
        step=_lt(
            "The order has several payments: refund one of them or transfer it, then"
            " press Paid back."
        ),
    ),
    "refund_started": Message(
        TODO,
        step=_lt(
            "A refund may have been sent to the payment provider: look there, transfer"
            " the fee if it was not, then press Paid back."
        ),
    ),
    "refund_sent": Message(
        TODO,
        step=_lt(
            "A refund was sent to the payment provider, which has not confirmed it yet."
            " If that takes long, look there, then press Paid back."
        ),
    ),
    "refund_rest": Message(
        TODO,
        step=_lt("Only a part was refunded: transfer the rest, then press Paid back."),
    ),
    "refund_refunded": Message(
        TODO,
        step=_lt(
            "The payment was refunded already: press Paid back if the fee was part of"
            " that, otherwise transfer it first."
        ),
    ),
    "refund_by_hand": Message(
        TODO, step=_lt("Odoo cannot refund it: transfer it, then press Paid back.")
    ),
    "paid_back": Message(OK, _lt("Paid back: %(amount)s")),
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
