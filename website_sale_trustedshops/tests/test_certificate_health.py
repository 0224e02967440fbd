# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime
from itertools import product
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools.misc import ReadonlyDict
from odoo.tools.translate import code_translations

from ..models.messages import LEVELS
from .certificate_common import THIRD_ID, CertificateCommon
from .fake_service import EURO_FEES, make_item

CHECK_LOGGER = "odoo.addons.website_sale_trustedshops.models.queue.login"
GERMAN = {
    "Trusted Shops: fees have changed": "Die Gebühren sind andere",
    "Trusted Shops: certificate not valid": "Das Zertifikat gilt nicht",
    "The certificate has expired. Renew it at Trusted Shops, or archive it here.": (
        "Das Zertifikat ist abgelaufen."
    ),
    "These items of Trusted Shops' fee table are gone or cost more: %(items)s. Shoppers"
    " already see the new fees; check your own texts.": "Teurer: %(items)s",
    "Then press Mark Done.": "Danach erledigen.",
}


@tagged("full")
class TestCertificateWatch(CertificateCommon):
    """One activity for each certificate and cause, when something got worse."""

    QUICK = (
        "test_worse_state_makes_one_activity_until_it_is_mended",
        "test_the_headline_is_the_worst_that_is_true_in_each_state",
        "test_what_is_to_do_is_done_by_its_buttons",
        "test_a_row_due_for_more_than_an_hour_is_told",
    )

    def setUp(self):
        super().setUp()
        self._archive(self.certificate)
        self._freeze("2026-11-02 10:00:00")
        self.own = self._add(
            ws_user="u", ws_password="p", user_id=self.manager.id, lang_id=False
        )
        self.own.lang_id = self.langs["de_DE"]

    def _get_causes(self, certificate=None):
        activities = (certificate or self.own).activity_ids
        return sorted(activity.trustedshops_cause for activity in activities)

    def _live(self, days=1):
        """Let days go by, each with its check."""
        for _day in range(days):
            self._wait(days=1)
            self._refresh()

    def _set_items(self, fees):
        self.service.items = [make_item(amount, *fee) for amount, fee in fees.items()]

    # === WHAT IS TOLD === #

    def test_worse_state_makes_one_activity_until_it_is_mended(self):
        for word, cause in (
            ("CANCELLED", "state_cancelled"),
            ("DISABLED", "state_disabled"),
            ("NO_AUDIT", "state_no_audit"),
            ("INVALID_TS_ID", "state_invalid"),
        ):
            self.service.status["stateEnum"] = word
            self._live(3)
            self.assertEqual(self._get_causes(), [cause])
            self.service.status["stateEnum"] = "PRODUCTION"
            self._live()
            self.assertEqual(self._get_causes(), [])

    def test_mismatch_makes_an_activity_until_it_is_mended(self):
        self.service.status.update(url="elsewhere.example", certificationLanguage="pl")
        self._live(3)
        self.assertEqual(self._get_causes(), ["address_mismatch", "lang_mismatch"])
        self.second.domain = "https://elsewhere.example"
        self._live()
        self.assertEqual(self._get_causes(), ["lang_mismatch"])
        self.service.status["certificationLanguage"] = "de"
        self._live()
        self.assertEqual(self._get_causes(), [])

    def test_a_certificate_in_test_mode_is_to_be_enabled(self):
        self.own.mode = "test"
        self.assertEqual(self._get_findings(self.own)["enable"][0], "todo")
        self.own.mode = "enabled"
        self.assertNotIn("enable", self._get_findings(self.own))

    def test_items_that_are_gone_or_dearer_are_told(self):
        self._set_items({**EURO_FEES, "500.00": ("0.83", "0.99")})
        self._live(3)
        self.assertEqual(self._get_causes(), ["items_changed"])
        self.assertTodo(self.own, "gone or cost more: TS080501_500_30_EUR. Shoppers")
        self.own.activity_ids.action_feedback()
        self._set_items({"500.00": ("0.83", "0.99")})
        self._live(3)
        self.assertEqual(self._get_causes(), ["items_changed"])
        # Those that are new or cheaper are not.
        self.own.activity_ids.action_feedback()
        self._set_items({"500.00": ("0.5", "0.6"), "9.00": ("0.1", "0.2")})
        self._live(2)
        self.assertEqual(self._get_causes(), [])
        # Nor is one that is more precise than the currency, and stored anew each day.
        self._set_items({"500.00": ("0.5", "0.604"), "9.00": ("0.1", "0.2")})
        self._live(2)
        self.assertEqual(self._get_causes(), [])

    def test_an_empty_table_is_told_and_closed_when_it_is_back(self):
        self.service.items = []
        self._live(3)
        self.assertEqual(self._get_causes(), ["items_none"])
        self._set_items(EURO_FEES)
        self._live()
        self.assertEqual(self._get_causes(), [])

    def test_list_of_todos_empties_without_activities(self):
        def find_open():
            found = self._get_findings(self.own)
            return [cause for cause, (level, _text) in found.items() if level == "todo"]

        todos = ["fee_booking", "test_order", "website", "seal", "privacy"]
        self.assertEqual(find_open(), todos)
        self.assertEqual(self._get_causes(), [])
        self._make_queued(lang="de_DE", website_id=self.second.id)
        self.own.invalidate_recordset(["is_used"])
        self.own.check_website([])
        self.assertIn("website", find_open())
        self._check_website(self.own)
        self.own.action_confirm_fee_booking()
        self.own.write({"is_privacy_policy_updated": True, "seal_shown": False})
        self.assertEqual(find_open(), [])
        self.assertFalse(self.own.headline)
        self._save(self.own, ws_password="other")
        self.assertEqual(find_open(), [])

    def test_what_is_done_for_a_website_is_done_for_all_its_certificates(self):
        other = self._make_certificate(
            ts_id=THIRD_ID,
            website_id=self.second.id,
            lang_id=self.env.ref("base.lang_en").id,
        )
        elsewhere = self._make_certificate(ts_id="X" + "7" * 32)
        (self.own | other | elsewhere).sudo().write(
            {"is_privacy_policy_updated": False, "website_checked_at": False}
        )
        own = self.own.with_user(self.designer)
        own.action_confirm_privacy_policy()
        self._check_website(own)
        for each, expected in ((self.own, True), (other, True), (elsewhere, False)):
            self.assertEqual(each.is_privacy_policy_updated, expected)
            self.assertEqual(bool(each.website_checked_at), expected)

    def test_the_website_is_checked_once_visitors_see_the_certificate(self):
        for mode, expected in (("enabled", True), ("test", False)):
            self.own.mode = mode
            found = self._get_findings(self.own)
            self.assertEqual("website" in found, expected, mode)

    def test_user_with_write_access_notes_the_privacy_policy_by_a_button(self):
        editor, reader = (
            new_test_user(self.env, login, groups=f"base.group_user,{group}")
            for login, group in (
                ("ts_editor", "website.group_website_designer"),
                ("ts_reader", "sales_team.group_sale_salesman"),
            )
        )
        button = 'name="action_confirm_privacy_policy"'
        self.assertNotIn(button, self.own.with_user(reader).health)
        with self.assertRaises(AccessError):
            self.own.with_user(reader).action_confirm_privacy_policy()
        self.assertIn(button, self.own.with_user(editor).health)
        self.own.with_user(editor).action_confirm_privacy_policy()
        self.assertTrue(self.own.is_privacy_policy_updated)
        self.assertNotIn("privacy", self._get_findings(self.own))

    def test_lawful_words_of_the_order_button_are_proposed_by_country(self):
        company, website = self.own.company_id, self.own.website_id
        for country, mode, is_on, is_asked in (
            ("de", "enabled", False, True),
            ("at", "enabled", False, True),
            ("pl", "enabled", False, True),
            ("fr", "enabled", False, False),
            ("de", "test", False, False),
            ("de", "enabled", True, False),
        ):
            company.country_id = self.env.ref(f"base.{country}")
            website.trustedshops_order_button = is_on
            self.own.mode = mode
            with self.subTest(country=country, mode=mode, is_on=is_on):
                findings = self._get_findings(self.own)
                self.assertEqual("order_button" in findings, is_asked)

    def test_the_headline_is_the_worst_that_is_true_in_each_state(self):
        states, modes, holds, errors = (
            self.own._fields["state"].get_values(self.env),
            self.own._fields["mode"].get_values(self.env),
            (False, *self.own._fields["hold_reason"].get_values(self.env)),
            (False, {"code": "check_unasked", "trouble": "unreached"}),
        )
        for values in product(states, modes, holds, errors):
            names = ("state", "mode", "hold_reason", "last_check_error")
            self.own.sudo().write(dict(zip(names, values, strict=True)))
            levels = {each["level"] for each in self.own._get_findings()} - {"hint"}
            worst = min(levels, key=LEVELS.index, default=False)
            with self.subTest(values=values):
                self.assertEqual(self.own.headline_level, worst)
                self.assertEqual(bool(self.own.headline), bool(worst))

    def test_the_mode_tells_whether_orders_are_protected(self):
        for mode, state, code in (
            ("disabled", "production", "mode_disabled"),
            ("disabled", "disabled", "mode_disabled"),
            ("enabled", "test", "test_mark"),
            ("test", "test", "test_mark"),
        ):
            self.own.mode = mode
            self.own.sudo().state = state
            with self.subTest(code=code):
                finding = self.own._get_mode_finding()
                self.assertEqual(
                    (finding["cause"], finding["level"]), (code, "warning")
                )

    def test_what_is_to_do_is_done_by_its_buttons(self):
        self.own.mode = "test"
        self.own.action_enable()
        self.assertEqual(self.own.mode, "enabled")
        self.own.action_use_order_words()
        self.assertTrue(self.own.website_id.trustedshops_order_button)
        view = self.own.action_upload_seal()["views"][0][0]
        self.assertIn("seal_image", self.own.get_view(view)["arch"])
        self.own.lang_id = self.env["res.lang"]._get_data(code="de_DE").id
        url = self.own.action_open_shop()["url"]
        self.assertEqual(url, "https://shop.example/de/shop")
        self.own.lang_id = False
        url = self.own.action_open_shop()["url"]
        self.assertEqual(url, "https://shop.example/en/shop")
        check = self.own.action_check_website()
        self.assertEqual(check["context"], {"active_id": self.own.id})

    def test_each_to_do_has_a_button_that_ends_it_or_leads_there(self):
        todos = "enable fee_booking order_button privacy seal test_order website"
        for code in todos.split():  # what other models tell is the note of an activity
            message = self.own._get_messages()[code]
            self.assertEqual(message.level, "todo")
            actions = [message.action, *(action for action, _label in message.more)]
            with self.subTest(code=code):
                # Or the step names a button of the form on which it stands.
                self.assertTrue(message.label or message.step)
                for action in actions:
                    self.assertTrue(
                        any(
                            hasattr(self.env[model], action)
                            for model in self.env.registry
                            if model.startswith("trustedshops.")
                        ),
                        action,
                    )

    def test_the_end_of_validity_is_told_thirty_days_before_and_once(self):
        # 31 days after the first check, 30 after the second.
        self.service.trustmark = {
            "trustMark": {"status": "VALID", "validTo": "2026-12-04"}
        }
        told = []
        for _day in range(4):
            self._live()
            told.append(self._get_causes())
        self.assertEqual(
            told, [[], ["validity_ends"], ["validity_ends"], ["validity_ends"]]
        )
        self.assertTodo(self.own, "is valid until 12/04/2026. Renew it")
        for end, causes in (("2027-12-04", []), ("2026-12-04", ["validity_ends"])):
            self.service.trustmark["trustMark"]["validTo"] = end
            self._live()
            self.assertEqual(self._get_causes(), causes)
        self.own.activity_ids.action_feedback()
        self._live(3)
        self.assertEqual(self._get_causes(), [])

    def test_login_and_limit_are_told_and_closed_when_a_person_has_it_checked(self):
        for code, cause in (
            (-10001, "hold_login"),
            (-10002, "hold_limit"),
            (-10011, "hold_limit"),
        ):
            self.service.always["checkLogin"] = code
            self._live(3)
            self.assertEqual(self._get_causes(), [cause])
            self.service.always.clear()
            self._live()
            self.assertEqual(self._get_causes(), [cause])
            self.own.action_check_now()
            self.assertEqual(self._get_causes(), [])
            self._wait(days=1)

    def test_login_and_limit_that_come_and_go_make_one_activity_each(self):
        for _turn in range(3):
            for code in (-10001, 1, -10002, 1):
                self.service.script("checkLogin", code)
                self._live()
        self.assertEqual(self._get_causes(), ["hold_limit", "hold_login"])

    def test_stuck_application_of_a_former_excellence_is_told(self):
        self._archive(self.own)
        self.certificate.active = True
        self._make_queued()
        self.certificate.protection_model = "classic"
        self._live()
        self.assertEqual(self._get_causes(self.certificate), ["queue_stuck"])

    def test_a_row_due_for_more_than_an_hour_is_told(self):
        self._archive(self.own)
        self.certificate.active = True
        protection = self._make_queued()
        now = datetime.now()
        for values in (
            {"state": "queued"},
            {"state": "sending"},
            {"state": "requested", "application_number": "4711"},
        ):
            times = {"next_attempt_at": now, "lease_until": now}
            protection.write({**values, **times})
            found = []
            for minutes in (59, 1):
                self._wait(minutes=minutes)
                self.certificate._check()
                found.append(self._get_causes(self.certificate))
            with self.subTest(values=values):
                self.assertEqual(found, [[], ["queue_stuck"]])
            protection.state = "cancelled"
            self.certificate.action_check_now()
            self.assertEqual(self._get_causes(self.certificate), [])
            self.clock.move_to(now)

    # === WHO IS TOLD, AND HOW === #

    def test_the_responsible_user_is_told_or_if_archived_the_administrator(self):
        self.service.status["stateEnum"] = "NO_AUDIT"
        self._live()
        summary = "Trusted Shops: certificate not valid"
        todo = self.own.activity_ids
        self.assertValues(todo, user_id=self.manager.id, summary=summary)
        administrator = self.env.ref("base.user_admin")
        self.designer.active = False
        for user, word in ((self.designer, "CANCELLED"), (False, "DISABLED")):
            self.own.user_id = user
            self.service.status["stateEnum"] = word
            self._live()
            self.assertEqual(self.own.activity_ids.user_id, administrator)
        self.service.items = []
        self.service.status["stateEnum"] = "PRODUCTION"
        administrator.active = False
        self._live()
        self.assertTrue(self.own.activity_ids.user_id.active)
        self.assertTrue(self.own.activity_ids.user_id.has_group("base.group_system"))

    def test_who_is_archived_hands_the_activities_over(self):
        self.service.status["stateEnum"] = "NO_AUDIT"
        self._live()
        activity = self.own.activity_ids
        own = self.own.activity_schedule(user_id=self.manager.id, summary="Own")
        self.manager.action_archive()
        self.assertFalse(own.exists())
        self.assertEqual(activity.user_id, self.env.ref("base.user_admin"))
        self._live()
        self.assertEqual(self.own.activity_ids, activity)

    def test_a_responsible_user_who_lost_all_rights_stops_no_check(self):
        self.own.user_id = new_test_user(
            self.env, "ts_nobody", groups="base.group_user"
        )
        self.service.status["stateEnum"] = "CANCELLED"
        self._live()
        self.assertEqual(self.own.state, "cancelled")
        self.assertEqual(self._get_causes(), ["state_cancelled"])

    def test_the_note_is_in_the_language_of_the_responsible_user(self):
        self.manager.lang = "de_DE"
        translations = {
            **code_translations.python_translations,
            ("website_sale_trustedshops", "de_DE"): ReadonlyDict(GERMAN),
        }
        self.enterContext(
            patch.object(code_translations, "python_translations", translations)
        )
        self.service.status.update(stateEnum="CANCELLED")
        self._set_items({"500.00": ("0.83", "0.99")})
        self.own.with_user(self.designer).action_check_now()
        self.assertCountEqual(
            self.own.activity_ids.mapped("summary"),
            ["Die Gebühren sind andere", "Das Zertifikat gilt nicht"],
        )
        notes = "".join(self._get_todos(self.own))
        self.assertIn("<p>Teurer: TS080501_500_30_EUR, TS080501_1500_30_EUR,", notes)
        self.assertIn("<p>Das Zertifikat ist abgelaufen.</p>", notes)

    def test_a_user_who_saves_or_checks_reads_it_and_the_daily_check_tells(self):
        self.service.status["stateEnum"] = "CANCELLED"
        new = self._add(self.manager, ts_id=THIRD_ID, mode="test")
        new.action_check_now()
        self.assertEqual(self._get_causes(new), [])
        self._live()
        self.assertIn("state_cancelled", self._get_causes(new))
        self.service.status["stateEnum"] = "PRODUCTION"
        new.action_check_now()
        self.assertNotIn("state_cancelled", self._get_causes(new))
        # So does a check by somebody else.
        self.service.status["stateEnum"] = "CANCELLED"
        new.with_user(self.designer).action_check_now()
        self.assertIn("state_cancelled", self._get_causes(new))

    def test_what_came_back_is_told_again(self):
        for _turn in range(2):
            self.service.status["stateEnum"] = "CANCELLED"
            self._live()
            self.assertEqual(self._get_causes(), ["state_cancelled"])
            self.own.activity_ids.action_feedback()
            self.service.status["stateEnum"] = "PRODUCTION"
            self._live()

    def test_a_change_of_state_is_noted_in_the_chatter(self):
        own = self.own.with_context(tracking_disable=False, mail_notrack=False)
        self.cr.flush()  # what is created in a transaction is not tracked in it
        self.service.status["stateEnum"] = "CANCELLED"
        own.action_check_now()
        self.cr.flush()
        self.assertEqual(
            own.message_ids.tracking_value_ids.mapped("new_value_char"), ["Expired"]
        )

    # === THE DAILY JOB === #

    def test_an_archived_certificate_is_checked_while_applications_wait(self):
        self._archive(self.own)
        self.certificate.active = True
        protection = self._make_queued()
        self._archive(self.certificate)
        self.service.status["stateEnum"] = "DISABLED"
        self._live()
        self.assertEqual(self.certificate.state, "disabled")
        self.assertEqual(
            self._get_causes(self.certificate), ["queue_stuck", "state_disabled"]
        )
        self.assertEqual(self.own.state, "production")
        protection.state = "cancelled"
        self.service.calls.clear()
        self._live()
        self.assertEqual(self.service.calls, [])

    def _add_second(self):
        """Return a certificate that is checked after the first one."""
        second = self._add(ts_id=THIRD_ID, lang_id=self.langs["en_US"].id)
        self.own.last_attempt_at = datetime(2026, 11, 1)
        second.last_attempt_at = datetime(2026, 11, 2)
        self.service.status["stateEnum"] = "INTEGRATION"
        return second

    def test_a_crash_is_logged_and_the_next_certificate_checked(self):
        second = self._add_second()
        self.service.script("checkCertificate", KeyError("a bug"))
        with self.assertLogs(CHECK_LOGGER, "ERROR") as log:
            self._live()
        name = f"trustedshops.certificate({self.own.id},)"
        self.assertIn(f"{name} could not be checked", log.output[0])
        self.assertRecordValues(
            self.own + second,
            [
                {"state": "production", "last_attempt_at": datetime(2026, 11, 3, 10)},
                {"state": "integration", "last_attempt_at": datetime(2026, 11, 3, 10)},
            ],
        )

    def _refuse_once(self, method, error):
        """Let a method of certificates fail, the first time it is called."""
        certificates = self.env.registry["trustedshops.certificate"]
        original = getattr(certificates, method)
        errors = [error]

        def refuse(records, *args, **kwargs):
            if errors:
                raise errors.pop()
            return original(records, *args, **kwargs)

        self.enterContext(patch.object(certificates, method, refuse))

    def test_a_certificate_changed_meanwhile_is_left_to_the_next_run(self):
        for method in ("try_lock_for_update", "_apply_answer"):
            with self.subTest(method=method):
                second = self._add_second()
                self._refuse_once(method, psycopg2.errors.SerializationFailure())
                self._live()
                self.assertRecordValues(
                    self.own + second,
                    [{"state": "production"}, {"state": "integration"}],
                )
                second.unlink()

    def test_a_locked_certificate_is_left_to_the_next_run(self):
        second = self._add_second()
        certificates = self.env.registry["trustedshops.certificate"]
        lock = certificates.try_lock_for_update

        def lock_others(records, **options):
            return lock(records - self.own, **options)

        with patch.object(certificates, "try_lock_for_update", lock_others):
            self._live()
        self.assertRecordValues(
            self.own + second,
            [
                {"state": "production", "last_attempt_at": datetime(2026, 11, 1)},
                {"state": "integration", "last_attempt_at": datetime(2026, 11, 3, 10)},
            ],
        )

    def test_an_answer_is_applied_to_what_a_person_chose_meanwhile(self):
        certificates = self.env.registry["trustedshops.certificate"]
        lock = certificates.try_lock_for_update
        locked = []

        def lock_late(records, **options):
            locked.append(records.id)
            if len(locked) == 2:  # as another process that committed before this lock
                records.env.cr.execute(
                    "UPDATE trustedshops_certificate SET protection_model = 'none'"
                    " WHERE id = %s",
                    [records.id],
                )
            return lock(records, **options)

        with patch.object(certificates, "try_lock_for_update", lock_late):
            self._live()
        self.assertEqual(locked, [self.own.id] * 2)
        self.assertEqual(self.own.protection_model, "none")
