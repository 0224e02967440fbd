# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user
from odoo.tools import mute_logger
from odoo.tools.misc import hash_sign

from ..models.consent.link import CONFIRM_SCOPE
from .reviews_common import EMAIL, ReviewsCommon

TEMPLATE = "website_sale_trustedshops_reviews.mail_template_consent_confirm"
LAYOUT = "website_sale_trustedshops_reviews.consent_mail_layout"
KEY = "website_sale_trustedshops_reviews.address_key"
PURPOSES = ("stop", "confirm")


class TestLinks(ReviewsCommon):
    """What a link is made of, who can read that, and what is left when its row goes."""

    is_frozen = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel.consent_mode = "double_opt_in"
        groups = "sales_team.group_sale_manager,base.group_allow_export"
        cls.boss = new_test_user(cls.env, "boss", groups)
        cls.admin = new_test_user(cls.env, "ts_admin", f"{groups},base.group_system")

    def _request(self, **values):
        """Return a request to confirm, as it is after the order was placed."""
        return self._add_consent(
            self._make_cart(state="sale"),
            "requested",
            **{"mode": "double_opt_in", "moment": datetime(2026, 11, 2, 10), **values},
        )

    def _stops(self, token):
        """Return whether a token stops somebody."""
        return bool(self.env["trustedshops.suppression"]._read_stop(token))

    def _find(self, token):
        """Return the request that a token confirms."""
        return self.env["trustedshops.consent"]._get_request(token)

    # === WHAT IS A TOKEN === #

    def test_a_token_to_stop_is_for_one_address_in_one_company(self):
        other = self._create_company(name="Other")
        suppressions = self.env["trustedshops.suppression"]
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(KEY, "key")
        row, max_row = self._request(), self._request(email="max@muster.example")
        # printf %s '["address", "erika@muster.example"]' | openssl dgst -hmac key
        # printf %s '["stop", "1", "f322..."]' | openssl dgst -hmac key
        digest = "f322bde9e8d3791eba9881d2c7b6276dfb4cd80395762f7fdab60b1dc821f8d5"
        code = "346d5f36bff41d4f1608190767e23b4d5c430bbbdbd8485463efa539abecf97a"
        token = f"1-{digest}-{code}"
        self.assertEqual((row.company_id.id, row._sign("stop")), (1, token))
        self.assertEqual(suppressions._read_stop(token), (digest, self.env.company))
        max_code = max_row._sign("stop").split("-")[2]
        email = f'["stop", "1", "{digest}"]@evil.example'
        look_alike = self._request(email=email).digest
        for name, forged in (
            ("company", f"{other.id}-{digest}-{code}"),
            (
                "company that is gone",
                suppressions._sign_stop(digest, other.browse(10**8)),
            ),
            ("spelling of the company", f"01-{digest}-{code}"),
            ("address", f"1-{max_row.digest}-{code}"),
            ("code of another address", f"1-{digest}-{max_code}"),
            ("hash as code", f"1-{digest}-{digest}"),
            ("hash of an address like what is signed", f"1-{digest}-{look_alike}"),
            ("purpose", row._sign("confirm")),
            ("letters", token.upper()),
            ("end", token[:-1]),
            ("more", f"{token}0"),
            ("line", f"{token}\n"),
        ):
            with self.subTest(name):
                self.assertFalse(self._stops(forged))
        parameters.set_param(KEY, "another key")
        self.assertFalse(self._stops(token))

    def test_a_token_to_confirm_is_for_one_row_and_purpose(self):
        row, other = self._request(), self._request()
        token = row._sign("confirm")
        self.assertEqual(self._find(token), row)
        expiry = row.moment + timedelta(days=7)
        for name, forged in (
            ("id", self._sign([other.id, row.nonce], expiry)),
            ("no nonce", self._sign([row.id, None], expiry)),
            ("unknown id", self._sign([other.id + 1, row.nonce], expiry)),
            ("another purpose", self._sign([row.id, row.nonce], expiry, "other")),
            ("purpose", row._sign("stop")),
            ("hash", row.digest),
            ("end", token[:-2]),
        ):
            with self.subTest(name):
                self.assertFalse(self._find(forged))
        self.env["ir.config_parameter"].set_param("database.secret", "of a copy")
        self.assertFalse(self._find(token))

    def _sign(self, values, expiry, scope=CONFIRM_SCOPE):
        return hash_sign(self.env, scope, values, expiry)

    def test_a_token_to_confirm_ends_after_seven_days(self):
        row = self._request()  # of 10 o'clock
        token = row._sign("confirm")
        self._wait(days=7, seconds=-1)
        self.assertEqual(self._find(token), row)
        self._wait(seconds=1)
        self.assertFalse(self._find(token))

    # === WHO CAN READ IT === #
    def test_users_cannot_read_or_search_the_nonce(self):
        row = self._request()
        nonce = row.nonce
        self.assertRegex(nonce, "^[0-9a-f]{32}$")
        self.assertNotEqual(nonce, self._request().nonce)
        of_order = [("trustedshops_consent_ids.nonce", "like", "0")]
        for user in (self.boss, self.admin):
            mine = row.with_user(user)
            mine.invalidate_recordset()
            for work in (
                lambda mine=mine: mine.read(["nonce"]),
                lambda mine=mine: mine.export_data(["nonce"]),
                lambda mine=mine: mine.search([("nonce", "like", "0")]),
                lambda mine=mine: mine.order_id.search(of_order),
                lambda mine=mine: mine._sign("confirm"),
                lambda mine=mine: mine.search([("mail_id.body_html", "like", "x")]),
            ):
                with (
                    mute_logger("odoo.models", "odoo.orm.models"),
                    self.assertRaises(AccessError),
                ):
                    work()
            self.assertNotIn(nonce, str(mine.read()))

    # === THE MAIL THAT ASKS === #
    def test_sales_manager_cannot_read_the_mail_that_asks_to_confirm(self):
        row = self._request()
        mail = self._run_mails()
        link = row._get_link("confirm")
        self.assertIn(link, mail.body_html)
        self.assertEqual(row.mail_id, mail)
        messages = self.env["mail.message"].with_user(self.boss)
        found = messages.search([("body", "like", "/trustedshops/reviews/")])
        self.assertFalse(found)
        message = messages.browse(mail.mail_message_id.id)
        for records in (mail.with_user(self.boss), message):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                records.read(["subject"])
        notifications = self.env["mail.notification"]
        self.assertFalse(
            notifications.search([("mail_message_id", "=", mail.mail_message_id.id)])
        )

    def test_person_who_renders_the_mail_gets_no_link_that_works(self):
        row = self._request()
        template = self.env.ref(TEMPLATE).with_user(self.boss)
        mail_id = template.send_mail(
            row.id,
            email_layout_xmlid=LAYOUT,
            email_values={"email_to": "boss@lampen.example"},
        )
        texts = [self.env["mail.mail"].browse(mail_id).body_html]
        previews = self.env["mail.template.preview"].with_user(self.boss)
        preview = Form(previews.with_context(default_mail_template_id=template.id))
        preview.resource_ref = f"trustedshops.consent,{row.id}"
        texts.append(str(preview.body_html))
        for text in texts:
            self.assertIn("/trustedshops/reviews/stop/preview", text)
            for purpose in PURPOSES:
                self.assertNotIn(row._sign(purpose), text)
        self.assertFalse(self._stops("preview") or self._find("preview"))

    def test_answers_to_the_mail_go_to_the_company_of_the_order(self):
        other = self._create_company(name="Other", email="other@lampen.example")
        row = self._request()
        row.company_id = other
        mail = self._run_mails()
        self.assertIn("other@lampen.example", mail.email_from)
        self.assertEqual(mail.reply_to or mail.email_from, mail.email_from)
        self.assertFalse(mail.model or mail.res_id)

    def test_mail_that_waits_goes_with_its_request(self):
        row = self._request()
        mail = self._run_mails()
        message = mail.mail_message_id
        row.unlink()
        self.assertFalse(mail.exists() or message.exists())

    def test_mail_that_was_sent_and_kept_is_found_by_an_erasure(self):
        row = self._request()
        mail = self._run_mails()
        mail.state = "sent"
        row._withdraw("link")
        self.assertTrue(mail.exists())
        row._trustedshops_remove_person(EMAIL)
        self.assertFalse(mail.exists())

    def test_mail_that_was_being_sent_at_the_erasure_goes_later(self):
        row = self._request()
        mail = self._run_mails()
        busy = patch.object(
            self.registry["mail.mail"], "try_lock_for_update", lambda self: self[:0]
        )
        with busy:
            row._trustedshops_remove_person(EMAIL)
        self.assertTrue(mail.exists())
        self._run_cron("ir_cron_clean_consents")
        self.assertFalse(mail.exists())

    # === WHEN THE ROW IS GONE === #

    def test_a_link_whose_row_is_gone_stores_no_second_withdrawal(self):
        row = self._request()
        stop = row._sign("stop")
        self._stop_by_link(stop)
        row.unlink()
        # A restored database has another secret.
        self.env["ir.config_parameter"].set_param("database.secret", "another")
        self._stop_by_link(stop)
        self.assertTrue(self._is_suppressed())
        self.assertEqual(self._get_rows(), [("withdrawn", False)])

    def test_confirmed_consent_outlives_its_request(self):
        request = self._request(moment=datetime(2022, 12, 31))
        given = self._add_consent(
            request_id=request.id, mode="double_opt_in", moment=datetime(2023, 1, 1)
        )
        self._run_cron("ir_cron_clean_consents")
        self.assertEqual((request + given).exists(), given)
