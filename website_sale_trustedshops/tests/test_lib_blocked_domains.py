# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import BaseCase

from ..lib.blocked_domains import filter_domains

HOST = "widgets.trustedshops.com"


class TestBlockedDomains(BaseCase):
    """What Odoo's list of third parties names, and what is left of it."""

    def test_a_name_stands_for_its_subdomains(self):
        for domain in (
            *("trustedshops.com", "www.trustedshops.com", "TrustedShops.com"),
            "widgets.trustedshops.com",
        ):
            self.assertEqual(filter_domains([domain], [HOST]), [], domain)
        for domain in ("shops.com", "a.widgets.trustedshops.com", "", " "):
            self.assertEqual(filter_domains([domain], [HOST]), [domain])

    def test_a_port_is_part_of_the_host(self):
        hosts = ["sandbox.example:8099"]
        self.assertEqual(filter_domains(["sandbox.example:8099"], hosts), [])
        self.assertEqual(
            filter_domains(["sandbox.example"], hosts), ["sandbox.example"]
        )

    def test_only_what_names_the_hosts_is_left_out(self):
        domains = [
            *(
                "youtube.com",
                "trustedshops.com",
                "www.trustedshops.com",
                "etrusted.com",
            ),
            *("widgets-qa.trustedshops.com", "shops.com", "com", "", "google.com"),
        ]
        self.assertEqual(
            filter_domains(domains, [HOST]),
            [
                *("youtube.com", "etrusted.com", "widgets-qa.trustedshops.com"),
                *("shops.com", "com", "", "google.com"),
            ],
        )
        self.assertEqual(filter_domains(domains, []), domains)
