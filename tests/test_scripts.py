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

import pytest

from wsts.machine import HOME, ROOT, free_port

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
    """Return what runs scripts/setup on a machine of its own, and returns its words."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        if path := shutil.which(tool):
            (folder / tool).symlink_to(path)
    (tmp_path / "file").write_text("not a folder")
    machine = {"PATH": folder, "HOME": tmp_path, "WSTS_HOME": tmp_path / "home"}

    def run(programs, environment):
        for name, script in programs.items():
            (folder / name).unlink(missing_ok=True)
            (folder / name).write_text(f"#!/bin/bash\n{script}\n")
            (folder / name).chmod(0o755)
        done = subprocess.run(
            [shutil.which("bash"), str(ROOT / "scripts" / "setup")],
            env={k: str(v) for k, v in {**machine, **environment}.items()},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 1
        return done.stderr

    return run


def last_line(text):
    return text.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("programs", "environment", "words"),
    [
        (
            {},
            {},
            "there is no Odoo 19.0 on this machine and it is not a Debian; set ODOO_BIN"
            " to the odoo-bin of an Odoo 19.0 checkout.",
        ),
        (
            {"odoo-bin": "echo 'Odoo Server 18.0'"},
            {"ODOO_BIN": "{folder}/bin/odoo-bin"},
            "ODOO_BIN is {folder}/bin/odoo-bin, which is not Odoo 19.0; point it at the"
            " odoo-bin of an Odoo 19.0.",
        ),
        (
            {**DEBIAN, "df": "printf 'Filesystem 1M\\n/dev/x 9000 8700 300 97%% /\\n'"},
            {},
            "only 300 MB are free in {folder}/home, 5000 MB are needed; free some space"
            " or set WSTS_HOME to another disk.",
        ),
        (
            {
                **DEBIAN,
                "apt-get": 'case "$*" in *indextargets*) echo http://mirror.example/debian'
                ";; *) exit 100;; esac",
            },
            {},
            "the Odoo package could not be downloaded (details in {folder}/home/logs/"
            "odoo-download.log); check the network and start again.",
        ),
        (
            {},
            {"WSTS_HOME": "{folder}/file/home"},
            "the folder {folder}/file/home cannot be made; set WSTS_HOME to a folder"
            " you may write to.",
        ),
    ],
)
def test_what_is_missing_is_named_and_the_next_start_tries_again(
    set_up, tmp_path, programs, environment, words
):
    environment = {k: v.format(folder=tmp_path) for k, v in environment.items()}
    for _start in range(2):
        said = last_line(set_up(programs, environment))
        assert said == f"[setup] Cannot go on: {words.format(folder=tmp_path)}"
    assert not (tmp_path / "home" / "odoo").exists()


def test_a_second_setup_waits_for_the_first(set_up, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    waits = tmp_path / "waits"
    hold = f"echo locked; until [ -e {waits} ]; do sleep 0.05; done"
    words = ["flock", str(home / "setup.lock"), "bash", "-c", hold]
    tell = f'[ "$1" = -n ] || touch {waits}; exec {shutil.which("flock")} "$@"'
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout.readline() == "locked\n"
        said = set_up({"flock": tell}, {})
    assert f"another setup is at work in {home}, waiting for it" in said


PURPOSES = {
    "--port": "the shop",
    "--sandbox-port": "the sandbox",
    "--smtp-port": "the sandbox's mail server",
}


@pytest.mark.parametrize(("option", "purpose"), PURPOSES.items())
def test_a_taken_port_is_named_with_the_option_for_another(option, purpose):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        # A demo may run here, so none of the usual ports.
        ports = {**{each: free_port() for each in PURPOSES}, option: port}
        words = [str(word) for pair in ports.items() for word in pair]
        done = subprocess.run(
            [str(ROOT / "scripts" / "demo"), *words],
            env=os.environ,
            capture_output=True,
            text=True,
            timeout=180,
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
    deadline = time.monotonic() + 60
    while is_open(port) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not is_open(port)


def is_open(port):
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
        if found.read_text() != before:  # others read it meanwhile
            found.write_text(before)


OWN_ROWS = "[('create_uid', '=', user.id)]"


@pytest.mark.parametrize(
    ("domain", "more", "code"),
    [
        (OWN_ROWS, "", 0),
        ("[('company_id', 'in', company_ids)]", "", 1),
        (OWN_ROWS, '<field name="groups" eval="[]"/>', 1),
        (OWN_ROWS, '<field name="perm_read" eval="False"/>', 1),
    ],
)
def test_lint_finds_a_dialog_that_other_users_can_open(tmp_path, domain, more, code):
    source = (
        "class Mine(models.TransientModel):\n    _name = 'my.dialog'\n"
        "class Theirs(models.TransientModel):\n    _inherit = 'base.dialog'\n"
    )
    done = check_dialogs(tmp_path, source, domain, more)
    assert done.returncode == code
    assert ("my.dialog" in done.stdout) == bool(code)
    assert "base.dialog" not in done.stdout


def check_dialogs(folder, source, domain=OWN_ROWS, more=""):
    """Check an addon with a dialog and the rule for it."""
    addon = folder / "website_sale_trustedshops_test"
    (addon / "security").mkdir(parents=True)
    (addon / "dialog.py").write_text(source)
    (addon / "security" / "rules.xml").write_text(
        '<odoo><record id="rule" model="ir.rule"><field name="name">Rule</field>'
        '<field name="model_id" ref="model_my_dialog"/>'
        f'<field name="domain_force">{domain}</field>{more}</record></odoo>'
    )
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "check_dialogs", folder],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("kind", ["Many2one", "Many2many", "One2many", "Reference"])
@pytest.mark.parametrize(
    ("inherited", "code"),
    [
        ("", 1),
        ("    _inherit = ['mail.thread']\n", 1),
        ("    _inherit = ['trustedshops.dialog', 'mail.thread']\n", 0),
    ],
)
def test_lint_finds_a_dialog_that_names_records_to_anybody(
    tmp_path, kind, inherited, code
):
    done = check_dialogs(
        tmp_path,
        f"class Mine(models.TransientModel):\n    _name = 'my.dialog'\n{inherited}"
        f"    order = fields.{kind}('sale.order')\n",
    )
    assert done.returncode == code
    assert ("my.dialog points to records" in done.stdout) == bool(code)


# What it starts is in a session of its own and loses its parent at once.
START = """
import subprocess
from wsts.offspring import none_left

