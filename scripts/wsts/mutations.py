# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Small faults, and whether the tests or the oracle notice them.

``draw`` chooses them by a seed and lists them in tests/mutations.json; ``trace`` runs
the tests of the addons and notes which of them run which of these lines; ``run`` makes
one fault after the other in this clone, runs those tests, and notes which one fails.
``play`` does it with those of tests/oracle/mutations.json, which ``draw --oracle``
chooses, and compares the stories of their areas with a file of ``scripts/oracle``.
"""

import argparse
import ast
import functools
import itertools
import json
import os
import random
import re
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from . import odoo, oracle, postgres, testrun
from .machine import HOME, ROOT, CannotGoOn, fail, say

INSTALL = odoo.installed
INSTALLED = functools.cache(INSTALL)
LIST = ROOT / "tests" / "mutations.json"
TRACE = HOME / "mutations.json"
BASE, REVIEWS = "website_sale_trustedshops", "website_sale_trustedshops_reviews"
MONEY = (
    f"{BASE}/models/protection/fee_in_books.py",
    f"{BASE}/models/protection/statement.py",
    f"{BASE}/models/refund/refund.py",
    f"{BASE}/models/refund/late.py",
    f"{BASE}/models/sale/money.py",
    f"{BASE}/models/sale/placing.py",
    f"{BASE}/models/payment.py",
    f"{BASE}/models/invoice.py",
    f"{BASE}/models/fee_to_the_cent.py",
)
# How many faults of each area, and where it lies; the first with a file owns it.
AREAS = {
    "browser": (3, ("*/static/src/**/*.js",)),
    "pages and rights": (3, ("*/views/*.xml", "*/data/*.xml", "*/security/*.xml")),
    "plain code": (5, ("*/lib/*.py",)),
    "money": (
        7,
        (
            *MONEY,
            f"{BASE}/wizards/*.py",
            f"{BASE}_loyalty/**/*.py",
            f"{BASE}_pos/**/*.py",
        ),
    ),
    "protections": (
        7,
        (
            f"{BASE}/models/protection/*.py",
            f"{BASE}/models/batches.py",
            f"{BASE}/models/queue.py",
        ),
    ),
    "checkout": (5, (f"{BASE}/models/sale/*.py", f"{BASE}/controllers/*.py")),
    "consent": (
        4,
        (
            f"{REVIEWS}/models/consent/*.py",
            f"{REVIEWS}/controllers/*.py",
            f"{REVIEWS}/wizards/*.py",
        ),
    ),
    "withdrawals": (3, ("website_sale*withdrawal*/**/*.py",)),
    "reviews": (3, (f"{REVIEWS}*/**/*.py",)),
    "certificates": (3, (f"{BASE}/**/*.py",)),
}
ORACLE_LIST = ROOT / "tests" / "oracle" / "mutations.json"
# The same of what the oracle tells of, and the areas of its stories about that.
ORACLE_AREAS = {
    "money": (8, MONEY),
    "queue": (
        6,
        (
            f"{BASE}/models/queue.py",
            f"{BASE}/models/batches.py",
            f"{BASE}/models/protection/applying.py",
            f"{BASE}/models/protection/answers.py",
            f"{REVIEWS}/models/channel_queue.py",
            f"{REVIEWS}/models/invitation/sending.py",
        ),
    ),
    "consent": (6, (f"{REVIEWS}/models/consent/*.py",)),
}
STORIES = {
    "money": ("documents", "applications", "carts", "till", "consents"),
    "queue": ("applications", "invitations", "reviews"),
    "consent": ("consents", "invitations"),
}
# The tests of what no test run traces.
TESTS = {
    ".js": ("tests/test_*browser.py",),
    ".xml": ("*/tests/test_*.py", "tests/test_*browser.py"),
}
SWAPPED = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.In: (" in ", " not in "),
    ast.NotIn: (" not in ", " in "),
    ast.Is: (" is ", " is not "),
    ast.IsNot: (" is not ", " is "),
    ast.And: (" and ", " or "),
    ast.Or: (" or ", " and "),
}
# Of what is no Python: what is replaced, and by what.
PATTERNS = {
    ".js": ((" === ", " !== "), (" && ", " || "), (" || ", " && "), ("(!", "(")),
    ".xml": tuple(
        (rf' {name}="[^"]*"', "")
        for name in ("groups", "invisible", "readonly", "t-if")
    ),
}


def find_faults(path):
    """Return the faults that can be made in a file, a changed line each.

    :param pathlib.Path path: of a Python, JavaScript or XML file
    :return: number of the line, the line, and how it reads with the fault
    :rtype: list[tuple[int, str, str]]
    """
    text = path.read_text()
    lines = text.splitlines()
    if path.suffix == ".py":
        return sorted(set(_find_in_python(ast.parse(text), lines)))
    return [
        (number, line, changed)
        for number, line in enumerate(lines, 1)
        if not line.lstrip().startswith(("*", "//", "/*", "<!--"))
        for pattern, by in PATTERNS[path.suffix]
        for changed in _replace_each(line, pattern, by, path.suffix == ".xml")
    ]


def _replace_each(line, pattern, by, is_regex):
    """Yield a line with each place changed that a pattern finds."""
    for found in re.finditer(pattern if is_regex else re.escape(pattern), line):
        yield line[: found.start()] + by + line[found.end() :]


def _find_in_python(tree, lines):
    bodies = [
        statement
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for statement in function.body
        if ast.unparse(statement) != "self.ensure_one()"
    ]
    for node in itertools.chain.from_iterable(map(ast.walk, bodies)):
        for start, end, by in _find_of_node(node, lines):
            (row, first), (last_row, last) = start, end
            if row == last_row:
                line = lines[row - 1].encode()  # bytes are what ast counts
                yield (
                    row,
                    lines[row - 1],
                    (line[:first].decode() + by + line[last:].decode()),
                )


def _find_of_node(node, lines):
    """Yield what can be wrong at a node: begin, end and what stands there then."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield _swap(node.ops[0], node.left, node.comparators[0], lines)
    elif isinstance(node, ast.BoolOp):
        for left, right in zip(node.values, node.values[1:], strict=False):
            yield _swap(node.op, left, right, lines)
    elif isinstance(node, ast.If | ast.IfExp):
        begin, end = _get_place(node.test)
        if begin[0] == end[0]:
            said = lines[begin[0] - 1].encode()[begin[1] : end[1]].decode()
            yield begin, end, f"(not ({said}))"
    elif isinstance(node, ast.Constant):
        yield from _change_value(node)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield *_get_place(node), "pass"
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
        yield *_get_place(node), "pass"
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Call):
        yield *_get_place(node), "return None"


