# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reads literals out of JavaScript code, without running anything."""

import re

# Objects inside of objects. The configuration of the badge has one.
MAX_DEPTH = 3
# Keys of all objects together.
MAX_KEYS = 200

_TOKEN = re.compile(
    r"""
    (?P<blank>(?:\s+|//[^\n]*|/\*(?:(?!\*/).)*\*/)+)
    |(?P<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")
    |(?P<number>[+-]?\d{1,15}(?:\.\d{1,15})?)
    |(?P<name>[A-Za-z_$][A-Za-z0-9_$]*)
    |(?P<sign>[{}:,])
    """,
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"true": "true", "false": "false", "null": "", "undefined": ""}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "v": "", "0": ""}
# Controls that only an escape can write. PostgreSQL refuses the first of them.
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_REPLACEMENT = "\ufffd"

_QUOTED = r"""(?:'[^'\n]*'|"[^"\n]*")"""
_NAME = r"[A-Za-z_$][\w$]*"
_ADDED = rf"(?:{_QUOTED}|{_NAME}(?:\.{_NAME})*)"
# Text that is assigned to ``.src``, with what is added to it, or to a name.
_ASSIGNMENT = re.compile(
    rf"""
    \.\s*src\s*=\s*(?P<first>{_QUOTED})
      (?P<added>(?:\s*\+\s*{_ADDED})*)(?P<open>\s*\+)?
    |(?<![\w$])(?P<name>{_NAME})\s*=\s*(?P<value>{_QUOTED})
    """,
    re.VERBOSE,
)
_PIECE = re.compile(_ADDED)
# Stands for a piece of an address that only running the code would tell.
UNKNOWN_PIECE = "…"


def find_object(code, name):
    """Return the object that is assigned to a name, as texts by key.

    Numbers, ``true`` and ``false`` become texts, ``null`` an empty one; only objects
    may be inside of objects.

    :param str code: JavaScript
    :param str name: of a variable or property
    :return: texts and dicts by key; None when nothing is assigned
    :rtype: dict or None
    :raise ValueError: when it is no plain literal, or too large a one
    """
    found = re.search(rf"(?<![\w$]){re.escape(name)}\s*=(?!=)\s*", code)
    if not found:
        return None
    return _Literal(code, found.end()).parse()


def find_sources(code):
    """Return the addresses that are assigned to a property ``src``.

    An address may be put together from texts, and from names that were given a text
    before. Escapes stay as they are written.

    :param str code: JavaScript
    :return: addresses, with :data:`UNKNOWN_PIECE` for what is neither; and whether
        all of the address is known
    :rtype: list of tuple(str, bool)
    """
    values, sources = {}, []
    for found in _ASSIGNMENT.finditer(code):
        if found["name"]:
            values[found["name"]] = found["value"][1:-1]
            continue
        pieces = [found["first"][1:-1]]
        for piece in _PIECE.findall(found["added"]):
            is_text = piece[0] in "'\""
            # "window.id" and "id" are the same variable.
            name = piece.rpartition(".")[2]
            pieces.append(piece[1:-1] if is_text else values.get(name))
        if found["open"]:
            pieces.append(None)
        address = "".join(UNKNOWN_PIECE if each is None else each for each in pieces)
        sources.append((address, None not in pieces))
    return sources


class _Literal:
    """A literal that begins somewhere in code; what follows it is never looked at."""

    def __init__(self, code, position):
        self.code = code
        self.position = position
        self.key_count = 0

    def parse(self):
        self._expect("{")
        return self._read_object(1)

    def _read_object(self, depth):
        """Return the object whose brace was read."""
        if depth > MAX_DEPTH:
            raise ValueError("too many objects inside of objects")
        values = {}
        while True:
            kind, text = self._next()
            if text == "}" and kind == "sign":
                return values
            key = self._read_key(kind, text)
            self._expect(":")
            values[key] = self._read_value(depth)
            kind, text = self._next()
            if (kind, text) == ("sign", "}"):
                return values
            if (kind, text) != ("sign", ","):
                raise ValueError(f"neither a comma nor the end after {key!r}")

    def _read_key(self, kind, text):
        self.key_count += 1
        if self.key_count > MAX_KEYS:
            raise ValueError("too many keys")
        if kind not in ("string", "name", "number"):
            raise ValueError(f"no key: {text!r}")
        return _unquote(text) if kind == "string" else text

    def _read_value(self, depth):
        kind, text = self._next()
        if (kind, text) == ("sign", "{"):
            return self._read_object(depth + 1)
        if kind == "string":
            return _unquote(text)
        if kind == "number":
            return text
        if kind == "name" and text in _WORDS:
            return _WORDS[text]
        raise ValueError(f"no plain value: {text!r}")

    def _expect(self, sign):
        if self._next() != ("sign", sign):
            raise ValueError(f"no {sign!r} where one belongs")

    def _next(self):
        """Return kind and text of the next token that is not blank."""
        while True:
            token = _TOKEN.match(self.code, self.position)
            if not token:
                raise ValueError("the literal has no end, or code in it")
            self.position = token.end()
            if token.lastgroup != "blank":
                return token.lastgroup, token.group()


def _unquote(text):
    """Return what a quoted text stands for, without what nobody can store."""

    def replace(found):
        four, two, other = found.groups()
        if other is not None:
            return _CONTROL.get(other, other)
        return chr(int(four or two, 16))

    text = _ESCAPE.sub(replace, text[1:-1])
    # Two escapes may be one character; half of one is none.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _UNSAFE.sub(_REPLACEMENT, text)
