# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the buyer is told about the choice, by what happened.

The sentence of the consent itself is in ``consent.py``.
"""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

SENTENCES = {
    # Why there is no protection in the cart, on the next page.
    "changed": _lt(
        "Your order changed, so Buyer Protection was taken out of it. You can choose it"
        " again when you pay."
    ),
    "again": _lt(
        "Buyer Protection is not selected any more. If you want it, please read the"
        " offer and tick it again when you pay."
    ),
    "business": _lt(
        "Buyer Protection is for private buyers only. It is not part of your order,"
        " because your address names a company or a VAT number."
    ),
    "unavailable": _lt(
        "Buyer Protection is not available for your order at the moment. You can order"
        " without it."
    ),
    # The same on the confirmation page and in the portal: nothing can be chosen there.
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
    # Read out after the tick.
    "added": _lt("Buyer Protection was added. The total is now %(total)s."),
    "removed": _lt("Buyer Protection was removed. The total is now %(total)s."),
}
