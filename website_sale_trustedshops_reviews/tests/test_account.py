# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

import requests
from freezegun import freeze_time
from lxml import etree
from psycopg2.errors import UniqueViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import Form, new_test_user
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .account_common import AccountCommon
from .fake_etrusted import CLIENT_ID, CLIENT_SECRET, make_channel

MODELS = (
    *("account", "channel", "consent.text", "consent", "suppression", "invitation"),
    *("review", "product.rating"),
)
# Who may do what with each: r(ead), w(rite), c(reate), d(elete).
RIGHTS = {
    "public": [""] * 8,
    "base.group_portal": [""] * 8,
    "base.group_user": [""] * 7 + ["r"],
    "account.group_account_manager": [""] * 7 + ["r"],
    "website.group_website_restricted_editor": [""] * 7 + ["r"],
    "website_sale_trustedshops_reviews.group_customer_service": [""] * 6 + ["r"] * 2,
    "sales_team.group_sale_salesman": ["", "r", "", "", "", "r", "r", "r"],
    "sales_team.group_sale_manager": ["", "r", "", "r", "r", "r", "r", "r"],
    "website.group_website_designer": ["r", "rw", "rwcd", "", "", "", "r", "r"],
    "base.group_system": ["rwcd", "rw", "rwcd", "rc", "r", "r", "r", "r"],
}


