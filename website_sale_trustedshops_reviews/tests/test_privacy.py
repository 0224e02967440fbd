# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user

from .review_common import ReviewCommon
from .reviews_common import EMAIL

SUPPRESSION = "trustedshops.suppression"
ADDON = "website_sale_trustedshops"
LOSS = (
    "Applications and invitations that still wait: {waiting}; proofs and stops that are"
    " deleted: {proofs}."
)


class TestReviewPrivacy(ReviewCommon):
    """What Privacy Lookup and an uninstallation find, erase or keep."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env, "privacy_reviews", "base.group_system", lang="en_US"
        )

    def _make_known(self):
        """Let the shop know something of each kind about the buyer."""
        order = self._make_order(name="S00154")
        self._put_invited(order, 1, rating=1)
        self._read()
        self._suppress()
        return order

    def _find(self, email=EMAIL, **context):
        """Return the lines by what they are about."""
        lines = self._look_up(email, self.administrator, **context)
        return {line.res_model.partition(".")[2]: line for line in lines}

    def test_only_the_exact_address_finds_each_kind(self):
        order = self._make_known()
        self._tick(self._make_cart())
        lines = self._find(" ERIKA@Muster.example")
        self.assertEqual(
            {kind: line.res_id for kind, line in lines.items()},
            {
                "consent": order.sudo().trustedshops_consent_ids.id,
                "invitation": self._get_invitation(order).id,
                "review": self._get(1).id,
                "suppression": self.env[SUPPRESSION].search([]).id,
            },
        )
        for typed in (
            "xerika@muster.example",
            "rika@muster.example",
            "erik_@muster.example",
        ):
            with self.subTest(typed):
                self.assertEqual(self._find(typed), {})

    def test_an_administrator_erases_all_but_the_proof(self):
        order = self._make_known()
        consent, invitation = self._find()["consent"], self._get_invitation(order)
        invitation.payload = '{"email": "erika"}'
        lines = self._look_up(EMAIL, self.administrator)
        lines.action_unlink_all()
        self.env.invalidate_all()
        self.assertValues(
            self.env["trustedshops.consent"].browse(consent.res_id),
            email=False,
            order_id=False,
            text="I agree.",
            kind="given",
        )
        self.assertValues(invitation, email=False, payload=False, is_erased=True)
        self.assertFalse(self._get(1).comment)
        self.assertTrue(self._is_suppressed())
        reasons = self.env[SUPPRESSION].search([]).mapped("reason")
        self.assertEqual(sorted(reasons), ["erasure", "link"])
        self.assertEqual(
            sorted(lines.mapped("execution_details")),
            [
                f"Erased: Consent to Review Invitations #{consent.res_id}",
                f"Erased: Review #{self._get(1).id}",
                f"Erased: Review Invitation #{invitation.id}",
                "Kept until the app is uninstalled: this hash of the address prevents"
                " invitations.",
            ],
        )

    def test_what_odoo_keeps_prevents_all_as_without_us(self):
        order = self._make_known()
        wizard = self.env["privacy.lookup.wizard"].with_user(self.administrator)
        wizard = wizard.create({"name": order.partner_id.name, "email": EMAIL})
        wizard.action_lookup()
        # The order first: the contact cannot go either, because of it.
        lines = wizard.line_ids.sorted(lambda line: line.res_model != "sale.order")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            lines.action_unlink_all()
        self.env.invalidate_all()
        self.assertTrue(order.exists() and order.partner_id.exists())
        self.assertFalse(self._get_invitation(order).is_erased)

    def test_the_address_that_was_found_is_suppressed_and_no_other(self):
        self._make_order()
        lines = self._look_up(EMAIL, self.administrator)
        lines.wizard_id.email = "somebody@x.example"
        lines.action_unlink_all()
        self.assertTrue(self._is_suppressed())
        found = self.env[SUPPRESSION].search([("reason", "=", "erasure")])
        self.assertEqual(len(found), 1)

    def test_what_was_deleted_meanwhile_is_skipped(self):
        self._make_order()
        lines = self._look_up(EMAIL, self.administrator)
        self.env["trustedshops.consent"].search([]).unlink()
        lines.action_unlink_all()

    def test_what_was_said_of_no_order_is_not_said_of_another(self):
        order = self._make_order()
        self._look_up(EMAIL, self.administrator).action_unlink_all()
        consents = self.env["trustedshops.consent"]
        self.assertTrue(consents.search([("order_id", "=", False)]))
        self.assertFalse(consents._search_given(order.browse()))

    def test_each_line_alone_suppresses_the_address(self):
        for kind in ("consent", "invitation", "review"):
            with self.subTest(kind), self.env.cr.savepoint() as savepoint:
                order = self._make_order()
                self._put_invited(order, 1, rating=1)
                self._read()
                self._find()[kind].action_unlink()
                erasure = self.env[SUPPRESSION].search([])
                self.assertEqual(erasure.reason, "erasure")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_the_hash_finds_what_was_erased_and_it_is_kept_until_its_day(self):
        self._make_known()
        self._delete_person()
        lines = self._find()
        self.assertEqual({*lines}, {"consent", "suppression"})
        lines["consent"].action_unlink()
        self.assertFalse(lines["consent"].is_unlinked)
        self.assertEqual(
            lines["consent"].execution_details,
            "Kept until 12/31/2029: only the hash of the address is left, which proves"
            " the consent.",
        )

    def test_a_stop_is_never_touched(self):
        stop = self._suppress("staff")
        line = self._find()["suppression"]
        line.action_unlink()
        self.assertIn("prevents invitations", line.execution_details)
        self.assertFalse(line.has_active)
        line.action_archive_all()
        line.is_active = False
        line._onchange_is_active()
        self.assertTrue(stop.active)

    def test_what_was_handed_over_is_left_to_ask_for(self):
        for state, is_asked in (
            ("accepted", True),
            ("unknown", True),
            ("sending", True),
            ("waiting", False),
        ):
            with self.subTest(state):
                self.env["trustedshops.consent"].search([]).sudo().unlink()
                order = self._make_order()
                self.invitations._create_for(order)
                invitation = self._get_invitation(order)
                invitation.write({"state": state, "sent_at": self.env.cr.now()})
                self._delete_person()
                # The queue adds none about reminders.
                self._run_invites()
                todos = invitation.activity_ids.filtered("trustedshops_cause")
                causes = todos.mapped("trustedshops_cause")
                self.assertEqual(causes, ["buyer_erased"] if is_asked else [])
                if is_asked:
                    self.assertIn(order.name, todos.note)
                    self.assertNotIn(EMAIL, todos.note)

    def test_consent_for_another_buyers_order_shows_no_more(self):
        protection = self._make_queued(name="S00154")
        other = "max@muster.example"
        self._add_consent(protection.order_id, mode="manual", email=other)
        wizard = self._look_up(other, self.administrator).wizard_id
        self.assertEqual(wizard.line_ids.mapped("res_model"), ["trustedshops.consent"])

    def test_companies_are_apart(self):
        order = self._make_known()
        other = self._create_company(name="Other")
        self._suppress(company=other)
        self._add_consent(company_id=other.id, channel_id=False)
        lines = self._find()
        self.administrator.write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        theirs = self._find()
        self.assertEqual({*theirs}, {"consent", "suppression"})
        theirs["consent"].action_unlink()
        self.assertEqual(self._get(1).comment, "Comment 1")
        self.assertEqual(self._get_invitation(order).email, EMAIL)
        self.assertEqual(order.sudo().trustedshops_consent_ids.email, EMAIL)
        ours = [("company_id", "=", self.env.company.id)]
        self.assertEqual(self.env[SUPPRESSION].search(ours).reason, "link")
        for line in lines.values():
            with self.subTest(line.res_model), self.assertRaises(AccessError):
                line.action_unlink()

    def _read_dialog(self, name):
        user = new_test_user(self.env, name, groups="base.group_system", lang="en_US")
        module = self.env["ir.module.module"].search([("name", "=", name)])
        action = module.with_user(user).button_uninstall_wizard()
        with Form.from_action(self.env(user=user), action) as dialog:
            return dialog.trustedshops_loss

    def test_proofs_alone_are_a_loss(self):
        self._add_consent(channel_id=False)
        loss = LOSS.format(waiting=0, proofs=1)
        self.assertEqual(self._read_dialog(f"{ADDON}_reviews"), loss)

    def test_each_addon_says_in_one_sentence_what_goes_with_it(self):
        order = self._make_queued().order_id
        self._make_ticked()
        self._tick(self._make_cart())
        self._add_consent(order)
        self._add_consent(kind="withdrawn", moment=datetime(2026, 10, 2, 9))
        other = self._create_company(name="Other")
        self._add_consent(company_id=other.id, channel_id=False)
        self._suppress(email="max@x.example", company=other)
        invited = self._make_order()
        self.invitations._create_for(invited)
        both = LOSS.format(waiting=2, proofs=6)
        for name, loss in (
            (ADDON, both),
            ("website_sale", both),
            (f"{ADDON}_reviews", LOSS.format(waiting=1, proofs=5)),
            (f"{ADDON}_loyalty", False),
        ):
            with self.subTest(module=name):
                self.assertEqual(self._read_dialog(name), loss)
