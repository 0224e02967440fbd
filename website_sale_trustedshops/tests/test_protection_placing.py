# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime
from unittest.mock import patch

import psycopg2

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import mute_logger

from ..lib.address import get_first_email
from .common import APPLY, APPLY_CRON, ORDER_LOGGER, TrustedShopsCommon
from .fake_service import TS_ID


class TestPlacing(TrustedShopsCommon):
    """A choice becomes an application when the order is placed, and stays itself."""

    is_frozen = True

    def _make_chosen(self, **values):
        order, _protection = self._make_ticked(**values)
        return order

    # === WHAT IS FROZEN === #

    def test_a_confirmed_order_freezes_what_will_be_sent(self):
        self.buyer.ref = "  "  # that is none
        order = self._make_chosen(price=1499.99, name="WEB/0044")
        self._wait(hours=3)
        order.action_confirm()
        self.assertValues(
            order.trustedshops_protection_id,
            order_id=order.id,
            certificate_id=self.certificate.id,
            company_id=self.env.company.id,
            currency_id=self.currency_euro.id,
            item_code="TS080501_1500_30_EUR",
            protected_amount=1500.0,
            duration_days=30,
            net_fee=2.47,
            gross_fee=2.94,
            lang_id=self.langs["en_US"].id,
            ts_id=TS_ID,
            environment="production",
            order_reference="WEB/0044",
            order_amount=1499.99,
            partner_id=self.buyer.id,
            customer_reference=str(self.buyer.id),
            buyer_email="erika@muster.example",
            payment_type="OTHER",
            consent_at=datetime(2026, 11, 2, 10, 0),
            placed_at=datetime(2026, 11, 2, 13, 0),
            next_attempt_at=datetime(2026, 11, 2, 13, 0),
            state="queued",
            fee_state="due",
            attempt_count=0,
            may_have_arrived=False,
        )
        self.assertEqual(self.service.calls, [])

    def test_later_changes_of_buyer_and_order_do_not_change_what_is_sent(self):
        order = self._make_chosen(name="WEB/0045")
        order.action_confirm()
        self.buyer.email = "other@muster.example"
        order.name = "WEB/9999"
        self._run_queue()
        [parts] = self.service.get_parts(APPLY)
        self.assertEqual(
            (parts["buyerEmail"], parts["shopOrderID"]),
            ("erika@muster.example", "WEB/0045"),
        )

    def test_an_address_that_would_be_changed_is_refused(self):
        for email, expected in (
            ("erika@muster.example", "erika@muster.example"),
            (" Erika@Muster.Example ", "erika@muster.example"),
            ("Erika Muster <erika@muster.example>", "erika@muster.example"),
            ('"Muster, Erika" <erika@muster.example>', "erika@muster.example"),
            ("erika@muster.example, e@muster.example", "erika@muster.example"),
            ("erika@muster.example;e@muster.example", "erika@muster.example"),
            ("jörg@muster.example",) * 2,
            # Another person's, as Odoo reads them.
            ("erika muster@muster.example", ""),
            ("erika(muster)@muster.example", ""),
            ("erika, muster@muster.example", ""),
            ("erika@muster@muster.example", ""),
            ("erika@muster.example e@muster.example", ""),
            ("<erika@muster.example", ""),
            ("erika@", ""),
            ("@muster.example", ""),
            ("nobody", ""),
            ("", ""),
        ):
            with self.subTest(email=email):
                self.buyer.email = email
                self.assertEqual(get_first_email(self.buyer.email), expected)
                cart = self._as_visitor(self._make_cart())
                self.assertEqual(bool(cart._trustedshops_get_offer()), bool(expected))

    def test_placing_wakes_the_queue_and_does_without_it(self):
        orders = self._make_chosen() + self._make_chosen()
        self._forget_triggers()
        orders[0].action_confirm()
        called_at = self._get_triggers().mapped("call_at")
        self.assertEqual(called_at, [datetime(2026, 11, 2, 10, 0)])
        self.env.ref(APPLY_CRON).unlink()
        orders[1].action_confirm()
        self.assertEqual(orders[1].state, "sale")
        self.assertEqual(orders[1].trustedshops_protection_id.state, "queued")

    def _fail_for(self, name):
        """Let the order of a name not be placed, by an error of ours."""
        protections = self.registry["trustedshops.protection"]
        place = protections._place

        def fail(protection):
            if protection.order_id.name == name:
                raise KeyError("a bug")
            return place(protection)

        self.patch(protections, "_place", fail)

    def test_an_error_of_ours_stops_no_order_and_tells_a_person(self):
        self._fail_for("WEB/0046")
        orders = self._make_chosen(name="WEB/0046") + self._make_chosen()
        with mute_logger(ORDER_LOGGER):
            orders.action_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "sale"])
        protections = orders.trustedshops_protection_id
        self.assertEqual(protections.mapped("state"), ["selected", "queued"])
        self.assertTodo(protections, "WEB/0046")
        # Its fee is refunded by the button.
        self.assertTodo(protections, "Refund fee")
        self.assertEqual(orders[0].trustedshops_protection_ids, protections[0])
        protections[0].action_refund_fee()
        self.assertEqual(orders[0].amount_total, 100.0)
        # Nor does a certificate that cannot be found.
        order = self._make_chosen()
        certificates = type(self.certificate)
        broken = patch.object(certificates, "_get_for", side_effect=KeyError("no"))
        with broken, mute_logger(ORDER_LOGGER):
            order.action_confirm()
        self.assertEqual(order.state, "sale")

    # === A NUMBER THAT WAS USED BEFORE === #

    def test_a_number_that_was_used_before_is_left_to_a_person(self):
        self._make_chosen(name="WEB/0048").action_confirm()
        order = self._make_chosen(name="WEB/0048")
        with self.assertNoLogs("odoo.sql_db", "ERROR"):
            order.action_confirm()
        protection = order.trustedshops_protection_id
        self.assertEqual(order.state, "sale")
        self.assertValues(
            protection,
            state="on_hold",
            order_reference=False,
            display_name="WEB/0048",
            buyer_email="erika@muster.example",
            last_code=-10003,
            last_error="number_known",
            possible_buttons="apply_now,enter_number,refund_fee",
        )
        self.assertTodo(protection, "Trusted Shops knows this order number already")
        self.assertIn("looking into it", protection.shopper_status)
        with self.assertRaisesRegex(UserError, "knows this order number already"):
            protection.action_apply_now()
        self._run_queue()
        self.assertEqual(len(self.service.get_parts(APPLY)), 1)
        protection.action_refund_fee()
        self.assertEqual(order.amount_total, 100.0)

    def test_protection_and_mail_use_the_consenting_buyer(self):
        order = self._make_chosen()
        order.partner_id = self.env["res.partner"].create(
            {"name": "Else", "email": "else@kunde.example", "ref": "4712"}
        )
        order.trustedshops_protection_id._place()
        self.assertValues(
            order.trustedshops_protection_id,
            state="on_hold",
            partner_id=self.buyer.id,
            customer_reference=str(self.buyer.id),
            buyer_email="erika@muster.example",
        )

    # === PAYING === #

    def test_a_pending_wire_transfer_places(self):
        order = self._make_chosen()
        provider = self._get_wire_transfer()
        method = self.env.ref("payment_custom.payment_method_wire_transfer")
        self._pay(order, "pending", provider, payment_method_id=method.id)
        self.assertEqual(order.state, "sent")
        self.assertValues(
            order.trustedshops_protection_id,
            state="queued",
            payment_type="PREPAYMENT",
            placed_at=datetime(2026, 11, 2, 10, 0),
        )

    def test_another_try_to_pay_is_possible_while_one_is_under_way(self):
        order = self._make_chosen()
        self._pay(order, "pending")
        self._pay(order, "error")
        order.state = "draft"
        order._check_cart_is_ready_to_be_paid()

    def test_a_payment_of_less_than_the_order_is_put_on_hold(self):
        order = self._make_chosen()
        self._pay(order, "done", amount=99.0)
        protection = order.trustedshops_protection_id
        self.assertEqual((order.state, protection.state), ("sale", "on_hold"))
        self.assertEqual(len(self._get_todos(protection)), 1)
        self._run_queue()
        self.assertEqual(self.service.calls, [])
        self._pay(order, "done", amount=1.98)
        self.assertEqual(protection.state, "queued")

    def test_the_rest_of_the_money_does_not_release_a_foreign_order_number(self):
        protection = self._make_answered(-10003)
        self._pay(protection.order_id, "done")
        self.assertEqual(protection.state, "on_hold")

    def test_an_order_that_outgrew_its_item_is_put_on_hold(self):
        order = self._make_chosen(price=499.0)
        self._pay(order, "pending")  # so that no change drops the choice any more
        order.order_line.filtered(
            lambda line: line.product_id == self.goods
        ).price_unit = 501.0
        order.action_confirm()
        self.assertEqual(order.trustedshops_protection_id.state, "on_hold")

    def test_an_order_above_the_largest_item_is_covered_up_to_it(self):
        order = self._make_chosen(price=25000.0)
        order.action_confirm()
        self.assertValues(
            order.trustedshops_protection_id,
            state="queued",
            protected_amount=20000.0,
            order_amount=25000.0,
        )

    def test_a_cancelled_order_gives_up_what_was_not_sent(self):
        protection = self._make_queued()
        protection.order_id._action_cancel()
        self.assertValues(protection, state="cancelled", fee_state="waived")
        self.assertFalse(protection.activity_ids)
        self._run_queue()
        self.assertEqual(self.service.calls, [])

    def test_staff_is_told_in_its_own_language(self):
        self.manager.lang = "de_DE"
        protection = self._make_queued("pl_PL")
        self._invoice(protection.order_id)
        protection.order_id._action_cancel()
        self.assertTodo(protection, "storniert")
        # A visitor's request has his language, and staff need not have one.
        in_polish = protection.with_context(lang="pl_PL")
        self.assertEqual(in_polish._with_responsible_lang().env.lang, "de_DE")
        self.manager.lang = False
        self.assertEqual(in_polish._with_responsible_lang().env.lang, "en_US")

    def test_an_order_that_becomes_a_draft_again_loses_fee_and_protection(self):
        protection = self._make_queued()
        order = protection.order_id
        order._action_cancel()
        order.action_draft()
        self.assertEqual(order.amount_total, 100.0)
        self.assertFalse(order.trustedshops_protection_id)
        again = self._choose(order)
        order.action_confirm()
        self.assertRecordValues(
            again + protection, [{"state": "queued"}, {"state": "cancelled"}]
        )

    # === DELETING === #

    def test_a_placed_protection_goes_only_with_its_cancelled_order(self):
        protection = self._make_queued()
        with self.assertRaisesRegex(Exception, "cannot be deleted"):
            protection.unlink()
        order = protection.order_id
        order._action_cancel()
        order.unlink()
        self.assertFalse(order.exists() or protection.exists())

    def test_an_order_that_was_sent_or_invoiced_cannot_be_deleted(self):
        sent = self._make_answered(-11111)
        invoiced = self._make_queued()
        invoiced.order_id._create_invoices().action_post()
        for protection in sent + invoiced:
            order = protection.order_id
            order._action_cancel()
            self.assertEqual(protection.state, "cancelled")
            with self.assertRaisesRegex(UserError, "cannot be deleted"):
                order.unlink()

    def test_website_with_a_used_certificate_says_what_to_do_before_it_goes(self):
        protection = self._make_queued()
        website = self.env["website"].create({"name": "Second"})
        certificate = self.certificate
        certificate.website_id = website
        for _active in (True, False):
            with self.assertRaisesRegex(RedirectWarning, "Delete it first") as refusal:
                website.unlink()
            self.assertEqual(refusal.exception.args[1]["res_id"], certificate.id)
            certificate.action_archive()
        certificate.website_id = self.website
        website.unlink()
        self.assertEqual(protection.certificate_id, certificate)

    def test_deleting_a_language_gives_no_certificate_all_languages(self):
        self.certificate.lang_id = self.langs["pl_PL"]
        self.website.language_ids -= self.langs["pl_PL"]
        self.langs["pl_PL"].active = False
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self.langs["pl_PL"].unlink()

    def test_a_deleted_cart_takes_its_choice_along(self):
        order = self._make_chosen()
        protection = order.trustedshops_protection_id
        order.unlink()
        self.assertFalse(protection.exists())

    def test_the_fee_of_an_order_that_waits_for_its_money_cannot_be_removed(self):
        order = self._make_chosen()
        self._pay(order, "pending", self._get_wire_transfer())
        fee_line = order.order_line.filtered("is_trustedshops_protection")
        protection = order.trustedshops_protection_id
        # Core protects the lines of a confirmed order alone.
        self.assertEqual(order.state, "sent")
        placed = "queued sending on_hold requested confirmed rejected failed"
        for state in placed.split():
            protection.state = state
            with (
                self.subTest(state=state),
                self.assertRaisesRegex(UserError, "cannot be removed"),
            ):
                order.order_line = [Command.unlink(fee_line.id)]