def _change_value(node):
    """Yield another value for a constant: 0 and 1 rarely are more than a flag."""
    if isinstance(node.value, bool):
        yield *_get_place(node), str(not node.value)
    elif isinstance(node.value, int) and node.value not in (0, 1):
        yield *_get_place(node), str(node.value + 1)


def _get_place(node):
    begin = node.lineno, node.col_offset
    return begin, (node.end_lineno, node.end_col_offset)


def _swap(operator, left, right, lines):
    """Return an operator's place, and what stands there when it is another one."""
    begin, end = _get_place(left)[1], _get_place(right)[0]
    between = lines[begin[0] - 1].encode()[begin[1] : end[1]].decode()
    was, by = SWAPPED[type(operator)]
    return begin, end, between.replace(was, by, 1)


def draw(seed, areas):
    """Choose faults over all areas.

    :param int seed: the same one chooses the same
    :param dict areas: as ``AREAS``
    :return: area, path, line, before and after of each
    :rtype: list[dict]
    :raise CannotGoOn: when a pattern of an area matches no file
    """
    chance = random.Random(seed)
    taken, drawn = set(), []
    for area, (count, patterns) in areas.items():
        files = set().union(*map(_find_files, patterns)) - taken
        taken |= files
        possible = {}
        for path in sorted(files):
            place = path.relative_to(ROOT)
            if "tests" not in place.parts:
                for line, before, after in find_faults(path):
                    possible.setdefault((str(place), line, before), []).append(after)
        for path, line, before in chance.sample(sorted(possible), count):
            after = chance.choice(possible[path, line, before])
            drawn.append(
                {
                    "area": area,
                    "path": path,
                    "line": line,
                    "before": before.strip(),
                    "after": after.strip(),
                }
            )
    return drawn


def _find_files(pattern):
    """Return the files of a pattern, and refuse one that matches none."""
    if files := set(ROOT.glob(pattern)):
        return files
    raise CannotGoOn(f"No file matches {pattern}; correct scripts/wsts/mutations.py.")


def trace(suites):
    """Note which tests run the lines of the faults.

    :param suites: of :mod:`wsts.testrun`
    """
    faults = json.loads(LIST.read_text())
    places = [get_place(fault) for fault in faults if fault["path"].endswith(".py")]
    if not TRACE.exists() or set(json.loads(TRACE.read_text())) != set(places):
        TRACE.write_text(json.dumps({place: [] for place in places}))
    os.environ["WSTS_TRACE"] = str(TRACE)
    for suite in suites:
        testrun._test(suite, ["-p", "wsts.tracer", f"--rootdir={ROOT}"])


def get_place(fault):
    """Return where a fault of the list is, as path and line."""
    return f"{fault['path']}:{fault['line']}"


def find_tests(fault):
    """Return the tests that may notice a fault.

    :param dict fault: of the list
    :return: places of tests
    :rtype: list[str]
    """
    place = get_place(fault)
    if place.partition(":")[0].endswith(".py"):
        return json.loads(TRACE.read_text())[place]
    patterns = TESTS[Path(fault["path"]).suffix]
    found = [path for pattern in patterns for path in ROOT.glob(pattern)]
    return sorted(str(path.relative_to(ROOT)) for path in found)


