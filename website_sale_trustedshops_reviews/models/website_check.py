# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Adds stars and invitations to the website check."""

import json
import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from odoo.addons.website_sale_trustedshops.models.finding import HINT, PROBLEM

from .channel.invite_settings import ON, UNKNOWN

_lt = LazyTranslate(__name__)
# Level, sentence, and what to do.
_NO_NOTICE = _lt("Stars are shown without the sentence on how reviews are checked.")
NOTICE = (
    PROBLEM,
    _NO_NOTICE,
    _lt(
        "By law it must be readable beside them, without a click. Look for a theme that"
        " hides it, or that has an old copy of this page."
    ),
)
PASTED_NOTICE = (
    PROBLEM,
    _NO_NOTICE,
    _lt(
        "By law it must be readable beside them, without a click. Replace the pasted"
        " widget with the block Trusted Shops Reviews or Trusted Shops Product Reviews,"
        " which contains the sentence."
    ),
)
MARKUP = (
    PROBLEM,
    _lt(
        "The structured data of this page describe several products (%(count)s):"
        " search engines do not know which of them is rated."
    ),
    _lt(
        "Odoo describes the product already. Remove the other description from the"
        " theme, the page, or the app that adds it."
    ),
)
_PASTED = "//etrusted-widget[not(ancestor::*[contains(@class, 's_trustedshops_')])]"
# Blocks that have a sentence of their own.
_TELLING = (
    "//*[contains(@class, 's_trustedshops_')][@data-widget-id]"
    " | //*[contains(@class, 's_trustedshops_badge')][@data-variant='stars']"
)
_PRODUCT = re.compile(r"(?:https?://schema\.org/)?Product(?:Group)?")


class TrustedShopsCertificate(models.Model):
    _inherit = "trustedshops.certificate"

    def _check_settings(self):
        """Override of `website_sale_trustedshops` to report double invitations."""
        yield from super()._check_settings()
        website_id = self.website_id.id
        for channel in self.env["trustedshops.channel"]._find_serving(website_id):
            if finding := channel._judge_invites():
                yield finding

    @api.model
    def _list_more_paths(self, website_sudo):
        """Override of `website_sale_trustedshops` to add pages with stars."""
        paths = super()._list_more_paths(website_sudo)
        channels_sudo = self.env["trustedshops.channel"]._find_serving(website_sudo.id)
        if not channels_sudo:
            return paths
        # Visitors see the stars but may not read the field, so search it in sudo.
        rated = website_sudo.env["product.template"]._search(
            [("trustedshops_rating_ids.channel_id", "in", channels_sudo.ids)]
        )
        product = website_sudo._trustedshops_find_product(Domain("id", "in", rated))
        return [*paths, "/shop", *product.mapped("website_url")]

    def _check_page(self, root, page, lang):
        """Override of `website_sale_trustedshops` to look at stars."""
        yield from super()._check_page(root, page, lang)
        for cause, found in (
            ("notice", _see_notice(root)),
            ("markup", _see_markup(root)),
        ):
            if found:
                yield self._tell(cause, *found, page)


class TrustedShopsChannel(models.Model):
    _inherit = "trustedshops.channel"

    def _judge_invites(self):
        """Return a finding if Odoo and the Trustcard may both invite.

        :return: see ``_make_finding``; None if all is well
        :rtype: dict or None
        """
        self.ensure_one()
        if self.inviter != "odoo" or self.checkout_invites not in (ON, UNKNOWN):
            return None
        action = "website_sale_trustedshops_reviews.trustedshops_channel_action"
        url = f"/odoo/action-{action}/{self.id}"
        return self._make_finding(
            "invitations",
            PROBLEM if self.checkout_invites == ON else HINT,
            self._explain_double_invites(),
            todo=self.env._(
                "Switch off the invitations by the Trustcard at Trusted Shops, or let"
                " only the Trustcard invite."
            ),
            links=[{"text": self.env._("Open the channel"), "url": url}],
        )

    def _explain_double_invites(self):
        """Return a sentence that buyers are, or may be, invited twice."""
        if self.checkout_invites == ON:
            return self.env._(
                "Buyers of channel %s are invited twice: by Odoo, and by Trusted Shops"
                " after the Trustcard.",
                self.display_name,
            )
        return self.env._(
            "Odoo invites the buyers of the channel %s. It is not known whether Trusted"
            " Shops also invites them, after the Trustcard.",
            self.display_name,
        )


# === WHAT A PAGE SHOWS: A SENTENCE AND ITS VALUES, OR NONE === #
def _see_notice(root):
    """Return that stars are there without the sentence how reviews are checked."""
    pasted = root.xpath(_PASTED)
    stars = root.find_class("o_trustedshops_stars")
    notices = root.find_class("o_trustedshops_notice")
    is_silent = stars or (pasted and not root.xpath(_TELLING))
    if not is_silent or any(map(_is_readable, notices)):
        return None
    return PASTED_NOTICE if pasted else NOTICE, {}


def _see_markup(root):
    """Return that search engines find more products than that of the page."""
    if root.get_element_by_id("product_detail", None) is None:
        return None
    scripts = root.xpath("//script[@type='application/ld+json']/text()")
    nodes = [node for script in scripts for node in _read_nodes(script)]
    count = len(list(filter(_is_product, nodes))) + _count_microdata(root)
    return (MARKUP, {"count": count}) if count > 1 else None


def _is_readable(notice):
    """Return whether a sentence is there for all, without a click."""
    around = (notice, *notice.iterancestors())
    classes = [set((each.get("class") or "").split()) for each in around]
    is_folded = any("collapse" in each and "show" not in each for each in classes)
    is_gone = any("d-none" in each for each in classes)
    return notice.text_content().strip() and not is_folded and not is_gone


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


def _count_microdata(root):
    """Count the products in microdata, except those inside another one."""
    products = [
        each
        for each in root.xpath("//*[@itemscope][@itemtype]")
        if _PRODUCT.fullmatch(each.get("itemtype"))
    ]
    return sum(not {*products} & {*each.iterancestors()} for each in products)
