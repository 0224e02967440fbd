# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a release consists of: wheels that Odoo finds, a tree for Odoo Apps, checks."""

import ast
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from wsts import odoo
from wsts.machine import ROOT

pytestmark = pytest.mark.full

# Bytes of a wheel at most beside its translations, of the first addon and of each
# other, and of a translation: with each language a wheel grows by what it has to say.
LARGEST, LARGEST_OF_OTHERS = 400_000, 240_000
LARGEST_TRANSLATION = 52_000
ICON = "static/description/icon.png"
# What an Odoo finds that was told no folder of addons. It runs without packaging, which
# Odoo does not need: then what it depends on must be bare names.
FIND = """
import sys
sys.modules["packaging.requirements"] = None
from odoo.addons.website_sale_trustedshops.lib import client
from odoo.addons.website_sale_trustedshops_reviews.lib import etrusted
from odoo.modules.module import Manifest, initialize_sys_path
initialize_sys_path()
for name in {names}:
    manifest = Manifest.for_addon(name)
    manifest.check_manifest_dependencies()
    print(manifest.path)
"""


PUBLISHER = """
author = "Ada"
development_status = "Beta"
maintainers = ["ada"]
support = "merchants@shop.example"
website = "https://shop.example"
"""


def git(folder, *words):
    words = ("git", "-c", "user.name=T", "-c", "user.email=t@shop.example", *words)
    subprocess.run(words, cwd=folder, check=True, capture_output=True)


def read_manifest(addon):
    return ast.literal_eval((addon / "__manifest__.py").read_text())


def commit(folder):
    git(folder, "commit", "--quiet", "--all", "--message=Change something")


