# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people read, as names of sentences and values, apart from the wording.

A text is read from left to right; what no pattern fits is kept as it is.
"""

import re
from functools import cache, lru_cache

from markupsafe import Markup

from odoo.addons.website_sale_trustedshops.models import login
from odoo.addons.website_sale_trustedshops.models.certificate import health
from odoo.addons.website_sale_trustedshops.models.protection import sentences
from odoo.addons.website_sale_trustedshops.models.sale import shopper_sentences

from . import review_texts

# Ids, as in what the framework says of a record.
RECORDS = re.compile(r"\(\d+(?:, ?\d+)*,?\)")
# Values that differ with what was played before.
COUNTED = {"receipts"}
PLACE = re.compile(r"%\((\w+)\)s")
# Sentences that stand where they are needed, by a name of their own. Dots stand for
# words that are left out here.
LITERALS = {
    "number used before": "The order number %(number)s was used before: an order of"
    " %(date)s has...press Refund fee.",
    "payment called off": "The payment of this order was called off, and nobody"
    " confirmed the order. The application goes out when...cancel it.",
    "certificate became another": "The certificate has another Trusted Shops ID or"
    " environment than when the order was placed, so the application is not sent.",
    "fee taken out before": "The fee of Buyer Protection was taken out of the books, so"
    " nothing is applied for. Invoice...cancel the order.",
    "order changed while paid": "%(paid)s was paid, %(fee)s for Buyer Protection"
    " included, but the order changed during the payment and comes to %(total)s"
    " without it. Settle the difference with the buyer, or press Refund fee.",
    "partly paid": "%(paid)s of %(total)s was paid, so the fee may not be part of it."
    " The application goes out when the rest is paid.",
    "order outgrew the item": "The order was changed after Buyer Protection was chosen:"
    " it has another buyer, or is worth more than the protection covers.",
    "placed, never deleted": "The Buyer Protection of a placed order cannot be"
    " deleted: it may have been applied for, or its fee invoiced.",
    "bug": "An error in this addon stopped this; see the server log.",
    "lost call": "A process ended in the middle of a call, so whether it arrived is not"
    " known.",
    "incomplete": "The application is incomplete: %(what)s",
    "fee left out": "The fee of Buyer Protection is left out: it was credited already.",
    "fee not charged": "The fee of Buyer Protection is not charged any more.",
    "create the final invoice": "The down payment was more than the order costs without"
    " the fee. Create the final invoice:...of the difference.",
    "books refuse": "The fee of Buyer Protection has to go back, but could not be taken"
    " out of the books:",
    "books settled?": "Press Refund fee when that is settled.",
    "log says why": "The server's log says why.",
    "fee credited": "The fee of Buyer Protection was credited: %(credit_notes)s.",
    "part credited": "A part of the fee was credited already. Credit the rest by hand,"
    " on the invoice.",
    "given up": "Given up: the fee was taken out of the books.",
    "goes back": "%(amount)s of %(reference)s goes back through %(provider)s.",
    "refund by hand": "Refund %(amount)s, the fee of Buyer Protection, by hand."
    " Payment: %(means)s. Credit note: %(credit_notes)s.",
    "refund at the till": "Refund the fee of Buyer Protection, %(amount)s, at the till:"
    " it is a line of its own on %(receipts)s.",
    "answer of provider lost": "The answer of the payment provider was lost.",
    "doubtful refund": "%(amount)s, the fee of Buyer Protection, may not have been"
    " refunded (%(reference)s):",
    "check the provider": "Check with the payment provider, and refund it by hand if"
    " needed.",
    "is a test": "This is a test. Your purchase is not protected.",
    "taken out, order changed": "Buyer Protection was taken out of this order, because"
    " the order changed after it was chosen.",
    "fee line stays": "Buyer Protection was ordered with this order, so its fee cannot"
    " be removed. Cancel the order, or press Refund fee.",
    "nobody changes these": "Only Trusted Shops sets these, you cannot change them:"
    " %(fields)s.",
    "test mark": "[Test]",
}


def _list_sentences():
    """Yield name and text of each sentence that has a name in the product."""
    yield from LITERALS.items()
    for name, text in sentences.SENTENCES.items():
        yield name, text._source
    for code, text in sentences.ANSWERS.items():
        yield f"answer {code}", text._source
    for code, text in (*sentences.DECISIONS.items(), *sentences.UNCLEAR.items()):
        yield f"decision {code}", text._source
    for code, text in (*health.HOLD_SENTENCES.items(), *login.WAITS.items()):
        yield f"waits {code}", text._source
    yield "answer unknown", sentences.UNKNOWN_CODE._source
    for name, text in sentences.STATUS.items():
        yield f"status {name}", text._source
    for name, text in sentences.FEES.items():
        yield f"fee {name}", text._source
    yield "status before payment", sentences.STATUS_BEFORE_PAYMENT._source
    for name, text in shopper_sentences.SENTENCES.items():
        yield f"shopper {name}", text._source
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
