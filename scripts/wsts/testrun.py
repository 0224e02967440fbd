# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Runs the tests: plain ones, of the addons inside Odoo, across processes, Odoo's own.

The quick ring leaves out what is marked as full: ``@tagged("full")`` in the addons,
``pytest.mark.full`` elsewhere. Tests that are named are run, whatever their ring.
"""

import os
import re
import secrets
import subprocess
import sys
import tempfile
from contextlib import contextmanager, nullcontext
from itertools import groupby
from pathlib import Path

from . import odoo, postgres
from .lane import get_free, store_durations
from .machine import HOME, ROOT, CannotGoOn, facts, fail, free_port, say
from .offspring import none_left

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
LIB, ADDONS, TILL, PROCESS, SANDBOX = "lib", "addons", "till", "process", "sandbox"
LANE, CORE, JS = "lane", "core", "js"
# What each lane works on, one after the other: it joins those that are there already.
LANES = (
    (LIB, ADDONS),
    (PROCESS, ADDONS, SANDBOX),
    (PROCESS, SANDBOX, TILL, ADDONS),
)
# In the quick ring one shop is enough, and the sandbox, a program of its own, rests.
QUICK_LANES = ((LIB, ADDONS), (PROCESS, ADDONS), (TILL, ADDONS))
SANDBOX_TESTS = "trustedshops_sandbox/tests"
# Of the addons, the ones that run the tests of all scripts.
JS_TESTS = "website_sale_trustedshops/tests/test_javascript.py"
# A secret or a buyer in a log of ours fails the run.
NO_LEAKS = ("-p", "wsts.no_leaks")
QUICK = "--quick"
ALL = "--all"
# Exit code of pytest when the further arguments chose no test.
NOTHING_TO_RUN = 5
# Failures of Odoo's own suites without our addons, one "Class.method" a line.
CORE_BARE = ROOT / "tests" / "core_bare.txt"


def run_pytest(*words):
    """Run pytest; a skipped test counts as a failure.

    :param words: arguments
    :return: exit code
    :rtype: int
    """
    # It ends with us, even when we are killed.
    command = ["setpriv", "--pdeathsig", "TERM", sys.executable, "-m", "pytest"]
    command += ["-p", "wsts.rings", "-p", "no:cacheprovider"]
    environment = {
        **os.environ,
        "ODOO_RC": str(HOME / "odoo.conf"),
        "WSTS_CHROMIUM": facts()["chromium"],
    }
    return subprocess.run(
        [*command, *words], cwd=ROOT, env=environment, check=False
    ).returncode


def make_database(purpose, modules, template=odoo.installed):
    """Return a new database with modules of Odoo's own and our addons.

    :param str purpose: names the database of this clone
    :param tuple[str] modules: technical names
    :param template: returns the name of the one to copy
    :rtype: str
    """
    name = postgres.name_for(purpose)
    postgres.copy(template(modules), name)
    postgres.label(name)
    return name


def _get_files(suite):
    """Return the test files of a suite, as paths below the root."""
    folders = ("tests", SANDBOX_TESTS, *(f"{addon}/tests" for addon in odoo.ADDONS))
    paths = [path for folder in folders for path in (ROOT / folder).glob("test_*.py")]
    places = sorted(str(path.relative_to(ROOT)) for path in paths)
    get = _get_suite if suite in (ADDONS, TILL) else _get_kind
    return [place for place in places if get(place) == suite]


def _get_kind(place):
    """Return the suite of a place of tests, ``addons`` for all inside Odoo."""
    path = Path(place.partition("::")[0])
    if path.name.startswith("test_lib_"):
        return LIB
    if path.parts[0] in odoo.ADDONS or "oracle" in path.parts:
        return ADDONS
    return SANDBOX if path.is_relative_to(SANDBOX_TESTS) else PROCESS


def _get_suite(place):
    """Return the suite of a place of tests; PostgreSQL has to run."""
    kind = _get_kind(place)
    addon = Path(place).parts[0]
    return TILL if kind == ADDONS and _needs_the_till(addon) else kind


def _needs_the_till(addon):
    """Tell whether an addon needs more than the other ones."""
    return addon in odoo.ADDONS and addon not in odoo.get_addons(
        odoo.template(TEST_MODULES)
    )


def _get_places(words):
    """Return the words that are places of tests, as paths below the root."""
    return [word for word in words if (ROOT / word.partition("::")[0]).exists()]


def _test(suite, words, lane=""):
    """Run tests of a suite, all of them where the words name none."""
    if not _get_places(words):
        words = [*_get_files(suite), *words]
    say(f"running the tests of the suite {suite}")
    if suite in (ADDONS, TILL):
        return _test_addons(suite, words, lane)
    plugins = ["-p", "no:odoo", *(() if suite == SANDBOX else NO_LEAKS)]
    if suite == LIB:
        plugins += ["-p", "wsts.plain_tests"]
    return run_pytest(*plugins, *words)


def _test_addons(suite, words, lane):
    """Run tests of the addons inside Odoo, in a new database."""
    modules = TILL_MODULES if suite == TILL else TEST_MODULES
    database = make_database(f"test_{suite}{lane}", modules, odoo.staged)
    code = run_pytest(
        *NO_LEAKS,
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


def _test_core(words):
    """Run Odoo's own suites with the addons; words are test tags in place of all.

    Only what does not fail without the addons counts.
    """
    database = make_database("core", CORE_MODULES)
    log = HOME / "logs" / f"{database}-core.log"
    log.unlink(missing_ok=True)
    say(f"running Odoo's own suites, about half an hour; {log} grows")
    words = ("--stop-after-init", f"--test-tags={','.join(words) or CORE_TAGS}")
    words += (f"--http-port={free_port()}", "-u", "website_sale,sale,delivery,payment")
    odoo.start_process(odoo.command(*words, database=database), log).wait()
    text = log.read_text(errors="replace")
    summary = re.findall(r"\d+ failed, \d+ error\(s\) of \d+ tests", text)
    if not summary:
        raise CannotGoOn("Odoo's own suites did not run to their end; see the log.")
    print(summary[-1])
    name = r": (?:FAIL|ERROR): (?:setUpClass \()?(?:\S+\.)?(\w+\.\w+)"
    failed = set(re.findall(name, text)) - set(CORE_BARE.read_text().split())
    for name in sorted(failed):
        print(f"fails with the addons only: {name}")
    return bool(failed)


def _run_lane(words):
    """Run the test files that no other lane runs, suite after suite."""
    lane, *words = words
    os.environ["WSTS_SHOP"] = f"process{lane}"  # each lane has a shop of its own
    codes = []
    lanes = QUICK_LANES if QUICK in words else LANES
    for suite in lanes[int(lane)]:
        if files := get_free(_get_files(suite)):
            codes.append(_test(suite, ["-p", "wsts.lane", *words, *files], lane))
    return 1 if any(code not in (0, NOTHING_TO_RUN) for code in codes) else 0


def _run_ring(words):
    """Run the quick ring, or everything, in lanes at once: each often waits."""
    is_all = ALL in words
    words = [word for word in words if word != ALL]
    ring = [*_get_seed(words), *words] if is_all else [QUICK, *words]
    beside = {}
    with tempfile.TemporaryDirectory(prefix="claims-", dir=HOME) as claims:
        os.environ["WSTS_CLAIMS"] = claims
        try:
            for number in range(1, len(LANES)):
                log = HOME / "logs" / f"{postgres.name_for(f'lane{number}')}.out"
                log.unlink(missing_ok=True)
                say(f"other tests run beside these: {log} grows")
                command = [sys.executable, "-m", "wsts.testrun", LANE, str(number)]
                beside[log] = odoo.start_process([*command, *ring], log)
            codes = [_run_lane(["0", *ring])]
            codes += [lane.wait() for lane in beside.values()]
        finally:
            for lane in beside.values():
                odoo.stop_process(lane)
        for log in beside:
            print(log.read_text(errors="replace"), flush=True)
        if any(codes):
            return 1
        if is_all and all(word.startswith("--seed") for word in words):
            store_durations(Path(claims))
    return 0


def _get_seed(words):
    """Return the argument with a new seed, and tell it, if the words have none."""
    if any(word.startswith("--seed") for word in words):
        return []
    seed = f"--seed={secrets.randbelow(10**6)}"
    say(f"what is random is new; {seed} repeats it")
    return [seed]


def _run_places(words):
    """Run the tests that are named and no others, suite after suite."""
    places = sorted(_get_places(words), key=_get_suite)
    others = [word for word in words if word not in places]
    codes = [
        _test(suite, [*of_suite, *others])
        for suite, of_suite in groupby(places, _get_suite)
    ]
    return 1 if any(codes) else 0


def _run_suite(words):
    """Run a suite that is named."""
    name, *words = words
    if name == CORE:
        return _test_core(words)
    if name == LANE:
        return _run_lane(words)
    if name == JS:
        return _test(ADDONS, [JS_TESTS, *words])
    suites = [name] if _get_places(words) or name != ADDONS else [ADDONS, TILL]
    return 1 if any([_test(suite, words) for suite in suites]) else 0


@contextmanager
def _databases():
    """Have PostgreSQL run, without the databases of clones that are gone."""
    with postgres.running():
        postgres.tidy()
        yield


def _are_plain(words):
    """Return True if the tests that are named need neither Odoo nor PostgreSQL."""
    kinds = set(map(_get_kind, _get_places(words)))
    if words[:1] in ([LIB], [SANDBOX]):
        kinds = {words[0]}
    return bool(kinds) and kinds <= {LIB, SANDBOX}


def main():
    """Run from the command line, see scripts/test."""
    words = sys.argv[1:]
    if words and words[0] in (LIB, ADDONS, PROCESS, SANDBOX, JS, CORE, LANE):
        run = _run_suite
    else:
        run = _run_places if _get_places(words) else _run_ring
    try:
        # PostgreSQL stays: other runs may use it.
        with nullcontext() if _are_plain(words) else _databases(), none_left():
            code = run(words)
    except CannotGoOn as problem:
        fail(problem)
    what = " ".join(words) or "the quick ring"
    say(f"failed: {what}" if code else f"all passed: {what}")
    raise SystemExit(1 if code else 0)


if __name__ == "__main__":
    main()
