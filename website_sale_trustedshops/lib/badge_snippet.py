# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Options of the floating badge, read out of a snippet that a merchant pasted.

A snippet of today is a script tag with data attributes, an older one an object
``_tsConfig`` and code that loads the script. Nothing of it is run or kept: what comes
out are values out of fixed lists, and what was not taken.
Source: parser and editor of Trusted Shops' own connector; older shop modules.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree, html

from .js_literal import find_object, find_sources
from .ts_id import normalize_ts_id
from .widget_hosts import LOADER_SITES, WIDGET_SITES

# Characters. The longest snippets of Trusted Shops have about 1500.
MAX_LENGTH = 20_000
# Characters of a name or value that is shown to the person who pasted it.
SHOWN_LENGTH = 60
# Pixels, as Trusted Shops clamps them.
OFFSET_DESKTOP = (-54, 999)
OFFSET_MOBILE = (-10, 999)

# Where Trusted Shops serves the script from. Source: its connector.
LOADER_HOSTS = frozenset(
    urlsplit(site).hostname for site in (*LOADER_SITES.values(), *WIDGET_SITES.values())
) | {"static-app.connect.trustedshops.com", "static-app.connect-qa.trustedshops.com"}

# Why something was not taken.
CLAMPED = "clamped"  # out of range; the nearest value was taken
REPLACED = "replaced"  # no value of the list; Trusted Shops' default was taken
NO_VALUE = "no_value"  # no value of the list; the option stays as it is
NO_OPTION = "no_option"  # known to Trusted Shops, without an option here
UNKNOWN = "unknown"  # no attribute of the badge
FOREIGN_CODE = "foreign_code"  # other tags or scripts around it
NO_ID = "no_id"  # nothing names the certificate

_LEFT_RIGHT = ("left", "right")
_SIDES = ("left", "right", "center")
_SCHEMES = ("light", "dark", "os-default")
# Attribute: option, and what reads it. Negative ones switch something off.
_ATTRIBUTES = {
    "data-desktop-position": ("position_desktop", "choice", _LEFT_RIGHT),
    "data-mobile-position": ("position_mobile", "choice", _SIDES),
    "data-desktop-y-offset": ("offset_desktop", "number", OFFSET_DESKTOP),
    "data-mobile-y-offset": ("offset_mobile", "number", OFFSET_MOBILE),
    "data-desktop-disable-reviews": ("reviews_desktop", "off_switch", None),
    "data-mobile-disable-reviews": ("reviews_mobile", "off_switch", None),
    "data-desktop-enable-fadeout": ("fade_out_desktop", "on_switch", None),
    "data-mobile-enable-fadeout": ("fade_out_mobile", "on_switch", None),
    "data-disable-mobile": ("on_phones", "off_switch", None),
    "data-disable-trustbadge": ("shown", "off_switch", None),
    "data-color-scheme": ("color_scheme", "scheme", _SCHEMES),
}
_VARIANTS = {"reviews": True, "default": False}
# Attributes and keys without an option here, and the value that changes nothing.
_WITHOUT_OPTION = {
    "data-desktop-enable-custom": "false",
    "data-mobile-enable-custom": "false",
    "data-desktop-custom-width": "156",
    "data-mobile-custom-width": "156",
    "data-desktop-custom-opening-direction": "",
    "data-mobile-custom-opening-direction": "",
    "data-mobile-enable-topbar": "false",
    "customElementId": "",
    "trustcardDirection": "",
    "customBadgeWidth": "",
    "customBadgeHeight": "",
    "disableResponsive": "false",
    "trustCardTrigger": "mouseenter",
    "customCheckoutElementId": "",
    "responsive.variant": "default",
}
_KEYS = {
    "yOffset": ("offset_desktop", "number", OFFSET_DESKTOP),
    "disableTrustbadge": ("shown", "off_switch", None),
    "responsive.position": ("position_mobile", "choice", _LEFT_RIGHT),
    "responsive.yOffset": ("offset_mobile", "number", OFFSET_MOBILE),
}
# Attributes of a script tag that say nothing about the badge.
_OF_THE_TAG = {"async", "defer", "src", "charset"}
_HARMLESS_TYPES = {"", "text/javascript", "application/javascript"}
_NUMBER = re.compile(r"\s*([+-]?\d{1,9})(\.\d{1,9})?\s*(px)?\s*")
# What XML cannot carry, and what no snippet has: a tab is the only control it needs.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
# Tags that pages and mails put around a snippet.
_WRAPPERS = {"html", "head", "body", "p", "div", "span", "br", "pre", "code"}


