# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The check of the pages that Odoo Apps shows of the addons."""

import shutil
import subprocess
import sys

import pytest

from wsts.machine import ROOT

pytestmark = pytest.mark.full

ADDON = "website_sale_trustedshops_loyalty"


@pytest.fixture
def check(tmp_path):
    """Return what puts words into an addon's page, and returns the faults it found."""
    addon = tmp_path / ADDON
    shutil.copytree(ROOT / ADDON, addon)
    page = addon / "static" / "description" / "index.html"

    def run(words="", gone=""):
        page.write_text(page.read_text() + words)
        if gone:
            (page.parent / gone).unlink()
        done = subprocess.run(
            [sys.executable, str(ROOT / "scripts" / "check_apps_pages"), str(tmp_path)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        faults = done.stdout.splitlines()
        assert done.returncode == bool(faults)
        return [fault.removeprefix(f"{ADDON}: ") for fault in faults]

    return run


@pytest.mark.parametrize(
    ("words", "faults"),
    [
        ("<p style='color: #123c4a'>Kept</p><img src='icon.png' alt='Shield'>", []),
        (
            "<style>p { color: red }</style>",
            ["<style> is dropped, or not known to be kept"],
        ),
        (
            "<p onclick='x()'>A</p>",
            ["onclick of <p> is dropped, or not known to be kept"],
        ),
        ("<p style='display: flex'>A</p>", ["style display: flex may be dropped"]),
        (
            "<p style='color: rgb(0, 0, 0)'>A</p>",
            ["style color: rgb(0, 0, 0) may be dropped"],
        ),
        ("<img src='icon.png'>", ["icon.png has no alt"]),
        ("<img src='gone.png' alt='A'>", ["gone.png is not beside the page"]),
        ("<img src='/x/icon.png' alt='A'>", ["/x/icon.png is not beside the page"]),
        (
            "<img src='https://shop.example/a.png' alt='A'>",
            ["https://shop.example/a.png is not beside the page"],
        ),
    ],
)
def test_only_what_odoo_apps_keeps_is_accepted(check, words, faults):
    assert check(words) == faults


@pytest.mark.parametrize(
    ("gone", "fault"),
    [
        ("index.html", "there is no index.html"),
        ("icon.png", "icon.png is not a PNG of 256 x 256"),
        ("banner.png", "banner.png is not a PNG of 1120 x 560"),
    ],
)
def test_page_icon_and_banner_are_there(check, gone, fault):
    assert check(gone=gone) == [fault]


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        (
            "index.html",
            "Not affiliated with Trusted Shops.",
            "",
            "below its title it does not say: Not affiliated with Trusted Shops.",
        ),
        (
            "index.html",
            "Loyalty for Trusted Shops</h2>",
            "Trusted Shops</h2>",
            "it does not begin with Loyalty for Trusted Shops",
        ),
        (
            "banner.svg",
            "Not affiliated with Trusted Shops",
            "",
            "the banner does not say: Not affiliated with Trusted Shops",
        ),
    ],
)
def test_page_and_banner_say_who_is_who(check, tmp_path, name, old, new, fault):
    path = tmp_path / ADDON / "static" / "description" / name
    path.write_text(path.read_text().replace(old, new))
    assert check() == [fault]


def test_an_addon_without_trusted_shops_need_not_say_who_is_who(check, tmp_path):
    folder = tmp_path / ADDON
    shutil.rmtree(folder)
    shutil.copytree(ROOT / "website_sale_withdrawal", folder)
    assert check() == []
    assert check("<p>It goes with Trusted Shops.</p>") == [
        "below its title it does not say: Not affiliated with Trusted Shops.",
        "the banner does not say: Not affiliated with Trusted Shops",
    ]


def test_the_page_of_an_app_answers_questions(check, tmp_path):
    manifest = tmp_path / ADDON / "__manifest__.py"
    text = manifest.read_text().replace('"depends"', '"application": True, "depends"')
    manifest.write_text(text)
    assert check() == [
        "no answer to: What does it do?",
        "no answer to: Which contract does it need?",
        "no answer to: Where does it run?",
        "no answer to: What does it cost per order?",
        "no answer to: What about updates?",
        "no answer to: Who helps?",
        "no answer to: Is it proven?",
    ]
    assert check("<strong>Who helps?</strong>").count("no answer to: Who helps?") == 0


def test_a_picture_that_no_page_shows_is_no_load_for_the_addon(check, tmp_path):
    folder = tmp_path / ADDON / "static" / "description"
    shutil.copy(folder / "icon.png", folder / "left_over.png")
    assert check() == ["left_over.png is on no page"]
