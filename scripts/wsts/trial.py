# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Shows everything in an Odoo of your own, without a contract; Ctrl-C stops it.

Makes the database, installs the addons in it, sets a shop up for the sandbox, and
starts both. Refuses a database that it did not make. What follows its name are options
of Odoo, for example ``--config=FILE``.
"""

import argparse
import json
import os
import shutil
import subprocess

from . import odoo
from .demo import add_ports, catch_signals, check_ports, watch
from .machine import HOME, ROOT, CannotGoOn, fail, say
from .shop import AT_ONCE
from .steps import ask_about_products

SERIES = "19.0"
# Of the sandbox: docs/TRY.md names them, too.
TS_ID = "X5A4DB0C5000000000000000000000001"
LOGIN = {"client_id": "sandbox-client", "client_secret": "sandbox-client-secret"}
# Begins the sentence with which the shell refuses a database.
REFUSED = "Refused: "
READY = """
The shop is running. Ctrl-C stops it.

  Shop            {trial.url}/shop
  Backend         {trial.url}/odoo   (a new database: admin / admin)
  Trusted Shops   {trial.sandbox.url}/   (the sandbox)
  Inbox           {trial.sandbox.url}/#inbox   (every mail the shop sends)

docs/TRY.md says what to do first.
"""


def find_odoo():
    """Return the program that is Odoo.

    :rtype: str
    :raise CannotGoOn: when there is none of our series
    """
    named = os.environ.get("ODOO_BIN")
    for name in [named] if named else ["odoo", "odoo-bin"]:
        if path := shutil.which(name):
            words = [path, "--version"]
            said = subprocess.run(words, capture_output=True, text=True, check=False)
            if f" {SERIES}" in said.stdout:
                return path
    raise CannotGoOn(f"set ODOO_BIN to the odoo-bin of an Odoo {SERIES}.")


class Trial(odoo.Server):
    """A database of the reader's Odoo with a shop, and its sandbox.

    :param argparse.Namespace arguments: see :func:`parse_arguments`
    """

    def __init__(self, arguments):
        mails = ("--smtp=127.0.0.1", f"--smtp-port={arguments.smtp_port}")
        super().__init__(
            arguments.database, arguments.port, "--max-cron-threads=1", *mails
        )
        self.program = [find_odoo(), *arguments.options]
        self.log = HOME / "logs" / f"try-{self.database}.log"
        state = HOME / "try" / f"{self.database}.sqlite"
        ports = (arguments.sandbox_port, arguments.smtp_port)
        self.sandbox = odoo.Sandbox(*ports, state, self.url)

    def get_command(self, *words):
        """Return the words that run Odoo; a subcommand comes first."""
        program, *options = self.program
        subcommand = [word for word in words[:1] if not word.startswith("-")]
        rest = words[len(subcommand) :]
        return [program, *subcommand, *options, f"--database={self.database}", *rest]

    def set_up(self):
        """Make and fill the database, where that is not done yet.

        :raise CannotGoOn: when Odoo fails, or the database is none for that
        """
        self.log.unlink(missing_ok=True)
        self._show_addons()
        say("looking at the database, or making it")
        self._run("--stop-after-init", "--no-http")
        say("setting the shop up: a new one takes a minute or two")
        seeds = self.sandbox.get("certificates")
        settings = {
            "shop_url": self.url,
            "sandbox_url": self.sandbox.url,
            "certificate": next(seed for seed in seeds if seed["ts_id"] == TS_ID),
            "login": LOGIN,
            "refused": REFUSED,
        }
        os.environ["WSTS_TRIAL"] = json.dumps(settings)
        script = (ROOT / "scripts" / "wsts" / "trial_data.py").read_text()
        self._run("shell", "--no-http", script=script)

    def _show_addons(self):
        """Let Odoo find the addons as if they were installed, whatever its paths."""
        folder = HOME / "try" / "installed"
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "odoo" / "addons").mkdir(parents=True)
        for addon in odoo.ADDONS:
            (folder / "odoo" / "addons" / addon).symlink_to(ROOT / addon)
        os.environ["PYTHONPATH"] = f"{folder}:{os.environ['PYTHONPATH']}"

    def _run(self, *words, script=""):
        """Run Odoo to its end."""
        with open(self.log, "a") as log:
            done = subprocess.run(
                self.get_command(*words),
                input=script,
                text=True,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode:
            lines = self.log.read_text(errors="replace").splitlines()
            refused = [line for line in lines if line.startswith(REFUSED)]
            why = refused[-1].removeprefix(REFUSED) if refused else f"see {self.log}."
            raise CannotGoOn(why)


def parse_arguments():
    """Return the words of the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/try",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_ports(parser)
    parser.add_argument("database", metavar="DATABASE", help="its name")
    parser.add_argument(
        "options", nargs=argparse.REMAINDER, metavar="...", help="options of Odoo"
    )
    return parser.parse_args()


def run(arguments):
    """Run the shop until it is stopped.

    :param argparse.Namespace arguments: see :func:`parse_arguments`
    :raise CannotGoOn: when something does not start, or ends by itself
    """
    check_ports(arguments)
    trial = Trial(arguments)
    try:
        trial.sandbox.start()
        trial.sandbox.post("settings", AT_ONCE)
        trial.set_up()
        ask_about_products(trial)
        say("starting Odoo")
        trial.start()
        print(READY.format(trial=trial), flush=True)
        watch(trial, trial.sandbox)
    finally:
        trial.stop()
        trial.sandbox.stop()


def main():
    """Run from the command line."""
    catch_signals()
    try:
        run(parse_arguments())
    except CannotGoOn as problem:
        fail(problem)
    except KeyboardInterrupt:
        raise SystemExit(0) from None


if __name__ == "__main__":
    main()
