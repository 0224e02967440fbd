# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Makes a release of what is committed, in dist/: wheels, a tree for Odoo Apps and the
same as an archive, checksums, and a note.

The tree is what a branch for apps.odoo.com contains: the addons at the top, and no
link __manifest__.py beside them, which would count as an addon that is broken.
"""

import argparse
import ast
import hashlib
import io
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

from . import note
from .machine import ROOT, CannotGoOn, fail, say

DIST = "dist"
FOLDERS = "website_sale_*"
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
NOTE = "RELEASE_NOTE.md"
# What the archive is called while the owner has something to fill in.
DRAFT = "-not-for-publication"
CHECKSUMS = "SHA256SUMS"
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
    manifests = root.glob(f"{FOLDERS}/__manifest__.py")
    return sorted(path.parent for path in manifests)


def read_manifest(addon):
    """Return the manifest of an addon.

    :param pathlib.Path addon: its folder
    :rtype: dict
    """
    return ast.literal_eval((addon / "__manifest__.py").read_text())


def read_history(addon):
    """Return the changelog of an addon.

    :param pathlib.Path addon: its folder
    :rtype: str
    """
    return (addon / "readme" / "HISTORY.md").read_text()


def find_problems(root):
    """Return what has to be mended before a release, one sentence each.

    :param pathlib.Path root: of the clone
    :rtype: list[str]
    """
    problems = []
    if run(root, "git", "status", "--porcelain"):
        problems.append("Something is not committed; git status says what.")
    publisher = _read_publisher(root)
    for addon in get_addons(root):
        problems += _find_problems_of(addon, publisher)
    return problems


def find_open_fields(root):
    """Return what only the owner can fill in before a publication, one sentence each.

    :param pathlib.Path root: of the clone
    :rtype: list[str]
    """
    publisher = _read_publisher(root)
    return [
        f"{PUBLISHER} has no {name}: set {what}, and run scripts/make_manifests."
        for name, what in WANTED.items()
        if not publisher.get(name)
    ]


def _read_publisher(root):
    return tomllib.loads((root / PUBLISHER).read_text())


def _find_problems_of(addon, publisher):
    manifest = read_manifest(addon)
    said = {name: manifest[name] for name in publisher if name in manifest}
    if said != {name: value for name, value in publisher.items() if value}:
        yield f"{addon.name} is not what {PUBLISHER} says; run scripts/make_manifests."
    version = manifest["version"]
    heading = re.compile(r"^## (\S+) \(\d{4}-\d\d-\d\d\)$", re.MULTILINE)
    newest = heading.search(read_history(addon))
    if not newest or newest[1] != version:
        yield f"The first heading of HISTORY.md of {addon.name} is not {version}."


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


def check_pages(folder):
    """Return what Odoo Apps would not keep of the addons' pages, one sentence each.

    :param pathlib.Path folder: the tree
    :rtype: list[str]
    """
    words = [sys.executable, str(ROOT / "scripts" / "check_apps_pages"), str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return [*done.stdout.splitlines(), *done.stderr.splitlines()]


def find_faults(folder):
    """Return what Odoo Apps would not take, one sentence each.

    :param pathlib.Path folder: the tree
    :rtype: list[str]
    """
    manifests = sorted(folder.glob("*/__manifest__.py"))
    faults = [fault for path in manifests for fault in _find_faults_of(path)]
    if (folder / "__manifest__.py").exists():
        faults.append("There is a manifest above the addons.")
    return faults


def _find_faults_of(path):
    addon = path.parent
    manifest = read_manifest(addon)
    if len(manifest["name"]) > LONGEST_NAME:
        yield f"The name of {addon.name} has more than {LONGEST_NAME} characters."
    for name in manifest.get("images", []):
        if not (addon / name).exists():
            yield f"{addon.name} has no {name}."
    ours = {each.name for each in get_addons(ROOT)}
    for name in manifest["depends"]:
        if name in ours and not (addon.parent / name).exists():
            yield f"{addon.name} needs {name}, which is missing."


def release(root):
    """Check and build everything.

    :param pathlib.Path root: of the clone
    :raise CannotGoOn: when something has to be mended before
    """
    if problems := find_problems(root):
        raise CannotGoOn("\n  ".join(["this is no release yet.", *problems]))
    dist, open_fields = root / DIST, find_open_fields(root)
    shutil.rmtree(dist, ignore_errors=True)
    for wheel in build_wheels(root, dist / "wheels"):
        say(f"{wheel.relative_to(root)}: {wheel.stat().st_size / 1000:.0f} KB")
    build_tree(root, dist / "apps")
    if faults := [*find_faults(dist / "apps"), *check_pages(dist / "apps")]:
        raise CannotGoOn("\n  ".join(["Odoo Apps would refuse it.", *faults]))
    say(f"{DIST}/apps: the tree for Odoo Apps")
    folders = get_addons(root)
    addons = [(read_manifest(each), read_history(each)) for each in folders]
    version = addons[0][0]["version"]
    # Named like the addon whose version it has.
    name = f"{folders[0].name}-{version}{DRAFT if open_fields else ''}"
    shutil.make_archive(dist / name, "zip", dist / "apps")
    write_checksums(dist)
    (dist / NOTE).write_text(note.make(addons, CHECKSUMS, open_fields))
    say(f"{DIST}: archive of that tree, {CHECKSUMS}, {NOTE}")
    if open_fields:
        print("\n  ".join(["Not for publication. The owner fills in:", *open_fields]))
    else:
        print(f"Once it is published: git tag {version}")


def write_checksums(dist):
    """Write what ``sha256sum --check`` reads of wheels and archive.

    :param pathlib.Path dist: the folder that holds them
    """
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(dist)}\n"
        for path in sorted([*dist.glob("wheels/*.whl"), *dist.glob("*.zip")])
    ]
    (dist / CHECKSUMS).write_text("".join(lines))


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
