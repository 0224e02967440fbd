# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the buyer is told about the choice, by what happened.

What is agreed to by ticking is in ``consent.py``.
"""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# Why the box is not ticked any more, on the payment page until the next tick.
REASONS = {
    "returned": _lt("Unticked because this page was opened again."),
    "delivery": _lt("Unticked because the delivery changed."),
    "address": _lt("Unticked because the address changed."),
    "changed": _lt("Unticked because your order changed."),
    "offer": _lt("Unticked because the offer changed."),
}
SENTENCES = {
    **REASONS,
    "fee": _lt("Today: %(fee)s"),
    # Why it cannot be ticked again.
    "business": _lt(
        "Buyer Protection is for private buyers only. It is not part of your order,"
        " because your address names a company or a VAT number."
    ),
    "unavailable": _lt(
        "Buyer Protection is not available for your order at the moment. You can order"
        " without it."
    ),
    # On the confirmation page and in the portal: nothing can be chosen there.
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
    # After a tick.
    "added": _lt("Added"),
    "removed": _lt("Removed"),
    "total": _lt("New total: %(total)s."),
}
