# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rules about one page: seal, badge, duplicates. See also :mod:`.inspection`.

The website check passes the facts to them.
"""

import json
import re
from urllib.parse import urljoin, urlsplit

from .inspection import Seen, rule


def has_class(name):
    """Return the condition of XPath that an element has a class.

    :param str name: of the class
    :rtype: str
    """
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


_SEAL = f"//*[{has_class('o_trustedshops_seal')}]"
_BLOCK = f"//*[{has_class('s_trustedshops_badge')}][not(@data-variant='text')]"
# A pasted picture with a link to a certificate.
_PASTED_SEAL = (
    "//a[contains(@href, '/shop/certificate.php')]//img[not(ancestor::*"
    f"[{has_class('o_trustedshops_seal')}])]"
)
# Widgets with reviews: in one of our blocks, or pasted.
_WIDGETS = (
    "//*[contains(@class, 's_trustedshops_')][@data-widget-id] | //etrusted-widget"
)
# The settings that our scripts read.
_SETTINGS = "//head/meta[@name='trustedshops']/@content"
# Elements that a theme may lack. Without the last one, Odoo never asks for consent, but
# the badge waits for it.
_COOKIES_BAR = (
    "#website_cookies_bar",
    "#website_cookies_bar #cookies-consent-all",
    "#website_cookies_bar #cookies-consent-essential",
)
_TS_ID = re.compile(r"X[0-9A-Z]{32}", re.IGNORECASE)
# The address of the badge's script, and code that builds such an address.
_LOADER_PATH = re.compile(r"/js/X[0-9A-Z]{32}\.js", re.IGNORECASE)
_LOADER_CODE = re.compile(r"\b_tsConfig\s*=|/js/X[0-9A-Z]{32}\.js", re.IGNORECASE)
_JAVASCRIPT = re.compile(r"^$|^module$|javascript|ecmascript", re.IGNORECASE)
# Classes that hide an element: in a wide window, and in a narrow one.
_HIDDEN = (
    {"o_snippet_desktop_invisible", "d-lg-none", "d-none"},
    {"o_snippet_mobile_invisible", "d-none"},
)


def _shorten(text):
    """Return a text of a page in one line of at most 80 characters."""
    line = " ".join(text.split())
    return f"{line[:79]}…" if len(line) > 80 else line


@rule
def see_language(inspection, _criterion):
    """Check that the website answers in the language that was asked for."""
    lang, facts = inspection.page.root.get("lang") or "", inspection.facts
    if lang == facts["lang"]:
        return None
    return Seen("problem", values={"asked": facts["lang_name"], "lang": _shorten(lang)})


@rule
def see_choice(inspection, _criterion):
    """Tell which certificate serves the language, if that is not obvious."""
    choice = inspection.facts["certificate"]
    return choice and Seen(choice["level"], values=choice)


# === SEAL AND BADGE === #


@rule
def see_seal(inspection, _criterion):
    """Check that a page has the right seal."""
    facts, seals = inspection.facts, inspection.page.root.xpath(_SEAL)
    sources = [(seal.xpath(".//a/@href") or [""])[0] for seal in seals]
    seen = _see_part(inspection, facts["seal"], facts["seal_shown"], sources)
    is_there = seen and seen.cause in ("ok", "block")
    if is_there and seals[0].xpath(f"ancestor-or-self::*[{has_class('d-none')}]"):
        return Seen("footer")
    return seen


@rule
def see_badge(inspection, _criterion):
    """Check that a page has the right badge."""
    facts, settings = inspection.facts, inspection.page.root.xpath(_SETTINGS)
    found = [json.loads(each).get("src") for each in settings]
    sources = [source for source in found if source is not None]
    # The loader has other uses besides the badge.
    seen = _see_part(inspection, facts["loader"], True, sources)
    if not seen or seen.cause not in ("ok", "block"):
        return seen
    if sources[0] != facts["loader"]:
        return Seen("address", values={"found": _shorten(sources[0])})
    return seen if facts["badge_shown"] else Seen("off")


def _see_part(inspection, is_expected, is_on, sources):
    """Check whether a page has a seal or badge, and whether it should.

    :param sources: addresses of the seal or badge in the page, may be empty
    :return: None if the language has no certificate: another rule reports that
    """
    ts_id = inspection.facts["ts_id"]
    if not is_expected:
        if sources:
            return Seen("unexpected")
        return Seen("absent" if is_on else "off") if ts_id else None
    if not sources:
        return Seen("missing")
    match = _TS_ID.search(sources[0])
    found = match[0].upper() if match else "–"
    if found != ts_id:
        return Seen("other_id", values={"found": found, "expected": ts_id})
    has_block = inspection.facts["seal"] and inspection.page.root.xpath(_BLOCK)
    return Seen("block") if has_block else Seen(values={"found": found})


@rule
def see_elements(inspection, _criterion):
    """Check that the theme has the elements of the layout that the badge needs."""
    needed = ("#wrapwrap",) if inspection.facts["loader"] else ()
    needed += _COOKIES_BAR if inspection.facts["cookies_bar"] else ()
    for selector in needed:
        path = re.sub(r"#([\w-]+) ?", r"//*[@id='\1']", selector)
        if not inspection.page.root.xpath(path):
            return Seen("problem", values={"selector": selector})
    return None


# === DUPLICATES === #


@rule
def see_seals(inspection, _criterion):
    """Check that visitors see only one seal; a block hides the seal of the footer."""
    find = inspection.page.root.xpath
    count = _count_shown((find(_BLOCK) or find(_SEAL)) + find(_PASTED_SEAL))
    return Seen("problem", values={"count": count}) if count > 1 else None


@rule
def see_widgets(inspection, _criterion):
    """Check that no widget is there twice, and point out several different ones."""
    widgets = inspection.page.root.xpath(_WIDGETS)
    by_id = {}
    for widget in widgets:
        by_id.setdefault(_get_widget_id(widget), []).append(widget)
    twice = [key for key, same in by_id.items() if _count_shown(same) > 1]
    if twice:
        return Seen("problem", values={"widget": _shorten(twice[0])})
    count = _count_shown(widgets)
    return Seen("hint", values={"count": count}) if count > 1 else None


def _get_widget_id(widget):
    own = widget.get("data-widget-id") or widget.get("data-etrusted-widget-id")
    return " · ".join(filter(None, (own, widget.get("data-sku"))))


def _count_shown(elements):
    """Return the highest number of elements that a wide or a narrow window shows."""
    return max(
        sum(not _is_hidden(element, hidden) for element in elements)
        for hidden in _HIDDEN
    )


def _is_hidden(element, hidden):
    """Return whether one of the classes hides an element or one around it."""
    for each in (element, *element.iterancestors()):
        names = set((each.get("class") or "").split()) & hidden
        is_wide = re.search(r"(?:^|\s)d-(?:lg|md)-(?!none)", each.get("class") or "")
        if names - {"d-none"} or (names and not ("d-lg-none" in hidden and is_wide)):
            return True
    return False


# === OTHER LOADERS === #


@rule
def see_loaders(inspection, _criterion):
    """Check that nothing else on the page loads a badge."""
    scripts = inspection.page.root.xpath("//script[not(ancestor::noscript)]")
    loaders = (_describe_loader(script, inspection.facts) for script in scripts)
    found = next(filter(None, loaders), "")
    return Seen("problem", values={"found": found}) if found else Seen()


def _describe_loader(script, facts):
    """Return the address or code by which a script loads a badge, '' if it does not."""
    if source := script.get("data-nocookie-src") or script.get("src"):
        return _shorten(source) if _is_loader(source, facts) else ""
    is_code = _JAVASCRIPT.search(script.get("type") or "")
    code = (script.text or "") if is_code else ""
    found = _LOADER_CODE.search(code)
    return _shorten(code[found.start() :]) if found else ""


def _is_loader(source, facts):
    try:
        url = urlsplit(urljoin(facts["url"] or "https:", source))
        hosts = {url.hostname, url.netloc}
    except ValueError:  # brackets in a text that is no address
        return False
    return _LOADER_PATH.search(url.path) and not hosts.isdisjoint(facts["loader_hosts"])


# === SETTINGS === #


@rule
def see_consent(inspection, _criterion):
    """Tell when the badge loads, and whether the setting can take effect."""
    facts = inspection.facts
    is_always = facts["is_always_loaded"]
    cause = "always" if is_always else "no_bar"
    is_kept = is_always != facts["cookies_bar"]
    return Seen("ok" if is_kept else cause, values={"mode": facts["consent_text"]})


@rule
def see_domains(inspection, _criterion):
    """Check that the website's list of blocked domains lets the badge pass."""
    return Seen("problem" if inspection.facts["stops_badge"] else "ok")
