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
FOLDER = "website_sale_trustedshops/i18n"
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


def test_people_read_no_words_of_developers(exported):
    found = {
        entry.msgid
        for path in exported
        for entry in polib.pofile(str(path))
        if UNREADABLE.search(entry.msgid) or is_fragment(entry)
    }
    assert found == {"HTTP Routing"}  # core's name of ``ir.http``


def is_fragment(entry):
    """Tell whether a text of Python ends as a sentence, but does not begin as one."""
    is_of_python = any(place.endswith(".py") for place, _line in entry.occurrences)
    return is_of_python and re.match(r"[a-z].*\.$", entry.msgid, re.DOTALL)


def test_the_files_hold_what_the_source_says(exported):
    assert len(exported) == 7
    for path in exported:
        kept = {entry.msgid for entry in polib.pofile(str(terms.get_kept(path.stem)))}
        # Of both, so that a failure shows what scripts/terms has to add and remove.
        assert {entry.msgid for entry in polib.pofile(str(path))} ^ kept == set()


@pytest.fixture
def check(tmp_path):
    """Return what runs the check of translations over files given as .po entries."""

    def run(files):
        for path, translation in files.items():
            file = polib.POFile()
            file.append(polib.POEntry(msgid=translation[0], msgstr=translation[1]))
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            file.save(str(tmp_path / path))
        (tmp_path / "scripts").mkdir()
        return subprocess.run(
            [sys.executable, shutil.copy(CHECK, tmp_path / "scripts")],
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.parametrize(
    ("term", "translation", "problem"),
    [
        ("Refund %(fee)s", "%(fee)s erstatten", ""),
        ("Refund %(fee)s", "Gebühr erstatten", "has other placeholders"),
        ("Dear {{ object.name }}", "Hallo", "has other placeholders"),
        ("<b>Paid</b>", "Bezahlt", "has other tags"),
        ("Paid", "", "has no translation"),
        ("Buyer Protection", "Protection  acheteur", "has a space twice"),
        ("Paid by ", "Bezahlt mit", "begins or ends with another space"),
    ],
)
def test_a_translation_that_does_not_fit_is_refused(check, term, translation, problem):
    answer = check(
        {
            f"{FOLDER}/website_sale_trustedshops.pot": (term, ""),
            f"{FOLDER}/de.po": (term, translation),
        }
    )
    assert answer.returncode == bool(problem)
    assert answer.stdout.strip().endswith(problem)


def test_each_addon_has_the_languages_of_the_others(check):
    answer = check(
        {
            f"{FOLDER}/website_sale_trustedshops.pot": ("Paid", ""),
            f"{FOLDER}/nl.po": ("Paid", "Betaald"),
            "website_sale_withdrawal/i18n/website_sale_withdrawal.pot": ("Paid", ""),
        }
    )
    assert answer.returncode == 1
    assert answer.stdout.startswith("website_sale_withdrawal/i18n/nl.po is miss")
