# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The terms of our addons, exported by Odoo, and their translations beside them."""

import tempfile
from pathlib import Path

import polib

from . import odoo, postgres
from .machine import ROOT, CannotGoOn, fail
from .testrun import TILL_MODULES

# The plural rules that Odoo's own files state. We use none of them, but editors ask.
LANGUAGES = {
    "de": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "it": "nplurals=2; plural=(n != 1);",
    "nl": "nplurals=2; plural=(n != 1);",
    "pl": (
        "nplurals=4; plural=(n==1 ? 0 : (n%10>=2 && n%10<=4) && (n%100<12 || n%100>14) "
        "? 1 : n!=1 && (n%10>=0 && n%10<=1) || (n%10>=5 && n%10<=9) || "
        "(n%100>=12 && n%100<=14) ? 2 : 3);"
    ),
}
# Runs in `odoo shell`; FOLDER and ADDONS are put in. Of abstract models nobody reads a
# word: their fields are read in the models that inherit them.
EXPORT = """
from odoo.tools.translate import trans_export
abstract = [name for name, model in env.registry.items() if model._abstract]
with open("{folder}/abstract", "w") as file:
    file.write(" ".join(name.replace(".", "_") for name in abstract))
for addon in {addons!r}:
    with open("{folder}/" + addon + ".pot", "wb") as file:
        trans_export(False, [addon], file, "po", env)
"""


def export(folder):
    """Let Odoo write the terms of each addon, as they are in the source.

    :param pathlib.Path folder: gets a file ``<addon>.pot`` for each addon with terms
    :return: the files
    :rtype: list[pathlib.Path]
    """
    database = odoo.installed(TILL_MODULES)
    addons = odoo.get_addons(database)
    odoo.shell(database, EXPORT.format(addons=addons, folder=folder))
    abstract = set((folder / "abstract").read_text().split())
    files = [folder / f"{addon}.pot" for addon in addons]
    for file in files:
        _leave_out(file, abstract)
    return [file for file in files if len(polib.pofile(str(file)))]


def _leave_out(path, models):
    """Take out of an export what only names fields of some models, or them."""
    file = polib.pofile(str(path))
    for entry in list(file):
        kept = [each for each in entry.occurrences if _get_model(each[0]) not in models]
        entry.occurrences = kept
        if not kept:
            file.remove(entry)
    file.save(str(path))


def _get_model(place):
    """Return whose name, field or value of a field a place in the database is."""
    name = place.rsplit(".", 1)[-1]
    for prefix in ("field_", "selection__", "model_"):
        if name.startswith(prefix):
            return name.removeprefix(prefix).split("__")[0]
    return ""


def get_kept(addon):
    """Return the file in the repository that an export replaces.

    :param str addon: technical name
    :rtype: pathlib.Path
    """
    return ROOT / addon / "i18n" / f"{addon}.pot"


def list_terms(path):
    """Return what tells whether two exports differ.

    :param pathlib.Path path: of a .pot file
    :return: term, comment and places of each
    :rtype: list[tuple]
    """
    if not path.exists():
        return []
    return [
        (entry.msgid, entry.comment, tuple(entry.occurrences))
        for entry in polib.pofile(str(path))
    ]


def _read_known(language):
    """Return the translations into a language by term; all addons share them."""
    return {
        entry.msgid: entry.msgstr
        for path in sorted(ROOT.glob(f"website_sale_*/i18n/{language}.po"))
        for entry in polib.pofile(str(path))
        if entry.msgstr
    }


def _translate(template, language):
    """Write a language's file beside a template and return the terms it lacks."""
    path = template.with_name(f"{language}.po")
    known = _read_known(language)
    if path.exists():
        own = polib.pofile(str(path))
        known.update((entry.msgid, entry.msgstr) for entry in own if entry.msgstr)
    file = polib.pofile(str(template))
    for entry in file:
        entry.msgstr = known.get(entry.msgid, "")
    values = {
        "Language": language,
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": LANGUAGES[language],
    }
    # Odoo writes the language before the version of MIME.
    names = [name for name in file.metadata if name not in values]
    names.insert(names.index("MIME-Version"), "Language")
    names += ["Content-Transfer-Encoding", "Plural-Forms"]
    metadata = {**file.metadata, **values}
    file.metadata = {name: metadata[name] for name in names}
    file.save(str(path))
    return [entry.msgid for entry in file if not entry.msgstr]


def update():
    """Export all terms and carry the translations over.

    :return: terms without a translation, by language
    :rtype: dict[str, list[str]]
    """
    missing = {}
    with tempfile.TemporaryDirectory() as folder:
        for exported in export(Path(folder)):
            kept = get_kept(exported.stem)
            # An export of the same terms differs in its date only.
            if list_terms(exported) != list_terms(kept):
                kept.parent.mkdir(exist_ok=True)
                kept.write_bytes(exported.read_bytes())
            for language in LANGUAGES:
                missing.setdefault(language, []).extend(_translate(kept, language))
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
