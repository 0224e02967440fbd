# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A complete shop, for demo and tests: sandbox, Odoo with demo data, certificates."""

import json
import os
from pathlib import Path

from . import odoo, postgres
from .machine import HOME, say

MODULES = (
    "website_sale",
    "sale_stock",
    "payment_demo",
    "payment_custom",
    "l10n_de",
    "l10n_pl",
)
LOGIN_FIELDS = ("client_id", "client_secret", "account_ref")


class Shop:
    """A database with the demonstration shop, its sandbox and its Odoo server.

    :param str purpose: names the database of this clone
    :param int port: of Odoo
    :param int sandbox_port: of the sandbox
    :param int smtp_port: of the sandbox's mail server
    :param bool reviews: whether buyers are asked for reviews from the start
    """

    def __init__(self, purpose, port, sandbox_port, smtp_port, *, reviews=False):
        self.database = postgres.name_for(purpose)
        self.url = f"http://localhost:{port}"
        self.polish_url = f"http://sklep.localhost:{port}"
        state = HOME / "sandbox" / f"{self.database}.sqlite"
        state.parent.mkdir(exist_ok=True)
        self.state = state
        self.reviews = reviews
        self.sandbox = odoo.Sandbox(sandbox_port, smtp_port, state, self.url)
        self.server = odoo.Server(
            self.database,
            port,
            "--smtp=127.0.0.1",
            f"--smtp-port={smtp_port}",
            "--max-cron-threads=1",
            "--log-level=info",
        )

    def start(self, fresh=False):
        """Start everything, making or updating the database where that is needed.

        :param bool fresh: begin with a new database and an empty sandbox
        :raise CannotGoOn: when something does not start
        """
        if fresh:
            self.state.unlink(missing_ok=True)
        say("starting the sandbox")
        self.sandbox.start()
        # The shop asks at once and then every ten minutes, or once: too long to watch.
        self.sandbox.post(
            "settings", {"pending_seconds": 0, "invite_settings_seconds": 0}
        )
        settings = json.dumps(self._make_settings())
        source = odoo.source_hash()
        new = fresh or not postgres.exists(self.database)
        if new:
            self._make_database()
        elif self._recall("source") != source:
            say("updating the addon in the database")
            odoo.install("-u", self.database)
        changed = (
            new
            or self._recall("settings") != settings
            or self._recall("source") != source
        )
        if changed:
            say("setting up websites and certificates")
            self._load_data(settings)
            self._remember("settings", settings)
            self._remember("source", source)
        say("starting Odoo")
        self.server.start()
        if changed:
            say("preparing the pages")
            for url in (self.url, self.polish_url):
                self.server.warm_up(f"{url}/shop")
        return self

    def _make_database(self):
        postgres.copy(odoo.installed(MODULES, demo=True), self.database)
        postgres.label(self.database)

    # What the database was made with, so that nothing is done again.

    def _recall(self, what):
        note = self.state.with_suffix(f".{what}")
        return note.read_text() if note.exists() else ""

    def _remember(self, what, text):
        self.state.with_suffix(f".{what}").write_text(text)

    def _make_settings(self):
        """Return what the shop has to know about this start."""
        seeds = self.sandbox.get("certificates")

        def pick(kind, language):
            wanted = (kind, language, "PRODUCTION")
            for seed in seeds:
                if (seed["type"], seed["language"], seed["state"]) == wanted:
                    return seed
            return None

        # Somebody may have emptied it.
        if not pick("CLASSIC", "pl"):
            self.sandbox.post("seed")
            seeds = self.sandbox.get("certificates")
        polish = {**pick("EXCELLENCE", "pl"), "url": self.polish_url}
        self.sandbox.post("certificates", polish)
        return {
            "shop_url": self.url,
            "polish_url": self.polish_url,
            "sandbox_url": self.sandbox.url,
            "excellence_de": pick("EXCELLENCE", "de"),
            "excellence_pl": polish,
            "classic": pick("CLASSIC", "pl"),
            "review_logins": self._make_review_logins() if self.reviews else [],
        }

    def _make_review_logins(self):
        """Return a login for each website's company: a client serves one account."""
        [first] = [
            {name: account[name] for name in LOGIN_FIELDS}
            for account in self.sandbox.get("accounts")
            if account["client_id"] == "sandbox-client"
        ]
        second = {**first, "client_id": "sandbox-client-pl"}
        self.sandbox.post("accounts", second)
        return [first, second]

    def _load_data(self, settings):
        os.environ["WSTS_SHOP"] = settings
        script = (Path(__file__).parent / "shop_data.py").read_text()
        odoo.shell(
            self.database, f"exec(compile({script!r}, 'shop_data.py', 'exec'))\n"
        )

    def stop(self):
        """Stop what was started."""
        self.server.stop()
        self.sandbox.stop()
