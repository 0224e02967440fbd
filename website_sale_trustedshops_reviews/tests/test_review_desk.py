# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import requests

from odoo.exceptions import UserError
from odoo.tests import Form

from .review_common import ReviewCommon


class DeskCommon(ReviewCommon):
    """A sales manager with a low review before him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._make_user("desk_manager", "sales_team.group_sale_manager")

    def setUp(self):
        super().setUp()
        self._put(1, rating=1)
        self._put(2)
        self._read()
        self.review = self._get(1).with_user(self.seller)

    def _fill(self, button="action_reply", text="We are sorry.", **values):
        """Return the form of an answer, as the person filled it in and saw it."""
        action = getattr(self.review, button)()
        model = self.env[action["res_model"]].with_user(self.seller)
        with Form(model.with_context(**action["context"])) as form:
            form.text = text
            for name, value in values.items():
                form[name] = value
        answer = form.save()
        answer.action_show()
        return answer

    def _send(self, answer, key=None):
        """Press the button of the preview, with the key that the screen has."""
        key = key or answer.preview_key
        return answer.with_context(preview_key=key).action_send()

    def _report(self, **values):
        values = {"reason": "abusive", "text": "He insults us.", **values}
        return self._fill("action_report", **values)

    def assertTask(self, state, task=None):
        self.assertEqual(self.review.task_state, state)
        if task:
            self.assertEqual(self.review.sudo().task_ids[:1].kind, task)


class TestReviewReply(DeskCommon):
    """A reply is sent by a person's click, once."""

    def test_a_reply_is_shown_before_and_sent_after_the_click(self):
        answer = self._fill(is_buyer_told=True)
        self.assertEqual(answer.preview, "Shop:\nWe are sorry.")
        answer.action_change()
        self.assertEqual(answer.action_send()["res_id"], answer.id)
        self.assertTask(False)
        self._answer()
        self.assertEqual(self.etrusted.count("sendReply"), 0)
        self._send(answer)
        self.assertFalse(answer.exists())
        self.assertTask("queued", "reply")
        self.assertIn("being sent to Trusted Shops", self.review.task_notice)
        self._answer()
        self.assertEqual(
            self.etrusted.get_bodies("sendReply"),
            [{"id": "rev-1", "comment": "We are sorry.", "sendNotification": True}],
        )
        self.assertTask(False)
        self.assertEqual(self.review.reply, "We are sorry.")
        self.assertFalse(self.review.activity_ids)
        self.assertIn("desk_manager", self.review.message_ids[0].body)

    def test_change_after_the_preview_is_shown_again(self):
        for values in (
            {"text": "Go away."},
            {"is_buyer_told": True},
            {"review_id": self._get(2).id, "text": "We are sorry."},
            {"task": "veto", "reason": "abusive", "text": "We are sorry."},
        ):
            answer = self._fill()
            key = answer.preview_key
            answer.write(values)
            with self.subTest(**values):
                action = self._send(answer, key)
                self.assertEqual(action["res_id"], answer.id)
                self.assertEqual(action["context"], {"is_changed": True})
                self.assertTask(False)
        answer = self._report()
        key = answer.preview_key
        for values in ({"reason": "untruthful"}, {"email": "other@shop.example"}):
            answer.write(values)
            with self.subTest(**values):
                self._send(answer, key)
                self.assertTask(False)
        self._send(answer)
        self.assertTask("queued", "veto")

    def test_a_reply_clicked_twice_is_sent_once(self):
        answers = [self._fill(), self._fill()]
        for answer in answers:
            self._send(answer)
        self._answer()
        self._send(self._fill())
        self._answer()
        self.assertEqual(self.etrusted.count("sendReply"), 1)
        self.assertTask(False)

    def test_a_reply_is_changed_and_taken_back(self):
        self._send(self._fill())
        self._answer()
        form = Form(
            self.env["trustedshops.review.answer"]
            .with_user(self.seller)
            .with_context(**self.review.action_reply()["context"])
        )
        self.assertEqual(form.text, "We are sorry.")
        self._send(self._fill(text="We are very sorry."))
        self._answer()
        self.assertEqual(self.review.reply, "We are very sorry.")
        for _click in range(2):
            self.review.action_retract_reply()
        self._answer()
        self.assertEqual(self.etrusted.count("deleteReply"), 1)
        self.assertFalse(self.review.reply)
        self.review.action_retract_reply()  # there is none
        self.assertTask(False)

    def test_the_same_reply_to_a_changed_review_is_sent_again(self):
        self._send(self._fill())
        self._answer()
        self._wait(hours=1)
        self._change(1, comment="Still bad", editedAt="2026-11-02T11:00:00.000Z")
        self._read()
        self.assertTrue(self.review.is_outdated)
        self.assertTrue(self.review.activity_ids)
        self._wait(hours=1)
        self._send(self._fill())
        self._answer()
        self.assertEqual(self.etrusted.count("sendReply"), 2)
        self.assertFalse(self.review.is_outdated)
        self.assertFalse(self.review.activity_ids)

    def test_a_change_read_while_the_answer_waits_makes_it_outdated(self):
        for answer in (self._fill(), self._report()):
            with self.subTest(answer.task):
                self._send(answer)
                self._wait(hours=1)
                now = f"{self.env.cr.now():%Y-%m-%dT%H:%M:%S.000Z}"
                self._change(1, comment=f"Still bad: {answer}", editedAt=now)
                self._read()
                self._answer(hours=1)
                self.assertTask(False)
                self.assertTrue(self.review.is_outdated)

    def test_a_reply_taken_back_keeps_the_activity(self):
        self._change(1, reply={"comment": "Sorry"})
        self.review.sudo().reply = "Sorry"
        self.review.action_retract_reply()
        self._answer()
        self.assertFalse(self.review.reply)
        self.assertEqual(len(self.review.activity_ids), 1)

    def test_the_same_words_for_others_are_another_task(self):
        self.review._order_task("reply", text="Sorry")
        with self.assertRaisesRegex(UserError, "Something else is being sent"):
            self.review._order_task("reply", text="Sorry", is_told=True)
        self._answer()
        self.review._order_task("reply", text="Sorry")
        self.assertTask(False)
        self.review._order_task("reply", text="Sorry", is_told=True)
        self._answer()
        told = [
            body["sendNotification"] for body in self.etrusted.get_bodies("sendReply")
        ]
        self.assertEqual(told, [False, True])
        report = {"text": "x", "reason": "abusive"}
        self.review._order_task("veto", **report, email="a@x.example")
        with self.assertRaisesRegex(UserError, "Something else is being sent"):
            self.review._order_task("veto", **report, email="b@x.example")

    def test_a_report_is_shown_with_all_that_goes_out(self):
        answer = self._report(email="me@shop.example")
        for is_shown in (True, False):
            form = Form(answer)
            for name in ("reason", "email"):
                with self.subTest(name, is_shown=is_shown):
                    self.assertFalse(form._get_modifier(name, "invisible"))
                    self.assertEqual(form._get_modifier(name, "readonly"), is_shown)
            answer.action_change()

    def test_impossible_tasks_are_refused(self):
        with self.assertRaisesRegex(UserError, "Write something"):
            self._fill(text="  ")
        answer = self._fill()
        self._change(1, state="REJECTED")
        self._read(hours=1)
        with self.assertRaisesRegex(UserError, "not public"):
            self._send(answer)
        self._send(self._report())
        self._change(1, state="APPROVED")
        self._read(hours=1)
        with self.assertRaisesRegex(UserError, "Something else is being sent"):
            self._send(answer)

    def test_an_answer_of_before_does_not_bring_the_old_reply_back(self):
        self._send(self._fill())
        self._answer()
        rows = [{**self.etrusted.reviews[0]}]
        rows[0].pop("reply")
        self.etrusted.script("getReviews", (200, {"items": rows}))
        # Asked in the second in which the reply arrived.
        self.channel.reviews_at = "2026-11-01"
        self._read()
        self.assertEqual(self.review.reply, "We are sorry.")
        self._wait(hours=1)
        self._change(1)
        self.etrusted.reviews[0].pop("reply")
        self._read()
        self.assertFalse(self.review.reply)