class SnippetError(ValueError):
    """The text is not taken at all.

    :param str reason: ``too_long``, ``no_snippet``, ``unreadable``, ``foreign_host``,
        ``no_loader`` or ``other_id``
    :param str found: what it is about, for example the other id
    """

    def __init__(self, reason, found=""):
        super().__init__(f"{reason}: {found}" if found else reason)
        self.reason = reason
        self.found = shorten(found)


@dataclass(frozen=True)
class Note:
    """Something that was not taken as it was written."""

    reason: str
    name: str = ""
    value: str = ""
    taken: str = ""


@dataclass(frozen=True)
class Snippet:
    """What a snippet says: options by name, and what was not taken."""

    options: dict = field(default_factory=dict)
    notes: tuple = ()


def parse_snippet(text, ts_id, own_hosts=()):
    """Read the options of the badge out of a snippet.

    :param str text: what was pasted
    :param str ts_id: of the certificate
    :param own_hosts: further hosts, with port, from which this certificate's script
        may come: of the sandbox
    :type own_hosts: collection of str
    :rtype: Snippet
    :raise SnippetError: when it is no snippet, or one for another certificate
    """
    if len(text or "") > MAX_LENGTH:
        raise SnippetError("too_long")
    tags, code = _read_markup(_CONTROLS.sub(" ", text or "").strip())
    return _Reader(ts_id, own_hosts).collect(tags, code)


def shorten(text):
    """Return a text short enough to be shown.

    :param str text: of unknown length
    :rtype: str
    """
    text = " ".join(str(text).split())
    return text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 1]}…"


