# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Checks criteria on the pages that visitors of a website get.

It says what it found, what is missing and what it cannot see. :mod:`.criteria` reads
the list of criteria and their texts. Only a lawyer knows whether texts are right, and
only Trusted Shops decides whether a shop passes.
Source: quality criteria of Trusted Shops, 12 August 2020, as published.
"""

import re
from itertools import chain
from typing import NamedTuple
from urllib.parse import urlsplit

from .shop_page import tidy
from .shop_words import BRANDS, WORDS

# The kinds of pages that links lead to.
LINKED = (
    *("identity", "contact", "privacy", "withdrawal", "function"),
    *("shipping", "payment", "terms"),
)
# Every page must link to pages of these kinds, not just one page.
EVERYWHERE = ("identity", "contact", "function")
# Marks the gaps that users must fill in pages made from our templates.
GAP = "✎"
# Longest text of a link that may be the name of a page; longer ones are teasers.
_NAME_LENGTH = 60
# Characters that may stand around such a name.
_ORNAMENTS = " »›>→•·|:.!"
# Follow at most this many links of a kind; a footer has no more.
_MOST_LINKS = 5
# Codes of payment methods whose names are also ordinary words.
_COMMON_MEANS = ("card", "sofort")
# Addresses of products and of the cart.
_GOODS = re.compile(r"/shop/")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.\w")
_POSTCODE = re.compile(r"\b(?:\d{2}-\d{3}|\d{4,5}(?: [a-z]{2})?)\b")
# Phone numbers begin with a country code or a zero; dates and VAT numbers are none.
_PHONE = re.compile(
    r"(?:\+|\(0|(?<![\w/-])(?!\d\d[/-]\d\d[/-]\d{4})0)[\d ()/–-]{6,20}\d"
    r"|\b0\d(?:[. ]\d\d){4}\b"
)
# Compare this many last digits of a phone number: a country code never changes them.
_PHONE_DIGITS = 8
_AMOUNT = re.compile(r"\d[.,]\d\d|\d ?(?:€|eur\b|zł|pln\b|£|chf\b)|(?:€|£) ?\d")


# Functions that the list of criteria names.
RULES = {}


def rule(function):
    """Register a function, which the list of criteria names without its ``see_``."""
    RULES[function.__name__.removeprefix("see_")] = function
    return function


class Seen(NamedTuple):
    """The result of one criterion.

    :param cause: key of a sentence in the list of criteria
    :param urls: tuple of the addresses of the pages with the finding
    :param values: dict of the values in the sentence
    """

    cause: str = "ok"
    urls: tuple = ()
    values: dict = {}


def find_pages(pages, language):
    """Return the addresses of the pages that the criteria are about.

    :param pages: list of :class:`.shop_page.Page`, the start page first; links are read
        on pages of other kinds than ``LINKED``
    :param str language: ISO 639-1 code
    :return: absolute addresses by kind, see ``LINKED``
    :rtype: dict[str, tuple]
    """
    words = WORDS.get(language)
    shown = [
        _list_links(page)
        for page in pages
        if page.kind not in LINKED and page.is_seen and words
    ]
    found = {kind: _find_urls(shown, kind, words) for kind in LINKED if shown}
    return {kind: urls for kind, urls in found.items() if urls}


def _list_links(page):
    """Return the links of a page that may lead to a page of ``LINKED``."""
    return [
        link
        for link in page.links
        if link.url.startswith("http")
        and not _GOODS.search(link.url)
        and len(link.text) <= _NAME_LENGTH
        and _get_address(link) != page.url.partition("#")[0]
    ]


def _find_urls(shown, kind, words):
    """Return the addresses of links whose text fits a kind, or else whose path does.

    By path, leave out links to the withdrawal function: instructions elsewhere may have
    the same path.

    :param shown: links of each page
    :param words: patterns by kind
    """
    unlike = re.compile(words["function"])
    others = [
        [link for link in links if not unlike.search(_get_name(link))]
        for links in shown
    ]
    for pages, get_name in ((shown, _get_name), (others, _get_path_name)):
        found = [
            [
                _get_address(link)
                for link in links
                if re.search(words[kind], get_name(link))
            ]
            for links in pages
        ]
        urls = dict.fromkeys(chain(*found))
        if kind in EVERYWHERE:
            urls = [url for url in urls if all(url in each for each in found)]
        if urls:
            return tuple(urls)[:_MOST_LINKS]
    return ()


def _get_address(link):
    return link.url.partition("#")[0]


def _get_name(link):
    return link.text.strip(_ORNAMENTS)


def _get_path_name(link):
    """Return the last part of a path as words."""
    name = urlsplit(link.url).path.rstrip("/").rpartition("/")[2]
    return re.sub(r"[-_]+", " ", name.partition(".")[0]).lower()


class Inspection:
    """Pages of a website in one language, to which criteria are applied.

    :param pages: list of :class:`.shop_page.Page`, the start page first; for
        the certification also the shop, a product and the pages of :func:`find_pages`
    :param dict facts: what Odoo knows of the website, see ``_prepare_facts`` and
        ``get_website_expectations``
    """

    def __init__(self, pages, facts):
        language = facts.get("language", "")
        self.facts = facts
        self.words = WORDS.get(language)
        self.page = pages[0] if pages else None
        self.by_kind = {page.kind: page for page in pages}
        self.by_url = {page.asked: page for page in pages}
        self.links = find_pages(pages, language)

    def look(self, criteria):
        """Return the results of criteria, without those that others block.

        :param criteria: iterable of ``Criterion``
        :return: name of the criterion as ``point``, and the values of :class:`Seen`
        :rtype: list[dict]
        """
        found, blocked = [], set()
        for criterion in criteria:
            if blocked.isdisjoint(criterion.needs):
                if seen := criterion.rule(self, criterion):
                    found.append({"point": criterion.name, **seen._asdict()})
                    blocked.add(criterion.blocks)
        return found

    def see_url(self, criterion, url):
        """Return the result of a criterion on the page that a link leads to.

        :param criterion: ``Criterion``
        :param str url: of the link
        :rtype: Seen
        """
        page = self.by_url.get(url)
        if not page:
            return Seen("elsewhere", (url,))
        if page.is_login:
            return Seen("locked", (url,))
        if unseen := _see_nothing(page, (url,)):
            return unseen
        return self.see_parts(criterion, [page])

    def see_parts(self, criterion, pages):
        """Return the result of a criterion by the parts that the pages lack.

        :param criterion: ``Criterion``
        :param pages: list of :class:`.shop_page.Page`
        :rtype: Seen
        """
        parts = criterion.parts
        lacks = [
            [each for each in parts if not self._has(each, page)] for page in pages
        ]
        bad = [page for page, lacking in zip(pages, lacks, strict=True) if lacking]
        urls = tuple(page.url for page in bad or pages)
        if not bad:
            return Seen(urls=urls)
        if any(page.is_cut for page in bad):
            return Seen("too_long", urls)
        missing = [each for each in parts if each in chain(*lacks)]
        return Seen("lacks", urls, {"parts": missing})

    # === PARTS OF A PAGE === #

    def _has(self, part, page):
        """Return whether a page has a part: ask its method, else look for our words."""
        rule = getattr(self, f"_has_{part}", None)
        return rule(page) if rule else re.search(self.words[part], page.content)

    def _has_gaps(self, page):
        return GAP not in page.content

    def _has_tax(self, page):
        return re.search(self.words["tax"], page.text)  # the footer counts

    def _has_plus_shipping(self, page):
        return re.search(self.words["plus_shipping"], page.text)

    def _has_name(self, page):
        return tidy(self.facts["company"]) in page.content

    def _has_address(self, page):
        code = _join(self.facts["postcode"])
        return code in _join(page.content) if code else _POSTCODE.search(page.content)

    def _has_email(self, page):
        return any(map(_EMAIL.search, (page.content, *page.contacts)))

    def _has_phone(self, page):
        number = re.sub(r"\D", "", self.facts["phone"])[-_PHONE_DIGITS:]
        is_known = number and number in re.sub(r"\D", "", page.content)
        is_linked = any("tel:" in each for each in page.contacts)
        return _PHONE.search(page.content) or is_known or is_linked

    def _has_trusted_shops(self, page):
        return "trusted shops" in page.content

    def _has_costs(self, page):
        return _AMOUNT.search(page.content) or self._has("free", page)

    def _has_area(self, page):
        names = "|".join(re.escape(tidy(name)) for name in self.facts["countries"])
        is_named = names and re.search(rf"\b(?:{names})\b", page.content)
        return re.search(self.words["area"], page.content) or is_named


def _join(text):
    """Return a postcode, or a text that may hold one, without blanks and hyphens."""
    return re.sub(r"[\s-]", "", text).lower()


# === RULES: EACH RETURNS THE RESULT OF A CRITERION, OR NONE === #


@rule
def see_page(inspection, _criterion):
    """Check that visitors get the first page, and that it belongs to the website."""
    if unseen := _see_nothing(inspection.page):
        return unseen
    is_own = inspection.page.website_id == inspection.facts["id"]
    return None if is_own else Seen("problem")


def _see_nothing(page, urls=()):
    """Return why visitors do not get a page, None when they do."""
    if not page or not page.status:
        return Seen("silent", urls)
    if page.is_login:
        return Seen("login", urls)
    if page.status != 200:
        return Seen("broken", urls, {"status": page.status})
    return None if page.is_html else Seen("no_html", urls)


@rule
def see_words(inspection, _criterion):
    """Check that we know the words of the language."""
    return None if inspection.words else Seen("hint")


@rule
def see_place(inspection, criterion):
    """Check that a page of the criterion's places contains all of its parts.

    If no page does and no link leads to the first place, say only that.
    """
    links = inspection.links
    urls = chain(*(links.get(kind, ()) for kind in criterion.places))
    found = [inspection.see_url(criterion, url) for url in dict.fromkeys(urls)]
    for seen in sorted(found, key=lambda each: each.cause != "ok"):
        if seen.cause in ("ok", "elsewhere", "no_html", "too_long"):
            return seen
    return found[0] if criterion.places[0] in links else Seen("no_page")


@rule
def see_goods(inspection, criterion):
    """Check that the page of a product, and others of the shop, contain all parts."""
    pages = list(filter(None, map(inspection.by_kind.get, criterion.places)))
    if "product" not in inspection.by_kind:
        return Seen("no_product")
    unseen = [_see_nothing(page, (page.asked,)) for page in pages]
    return next(filter(None, unseen), None) or inspection.see_parts(criterion, pages)


@rule
def see_methods(inspection, criterion):
    """Check that a page names a payment method before the order begins."""
    links, methods = inspection.links, inspection.facts["methods"]
    if not methods:
        return Seen("problem")
    kinds = (*criterion.places, "shop", "start")
    linked = chain(*(links.get(kind, ()) for kind in kinds))
    pages = [*map(inspection.by_url.get, linked), *map(inspection.by_kind.get, kinds)]
    names = [
        rf"{re.escape(tidy(name))}(?!\w)"
        for code, name in methods
        if code not in _COMMON_MEANS
    ]
    pattern = re.compile(
        rf"\b(?:{'|'.join([*names, BRANDS, inspection.words['means']])})"
    )
    for page in filter(None, pages):
        if page.names_payment or pattern.search(page.text):
            return Seen(urls=(page.url,))
    urls = links.get("payment", ())[:1]
    return Seen("unnamed" if urls else "no_page", urls)


@rule
def see_tls(inspection, _criterion):
    """Check that all pages come over HTTPS."""
    seen = [page.url for page in inspection.by_url.values() if page.is_seen]
    plain = [url for url in seen if not url.startswith("https:")]
    if plain:
        return Seen("plain", tuple(plain[:1]))
    domain = inspection.facts["domain"]
    if domain.startswith("http:"):
        return Seen("domain", (domain,))
    return Seen(urls=(seen[0],))


@rule
def see_order_button(inspection, _criterion):
    """Check that the label of the order button names the obligation to pay."""
    label = inspection.facts["order_label"]
    is_known = re.search(inspection.words["order"], tidy(label))
    return Seen("ok" if is_known else "problem", values={"label": label})


@rule
def see_mail(inspection, _criterion):
    """Check that Odoo confirms orders by e-mail."""
    return Seen("ok" if inspection.facts["has_mail"] else "problem")


@rule
def see_by_hand(_inspection, _criterion):
    """Leave the criterion to a person."""
    return Seen("hint")
