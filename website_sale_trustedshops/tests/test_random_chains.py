# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from itertools import accumulate

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .books_common import BooksCommon
from .chance import SEED, choose_size, make_dice
from .staff_common import RefundCommon

ASK_CRON = "website_sale_trustedshops.ir_cron_ask_for_refunds"
# One euro in the other currencies: no round figures, on purpose.
RATES = {"EUR": 1.0, "PLN": 4.2537, "JPY": 163.27}


class NothingToDo(Exception):
    """A step finds nothing that it could be done with."""


@tagged("full")
class TestRandomChains(BooksCommon, RefundCommon):
    """In any life of an order the fee is charged at most once, and no money is lost.

    Books, payments and the lists of what is left to do are compared with sums that are
    made here, of nothing but lines of the journals and of transactions.
    """

    is_frozen = True
    makes_payments = True
    chain_count = choose_size(40, 300)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("account.group_account_manager")
        cls.currencies = {name: cls._enable_currency(name) for name in RATES}
        cls.shops = [
            cls._make_shop("de_skr03", "de", "X" + "D" * 32),
            cls._make_shop("pl", "pl", "X" + "E" * 32),
        ]
        for shop in cls.shops:
            taxes = shop.company.account_sale_tax_id
            shop.products["goods"].taxes_id = shop.products["fee"].taxes_id = taxes
            cls._set_rates(shop)
        cls.done, cls.shop_of = Counter(), {}

    @classmethod
    def _set_rates(cls, shop):
        base = RATES[shop.company.currency_id.name]
        rates = cls.env["res.currency.rate"]
        own = [("company_id", "=", shop.company.id)]
        rates.search(own).unlink()
        rates.create(
            [
                {
                    "name": "2020-01-01",
                    "currency_id": cls.currencies[name].id,
                    "company_id": shop.company.id,
                    "rate": rate / base,
                }
                for name, rate in RATES.items()
            ]
        )

    # === ONE CHAIN === #

    def _begin(self, dice):
        """Return the protection of a new order of a new buyer."""
        shop = dice.choice(self.shops)
        currency = self.currencies[dice.choice(list(RATES))]
        pricelist = self.env["product.pricelist"].create(
            {"name": currency.name, "currency_id": currency.id, "company_id": False}
        )
        buyer = self.buyer.copy({"name": "Erika Mustermann"})
        order = (
            self.env["sale.order"]
            .with_company(shop.company)
            .create(
                {
                    "partner_id": buyer.id,
                    "company_id": shop.company.id,
                    "website_id": shop.certificate.website_id.id,
                    "pricelist_id": pricelist.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": shop.products["goods"].id,
                                "price_unit": dice.randint(1, 9999) / 100,
                            }
                        )
                        for _line in range(dice.randint(1, 3))
                    ],
                }
            )
        )
        self.shop_of[order] = shop
        fee = dice.choice((0.98, 2.94, 39.2))
        return self._add_fee(order, shop.certificate, currency.round(fee * 10))

    def _get_steps(self):
        """Return what people do, by name: what finds nothing to do is skipped."""
        return {
            "capture": self._capture,
            "refund a part": self._refund_part,
            "cancel": lambda order, _dice: order._action_cancel(),
            "invoice": lambda order, _dice: self._invoice(order),
            "draft": lambda order, _dice: order._create_invoices(),
            "post": lambda order, _dice: self._get_moves(order, "draft").action_post(),
            "pay at the bank": self._pay_at_the_bank,
            "pay the old sum": self._pay_the_old_sum,
            "pay out": self._pay_out,
            "match": self._match,
            "credit": self._credit_all,
            "credit goods": self._credit_goods,
            "correct": self._correct_one,
            "refund fee": self._press,
            "refund its money": self._refund_money,
            "paid back": self._settle,
            "set to draft": self._set_to_draft,
            "queue": lambda _order, _dice: self._run_queue(minutes=1),
        }

    def _get_moves(self, order, state="posted", move_type="out_invoice"):
        moves = order.invoice_ids.filtered(
            lambda move: move.state == state and move.move_type == move_type
        )
        if not moves:
            raise NothingToDo
        return moves[:1]

    def _get_provider(self, order):
        provider = self._get_demo()
        if provider.company_id != order.company_id:
            provider = self.env["payment.provider"].search(
                [("code", "=", "demo"), ("company_id", "=", order.company_id.id)]
            ) or provider.copy({"company_id": order.company_id.id})
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", order.company_id.id)], limit=1
        )
        provider.write(
            {
                "state": "test",
                "journal_id": journal.id,
                "capture_manually": True,
                "support_manual_capture": "partial",
            }
        )
        provider.payment_method_ids.support_refund = "partial"
        return provider

    def _place(self, protection, dice):
        """Order in one of the ways to pay, and have Trusted Shops decide."""
        order = protection.order_id
        way = dice.choice(("card", "card", "reserve", "wire", "on account"))
        if way == "card":
            self._pay(order, provider=self._get_provider(order))
        elif way == "reserve":
            self._pay(order, "authorized", self._get_provider(order))
        elif way == "wire":
            self._pay(order, "pending", self._get_wire_transfer())
        if order.state != "sale":
            order.action_confirm()
        state = dice.choice(("queued", "confirmed", "rejected", "rejected"))
        self._decide(protection, state)
        return [way, state]

    def _decide(self, protection, state):
        """Have Trusted Shops decide, or not yet."""
        now = fields.Datetime.now()
        numbers = {"application_number": "4711", "requested_at": now}
        protection.write({"state": state, **numbers})

    def _capture(self, order, dice):
        payment = order.transaction_ids.filtered(lambda tx: tx.state == "authorized")
        if not payment:
            raise NothingToDo
        part = order.currency_id.round(payment.amount * dice.choice((1.0, 0.5)))
        child = payment._capture(part)
        child._post_process()
        if part < payment.amount:
            payment._void(payment.currency_id.round(payment.amount - part))
        payment._post_process()

    def _refund_part(self, order, dice):
        payments = order.transaction_ids | order.transaction_ids.child_transaction_ids
        done = payments.filtered(
            lambda tx: tx.state == "done" and tx.operation != "refund"
        )
        done -= done.source_transaction_id
        left = done and done[0].payment_id.amount_available_for_refund
        if not left or left <= 0:
            raise NothingToDo
        amount = order.currency_id.round(left * dice.choice((1.0, 0.25)))
        if not amount:
            raise NothingToDo
        refund = done[0]._refund(amount_to_refund=amount)
        refund._post_process()

    def _pay_at_the_bank(self, order, dice):
        invoice = self._get_moves(order)
        if not invoice.amount_residual:
            raise NothingToDo
        part = dice.choice((1.0, 1.0, 0.5))
        amount = order.currency_id.round(invoice.amount_residual * part)
        self._pay_invoice(invoice, amount=amount, payment_difference_handling="open")

    def _pay_the_old_sum(self, order, _dice):
        invoice = self._get_moves(order)
        if invoice.amount_residual in (0.0, invoice.amount_total):
            raise NothingToDo
        values = {"payment_difference_handling": "open"}
        self._pay_invoice(invoice, amount=invoice.amount_total, **values)

    def _pay_out(self, order, _dice):
        notes = self._get_lines(order).move_id.filtered(
            lambda move: move.move_type == "out_refund" and move.amount_residual
        )
        if not notes:
            raise NothingToDo
        self._pay_invoice(notes[-1])

    def _match(self, order, _dice):
        """Match all that is open of the buyer, as an accountant does."""
        lines = self._get_lines(order)
        if len({line.amount_residual > 0 for line in lines}) < 2:
            raise NothingToDo
        lines.reconcile()

    def _credit_goods(self, order, dice):
        note = self._credit(self._get_uncredited(order))
        note.invoice_line_ids.filtered("trustedshops_protection_id").unlink()
        note.invoice_line_ids.quantity = dice.choice((1.0, 0.5))
        note.action_post()

    def _get_uncredited(self, order):
        """Return an invoice of which only we credited anything."""
        invoice = self._get_moves(order)
        ours = order.trustedshops_protection_id.refund_ids.credit_note_ids
        if invoice.reversal_move_ids - ours:
            raise NothingToDo
        return invoice

    def _credit_all(self, order, _dice):
        self._credit(self._get_uncredited(order)).action_post()

    def _correct_one(self, order, _dice):
        self._correct(self._get_uncredited(order))

    def _press(self, order, _dice):
        order.trustedshops_protection_id.action_refund_fee()

    def _get_refund(self, order):
        refund = order.trustedshops_protection_id.refund_ids
        if refund.state != "open":
            raise NothingToDo
        return refund

    def _refund_money(self, order, _dice):
        action = self._get_refund(order).action_refund()
        if action.get("res_model") != "payment.refund.wizard":
            raise NothingToDo
        dialogs = self.env["payment.refund.wizard"].with_context(**action["context"])
        dialogs.create({}).action_refund()
        order.trustedshops_protection_id.refund_ids.transaction_ids._post_process()

    def _settle(self, order, _dice):
        self._get_refund(order).action_mark_paid_back()

    def _set_to_draft(self, order, _dice):
        moves = order.invoice_ids | (
            order.trustedshops_protection_id.refund_ids.credit_note_ids
        )
        moves = moves.filtered(lambda move: move.state == "posted")
        if not moves:
            raise NothingToDo
        moves[-1].button_draft()
        moves[-1].action_post()

    def _run_chain(self, dice):
        """Return the protection of an order and what was done with it."""
        protection = self._begin(dice)
        order, steps = protection.order_id, self._get_steps()
        told = self._place(protection, dice)
        names = dice.choices(list(steps), k=40)
        if dice.random() < 0.6:
            names.insert(0, "invoice")
        length = dice.randint(6, 12)
        for name in names:
            if len(told) == length:
                break
            try:
                with self.env.cr.savepoint():
                    steps[name](order, dice)
                    self.env.flush_all()
            except (NothingToDo, UserError):
                continue
            told.append(name)
            self.done[name] += 1
        return protection, told

    # === WHAT MUST BE TRUE === #

    def _get_fee(self, order):
        """Return the product of the fee."""
        return self.shop_of[order].products["fee"]

    def _sum_up_books(self, protection):
        """Return what posted documents of the buyer charge for the fee."""
        order = protection.order_id
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", order.partner_id.id),
                ("product_id", "=", self._get_fee(order).id),
                ("parent_state", "=", "posted"),
            ]
        )
        signs = {"out_invoice": 1, "out_refund": -1}
        total = sum(signs[line.move_type] * line.price_total for line in lines)
        return protection.currency_id.round(total)

    def _get_lines(self, order):
        """Return what is open of the buyer's documents and payments."""
        return self.env["account.move.line"].search(
            [
                ("partner_id", "=", order.partner_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ],
            order="id",
        )

    def _sum_up_owed(self, order):
        """Return what is open of credit notes with the fee, and of payments."""
        owed = {"notes": 0.0, "payments": 0.0}
        fee = self._get_fee(order)
        for line in self._get_lines(order):
            open_amount = max(-line.amount_residual_currency, 0.0)
            if not line.move_id.is_sale_document():
                owed["payments"] += open_amount
            elif fee in line.move_id.invoice_line_ids.product_id:
                owed["notes"] += open_amount
        return [order.currency_id.round(amount) for amount in owed.values()]

    def _sum_up_returned(self, order):
        """Return what credit notes without the fee took off invoices for good."""
        fee, changes = self._get_fee(order), [0.0]
        moves = self.env["account.move"].search(
            [("partner_id", "=", order.partner_id.id), ("state", "=", "posted")],
            order="id",
        )
        for move in moves:
            if move.move_type == "out_invoice":
                changes.append(move.amount_total)
            elif move.move_type == "out_refund":
                parts = move.line_ids.matched_debit_ids.filtered(
                    lambda part: part.debit_move_id.move_type == "out_invoice"
                )
                if fee not in move.invoice_line_ids.product_id:
                    changes.append(-sum(parts.mapped("credit_amount_currency")))
        return max(accumulate(changes)) - sum(changes)

    def _was_paid_out(self, order):
        """Return True if a credit note with the fee was paid out."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", order.partner_id.id),
                ("product_id", "=", self._get_fee(order).id),
                ("parent_state", "=", "posted"),
                ("move_type", "=", "out_refund"),
            ]
        )
        payouts = lines.move_id.line_ids.matched_debit_ids.debit_move_id.move_id
        return "outbound" in payouts.origin_payment_id.mapped("payment_type")

    def _was_paid_unseen(self, order):
        """Return True if money came in for an order of which the books know nothing."""
        paid = order.transaction_ids | order.transaction_ids.child_transaction_ids
        is_booked = self.env["account.move"].search_count(
            [
                ("partner_id", "=", order.partner_id.id),
                ("state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_refund")),
            ]
        )
        return not is_booked and any(
            tx.state == "done" and tx.amount > 0 and not tx.child_transaction_ids
            for tx in paid | paid.source_transaction_id
        )

    def assertAsked(self, protection, told):
        """Check that what the fee explains of the open items is asked for, once."""
        order, refund = protection.order_id, protection.refund_ids
        fee, currency = protection.gross_fee, protection.currency_id
        notes, payments = self._sum_up_owed(order)
        own = refund.transaction_ids.filtered(lambda tx: tx.state == "done")
        is_paid_back = "paid back" in told or -sum(own.mapped("amount")) >= fee
        # What was paid besides is no matter of the fee.
        is_paid_back = is_paid_back or (not notes and self._was_paid_out(order))
        if payments != fee:
            returned = self._sum_up_returned(order)
            payments = max(currency.round(payments - returned), 0.0)
        amount = min(notes or payments, fee)
        if not amount and self._was_paid_unseen(order):
            amount = fee
        todos = [each.summary for each in refund.activity_ids]
        if is_paid_back or not amount:
            self.assertEqual((refund.state, todos), ("done", []), told)
            return
        self.assertEqual(refund.open_amount, amount, told)
        title = f"Refund {currency.format(amount)} for {order.name}"
        self.assertEqual((refund.state, todos), ("open", [title]), told)

    def assertRight(self, protection, told):
        order, refund = protection.order_id, protection.refund_ids
        charged = self._sum_up_books(protection)
        is_charged = protection.fee_state == "invoiced"
        still = protection.gross_fee if is_charged else 0.0
        self.assertEqual(charged - still, 0.0, told)
        if not refund:
            return
        self.assertFalse(is_charged, told)
        self.assertFalse(order._trustedshops_get_fee_lines().qty_to_invoice, told)
        for document in order.invoice_ids.filtered(lambda move: move.state == "draft"):
            self.assertFalse(document.trustedshops_fee_amount, told)
        self.assertLessEqual(len(refund.transaction_ids), 1, told)
        self.assertAsked(protection, told)
        sentence = protection.explanation or ""
        self.assertNotIn("fee goes back by itself", sentence, told)

    def test_chains(self):
        dice = make_dice("chains")
        for number in range(self.chain_count):
            with self.subTest(number):
                protection, told = self._run_chain(dice)
                self._run_queue(hours=2)
                with self.enter_registry_test_mode():
                    self.env.ref(ASK_CRON).method_direct_trigger()
                self.env.invalidate_all()
                self.assertRight(protection, told)
                refund = protection.refund_ids
                self.done[f"left {refund.state or 'charged'}"] += 1
                if refund.state == "open":  # whatever came before, a person may end it
                    self._settle(protection.order_id, dice)
                    self.assertEqual(refund.state, "done", told)
                    self.done["paid back"] += 1
        if SEED == 1 and self.chain_count >= 300:  # others may miss a rare step
            missing = {*self._get_steps(), "left open", "left done"} - self.done.keys()
            self.assertFalse(missing)
