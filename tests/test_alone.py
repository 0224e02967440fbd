# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each addon alone, with no other module than it needs, under Odoo's own runner."""

import os
import re
import subprocess

import pytest

from wsts import odoo, postgres
from wsts.machine import free_port

pytestmark = pytest.mark.full

# Of these only what the quick ring runs in whole classes: the others have the same
# set-up.
LARGE = ("website_sale_trustedshops", "website_sale_trustedshops_reviews")


@pytest.mark.parametrize("addon", odoo.ADDONS)
def test_the_tests_of_an_addon_pass_where_it_is_alone(addon):
    name = postgres.name_for("alone")
    postgres.copy(odoo.template(("website_sale",)), name)
    tags = f"/{addon},-full" if addon in LARGE else f"/{addon}"
    words = ("-i", addon, f"--test-tags={tags}", "--stop-after-init")
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
