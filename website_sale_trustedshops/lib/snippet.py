# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reads options of the Trustbadge from a snippet that a merchant pasted.

A snippet is a script tag with data attributes. We neither run nor keep it: the
result has only values from fixed lists, and notes about parts that were not taken.
Source: parser and editor of Trusted Shops' own connector.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree, html

from .links import LOADER_HOSTS
from .ts_id import normalize_ts_id

# Characters. The longest snippets of Trusted Shops have about 1500.
MAX_LENGTH = 20_000
# Characters of a name or value that the user sees.
SHOWN_LENGTH = 60

# Pixels, as Trusted Shops clamps them.
OFFSETS_DESKTOP = range(-54, 1000)
OFFSETS_MOBILE = range(-10, 1000)

# Why something was not taken.
CLAMPED = "clamped"  # out of range; the nearest value was taken
NO_VALUE = "no_value"  # no value of the list; the option stays as it is
NO_OPTION = "no_option"  # there is no such option here
FOREIGN_CODE = "foreign_code"  # other tags or scripts around it

_ON = {"true": True, "false": False}
_OFF = {"true": False, "false": True}
# By attribute: the option, and its values by text, or as a range of pixels.
ATTRIBUTES = {
    "data-desktop-position": ("position_desktop", {"left": "left", "right": "right"}),
    "data-mobile-position": (
        "position_mobile",
        {"left": "left", "right": "right", "center": "center"},
    ),
    "data-desktop-y-offset": ("offset_desktop", OFFSETS_DESKTOP),
    "data-mobile-y-offset": ("offset_mobile", OFFSETS_MOBILE),
    "data-desktop-disable-reviews": ("reviews_desktop", _OFF),
    "data-mobile-disable-reviews": ("reviews_mobile", _OFF),
    "data-desktop-enable-fadeout": ("fade_out_desktop", _ON),
    "data-mobile-enable-fadeout": ("fade_out_mobile", _ON),
    "data-disable-mobile": ("on_phones", _OFF),
    "data-disable-trustbadge": ("shown", _OFF),
    "data-color-scheme": (
        "color_scheme",
        {"light": "light", "dark": "dark", "os-default": "os-default"},
    ),
}
# Attributes of the badge that have no option here, with values that change nothing.
_WITHOUT_OPTION = {
    "data-desktop-enable-custom": ("", "false"),
    "data-mobile-enable-custom": ("", "false"),
    "data-desktop-custom-width": ("", "156"),
    "data-mobile-custom-width": ("", "156"),
    "data-desktop-custom-opening-direction": ("",),
    "data-mobile-custom-opening-direction": ("",),
    "data-mobile-enable-topbar": ("", "false"),
}
# Attributes of a script tag that are not about the badge.
_OF_THE_TAG = {"async", "defer", "src", "charset"}
_HARMLESS_TYPES = {"", "text/javascript", "application/javascript"}
_NUMBER = re.compile(r"([+-]?\d{1,9})(\.\d{1,9})?\s*(px)?")
# Widgets have ids of their own, in an element beside a script.
_WIDGET_ID = re.compile(
    r"wdg-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f-])", re.IGNORECASE
)
# Characters that XML cannot contain, or that no snippet needs.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
# Tags that pages and mails put around a snippet.
_WRAPPERS = {"html", "head", "body", "p", "div", "span", "br", "pre", "code"}


class SnippetError(ValueError):
    """The text is refused.

    :param str reason: ``too_long``, ``no_snippet``, ``outdated``, ``foreign_host``,
        ``no_loader`` or ``other_id``
    :param str found: part of the text, for example the other id
    """

    def __init__(self, reason, found=""):
        super().__init__(f"{reason}: {found}" if found else reason)
        self.reason = reason
        self.found = _shorten(found)


@dataclass(frozen=True)
class Note:
    """Names a part of the snippet that was not taken as written.

    :param str reason: one of the constants of this module
    :param str name: attribute, or tag
    :param str value: what was written
    :param str taken: what was taken in its place, if anything was
    """

    reason: str
    name: str
    value: str = ""
    taken: str = ""


