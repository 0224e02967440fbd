# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress
from unittest.mock import patch

import requests

from odoo.exceptions import UserError
from odoo.tests import Form

from ..lib.review_client import ReviewClient
from .review_common import ReviewCommon

SILENCE = requests.ReadTimeout()


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
        self.etrusted.calls.clear()

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
        return self._press(answer.with_context(preview_key=key), "action_send")

    def _report(self, **values):
        values = {"reason": "abusive", "text": "He insults us.", **values}
        return self._fill("action_report", **values)

    def _lose(self, operation):
        """Have the service do something, but the answer get lost."""
        do = getattr(self.etrusted, f"_answer_{operation}")

        def lose(body):
            do(body)
            return SILENCE

        self.etrusted.script(operation, lose)

    def assertShown(self, outcome, kind, words):
        """Check what a button tells the user who pressed it."""
        self.assertEqual(outcome["params"]["type"], kind, outcome)
        self.assertIn(words, outcome["params"]["message"])

    def _get_calls(self):
        names = [name for name, _body in self.etrusted.calls]
        return [name for name in names if name != "getToken"]


class TestReviewReply(DeskCommon):
    """A reply is sent by a person's press, once."""

    def test_a_reply_is_shown_before_and_sent_by_the_press(self):
        answer = self._fill(is_buyer_told=True)
        self.assertEqual(answer.preview, "Shop:\nWe are sorry.")
        answer.action_change()
        self.assertEqual(answer.action_send()["res_id"], answer.id)
        self.assertEqual(self._get_calls(), [])
        outcome = self._send(answer)
        self.assertShown(outcome, "success", "The reply: received by Trusted Shops.")
        self.assertEqual(
            outcome["params"]["next"]["type"], "ir.actions.act_window_close"
        )
        self.assertFalse(answer.exists())
        self.assertEqual(
            self.etrusted.get_bodies("sendReply"),
            [{"id": "rev-1", "comment": "We are sorry.", "sendNotification": True}],
        )
        self.assertEqual(self.review.reply, "We are sorry.")
        self.assertFalse(self.review.unclear_task or self.review.lease_until)
        self.assertFalse(self.review.activity_ids)
        note = self.review.message_ids[0]
        self.assertIn("The reply: received by Trusted Shops.", note.body)
        self.assertEqual(note.author_id, self.seller.partner_id)

    def test_a_person_waits_ten_seconds_for_an_answer(self):
        make, seen = ReviewClient.__init__, []

        def watch(client, *args, **timeouts):
            seen.append(timeouts)
            make(client, *args, **timeouts)

        with patch.object(ReviewClient, "__init__", watch):
            self._send(self._fill())
        self.assertEqual(seen, [{"connect_timeout": 3, "total_timeout": 10}])

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
        answer = self._report()
        key = answer.preview_key
        for values in ({"reason": "untruthful"}, {"email": "other@shop.example"}):
            answer.write(values)
            with self.subTest(**values):
                self.assertEqual(self._send(answer, key)["res_id"], answer.id)
        self.assertEqual(self._get_calls(), [])
        self._send(answer)
        self.assertEqual(self._get_calls(), ["sendVeto"])

    def test_what_another_user_answered_meanwhile_is_shown_first(self):
        answer, other = self._fill(is_buyer_told=True), self._fill(text="Sorry.")
        key = answer.preview_key
        self._send(other)
        self.assertEqual(self._send(answer, key)["context"], {"is_changed": True})
        self.assertEqual(self.etrusted.count("sendReply"), 1)

    def test_a_reply_is_changed_and_taken_back(self):
        self._send(self._fill())
        form = Form(
            self.env["trustedshops.review.answer"]
            .with_user(self.seller)
            .with_context(**self.review.action_reply()["context"])
        )
        self.assertEqual(form.text, "We are sorry.")
        self._send(self._fill(text="We are very sorry."))
        self.assertEqual(self.review.reply, "We are very sorry.")
        for _press in range(2):
            outcome = self._press(self.review, "action_retract_reply")
            self.assertShown(outcome, "success", "The deletion of the reply: received")
        self.assertEqual(self.etrusted.count("deleteReply"), 1)
        self.assertFalse(self.review.reply)

    def test_the_same_reply_to_a_changed_review_is_sent_again(self):
        self._send(self._fill())
        self._wait(hours=1)
        self._change(1, comment="Still bad", editedAt="2026-11-02T11:00:00.000Z")
        self._read()
        self.assertTrue(self.review.is_outdated)
        self.assertTrue(self.review.activity_ids)
        self._wait(hours=1)
        self._send(self._fill())
        self.assertEqual(self.etrusted.count("sendReply"), 2)
        self.assertFalse(self.review.is_outdated)
        self.assertFalse(self.review.activity_ids)

    def test_a_reply_taken_back_keeps_the_activity(self):
        self._change(1, reply={"comment": "Sorry"})
        self.review.sudo().reply = "Sorry"
        self._press(self.review, "action_retract_reply")
        self.assertFalse(self.review.reply)
        self.assertEqual(len(self.review.activity_ids), 1)

    def test_the_same_words_are_another_reply_if_the_buyer_gets_a_mail(self):
        for is_told in (False, False, True):
            self._tell(1, user=self.seller, is_told=is_told)
        bodies = self.etrusted.get_bodies("sendReply")
        self.assertEqual([body["sendNotification"] for body in bodies], [False, True])

    def test_a_report_is_shown_with_all_that_goes_out(self):
        answer = self._report(email="me@shop.example")
        for is_shown in (True, False):
            form = Form(answer)
            for name in ("reason", "email"):
                with self.subTest(name, is_shown=is_shown):
                    self.assertFalse(form._get_modifier(name, "invisible"))
                    self.assertEqual(form._get_modifier(name, "readonly"), is_shown)
            answer.action_change()
        answer.action_show()
        self.assertShown(self._send(answer), "success", "The report: received")
        self.assertEqual(
            self.etrusted.get_bodies("sendVeto"),
            [
                {
                    "id": "rev-1",
                    "reason": "ABUSIVE",
                    "comment": "He insults us.",
                    "vetoReporterEmail": "me@shop.example",
                    "channelName": "Shop",
                }
            ],
        )
        self.assertValues(
            self.review, veto_reason="abusive", veto_text="He insults us."
        )
        self.assertRegex(self.review.veto_ref, "^vet-")
        self.assertFalse(self.review.activity_ids)

    def test_impossible_tasks_are_refused(self):
        with self.assertRaisesRegex(UserError, "Write something"):
            self._fill(text="  ")
        answer = self._fill()
        self._change(1, state="REJECTED")
        self._read(hours=1)
        with self.assertRaisesRegex(UserError, "not public"):
            self._send(answer)
        self._send(self._report())
        with self.assertRaisesRegex(UserError, "already reported"):
            self._send(self._report(reason="untruthful"))

    def test_a_list_asked_for_before_does_not_bring_the_old_reply_back(self):
        self._send(self._fill())
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
    """After any kind of answer the review says what is true."""

    def assertUnclear(self, task, outcome=None):
        self.assertEqual(self.review.unclear_task, task)
        self.assertFalse(self.review.lease_until)
        if outcome:
            self.assertShown(outcome, "warning", "it may have been sent")
            self.assertIn("it may have been sent", self.review.unclear_notice)

    def test_what_was_surely_not_done_leaves_no_mark(self):
        for answer, reason in (
            (requests.ConnectTimeout(), "no connection"),
            ((400, {"Message": "comment is too long"}), "comment is too long"),
            ((403, {"Message": "not yours"}), "not yours"),
            ((403, "<html>"), "it refused the call"),
            ((429, {}, {"Retry-After": "60"}), "it refused the call"),
        ):
            self.etrusted.script("sendReply", answer)
            form = self._fill()
            with self.subTest(reason):
                outcome = self._send(form)
                self.assertShown(outcome, "danger", f"nothing was sent ({reason})")
                # The words stay on the screen.
                self.assertEqual(outcome["params"]["next"]["res_id"], form.id)
                self.assertFalse(self.review.unclear_task)
                self.assertEqual(self.account.state, "connected")
        self.assertTrue(self.account.limited_until)
        self.assertEqual(self.etrusted.count("getReview"), 0)

    def test_anything_but_the_documented_success_may_have_been_sent(self):
        answers = (SILENCE, (500, {}), (200, "<html>"))
        for number, answer in enumerate(answers):
            with self.subTest("reply", answer=answer):
                self.etrusted.script("sendReply", answer)
                outcome = self._send(self._fill(text=f"Sorry {number}"))
                self.assertUnclear("reply", outcome)
                self.review.action_mark_checked()
        for answer in answers:
            with self.subTest("veto", answer=answer):
                self.etrusted.script("sendVeto", answer)
                self.assertUnclear("veto", self._send(self._report()))
                self.review.action_mark_checked()
        self.assertFalse(self.review.reply or self.review.veto_at)
        self.assertTrue(self.review.activity_ids)

    def test_a_lost_reply_that_arrived_is_not_repeated(self):
        self._lose("sendReply")
        answer = self._fill(is_buyer_told=True)
        self.assertUnclear("reply", self._send(answer))
        self.assertFalse(self.review.reply)
        self.assertShown(self._send(answer), "success", "received")
        self.assertUnclear(False)
        self.assertEqual(self.review.reply, "We are sorry.")
        self.assertFalse(self.review.activity_ids)
        self.assertEqual(self._get_calls(), ["sendReply", "getReview"])

    def test_a_lost_mail_about_the_same_words_is_sent_after_a_reading(self):
        self._send(self._fill())
        moment = f"{self.review.reply_at:%Y-%m-%dT%H:%M:%SZ}"
        self._change(1, reply={"comment": "We are sorry.", "updatedAt": moment})
        self._wait(hours=1)
        self.etrusted.script("sendReply", SILENCE)
        answer = self._fill(is_buyer_told=True)
        self._send(answer)
        self.assertShown(self._send(answer), "success", "received")
        told = [
            body["sendNotification"] for body in self.etrusted.get_bodies("sendReply")
        ]
        self.assertEqual(told, [False, True, True])

    def test_nothing_is_sent_while_it_cannot_be_read(self):
        self._lose("sendVeto")
        answer = self._report()
        self._send(answer)
        for trouble in (SILENCE, (502, "<html>"), (403, {}), (200, "<html>")):
            self.etrusted.script("getVeto", trouble)
            with self.subTest(trouble=trouble):
                self.assertUnclear("veto", self._send(answer))
        self.assertEqual(self.etrusted.count("sendVeto"), 1)
        self.assertShown(self._send(answer), "success", "received")
        self.assertEqual(self.etrusted.count("sendVeto"), 1)
        self.assertValues(
            self.review, veto_reason="abusive", veto_text="He insults us."
        )

    def test_a_review_is_read_again_by_a_button(self):
        for operation, task, before in (
            ("sendReply", "reply", False),
            ("deleteReply", "retract", "Thank you!"),
        ):
            self.assertEqual(self.review.reply, before)
            self._lose(operation)
            self._tell(1, task, self.seller)
            self.assertEqual(self.review.reply, before)
            for _press in range(2):
                outcome = self._press(self.review, "action_read_again")
                self.assertShown(outcome, "success", "shows what Trusted Shops has")
            self.assertUnclear(False)
        self.assertFalse(self.review.reply)
        self.assertEqual(self.etrusted.count("getReview"), 2)

    def test_a_report_of_long_ago_is_not_this_one(self):
        self.etrusted.script("sendVeto", SILENCE)
        answer = self._report()
        self._send(answer)
        self.etrusted.vetos["rev-1"] = {
            "id": "vet-0",
            "reason": "ABUSIVE",
            "comment": "He insults us.",
            "createdAt": "2026-10-01T12:00:00Z",
        }
        self.assertShown(self._send(answer), "success", "received")
        self.assertEqual(self.etrusted.count("sendVeto"), 2)
        self.assertNotEqual(self.review.veto_ref, "vet-0")

    def test_a_dead_process_leaves_the_mark(self):
        def die(_body):
            raise SystemExit

        self.etrusted.script("sendReply", die)
        answer = self._fill()
        with suppress(SystemExit):  # assertRaises would take the mark back
            self._send(answer)
        self.assertEqual(self.review.unclear_task, "reply")
        presses = (
            lambda: self._send(answer),
            lambda: self._press(self.review, "action_read_again"),
            self.review.action_mark_checked,
        )
        for press in presses:
            with self.assertRaisesRegex(UserError, "already being sent"):
                press()
        self.assertEqual(self._get_calls(), ["sendReply"])
        self._wait(minutes=10)  # the lease of the call
        self._send(answer)
        self.assertUnclear(False)
        self.assertEqual(self._get_calls(), ["sendReply", "getReview", "sendReply"])

    def _take_over(self, **values):
        """Have another process write the review while a call is under way."""

        def answer(body):
            with self.registry.cursor() as cr:
                self._get(1).with_env(self.env(cr=cr)).write(values)
            return self.etrusted._answer_sendReply(body)

        self.etrusted.script("sendReply", answer)

    def test_a_late_success_counts_and_ends_no_other_call(self):
        lease = "2026-11-02 10:30:00"
        self._take_over(lease_until=lease, unclear_task="veto")
        self._send(self._fill())
        self.assertEqual(self.review.reply, "We are sorry.")
        self.assertEqual(self.review.unclear_task, "veto")
        self.assertEqual(str(self.review.lease_until), lease)

    def test_a_review_that_is_erased_during_the_call_stays_so(self):
        self._take_over(is_erased=True, lease_until=False, unclear_task=False)
        self._send(self._fill())
        self.assertFalse(self.review.reply)

    def test_a_refused_login_sends_nothing(self):
        self.etrusted.always["sendReply"] = (401, {"Message": "disabled"})
        outcome = self._send(self._fill())
        self.assertShown(outcome, "danger", "nothing was sent (disabled)")
        self.assertEqual(self.account.state, "refused")
        with self.assertRaisesRegex(
            UserError, "Nothing was sent. Trusted Shops does not accept this login"
        ):
            self._send(self._fill())

    def test_a_login_that_is_missing_sends_nothing(self):
        self.account.client_secret = False
        self.account.state = "connected"
        with self.assertRaisesRegex(
            UserError,
            "^Nothing was sent. Trusted Shops does not accept this login .what was"
            " entered cannot be sent.. Copy the client ID and the secret again",
        ):
            self._send(self._fill())
        self.assertUnclear(False)
