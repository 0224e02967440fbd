# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people read, as names of sentences and values, apart from the wording.

A text is read from left to right; what no pattern fits is kept as it is.
"""

import re
from functools import cache, lru_cache

from markupsafe import Markup

from odoo.addons.website_sale_trustedshops.models import service
from odoo.addons.website_sale_trustedshops.models.messages import MESSAGES

from . import review_texts

# Ids, as in what the framework says of a record, or of the user who may not write it.
RECORDS = re.compile(r"\(\d+(?:, ?\d+)*,?\)|(?<=User: )\d+")
# Values that differ with what was played before.
COUNTED = {"receipts"}
# What the buyer is told of a protection, by the code of its message.
STATUS = (
    *("queued", "on_hold", "curable", "requested", "confirmed", "not_concluded"),
    "cancelled",
)
PLACE = re.compile(r"%\((\w+)\)s")
# Sentences that stand where they are needed, by a name of their own. Dots stand for
# words that are left out here.
LITERALS = {
    "number used before": "Nothing was sent: the number %(number)s belongs to an order"
    " of %(date)s already...press Refund fee.",
    "payment called off": "The order is neither paid nor confirmed. The application"
    " is sent when...cancel it.",
    "certificate became another": "Nothing is sent: the certificate has another"
    " Trusted Shops ID or environment now.",
    "fee taken out before": "Nothing is applied for, because the fee was credited or"
    " removed. Invoice...cancel the order.",
    "order changed while paid": "%(paid)s was paid, %(fee)s for Buyer Protection"
    " included, but the order changed during the payment and comes to %(total)s"
    " without it. Settle the difference with the buyer, or press Refund fee.",
    "partly paid": "%(paid)s of %(total)s was paid, so the fee may not be part of it."
    " The application is sent when the rest is paid.",
    "order outgrew the item": "The order was changed after Buyer Protection was chosen:"
    " it has another buyer, or is worth more than the protection covers.",
    "placed, never deleted": "Buyer Protection of a placed order cannot be deleted.",
    "bug": "An error in this addon stopped this; see the server log.",
    "lost call": "A process ended in the middle of a call, so whether it arrived is not"
    " known.",
    "incomplete": "The application is incomplete: %(what)s",
    "fee left out": "The fee of Buyer Protection is left out: it was credited already.",
    "fee not charged": "The fee of Buyer Protection is not charged any more.",
    "create the final invoice": "The down payment was more than the order costs without"
    " the fee. Create the final invoice:...of the difference.",
    "books refuse": "The fee of Buyer Protection has to go back, but could not be"
    " credited or removed:",
    "books settled?": "Press Refund fee when that is settled.",
    "log says why": "The server's log says why.",
    "fee credited": "The fee of Buyer Protection was credited: %(credit_notes)s.",
    "part credited": "A part of the fee was credited already. Credit the rest by hand,"
    " on the invoice.",
    "given up": "Given up: the fee was credited or removed.",
    "goes back": "%(amount)s of %(reference)s goes back through %(provider)s.",
    "refund by hand": "Refund %(amount)s, the fee of Buyer Protection, by hand."
    " Payment: %(means)s. Credit note: %(credit_notes)s.",
    "answer of provider lost": "The answer of the payment provider was lost.",
    "doubtful refund": "%(amount)s, the fee of Buyer Protection, may not have been"
    " refunded (%(reference)s):",
    "check the provider": "Check with the payment provider, and refund it by hand if"
    " needed.",
    "is a test": "This is a test. Your purchase is not protected.",
    "taken out, order changed": "Buyer Protection was taken out of this order, because"
    " the order changed after it was chosen.",
    "fee line stays": "The fee of a placed order cannot be removed. Cancel the order,"
    " or press Refund fee.",
    "nobody changes these": "Only Trusted Shops sets these, you cannot change them:"
    " %(fields)s.",
    "test mark": "[Test]",
    "no_email": "The buyer has no valid e-mail address. Ask for one and apply again"
    " within three days of the order.",
    "no_answer": "Trusted Shops did not answer (%(reason)s).",
    "number_missing": "An earlier application may have arrived, but its number did not"
    " reach us.",
    "number_foreign": "Trusted Shops knows this order number already although this"
    " order was never sent.",
    "may_have_arrived": "An earlier application may have arrived, so it is only sent"
    " again unchanged. Look for the order number at Trusted Shops before you press"
    " Refund fee.",
    "doubt": "An application may have arrived: look for the order number at Trusted"
    " Shops before you decide about the fee.",
    "refused": "Trusted Shops refused application %(number)s. %(reason)s",
    "entered_number_refused": "Trusted Shops refused application %(number)s, which was"
    " entered by hand (code %(code)s).",
    "unclear": "Asked about application %(number)s, Trusted Shops said: %(words)s",
    "overdue": "No application went through within three days.",
    "cancelled": "The order was cancelled.",
    "cancelled_unsent": "The order was cancelled before Buyer Protection was applied"
    " for.",
    "found_nothing": "Trusted Shops has no application for this order.",
    "try_again": "We try again.",
    "keep_asking": "We keep asking.",
    "look_up": "An application may have arrived: look for the order number at Trusted"
    " Shops. If it is there, press Enter number; if not, press Not found at Trusted"
    " Shops.",
    "look_up_foreign": "Compare buyer, amount and date of the application at Trusted"
    " Shops. If it is this purchase, press Enter number; if not, press Not found at"
    " Trusted Shops.",
    "enter_again": "Look the number up there by the order number, and enter it again."
    " If it is right, press Not found at Trusted Shops: there is no protection then.",
    "apply_again": "Ask the buyer for another one and apply again until %(until)s;"
    " otherwise the fee goes back by itself.",
    "apply_by_hand": "Apply at Trusted Shops by hand and enter the number until"
    " %(until)s; otherwise the fee goes back by itself.",
    "apply_before": "Unless you apply again before, the fee goes back by itself on"
    " %(until)s.",
    "fee_goes_back_on": "The buyer is not protected, and the fee goes back by itself"
    " on %(until)s.",
    "fee_goes_back": "The buyer is not protected, and the fee goes back by itself.",
    "fee_gone": "The buyer is not protected, and does not pay the fee.",
    "unprotected": "The buyer is not protected.",
    "ordered": "Buyer Protection up to %(amount)s was ordered. It is now “%(state)s”.",
    "ended": "The order was cancelled or fully credited, but its Buyer Protection was"
    " applied for and"
    " cannot be cancelled. Press Refund fee to give the fee up, or keep it.",
    "fee_kept": "The order was cancelled or fully credited. Its fee is kept by the"
    " refund policy of"
    " the certificate.",
    "fee_came_back": "The payment contains %(fee)s for Buyer Protection, so it is part"
    " of the order again.",
    "chosen_too_late": "Buyer Protection for %(fee)s was chosen after the payment of"
    " %(paid)s had begun. The fee was not paid, so it was taken out of this order.",
    "not_placed": "Buyer Protection of order %(order)s could not be queued, see the"
    " server log. Apply for it at Trusted Shops by hand within three days, or press"
    " Refund fee.",
    "fee_on_invoice": "The order was cancelled, but its fee is on invoice"
    " %(invoices)s. Press Refund fee to credit it.",
    "requested": "Buyer Protection was applied for, application number %(number)s.",
    "confirmed": "Buyer Protection is confirmed, guarantee number"
    " %(guarantee_number)s.",
    "called_off": "The order is neither paid nor confirmed, but its Buyer Protection"
    " was applied for and cannot be cancelled. Cancel the order if it is given up;"
    " then decide about the fee.",
    "trouble": "%(count)s attempts in a row to apply brought no result. We keep trying;"
    " ask Trusted Shops if this continues.",
    "late_number": "A late answer gives the application of this order the number"
    " %(late_number)s, but here it is “%(state)s”, number %(number)s. Compare both"
    " with Trusted Shops before you decide about the fee.",
    "confirmed_late": "Trusted Shops confirmed this protection after it had been given"
    " up. Decide who pays the fee.",
    "undecided": "Application %(number)s was not decided within a week. Ask Trusted"
    " Shops about it; if there is none, press Not found at Trusted Shops.",
    "mail_broken": "The buyer's mail could not be written: correct its template, see"
    " the server log. We try again every hour; Resend tries at once.",
    "mail_returned": "The buyer's mail came back: the address does not take it. Check"
    " the buyer's address, then press Resend.",
    "mail_lost": "The buyer's mail could not be sent. Check the mail server and the"
    " buyer's address, then press Resend.",
    "left_refund": "Trusted Shops was uninstalled before the fee of Buyer Protection"
    " was refunded. If %(fee)s of the buyer's money is still here, refund it by hand.",
    "left_application": "Trusted Shops was uninstalled; Buyer Protection was"
    " “%(state)s”, application number: %(number)s. Look it up at Trusted Shops, or"
    " apply there by hand within three days of the order. If there is none, tell the"
    " buyer and refund the fee.",
    "apply_now": "Buyer Protection will be applied for now.",
    "check_state": "Trusted Shops will be asked now whether it has decided.",
    "not_found": "Looked up at Trusted Shops: there is no application for this order.",
    "no_protection": "Looked up at Trusted Shops: there is no protection for this"
    " order.",
    "number_entered": "The application number %(number)s was entered by hand.",
    "released": "Buyer Protection was released, although it was on hold: %(reason)s",
    "resent": "The mail about Buyer Protection was sent again.",
    "no_rights": "You have no rights for this button. Ask a sales manager or an"
    " accountant.",
    "busy": "Trusted Shops is being asked about this order now. Try again in a minute.",
    "not_possible": "This is not possible now: Buyer Protection of order %(order)s is"
    " “%(state)s”.",
    "no_number": "An application number has digits only and is at most %(largest)s.",
    "number_of_other": "%(number)s is the application of order %(order)s. Look the"
    " number up at Trusted Shops by the order number.",
    "shopper fee": "Today: %(fee)s",
    "shopper business": "Buyer Protection is for private buyers only. It is not part"
    " of your order, because your address names a company or a VAT number.",
    "shopper unavailable": "Buyer Protection is not available for your order at the"
    " moment. You can order without it.",
    "shopper added": "Added",
    "shopper removed": "Removed",
    "shopper total": "New total: %(total)s.",
    "status before payment": "Your Buyer Protection is applied for when your payment"
    " has arrived; the confirmation then follows by e-mail.",
}


def _list_sentences():
    """Yield name and text of each sentence that has a name in the product."""
    yield from LITERALS.items()
    yield "with_code", "%(words)s (code %(code)s)"
    for code, message in MESSAGES.items():
        kind, _minus, number = code.partition("-")
        if number:
            kind = "decision" if kind == "asked" else kind
            yield f"{kind} -{number}", message.staff._source
    for code in ("login", "suspended", "no_limit", "login_missing"):
        yield f"waits {code}", MESSAGES[f"hold_{code}"].staff._source
    for code, kind in service.KINDS.items():
        yield f"waits {code}", MESSAGES[kind.message].staff._source
    yield "answer unknown", MESSAGES["answer_unknown"].staff._source
    for name in STATUS:
        yield f"status {name}", MESSAGES[name].buyer._source
    for name in ("back", "goes_back", "free"):
        yield f"fee {name}", MESSAGES[f"fee_{name}"].buyer._source
    for code, message in MESSAGES.items():
        if code.startswith("choice_") and message.buyer:
            yield f"shopper {code.removeprefix('choice_')}", message.buyer._source
    yield from review_texts.LITERALS.items()


@cache
def _get_patterns():
    """Return pattern and name of each sentence, the longest first."""
    found = {}
    for name, text in _list_sentences():
        pattern = _make_pattern(text)
        found.setdefault(pattern, name)  # what several mean has the first name
    longest = sorted(found, key=lambda pattern: -len(PLACE.sub("", pattern)))
    return [(re.compile(pattern), found[pattern]) for pattern in longest]


def _make_pattern(text):
    """Return the pattern of a sentence; what stands at its end is read by itself."""
    text = re.sub(r"\s*%\((words|reason|what)\)s$", "", text)
    parts = []
    for number, part in enumerate(PLACE.split(text)):
        if number % 2:
            is_last = text.endswith(f"%({part})s")
            value = r"\S+" if is_last or not "".join(parts) else ".*?"
            parts.append(f"(?P<{part}>{value})")
        else:
            parts.append(re.escape(part).replace(r"\.\.\.", ".*?"))
    pattern = "".join(parts)
    # A code in brackets follows the words that it means.
    return pattern.removeprefix(r"(?P<words>\S+)\ ")


def read(text):
    """Return what a text says.

    :param text: plain or as HTML
    :type text: str or bool
    :return: for each sentence its name and its values
    :rtype: list[str]
    """
    return list(_read(str(text))) if text else []


@lru_cache(maxsize=100_000)
def _read(text):
    # An amount is one word; striptags would make two of it.
    plain = Markup(re.sub("\xa0|&nbsp;", "", text)).striptags()
    plain = RECORDS.sub("(#)", plain)
    found, unknown, place = [], [], 0
    while place < len(plain):
        hit = _match(plain, place)
        if not hit:
            word, _space, _rest = plain[place:].partition(" ")
            unknown.append(word)
            place += len(word) + 1
            continue
        if unknown:
            found.append(f"? {' '.join(unknown)}")
            unknown = []
        name, match = hit
        values = ", ".join(
            f"{key}={_settle(key, value)}" for key, value in match.groupdict().items()
        )
        found.append(f"{name} ({values})" if values else name)
        place = match.end()
        while plain[place : place + 1].isspace():
            place += 1
    if unknown:
        found.append(f"? {' '.join(unknown)}")
    return tuple(found)


def _settle(key, value):
    """Return a value; names with numbers that are never used twice are counted."""
    return len(value.split(", ")) if key in COUNTED else value


def _match(plain, place):
    """Return name and match of the sentence that begins at a place of a text."""
    for pattern, name in _get_patterns():
        if match := pattern.match(plain, place):
            return name, match
    return None


def find(text):
    """Return the sentences of ours in a text that says other things, too.

    :param text: as in :func:`read`
    :rtype: list[str]
    """
    return [sentence for sentence in read(text) if not sentence.startswith("? ")]
