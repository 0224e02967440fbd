# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo import Command
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.website_sale_trustedshops.tests.common import SERVICE_LOGGER

from ..lib import etrusted, tokens
from .fake_etrusted import CLIENT_ID, CLIENT_SECRET, HOSTS, FakeETrusted

REFRESH_CRON = "website_sale_trustedshops_reviews.ir_cron_refresh_accounts"


# Inherited by all tests that are based on it.
@tagged("post_install", "-at_install")
class AccountCommon(TransactionCase):
    """A company with a website in English and German, and a fake eTrusted."""

    etrusted = FakeETrusted()

    @classmethod
    def default_env_context(cls):
        return {**super().default_env_context(), "lang": "en_US"}

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        if r.url.startswith(tuple(f"https://{host}/" for host in HOSTS)):
            return cls.etrusted.send(r)
        return super()._request_handler(s, r, **kw)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["trustedshops.certificate"].search([]).unlink()  # that of the stage
        cls.langs = {
            code: cls.env["res.lang"]._activate_lang(code)
            for code in ("en_US", "de_DE", "pl_PL", "en_GB")
        }
        cls.company = cls.env.company
        cls.company.name = "Lampen GmbH"
        websites = cls.env["website"].search([("company_id", "=", cls.company.id)])
        websites.domain = False
        cls.website = cls._setup_website(websites[0], "https://shop.example")
        cls.manager = new_test_user(
            cls.env,
            "account_manager",
            groups="base.group_system,base.group_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            lang="en_US",
            email="manager@lampen.example",
        )
        cls.account = cls.env["trustedshops.account"].create(
            {
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
                "user_id": cls.manager.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger(SERVICE_LOGGER))
        self.etrusted.reset()
        self.enterContext(patch.object(etrusted, "_tokens", tokens.TokenStore()))

    @classmethod
    def _setup_website(cls, website, domain, codes=("en_US", "de_DE")):
        """Return a website with its languages; the first is its default."""
        languages = [cls.langs[code].id for code in codes]
        website.write(
            {
                "name": "Lampenladen",
                "domain": domain,
                "default_lang_id": languages[0],
                "language_ids": [Command.set(languages)],
            }
        )
        return website

    @classmethod
    def _make_website(cls, domain, codes=("en_US", "de_DE"), **values):
        """Return another website of the company."""
        values = {"name": "Second", "company_id": cls.company.id, **values}
        website = cls.env["website"].create(values)
        return cls._setup_website(website, domain, codes)

    def _connect(self, *rows, account=None):
        """Return the channels after a person connected the account.

        :param rows: channels as the interface describes them; none: as they are
        """
        if rows:
            self.etrusted.channels = list(rows)
        account = account or self.account
        self.answer = account.action_connect()
        channels = self.env["trustedshops.channel"].with_context(active_test=False)
        return channels.search([("account_id", "=", account.id)], order="id")

    def _refresh(self):
        """Have the scheduled action ask about the accounts, as after a rest."""
        self.account.last_attempt_at = False
        self._end_rest()
        with self.enter_registry_test_mode():
            self.env.ref(REFRESH_CRON).method_direct_trigger()

    def assertValues(self, record, **values):
        """Compare some fields of one record."""
        self.assertRecordValues(record, [values])

    def assertShown(self, answer, kind, words):
        """Check what a button tells the user who pressed it."""
        self.assertEqual(answer["params"]["type"], kind, answer)
        self.assertIn(words, answer["params"]["message"])

    def _end_rest(self):
        """Have the services asked again although they did not answer."""
        services = self.env["trustedshops.service"].search([])
        services.write(
            dict.fromkeys(("silent_since", "rests_until", "missed_id"), False)
        )

    def _get_todos(self, records):
        """Return the notes of the activities of records."""
        return [activity.note for activity in records.activity_ids]
