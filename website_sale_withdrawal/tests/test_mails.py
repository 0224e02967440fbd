# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import call, patch

from freezegun import freeze_time
from lxml import html

from odoo import fields
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import WithdrawalCommon

LOGGER = "odoo.addons.website_sale_withdrawal.models.sale_withdrawal"
# What the buyer of the order says.
REMARK = "Thank you. " * 50


@tagged("post_install", "-at_install")
class TestMails(WithdrawalCommon):
    """Receipts and copies: what they say, once, and how many."""

    def _read(self, mail):
        tree = html.fromstring(mail.body_html)
        return " ".join(tree.text_content().split())

    def test_the_receipt_says_what_was_declared_and_when(self):
        with freeze_time("2026-11-02 10:00:07"):
            withdrawal = self._declare(
                details="The desk", articles="2 × Chair", remark="Thank you"
            )
        self._run_cron()
        mail = self._get_mails(withdrawal)
        self.assertValues(
            mail,
            email_to="erika@muster.example",
            subject=f"{self.env.company.name} received your withdrawal of 11/02/2026",
            state="outgoing",
        )
        text = self._read(mail)
        for said in (
            "This confirms that we received your withdrawal: November 2, 2026, 11:00:07"
            " (Europe/Berlin, UTC+01:00)",
            "I withdraw from this contract: Name Erika Muster Order number S4711",
            "Details of the contract The desk",
            "Only these articles 2 × Chair",
            "Remark Thank you",
            "E-mail for the receipt erika@muster.example",
        ):
            self.assertIn(said, text)

    def test_the_receipt_says_what_happens_next_and_who_confirms(self):
        company = self.env.company
        company.partner_id.write({"street": "Hauptstr. 1", "city": "Berlin"})
        company.email = "shop@x.example"
        self.website.domain = "https://shop.example"
        with freeze_time("2026-11-02 10:00:07"):
            withdrawal = self._declare()
        ours = (
            "If you have received goods, please send them back by 11/16/2026. If your"
            " withdrawal is valid, we pay your money back by the same day;"
        )
        for own, said, unsaid in (
            (False, ours, "warehouse"),
            ("Send it to our\nwarehouse.", "Send it to our warehouse.", ours),
        ):
            company.withdrawal_next_steps = own
            text = " ".join(
                html.fromstring(withdrawal._render_receipt()).text_content().split()
            )
            self.assertIn("This confirms the receipt, not that the withdrawal is", text)
            self.assertIn(f"What happens next {'' if own else 'We check'}", text)
            self.assertIn(said, text)
            self.assertNotIn(unsaid, text)
            self.assertNotIn("If something is wrong", text)
            for name in (company.name, "Hauptstr. 1", "Berlin", "shop@x.example"):
                self.assertIn(name, text)
            self.assertTrue(text.endswith("https://shop.example"), text)

    def test_the_receipt_is_written_once(self):
        withdrawal = self._declare()
        for _run in range(3):
            self._run_cron()
        self.assertEqual(len(self._get_mails(withdrawal)), 1)
        self.assertTrue(withdrawal.receipt_at)

    def test_the_receipt_is_in_the_language_of_the_page(self):
        # One that was deactivated since is replaced.
        for lang, words in (("de_DE", "Bestellnummer"), ("eo", "Order number")):
            withdrawal = self._declare(lang=lang)
            self._run_cron()
            text = self._read(self._get_mails(withdrawal))
            self.assertIn(f"{words} S4711", text)

    def test_a_sent_receipt_stays_as_proof(self):
        withdrawal = self._declare()
        self._run_cron()
        mail = self._get_mails(withdrawal)
        mail.state = "sent"
        mail._postprocess_sent_message([], [mail.email_to])
        self.assertTrue(withdrawal.receipt_at and not withdrawal.receipt_sent_at)
        self._run_cron()
        self.assertTrue(withdrawal.receipt_sent_at)
        self.assertFalse(mail.exists())
        bodies = "".join(withdrawal.message_ids.mapped("body"))
        self.assertIn("This confirms that we received your withdrawal:", bodies)

    def test_the_subject_names_the_order_if_it_is_surely_the_buyers(self):
        withdrawal = self._declare(is_verified=True, order_id=self.order.id)
        self._run_cron()
        company = self.env.company.name
        subject = f"{company} received your withdrawal from order S4711"
        self.assertEqual(self._get_mails(withdrawal).subject, subject)

    def test_mails_wear_the_layout_of_the_shop(self):
        company = self.env.company
        image = self.env["website"]._default_favicon()
        company.write({"logo": image, "email": "shop@x.example"})
        withdrawal = self._declare(email="other@x.example")
        self._run_cron()
        for mail in self._get_mails(withdrawal):
            page = html.fromstring(mail.body_html)
            [logo] = page.xpath("//img/@src")
            self.assertTrue(logo.endswith(f"/logo.png?company={company.id}"), logo)
            self.assertTrue(page.xpath("//a[@href='mailto:shop@x.example']"))

    def test_a_receipt_has_each_field_whole(self):
        texts = {
            "buyer_name": "<b>E</b> & 'x' " * 5,
            "order_reference": "{{ 7 * 7 }}",
            "details": "The desk &nbsp; <a href='x'>y</a>\nI keep the chair. " * 9,
            "articles": "2 × Chair\n1 × Table",
            "remark": "x" * 2000,
        }
        withdrawal = self._declare(**{key: text.strip() for key, text in texts.items()})
        self._run_cron()
        mail = self._get_mails(withdrawal)
        rows = html.fromstring(mail.body_html).xpath("//dd")
        declared = [text.strip() for text in texts.values()] + ["erika@muster.example"]
        self.assertEqual([row.text_content() for row in rows], declared)
        self.assertFalse(html.fromstring(mail.body).xpath("//a"))

    def test_a_receipt_begins_with_how_it_came_about(self):
        said = (
            "This was entered in our form. If it was not you, please answer this mail."
        )
        guest = self._declare()
        by_link = {"is_verified": True, "order_id": self.order.id}
        own, leaked = (
            self._declare(**by_link),
            self._declare(**by_link, email="e@x.example"),
        )
        self._run_cron()
        for withdrawal, is_said in ((guest, True), (own, False), (leaked, True)):
            text = self._get_mails(withdrawal)[0].body.striptags()
            self.assertEqual(text.strip().startswith(said), is_said)

    # === COPIES === #
    def test_the_address_of_the_order_gets_a_copy(self):
        withdrawal = self._declare(email="other@x.example")
        self._run_cron()
        receipt, copy = self._get_mails(withdrawal)
        self.assertEqual(receipt.email_to, "other@x.example")
        self.assertEqual(copy.email_to, "erika@muster.example")
        self.assertIn("with another e-mail address", self._read(copy))
        self.assertNotIn("with another e-mail address", self._read(receipt))
        company = self.env.company.name
        self.assertEqual(copy.subject, f"{company}: withdrawal from your order S4711")
        self._run_cron()
        self.assertEqual(len(self._get_mails(withdrawal)), 2)

    def test_a_copy_has_nothing_that_a_stranger_typed(self):
        with freeze_time("2026-11-02 10:00:07"):
            withdrawal = self._declare(
                buyer_name="MUSTER, Erika",
                email="typed@x.example",
                order_reference="s4711, typed",
                details="typed",
                articles="typed",
                remark="typed",
            )
        self._run_cron()
        _receipt, copy = self._get_mails(withdrawal)
        text = self._read(copy)
        for typed in ("yped", "MUSTER"):
            self.assertNotIn(typed, text + copy.subject)
        self.assertIn("November 2, 2026, 11:00:07", text)
        self.assertIn("I withdraw from this contract: Order number S4711", text)

    def test_a_copy_repeats_what_the_buyer_of_the_order_declared(self):
        withdrawal = self._declare(
            email="other@x.example",
            remark=REMARK,
            is_verified=True,
            order_id=self.order.id,
        )
        self._run_cron()
        _receipt, copy = self._get_mails(withdrawal)
        self.assertEqual(self._read(copy).count("Thank you."), 50)

    def test_the_copy_is_in_the_language_of_the_order(self):
        self.partner.lang = "de_DE"
        withdrawal = self._declare(email="other@x.example")
        self._run_cron()
        receipt, copy = map(self._read, self._get_mails(withdrawal))
        self.assertIn("Order number S4711", receipt)
        self.assertIn("Bestellnummer S4711", copy)

    def test_the_first_address_of_an_order_is_its_buyers(self):
        self.partner.email = "Erika <Erika@muster.example>; e@other.example"
        own = self._declare(is_verified=True, order_id=self.order.id)
        guest = self._declare(buyer_name="E")
        other = self._declare(email="other@x.example")
        self._run_cron()
        self.assertNotIn("If it was not you", self._read(self._get_mails(own)))
        self.assertEqual(guest.order_id, self.order)
        copied = (own + guest + other).mapped("copy_email")
        self.assertEqual(copied, [False, False, "erika@muster.example"])

    def test_no_copy_goes_to_an_address_that_odoo_would_change(self):
        self.partner.email = "max muster@muster.example"
        withdrawal = self._declare(email="other@x.example")
        self._run_cron()
        self.assertEqual(withdrawal.order_id, self.order)
        self.assertEqual(self._get_mails(withdrawal).email_to, "other@x.example")

    def test_an_order_that_a_person_assigns_gets_its_copy(self):
        withdrawal = self._declare(order_reference="?", email="other@x.example")
        self._run_cron()
        self.assertEqual(len(self._get_mails(withdrawal)), 1)
        withdrawal.order_id = self.order
        self._run_cron()
        self.assertEqual(
            self._get_mails(withdrawal).mapped("email_to"),
            ["other@x.example", "erika@muster.example"],
        )

    # === LIMITS === #
    def test_an_address_gets_three_mails_an_hour_the_rest_later(self):
        for number in range(5):
            self._declare(order_reference="?", network=f"net-{number}")
        self._run_cron()
        self.assertEqual(len(self._get_mails()), 3)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=59)):
            self._run_cron()
        self.assertEqual(len(self._get_mails()), 3)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=61)):
            self._run_cron()
        self.assertEqual(len(self._get_mails()), 5)

    def test_other_spellings_of_a_mailbox_share_its_three_mails(self):
        for email in ("ab@x.example", "a.b@x.example", "ab+1@x.example"):
            self._declare(order_reference="?", email=email, network=email)
        for email in ("a.b+1.2@x.example", "ac@x.example", "+ab@x.example"):
            self._declare(order_reference="?", email=email, network=email)
        self._run_cron()
        addresses = self._get_mails().mapped("email_to")
        self.assertEqual(len(addresses), 5)
        self.assertLessEqual({"ac@x.example", "+ab@x.example"}, {*addresses})

    def test_a_network_causes_thirty_mails_an_hour_the_rest_later(self):
        for number in range(40):
            self._declare(order_reference="?", email=f"{number}@x.example")
        other = self._declare(network="there", email="last@x.example")
        self._run_cron()
        self.assertEqual(len(self._get_mails()), 30 + 2)
        self.assertTrue(other.receipt_at)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=61)):
            self._run_cron()
        self.assertEqual(len(self._get_mails()), 40 + 2)

    def test_thirty_receipts_whoever_sends_them_and_whatever_they_name(self):
        by_link = {"is_verified": True, "order_id": self.order.id}
        for network, values in (
            # All networks that are not known count as one.
            ("", {"order_reference": "?"}),
            # Nor does the number tell which orders exist.
            ("guests", {"order_reference": "S4711"}),
            # A link that leaked mails no strangers.
            ("leak", by_link),
        ):
            for number in range(35):
                email = f"{number}@{network}x.example"
                self._declare(network=network, email=email, **values)
            self._run_cron()
            with self.subTest(network=network):
                addresses = self._get_mails().mapped("email_to")
                sent = [each for each in addresses if f"@{network}x." in each]
                self.assertEqual(len(sent), 30)

    def test_a_network_causes_thirty_copies_an_hour(self):
        for number in range(35):
            buyer = {"name": "Erika Muster", "email": f"{number}@b.example"}
            order = self.order.copy({"partner_id": self.partner.copy(buyer).id})
            order.write({"name": f"B{number}", "state": "sale"})
            self._declare(order_reference=f"B{number}", email=f"{number}@x.example")
        self._run_cron()
        addresses = self._get_mails().mapped("email_to")
        self.assertEqual(sum("@b.example" in address for address in addresses), 30)

    def test_the_buyer_of_the_order_does_not_wait_for_strangers(self):
        for number in range(5):
            self._declare(network=f"net-{number}")
        self._run_cron()
        for _number in range(4):
            self._declare(is_verified=True, order_id=self.order.id)
        self._run_cron()
        mails = self._get_mails(self.withdrawals.search([("is_verified", "=", True)]))
        self.assertEqual(mails.mapped("email_to"), ["erika@muster.example"] * 3)

    def test_a_new_one_does_not_wait_for_older_ones(self):
        for number in range(7):
            self._declare(order_reference="?", network=f"net-{number}")
        self._run_cron()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=61)):
            new = self._declare(order_reference="?", network="net-8")
            self._run_cron()
        self.assertTrue(new.receipt_at)

    def test_a_flood_that_goes_on_does_not_delay_another_network(self):
        for _number in range(3):
            self._declare(order_reference="?")
        self._run_cron()
        genuine = self._declare(order_reference="?", network="there")
        self._run_cron()
        self.assertFalse(genuine.receipt_at)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=61)):
            for _number in range(9):
                self._declare(order_reference="?")
            self._run_cron()
        self.assertTrue(genuine.receipt_at)

    def test_after_a_flood_the_newest_of_its_network_does_not_wait(self):
        for _number in range(9):
            self._declare(order_reference="?")
        genuine = self._declare(order_reference="?")
        self._run_cron()
        self.assertTrue(genuine.receipt_at)

    def test_the_job_goes_on_at_once_with_what_is_due_only(self):
        for number in range(5):
            self._declare(order_reference="?", network=f"net-{number}")
        jobs = type(self.env["ir.cron"])
        with patch.object(jobs, "_commit_progress", return_value=0) as commit:
            self.withdrawals.sudo()._cron_work()
        # Three receipts, and five orders to look for.
        self.assertEqual(commit.mock_calls, [call(remaining=8), call(1)])

    def test_copies_count_as_well(self):
        for number in range(4):
            self._declare(email=f"{number}@x.example", network=f"net-{number}")
        self._run_cron()
        addresses = self._get_mails().mapped("email_to")
        self.assertEqual(addresses.count("erika@muster.example"), 3)
        self.assertEqual(len(addresses), 7)

    def test_the_buyer_of_the_order_does_not_wait_for_a_network(self):
        for number in range(30):
            self._declare(order_reference="?", email=f"{number}@x.example")
        own = self._declare(is_verified=True, order_id=self.order.id)
        self._run_cron()
        self.assertTrue(own.receipt_at)

    # === TROUBLE === #
    def _get_told(self, withdrawal):
        """Return the notes of the activities about mails."""
        return [
            each.note.striptags()
            for each in withdrawal.activity_ids
            if each.summary == "A mail to the buyer was not sent"
        ]

    def test_a_refused_mail_is_tried_after_one_six_and_twenty_four_hours(self):
        withdrawal = self._declare()
        self._run_cron()
        mail, now = self._get_mails(withdrawal), fields.Datetime.now()
        for hours, is_tried in ((0.9, False), (1.1, True), (5, False), (6.1, True)):
            mail.state = "exception"
            with freeze_time(now + timedelta(hours=hours)):
                self._run_cron()
            self.assertEqual(mail.state == "outgoing", is_tried, hours)
        mail.state = "exception"
        with freeze_time(now + timedelta(hours=24.1)):
            self._run_cron()
            self.assertEqual(mail.state, "outgoing")
            self.assertFalse(self._get_told(withdrawal))
            mail.state = "exception"
            self._run_cron()
            self._run_cron()
        self.assertFalse(mail.exists())
        self.assertEqual(
            self._get_told(withdrawal),
            [
                "The mail server did not take it for a day, or it was deleted."
                " Print the receipt, and send it to the buyer."
            ],
        )

    def test_a_mail_that_somebody_cancels_or_deletes_is_told(self):
        for name in ("cancel", "unlink"):
            with self.subTest(name):
                withdrawal = self._declare(order_reference="?", email=f"{name}@x.de")
                self._run_cron()
                getattr(self._get_mails(withdrawal), name)()
                for _time in range(2):
                    self._run_cron()
                    self.assertEqual(len(self._get_told(withdrawal)), 1)
                self.assertFalse(withdrawal.receipt_sent_at)

    def test_a_mail_that_cannot_be_written_waits_and_is_told_once(self):
        withdrawal = self._declare(order_reference="?")
        broken = patch.object(
            type(withdrawal), "_render_receipt", side_effect=ValueError
        )
        with broken, mute_logger(LOGGER):
            for _run in range(2):
                self._run_cron()
        [note] = self._get_told(withdrawal)
        self.assertIn("It could not be written", note)
        self.assertFalse(withdrawal.receipt_at)
        self._run_cron()
        self.assertEqual(len(self._get_mails(withdrawal)), 1)

    def test_a_mail_that_waits_longer_than_a_day_is_told_once_and_stays(self):
        withdrawal = self._declare(order_reference="?")
        self._run_cron()
        now = fields.Datetime.now()
        for hours, count in ((29, 0), (31, 1), (99, 1)):
            with freeze_time(now + timedelta(hours=hours)):
                self._run_cron()
            self.assertEqual(len(self._get_told(withdrawal)), count)
        self.assertEqual(self._get_mails(withdrawal).state, "outgoing")

    def test_a_mail_that_comes_back_or_cannot_arrive_is_told_at_once(self):
        withdrawal = self._declare(email="other@x.example")
        self._run_cron()
        receipt, copy = self._get_mails(withdrawal)
        copy.write({"state": "exception", "failure_type": "mail_email_invalid"})
        receipt.state = "sent"
        receipt._postprocess_sent_message([], [receipt.email_to])
        self._run_cron()
        [note] = self._get_told(withdrawal)
        self.assertIn("The address does not take it.", note)
        withdrawal.activity_ids.action_feedback()
        self.assertTrue(withdrawal.receipt_sent_at)
        withdrawal._message_receive_bounce("else@x.example", self.partner)
        self.assertTrue(withdrawal.receipt_sent_at)
        withdrawal._message_receive_bounce("Other@x.example", self.partner)
        self.assertFalse(withdrawal.receipt_sent_at)
        [note] = self._get_told(withdrawal)
        self.assertIn("The address does not take it.", note)

    def test_refused_mails_to_staff_and_of_others_are_not_ours(self):
        withdrawal = self._declare()
        self._run_cron()
        before = withdrawal.activity_ids
        mails = self.env["mail.mail"].create(
            [
                {"state": "exception", "model": record._name, "res_id": record.id}
                for record in (withdrawal, self.order)
            ]
        )
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self._run_cron()
        self.assertEqual(mails.mapped("state"), ["exception"] * 2)
        self.assertEqual(withdrawal.activity_ids, before)

    def test_a_copied_database_mails_nobody(self):
        written = self._declare(email="other@x.example")
        self._run_cron()
        receipt, copy = self._get_mails(written)
        copy.state = "exception"
        due = self._declare(email="due@x.example")
        due.write({"copy_email": "copy@x.example", "receipt_at": "2026-11-02 10:00:00"})
        new = self._declare(order_reference="?", email="new@x.example")
        before = self.env["mail.mail"].search([])
        self.env.flush_all()
        for query in get_neutralization_queries(["base", "website_sale_withdrawal"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.env.registry.clear_cache("stable")
        # Staff try what they can do there.
        for order in (self.order, self.order.browse(), self.order):
            new.order_id = order
            self._run_cron()
        self.assertEqual(self.env["mail.mail"].search([]), before)
        self.assertEqual((receipt + copy).mapped("state"), ["cancel"] * 2)
        # Nothing waits there, so the networks are erased after a day.
        self.assertFalse(
            (written + due + new).filtered_domain(
                self.withdrawals._get_waiting_domain()
            )
        )
        # What is declared in the copy is answered.
        self._declare(order_reference="?", email="tester@x.example")
        self._run_cron()
        self.assertIn("tester@x.example", self._get_mails().mapped("email_to"))

    # === MAILS OF THE ORDER === #
    def _send(self, order):
        """Return the body of the mail about an order that the buyer gets."""
        template = self.env.ref("sale.mail_template_sale_confirmation")
        before = self.env["mail.mail"].search([])
        order._send_order_notification_mail(template)
        mails = self.env["mail.mail"].search([]) - before
        self.assertTrue(mails)
        return "".join(mails.mapped("body_html"))

    def test_the_mail_of_the_order_leads_to_it(self):
        body = self._send(self.order)
        path = self.order._withdrawal_get_path()
        [link] = html.fromstring(body).xpath("//a[contains(@href, '/withdrawal')]")
        self.assertEqual(link.get("href"), self.order.get_base_url() + path)
        self.assertEqual(link.text_content(), "Withdraw from contract here")

    def test_the_link_does_not_depend_on_the_template(self):
        template = self.env.ref("sale.mail_template_sale_confirmation")
        template.body_html = "<p>Thank you</p>"
        self.assertIn(self.order._withdrawal_get_path(), self._send(self.order))

    def test_it_is_in_the_language_of_the_buyer(self):
        self.partner.lang = "de_DE"
        self.partner.flush_recordset()  # core reads it from the database
        [link] = html.fromstring(self._send(self.order)).xpath(
            "//a[contains(@href, '/withdrawal')]"
        )
        self.assertEqual(link.text_content(), "Vertrag widerrufen")

    def test_orders_of_salespeople_are_not_sold_online(self):
        order = self.order.copy({"website_id": False})
        order.action_confirm()
        self.assertNotIn("/withdrawal", self._send(order))

    def test_other_mails_have_no_link(self):
        before = self.env["mail.mail"].search([])
        self.order.message_post(
            body="Hello",
            partner_ids=self.partner.ids,
            subtype_xmlid="mail.mt_comment",
        )
        mails = self.env["mail.mail"].search([]) - before
        self.assertTrue(mails)
        self.assertNotIn("/withdrawal", "".join(mails.mapped("body_html")))
