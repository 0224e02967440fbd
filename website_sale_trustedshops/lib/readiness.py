# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a program can see of Trusted Shops' public criteria, on the pages of a shop.

It reads pages as visitors get them and says what it found, what is missing and what it
cannot see. Whether the texts are right only a lawyer knows, and whether a shop passes
only Trusted Shops.
Source: quality criteria of Trusted Shops, 12 August 2020, as published.
"""

import re
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlsplit

from .shop_page import tidy
from .shop_words import BRANDS, WORDS

# What a finding says of a point.
FOUND = "found"
MISSING = "missing"
UNSEEN = "unseen"

# Why something is missing.
NO_PAGE = "no_page"  # no link leads there
BROKEN = "broken"  # a link does, but visitors get no page; `lacks` holds the status
LACKS = "lacks"  # a page is there, but not everything on it
OFF = "off"  # nothing in Odoo is switched on for it
PLAIN = "plain"  # a page comes without encryption
DOMAIN = "domain"  # the address in Odoo is one without encryption
# Why something cannot be seen.
LANGUAGE = "language"  # we do not know its words
LOGIN = "login"  # visitors have to log in
NO_HTML = "no_html"  # a PDF, for example
OTHER_WEBSITE = "other_website"  # the address shows another one
DOWN = "down"  # the start page does not come; `lacks` holds the status
ELSEWHERE = "elsewhere"  # the page is at another address, which a browser keeps away
NO_PRODUCT = "no_product"  # no product is published
TOO_LONG = "too_long"  # the page is longer than what is read
PERSON = "person"  # only a person can tell

# In the order of the criteria.
POINTS = (
    "identity",
    "privacy",
    "tls",
    "price_notes",
    "shipping",
    "delivery_time",
    "payment_methods",
    "order_page",
    "order_button",
    "confirmation_mail",
    "instructions",
    "model_form",
    "function",
    "texts",
)
# The kinds of pages that links lead to, and which are searched for a point, in turn.
LINKED = (
    "identity",
    "contact",
    "privacy",
    "withdrawal",
    "function",
    "shipping",
    "payment",
    "terms",
)
# These have to be linked on each page, not on one of them.
EVERYWHERE = ("identity", "contact", "function")
PLACES = {
    "identity": ("identity", "contact"),
    "privacy": ("privacy",),
    "shipping": ("shipping", "payment", "terms"),
    "payment_methods": ("payment", "shipping", "terms"),
    "instructions": ("withdrawal", "terms"),
    "model_form": ("withdrawal", "terms"),
    "function": ("function",),
}
# In the pages that are made from our templates: what a person has to fill.
GAP = "✎"
# Characters of a link's text that may be the name of a page; longer ones are teasers.
_NAME_LENGTH = 60
# What may stand around it.
_ORNAMENTS = " »›>→•·|:.!"
# Links of a kind that are followed; more of them are no footer.
_MOST_LINKS = 5
# Codes of means of payment whose names are words of other things, too.
_COMMON_MEANS = ("card", "sofort")
# Below it are products and the cart, whatever they are called.
_GOODS = re.compile(r"/shop/")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.\w")
_POSTCODE = re.compile(r"\b(?:\d{2}-\d{3}|\d{4,5}(?: [a-z]{2})?)\b")
# With a country's code, or a leading zero; dates and VAT numbers are none.
_PHONE = re.compile(
    r"(?:\+|\(0|(?<![\w/-])(?!\d\d[/-]\d\d[/-]\d{4})0)[\d ()/–-]{6,20}\d"
    r"|\b0\d(?:[. ]\d\d){4}\b"
)
# Digits by which a number is known, with and without a country's code.
_PHONE_DIGITS = 8
_AMOUNT = re.compile(r"\d[.,]\d\d|\d ?(?:€|eur\b|zł|pln\b|£|chf\b)|(?:€|£) ?\d")


@dataclass(frozen=True)
class Facts:
    """What Odoo knows of a website in one of its languages.

    :param language: ISO 639-1 code
    :param website_id: id of the website
    :param domain: its address as set in Odoo; may be empty
    :param name: of the company, like what follows
    :param postcode: may be empty
    :param email: may be empty
    :param phone: may be empty
    :param countries: names of those that are delivered to; of all, without limits
    :param methods: code and name of each of the means of payment
    :param order_label: words of the button that orders; empty for those of core
    :param has_mail: whether orders are confirmed by e-mail
    """

    language: str
    website_id: int
    domain: str = ""
    name: str = ""
    postcode: str = ""
    email: str = ""
    phone: str = ""
    countries: tuple = ()
    methods: tuple = ()
    order_label: str = ""
    has_mail: bool = False


@dataclass(frozen=True)
class Finding:
    """What is to say about one point.

    :param point: one of ``POINTS``
    :param state: ``found``, ``missing`` or ``unseen``
    :param cause: why it is not found
    :param urls: tuple of the pages where it is, or should be
    :param lacks: tuple of the parts that are missing
    """

    point: str
    state: str
    cause: str = ""
    urls: tuple = ()
    lacks: tuple = ()


def find_pages(pages, language):
    """Return where the pages are that the criteria ask for.

    :param pages: list of :class:`.shop_page.Page`, of which those without a link are
        looked at for links, the start page first
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
    found = {kind: _find_urls(shown, kind, words[kind]) for kind in LINKED if shown}
    return {kind: urls for kind, urls in found.items() if urls}


