# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter

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
        cls.on_payment = {}
        for shop in cls.shops:
            cls.on_payment[shop.company] = cls._make_tax_on_payment(shop.company)
            cls._set_rates(shop)
        cls.done, cls.shop_of = Counter(), {}

    @classmethod
    def _make_tax_on_payment(cls, company):
        """Return a tax that is due when its invoice is paid, as for small companies."""
        account = cls.env["account.account"].create(
            {
                "name": "Tax of unpaid invoices",
                "code": "179999",
                "account_type": "liability_current",
                "reconcile": True,
                "company_ids": company.ids,
            }
        )
        company.write(
            {
                "tax_exigibility": True,
                "tax_cash_basis_journal_id": cls.env["account.journal"].search(
                    [("type", "=", "general"), ("company_id", "=", company.id)], limit=1
                ),
            }
        )
        return company.account_sale_tax_id.copy(
            {
                "name": "On payment",
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": account.id,
            }
        )

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
        taxes = shop.company.account_sale_tax_id
        if not dice.randrange(3):
            taxes = self.on_payment[shop.company]
        shop.products["goods"].taxes_id = shop.products["fee"].taxes_id = taxes
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
            "unmatch": self._unmatch,
            "credit": self._credit_all,
            "credit fee": self._credit_fee,
            "credit goods": self._credit_goods,
            "correct": self._correct_one,
            "refund fee": self._press,
            "refund its money": self._refund_money,
            "paid back": self._settle,
            "nothing": self._find_nothing,
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

    def _unmatch(self, order, dice):
        """Undo a match of a payment, as an accountant does who took the wrong one."""
        lines = self._get_payment_lines(order).filtered(
            lambda line: line.matched_debit_ids or line.matched_credit_ids
        )
        if not lines:
            raise NothingToDo
        dice.choice(lines).remove_move_reconcile()

    def _credit_fee(self, order, _dice):
        """Credit the fee alone, by hand."""
        note = self._credit(self._get_uncredited(order))
        is_fee = note.invoice_line_ids.filtered("trustedshops_protection_id")
        if not is_fee:
            raise NothingToDo
        (note.invoice_line_ids - is_fee).unlink()
        note.action_post()

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

    def _find_nothing(self, order, _dice):
        self._get_refund(order).action_nothing_to_pay_back("It was a voucher.")

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

    def _get_payment_lines(self, order):
        """Return the receivable lines of the buyer that are on no sale document."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", order.partner_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("move_id.move_type", "=", "entry"),
            ]
        )
        exchange = order.company_id.currency_exchange_journal_id
        return lines.filtered(lambda line: line.journal_id != exchange)

    def _sum_up_transactions(self, order):
        """Return what came in online and is still there."""
        paid = order.transaction_ids | order.transaction_ids.child_transaction_ids
        paid |= paid.child_transaction_ids
        captures = paid.filtered(lambda tx: tx.operation != "refund")
        replaced = captures.filtered(lambda tx: tx.state == "done")
        done = paid.filtered(lambda tx: tx.state == "done")
        done -= replaced.source_transaction_id
        return order.currency_id.round(sum(done.mapped("amount")))

    def _came_in(self, order):
        """Return True if any money of the buyer ever came in."""
        done = order.transaction_ids | order.transaction_ids.child_transaction_ids
        is_paid = "done" in done.mapped("state")
        return is_paid or bool(self._get_payment_lines(order))

    def assertSettledOrAsked(self, protection, told):
        """Check that a settled fee leaves no money, and that an open one is asked for.

        A user or a refund of its own may have settled it for good.
        """
        order, refund = protection.order_id, protection.refund_ids
        currency, name = protection.currency_id, order.name
        own = refund.transaction_ids.filtered(lambda tx: tx.state == "done")
        is_ended = {"paid back", "nothing"} & {*told} or (
            currency.compare_amounts(-sum(own.mapped("amount")), refund.amount) >= 0
        )
        titles = [each.summary for each in refund.activity_ids]
        if refund.state == "open":
            self.assertFalse(is_ended, told)
            self.assertTrue(self._came_in(order), told)
            self.assertEqual(len(titles), 1, told)
            amount = currency.format(protection.gross_fee)
            self.assertIn(
                titles[0],
                (f"Refund {amount} for {name}", f"Look at the payments of {name}"),
            )
            return
        self.assertEqual(titles, [], told)
        if is_ended:
            return
        open_lines = self._get_payment_lines(order).filtered(
            lambda line: not line.reconciled
        )
        left = sum(open_lines.mapped("amount_residual_currency"))
        self.assertGreaterEqual(currency.round(left), 0.0, told)
        is_paid_online = "done" in order.transaction_ids.mapped("state")
        if is_paid_online and not self._sum_up_transactions(order):
            return  # core refunded all of it
        self.assertFalse(open_lines, told)
        if self._came_in(order):
            self.assertTrue(order.invoice_ids, told)
            notes = protection._get_fee_on("posted", "out_refund").move_id
            self.assertFalse(sum(notes.mapped("amount_residual")), told)

    def assertSaid(self, protection, told):
        """Check that the buyer reads nothing that the journals do not say."""
        said, order = protection.shopper_status or "", protection.order_id
        if "is not charged" in said:
            self.assertEqual(self._sum_up_books(protection), 0.0, told)
        is_ended = {"paid back", "nothing", "refund its money"} & {*told}
        if "was paid back" in said and not is_ended:
            left = sum(
                self._get_payment_lines(order)
                .filtered(lambda line: not line.reconciled)
                .mapped("amount_residual_currency")
            )
            self.assertGreaterEqual(protection.currency_id.round(left), 0.0, told)
            [*notes] = protection._get_fee_on("posted", "out_refund").move_id
            self.assertEqual({note.amount_residual for note in notes}, {0.0}, told)

    def assertRight(self, protection, told):
        order, refund = protection.order_id, protection.refund_ids
        charged = self._sum_up_books(protection)
        is_charged = protection.fee_state == "invoiced"
        still = protection.gross_fee if is_charged else 0.0
        self.assertEqual(charged - still, 0.0, told)
        self.assertSaid(protection, told)
        if not refund:
            return
        self.assertFalse(is_charged, told)
        self.assertFalse(order._trustedshops_get_fee_lines().qty_to_invoice, told)
        for document in order.invoice_ids.filtered(lambda move: move.state == "draft"):
            self.assertFalse(document.trustedshops_fee_amount, told)
        self.assertLessEqual(len(refund.transaction_ids), 1, told)
        self.assertSettledOrAsked(protection, told)
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
