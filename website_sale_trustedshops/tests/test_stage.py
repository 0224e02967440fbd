# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from types import SimpleNamespace

from . import stage
from .common import TrustedShopsCommon


class TestStage(TrustedShopsCommon):
    """What one class set up is there for all others."""

    def test_attributes_come_back_as_they_were(self):
        for value in (
            self.buyer,
            self.env["res.partner"],
            {"en_US": self.langs["en_US"]},
            "Test Transaction",
            1111.11,
            True,
        ):
            with self.subTest(value=value):
                stored = json.loads(json.dumps(stage.store({"it": value})))
                copy = SimpleNamespace(env=self.env)
                stage.restore(copy, stored)
                self.assertEqual(copy.it, value)

    def test_what_is_no_record_and_not_plain_is_not_kept(self):
        self.assertEqual(stage.store({"env": self.env, "langs": {"x": object()}}), {})

    def test_its_certificate_was_asked_just_now(self):
        self.certificate.items_checked_at = "2026-01-01 00:00:00"
        self._refresh_certificate()
        self.assertTrue(self.website._trustedshops_get_certificate())
        order = self._make_cart()
        self.assertTrue(self._as_visitor(order)._trustedshops_get_offer())
