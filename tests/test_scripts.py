# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the scripts say when they cannot go on: one sentence that names the cure."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wsts import machine
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
    """Return what runs scripts/setup on a machine of its own, and returns its words."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        if path := shutil.which(tool):
            (folder / tool).symlink_to(path)
    (tmp_path / "file").write_text("not a folder")
    machine = {"PATH": folder, "HOME": tmp_path, "WSTS_HOME": tmp_path / "home"}

    def run(programs, *words, code=1):
        for name, script in programs.items():
            (folder / name).unlink(missing_ok=True)
            (folder / name).write_text(f"#!/bin/bash\n{script}\n")
            (folder / name).chmod(0o755)
        done = subprocess.run(
            [shutil.which("bash"), str(ROOT / "scripts" / "setup"), *words],
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


def test_what_is_in_use_or_not_ours_is_not_removed(set_up, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "mine").touch()
    for words, said in (
        ((), f"the folder {home} has something in it that is not ours; set WSTS_HOME"),
        (("--remove",), f"nothing was set up in {home}, so nothing is removed."),
        (("--help",), "--help is unknown; it takes server, --remove or nothing."),
    ):
        assert said in last_line(set_up({}, *words))
    (home / "setup.lock").touch()
    hold = ["flock", "-s", str(home / "pg-users.lock"), "sh", "-c", "echo held; read x"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(hold, **pipes) as user:
        assert user.stdout.readline() == "held\n"
        said = last_line(set_up({}, "--remove"))
    assert said.endswith(f"a demo or a test is using {home}; stop it first.")
    assert (home / "mine").exists()


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


def test_what_takes_long_is_told_again_with_what_is_left(capsys, monkeypatch):
    monkeypatch.setattr(machine, "STARTED", time.monotonic() - 20)
    machine.say("installing the addons")
    machine._told["at"] -= 10
    with machine.told_every_ten_seconds(60):
        time.sleep(1.5)
    told = capsys.readouterr().err.splitlines()
    assert told[1].endswith("installing the addons … about 39 s are left")
