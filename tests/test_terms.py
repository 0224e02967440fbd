# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The terms in i18n/ are those of the source, and a bad translation is refused."""

import re
import shutil
import subprocess
import sys

import polib
import pytest

from wsts import postgres, terms
from wsts.machine import ROOT

pytestmark = pytest.mark.full

CHECK = ROOT / "scripts" / "check_translations"
# With one unknown sentence of each kind, beside known ones.
SOURCES = {
    "model.py": (
        'paid = fields.Char("Paid", help="Unknown label")\n'
        'state = fields.Selection([("a", "Paid"), ("b", "Unknown choice")])\n'
        'secret = fields.Char("Nobody reads it", export_string_translation=False)\n'
        'word = self.env._("Paid"), _lt("An unknown" " sentence.")\n'
    ),
    "script.js": 'const words = [_t("Paid"), _t("An unknown" + " word")];\n',
    "view.xml": (
        '<odoo><record id="a" model="ir.ui.view"><field name="name">Any</field>'
        '<field name="arch" type="xml"><form><page string="Unknown title"/><p>Paid'
        "<b>Unknown &amp; bold</b></p></form></field></record></odoo>"
    ),
}
# Words of developers, in any language.
TECHNICAL = re.compile(
    r"\b(SOAP|HTTP|JSON|XML|RPC|[Cc]ron|[Pp]ayload|[Ee]ndpoint|[Tt]raceback)\b"
    r"|\b\w+Error\b|website_sale_trustedshops|%\(parameter\)"
)
# Those, a tab that is called a page, and numbers that may be 0 or 1.
UNREADABLE = re.compile(
    rf"{TECHNICAL.pattern}|system parameter|translate the view|\bthe page [A-Z]"
    r"|Thank you for|%\(count\)s (orders|steps|days)|(in|after) %\(days\)s days"
    r"|%\(days\)s days after"
)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Return the terms of each addon, as they are in the source."""
    with postgres.running():
        return terms.export(tmp_path_factory.mktemp("terms"))


def test_people_read_plain_words_and_the_files_hold_all_of_them(exported):
    assert len(exported) == 7
    found = set()
    for path in exported:
        entries = polib.pofile(str(path))
        found |= {
            entry.msgid
            for entry in entries
            if UNREADABLE.search(entry.msgid) or is_fragment(entry)
        }
        kept = {entry.msgid for entry in polib.pofile(str(terms.get_kept(path.stem)))}
        # Of both, so that a failure shows what scripts/terms has to add and remove.
        assert {entry.msgid for entry in entries} ^ kept == set()
    assert found == {"HTTP Routing"}  # core's name of ``ir.http``


def is_fragment(entry):
    """Tell whether a text of Python ends as a sentence, but does not begin as one."""
    is_of_python = any(place.endswith(".py") for place, _line in entry.occurrences)
    return is_of_python and re.match(r"[a-z].*\.$", entry.msgid, re.DOTALL)


def write_terms(folder, **translations):
    """Write terms as a template without translations, or a language with them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, terms_of in translations.items():
        file = polib.POFile()
        for term, translation in terms_of.items():
            file.append(polib.POEntry(msgid=term, msgstr=translation))
        file.save(str(folder / re.sub("_(pot?)$", r".\1", name)))


def test_lint_finds_what_is_missing_or_does_not_fit(tmp_path):
    bad = {
        "Refund %(fee)s": "Gebühr erstatten",
        "Dear {{ object.name }}": "Hallo",
        "<b>Paid</b>": "Bezahlt",
        "Paid": "",
        "Buyer Protection": "Protection  acheteur",
        "Paid by ": "Bezahlt mit",
    }
    good = {"Refund fee": "Gebühr erstatten"}
    untranslated = dict.fromkeys({**bad, **good}, "")
    addon, other = (tmp_path / f"website_sale_{name}" for name in "ab")
    folders = {addon: {"website_sale_a_pot": untranslated, "de_po": {**bad, **good}}}
    folders[other] = {"website_sale_b_pot": {}, "nl_po": {}}
    for folder, files in folders.items():
        write_terms(folder / "i18n", **files)
    for name, source in SOURCES.items():
        (addon / name).write_text(source)
    (tmp_path / "scripts").mkdir()
    done = subprocess.run(
        [sys.executable, shutil.copy(CHECK, tmp_path / "scripts")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    run = "scripts/terms has to be run for"
    assert [re.sub(r":\d+:", ":", line) for line in done.stdout.splitlines()] == [
        f"website_sale_a/model.py: {run} 'Unknown label'",
        f"website_sale_a/model.py: {run} 'Unknown choice'",
        f"website_sale_a/model.py: {run} 'An unknown sentence.'",
        f"website_sale_a/script.js: {run} 'An unknown word'",
        f"website_sale_a/view.xml: {run} 'Unknown title'",
        f"website_sale_a/view.xml: {run} 'Unknown & bold'",
        "website_sale_a/i18n/de.po: 'Refund %(fee)s' has other placeholders",
        "website_sale_a/i18n/de.po: 'Dear {{ object.name }}' has other placeholders",
        "website_sale_a/i18n/de.po: '<b>Paid</b>' has other tags",
        "website_sale_a/i18n/de.po: 'Paid' has no translation",
        "website_sale_a/i18n/de.po: 'Buyer Protection' has a space twice",
        "website_sale_a/i18n/de.po: 'Paid by ' begins or ends with another space",
        "website_sale_a/i18n/nl.po is missing: scripts/terms makes it",
        "website_sale_b/i18n/de.po is missing: scripts/terms makes it",
    ]
