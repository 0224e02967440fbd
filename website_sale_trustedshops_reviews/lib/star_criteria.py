# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rules of the website check about stars and their structured data."""

import json
import re

from odoo.addons.website_sale_trustedshops.lib.inspection import Seen, rule
from odoo.addons.website_sale_trustedshops.lib.page_rules import has_class

_STARS = f"//*[{has_class('o_trustedshops_stars')}]"
_PASTED = "//etrusted-widget[not(ancestor::*[contains(@class, 's_trustedshops_')])]"
# The sentence beside the server's stars, and the blocks that have a sentence of their
# own.
_NOTICE = (
    f"//*[{has_class('o_trustedshops_notice')}][normalize-space()]"
    f"[not(ancestor-or-self::*[{has_class('d-none')} or ({has_class('collapse')}"
    f" and not({has_class('show')}))])]"
)
_TELLING = (
    "//*[contains(@class, 's_trustedshops_')][@data-widget-id]"
    f" | //*[{has_class('s_trustedshops_badge')}][@data-variant='stars']"
)
_PRODUCT = re.compile(r"(?:https?://schema\.org/)?Product(?:Group)?")


@rule
def see_notice(inspection, _criterion):
    """Report stars without the sentence that says how reviews are checked."""
    return None if _is_told(inspection) or _is_pasted(inspection) else Seen("problem")


@rule
def see_pasted_notice(inspection, _criterion):
    """Report a pasted widget without that sentence."""
    is_told = _is_told(inspection) or not _is_pasted(inspection)
    return None if is_told else Seen("problem")


def _is_told(inspection):
    """Return True if a page has no stars, or says how reviews are checked."""
    find = inspection.page.root.xpath
    has_stars = find(_STARS) or (find(_PASTED) and not find(_TELLING))
    return not has_stars or find(_NOTICE)


def _is_pasted(inspection):
    return inspection.page.root.xpath(_PASTED)


@rule
def see_markup(inspection, _criterion):
    """Report a product page in which search engines find more than one product."""
    find = inspection.page.root.xpath
    if not find("//*[@id='product_detail']"):
        return None
    scripts = find("//script[@type='application/ld+json']/text()")
    nodes = [node for script in scripts for node in _read_nodes(script)]
    count = len(list(filter(_is_product, nodes))) + _count_microdata(find)
    return Seen("problem", values={"count": count}) if count > 1 else None


def _read_nodes(text):
    """Return the outermost nodes of structured data, none if it is unreadable."""
    try:
        found = json.loads(text)
    except ValueError:
        return []
    nodes = []
    for node in found if isinstance(found, list) else [found]:
        if isinstance(node, dict):
            graph = node.get("@graph")
            nodes += graph if isinstance(graph, list) else [node]
    return nodes


def _is_product(node):
    kinds = node.get("@type") if isinstance(node, dict) else None
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(_PRODUCT.fullmatch(str(kind)) for kind in kinds)


def _count_microdata(find):
    """Count the products in microdata, except those inside another one."""
    products = [
        each
        for each in find("//*[@itemscope][@itemtype]")
        if _PRODUCT.fullmatch(each.get("itemtype"))
    ]
    return sum(not set(products) & set(each.iterancestors()) for each in products)
