# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo on this machine: commands, template databases, and the running server."""

import ast
import fcntl
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import requests

from . import postgres
from .machine import HOME, ROOT, CannotGoOn, facts, say, short_hash

# Debian's `odoo-19` lacks one backend asset; with it listed every page of the backend
# logs an error, which makes browser tests fail.
DROP_MISSING_ASSET = """
env['ir.asset'].create({
    'name': 'not in the dfsg package',
    'bundle': 'web.assets_backend',
    'directive': 'remove',
    'path': 'mail/static/lib/selfie_segmentation/selfie_segmentation.js'})
env.cr.commit()
"""

LANGUAGES = "en_US,de_DE,pl_PL"
SET_STAGE = """
from odoo.addons.website_sale_trustedshops.tests import stage, stage_shop
stage.build(stage_shop.StageShop)
"""

ADDONS = tuple(
    sorted(path.parent.name for path in ROOT.glob("website_sale_*/__manifest__.py"))
)
# The one on which most others depend.
ADDON = ADDONS[0]
# Folders of our addons that change no database.
IN_NO_DATABASE = {"__pycache__", "readme", "tests"}


def command(*words, database):
    """Return the words that run Odoo on one of our databases."""
    config = HOME / "odoo.conf"
    config.touch()
    subcommand = [words[0]] if words and not words[0].startswith("-") else []
    options = list(words[len(subcommand) :])
    return [
        sys.executable,
        facts()["odoo_bin"],
        *subcommand,
        f"--config={config}",
        f"--data-dir={HOME / 'data'}",
        f"--addons-path={ROOT}",
        f"--database={database}",
        *options,
    ]


def run(*words, database, script=None, log=None):
    """Run Odoo to its end."""
    log = log or HOME / "logs" / f"{database}.log"
    with open(log, "a") as output:
        done = subprocess.run(
            command(*words, database=database),
            input=script,
            text=True,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            check=False,
        )
    text = log.read_text(errors="replace")
    if done.returncode != 0 or "Traceback (most recent call last)" in text:
        raise CannotGoOn(f"Odoo failed while preparing {database}; {log} says why.")


def shell(database, script):
    """Run Python in ``odoo shell``; the script commits by itself."""
    log = HOME / "logs" / f"{database}-shell.log"
    log.unlink(missing_ok=True)
    words = ("shell", "--no-http", "--log-level=warn")
    run(*words, database=database, script=script, log=log)


def template(modules, demo=False):
    """Return a template database with these modules of Odoo's, made if missing."""
    version = os.stat(facts()["odoo_bin"]).st_mtime_ns
    recipe = (version, modules, demo, LANGUAGES, DROP_MISSING_ASSET, "pg_trgm")
    name = f"wsts_tpl_{short_hash(*recipe)}"
    return _keep(name, "", lambda name: _make_template(name, modules, demo))