class TestReviewTrouble(DeskCommon):
    """After any kind of answer, nothing is repeated unseen."""

    def test_task_that_did_not_arrive_is_sent_again(self):
        self.etrusted.script("sendReply", *[requests.ConnectTimeout()] * 2)
        self._send(self._fill())
        for wait in ({}, {"minutes": 5}, {"minutes": 29}):
            self._answer(**wait)
            self.assertTask("queued")
        self.assertIn("The next attempt is on", self.review.task_notice)
        self._answer(minutes=1)
        self.assertTask(False)
        self.assertEqual(self.etrusted.count("sendReply"), 3)
        self.assertEqual(self.etrusted.count("getReview"), 0)

    def test_a_lost_reply_that_arrived_is_found(self):
        self._send(self._fill())
        self.etrusted.script("sendReply", requests.ReadTimeout())
        self._answer()
        self.assertTask("checking")
        self.assertIn("there was no answer", self.review.task_notice)
        self._change(1, reply={"comment": "We are sorry."})
        self._answer(minutes=2)
        self.assertTask(False)
        self.assertEqual(self.review.reply, "We are sorry.")
        self.assertEqual(self.etrusted.count("sendReply"), 1)

    def test_a_lost_report_that_arrived_is_not_repeated(self):
        self._send(self._report(email="me@shop.example"))
        send = self.etrusted._answer_sendVeto

        def lose(body):
            send(body)
            return requests.ReadTimeout()

        self.etrusted._answer_sendVeto = lose
        self.addCleanup(self.etrusted.__dict__.pop, "_answer_sendVeto")
        self._answer()
        self.assertTask("checking", "veto")
        # The service is down while it is looked for.
        self.etrusted.script("getVeto", (502, ""))
        self._answer(minutes=2)
        self.assertTask("checking")
        self._answer(minutes=30)
        self.assertTask(False)
        self.assertEqual(self.etrusted.count("sendVeto"), 1)
        self.assertRecordValues(
            self.review,
            [{"veto_reason": "abusive", "veto_text": "He insults us."}],
        )
        self.assertRegex(self.review.veto_ref, "^vet-")
        self.assertFalse(self.review.activity_ids)

    def test_a_service_that_failed_may_have_done_it(self):
        self._send(self._report())
        for status in (500, 503):
            with self.subTest(status):
                self.etrusted.script("sendVeto", (status, {}))
                self._answer()
                self.assertTask("checking", "veto")
                self._answer(minutes=2)
                self.assertTask("failed")
                self.review.action_send_again()
        self.assertEqual(self.etrusted.count("sendVeto"), 2)

    def test_a_task_whose_search_always_fails_ends_and_tells_a_person(self):
        for name, answer in (("sendVeto", (500, "")), ("getVeto", (502, "<html>"))):
            self.etrusted.always[name] = answer
        self._send(self._report())
        for _attempt in range(6):
            self.assertTask("checking" if _attempt else "queued", "veto")
            self._answer(days=1)
        self.assertTask("failed")
        self.assertTrue(self.review.sudo()._find_todos_about("desk"))

    def test_failed_search_does_not_count_as_a_search(self):
        self._send(self._report())
        self.etrusted.script("sendVeto", requests.ReadTimeout())
        self._answer()
        self.etrusted.script("getVeto", (403, {}))
        self._answer(minutes=2)
        self.assertTask("failed")
        self.assertNotIn("was not found", self.review.task_notice)
        self.assertIn("could not be asked", self.review.task_notice)
        # Once it was looked for, what is refused was not done.
        self.etrusted.script("sendVeto", (400, {"Message": "too long"}))
        self.review.action_send_again()
        self._answer()
        self.assertTask("failed")
        self.assertIn("failed (too long)", self.review.task_notice)

    def test_a_lost_report_that_did_not_arrive_waits_for_a_person(self):
        self._send(self._report())
        self.etrusted.script("sendVeto", requests.ReadTimeout())
        self._answer()
        self._answer(minutes=2)
        self.assertTask("failed")
        self.assertIn("was not found", self.review.task_notice)
        self.assertEqual(len(self.review.activity_ids), 2)  # and that it is low
        self._answer(days=3)
        self.assertEqual(self.etrusted.count("sendVeto"), 1)
        # It is looked for once more before it is sent again.
        self.etrusted.vetos["rev-1"] = {
            "id": "vet-1",
            "reason": "ABUSIVE",
            "comment": "He insults us.",
        }
        for _click in range(2):
            self.review.action_send_again()
        self._answer()
        self.assertTask(False)
        self.assertEqual(self.review.veto_ref, "vet-1")
        self.assertEqual(self.etrusted.count("sendVeto"), 1)

    def test_a_report_of_long_ago_is_not_this_one(self):
        self._send(self._report())
        self.etrusted.script("sendVeto", requests.ReadTimeout())
        self._answer()
        self.etrusted.vetos["rev-1"] = {
            "id": "vet-0",
            "reason": "ABUSIVE",
            "comment": "He insults us.",
            "createdAt": "2026-10-01T12:00:00Z",
        }
        self._answer(minutes=2)
        self.assertTask("failed")
        self.review.action_send_again()
        self._answer()
        self.assertEqual(self.etrusted.count("sendVeto"), 2)
        with self.assertRaisesRegex(UserError, "already reported"):
            self._send(self._report(reason="untruthful"))

    def test_refused_task_can_be_deleted(self):
        self.etrusted.script("sendReply", (400, {"Message": "comment is too long"}))
        self._send(self._fill())
        self._answer()
        self.assertTask("failed")
        self.assertIn("comment is too long", self.review.task_notice)
        self.review.action_drop_task()
        self.assertTask(False)
        self.assertEqual(len(self.review.activity_ids), 1)

    def test_refused_login_keeps_waiting_invitations(self):
        self.etrusted.always["sendReply"] = (401, {})
        self._send(self._fill())
        self._answer()
        self.assertTask("queued")
        self.assertEqual(self.account.state, "refused")
        self.assertIn("waiting. Trusted Shops does not accept", self.review.task_notice)
        self._answer(days=1)
        self.etrusted.always.clear()
        self.account.state = "connected"
        self._answer()
        self.assertTask(False)

    def test_a_call_that_a_dead_process_left_is_looked_for(self):
        self._send(self._fill())
        self.review.sudo().task_ids.write(
            {"state": "sending", "lease_until": "2026-11-02 10:10:00"}
        )
        self._answer()
        self.assertTask("sending")
        self._answer(minutes=10)
        self.assertTask("failed")
        self.assertEqual(self.etrusted.count("getReview"), 1)
        self.assertEqual(self.etrusted.count("sendReply"), 0)

    def test_a_service_that_stays_away_ends_in_a_persons_hands(self):
        self.etrusted.always["sendReply"] = requests.ConnectTimeout()
        self._send(self._fill())
        for hours in (0, 1, 1, 2, 12, 24):
            self._answer(hours=hours)
        self.assertTask("failed")
        self.assertEqual(self.etrusted.count("sendReply"), 6)
