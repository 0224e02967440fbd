# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.website_sale_trustedshops.tests.rights_common import (
    REFUSED,
    RightsTableCommon,
)

from .review_common import ReviewCommon

REVIEW = "trustedshops.review"


class TestReviewRightsTable(RightsTableCommon, ReviewCommon):
    """No role calls a method about a record of another company."""

    def test_every_method_refuses_a_foreign_record_to_every_role(self):
        order = self._make_order()
        self._put_invited(order, 1, rating=1)
        self._read()
        template = self.goods.product_tmpl_id
        template.company_id = self.env.company
        rating = {"product_tmpl_id": template.id, "channel_id": self.channel.id}
        entry = {"order_id": order.id, "email": "max@muster.example", "text": "Yes"}
        answer = {"review_id": self._get(1).id, "text": "Sorry"}
        self.assertForeignRefused(
            ("website_sale_trustedshops_reviews.",),
            [
                order,
                template,
                self.account,
                self.channel,
                self.env["trustedshops.consent.text"].search([], limit=1),
                self._get(1),
                self._get_invitation(order),
                self._suppress(),
                order.sudo().trustedshops_consent_ids[0],
                self.env["trustedshops.product.rating"].create(rating),
                self.env["trustedshops.consent.entry"].create(
                    {**entry, "source": "Call"}
                ),
                self.env["trustedshops.review.answer"].create(answer),
            ],
            harmless={
                # They lead to a list or dialog, and read nothing of the record.
                ("product.template", "action_trustedshops_reviews"),
                (REVIEW, "action_reply"),
                (REVIEW, "action_report"),
            },
        )
        self.assertEqual(self.etrusted.count("sendReply"), 0)

    def test_who_may_answer_reviews_answers_none_of_another_company(self):
        self._put(1, rating=1)
        self._read()
        company = self._create_company(name="Answers elsewhere")
        self.caller = new_test_user(
            self.env,
            "answers_elsewhere",
            groups="website_sale_trustedshops_reviews.group_customer_service",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for method in ("action_mark_checked", "action_read_again"):
            self.assertEqual(self._try(REVIEW, method, self._get(1).ids), REFUSED)

    def test_nobody_sees_the_rest_of_an_account_of_another_company(self):
        services = self.env["trustedshops.service"]
        rest = services._get_rest("events", self.account, is_made=True).sudo(False)
        self.assertEqual(rest.account_id, self.account)
        for user in self.strangers:
            with self.subTest(role=user.login):
                self.assertUnseen(rest.with_user(user))
        reader = self.colleague
        self.assertEqual(rest.with_user(reader).search([("id", "=", rest.id)]), rest)
