# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo import fields
from odoo.fields import Domain
from odoo.tests import Form, new_test_user
from odoo.tools.safe_eval import safe_eval

from .common import TrustedShopsCommon

PART_CREDITED = (
    "The fee of Buyer Protection has to go back, but could not be credited or"
    " removed: A part of the fee was credited already. Credit the rest by hand, on the"
    " invoice. Press Refund fee when that is settled."
)


class StaffCommon(TrustedShopsCommon):
    """People who work with protections, and protections for them to work with."""

    ROLES = {
        "seller": "sales_team.group_sale_salesman",
        "all_leads": "sales_team.group_sale_salesman_all_leads",
        "sales_manager": "sales_team.group_sale_manager",
        "billing": "account.group_account_invoice",
        "designer": "website.group_website_designer",
        "administrator": "base.group_system",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            name: new_test_user(
                cls.env,
                f"staff_{name}",
                name=f"The {name}",
                groups=f"base.group_user,base.group_allow_export,{group}",
                lang="en_US",
            )
            for name, group in cls.ROLES.items()
        }

    def _as(self, name, record):
        return record.with_user(self.users[name])

    def _find(self, user, model, view, *names):
        """Return what a user finds with filters of a search view, all at once."""
        records = self._as(user, self.env[model])
        arch = records.get_view(self.env.ref(view).id, "search")["arch"]
        domains = [
            safe_eval(node.get("domain"))
            for name in names
            for node in etree.fromstring(arch).iterfind(f".//filter[@name='{name}']")
        ]
        self.assertEqual(len(domains), len(names))
        return records.search(Domain.AND(domains), order="id")

    def _make_in_state(self, state, **values):
        """Return a protection of a placed order, brought into a state by hand."""
        protection = self._make_queued(user_id=self.users["seller"].id)
        protection.write({"state": state, **values})
        self._forget_triggers()
        return protection

    def _make_requested(self, state="requested", **values):
        now = fields.Datetime.now()
        numbers = {"application_number": "4711", "requested_at": now, **values}
        return self._make_in_state(state, **numbers)

    def _get_note(self, record):
        """Return author and text of the latest message."""
        message = record.message_ids.sorted("id")[-1:]
        return message.author_id.name, str(message.preview)


class RefundCommon(StaffCommon):
    """Fees that go back."""

    ROLES = {
        name: StaffCommon.ROLES[name]
        for name in ("seller", "all_leads", "sales_manager", "billing")
    }
    # Whether transactions that are done become payments in the books.
    makes_payments = False

    def setUp(self):
        super().setUp()
        if self.makes_payments:
            self.post_process_patcher.stop()
            self.addCleanup(self.post_process_patcher.start)

    def _make_rejected(self, **values):
        return self._make_in_state("rejected", **values)

    def _make_invoiced(self):
        """Return a refused protection whose fee is on an invoice, and that."""
        protection = self._make_rejected()
        return protection, self._invoice(protection.order_id)

    def _refund(self, protection, user="billing"):
        """Press the button, return what it says before its links."""
        action = self._as(user, protection).action_refund_fee()
        [link] = action["params"]["links"]
        page = "action-website_sale_trustedshops.trustedshops_refund_action"
        self.assertEqual(link["url"], f"/odoo/{page}/{protection.refund_ids.id}")
        return action["params"]["message"].replace("\xa0", " ").replace(" %s", "")

    def _open_dialog(self, protection):
        """Press the button that refunds the money, return core's dialog."""
        action = self._as("billing", protection.refund_ids).action_refund()
        self.assertEqual(action["res_model"], "payment.refund.wizard")
        dialogs = self._as("billing", self.env["payment.refund.wizard"])
        return Form(dialogs.with_context(**action["context"]))

    def _refund_online(self, protection, amount=None):
        """Refund with core's dialog, return the transaction after its processing."""
        dialog = self._open_dialog(protection)
        if amount:
            dialog.amount_to_refund = amount
        dialog.save().action_refund()
        refund = protection.refund_ids.transaction_ids.sorted("id")[-1:]
        refund._post_process()
        return refund

    def _get_demo(self):
        self._require_modules("payment_demo")
        demo = self._prepare_provider("demo", update_values={"is_published": True})
        demo.payment_method_ids.support_refund = "partial"
        return demo

    def _credit(self, invoice, how="refund_moves"):
        """Return the draft that core's wizard makes of a whole invoice."""
        wizard = self.env["account.move.reversal"].with_env(invoice.env)
        wizard = wizard.with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        reversal = wizard.create({"journal_id": invoice.journal_id.id})
        getattr(reversal, how)()
        return reversal.new_move_ids

    def _correct(self, invoice, post=True):
        """Return the invoice by which core's wizard replaces another."""
        corrected = self._credit(invoice, "modify_moves")
        if post:
            corrected.action_post()
        return corrected

    def _invoice_ahead(self, order, percent):
        """Return the posted invoice of a down payment."""
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": order.ids,
                "advance_payment_method": "percentage",
                "amount": percent,
            }
        )
        invoice = wizard._create_invoices(order)
        invoice.action_post()
        return invoice

    def _credit_part(self, invoice, price):
        """Post a credit note of a part of the fee alone, made by hand."""
        credit_note = self._credit(invoice)
        line = credit_note.invoice_line_ids.filtered("trustedshops_protection_id")
        (credit_note.invoice_line_ids - line).unlink()
        line.write({"price_unit": price, "extra_tax_data": False})
        credit_note.action_post()

    def _get_todo(self, protection):
        """Return for whom the one activity is, and what it says."""
        [activity] = protection.activity_ids
        return activity.user_id, activity.note.striptags().replace("\xa0", " ")
