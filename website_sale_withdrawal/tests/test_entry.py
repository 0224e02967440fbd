# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import WithdrawalCommon

SELLER = "sales_team.group_sale_salesman"


@tagged("post_install", "-at_install")
class TestEntry(WithdrawalCommon):
    """Staff record what a buyer said on the telephone, wrote, or said in the shop."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller, cls.colleague = (
            cls._create_new_internal_user(login=login, groups=SELLER, name="Zacharias")
            for login in ("wd_seller", "wd_colleague")
        )
        cls.order.user_id = cls.seller
        cls.chair = cls.order.order_line[0].name_short

    def _enter(self, quantities=(), **typed):
        """Return the dialog that a salesperson filled in."""
        order = self.order.with_user(self.seller)
        with Form.from_action(order.env, order.action_record_withdrawal()) as form:
            form.channel = "phone"
            for name, value in typed.items():
                form[name] = value
            for number, quantity in enumerate(quantities):
                with form.line_ids.edit(number) as line:
                    line.quantity = quantity
        return form.record

    def _record(self, **typed):
        """Return the withdrawal that a salesperson recorded."""
        action = self._enter(**typed).action_record()
        return self.withdrawals.browse(action["res_id"])

    def _read_receipt(self, withdrawal):
        tree = html.fromstring(withdrawal._render_receipt())
        return " ".join(tree.text_content().split())

    @freeze_time("2026-11-03 09:00:00")
    def test_a_call_is_recorded(self):
        withdrawal = self._record(
            received_at=datetime(2026, 11, 2, 10, 0, 7), note="The colour is wrong"
        )
        self.assertValues(
            withdrawal,
            buyer_name="Erika Muster",
            email="erika@muster.example",
            order_reference="S4711",
            order_id=self.order,
            articles="",
            remark="The colour is wrong",
            received_at=datetime(2026, 11, 2, 10, 0, 7),
            channel="phone",
            state="assigned",
            sent_on=False,
            is_verified=False,
            create_uid=self.seller,
            company_id=self.order.company_id,
            website_id=self.order.website_id,
        )
        self._run_cron()
        self.assertEqual(withdrawal.user_id, self.seller)
        self.assertNotIn("Every person who knows", withdrawal.hints)
        mail = self._get_mails(withdrawal)
        self.assertEqual(mail.email_to, "erika@muster.example")
        text = self._read_receipt(withdrawal)
        for said in (
            "November 2, 2026, 11:00:07 (Europe/Berlin, UTC+01:00)",
            "Name Erika Muster Order number S4711 Articles All of the order",
            "Remark The colour is wrong",
            "If something is wrong, please answer this mail. This confirms the"
            " receipt, not that the withdrawal is valid.",
            self.env.company.name,
        ):
            self.assertIn(said, text)
        self.assertNotIn("our form", text)
        for words in (mail.body_html, mail.subject, mail.email_from):
            self.assertNotIn("Zacharias", words)

    @freeze_time("2026-11-25 09:00:00")
    def test_a_letter_is_in_time_by_its_postmark(self):
        withdrawal = self._record(
            channel="letter", sent_on=date(2026, 11, 19), quantities=[1, 0]
        )
        self.assertValues(
            withdrawal,
            sent_on=date(2026, 11, 19),
            articles=f"1 × {self.chair}",
            money_back_by=date(2026, 12, 9),
        )
        self.assertIn("Sent on 11/19/2026", self._read_receipt(withdrawal))
        for end, is_late in ((date(2026, 11, 19), False), (date(2026, 11, 18), True)):
            withdrawal.period_end = end
            hints = "\n".join(withdrawal._list_hints())
            self.assertEqual("The period may have ended" in hints, is_late, end)

    def test_a_part_is_what_was_chosen_whatever_the_words(self):
        product, service = self.order.order_line
        for quantities, note, articles in (
            ([5, 12.5], "Only the desk", ""),
            ([7, 99], "Schreibtisch", ""),
            (
                [2, 12.5],
                "All",
                f"2 × {product.name_short}\n12.5 × {service.name_short}",
            ),
        ):
            with self.subTest(quantities):
                withdrawal = self._record(quantities=quantities, note=note)
                self.assertEqual(withdrawal.articles or "", articles)
                hints = withdrawal.hints.splitlines()
                keeps = "The buyer keeps a part of the order."
                self.assertEqual(keeps in hints, bool(articles))
                may_be = "This may be a part of the order: read what the buyer wrote."
                self.assertEqual(may_be in hints, not articles)

    def test_nothing_comes_in_the_future_or_before_it_was_sent(self):
        letter = {"channel": "letter", "received_at": datetime(2026, 11, 2, 10)}
        for typed, words in (
            ({"received_at": datetime(2026, 11, 3, 9, 0, 1)}, "in the future"),
            ({**letter, "sent_on": date(2026, 11, 3)}, "after it was received"),
            ({"quantities": [0, -1]}, "at least one article"),
        ):
            with freeze_time("2026-11-03 09:00:00"):
                entry = self._enter(**typed)
                with self.assertRaisesRegex(UserError, words):
                    entry.action_record()
        self.assertFalse(self.order.withdrawal_ids)

    def test_without_an_address_the_receipt_is_printed(self):
        self.partner.email = False
        withdrawal = self._record()
        self._run_cron()
        self.assertTrue(withdrawal.is_examined)
        self.assertFalse(self._get_mails(withdrawal))
        self.assertIn("print the receipt", withdrawal.hints)
        reports = self.env["ir.actions.report"].with_user(self.seller)
        page, _kind = reports._render_qweb_html(
            "website_sale_withdrawal.report_receipt", withdrawal.ids
        )
        self.assertIn("Order number", page.decode())
        self.assertNotIn("answer this mail", page.decode())

    def test_pressed_twice_is_one_withdrawal(self):
        entry = self._enter()
        first, again = (entry.action_record()["res_id"] for _press in range(2))
        self.assertEqual(first, again)

    def test_who_may_not_read_the_order_records_nothing(self):
        entries = self.env["sale.withdrawal.entry"].with_user(self.colleague)
        entry = entries.create({"order_id": self.order.id, "channel": "phone"})
        with self.assertRaises(AccessError):
            entry.action_record()
        with self.assertRaises(AccessError):
            entry.with_user(self.seller).read()

    def test_it_can_be_recorded_from_an_order_not_from_a_quotation(self):
        form = self.order.with_user(self.seller).get_view(view_type="form")["arch"]
        [button] = html.fromstring(form).xpath(
            "//button[@name='action_record_withdrawal']"
        )
        self.assertEqual(
            button.get("invisible"),
            "state == 'draft' or state == 'sent' and not website_id",
        )
