# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields

from .common import BUSINESS, RETURNED, UNAVAILABLE
from .fake_service import make_item
from .http_common import TrustedShopsHttpCommon

CHANGED = "Unticked because your order changed. Today:"


class TestOrderNotices(TrustedShopsHttpCommon):
    """The buyer reads the true reason for which Buyer Protection is gone."""

    def _read_notice(self):
        return self._get_notice(self._open())

    def _make_fees_stale(self):
        age = timedelta(hours=73)
        self.certificate.items_checked_at = fields.Datetime.now() - age

    def _make_fee_dearer(self):
        self.service.items = [
            make_item("500.00", "1.00", "1.19"),
            make_item("1500.00", "2.47", "2.94"),
        ]
        self.certificate.action_check_now()

    def _become_business(self):
        self.certificate.offered_to = "private"
        self.buyer.vat = "DE123456788"

    def _price_in_zloty(self):
        self.order.pricelist_id = self._make_zloty_prices()

    def test_the_reason_is_what_keeps_the_buyer_from_choosing_again(self):
        changes = {
            "dearer fee": (
                self._make_fee_dearer,
                "Unticked because the offer changed. Today: 1.19 € incl. 19% VAT",
                "Unticked because this page was opened again. Today: 1.19 € incl. 19%"
                " VAT",
            ),
            "dearer cart": (
                lambda: self.goods.write({"list_price": 600.0}),
                f"{CHANGED} 2.94 € incl. 19% VAT",
                "Unticked because this page was opened again. Today: 2.94 € incl. 19%"
                " VAT",
            ),
            "another currency": (self._price_in_zloty, UNAVAILABLE, UNAVAILABLE),
            "stale fees": (self._make_fees_stale, UNAVAILABLE, UNAVAILABLE),
            "a VAT number": (self._become_business, BUSINESS, BUSINESS),
            "held": (
                lambda: self.certificate.write({"hold_reason": "suspended"}),
                UNAVAILABLE,
                UNAVAILABLE,
            ),
        }
        for came_back in (False, True):
            for name, (change, at_once, later) in changes.items():
                with (
                    self.subTest(change=name, came_back=came_back),
                    self.env.cr.savepoint() as savepoint,
                ):
                    self._tick()
                    if came_back:
                        self._open()
                    change()
                    notice = self._read_notice()
                    self.assertEqual(notice, later if came_back else at_once)
                    self.assertFalse(self.order.trustedshops_protection_id)
                    self.assertEqual(self._read_notice(), "")  # it is said once
                    savepoint.rollback()
                    self.env.registry.clear_all_caches()
                    self.env.invalidate_all()

    def test_the_notice_leaves_alone_what_core_has_to_say(self):
        self._tick()
        self._open()
        self.order.shop_warning = "Only one lamp is left."
        page = self._open()
        self.assertEqual(self._get_notice(page), RETURNED)
        self.assertIn("Only one lamp is left.", page.text_content())
