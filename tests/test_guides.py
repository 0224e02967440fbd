# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The guides name what stands on the screen, letter by letter, in each language."""

import ast
import re
from pathlib import Path

import polib
import pytest

import odoo.addons

from wsts.machine import ROOT

# Apps of Odoo whose menus and fields the guides name.
CORE = (
    "account",
    "base",
    "html_builder",
    "mail",
    "payment",
    "privacy_lookup",
    "product",
    "sale",
    "web",
    "website",
    "website_payment",
    "website_sale",
)
# In English only.
GUIDES_IN_DOCS = {"DEVELOP", "FIT", "MOVING", "TRY"}
GUIDES = {
    # What changed once may have another name by now.
    "en": [
        *(each for each in ROOT.glob("*/readme/*.md") if each.stem != "HISTORY"),
        *(each for each in ROOT.glob("docs/*.md") if each.stem in GUIDES_IN_DOCS),
        *ROOT.glob("docs/en/*.md"),
    ],
    "de": sorted(ROOT.glob("docs/de/*.md")),
    "pl": sorted(ROOT.glob("docs/pl/*.md")),
}
# Emphasised for another reason: a role, a menu and a widget at Trusted Shops, taxes of
# charts of accounts, the name of a view, words that are explained.
OTHER_WORDS = {
    "0% EX ND",
    "0% Exempt",
    "0% Zwolnione",
    "23% EU S",
    "API Clients",
    "Administrative",
    "Full Review List",
    "Words of the Order Button",
    "channel",
    "failed",
    "seal",
}
# What stands in a term for a value.
VALUE = re.compile(r"%\(\w+\)s|%s")


def _read_terms(lang):
    """Return what the addons and Odoo say in a language, white space made equal."""
    paths = list(ROOT.glob(f"*/i18n/{lang}.po" if lang != "en" else "*/i18n/*.pot"))
    for name in CORE:
        for folder in odoo.addons.__path__:
            file = f"{name}.pot" if lang == "en" else f"{lang}.po"
            path = Path(folder) / name / "i18n" / file
            paths += [path] if path.exists() else []
    entries = [entry for path in paths for entry in polib.pofile(str(path))]
    texts = (entry.msgid if lang == "en" else entry.msgstr for entry in entries)
    return {" ".join(text.replace("%%", "%").split()) for text in texts}


def _read_names():
    """Return what the list of apps calls the addons."""
    manifests = ROOT.glob("website_sale_*/__manifest__.py")
    return {ast.literal_eval(each.read_text())["name"] for each in manifests}


def _read_prose(guide):
    """Return the text of a guide without code and escapes."""
    text = re.sub(r"```.*?```|`[^`]*`", "", guide.read_text(), flags=re.DOTALL)
    return text.replace("\\", "")


def _find_labels(text):
    """Return the parts of what is emphasised: ``_Menu > Item_`` has two."""
    emphasised = re.findall(r"(?<![\w*])_([^_]+?)_(?!\w)", text)
    return [
        part.strip(" .:,")
        for label in emphasised
        for part in re.split(r" > ", " ".join(label.split()))
    ]


def _is_said(message, terms):
    """Tell whether a message, with … for what varies, is the beginning of a term."""
    parts = (re.escape(part.strip()) for part in " ".join(message.split()).split("…"))
    pattern = re.compile(".*".join(parts))
    return any(pattern.match(VALUE.sub("?", term)) for term in terms)


@pytest.mark.parametrize("lang", GUIDES)
def test_labels_and_messages_are_those_of_the_screen(lang):
    terms = _read_terms(lang)
    labels = {term.strip(" .:,") for term in terms} | OTHER_WORDS | _read_names()
    wrong = []
    for guide in GUIDES[lang]:
        text = _read_prose(guide)
        name = guide.relative_to(ROOT)
        wrong += [
            f"{name}: {each}" for each in _find_labels(text) if each not in labels
        ]
        messages = re.findall(r"^\s*\| [\"„]([^\"“”]+)[\"“”]", text, re.MULTILINE)
        wrong += [f"{name}: {each}" for each in messages if not _is_said(each, terms)]
    assert not wrong


def test_each_picture_is_there():
    """Lint looks for those of the fragments when it makes the READMEs."""
    guides = [*GUIDES["de"], *GUIDES["pl"]]
    links = [
        guide.parent / link
        for guide in guides
        for link in re.findall(
            r"^\[\w+\]: (\S+\.png)$", guide.read_text(), re.MULTILINE
        )
    ]
    assert len(links) >= len(guides)
    assert not [link for link in links if not link.exists()]


def test_each_extension_point_is_there():
    """What developers are told to inherit exists, under that name."""
    guide = (ROOT / "docs" / "DEVELOP.md").read_text()
    code = "\n".join(
        path.read_text()
        for folder in ("models", "wizards")
        for path in ROOT.glob(f"website_sale_*/{folder}/**/*.py")
    )
    defined = set(re.findall(r"def (\w+)\(", code))
    table = guide.split("## Extension points")[1].split("```python")[0]
    named = set(re.findall(r"\._?\b(_\w+)`|`\.(_\w+)`", table))
    names = {name for pair in named for name in pair if name}
    [example] = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    functions = [
        node.name
        for node in ast.walk(ast.parse(example))
        if isinstance(node, ast.FunctionDef)
    ]
    assert len(names) > 10 and len(functions) == 2
    assert not (names | set(functions)) - defined
