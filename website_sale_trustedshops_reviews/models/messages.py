# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages about accounts, channels, consents and reviews for staff and buyers."""

from odoo import api, models
from odoo.tools import LazyTranslate

from odoo.addons.website_sale_trustedshops.models.messages import (
    HINT,
    MARK_DONE,
    OK,
    PROBLEM,
    TODO,
    WARNING,
    Message,
)

_lt = LazyTranslate(__name__)
# What several messages share: buttons, titles and steps.
_REFRESH = {"action": "action_connect", "label": _lt("Refresh")}
_ARCHIVE = {"action": "action_archive", "label": _lt("Archive")}
_REFUSED = _lt("Trusted Shops: login not accepted")
_NO_ANSWER = _lt("Trusted Shops: no answer for days")
_HELD = _lt("Trusted Shops: no invitations are sent")
_ONE_INVITER = _lt(
    "Switch off the invitations by the Trustcard at Trusted Shops, or let only the"
    " Trustcard invite."
)
# By code. The sections follow the files of ``models/``.
MESSAGES = {
    # === ACCOUNT === #
    "account_draft": Message(
        TODO,
        _lt(
            "Not connected yet: enter the client ID and the secret, and press Connect."
            " There are no invitations until then."
        ),
        action="action_connect",
        label=_lt("Connect"),
    ),
    "account_refused": Message(
        PROBLEM,
        _lt(
            "Trusted Shops does not accept this login (%(reason)s). Copy the client"
            " ID and the secret again from Settings > API Clients at Trusted Shops."
            " The API client must be enabled there, by a user with the"
            " Administrative role."
        ),
        title=_REFUSED,
    ),
    "account_mismatch": Message(
        PROBLEM,
        _lt(
            "The API client with this ID does not list these channels of this account:"
            " %(channels)s. Nothing was changed, and nothing is sent. Use an API client"
            " of the same account at Trusted Shops, or archive the channels that do not"
            " exist any more."
        ),
        title=_REFUSED,
    ),
    "account_unanswered": Message(
        PROBLEM,
        _lt(
            "Trusted Shops could not be asked (%(reason)s). What was known before stays"
            " in force. We try again once a day; you can connect at any time."
        ),
        **_REFRESH,
        title=_NO_ANSWER,
    ),
    "account_type": Message(
        PROBLEM,
        _lt(
            "The event type %(name)s could not be set up at Trusted Shops"
            " (%(reason)s), so Odoo sends no invitations. Create it there under"
            " Settings > Event Types, and connect again."
        ),
        **_REFRESH,
        title=_lt("Trusted Shops: event type missing"),
    ),
    "account_empty": Message(
        WARNING,
        _lt(
            "Connected, but the account lists no channel: Trusted Shops sets one up for"
            " each shop and language."
        ),
    ),
    # === CHANNEL === #
    "channel_ended": Message(
        TODO,
        _lt("No channel invites buyers or reads reviews of the website any more."),
        step=_lt("Restore the channel, or confirm that this is intended."),
        action="action_confirm_end",
        label=_lt("This Is Intended"),
    ),
    "channel_gone": Message(
        PROBLEM,
        _lt(
            "This channel is not in the account at Trusted Shops any more, so nobody is"
            " invited. It resumes by itself when it comes back; otherwise, archive it."
        ),
        **_ARCHIVE,
        title=_HELD,
    ),
    "channel_held": Message(
        PROBLEM,
        _lt(
            "No invitations are sent for the channel %(channel)s. Trusted Shops said:"
            " %(text)s. Correct it, and press Release."
        ),
        action="action_release",
        label=_lt("Release"),
        title=_HELD,
    ),
    "channel_unplaced": Message(
        TODO,
        _lt(
            "Not used: choose the website and the language that it is for. Trusted"
            " Shops says: %(address)s, %(locale)s."
        ),
    ),
    "channel_moved": Message(
        TODO,
        _lt(
            "The website %(website)s belongs to %(company)s now, so this channel"
            " serves nobody. Connect an account of that company, and archive this"
            " channel."
        ),
        **_ARCHIVE,
    ),
    "channel_language": Message(
        WARNING,
        _lt(
            "At Trusted Shops this channel is for the language “%(locale)s”, so buyers"
            " may get invitations in another language than that of their order."
        ),
    ),
    "channel_taken": Message(
        PROBLEM,
        _lt(
            "The website %(website)s already has a channel for %(language)s:"
            " %(channel)s. Choose another language, or remove the website from that"
            " channel first."
        ),
    ),
    "channel_of_website": Message(
        PROBLEM,
        _lt(
            "The website %(website)s has the channel %(channel)s of Trusted Shops."
            " Choose another website on it, or none, and then delete this one."
        ),
    ),
    "channel_words": Message(
        TODO,
        _lt(
            "Buyers are not asked for their consent in these languages, which have"
            " no words for it: %(languages)s. Add them in the tab Words."
        ),
    ),
    "channel_own_off": Message(
        TODO,
        _lt(
            "Odoo should invite, but Trusted Shops sends no invitations after"
            " Odoo's events. Switch that on there."
        ),
        action="action_open_settings",
        label=_lt("Change it at Trusted Shops"),
    ),
    "channel_not_asking": Message(
        TODO,
        _lt(
            "Odoo should invite, but no buyer is asked for consent, so there are no"
            " invitations."
        ),
        action="action_start_inviting",
        label=_lt("Start inviting"),
    ),
    "channel_unread": Message(
        PROBLEM,
        _lt("The reviews could not be read (%(reason)s). Odoo tries again every hour."),
        title=_lt("Trusted Shops: reviews cannot be read"),
    ),
    # When the buyer gets the mail.
    "channel_delay": Message(
        OK,
        _lt("Days until the mail: %(days)s in Odoo + %(theirs)s at Trusted Shops."),
    ),
    # === RATINGS AND REVIEWS === #
    "low": Message(
        TODO,
        _lt(
            "A review has %(stars)s of 5 stars, and no reply to what it says now. Read"
            " it, and reply to it; if it breaks the rules, report it at Trusted Shops."
        ),
        action="action_reply",
        label=_lt("Reply"),
        title=_lt("Trusted Shops: low review"),
    ),
    "review_received": Message(OK, _lt("Trusted Shops received the reply.")),
    "review_not_sent": Message(PROBLEM, _lt("The reply was not sent (%(reason)s).")),
    "review_unclear": Message(
        TODO,
        _lt(
            "There was no answer to the reply of %(date)s, so it may have been sent."
            " Odoo reads the review again before it sends anything else."
        ),
        action="action_read_again",
        label=_lt("Read Again"),
    ),
    "review_silence": Message(
        WARNING, _lt("Trusted Shops does not answer. Try again later.")
    ),
    # === WEBSITE CHECK === #
    "channel_twice": Message(
        PROBLEM,
        _lt(
            "Buyers of channel %(channel)s are invited twice: by Odoo, and by Trusted"
            " Shops after the Trustcard."
        ),
        _ONE_INVITER,
    ),
    "channel_maybe_twice": Message(
        WARNING,
        _lt(
            "Odoo invites the buyers of the channel %(channel)s. It is not known"
            " whether Trusted Shops also invites them, after the Trustcard."
        ),
        _ONE_INVITER,
    ),
    # === CONSENT === #
    "consent_given": Message(OK, buyer=_lt("You agreed on %(date)s.")),
    "consent_requested": Message(
        HINT,
        buyer=_lt(
            "You asked to be invited to a review. Please confirm it in the e-mail that"
            " we send you; otherwise you are not invited."
        ),
    ),
    "consent_withdrawn": Message(
        HINT,
        _lt("The buyer will not be invited any more, for any order."),
        buyer=_lt("You are not invited to reviews any more."),
    ),
    "consent_mail_unwritten": Message(
        TODO,
        _lt(
            "A mail to a buyer about a consent could not be written: correct its"
            " template, see the server log. We try again every ten minutes."
        ),
        title=_lt("Trusted Shops: mail to the buyer not sent"),
    ),
    "consent_mail_lost": Message(
        TODO,
        _lt(
            "A mail to a buyer about a consent did not arrive: look for “Mail Not Sent”"
            " among the consents, check the mail server and the address, then press"
            " Resend."
        ),
        title=_lt("Trusted Shops: mail to the buyer not sent"),
    ),
    "consent_unserved": Message(
        PROBLEM,
        _lt(
            "The buyer agreed, but no channel serves the website in the buyer's"
            " language. There is no invitation until there is one."
        ),
    ),
    "consent_kept": Message(
        OK,
        _lt(
            "Kept until %(date)s: only the hash of the address is left, which proves"
            " the consent."
        ),
    ),
    "suppression_kept": Message(
        OK,
        _lt(
            "Kept until the app is uninstalled: this hash of the address prevents"
            " invitations."
        ),
    ),
    "buyer_withdrawn": Message(
        TODO,
        _lt(
            "The buyer wants no more invitations, and was invited already, or may have"
            " been. Ask Trusted Shops to send no invitation and no reminder for these"
            " orders: %(orders)s."
        ),
        MARK_DONE,
        title=_lt("Trusted Shops: buyer wants no more invitations"),
    ),
    "buyer_erased": Message(
        TODO,
        _lt(
            "The data of the buyer was erased here. Ask Trusted Shops to erase it, too,"
            " and to send no invitation and no reminder for this order: %(order)s."
        ),
        MARK_DONE,
        title=_lt("Trusted Shops: have a buyer's data erased"),
    ),
    # === INVITATION: where it stands === #
    "invitation_failed": Message(
        PROBLEM,
        _lt(
            "Review invitations that failed: %(orders)s. Correct what Trusted Shops"
            " says there, and send them again."
        ),
        title=_lt("Trusted Shops: invitations failed"),
    ),
    "invitation_unknown": Message(
        PROBLEM,
        _lt(
            "There was no answer, so the invitation may have been sent: %(orders)s."
            " Send it again if you want; the buyer may then get two mails."
        ),
        _lt("Press Mark Done if you do not."),
        title=_lt("Trusted Shops: invitations without an answer"),
    ),
    "sent_again": Message(OK, _lt("%(name)s sent it again.")),
}


class TrustedShopsMessage(models.AbstractModel):
    _inherit = "trustedshops.message"

    @api.model
    def _get_messages(self):
        """Override of `website_sale_trustedshops` to add this addon's messages."""
        return {**super()._get_messages(), **MESSAGES}
