# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree

from odoo import Command
from odoo.models import MAGIC_COLUMNS
from odoo.tests import new_test_user

from .rpc_common import RpcCase
from .staff_common import StaffCommon

PROTECTION = "trustedshops.protection"
REFUSED = "odoo.exceptions.AccessError"
# What a customer may read of ours on what is the customer's own: what is bought. The
# pages say in words where it stands.
OWN_FIELDS = {
    "sale.order": {"trustedshops_fee_amount"},
    "sale.order.line": {"is_trustedshops_protection"},
    "account.move": {"trustedshops_fee_amount"},
    "account.move.line": set(),
    "payment.transaction": set(),
    "payment.method": set(),
}
# What each role opens under *Invoicing*; ``test_lists.py`` has the others.
MENUS = {
    "menu_finance_trustedshops_protections": "billing",
    "menu_finance_trustedshops_statement": "billing",
}
# Who may press which button, by RPC.
MAY_PRESS = {
    "action_apply_now": {"sales_manager", "administrator"},
    "action_enter_number": {"sales_manager", "administrator"},
    "action_not_found": {"sales_manager", "administrator"},
    "action_release": {"sales_manager", "administrator"},
    "action_refund_fee": {"sales_manager", "billing"},
    "action_resend_mail": {"seller", "all_leads", "sales_manager", "administrator"},
}
# A row on which each button makes sense.
FITTING = {
    "action_apply_now": {"state": "rejected"},
    "action_enter_number": {"state": "requested"},
    "action_not_found": {"state": "failed", "may_have_arrived": True},
    "action_release": {"state": "on_hold"},
    "action_refund_fee": {"state": "rejected"},
    "action_resend_mail": {"state": "confirmed"},
}


