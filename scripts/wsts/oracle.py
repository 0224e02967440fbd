# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The oracle: plays stories, writes down how they end, and says what changed.

The stories are in ``tests/oracle``, a file for each area; how one is played is in
``case.py`` there. They run inside Odoo.
"""

import argparse
import os
import tempfile
from pathlib import Path

from . import odoo, postgres
from .machine import HOME, ROOT, CannotGoOn, fail, say
from .offspring import none_left
from .oracle_words import compare, read
from .testrun import TEST_MODULES, make_database, run_pytest

AREAS = ("applications", "consents")


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


def find_differences(words):
    """Play stories again and tell what differs from a record of them.

    :param argparse.Namespace words: see :func:`_read_words`
    :return: sentences
    :rtype: list[str]
    """
    before, after = read(words.file.read_text()), read(_play(words.areas))
    # Of the others nothing was played.
    begins = tuple(f"{area}: " for area in words.areas)
    before = {
        name: steps
        for name, steps in before.items()
        if name.startswith(begins) and words.only in name
    }
    say(f"{len(after)} stories were played")
    return compare(before, after)


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
            differences = find_differences(words)
        print("\n".join(differences) or "All stories end as before.")
        raise SystemExit(1 if differences else 0)
    except CannotGoOn as problem:
        fail(problem)


if __name__ == "__main__":
    main()
