# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A complete shop, for demo and tests: sandbox, Odoo with demo data, certificates."""

import json
import os
from pathlib import Path

from . import odoo, postgres
from .machine import HOME, say, short_hash

MODULES = (
    "website_sale",
    "sale_stock",
    "payment_demo",
    "payment_custom",
    "l10n_de",
    "l10n_pl",
)
# The shop asks at once and then every ten minutes, or once: too long to watch.
AT_ONCE = {"pending_seconds": 0, "invite_settings_seconds": 0}
LOGIN_FIELDS = ("client_id", "client_secret", "account_ref")


class Shop:
    """A database with the demonstration shop, its sandbox and its Odoo server."""

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
        """Start everything, making or updating the database where that is needed."""
        if fresh:
            self.state.unlink(missing_ok=True)
        say("starting the sandbox")
        self.sandbox.start()
        self.sandbox.post("settings", AT_ONCE)
        settings = json.dumps(self._make_settings())
        recipe = short_hash(odoo.source_hash(), settings)
        made = None if fresh else postgres.recall(self.database)
        if made is None:
            postgres.copy(odoo.installed(MODULES, demo=True), self.database)
        elif made != recipe:
            say("updating the addon in the database")
            odoo.install("-u", self.database)
        if made != recipe:
            say("setting up websites and certificates")
            self._load_data(settings)
            postgres.label(self.database, recipe)
        say("starting Odoo")
        self.server.start()
        if made != recipe:
            say("preparing the pages")
            for url in (self.url, self.polish_url):
                self.server.warm_up(f"{url}/shop")
        return self

    def _make_settings(self):
        """Return what the shop has to know about this start."""
        seeds = self._get_seeds()
        if len(seeds) < 4:
            # Somebody has emptied it.
            self.sandbox.post("seed")
            seeds = self._get_seeds()
        polish = {**seeds["EXCELLENCE", "pl"], "url": self.polish_url}
        self.sandbox.post("certificates", polish)
        return {
            "shop_url": self.url,
            "polish_url": self.polish_url,
            "sandbox_url": self.sandbox.url,
            "excellence_de": seeds["EXCELLENCE", "de"],
            "excellence_pl": polish,
            "classic": seeds["CLASSIC", "pl"],
            "review_logins": self._make_review_logins() if self.reviews else [],
        }

    def _get_seeds(self):
        """Return the first good certificate of the sandbox by type and language."""
        return {
            (each["type"], each["language"]): each
            for each in reversed(self.sandbox.get("certificates"))
            if each["state"] == "PRODUCTION"
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
        script = Path(__file__).with_name("shop_data.py")
        odoo.shell(self.database, script.read_text())

    def stop(self):
        """Stop what was started."""
        self.server.stop()
        self.sandbox.stop()
