# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reads the list of what is looked for: ``views/trustedshops_criteria.xml``."""

from collections.abc import Callable
from dataclasses import dataclass

from . import page_rules  # noqa: F401 its rules are named by the list
from .inspection import RULES

LEVELS = ("problem", "hint", "ok")  # of `models/finding.py`, the worst first


@dataclass(frozen=True)
class Criterion:
    """One thing that is looked for, as the list says it.

    :param scopes: where it is looked for
    :param rule: gets :class:`.inspection.Inspection` and the criterion, returns
        :class:`.inspection.Seen` or None
    :param places: kinds of pages that may hold it
    :param parts: names of what a page has to hold, by name
    :param needs: what has to be there to say anything
    :param blocks: what is not there where something is said of this one
    :param said: level and sentence by cause
    :param todos: what to do by cause, about any problem without one
    :param where: name and address of the place in Odoo where it is done; may be empty
    """

    name: str
    title: str
    scopes: list
    rule: Callable
    places: list
    parts: dict
    needs: list
    blocks: str
    said: dict
    todos: dict
    template: str
    where: tuple
    is_edited: bool


def read_criteria(root):
    """Return the criteria of a list, in the list's order and language.

    :param root: element of lxml
    :rtype: list[Criterion]
    """
    usual = root.find(".//criteria")
    return [_read_criterion(element, usual) for element in usual.iter("criterion")]


def _read_criterion(element, usual):
    get, lists = element.get, (element, usual)
    where = element.find("where")
    return Criterion(
        name=get("name"),
        title=get("title", ""),
        scopes=get("scopes", "shop").split(),
        rule=RULES[get("rule", "place")],
        places=get("places", "").split(),
        parts={
            each.get("name"): each.text.strip()
            for found in lists
            for each in found.findall("part")
        },
        needs=get("needs", "page words").split(),
        blocks=get("blocks", ""),
        said={
            each.get("cause", level): (level, each.text.strip())
            for found in reversed(lists)
            for level in LEVELS
            for each in found.findall(level)
        },
        todos={
            each.get("cause", ""): each.text.strip()
            for found in reversed(lists)
            for each in found.findall("todo")
        },
        template=get("template", ""),
        where=() if where is None else (where.text.strip(), where.get("url")),
        is_edited=bool(get("is_edited") or get("places")),
    )
