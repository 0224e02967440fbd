# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial
from unittest.mock import patch

from odoo.tests import new_test_user

from ..lib.certificate_answer import CertificateAnswer
from ..lib.exceptions import RetryableError
from ..models.certificate import answers
from .common import TrustedShopsCommon


class TestRights(TrustedShopsCommon):
    """Who may read and write what, each with the lowest rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            name: new_test_user(cls.env, f"ts_{name}", groups=groups)
            for name, groups in {
                "designer": "base.group_user,website.group_website_designer",
                "seller": "base.group_user,sales_team.group_sale_salesman",
                "all_leads": "base.group_user,sales_team.group_sale_salesman_all_leads",
                "billing": "base.group_user,account.group_account_invoice",
                "employee": "base.group_user",
            }.items()
        }

    def _capture_login_sent(self, work):
        """Return the logins with which Trusted Shops is asked then."""
        sent = []

        def ask(*_args, user, password, **_question):
            sent.append((user, password))
            return CertificateAnswer(error=RetryableError("down"), feed_error=None)

        certificates = self.env["trustedshops.certificate"]
        work()
        with patch.object(answers, "ask_about_certificate", ask):
            certificates.search([("last_attempt_at", "=", False)]).action_check_now()
        return sent

    def test_a_designer_cannot_have_the_login_sent_elsewhere(self):
        def change_environment(certificate):
            certificate.write({"environment": "qa"})

        def change_id(certificate):
            certificate.write({"ts_id": "X" + "9" * 32})

        def load_environment(certificate):
            certificate.load([".id", "environment"], [[str(certificate.id), "qa"]])

        for change in (change_environment, change_id, load_environment):
            certificate = self._make_other()
            work = partial(change, certificate.with_user(self.users["designer"]))
            with self.subTest(change=change.__name__):
                self.assertEqual(self._capture_login_sent(work), [("", "")])
                self.assertValues(
                    certificate, ws_user=False, ws_password=False, has_ws_login=False
                )
            certificate.unlink()

    def test_who_gives_a_login_with_another_environment_has_it_used(self):
        certificate = self._make_other().with_user(self.manager)
        work = partial(
            certificate.write, {"environment": "qa", "new_ws_password": "test-pass"}
        )
        sent = self._capture_login_sent(work)
        self.assertEqual(sent, [("wsuser-4711", "test-pass")])
        work = partial(
            certificate.write, {"environment": "production", "ws_user": "mine"}
        )
        self.assertEqual(self._capture_login_sent(work), [("mine", "")])
        self.assertFalse(certificate.sudo().ws_password)

    def test_the_same_environment_and_id_keep_the_login(self):
        certificate = self._make_other()
        certificate.with_user(self.users["designer"]).write(
            {"environment": "production", "ts_id": f" {certificate.ts_id.lower()}"}
        )
        self.assertEqual(certificate.ws_password, "wspass-0815")

    def _make_other(self):
        """Return a certificate for which nothing was applied."""
        return self._make_certificate(
            ts_id="X" + "2" * 32, lang_id=self.langs["pl_PL"].id
        )

    def test_changes_of_the_login_are_not_told_in_the_chatter(self):
        certificate = self.certificate.with_context(
            tracking_disable=False, mail_notrack=False
        )
        self._save(certificate, ws_password="new-secret")
        self.cr.precommit.run()
        told = certificate.message_ids.tracking_value_ids.mapped("new_value_char")
        self.assertNotIn("new-secret", told)

    def _find_as(self, name):
        user = self.users[name]
        return self.env["trustedshops.protection"].with_user(user).search([]).ids

    def test_a_salesperson_sees_the_protections_of_own_orders_the_others_all(self):
        own = self._make_queued(user_id=self.users["seller"].id)
        others = self._make_queued(user_id=self.users["all_leads"].id)
        nobodys = self._make_queued(user_id=False)
        nobodys.order_id.user_id = False
        self.assertCountEqual(self._find_as("seller"), [own.id, nobodys.id])
        every = (own + others + nobodys).ids
        self.assertCountEqual(self._find_as("all_leads"), every)
        self.assertCountEqual(self._find_as("billing"), every)

    def test_a_salesperson_can_confirm_and_cancel_an_order_with_protection(self):
        order, protection = self._make_ticked(user_id=self.users["seller"].id)
        as_seller = order.with_user(self.users["seller"])
        as_seller.action_confirm()
        self.assertEqual(protection.state, "queued")
        as_seller._action_cancel()
        self.assertEqual(protection.state, "cancelled")
