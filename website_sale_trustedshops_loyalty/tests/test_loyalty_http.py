# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.tests import tagged

from odoo.addons.website_sale_trustedshops.tests.http_common import (
    ADDED,
    TrustedShopsHttpCommon,
)

from .common import LoyaltyCommon

FEE_ROW = "//tr[@name='o_order_trustedshops_protection']"


@tagged("full")
class TestLoyaltyHttp(TrustedShopsHttpCommon, LoyaltyCommon):
    """Codes, rewards and gift cards of a public visitor at the payment step."""

    QUICK = (
        "test_a_tick_beside_a_reward_tells_the_page_the_new_sums",
        "test_an_order_that_a_card_paid_with_the_fee_is_placed",
        "test_an_unticked_box_is_never_charged_to_a_card",
    )

    def _get(self, url):
        """Follow a link without what it redirects to."""
        response = self.url_open(url, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.env.invalidate_all()

    def assertDropped(self, total, reason="your order changed"):
        notice = self._get_notice(self._open())
        self.assertIn(f"Unticked because {reason}", notice)
        self.assertValues(
            self.order, trustedshops_protection_id=False, amount_total=total
        )

    def test_a_gift_card_entered_before_the_page_of_the_tick_keeps_it(self):
        # The card pays and changes no goods, and that page is still owed to the tick.
        card = self._make_card(150)
        self._tick()
        self._get(f"/shop/pricelist?promo={card.code}&r=/shop/payment")
        page = self._open()
        self.assertEqual(self._get_notice(page), "")
        self.assertIsNotNone(self._get_box(page).get("checked"))
        self.assertEqual(self._get_rewards(self.order), [-100.98])
        self.assertDropped(0.0, "this page was opened again")

    def test_an_order_paid_by_gift_card_has_an_obligation_to_pay(self):
        self.website.trustedshops_order_button = True
        self._enter(self.order, self._make_card(150).code)
        page = self._open()
        self.assertEqual(self.order.amount_total, 0.0)
        button = "(//button[@name='o_payment_submit_button'])[1]"
        self.assertEqual(self._get_text(page, button), "Order with obligation to pay")

    def test_a_tick_beside_a_reward_tells_the_page_the_new_sums(self):
        self._make_code("WIN")  # a tenth off
        self._enter(self.order, "WIN")
        self._enter(self.order, self._make_card(60).code)
        answer = self._tick(amount=30.0)
        self.assertEqual(
            [answer["enabled"], answer["reload"], answer["amount"]],
            [True, False, 30.98],
        )
        self.assertIn("30.98", answer["amount_total"])
        answer = self._tick(False, amount=30.98)
        self.assertEqual([answer["reload"], answer["amount"]], [False, 30.0])

    def test_a_row_of_all_discounts_is_drawn_by_core(self):
        self._enter(self.order, self._make_card(60).code)
        self.env.ref("website_sale_loyalty.cart_discount").active = True
        self.assertEqual(self._tick(amount=40.0), ADDED)

    def test_a_cart_that_a_card_paid_is_offered_protection_without_methods(self):
        self._enter(self.order, self._make_card(150).code)
        page = self._open()
        self.assertFalse(page.xpath("//div[@id='payment_method']"))
        self.assertIsNone(self._get_box(page).get("checked"))

    def test_a_fee_that_the_card_cannot_pay_brings_the_methods_back(self):
        self._enter(self.order, self._make_card(100).code)
        self._tick()
        page = self._open()
        self.assertTrue(page.xpath("//div[@id='payment_method']"))
        self.assertIsNotNone(self._get_box(page).get("checked"))
        self.assertEqual(self.order.amount_total, 0.98)

    def test_an_order_that_a_card_paid_with_the_fee_is_placed(self):
        self.website.show_line_subtotals_tax_selection = "tax_included"
        self._enter(self.order, self._make_card(150).code)
        self._tick()
        page = self._open()
        self.assertIsNotNone(self._get_box(page).get("checked"))
        self.assertEqual(
            self._get_text(page.xpath(FEE_ROW)[0], "."),
            "Buyer Protection (incl. 19% VAT) 0.98 €",
        )
        self._press(page)
        self.assertEqual(self.order.state, "sale")
        self.assertValues(
            self.order.trustedshops_protection_id,
            state="queued",
            order_amount=100.0,
            payment_type="OTHER",
        )

    def _press(self, page):
        """Order as the form of a page does, which has nothing to pay."""
        [form] = page.xpath("(//form[@name='o_wsale_confirm_order'])[1]")
        values = {each.get("name"): each.get("value") for each in form.xpath("input")}
        values["csrf_token"] = http.Request.csrf_token(self)
        response = self.url_open(form.get("action"), data=values, allow_redirects=False)
        self.assertURLEqual(response.headers["Location"], "/shop/confirmation")
        self.env.invalidate_all()

    def _ask_for_reviews(self):
        """Have the shop ask buyers for consent to review invitations."""
        self._require_modules("website_sale_trustedshops_reviews")
        account = self.env["trustedshops.account"].create(
            {"company_id": self.env.company.id, "user_id": self.manager.id}
        )
        return self.env["trustedshops.channel"].create(
            {
                "channel_ref": "chl-4711",
                "account_id": account.id,
                "website_id": self.website.id,
                "inviter": "odoo",
                "consent_mode": "checkbox",
            }
        )

    def test_an_order_that_a_card_paid_is_asked_for_a_review(self):
        self._ask_for_reviews()
        box = "//input[@id='trustedshops_review_box']"
        for is_ticked, is_shown, is_given in (
            (True, True, True),
            (True, False, False),
            (False, False, False),
        ):
            with self.subTest(is_ticked=is_ticked, is_shown=is_shown):
                self.order = self._make_cart()
                self._visit(self.order)
                self._enter(self.order, self._make_card(150).code)
                page = self._open()
                self.assertTrue(page.xpath(box))
                if is_ticked:
                    [key] = page.xpath("//div[@name='trustedshops_review']/@data-key")
                    route = "/shop/trustedshops/reviews"
                    self.make_jsonrpc_request(route, {"key": key, "ticked": True})
                if is_shown:
                    page = self._open()
                self._press(page)
                self.assertValues(self.order, state="sale", amount_total=0.0)
                consent = self.order._trustedshops_get_consent()
                self.assertEqual(consent.kind, "given" if is_given else False)
                if is_given:
                    invitations = self.env["trustedshops.invitation"]
                    invitations._create_for(self.order)
                    invitation = self.order.trustedshops_invitation_ids
                    invitation._update_decision()
                    self.assertEqual(invitation.state, "due")

    def test_a_cart_confirmed_by_staff_gives_no_consent_of_a_page(self):
        self._ask_for_reviews()
        order = self.order
        self._enter(order, self._make_card(150).code)
        words = self._as_visitor(order)._trustedshops_get_review_words()
        self.assertTrue(order._trustedshops_tick_review(True, words.version))
        order.action_confirm()
        self.assertFalse(order._trustedshops_get_consent())

    def test_an_unticked_box_is_never_charged_to_a_card(self):
        for balance in (150, 100):  # enough for the fee, or not
            with self.subTest(balance=balance):
                self.order = self._make_cart()
                self._visit(self.order)
                self._enter(self.order, self._make_card(balance).code)
                page = self._open()
                self._tick()  # whose answer is lost
                self._press(page)
                self.assertValues(
                    self.order,
                    state="sale",
                    trustedshops_protection_id=False,
                    amount_total=0.0,
                )
                self.assertEqual(self._get_rewards(self.order), [-100.0])

    def test_a_page_that_cannot_be_paid_offers_no_protection(self):
        self._enter(self.order, self._make_card(150).code)
        self.goods.type = "consu"
        self.env["delivery.carrier"].search([]).action_archive()
        self.order.invalidate_recordset()
        page = self.url_open("/shop/payment").text
        self.assertIn("Sorry, we are unable to ship your order.", page)
        self.assertNotIn("o_trustedshops_offer", page)
