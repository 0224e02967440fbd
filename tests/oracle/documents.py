# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Documents and money: what is charged, credited, paid and given back."""

import random
from itertools import product

from odoo import Command

from odoo.addons.website_sale_trustedshops.tests.common import APPLY, POLL
from odoo.addons.website_sale_trustedshops.tests.staff_common import RefundCommon

from . import case
from .adapter import money

# Chains of each way to pay and answer, and what is done in each.
CHAINS, STEPS = 2, 4
# How the buyer pays: provider, state of the transaction, share of the total.
MEANS = {
    "nothing": (),
    "a card that gives back": (("demo", "done", 1),),
    "a card that cannot give back": (("card", "done", 1),),
    "a reservation": (("demo", "authorized", 1),),
    "a wire transfer on its way": (("wire", "pending", 1),),
    "two payments": (("demo", "done", 0.5), ("demo", "done", 0.5)),
    "a part": (("demo", "done", 0.5),),
}
# What Trusted Shops answers: to the application, and when it is asked about it.
ANSWERS = {
    "not asked yet": (),
    "applied for": (4711, 0),
    "confirmed": (4711, 5),
    "refused": (-10005, 0),
    "a wrong address": (-10014, 0),
    "refused later": (4711, -10005),
    "a known number": (-10003, 0),
}


