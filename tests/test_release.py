# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a release consists of: wheels that Odoo finds, and a tree for Odoo Apps."""

import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from wsts import odoo
from wsts.machine import ROOT

pytestmark = pytest.mark.full

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


def release(folder, code=0):
    """Have a clone make a release, and return its last words."""
    done = subprocess.run(
        [folder / "scripts" / "release"], capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    return (done.stdout if code == 0 else done.stderr).strip()


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


def test_a_release_has_wheels_that_odoo_finds_and_a_tree_for_odoo_apps(tmp_path):
    words = ["git", "clone", "--quiet", "--shared", str(ROOT), str(tmp_path / "clone")]
    subprocess.run(words, check=True)
    folder = tmp_path / "clone"
    assert "\nmaintainers = []" in release(folder)  # not for publication
    wheels = sorted((folder / "dist" / "wheels").iterdir())
    assert [wheel.name for wheel in wheels] == [
        f"odoo_addon_{addon}-19.0.1.0.0-py3-none-any.whl" for addon in odoo.ADDONS
    ]
    with zipfile.ZipFile(wheels[0]) as content:
        names = content.namelist()
        [path] = [name for name in names if name.endswith("/METADATA")]
        said = content.read(path).decode().splitlines()
    assert not [name for name in names if "/tests/" in name]
    needed = (ROOT / "requirements.txt").read_text().split()
    assert {f"Requires-Dist: {name}" for name in needed} < {*said}
    site_packages = install(tmp_path / "venv", wheels)
    found = subprocess.check_output(
        [tmp_path / "venv" / "bin" / "python", "-c", FIND.format(names=odoo.ADDONS)],
        cwd=tmp_path,
        env={"HOME": str(tmp_path)},
        text=True,
    )
    paths = [site_packages / "odoo" / "addons" / addon for addon in odoo.ADDONS]
    assert found.split() == [str(path) for path in paths]
    tree = folder / "dist" / "apps"
    names = {path.name for path in tree.iterdir()}
    assert names == {*odoo.ADDONS, "LICENSE", "README.rst", "docs", "requirements.txt"}
    assert [path for path in tree.rglob("*") if path.is_symlink()] == []
    (folder / "new").touch()
    refused = "something is not committed; git status says what."
    assert release(folder, 1).endswith(refused)
