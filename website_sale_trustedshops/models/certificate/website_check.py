# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Looks at a website as visitors see it, and tells why something does not show.

The user's browser fetches the pages without cookies, so that they are those which
visitors get, even behind a proxy.
"""

import json
import re
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html

from odoo import api, fields, models

from ... import const
from ...lib.blocked_domains import is_blocked, let_pass
from ...lib.links import LOADER_HOSTS
from ..messages import OK, PROBLEM

_TS_ID = re.compile(r"X[0-9A-Z]{32}", re.IGNORECASE)
# The address of the badge's script, and code that builds such an address.
_LOADER = re.compile(r"/js/X[0-9A-Z]{32}\.js", re.IGNORECASE)
_LOADER_CODE = re.compile(rf"\b_tsConfig\s*=|{_LOADER.pattern}", re.IGNORECASE)
_JAVASCRIPT = re.compile(r"^$|^module$|javascript|ecmascript", re.IGNORECASE)
# XPath: hidden in a window of any width.
_GONE = "contains(concat(' ', normalize-space(@class), ' '), ' d-none ')"
# Elements of the layout that a theme may lack. Without the last one, Odoo never asks
# for consent, but the badge waits for it.
_COOKIES_BAR = (
    *("website_cookies_bar", "cookies-consent-all"),
    "cookies-consent-essential",
)
# Classes that hide an element: in a wide window, and in a narrow one.
_HIDDEN = (
    {"o_snippet_desktop_invisible", "d-lg-none", "d-none"},
    {"o_snippet_mobile_invisible", "d-none"},
)


class TrustedShopsCertificate(models.Model):
    """Compares what a website should show with what its visitors get."""

    _inherit = "trustedshops.certificate"

    # === CALLS OF THE BROWSER === #
    def start_website_check(self):
        """Begin a website check: list findings, and the pages to fetch.

        :return: ``website`` (``name``, ``url``), ``findings`` about the settings (see
            ``_prepare_finding``) and ``pages``, one a language: ``lang``,
            ``lang_name``, ``path`` of the start page, paths of ``more`` pages
        :rtype: dict
        :raise AccessError: when the user may not change the certificate
        """
        self.ensure_one()
        self.check_access("write")
        website_sudo = self.sudo().website_id
        url = (website_sudo.domain or "").rstrip("/")
        visited, pages = website_sudo.with_user(website_sudo.user_id).sudo(), []
        for lang in website_sudo.language_ids:
            paths = self._list_more_paths(visited.with_context(lang=lang.code))
            prefix = website_sudo._trustedshops_get_lang_path(lang)
            pages.append(
                {
                    "lang": lang.code.replace("_", "-"),
                    "lang_name": lang.name,
                    "path": prefix or "/",
                    "more": [prefix + path for path in paths],
                }
            )
        return {
            "website": {"name": website_sudo.name, "url": url},
            "findings": list(self.sudo()._list_settings_findings()),
            "pages": pages,
        }

    def check_page(self, lang, page):
        """Return the findings about a page of the website that a browser fetched.

        :param str lang: language of one of the ``pages`` of :meth:`start_website_check`
        :param dict page: ``is_start``, the ``path`` that was asked for, the ``url``
            after redirects, ``status`` (0 without an answer), ``html``, and ``is_html``
            (False for another kind of file)
        :return: see ``_prepare_finding``; at least one
        :rtype: list[dict]
        :raise AccessError: when the user may not change the certificate
        """
        self.ensure_one()
        self.check_access("write")
        self_sudo = self.sudo()
        langs = self_sudo.website_id.language_ids
        [lang] = [each for each in langs if each.code.replace("_", "-") == lang]
        if seen := _check_answer(page):
            return [self._prepare_page_finding("page", *seen)]
        root = _parse(page["html"])
        if root.get("data-website-id") != str(self_sudo.website_id.id):
            return [self._prepare_page_finding("page", "page_other")]
        return list(self_sudo._check_page(root, page, lang)) or [
            self._prepare_page_finding("page", "page_good")
        ]

    def update_website_check(self, is_badge_seen):
        """Store the result of a website check for all certificates of the website.

        A good one ends their to-do, a bad one opens it again.

        :param bool is_badge_seen: whether visitors get the badge, and nothing is wrong
        :raise AccessError: when the user may not change the certificate
        """
        self.ensure_one()
        self.check_access("write")
        checked_at = is_badge_seen and fields.Datetime.now()
        self._get_website_certificates().sudo().website_checked_at = checked_at

    # === WHAT OTHER ADDONS ADD TO === #
    def _list_settings_findings(self):
        """Yield the findings about the settings of the website, called in sudo.

        To be extended.
        """
        yield from self._get_match_findings()
        website, field = self.website_id, self._fields["badge_consent"]
        modes = dict(field._description_selection(self.env))
        mode = f"{field._description_string(self.env)}: {modes[self.badge_consent]}"
        is_always = self.badge_consent == "always"
        code = "consent_always" if is_always else "consent_no_bar"
        if is_always != website.cookies_bar:
            code = "consent_good"
        yield self._prepare_page_finding("consent", code, {"mode": mode})
        domains = (website.blocked_third_party_domains or "").split("\n")
        passing = let_pass(domains, self._get_script_hosts(is_ordered=True))
        is_blocking = website.cookies_bar and website.block_third_party_domains
        is_stopped = self.badge_consent != "consent" and is_blocked(
            urlsplit(self._get_loader_url()).netloc, passing
        )
        code = "domains_bad" if is_blocking and is_stopped else "domains_good"
        yield self._prepare_page_finding("domains", code)

    @api.model
    def _list_more_paths(self, website_sudo):
        """Return the paths of pages to check besides the start page. To be extended.

        :param website_sudo: record of ``website`` with the user for visitors, in the
            language of the page
        :return: without the language; each begins with a slash
        :rtype: list[str]
        """
        return []

    def _check_page(self, root, page, lang):
        """Yield the findings about a page, called in sudo. To be extended.

        Which certificate serves, seal, badge, scripts and the order button are checked
        on start pages only.

        :param root: the page, as an element of lxml
        :param dict page: see :meth:`check_page`
        :param lang: record of ``res.lang``
        """
        seen = {"language": _check_language(root, lang)}
        if page["is_start"]:
            website = self.website_id.with_user(self.website_id.user_id).sudo()
            website = website.with_context(lang=lang.code)
            serving = self.browse(website._trustedshops_get_certificate().id)
            if finding := serving._check_choice(website, lang):
                yield finding
            display = website._trustedshops_get_display()
            hosts = LOADER_HOSTS | {urlsplit(self._get_loader_url()).netloc}
            seen |= {
                "seal": _check_seal(root, serving, display),
                "badge": _check_badge(root, serving, display),
                "other_loader": _check_scripts(root, website.domain, hosts),
                "elements": _check_elements(root, website, display),
                "order_words": _check_order_button(website),
            }
        for cause, found in seen.items():
            if found:
                yield self._prepare_page_finding(cause, *found)
        for cause, found in (
            ("seals", _check_seals(root)),
            ("widgets", _check_widgets(root)),
        ):
            if found:
                yield self._prepare_page_finding(cause, *found, page)

    def _prepare_page_finding(self, cause, code, words=None, page=None):
        """Return a finding of the website check.

        :param str cause: key of the part of page or settings that it is about
        :param str code: code of the message
        :param words: values in the sentence
        :type words: dict or None
        :param page: the page whose editor is linked, see :meth:`check_page`
        :type page: dict or None
        :return: see ``_prepare_finding``
        :rtype: dict
        """
        links = []
        if page:
            query = urlencode({"path": page["path"], "enable_editor": 1})
            url = f"/odoo/action-website.website_preview?{query}"
            links = [{"text": self.env._("Edit the page"), "url": url}]
        finding = self._prepare_finding(code, links=links, **(words or {}))
        return {**finding, "cause": cause}

    # === WHICH CERTIFICATE SERVES === #
    def _check_choice(self, website, lang):
        """Return the finding about the certificate that serves a language.

        Call it on that certificate, or on an empty recordset if none serves.

        :param website: record of ``website``
        :param lang: record of ``res.lang``
        :return: see ``_prepare_finding``; None when all is well
        :rtype: dict or None
        """
        certificates = self.search([("website_id", "=", website.id)])
        others = certificates.filtered(lambda each: each._is_for_lang(lang.id)) - self
        idle = others.filtered("lang_id") or (self.browse() if self else others)
        idle = idle[:1]  # several may share a place, as long as none serves there
        choice = self._check_serving(idle, others)
        if not idle:
            return choice
        reasons = [*idle._get_state_findings(), *idle._get_match_findings()]
        if idle.mode == "disabled":  # a mismatch is worse
            reasons.insert(0, idle._get_mode_finding())
        # The first problem, else the first finding that is not good: an unknown match
        # keeps no certificate from serving.
        worst = min(
            reasons,
            key=lambda each: (each["level"] == OK) - (each["level"] == PROBLEM),
        )
        code = "page_idle_bad" if idle._get_rank() is None else "page_idle"
        words = {"ts_id": idle.ts_id, "reason": worst["text"]}
        finding = self._prepare_page_finding("certificate", code, words)
        return {**finding, "text": f"{finding['text']} {choice['text']}"}

    def _check_serving(self, idle, others):
        """Return the finding about the certificate that serves, or about none.

        Call it on the serving certificate, or on an empty recordset. It is a finding if
        ``idle`` should serve instead, if not everybody sees it, or if one of ``others``
        of the same rank offers more protection.

        :param idle: the certificate that should serve instead, empty if none should
        :param others: other certificates of the website that could serve
        :return: see ``_prepare_finding``; None when all is well
        :rtype: dict or None
        """
        if not self:
            return self._prepare_page_finding("certificate", "page_unserved")
        cause, name = "certificate", self.display_name
        if idle:
            words = {"certificate": name}
            return self._prepare_page_finding(cause, "page_served_by", words)
        if not self._is_shown_to_everybody() and (mode := self._get_mode_finding()):
            return {**mode, "cause": "certificate"}
        protection, rank = const.MODEL_RANK, self._get_rank()
        for other in others.filtered(lambda each: each._get_rank() == rank):
            if protection[other.protection_model] > protection[self.protection_model]:
                words = {"certificate": name, "other": other.display_name}
                return self._prepare_page_finding(cause, "page_served_worse", words)
        return None


# === WHAT A PAGE SHOWS: EACH RETURNS A MESSAGE AND ITS VALUES, OR NONE === #
def _check_answer(page):
    """Return the code and values of the message about a page that failed to load.

    :return: None for a page that visitors get
    :rtype: tuple[str, dict] or None
    """
    if not page["status"]:
        return "page_silent", {}
    if "/web/login" in urlsplit(page["url"]).path:
        return "page_login", {}
    if page["status"] != 200:
        return "page_broken", {"status": page["status"]}
    return None if page["is_html"] else ("page_no_html", {})


def _check_language(root, lang):
    """Return the code and values of the message about a page in another language.

    :return: None for a page in this language
    :rtype: tuple[str, dict] or None
    """
    found = root.get("lang") or ""
    if found == lang.code.replace("_", "-"):
        return None
    return "page_lang", {"asked": lang.name, "lang": _shorten(found)}


def _check_seal(root, serving, display):
    """Return the code and values of the message about the seal of the page.

    :param serving: certificate of the language, empty without one
    :param dict display: what pages show of it, see ``_get_display``
    :return: None when there is nothing to say
    :rtype: tuple[str, dict] or None
    """
    seals = root.find_class("o_trustedshops_seal")
    sources = [(seal.xpath(".//a/@href") or [""])[0] for seal in seals]
    key, words = _check_part(serving, sources, display["seal"], serving.seal_shown)
    if key == "part_shown" and seals[0].xpath(f"ancestor-or-self::*[{_GONE}]"):
        key = "seal_footer"
    elif key == "part_shown" and _find_blocks(root):
        key = "part_block"
    return key and (key, {"part": serving.env._("Seal"), **words})


def _check_badge(root, serving, display):
    """Return the code and values of the message about the badge of the page.

    :param serving: certificate of the language, empty without one
    :param dict display: what pages show of it, see ``_get_display``
    :return: None when there is nothing to say
    :rtype: tuple[str, dict] or None
    """
    settings = root.xpath("//head/meta[@name='trustedshops']/@content")
    found = [json.loads(each).get("src") for each in settings]
    sources = [source for source in found if source is not None]
    loader = display["badge"].get("src", "")
    # The loader has other uses besides the badge.
    key, words = _check_part(serving, sources, loader, True)
    if key == "part_shown" and sources[0] != loader:
        key, words = "badge_address", {"found": _shorten(sources[0])}
    elif key == "part_shown" and not serving.badge_shown:
        key = "part_off"
    elif key == "part_shown" and display["seal"] and _find_blocks(root):
        key = "part_block"
    return key and (key, {"part": "Trustbadge", **words})


def _check_part(serving, sources, is_expected, is_on):
    """Return the code and values of the message about seal or badge.

    :param serving: certificate of the language, empty without one
    :param list sources: addresses of the seals or badges in the page
    :param is_expected: values or address of what the page should have, empty for
        nothing
    :param bool is_on: whether the certificate shows it
    :return: the code is None when there is nothing to say
    :rtype: tuple
    """
    if sources and not is_expected:
        return "part_unexpected", {}
    if not is_expected:
        return ("part_absent" if is_on else "part_off") if serving else None, {}
    if not sources:
        return "part_missing", {}
    match = _TS_ID.search(sources[0])
    found = match[0].upper() if match else "–"
    key = "part_shown" if found == serving.ts_id else "part_other_id"
    return key, {"found": found, "expected": serving.ts_id}


def _check_elements(root, website, display):
    """Return the code and values of the message about an element that a theme lacks.

    :return: None when all are there that badge and consent need
    :rtype: tuple[str, dict] or None
    """
    needed = ("wrapwrap",) if display["badge"].get("src") else ()
    needed += _COOKIES_BAR if website.cookies_bar else ()
    for each in needed:
        if not root.xpath("//*[@id=$id]", id=each):
            return "element", {"element": each}
    return None


def _check_order_button(website):
    """Return the code and values of the message about the words of the order button.

    :return: None when the website does not use them
    :rtype: tuple[str, dict] or None
    """
    if not website.trustedshops_order_button:
        return None
    words = website._trustedshops_get_order_words()
    return "order_words" if words else "order_words_none", {"words": words}


def _check_scripts(root, domain, hosts):
    """Return the code and values of the message about other scripts with a badge.

    :param str domain: domain of the website, the base of relative addresses
    :param set hosts: hosts from which scripts of Trusted Shops come
    :return: ``loader_none`` when there is none
    :rtype: tuple[str, dict]
    """
    scripts = root.xpath("//script[not(ancestor::noscript)]")
    base = domain or "https:"
    loaders = (_describe_loader(script, base, hosts) for script in scripts)
    if found := next(filter(None, loaders), ""):
        return "loader", {"found": found}
    return "loader_none", {}


def _check_seals(root):
    """Return the code and values of the message about more than one visible seal.

    A block hides the seal of the footer. A picture with a link to a certificate counts
    as a pasted seal.

    :return: None for one seal at most
    :rtype: tuple[str, dict] or None
    """
    own = root.find_class("o_trustedshops_seal")
    images = root.xpath("//a[contains(@href, '/shop/certificate.php')]//img")
    pasted = [each for each in images if not {*own} & {*each.iterancestors()}]
    count = _count_shown((_find_blocks(root) or own) + pasted)
    return ("seals", {"count": count}) if count > 1 else None


def _check_widgets(root):
    """Return the code and values of the message about widgets that are there twice.

    Different widgets that are visible at once also count, because they may show the
    same reviews.

    :return: None for one visible widget at most
    :rtype: tuple[str, dict] or None
    """
    widgets = root.xpath(
        "//*[contains(@class, 's_trustedshops_')][@data-widget-id] | //etrusted-widget"
    )
    by_id = {}
    for widget in widgets:
        by_id.setdefault(_get_widget_id(widget), []).append(widget)
    for own_id, same in by_id.items():
        if _count_shown(same) > 1:
            return "widget_twice", {"widget": _shorten(own_id)}
    count = _count_shown(widgets)
    return ("widgets", {"count": count}) if count > 1 else None


# === READING A PAGE === #
def _parse(source):
    """Return a page as an element of lxml, without running or loading anything."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True)
    return html.document_fromstring(source.encode(errors="replace"), parser=parser)


