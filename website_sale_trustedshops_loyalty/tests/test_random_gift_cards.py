# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter

from odoo import http
from odoo.tests import tagged

from odoo.addons.website_sale_trustedshops.tests.chance import choose_size, make_dice
from odoo.addons.website_sale_trustedshops.tests.http_common import (
    TrustedShopsHttpCommon,
)

from .common import LoyaltyCommon

WALKS = choose_size(40, 200)
FORM = "(//form[@name='o_wsale_confirm_order'])[1]"


@tagged("full")
class TestRandomGiftCards(TrustedShopsHttpCommon, LoyaltyCommon):
    """A card pays all: what is ordered is what the page showed at the press."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._leave_out_what_is_not_compared()
        cls.card_program = cls._make_card(0).program_id

    def _is_paid(self):
        self.order.invalidate_recordset()
        return self.order.currency_id.is_zero(self.order.amount_total)

    def _walk(self, dice):
        """Visit, tick, lose answers and press as a buyer may; return what was seen.

        :return: whether the pressed page showed the box as ticked, None if the order
            was not placed
        """
        self.order = self._make_cart()
        self._visit(self.order)
        # Enough, enough for the goods alone, and too little.
        points = dice.choice((150, 150, 100, 100.5))
        card = self.env["loyalty.card"].create(
            {"program_id": self.card_program.id, "points": points}
        )
        self._enter(self.order, card.code)
        page, shown = self._open(), False
        for _step in range(dice.randrange(4)):
            step = dice.choice(("tick", "tick", "untick", "load", "lost", "old"))
            if step == "load":
                page = self._open()
                shown = self._shows(page)
            elif step == "old":
                # A page that was opened in another tab, and is pressed later.
                self._open()
            else:
                answer = self._tick(step != "untick")
                if step != "lost" and answer["reload"]:
                    page = self._open()
                    shown = self._shows(page)
        forms = page.xpath(FORM)
        if not forms:
            return None
        # The second press is one after a lost answer.
        for _press in range(dice.choice((1, 2))):
            self._press(forms[0])
        return shown if self.order.state == "sale" else None

    def _shows(self, page):
        box = self._get_box(page)
        return box is not None and box.get("checked") is not None

    def _press(self, form):
        values = {each.get("name"): each.get("value") for each in form.xpath("input")}
        values["csrf_token"] = http.Request.csrf_token(self)
        self.url_open(form.get("action"), data=values, allow_redirects=False)
        self.env.invalidate_all()

    def test_a_fee_is_queued_only_where_the_box_was_shown_ticked_at_the_press(self):
        dice, found = make_dice("gift cards"), Counter()
        for number in range(WALKS):
            shown = self._walk(dice)
            protection = self.order.trustedshops_protection_id
            with self.subTest(walk=number):
                if shown is None:
                    self.assertNotEqual(protection.state, "queued")
                    found["not ordered"] += 1
                    continue
                self.assertTrue(self._is_paid())
                self.assertEqual(protection.state == "queued", shown)
                paid = -100.98 if shown else -100.0
                self.assertEqual(sum(self._get_rewards(self.order)), paid)
                found["with fee" if shown else "without fee"] += 1
        # pylint: disable=print-used
        print(f"figures: {WALKS} orders and gift cards: {dict(found)}")
        self.assertGreater(min(found.values()), WALKS // 20)
