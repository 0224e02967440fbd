# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The table of messages for staff and buyers, one row for each thing that may be true.

Forms, lists, activities, notes, the portal and mails all use this table, so that every
reader gets the same words. Labels, helps and texts of buttons stay with their fields
and views, and the message of an error where it is raised.
"""

from typing import NamedTuple

from odoo import api, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)
# How much a message matters, the worst first. TODO: a user has to do it once. WARNING:
# not fine, though nobody has to do anything: unknown, a test, switched off, waiting.
PROBLEM, TODO, WARNING, HINT, OK = LEVELS = ("problem", "todo", "warning", "hint", "ok")


class Message(NamedTuple):
    """One thing that can be true of a record, in words for each reader.

    :param str level: one of ``LEVELS``
    :param LazyGettext staff: what is true, for staff; '' where a state says it all
    :param LazyGettext step: what staff have to do, or what comes next
    :param str action: name of the record's method that opens the place where the step
        is done, or ends it
    :param LazyGettext label: words of the button for the action
    :param LazyGettext buyer: what the buyer reads; never what staff have to do
    :param LazyGettext title: title of the activity about it
    :param tuple more: actions and labels of further buttons
    """

    level: str = HINT
    staff: object = ""
    step: object = ""
    action: str = ""
    label: object = ""
    buyer: object = ""
    title: object = ""
    more: tuple = ()


# What several messages share: titles, and what to do.
_NOT_VALID = _lt("Trusted Shops: certificate not valid")
_ENDS = _lt("Trusted Shops: certificate ends")
_NO_ITEMS = _lt("Trusted Shops: no fees to sell from")
_HOW_SOLD = _lt("Trusted Shops: check how the fee is sold")
_STUCK = _lt("Trusted Shops: applications are stuck")
_COPY = _lt(
    "A cache may hold an old page, or the theme a copy of it. Look there, or drag the"
    " block Trusted Shops Badge into the page."
)
# The step of a to-do that only a user ends.
MARK_DONE = _lt("Then press Mark Done.")
# By code. The sections follow the rooms of ``models/``.
MESSAGES = {
    # === CALLS: what went wrong, why nothing is asked === #
    # Why something brought no result: parts of sentences, by the code that rows store,
    # if they do not store the words of Trusted Shops. The log has words for developers.
    "bug": Message(
        PROBLEM, _lt("An error in this addon stopped this; see the server log.")
    ),
    "lost": Message(
        PROBLEM,
        _lt(
            "A process ended in the middle of a call, so whether it arrived is not"
            " known."
        ),
    ),
    "not_sent": Message(PROBLEM, _lt("what was entered cannot be sent")),
    "unreached": Message(PROBLEM, _lt("no connection")),
    "unverified": Message(PROBLEM, _lt("its certificate could not be verified")),
    "refused": Message(PROBLEM, _lt("it refused the call")),
    "server_error": Message(PROBLEM, _lt("its server reports an error")),
    "unanswered": Message(PROBLEM, _lt("no usable answer")),
    # Why Trusted Shops is left alone, by the code of ``Wait``.
    "wait_limited": Message(
        WARNING, _lt("Trusted Shops asks for a pause until %(until)s.")
    ),
    "silent": Message(
        WARNING, "%(notice)s", title=_lt("Trusted Shops does not answer")
    ),
    "silent_soap": Message(
        PROBLEM,
        _lt(
            "Trusted Shops does not answer (%(reason)s): %(service)s. What waits is"
            " sent as soon as it answers. If this lasts, check whether this server can"
            " reach Trusted Shops."
        ),
    ),
    "silent_records": Message(
        PROBLEM,
        _lt(
            "Trusted Shops gave no answer to the last calls (%(reason)s): %(service)s."
            " One is sent now and then; the others follow as soon as it is answered."
            " If this lasts, ask Trusted Shops."
        ),
    ),
    # === OVERVIEW === #
    "overview_good": Message(OK, _lt("Nothing needs your attention.")),
    "job_off": Message(
        WARNING,
        _lt("The scheduled action “%(job)s” is switched off."),
        _lt("Switch it on under Settings > Technical > Scheduled Actions."),
    ),
    "job_late": Message(
        PROBLEM,
        _lt("The scheduled action “%(job)s” should have run on %(date)s."),
        _lt("Check whether the server runs scheduled actions."),
    ),
    # In place of a step that the reader has no right to take.
    "ask_administrator": Message(HINT, _lt("Ask an administrator to see to it.")),
    "seen_nothing": Message(WARNING, _lt("There is no certificate.")),
    # === CERTIFICATE === #
    # What Trusted Shops says, by ``state``.
    "state_cancelled": Message(
        PROBLEM,
        _lt(
            "The certificate has expired. Renew it at Trusted Shops, or archive it"
            " here."
        ),
        title=_NOT_VALID,
    ),
    "state_disabled": Message(
        PROBLEM,
        _lt(
            "Trusted Shops has disabled the certificate, so the website shows nothing"
            " of it. Ask Trusted Shops for the reason."
        ),
        title=_NOT_VALID,
    ),
    "state_no_audit": Message(
        PROBLEM,
        _lt(
            "This ID is for reviews only: the shop is not certified, so there is no"
            " seal and no Buyer Protection."
        ),
        title=_NOT_VALID,
    ),
    "state_invalid": Message(
        PROBLEM,
        _lt(
            "Trusted Shops does not know this ID. Compare it with your Trusted Shops"
            " account: it must be the ID of this shop and language."
        ),
        title=_NOT_VALID,
    ),
    "validity_ends": Message(
        PROBLEM,
        _lt(
            "The certificate is valid until %(date)s. Renew it at Trusted Shops, or the"
            " website loses its seal and Buyer Protection."
        ),
        title=_ENDS,
    ),
    "model_less": Message(
        PROBLEM,
        _lt(
            "Here the certificate is %(own)s, at Trusted Shops it is %(said)s. Choose"
            " what you ordered, or ask Trusted Shops if you did not order that."
        ),
        title=_lt("Trusted Shops: certificate protects less"),
    ),
    "items_changed": Message(
        PROBLEM,
        _lt(
            "These items of Trusted Shops' fee table are gone or cost more: %(items)s."
            " Shoppers already see the new fees; check your own texts."
        ),
        MARK_DONE,
        title=_lt("Trusted Shops: fees have changed"),
    ),
    "offer_nobody": Message(
        WARNING, _lt("Buyer Protection is offered to no buyers for now.")
    ),
    "certificate_ended": Message(
        TODO,
        _lt("The website shows nothing of Trusted Shops any more."),
        step=_lt("Restore the certificate, or confirm that this is intended."),
        action="action_confirm_end",
        label=_lt("This Is Intended"),
    ),
    # Whom it shows itself to, by ``mode`` and what it protects.
    "mode_disabled": Message(
        WARNING, _lt("Disabled: visitors see no offer, no seal and no Trustbadge.")
    ),
    # Where it serves.
    "website_missing": Message(
        PROBLEM,
        _lt(
            "Issued for %(shop_url)s, which is the address of none of your websites, or"
            " of several. Choose its website."
        ),
        title=_lt("Trusted Shops: certificate for another address"),
    ),
    "address_mismatch": Message(
        PROBLEM,
        _lt(
            "Issued for %(shop_url)s, but the website %(website)s has the address"
            " %(domain)s. Choose the right website, correct its domain in the settings,"
            " or ask Trusted Shops to correct the certificate."
        ),
        title=_lt("Trusted Shops: certificate for another address"),
    ),
    "address_unknown": Message(
        WARNING,
        _lt(
            "It is not known whether the certificate is for the address of the website"
            " %(website)s. Set its domain under Website > Configuration > Settings;"
            " if it has one, look in your Trusted Shops account."
        ),
    ),
    "lang_mismatch": Message(
        PROBLEM,
        _lt(
            "Issued for the language %(code)s, but used for %(language)s: every"
            " language needs its own certificate."
        ),
        title=_lt("Trusted Shops: certificate for another language"),
    ),
    "place_taken": Message(
        PROBLEM,
        _lt(
            "The website %(website)s already has a certificate for %(language)s:"
            " %(certificate)s (%(ts_id)s). Choose another language, change that"
            " certificate, or disable it first."
        ),
    ),
    # The login, by ``hold_reason``.
    "hold_login": Message(
        PROBLEM,
        _lt(
            "Trusted Shops does not accept the web service login. Enter the user and"
            " password again, as Trusted Shops sent them to you."
        ),
        title=_lt("Trusted Shops: login not accepted"),
    ),
    "hold_limit": Message(
        PROBLEM,
        _lt(
            "Trusted Shops has suspended the credit limit of this certificate, or"
            " granted none. Ask Trusted Shops for one; we check every hour."
        ),
        title=_lt("Trusted Shops: credit limit closed"),
    ),
    "hold_login_missing": Message(
        PROBLEM,
        _lt(
            "The web service login is missing. Enter the user and password that Trusted"
            " Shops sent you; without them you cannot apply for protection."
        ),
        title=_lt("Trusted Shops: login missing"),
    ),
    # The fee.
    "items_none": Message(
        PROBLEM,
        _lt(
            "There is no fee table of the last three days, so no Buyer Protection is"
            " offered. Check the certificate now. If that does not help, ask Trusted"
            " Shops to set up Excellence for it, or choose another protection model."
        ),
        title=_NO_ITEMS,
    ),
    "items_currency": Message(
        PROBLEM,
        _lt(
            "The fee table has fees in %(currencies)s, but the website sells in"
            " %(currency)s, so its orders get no Buyer Protection. Ask Trusted Shops"
            " for fees in %(currency)s."
        ),
        title=_NO_ITEMS,
    ),
    "fee_unsold": Message(
        PROBLEM,
        _lt(
            "%(company)s has no product to sell the fee with, so Buyer Protection is"
            " not offered. Choose another one on the tab “Fees”."
        ),
        title=_HOW_SOLD,
    ),
    "fee_incomplete": Message(
        PROBLEM,
        _lt(
            "%(company)s sells the fee without a tax or without an income account."
            " Choose both on the product: where no VAT is due, a tax of 0 %%, never"
            " none."
        ),
        title=_HOW_SOLD,
    ),
    "misfit": Message(
        PROBLEM,
        _lt(
            "When a shopper ticked the box, the total of %(order)s did not rise by"
            " exactly the fee, so Buyer Protection was taken out again. Another app"
            " changes totals: have it leave out the product %(product)s, then check the"
            " certificate again."
        ),
        title=_HOW_SOLD,
    ),
    # Applications.
    "queue_stuck": Message(
        PROBLEM,
        _lt(
            "Applications have been due for more than an hour. Check under Settings >"
            " Technical > Scheduled Actions whether the one that applies for Buyer"
            " Protection is active, and whether this server runs them."
        ),
        title=_STUCK,
    ),
    "credit": Message(
        PROBLEM,
        _lt(
            "The credit limit of the certificate is used up, so applications wait. Ask"
            " Trusted Shops for a higher one."
        ),
        title=_lt("Trusted Shops: credit limit used up"),
    ),
    # Why the last check failed, by the code in ``last_check_error``.
    "check_unasked": Message(
        WARNING,
        _lt(
            "Trusted Shops could not be asked (%(reason)s). What was known before, or"
            " stands in its public list, counts."
        ),
    ),
    "check_said": Message(
        PROBLEM, "%(words)s", title=_lt("Trusted Shops: no answer for days")
    ),
    # What a user does once for each certificate.
    "fee_booking": Message(
        TODO,
        _lt(
            "Check how the fee is booked: which tax and account are right depends on"
            " your contract and the law of your country. Ask your tax advisor."
        ),
        action="action_open_fee_product",
        label=_lt("Open the product"),
        more=(("action_confirm_fee_booking", _lt("Booked correctly")),),
    ),
    "test_order": Message(
        TODO,
        _lt("Place a test order with Buyer Protection."),
        action="action_open_shop",
        label=_lt("Open the shop"),
    ),
    "enable": Message(
        TODO,
        _lt(
            "Look at your shop, then set the mode to Enabled: until then only internal"
            " users see anything of the certificate."
        ),
        action="action_open_shop",
        label=_lt("Open the shop"),
        more=(("action_enable", _lt("Enable")),),
    ),
    "website": Message(
        TODO,
        _lt("Press Website check: it looks at the shop as visitors see it."),
        action="action_check_website",
        label=_lt("Website check"),
    ),
    "seal": Message(
        TODO,
        _lt(
            "The website shows our own drawing instead of the official seal. Download"
            " the seal from your Trusted Shops account and upload it as Own Seal."
        ),
        action="action_upload_seal",
        label=_lt("Own Seal"),
    ),
    "privacy": Message(
        TODO,
        _lt("Add Trusted Shops to your privacy policy."),
        action="action_confirm_privacy_policy",
        label=_lt("Privacy Policy Updated"),
    ),
    "order_button": Message(
        TODO,
        _lt(
            "The order button says “Pay now”. The law of your country asks for words"
            " that name the obligation to pay: switch on “Legally required text on the"
            " order button” in the settings of the website."
        ),
        action="action_use_order_words",
        label=_lt("Switch on"),
    ),
    # What shoppers read.
    "reviews_checked": Message(
        OK,
        buyer=_lt(
            "Trusted Shops collects the reviews and takes steps so that they are"
            " genuine."
        ),
    ),
    "offer_internal": Message(
        OK,
        buyer=_lt(
            "Only internal users see this offer. Your order will be protected, and"
            " billed, like any other."
        ),
    ),
    # === WEBSITE CHECK === #
    "page_broken": Message(
        PROBLEM,
        _lt("Visitors do not get the page: status %(status)s."),
        step=_lt(
            "Open it in a private window to see what visitors see, and look at the"
            " domain of the website."
        ),
    ),
    "part_missing": Message(PROBLEM, _lt("%(part)s: missing."), step=_COPY),
    "part_other_id": Message(
        PROBLEM,
        _lt("%(part)s: shown with the ID %(found)s instead of %(expected)s."),
        step=_COPY,
    ),
    # === PAYMENT PAGE AND ORDER === #
    # The offer, which the buyer agrees to, and why there is none.
    "offer_text": Message(
        buyer=_lt(
            "Money back if the goods do not arrive or a return is not refunded, for"
            " %(days)s days from your order. For this, order data and e‑mail address"
            " are sent to Trusted Shops and stored there."
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
    # Why the box was unticked. The payment page says it once.
    "choice_returned": Message(
        buyer=_lt("Unticked because this page was opened again.")
    ),
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
    "choice_fee_now": Message(buyer=_lt("Today: %(fee)s")),
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
    # Of Buyer Protection: in many languages the word has its gender.
    "choice_added": Message(OK, buyer=_lt("Added")),
    "choice_removed": Message(OK, buyer=_lt("Removed")),
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
        PROBLEM,
        staff=_lt(
            "Trusted Shops was uninstalled; Buyer Protection was “%(state)s”,"
            " application number: %(number)s. Look it up at Trusted Shops, or apply"
            " there by hand within three days of the order. If there is none, tell the"
            " buyer and refund the fee."
        ),
    ),
    "uninstalled_refund": Message(
        PROBLEM,
        staff=_lt(
            "Trusted Shops was uninstalled before the fee of Buyer Protection was"
            " refunded. If %(fee)s of the buyer's money is still here, refund it by"
            " hand."
        ),
    ),
    # Privacy Lookup.
    "uninstall_loss": Message(
        staff=_lt(
            "Applications and invitations that still wait: %(waiting)s; proofs and"
            " stops that are deleted: %(proofs)s."
        )
    ),
    "kept_protection": Message(
        staff=_lt(
            "Kept with the order, at least until %(date)s: Buyer Protection proves a"
            " contract, and its fee is in the books."
        ),
    ),
    # === PROTECTION: what its codes and states mean === #
    # Why a protection stands as it does, when it is placed and before an application.
    "unpaid": Message(
        HINT,
        _lt(
            "The order is neither paid nor confirmed. The application is sent when it"
            " is; if the order is given up, cancel it."
        ),
    ),
    "partly_paid": Message(
        HINT,
        _lt(
            "%(paid)s of %(total)s was paid, so the fee may not be part of it. The"
            " application is sent when the rest is paid."
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
            "Nothing is applied for, because the fee was credited or removed."
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
            "Trusted Shops knows this order number already, but we have no record of"
            " sending it, for example after a backup was restored."
        ),
        _lt(
            "Compare buyer, amount and date there. If it is this purchase, press Enter"
            " number; if not, press Refund fee."
        ),
    ),
    "application_refused": Message(
        PROBLEM, _lt("Trusted Shops refused application %(number)s: %(answer)s.")
    ),
    "unclear": Message(
        TODO,
        _lt("Asked about application %(number)s, Trusted Shops answered %(answer)s."),
    ),
    "undecided": Message(
        TODO,
        _lt("Trusted Shops has not decided about application %(number)s for a week."),
    ),
    "copied": Message(
        HINT, _lt("Copied database: this order belongs to the original.")
    ),
    # Because it ended.
    "too_late": Message(PROBLEM, _lt("No application went through within three days.")),
    "not_found": Message(
        PROBLEM, _lt("Trusted Shops has no application for this order.")
    ),
    "fee_given_up": Message(HINT, _lt("Given up: the fee was credited or removed.")),
    # What Trusted Shops answered to an application, by the kind of its code. For a
    # known order number, see "number_known" and "number_lost".
    "code_limit": Message(
        PROBLEM,
        _lt(
            "The credit limit of the certificate is used up: %(answer)s. Ask Trusted"
            " Shops for a higher one."
        ),
    ),
    "code_trouble": Message(
        HINT, _lt("Trusted Shops has technical problems: %(answer)s.")
    ),
    "code_refused": Message(
        PROBLEM, _lt("Trusted Shops refused the application: %(answer)s.")
    ),
    "code_payment": Message(
        PROBLEM,
        _lt(
            "Trusted Shops does not accept the payment type %(payment_type)s for this"
            " shop: %(answer)s. Ask Trusted Shops to activate it, or choose another one"
            " on the payment method."
        ),
    ),
    # What comes next, or has to be done.
    "tries_in_vain": Message(
        PROBLEM,
        step=_lt(
            "%(count)s attempts in a row to apply brought no result. We keep trying;"
            " ask Trusted Shops if this continues."
        ),
    ),
    "lookup": Message(
        TODO,
        step=_lt(
            "Look up the order number at Trusted Shops, and compare buyer, amount and"
            " date. If you find this purchase, press Enter number; if not, or if it was"
            " refused, press Not found at Trusted Shops."
        ),
    ),
    "curable": Message(
        TODO,
        step=_lt(
            "The fee goes back by itself on %(until)s, unless another application is"
            " made before; enter the number of one that you make at Trusted Shops by"
            " hand."
        ),
        buyer=_lt(
            "Your Buyer Protection is being clarified until %(until)s; you do not pay"
            " for it if it cannot be concluded."
        ),
    ),
    "over": Message(PROBLEM, step=_lt("The buyer is not protected.")),
    # Where it stands, for notes at the order and for the buyer.
    "test_mark": Message(
        WARNING,
        _lt("This is a test: Trusted Shops protects no order with it."),
        buyer=_lt("Your purchase is not protected."),
    ),
    "awaits_payment": Message(
        HINT,
        buyer=_lt(
            "Your Buyer Protection will be applied for once your payment has arrived;"
            " the confirmation then follows by e-mail."
        ),
    ),
    "queued": Message(
        HINT,
        _lt("Buyer Protection up to %(amount)s was ordered. It is now “%(state)s”."),
        buyer=_lt(
            "Your Buyer Protection has been ordered; the confirmation follows by"
            " e-mail."
        ),
    ),
    "on_hold": Message(
        TODO,
        buyer=_lt(
            "Your Buyer Protection has been ordered; the shop is looking into it."
        ),
    ),
    "requested": Message(
        HINT,
        _lt("Buyer Protection was applied for, application number %(number)s."),
        buyer=_lt(
            "Your Buyer Protection has been applied for; the confirmation follows by"
            " e-mail."
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
    "sent_unchanged": Message(
        HINT,
        _lt(
            "An earlier application may have arrived, so it is only sent again"
            " unchanged. Look for the order number at Trusted Shops before you press"
            " Refund fee."
        ),
    ),
    "applied_now": Message(OK, _lt("Buyer Protection will be applied for now.")),
    "number_entered": Message(
        OK, _lt("The application number %(number)s was entered by hand.")
    ),
    "released": Message(
        OK,
        _lt("Buyer Protection was released, although it was on hold: %(reason)s"),
    ),
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
        MARK_DONE,
        title=_lt("Trusted Shops: late answer to an application"),
    ),
    "confirmed_late": Message(
        TODO,
        _lt(
            "Trusted Shops confirmed this protection after it had been given up. Decide"
            " who pays the fee."
        ),
        MARK_DONE,
    ),
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
            "The buyer's mail did not arrive, or was deleted: check the mail server and"
            " the buyer's address, then press Resend."
        ),
        title=_lt("Trusted Shops: mail to the buyer not sent"),
    ),
    # === THE FEE IN THE BOOKS, AND ITS MONEY === #
    # What the buyer reads about it.
    "fee_free": Message(OK, buyer=_lt("The fee of %(fee)s is not charged.")),
    "fee_goes_back": Message(TODO, buyer=_lt("The fee of %(fee)s will be paid back.")),
    "fee_back": Message(
        OK, buyer=_lt("The fee of %(fee)s was paid back on %(returned)s.")
    ),
    # The documents.
    "ended": Message(
        TODO,
        _lt(
            "The order was cancelled or fully credited, but its Buyer Protection was"
            " applied for and cannot be cancelled. Press Refund fee to give the fee up,"
            " or keep it."
        ),
        title=_lt("Trusted Shops: decide about the fee"),
    ),
    "fee_invoiced": Message(
        TODO,
        _lt(
            "The fee of Buyer Protection has to go back, but could not be credited or"
            " removed: %(reason)s Press Refund fee when that is settled."
        ),
        title=_lt("Trusted Shops: credit or remove the fee"),
    ),
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
            "The buyer made a down payment. Create the final invoice: it leaves out the"
            " fee, and is a credit note if too much was paid."
        ),
        title=_lt("Trusted Shops: create the final invoice"),
    ),
    # The money: what is open, and how a user gives it back.
    "refund": Message(
        TODO,
        _lt("The buyer has to get back %(amount)s, the fee of Buyer Protection."),
        step=_lt("Press Refund, or transfer it and press Paid Back."),
        title=_lt("Refund %(amount)s for %(order)s"),
    ),
    "refund_failed": Message(PROBLEM, _lt("The refund failed: %(reason)s")),
    "refund_by_hand": Message(
        TODO,
        step=_lt(
            "Look at the payments, transfer what is missing, then press Paid Back. If"
            " nothing is, press Nothing to Pay Back."
        ),
    ),
    "refund_pending": Message(
        TODO,
        step=_lt(
            "The refund is under way: do not pay it again. If it fails, you are asked"
            " again."
        ),
    ),
    "refund_check": Message(
        TODO,
        _lt(
            "Look whether the buyer has to get back %(amount)s, the fee of Buyer"
            " Protection:"
        ),
        title=_lt("Look at the payments of %(order)s"),
    ),
    "refund_left": Message(
        TODO, _lt("%(payment)s has %(left)s left and pays %(orders)s.")
    ),
    "nothing_to_pay_back": Message(OK, _lt("Nothing to pay back: %(reason)s")),
    "paid_back": Message(OK, _lt("Paid back: %(amount)s")),
}


class TrustedShopsMessage(models.AbstractModel):
    """Formats the messages of the table, in the language of the context."""

    _name = "trustedshops.message"
    _description = "Trusted Shops Message"
    _inherit = ["trustedshops.unlogged"]

    @api.model
    def _get_messages(self):
        """Return the table of messages, by code. To be extended by other addons.

        :rtype: dict of str to :class:`Message`
        """
        return MESSAGES

    @api.model
    def _format_message(self, code, part="staff", /, **values):
        """Return a part of a message in the language of the context.

        :param str code: key of :meth:`_get_messages`
        :param str part: field of :class:`Message`: ``staff``, ``step``, ``buyer`` ...
        :param values: values of the placeholders in its text, formatted for the reader
        :return: '' if the message lacks this part
        :rtype: str
        :raise KeyError: when the code is unknown, or a value is missing
        """
        sentence = getattr(self._get_messages()[code], part)
        text = self.env._(sentence) if sentence else ""
        return text % values  # `env._` takes no values for a lazy sentence

    @api.model
    def _format_trouble(self, stored):
        """Return the words for staff about why something brought no result.

        :param stored: ``trouble`` of an error of the clients, or a code of `failure`
        :type stored: str or bool or None
        :return: the words of Trusted Shops if there is no message; '' without an error
        :rtype: str
        """
        code = f"{stored}"
        is_code = code in self._get_messages()
        return self._format_message(code) if is_code else stored or ""
