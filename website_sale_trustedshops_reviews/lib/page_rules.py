# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is wrong with the stars of a page: rules of the website check."""

import json
import re

from odoo.addons.website_sale_trustedshops.lib.inspection import Seen, rule
from odoo.addons.website_sale_trustedshops.lib.page_rules import has_class

_STARS = f"//*[{has_class('o_trustedshops_stars')}]"
_PASTED = "//etrusted-widget[not(ancestor::*[contains(@class, 's_trustedshops_')])]"
# The sentence beside the stars of the server, and the blocks that say it themselves.
_NOTICE = (
    f"//*[{has_class('o_trustedshops_notice')}][normalize-space()]"
    f"[not(ancestor-or-self::*[{has_class('d-none')} or ({has_class('collapse')}"
    f" and not({has_class('show')}))])]"
)
_TELLING = (
    "//*[contains(@class, 's_trustedshops_')][@data-widget-id]"
    f" | //*[{has_class('s_trustedshops_badge')}][@data-variant='stars']"
)
_PRODUCT_PAGE = "//*[@id='product_detail']"
_PRODUCT = re.compile(r"(?:https?://schema\.org/)?Product(?:Group)?")


@rule
def see_notice(inspection, _criterion):
    """See that nobody reads stars without the sentence how reviews are checked."""
    return None if _is_told(inspection) or _is_pasted(inspection) else Seen("problem")


@rule
def see_pasted_notice(inspection, _criterion):
    """See the same of a widget that somebody pasted."""
    is_told = _is_told(inspection) or not _is_pasted(inspection)
    return None if is_told else Seen("problem")


def _is_told(inspection):
    """Tell whether a page has no stars, or says how reviews are checked."""
    find = inspection.page.root.xpath
    has_stars = find(_STARS) or (find(_PASTED) and not find(_TELLING))
    return not has_stars or find(_NOTICE)


def _is_pasted(inspection):
    return inspection.page.root.xpath(_PASTED)


@rule
def see_markup(inspection, _criterion):
    """See that search engines find one product in the page of one."""
    find = inspection.page.root.xpath
    if not find(_PRODUCT_PAGE):
        return None
    scripts = find("//script[@type='application/ld+json']/text()")
    nodes = [node for script in scripts for node in _read_nodes(script)]
    count = len(list(filter(_is_product, nodes))) + _count_microdata(find)
    return Seen("problem", values={"count": count}) if count > 1 else None


def _read_nodes(text):
    """Return the outermost nodes of structured data; none where they cannot be read."""
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
    """Return how many products are described by attributes, without those in others."""
    products = [
        each
        for each in find("//*[@itemscope][@itemtype]")
        if _PRODUCT.fullmatch(each.get("itemtype"))
    ]
    return sum(not set(products) & set(each.iterancestors()) for each in products)