def _read_markup(text):
    """Return the elements of a text, and the code in it.

    :param str text: without control characters
    :rtype: tuple(list, str)
    """
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    try:
        root = html.document_fromstring(text.encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise SnippetError("no_snippet") from error
    tags = [tag for tag in root.iter() if isinstance(tag.tag, str)]
    scripts = [tag for tag in tags if tag.tag == "script"]
    code = "\n".join(tag.text or "" for tag in scripts)
    # Without a script tag it may be code with a "<" in it.
    return tags, code if scripts else text


class _Reader:
    """Collects options and notes of one snippet."""

    def __init__(self, ts_id, own_hosts):
        self.ts_id = ts_id
        self.hosts = LOADER_HOSTS.union(own_hosts)
        self.options = {}
        self.notes = {}
        self.is_id_named = False

    def collect(self, tags, code):
        scripts = [tag for tag in tags if tag.tag == "script"]
        found = [script for script in scripts if self._is_of_badge(script)]
        config = self._read_config(code)
        if not found and config is None:
            raise SnippetError("no_snippet")
        sources = [(script.get("src"), True) for script in found]
        for source, is_whole in sources + find_sources(code):
            if source:
                self._check_source(source, is_whole)
        for script in found:
            self._take_attributes(script)
        for key, value in (config or {}).items():
            self._take_key(key, value)
        self._note_rest(tags, found, config)
        if not self.is_id_named:
            self._note(NO_ID)
        return Snippet(self.options, tuple(self.notes))

    def _is_of_badge(self, script):
        """Tell whether a script tag has an address or options of the badge."""
        return script.get("src") is not None or any(
            name in _ATTRIBUTES or name in _WITHOUT_OPTION for name in script.keys()
        )

    def _read_config(self, code):
        """Return the object ``_tsConfig`` as flat keys, None without one."""
        try:
            config = find_object(code, "_tsConfig")
        except ValueError as error:
            raise SnippetError("unreadable", "_tsConfig") from error
        if config is None:
            return None
        flat = {}
        for key, value in config.items():
            if isinstance(value, dict):
                flat.update({f"{key}.{name}": each for name, each in value.items()})
            else:
                flat[key] = value
        return flat

    # === WHOSE === #

    def _check_source(self, source, is_whole):
        """Refuse a script of another host or another certificate.

        :param str source: address
        :param bool is_whole: whether all of it is known, else it may lack the id
        :raise SnippetError: always in words that name it
        """
        source = source.strip()
        try:
            parts = urlsplit(source if "//" in source else f"//{source}")
            names = {parts.hostname, parts.netloc.rpartition("@")[2].lower()}
            is_ours = parts.scheme in ("", "http", "https") and not parts.username
        except ValueError as error:
            raise SnippetError("foreign_host", source) from error
        if not is_ours or not names & self.hosts:
            raise SnippetError("foreign_host", source)
        try:
            named = normalize_ts_id(parts.path)
        except ValueError as error:
            if not is_whole:
                return
            raise SnippetError("no_loader", source) from error
        if named != self.ts_id:
            raise SnippetError("other_id", named)
        self.is_id_named = True

    # === WHAT IT SAYS === #

    def _take_attributes(self, script):
        for name, value in script.items():
            if name in _OF_THE_TAG:
                continue
            if name == "type" and value.strip().lower() in _HARMLESS_TYPES:
                continue
            self._take(name, value, _ATTRIBUTES)

    def _take_key(self, key, value):
        if key == "variant":
            self._take_variant(str(value))
        else:
            self._take(key, str(value), _KEYS)

    def _take_variant(self, value):
        """Take what was drawn: with stars, without, or nothing at all."""
        if value in _VARIANTS:
            self.options["reviews_desktop"] = _VARIANTS[value]
        elif value == "hide":
            self.options["shown"] = False
        elif value.startswith("custom"):
            self._note(NO_OPTION, "variant", value)
        else:
            self._note(NO_VALUE, "variant", value)

    def _take(self, name, value, table):
        """Take one value by a table, or note why not."""
        if name in table:
            option, kind, allowed = table[name]
            getattr(self, f"_take_{kind}")(option, name, value.strip(), allowed)
        elif name not in _WITHOUT_OPTION:
            self._note(UNKNOWN, name, value)
        elif value.strip() not in ("", _WITHOUT_OPTION[name]):
            self._note(NO_OPTION, name, value)

    def _take_choice(self, option, name, value, allowed):
        if value.lower() in allowed:
            self.options[option] = value.lower()
        elif value:
            self._note(NO_VALUE, name, value)

    def _take_scheme(self, option, name, value, allowed):
        is_known = value.lower() in allowed
        self.options[option] = value.lower() if is_known else "os-default"
        if not is_known:
            self._note(REPLACED, name, value, "os-default")

    def _take_number(self, option, name, value, allowed):
        found = _NUMBER.fullmatch(value)
        if not found:
            if value:
                self._note(NO_VALUE, name, value)
            return
        lowest, highest = allowed
        taken = max(lowest, min(highest, int(found.group(1))))
        self.options[option] = taken
        if taken != int(found.group(1)):
            self._note(CLAMPED, name, value, str(taken))

    def _take_on_switch(self, option, name, value, _allowed):
        if value.lower() in ("true", "false"):
            self.options[option] = value.lower() == "true"
        else:
            self._note(NO_VALUE, name, value)

    def _take_off_switch(self, option, name, value, allowed):
        self._take_on_switch(option, name, value, allowed)
        if value.lower() in ("true", "false"):
            self.options[option] = value.lower() == "false"

    # === WHAT WAS NOT TAKEN === #

    def _note_rest(self, tags, found, config):
        """Note the tags that are no part of a snippet, each once."""
        for tag in tags:
            if tag in found or tag.tag in _WRAPPERS and not tag.attrib:
                continue
            if tag.tag == "script" and config is not None and not tag.get("src"):
                self._note_attributes(tag)
                continue
            self._note(FOREIGN_CODE, f"<{tag.tag}>")

    def _note_attributes(self, script):
        """Note what the tag around the old object carries beside its type."""
        for name, value in script.items():
            is_type = name == "type" and value.strip().lower() in _HARMLESS_TYPES
            if not is_type and name not in _OF_THE_TAG:
                self._note(UNKNOWN, name, value)

    def _note(self, reason, name="", value="", taken=""):
        # A dict keeps the order, and each note once.
        self.notes[Note(reason, shorten(name), shorten(value), taken)] = True