class TestAccountConnect(AccountCommon):
    """Paste id and secret, press Connect; every answer is shown."""

    def test_a_good_login_finds_its_channels(self):
        [channel] = self._connect()
        self.assertEqual(self.answer["tag"], "soft_reload")
        self.assertValues(
            self.account, state="connected", last_error=False, headline_level=False
        )
        self.assertTrue(self.account.connected_at)
        self.assertValues(
            channel,
            display_name="Lampenladen (de_DE)",
            channel_ref="chl-de",
            company_id=self.company.id,
            website_id=self.website.id,
            lang_id=self.langs["de_DE"].id,
            inviter="trustcard",
            consent_mode="off",
            headline_level=False,
        )

    def test_the_event_type_is_made_or_activated_once(self):
        self._connect()
        self._connect()
        self.assertEqual(
            self.etrusted.get_bodies("createEventType"),
            [{"name": "order_status_from_odoo", "active": True}],
        )
        self.assertEqual(self.etrusted.count("activateEventType"), 0)
        self.etrusted.event_types[-1]["active"] = False
        self._connect()
        self.assertEqual(
            self.etrusted.get_bodies("activateEventType"),
            [{"id": "ety-odoo", "active": True}],
        )

    def test_an_event_type_that_cannot_be_made_is_told(self):
        self.etrusted.script("createEventType", (403, {"Message": "no"}))
        self._connect()
        self.assertShown(
            self.answer, "danger", "The event type order_status_from_odoo could not be"
        )
        self.assertValues(self.account, state="connected", type_error="no")
        self._connect()
        self.assertFalse(self.account.headline_level)

    def test_no_answer_about_event_types_is_no_fault_of_theirs(self):
        self._connect()
        for answer, state in (
            (requests.ReadTimeout(), "connected"),
            ((502, "<html>"), "connected"),
            ((429, "", {"Retry-After": "120"}), "connected"),
            ((401, {"Message": "revoked"}), "refused"),
        ):
            self.etrusted.always["getEventTypes"] = answer
            self._connect()
            self.assertValues(self.account, state=state, type_error=False)
        self.assertTrue(self.account.limited_until)

    def test_login_pasted_with_invisible_characters(self):
        with Form(self.account.with_user(self.manager)) as form:
            form.client_id = "client-\n4711\u2060"
            form.new_client_secret = f" {CLIENT_SECRET}\r\n"
        self.assertValues(
            self.account,
            client_id="client-4711",
            client_secret=CLIENT_SECRET,
            state="draft",
        )

    def test_a_login_that_is_wrong(self):
        self.etrusted.always["getToken"] = (401, {"error": "invalid_client"})
        self._connect(account=self.account.with_user(self.manager))
        self.assertShown(
            self.answer, "danger", "Trusted Shops does not accept this login"
        )
        # The form goes on saying so, until it is true no more.
        self.assertNotIn("sticky", self.answer["params"])
        self.assertValues(self.account, state="refused", last_error="refused")
        self.assertIn("Settings > API Clients", self.account.headline)
        self.assertIn("(it refused the call)", self.account.headline)
        # The user who pressed the button knows.
        self.assertEqual(self._get_todos(self.account), [])
        self.account.user_id = self.env.user  # it can be saved all the same

    def test_a_login_that_is_incomplete(self):
        for values in ({"client_secret": False}, {"client_id": "\u200b"}):
            self.account.write(values)
            self._connect()
            self.assertShown(
                self.answer, "warning", "enter the client ID and the secret"
            )
        self.assertEqual(self.etrusted.calls, [])
        self.assertEqual(self.account.state, "draft")

    def test_a_login_that_cannot_be_sent(self):
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.sandbox_url", "nonsense"
        )
        self.account.write({"environment": "sandbox", "client_secret": "other"})
        self._connect()
        self.assertValues(self.account, state="refused", last_error="not_sent")
        self.assertIn("(what was entered cannot be sent)", self.account.headline)
        self.assertEqual(self.etrusted.calls, [])

    def test_an_outage_makes_no_login_a_good_one(self):
        """Nothing is sent with it, and what waits goes out when it is accepted."""
        trigger = self.enterContext(
            patch.object(type(self.env["trustedshops.invitation"]), "_trigger_queue")
        )
        for state, error in (("draft", False), ("refused", "The client is disabled")):
            self.account.sudo().write({"state": state, "last_error": error})
            self.etrusted.script("getChannels", requests.ReadTimeout())
            self._connect()
            self.assertShown(self.answer, "warning", "no usable answer")
            self.assertEqual(self.account.state, state)
            self.assertIn(error or "no usable answer", self.account.headline)
            trigger.reset_mock()
            self._connect()
            self.assertEqual(self.account.state, "connected")
            trigger.assert_called_once()

    def test_a_service_that_wants_to_be_left_alone(self):
        self.etrusted.script("getChannels", (429, "", {"Retry-After": "120"}))
        with freeze_time("2026-11-02 10:00:00"):
            self._connect()
            self.assertValues(
                self.account,
                state="draft",
                limited_until=fields.Datetime.to_datetime("2026-11-02 10:02:00"),
            )
            calls = len(self.etrusted.calls)
            self._refresh()
            self.assertEqual(len(self.etrusted.calls), calls)

    def test_a_new_client_with_the_same_channels_takes_them_over(self):
        [channel] = self._connect()
        channel.delay_days = 5
        self.account.with_user(self.manager).write(
            {"client_id": "client-4712", "new_client_secret": "another"}
        )
        self.assertEqual(self.account.state, "draft")
        second = make_channel("chl-pl", "https://x.example", "pl_PL")
        self.assertIn(channel, self._connect(*self.etrusted.channels, second))
        self.assertEqual(self.account.state, "connected")
        self.assertValues(
            channel, website_id=self.website.id, hold_reason=False, delay_days=5
        )

    def test_a_client_that_lists_other_channels_is_refused(self):
        channels = self._connect(
            make_channel("chl-de", "https://shop.example", "de_DE"),
            make_channel("chl-en", "https://shop.example", "en_US"),
        )
        german, english = channels
        others = [make_channel("chl-en", "https://shop.example", "en_US", "Other")]
        self.account.write({"client_id": "client-4712", "client_secret": "another"})
        self.etrusted.event_types = []
        by_manager = self.account.with_user(self.manager)
        self.assertEqual(self._connect(*others, account=by_manager), channels)
        words = "does not list these channels of this account: Lampenladen (de_DE)."
        self.assertShown(self.answer, "danger", words)
        self.assertEqual(self.account.state, "mismatch")
        self.assertIn(words, self.account.headline)
        self.assertValues(german, website_id=self.website.id, hold_reason=False)
        self.assertEqual(english.name, "Lampenladen")
        # Nothing is made where it does not belong.
        self.assertEqual(self.etrusted.event_types, [])
        # The user at the button knows; else the responsible user is told, once.
        self.assertEqual(self._get_todos(self.account), [])
        self._refresh()
        self._refresh()
        [todo] = self._get_todos(self.account)
        self.assertIn(words, todo)
        german.action_archive()  # there is no such shop any more
        self._refresh()
        self.assertEqual(self.account.state, "connected")
        self.assertEqual(self._get_todos(self.account), [])
        self.assertValues(english, name="Other", hold_reason=False)

    def test_client_need_not_list_channels_that_are_gone(self):
        [channel] = self._connect()
        self._connect(make_channel("chl-2", "https://x.example", "de_DE"))
        self.assertEqual(channel.hold_reason, "gone")
        self.account.write({"client_id": "client-4712", "client_secret": "another"})
        self._connect()
        self.assertEqual(self.account.state, "connected")
        # Nor need the same client with another secret.
        self.account.write({"client_id": "client-4712", "new_client_secret": "third"})
        self.etrusted.channels = []
        self._connect()
        self.assertEqual(self.account.state, "connected")

    def test_change_of_login_closes_only_the_activity_about_the_login(self):
        self._connect()
        for cause in ("account_refused", "account_type"):
            self.account._schedule_todo(cause, f"about {cause}")
        own = self.account.activity_schedule("mail.mail_activity_data_todo")
        self.account.client_secret = "another"
        self.assertEqual(self.account.activity_ids, own)

    def test_an_account_without_channels(self):
        self.etrusted.channels = []
        self._connect()
        self.assertShown(self.answer, "warning", "the account lists no channel")

    def test_an_account_whose_channels_are_archived_has_them(self):
        self._connect().action_archive()
        self.assertFalse(self.account.channel_ids)
        self.assertFalse(self.account.headline_level)

    # === ONCE A DAY === #
    def test_a_login_revoked_meanwhile_is_one_activity_until_it_is_good_again(self):
        self._connect()
        self.etrusted.always["getChannels"] = (401, {"Message": "revoked"})
        self._refresh()
        self._refresh()
        self.assertEqual(self.account.state, "refused")
        [todo] = self._get_todos(self.account)
        self.assertIn("Trusted Shops does not accept this login", todo)
        self.assertEqual(self.account.activity_ids.user_id, self.manager)
        del self.etrusted.always["getChannels"]
        self._refresh()
        self.assertEqual(self.account.state, "connected")
        self.assertEqual(self._get_todos(self.account), [])

    def test_an_outage_is_an_activity_when_it_lasts(self):
        self._connect()
        self.etrusted.always["getChannels"] = (503, "")
        self._refresh()
        self.assertEqual(self.account.state, "connected")
        self.assertEqual(self._get_todos(self.account), [])
        self.account.connected_at -= timedelta(days=3)
        self._refresh()
        self._refresh()
        self.assertEqual(len(self._get_todos(self.account)), 1)
        self.etrusted.always.clear()
        self._refresh()
        self.assertEqual(self._get_todos(self.account), [])

    def test_an_account_without_login_is_not_asked(self):
        self.account.copy({"client_id": "x", "environment": "qa"})
        self.account.client_id = False
        self._refresh()
        self.assertEqual(self.etrusted.calls, [])


