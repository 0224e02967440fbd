# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Runs the tests: of the addons inside Odoo, across processes, Odoo's own."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from . import odoo, postgres
from .lane import get_free, store_durations
from .machine import HOME, ROOT, CannotGoOn, facts, fail, free_port, say

SHOP_MODULES = (
    "website_sale",
    "website_sale_loyalty",
    "payment_demo",
    "payment_custom",
)
# What the tests of the addons need beside what the addons themselves need.
TEST_MODULES = (*SHOP_MODULES, "sale_management", "l10n_de", "l10n_pl")
# Till and stock would make every test slower; here are those of the addons that need
# them, the shop that is paid in the store, and what else delivers an order.
TILL_MODULES = (
    *TEST_MODULES,
    "pos_sale",
    "website_sale_collect",
    "sale_mrp",
    "sale_timesheet",
    "stock_dropshipping",
)
# What the stored result of the bare package was made with.
CORE_MODULES = (*SHOP_MODULES, "website_sale_stock")
CORE_TAGS = (
    "/website_sale,/website_sale_loyalty,/sale_loyalty,/sale,/delivery,/payment,"
    "/website_sale_stock,/account_payment"
)
PROCESS, ADDONS, TILL, LANE = "process", "addons", "till", "lane"
# What each lane works on, one after the other: it joins those that are there already.
LANES = ((ADDONS,), (PROCESS, ADDONS), (PROCESS, TILL, ADDONS))
# Exit code of pytest when the further arguments chose no test.
NOTHING_TO_RUN = 5
# Failures of Odoo's own suites without our addons, one "Class.method" a line.
CORE_BARE = ROOT / "tests" / "core_bare.txt"


def _pytest(*words):
    """Run pytest; a skipped test and a leak in a log count as failures.

    :param words: arguments
    :return: exit code
    :rtype: int
    """
    command = [
        *("setpriv", "--pdeathsig", "TERM"),  # it ends with us, even when we are killed
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "wsts.no_skips",
        "-p",
        "wsts.no_leaks",
        "-p",
        "wsts.figures",
        "-p",
        "wsts.long",
        "-p",
        "no:cacheprovider",
    ]
    environment = {
        **os.environ,
        "ODOO_RC": str(HOME / "odoo.conf"),
        "WSTS_CHROMIUM": facts()["chromium"],
    }
    return subprocess.run(
        [*command, *words], cwd=ROOT, env=environment, check=False
    ).returncode


def make_database(purpose, modules):
    """Return a new database with modules of Odoo's own and our addons.

    :param str purpose: names the database of this clone
    :param tuple[str] modules: technical names
    :rtype: str
    """
    name = postgres.name_for(purpose)
    postgres.copy(odoo.installed(modules), name)
    postgres.label(name)
    return name


def _get_files(suite):
    """Return the test files of a suite, as paths below the root.

    :param str suite: ``process``, ``addons`` or ``till``
    :rtype: list[str]
    """
    if suite == PROCESS:
        folders = ["tests"]
    else:
        folders = [
            f"{addon}/tests"
            for addon in odoo.ADDONS
            if _needs_the_till(addon) == (suite == TILL)
        ]
    paths = [path for folder in folders for path in (ROOT / folder).rglob("test_*.py")]
    return sorted(str(path.relative_to(ROOT)) for path in paths)


def _needs_the_till(addon):
    """Tell whether an addon needs more than the other ones."""
    return addon not in odoo.get_addons(odoo.template(TEST_MODULES))


def _get_places(words):
    """Return the words that are places of tests."""
    return [word for word in words if (ROOT / word.partition("::")[0]).exists()]


def test_addons(words):
    """Run the tests of the addons with pytest-odoo.

    :param list[str] words: further arguments of pytest; without places all tests run
    :return: exit code
    :rtype: int
    """
    if places := _get_places(words):
        at_the_till = any(_needs_the_till(Path(place).parts[0]) for place in places)
        return _test_addons(TILL if at_the_till else ADDONS, words)
    codes = [_test_addons(each, [*_get_files(each), *words]) for each in (ADDONS, TILL)]
    return 1 if any(codes) else 0


def _test_addons(suite, words, lane=""):
    """Run tests of the addons in a new database.

    :param str suite: ``addons`` or ``till``, names the database
    :param list[str] words: arguments of pytest, with the places of the tests
    :param str lane: tells its database from those of others
    :return: exit code
    :rtype: int
    """
    modules = TILL_MODULES if suite == TILL else TEST_MODULES
    database = make_database(f"test_{suite}{lane}", modules)
    say("running the tests of the addons")
    code = _pytest(
        *("-p", "wsts.warm"),
        f"--odoo-database={database}",
        "--odoo-http",
        f"--odoo-addons-path={ROOT}",
        f"--odoo-extra=data-dir={HOME / 'data'}",
        *words,
    )
    if code == 0:
        postgres.drop(database)
    return code