def release(folder, code=0):
    """Have a clone make a release, and return its last lines of words."""
    done = subprocess.run(
        [folder / "scripts" / "release"], capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    return (done.stdout if code == 0 else done.stderr).strip()


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """Return a clone that was released, but for what only the owner can fill in."""
    folder = clone(tmp_path_factory.mktemp("released"))
    release(folder)
    return folder


@pytest.fixture(scope="module")
def wheels(released):
    """Return the wheels of what is committed."""
    return sorted((released / "dist" / "wheels").iterdir())


def clone(folder):
    git(folder, "clone", "--quiet", "--shared", str(ROOT), "clone")
    return folder / "clone"


def test_a_wheel_asks_pip_for_the_oldest_versions_that_do(wheels):
    with zipfile.ZipFile(wheels[0]) as content:
        [path] = [name for name in content.namelist() if name.endswith("/METADATA")]
        said = content.read(path).decode().splitlines()
    needed = (ROOT / "requirements.txt").read_text().split()
    assert {f"Requires-Dist: {name}" for name in needed} < {*said}


def test_odoo_finds_the_addons_of_the_wheels_in_a_fresh_environment(wheels, tmp_path):
    assert len(wheels) == len(odoo.ADDONS)
    for addon, wheel in zip(odoo.ADDONS, wheels, strict=True):
        version = read_manifest(ROOT / addon)["version"]
        assert wheel.name == f"odoo_addon_{addon}-{version}-py3-none-any.whl"
        most = LARGEST if addon == odoo.ADDON else LARGEST_OF_OTHERS
        with zipfile.ZipFile(wheel) as content:
            translations = [
                file.compress_size
                for file in content.infolist()
                if file.filename.endswith(".po")
            ]
            assert max(translations) <= LARGEST_TRANSLATION, wheel
            assert wheel.stat().st_size - sum(translations) <= most, wheel
            assert not [name for name in content.namelist() if "/tests/" in name]
            for name in ("LICENSE", "README.rst", ICON):
                path = f"odoo/addons/{addon}/{name}"
                assert content.read(path) == (ROOT / addon / name).read_bytes()
        assert "\nChangelog\n" in (ROOT / addon / "README.rst").read_text()
    site_packages = install(tmp_path / "venv", wheels)
    python = tmp_path / "venv" / "bin" / "python"
    found = subprocess.run(
        [python, "-c", FIND.format(names=odoo.ADDONS)],
        cwd=tmp_path,
        env={"HOME": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = [site_packages / "odoo" / "addons" / addon for addon in odoo.ADDONS]
    assert found.split() == [str(path) for path in paths]


def install(venv, wheels):
    """Make an environment in which Odoo is installed, and install the wheels there.

    :return: the folder of its packages
    :rtype: pathlib.Path
    """
    words = ["-m", "venv", "--system-site-packages", "--without-pip", venv]
    subprocess.run([sys.executable, *words], check=True)
    [site_packages] = venv.glob("lib/python*/site-packages")
    [odoo_folder] = {
        Path(path).parent
        for path in find_spec("odoo").submodule_search_locations
        if (Path(path) / "release.py").exists()
    }
    (site_packages / "odoo.pth").write_text(f"{odoo_folder}\n")
    words = ["-m", "pip", f"--python={venv}", "install", "--quiet", "--no-deps"]
    subprocess.run([sys.executable, *words, "--no-index", *wheels], check=True)
    return site_packages


def test_the_tree_for_odoo_apps_has_addons_and_no_manifest_beside_them(released):
    tree = released / "dist" / "apps"
    names = {path.name for path in tree.iterdir()}
    assert names == {*odoo.ADDONS, "LICENSE", "README.rst", "docs", "requirements.txt"}
    assert [path for path in tree.rglob("*") if path.is_symlink()] == []


def test_what_odoo_apps_would_drop_or_miss_stops_a_release(first):
    folder = first / odoo.ADDON / "static" / "description"
    (folder / "banner.png").unlink()
    page = (folder / "index.html").read_text()
    page += '<p style="position: fixed"><img src="../docs/pictures/account.png" /></p>'
    (folder / "index.html").write_text(page)
    commit(first)
    words = [sys.executable, first / "scripts" / "check_apps"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == [
        f"{odoo.ADDON} has no banner.png",
        f"{odoo.ADDON} has no account.png",
        f"{odoo.ADDON} has a page that loses style position:fixed",
    ]
    assert release(first, 1).endswith("Odoo Apps would refuse it; see above.")
    assert not (first / "dist" / "wheels").exists()


def publish(folder):
    """Fill in who publishes the addons of a clone."""
    (folder / "publisher.toml").write_text(PUBLISHER)
    make_manifests(folder)


def make_manifests(folder):
    words = [sys.executable, str(ROOT / "scripts" / "make_manifests"), str(folder)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


@pytest.fixture
def first(tmp_path):
    """Return a clone that can be released for the first time."""
    folder = clone(tmp_path)
    publish(folder)
    commit(folder)
    return folder


def test_what_only_the_owner_can_fill_in_marks_a_release(released, first):
    mark = (released / "dist" / "NOT_FOR_PUBLICATION.txt").read_text()
    assert mark.splitlines() == [
        "Not for publication. The owner fills in, in publisher.toml:",
        "",
        "# Logins of those who decide about changes.",
        "maintainers = []",
        "# E-mail address for questions of merchants.",
        'support = ""',
        "# Address of the repository: git clone takes it.",
        'website = ""',
    ]
    assert "Not for publication" not in release(first)
    dist = first / "dist"
    assert sorted(path.name for path in dist.iterdir()) == ["apps", "wheels"]


def test_what_is_not_committed_or_not_told_stops_a_release(first):
    history = first / odoo.ADDON / "readme" / "HISTORY.md"
    history.write_text(f"## 19.0.2.0.0 (2027-01-01)\n\n{history.read_text()}")
    assert release(first, 1).endswith(
        "something is not committed; git status says what."
    )
    commit(first)
    missing = f"{odoo.ADDON}/readme/HISTORY.md does not begin with 19.0.1.0.0."
    assert release(first, 1).endswith(missing)
    assert not (first / "dist").exists()


def test_manifests_say_what_the_publisher_says(first):
    manifest = first / odoo.ADDON / "__manifest__.py"
    before = manifest.read_text()
    said = ast.literal_eval(before)
    assert {name: said[name] for name in ("author", "maintainers", "support")} == {
        "author": "Ada",
        "maintainers": ["ada"],
        "support": "merchants@shop.example",
    }
    # However they are laid out.
    manifest.write_text(before.replace('["ada"],', '[\n        "ada",\n    ],'))
    assert make_manifests(first) == []
    text = PUBLISHER.replace('["ada"]', '["ada", "bob"]').replace('"Beta"', '""')
    (first / "publisher.toml").write_text(text)
    assert make_manifests(first) == [
        f"{addon}/__manifest__.py is written anew" for addon in odoo.ADDONS
    ]
    after = before.replace('["ada"]', '["ada", "bob"]')
    after = after.replace('    "development_status": "Beta",\n', "")
    assert manifest.read_text() == after


def test_the_readme_promises_no_address_that_is_empty(first):
    readme = first / "README.rst"
    clone = "    git clone https://shop.example trustedshops-odoo\n"
    addresses = "Questions and faults: merchants@shop.example, https://shop.example\n"
    assert readme.read_text().count(clone) == 2
    assert f"\nHelp\n====\n\n{addresses}\nLicence\n" in readme.read_text()
    empty = PUBLISHER.replace("merchants@shop.example", "")
    (first / "publisher.toml").write_text(empty.replace("https://shop.example", ""))
    assert make_manifests(first) == [
        *(f"{addon}/__manifest__.py is written anew" for addon in odoo.ADDONS),
        "README.rst is written anew",
    ]
    assert "git clone" not in readme.read_text()
    assert "Questions and faults" not in readme.read_text()
