# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from psycopg2 import IntegrityError
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .account_common import AccountCommon
from .fake_etrusted import make_channel

HOST = "https://shop.example"


class TestChannelPlace(AccountCommon):
    """Each channel gets the website and language that it is for, or says why not."""

    def assertPlaced(self, url, locale, code, domain=None):
        """Check in which language of the website a channel is; None: nowhere."""
        self.env["trustedshops.channel"].search([]).unlink()
        if domain:
            self.website.domain = domain
        [channel] = self._connect(make_channel("chl-1", url, locale))
        self.assertEqual(
            (channel.website_id, channel.lang_id.code or None),
            (self.website if code else self.website.browse(), code),
            (url, locale, domain),
        )
        return channel

    def test_the_locale_decides_however_it_is_written(self):
        for locale, code in (
            ("DE-de", "de_DE"),
            ("de_AT", "de_DE"),
            ("en_150", "en_US"),
        ):
            self.assertPlaced(HOST, locale, code)
        self.website.language_ids += self.langs["en_GB"]
        for locale, code in (("en_150", "en_GB"), ("en_IE", "en_US")):
            self.assertPlaced(HOST, locale, code)

    def test_channel_without_a_fitting_website_waits_for_a_person(self):
        for url, locale, told in (
            (None, "pl_PL", "–, pl_PL."),
            (HOST, "pl_PL", f"{HOST}, pl_PL."),
            (HOST, "", f"{HOST}, –."),
        ):
            channel = self.assertPlaced(url, locale, None)
            self.assertEqual(
                channel.headline,
                "Not used: choose the website and the language that it is for. Trusted"
                f" Shops says: {told}",
            )
        channel.write({"website_id": self.website.id, "url": HOST, "locale": False})
        self.assertFalse(channel.headline_level)

    def test_two_languages_of_one_host(self):
        german, english = self._connect(
            make_channel("chl-de", HOST + "/de", "de_DE"),
            make_channel("chl-en", HOST + "/en", "en_150"),
        )
        self.assertEqual(
            (german + english).lang_id, self.langs["de_DE"] + self.langs["en_US"]
        )
        channels = self.env["trustedshops.channel"]
        for code, expected in (("de_DE", german), ("en_US", english), ("pl_PL", None)):
            self.assertEqual(
                channels._get_id_for(self.website.id, code),
                expected.id if expected else False,
            )

    def test_a_second_account_takes_no_place_of_the_first(self):
        [first] = self._connect()
        login = {"client_id": "client-2", "client_secret": "secret"}
        login["environment"] = "qa"
        second = self.account.copy(login)
        [channel] = self._connect(account=second)
        self.assertFalse(channel.website_id)
        self.assertIn("Not used: choose the website", channel.headline)
        self.assertValues(first, website_id=self.website.id)

    def test_user_chooses_between_channels_that_fit_one_place(self):
        channels = self._connect(
            make_channel("chl-1", HOST, "de_DE"),
            make_channel("chl-2", HOST, "de_DE"),
            make_channel("chl-at", HOST, "de_AT"),
        )
        self.assertFalse(channels.website_id)
        channels[1].with_user(self.manager).write(
            {"website_id": self.website.id, "lang_id": self.langs["de_DE"].id}
        )
        self._refresh()
        self.assertEqual(channels.filtered("website_id"), channels[1])

    def test_user_chooses_between_two_websites_in_the_language(self):
        self._make_website("https://other.example")
        [channel] = self._connect()
        self.assertFalse(channel.website_id)

    def test_choice_of_a_user_stays(self):
        other = self._make_website("https://other.example", ("en_US", "pl_PL"))
        for values in (
            {"website_id": False, "lang_id": False},
            {"website_id": other.id, "lang_id": self.langs["pl_PL"].id},
            {"website_id": self.website.id, "lang_id": False},
            {"website_id": self.website.id, "lang_id": self.langs["en_US"].id},
        ):
            self.env["trustedshops.channel"].search([]).unlink()
            [channel] = self._connect()
            channel.with_user(self.manager).write(values)
            self.etrusted.channels[0]["name"] = "New name"
            self._refresh()
            self.assertValues(channel, name="New name", **values)

    def test_a_place_that_does_not_fit_is_told(self):
        other = self._make_website("https://other.example", ("en_US", "pl_PL"))
        [channel] = self._connect()
        channel.write({"website_id": other.id, "lang_id": False})
        self.assertIn("in another language", channel.headline)
        channel.write({"website_id": False})
        self.assertIn("Not used", channel.with_user(self.manager).headline)

    def test_only_one_serves_a_website_in_a_language(self):
        first, second = self._connect(
            make_channel("chl-1", HOST, "de_DE"),
            make_channel("chl-2", "https://x.example", "pl_PL"),
        )
        place = {"website_id": self.website.id, "lang_id": self.langs["de_DE"].id}
        with self.assertRaises(RedirectWarning) as caught, self.env.cr.savepoint():
            second.with_user(self.manager).write(place)
        message, action, *_label = caught.exception.args
        self.assertIn("already has a channel for German / Deutsch", message)
        self.assertEqual(action["res_id"], first.id)
        second.write({**place, "lang_id": False})  # for all other languages
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            second.lang_id = self.langs["pl_PL"]
        first.action_archive()  # it keeps its place
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            second.write(place)
        first.website_id = False
        second.write(place)

    @mute_logger("odoo.sql_db")
    def test_two_at_the_same_moment_are_refused_by_the_database(self):
        channels = self._connect(
            make_channel("chl-1", "https://x.example", "de_DE"),
            make_channel("chl-2", "https://x.example", "de_DE"),
        )
        for lang_id in (self.langs["de_DE"].id, False):
            with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
                channels.write({"website_id": self.website.id, "lang_id": lang_id})
                self.env.flush_all()

    def test_website_of_a_channel_says_what_to_do_before_it_goes(self):
        website = self._make_website("https://second.example", ("pl_PL",))
        [channel] = self._connect(make_channel("chl-1", website.domain, "pl_PL"))
        self.assertEqual(channel.website_id, website)
        for _active in (True, False):
            with self.assertRaises(RedirectWarning) as refusal:
                website.unlink()
            self.assertEqual(
                refusal.exception.args[0],
                "The website Lampenladen has the channel"
                f" {channel.display_name} of Trusted Shops. Choose another website on"
                " it, or none, and then delete this one.",
            )
            self.assertEqual(refusal.exception.args[1]["res_id"], channel.id)
            channel.active = False
        channel.with_user(self.manager).website_id = False
        website.unlink()
        self.assertFalse(website.exists())

    def test_deleting_a_language_gives_no_channel_all_languages(self):
        [channel] = self._connect(make_channel("chl-1", HOST, "de_DE"))
        channel.active = False
        self.website.language_ids -= channel.lang_id
        language = channel.lang_id
        self.env["res.partner"].search([("lang", "=", language.code)]).lang = "en_US"
        language.active = False
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            language.unlink()

    def test_which_one_serves_follows_every_change_at_once(self):
        [channel] = self._connect()
        channels = self.env["trustedshops.channel"]

        def find(code="de_DE"):
            return channels._get_id_for(self.website.id, code)

        self.assertEqual((find(), find("en_US")), (channel.id, False))
        for values, expected in (
            ({"lang_id": False}, (channel.id, channel.id)),
            ({"website_id": False}, (False, False)),
            ({"website_id": self.website.id}, (channel.id, channel.id)),
            ({"active": False}, (False, False)),
            ({"active": True}, (channel.id, channel.id)),
        ):
            channel.write(values)
            self.assertEqual((find(), find("en_US")), expected, values)
        other = self.env["res.company"].create({"name": "Other"})
        channel.write({"inviter": "odoo", "consent_mode": "checkbox"})
        texts = self.env["trustedshops.consent.text"]
        for change, expected in (
            (lambda: self.website.write({"company_id": other.id}), False),
            (lambda: self.website.write({"company_id": self.company.id}), channel.id),
            (channel.unlink, False),
        ):
            change()
            self.assertEqual(find(), expected)
            self.assertEqual(texts._is_asked_on(self.website.id), bool(expected))

    def test_one_of_the_company_that_had_the_website_before_is_in_the_way(self):
        [old] = self._connect()
        other = self.env["res.company"].create({"name": "Other"})
        self.website.company_id = other
        self.assertIn("belongs to Other now", old.headline)
        account = self.account.copy(
            {"client_id": "x", "client_secret": "y", "company_id": other.id}
        )
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="base.group_system,base.group_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
            lang="en_US",
        )
        [channel] = self._connect(account=account)
        self.assertFalse(channel.website_id)
        channel = channel.with_user(stranger)
        place = {"website_id": self.website.id, "lang_id": self.langs["de_DE"].id}
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            channel.write(place)
        old.website_id = False
        channel.write(place)

    # === GONE AND BACK === #
    def test_it_is_held_with_one_activity_until_it_is_back(self):
        [channel] = self._connect()
        rows, self.etrusted.channels = self.etrusted.channels, []
        self._refresh()
        self._refresh()
        self.assertValues(channel, hold_reason="gone", website_id=self.website.id)
        self.assertIn("not in the account at Trusted Shops", channel.headline)
        [todo] = self._get_todos(channel)
        self.assertIn("not in the account at Trusted Shops", todo)
        with self.assertRaises(UserError):
            channel.with_user(self.manager).action_release()
        self.etrusted.channels = rows
        self._refresh()
        self.assertValues(channel, hold_reason=False, headline_level=False)
        self.assertEqual(self._get_todos(channel), [])

    def test_one_that_was_held_stays_so_while_gone_and_when_it_is_back(self):
        [channel] = self._connect()
        rows = self.etrusted.channels
        for reason in ("invalid", "refused"):
            channel._start_hold(reason, "no access")
            for self.etrusted.channels in ([], rows):
                self._refresh()
                self.assertEqual(channel.hold_reason, reason)
                self.assertEqual(len(self._get_todos(channel)), 1)
        # A person who connects makes Odoo check the account again.
        for self.etrusted.channels, expected in (([], "gone"), (rows, False)):
            self._connect()
            self.assertEqual(channel.hold_reason, expected)

    def test_unused_channel_that_is_gone_gets_no_activity(self):
        [channel] = self._connect(make_channel("chl-1", "https://x.example", "pl_PL"))
        self.etrusted.channels = []
        self._refresh()
        self.assertEqual(channel.hold_reason, "gone")
        self.assertEqual(self._get_todos(channel), [])
        channel._start_hold("invalid", "no access")
        self.assertEqual(len(self._get_todos(channel)), 1)

    def test_one_that_was_refused_is_released_by_a_person_or_by_connecting(self):
        [channel] = self._connect()
        for reason, release, expected in (
            ("invalid", channel.with_user(self.manager).action_release, False),
            ("refused", self._connect, False),
            ("invalid", self._connect, "invalid"),
        ):
            channel._start_hold(reason, "no access")
            channel._start_hold(reason, "no access")
            [todo] = self._get_todos(channel)
            self.assertIn("Trusted Shops said: no access", todo)
            self._refresh()
            self.assertEqual(channel.hold_reason, reason)
            release()
            self.assertEqual(channel.hold_reason, expected)

    def test_an_empty_list_lets_an_administrator_connect_and_nobody_else(self):
        editor = new_test_user(self.env, "ed", "website.group_website_designer")
        addon = "website_sale_trustedshops_reviews"
        action = self.env.ref(f"{addon}.trustedshops_channel_action")
        link = f"/odoo/action-{addon}.trustedshops_account_action_add"
        for user, expected in ((self.manager, True), (editor, False)):
            names = ["help", "context", "res_model"]
            [read] = action.with_user(user).sudo().read(names)
            self.assertEqual(link in read["help"], expected, user.login)

    def test_starting_to_invite_asks_buyers_and_leaves_the_moment_as_it_is(self):
        [channel] = self._connect()
        self.assertValues(channel, inviter="trustcard", consent_mode="off")
        channel.with_user(self.manager).action_start_inviting()
        self.assertValues(
            channel,
            inviter="odoo",
            consent_mode="checkbox",
            trigger="delivered",
            delay_days=0,
        )


