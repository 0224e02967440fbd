# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re
from collections import defaultdict
from urllib.parse import urlencode, urlsplit

from odoo import api, models

from ...lib.criteria import read_criteria
from ...lib.inspection import Inspection
from ...lib.shop_page import read_page
from ..finding import HINT, PROBLEM


class TrustedShopsInspection(models.AbstractModel):
    """Judges pages that the user's browser fetched as a visitor.

    So it judges the pages that visitors get, even behind a proxy. The website check and
    *Ready for Certification* show the findings.
    """

    _name = "trustedshops.inspection"
    _description = "Trusted Shops: what visitors see"

    @api.model
    def _get_criteria(self):
        """Return all criteria, in the user's language.

        :rtype: list of ``lib.criteria.Criterion``
        """
        view_sudo = self.env.ref("website_sale_trustedshops.criteria").sudo()
        return read_criteria(view_sudo._get_combined_arch())

    @api.model
    def _read_pages(self, pages):
        """Return the pages from a browser as a visitor sees them.

        :param list pages: dicts of ``kind``, ``asked``, ``url``, ``status`` (0 without
            an answer), ``html``, ``is_cut`` and ``is_html``
        :rtype: list of ``lib.shop_page.Page``
        :raise ValueError: when an address does not begin with http:// or https://,
            because it becomes a link
        """
        for page in pages:
            for name in ("asked", "url"):
                if not re.match(r"https?://", str(page[name])):
                    raise ValueError(f"No address of a page: {page[name]!r}")
        return [
            read_page(
                *(str(page[name]) for name in ("kind", "asked", "url")),
                int(page["status"]),
                str(page["html"]),
                bool(page["is_cut"]),
                bool(page["is_html"]),
            )
            for page in pages
        ]

    @api.model
    def _look(self, scope, pages, facts):
        """Check all criteria of a scope; return what was seen, not yet in sentences.

        :param str scope: see ``views/trustedshops_criteria.xml``
        :param list pages: of ``lib.shop_page.Page``
        :param dict facts: see ``lib.inspection.Inspection``
        :rtype: list[dict]
        """
        criteria = [each for each in self._get_criteria() if scope in each.scopes]
        return Inspection(pages, facts).look(criteria)

    @api.model
    def _word(self, found, path="/", website=None):
        """Return findings in the user's language.

        :param list found: see ``_look``; criteria of uninstalled addons are left out
        :param str path: where the pages are edited
        :param website: record of ``website`` to whose own pages a finding may link
        :return: see ``_make_finding``, with ``title`` (may be empty) and ``template``
            (of a page to make, or empty)
        :rtype: list[dict]
        """
        criteria = {each.name: each for each in self._get_criteria()}
        return [
            self._word_one(criteria[seen["point"]], seen, path, website)
            for seen in found
            if "values" in seen  # else an old result
            and seen["point"] in criteria
            and seen["cause"] in criteria[seen["point"]].said
        ]

    def _word_one(self, criterion, seen, path, website):
        """Return one finding, see ``_word``."""
        is_shop = "shop" in criterion.scopes
        level, text = criterion.said[seen["cause"]]
        # The list of criteria may have changed since.
        parts = seen["values"].get("parts", ())
        parts = [criterion.parts[each] for each in parts if each in criterion.parts]
        values = defaultdict(lambda: "–", part=criterion.title)
        values.update(seen["values"], parts=", ".join(parts))
        links = [_link(urlsplit(url).path or url, url) for url in seen["urls"]]
        todos, template = [], ""
        if level == PROBLEM:
            todos.append(criterion.todos.get("", ""))
        if level == PROBLEM or (level == HINT and not is_shop):
            links += self._list_places(criterion, seen, path)
        if level == PROBLEM and criterion.template:
            own = self._link_to_own_page(website, criterion.template)
            links += own
            if seen["cause"] == "no_page":
                todos.append(criterion.todos["no_page"])
                template = "" if own else criterion.template
        finding = self.env["trustedshops.finding"]._make_finding(
            criterion.name,
            level,
            text.format_map(values),
            todo=" ".join(todos),
            links=links,
        )
        title = criterion.title if is_shop else ""
        return {**finding, "title": title, "template": template}

    def _list_places(self, criterion, seen, path):
        """Return links to the places in Odoo where the user can act."""
        links = []
        if criterion.where:
            links.append(_link(*criterion.where, is_place=True))
        if criterion.is_edited:
            if seen["cause"] == "lacks":
                path = urlsplit(seen["urls"][0]).path
            url = _get_editor_url(path)
            links.append(_link(self.env._("Edit the page"), url, is_place=True))
        return links

    def _link_to_own_page(self, website, kind):
        """Return a link to the editor of a page from a template, if there is one."""
        page_sudo = self.env["trustedshops.readiness"]._find_own_page(website, kind)
        if not page_sudo:
            return []
        text = self.env._("“%s”: link it in the footer", page_sudo.name)
        if not page_sudo.is_published:
            text = self.env._("“%s”: fill the gaps and publish it", page_sudo.name)
        return [_link(text, _get_editor_url(page_sudo.url), is_place=True)]


def _link(text, url, is_place=False):
    """Return a link of a finding; ``is_place``: to where the user can act in Odoo."""
    return {"text": text, "url": url, "is_place": is_place}


def _get_editor_url(path):
    """Return the address at which a page of the website is edited."""
    query = urlencode({"path": path, "enable_editor": 1})
    return f"/odoo/action-website.website_preview?{query}"
