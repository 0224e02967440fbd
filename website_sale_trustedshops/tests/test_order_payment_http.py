# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .common import APPLY
from .http_common import TrustedShopsHttpCommon
from .payment_common import TrustedShopsPaymentCommon

FORM = "//form[@id='o_payment_form']"


class WaysToPayCommon(TrustedShopsPaymentCommon, TrustedShopsHttpCommon):
    """The requests a browser makes when a buyer pays on the payment page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo = cls._get_demo()
        cls.demo.payment_method_ids.active = True

    def _read_form(self, page):
        """Return the amount that the payment form was made with, and its routes."""
        [form] = page.xpath(FORM)
        return form.attrib

    def _start(self, page, provider, flow="redirect", token=None, **values):
        """Send what the payment form of a page sends; return the transaction.

        :param values: sent in place of what the page sends
        """
        form = self._read_form(page)
        box = self._get_box(page)
        if box is not None:
            is_ticked = box.get("checked") is not None
            values = {"trustedshops_protection": is_ticked, **values}
        self.make_jsonrpc_request(
            form["data-transaction-route"],
            {
                "access_token": form["data-access-token"],
                "provider_id": provider.id,
                "payment_method_id": provider.payment_method_ids[:1].id,
                "token_id": token and token.id,
                "amount": float(form["data-amount"]),
                "flow": flow,
                "tokenization_requested": False,
                "landing_route": form["data-landing-route"],
                **values,
            },
        )
        self.env.invalidate_all()
        return self.order.transaction_ids.sorted("id")[-1:]

    def _finish(self, transaction, state="done"):
        """Let the provider answer, then wait on the status page as the buyer does."""
        if transaction.provider_code == "demo":
            self.make_jsonrpc_request(
                "/payment/demo/simulate_payment",
                {"reference": transaction.reference, "simulated_state": state},
            )
        elif transaction.provider_code == "custom":
            self.url_open(
                "/payment/custom/process",
                data={"reference": transaction.reference},
                allow_redirects=False,
            )
        elif state == "done":
            transaction._set_done()
        else:
            transaction._set_error("Refused by the bank")
        self._wait_for_status()

    def _wait_for_status(self):
        self.env.flush_all()
        self.make_jsonrpc_request("/payment/status/poll", {})
        self.env.invalidate_all()

    def _count_applications(self):
        self._run_queue()
        return len(self.service.get_parts(APPLY))

    def assertPaidWithFee(self, transaction, state):
        """Check that what is paid is what is owed, with one fee and one application."""
        self.assertEqual(transaction.amount, 100.98)
        self.assertOrder(
            self.order, state, 100.98, transaction.trustedshops_protection_id, "queued"
        )
        self.assertEqual(self._count_fee_lines(self.order), 1)
        self.assertEqual(self._count_applications(), 1)


@tagged("full")
class TestWaysToPayHttp(WaysToPayCommon):
    """Each way to pay on the payment page, as a public visitor."""

    QUICK = ("test_a_paid_or_promised_order_is_applied_for",)

    def _pay_on_page(self, provider, state="done", flow="redirect"):
        """Tick the box, pay on the page that follows, return the transaction."""
        self._tick()
        page = self._open()
        offered = page.xpath(f"//input[@data-provider-id='{provider.id}']")
        self.assertTrue(offered, "the page offers the provider")
        self.assertEqual(self._read_form(page)["data-amount"], "100.98")
        transaction = self._start(page, provider, flow)
        self.assertEqual(transaction.state, "draft")
        self._finish(transaction, state)
        self.assertTrue(self.order.trustedshops_was_offered)
        return transaction

    # === EVERY WAY, WITH THE FEE === #

    def test_a_paid_or_promised_order_is_applied_for(self):
        for provider, flow, paid, state in (
            (self._get_wire_transfer(), "redirect", "pending", "sent"),
            (self.demo, "direct", "done", "sale"),
            (self.provider, "redirect", "done", "sale"),
        ):
            self.order = self._make_cart()
            self._visit(self.order)
            self.service.calls.clear()
            with self.subTest(provider=provider.name):
                transaction = self._pay_on_page(provider, flow=flow)
                self.assertEqual(transaction.state, paid)
                self.assertPaidWithFee(transaction, state)

    def test_cash_on_delivery(self):
        product = self.env["product.product"].create(
            {"name": "By hand", "type": "service"}
        )
        self.order.carrier_id = self.env["delivery.carrier"].create(
            {
                "name": "By hand",
                "product_id": product.id,
                "allow_cash_on_delivery": True,
            }
        )
        provider = self.env.ref("delivery.payment_provider_cod")
        provider.payment_method_ids.active = True
        transaction = self._pay_on_page(provider)
        self.assertEqual(transaction.state, "pending")
        self.assertPaidWithFee(transaction, "sale")

    def test_a_box_ticked_in_a_second_tab_does_not_count_and_the_buyer_reads_why(self):
        transaction = self._start(self._open(), self.provider)
        self._open()
        self._tick()
        self.assertEqual(self.order.amount_total, 100.98)
        self.assertEqual((transaction.state, transaction.amount), ("draft", 100.0))
        self._finish(transaction)
        self.assertOrder(self.order, "sale", 100.0, None, False)
        self.assertEqual(self._count_applications(), 0)
        [notice] = self._open_confirmation().xpath("//*[@name='trustedshops_notice']")
        self.assertIn("Your payment had begun before you chose", notice.text)

    def _open_confirmation(self):
        self.env.flush_all()
        self.authenticate(
            None, None, session_extra={"sale_last_order_id": self.order.id}
        )
        return self._open("/shop/confirmation")


@tagged("full")
class TestPortalPaymentHttp(WaysToPayCommon):
    """The portal, its payment links and saved tokens: the box was never shown there."""

    QUICK = (
        "test_the_page_of_a_quotation_drops_a_choice_of_the_cart_and_says_so",
        "test_a_page_older_than_the_tick_pays_what_it_shows",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._make_portal_buyer()

    def setUp(self):
        super().setUp()
        self.order = self._make_cart(partner_id=self.user.partner_id.id)
        self._visit(self.order, "ts_buyer")

    def _get_page(self, **parameters):
        """Return the address of the order in the portal, with its access token."""
        query = "".join(f"&{name}={value}" for name, value in parameters.items())
        return self.order.get_portal_url(query_string=query)

    def _sign_out(self):
        self.env.flush_all()
        self.authenticate(None, None)

    def _make_token(self):
        return self._create_token(
            partner_id=self.user.partner_id.id,
            provider_id=self.demo.id,
            payment_method_id=self.demo.payment_method_ids[:1].id,
            demo_simulated_state="done",
        )

    def test_a_saved_token_pays_the_fee_on_the_payment_page(self):
        token = self._make_token()
        self._tick()
        page = self._open()
        self.assertEqual(self._read_form(page)["data-amount"], "100.98")
        transaction = self._start(page, self.demo, "token", token)
        self.assertEqual(transaction.state, "done")
        self._wait_for_status()
        self.assertPaidWithFee(transaction, "sale")

    def _make_quotation_again(self):
        """Cancel an order whose protection was applied for, and reset it to a cart."""
        protection = self._choose(self.order)
        self.order.action_confirm()
        self._run_queue()
        self.order._action_cancel()
        self.order.action_draft()
        self.assertOrder(self.order, "draft", 100.98, protection, "requested")
        self.env.flush_all()
        return protection

    def test_a_cart_whose_fee_was_ordered_before_is_paid_without_the_box(self):
        for amount in (100.98, None):  # none: express checkout
            self.order = self._make_cart(partner_id=self.user.partner_id.id)
            protection = self._make_quotation_again()
            self._visit(self.order, "ts_buyer")
            with self.subTest(amount=amount):
                page = self._open()
                self.assertIsNone(self._get_box(page))
                self.assertEqual(self._get_notice(page), "")
                transaction = self._start(page, self.demo, "direct", amount=amount)
                self._finish(transaction)
                self.assertOrder(self.order, "sale", 100.98, protection, "requested")
                self.assertEqual(self._count_fee_lines(self.order), 1)

    @mute_logger("odoo.http")
    def test_a_tick_on_an_old_page_leaves_a_fee_that_was_ordered(self):
        offer = self.order._trustedshops_get_offer()["key"]
        protection = self._make_quotation_again()
        for enable in (True, False):
            with self.assertRaises(JsonRpcException):
                self._tick(enable, offer, amount=100.0)
            self.assertOrder(self.order, "draft", 100.98, protection, "requested")
            self.assertEqual(self._count_fee_lines(self.order), 1)

    # === THE PORTAL'S PAGE === #

    def test_the_page_of_a_quotation_drops_a_choice_of_the_cart_and_says_so(self):
        for state in ("draft", "sent"):
            for login in ("ts_buyer", None):
                self.order = self._make_cart(partner_id=self.user.partner_id.id)
                self._choose(self.order)
                self.order.state = state
                page_url = self._get_page()
                self.env.flush_all()
                self.authenticate(login, login)
                with self.subTest(state=state, login=login):
                    page = self._open(page_url)
                    self.assertIn(
                        "taken out of this order",
                        self._get_text(page, "//*[@name='trustedshops_notice']"),
                    )
                    self.assertEqual(self._read_form(page)["data-amount"], "100.0")
                    self.assertOrder(self.order, state, 100.0, None, False)
                    self.assertFalse(
                        self._open(page_url).xpath("//*[@name='trustedshops_notice']")
                    )

    def test_a_payment_link_made_with_the_fee_asks_for_no_more_than_is_owed(self):
        self._choose(self.order)
        self.order.state = "sent"
        wizard = self.env["payment.link.wizard"].create(
            {
                "res_model": "sale.order",
                "res_id": self.order.id,
                **self.order._get_default_payment_link_values(),
            }
        )
        self.assertEqual(wizard.amount, 100.98)
        link = wizard.link.removeprefix(self.order.get_base_url())
        self._sign_out()
        amounts = [self._read_form(self._open(link))["data-amount"] for _ in range(2)]
        self.order.action_confirm()
        self.env.flush_all()
        amounts.append(self._read_form(self._open(link))["data-amount"])
        self.assertEqual(amounts, ["100.0"] * 3)

    def test_an_announced_wire_transfer_may_be_paid_in_the_portal_with_its_fee(self):
        self._choose(self.order)
        self._pay(self.order, "pending", self._get_wire_transfer())
        page = self._open(self._get_page())
        self.assertFalse(page.xpath("//*[@name='trustedshops_notice']"))
        self.assertEqual(self._read_form(page)["data-amount"], "100.98")
        transaction = self._start(page, self.demo, "direct")
        self._finish(transaction)
        self.assertPaidWithFee(transaction, "sale")

    @mute_logger("odoo.http")
    def test_a_page_older_than_the_tick_pays_what_it_shows(self):
        self.order.state = "sent"
        page = self._open(self._get_page())
        self.order.state = "draft"
        protection = self._choose(self.order)
        self.env.flush_all()
        for amount in (100.98, 50.0, None):
            with self.assertRaises(JsonRpcException) as caught:
                self._start(page, self.demo, "direct", amount=amount)
            error = caught.exception.args[0]
            self.assertEqual(error, "odoo.exceptions.ValidationError")
            self.assertOrder(self.order, "draft", 100.98, protection, "selected")
        self.assertFalse(self.order.transaction_ids)
        self._finish(self._start(page, self.demo, "direct"))
        self.assertOrder(self.order, "sale", 100.0, None, False)

    def test_a_signature_is_for_an_order_without_the_fee(self):
        self.order.write({"require_signature": True, "require_payment": False})
        self.order.state = "sent"
        self._open(self._get_page())
        self.order.state = "draft"
        self._choose(self.order)
        self.order.state = "sent"
        self.env.flush_all()
        pixel = (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6"
            "kgAAAABJRU5ErkJggg=="
        )
        answer = self.make_jsonrpc_request(
            f"/my/orders/{self.order.id}/accept",
            {
                "access_token": self.order._portal_ensure_token(),
                "name": "Erika",
                "signature": pixel,
            },
        )
        self.env.invalidate_all()
        self.assertTrue(answer.get("force_refresh"), answer)
        self.assertOrder(self.order, "sale", 100.0, None, False)

    def test_staff_strangers_and_pages_fetched_ahead_change_nothing(self):
        protection = self._choose(self.order)
        self.order.state = "sent"
        page = self._get_page()
        self._open(page, Sec_Purpose="prefetch")
        self.assertOrder(self.order, "sent", 100.98, protection, "selected")
        self.env.flush_all()
        self.authenticate("admin", "admin")
        self._open(page)
        self.assertOrder(self.order, "sent", 100.98, protection, "selected")
        self._sign_out()
        self.url_open(
            f"/my/orders/{self.order.id}?access_token=wrong", allow_redirects=False
        )
        self.env.invalidate_all()
        self.assertOrder(self.order, "sent", 100.98, protection, "selected")

    def test_an_employee_pays_an_order_of_their_own(self):
        employee = new_test_user(self.env, "ts_employee", email="ts@shop.example")
        self.order = self._make_cart(partner_id=employee.partner_id.id)
        self._choose(self.order)
        self.order.state = "sent"
        self.env.flush_all()
        self.authenticate("ts_employee", "ts_employee")
        self._open(self._get_page())
        self.assertOrder(self.order, "sent", 100.0, None, False)

    def test_only_a_payment_of_the_whole_order_remembers_the_fee(self):
        protection = self._choose(self.order)
        other = self._make_cart()
        self._choose(other)
        remembered = {
            "nothing": self._create_transaction("redirect", reference="V-1"),
            "whole": self._begin(self.order),
            "part": self._begin(self.order, amount=100.0),
            "more": self._begin(self.order, amount=120.0),
            "other currency": self._begin(self.order, currency_id=self.currency_pln.id),
            "several orders": self._begin(
                self.order, sale_order_ids=[Command.set((self.order + other).ids)]
            ),
        }
        self.assertEqual(
            {
                name: transaction.trustedshops_protection_id
                for name, transaction in remembered.items()
                if transaction.trustedshops_protection_id
            },
            {"whole": protection},
        )
