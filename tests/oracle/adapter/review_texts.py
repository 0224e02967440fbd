# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sentences about consents, invitations, reviews, channels and accounts by a name.

Dots stand for words that are left out here.
"""

from odoo.addons.website_sale_trustedshops_reviews.models.messages import MESSAGES

LITERALS = {
    # Accounts.
    "account not reached": "Trusted Shops could not be asked (%(reason)s). What was"
    " known before stays in force. We...at any time.",
    "account archived": "The account %(account)s is archived, so nothing is sent and"
    " nothing is read. Unarchive it to go on.",
    "account never reached": "Trusted Shops could not be asked (%(reason)s), so nothing"
    " is known about the account yet. We...at any time.",
    "account of needy channels": "These channels need attention: %(channels)s.",
    "account without channel": "Connected, but the account has no channel yet:...shop"
    " and language.",
    "account login refused": "Trusted Shops does not accept this login (%(reason)s)."
    " Copy...Administrative role.",
    "account of other channels": "The API client with this ID does not list these"
    " channels of this account: %(channels)s. Nothing...exist any more.",
    "account without event type": "The event type %(name)s could not be set up at"
    " Trusted Shops (%(reason)s), so Odoo sends no invitations. Create...connect"
    " again.",
    "account not connected": "Not connected yet: press Connect. There are no"
    " invitations until then.",
    "account environment fixed": "The account %(account)s is connected: its channels"
    " and...the other environment.",
    "account must be unarchived": "The account %(account)s is archived: unarchive it"
    " first.",
    "account incomplete": "Enter the client ID and the secret first.",
    "account company fixed": "The channels of %(account)s serve websites of"
    " %(company)s. Add another account for the other company.",
    # Channels.
    "channel held": "No invitations are sent for the channel %(channel)s. Trusted Shops"
    " said: %(text)s. Correct it, and press Release.",
    "channel must come back": "The channel is not in the account at Trusted Shops any"
    " more: connect the account again.",
    "channel language not there": "%(language)s is not a language of the website"
    " %(website)s: add...language empty.",
    "event type wrong": "“%(name)s” cannot be the event type. Use...to the Trustbadge.",
    "delay of both": "Days until the mail: %(days)s in Odoo + %(theirs)s at Trusted"
    " Shops = %(sum)s.",
    "delay unknown": "Days until the mail: %(days)s in Odoo, and those of Trusted"
    " Shops, 5 or 7 as a rule: its settings are not known here.",
    "delay none": "The buyer gets the mail at once: neither Odoo nor Trusted Shops"
    " waits.",
    "place taken": "The website %(website)s already has a channel for %(language)s:"
    " %(channel)s of the account %(account)s. Choose...that channel first.",
    "place gone": "This channel is not in the account at Trusted Shops any more, so"
    " nobody is invited. It...archive it otherwise.",
    "place not chosen": "Not used: choose the website and the language that it is for."
    " Trusted Shops says: %(address)s, %(locale)s.",
    "place of other company": "The website %(website)s belongs to %(company)s now,"
    " so...archive this channel.",
    "place other address": "At Trusted Shops this channel is for %(address)s, but the"
    " website %(website)s has the address %(domain)s. Buyers...another shop.",
    "place other language": "At Trusted Shops this channel is for the language"
    " “%(locale)s”, so...of their order.",
    "trigger by hand": "Goods count as delivered when staff enter...install Inventory.",
    # Consents.
    "consent taken back": "The buyer will not be invited any more, for any order.",
    "consent is proof": "Consents are a proof: they cannot be changed...period ends.",
    "import of too much": "Only these can be imported: e-mail address, moment, words,"
    " source and order of a consent that was given or withdrawn.",
    "import of too little": "Say when it was given, and where it is from.",
    "no channel asks": "Order %(order)s: no channel of its website invites buyers who"
    " agreed. Choose how buyers are asked on a channel first.",
    "no consent to take back": "There is no consent that could be taken back.",
    "managers only": "Only sales managers and administrators can do this.",
    "not one address": "%(email)s is not exactly one e-mail address.",
    "words missing": "Enter the words to which the buyer agreed.",
    "consent in the future": "The moment cannot be in the future.",
    "no page for shoppers": "“%(address)s” is not a page for shoppers. Enter...https://.",
    "person erased": "The data of the person with this address was erased, so...e-mail"
    " that follows.",
    "managers only lift": "Only sales managers and administrators can lift this.",
    "erasure stays": "This person's data was erased. Only the buyer can end"
    " that,...confirming the e-mail.",
    "address stopped": "This address is not invited any more, at the"
    " request...“Addresses Without Invitations”.",
    # Invitations.
    "order without consent": "The buyer is not invited to a review: there is no consent"
    " to it.",
    "order looked at soon": "The buyer agreed to be invited to a review. The order is"
    " checked within an hour.",
    "order asked to confirm": "The buyer is not invited to a review yet: they were"
    " asked by mail to confirm that they agree.",
    "bug told": "An error in this addon stopped this; see the server log.",
    "not invited": "The buyer is not invited. %(reason)s",
    "may have been sent": "The invitation may have been sent: there was no answer."
    " Send it again if you want; the buyer may then get two mails.",
    "invited": "Handed over to Trusted Shops on %(date)s, which invites the buyer.",
    "invitation failed": "The invitation failed: %(reason)s",
    "invitation being sent": "The invitation is being sent.",
    "never again": "It is not known whether the buyer was invited; there will be no"
    " second invitation. %(reason)s",
    "invitation waits": "The invitation waits.",
    "invited on": "The buyer will be invited on %(date)s.",
    "invited then": "The buyer will be invited as soon as that changes.",
    "invited after": "Days from then until the buyer is invited: %(days)s.",
    "not invited now": "The buyer is not invited now. %(reason)s",
    "invited within an hour": "The buyer will be invited within an hour.",
    "waits for the channel": "The invitation waits: its channel is held.",
    "tried again on": "The invitation could not be sent, and is tried again on"
    " %(date)s: %(reason)s",
    "not known": "It is not known whether the buyer was invited: there was"
    " no answer, and...get two mails.",
    "to be stopped there": "The buyer wants no more invitations, and was"
    " invited...for these orders: %(orders)s.",
    "some failed": "Review invitations that failed: %(orders)s."
    " Correct what Trusted Shops says there, and send them again.",
    "some not known": "Review invitations that may have been sent, because there was no"
    " answer: %(orders)s. Send...get two mails.",
    "some wait for a channel": "Review invitations that wait, because...language:"
    " %(orders)s.",
    "invitation managers only": "Only sales managers may do this.",
    "invitation busy": "The invitation is being sent. Try again in a minute.",
    "invitation not possible": "This is not possible any more. Load the page again.",
    **{
        code.replace("_", " ", 1): str(message.staff)
        for code, message in MESSAGES.items()
        if code.startswith("because_")
    },
    # Reviews.
    "task received": "%(task)s: received by Trusted Shops.",
    "task not sent": "%(task)s: nothing was sent (%(reason)s).",
    "task unclear": "%(task)s of %(date)s: there was no answer, so it may have been"
    " sent. Odoo...anything else.",
    "review read again": "The review was read again, and shows what Trusted Shops has.",
    "nothing sent": "Nothing was sent. %(reason)s",
    "service silent": "Trusted Shops does not answer. Try again later.",
    "task busy": "Something is already being sent for this review. Wait...at most.",
    "review not for you": "Only sales managers and editors of the website may answer"
    " reviews.",
    "review gone": "The review is no longer available.",
    "reported before": "This review was already reported: ask...about the outcome.",
    "review not public": "The review is not public, so there is nothing to reply to.",
    "low again": "The buyer changed this review to %(stars)s of 5 stars after"
    " you...any more.",
    "low": "A new review with %(stars)s of 5 stars. Read it,...to Trusted Shops.",
    "month": "Reviews in %(month)s: buyers asked: %(asked)s, reviews: %(written)s, on"
    " average %(average)s of 5 stars, replied to: %(replied)s.",
    "month without reviews": "Reviews in %(month)s: buyers asked: %(asked)s, none wrote"
    " a review.",
    "reply without text": "Write something first.",
    "report without reason": "Choose what is wrong with the review.",
}
