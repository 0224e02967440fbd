# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reads what a visitor sees of a page of the shop: text and links."""

import re
from copy import deepcopy
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

# Read at most this many characters of a page. The longest ones have some 500 000.
MAX_LENGTH = 1_000_000

# Odoo's block with the means of payment, which a script fills.
_PAYMENT_BLOCK = "//*[contains(@class, 's_supported_payment_methods')]"
_UNSEEN_TAGS = ("script", "style", "template", "noscript", "svg", "head", "iframe")
# Classes of Bootstrap's dialogs, and of elements that it hides in every window.
_HIDDEN_CLASSES = {"d-none", "modal", "o_hidden", "invisible"}
_SHOWN = re.compile(r"d-(?:sm|md|lg|xl|xxl)-(?!none)")
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_BLOCKS = (
    "address article br button dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6"
    " header hr li main nav ol option p section table td th tr ul"
).split()


@dataclass(frozen=True)
class Link:
    """One link or button.

    :param text: in small letters, with single blanks
    :param url: absolute; empty for a button
    """

    text: str
    url: str


@dataclass(frozen=True)
class Page:
    """One page as a visitor gets it.

    :param kind: ``start``, ``shop``, ``product``, or a kind of page from
        :mod:`.shop_words`
    :param asked: the address that was asked for
    :param url: the address after redirects
    :param status: of HTTP; 0 when there was no answer
    :param text: visible, in small letters, with single blanks
    :param content: the same without menu and footer
    :param contacts: tuple of the e-mail and telephone links in the content
    :param links: tuple of :class:`Link`, all of them
    :param website_id: id of the website in Odoo, 0 for other websites
    :param names_payment: whether a block of Odoo shows the payment methods
    :param is_cut: whether only its beginning was read
    :param is_html: whether it is a page that can be read, not a PDF
    :param root: element of lxml, with invisible parts; None without a page
    """

    kind: str
    asked: str
    url: str
    status: int
    text: str = ""
    content: str = ""
    contacts: tuple = ()
    links: tuple = ()
    website_id: int = 0
    names_payment: bool = False
    is_cut: bool = False
    is_html: bool = True
    root: object = field(default=None, compare=False, repr=False)

    @property
    def is_login(self):
        """Return whether visitors get the login page instead."""
        return "/web/login" in urlsplit(self.url).path

    @property
    def is_seen(self):
        """Return whether visitors get the page."""
        return self.status == 200 and not self.is_login


def read_page(kind, asked, url, status, source="", is_cut=False, is_html=True):
    """Return what a visitor sees of a page.

    :param str kind: see :class:`Page`
    :param str asked: the address that was asked for
    :param str url: the address after redirects
    :param int status: of HTTP; 0 when there was no answer
    :param str source: HTML; nothing in it is run or loaded
    :param bool is_cut: whether the browser sent its beginning only
    :param bool is_html: whether the answer said that it is a page of HTML
    :rtype: Page
    """
    root = _parse(source[:MAX_LENGTH]) if status == 200 and is_html else None
    if root is None:
        return Page(kind, asked, url, status, is_html=is_html)
    number = root.get("data-website-id") or ""
    whole = deepcopy(root)
    _drop_unseen(root)
    content = next(root.iter("main"), root)
    return Page(
        kind,
        asked,
        url,
        status,
        tidy(_get_text(root)),
        tidy(_get_text(content)),
        tuple(content.xpath(".//a[starts-with(@href, 'mailto:')]/@href"))
        + tuple(content.xpath(".//a[starts-with(@href, 'tel:')]/@href")),
        tuple(_get_links(root, url)),
        int(number) if number.isdecimal() else 0,
        bool(root.xpath(_PAYMENT_BLOCK)),
        is_cut or len(source) > MAX_LENGTH,
        root=whole,
    )


def tidy(text):
    """Return a text in small letters, with single blanks.

    :param text: str or None
    :rtype: str
    """
    return " ".join((text or "").replace("\u00ad", "").lower().split())


def _parse(source):
    """Return the root of a page, None when the page is empty."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    clean = source.replace("\x00", "").encode(errors="replace")
    try:
        return html.document_fromstring(clean, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _drop_unseen(root):
    """Remove from a page what no visitor sees, in a window of any width."""
    for element in list(root.iter(etree.Element)):
        is_unseen = element.tag in _UNSEEN_TAGS or _is_hidden(element)
        if is_unseen and element.getparent() is not None:
            element.drop_tree()


def _is_hidden(element):
    classes = element.get("class") or ""
    return (
        element.get("hidden") is not None
        or element.get("type") == "hidden"
        or bool(_INVISIBLE.search(element.get("style") or ""))
        or (
            not _HIDDEN_CLASSES.isdisjoint(classes.split())
            and not _SHOWN.search(classes)
        )
    )


def _get_text(element):
    """Return the text of an element and its pictures, with blanks around blocks."""
    parts = []
    for event, each in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            parts += [_get_break(each), _get_alt(each), each.text or ""]
        else:
            parts += [_get_break(each), each is not element and each.tail or ""]
    return "".join(parts)


def _get_break(element):
    return " " if element.tag in _BLOCKS else ""


def _get_alt(element):
    return f" {element.get('alt')} " if element.get("alt") else ""


def _get_links(root, base):
    """Yield links and buttons with their text, or the text for screen readers."""
    for element in root.iter("a", "button"):
        title = element.get("aria-label") or element.get("title")
        text = tidy(_get_text(element)) or tidy(title)
        address = (element.get("href") or "").strip()
        try:
            url = urljoin(base, address) if address else ""
            urlsplit(url)
        except ValueError:  # brackets in a text that is no address
            continue
        yield Link(text, url)