def run(fault, find):
    """Make a fault, and note what notices it.

    :param dict fault: of the list; gets ``noticed``: a test or a story, or ''
    :param find: returns that while the fault is made
    :raise CannotGoOn: when its line reads otherwise now
    """
    path = ROOT / fault["path"]
    text = path.read_text()
    lines = text.splitlines(keepends=True)
    if lines[fault["line"] - 1].strip() != fault["before"]:
        raise CannotGoOn(f"{fault['path']} changed; draw anew.")
    lines[fault["line"] - 1] = lines[fault["line"] - 1].replace(
        fault["before"], fault["after"]
    )
    # Python changes no database: the addons need not be installed again.
    odoo.installed = INSTALLED if path.suffix == ".py" else INSTALL
    try:
        path.write_text("".join(lines))
        fault["noticed"] = find()
    finally:
        path.write_text(text)


def check_record(file):
    """Refuse a record that lacks an area: all its stories would seem to differ.

    :param pathlib.Path file: of ``scripts/oracle record``
    :raise CannotGoOn: names the areas that are missing
    """
    recorded = {name.partition(":")[0] for name in oracle.read(file)}
    if missing := set(itertools.chain(*STORIES.values())) - recorded:
        areas = ", ".join(sorted(missing))
        raise CannotGoOn(f"{file} has no stories of {areas}; record all areas.")


def _find_story(area, file):
    """Return the first of the stories about an area that ends otherwise, '' if none.

    :param str area: of ``ORACLE_AREAS``
    :param str file: of ``scripts/oracle record``
    """
    os.environ["WSTS_ORACLE_UNTIL"] = str(Path(file).resolve())
    for stories in STORIES[area]:
        try:
            if differences := oracle.find_differences(Path(file), stories):
                return differences[0]
        except CannotGoOn:
            return f"{stories}: a story cannot be played any more."
    return ""


def _find_failure(words):
    """Return the first test that fails, '' if none does."""
    report = HOME / "logs" / f"{postgres.name_for('mutation')}.xml"
    places = sorted(testrun._get_places(words), key=testrun._get_suite)
    others = [word for word in words if word not in places]
    for suite, of_suite in itertools.groupby(places, testrun._get_suite):
        report.unlink(missing_ok=True)
        words = [*of_suite, *others, "-x", "-q", f"--junitxml={report}"]
        if testrun._test(suite, words) in (0, testrun.NOTHING_TO_RUN):
            continue
        # Without a report not even Odoo started.
        cases = report.exists() and ElementTree.parse(report).iter("testcase")
        for case in cases or ():
            if case.find("failure") is not None or case.find("error") is not None:
                return f"{case.get('classname')}.{case.get('name')}"
        return suite
    return ""


def main():
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/mutations",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=("draw", "trace", "run", "play"))
    parser.add_argument("--seed", type=int, default=26, help="to draw others")
    parser.add_argument("--oracle", action="store_true", help="draw those of play")
    parser.add_argument("--part", default="0/1", help="1/2: the odd ones")
    parser.add_argument("--only", help="the fault of this path:line alone")
    parser.add_argument("--missed", action="store_true", help="what none noticed yet")
    parser.add_argument(
        "places", nargs="*", help="tests in place of those traced; the file for play"
    )
    arguments = parser.parse_args()
    try:
        with postgres.running():
            _work(arguments)
    except CannotGoOn as problem:
        fail(problem)


def _work(arguments):
    if arguments.what == "draw":
        if arguments.oracle:
            return _store(draw(arguments.seed, ORACLE_AREAS), ORACLE_LIST)
        return _store(draw(arguments.seed, AREAS))
    if arguments.what == "trace":
        return trace(arguments.places or (testrun.LIB, testrun.ADDONS, testrun.TILL))
    for modules in (testrun.TEST_MODULES, testrun.TILL_MODULES):
        INSTALLED(modules)
    is_played = arguments.what == "play"
    if is_played:
        [file] = arguments.places
        check_record(Path(file))
    list_file = ORACLE_LIST if is_played else LIST
    faults = json.loads(list_file.read_text())
    first, step = map(int, arguments.part.split("/"))
    for fault in faults[first::step]:
        if arguments.only and get_place(fault) != arguments.only:
            continue
        if fault.get("noticed") or ("noticed" in fault and not arguments.missed):
            continue
        if is_played:
            run(fault, partial(_find_story, fault["area"], file))
        else:
            run(fault, partial(_find_failure, arguments.places or find_tests(fault)))
        noticed = fault["noticed"] or "NOTHING"
        say(f"{fault['path']}:{fault['line']}: noticed by {noticed}")
        _store(faults, list_file)


def _store(faults, file=LIST):
    file.write_text(json.dumps(faults, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
