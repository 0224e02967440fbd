# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the scripts say when they cannot go on: one sentence that names the cure."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wsts.machine import HOME, ROOT, free_port

# What scripts/setup calls; a machine of the tests has these and what a test adds.
TOOLS = (
    "awk bash basename cat chmod cut date df dirname echo env flock getent grep head id"
    " ln ls mkdir mv printf readlink rm sed setpriv sha256sum sort tail test touch tr"
    " uname"
).split()


@pytest.fixture
def machine(tmp_path):
    """Make a machine that has neither Odoo nor Debian's package manager."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    for tool in TOOLS:
        if path := shutil.which(tool):
            (bin_folder / tool).symlink_to(path)
    return Machine(tmp_path)


class Machine:
    """A search path of its own and an empty WSTS_HOME.

    :param pathlib.Path folder: empty
    """

    def __init__(self, folder):
        self.folder = folder
        self.environment = {"PATH": str(folder / "bin"), "HOME": str(folder)}
        self.environment["WSTS_HOME"] = str(folder / "home")

    def add(self, name, script):
        """Put a program on the search path, in place of the real one.

        :param str name: of the program
        :param str script: what it does
        """
        program = self.folder / "bin" / name
        program.unlink(missing_ok=True)
        program.write_text(f"#!/bin/bash\n{script}\n")
        program.chmod(0o755)

    def add_debian(self):
        """Put a package manager there that has every package but Odoo."""
        self.add("dpkg-deb", "exit 1")
        self.add("dpkg-query", "printf installed")
        self.add("apt-get", "printf 'http://mirror.example/debian\\n'")

    def set_up(self, **environment):
        """Run scripts/setup.

        :param environment: further variables
        :return: exit code and what it said
        :rtype: tuple[int, str]
        """
        done = subprocess.run(
            [shutil.which("bash"), str(ROOT / "scripts" / "setup")],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stderr


def last_line(text):
    return text.strip().splitlines()[-1]


def test_without_odoo_and_debian_it_names_odoo_bin(machine):
    code, text = machine.set_up()
    assert code == 1
    assert last_line(text) == (
        "[setup] Cannot go on: there is no Odoo 19.0 on this machine and it is not a"
        " Debian; set ODOO_BIN to the odoo-bin of an Odoo 19.0 checkout."
    )


def test_another_odoo_is_refused(machine):
    machine.add("odoo-bin", "echo 'Odoo Server 18.0'")
    path = str(machine.folder / "bin" / "odoo-bin")
    code, text = machine.set_up(ODOO_BIN=path)
    assert code == 1
    assert last_line(text) == (
        f"[setup] Cannot go on: ODOO_BIN is {path}, which is not Odoo 19.0; point it at"
        " the odoo-bin of an Odoo 19.0."
    )


def test_a_full_disk_is_named_with_what_is_needed(machine):
    machine.add_debian()
    machine.add(
        "df", "printf 'Filesystem 1M Used Free\\n/dev/x 9000 8700 300 97%% /\\n'"
    )
    code, text = machine.set_up()
    assert code == 1
    assert last_line(text) == (
        f"[setup] Cannot go on: only 300 MB are free in {machine.folder}/home, 5000 MB"
        " are needed; free some space or set WSTS_HOME to another disk."
    )


def test_a_stopped_download_is_named_and_the_next_start_tries_again(machine):
    machine.add_debian()
    machine.add(
        "apt-get",
        'case "$*" in *indextargets*) echo http://mirror.example/debian;; *) exit 100;;'
        " esac",
    )
    first = machine.set_up()
    second = machine.set_up()
    assert first == second
    assert last_line(first[1]) == (
        "[setup] Cannot go on: the Odoo package could not be downloaded (details in"
        f" {machine.folder}/home/logs/odoo-download.log); check the network and start"
        " again."
    )
    assert not (machine.folder / "home" / "odoo").exists()


def test_a_folder_of_somebody_else_is_named(machine):
    blocker = machine.folder / "file"
    blocker.write_text("not a folder")
    code, text = machine.set_up(WSTS_HOME=str(blocker / "home"))
    assert code == 1
    assert last_line(text) == (
        f"[setup] Cannot go on: the folder {blocker}/home cannot be made; set WSTS_HOME"
        " to a folder you may write to."
    )


def test_a_second_setup_waits_for_the_first(machine):
    machine.add_debian()
    home = Path(machine.environment["WSTS_HOME"])
    home.mkdir()
    holder = subprocess.Popen(["flock", str(home / "setup.lock"), "sleep", "2"])
    try:
        code, text = machine.set_up()
    finally:
        holder.wait()
    assert f"another setup is at work in {home}, waiting for it" in text
    assert code == 1  # for want of Odoo, later


@pytest.mark.parametrize(
    ("option", "purpose"),
    [
        ("--port", "the shop"),
        ("--sandbox-port", "the sandbox"),
        ("--smtp-port", "the sandbox's mail server"),
    ],
)
def test_a_taken_port_is_named_with_the_option_for_another(option, purpose):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [str(ROOT / "scripts" / "demo"), option, str(port)],
            env=os.environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert last_line(done.stderr) == (
        f"Cannot go on: port {port}, wanted for {purpose}, is taken by another program;"
        f" stop that or choose another with {option}."
    )


def test_what_a_script_started_ends_with_it_even_when_it_is_killed(tmp_path):
    port, smtp_port = free_port(), free_port()
    starter = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import pathlib, time\n"
            "from wsts.odoo import Sandbox\n"
            f"Sandbox({port}, {smtp_port}, pathlib.Path('{tmp_path}/state'),"
            " 'http://shop.example').start()\n"
            "print('started', flush=True)\n"
            "time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout.readline() == "started\n"
    starter.kill()
    starter.wait()
    deadline = time.monotonic() + 10
    while is_open(port) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not is_open(port)


def is_open(port):
    """Tell whether somebody listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_run_with_a_server_of_the_users_forgets_no_server():
    found = HOME / "machine.json"
    before = found.read_text()
    assert json.loads(before)["pg_bin"]
    try:
        subprocess.run(
            [str(ROOT / "scripts" / "setup")],
            env={**os.environ, "PGHOST": "/nowhere", "WSTS_HOME": str(HOME)},
            capture_output=True,
            timeout=120,
            check=True,
        )
        assert json.loads(found.read_text()) == json.loads(before)
    finally:
        found.write_text(before)
