# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reads the list of criteria: ``views/trustedshops_criteria.xml``."""

from collections.abc import Callable
from dataclasses import dataclass

from . import page_rules  # noqa: F401 the list names its rules
from .inspection import RULES

LEVELS = ("problem", "hint", "ok")  # of `models/finding.py`, the worst first


@dataclass(frozen=True)
class Criterion:
    """One criterion of the list.

    :param scopes: checks that include it
    :param rule: gets :class:`.inspection.Inspection` and the criterion, returns
        :class:`.inspection.Seen` or None
    :param places: kinds of pages that may meet it
    :param parts: labels of what such a page must contain, by name
    :param needs: words that no earlier finding may have blocked
    :param blocks: word that is blocked if this criterion has a finding
    :param said: level and sentence of a finding, by its cause
    :param todos: what users must do, by cause; '' is for every problem
    :param where: name and address of the place in Odoo where users act; may be empty
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
