# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.website_sale_trustedshops.tests.common import ORDER_LOGGER
from odoo.addons.website_sale_trustedshops.tests.http_common import (
    TrustedShopsHttpCommon,
)

from .invitation_common import INVITE_CRON
from .reviews_common import ReviewsCommon

ROUTE = "/shop/trustedshops/reviews"
BOX = "//input[@id='trustedshops_review_box']"
ROW = "//div[@name='trustedshops_review']"


@tagged("full")
class TestConsentHttp(ReviewsCommon, TrustedShopsHttpCommon):
    """The box on the payment page, as a public visitor sees and uses it."""

    QUICK = (
        "test_the_box_stands_unticked_below_everything",
        "test_only_a_page_and_a_cart_that_both_say_yes_bring_the_consent",
        "test_the_shop_may_ask_after_the_order_where_a_tick_counts_at_once",
    )

    def _get_question(self, url="/shop/payment", **headers):
        """Return the box and the key of its words, None twice where it is not."""
        page = self._open(url, **headers)
        boxes = page.xpath(BOX)
        self.assertLessEqual(len(boxes), 1)
        keys = page.xpath(f"{ROW}/@data-key")
        return (boxes[0], keys[0]) if boxes else (None, None)

    def _is_ticked(self, **headers):
        box, _key = self._get_question(**headers)
        return box.get("checked") is not None

    def _send(self, url=ROUTE, **params):
        """Return what the shop has after a press of the box, see the route."""
        answer = self.make_jsonrpc_request(url, params)
        self.env.invalidate_all()
        return answer["ticked"]

    def _get_ticks(self):
        return self.env["trustedshops.consent"].search([("kind", "=", "ticked")])

    # === THE BOX === #
    def test_the_box_stands_unticked_below_everything(self):
        page = self._open()
        [box] = page.xpath(BOX)
        self.assertIsNone(box.get("checked"))
        self.assertFalse(page.xpath(f"//form[@id='o_payment_form']{ROW}"))
        order = [
            element.get("id") or element.get("name") or "offer"
            for element in page.xpath(
                f"//form[@id='o_payment_form'] | {ROW}"
                " | //fieldset[contains(@class, 'o_trustedshops_offer')]"
            )
        ]
        self.assertEqual(order, ["o_payment_form", "offer", "trustedshops_review"])
        rows = page.xpath("//div[contains(@class, 'o_trustedshops_checkout')]/*")
        self.assertEqual([row.tag for row in rows], ["fieldset", "div"])
        self.assertIsNotNone(box.get("disabled"))  # until its script runs
        # Its name, and what it means, for people who do not see it.
        label = self._get_text(page, "//label[@for='trustedshops_review_box']")
        self.assertEqual(label, "Review invitation by e‑mail optional")
        words, answer = [
            self._get_text(page, f"//*[@id='{name}']")
            for name in box.get("aria-describedby").split()
        ]
        self.assertEqual(answer, "")
        shop = self.website.company_id.name
        self.assertEqual(
            words,
            f"I agree that {shop} gives my e‑mail address and order data to Trusted"
            " Shops SE, so that I get one invitation and one reminder by e‑mail. I can"
            " withdraw at any time.",
        )
        # All else unfolds when it is asked for, with the privacy notice.
        [details] = page.xpath(f"{ROW}//details")
        self.assertIsNone(details.get("open"))
        self.assertEqual(self._get_text(details, "summary"), "Details")
        self.assertIn("keeps it as proof for 3 years", details.text_content())
        [link] = page.xpath(f"{ROW}//details//a/@href")
        self.assertIn("https://www.trustedshops.com/", link)
        self.assertFalse(page.xpath(f"{ROW}//noscript | {ROW}//form"))

    def test_no_copy_of_the_page_is_kept_for_the_way_back(self):
        self.certificate.hold_reason = "login"  # so that nothing else is offered
        pages = {}
        for mode in ("checkbox", "off"):
            self.channel.consent_mode = mode
            pages[mode] = self.url_open("/shop/payment").headers.get("Cache-Control")
        self.assertEqual(pages, {"checkbox": "no-store", "off": None})

    def _count_queries(self):
        for _number in range(2):
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.url_open("/shop/payment")
            queries = self.cr.sql_log_count - before
        return queries

    def test_the_box_costs_one_query_and_nothing_while_it_is_off(self):
        asked = self._count_queries()
        _box, key = self._get_question()
        self._send(key=key, ticked=True)
        ticked = self._count_queries()
        self.channel.consent_mode = "off"
        off = self._count_queries()
        self.assertLessEqual(asked - off, 1)
        self.assertLessEqual(ticked - off, 1)
        self.channel.active = False
        self.assertEqual(self._count_queries(), off)

    # === THE TICK === #
    def test_the_tick_is_kept_over_a_reload(self):
        _box, key = self._get_question()
        total = self.order.amount_total
        self.assertTrue(self._send(key=key, ticked=True))
        self.assertTrue(self._is_ticked())
        self.assertTrue(self._is_ticked())
        self.assertEqual(self._get_ticks().order_id, self.order)
        self.assertEqual(self.order.amount_total, total)
        self.assertFalse(self._send(key=key))
        self.assertFalse(self._is_ticked())
        self.assertFalse(self._get_ticks())

    def _read_state(self, **params):
        return self.make_jsonrpc_request(f"{ROUTE}/state", params)["ticked"]

    def test_what_became_of_a_tick_can_be_read(self):
        _box, key = self._get_question()
        states = [self._read_state()]
        self._send(key=key, ticked=True)
        states.append(self._read_state())
        self._send(key=key)
        states.append(self._read_state())
        self.authenticate(None, None)
        states.append(self._read_state())
        states.append(self._read_state(is_ordered=True))
        self.assertEqual(states, [False, True, False, False, False])

    def test_only_the_own_cart_can_be_ticked(self):
        other = self._make_cart()
        _box, key = self._get_question()
        self._send(key=key, ticked=True)
        self.assertEqual(self._get_ticks().order_id, self.order)
        self.assertNotEqual(self._get_ticks().order_id, other)
        self.authenticate(None, None)
        self.assertIs(self._send(key=key, ticked=True), False)
        self.assertEqual(len(self._get_ticks()), 1)

    @mute_logger("odoo.http")
    def test_request_of_a_stranger_changes_nothing(self):
        _box, key = self._get_question()
        answer = self.url_open(ROUTE, data={"key": key, "ticked": "1"})
        self.assertEqual(answer.status_code, 415)
        self.assertEqual(self.url_open(f"{ROUTE}?ticked=1&key={key}").status_code, 405)
        self.assertFalse(self._get_ticks())

    def test_a_failure_is_quiet_and_the_buyer_goes_on(self):
        _box, key = self._get_question()
        consents = self.registry["trustedshops.consent"]
        broken = patch.object(consents, "_create_tick", side_effect=KeyError("a bug"))
        with broken, mute_logger(ORDER_LOGGER):
            self.assertIsNone(self._send(key=key, ticked=True))
        self.assertFalse(self._is_ticked())

    def test_another_language_begins_unticked(self):
        _box, key = self._get_question()
        self._send(key=key, ticked=True)
        box, _key = self._get_question("/de/shop/payment", Sec_Purpose="prefetch")
        self.assertIsNone(box.get("checked"))
        self.assertTrue(self._get_ticks())
        box, german = self._get_question("/de/shop/payment")
        self.assertIsNone(box.get("checked"))
        self.assertFalse(self._get_ticks())
        self._send("/de" + ROUTE, key=german, ticked=True)
        self.assertEqual(self._get_ticks().lang_id.code, "de_DE")

    # === PAYING === #
    def _pay_in_shop(self, **values):
        """Return the transaction that a payment page with a ticked box begins."""
        provider = self._get_wire_transfer()
        self.make_jsonrpc_request(
            f"/shop/payment/transaction/{self.order.id}",
            {
                "access_token": self.order._portal_ensure_token(),
                "provider_id": provider.id,
                "payment_method_id": provider.payment_method_ids[:1].id,
                "token_id": None,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "/shop/payment/validate",
                "trustedshops_review": True,
                **values,
            },
        )
        self.env.invalidate_all()
        return self.order.transaction_ids.sorted("id")[-1:]

    def test_only_a_page_and_a_cart_that_both_say_yes_bring_the_consent(self):
        self.assertFalse(self._pay_in_shop(amount=100.0).trustedshops_tick_id)
        _box, key = self._get_question()
        self._send(key=key, ticked=True)
        tick = self._get_ticks()
        for sent in (None, False, 1, "1"):  # none: express, another theme
            payment = self._pay_in_shop(amount=100.0, trustedshops_review=sent)
            self.assertFalse(payment.trustedshops_tick_id)
        transaction = self._pay_in_shop(amount=100.0)
        self.assertEqual(transaction.trustedshops_tick_id, tick)
        self._finish(transaction, "pending")
        self.assertEqual(self.order._trustedshops_get_consent(), tick)

    # === WHOSE TICK IT IS === #
    def _tick_and_log_in(self, **values):
        """Have a guest tick, and another person log in to the same browser."""
        _box, key = self._get_question()
        self._send(key=key, ticked=True)
        other = self._make_portal_buyer()
        other.partner_id.write(values)
        self._visit(self.order, other.login)
        return other.partner_id

    def _pay_cart(self):
        """Pay the cart, whose prices may have changed, and run the queue."""
        self._finish(self._pay_in_shop(amount=self.order.amount_total), "pending")
        self.env.ref(INVITE_CRON).method_direct_trigger()
        self.env.invalidate_all()
        return self.order.sudo().trustedshops_invitation_ids

    def test_a_tick_is_not_for_a_user_who_logs_in_later(self):
        bert = self._tick_and_log_in()
        self.assertFalse(self._is_ticked())
        self.assertFalse(self._get_ticks())
        self.assertEqual(self.order.partner_id, bert)
        self.assertFalse(self._pay_cart())
        self.assertFalse(self.order.sudo().trustedshops_consent_ids)

    def test_a_user_who_logs_in_later_may_tick_too(self):
        bert = self._tick_and_log_in()
        _box, key = self._get_question()
        self._send(key=key, ticked=True)
        self.assertTrue(self._is_ticked())
        self.assertTrue(self._pay_cart())
        consent = self.order._trustedshops_get_consent()
        self.assertEqual(consent.email, bert.email)

    def test_a_page_from_before_the_log_in_brings_no_consent(self):
        bert = self._tick_and_log_in()
        self.url_open("/shop/cart")
        self.env.invalidate_all()
        self.assertEqual(self.order.partner_id, bert)
        self.assertTrue(self._get_ticks())
        self.assertFalse(self._pay_cart())
        self.assertFalse(self.order._trustedshops_get_consent())

    def test_a_guest_who_corrects_the_street_keeps_the_tick_and_no_other_address(self):
        _box, key = self._get_question()
        self._send(key=key, ticked=True)
        self.buyer.write({"name": "Erika Muster", "street": "Neue Gasse 1"})
        self.assertTrue(self._is_ticked())
        self.buyer.email = "other@muster.example"
        self.assertFalse(self._is_ticked())

    def _order_in_shop(self):
        """Return what the confirmation page says about the consent, if anything."""
        _box, key = self._get_question()
        self._send(key=key, ticked=True)
        self._finish(self._pay_in_shop(amount=100.0), "pending")
        extra = {"sale_last_order_id": self.order.id}
        self.authenticate(None, None, session_extra=extra)
        page = self._open("/shop/confirmation")
        found = page.xpath("//p[@name='trustedshops_consent_requested']")
        return " ".join(found[0].text_content().split()) if found else None

    def test_the_confirmation_page_asks_to_confirm_what_has_to_be_confirmed(self):
        self.assertIsNone(self._order_in_shop())
        self.assertTrue(self.order._trustedshops_get_consent())

    # === AFTER THE ORDER === #
    def _ask_after_order(self, **values):
        """Return the question of the confirmation page, None where it is not."""
        self.channel.write({"question_place": "confirmation", **values})
        self._finish(self._pay_in_shop(amount=100.0), "pending")
        return self._open_confirmation()

    def _open_confirmation(self):
        extra = {"sale_last_order_id": self.order.id}
        self.authenticate(None, None, session_extra=extra)
        forms = self._open("/shop/confirmation").xpath(ROW)
        return forms[0] if forms else None

    def _agree(self, form, **values):
        sent = {"key": form.get("data-key"), "ticked": True}
        return self._send(form.get("data-route"), **{**sent, **values})

    def test_the_shop_may_ask_after_the_order_where_a_tick_counts_at_once(self):
        self.channel.question_place = "confirmation"
        self.assertEqual(self._get_question(), (None, None))
        form = self._ask_after_order()
        self.assertFalse(self.order._trustedshops_get_consent())
        self.assertFalse(self._read_state(is_ordered=True))
        self.assertIs(self._agree(form), True)
        self.assertTrue(self._read_state(is_ordered=True))
        words = self.website._trustedshops_get_words("en_US")
        self.assertValues(
            self.order._trustedshops_get_consent(),
            kind="given",
            mode="checkbox",
            email=self.order.partner_id.email,
            text=f"{words.text}\n\n{words.details}",
            privacy_url=words.privacy_url,
        )
        # It is asked once.
        self.assertIsNone(self._open_confirmation())
        for ticked in (True, False):  # a retry, or an untick that came too late
            self.assertIs(self._agree(form, ticked=ticked), True)
        self.assertEqual(len(self.order.sudo().trustedshops_consent_ids), 1)
        self.order._trustedshops_get_consent().sudo()._withdraw("link")
        self.assertIs(self._agree(form), False)

    def test_after_the_order_too_a_shop_may_have_it_confirmed_by_mail(self):
        form = self._ask_after_order(consent_mode="double_opt_in")
        [answer] = form.xpath(".//*[@role='status']/@data-ticked")
        self.assertEqual(answer, "We mail you to confirm")
        self.assertIs(self._agree(form), True)
        self.assertFalse(self.order._trustedshops_get_consent())
        self.assertEqual(
            self.order._trustedshops_get_newest_consent().kind, "requested"
        )

    def test_no_late_consent_for_another_order_or_other_words(self):
        form = self._ask_after_order()
        for values in ({"key": "other"}, {"ticked": False}):
            self.assertIs(self._agree(form, **values), False)
        self.authenticate(None, None)
        self.assertIs(self._agree(form), False)
        self.assertFalse(self.order.sudo().trustedshops_consent_ids)

    def test_nobody_else_who_logs_in_is_asked_about_the_order_of_a_guest(self):
        form = self._ask_after_order()
        last = {"sale_last_order_id": self.order.id}
        other = self._make_portal_buyer()
        self.authenticate(other.login, other.login, session_extra=last)
        self.assertFalse(self._open("/shop/confirmation").xpath(ROW))
        self.assertIs(self._agree(form), False)
        self.order.partner_id = other.partner_id
        [form] = self._open("/shop/confirmation").xpath(ROW)
        self.assertIs(self._agree(form), True)

    def test_a_tick_that_the_page_does_not_show_any_more_gives_no_consent(self):
        _box, key = self._get_question()
        self._send(key=key, ticked=True)
        self.channel.question_place = "confirmation"
        self._finish(self._pay_in_shop(amount=100.0), "pending")
        self.assertFalse(self.order._trustedshops_get_consent())

    def test_an_order_that_was_not_placed_is_not_asked_about(self):
        self.channel.question_place = "confirmation"
        self._pay_in_shop(amount=100.0)
        order = self._as_visitor(self.order)
        self.assertFalse(order._trustedshops_get_late_question())
        self._finish(self.order.transaction_ids, "pending")
        self.assertTrue(order._trustedshops_get_late_question())

    def test_an_erased_buyer_is_told_to_confirm_and_not_at_the_box(self):
        before = self._open().xpath(f"string({ROW})").split()
        self._suppress("erasure", self.order.partner_id.email)
        self.assertEqual(self._open().xpath(f"string({ROW})").split(), before)
        self.assertIn("Please confirm it in the e-mail", self._order_in_shop())
        self.assertFalse(self.order._trustedshops_get_consent())
