# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from odoo.addons.website_sale_trustedshops.tests.rpc_common import RpcCase

from .review_common import ReviewCommon
from .reviews_common import EMAIL

MENU = "website_sale_trustedshops_reviews.menu_trustedshops_written_reviews"
PRICE = {"list_price": 0.01}
ROLES = {
    "employee": (),
    "salesman": ("sales_team.group_sale_salesman",),
    "seller": ("sales_team.group_sale_salesman_all_leads",),
    "service": ("website_sale_trustedshops_reviews.group_customer_service",),
    "manager": ("sales_team.group_sale_manager",),
    "designer": ("website.group_website_designer",),
    "administrator": ("base.group_system",),
}


class TestReviewRights(ReviewCommon):
    """Who reads which reviews, and who may answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            name: cls._make_user(f"desk_{name}", *groups)
            for name, groups in ROLES.items()
        }

    def setUp(self):
        super().setUp()
        own, free, other = (self._make_carded_order() for _order in range(3))
        own.user_id, free.user_id = self.users["salesman"], False
        other.user_id = self.users["manager"]
        for number, order in enumerate((own, free, other), 1):
            self._put_about(order, number)
        self._put(4)
        self._read()

    def _get_read(self, user):
        try:
            found = self.reviews.with_user(user).search([])
            found.read(["comment", "reply", "unclear_notice"])
        except AccessError:
            return None
        return "".join(ref[-1] for ref in sorted(found.mapped("review_ref")))

    def test_each_role_reads_what_it_should(self):
        self.assertEqual(
            {name: self._get_read(user) for name, user in self.users.items()},
            {
                "employee": None,
                "salesman": "12",
                "seller": "1234",
                "service": "1234",
                "manager": "1234",
                "designer": "1234",
                "administrator": "1234",
            },
        )
        with self.assertRaises(AccessError):
            self._get(3).with_user(self.users["salesman"]).read(["comment"])

    def test_only_users_who_speak_for_the_shop_answer(self):
        for name, may in (
            ("salesman", False),
            ("seller", False),
            ("service", True),
            ("manager", True),
            ("designer", True),
            ("administrator", True),
        ):
            review = self._get(1).with_user(self.users[name])
            with self.subTest(name):
                if may:
                    self._tell(1, user=self.users[name], text=f"Thanks, {name}")
                    continue
                for call in (
                    lambda: self._tell(1, user=self.users[name]),  # noqa: B023
                    review.action_read_again,
                    review.action_mark_checked,
                ):
                    with self.assertRaises(AccessError):
                        call()

    def test_the_order_shows_its_reviews(self):
        order = self._get(1).order_id
        for name in ("salesman", "manager"):
            found = order.with_user(self.users[name]).trustedshops_review_ids
            self.assertEqual(found, self._get(1))


class TestCustomerService(ReviewCommon, RpcCase):
    """A person who answers reviews, and has no other rights."""

    def setUp(self):
        super().setUp()
        self._put_about(self._make_carded_order(), 1)
        self._read()
        self._make_user("desk_service", *ROLES["service"])
        self._log_in_as("desk_service")

    def test_reads_and_replies_over_rpc(self):
        review, model = self._get(1), "trustedshops.review"
        views = self._call(model, "get_views", [[False, "form"], [False, "list"]])
        fields = views["models"][model]["fields"]
        spec = {
            name: {"fields": {"display_name": {}}} if "relation" in field else {}
            for name, field in fields.items()
        }
        [seen] = self._call(model, "web_read", review.ids, spec)
        self.assertEqual(seen["channel_id"]["display_name"], "Shop (de_DE)")
        buttons = ("reply", "open_inbox")
        for name in buttons:
            self.assertIn(f"action_{name}", views["views"]["form"]["arch"])
        menu = self.env.ref(MENU)
        menus = self.env["ir.ui.menu"].with_user(self.caller)
        self.assertIn(menu.id, menus._visible_menu_ids())
        answers = "trustedshops.review.answer"
        said = {"review_id": review.id, "text": "Sorry."}
        dialog = self._call(answers, "create", said)
        self.assertEqual(self._try(answers, "action_show", [dialog]), "")
        opened = self._call(model, "action_open_inbox", review.ids)
        self.assertEqual(opened["url"], "https://app.etrusted.com")

    def test_has_no_rights_on_website_prices_or_orders(self):
        order = self._get(1).order_id
        for model, method, args in (
            ("website", "write", [self.website.ids, {"name": "Mine"}]),
            (
                "ir.ui.view",
                "write",
                [self.env.ref("website.layout").ids, {"name": "M"}],
            ),
            ("product.template", "write", [self.goods.product_tmpl_id.ids, PRICE]),
            ("product.product", "write", [self.goods.ids, PRICE]),
            ("product.pricelist", "create", [{"name": "Mine"}]),
            ("trustedshops.certificate", "search", [[]]),
            ("trustedshops.channel", "search", [[]]),
            ("trustedshops.account", "search", [[]]),
            ("trustedshops.protection", "search", [[]]),
            ("trustedshops.consent", "search", [[]]),
            ("sale.order", "read", [order.ids, ["name"]]),
        ):
            with self.subTest(model=model, method=method):
                refusal = "odoo.exceptions.AccessError"
                self.assertEqual(self._try(model, method, *args), refusal)


class TestReviewErased(ReviewCommon):
    """What becomes of reviews when a person, or the addon, goes."""

    def assertErased(self):
        """Check that the first review has its stars only."""
        self.assertValues(
            self._get(1),
            stars=1,
            title=False,
            comment=False,
            order_id=False,
            order_reference=False,
            invitation_id=False,
            may_have_arrived=False,
            is_erased=True,
            activity_ids=[],
        )

    def test_a_persons_words_are_erased_and_do_not_come_back(self):
        order = self._make_order(consent={"email": "other@x.example"})
        self._put_invited(order, 1, rating=1)
        self._put(2)
        self._read()
        self.etrusted.script("sendReply", (500, {}))
        self._tell(1, text="Dear Erika")
        # By the consent, whose address is not that of the order.
        self._delete_person("other@x.example")
        for _reading in range(2):
            self.assertErased()
            self._change(1, title="Edited")
            self._read(hours=1)
        self.assertEqual(self._get(2).comment, "Comment 2")
        with self.assertRaisesRegex(UserError, "no longer available"):
            self._tell(1)
        self.assertEqual(self.etrusted.count("sendReply"), 1)

    def test_a_review_first_read_after_the_erasure_comes_without_words(self):
        self._put_invited(self._make_order(), 1, rating=1)
        self._put(2)
        self._delete_person(EMAIL)
        for _reading in range(2):
            self._read(hours=1)
            self.assertErased()
            self._change(1, title="Edited", reply={"comment": "Dear Erika"})
        self.assertEqual(self._get(2).comment, "Comment 2")

    def _find_words(self):
        """Return all that mails and activities say about the review."""
        about = [("res_model", "=", "trustedshops.review")]
        activities = self.env["mail.activity"].with_context(active_test=False)
        texts = [
            f"{each.res_name} {each.note} {each.feedback}"
            for each in activities.search(about)
        ]
        messages = self.env["mail.message"].search(
            [("model", "=", "trustedshops.review")]
        )
        return " ".join([*texts, *(f"{m.subject} {m.body}" for m in messages)])

    def test_nothing_is_quoted_where_it_would_stay(self):
        self.manager.notification_type = "inbox"
        order = self._make_order()
        self._put_invited(order, 1, 2, rating=1, title="Buyer's words")
        self._read()
        self.assertIn("assigned to you", self._find_words())
        for words in ("Buyer's words", order.name):
            self.assertNotIn(words, self._find_words())
        for number in (1, 2):
            activity = self._get(number).activity_ids
            activity.action_feedback("I called Erika.")
        self.assertIn("Erika", self._find_words())
        self._drop(2)
        self._read(days=7)
        self._delete_person(EMAIL)
        self.assertNotIn("Erika", self._find_words())
        self.assertNotIn("assigned to you", self._find_words())

    def test_a_channel_with_reviews_is_archived_not_deleted(self):
        self._put_invited(self._make_order(), 1, rating=1)
        self._read()
        self._delete_person(EMAIL)
        self.env["trustedshops.invitation"].search([]).unlink()
        self.env["trustedshops.consent"].search([]).unlink()
        with (
            self.assertRaises(psycopg2.IntegrityError),
            self.env.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            self.account.unlink()
        self.assertErased()

    def test_a_review_is_a_persons_by_invitation_or_order(self):
        self.buyer.email = "Erika@Bücher.example"
        email = "erika@xn--bcher-kva.example"
        carded = self._make_carded_order(name="S00154")
        agreed = self._make_order(consent={"email": email})
        self._put_about(carded, 1)
        self._put_about(agreed, 2)
        self._put(3, transaction={"reference": "S00154"})
        self._put_invited(self._make_order(consent={"email": email}), 4)
        # The order is the buyer's, but somebody else was invited.
        self._put_invited(self._make_order(consent={"email": "max@x.example"}), 5)
        self._read()
        lines = self._delete_person(email)
        found = lines.filtered(lambda each: each.res_model == "trustedshops.review")
        expected = self._get(1) | self._get(2) | self._get(4)
        self.assertEqual({*found.mapped("res_id")}, {*expected.ids})
        rows = self.reviews.search([], order="review_ref")
        left = [False, False, "Comment 3", False, "Comment 5"]
        self.assertEqual(rows.mapped("comment"), left)

    def test_an_open_reply_to_an_erased_review_is_gone(self):
        self._put_invited(self._make_order(), 1)
        self._read()
        answers = self.env["trustedshops.review.answer"]
        values = {"review_id": self._get(1).id, "text": "Dear Erika"}
        answer = answers.create(values)
        self._delete_person(EMAIL)
        self.assertFalse(answer.exists())