class TestProtectionRights(StaffCommon, RpcCase):
    """Who opens, sees and presses what, as the web client asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_new_portal_user(login="staff_portal", password="staff_portal")

    def _log_in(self, role):
        self._log_in_as(f"staff_{role}")

    def test_each_role_has_its_menus(self):
        found = {}
        for name in MENUS:
            menu = self.env.ref(f"website_sale_trustedshops.{name}")
            found[name] = {
                role
                for role, user in self.users.items()
                if menu.id in self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            }
        self.assertEqual(
            found, {name: set(roles.split()) for name, roles in MENUS.items()}
        )

    def test_administrators_of_invoicing_find_where_the_fee_is_set_up(self):
        groups = "base.group_user,account.group_account_manager"
        user = new_test_user(self.env, "ts_books", groups=groups)
        menu = self.env.ref("website_sale_trustedshops.menu_trustedshops_certificates")
        menus = self.env["ir.ui.menu"].with_user(user)
        self.assertIn(menu.id, menus._visible_menu_ids())
        certificate = self.certificate.with_user(user)
        button = "//button[@name='action_open_fee_product']"
        arch = etree.fromstring(certificate.get_view(view_type="form")["arch"])
        self.assertTrue(arch.xpath(button))

    def _open(self, action):
        """Open every view of an action, return how many rows each list shows."""
        search = [action.search_view_id.id, "search"]
        views = self._call(PROTECTION, "get_views", [*action.views, search])
        found = []
        for view_type in ("list", "form"):
            arch = views["views"][view_type]["arch"]
            # What the web client asks for: each field of the view.
            spec = {
                name: {"fields": {"display_name": {}}} if "relation" in field else {}
                for name, field in views["models"][PROTECTION]["fields"].items()
                if f'name="{name}"' in arch
            }
            answer = self._call(PROTECTION, "web_search_read", [], spec)
            found.append(len(answer["records"]))
        by = ["requested_at:month", "currency_id"]
        sums = ["net_fee:sum", "gross_fee:sum"]
        groups = self._call(PROTECTION, "web_read_group", [], by, sums)
        return [*found, len(groups["groups"])]

    def test_everything_opens_without_an_access_error(self):
        for number, owner in enumerate(("seller", "all_leads")):
            protection = self._make_requested(application_number=str(number + 1))
            protection.order_id.user_id = self.users[owner]
            self._invoice(protection.order_id)
            self._as("billing", protection).action_refund_fee()
            protection._schedule_todo("protection", "Look at it.")
        for name in ("trustedshops_protection_action", "trustedshops_statement_action"):
            action = self.env.ref(f"website_sale_trustedshops.{name}")
            for role in self.ROLES:
                if role == "designer":
                    continue
                with self.subTest(action=name, role=role):
                    self._log_in(role)
                    rows = 1 if role == "seller" else 2
                    self.assertEqual(self._open(action), [rows, rows, 1])

    def test_portal_and_public_open_no_dialog(self):
        portal = self.env["res.users"].search([("login", "=", "staff_portal")])
        staff = (self.users[name] for name in ("seller", "all_leads", "designer"))
        for user in (portal, self.website.user_id, *staff):
            with self.subTest(user=user.login):
                dialog = self.env["trustedshops.number.entry"].with_user(user)
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(dialog.has_access(operation), operation)

    def test_bookkeepers_and_sales_managers_write_the_bill_and_nothing_else(self):
        protection = self._make_requested("confirmed")
        protection.order_id.user_id = self.users["seller"]
        names = sorted(protection._fields.keys() - {*MAGIC_COLUMNS, "billed_ref"})
        for role in self.ROLES:
            self._log_in(role)
            bill = {"billed_ref": f"TS-{role}"}
            refusal = self._try(PROTECTION, "write", protection.ids, bill)
            is_allowed = role in ("billing", "sales_manager")
            with self.subTest(role=role):
                self.assertEqual(refusal, "" if is_allowed else REFUSED)
                self.assertEqual(protection.billed_ref == f"TS-{role}", is_allowed)
                written = {
                    name
                    for name in names
                    if self._try(PROTECTION, "write", protection.ids, {name: False})
                    != REFUSED
                }
                self.assertEqual(written, set())
                order = {"order_id": protection.order_id.id}
                self.assertEqual(self._try(PROTECTION, "create", [order]), REFUSED)
                self.assertEqual(self._try(PROTECTION, "copy", protection.ids), REFUSED)
                self.assertEqual(
                    self._try(PROTECTION, "unlink", protection.ids), REFUSED
                )

    def test_each_role_presses_what_the_table_says(self):
        protection = self._make_queued(user_id=self.users["seller"].id)
        usual = {
            "application_number": False,
            "fee_state": "due",
            "is_released": False,
            "may_have_arrived": False,
        }
        found = {}
        for role in (*self.ROLES, "portal"):
            self._log_in(role)
            for button, values in FITTING.items():
                protection.refund_ids.unlink()
                protection.write({**usual, **values})
                refusal = self._try(PROTECTION, button, protection.ids)
                self.assertIn(refusal, ("", REFUSED), (role, button))
                if not refusal:
                    found.setdefault(button, set()).add(role)
        self.assertEqual(found, MAY_PRESS)

    def test_a_salesman_presses_nothing_on_the_orders_of_others(self):
        protection = self._make_requested()
        protection.order_id.user_id = self.users["all_leads"]
        self._log_in("seller")
        for button in MAY_PRESS:
            with self.subTest(button=button):
                self.assertEqual(self._try(PROTECTION, button, protection.ids), REFUSED)

    def test_no_user_creates_a_line_of_the_fee(self):
        order = self._make_cart(user_id=self.users["seller"].id)
        mark = {"is_trustedshops_protection": True}
        marked = {"product_id": self.goods.id, "price_unit": 5.0, **mark}
        on_order = {"order_id": order.id}
        self._log_in("seller")
        for model, method, args in (
            ("sale.order.line", "create", [[{**marked, **on_order}]]),
            ("sale.order.line", "write", [order.order_line.ids, mark]),
            (
                "sale.order",
                "write",
                [order.ids, {"order_line": [Command.create(marked)]}],
            ),
        ):
            with self.subTest(model=model, method=method):
                self.assertEqual(self._try(model, method, *args), REFUSED)
                self.assertFalse(order._trustedshops_get_fee_lines())
        default = {"default_is_trustedshops_protection": True}
        values = {"product_id": self.goods.id, **on_order}
        refused = self._try("sale.order.line", "create", [values], context=default)
        self.assertEqual(refused, REFUSED)
        self.assertFalse(order._trustedshops_get_fee_lines())

    def test_no_user_moves_the_mark_of_the_fee(self):
        order = self._make_requested().order_id
        invoice = order._create_invoices()
        for action in (None, invoice.action_post):
            if action:
                action()
            goods, fee = invoice.invoice_line_ids.sorted("price_total", reverse=True)
            self._log_in("billing")
            link = "trustedshops_protection_id"
            for line, values in (
                (fee, {link: False}),
                (goods, {link: order.trustedshops_protection_id.id}),
            ):
                with self.subTest(state=invoice.state, values=values):
                    refusal = self._try("account.move.line", "write", line.ids, values)
                    self.assertEqual(refusal, REFUSED)

    def test_no_user_enters_a_fee_on_a_document(self):
        order = self._make_requested().order_id
        protection = order.trustedshops_protection_id
        self._invoice(order)
        link = {"trustedshops_protection_id": protection.id}
        line = {"name": "Mine", "price_unit": 500.0, "quantity": 1.0}
        move = {"move_type": "out_invoice", "partner_id": order.partner_id.id}
        default = {"default_trustedshops_protection_id": protection.id}
        self._log_in("billing")
        for values, context in (({**line, **link}, {}), (line, default)):
            with self.subTest(context=context):
                self._try(
                    "account.move",
                    "create",
                    [{**move, "invoice_line_ids": [Command.create(values)]}],
                    context=context,
                )
                self.assertEqual(protection.fee_line_ids.mapped("price_total"), [0.98])

    def _make_own(self):
        """Return a customer's own order with its lines, documents and payments."""
        portal = self.env["res.users"].search([("login", "=", "staff_portal")])
        protection = self._make_requested(last_error="Seen by staff only")
        order = protection.order_id
        order.partner_id = order.partner_invoice_id = portal.partner_id
        self._pay(order)
        invoice = self._invoice(order)
        for record in (order, invoice):
            record.message_subscribe(portal.partner_id.ids)
        transaction = order.transaction_ids
        return {
            "sale.order": order,
            "sale.order.line": order.order_line,
            "account.move": invoice,
            "account.move.line": invoice.invoice_line_ids,
            "payment.transaction": transaction,
            "payment.method": transaction.payment_method_id,
        }

    def test_a_customer_reads_only_these_fields_of_ours_on_the_own_order(self):
        own = self._make_own()
        self._log_in("portal")
        order = own["sale.order"]
        self.assertEqual(self._try("sale.order", "read", order.ids, ["name"]), "")
        found = {
            model: {
                name
                for name in records._fields
                if "trustedshops" in name
                and not self._try(model, "read", records.ids, [name])
            }
            for model, records in own.items()
        }
        self.assertEqual(found, OWN_FIELDS)

    def test_a_customer_finds_no_order_by_what_staff_knows(self):
        order = self._make_own()["sale.order"]
        self._log_in("portal")
        for name in order._fields:
            if "trustedshops" in name and name not in OWN_FIELDS["sale.order"]:
                with self.subTest(field=name):
                    domain = [[name, "!=", False]]
                    self.assertEqual(self._try("sale.order", "search", domain), REFUSED)
        for name in ("last_error", "buyer_email"):
            with self.subTest(field=name):
                domain = [[f"trustedshops_protection_id.{name}", "like", "e"]]
                self.assertEqual(self._try("sale.order", "search", domain), REFUSED)

    def test_staff_read_every_field_of_ours_on_an_order(self):
        order = self._make_own()["sale.order"]
        # Other addons may keep some of theirs from them.
        names = [
            name
            for name, field in order._fields.items()
            if "trustedshops" in name and field._module == "website_sale_trustedshops"
        ]
        for role in ("seller", "all_leads", "sales_manager", "billing"):
            with self.subTest(role=role):
                self._log_in(role)
                self.assertEqual(self._try("sale.order", "read", order.ids, names), "")