def _list_links(page):
    """Return the links of a page that may lead to one of ours."""
    return [
        link
        for link in page.links
        if link.url.startswith("http")
        and not _GOODS.search(link.url)
        and len(link.text) <= _NAME_LENGTH
        and _get_address(link) != page.url.partition("#")[0]
    ]


def _find_urls(shown, kind, words):
    """Return the addresses of links called so, else of those with such a path.

    :param shown: links of each page
    """
    for get_name in (_get_name, _get_path_name):
        found = [
            [_get_address(link) for link in links if re.search(words, get_name(link))]
            for links in shown
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


def judge(pages, facts):
    """Return what is found, missing and not to be seen of each point.

    :param pages: list of :class:`.shop_page.Page`: the start page, the shop, a product
        and those of :func:`find_pages`
    :param Facts facts: of the website
    :rtype: list[Finding]
    """
    inspection = _Inspection(pages, facts)
    return [inspection.judge(point) for point in POINTS]


class _Inspection:
    """The pages of a website in one language, and a rule for each point."""

    def __init__(self, pages, facts):
        self.facts = facts
        self.words = WORDS.get(facts.language)
        self.by_kind = {page.kind: page for page in pages}
        self.by_url = {page.asked: page for page in pages}
        self.links = find_pages(pages, facts.language)

    def judge(self, point):
        rule = getattr(self, f"_judge_{point}", None)
        if point in ("confirmation_mail", "order_page", "texts"):
            return rule(point)
        obstacle = self._find_obstacle(point)
        if obstacle and point != "order_button":
            return obstacle
        if not self.words and point != "tls":
            return Finding(point, UNSEEN, LANGUAGE)
        return rule(point) if rule else self._judge_place(point)

    def _find_obstacle(self, point):
        """Return why nothing of the website is to be seen, None when it is."""
        start = self.by_kind.get("start")
        if not start or start.status != 200:
            return Finding(point, UNSEEN, DOWN, lacks=_get_status(start))
        if start.is_login:
            return Finding(point, UNSEEN, LOGIN, (start.url,))
        if start.website_id != self.facts.website_id:
            return Finding(point, UNSEEN, OTHER_WEBSITE, (start.url,))
        return None

    # === PAGES THAT LINKS LEAD TO === #

    def _judge_place(self, point):
        """Tell whether one of the pages for a point holds all that it should.

        Where the first one is not linked, nothing is said of what others lack.
        """
        urls = chain(*(self.links.get(kind, ()) for kind in PLACES[point]))
        findings = [self._judge_url(point, url) for url in dict.fromkeys(urls)]
        for state in (FOUND, UNSEEN):
            for finding in findings:
                if finding.state == state:
                    return finding
        if PLACES[point][0] in self.links:
            return findings[0]
        return Finding(point, MISSING, NO_PAGE)

    def _judge_url(self, point, url):
        page = self.by_url.get(url)
        if not page:
            return Finding(point, UNSEEN, ELSEWHERE, (url,))
        if not page.is_seen:
            return Finding(point, MISSING, BROKEN, (url,), _get_status(page))
        if not page.is_html:
            return Finding(point, UNSEEN, NO_HTML, (url,))
        lacks = getattr(self, f"_list_{point}")(page)
        gaps = ["gaps"] * (GAP in page.content)
        return self._conclude(point, [page], lacks + gaps)

    def _conclude(self, point, pages, lacks):
        urls = tuple(page.url for page in pages)
        if not lacks:
            return Finding(point, FOUND, urls=urls)
        if any(page.is_cut for page in pages):
            return Finding(point, UNSEEN, TOO_LONG, urls)
        return Finding(point, MISSING, LACKS, urls, tuple(lacks))

    def _has(self, name, text):
        return bool(re.search(self.words[name], text))

    def _list_words(self, names, text):
        """Return those of our words that are not in a text."""
        return [name for name in names if not self._has(name, text)]

    def _list_identity(self, page):
        """Return what the page does not say of the company."""
        facts, text = self.facts, page.content
        digits = re.sub(r"\D", "", text)
        number = re.sub(r"\D", "", facts.phone)[-_PHONE_DIGITS:]
        has_phone = _PHONE.search(text) or (number and number in digits)
        postcode = _join(facts.postcode)
        has_postcode = postcode in _join(text) if postcode else _POSTCODE.search(text)
        has = {
            "name": tidy(facts.name) in text,
            "address": has_postcode,
            "email": any(map(_EMAIL.search, (text, *page.contacts))),
            "phone": has_phone or any("tel:" in each for each in page.contacts),
        }
        return [name for name, is_there in has.items() if not is_there]

    def _list_privacy(self, page):
        return [] if "trusted shops" in page.content else ["trusted_shops"]

    def _list_shipping(self, page):
        text = page.content
        has_costs = _AMOUNT.search(text) or self._has("free", text)
        names = "|".join(re.escape(tidy(name)) for name in self.facts.countries)
        has_area = self._has("area", text) or (
            names and re.search(rf"\b(?:{names})\b", text)
        )
        return ["costs"] * (not has_costs) + ["area"] * (not has_area)

    def _list_instructions(self, page):
        names = ("withdrawal", "period")
        return self._list_words(names, page.content)

    def _list_model_form(self, page):
        return self._list_words(("model_form",), page.content)

    def _list_function(self, page):
        return []

    def _judge_payment_methods(self, point):
        """Tell whether a page names a means of payment before the order begins."""
        if not self.facts.methods:
            return Finding(point, MISSING, OFF)
        kinds = (*PLACES[point], "shop", "start")
        linked = chain(*(self.links.get(kind, ()) for kind in kinds))
        pages = [*map(self.by_url.get, linked), *map(self.by_kind.get, kinds)]
        names = [
            rf"{re.escape(tidy(name))}(?!\w)"
            for code, name in self.facts.methods
            if code not in _COMMON_MEANS
        ]
        words = [*names, BRANDS, self.words["means"]]
        pattern = re.compile(rf"\b(?:{'|'.join(words)})")
        for page in filter(None, pages):
            if page.names_payment or pattern.search(page.text):
                return Finding(point, FOUND, urls=(page.url,))
        urls = self.links.get("payment", ())[:1]
        return Finding(point, MISSING, LACKS if urls else NO_PAGE, urls)

    # === PAGES OF THE SHOP === #

    def _judge_price_notes(self, point):
        """Tell whether prices say "incl. VAT", and where shipping costs are."""
        pages = self._get_goods_pages()
        if isinstance(pages, tuple):
            return Finding(point, UNSEEN, *pages)
        names = ("tax", "plus_shipping")
        lacks = {page: self._list_words(names, page.text) for page in pages}
        bad = [page for page in pages if lacks[page]]
        missing = [name for name in names if any(name in lacks[each] for each in bad)]
        return self._conclude(point, bad or pages, missing)

    def _judge_delivery_time(self, point):
        pages = self._get_goods_pages()
        if isinstance(pages, tuple):
            return Finding(point, UNSEEN, *pages)
        lacks = self._list_words(("delivery_time",), pages[0].content)
        return self._conclude(point, pages[:1], lacks)

    def _get_goods_pages(self):
        """Return a product's page and the shop's, or why they cannot be seen."""
        pages = [self.by_kind.get(kind) for kind in ("product", "shop")]
        if not pages[0]:
            return (NO_PRODUCT,)
        for page in filter(None, pages):
            if not page.is_seen:
                cause = LOGIN if page.is_login else DOWN
                return (cause, (page.asked,), _get_status(page))
        return [page for page in pages if page]

    # === THE REST === #

    def _judge_tls(self, point):
        start = self.by_kind["start"]
        pages = [page for page in self.by_url.values() if page.is_seen]
        plain = [page.url for page in pages if not page.url.startswith("https:")]
        if plain:
            return Finding(point, MISSING, PLAIN, tuple(plain[:1]))
        if self.facts.domain.startswith("http:"):
            return Finding(point, MISSING, DOMAIN, (self.facts.domain,))
        return Finding(point, FOUND, urls=(start.url,))

    def _judge_order_button(self, point):
        label = self.facts.order_label
        if not label:
            return Finding(point, MISSING, OFF)
        state = FOUND if self._has("order", tidy(label)) else MISSING
        return Finding(point, state, lacks=(label,) if state == MISSING else ())

    def _judge_confirmation_mail(self, point):
        if self.facts.has_mail:
            return Finding(point, FOUND)
        return Finding(point, MISSING, OFF)

    def _judge_order_page(self, point):
        return Finding(point, UNSEEN, PERSON)

    _judge_texts = _judge_order_page


def _join(text):
    """Return a postcode, or a text that may hold one, without blanks and hyphens."""
    return re.sub(r"[\s-]", "", text).lower()


def _get_status(page):
    """Return what visitors get in place of a page, for people."""
    if page and page.is_login:
        return (LOGIN,)
    return (str(page.status),) if page and page.status else ()
