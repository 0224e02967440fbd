# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a person or a test enters, checked field by field.

A table of fields has, by name: the test of a value, what a good value is in words, and
what is taken when it is missing (None: it is required).
"""

import json
import re

_URL = re.compile(r"https?://[^\s<>\"']{1,400}")
# No control characters and no lone surrogates: neither fits into XML.
_TEXT = re.compile("[^\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]{0,200}")


def _refuse_constant(name):
    raise ValueError(f"{name} is not JSON.")


def load_json(body):
    """Return what a body says; a lone surrogate fits into no page and no mail.

    :raise ValueError: when it is not JSON.
    """
    try:
        data = json.loads(body, parse_constant=_refuse_constant)
        json.dumps(data, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("It is nested too deeply.") from None
    return data


def is_text(value):
    """Accept a line of at most 200 characters."""
    return isinstance(value, str) and _TEXT.fullmatch(value)


def is_flag(value):
    """Accept true and false."""
    return isinstance(value, bool)


def is_url(value):
    """Accept an address of the web."""
    return isinstance(value, str) and _URL.fullmatch(value)


def matches(pattern):
    """Return a test for texts that a compiled pattern fits wholly."""
    return lambda value: isinstance(value, str) and pattern.fullmatch(value)


def one_of(choices):
    """Return a test for one of some texts."""
    return lambda value: isinstance(value, str) and value in choices


def whole(low, high):
    """Return a test for whole numbers from one to another."""
    return lambda value: type(value) is int and low <= value <= high


def read_fields(data, fields, what):
    """Return the fields of what was entered, with defaults for the missing ones.

    :param dict data: what was entered.
    :param dict fields: see above.
    :param str what: in the words of a message.
    :raise ValueError: in plain words, when something does not fit.
    """
    if not isinstance(data, dict):
        raise ValueError(f"{what} must be a JSON object.")
    unknown = sorted(set(data) - set(fields))
    if unknown:
        raise ValueError(f"{what} has no field {unknown[0]!r}.")
    result = {}
    for name, (is_good, expected, default) in fields.items():
        if name not in data:
            if default is None:
                raise ValueError(f"{what} needs {name!r}.")
            result[name] = list(default) if default == () else default
        elif not is_good(data[name]):
            raise ValueError(f"{what}: {name!r} must be {expected}.")
        else:
            result[name] = data[name]
    return result
