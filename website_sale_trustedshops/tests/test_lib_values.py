# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import os
import time
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from unittest.mock import patch

from odoo.tests import BaseCase

from ..lib.values import to_amount, to_base_url, to_order_date, to_text
from .lib_common import REQUEST


class TestLibProtectionRequest(BaseCase):
    """A request is checked and brought into the form of the service."""

    def test_a_missing_value_is_named(self):
        for name in REQUEST.__dataclass_fields__:
            with self.subTest(name=name):
                request = replace(REQUEST, **{name: None})
                with self.assertRaisesRegex(ValueError, f"^{name} is missing$"):
                    request.to_parts()

    def test_its_text_shows_neither_login_nor_customer(self):
        text = repr(REQUEST)
        self.assertIn("shop_order_id='S00042'", text)
        for secret in ("s3cret", "theuser", "kowalski", "4711"):
            self.assertNotIn(secret, text)


class TestLibValues(BaseCase):
    """Each value is sent in one form only."""

    def test_a_base_url_must_be_a_web_address(self):
        self.assertEqual(
            to_base_url(" https://host.example/a/ "), "https://host.example/a"
        )
        for base_url in ("", None, "127.0.0.1:8099", "file:///etc", "http://"):
            with (
                self.subTest(base_url=base_url),
                self.assertRaisesRegex(ValueError, "^The address must start with http"),
            ):
                to_base_url(base_url)

    def test_a_text_is_stripped_and_refused_if_xml_cannot_carry_it(self):
        for char in ("\x00", "\x08", "\x0b", "\x1f", "\ud800", "\udfff", "\uffff"):
            with self.subTest(char=char), self.assertRaises(ValueError) as caught:
                to_text("ws_password", f"secret{char}")
            self.assertEqual(
                str(caught.exception),
                "ws_password contains characters that cannot be sent",
            )
        self.assertEqual(to_text("ws_user", "\n the user\t"), "the user")
        self.assertEqual(to_text("ws_user", ""), "")

    def test_an_amount_has_two_decimals_rounded_half_up(self):
        for amount, sent in (
            ("49.9", "49.90"),
            ("1E+2", "100.00"),
            ("0.005", "0.01"),
            ("2.675", "2.68"),
            ("2.665", "2.67"),
            ("2.6649", "2.66"),
            ("500", "500.00"),
        ):
            with self.subTest(amount=amount):
                self.assertEqual(str(to_amount("amount", Decimal(amount))), sent)

    def test_an_amount_that_cannot_be_protected_is_refused(self):
        for amount in ("0", "0.004", "-1", "NaN", "Infinity", "1E+40"):
            with self.subTest(amount=amount), self.assertRaises(ValueError) as caught:
                to_amount("amount", Decimal(amount))
            self.assertEqual(
                str(caught.exception), "amount must be a finite amount above zero"
            )

    def test_a_moment_is_sent_in_utc_cut_to_the_second(self):
        warsaw = timezone(timedelta(hours=2))
        for moment, sent in (
            (datetime(2026, 1, 2, 3, 4, 5, 999999), "2026-01-02T03:04:05"),
            (datetime(2026, 1, 2, 3, 4), "2026-01-02T03:04:00"),
            (datetime(2026, 1, 2, tzinfo=timezone.utc), "2026-01-02T00:00:00"),
            (datetime(2026, 1, 2, 1, 0, 0, 1, warsaw), "2026-01-01T23:00:00"),
        ):
            with self.subTest(moment=moment):
                self.assertEqual(to_order_date("order_date", moment), sent)
        # A naive one is UTC wherever the server is.
        self.addCleanup(time.tzset)
        with patch.dict(os.environ, TZ="JST-9"):
            time.tzset()
            moment = datetime(2026, 1, 2, 3, 4, 5)
            self.assertEqual(to_order_date("order_date", moment), "2026-01-02T03:04:05")
