# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The terms of our addons, exported by Odoo, and their translations beside them."""

import tempfile
from pathlib import Path

import polib

from . import odoo, postgres
from .machine import ROOT, CannotGoOn, fail
from .testrun import TEST_MODULES

# In the head of a file; a run that finds the same terms changes nothing else.
DATES = ("POT-Creation-Date", "PO-Revision-Date")
# Runs in `odoo shell`; FOLDER and ADDONS are put in.
EXPORT = """
from odoo.tools.translate import trans_export
for addon in {addons!r}:
    with open("{folder}/" + addon + ".pot", "wb") as file:
        trans_export(False, [addon], file, "po", env)
"""


def export(folder):
    """Let Odoo write the terms of each addon, as they are in the source."""
    database = odoo.installed(TEST_MODULES)
    addons = odoo.get_addons(database)
    odoo.shell(database, EXPORT.format(addons=addons, folder=folder))
    files = [folder / f"{addon}.pot" for addon in addons]
    return [file for file in files if len(polib.pofile(str(file)))]


def get_kept(addon):
    """Return the file in the repository that an export replaces."""
    return ROOT / addon / "i18n" / f"{addon}.pot"


def _read_undated(path):
    """Return the lines of a file that do not tell when it was made."""
    dated = tuple(f'"{name}' for name in DATES)
    lines = path.read_text().splitlines() if path.exists() else []
    return [line for line in lines if not line.startswith(dated)]


def _translate(template, language):
    """Write a language's file beside a template and return the terms it lacks."""
    own = template.with_name(f"{language}.po")
    others = sorted(ROOT.glob(f"website_sale_*/i18n/{language}.po"))
    # All addons share their translations; what an addon says itself comes last.
    files = [polib.pofile(str(path)) for path in [*others, own] if path.exists()]
    known = {
        entry.msgid: entry.msgstr for file in files for entry in file if entry.msgstr
    }
    translated = polib.pofile(str(template))
    for entry in translated:
        entry.msgstr = known.get(entry.msgid, "")
    dates = {name: translated.metadata[name] for name in DATES}
    translated.metadata = {**files[0].metadata, **dates}
    translated.save(str(own))
    return [entry.msgid for entry in translated if not entry.msgstr]


def update():
    """Export all terms and carry the translations over."""
    languages = sorted({path.stem for path in ROOT.glob("website_sale_*/i18n/*.po")})
    missing = {language: [] for language in languages}
    with tempfile.TemporaryDirectory() as folder:
        for exported in export(Path(folder)):
            kept = get_kept(exported.stem)
            if _read_undated(exported) != _read_undated(kept):
                kept.parent.mkdir(exist_ok=True)
                kept.write_bytes(exported.read_bytes())
            for language in languages:
                missing[language] += _translate(kept, language)
    return missing


def main():
    """Run from the command line."""
    try:
        with postgres.running():
            missing = update()
    except CannotGoOn as problem:
        fail(problem)
    for language, terms in missing.items():
        print(f"{language}: {len(terms)} without a translation")
        for term in terms:
            print(f"  {term!r}")


if __name__ == "__main__":
    main()
