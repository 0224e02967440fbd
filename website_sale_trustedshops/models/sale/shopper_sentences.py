# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sentences that tell the buyer what happened to the choice.

What the buyer agrees to by ticking is in ``terms.py``.
"""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# Why the box was unticked. The payment page says it until the next tick.
REASONS = {
    "returned": _lt("Unticked because this page was opened again."),
    "delivery": _lt("Unticked because the delivery changed."),
    "address": _lt("Unticked because the address changed."),
    "changed": _lt("Unticked because your order changed."),
    "offer": _lt("Unticked because the offer changed."),
}
SENTENCES = {
    **REASONS,
    # On the confirmation page and in the portal, where the buyer cannot tick again.
    "paid": _lt(
        "Your payment had begun before you chose Buyer Protection, so it is not part of"
        " your order and you do not pay for it."
    ),
    "portal": _lt(
        "Buyer Protection was taken out of this order: it can only be chosen while you"
        " pay in the shop."
    ),
    # Why a click did nothing.
    "outdated": _lt(
        "Your order changed after this page was opened. Please reload the page."
    ),
    "busy": _lt("Your cart is being changed. Please try again."),
    "being_paid": _lt(
        "Your order is being paid already, so Buyer Protection cannot be changed any"
        " more."
    ),
}
