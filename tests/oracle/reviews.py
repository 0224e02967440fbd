# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reviews: every answer while they are read, what they belong to, and the desk."""

import requests

from odoo.addons.website_sale_trustedshops_reviews.tests.review_common import (
    make_review,
)

from . import adapter, rest
from .answers import REST_GARBAGE, REST_TROUBLE

AREA = "reviews"
SILENCE = requests.ReadTimeout("no answer")
PAGE_ANSWERS = {
    **REST_TROUBLE,
    **REST_GARBAGE,
    "no reviews": (200, {"items": []}),
    "reviews of another channel": (200, {"items": [make_review(8, "chl-other")]}),
    "reviews that make no sense": (
        200,
        {"items": [{"id": "rev-1"}, {"rating": 5}, 7, make_review(3, rating=6)]},
    ),
    "a link to itself": (
        200,
        {
            "items": [make_review(1)],
            "paging": {"links": {"next": "https://x/reviews?after="}},
        },
    ),
    "a link that is none": (200, {"items": [], "paging": {"links": {"next": 7}}}),
}
DONE = {
    "HTTP 200": (200, {}),
    "HTTP 201": (201, {"id": "vet-9"}),
    "HTTP 204": (204, ""),
}
DESK_ANSWERS = {**DONE, **REST_TROUBLE}
LOOK_ANSWERS = {
    "it is there": None,
    "another reply": (200, make_review(1, reply={"comment": "Other"})),
    "no reply": (200, make_review(1)),
    **REST_TROUBLE,
    **REST_GARBAGE,
}
TASKS = ("reply", "retract", "veto")
# What Trusted Shops is asked to do.
OPERATIONS = {"reply": "sendReply", "retract": "deleteReply", "veto": "sendVeto"}


class TestReading(rest.RestCase):
    """What Trusted Shops answers while reviews are read."""

    area = AREA

    def stories(self):
        for state in ("first", "read", "night", "missing"):
            with self.prepared(self._bring, state):
                for number, (name, answer) in enumerate(PAGE_ANSWERS.items()):
                    if state in ("read", "missing") or number % 3 == len(state) % 3:
                        yield f"{state}: {name}", self._tell, state, answer

    def _bring(self, state):
        """Have some reviews, in a state of reading them."""
        self._put(1, rating=1)
        self._put(2, 3)
        if state == "first":
            return
        self._read()
        if state == "missing":
            self._drop(2)

    def _tell(self, state, answer):
        self.go_on()
        self._put(1, rating=2)
        self._put(*((4,) if state == "missing" else (2, 4)), rating=4)
        operation = "getReview" if state == "missing" else "getReviews"
        self.etrusted.script(operation, answer)
        pause = {"read": {"hours": 1}, "first": {}}.get(state, {"days": 1})
        yield "it is read", lambda: self._read(**pause)
        yield "an hour later", lambda: self._read(hours=1)
        yield "a day later", lambda: self._read(days=1)