class TestAccountSecret(AccountCommon):
    """The secret is written, never read; who may do what, and companies apart."""

    def test_a_form_never_shows_it_and_an_empty_one_keeps_it(self):
        account = self.account.with_user(self.manager)
        with Form(account) as form:
            self.assertFalse(form.new_client_secret)
            form.user_id = self.env.user
        self.assertEqual(self.account.client_secret, CLIENT_SECRET)
        arch = self.env["trustedshops.account"].get_view(view_type="form")["arch"]
        self.assertNotIn('name="client_secret"', arch)

    def test_administrator_gets_it_by_no_way_of_reading(self):
        account, name = self.account.with_user(self.manager), "client_secret"
        for way, read in {
            "read": lambda: account.read([name]),
            "path": lambda: (
                self.env["trustedshops.channel"]
                .with_user(self.manager)
                .search([(f"account_id.{name}", "like", "c")])
            ),
        }.items():
            with self.subTest(way=way), self.assertRaises(AccessError):
                read()

    def test_neither_a_copy_nor_another_environment_gets_the_secret(self):
        copy = self.account.copy({"environment": "qa"})
        self.assertValues(
            copy, client_id=False, client_secret=False, has_login=False, state="draft"
        )
        copy.unlink()
        self.account.environment = "qa"
        self.assertValues(self.account, client_secret=False, state="draft")
        self.account.write({"environment": "sandbox", "new_client_secret": "other"})
        self.assertEqual(self.account.client_secret, "other")

    def test_copied_database_has_no_secret_and_makes_no_call(self):
        self._connect()
        self.env.flush_all()
        addon = "website_sale_trustedshops_reviews"
        for query in get_neutralization_queries([addon]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertValues(
            self.account,
            client_id=False,
            client_secret=False,
            environment="sandbox",
            state="draft",
        )
        self.etrusted.reset()
        self._refresh()
        self.assertEqual(self.etrusted.calls, [])

    # === RIGHTS === #
    def test_each_role_does_with_each_model_what_the_table_says(self):
        operations = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
        users = {name: self._make_user(name) for name in RIGHTS if name != "public"}
        users["public"] = self.env.ref("base.public_user")
        for name, expected in RIGHTS.items():
            found = [
                "".join(
                    letter
                    for letter, operation in operations.items()
                    if self.env[f"trustedshops.{model}"]
                    .with_user(users[name])
                    .has_access(operation)
                )
                for model in MODELS
            ]
            with self.subTest(name):
                self.assertEqual(found, expected)

    def _make_user(self, groups, **values):
        return new_test_user(
            self.env,
            f"user_{groups}",
            groups=groups if "portal" in groups else f"base.group_user,{groups}",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
            **values,
        )

    def test_a_designer_sees_the_account_but_not_its_login(self):
        account = self.account.with_user(
            self._make_user("website.group_website_designer")
        )
        name = "Lampen GmbH, Production"
        self.assertEqual((account.display_name, account.has_login), (name, True))
        for name in ("client_id", "client_secret", "new_client_secret"):
            with self.assertRaises(AccessError):
                account.read([name])
        for call in (account.action_connect, account.copy):
            with self.assertRaises(AccessError):
                call()
        self.assertEqual(self.etrusted.calls, [])

    def test_a_salesman_sees_the_channels_only(self):
        self._connect()
        user = self._make_user("sales_team.group_sale_salesman")
        channels = self.env["trustedshops.channel"].with_user(user).search([])
        self.assertEqual(channels.mapped("channel_ref"), ["chl-de"])
        self.env.invalidate_all()
        self.assertEqual(channels.settings_url, "https://app.etrusted.com")
        self.assertFalse(channels.headline_level)
        with self.assertRaises(AccessError):
            self.account.with_user(user).read(["state"])
        self.account.state = "refused"
        self.assertIn("does not accept this login", channels.health)
        self.assertNotIn("action_open_account", channels.health)
        self.env.invalidate_all()
        self.assertIn("action_open_account", channels.with_user(self.manager).health)
        for call in (channels.action_release, channels.action_start_inviting):
            with self.assertRaises(AccessError):
                call()

    def test_users_cannot_set_what_trusted_shops_tells(self):
        [channel] = self._connect()
        for record, values in (
            (self.account, {"state": "connected"}),
            (self.account, {"limited_until": "2099-01-01"}),
            (channel, {"hold_reason": False}),
            (channel, {"channel_ref": "chl-other"}),
            (channel, {"checkout_invites": "off"}),
            (channel, {"account_id": self.account.id}),
        ):
            with self.assertRaises(AccessError):
                record.with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            self.account.with_user(self.manager).create({"state": "connected"})

    def test_a_channel_finds_no_website_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        codes = ("pl_PL",)
        foreign = self._make_website("https://x.example", codes, company_id=other.id)
        [channel] = self._connect(make_channel("chl-1", "https://x.example", "pl_PL"))
        self.assertFalse(channel.website_id)
        with self.assertRaises(UserError):
            channel.website_id = foreign

    def test_a_connected_account_stays_in_its_environment(self):
        [channel] = self._connect()
        account = self.account.with_user(self.manager)
        for is_active in (True, False):  # an archived channel has its reviews, too
            channel.active = is_active
            with self.assertRaisesRegex(
                UserError, "Add an account for the other environment"
            ):
                account.write({"environment": "qa", "new_client_secret": "another"})
        self.assertValues(
            self.account, environment="production", client_secret=CLIENT_SECRET
        )
        account.environment = "production"  # a form sends what it showed
        channel.active = True
        with Form(account) as form:
            self.assertTrue(form._get_modifier("environment", "readonly"))
        channel.unlink()
        with Form(account) as form:
            form.environment = "qa"

    @mute_logger("odoo.sql_db")
    def test_a_company_has_one_account_of_an_environment(self):
        values = {"client_id": "client-2", "client_secret": "x"}
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.account.copy(values)
        other = self.account.copy({**values, "environment": "qa"})
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            other.write({"environment": "production", "client_secret": "y"})
            self.env.flush_all()

    @mute_logger("odoo.sql_db")
    def test_a_client_exists_once_in_an_environment(self):
        other = self.env["res.company"].create({"name": "Other"})
        values = {"client_id": CLIENT_ID, "client_secret": "x", "company_id": other.id}
        second = self.account.create({**values, "environment": "qa"})
        for change in (
            lambda: self.account.create(values),
            lambda: self.account.copy(
                {"client_id": f" {CLIENT_ID}", "company_id": other.id}
            ),
            lambda: second.write({"environment": "production"}),
        ):
            with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
                change()
                self.env.flush_all()
        self.account.copy({"client_id": "client-4712", "company_id": other.id})

    def test_an_account_with_channels_stays_in_its_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._connect()
        with self.assertRaisesRegex(UserError, "serve websites of Lampen GmbH"):
            self.account.company_id = other
        self.env["trustedshops.channel"].search([]).unlink()
        self.account.company_id = other

    def test_an_account_can_be_deleted_with_channels_that_nothing_uses(self):
        channels = self._connect()
        self.account.with_user(self.manager).unlink()
        self.assertFalse(channels.exists())

    # === SETTINGS === #
    def _get_summary(self, website=None):
        settings = self.env["res.config.settings"].with_user(self.manager)
        form = settings.new({"website_id": (website or self.website).id})
        return form.trustedshops_reviews_summary.striptags()

    def test_an_account_is_connected_for_the_company_of_the_website(self):
        other = self.env["res.company"].create({"name": "Other"})
        website = self._make_website("https://other.example", company_id=other.id)
        settings = self.env["res.config.settings"].with_user(self.manager)
        for companies in (self.company, self.company + other):
            self.manager.company_ids = companies
            arch = etree.fromstring(settings.get_view(view_type="form")["arch"])
            self.assertTrue(arch.xpath("//field[@name='website_company_id']"))
        form = settings.new({"website_id": website.id})
        [button] = arch.xpath("//button[@string='Connect account']")
        values = {"website_company_id": form.website_company_id.id}
        context = safe_eval(button.get("context"), values)
        accounts = self.env["trustedshops.account"].with_context(**context)
        self.assertEqual(accounts.create({}).company_id, other)

    def test_it_says_what_to_do_next(self):
        self.assertIn("Not connected yet", self._get_summary())
        self._connect()
        self.assertIn("Lampenladen (de_DE)", self._get_summary())
        second = self._make_website("https://second.example")
        self.assertIn(
            "No channel of your Trusted Shops account", self._get_summary(second)
        )
        self.env["trustedshops.channel"].search([]).unlink()
        self.account.unlink()
        self.assertIn("Connect your Trusted Shops account", self._get_summary())
