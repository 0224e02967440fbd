# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from ..models.messages import MESSAGES, PROBLEM
from .certificate_common import OTHER_ID, CertificateCommon
from .overview_common import OverviewMixin

GOOD = "Nothing needs your attention."
# What makes a problem of a certificate true.
FORCED = {
    "state_cancelled": {"state": "cancelled"},
    "state_disabled": {"state": "disabled"},
    "state_no_audit": {"state": "no_audit"},
    "state_invalid": {"state": "invalid"},
    "validity_ends": {"valid_to": "2026-11-20"},
    "model_less": {"answered_model": "classic"},
    "website_missing": {"website_id": False},
    "address_mismatch": {"shop_url": "elsewhere.example"},
    "lang_mismatch": {"certificate_language": "fr"},
    "hold_login": {"hold_reason": "login"},
    "hold_limit": {"hold_reason": "suspended"},
    "hold_login_missing": {"ws_password": False},
    "items_none": {"item_ids": [Command.clear()]},
    "check_said": {"last_check_error": {"code": "check_said", "words": "No"}},
}


class TestOverview(OverviewMixin, CertificateCommon):
    """Is all right today?"""

    is_frozen = True

    def setUp(self):
        super().setUp()
        self.users = self._make_readers()
        self.second.unlink()
        self.website.domain = "https://shop.example"
        self.elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        others = self.env["website"].search([("id", "!=", self.website.id)])
        others.company_id = self.elsewhere
        self._settle()

    def _settle(self):
        """Have nothing to do for the certificate."""
        self.certificate.sudo().write(
            {
                "is_privacy_policy_updated": True,
                "website_checked_at": "2026-11-01 10:00:00",
                "seal_shown": False,
                "shop_url": "shop.example",
                "last_check_error": False,
            }
        )
        self.website.trustedshops_order_button = True
        self.fee_product.sudo().trustedshops_is_booking_checked = True
        protection = self._make_queued()
        self._run_queue()
        protection.sudo().write({"state": "confirmed", "fee_state": "invoiced"})
        self.env["mail.activity"].search([("trustedshops_cause", "!=", False)]).unlink()

    def _get_text(self, code):
        """Return what the certificate says of a problem."""
        (text,) = [
            each["text"]
            for each in self.certificate._get_findings()
            if each["cause"] == code
        ]
        return text

    def test_it_is_green_while_nothing_is_to_be_done(self):
        for role, user in self.users.items():
            with self.subTest(role=role):
                words = self._read(user).text_content()
                self.assertEqual(self._list_lines(user), [])
                self.assertIn(GOOD, words)

    def test_a_shop_that_changes_a_filter_breaks_nothing(self):
        waiting, user = self._make_queued(), self.users["administrator"]
        view = self.env.ref(
            "website_sale_trustedshops.trustedshops_protection_view_search"
        )
        for change in ("domain=\"[('create_uid', '=', uid)]\"", 'name="mine"'):
            with self.subTest(change=change), self.env.cr.savepoint() as savepoint:
                name = change.partition("=")[0]
                view.create(
                    {
                        "name": "changed",
                        "model": view.model,
                        "inherit_id": view.id,
                        "arch": "<filter name='waiting' position='attributes'>"
                        f"<attribute name='{name}'>{change[len(name) + 2 : -1]}"
                        "</attribute></filter>",
                    }
                )
                rows = self._read(user).xpath("//li[span[1]='Waiting']")
                action = self._get_action(rows[0])
                self.assertEqual(self._follow(action, user), waiting)
                savepoint.close(rollback=True)

    def test_a_website_that_shows_nothing_any_more_is_a_to_do_until_confirmed(self):
        user = self.users["administrator"]
        self.certificate.action_archive()
        (line,) = self._list_lines(user)
        self.assertEqual(line[0], "todo")
        self.assertIn("shows nothing of Trusted Shops any more", line[1])
        certificate = self._follow(line[2], user)
        self.assertEqual(certificate, self.certificate)
        (finding,) = [
            each
            for each in certificate._get_findings()
            if each["cause"] == "certificate_ended"
        ]
        [(button, _label)] = finding["buttons"]
        getattr(certificate, button)()
        self.assertEqual(self._list_lines(user), [])
        self.certificate.action_unarchive()
        self.env.flush_all()
        self.certificate.action_archive()
        self.assertEqual(len(self._list_lines(user)), 1)

    def test_no_buyers_for_now_is_not_green(self):
        self.certificate.offered_to = "nobody"
        (line,) = self._list_lines(self.users["administrator"])
        self.assertEqual(line[0], "warning")
        self.assertIn("is offered to no buyers for now", line[1])

    def test_mails_that_are_switched_off_are_a_problem(self):
        job = self.env.ref("mail.ir_cron_mail_scheduler_action")
        job.active = False
        (line,) = self._list_lines(self.users["administrator"])
        self.assertEqual(line[0], "problem")
        self.assertIn("is switched off", line[1])

    def test_each_problem_of_a_certificate_stands_first_and_leads_to_it(self):
        user = self.users["editor"]
        for code, values in FORCED.items():
            with self.subTest(code=code), self.env.cr.savepoint() as savepoint:
                self.certificate.sudo().write(values)
                text = self._get_text(code)
                self.assertEqual(MESSAGES[code].level, PROBLEM)
                self.assertEqual(self.assertStandsFirst(text, user), self.certificate)
                savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_each_message_of_level_problem_stands_first_and_leads_to_its_record(self):
        user, model = self.users["editor"], self.registry["trustedshops.certificate"]
        problems = {
            code: re.findall(r"%\((\w+)\)s", f"{message.staff}{message.step}")
            for code, message in MESSAGES.items()
            if message.level == PROBLEM and message.staff
        }
        self.assertGreater(len(problems), 40)
        for code, names in problems.items():
            finding = self.certificate._prepare_finding(code, **dict.fromkeys(names, 7))
            with (
                self.subTest(code=code),
                patch.object(model, "_get_findings", lambda _self, x=finding: [x]),
            ):
                text = " ".join(finding["text"].split())
                self.assertEqual(self.assertStandsFirst(text, user), self.certificate)

    def test_each_problem_of_a_protection_stands_first_and_leads_to_it(self):
        protection, user = self._make_queued(), self.users["seller"]
        over = {"final_at": "2026-11-01 10:00:00"}
        for values in (
            {"state": "failed", "last_error": "too_late"},
            {"state": "failed", "last_error": "not_found"},
            {"state": "on_hold", "last_error": "other_certificate"},
            {
                "state": "rejected",
                "last_error": "answered",
                "last_code": -10013,
                **over,
            },
            {
                "state": "rejected",
                "last_error": "answered",
                "last_code": -19999,
                **over,
            },
        ):
            with self.subTest(**values), self.env.cr.savepoint() as savepoint:
                protection.sudo().write(values)
                text = protection.explanation
                self.assertTrue(text)
                self.assertEqual(self.assertStandsFirst(text, user), protection)
                savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_silence_and_a_late_job_stand_first(self):
        service = self.env.ref("website_sale_trustedshops.service_soap_production")
        service.silent_since = "2026-11-02 09:00:00"
        user = self.users["administrator"]
        self.assertEqual(self.assertStandsFirst(service.notice, user), service)
        job = self.env.ref("website_sale_trustedshops.ir_cron_refresh_certificates")
        job.nextcall = "2026-11-02 08:00:00"
        self.assertEqual(self.assertStandsFirst("should have run on", user), job)

    def test_an_apply_job_that_is_switched_off_stands_once_and_is_switched_on_there(
        self,
    ):
        job = self.env.ref("website_sale_trustedshops.ir_cron_apply_protection")
        job.active = False
        user = self.users["administrator"]
        (line,) = self._list_lines(user)
        self.assertEqual(line[0], "problem")
        self.assertIn("is switched off. Switch it on under Settings", line[1])
        self.assertEqual(self._follow(line[2], user), job)
        (line,) = self._list_lines(self.users["editor"])
        self.assertIn("is switched off. Ask an administrator to see to it.", line[1])
        self.assertIsNone(line[2])

    def test_a_protection_and_a_refund_lead_to_those_who_may_read_them(self):
        protection = self._make_queued()
        protection.sudo().write({"state": "failed", "last_error": "too_late"})
        user = self.users["seller"]
        self.assertEqual(
            self.assertStandsFirst(protection.explanation, user), protection
        )
        lines = self._list_lines(self.users["editor"])
        self.assertNotIn(protection.explanation, str(lines))

    def test_an_activity_stands_there_until_it_is_done(self):
        protection = self._make_queued()
        protection._schedule_message("late_number", state="x", late_number="1")
        user = self.users["seller"]
        (line,) = self._list_lines(user)
        self.assertEqual(line[0], "todo")
        self.assertIn("Trusted Shops: late answer to an application", line[1])
        self.assertEqual(self._follow(line[2], user), protection)
        protection.activity_ids.action_feedback()
        self.assertEqual(self._list_lines(user), [])

    def test_what_is_true_of_several_stands_once(self):
        other = self._add_other()
        both = self.certificate | other
        both.sudo().is_privacy_policy_updated = False
        text = "Add Trusted Shops to your privacy policy."
        user = self.users["editor"]
        (line,) = [line for line in self._list_lines(user) if text in line[1]]
        self.assertIn("and 1 more", line[1])
        self.assertEqual(self._follow(line[2], user), both)

    def _add_other(self):
        """Return a certificate of another website."""
        website = self._make_website("Third", "https://third.example")
        other = self._make_certificate(ts_id=OTHER_ID, website_id=website.id)
        other.sudo().write({"shop_url": "third.example", "state": "production"})
        return other

    def test_who_may_read_it(self):
        user = new_test_user(
            self.env,
            "overview_clerk",
            groups="base.group_user,sales_team.group_sale_salesman",
        )
        with self.assertRaises(AccessError):
            self._read(user)

    def test_another_company_has_its_own(self):
        company = self.elsewhere
        user = self.users["editor"]
        user.company_ids |= company
        self.certificate.sudo().state = "cancelled"
        ids = self.env.company.ids
        self.assertTrue(self._list_lines(user, allowed_company_ids=ids))
        page = self._read(user, allowed_company_ids=company.ids)
        self.assertNotIn(self.website.name, page.text_content())
        self.assertEqual(self._list_lines(user, allowed_company_ids=company.ids), [])

    def test_one_of_several_websites_is_chosen(self):
        other = self._make_website("Third", "https://third.example")
        self.certificate.sudo().state = "cancelled"
        user = self.users["editor"]
        page = self._read(user, other)
        names = page.xpath("//select/option/text()")
        self.assertEqual(names, ["All websites", self.website.name, "Third"])
        self.assertEqual(page.xpath("//option[@selected]/text()"), ["Third"])
        self.assertEqual(self._list_lines(user, other), [])
        self.assertTrue(self._list_lines(user, self.website))

    def test_what_shoppers_see(self):
        def get_seen():
            section = self._read(self.users["editor"]).xpath("//section[2]")[0]
            return " ".join(section.text_content().split())

        certificate = self.certificate
        certificate.seal_shown = True
        certificate._store_shown()
        yes = "English (US) Seal: yes Badge: yes Buyer Protection: yes"
        self.assertIn(f"{yes} Since 11/2/26, 10:00 AM", get_seen())
        self._wait(hours=1)
        certificate.write({"seal_shown": False, "badge_shown": False})
        self.assertIn("Seal: no Badge: no Buyer Protection: yes", get_seen())
        certificate._store_shown()
        some = "English (US) Seal: no Badge: no Buyer Protection: yes"
        self.assertIn(f"{some} Since 11/2/26, 11:00 AM", get_seen())
        self._wait(hours=1)
        certificate._store_shown()
        self.assertIn(f"{some} Since 11/2/26, 11:00 AM", get_seen())
        certificate.mode = "disabled"
        certificate._store_shown()
        self.assertRegex(
            get_seen(),
            r"Seal: no Badge: no Buyer Protection: no Since 11/2/26, 12:00 PM Disabled:"
            " visitors see no offer, no seal and no Trustbadge.",
        )
        certificate.write({"mode": "enabled"})
        certificate._store_shown()
        self._wait(days=4)
        certificate._store_shown()
        self.assertIn("Buyer Protection: no Since 11/6/26, 12:00 PM", get_seen())

    def test_the_counts_of_today_lead_to_what_they_count(self):
        waiting = self._make_queued()
        user = self.users["seller"]
        rows = self._read(user).xpath("//section[3]/div/div[h3='Buyer Protection']//li")
        found = {
            row.xpath("string(span[1])").strip(): (
                row.xpath("string(span[2])").strip(),
                self._get_action(row),
            )
            for row in rows
        }
        self.assertEqual(found["Waiting"][0], "1")
        self.assertEqual(self._follow(found["Waiting"][1], user), waiting)
        self.assertEqual(found["Applied for today"][0], "1")
        self.assertEqual(self._follow(found["Last order"][1], user), waiting)

    def test_today_is_the_reader_s_day_also_when_the_clock_changes(self):
        self._make_queued()
        user = self.users["seller"]
        user.tz = "Europe/Berlin"
        newest = self.env["trustedshops.protection"].search([], order="id desc")
        for now, moments in (
            ("2026-03-29 10:00:00", {"2026-03-28 22:59": "0", "2026-03-28 23:00": "1"}),
            ("2026-10-25 10:00:00", {"2026-10-24 21:59": "0", "2026-10-24 22:00": "1"}),
        ):
            self._freeze(now)
            for moment, count in moments.items():
                newest.sudo().write({"requested_at": False})
                newest[0].sudo().requested_at = f"{moment}:00"
                overview = self.env["trustedshops.overview"].with_user(user)
                (row, *_more) = overview._list_groups()[0]["items"]
                with self.subTest(moment=moment):
                    self.assertEqual(row["value"], count)

    def test_the_last_order_is_the_one_that_was_placed_last(self):
        first, second = self._make_queued(), self._make_queued()
        first.sudo().placed_at = "2026-11-02 10:02:00"
        second.sudo().placed_at = "2026-11-02 10:01:00"
        overview = self.env["trustedshops.overview"].with_user(self.users["seller"])
        (last,) = overview._list_last()
        self.assertEqual(last["action"]["res_id"], first.id)

    def test_it_takes_few_queries(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            overview.get_overview()
            return self.env.cr.sql_log_count - before

        user = self.users["administrator"]
        overview = self.env["trustedshops.overview"].with_user(user)
        self._make_queued()
        overview.get_overview()
        model = self.registry["trustedshops.overview"]
        with patch.object(model, "_list_findings", lambda *_args: []):
            self.assertLessEqual(count(), 33)
        few = count()
        for _more in range(5):
            self._make_queued()
        self.env.flush_all()
        self.assertEqual(count(), few)


class TestOverviewOfNothing(OverviewMixin, CertificateCommon):
    """Nothing was set up yet."""

    is_frozen = True

    def test_it_leads_to_the_start(self):
        certificates = self.env["trustedshops.certificate"].sudo()
        certificates.with_context(active_test=False).search([]).unlink()
        line = (
            "todo",
            "Certificates There is no certificate.",
            "website_sale_trustedshops.trustedshops_certificate_action",
        )
        users = self._make_readers()
        self.assertEqual(self._list_lines(users["administrator"]), [line])
