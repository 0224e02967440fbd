# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the scripts say when they cannot go on: one sentence that names the cure."""

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from wsts.machine import ROOT, short_hash

# What scripts/setup calls; a machine of the tests has these and what a test adds.
TOOLS = (
    "awk bash basename cat chmod cut date df dirname echo env flock getent grep head id"
    " ln ls mkdir mv printf readlink rm sed setpriv sha256sum sort tail test touch tr"
    " uname"
).split()


# A Debian that has every package but Odoo.
DEBIAN = {
    "dpkg-deb": "exit 1",
    "dpkg-query": "printf installed",
    "apt-get": "printf 'http://mirror.example/debian\\n'",
}


@pytest.fixture
def set_up(tmp_path):
    """Return what runs a script on a machine of its own, and returns its words."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        if path := shutil.which(tool):
            (folder / tool).symlink_to(path)
    (tmp_path / "file").write_text("not a folder")
    machine = {"PATH": folder, "HOME": tmp_path, "WSTS_HOME": tmp_path / "home"}

    def run(programs, *words, script="setup", code=1):
        for name, text in programs.items():
            (folder / name).unlink(missing_ok=True)
            (folder / name).write_text(f"#!/bin/bash\n{text}\n")
            (folder / name).chmod(0o755)
        done = subprocess.run(
            [shutil.which("bash"), str(ROOT / "scripts" / script), *words],
            env={name: str(value) for name, value in machine.items()},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == code
        return done.stdout + done.stderr

    return run


def last_line(text):
    return text.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("programs", "words"),
    [
        (
            {},
            "there is no Odoo 19.0 on this machine and it is not a Debian; set ODOO_BIN"
            " to the odoo-bin of an Odoo 19.0 checkout.",
        ),
        (
            {**DEBIAN, "df": "printf 'Filesystem 1M\\n/dev/x 9000 8700 300 97%% /\\n'"},
            "only 300 MB are free in {folder}/home, 5000 MB are needed; free some space"
            " or set WSTS_HOME to another disk.",
        ),
    ],
)
def test_what_is_missing_is_named_and_the_next_start_tries_again(
    set_up, tmp_path, programs, words
):
    for _start in range(2):
        said = last_line(set_up(programs))
        assert said == f"[setup] Cannot go on: {words.format(folder=tmp_path)}"
    assert not (tmp_path / "home" / "odoo").exists()


def test_what_was_set_up_is_removed_and_nothing_else(set_up, tmp_path):
    home, told = tmp_path / "home", tmp_path / "told"
    socket_dir = Path(f"/tmp/wsts-{short_hash(home)}")
    (home / "logs").mkdir(parents=True)
    for name, text in {
        "setup.lock": "",
        "packages.txt": "tzdata\nlibpq5:amd64\ntzdata\n",
        ".made_user": "",
    }.items():
        (home / name).write_text(text)
    socket_dir.mkdir()
    programs = {"userdel": f'echo "$*" >>{told}'}
    said = set_up(programs, "--remove", code=0)
    assert said.splitlines()[:2] == ["libpq5:amd64", "tzdata"]
    assert not home.exists()
    assert not socket_dir.exists()
    assert told.read_text() == f"{socket_dir.name}\n"
    assert (tmp_path / "file").exists()
    # A user whom it did not make stays.
    home.mkdir()
    (home / "setup.lock").touch()
    set_up(programs, "--remove", code=0)
    assert told.read_text() == f"{socket_dir.name}\n"


def test_a_question_and_a_taken_port_are_answered_before_anything_is_installed(
    set_up, tmp_path
):
    said = set_up({}, "--help", script="demo", code=0)
    assert "scripts/demo [--port=8069]" in said
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = last_line(set_up({}, f"--port={port}", script="demo"))
    assert said == (
        f"[demo] Cannot go on: port {port} is taken by another program; choose one with"
        " --port=."
    )
    assert not (tmp_path / "home").exists()