class TestBelonging(rest.RestCase):
    """What reviews belong to, and what happens to them."""

    area = AREA

    def stories(self):
        for name in self._list_links():
            yield f"about {name}", self._tell_link, name
        for name in self._list_changes():
            for answered in ("not answered", "replied", "reported"):
                yield f"{answered}, {name}", self._tell_change, name, answered
        for size in (1, 2, 3, 5):
            yield f"five reviews in pages of {size}", self._tell_pages, size
        for state in ("SUBMITTED", "MODERATION", "REJECTED", "DISCARDED", "NEW"):
            yield f"in state {state}", self._tell_state, state
        for stars in range(6):
            yield f"low is {stars}", self._tell_low, stars
        yield "a month", self._tell_month
        yield "a person is erased", self._tell_erased

    def _list_links(self):
        """Return to what a review may belong, by what it is called."""
        before = "2026-10-01T12:00:00.000Z"
        return {
            "an invited order": lambda: self._put_event(self._order_once()),
            "a number with consent": lambda: self._put_about(self._order_once(), 1),
            "a number without consent": lambda: self._put_about(
                self._order_once(consent=False), 1
            ),
            "a number with Trustcard": lambda: self._put_about(
                self._make_carded_order(name="WEB/1"), 1
            ),
            "an older number": lambda: self._put_about(
                self._order_once(), 1, submittedAt=before
            ),
            "an older order": lambda: self._put_about(
                self._order_once(),
                1,
                transaction={"reference": "WEB/1", "date": before},
            ),
            "an order without date": lambda: self._put_about(
                self._order_once(), 1, transaction={"reference": "WEB/1"}
            ),
            "a number of two orders": self._put_twice,
            "an order of no website": lambda: self._put_about(
                self._order_once(website_id=False), 1
            ),
            "a cart": lambda: self._put_about(self._order_once(confirm=False), 1),
            "a product": lambda: self._put_product("LAMP"),
            "an unknown product": lambda: self._put_product("NONE"),
        }

    def _order_once(self, **values):
        return self._make_order(name="WEB/1", **values)

    def _put_event(self, order):
        """Have a review to which the invitation of an order led."""
        self._run_invites()
        ref = order.sudo().trustedshops_invitation_ids.event_ref
        self._put_about(order, 1, event={"id": ref})

    def _put_twice(self):
        self._order_once()
        self._put_about(self._order_once(), 1)

    def _put_product(self, sku):
        self.goods.product_tmpl_id.trustedshops_sku = "LAMP"
        product = {"sku": sku, "name": "Lamp"}
        self._put(1, rating=2, type="PRODUCT_REVIEW", product=product)

    def _tell_link(self, name):
        yield name, self._list_links()[name]
        yield "it is read", lambda: self._read(hours=1)

    def _list_changes(self):
        """Return what may happen to a review, by what it is called."""
        now = "2026-11-02T11:30:00.000Z"
        return {
            "better": lambda: self._change(1, rating=5, editedAt=now),
            "worse words": lambda: self._change(1, comment="Worse", editedAt=now),
            "no date of a change": lambda: self._change(1, comment="Worse"),
            "not public": lambda: self._change(1, state="MODERATION"),
            "removed": lambda: self._drop(1),
            "replied there": lambda: self._change(
                1, reply={"comment": "Sorry there", "createdAt": now}
            ),
            "reply gone there": lambda: self._change(1, reply=None),
            "the channel is archived": lambda: self.channel.write({"active": False}),
            "the channel is gone": lambda: self.channel.write({"hold_reason": "gone"}),
            "the account is archived": lambda: self.account.write({"active": False}),
            "the login is refused": lambda: self.account.write({"state": "refused"}),
        }

    def _tell_change(self, name, answered):
        self._put(1, rating=2)
        yield "it is read", self._read
        if answered != "not answered":
            task = {"replied": "reply", "reported": "veto"}[answered]
            yield answered, lambda: adapter.answer_review(self, "rev-1", task)
        self._wait(minutes=90)
        yield name, self._list_changes()[name]
        yield "it is read", lambda: self._read(minutes=10)
        yield "a day later", lambda: self._read(days=1)

    def _tell_pages(self, size):
        for number in range(1, 6):
            self._put(number, rating=number)
        yield "all are read", lambda: self._read(size)
        self._change(2, comment="Changed")
        yield "an hour later", lambda: self._read(size, hours=1)
        self._drop(3)
        yield "a day later", lambda: self._read(size, days=1)

    def _tell_state(self, state):
        self._put(1, rating=1, state=state)
        yield "it is read", self._read
        yield "a reply", lambda: adapter.answer_review(self, "rev-1", "reply")
        self._change(1, state="APPROVED")
        yield "it is public", lambda: self._read(hours=1)

    def _tell_low(self, stars):
        self.channel.low_stars = stars
        for number in range(1, 6):
            self._put(number, rating=number)
        yield "all are read", self._read
        yield "two are low", lambda: self.channel.write({"low_stars": 2})
        self._change(2, rating=3, editedAt="2026-11-02T10:30:00.000Z")
        yield "an hour later", lambda: self._read(hours=1)

    def _tell_month(self):
        yield "an order", self._order_once
        yield "it is invited", self._run_invites
        self._put(1, rating=2, submittedAt="2026-11-02T12:00:00.000Z")
        yield "reviews are read", lambda: self._read(days=1)
        for _day in range(3):
            yield "days later", lambda: self._read(days=14)

    def _tell_erased(self):
        order = yield "an order", self._order_once
        yield "a review", lambda: self._put_event(order)
        self._put(2, transaction={"reference": "WEB/1"})
        yield "it is read", lambda: self._read(hours=1)
        yield "erased", lambda: adapter.erase(self, rest.EMAIL)
        yield "it is read", lambda: self._read(days=1)


