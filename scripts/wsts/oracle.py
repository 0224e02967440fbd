# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The oracle: plays stories, writes down how they end, and says what changed.

The stories are in ``tests/oracle``, a file for each area; how one is played is in
``case.py`` there. They run inside Odoo.
"""

import argparse
import json
import os
import tempfile
from collections import defaultdict
from difflib import SequenceMatcher
from pathlib import Path

from . import odoo, postgres
from .machine import HOME, ROOT, CannotGoOn, fail, say
from .offspring import none_left
from .testrun import TEST_MODULES, make_database, run_pytest

AREAS = ("applications", "consents")
# Stories that are named for each difference.
NAMED = 3


def _play(areas):
    """Play stories, in a new database."""
    database = make_database("oracle", TEST_MODULES, odoo.staged)
    with tempfile.TemporaryDirectory(prefix="oracle-", dir=HOME) as folder:
        os.environ["WSTS_ORACLE"] = str(played := Path(folder, "played"))
        code = run_pytest(
            *("-q", "-k", "test_stories"),
            f"--odoo-database={database}",
            f"--odoo-addons-path={ROOT}",
            f"--odoo-extra=data-dir={HOME / 'data'}",
            *(f"tests/oracle/{area}.py" for area in areas),
        )
        postgres.drop(database)
        if code:
            raise CannotGoOn("not all stories could be played; see above.")
        return played.read_text()


def _read(text):
    """Return the lines of each story of a record, by its name."""
    stories = [json.loads(line) for line in text.splitlines()]
    return {
        story["story"]: json.dumps(
            story["steps"], indent=1, sort_keys=True, ensure_ascii=False
        ).splitlines()
        for story in stories
    }


def _get_both(words):
    """Return the recorded stories and the same ones, played now."""
    before, after = _read(words.file.read_text()), _read(_play(words.areas))
    say(f"{len(after)} stories were played")
    # Of the others nothing was played.
    areas = tuple(f"{area}: " for area in words.areas)
    played = {
        name: lines
        for name, lines in before.items()
        if name.startswith(areas) and words.only in name
    }
    return played, after


def find_differences(before, after):
    """Return what differs between two records, the same in several stories once.

    :param dict before: lines by the name of their story
    :param dict after: the same, played now
    :return: lines of text, none when nothing differs
    :rtype: list[str]
    """
    stories = defaultdict(list)
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, []), after.get(name, [])
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        for kind, i1, i2, j1, j2 in matcher.get_opcodes():
            if kind != "equal":
                gone = [f"- {line.strip()}" for line in old[i1:i2]]
                come = [f"+ {line.strip()}" for line in new[j1:j2]]
                stories["\n".join(gone + come)].append(name)
    lines = []
    for difference, names in stories.items():
        names = list(dict.fromkeys(names))
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        lines += [f"{'; '.join(names[:NAMED])}{more}:", difference]
    return lines


def _read_words():
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="scripts/oracle")
    parser.add_argument("what", choices=("record", "compare"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--area", dest="areas", action="append", choices=AREAS)
    parser.add_argument("--only", default="", help="text in the names of stories")
    words = parser.parse_args()
    words.areas = words.areas or AREAS
    return words


def main():
    """Run from the command line, see scripts/oracle."""
    words = _read_words()
    os.environ["WSTS_ORACLE_ONLY"] = words.only
    try:
        with postgres.running(), none_left():
            postgres.tidy()
            if words.what == "record":
                words.file.write_text(_play(words.areas))
                return
            differences = find_differences(*_get_both(words))
        print("\n".join(differences) or "All stories end as before.")
        raise SystemExit(1 if differences else 0)
    except CannotGoOn as problem:
        fail(problem)


if __name__ == "__main__":
    main()
