# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import WithdrawalCommon

SELLER = "sales_team.group_sale_salesman"
LEADER = "sales_team.group_sale_salesman_all_leads"
MANAGER = "sales_team.group_sale_manager"
ACCOUNTANT = "account.group_account_manager"


@tagged("post_install", "-at_install")
class TestRights(WithdrawalCommon):
    """Salespeople see those of their orders, managers all, the public none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._make_user("seller", SELLER)
        cls.leader = cls._make_user("leader", LEADER)
        cls.colleague = cls._make_user("colleague", SELLER)

    @classmethod
    def _make_user(cls, login, groups):
        return cls._create_new_internal_user(login=f"wd_{login}", groups=groups)

    def _see(self, user):
        return self.withdrawals.with_user(user).search([])

    def test_salespeople_see_those_of_their_orders(self):
        self.order.user_id = self.seller
        mine = self._declare(order_id=self.order.id)
        other = self.order.copy({"user_id": self.colleague.id})
        unassigned = self.order.copy({"user_id": False})
        theirs = self._declare(order_id=other.id)
        free = self._declare(order_id=unassigned.id)
        unknown = self._declare(order_reference="?")
        self.assertEqual(self._see(self.seller), free + mine)
        self.assertEqual(self._see(self.colleague), free + theirs)
        self.assertEqual(self._see(self.leader), unknown + free + theirs + mine)
        unknown.user_id = self.seller
        self.assertEqual(self._see(self.seller), unknown + free + mine)

    def test_companies_are_apart(self):
        company = self.env["res.company"].create({"name": "Other"})
        self._declare(company_id=company.id)
        self.assertFalse(self._see(self.leader))
        self.leader.company_ids += company
        seen = self.withdrawals.with_user(self.leader)
        seen = seen.with_context(allowed_company_ids=company.ids)
        self.assertEqual(len(seen.search([])), 1)

    def test_others_see_nothing(self):
        self._declare()
        portal = self._create_new_portal_user(login="wd_portal")
        accountant = self._make_user("accountant", ACCOUNTANT)
        for user in (self.public_user, portal, accountant):
            with self.assertRaises(AccessError):
                self._see(user)

    def test_accountants_open_orders_as_before(self):
        order = self.order.with_user(self._make_user("accountant", ACCOUNTANT))
        for view in ("form", "search"):
            self.assertNotIn("withdrawal", order.get_view(view_type=view)["arch"])
        self.assertNotIn("withdrawal_count", order.fields_get())

    def test_no_user_makes_or_deletes_one(self):
        withdrawal = self._declare(order_id=self.order.id)
        manager = self._make_user("manager", MANAGER)
        for user in (self.seller, self.leader, manager):
            theirs = withdrawal.with_user(user)
            with self.assertRaises(AccessError):
                theirs.unlink()
            with self.assertRaises(AccessError):
                theirs.create({"buyer_name": "E", "email": "e@x.example"})

    def test_no_user_changes_what_was_declared(self):
        withdrawal = self._declare().with_user(self._make_user("manager", MANAGER))
        for name, value in {
            "buyer_name": "Max Muster",
            "email": "else@x.example",
            "order_reference": "S1",
            "details": "x",
            "articles": "x",
            "remark": "x",
            "received_at": "2020-01-01 00:00:00",
            "is_verified": True,
            "proposed_order_id": False,
            "receipt_at": False,
            "copy_email": "x@x.example",
            "copy_at": False,
            "channel": "phone",
            "sent_on": "2020-01-01",
            "keep_until": "2020-01-01",
            "company_id": self.env.company.id,
            "website_id": False,
            "lang": "de_DE",
            "is_examined": False,
            "token": "x",
            "network": "x",
        }.items():
            with self.assertRaises(AccessError, msg=name):
                withdrawal[name] = value

    def test_no_user_reads_the_token_of_the_receipt(self):
        withdrawal = self._declare().with_user(self.leader)
        for name in ("token", "network"):
            with self.assertRaises(AccessError, msg=name):
                withdrawal.read([name])

    def test_salespeople_work_on_theirs(self):
        self.order.user_id = self.seller
        withdrawal = self._declare(order_id=self.order.id).with_user(self.seller)
        withdrawal.action_mark_valid()
        withdrawal.action_mark_paid_back()
        self.assertEqual(withdrawal.state, "settled")
        with self.assertRaises(AccessError):
            withdrawal.with_user(self.colleague).action_reopen()

    def test_salespeople_assign_only_orders_that_they_may_read(self):
        withdrawal = self._declare(order_reference="?", email="else@x.example")
        withdrawal.user_id = self.seller
        self.order.user_id = self.colleague
        theirs = withdrawal.with_user(self.seller)
        with self.assertRaises(AccessError):
            theirs.order_id = self.order.id
        self.assertValues(withdrawal, order_id=self.order.browse(), copy_email=False)
        self.order.user_id = self.seller
        theirs.order_id = self.order.id
        self.assertValues(
            withdrawal, order_id=self.order, copy_email="erika@muster.example"
        )
        theirs.order_id = False
        self.assertFalse(withdrawal.order_id)

    def _make_other_order(self):
        """Return an order of another buyer, which the salesperson may read."""
        buyer = self.partner.copy({"name": "Bert", "email": "bert@b.example"})
        other = self.order.copy({"partner_id": buyer.id, "user_id": self.seller.id})
        other.action_confirm()
        return other

    def test_what_came_by_the_link_of_an_order_stays_with_it(self):
        """Else another buyer would get its words, and lose Buyer Protection."""
        other = self._make_other_order()
        self.order.user_id = self.seller
        proven = self._declare(
            is_verified=True, order_id=self.order.id, email="else@x.example"
        )
        self._run_cron()
        theirs = proven.with_user(self.seller)
        for order in (other, other.browse()):
            with self.assertRaisesRegex(UserError, "came by the link of its order"):
                theirs.order_id = order
        with self.assertRaisesRegex(UserError, "came by the link of its order"):
            (theirs + self._declare().with_user(self.seller)).order_id = other
        with self.assertRaisesRegex(UserError, "came by the link of its order"):
            other.with_user(self.seller).withdrawal_ids += theirs
        with self.assertRaisesRegex(AssertionError, "readonly"):
            Form(theirs).order_id = other
        theirs.order_id = self.order
        self._run_cron()
        self.assertValues(proven, order_id=self.order)
        self.assertNotIn("bert@b.example", self._get_mails().mapped("email_to"))

    def test_no_other_order_follows_one_that_was_deleted(self):
        other = self._make_other_order()
        proven = self._declare(is_verified=True, order_id=self.order.id)
        proven.user_id = self.seller
        self.order._action_cancel()
        self.order.unlink()
        proven.invalidate_recordset()
        other.name = "S4711"
        self._run_cron()
        self.assertFalse(proven.order_id)
        with self.assertRaisesRegex(UserError, "came by the link of its order"):
            proven.with_user(self.seller).order_id = other
        proven.with_user(self.seller).action_mark_valid()
        self.assertEqual(proven.state, "valid")

    def test_a_manager_may_erase_one(self):
        withdrawal = self._declare(order_id=self.order.id)
        self._run_cron()
        mails = self._get_mails(withdrawal)
        self.order.user_id = self.seller
        for user in (self.colleague, self.seller, self.leader):
            with self.assertRaises(AccessError):
                withdrawal.with_user(user).action_erase()
        manager = self._make_user("manager", MANAGER)
        withdrawal.with_user(manager).action_erase()
        self.assertFalse(withdrawal.exists())
        self.assertFalse(mails.exists())
        self.assertIn(
            "A withdrawal from this order was erased.", self.order.message_ids[0].body
        )
