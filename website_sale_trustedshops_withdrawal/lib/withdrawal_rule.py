# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Checks that visitors find the withdrawal function, without declaring anything."""

from odoo.addons.website_sale_trustedshops.lib.inspection import RULES, Seen, rule

# Path of the sample receipt for staff, below the page of the first step.
SAMPLE = "/sample"
_FIRST_STEP = (
    "//form[.//input[@name='buyer_name'] and .//input[@name='order_reference'] and"
    " .//input[@name='email'] and .//button[@type='submit']]"
)


@rule
def see_withdrawal(inspection, criterion):
    """Check that each page has the link, and that it leads to the first step.

    :param inspection: pages as a visitor without a login gets them
    :param criterion: of the list of criteria
    :return: result with the pages; if all is well, also with the sample receipts
    :rtype: Seen
    """
    seen = RULES["place"](inspection, criterion)
    if seen.cause != "ok":
        return seen
    pages = [page for page in inspection.by_url.values() if page.url in seen.urls]
    roots = [page.root for page in pages]
    if any(root is None or not root.xpath(_FIRST_STEP) for root in roots):
        return Seen("no_step", seen.urls)
    return Seen(urls=(*seen.urls, *(f"{url}{SAMPLE}" for url in seen.urls)))