with none_left():
    words = ["setsid", "--fork", "sh", "-c", "echo $$; exec sleep 600 >&-"]
    print(subprocess.check_output(words, text=True))
"""


def test_a_run_of_the_tests_leaves_no_process_behind():
    words = [sys.executable, "-c", START]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert not os.path.exists(f"/proc/{int(done.stdout)}")


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("def old(self):\n    return 1\n", [], []),
        ("\ndef old(self):\n    return 1\n", ["--lines"], ["addon/cart.py:2: def old"]),
        (
            "def new(self):\n    return 1\n",
            ["--lines"],
            ["docs/NEXT_ODOO.md: there is no def old in addon/cart.py"],
        ),
        (None, [], ["docs/NEXT_ODOO.md: there is no def old in addon/cart.py"]),
    ],
)
def test_lint_finds_a_place_of_the_port_that_is_gone(tmp_path, text, words, said):
    for folder in ("addon", "docs", "scripts"):
        (tmp_path / folder).mkdir()
    script = tmp_path / "scripts" / "check_next_odoo"
    shutil.copy(ROOT / "scripts" / "check_next_odoo", script)
    page = "Becomes `new`:\n- `addon/cart.py: def\n  old` (#1).\n"
    (tmp_path / "docs" / "NEXT_ODOO.md").write_text(page)
    if text:
        (tmp_path / "addon" / "cart.py").write_text(text)
    done = subprocess.run(
        [sys.executable, script, *words], capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == said
    assert done.returncode == ("no def" in done.stdout)
