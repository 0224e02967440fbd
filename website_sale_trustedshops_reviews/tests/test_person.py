# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import json
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError

from odoo.addons.website_sale_trustedshops.tests.rpc_common import RpcCase

from .review_common import ReviewCommon
from .reviews_common import EMAIL

PERSON = "trustedshops.person"
LINE = "trustedshops.person.review"
OFFICER = "website_sale_trustedshops.group_data_protection"
LOGGER = "odoo.addons.website_sale_trustedshops.wizards.trustedshops_person"


class TestReviewPerson(ReviewCommon, RpcCase):
    """What a data protection officer sees, exports and erases of a buyer's reviews."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._make_user("officer", OFFICER)
        cls.officer.tz = "UTC"

    def _open(self, email=EMAIL, user=None, **values):
        people = self.env[PERSON].with_user(user or self.officer)
        person = people.create({"email": email, **values})
        self.env.flush_all()
        self.env.invalidate_all()
        return person

    def _export(self, person):
        """Return what the file says, by company and heading."""
        return json.loads(base64.b64decode(person.export_file))["Companies"]

    def _make_known(self):
        """Let the shop know something of each kind about the buyer."""
        order = self._make_order(name="S00154")
        self._put_invited(order, 1, rating=1)
        self._read()
        self._suppress()
        return order

    def test_it_shows_consents_invitations_reviews_and_stops(self):
        order = self._make_known()
        self._get_invitation(order).write(
            {"payload": '{"email": "erika"}', "sent_at": "2026-11-02 10:00:00"}
        )
        review = {
            "Review ID": "rev-1",
            "Stars": 1,
            "Title": "Title 1",
            "Comment": "Comment 1",
            "Order Number": "S00154",
        }
        rows = self._export(self._open())[self.env.company.name]
        self.assertEqual(
            {label: len(found) for label, found in rows.items()},
            {"Consents": 1, "Invitations": 1, "Reviews": 1, "Stops": 1},
        )
        consent = {
            "Moment": "2026-11-02T09:00:00Z",
            "E-mail Address": EMAIL,
            "Order": "S00154",
            "Words": "I agree.",
        }
        [row] = rows["Consents"]
        self.assertLessEqual(consent.items(), row.items())
        self.assertLessEqual({"Given", "Checkbox", "Shop (de_DE)"}, {*row.values()})
        [invitation] = rows["Invitations"]
        self.assertEqual(invitation["Data Sent"], '{"email": "erika"}')
        self.assertEqual(invitation["Sent"], "2026-11-02T10:00:00Z")
        self.assertLessEqual(review.items(), rows["Reviews"][0].items())
        self.assertEqual(rows["Stops"][0]["Reason"], "Link of the buyer")
        found = str(self._open().found)
        for words in ("I agree.", "Comment 1", "Link of the buyer"):
            self.assertIn(words, found)

    def test_each_label_is_translated(self):
        for section in self.env[PERSON]._find_sections(EMAIL, self.env.company):
            for name in section.names:
                field = section.records._fields[name]
                with self.subTest(str(field)):
                    self.assertTrue(field.export_string_translation)

    def test_no_secret_and_no_hash_is_told(self):
        order = self._make_known()
        consent = order._trustedshops_get_consent() or self.env[
            "trustedshops.consent"
        ].search([])
        text = json.dumps(self._export(self._open())) + str(self._open().found)
        for secret in (consent.nonce, consent.digest, consent._sign("stop")):
            self.assertTrue(secret)
            self.assertNotIn(secret, text)

    def test_a_tick_in_a_cart_is_no_consent_yet(self):
        self._tick(self._make_cart())
        self.assertEqual(self._export(self._open()), {self.env.company.name: {}})

    def test_erased_consent_is_still_found_by_its_hash(self):
        self._make_known()
        self._open().action_erase()
        rows = self._export(self._open())[self.env.company.name]
        self.assertEqual([*rows], ["Consents", "Stops"])
        self.assertEqual(rows["Consents"][0]["Words"], "I agree.")
        self.assertNotIn(EMAIL, json.dumps(rows))

    def test_only_the_whole_address_finds_a_person(self):
        self._make_known()
        for typed in ("%@muster.example", "erik_@muster.example", "x@muster.example"):
            with self.subTest(typed):
                self.assertEqual(self._export(self._open(typed)), {self._ours: {}})

    def test_consent_for_another_buyers_order_shows_no_protection(self):
        protection = self._make_queued(name="S00154")
        other = "max@muster.example"
        self._add_consent(protection.order_id, mode="manual", email=other)
        person = self._open(other)
        self.assertEqual([*self._export(person)[self._ours]], ["Consents"])
        self.assertNotIn(EMAIL, str(person.found) + str(person.kept))
        self.assertIn("Sales Orders", person.kept)
        self.assertNotIn("Buyer Protections", person.kept)
        self.assertIn("Buyer Protections", self._export(self._open())[self._ours])

    @property
    def _ours(self):
        return self.env.company.name

    def _count_of(self, company):
        """Return how often addresses of a company were stopped."""
        own = [("company_id", "=", company.id)]
        return self.env["trustedshops.suppression"].search_count(own)

    def test_companies_are_apart(self):
        order = self._make_known()
        other = self._create_company(name="Other")
        theirs = self._make_user("theirs", OFFICER, company=other)
        self._suppress(email="max@x.example", company=other)
        person = self._open(user=theirs)
        self.assertEqual(self._export(person), {"Other": {}})
        for text in (person.found, person.kept):
            self.assertNotIn(order.name, text)
            self.assertNotIn("Comment 1", text)
        person.action_erase()
        self.assertEqual(self._get(1).comment, "Comment 1")
        self.assertEqual(self._get_invitation(order).email, EMAIL)
        self.assertEqual(self._count_of(self.env.company), 1)
        admin = self._make_user("theirs_admin", "base.group_system", company=other)
        with self.assertRaisesRegex(AccessError, "in which you work"):
            self._open(user=admin, company_ids=self.env.company.ids).action_erase()
        self.assertEqual(self._get(1).comment, "Comment 1")

    def test_ticked_reviews_are_exported(self):
        order = self._make_carded_order(name="S00154")
        self._put_about(order, 1, rating=2)
        self._read()
        person = self._open()
        self.assertNotIn("Reviews", self._export(person)[self._ours])
        self.assertIn(" · S00154 · Title 1 – Comment 1", person.possible_ids.words)
        person.possible_ids.is_theirs = True
        self.env.flush_all()
        self.env.invalidate_all()
        [review] = self._export(person)[self._ours]["Reviews"]
        self.assertEqual(review["Comment"], "Comment 1")
        # Another address has a list of its own.
        person.email = "max@muster.example"
        self.assertFalse(person.possible_ids)

    def test_names_of_many_lines_are_looked_up_together(self):
        order = self._make_carded_order(name="S00154")
        self._put_about(order, 1, 2, 3)
        self._read()
        person = self._open()
        with patch.object(
            type(person),
            "_find_possible",
            autospec=True,
            side_effect=type(person)._find_possible,
        ) as find:
            names = person.possible_ids.mapped("words")
        self.assertEqual(find.call_count, 1)
        for number in (1, 2, 3):
            self.assertIn(f"Comment {number}", "".join(names))

    def test_the_officer_needs_no_other_group_to_erase(self):
        order = self._make_known()
        for record in (self._get(1), self._get_invitation(order)):
            with self.assertRaises(AccessError):
                record.with_user(self.officer).read(["display_name"])
        with self.assertLogs(LOGGER) as logs:
            message = self._open().action_erase()["params"]["message"]
        self.assertEqual(
            logs.records[-1].getMessage(),
            f"Trusted Shops, data of a person: user {self.officer.id}, erased,"
            f" company {self.env.company.id}, records: 3",
        )
        self.assertIn("Erased, number of records: 3.", message)
        self.assertFalse(self._get(1).comment)
        self.assertFalse(self._get_invitation(order).email)
        self.assertTrue(self._is_suppressed())
        reasons = self.env["trustedshops.suppression"].search([]).mapped("reason")
        self.assertIn("erasure", reasons)

    def test_a_line_tells_of_no_other_review(self):
        self._put(4, transaction={"reference": "S00155"})
        self._read()
        self._log_in_as("officer")
        person = self._open("max@muster.example")
        values = {"person_id": person.id, "res_id": self._get(4).id}
        spec = {"words": {}, "res_id": {}}
        [row] = self._call(LINE, "web_save", [], values, spec)
        self.assertEqual(row["words"], False)
        spec = {"possible_ids": {"fields": spec}, "email": {}, "found": {}}
        lines = [Command.create({"res_id": self._get(4).id, "is_theirs": True})]
        values = {"email": "max@muster.example", "possible_ids": lines}
        answer = self._call(PERSON, "onchange", [], values, [], spec)
        self.assertNotIn("Comment 4", json.dumps(answer))
        [row] = self._call(PERSON, "web_save", [], values, spec)
        self.assertNotIn("Comment 4", json.dumps(row))
        person = self.env[PERSON].browse(row["id"]).with_user(self.officer)
        person.action_erase()
        self.assertEqual(self._get(4).comment, "Comment 4")

    def test_other_users_neither_see_nor_change_the_lines(self):
        self._create_new_portal_user(login="portal_line", password="portal_line")
        self._make_user("salesman", "sales_team.group_sale_salesman_all_leads")
        person = self._open()
        values = {"person_id": person.id, "res_id": 1}
        line = self.env[LINE].with_user(self.officer).create(values)
        for login in ("salesman", "portal_line", None):
            self._log_in_as(login)
            for method, *args in (
                ("create", [values]),
                ("read", line.ids, ["words"]),
                ("write", line.ids, {"is_theirs": True}),
                ("unlink", line.ids),
                ("search", []),
            ):
                with self.subTest(login=login, method=method):
                    answer = self._try(LINE, method, *args)
                    self.assertEqual(answer, "odoo.exceptions.AccessError")
            answer = self._try(PERSON, "action_erase", person.ids)
            self.assertEqual(answer, "odoo.exceptions.AccessError")
