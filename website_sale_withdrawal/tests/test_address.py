# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from email.message import EmailMessage
from email.policy import SMTP

from odoo.tests import BaseCase
from odoo.tools import email_normalize, email_split, formataddr

from ..address import get_first_address, normalize_address

# What is typed, and what is stored; '' is refused. The tests of
# `website_sale_trustedshops` have the same table.
CASES = (
    ("erika@muster.example", "erika@muster.example"),
    ("  Erika@MUSTER.example\n", "erika@muster.example"),
    ("erika@bücher.example", "erika@xn--bcher-kva.example"),
    ("erika@BU\u0308CHER.example", "erika@xn--bcher-kva.example"),
    ("erika@xn--bcher-kva.example", "erika@xn--bcher-kva.example"),
    ("erika@muster.example.", "erika@muster.example"),
    ("erika+shop@muster.example", "erika+shop@muster.example"),
    ("ERIKA@straße.example", "erika@xn--strae-oqa.example"),
    ("JÖRG@muster.example", "jörg@muster.example"),
    ("O'Brien@muster.example", "o'brien@muster.example"),
    ("e!#$%&*+/?=^_`{|}~-@muster.example", "e!#$%&*+/?=^_`{|}~-@muster.example"),
    ("a@AB--cd.de", "a@ab--cd.de"),
    ("a@B_c.de", "a@b_c.de"),
    (None, ""),
    (False, ""),
    ("", ""),
    ("erika", ""),
    ("@muster.example", ""),
    ("erika@", ""),
    ("a@b", ""),
    ("erika@localhost", ""),
    ("a@muster.example, b@muster.example", ""),
    ("a@muster.example;b@muster.example", ""),
    ("Erika <erika@muster.example>", ""),
    # Odoo makes another person's address of these.
    ("max mustermann@web.de", ""),
    ("a@b.de x", ""),
    ("erika@muster@example.com", ""),
    ("erika(muster)@muster.example", ""),
    ("erika\x00muster@muster.example", ""),
    # So do mail programs.
    ("=?utf-8?q?z=69el?=@muster.example", ""),
    ("=?UTF-8?B?emllbA==?=@muster.example", ""),
    ("a=?utf-8?q?z=69el?=@muster.example", ""),
    ("=??q??=@muster.example", ""),
    ("erika\\muster@muster.example", ""),
    # People do not see these.
    ("eri\u200bka@muster.example", ""),
    ("erika@mus\u00adter.example", ""),
    ("\u202eerika@muster.example", ""),
    ("erika@muster..example", ""),
    ("erika@-", ""),
    ("erika@b_c..de", ""),
    ("erika@-b_c.de", ""),
    ("erika@b_ü.de", ""),
    ("'erika@muster.example'", ""),
    (f"erika@{'x' * 64}.example", ""),
    (f"{'e' * 243}@muster.example", ""),
)


class TestAddress(BaseCase):
    """One address, as typed."""

    def test_an_address_is_stored_as_typed_or_refused(self):
        for typed, expected in CASES:
            with self.subTest(typed=typed):
                self.assertEqual(normalize_address(typed), expected)

    def test_of_what_a_shop_stored_the_first_address_counts(self):
        for stored, expected in (
            ("Erika@Muster.example", "erika@muster.example"),
            ('"Muster, Erika" <erika@muster.example>', "erika@muster.example"),
            ("erika@muster.example; e@x.example", "erika@muster.example"),
            ("Erika <erika@muster.example>, e@x.example", "erika@muster.example"),
            ("erika muster@muster.example", ""),
            ("erika@muster.example e@x.example", ""),
            ("erika, muster@muster.example", ""),
            ("=?utf-8?q?z=69el?=@muster.example", ""),
            (False, ""),
        ):
            with self.subTest(stored=stored):
                self.assertEqual(get_first_address(stored), expected)

    def test_odoo_and_mail_programs_read_what_is_stored_as_it_is(self):
        for address in filter(None, (stored for _typed, stored in CASES)):
            with self.subTest(address=address):
                self.assertEqual(email_normalize(address), address)
                self.assertEqual(email_split(address), [address])
                self.assertEqual(formataddr(("", address)), address)
                message = EmailMessage(policy=SMTP)
                message["To"] = address
                [recipient] = message["To"].addresses
                self.assertEqual(recipient.addr_spec, address)
