# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.website_sale_trustedshops.tests.rpc_common import HttpRpcCase

from .account_common import AccountCommon
from .fake_etrusted import CLIENT_ID, CLIENT_SECRET

ACCOUNT, CHANNEL = "trustedshops.account", "trustedshops.channel"
REFUSED = "odoo.exceptions.AccessError"
SECRET_FIELDS = ("client_id", "client_secret", "new_client_secret")
ROLES = {
    "employee": "base.group_user",
    "salesman": "sales_team.group_sale_salesman",
    "designer": "website.group_website_designer",
    "administrator": "base.group_system",
}
# Who may do what with accounts, and with channels: r(ead), w(rite), c(reate), d(elete).
RIGHTS = {
    "employee": ("", ""),
    "salesman": ("", "r"),
    "designer": ("r", "rw"),
    "administrator": ("rwcd", "rw"),
}


class TestAccountRpc(AccountCommon, HttpRpcCase):
    """Who may do what over RPC, as the web client calls."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role, group in ROLES.items():
            new_test_user(
                cls.env,
                f"{role}_rpc",
                groups=f"base.group_user,base.group_allow_export,{group}",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
                lang="en_US",
            )

    def setUp(self):
        super().setUp()
        [self.channel] = self._connect()

    def _log_in(self, role):
        self._log_in_as(f"{role}_rpc")

    def assertRefused(self, *call, **kwargs):
        self.assertEqual(self._try(*call, **kwargs), REFUSED, call)

    def test_each_role_does_with_each_model_what_the_table_says(self):
        methods = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
        found = {}
        for role in RIGHTS:
            self._log_in(role)
            found[role] = tuple(
                "".join(
                    letter
                    for letter, operation in methods.items()
                    if self._call(model, "has_access", [], operation)
                )
                for model in (ACCOUNT, CHANNEL)
            )
        self.assertEqual(found, RIGHTS)

    def test_users_cannot_read_the_secret_back(self):
        self._log_in("administrator")
        views = self._call(ACCOUNT, "get_views", [[False, "form"], [False, "list"]])
        shown = views["models"][ACCOUNT]["fields"]
        self.assertNotIn("client_secret", shown)
        [read] = self._call(
            ACCOUNT, "web_read", self.account.ids, {name: {} for name in shown}
        )
        self.assertEqual(
            (read["client_id"], read["new_client_secret"]), (CLIENT_ID, False)
        )
        self.assertNotIn(CLIENT_SECRET, str(read))
        self._log_in("designer")
        for name in SECRET_FIELDS:
            self.assertRefused(ACCOUNT, "read", self.account.ids, [name])
            self.assertRefused(ACCOUNT, "search", [(name, "like", "c")])

    def test_an_administrator_saves_the_form_and_connects(self):
        self._log_in("administrator")
        values = {"client_id": "client-2", "new_client_secret": f" {CLIENT_SECRET}\n"}
        [saved] = self._call(ACCOUNT, "web_save", [], values, {"state": {}})
        self.assertEqual(saved["state"], "draft")
        account = self.env[ACCOUNT].browse(saved["id"])
        self.assertEqual(account.sudo().client_secret, CLIENT_SECRET)
        for name, value in (
            ("state", "connected"),
            ("connected_at", "2026-11-02 10:00:00"),
            ("last_error", "forged"),
        ):
            self.assertRefused(ACCOUNT, "write", account.ids, {name: value})
            forged = {**values, name: value}
            self.assertRefused(ACCOUNT, "create", forged)
            context = {f"default_{name}": value}
            other = {**values, "client_id": f"client-{name}"}
            refused = self._try(ACCOUNT, "create", [other], context=context)
            self.assertEqual(refused, REFUSED)

    @mute_logger("odoo.sql_db", "odoo.http")
    def test_a_client_that_has_an_account_is_refused_in_words(self):
        self._log_in("administrator")
        self.assertEqual(
            self._try(ACCOUNT, "create", [{"client_id": CLIENT_ID}]),
            "odoo.exceptions.ValidationError",
        )

    def test_users_cannot_change_what_trusted_shops_tells_of_a_channel(self):
        for role in ("designer", "administrator"):
            self._log_in(role)
            for name, value in (
                ("channel_ref", "chl-other"),
                ("account_id", self.account.id),
                ("url", "https://other.example"),
                ("hold_reason", False),
                ("checkout_invites", "off"),
                ("their_delay_days", 0),
                ("company_id", self.company.id),
            ):
                self.assertRefused(CHANNEL, "write", self.channel.ids, {name: value})
            self._call(CHANNEL, "write", self.channel.ids, {"inviter": "odoo"})
            self.assertEqual(self._try(CHANNEL, "_release", self.channel.ids), REFUSED)
        self._log_in("salesman")
        self.assertRefused(CHANNEL, "action_release", self.channel.ids)
        self.assertRefused(ACCOUNT, "action_connect", self.account.ids)
        self.assertEqual(self.etrusted.count("sendEvent"), 0)
