# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Makes a release of what is committed, in dist/: wheels, and a tree for Odoo Apps.

The tree is what a branch for apps.odoo.com contains: the addons at the top, and no
link __manifest__.py beside them, which would count as an addon that is broken.
"""

import argparse
import ast
import io
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

from lxml import html

from odoo.tools.mail import html_sanitize

from .machine import ROOT, CannotGoOn, fail, say

# Characters of a name that Odoo Apps take.
LONGEST_NAME = 25
# What changes nothing for whoever uses an addon.
NOT_RELEASED = ("tests", "static/tests")
# Says who publishes the addons: values of their manifests, and what each must be.
PUBLISHER = "publisher.toml"
WANTED = {
    "author": "who holds the copyright",
    "development_status": "Beta, or Production/Stable",
    "maintainers": "the logins of those who decide about changes",
    "support": "the e-mail address that answers merchants",
    "website": "the address of the repository",
}
# In dist/ while the owner has something to fill in.
DRAFT = "NOT_FOR_PUBLICATION.txt"
# Beside the addons in the tree for Odoo Apps.
SHARED = ("LICENSE", "README.rst", "docs", "requirements.txt")


def run(root, *words, **options):
    """Run a program in a clone, and return what it prints.

    :param pathlib.Path root: of the clone
    :param str words: program and arguments
    :param options: others of ``subprocess.run``
    :rtype: str or bytes
    :raise CannotGoOn: when it fails
    """
    options = {"text": True, **options}
    done = subprocess.run(words, cwd=root, capture_output=True, check=False, **options)
    if done.returncode:
        raise CannotGoOn(f"{' '.join(words[:3])} failed: {done.stderr.strip()}")
    return done.stdout


def get_addons(root):
    """Return the folders of the addons.

    :rtype: list[pathlib.Path]
    """
    manifests = root.glob("website_sale_*/__manifest__.py")
    return sorted(path.parent for path in manifests)


def read_manifest(addon):
    """Return the manifest of an addon.

    :param pathlib.Path addon: its folder
    :rtype: dict
    """
    return ast.literal_eval((addon / "__manifest__.py").read_text())


def find_problems(root):
    """Return what has to be mended before a release, one sentence each.

    :param pathlib.Path root: of the clone
    :rtype: list[str]
    """
    problems = []
    if run(root, "git", "status", "--porcelain"):
        problems.append("Something is not committed; git status says what.")
    for addon in get_addons(root):
        history = (addon / "readme" / "HISTORY.md").read_text()
        version = read_manifest(addon)["version"]
        newest = re.search(r"^## (\S+) \(\d{4}-\d\d-\d\d\)$", history, re.MULTILINE)
        if not newest or newest[1] != version:
            problems.append(f"{addon.name} has no HISTORY.md of {version}.")
    return problems


def find_open_fields(root):
    """Return what only the owner can fill in before a publication, one sentence each.

    :param pathlib.Path root: of the clone
    :rtype: list[str]
    """
    publisher = tomllib.loads((root / PUBLISHER).read_text())
    return [
        f"{PUBLISHER} has no {name}: set {what}, and run scripts/make_manifests."
        for name, what in WANTED.items()
        if not publisher.get(name)
    ]


def build_wheels(root, folder):
    """Build a wheel of each addon, without what only its makers and Odoo Apps need.

    In place of that page Odoo shows the README to whoever installed the wheel.

    :param pathlib.Path root: of the clone
    :param pathlib.Path folder: where to put them
    :return: the files
    :rtype: list[pathlib.Path]
    """
    words = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps")
    words += ("--no-build-isolation", f"--wheel-dir={folder}")
    # In a folder of git's, whool takes what git knows.
    with tempfile.TemporaryDirectory() as elsewhere:
        tree = Path(elsewhere, "tree")
        build_tree(root, tree)
        addons = get_addons(tree)
        for addon in addons:
            for place in NOT_RELEASED:
                shutil.rmtree(addon / place, ignore_errors=True)  # some have one only
            shutil.rmtree(addon / "readme")  # of which README.rst was made
            for path in addon.glob("i18n/*.pot"):
                path.unlink()
            for path in (addon / "static" / "description").iterdir():
                if path.name != "icon.png":
                    path.unlink()
        run(root, *words, *map(str, addons))
    return sorted(Path(folder).glob("*.whl"))


def build_tree(root, folder):
    """Write the tree for Odoo Apps, with files in place of links.

    :param pathlib.Path root: of the clone
    :param pathlib.Path folder: where to put it
    """
    paths = [addon.name for addon in get_addons(root)]
    archive = run(root, "git", "archive", "HEAD", *paths, *SHARED, text=False)
    links = Path(folder).with_suffix(".links")
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(links, filter="data")
    shutil.copytree(links, folder)
    shutil.rmtree(links)


def find_faults(tree):
    """Return what Odoo Apps would not take, or not show, one sentence each.

    :param pathlib.Path tree: see :func:`build_tree`
    :rtype: list[str]
    """
    faults = []
    for addon in get_addons(tree):
        manifest, folder = read_manifest(addon), addon / "static" / "description"
        if len(manifest["name"]) > LONGEST_NAME:
            faults.append(f"The name of {addon.name} has more than {LONGEST_NAME}.")
        page = (folder / "index.html").read_text()
        images = [addon / image for image in manifest["images"]]
        # A path into another folder is one that the store does not have.
        images += [folder / Path(src).name for src in re.findall('src="(.*?)"', page)]
        faults += [
            f"{image.relative_to(tree)} is missing."
            for image in images
            if not image.exists()
        ]
        # The store cleans pages as Odoo cleans the HTML of users.
        cleaned = html_sanitize(page, sanitize_style=True)
        dropped = _list_parts(page) - _list_parts(cleaned)
        faults += [f"The page of {addon.name} loses {each}." for each in dropped]
    return faults


def _list_parts(page):
    """Return tags, attributes and single styles of a page, as texts."""
    parts = set()
    for element in html.fromstring(f"<div>{page}</div>").iter():
        parts.add(f"<{element.tag}>")
        for name, value in element.items():
            values = value.split(";") if name == "style" else [value]
            parts |= {f"{name} {''.join(each.split())}" for each in values}
    return parts


def release(root):
    """Check and build everything.

    :param pathlib.Path root: of the clone
    :raise CannotGoOn: when something has to be mended before
    """
    if problems := find_problems(root):
        raise CannotGoOn("\n  ".join(["this is no release yet.", *problems]))
    dist = root / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    for wheel in build_wheels(root, dist / "wheels"):
        say(f"{wheel.relative_to(root)}: {wheel.stat().st_size / 1000:.0f} KB")
    build_tree(root, dist / "apps")
    if faults := find_faults(dist / "apps"):
        raise CannotGoOn("\n  ".join(["Odoo Apps would refuse it.", *faults]))
    say("dist/apps: the tree for Odoo Apps")
    if open_fields := find_open_fields(root):
        words = ["Not for publication. The owner fills in:", *open_fields]
        (dist / DRAFT).write_text("\n  ".join(words) + "\n")
        print((dist / DRAFT).read_text())


def main():
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/release",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.parse_args()
    try:
        release(ROOT)
    except CannotGoOn as problem:
        fail(problem)


if __name__ == "__main__":
    main()
