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

    def _fill(self, text="We are sorry.", **values):
        """Return the form of a reply, as the person filled it in and saw it."""
        action = self.review.action_reply()
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
        self.assertShown(outcome, "success", "Trusted Shops received the reply.")
        self.assertEqual(
            outcome["params"]["next"]["type"], "ir.actions.act_window_close"
        )
        self.assertFalse(answer.exists())
        self.assertEqual(
            self.etrusted.get_bodies("sendReply"),
            [{"id": "rev-1", "comment": "We are sorry.", "sendNotification": True}],
        )
        self.assertEqual(self.review.reply, "We are sorry.")
        self.assertFalse(self.review.may_have_arrived or self.review.lease_until)
        self.assertFalse(self.review.activity_ids)
        note = self.review.message_ids[0]
        self.assertIn("Trusted Shops received the reply.", note.body)
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
        ):
            answer = self._fill()
            key = answer.preview_key
            answer.write(values)
            with self.subTest(**values):
                action = self._send(answer, key)
                self.assertEqual(action["res_id"], answer.id)
                self.assertEqual(action["context"], {"is_changed": True})
        self.assertEqual(self._get_calls(), [])

    def test_what_another_user_answered_meanwhile_is_shown_first(self):
        answer, other = self._fill(is_buyer_told=True), self._fill(text="Sorry.")
        key = answer.preview_key
        self._send(other)
        self.assertEqual(self._send(answer, key)["context"], {"is_changed": True})
        self.assertEqual(self.etrusted.count("sendReply"), 1)

    def test_a_reply_is_changed(self):
        self._send(self._fill())
        form = Form(
            self.env["trustedshops.review.answer"]
            .with_user(self.seller)
            .with_context(**self.review.action_reply()["context"])
        )
        self.assertEqual(form.text, "We are sorry.")
        self._send(self._fill(text="We are very sorry."))
        self.assertEqual(self.review.reply, "We are very sorry.")

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

    def test_the_same_words_are_another_reply_if_the_buyer_gets_a_mail(self):
        for is_told in (False, False, True):
            self._tell(1, user=self.seller, is_told=is_told)
        bodies = self.etrusted.get_bodies("sendReply")
        self.assertEqual([body["sendNotification"] for body in bodies], [False, True])

    def test_impossible_replies_are_refused(self):
        for text, reason in (("  ", "Write something"), ("x" * 10_001, "10001 char")):
            with self.assertRaisesRegex(UserError, reason):
                self._fill(text)
        answer = self._fill("x" * 10_000)
        self._change(1, state="REJECTED")
        self._read(hours=1)
        with self.assertRaisesRegex(UserError, "not public"):
            self._send(answer)

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

    def assertUnclear(self, is_unclear=True, outcome=None):
        self.assertEqual(self.review.may_have_arrived, is_unclear)
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
                self.assertShown(
                    outcome, "danger", f"The reply was not sent ({reason})"
                )
                # The words stay on the screen.
                self.assertEqual(outcome["params"]["next"]["res_id"], form.id)
                self.assertUnclear(False)
                self.assertEqual(self.account.state, "connected")
        self.assertTrue(self.account.limited_until)
        self.assertEqual(self.etrusted.count("getReview"), 0)

    def test_anything_but_the_documented_success_may_have_been_sent(self):
        answers = (SILENCE, (500, {}), (200, "<html>"))
        for number, answer in enumerate(answers):
            with self.subTest(answer=answer):
                self.etrusted.script("sendReply", answer)
                outcome = self._send(self._fill(text=f"Sorry {number}"))
                self.assertUnclear(outcome=outcome)
                self.review.action_mark_checked()
        self.assertFalse(self.review.reply)
        self.assertTrue(self.review.activity_ids)

    def test_a_lost_reply_that_arrived_is_not_repeated(self):
        self._lose("sendReply")
        answer = self._fill(is_buyer_told=True)
        self.assertUnclear(outcome=self._send(answer))
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
        self._lose("sendReply")
        answer = self._fill()
        self._send(answer)
        for trouble in (SILENCE, (502, "<html>"), (403, {}), (200, "<html>")):
            self.etrusted.script("getReview", trouble)
            with self.subTest(trouble=trouble):
                self.assertUnclear(outcome=self._send(answer))
        self.assertEqual(self.etrusted.count("sendReply"), 1)
        self.assertShown(self._send(answer), "success", "received")
        self.assertEqual(self.etrusted.count("sendReply"), 1)
        self.assertEqual(self.review.reply, "We are sorry.")

    def test_a_review_is_read_again_by_a_button(self):
        self._lose("sendReply")
        self._tell(1, self.seller)
        self.assertFalse(self.review.reply)
        self.etrusted.script("getReview", SILENCE)
        outcome = self._press(self.review, "action_read_again")
        self.assertUnclear(outcome=outcome)
        for _press in range(2):
            self.assertIsNone(self._press(self.review, "action_read_again"))
        self.assertUnclear(False)
        self.assertEqual(self.review.reply, "Thank you!")
        self.assertEqual(self.etrusted.count("getReview"), 2)

    def test_a_dead_process_leaves_the_mark(self):
        def die(_body):
            raise SystemExit

        self.etrusted.script("sendReply", die)
        answer = self._fill()
        with suppress(SystemExit):  # assertRaises would take the mark back
            self._send(answer)
        self.assertTrue(self.review.may_have_arrived)
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
        self._take_over(lease_until=lease)
        self._send(self._fill())
        self.assertEqual(self.review.reply, "We are sorry.")
        self.assertTrue(self.review.may_have_arrived)
        self.assertEqual(str(self.review.lease_until), lease)

    def test_a_review_that_is_erased_during_the_call_stays_so(self):
        self._take_over(is_erased=True, lease_until=False, may_have_arrived=False)
        self._send(self._fill())
        self.assertFalse(self.review.reply)

    def test_a_refused_login_sends_nothing(self):
        self.etrusted.always["sendReply"] = (401, {"Message": "disabled"})
        outcome = self._send(self._fill())
        self.assertShown(outcome, "danger", "The reply was not sent (disabled)")
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
