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

from .failure import read_trouble

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
    :param LazyGettext label: of the button for the action
    :param LazyGettext buyer: what the buyer is told; never what staff have to do
    :param LazyGettext title: of the activity about it
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
_AGAIN = _lt("We try again once a day; you can check at any time.")
_VISIT = _lt(
    "Open it in a private window to see what visitors see, and look at the domain of"
    " the website."
)
_COPY = _lt(
    "A cache may hold an old page, or the theme a copy of it. Look there, or drag the"
    " block Trusted Shops Badge into the page."
)
# By code. The sections follow the rooms of ``models/``.
MESSAGES = {
    # === CALLS: what went wrong, why nothing is asked === #
    "all_good": Message(OK, _lt("Everything is set up.")),
    "answered": Message(OK, _lt("Trusted Shops answered.")),
    # Why something brought no result: parts of sentences, by the stored code. The log
    # has words for developers.
    "trouble_bug": Message(
        PROBLEM, _lt("An error in this addon stopped this; see the server log.")
    ),
    "trouble_lost": Message(
        PROBLEM,
        _lt(
            "A process ended in the middle of a call, so whether it arrived is not"
            " known."
        ),
    ),
    "trouble_not_sent": Message(PROBLEM, _lt("what was entered cannot be sent")),
    "trouble_unreached": Message(PROBLEM, _lt("no connection")),
    "trouble_unverified": Message(
        PROBLEM, _lt("its certificate could not be verified")
    ),
    "trouble_refused": Message(PROBLEM, _lt("it refused the call")),
    "trouble_server_error": Message(PROBLEM, _lt("its server reports an error")),
    "trouble_unanswered": Message(PROBLEM, _lt("no usable answer")),
    # Why Trusted Shops is left alone, by the code of ``Wait``.
    "wait_limited": Message(
        WARNING, _lt("Trusted Shops wants to be left alone until %(until)s.")
    ),
    "wait_silent": Message(WARNING, "%(notice)s"),
    "silent": Message(
        PROBLEM, "%(notice)s", title=_lt("Trusted Shops does not answer")
    ),
    "silent_soap": Message(
        PROBLEM,
        _lt(
            "Trusted Shops does not answer (%(reason)s): %(service)s. What waits is"
            " sent as soon as it answers. If this lasts, check whether this server can"
            " reach Trusted Shops."
        ),
    ),
    "silent_applying": Message(
        PROBLEM,
        _lt(
            "Trusted Shops answers, but the last applications for Buyer Protection got"
            " no answer (%(reason)s). One is sent now and then; the others follow as"
            " soon as it is answered. If this lasts, ask Trusted Shops."
        ),
    ),
    "given_up": Message(
        PROBLEM,
        _lt("Given up meanwhile, because their orders were too old: %(count)s."),
    ),
    # === CERTIFICATE === #
    # What Trusted Shops says, by ``state``.
    "state_draft": Message(WARNING, _lt("Trusted Shops has not answered yet.")),
    "state_production": Message(OK, _lt("The certificate is valid.")),
    "state_integration": Message(
        OK, _lt("Trusted Shops is certifying the shop; everything works already.")
    ),
    "state_test": Message(HINT, _lt("This is a test certificate.")),
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
    "from_list": Message(
        HINT,
        _lt(
            "Source: the public list of certified shops, so you cannot apply for"
            " protection with it."
        ),
    ),
    "validity_over": Message(PROBLEM, _lt("It was valid until %(date)s."), title=_ENDS),
    "validity_ends": Message(
        PROBLEM,
        _lt(
            "It ends on %(date)s. Renew it at Trusted Shops in time, or the website"
            " loses its seal and Buyer Protection."
        ),
        title=_ENDS,
    ),
    "validity": Message(OK, _lt("It is valid until %(date)s.")),
    "model_unknown": Message(
        WARNING, _lt("Trusted Shops has not said yet what the certificate protects.")
    ),
    "model_less": Message(
        PROBLEM,
        _lt(
            "Here the certificate is %(own)s, at Trusted Shops it is %(said)s. Choose"
            " what you ordered, or ask Trusted Shops if you did not order that."
        ),
        title=_lt("Trusted Shops: certificate protects less"),
    ),
    "model_more": Message(
        HINT,
        _lt(
            "At Trusted Shops the certificate is %(said)s. To use that, choose it here."
        ),
    ),
    "items_changed": Message(
        PROBLEM,
        _lt(
            "These items of Trusted Shops' fee table are gone or cost more: %(items)s."
            " Shoppers already see the new fees; check your own texts."
        ),
        title=_lt("Trusted Shops: fees have changed"),
    ),
    # Whom it shows itself to, by ``mode`` and what it protects.
    "mode_disabled": Message(
        WARNING, _lt("Disabled: visitors see no offer, no seal and no Trustbadge.")
    ),
    "mode_disabled_live": Message(
        WARNING,
        _lt("Disabled: visitors see no offer, no seal and no Trustbadge."),
        step=_lt("Orders placed before can still be protected."),
    ),
    "mode_test": Message(
        WARNING,
        _lt("In test mode only internal users see its offers and its Trustbadge."),
    ),
    "mode_test_live": Message(
        WARNING,
        _lt("In test mode only internal users see its offers and its Trustbadge."),
        step=_lt("Their orders are protected, and billed, like any other."),
    ),
    "test": Message(
        WARNING,
        _lt("This is a test: only internal users see its offers and its Trustbadge."),
    ),
    "test_public": Message(
        WARNING,
        _lt(
            "This is a test, but this database shows tests to shoppers. No purchase is"
            " protected."
        ),
    ),
    # Where it serves.
    "website_missing": Message(
        PROBLEM,
        _lt(
            "Issued for %(shop_url)s, which is the address of none of your websites, or"
            " of several. Choose its website."
        ),
        title=_lt("Trusted Shops: certificate of another address"),
    ),
    "address_match": Message(
        OK,
        _lt(
            "Issued for %(shop_url)s, which is the address of the website %(website)s."
        ),
    ),
    "address_mismatch": Message(
        PROBLEM,
        _lt(
            "Issued for %(shop_url)s, but the website %(website)s has the address"
            " %(domain)s. Choose the right website, correct its domain in the settings,"
            " or ask Trusted Shops to correct the certificate."
        ),
        title=_lt("Trusted Shops: certificate of another address"),
    ),
    "address_without_domain": Message(
        HINT,
        _lt(
            "The website %(website)s has no domain to compare with the address of the"
            " certificate. Set it under Website > Configuration > Settings."
        ),
    ),
    "address_unknown": Message(
        HINT,
        _lt(
            "Trusted Shops does not say for which address it was issued. Check in your"
            " Trusted Shops account that it is for the website %(website)s."
        ),
    ),
    "lang_match": Message(
        OK, _lt("Issued for the language %(code)s, which fits %(language)s.")
    ),
    "lang_match_all": Message(
        HINT,
        _lt(
            "Issued for the language %(code)s, but shown in all languages of the"
            " website that have no certificate of their own. Choose a language to show"
            " it only there."
        ),
    ),
    "lang_regional": Message(
        HINT,
        _lt(
            "Issued for the language %(code)s and used for %(language)s: it fits, but"
            " texts at Trusted Shops may be those for another country."
        ),
    ),
    "lang_mismatch": Message(
        PROBLEM,
        _lt(
            "Issued for the language %(code)s, but used for %(language)s: every"
            " language needs its own certificate."
        ),
        title=_lt("Trusted Shops: certificate of another language"),
    ),
    "lang_mismatch_all": Message(
        PROBLEM,
        _lt(
            "Issued for the language %(code)s, which the website %(website)s does not"
            " have. Add the language there, or use another certificate."
        ),
        title=_lt("Trusted Shops: certificate of another language"),
    ),
    "lang_unknown": Message(
        HINT, _lt("Trusted Shops does not say for which language it was issued.")
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
    "hold_suspended": Message(
        PROBLEM,
        _lt(
            "Trusted Shops has suspended the credit limit of this certificate. Ask"
            " Trusted Shops to reactivate it; we check every hour."
        ),
        title=_lt("Trusted Shops: credit limit closed"),
    ),
    "hold_no_limit": Message(
        PROBLEM,
        _lt(
            "Trusted Shops has granted no credit limit to this certificate. Ask Trusted"
            " Shops for one; we check every hour."
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
    "login_unchecked": Message(
        WARNING, _lt("The web service login has not been checked yet.")
    ),
    "login_good": Message(OK, _lt("Trusted Shops accepts the web service login.")),
    # The fee.
    "items_none": Message(
        PROBLEM,
        _lt(
            "Trusted Shops returned no fee table for this certificate, so no Buyer"
            " Protection is offered. Ask Trusted Shops to set up Excellence for it, or"
            " choose another protection model."
        ),
        title=_NO_ITEMS,
    ),
    "items_old": Message(
        PROBLEM,
        _lt(
            "The fee table is more than three days old, so no Buyer Protection is"
            " offered. Check the certificate now."
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
    "items_good": Message(
        OK, _lt("Steps of the fee table in %(currencies)s: %(count)s.")
    ),
    "fee_unsold": Message(
        PROBLEM,
        _lt(
            "%(company)s has no product to sell the fee with, so Buyer Protection is"
            " not offered. Choose another one on the tab “Fees”."
        ),
        title=_HOW_SOLD,
    ),
    "fee_untaxed": Message(
        PROBLEM,
        _lt(
            "%(company)s sells the fee with no tax at all. Choose one on the product:"
            " where no VAT is due, one of 0 %%, never none."
        ),
        title=_HOW_SOLD,
    ),
    "fee_unbooked": Message(
        PROBLEM,
        _lt(
            "%(company)s has no income account for the fee, so it cannot be invoiced."
            " Choose one on the product."
        ),
        title=_HOW_SOLD,
    ),
    "fee_booked": Message(
        OK,
        _lt(
            "Booked correctly: %(company)s sells the fee with the product %(product)s,"
            " the tax %(tax)s and the account %(account)s."
        ),
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
    "queue_off": Message(
        PROBLEM,
        _lt(
            "The scheduled action that applies for Buyer Protection is inactive:"
            " activate it under Settings > Technical > Scheduled Actions."
        ),
        title=_STUCK,
    ),
    "queue_stuck": Message(
        PROBLEM,
        _lt(
            "Applications have been due for more than an hour. Check whether scheduled"
            " actions run on this server."
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
    "check_listed": Message(
        WARNING,
        _lt(
            "The web service of Trusted Shops could not be asked (%(reason)s), so the"
            " public list of certified shops was used instead."
        ),
        step=_AGAIN,
    ),
    "check_unasked": Message(
        WARNING,
        _lt(
            "Trusted Shops could not be asked (%(reason)s). What was known before stays"
            " in force."
        ),
        step=_AGAIN,
    ),
    "check_unasked_new": Message(
        PROBLEM,
        _lt(
            "Trusted Shops could not be asked (%(reason)s), so nothing is known about"
            " this ID yet."
        ),
        step=_AGAIN,
        title=_lt("Trusted Shops: no answer for days"),
    ),
    "check_unlisted": Message(
        WARNING,
        _lt(
            "The web service of Trusted Shops does not know this ID, and the public"
            " list could not be asked (%(reason)s). What was known before stays in"
            " force."
        ),
        step=_AGAIN,
    ),
    "check_unlisted_new": Message(
        PROBLEM,
        _lt(
            "The web service of Trusted Shops does not know this ID, and the public"
            " list could not be asked (%(reason)s)."
        ),
        step=_AGAIN,
        title=_lt("Trusted Shops: no answer for days"),
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
        more=(("action_note_fee_booking", _lt("Booked correctly")),),
    ),
    "test_order": Message(
        TODO,
        _lt(
            "Place a test order with Buyer Protection: in test mode only internal users"
            " see the offer."
        ),
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
        _lt("Once the certificate is enabled, press Website check."),
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
        action="action_note_privacy_policy",
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
    "offer_test": Message(
        OK, buyer=_lt("This is a test offer. No purchase is protected.")
    ),
    "offer_internal": Message(
        OK,
        buyer=_lt(
            "Only internal users see this offer. Your order will be protected, and"
            " billed, like any other."
        ),
    ),
    # === WEBSITE CHECK === #
    "page_login": Message(
        HINT, _lt("Visitors have to log in before they see the page.")
    ),
    "page_silent": Message(
        PROBLEM, _lt("Visitors get no answer from the page."), step=_VISIT
    ),
    "page_broken": Message(
        PROBLEM,
        _lt("Visitors get an error in place of the page: status %(status)s."),
        step=_VISIT,
    ),
    "page_no_html": Message(
        HINT,
        _lt(
            "Only web pages are read, and this is another file, such as a PDF: check it"
            " yourself."
        ),
    ),
    "page_other": Message(
        PROBLEM,
        _lt("This address shows another website: give this one its own domain."),
        step=_VISIT,
    ),
    "page_good": Message(OK, _lt("Nothing is wrong with this page.")),
    "page_lang": Message(
        PROBLEM,
        _lt("Asked for %(asked)s, the website answered in “%(lang)s”."),
        step=_lt("Make sure that the language is switched on for this website."),
    ),
    "page_unserved": Message(
        HINT, _lt("No certificate serves this language, so its visitors see nothing.")
    ),
    "page_idle": Message(
        HINT,
        _lt("%(ts_id)s should serve this language, but does not: %(reason)s"),
    ),
    "page_idle_bad": Message(
        PROBLEM,
        _lt("%(ts_id)s should serve this language, but does not: %(reason)s"),
    ),
    "page_served_by": Message(HINT, _lt("Served by: %(certificate)s")),
    "page_served_worse": Message(
        HINT,
        _lt(
            "%(certificate)s serves this language in place of %(other)s, which protects"
            " more."
        ),
    ),
    "part_unexpected": Message(
        PROBLEM, _lt("%(part)s: shown, although it should not be."), step=_COPY
    ),
    "part_absent": Message(HINT, _lt("%(part)s: not shown, as it should be.")),
    "part_off": Message(HINT, _lt("%(part)s: switched off on the certificate.")),
    "part_missing": Message(PROBLEM, _lt("%(part)s: missing."), step=_COPY),
    "part_other_id": Message(
        PROBLEM,
        _lt("%(part)s: shown with the ID %(found)s instead of %(expected)s."),
        step=_COPY,
    ),
    "part_block": Message(
        OK, _lt("%(part)s: a block of this page takes its place where it shows.")
    ),
    "part_shown": Message(OK, _lt("%(part)s: shown, with the right ID %(found)s.")),
    "seal_footer": Message(
        HINT,
        _lt(
            "The seal is there, but this page hides its footer. Show the footer again"
            " in the page's options of the website editor."
        ),
    ),
    "seals": Message(
        PROBLEM,
        _lt("This page shows %(count)s seals."),
        step=_lt("Keep one: remove the other blocks, or the pasted code of a seal."),
    ),
    "badge_address": Message(
        PROBLEM,
        _lt("The badge is loaded from a wrong address: “%(found)s”."),
        step=_COPY,
    ),
    "element": Message(
        PROBLEM, _lt("The page lacks the element #%(element)s."), step=_COPY
    ),
    "consent_good": Message(OK, "%(mode)s"),
    "consent_always": Message(
        HINT, _lt("%(mode)s. The badge loads with and without consent.")
    ),
    "consent_no_bar": Message(
        HINT,
        _lt("%(mode)s. The website has no cookies bar, so the badge does not wait."),
    ),
    "domains_good": Message(
        OK, _lt("The website's list of blocked domains does not stop the badge.")
    ),
    "domains_bad": Message(
        PROBLEM,
        _lt(
            "The website's list of blocked domains stops the badge where it should"
            " load."
        ),
        step=_lt(
            "Take the ending that many domains share, such as “com”, off the list."
        ),
    ),
    "loader_none": Message(OK, _lt("Nothing else on the page loads the badge.")),
    "loader": Message(
        PROBLEM,
        _lt("Something else on the page loads a badge, too: “%(found)s”."),
        step=_lt(
            "Ours steps back then, and its options have no effect. Remove that code"
            " from the theme, the page, or the website's custom code."
        ),
    ),
    "widget_twice": Message(
        PROBLEM,
        _lt("This page shows the widget “%(widget)s” more than once."),
        step=_lt("Keep one of them."),
    ),
    "widgets": Message(
        HINT,
        _lt(
            "This page shows %(count)s widgets with reviews. Keep one if they show the"
            " same reviews."
        ),
    ),
    "order_words": Message(OK, _lt("The order button says “%(words)s”.")),
    "order_words_none": Message(
        HINT,
        _lt(
            "The order button has no words of ours in this language: those of Odoo"
            " stand there."
        ),
    ),
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
        text = self.env._(sentence) if sentence else ""
        return text % values  # `env._` takes no values for a lazy sentence

    @api.model
    def _format_trouble(self, stored):
        """Return in plain words what a stored trouble means.

        :param stored: see :func:`read_trouble`
        :type stored: str or bool
        :rtype: str
        """
        code, said = read_trouble(stored)
        return self._format_message(f"trouble_{code}") if code else said
