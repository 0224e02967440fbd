# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import re

from markupsafe import Markup

from odoo import fields

from odoo.addons.website_sale_trustedshops.models.certificate.display import (
    get_icons,
)
from odoo.addons.website_sale_trustedshops.tests.fee_common import OTHER_TS_ID

from .rating_common import RatingCommon

SCRIPT = Markup(
    '<script type="application/ld+json">\n'
    '{"@type": "Organization", "name": "A &amp; B"}\n    </script>'
)


class TestMarkupOrganization(RatingCommon):
    """What is added to the data about the shop."""

    def _extend(self, script=SCRIPT):
        return str(self.website._trustedshops_add_to_organization(script))

    def _read_node(self):
        script = r"<script[^>]*>(.*)</script>"
        return json.loads(re.fullmatch(script, self._extend(), re.DOTALL)[1])

    def _rate_shop(self, **values):
        self.certificate.write(
            {
                "rating_value": 4.83,
                "rating_count": 1234,
                "rating_at": fields.Datetime.now(),
                **values,
            }
        )

    def test_the_shop_is_rated_if_the_merchant_wants_it(self):
        self._rate_shop()
        self.assertEqual(self._extend(), str(SCRIPT))
        self.channel.is_organization_rated = True
        self.assertEqual(
            self._read_node(),
            {
                "@type": "Organization",
                "name": "A &amp; B",
                "aggregateRating": {
                    "@type": "AggregateRating",
                    "ratingValue": 4.83,
                    "reviewCount": 1234,
                    "bestRating": 5,
                    "worstRating": 1,
                },
            },
        )

    def test_the_shop_is_certified_if_the_merchant_wants_it(self):
        self.assertIsNone(self._read_node().get("hasCertification"))
        self.channel.is_organization_certified = True
        ts_id = self.certificate.ts_id
        page = f"https://www.trustedshops.com/shop/certificate.php?shop_id={ts_id}"
        self.assertEqual(
            self._read_node().get("hasCertification"),
            {
                "@type": "Certification",
                "name": "Trusted Shops Trustmark",
                "issuedBy": {
                    "@type": "Organization",
                    "name": "Trusted Shops",
                    "url": "https://www.trustedshops.com",
                },
                "certificationIdentification": ts_id,
                "url": page,
            },
        )

    def test_only_a_certificate_in_force_certifies(self):
        self.channel.is_organization_certified = True
        self.assertIsNotNone(self._read_node().get("hasCertification"))
        for values in (
            {"mode": "disabled"},
            {"mode": "test"},
            {"active": False},
            {"state": "cancelled"},
            {"state": "no_audit"},
            {"state": "test"},
        ):
            with self.subTest(values):
                before = self.certificate.read(values, load="")[0]
                self.certificate.sudo().write(values)
                self.assertIsNone(self._read_node().get("hasCertification"))
                self.certificate.sudo().write(before)

    def test_visitors_see_no_certificate_that_serves_none(self):
        self.channel.is_organization_rated = True
        self._rate_shop()
        self.certificate.active = False
        self.assertEqual(self._extend(), str(SCRIPT))
        display = self.website._trustedshops_get_star_display()
        self.assertEqual(display["reviews_url"], "")
        self.assertIn("Trusted Shops collects", display["notice"]["text"])
        serving = self._make_certificate(
            ts_id=OTHER_TS_ID, rating_notice="All checked."
        )
        display = self.website._trustedshops_get_star_display()
        self.assertIn(serving.ts_id, display["reviews_url"])
        self.assertEqual(display["notice"]["text"], "All checked.")

    def test_unreadable_structured_data_stays_as_it_is(self):
        self.channel.is_organization_rated = True
        self._rate_shop()
        for script in (
            Markup('<script type="x">{"name": "back\\slash"}</script>'),
            Markup('<script type="x">["no node"]</script>'),
            Markup(""),
        ):
            self.assertEqual(self._extend(script), str(script))

    def test_nothing_ends_the_script(self):
        self.channel.is_organization_rated = True
        self._rate_shop()
        script = Markup('<script type="x">{"name": "\\u003c/script><b>"}</script>')
        self.assertEqual(self._extend(script).count("</script>"), 1)

    def test_stars_are_full_half_or_empty(self):
        words = {"fa-star": "1", "fa-star-half-o": "½", "fa-star-o": "0"}
        for percent, expected in (
            (0, "00000"),
            (20, "10000"),
            (45, "11½00"),
            (54, "11½00"),
            (55, "11100"),
            (94, "1111½"),
            (95, "11111"),
            (100, "11111"),
        ):
            shown = "".join(words[icon] for icon in get_icons(percent))
            self.assertEqual(shown, expected, percent)
