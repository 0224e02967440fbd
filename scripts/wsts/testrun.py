# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Runs the tests: of the addons inside Odoo, across processes, of the sandbox, Odoo's.

The quick ring leaves out what is marked as full: ``@tagged("full")`` in the addons,
``pytest.mark.full`` elsewhere. Tests that are named are run, whatever their ring.
"""

import os
import re
import secrets
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import odoo, postgres
from .machine import (
    HOME,
    ROOT,
    CannotGoOn,
    facts,
    fail,
    free_port,
    say,
    told_every_ten_seconds,
)
from .offspring import none_left
from .rings import NOTHING_TO_RUN, PROGRESS, read_progress

SHOP_MODULES = (
    "website_sale",
    "website_sale_loyalty",
    "payment_demo",
    "payment_custom",
)
# What the tests of the addons need beside what the addons themselves need: with it,
# all addons are installed.
TEST_MODULES = (
    *SHOP_MODULES,
    "sale_management",
    "l10n_de",
    "l10n_pl",
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
ADDONS, PROCESS, SANDBOX, CORE, JS = "addons", "process", "sandbox", "core", "js"
SANDBOX_TESTS = "trustedshops_sandbox/tests"
FOLDERS = {
    ADDONS: [f"{addon}/tests" for addon in odoo.ADDONS],
    PROCESS: ["tests"],
    SANDBOX: [SANDBOX_TESTS],
}
# Of the addons, the ones that run the tests of all scripts.
JS_TESTS = "website_sale_trustedshops/tests/test_javascript.py"
# Each worker has a database of its own; a file is run by one of them.
WORKERS = ("-n", "2", "--dist", "loadfile")
# Its tests need nothing of one another, and keep a processor busy each.
ALONE = "tests/test_alone.py"
ALL = "--all"
# Failures of Odoo's own suites without our addons, one "Class.method" a line.
CORE_BARE = ROOT / "tests" / "core_bare.txt"


def _run_pytest(*words):
    """Run pytest and return its exit code; a skipped test counts as a failure."""
    # It ends with us, even when we are killed.
    command = ["setpriv", "--pdeathsig", "TERM", sys.executable, "-m", "pytest", "-qq"]
    command += ["-p", "wsts.rings", "-p", "no:cacheprovider"]
    # Tests are named as they can be given, whatever else is run.
    command += ["-o", "console_output_style=classic", f"--rootdir={ROOT}"]
    say("running the tests")
    environment = {
        **os.environ,
        "ODOO_RC": str(HOME / "odoo.conf"),
        "WSTS_CHROMIUM": facts()["chromium"],
    }
    return subprocess.run(
        [*command, *words], cwd=ROOT, env=environment, check=False
    ).returncode


def make_database(purpose, modules, template=odoo.installed):
    """Return a new database with modules of Odoo's own and our addons."""
    name = postgres.name_for(purpose)
    postgres.copy(template(modules), name)
    postgres.label(name)
    return name


def _get_suite(place):
    """Return the suite of a place of tests."""
    if place.startswith(SANDBOX_TESTS):
        return SANDBOX
    return ADDONS if Path(place).parts[0] in odoo.ADDONS else PROCESS


def _get_places(words):
    """Return the words that are places of tests, as paths below the root."""
    return [word for word in words if (ROOT / word.partition("::")[0]).exists()]


def _test(suite, words):
    """Run tests of a suite, all of them where the words name none.

    A secret or a buyer in a log of ours fails the run. pytest-odoo is for the addons.
    """
    if not _get_places(words):
        words = [*words, *FOLDERS[suite]]
    if suite == SANDBOX:
        return _run_pytest("-p", "no:odoo", *words)
    if suite == PROCESS:
        return _run_pytest("-p", "no:odoo", "-p", "wsts.no_leaks", *words)
    database = make_database("test", TEST_MODULES, odoo.staged)
    code = _run_pytest(
        *("-p", "wsts.no_leaks", "-p", "wsts.warm"),
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


def _get_seed(words):
    """Return the argument with a new seed, and tell it, if the words have none."""
    if any(word.startswith("--seed") for word in words):
        return []
    seed = f"--seed={secrets.randbelow(10**6)}"
    say(f"what is random is new; {seed} repeats it")
    return [seed]


def _list_calls(words):
    """Return what is run at once: lists of suites with words, one after the other.

    Tests across processes often wait, so they run beside those of the addons, but for
    those of each addon alone, which run when a processor is free. In the quick ring
    these and the sandbox, a program of its own, rest.
    """
    if words and words[0] in FOLDERS:
        suite, *rest = words
        is_all = suite == ADDONS and not _get_places(rest)
        return [[(suite, [*WORKERS, *rest] if is_all else rest)]]
    if words and words[0] == JS:
        return [[(ADDONS, [JS_TESTS, *words[1:]])]]
    if places := _get_places(words):
        others = [word for word in words if word not in places]
        by_suite = {suite: [] for suite in FOLDERS}
        for place in places:
            by_suite[_get_suite(place)].append(place)
        return [
            [(suite, [*others, *these]) for suite, these in by_suite.items() if these]
        ]
    rest = [word for word in words if word != ALL]
    if ALL not in words:
        rest += ["--quick"]
        return [[(ADDONS, [*WORKERS, *rest])], [(PROCESS, rest)]]
    rest += _get_seed(rest)
    alone = (PROCESS, ["-n", "2", *rest, ALONE])
    beside = [(PROCESS, [*rest, f"--ignore={ALONE}"]), (SANDBOX, rest)]
    return [[(ADDONS, [*WORKERS, *rest]), alone], beside]


def _run(words):
    """Run tests; return whether one failed, and what is told of them."""
    calls = _list_calls(words)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[PROGRESS] = folder

        def tell():
            told = read_progress(folder)
            failed = f", {told['failed']} failed" if told["failed"] else ""
            return f"{told['passed']} of {told['total']} tests passed{failed}"

        def run(call):
            return [_test(suite, these) for suite, these in call]

        with told_every_ten_seconds(tell), ThreadPoolExecutor() as pool:
            codes = {code for found in pool.map(run, calls) for code in found}
        # What further words choose may be in one suite alone.
        return 0 not in codes or not codes <= {0, NOTHING_TO_RUN}, tell()


def main():
    """Run from the command line, see scripts/test."""
    words = sys.argv[1:]
    try:
        # PostgreSQL stays: other runs may use it.
        with postgres.running(), none_left():
            postgres.tidy()
            if words[:1] == [CORE]:
                has_failed, told = _test_core(words[1:]), "Odoo's own suites"
            else:
                has_failed, told = _run(words)
    except CannotGoOn as problem:
        fail(problem)
    what = " ".join(words) or "the quick ring"
    say(f"{'failed' if has_failed else 'all passed'}: {what} ({told})")
    raise SystemExit(int(has_failed))


if __name__ == "__main__":
    main()
