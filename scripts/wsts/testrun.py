# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Runs the tests: of the addons inside Odoo, across processes, Odoo's own."""

import os
import re
import subprocess
import sys

from . import odoo, postgres
from .machine import HOME, ROOT, CannotGoOn, facts, fail, free_port, say

SHOP_MODULES = (
    "website_sale",
    "website_sale_loyalty",
    "payment_demo",
    "payment_custom",
)
# The charts of accounts in which the set-up of the fee is tried.
TEST_MODULES = (*SHOP_MODULES, "sale_management", "l10n_de", "l10n_pl")
# What the stored result of the bare package was made with.
CORE_MODULES = (*SHOP_MODULES, "website_sale_stock")
CORE_TAGS = (
    "/website_sale,/website_sale_loyalty,/sale_loyalty,/sale,/delivery,/payment,"
    "/website_sale_stock,/account_payment"
)
# Failures of Odoo's own suites without our addons, one "Class.method" a line.
CORE_BARE = ROOT / "tests" / "core_bare.txt"


def _pytest(*words):
    """Run pytest; a skipped test and a leak in a log count as failures.

    :param words: arguments
    :return: exit code
    :rtype: int
    """
    command = [
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


def _make_database(purpose, modules):
    """Return a new database with modules of Odoo's own and our addons.

    :param str purpose: names the database of this clone
    :param tuple[str] modules: technical names
    :rtype: str
    """
    template = odoo.template(modules)
    name = postgres.name_for(purpose)
    say("installing the addons")
    postgres.copy(template, name)
    (HOME / "logs" / f"{name}.log").unlink(missing_ok=True)
    words = ("--stop-after-init", "--no-http", "--log-level=warn")
    odoo.run("-i", ",".join(odoo.ADDONS), *words, database=name)
    postgres.label(name)
    return name


def test_addons(words):
    """Run the tests of the addons with pytest-odoo.

    :param list[str] words: further arguments of pytest
    :return: exit code
    :rtype: int
    """
    database = _make_database("test", TEST_MODULES)
    say("running the tests of the addons")
    places = [] if any(not word.startswith("-") for word in words) else odoo.ADDONS
    code = _pytest(
        f"--odoo-database={database}",
        "--odoo-http",
        f"--odoo-addons-path={ROOT}",
        f"--odoo-extra=data-dir={HOME / 'data'}",
        *(f"{addon}/tests" for addon in places),
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
    places = [] if any(not word.startswith("-") for word in words) else ["tests"]
    return _pytest("-p", "no:odoo", *places, *words)


def test_core(words):
    """Run Odoo's own suites with the addons and compare with the bare package.

    :param list[str] words: Odoo's test tags in place of all suites
    :return: 0 when nothing fails that does not fail without the addons
    :rtype: int
    """
    database = _make_database("core", CORE_MODULES)
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


def _run_beside(first, second, words):
    """Run two suites at the same time, each mostly waits for something else.

    :param str first: prints as it goes
    :param str second: its output follows when both have ended
    :param list[str] words: further arguments of pytest, for both
    :return: their exit codes
    :rtype: list[int]
    """
    log = HOME / "logs" / f"{postgres.name_for(second)}.out"
    log.unlink(missing_ok=True)
    say(f"beside this the other suite runs: {log} grows")
    beside = odoo.start_process(
        [sys.executable, "-m", "wsts.testrun", second, *words], log
    )
    try:
        codes = [SUITES[first](words), beside.wait()]
    finally:
        odoo.stop_process(beside)
    print(log.read_text(errors="replace"), flush=True)
    return codes


SUITES = {"addons": test_addons, "process": test_process, "core": test_core}


def main():
    """Run from the command line: ``[addons|process|core] [pytest arguments]``."""
    words = sys.argv[1:]
    chosen = [words.pop(0)] if words and words[0] in SUITES else ["addons", "process"]
    try:
        with postgres.running():
            postgres.tidy()
            if len(chosen) == 1:
                codes = [SUITES[chosen[0]](words)]
            else:
                codes = _run_beside(*chosen, words)
    except CannotGoOn as problem:
        fail(problem)
    failed = [name for name, code in zip(chosen, codes, strict=True) if code]
    say(
        f"failed: {', '.join(failed)}" if failed else f"{', '.join(chosen)}: all passed"
    )
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