def test_process(words):
    """Run the tests that start real processes: sandbox, browser, crashes.

    :param list[str] words: further arguments of pytest
    :return: exit code
    :rtype: int
    """
    say("running the tests across processes")
    places = [] if _get_places(words) else ["tests"]
    return _pytest("-p", "no:odoo", *places, *words)


def test_core(words):
    """Run Odoo's own suites with the addons and compare with the bare package.

    :param list[str] words: Odoo's test tags in place of all suites
    :return: 0 when nothing fails that does not fail without the addons
    :rtype: int
    """
    database = make_database("core", CORE_MODULES)
    log = HOME / "logs" / f"{database}-core.log"
    say(f"running Odoo's own suites, about half an hour; {log} grows")
    with open(log, "w") as output:
        subprocess.run(
            odoo.command(
                "-u",
                "website_sale,sale,delivery,payment",
                "--stop-after-init",
                f"--http-port={free_port()}",
                f"--test-tags={','.join(words) or CORE_TAGS}",
                database=database,
            ),
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            check=False,
        )
    return _compare_with_bare(log.read_text(errors="replace"), whole=not words)


def _compare_with_bare(text, whole):
    """Print how a run differs from the bare package.

    :param str text: log of the run
    :param bool whole: whether all suites ran
    :rtype: int
    """
    failed = set(
        re.findall(r": (?:FAIL|ERROR): (?:setUpClass \()?(?:\S+\.)?(\w+\.\w+)", text)
    )
    summary = re.findall(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests", text)
    if not summary:
        raise CannotGoOn("Odoo's own suites did not run to their end; see the log.")
    bare = set(CORE_BARE.read_text().split())
    print(f"{summary[-1][2]} tests, {summary[-1][0]} failed, {summary[-1][1]} errors")
    for name in sorted(failed - bare):
        print(f"fails with the addons only: {name}")
    for name in sorted(bare - failed if whole else ()):
        print(f"failed on the bare package, passes here: {name}")
    return 1 if failed - bare else 0


def _run_lane(words):
    """Run the test files that no other lane runs, suite after suite.

    :param list[str] words: number of the lane, further arguments of pytest
    :return: exit code
    :rtype: int
    """
    lane, *words = words
    os.environ["WSTS_SHOP"] = f"process{lane}"  # each lane has a shop of its own
    words = ["-p", "wsts.lane", *words]
    codes = []
    for suite in LANES[int(lane)]:
        if files := get_free(_get_files(suite)):
            further = [*words, *files]
            codes.append(
                test_process(further)
                if suite == PROCESS
                else _test_addons(suite, further, lane)
            )
    return 1 if any(code not in (0, NOTHING_TO_RUN) for code in codes) else 0


def _run_all(words):
    """Run everything in lanes at the same time: each often waits.

    :param list[str] words: further arguments of pytest
    :return: exit code
    :rtype: int
    """
    beside = {}
    with tempfile.TemporaryDirectory(prefix="claims-", dir=HOME) as claims:
        os.environ["WSTS_CLAIMS"] = claims
        try:
            for number in range(1, len(LANES)):
                log = HOME / "logs" / f"{postgres.name_for(f'lane{number}')}.out"
                log.unlink(missing_ok=True)
                say(f"other tests run beside these: {log} grows")
                command = [sys.executable, "-m", "wsts.testrun", LANE, str(number)]
                beside[log] = odoo.start_process([*command, *words], log)
            codes = [_run_lane(["0", *words])]
            codes += [lane.wait() for lane in beside.values()]
        finally:
            for lane in beside.values():
                odoo.stop_process(lane)
        for log in beside:
            print(log.read_text(errors="replace"), flush=True)
        if any(codes):
            return 1
        if not words:
            store_durations(Path(claims))
    return 0


SUITES = {
    ADDONS: test_addons,
    PROCESS: test_process,
    "core": test_core,
    LANE: _run_lane,
}


def main():
    """Run from the command line: ``[addons|process|core] [pytest arguments]``."""
    words = sys.argv[1:]
    name = words.pop(0) if words and words[0] in SUITES else ""
    try:
        with postgres.running():
            postgres.tidy()
            code = SUITES[name](words) if name else _run_all(words)
    except CannotGoOn as problem:
        fail(problem)
    name = name or "addons, process"
    say(f"failed: {name}" if code else f"{name}: all passed")
    raise SystemExit(1 if code else 0)


if __name__ == "__main__":
    main()
