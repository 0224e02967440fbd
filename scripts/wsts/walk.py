# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Count what a reader goes through who follows a test from one function to another."""

import argparse
import os
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from .machine import ROOT

TEST = "website_sale_trustedshops/tests/test_protection_refund.py"
NAME = "test_the_provider_is_asked_by_the_queue_and_not_by_the_button"


def main():
    """Run the test, and print where it went."""
    parser = argparse.ArgumentParser(
        prog="scripts/walk",
        description="Runs a test and lists the functions of the product in the order in"
        " which they are first visited. Prints how many files they are in, and how"
        " often the next one lies in another file.",
    )
    parser.add_argument("path", nargs="?", default=TEST, help="file of the test")
    parser.add_argument("name", nargs="?", default=NAME, help="name of the test")
    parser.add_argument("--begin", default="action_refund_fee", help="first function")
    parser.add_argument("--end", default="_send_refund_request", help="last function")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "walk"
        environment = {
            **os.environ,
            "PYTEST_ADDOPTS": f"-p wsts.walker -k {words.name}",
            "WSTS_WALK": f"{words.begin}:{words.end}:{report}",
        }
        command = [ROOT / "scripts" / "test", words.path]
        done = subprocess.run(command, env=environment, check=False)
        if done.returncode or not report.exists():
            return "The test failed, or does not go there."
        visits = [line.split() for line in report.read_text().splitlines()]
    for path, function in visits:
        print(f"{path}  {function}")
    files = [path for path, _function in visits]
    switches = sum(before != after for before, after in pairwise(files))
    print(f"files {len(set(files))}, switches {switches}")
    return None


if __name__ == "__main__":
    sys.exit(main())
