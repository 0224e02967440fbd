# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each addon alone, with no other module than it needs, under Odoo's own runner."""

import ast
import re
import subprocess

import pytest

from wsts import odoo, postgres
from wsts.machine import ROOT, free_port

pytestmark = pytest.mark.full


def list_first_tests(addon):
    """Return the tags of the first test of each file that is in the quick ring.

    The other tests of a file use the same modules. Pages are left to the tests with a
    browser, in shops with few modules: here, Odoo would first make every bundle.
    """
    paths = sorted((ROOT / addon / "tests").glob("test_*.py"))
    # HttpCase, or a class of ours whose name says that it is one.
    sources = [source for path in paths if "HttpC" not in (source := path.read_text())]
    return [tag for source in sources for tag in _list_quick_tags(addon, source)[:1]]


def _list_quick_tags(addon, source):
    """Return the tags of the first quick test of each class of a file."""
    return [
        f"/{addon}:{node.name}.{names[0]}"
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and (names := _get_quick_tests(node))
    ]


def _get_quick_tests(node):
    """Return the tests of a class that are in the quick ring, as its source says."""
    if "tagged('full')" not in map(ast.unparse, node.decorator_list):
        names = [getattr(each, "name", "") for each in node.body]
        return [name for name in names if name.startswith("test_")]
    for each in node.body:
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "QUICK":
            return ast.literal_eval(each.value)
    return []


@pytest.mark.parametrize("addon", odoo.ADDONS)
def test_the_tests_of_an_addon_pass_where_it_is_alone(addon):
    name = postgres.name_for(f"alone_{addon}")
    postgres.copy(odoo.template(("website_sale",)), name)
    tags = ",".join(list_first_tests(addon))
    words = ("-i", addon, f"--test-tags={tags}", "--stop-after-init")
    words += (f"--http-port={free_port()}", "--log-level=warn")
    words += ("--log-handler=odoo.tests.result:INFO",)
    done = subprocess.run(
        odoo.command(*words, database=name),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(done.stdout)
    assert not re.findall(r" (?:ERROR|CRITICAL) ", done.stdout)
    [[failed, errors, count]] = re.findall(
        r"(\d+) failed, (\d+) error\(s\) of (\d+) tests", done.stdout
    )
    assert (failed, errors, done.returncode) == ("0", "0", 0)
    assert int(count) > 0
    postgres.drop(name)
