# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from datetime import datetime
from unittest.mock import patch

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user
from odoo.tools import file_open, mute_logger

from odoo.addons.website_sale_trustedshops.tests.chance import SEED, choose_size

from .reviews_common import EMAIL, ReviewsCommon

CRON = "website_sale_trustedshops_reviews.ir_cron_send_consent_requests"
TEMPLATE = "website_sale_trustedshops_reviews.mail_template_consent_confirm"
LAYOUT = "website_sale_trustedshops_reviews.consent_mail_layout"
LINK_KEYS = "website_sale_trustedshops_reviews.link_keys"
PURPOSES = ("stop", "confirm")
ROWS = 8
EXAMPLES = choose_size(25, 400, 10_000)


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

    def _find(self, purpose, token):
        return self.env["trustedshops.consent"]._find_by_token(purpose, token)

    def _run(self):
        """Run the cron, return the mails that it wrote."""
        before = self.env["mail.mail"].search([])
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        return self.env["mail.mail"].search([]) - before

    # === WHAT IS A TOKEN === #
    def _make_attackers(self):
        """Return rows whose buyers chose an address that looks like what is signed."""
        rows = self.env["trustedshops.consent"]
        company = self.env.company.id
        for number in range(ROWS):
            target = rows[:1].id or 1
            email = (
                f"confirm/{target}-{company}-1-x{number}@evil.example",
                f"stop/{target}-{company}-1-x{number}@evil.example",
                f"1-confirm-{company}-x{number}@evil.example",
                f"{number}-1-{target}@evil.example",
            )[number % 4]
            rows += self._request(email=email)
        return rows

    def _see(self, rows):
        """Return every text that a person can see, and all parts of each."""
        suppressions = self.env["trustedshops.suppression"]
        texts = {row._get_link(purpose) for row in rows for purpose in PURPOSES}
        for row in rows:
            texts.update(suppressions._get_digests(row.email))
            texts.update(suppressions._get_digests(f"confirm/{row.email}"))
        rows[-1]._trustedshops_erase(rows[-1].email, rows[-1].company_id)
        suppressions._suppress(EMAIL, self.env.company, "link")
        for records in (rows, suppressions.search([])):
            for values in records.with_user(self.boss).read():
                texts.update(str(value) for value in values.values() if value)
        parts = {part for text in texts for part in re.split(r"[-/@:. ]", text)}
        return sorted(texts), sorted(filter(None, parts))

    def test_nothing_that_a_person_sees_is_a_token_of_another_row_or_purpose(self):
        rows = self._make_attackers()
        texts, parts = self._see(rows)
        codes = [part for part in parts if re.fullmatch("[0-9a-f]{64}", part)]
        self.assertGreater(len(codes), 4 * ROWS)
        own = {
            (purpose, token): row
            for row in rows
            for purpose in PURPOSES
            for token in row._get_tokens(purpose)
        }
        ids = st.sampled_from([*map(str, rows.ids), "0", "1", str(rows.ids[-1] + 1)])
        made = st.builds("{}-{}-{}".format, st.just("1"), ids, st.sampled_from(codes))
        glued = st.lists(st.sampled_from(parts), min_size=1, max_size=5).map("-".join)
        swapped = made.map(lambda token: token.swapcase())
        seen = st.sampled_from(texts) | st.sampled_from([token for _, token in own])
        candidates = made | glued | swapped | seen | st.text(max_size=90)

        @seed(SEED)
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.sampled_from(PURPOSES), candidates)
        def check(purpose, token):
            found = self._find(purpose, token)
            self.assertEqual(found or None, own.get((purpose, token)))

        check()

    def test_tokens_are_signed_by_a_key_of_their_own(self):
        row = self._request()
        self.env["ir.config_parameter"].set_param(LINK_KEYS, "1:" + "0b" * 20)
        row.nonce = "0123456789abcdef0123456789abcdef"
        # printf '[1, "stop", COMPANY, "0123..."]' | openssl dgst -sha256 -mac HMAC
        #     -macopt hexkey:0b0b...
        self.assertEqual(row.company_id.id, 1)
        self.assertEqual(
            row._get_tokens("stop"),
            [
                f"1-{row.id}-699aa9d90949495b314d375d1cc60269538f82aa8749230a4dacf8eb4b1b9077"
            ],
        )
        self.assertTrue(self._find("stop", row._get_tokens("stop")[0]))
        row.company_id = self._create_company(name="Other")
        self.assertFalse(
            self._find(
                "stop",
                f"1-{row.id}-699aa9d90949495b314d375d1cc60269538f82aa8749230a4dacf8eb4b1b9077",
            )
        )

    def test_rows_without_a_link_in_any_mail_have_no_token(self):
        cart = self._make_cart()
        for row, purposes in (
            (self._tick(cart), ()),
            (self._add_consent(kind="withdrawn"), ()),
            (self._add_consent(), ("stop",)),
            (self._request(), ("stop", "confirm")),
        ):
            taken = [
                purpose
                for purpose in PURPOSES
                if self._find(purpose, row._get_tokens(purpose)[0])
            ]
            self.assertEqual(tuple(taken), purposes)

    # === WHO CAN READ IT === #
    def _get_ways_to_read(self, row):
        """Return what a user may try to learn the secrets of a row.

        :return: name and a call of each
        :rtype: dict
        """
        rows, order = row.browse(), row.order_id
        by_confirmation = [("confirmation_ids", "any", [("nonce", "like", "0")])]
        by_mail = [("mail_id.body_html", "like", "confirm")]
        by_row = [("trustedshops_consent_ids.nonce", "like", "0")]
        return {
            "read": lambda: row.read(["nonce"]),
            "attribute": lambda: row.nonce,
            "export": lambda: row.export_data(["nonce"]),
            "export of the order": lambda: order.export_data(
                ["trustedshops_consent_ids/nonce"]
            ),
            "domain": lambda: rows.search([("nonce", "like", "0")]),
            "domain of the order": lambda: order.search(by_row),
            "domain of a confirmation": lambda: rows.search(by_confirmation),
            "filter": lambda: row.filtered_domain([("nonce", "like", "0")]),
            "order": lambda: rows.search([], order="nonce"),
            "group": lambda: rows._read_group([], ["nonce"]),
            "aggregate": lambda: rows._read_group([], [], ["nonce:max"]),
            "group in the web client": lambda: rows.formatted_read_group(
                [], ["nonce"], []
            ),
            "tokens": lambda: row._get_tokens("confirm"),
            "mail": lambda: row.mail_id,
            "words of the mail": lambda: rows.search(by_mail),
            "way out": lambda: (
                self.env["trustedshops.way.out"].with_env(row.env).search([])
            ),
        }

    def test_users_cannot_read_or_search_the_nonce(self):
        row = self._request()
        nonce = row.nonce
        self.assertRegex(nonce, "^[0-9a-f]{32}$")
        self.assertNotEqual(nonce, self._request().nonce)
        for user in (self.boss, self.admin):
            mine = row.with_user(user)
            mine.invalidate_recordset()
            for name, work in self._get_ways_to_read(mine).items():
                with (
                    self.subTest(user=user.login, name=name),
                    mute_logger("odoo.models", "odoo.orm.models"),
                    self.assertRaises(AccessError),
                ):
                    work()
            self.assertNotIn("nonce", mine.fields_get())
            self.assertNotIn(nonce, str(mine.read()))

    def test_import_brings_no_nonce_and_gets_one(self):
        consents = self.env["trustedshops.consent"].with_user(self.admin)
        values = {
            "email": EMAIL,
            "moment": datetime(2026, 10, 1, 8),
            "text": "Ja",
            "source": "Shop 6",
            "order_id": self._make_cart().id,
        }
        with self.assertRaises(AccessError):
            consents.create({**values, "nonce": "0" * 32})
        with self.assertRaises(AccessError):
            consents.with_context(default_nonce="0" * 32).create(values)
        row = consents.create(values)
        self.assertRegex(row.sudo().nonce, "^[0-9a-f]{32}$")

    def test_key_of_the_links_is_made_at_need_and_administrators_alone_read_it(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(LINK_KEYS, False)
        self._request()._get_link("stop")
        self.assertRegex(parameters.get_param(LINK_KEYS), "^1:[0-9a-f]{64}$")
        with self.assertRaises(AccessError):
            parameters.with_user(self.boss).search([("key", "=", LINK_KEYS)])

    # === THE MAIL THAT ASKS === #
    def test_sales_manager_cannot_read_the_mail_that_asks_to_confirm(self):
        row = self._request()
        mail = self._run()
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
                for token in row._get_tokens(purpose):
                    self.assertNotIn(token, text)
        self.assertIsNone(self._find("stop", "preview"))

    def test_copied_database_keeps_no_mail_that_asks(self):
        self._request()
        mail = self._run()
        message = mail.mail_message_id
        self.env.flush_all()
        path = "website_sale_trustedshops_reviews/data/neutralize.sql"
        with file_open(path) as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(mail.exists() or message.exists())

    def test_answers_to_the_mail_go_to_the_company_of_the_order(self):
        other = self._create_company(name="Other", email="other@lampen.example")
        row = self._request()
        row.company_id = other
        mail = self._run()
        self.assertIn("other@lampen.example", mail.email_from)
        self.assertEqual(mail.reply_to or mail.email_from, mail.email_from)
        self.assertFalse(mail.model or mail.res_id)

    def test_an_older_withdrawal_leaves_the_mail_of_a_newer_request(self):
        row = self._request()
        mail = self._run()
        values = {"email": EMAIL, "kind": "withdrawn", "source": "Shop 6"}
        consents = self.env["trustedshops.consent"].with_user(self.admin)
        consents.create({**values, "moment": datetime(2026, 11, 2, 9, 59, 59)})
        self.assertTrue(mail.exists() and row._is_waiting())
        consents.create({**values, "moment": datetime(2026, 11, 2, 10)})
        self.assertFalse(mail.exists() or row._is_waiting())

    def test_suppression_by_staff_deletes_the_waiting_mail(self):
        for reason in ("staff", "link"):
            self._request(moment=datetime(2026, 11, 2, 9))
            mail = self._run()
            stop = self._suppress(reason)
            self.assertFalse(mail.exists())
            stop.unlink()

    def test_mail_that_waits_goes_with_its_request(self):
        row = self._request()
        mail = self._run()
        message = mail.mail_message_id
        row.unlink()
        self.assertFalse(mail.exists() or message.exists())

    def test_mail_that_was_sent_and_kept_is_found_by_an_erasure(self):
        row = self._request()
        mail = self._run()
        mail.state = "sent"
        row._withdraw("link")
        self.assertTrue(mail.exists())
        row._trustedshops_erase(EMAIL, row.company_id)
        self.assertFalse(mail.exists())

    def test_mail_that_was_being_sent_at_the_erasure_goes_later(self):
        row = self._request()
        mail = self._run()
        busy = patch.object(
            self.registry["mail.mail"], "try_lock_for_update", lambda self: self[:0]
        )
        with busy:
            row._trustedshops_erase(EMAIL, row.company_id)
        self.assertTrue(mail.exists())
        cron = self.env.ref("website_sale_trustedshops_reviews.ir_cron_clean_consents")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(mail.exists())

    # === WHEN THE ROW IS GONE === #
    def test_deleted_row_leaves_its_way_out(self):
        row = self._request()
        digest = self.env["trustedshops.suppression"]._prepare_hash(EMAIL)
        tokens = {purpose: row._get_tokens(purpose)[0] for purpose in PURPOSES}
        row.unlink()
        for purpose, other in (("stop", "confirm"), ("confirm", "stop")):
            left = self._find(purpose, tokens[purpose])
            self.assertValues(left, company_id=self.env.company.id, **digest)
            self.assertNotIn(tokens[purpose], str(left.read()))
            self.assertIsNone(self._find(other, tokens[purpose]))

    def test_confirmed_consent_outlives_its_request(self):
        request = self._request(moment=datetime(2023, 11, 1))
        given = self._add_consent(
            request_id=request.id, mode="double_opt_in", moment=datetime(2023, 11, 3)
        )
        cron = self.env.ref("website_sale_trustedshops_reviews.ir_cron_clean_consents")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual((request + given).exists(), given)

    def test_way_out_is_kept_as_long_as_consents_are(self):
        self._request().unlink()
        links = self.env["trustedshops.way.out"]
        for years, count in ((3, 2), (2, 0)):
            self.env.company.trustedshops_consent_years = years
            self._freeze("2029-11-02 10:00:00")
            links._gc_old()
            self.assertEqual(links.search_count([]), count)

    def test_copied_database_makes_no_link_of_the_original(self):
        row = self._add_consent(self._make_cart())
        [token] = row._get_tokens("stop")
        self.env.flush_all()
        path = "website_sale_trustedshops_reviews/data/neutralize.sql"
        with file_open(path) as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()
        self.assertNotEqual(row._get_tokens("stop"), [token])
        self.assertIsNone(self._find("stop", token))