@dataclass(frozen=True)
class Snippet:
    """The content of a snippet.

    :param dict options: values by name of the option
    :param notes: what was not taken
    :type notes: tuple of Note
    """

    options: dict
    notes: tuple


def parse_snippet(text, ts_id, own_hosts=()):
    """Read the options of the badge from a snippet.

    :param text: what was pasted
    :type text: str or None
    :param str ts_id: of the certificate
    :param own_hosts: further hosts, with port, from which this certificate's script
        may come: those of the sandbox
    :type own_hosts: collection of str
    :rtype: Snippet
    :raise SnippetError: when it is no snippet, or one for another certificate
    """
    text = text or ""
    if len(text) > MAX_LENGTH:
        raise SnippetError("too_long")
    tags = _find_tags(_CONTROLS.sub(" ", text).strip())
    scripts = [tag for tag in tags if tag.tag == "script" and tag.get("src")]
    if not scripts:
        # Until a few years ago snippets were code with an object of this name.
        raise SnippetError("outdated" if "_tsConfig" in text else "no_snippet")
    options, notes = {}, []
    for script in scripts:
        _check_source(script.get("src").strip(), ts_id, LOADER_HOSTS.union(own_hosts))
        for name, value in script.items():
            notes.append(_take(name, value.strip(), options))
    for tag in tags:
        if tag not in scripts and (tag.tag not in _WRAPPERS or tag.attrib):
            notes.append(Note(FOREIGN_CODE, _shorten(f"<{tag.tag}>")))
    # Keep each note once, in order.
    return Snippet(options, tuple(dict.fromkeys(filter(None, notes))))


def find_widget_id(text):
    """Return the id of the one widget that a text names.

    :param str text: code of the widget, or its id alone
    :return: '' when it names none, or several
    :rtype: str
    """
    found = {each.lower() for each in _WIDGET_ID.findall(text)}
    return found.pop() if len(found) == 1 else ""


def _find_tags(text):
    """Return the elements of a text in their order."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    try:
        root = html.document_fromstring(text.encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise SnippetError("no_snippet") from error
    return [tag for tag in root.iter() if isinstance(tag.tag, str)]


def _check_source(source, ts_id, hosts):
    """Refuse a script of another host or another certificate."""
    try:
        parts = urlsplit(source if "//" in source else f"//{source}")
        names = {parts.hostname, parts.netloc.rpartition("@")[2].lower()}
        is_ours = parts.scheme in ("", "http", "https") and not parts.username
    except ValueError as error:
        raise SnippetError("foreign_host", source) from error
    if not is_ours or not names & hosts:
        raise SnippetError("foreign_host", source)
    try:
        named = normalize_ts_id(parts.path)
    except ValueError as error:
        raise SnippetError("no_loader", source) from error
    if named != ts_id:
        raise SnippetError("other_id", named)


def _take(name, value, options):
    """Add an attribute to the options; return a note if that is not possible."""
    if name in _OF_THE_TAG or name == "type" and value.lower() in _HARMLESS_TYPES:
        return None
    if name not in ATTRIBUTES:
        if value in _WITHOUT_OPTION.get(name, ()):
            return None
        return Note(NO_OPTION, _shorten(name), _shorten(value))
    option, allowed = ATTRIBUTES[name]
    if isinstance(allowed, range):
        return _take_number(name, value, options)
    if value.lower() in allowed:
        options[option] = allowed[value.lower()]
        return None
    return Note(NO_VALUE, name, _shorten(value)) if value else None


def _take_number(name, value, options):
    """Add pixels to the options; return a note if they are wrong or out of range."""
    option, allowed = ATTRIBUTES[name]
    found = _NUMBER.fullmatch(value)
    if not found:
        return Note(NO_VALUE, name, _shorten(value)) if value else None
    number = int(found.group(1))
    options[option] = max(allowed[0], min(allowed[-1], number))
    if number in allowed:
        return None
    return Note(CLAMPED, name, _shorten(value), str(options[option]))


def _shorten(text):
    """Return a text, cut to the length that we show."""
    text = " ".join(str(text).split())
    return text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 1]}…"
