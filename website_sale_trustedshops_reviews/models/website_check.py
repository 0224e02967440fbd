# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Adds stars, structured data and invitations to the website check."""

import json
import re

from odoo import api, models
from odoo.fields import Domain

_PASTED = "//etrusted-widget[not(ancestor::*[contains(@class, 's_trustedshops_')])]"
# Blocks that contain the sentence about verification themselves.
_TELLING = (
    "//*[contains(@class, 's_trustedshops_')][@data-widget-id]"
    " | //*[contains(@class, 's_trustedshops_badge')][@data-variant='stars']"
)
_PRODUCT = re.compile(r"(?:https?://schema\.org/)?Product(?:Group)?")


class TrustedShopsCertificate(models.Model):
    _inherit = "trustedshops.certificate"

    def _list_settings_findings(self):
        """Override of `website_sale_trustedshops` to report double invitations."""
        yield from super()._list_settings_findings()
        website_id = self.website_id.id
        for channel in self.env["trustedshops.channel"]._search_serving(website_id):
            if finding := channel._get_double_invites_finding():
                action = "website_sale_trustedshops_reviews.trustedshops_channel_action"
                url = f"/odoo/action-{action}/{channel.id}"
                link = {"text": self.env._("Open the channel"), "url": url}
                yield {**finding, "links": [link]}

    @api.model
    def _list_more_paths(self, website_sudo):
        """Override of `website_sale_trustedshops` to add pages with stars.

        These are the shop and a product, a rated one if possible. They are added if a
        channel serves the website.
        """
        paths = super()._list_more_paths(website_sudo)
        channels_sudo = self.env["trustedshops.channel"]._search_serving(
            website_sudo.id
        )
        if not channels_sudo:
            return paths
        # Visitors see the stars but may not read the field, so search it in sudo.
        rated = website_sudo.env["product.template"]._search(
            [("trustedshops_rating_ids.channel_id", "in", channels_sudo.ids)]
        )
        product = website_sudo._trustedshops_find_product(Domain("id", "in", rated))
        return [*paths, "/shop", *product.mapped("website_url")]

    def _check_page(self, root, page, lang):
        """Override of `website_sale_trustedshops` to check stars and JSON-LD.

        Report stars without a sentence on verification, and a product page on which
        search engines find several products.
        """
        yield from super()._check_page(root, page, lang)
        if code := _check_notice(root):
            yield self._prepare_page_finding(code, code, page=page)
        if (count := _count_products(root)) > 1:
            yield self._prepare_page_finding("markup", "markup", {"count": count}, page)


# === WHAT A PAGE SHOWS === #
def _check_notice(root):
    """Return the code of the message about stars without a notice, or None.

    The notice is the sentence about how reviews are verified.
    """
    pasted = root.xpath(_PASTED)
    stars = root.find_class("o_trustedshops_stars")
    notices = root.find_class("o_trustedshops_notice")
    is_silent = stars or (pasted and not root.xpath(_TELLING))
    if not is_silent or any(map(_is_readable, notices)):
        return None
    return "notice_pasted" if pasted else "notice"


def _count_products(root):
    """Return the number of products that search engines find on a product's page.

    :param root: element of lxml
    :return: 0 on other pages
    :rtype: int
    """
    if root.get_element_by_id("product_detail", None) is None:
        return 0
    scripts = root.xpath("//script[@type='application/ld+json']/text()")
    nodes = [node for script in scripts for node in _read_nodes(script)]
    return len(list(filter(_is_product, nodes))) + _count_microdata(root)


def _is_readable(notice):
    """Return True if a sentence is visible to all visitors without a click."""
    around = (notice, *notice.iterancestors())
    classes = [set((each.get("class") or "").split()) for each in around]
    is_folded = any("collapse" in each and "show" not in each for each in classes)
    is_gone = any("d-none" in each for each in classes)
    return notice.text_content().strip() and not is_folded and not is_gone


def _read_nodes(text):
    """Return the outermost nodes of JSON-LD, [] if it is unreadable."""
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
    """Return True if a node of JSON-LD is a product, or a group of variants."""
    kinds = node.get("@type") if isinstance(node, dict) else None
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(_PRODUCT.fullmatch(str(kind)) for kind in kinds)


def _count_microdata(root):
    """Return the number of products in microdata, except those inside another one."""
    products = [
        each
        for each in root.xpath("//*[@itemscope][@itemtype]")
        if _PRODUCT.fullmatch(each.get("itemtype"))
    ]
    return sum(not {*products} & {*each.iterancestors()} for each in products)
