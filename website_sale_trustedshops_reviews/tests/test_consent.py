# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime
from itertools import product
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from odoo.addons.website_sale_trustedshops.tests.common import ORDER_LOGGER

from .reviews_common import EMAIL, ReviewsCommon


class TestConsent(ReviewsCommon):
    """A tick in the cart, which counts when the order is placed."""

    is_frozen = True

    # === PLACED === #
    def test_the_tick_becomes_a_consent_when_the_order_is_placed(self):
        self.buyer.email = "Erika@Bücher.example"
        order = self._make_cart()
        tick = self._tick(order, "de_DE")
        digest = self.env["trustedshops.suppression"]._get_digest(
            "erika@xn--bcher-kva.example"
        )
        self.assertValues(tick, kind="ticked", email=False, mode=False, digest=digest)
        transaction = self._begin(order)
        self.assertFalse(order._trustedshops_get_consent())
        self._wait(minutes=7)
        self._finish(transaction)
        self.assertEqual(order.state, "sale")
        consent = order._trustedshops_get_consent()
        text = self.channel.text_ids.filtered(lambda each: each.lang_id.code == "de_DE")
        self.assertValues(
            consent,
            kind="given",
            mode="checkbox",
            email="erika@xn--bcher-kva.example",
            moment=datetime(2026, 11, 2, 10, 7),
            text=self._get_read_text("de_DE", "3 Jahre"),
            kept_years=3,
            kept_until=date(2029, 12, 31),
            privacy_url=text.privacy_url,
            lang_id=self.langs["de_DE"].id,
            channel_id=self.channel.id,
            company_id=self.env.company.id,
        )
        # What is frozen does not follow the buyer.
        self.buyer.email = "new@muster.example"
        self.assertEqual(consent.email, "erika@xn--bcher-kva.example")

    def test_an_order_is_placed_once(self):
        order = self._make_cart()
        self._tick(order)
        wire = self._get_wire_transfer()
        self._finish(self._begin(order, provider_id=wire.id), "pending")
        consent = order._trustedshops_get_consent()
        self._wait(days=2)
        order.action_confirm()
        self.assertEqual(self._get_rows(order), [("given", "checkbox")])
        self.assertEqual(consent.moment, datetime(2026, 11, 2, 10))

    def test_without_a_tick_there_is_no_consent(self):
        order = self._order(ticked=False)
        self.assertEqual((order.state, self._get_rows()), ("sale", []))
        # Taken out again, even while the payment is under way.
        order = self._make_cart()
        self._tick(order)
        transaction = self._begin(order)
        self._tick(order, ticked=False)
        self.env.invalidate_all()
        self._finish(transaction)
        self.assertEqual((order.state, self._get_rows()), ("sale", []))

    def test_only_a_payment_of_the_payment_page_brings_a_consent(self):
        """Not staff, nor portal, payment link, till, or an order without total."""
        by_staff, by_link, free = (self._make_cart() for _number in range(3))
        free.order_line.price_unit = 0.0
        for order in (by_staff, by_link, free):
            self._tick(order)
        by_staff.action_confirm()
        free.action_confirm()
        self._pay(by_link)
        for order in (by_staff, by_link, free):
            self.assertEqual(order.state, "sale")
            self.assertFalse(order._trustedshops_get_consent())
        marketplace = self._make_cart(website_id=False)
        self.assertFalse(self._tick(marketplace))

    def test_changes_between_tick_and_order(self):
        text = self.channel.text_ids.filtered(lambda each: each.lang_id.code == "en_US")
        seen = self._get_read_text("en_US", "3 years")
        for change, rows in (
            (lambda: text.write({"text": "Other words"}), [("given", "checkbox")]),
            (lambda: self.channel.write({"consent_mode": "off"}), [("ticked", False)]),
            (lambda: self.channel.write({"inviter": "trustcard"}), [("ticked", False)]),
            (lambda: self.channel.write({"active": False}), [("ticked", False)]),
            (
                lambda: self.channel.write({"consent_mode": "double_opt_in"}),
                [("requested", "double_opt_in")],
            ),
            (lambda: self.buyer.write({"email": "nobody"}), [("ticked", False)]),
            (lambda: self.buyer.write({"email": "x@y.example"}), [("ticked", False)]),
            (
                lambda: self.buyer.write({"email": EMAIL.upper()}),
                [("given", "checkbox")],
            ),
        ):
            with self.subTest(rows=rows), self.env.cr.savepoint() as savepoint:
                order = self._make_cart()
                tick = self._tick(order)
                transaction = self._begin(order)
                change()
                self._finish(transaction)
                self.assertEqual(self._get_rows(order), rows)
                self.assertEqual(tick.text, seen)
                savepoint.rollback()
                self.env.registry.clear_cache()
                self.env.invalidate_all()

    def test_an_error_of_ours_stops_no_order(self):
        consents = self.registry["trustedshops.consent"]
        broken = patch.object(consents, "_place", side_effect=KeyError("a bug"))
        order = self._make_cart()
        self._tick(order)
        transaction = self._begin(order)
        with broken as place, mute_logger(ORDER_LOGGER):
            place.__name__ = "_place"
            self._finish(transaction)
        self.assertEqual((order.state, self._get_rows()), ("sale", [("ticked", False)]))

    def _count_queries(self, **values):
        """Return how many statements placing an order takes, save for savepoints."""
        order = self._make_cart()
        if values.pop("ticked", False):
            self._tick(order)
        transaction = self._begin(order)
        transaction._set_done()
        self.env.flush_all()
        self.env.invalidate_all()
        statements = []
        execute = type(self.env.cr).execute

        def note(cursor, query, *args, **kwargs):
            statements.append(str(query))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", note):
            order.action_confirm()
            self.env.flush_all()
        return len([each for each in statements if "SAVEPOINT" not in each])

    def test_placing_costs_two_queries_with_a_tick_and_none_without(self):
        self._count_queries(ticked=True)
        ticked = self._count_queries(ticked=True)
        unticked = self._count_queries()
        self.channel.consent_mode = "off"
        self._count_queries()
        off = self._count_queries()
        self.assertEqual(unticked - off, 0)
        self.assertLessEqual(ticked - unticked, 2)

    # === THE WORDS === #
    def _get_words(self, lang="en_US"):
        return self.website.with_context(lang=lang)._trustedshops_get_words()

    def test_settings_of_the_channel_decide_whether_buyers_are_asked(self):
        for values, is_asked in (
            ({}, True),
            ({"consent_mode": "double_opt_in"}, True),
            ({"consent_mode": "off"}, False),
            ({"inviter": "trustcard"}, False),
            ({"active": False}, False),
            ({"website_id": False}, False),
            ({"hold_reason": "gone"}, False),
            ({"hold_reason": "refused"}, True),
            ({"lang_id": self.langs["de_DE"].id}, False),
            ({"lang_id": self.langs["en_US"].id}, True),
        ):
            with self.subTest(**values), self.env.cr.savepoint() as savepoint:
                self.assertTrue(self._get_words())
                self.channel.write(values)
                self.assertEqual(bool(self._get_words()), is_asked)
                savepoint.rollback()
                self.env.registry.clear_cache()
                self.env.invalidate_all()

    def test_the_words_follow_the_merchant_at_once(self):
        text = self.channel.text_ids.filtered(lambda each: each.lang_id.code == "pl_PL")
        before = self._get_words("pl_PL")
        text.text = "Nowe słowa"
        words = self._get_words("pl_PL")
        self.assertEqual(words.text, "Nowe słowa")
        self.assertNotEqual(words.version, before.version)
        text.unlink()
        self.assertIsNone(self._get_words("pl_PL"))
        self.assertTrue(self._get_words("de_DE"))

    def test_a_change_of_the_settings_changes_the_words_and_no_promise(self):
        company = self.env.company
        company.email = "old@lampen.example"
        self.channel.text_ids.unlink()
        self.channel.action_propose_texts()
        order, seen = self._make_cart(), self._get_words()
        self._tick(order)
        transaction = self._begin(order)
        self.assertIn("for 3 years;", seen.details)
        self.assertIn("e‑mail to old@lampen.example.", seen.details)
        company.write({"trustedshops_consent_years": 1, "email": "new@lampen.example"})
        words = self._get_words()
        self.assertIn("for 1 year;", words.details)
        self.assertIn("e‑mail to new@lampen.example.", words.details)
        # A page from before does not count.
        other = self._as_visitor(self._make_cart())
        self.assertFalse(other._trustedshops_tick_review(True, seen.version))
        self._finish(transaction)
        self.assertValues(
            order._trustedshops_get_consent(),
            text=seen.proof,
            kept_years=3,
            contact="old@lampen.example",
        )

    def test_the_years_are_named_as_the_language_does(self):
        for years, code, words in (
            (1, "de_DE", "1 Jahr auf"),
            (5, "pl_PL", "przez 5 lat;"),
            (22, "pl_PL", "przez 22 lata;"),
        ):
            self.env.company.trustedshops_consent_years = years
            self.assertIn(words, self._get_words(code).details)

    def test_data_privacy_page_of_the_words_is_checked(self):
        text = self.channel.text_ids[0]
        text.privacy_url = "https://shop.example/privacy"
        for page in ("javascript:alert(1)", "http://shop.example/privacy", "/x", " "):
            with (
                self.subTest(page=page),
                self.assertRaisesRegex(ValidationError, "not a page for shoppers"),
            ):
                text.privacy_url = page

    def test_proposed_words_lead_to_a_page_for_shoppers(self):
        environments = ("production", "qa", "sandbox")
        for environment, named in product(environments, (True, False)):
            with self.subTest(environment=environment, named=named):
                self.certificate.sudo().environment = environment
                self.channel.certificate_id = named and self.certificate
                self.channel.text_ids.unlink()
                with self.assertNoLogs("odoo.domains"):  # no record for its id
                    self.channel.action_propose_texts()
                self.assertEqual(len(self.channel.text_ids), 3)
                for page in self.channel.text_ids.mapped("privacy_url"):
                    self.assertRegex(page, r"^https://(www|qa)\.trustedshops\.com/")

    def test_languages_with_a_proposal_begin_with_it(self):
        self.website.company_id.write(
            {"name": "Lampen GmbH", "email": "x@lampen.example"}
        )
        french = self.env["res.lang"]._activate_lang("fr_FR")
        self.website.language_ids = [Command.link(french.id)]
        self.channel.text_ids.unlink()
        self.channel.consent_mode = "off"
        self.assertFalse(self.channel.text_ids)
        self.channel.consent_mode = "double_opt_in"
        self.assertEqual(
            set(self.channel.text_ids.lang_id.mapped("code")),
            {"de_DE", "en_US", "pl_PL"},
        )
        for code, years, *needed in (
            ("de_DE", "3 Jahre", "widerrufbar", "Erinnerung", "E‑Mail-Adresse"),
            ("en_US", "3 years", "withdraw", "reminder", "e‑mail address"),
            ("pl_PL", "3 lata", "wycofać", "przypomnienie", "mój e‑mail"),
        ):
            words = self._get_words(code)
            for word in (*needed, "Lampen GmbH", "Trusted Shops SE"):
                self.assertIn(word, words.text)
            for word in (years, "x@lampen.example"):
                self.assertIn(word, words.details)
            self.assertNotRegex(words.proof, "[{}]")
        self.assertIsNone(self._get_words("fr_FR"))
        # A person's own text is never replaced.
        self.channel.text_ids[0].text = "My own"
        self.channel.action_propose_texts()
        self.assertEqual(self.channel.text_ids[0].text, "My own")

    # === THE TICK === #
    def test_a_tick_counts_for_the_words_that_were_seen(self):
        order = self._as_visitor(self._make_cart())
        version = order._trustedshops_get_review_words().version
        self.assertFalse(order._trustedshops_tick_review(True, "other words"))
        self.assertFalse(order._trustedshops_get_tick())
        self.assertTrue(order._trustedshops_tick_review(True, version))
        tick = order._trustedshops_get_tick()
        self.assertTrue(order._trustedshops_tick_review(True, version))
        self.assertEqual(order._trustedshops_get_tick(), tick)
        self.assertTrue(order._trustedshops_get_review_question()["ticked"])

    def test_a_tick_changes_neither_the_cart_nor_its_total(self):
        order = self._make_cart()
        before = order.read(["amount_total", "write_date", "order_line"])
        self._tick(order)
        self.env.flush_all()
        self.assertEqual(
            order.read(["amount_total", "write_date", "order_line"]), before
        )
        self.assertFalse(order.copy()._trustedshops_get_tick())

    def test_buyer_without_an_address_is_not_asked(self):
        order = self._make_cart()
        self.assertTrue(order._trustedshops_get_review_question())
        # The last one is none that could be stored, although Odoo sends to it.
        for email in (EMAIL.replace("@", ""), "erika@b_ü.example"):
            self.buyer.email = email
            self.assertEqual(order._trustedshops_get_review_question(), {})

    def test_nothing_of_ours_is_left_to_write_when_a_provider_is_asked(self):
        order = self._make_cart()
        self._choose(order)
        tick = self._tick(order)
        context = {"trustedshops_is_payment_page": True}
        payments = self.env["payment.transaction"].with_context(**context)
        transaction = payments.create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.payment_method_id,
                "reference": order.name,
                "sale_order_ids": [Command.set(order.ids)],
                "partner_id": order.partner_id.id,
                "currency_id": order.currency_id.id,
                "amount": order.amount_total,
            }
        )
        self.env.cr.execute(
            "SELECT trustedshops_tick_id, trustedshops_protection_id"
            "  FROM payment_transaction WHERE id = %s",
            [transaction.id],
        )
        expected = (tick.id, order.trustedshops_protection_id.id)
        self.assertEqual(self.env.cr.fetchone(), expected)