class DocumentCase(case.OracleCase, RefundCommon):
    """Orders with the fee, and what people do to their documents and payments."""

    area = "documents"
    __test__ = False
    keeps_caches = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("account.group_account_manager")
        # Core makes payments of transactions, and settles invoices by them.
        cls.enable_post_process_patcher = False
        cls.delivered = cls.env["product.product"].create(
            {"name": "Shade", "type": "service", "invoice_policy": "delivery"}
        )
        demo = cls._prepare_provider("demo", update_values={"is_published": True})
        demo.write({"capture_manually": True, "support_manual_capture": "partial"})
        demo.payment_method_ids.support_refund = "partial"
        cls.order = cls.env["sale.order"]
        cls.providers = {
            "demo": demo,
            "card": cls.provider,
            "wire": cls._get_wire_transfer(cls),
        }
        for name in ("card", "wire"):
            cls._have_payments_made(cls.providers[name])

    @classmethod
    def _have_payments_made(cls, provider):
        """Give a provider what core books its payments by."""
        journals = cls.env["account.journal"]
        provider.journal_id = provider.journal_id or journals.search(
            [("type", "=", "bank"), ("company_id", "=", provider.company_id.id)],
            limit=1,
        )
        method = cls.env.ref("account.account_payment_method_manual_in")
        account = cls.env["account.chart.template"].ref(
            "account_journal_payment_debit_account_id", raise_if_not_found=False
        )
        cls.env["account.payment.method.line"].create(
            {
                "name": provider.name,
                "payment_method_id": method.id,
                "journal_id": provider.journal_id.id,
                "payment_provider_id": provider.id,
                "payment_account_id": account and account.id,
            }
        )

    def _prepare(self, means, answers, is_invoiced):
        """Prepare an order that is paid, applied for and invoiced.

        :param str means: key of ``MEANS``
        :param str answers: key of ``ANSWERS``
        :param bool is_invoiced: whether what can be invoiced is
        """
        self.order = self._make_order()
        for name, state, share in MEANS[means]:
            self._pay_part(name, state, share)
        if means == "nothing":
            self.order.action_confirm()
        if ANSWERS[answers]:
            self._answer(*ANSWERS[answers])
        if is_invoiced:
            if self.order.state != "sale":
                self.order.action_confirm()
            self._invoice(self.order)

    def _begin(self, means, answers, policy="ask"):
        """Yield the first step of a story."""
        self.watch("order", self.order)
        words = f"paid by {means}, {answers}, policy {policy}"
        yield words, lambda: money.set_policy(self.certificate, policy)

    def _make_order(self):
        taxes = [Command.set(self.fee_tax.ids)]
        lines = [
            Command.create(
                {
                    "product_id": each.id,
                    "price_unit": price,
                    "tax_ids": taxes,
                }
            )
            for each, price in ((self.goods, 80.0), (self.delivered, 20.0))
        ]
        order = self._make_cart(name="ORDER-1", order_line=lines)
        self._choose(order)
        return order

    def _pay_part(self, name, state, share):
        amount = self.order.currency_id.round(self.order.amount_total * share)
        self._pay(self.order, state, self.providers[name], amount=amount)

    def _answer(self, applied, asked):
        self.service.script(APPLY, applied)
        self.service.always[POLL] = asked
        self._run_queue()

    # === WHAT IS DONE === #
    def _get_invoice(self):
        """Return the last invoice that is posted, else the last one."""
        invoices = self.order.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice"
        ).sorted("id")
        posted = invoices.filtered(lambda move: move.state == "posted")
        return self.need(posted[-1:] or invoices[-1:])

    def _get_last(self):
        """Return the last document with a line of the order."""
        return self.need(self.order.invoice_ids.sorted("id")[-1:])

    def _get_payment(self):
        """Return the last payment of the order that is no refund."""
        payments = money.get_payments(self.order).sorted("id")
        return self.need(payments.filtered(lambda tx: tx.operation != "refund")[-1:])

    def _deliver(self, quantity=1.0):
        for line in self.order.order_line:
            if line.product_id == self.delivered:
                line.qty_delivered = quantity

    def _deliver_and_invoice(self):
        self._deliver()
        return self._invoice(self.order)

    def _invoice_ahead(self, percent):
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": self.order.ids,
                "advance_payment_method": "percentage",
                "amount": percent,
            }
        )
        wizard._create_invoices(self.order).action_post()

    def _post(self):
        self.order.invoice_ids.filtered(
            lambda move: move.state == "draft"
        ).action_post()

    def _credit_goods(self):
        """Credit a part of the goods by hand."""
        credit_note = self._draft_credit_of_goods()
        credit_note.invoice_line_ids[1:].unlink()
        credit_note.invoice_line_ids.price_unit = 10.0
        credit_note.action_post()

    def _draft_credit_of_goods(self):
        """Return a credit note of all goods, without the fee."""
        credit_note = self._credit(self._get_invoice())
        credit_note.invoice_line_ids.filtered(money.is_of_fee).unlink()
        return credit_note

    def _credit_some_fee(self):
        self._credit_part(self._get_invoice(), 0.5)

    def _press(self, role="accountant"):
        return money.refund_fee(self, self.order, role)

    def _process(self, work=lambda: None, *args):
        """Do something to a payment; then the shop goes on with what came of it."""
        work(*args)
        payments = money.get_payments(self.order)
        payments.filtered(lambda each: not each.is_post_processed)._post_process()

    def _list_deeds(self):
        """Return words and work of everything that is done to an order."""
        order = self.order
        get, last = self._get_invoice, self._get_last
        return {
            **self._list_documents(),
            **self._list_money(),
            "all goods are credited as a draft": self._draft_credit_of_goods,
            "Refund fee": self._press,
            "Refund fee, by the manager": lambda: self._press("manager"),
            "the order is cancelled": order._action_cancel,
            "the order is a quotation again": order.action_draft,
            "the order is confirmed": order.action_confirm,
            "the order is locked": order.action_lock,
            "the goods cost more": lambda: order.order_line[0].write(
                {"price_unit": 90.0}
            ),
            "the invoice gets other taxes": lambda: get().action_update_fpos_values(),
            "the last document is a draft again": lambda: last().button_draft(),
            "the last document is cancelled": lambda: last().button_cancel(),
            "the queue runs": self._run_queue,
            "the queue runs after two hours": lambda: self._run_queue(hours=2),
            "the queue runs after four days": lambda: self._run_queue(days=4),
        }

    def _list_documents(self):
        """Return what makes invoices and credit notes."""
        order, get = self.order, self._get_invoice
        return {
            "it is invoiced": lambda: self._invoice(order),
            "it is delivered and invoiced": self._deliver_and_invoice,
            "an invoice is drafted": order._create_invoices,
            "a down payment of 30 %": lambda: self._invoice_ahead(30),
            "a down payment of all": lambda: self._invoice_ahead(100),
            "the final invoice": lambda: order._create_invoices(
                final=True
            ).action_post(),
            "drafts are posted": self._post,
            "the invoice is reversed": lambda: self._credit(get()).action_post(),
            "the invoice is reversed as a draft": lambda: self._credit(get()),
            "the invoice is corrected": lambda: self._correct(get()),
            "the invoice is corrected as a draft": lambda: self._correct(
                get(), post=False
            ),
            "some goods are credited by hand": self._credit_goods,
            "all goods are credited by hand": lambda: (
                self._draft_credit_of_goods().action_post()
            ),
            "some of the fee is credited by hand": self._credit_some_fee,
            "the invoice is copied": lambda: get().copy(),
        }

    def _list_money(self):
        """Return what moves money."""
        get, last, paid = self._get_invoice, self._get_last, self._get_payment
        return {
            "the invoice is paid": lambda: self._pay_invoice(get()),
            "half of the invoice is paid": lambda: self._pay_invoice(
                get(), amount=50.0
            ),
            "the last document is paid": lambda: self._pay_invoice(last()),
            "all is refunded": lambda: self._process(paid().action_refund),
            "10.00 are refunded": lambda: self._process(paid().action_refund, 10.0),
            "100.50 are refunded": lambda: self._process(paid().action_refund, 100.5),
            "the fee is refunded by hand": lambda: self._process(
                paid().action_refund, 0.98
            ),
            "all is captured": lambda: self._process(paid()._capture),
            "60.00 are captured": lambda: self._process(paid()._capture, 60.0),
            "the reservation is let go": lambda: self._process(paid().action_void),
            "the money arrives": lambda: self._process(paid()._set_done),
            "the payment is called off": lambda: self._process(paid()._set_canceled),
            "a second transfer comes": lambda: self._pay_part("wire", "done", 1),
            "payments are processed": self._process,
        }