class TestDesk(rest.RestCase):
    """What Trusted Shops answers to replies and reports."""

    area = AREA

    def stories(self):
        for task in TASKS:
            with self.prepared(self._bring_read, task):
                for number, (name, answer) in enumerate(DESK_ANSWERS.items()):
                    if task == "reply" or number % 3 == len(task) % 3:
                        yield f"{task}: {name}", self._tell, task, answer
            with self.prepared(self._bring_lost, task):
                for number, (name, answer) in enumerate(LOOK_ANSWERS.items()):
                    if task == "veto" or number % 3 == len(task) % 3:
                        yield (
                            f"{task} looked for: {name}",
                            self._tell_look,
                            task,
                            answer,
                        )
        with self.prepared(self._bring_read):
            for task in TASKS:
                for role in ("seller", "manager", "accountant", "administrator"):
                    yield f"{role}: {task}", self._tell_role, role, task
            yield "twice", self._tell_twice
            yield "without words", self._tell_empty

    def _bring_read(self, task="reply"):
        """Have a low review that was read, and has a reply that can be deleted."""
        reply = {"reply": {"comment": "Old words"}} if task == "retract" else {}
        self._put_low(**reply)
        self._read()

    def _put_low(self, **values):
        self._put(1, rating=1, **values)

    def _bring_lost(self, task):
        """Have something sent about a review, without an answer."""
        self._bring_read(task)
        self.etrusted.script(OPERATIONS[task], SILENCE)
        adapter.answer_review(self, "rev-1", task)
        self._wait(minutes=2)

    def _tell(self, task, answer):
        self.go_on()
        reply = {"reply": {"comment": "Old words"}} if task == "retract" else {}
        self._put_low(**reply)
        self.etrusted.script(OPERATIONS[task], answer)
        yield task, lambda: adapter.answer_review(self, "rev-1", task)
        yield "again", lambda: adapter.answer_review(self, "rev-1", task)
        yield "it is read", lambda: self._read(days=1)

    def _tell_look(self, task, answer):
        self.go_on()
        self._put_low()
        operation = "getVeto" if task == "veto" else "getReview"
        if answer is None:
            answer = 200, self._get_done(task)
        self.etrusted.script(operation, answer)
        yield "it is read again", lambda: adapter.read_again(self, "rev-1")
        yield "once more", lambda: adapter.answer_review(self, "rev-1", task)

    def _get_done(self, task):
        """Return what Trusted Shops has once a task was done."""
        if task == "veto":
            return {"id": "vet-5", "reason": "ABUSIVE", "comment": adapter.WORDS}
        reply = {"reply": {"comment": adapter.WORDS}} if task == "reply" else {}
        return make_review(1, rating=1, **reply)

    def _tell_role(self, role, task):
        self.go_on()
        self._put_low()
        yield task, lambda: adapter.answer_review(self, "rev-1", task, role)

    def _tell_twice(self):
        self.go_on()
        self._put_low()
        for task in ("reply", "reply", "veto", "reply", "veto", "veto"):
            yield task, lambda task=task: adapter.answer_review(self, "rev-1", task)

    def _tell_empty(self):
        self.go_on()
        self._put_low()
        for task in ("reply", "veto"):
            yield (
                task,
                lambda task=task: adapter.answer_review(self, "rev-1", task, text=" "),
            )
        yield (
            "no reason",
            lambda: adapter.answer_review(self, "rev-1", "veto", reason=False),
        )


class TestLives(rest.RestCase):
    """Reviews that are written, changed, answered and removed, with trouble."""

    area = AREA

    def stories(self):
        for number in range(20):
            yield f"life {number}", self._tell

    def _tell(self):
        happenings = self._list_happenings()
        self._put(1, 2, rating=2)
        for _count in range(7):
            words = self.dice.choice(list(happenings))
            yield words, happenings[words]
            pause = self.dice.choice((1, 3, 26))
            yield "it is read", lambda pause=pause: self._read_some(pause)

    def _read_some(self, hours):
        self._read(self.dice.choice((1, 2, 100)), hours=hours)

    def _pick(self):
        return self.dice.randrange(1, 4)

    def _now(self):
        return f"{self.clock():%Y-%m-%dT%H:%M:%S.000Z}"

    def _list_happenings(self):
        """Return what may happen, by what it is called."""
        return {
            "one is written": lambda: self._put(
                self._pick(), rating=self.dice.randrange(1, 6)
            ),
            "one is edited": lambda: self._change_one(
                rating=self.dice.randrange(1, 6), editedAt=self._now()
            ),
            "one is removed": lambda: self._drop(self._pick()),
            "a reply": lambda: self._want("reply"),
            "a report": lambda: self._want("veto"),
            "a reply is taken back": lambda: self._want("retract"),
            "read again": lambda: adapter.read_again(self, f"rev-{self._pick()}"),
            "trouble": self._script,
            "a reply there": lambda: self._change_one(
                reply={"comment": "There", "createdAt": self._now()}
            ),
        }

    def _change_one(self, **values):
        number = self._pick()
        refs = {each["id"] for each in self.etrusted.reviews}
        self.need(f"rev-{number}" in refs)
        self._change(number, **values)

    def _want(self, task):
        adapter.answer_review(self, f"rev-{self._pick()}", task)

    def _script(self):
        for operation in ("getReviews", "getReview", "sendReply", "sendVeto"):
            answer = REST_TROUBLE[self.dice.choice(list(REST_TROUBLE))]
            self.etrusted.script(operation, answer)