def _shorten(text):
    """Return a text of a page as one line of at most 80 characters."""
    line = " ".join(text.split())
    return f"{line[:79]}…" if len(line) > 80 else line


def _find_blocks(root):
    """Return the badge blocks of a page that show a seal."""
    blocks = root.find_class("s_trustedshops_badge")
    return [each for each in blocks if each.get("data-variant") != "text"]


def _count_shown(elements):
    """Return how many elements are visible at once, in a wide or a narrow window."""
    return max(
        sum(not _is_hidden(element, hidden) for element in elements)
        for hidden in _HIDDEN
    )


def _is_hidden(element, hidden):
    """Return True if an element, or one around it, has a class that hides it.

    :param set hidden: classes that hide an element in a window of one width
    """
    for each in (element, *element.iterancestors()):
        names = set((each.get("class") or "").split()) & hidden
        is_wide = re.search(r"(?:^|\s)d-(?:lg|md)-(?!none)", each.get("class") or "")
        if names - {"d-none"} or (names and not ("d-lg-none" in hidden and is_wide)):
            return True
    return False


def _get_widget_id(widget):
    """Return the ID of a widget, with the SKU of its product if it has one."""
    own = widget.get("data-widget-id") or widget.get("data-etrusted-widget-id")
    return " · ".join(filter(None, (own, widget.get("data-sku"))))


def _describe_loader(script, base, hosts):
    """Return the address or code by which a script loads a badge.

    :param script: element of lxml
    :param str base: address of the website
    :param set hosts: hosts from which scripts of Trusted Shops come
    :return: '' when it loads none
    :rtype: str
    """
    if source := script.get("data-nocookie-src") or script.get("src"):
        return _shorten(source) if _is_loader(source, base, hosts) else ""
    is_code = _JAVASCRIPT.search(script.get("type") or "")
    code = (script.text or "") if is_code else ""
    found = _LOADER_CODE.search(code)
    return _shorten(code[found.start() :]) if found else ""


def _is_loader(source, base, hosts):
    """Return a true value if an address is that of a badge's script."""
    try:
        url = urlsplit(urljoin(base, source))
        own = {url.hostname, url.netloc}
    except ValueError:  # brackets in a text that is not an address
        return False
    return _LOADER.search(url.path) and not hosts.isdisjoint(own)
