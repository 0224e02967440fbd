# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The oracle: plays stories, writes down how they end, and says what changed.

The stories are in ``tests/oracle``, a file for each area; how one is played is in
``case.py`` there. They run inside Odoo, in two lanes at the same time.
"""

import argparse
import os
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from . import odoo, postgres
from .machine import HOME, ROOT, CannotGoOn, fail, say
from .offspring import none_left
from .oracle_words import compare, read
from .testrun import TEST_MODULES, TILL_MODULES, make_database, run_pytest

# What an area needs beside our addons; those that take longest come first.
AREAS = {
    "documents": TEST_MODULES,
    "carts": TEST_MODULES,
    "invitations": TEST_MODULES,
    "applications": TEST_MODULES,
    "consents": TEST_MODULES,
    "reviews": TEST_MODULES,
    "accounts": TEST_MODULES,
    "deliveries": TILL_MODULES,
}
# Lanes at the same time; each plays the next area that no other has begun.
LANES = 2
STORIES = ROOT / "tests" / "oracle"
LANE = "lane"
# What leaves stories of an area out, see tests/oracle/case.py.
PARTS = ("ONLY", "EVERY", "UNTIL")


def _claim(folder, areas):
    """Yield the areas that are still free, each when the one before it was played."""
    for area in areas:
        if not (STORIES / f"{area}.py").exists():
            continue
        with suppress(FileExistsError):
            (folder / f"{area}.begun").touch(exist_ok=False)
            yield area


def _play_area(area, folder, lane):
    """Play the stories of an area.

    :param str area: key of ``AREAS``
    :param pathlib.Path folder: gets a file with a line for each story
    :param str lane: tells its database from that of others
    :return: whether they were played to their end
    :rtype: bool
    """
    began = time.monotonic()
    modules = AREAS[area]
    kind = "till" if modules == TILL_MODULES else "shop"
    name = postgres.name_for(f"oracle{lane}_{kind}")
    if not postgres.exists(name):
        make_database(f"oracle{lane}_{kind}", modules, odoo.staged)
    os.environ["WSTS_ORACLE"] = str(folder / area)
    code = run_pytest(
        *("-q", "-k", "test_stories"),
        f"--odoo-database={name}",
        f"--odoo-addons-path={ROOT}",
        f"--odoo-extra=data-dir={HOME / 'data'}",
        str((STORIES / f"{area}.py").relative_to(ROOT)),
    )
    if code == 0:
        stories = read(folder / area)
        seconds = time.monotonic() - began
        say(f"{area}: {len(stories)} stories in {seconds:.0f} s")
    return code == 0


def _play_areas(areas, folder, lane):
    """Play areas one after the other, in new databases, and drop these.

    :param areas: keys of ``AREAS``
    :param pathlib.Path folder: see :func:`_play_area`
    :param str lane: see :func:`_play_area`
    :return: whether all were played to their end
    :rtype: bool
    """
    names = [postgres.name_for(f"oracle{lane}_{kind}") for kind in ("shop", "till")]
    try:
        for name in names:
            postgres.drop(name)
        return all([_play_area(area, folder, lane) for area in _claim(folder, areas)])
    finally:
        for name in names:
            postgres.drop(name)


def _play_lanes(folder):
    """Play all areas, in lanes at the same time.

    :param pathlib.Path folder: see :func:`_play_area`
    :return: whether all were played to their end
    :rtype: bool
    """
    beside = {}
    try:
        for number in range(1, LANES):
            log = HOME / "logs" / f"{postgres.name_for(f'oracle{number}')}.out"
            log.unlink(missing_ok=True)
            say(f"other stories are played beside these: {log} grows")
            words = ["-m", "wsts.oracle", LANE, str(number), str(folder)]
            beside[log] = odoo.start_process([sys.executable, *words], log)
        codes = [not _play_areas(AREAS, folder, "0")]
        codes += [lane.wait() for lane in beside.values()]
    finally:
        for lane in beside.values():
            odoo.stop_process(lane)
    for log in beside:
        print(log.read_text(errors="replace"), file=sys.stderr, flush=True)
    return not any(codes)


def _play(area, file):
    """Play stories and write down how they end.

    :param area: name of the only area that is played, None: all of them
    :type area: str or None
    :param pathlib.Path file: gets a line for each story
    :raise CannotGoOn: when a story could not be played
    """
    with tempfile.TemporaryDirectory(prefix="oracle-", dir=HOME) as name:
        folder = Path(name)
        done = _play_areas([area], folder, "x") if area else _play_lanes(folder)
        parts = [folder / area for area in sorted(AREAS) if (folder / area).exists()]
        text = "".join(part.read_text() for part in parts)
    if not done:
        raise CannotGoOn("not all stories could be played; see above.")
    file.write_text(text)


def find_differences(file, area=None):
    """Play the stories again and tell what differs.

    :param pathlib.Path file: as written by :func:`_play`
    :param area: see :func:`_play`
    :return: sentences
    :rtype: list[str]
    """
    before = read(file)
    with tempfile.TemporaryDirectory(prefix="oracle-", dir=HOME) as folder:
        _play(area, played := Path(folder, "played"))
        after = read(played)
    if area or _is_part():
        # Of the others nothing was played.
        begin = f"{area}: " if area else ""
        known = after if _is_part() else before
        before = {
            name: steps
            for name, steps in before.items()
            if name.startswith(begin) and (name in known)
        }
    say(f"{len(after)} stories were played")
    return compare(before, after)


def _is_part():
    """Tell whether not all stories of an area are played."""
    return any(os.environ.get(f"WSTS_ORACLE_{how}") for how in PARTS)


def _read_words():
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="scripts/oracle")
    parser.add_argument("what", choices=("record", "compare"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--area", choices=AREAS)
    parser.add_argument("--only", default="", help="text in the names of stories")
    parser.add_argument("--every", default="", help="number: only each n-th story")
    return parser.parse_args()


def main():
    """Run from the command line, see scripts/oracle."""
    if sys.argv[1:2] == [LANE]:
        number, folder = sys.argv[2:]
        done = _play_areas(AREAS, Path(folder), number)
        raise SystemExit(0 if done else 1)
    words = _read_words()
    os.environ.update(WSTS_ORACLE_ONLY=words.only, WSTS_ORACLE_EVERY=words.every)
    try:
        with postgres.running(), none_left():
            postgres.tidy()
            if words.what == "record":
                _play(words.area, words.file)
                return
            differences = find_differences(words.file, words.area)
        print("\n".join(differences) or "All stories end as before.")
        raise SystemExit(1 if differences else 0)
    except CannotGoOn as problem:
        fail(problem)


if __name__ == "__main__":
    main()
