# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each addon alone, with no other module than it needs, under Odoo's own runner."""

import ast
import os
import re
import subprocess

import pytest

from wsts import odoo, postgres
from wsts.machine import ROOT, free_port

pytestmark = pytest.mark.full

# Of these one test of each class: the others have the same set-up.
LARGE = (
    "website_sale_trustedshops",
    "website_sale_trustedshops_reviews",
    "website_sale_withdrawal",
)


def list_first_tests(addon):
    """Return the tags of the first test of each class of an addon."""
    tags = []
    for path in sorted((ROOT / addon / "tests").glob("test_*.py")):
        for node in ast.parse(path.read_text()).body:
            names = (getattr(each, "name", "") for each in getattr(node, "body", ()))
            first = next((name for name in names if name.startswith("test_")), None)
            tags += [f"/{addon}:{node.name}.{first}"] if first else []
    return tags


@pytest.mark.parametrize("addon", odoo.ADDONS)
def test_the_tests_of_an_addon_pass_where_it_is_alone(addon):
    name = postgres.name_for("alone")
    postgres.copy(odoo.template(("website_sale",)), name)
    tags = list_first_tests(addon) if addon in LARGE else [f"/{addon}"]
    words = ("-i", addon, f"--test-tags={','.join(tags)}", "--stop-after-init")
    words += (f"--http-port={free_port()}", "--log-level=warn")
    words += ("--log-handler=odoo.tests.result:INFO",)
    done = subprocess.run(
        odoo.command(*words, database=name),
        env={**os.environ, "WSTS_RING": "quick"},
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
