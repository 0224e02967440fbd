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
# The bridge to the point of sale would bring the till and the stock into every test.
POS_BRIDGE = "website_sale_trustedshops_pos"
POS_MODULES = (*TEST_MODULES, "pos_sale")
# What the stored result of the bare package was made with.
CORE_MODULES = (*SHOP_MODULES, "website_sale_stock")
CORE_TAGS = (
    "/website_sale,/website_sale_loyalty,/sale_loyalty,/sale,/delivery,/payment,"
    "/website_sale_stock,/account_payment"
)
# What the lanes share out among them: so each takes about as long as the others.
BROWSER_TESTS = tuple(
    f"tests/test_{name}.py"
    for name in (
        "badge_browser",
        "certificates",
        "classic_browser",
        "insured_order",
        "offer_browser",
        "snippets_browser",
        "ways_to_pay",
        "website_check_browser",
    )
)
SLOW_ADDON_TESTS = tuple(
    f"{odoo.ADDONS[0]}/tests/test_{name}.py"
    for name in (
        "snippets",
        "staff_tours",
        "stories",
        "tick_http",
        "tours",
        "ways_to_pay_http",
    )
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


def make_database(purpose, modules):
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
    odoo.run("-i", ",".join(_get_addons(modules)), *words, database=name)
    postgres.label(name)
    return name


def _get_addons(modules):
    """Return our addons that go with modules of Odoo's own."""
    return [
        addon for addon in odoo.ADDONS if addon != POS_BRIDGE or "pos_sale" in modules
    ]


def test_addons(words):
    """Run the tests of the addons with pytest-odoo.

    :param list[str] words: further arguments of pytest; without places all tests run
    :return: exit code
    :rtype: int
    """
    places = [word for word in words if not word.startswith("-")]
    at_the_till = [place for place in places if place.startswith(POS_BRIDGE)]
    if places:
        modules = POS_MODULES if at_the_till else TEST_MODULES
        return _test_addons(words, modules)
    return max(
        _test_addons(
            [*(f"{addon}/tests" for addon in _get_addons(TEST_MODULES)), *words]
        ),
        _test_till_bridge(words),
    )


def _test_till_bridge(words):
    return _test_addons(
        [f"{POS_BRIDGE}/tests", *words], POS_MODULES, "test_till_bridge"
    )


def _test_addons(words, modules=TEST_MODULES, purpose="test"):
    """Run tests of the addons in a new database.

    :param list[str] words: arguments of pytest, with the places of the tests
    :param tuple[str] modules: Odoo's own
    :param str purpose: names the database
    :return: exit code
    :rtype: int
    """
    database = make_database(purpose, modules)
    say("running the tests of the addons")
    code = _pytest(
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
    places = [] if any(not word.startswith("-") for word in words) else ["tests"]
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


def _test_first(words):
    ignored = [f"--ignore={path}" for path in SLOW_ADDON_TESTS]
    return _test_addons([f"{odoo.ADDONS[0]}/tests", *ignored, *words])


def _test_browsers(words):
    os.environ["WSTS_SHOP"] = "browsers"  # each lane has a shop of its own
    codes = [
        test_process([*words, *BROWSER_TESTS]),
        _test_addons(
            [*(f"{addon}/tests" for addon in _get_addons(TEST_MODULES)[1:]), *words],
            purpose="test_bridges",
        ),
        _test_till_bridge(words),
    ]
    return max(codes)


def _test_others(words):
    ignored = [f"--ignore={path}" for path in BROWSER_TESTS]
    codes = [
        test_process([*words, *ignored]),
        _test_addons([*words, *SLOW_ADDON_TESTS], purpose="test_slow"),
    ]
    return max(codes)


def _run_all(words):
    """Run everything in three lanes at the same time: each often waits.

    :param list[str] words: further arguments of pytest
    :return: exit code
    :rtype: int
    """
    beside = {}
    try:
        for lane in (BROWSERS, OTHERS):
            log = HOME / "logs" / f"{postgres.name_for(lane)}.out"
            log.unlink(missing_ok=True)
            say(f"beside the main addon other tests run: {log} grows")
            command = [sys.executable, "-m", "wsts.testrun", lane, *words]
            beside[log] = odoo.start_process(command, log)
        codes = [_test_first(words), *(lane.wait() for lane in beside.values())]
    finally:
        for lane in beside.values():
            odoo.stop_process(lane)
    for log in beside:
        print(log.read_text(errors="replace"), flush=True)
    return max(codes)


# Two of the three lanes of what runs by default.
BROWSERS, OTHERS = "browsers", "others"
SUITES = {
    "addons": test_addons,
    "process": test_process,
    "core": test_core,
    BROWSERS: _test_browsers,
    OTHERS: _test_others,
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
