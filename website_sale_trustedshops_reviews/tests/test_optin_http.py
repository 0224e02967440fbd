# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime
from itertools import product
from unittest.mock import patch
from urllib.parse import urlsplit

from lxml import html

from odoo.tools import mute_logger

from odoo.addons.website_sale_trustedshops.tests.http_common import PatientHttpCase

from .reviews_common import EMAIL, ReviewsCommon

CONFIRM_LOGGER = "odoo.addons.website_sale_trustedshops_reviews.models.consent.link"


class TestOptIn(ReviewsCommon, PatientHttpCase):
    """The consent that counts when the owner of the address confirms it."""

    is_frozen = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel.consent_mode = "double_opt_in"

    def _request(self, lang="de_DE"):
        """Return the request of an order that was placed just now."""
        order = self._order(lang=lang)
        self.assertFalse(order._trustedshops_get_consent())
        return self.env["trustedshops.consent"].search([("order_id", "=", order.id)])

    def _open(self, link, data=None, **options):
        """Return title of the page, and what follows it."""
        answer = self.url_open(urlsplit(link).path, data=data, **options)
        self.env.invalidate_all()
        self.assertEqual(answer.status_code, 200)
        page = html.fromstring(answer.content)
        [section] = page.xpath("//section[contains(@class, 'o_trustedshops_consent')]")
        return section.xpath("string(.//h1)").strip(), section

    # === THE MAIL === #
    def test_the_mail_is_written_once_in_the_language_of_the_purchase(self):
        row = self._request()
        self._wait(minutes=10)
        mail = self._run_mails()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.email_to, EMAIL)
        for purpose in ("confirm", "stop"):
            link = row._get_link(purpose)
            self.assertIn("/de/trustedshops/reviews/", link)
            self.assertIn(link, mail.body_html)
        # Nothing but the question: no goods, no review, no order link.
        for word in ("/my/orders/", "/shop", "Lamp", "bewerten_", "Auf Ihren"):
            self.assertNotIn(word, mail.body_html)
        self.assertEqual(row.mailed_at, datetime(2026, 11, 2, 10, 10))
        self.assertFalse(self._run_mails())

    def test_a_mail_that_fails_keeps_no_other_waiting_and_is_tried_again(self):
        for model, method in (
            ("mail.template", "send_mail"),
            ("trustedshops.consent", "_is_waiting"),
            ("trustedshops.consent", "try_lock_for_update"),
        ):
            with self.subTest(method=method):
                first, second = self._request(), self._request()
                with self._broken(model, method, first), mute_logger(CONFIRM_LOGGER):
                    mails = self._run_mails()
                self.assertEqual(len(mails.filtered("trustedshops_is_owed")), 1)
                self.assertEqual(
                    [bool(each.mailed_at) for each in first + second], [False, True]
                )
                self.assertEqual(len(self._run_mails()), 1)

    def _broken(self, model, method, row):
        """Have a method fail in the database, as soon as it is called for one row."""
        work = getattr(self.registry[model], method)

        def fail(records, *args, **kwargs):
            if row.id in (*records.ids, *args):
                self.env.cr.execute("SELECT 1/0", log_exceptions=False)
            return work(records, *args, **kwargs)

        return patch.object(self.registry[model], method, fail)

    def test_only_a_suppression_by_staff_prevents_the_mail_to_confirm(self):
        for reason, count in (("link", 1), ("erasure", 1), ("staff", 0)):
            with self.subTest(reason=reason):
                row = self._suppress(reason)
                self._wait(hours=1)
                self._request()
                self.assertEqual(len(self._run_mails()), count)
                row.active = False

    def test_cancelled_order_sends_no_mail_to_confirm(self):
        self._request().order_id._action_cancel()
        self.assertFalse(self._run_mails())

    def test_a_mail_that_waits_is_gone_with_the_consent(self):
        for reason in ("link", "staff"):
            with self.subTest(reason=reason):
                self._request()
                mail = self._run_mails()
                message = mail.mail_message_id
                self.assertEqual(mail.state, "outgoing")
                row = self._suppress(reason)
                self.assertFalse(mail.exists() or message.exists())
                row.active = False

    def test_checkbox_mode_sends_no_mail_to_confirm(self):
        self.channel.consent_mode = "checkbox"
        self._order()
        self.assertFalse(self._run_mails())

    # === THE PAGE === #

    def test_only_the_button_confirms(self):
        row = self._request()
        link = row._get_link("confirm")
        for _number in range(2):
            title, page = self._open(link)
            self.assertIn("invite you", title.lower().replace("einladen", "invite you"))
            self.assertIn(row.text[:60], page.text_content())
            self.assertEqual(self._get_rows(), [("requested", "double_opt_in")])
        self._wait(days=6)
        self._open(link, data={"x": "y"})
        consent = row.order_id._trustedshops_get_consent()
        self.assertValues(
            consent,
            kind="given",
            mode="double_opt_in",
            email=EMAIL,
            text=row.text,
            lang_id=self.langs["de_DE"].id,
            request_id=row.id,
            channel_id=self.channel.id,
            moment=datetime(2026, 11, 8, 10),
        )

    def test_used_old_stopped_and_deleted_links_get_one_answer(self):
        row, old, stopped, gone = (self._request() for _number in range(4))
        used = row._get_link("confirm")
        self._open(used, data={"x": "y"})
        before = self._get_rows()
        stopped._withdraw("link")
        old.moment = datetime(2026, 10, 26, 9, 59, 59)
        links = [each._get_link("confirm") for each in (old, stopped, gone)]
        gone.unlink()
        before.remove(("requested", "double_opt_in"))
        answers = set()
        for link in (*links, used):
            for data in (None, {"x": "y"}):
                answers.add(self._open(link, data=data)[0])
        self.assertEqual(len(answers), 1)
        self.assertEqual(
            sorted(self._get_rows(), key=str),
            sorted([*before, ("withdrawn", False)], key=str),
        )

    def test_nothing_is_confirmed_where_nobody_would_be_invited(self):
        row, used = self._request("en_US"), self._request("en_US")
        links = [each._get_link("confirm") for each in (row, used)]
        used._confirm()
        orders = row.order_id + used.order_id
        for records, name, value, usual in (
            (self.channel, "consent_mode", "off", "double_opt_in"),
            (self.channel, "active", False, True),
            (orders, "state", "cancel", "sale"),
        ):
            records.write({name: value})
            for link, data in product(links, (None, {"x": "y"})):
                with self.subTest(name, records=records, data=data):
                    title, _section = self._open(link, data=data)
                    self.assertEqual(title, "There is nothing to confirm")
            records.write({name: usual})
        self.assertFalse(row.confirmation_ids)
        self.assertTrue(row._is_waiting())

    def test_each_page_is_in_the_sites_frame_and_has_one_next_step(self):
        row = self._request("en_US")
        confirm, stop = row._get_link("confirm"), row._get_link("stop")
        shop = ("Back to the shop", "/shop")
        for link, data, expected in (
            (confirm, None, ("Yes, invite me", None)),
            (confirm, {"x": "y"}, shop),
            (stop, None, ("Do not invite me any more", None)),
            (stop, {"x": "y"}, shop),
        ):
            _title, section = self._open(link, data=data)
            steps = section.xpath(".//*[contains(@class, 'btn')]")
            found = [(each.text.strip(), each.get("href")) for each in steps]
            self.assertEqual(found, [expected])
            [wrap] = section.xpath("ancestor::main/div[@id='wrap']")
            self.assertEqual(section.getparent(), wrap)
            self.assertEqual(wrap[-1].get("class"), "oe_structure")

    def test_erased_person_confirms_a_new_tick_by_mail_in_every_mode(self):
        self.channel.consent_mode = "checkbox"
        self._suppress("erasure")
        self._wait(hours=1)
        row = self._request("en_US")
        self.assertEqual(self._get_rows(row.order_id), [("requested", "double_opt_in")])
        mail = self._run_mails()
        self.assertIn("We erased your data before", mail.body_html)
        self.assertTrue(self._is_suppressed())
        self._open(row._get_link("confirm"), data={"x": "y"})
        self.assertFalse(self._is_suppressed())
        self.assertTrue(row.order_id._trustedshops_get_consent())
        # Now the buyer is back, like any other.
        self._wait(hours=1)
        order = self._order()
        self.assertEqual(self._get_rows(order), [("given", "checkbox")])
        self.assertTrue(order._trustedshops_get_consent())