class TestChains(DocumentCase):
    """Anything in any order."""

    __test__ = True

    def stories(self):
        # A choice of answers for each way to pay: it takes long to prepare them.
        dice = random.Random(self.area)
        ways = [(means, dice.sample(tuple(ANSWERS), 4)) for means in MEANS]
        for means, answers in [(means, each) for means, some in ways for each in some]:
            with self.undone():
                self.prepare(self._prepare, means, answers, True)
                for number in range(CHAINS):
                    name = f"chain {number} of {means}, {answers}"
                    yield name, self._tell_chain, means, answers

    def _tell_chain(self, means, answers):
        dice = self.dice
        yield from self._begin(means, answers, dice.choice(("ask", "refund", "keep")))
        for _number in range(STEPS):
            kind = dice.choice(
                (self._list_documents, self._list_money, self._list_deeds)
            )
            yield dice.choice(tuple(kind().items()))


class TestTable(DocumentCase):
    """Every way to pay, with every document, the fee given back before or after."""

    __test__ = True
    BEFORE_INVOICE = (
        "an invoice is drafted",
        "it is delivered and invoiced",
        "a down payment of 30 %",
        "a down payment of all",
        "the order is cancelled",
    )
    AFTER_INVOICE = (
        "it is delivered and invoiced",
        "the invoice is reversed",
        "the invoice is reversed as a draft",
        "the invoice is corrected",
        "the invoice is corrected as a draft",
        "some of the fee is credited by hand",
        "some goods are credited by hand",
        "the invoice is paid",
        "the last document is a draft again",
    )
    ENDS = (
        "the final invoice",
        "drafts are posted",
        "the invoice is reversed",
        "the invoice is corrected",
        "the last document is paid",
    )
    MONEY = {
        "done": ("all is refunded", "10.00 are refunded"),
        "authorized": (
            "all is captured",
            "60.00 are captured",
            "the reservation is let go",
        ),
        "pending": ("the money arrives", "the payment is called off"),
    }
    OFTEN = ("nothing", "a card that gives back", "a reservation")
    # What is done one after the other, before and after an invoice.
    OPEN_CHAINS = (
        ("the order is cancelled",),
        ("100.50 are refunded", "the order is cancelled", "Refund fee"),
        ("the order is cancelled", "the order is a quotation again"),
        ("Refund fee", "the queue runs", "all is captured"),
    )
    CHAINS = (
        ("the invoice is paid", "the invoice is reversed", "the last document is paid"),
        ("Refund fee", "the queue runs", "the last document is paid"),
        ("the fee is refunded by hand", "Refund fee"),
        ("all goods are credited by hand",),
    )
    OVER = (
        ("the order is cancelled",),
        ("it is delivered and invoiced", "the order is cancelled"),
        ("it is delivered and invoiced", "the invoice is reversed"),
        ("it is delivered and invoiced", "all goods are credited by hand"),
        (
            "it is delivered and invoiced",
            "all goods are credited as a draft",
            "some goods are credited by hand",
        ),
    )
    # Of an order that is cancelled before it was applied for.
    COMES_BACK = (
        "it is invoiced",
        "the order is cancelled",
        "the order is a quotation again",
        "the last document is a draft again",
        "drafts are posted",
    )
    ENDS = (
        "the final invoice",
        "the invoice is reversed",
        "the invoice is corrected",
        "the last document is paid",
    )

    def stories(self):
        yield from self._list_ways()
        for answers in ANSWERS:
            means = random.Random(answers).choice(tuple(MEANS))
            with self.undone():
                self.prepare(self._prepare, means, answers, False)
                for policy, deeds in product(("ask", "refund", "keep"), self.OVER):
                    name = f"policy {policy}, {answers}, {', '.join(deeds)}"
                    yield name, self._tell_policy, means, answers, policy, deeds
        for means in ("nothing", "a card that gives back"):
            with self.undone():
                self.prepare(self._prepare, means, "not asked yet", False)
                name = f"{means}, comes back"
                yield name, self._tell_deeds, means, "not asked yet", self.COMES_BACK
        for states in (("pending",), ("cancel",), ("pending", "cancel")):
            yield f"confirmed by staff, {', '.join(states)}", self._tell_begun, states
        for is_invoiced in (False, True):
            with self.undone():
                card = "a card that gives back"
                self.prepare(self._prepare, card, "confirmed", is_invoiced)
                for role in self.roles:
                    when = "invoiced" if is_invoiced else "open"
                    yield f"{role} changes what is ours, {when}", self._tell_ours, role

    def _tell_ours(self, role):
        """Tell of a person who writes what only the shop writes."""
        yield from self._begin("a card that gives back", "confirmed")
        for name in money.list_own_fields(self.order):
            yield (
                f"{role} changes {name}",
                lambda name=name: money.change_own_field(self, self.order, name, role),
            )

    def _tell_begun(self, states):
        """Tell of payments of which the last may have come to nothing."""
        self.order = yield "an order", self._make_order
        self.watch("order", self.order)
        for state in states:
            yield f"a card is {state}", lambda state=state: self._pay_by_card(state)
        yield "it is confirmed", self.order.action_confirm
        yield "the queue runs", self._run_queue

    def _pay_by_card(self, state):
        method = self.env.ref("payment.payment_method_card")
        self._pay(self.order, state, payment_method_id=method.id)

    def _list_ways(self):
        """Yield the stories of the fee given back before or after something else."""
        ways = [("confirmed", means) for means in MEANS]
        ways += [("refused", means) for means in self.OFTEN]
        for (answers, means), is_invoiced in product(ways, (False, True)):
            begin = f"{means}, {answers}, {'invoiced' if is_invoiced else 'open'}"
            with self.undone():
                self.prepare(self._prepare, means, answers, is_invoiced)
                for deed in self._list_fitting(means, is_invoiced):
                    name = f"{begin}: {deed}"
                    yield name, self._tell, means, answers, deed
                for deeds in self.CHAINS if is_invoiced else self.OPEN_CHAINS:
                    name = f"{begin}, nothing else: {', '.join(deeds)}"
                    yield name, self._tell_deeds, means, answers, deeds

    def _list_fitting(self, means, is_invoiced):
        """Return the documents and what moves money by this way to pay."""
        if not is_invoiced:
            return self.BEFORE_INVOICE
        states = {state for _provider, state, _share in MEANS[means]}
        money_deeds = [deed for state in sorted(states) for deed in self.MONEY[state]]
        return [*self.AFTER_INVOICE, *money_deeds]

    def _tell(self, means, answers, deed):
        yield from self._begin(means, answers)
        steps = [("Refund fee", self._press), (deed, self._list_deeds()[deed])]
        self.dice.shuffle(steps)
        yield steps[0]
        yield steps[1]
        yield "the queue runs", self._run_queue
        end = self.dice.choice(self.ENDS)
        yield end, self._list_deeds()[end]

    def _tell_deeds(self, means, answers, deeds, policy="ask"):
        yield from self._begin(means, answers, policy)
        for deed in deeds:
            yield deed, self._list_deeds()[deed]
        yield "the queue runs", self._run_queue

    def _tell_policy(self, means, answers, policy, deeds):
        yield from self._tell_deeds(means, answers, deeds, policy)
        yield "the queue runs after two hours", lambda: self._run_queue(hours=2)
        yield "the order is a quotation again", self.order.action_draft
        yield "the order is confirmed", self.order.action_confirm