def _make_template(name, modules, demo):
    say("making a template database, once: about two minutes")
    postgres.drop(name)
    (HOME / "logs" / f"{name}.log").unlink(missing_ok=True)
    postgres.query(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
    # As Odoo makes its databases: its fuzzy search works otherwise without it.
    postgres.query("CREATE EXTENSION IF NOT EXISTS pg_trgm", name)
    words = ["--stop-after-init", "--no-http", "--log-level=warn"]
    words += ["--with-demo"] if demo else []
    run("-i", ",".join(modules), f"--load-language={LANGUAGES}", *words, database=name)
    shell(name, DROP_MISSING_ASSET)


def get_addons(database):
    """Return our addons that need only modules of a database and one another."""
    installed = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    there = {name for (name,) in postgres.query(installed, database)}.union(ADDONS)
    return [addon for addon in ADDONS if there.issuperset(_read_dependencies(addon))]


def _read_dependencies(addon):
    manifest = (ROOT / addon / "__manifest__.py").read_text()
    return ast.literal_eval(manifest)["depends"]


def installed(modules, demo=False):
    """Return a template database of this clone with our addons, made anew for each
    change of them.
    """
    base = template(modules, demo)

    def make(name):
        say("installing the addons")
        postgres.copy(base, name)
        install("-i", name, get_addons(name))

    name = postgres.name_for(base.replace("wsts_tpl", "with"))
    return _keep(name, short_hash(base, source_hash()), make)


def staged(modules):
    """Return a template database with our addons and with what our tests begin with."""
    base = installed(modules)

    def make(name):
        say("setting the stage of the tests")
        postgres.copy(base, name)
        shell(name, SET_STAGE)

    helpers = [
        path.read_text()
        for path in sorted((ROOT / ADDON / "tests").glob("*.py"))
        if not path.name.startswith("test_")
    ]
    recipe = short_hash(postgres.recall(base), SET_STAGE, *helpers)
    return _keep(f"{base}_stage", recipe, make)


def _keep(name, recipe, make):
    """Return a template database, made again when its recipe changed."""
    with open(HOME / f"{name}.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if postgres.recall(name) != recipe:
            make(name)
        postgres.label(name, recipe)
    return name


def install(option, database, addons=()):
    """Install or update addons, and with them those that depend on them."""
    (HOME / "logs" / f"{database}.log").unlink(missing_ok=True)
    words = ("--stop-after-init", "--no-http", "--log-level=warn")
    addons = addons or [
        addon
        for addon in ADDONS
        if not {*ADDONS}.intersection(_read_dependencies(addon))
    ]
    run(option, ",".join(addons), *words, database=database)


def source_hash():
    """Return a text that changes with what our addons bring into a database."""
    parts = []
    for addon in ADDONS:
        for path in sorted((ROOT / addon).rglob("*")):
            ours = path.relative_to(ROOT)
            if path.is_file() and not IN_NO_DATABASE.intersection(ours.parts):
                parts += [ours, path.read_bytes().hex()]
    return short_hash(*parts)


class Server:
    """A running Odoo."""

    def __init__(self, database, port, *words):
        self.database = database
        self.url = f"http://localhost:{port}"
        self.port = port
        self.words = words
        self.log = HOME / "logs" / f"{database}-server.log"
        self.process = None

    def start(self, timeout=180):
        """Start it and wait until it answers."""
        words = (
            f"--http-port={self.port}",
            "--http-interface=127.0.0.1",
            f"--db-filter=^{self.database}$",
            *self.words,
        )
        self.process = start_process(command(*words, database=self.database), self.log)
        if not _answers(self.process, f"{self.url}/web/health", timeout):
            self.stop()
            raise CannotGoOn(f"Odoo did not start; {self.log} says why.")
        return self

    def warm_up(self, url):
        """Have the assets of a page made, one after the other.

        Browsers ask for them at once, and Odoo then sometimes makes one twice and
        refuses the second.
        """
        # Only browsers know that every name below "localhost" is this machine.
        host = {"Host": urlsplit(url).netloc}
        here = f"http://127.0.0.1:{self.port}"
        page = requests.get(here + urlsplit(url).path, headers=host, timeout=120).text
        for asset in sorted(
            set(re.findall(r"/web/assets/[^\"' ]+\.min\.(?:js|css)", page))
        ):
            requests.get(here + asset, headers=host, timeout=120)

    def stop(self):
        """Stop it, gently at first."""
        stop_process(self.process)


def start_process(words, log):
    """Start a server that ends with us, even when we are killed."""
    with open(log, "a") as output:
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *words],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
            start_new_session=True,
        )


def _answers(process, url, timeout):
    """Return True once a server answers, False if it ends or takes too long."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(url, timeout=5).ok:
                return True
        except requests.RequestException:
            time.sleep(0.1)
    return False


def stop_process(process, patience=10):
    """End a child process."""
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Control:
    """The control API of a sandbox."""

    def __init__(self, url):
        self.url = url

    def get(self, what):
        """Ask the control API."""
        answer = requests.get(f"{self.url}/_control/{what}", timeout=60)
        answer.raise_for_status()
        return answer.json()

    def post(self, what, payload=None):
        """Tell the control API."""
        answer = requests.post(
            f"{self.url}/_control/{what}", json=payload or {}, timeout=60
        )
        answer.raise_for_status()
        return answer.json()


class Sandbox(Control):
    """A running Trusted Shops sandbox."""

    def __init__(self, port, smtp_port, state, shop_url):
        super().__init__(f"http://127.0.0.1:{port}")
        self.smtp_port = smtp_port
        self.log = Path(HOME / "logs" / f"sandbox-{port}.log")
        self.words = ["--port", port, "--smtp-port", smtp_port, "--state", state]
        self.words += ["--shop-url", shop_url]
        self.process = None

    def start(self, timeout=60):
        """Start it and wait until it answers."""
        words = [sys.executable, "-m", "trustedshops_sandbox", *map(str, self.words)]
        self.process = start_process(words, self.log)
        if not _answers(self.process, f"{self.url}/_control/settings", timeout):
            self.stop()
            raise CannotGoOn(f"the sandbox did not start; {self.log} says why.")
        return self

    def stop(self):
        """Stop it."""
        stop_process(self.process)
