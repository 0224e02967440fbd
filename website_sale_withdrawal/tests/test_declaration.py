# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged

from ..const import DECLARED
from .common import CRON, WithdrawalCommon
from .test_address import CASES

TOKEN = "0123456789abcdef" * 2


@tagged("post_install", "-at_install")
class TestDeclaration(WithdrawalCommon):
    """What is stored of a form, and when."""

    def test_only_line_ends_of_long_texts_survive(self):
        values = self.withdrawals._clean(
            {
                "buyer_name": " Erika\r\nBcc: all@x.example\x00 ",
                "email": "erika@muster.example\nBcc: all@x.example",
                "order_reference": "S4711\u202e\ud800",
                "details": " one  half\r\n\r\ntwo\x1b",
                "remark": b"a file",
                "state": "valid",
            },
            is_guest=False,
        )
        self.assertEqual(
            values,
            {
                "buyer_name": "Erika Bcc: all@x. example",
                "email": "erika@muster.example\nBcc: all@x.example",
                "order_reference": "S4711",
                "details": "one half\ntwo",
                "remark": "",
            },
        )

    def test_long_texts_are_cut(self):
        names = ("buyer_name", "order_reference", "details", "remark")
        typed = dict.fromkeys(names, "x" * 10**6)
        values = self.withdrawals._clean(typed, is_guest=False)
        self.assertEqual([len(values[name]) for name in names], [80, 40, 300, 2000])

    def test_no_address_is_cut(self):
        email = f"{'e' * 240}@muster.example.com"
        self.assertEqual(
            self._find_mistakes(buyer_name="E", email=email, order_reference="1"),
            {"email"},
        )

    def test_one_table_runs_over_every_field_with_an_address(self):
        # No user can type one into a record.
        models = self.env.registry.items()
        writable = [
            (name, field.name)
            for name, model in models
            if model._original_module == "website_sale_withdrawal"
            for field in model._fields.values()
            if "email" in field.name and not field.readonly
        ]
        self.assertEqual(writable, [])
        typed_by_buyers = [name for name in DECLARED if "email" in name]
        self.assertEqual(typed_by_buyers, ["email"])
        who = {"buyer_name": "E", "order_reference": "?"}
        for typed, stored in CASES:
            with self.subTest(typed=typed):
                mistakes = set() if stored else {"email"}
                self.assertEqual(self._find_mistakes(**who, email=typed), mistakes)
                if stored:
                    values = self.withdrawals._clean({"email": typed}, is_guest=True)
                    self.assertEqual(values["email"], stored)

    def test_a_guest_has_no_remark(self):
        typed = {"details": "The desk", "remark": "Read this"}
        for is_guest, remark in ((True, ""), (False, "Read this")):
            values = self.withdrawals._clean(typed, is_guest)
            self.assertEqual(values["remark"], remark)
            self.assertEqual(values["details"], "The desk")

    def test_an_address_that_is_not_the_orders_is_that_of_a_guest(self):
        for typed, is_guest in (
            ("erika@muster.example", False),
            (" ERIKA@Muster.example ", False),
            ("max@fremd.example", True),
            ("erika@muster.example, max@fremd.example", True),
            ("", True),
        ):
            with self.subTest(typed):
                posted = {"email": typed}
                found = self.withdrawals._is_guest(posted, self.order)
                self.assertEqual(found, is_guest)
        own, orders = {"email": "erika@muster.example"}, self.env["sale.order"]
        self.assertTrue(self.withdrawals._is_guest(own, orders))
        self.partner.email = False
        self.assertTrue(self.withdrawals._is_guest(own, self.order))

    def test_mail_programs_make_no_link_of_what_is_declared(self):
        for typed, declared in (
            ("https://spam.example/x", "spam. example/x"),
            ("see.HTTPS://www.Spam.example", "see. www. Spam. example"),
            ("(ftp://1.2.3.4)", "(1. 2. 3. 4)"),
            ("hthttp://tp://spam.example", "spam. example"),
            ("http:a:////spam.example", "http:spam. example"),
            ("http: // spam .example", "http: // spam . example"),
            ("svn+ssh://spam", "spam"),
            ("://spam", "spam"),
            ("spam1.de 4.me 💩.la e-.eu", "spam1. de 4. me 💩. la e-. eu"),
            (
                "spam\u3002example spam\uff0eexample spam\uff61example",
                "spam\u3002 example spam. example spam\u3002 example",
            ),
            # Characters that nobody sees, behind a dot.
            ("evil.\u200bcom evil.\u00adcom evil.\ufeffcom", "evil. com " * 3),
            ("evil.\ufe0fcom evil.\U000e0100com", "evil. com evil. com"),
            ("evil\u2060.\u202ecom", "evil. com"),
            # Others that look like one.
            (
                "evil\u2024com evil\ufe52com evil\u00b7com",
                "evil. com " * 2 + "evil· com",
            ),
            ("evil.ⓒⓞⓜ ⓔvil．ｃｏｍ", "evil. com evil. com"),
            ("ｈｔｔｐ：／／evil.com", "evil. com"),
            ("1.2.3.4/x 1․2․3․4/x", "1. 2. 3. 4/x 1. 2. 3. 4/x"),
            ("https:/\u200b/evil", "evil"),
            ("max@spam.example", "max@spam. example"),
            ("a https:// b", "a b"),
            ("2.5 kg of 12.11.2026", "2. 5 kg of 12. 11. 2026"),
            ("Dr. Müller e.V. etc.", "Dr. Müller e. V. etc."),
            ("Web/0042", "Web/0042"),
            (f"{'x' * 298}.example", f"{'x' * 298}."),
        ):
            with self.subTest(typed=typed):
                for text in (typed, declared):
                    values = self.withdrawals._clean({"details": text}, is_guest=True)
                    self.assertEqual(values["details"], declared.strip())

    def _find_mistakes(self, **typed):
        cleaned = self.withdrawals._clean(typed, is_guest=True)
        values = {**cleaned, "articles": ""}
        return self.withdrawals._find_mistakes(values)

    def test_name_contract_and_address_are_needed(self):
        self.assertEqual(
            self._find_mistakes(remark="no"),
            {"buyer_name", "email", "order_reference", "details"},
        )
        who = {"buyer_name": "E", "email": "e@x.example"}
        self.assertEqual(self._find_mistakes(**who, order_reference="?"), set())
        self.assertEqual(self._find_mistakes(**who, details="a desk"), set())

    def test_a_declaration_is_stored_also_when_the_job_was_deleted(self):
        self.env.ref(CRON).unlink()
        withdrawal = self._declare()
        self.assertEqual(withdrawal.state, "received")
        withdrawal.order_id = self.order
        self.assertEqual(withdrawal.state, "assigned")

    def test_the_moment_of_the_press_counts(self):
        with freeze_time("2026-11-02 10:00:07"):
            withdrawal = self._declare()
        self.assertValues(
            withdrawal,
            received_at=datetime(2026, 11, 2, 10, 0, 7),
            state="received",
            email="erika@muster.example",
            receipt_at=False,
            order_id=self.order.browse(),
        )

    def test_a_button_pressed_again_is_one_declaration(self):
        first = self._declare(TOKEN)
        again = self._declare(TOKEN, buyer_name="Max Muster")
        self.assertEqual(again, first)
        self.assertEqual(again.buyer_name, "Erika Muster")

    def test_pressed_twice_at_once_is_tried_again(self):
        self._declare(TOKEN)
        nothing = self.withdrawals.browse()
        with (
            patch.object(
                type(self.withdrawals), "search", lambda *_args, **_kw: nothing
            ),
            self.assertRaises(ConcurrencyError),
        ):
            self._declare(TOKEN)

    def test_without_a_token_of_ours_nothing_is_dropped(self):
        for token in ("", "x" * 10**5, "' OR 1=1", TOKEN.upper()):
            before = self.withdrawals.search_count([])
            self._declare(token)
            self.assertEqual(self.withdrawals.search_count([]), before + 1)

    def test_the_work_begins_at_once(self):
        triggers = self.env["ir.cron.trigger"]
        domain = [("cron_id", "=", self.env.ref(CRON).id)]
        before = triggers.search_count(domain)
        self._declare()
        self.assertEqual(triggers.search_count(domain), before + 1)

    def test_a_receipt_can_be_opened_for_a_day(self):
        with freeze_time("2026-11-02 10:00:00"):
            withdrawal = self._declare(TOKEN)
        with freeze_time("2026-11-03 09:59:59"):
            self.assertEqual(self.withdrawals._find_receipt(TOKEN), withdrawal)
        with freeze_time("2026-11-03 10:00:01"):
            self.assertFalse(self.withdrawals._find_receipt(TOKEN))

    def test_no_other_text_is_looked_up_as_a_receipt(self):
        for token in ("", "\x00", "x" * 10**5, TOKEN.upper()):
            with self.assertQueryCount(0):
                self.assertFalse(self.withdrawals._find_receipt(token))

    def test_the_time_is_told_to_the_second_with_its_zone(self):
        berlin = "Europe/Berlin"
        for zone, moment, text in (
            (
                berlin,
                "11-02 23:30",
                f"November 3, 2026, 00:30:07 ({berlin}, UTC+01:00)",
            ),
            (berlin, "07-02 10:00", f"July 2, 2026, 12:00:07 ({berlin}, UTC+02:00)"),
            (False, "07-02 10:00", "July 2, 2026, 10:00:07 (UTC, UTC+00:00)"),
        ):
            self.env.company.partner_id.tz = zone
            with freeze_time(f"2026-{moment}:07"):
                told = self._declare()._get_press_time()
            self.assertEqual(told, text)

    # === ARTICLES === #
    def _choose(self, **quantities):
        lines = self.order.order_line
        names = {"product": lines[0].id, "service": lines[1].id}
        return self.order._withdrawal_read_articles(
            {f"quantity_{names[name]}": value for name, value in quantities.items()}
        )

    def test_articles_are_named_with_their_quantity_unless_it_is_all(self):
        product, service = self.order.order_line
        desk, work = product.name_short, service.name_short
        for typed, articles in (
            ({}, ""),
            ({"product": "5", "service": "12.5"}, ""),
            ({"product": "99", "service": "1e9"}, ""),
            # What the form did not ask for is all.
            ({"service": "1"}, f"5 × {desk}\n1 × {work}"),
            ({"product": "2", "service": "0.5"}, f"2 × {desk}\n0.5 × {work}"),
            # Emptied or unclear is none.
            *(
                ({"product": each, "service": "12.5"}, f"12.5 × {work}")
                for each in ("", " ", "all", "nan", "inf", "-3", [])
            ),
        ):
            with self.subTest(typed=typed):
                self.assertEqual(self._choose(**typed), articles)
        product.product_uom_qty = 12345.64
        self.assertEqual(self._choose(service="0"), f"12345.64 × {desk}")
        service.product_uom_qty = 1234567
        self.assertEqual(self._choose(product="0"), f"1234567 × {work}")

    def test_nothing_is_a_mistake(self):
        articles = self._choose(product="0", service="0")
        self.assertIsNone(articles)
        typed = {"buyer_name": "E", "email": "e@x.example"}
        values = self.withdrawals._clean(typed, is_guest=False)
        values |= {"order_reference": "S4711", "articles": articles}
        self.assertEqual(self.withdrawals._find_mistakes(values), {"articles"})

    def test_discounts_and_delivery_are_no_articles(self):
        lines = self.order._withdrawal_get_lines()
        discount = {"product_id": self.service_product.id, "price_unit": -5.0}
        self.order.write({"order_line": [Command.create(discount)]})
        self.order.invalidate_recordset()
        self.assertEqual(self.order._withdrawal_get_lines(), lines)

    # === THE SIGNED LINK === #
    def test_a_signed_link_opens_its_order_only(self):
        signed = self.order._withdrawal_sign()
        orders = self.env["sale.order"]
        self.assertEqual(orders._withdrawal_find(signed), self.order)
        for other in (
            "",
            "x",
            signed[:-4],
            f"{signed}AAAA",
            "é",
            "\ud800",
            "A" * 10**5,
        ):
            self.assertFalse(orders._withdrawal_find(other), other)

    def test_the_token_of_the_portal_opens_no_withdrawal(self):
        self.order._portal_ensure_token()
        found = self.env["sale.order"]._withdrawal_find(self.order.access_token)
        self.assertFalse(found)

    # === ERASURE === #
    def test_it_is_kept_to_the_end_of_the_year_by_what_it_is(self):
        company = self.env.company
        company.withdrawal_keep_years = 7
        sold = {"order_id": self.order.id}
        for country, moment, values, last_day in (
            ("de", "2026-11-02 10:00", sold, date(2032, 12, 31)),
            # It was the next year in Berlin.
            ("de", "2026-12-31 23:30", sold, date(2033, 12, 31)),
            ("at", "2026-11-02 10:00", sold, date(2033, 12, 31)),
            ("at", "2026-11-02 10:00", {}, date(2029, 12, 31)),
            # Its order was deleted since.
            ("de", "2026-11-02 10:00", {"is_verified": True}, date(2032, 12, 31)),
            ("de", "2026-11-02 10:00", {}, date(2029, 12, 31)),
        ):
            company.partner_id.country_id = self.env.ref(f"base.{country}")
            with self.subTest(f"{country} {moment} {values}"), freeze_time(moment):
                self.assertEqual(self._declare(**values).keep_until, last_day)

    def test_how_long_follows_what_staff_find(self):
        self.env.company.partner_id.country_id = self.env.ref("base.de")
        with freeze_time("2026-11-02 10:00"):
            withdrawal = self._declare()
        with freeze_time("2026-11-20 10:00"):
            withdrawal.action_mark_spam()
            self.assertEqual(withdrawal.keep_until, date(2026, 12, 20))
        withdrawal.action_reopen()
        self.assertEqual(withdrawal.keep_until, date(2029, 12, 31))
        withdrawal.order_id = self.order
        self.assertEqual(withdrawal.keep_until, date(2032, 12, 31))

    def test_it_is_erased_with_its_mails_after_its_last_day(self):
        company = self.env["res.company"].create({"name": "Closed"})
        with freeze_time("2023-11-02 10:00:00"):
            unknown = {"order_reference": "?"}
            both = self._declare(**unknown)
            both += self._declare(**unknown, company_id=company.id)
        self._run_cron()
        mails = self._get_mails(both)
        self.assertEqual(len(mails), 2)
        company.action_archive()
        for moment, is_kept in (("2026-12-31 23:59", True), ("2027-01-01", False)):
            with freeze_time(moment):
                self.withdrawals._gc_withdrawals()
            self.assertEqual(bool(both.exists()), is_kept, moment)
            self.assertEqual(bool(mails.exists()), is_kept, moment)

    def test_no_company_is_deleted_with_its_proof(self):
        self.env.cr.execute(
            "SELECT confdeltype FROM pg_constraint"
            " WHERE conname = 'sale_withdrawal_company_id_fkey'"
        )
        # Restrict.
        self.assertEqual(self.env.cr.fetchall(), [("r",)])

    def test_networks_are_forgotten_after_a_day(self):
        with freeze_time("2026-11-02 10:00:00"):
            each = self.withdrawals.concat(*(self._declare() for _no in range(4)))
        mailed_at = datetime(2026, 11, 2, 10, 1)
        mailed = {"receipt_at": mailed_at, "is_examined": True}
        copied = {**mailed, "copy_email": "other@x.example"}
        done, copy_done, copy_waits, _receipt_waits = each.sudo()
        done.write(mailed)
        copy_done.write({**copied, "copy_at": mailed_at})
        copy_waits.write(copied)
        for moment, networks in (
            ("2026-11-03 09:59:59", ["here", "here", "here", "here"]),
            ("2026-11-03 10:00:01", [False, False, "here", "here"]),
        ):
            with freeze_time(moment):
                self.withdrawals._gc_withdrawals()
            self.assertEqual(each.sudo().mapped("network"), networks)
