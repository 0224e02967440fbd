# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .reviews_common import EMAIL, ReviewsCommon

KEY = "website_sale_trustedshops_reviews.address_key"


class TestSuppression(ReviewsCommon):
    """Which consent counts, and which address is never invited."""

    is_frozen = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param(KEY, "key")

    # === WHICH CONSENT COUNTS === #
    def test_the_newest_consent_of_the_order_counts(self):
        order, other = self._make_cart(), self._make_cart()
        self.assertFalse(order._trustedshops_get_consent())
        old = self._add_consent(order)
        self._add_consent(order, "requested", moment=datetime(2026, 11, 2, 9, 30))
        self.assertEqual(order._trustedshops_get_consent(), old)
        new = self._add_consent(order, moment=datetime(2026, 11, 2, 9, 10))
        self.assertEqual(order._trustedshops_get_consent(), new)
        self.assertFalse(other._trustedshops_get_consent())

    def test_withdrawn_consent_no_longer_counts(self):
        other_company = self._create_company(name="Other")
        for moment, values, counts in (
            (datetime(2026, 11, 2, 9), {}, False),
            (datetime(2026, 11, 2, 9, 30), {}, False),
            (datetime(2026, 11, 2, 8, 59, 59), {}, True),
            (datetime(2026, 11, 2, 9, 30), {"email": "max@muster.example"}, True),
            (datetime(2026, 11, 2, 9, 30), {"company": other_company}, True),
        ):
            with self.subTest(moment=moment, **values):
                order = self._make_cart()
                self._add_consent(order)
                stop = self._suppress(**values)
                stop.moment = moment
                self.assertEqual(bool(order._trustedshops_get_consent()), counts)
                stop.unlink()

    def test_lifting_the_stop_of_staff_lifts_all_but_the_will_of_the_buyer(self):
        order, other = self._make_cart(), self._make_cart()
        consent = self._add_consent(order)
        self._add_consent(other)
        consents = self.env["trustedshops.consent"]
        for is_by_buyer in (False, True):
            self.assertTrue(consent._withdraw("staff"))
            self.assertFalse(consent._withdraw("staff"))
            self.assertFalse(other._trustedshops_get_consent())
            if is_by_buyer:
                self.assertTrue(consent._withdraw("link"))
            stops = self.env["trustedshops.suppression"].search([])
            stops = stops.filtered(lambda each: each.reason == "staff")
            stops.with_user(self.manager).action_end()
            for each in (order, other):
                counts = bool(each._trustedshops_get_consent())
                self.assertEqual(counts, not is_by_buyer)
        sources = consents.search([("kind", "=", "withdrawn")]).mapped("source")
        self.assertCountEqual(sources, ["Staff", "Staff", "Link of the buyer"])

    # === WHO IS SUPPRESSED === #
    def test_an_address_is_stopped_in_every_spelling_and_in_one_company(self):
        self.assertFalse(self._is_suppressed())
        self._suppress(email="erika@xn--bcher-kva.example")
        for email in ("erika@bücher.example", " Erika@BÜCHER.example "):
            self.assertTrue(self._is_suppressed(email))
        self.assertFalse(self._is_suppressed("max@bücher.example"))
        other_company = self._create_company(name="Other")
        self.assertFalse(self._is_suppressed("erika@bücher.example", other_company))

    def test_a_stop_of_the_buyer_ends_an_older_request_and_no_newer_one(self):
        suppressions = self.env["trustedshops.suppression"]
        digest = suppressions._get_digest(EMAIL)
        later = datetime(2026, 11, 2, 10, 0, 1)
        for reason in ("link", "import"):
            with self.subTest(reason):
                order = self._make_cart()
                old = self._add_consent(order, "requested")
                self.assertTrue(old._is_waiting())
                stop = suppressions._suppress_hash(digest, self.env.company, reason)
                self.assertFalse(old._is_waiting())
                new = self._add_consent(order, "requested", moment=later)
                self.assertTrue(new._is_waiting())
                stop.unlink()

    def test_an_erasure_counts_at_once_although_erased_addresses_are_cached(self):
        suppressions = self.env["trustedshops.suppression"]
        self.assertFalse(suppressions._is_erased(EMAIL, self.env.company))
        self._suppress("erasure")
        self.assertTrue(suppressions._is_erased(EMAIL, self.env.company))

    def test_an_address_has_one_stop_for_each_reason_until_it_is_lifted(self):
        stop, other = self._suppress(), self._suppress("staff")
        self._wait(hours=1)
        self.assertEqual(self._suppress(), stop)
        self.assertEqual(stop.moment, datetime(2026, 11, 2, 11))
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            stop.copy()
        (stop + other).with_user(self.manager).action_end()
        self.assertFalse(self._is_suppressed())
        self.assertNotEqual(self._suppress(), stop)
        self.assertTrue(self._is_suppressed())

    def test_invalid_address_is_never_invited(self):
        for email in ("", False, "nobody", "a@x.example, b@x.example"):
            self.assertTrue(self._is_suppressed(email))

    def test_nothing_readable_is_stored(self):
        row = self._suppress()
        # printf %s '["address", "erika@muster.example"]' | openssl dgst -hmac key
        self.assertValues(
            row,
            digest="f322bde9e8d3791eba9881d2c7b6276dfb4cd80395762f7fdab60b1dc821f8d5",
            moment=datetime(2026, 11, 2, 10),
            email=False,
        )
        found = self.env["trustedshops.suppression"].search([("email", "=", EMAIL)])
        self.assertEqual(found, row)

    def test_the_key_is_made_at_need_and_stays(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(KEY, False)
        self._suppress()
        key = parameters.get_param(KEY)
        self.assertRegex(key, "^[0-9a-f]{64}$")
        self.assertTrue(self._is_suppressed())
        self.assertEqual(parameters.get_param(KEY), key)

    def test_a_copied_database_knows_who_is_stopped(self):
        self._suppress()
        self._neutralize()
        self.env["ir.config_parameter"].set_param("database.secret", "of a copy")
        self.assertTrue(self._is_suppressed())

    # === A NEW WILL === #
    def test_a_newer_consent_of_the_buyer_counts_more_than_an_older_stop(self):
        later, before = datetime(2026, 11, 2, 9, 0, 1), datetime(2026, 11, 2, 9)
        for reason, mode, moment, suppressed in (
            ("link", "checkbox", later, False),
            ("link", "double_opt_in", later, False),
            ("link", "checkbox", before, True),
            ("import", "checkbox", later, False),
            ("import", "double_opt_in", later, False),
            ("import", "checkbox", before, True),
            ("import", "manual", later, True),
            ("link", "manual", later, True),
            ("link", "import", later, True),
            ("import", "import", later, True),
            ("staff", "double_opt_in", later, True),
            ("erasure", "checkbox", later, True),
            ("erasure", "double_opt_in", later, False),
            ("erasure", "double_opt_in", before, True),
        ):
            with self.subTest(reason=reason, mode=mode, moment=moment):
                rows = self._suppress(reason)
                rows.moment = before
                order = self._make_cart()
                consent = self._add_consent(order, mode=mode, moment=moment)
                self.assertEqual(self._is_suppressed(), suppressed)
                counts = bool(order._trustedshops_get_consent())
                self.assertEqual(counts, not suppressed)
                rows.sudo().unlink()
                consent.sudo().unlink()

    def test_manager_ends_a_suppression_but_no_erasure(self):
        row = self._suppress("staff")
        clerk = new_test_user(self.env, "ts_sales", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            row.with_user(clerk).action_end()
        row.with_user(self.manager).action_end()
        self.assertFalse(row.active)
        self.assertFalse(self._is_suppressed())
        erased = self._suppress("erasure")
        with self.assertRaisesRegex(UserError, "data was erased"):
            erased.with_user(self.manager).action_end()
        self.assertTrue(self._is_suppressed())