class TestChannelInvites(AccountCommon):
    """What Trusted Shops does after our event is shown, and never changed from here."""

    def setUp(self):
        super().setUp()
        [self.channel] = self._connect()
        self.channel.write({"inviter": "odoo", "delay_days": 3})

    def test_settings_of_a_new_event_type_appear_later(self):
        rows = self.etrusted.settings
        self.etrusted.settings = rows[:1]
        self._connect()
        self.assertValues(
            self.channel,
            settings_state="known",
            checkout_invites="on",
            own_invites="unknown",
        )
        self.assertIn("? at Trusted Shops", self.channel.delay_notice)
        self.assertFalse(self.account.last_attempt_at)  # asked again in a minute
        self.etrusted.settings = rows
        self._refresh()
        self.assertEqual(self.channel.own_invites, "off")
        self.assertTrue(self.account.last_attempt_at)

    def test_starting_to_invite_shows_what_is_set_at_trusted_shops_now(self):
        rows = self.etrusted.settings
        self.etrusted.settings = rows[:1]
        self._connect()
        self.assertEqual(self.channel.own_invites, "unknown")
        self.etrusted.settings = rows
        self.channel.with_user(self.manager).action_start_inviting()
        self.assertEqual(self.channel.own_invites, "off")

    def test_the_form_shows_their_days_beside_ours(self):
        self.assertValues(
            self.channel,
            checkout_invites="on",
            own_invites="off",
            their_delay_days=5,
            delay_notice="Days until the mail: 3 in Odoo + 5 at Trusted Shops.",
        )
        self.assertEqual(self.channel._get_invite_delay_days(), 5)
        self.channel.write({"delay_days": 0, "their_delay_days": 0})
        self.assertEqual(
            self.channel.delay_notice,
            "Days until the mail: 0 in Odoo + 0 at Trusted Shops.",
        )

    def test_a_link_leads_to_where_the_settings_are_changed(self):
        self.env["ir.config_parameter"].set_param(
            "website_sale_trustedshops.sandbox_url", "http://sandbox.example"
        )
        for environment, address in (
            ("production", "https://app.etrusted.com"),
            ("sandbox", "http://sandbox.example"),
            ("qa", False),
        ):
            self.env.cr.execute(
                "UPDATE trustedshops_account SET environment = %s WHERE id = %s",
                [environment, self.account.id],
            )
            self.account.invalidate_recordset(["environment"])
            self.channel.invalidate_recordset(["settings_url"])
            self.assertEqual(self.channel.settings_url, address)

    def test_all_is_good_only_if_nothing_is_left_to_do_or_unknown(self):
        channel, account = self.channel.sudo(), self.account
        values = {"consent_mode": "checkbox", "lang_id": False}
        values |= {"own_invites": "on", "checkout_invites": "off", "locale": False}
        channel.write(values)
        for lang in self.website.language_ids - channel.text_ids.lang_id:
            text = {"channel_id": channel.id, "lang_id": lang.id, "text": "Yes?"}
            channel.text_ids.create(text)
        self.assertFalse(channel.headline_level)
        self.assertFalse(account.headline_level)
        for change, words in (
            ({"consent_mode": "off"}, "no buyer is asked"),
            ({"own_invites": "off"}, "sends no invitations after Odoo's events"),
            ({"website_id": False}, "Not used: choose the website"),
            ({"checkout_invites": "on"}, "are invited twice"),
            ({"checkout_invites": "unknown"}, "It is not known whether"),
            ({"locale": "fr_FR"}, "for the language “fr_FR”"),
            ({"hold_reason": "refused"}, "No invitations are sent for the channel"),
        ):
            before = channel.read(change, load="")[0]
            channel.write(change)
            with self.subTest(change):
                self.assertIn(words, channel.headline)
            channel.write({name: before[name] for name in change})
        account.state = "refused"
        self.assertIn("does not accept this login", channel.headline)
        self.assertIn("does not accept this login", account.headline)

    def test_settings_that_the_login_may_not_see_are_left_out(self):
        self.etrusted.always["getInviteSettings"] = (403, {"Message": "no"})
        self._connect()
        self.assertValues(
            self.channel,
            settings_state="refused",
            checkout_invites="unknown",
            own_invites="unknown",
            their_delay_days=-1,
        )
        self.assertEqual(self.account.state, "connected")
        self.assertIn("? at Trusted Shops", self.channel.delay_notice)
        self.assertEqual(self.channel._get_invite_delay_days(), 7)
        self.channel.consent_mode = "checkbox"
        found = {each["cause"]: each["level"] for each in self.channel._get_findings()}
        self.assertEqual(found["channel_maybe_twice"], "warning")

    def test_settings_that_could_not_be_asked_for_stay(self):
        self.etrusted.script("getInviteSettings", (503, ""))
        self._connect()
        self.assertValues(self.channel, settings_state="known", their_delay_days=5)

    def test_the_event_type_of_a_channel(self):
        for name in ("checkout", "Checkout", "with space", "a" * 101):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.channel.event_type = name
        self.channel.event_type = "order_shipped"
        self.assertFalse(self.account.last_attempt_at)
        self._connect()
        self.assertIn(
            {"name": "order_shipped", "active": True},
            self.etrusted.get_bodies("createEventType"),
        )

    @mute_logger("odoo.sql_db")
    def test_days_make_sense(self):
        for values in ({"delay_days": -1}, {"delay_days": 181}, {"quiet_days": -1}):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.channel.write(values)
                self.channel.flush_recordset()
