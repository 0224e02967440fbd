# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Processes that are killed while they read reviews, or reply to one.

A long import goes on where it was, and no review is stored, or told of, twice. What the
sandbox does wrong with a page is an error, and removes nothing.
"""

import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import requests
from invitation_queue import InvitationQueue

from wsts.steps import wait_for

pytestmark = pytest.mark.full

COUNT = 250
READ = """
job = env.ref("website_sale_trustedshops_reviews.ir_cron_read_reviews")
job.method_direct_trigger()
"""
# Without core's lock and count of the job: as if two servers ran it at once.
READ_UNLOCKED = 'env["trustedshops.review"]._cron_read()'
# Each of the reviews with one star is told of once.
LOW = 10
# As the button does it. Another process at the same review is refused.
REPLY = """
from odoo.exceptions import UserError

review = env["trustedshops.review"].search([("review_ref", "=", {ref!r})])
try:
    outcome = review._send_reply("We are sorry.", is_told=True)
    result = outcome["params"]["type"]
except UserError as error:
    assert "already being sent" in str(error), error
    result = "busy"
"""
OF_REVIEWS = "res_model = 'trustedshops.review'"


class ReviewQueue:
    """The reviews of the channel of a shop.

    :param InvitationQueue invitations: of the same shop, with a connected account
    """

    def __init__(self, invitations):
        self.invitations = invitations
        self.do, self.query = invitations.queue.do, invitations.queue.query
        self.begin, self.end = invitations.queue.begin, invitations.queue.end
        self.sandbox = invitations.shop.sandbox

    def forget(self):
        """Begin as with a new channel, and no reviews there."""
        self.query(f"DELETE FROM mail_activity WHERE {OF_REVIEWS}")
        self.query("DELETE FROM trustedshops_review")
        self.query(
            "UPDATE trustedshops_channel SET reviews_next_page = NULL, reviews_all_at ="
            " NULL, reviews_at = NULL, reviews_error = NULL"
        )
        for review in self.sandbox.get("reviews?limit=100000"):
            address = f"{self.sandbox.url}/_control/reviews/{review['id']}"
            requests.delete(address, timeout=60)
        self.ref = f"rev-crash-{uuid4().hex}"

    def get_mails(self):
        """Return the mails to the writer of the first review."""
        mails = self.sandbox.get("mails")
        return [each for each in mails if self.email in str(each["to"])]

    @property
    def email(self):
        return f"{self.ref}@kunde.example"

    def read_first(self, columns):
        """Return columns of the first review, as texts."""
        sql = f"SELECT {columns} FROM trustedshops_review WHERE review_ref = "
        [row] = self.query(f"{sql}'{self.ref}'")
        return row

    def read_mark(self):
        """Return whether a reply to the first review may have been sent."""
        [mark] = self.read_first("coalesce(may_have_arrived, false)::int")
        return mark == "1"

    def put(self, count=COUNT):
        """Have reviews at the channel, written since it was connected."""
        script = (
            'result = env["trustedshops.channel"].search([("website_id", "!=", False)],'
            ' order="id", limit=1).channel_ref'
        )
        channel_ref, now = self.do(script), datetime.now(UTC)
        rows = [
            {
                "id": f"rev-crash-{number}" if number else self.ref,
                "channelRef": channel_ref,
                "rating": 1 if number < LOW else 5,
                "comment": f"Comment {number}",
                "customer": {} if number else {"email": self.email},
                "submittedAt": f"{now + timedelta(seconds=number):%Y-%m-%dT%H:%M:%SZ}",
            }
            for number in range(count)
        ]
        for start in range(0, count, 1000):
            self.sandbox.post("reviews", rows[start : start + 1000])

    def read_channel(self, columns):
        """Return columns of the channel that is read, as texts."""
        sql = f"SELECT {columns} FROM trustedshops_channel WHERE website_id IS NOT NULL"
        return self.query(f"{sql} AND active ORDER BY id LIMIT 1")[0]

    def let_time_pass(self, hours):
        """Have the channel read as after some hours."""
        names = ("reviews_at", "reviews_tried_at", "reviews_all_at")
        values = (f"{name} = {name} - interval '{hours} hours'" for name in names)
        self.query(f"UPDATE trustedshops_channel SET {', '.join(values)}")
        self.invitations.queue.end_rest()

    def count(self):
        [[count, refs]] = self.query(
            "SELECT count(*), count(DISTINCT review_ref) FROM trustedshops_review"
        )
        assert count == refs
        return int(count)

    def assert_whole(self, count=COUNT):
        """Check that all were read once, and told of once."""
        assert self.count() == count
        [[count, reviews]] = self.query(
            "SELECT count(*), count(DISTINCT res_id) FROM mail_activity"
            f" WHERE {OF_REVIEWS}"
        )
        assert (count, reviews) == (str(LOW), str(LOW))
        [[left]] = self.query(
            "SELECT count(*) FROM trustedshops_channel"
            " WHERE reviews_next_page IS NOT NULL"
        )
        assert left == "0"


@pytest.fixture(scope="module")
def reviews(queue):
    """Return the reviews of a channel whose account is connected."""
    invitations = InvitationQueue(queue).set_up()
    yield ReviewQueue(invitations)
    invitations.tear_down()


@pytest.fixture(autouse=True)
def calm(reviews):
    """Begin and end with a service that behaves, and without reviews of others."""
    reviews.invitations.behave()
    reviews.forget()
    reviews.put()
    yield
    reviews.invitations.behave()
    reviews.forget()


@pytest.mark.parametrize(("when", "count"), [("before", 100), ("after", 200)])
def test_an_import_that_dies_at_a_page_goes_on_there(reviews, when, count):
    # The second of three pages, each with the newest first.
    values = {"reviews_next_page": "rev-crash-50"}
    point = {"when": when, "model": "trustedshops.channel", "values": values}
    assert reviews.do(READ, kill=point)
    assert reviews.count() == count
    reviews.do(READ)
    reviews.assert_whole()


def test_servers_at_once_read_each_review_once(reviews):
    reviews.sandbox.post("settings", {"delay_ms": 50})
    workers = [reviews.begin(READ_UNLOCKED) for _server in range(3)]
    for pid in workers:
        assert reviews.end(pid)["code"] == 0
    reviews.do(READ)
    reviews.assert_whole()


def make_point(when, **values):
    """Return a point for ``queue_worker.py``, at which a process dies."""
    return {"when": when, "model": "trustedshops.review", "values": values}


def make_fault(kind):
    """Return a fault of the sandbox, which answers no reply."""
    return {"operation": "postReply", "kind": kind, "times": 1}


# Where a process dies that replies to a review; whether the reply may have been sent
# then, and how often its buyer was told.
DEATHS = {
    "before the mark": (make_point("before", may_have_arrived=True), False, 0),
    "after the mark": (make_point("after", may_have_arrived=True), True, 0),
    "in the call, early": (make_fault("hang_before"), True, 0),
    "in the call, late": (make_fault("hang_after"), True, 1),
    "before the answer": (make_point("before", reply="*"), True, 1),
    "after the answer": (make_point("after", reply="*"), False, 1),
    # Only the connection to the database ends there: the answer is written by another.
    "with the connection": (make_point("cut", reply="*"), False, 1),
}


@pytest.mark.parametrize("place", DEATHS)
def test_a_reply_whose_process_dies_is_never_sent_twice(reviews, place):
    death, is_unclear, count = DEATHS[place]
    reviews.do(READ)
    reply = REPLY.format(ref=reviews.ref)
    if "kind" in death:
        reviews.sandbox.post("faults", death)
        pid = reviews.begin(reply)
        wait_for(lambda: reviews.sandbox.get("faults") == [], "the call")
        wait_for(lambda: len(reviews.get_mails()) == count, "the reply")
        assert reviews.invitations.queue.kill(pid)["signal"] == 9
    else:
        reviews.end(reviews.begin(reply, death))
    assert reviews.read_mark() == is_unclear
    assert len(reviews.get_mails()) == count
    if is_unclear:
        # While the call may still be under way, nobody else makes one.
        assert reviews.do(reply) == "busy"
        reviews.query("UPDATE trustedshops_review SET lease_until = NULL")
    if is_unclear or not count:
        assert reviews.do(reply) == "success"
    assert reviews.read_mark() is False
    assert len(reviews.get_mails()) == 1
    assert reviews.read_first("reply") == ["We are sorry."]


def test_two_presses_at_once_send_one_reply(reviews):
    reviews.do(READ)
    reviews.sandbox.post("settings", {"delay_ms": 2000})
    reply = REPLY.format(ref=reviews.ref)
    pids = [reviews.begin(reply) for _press in range(2)]
    ends = [reviews.end(pid)["result"] for pid in pids]
    assert sorted(ends) == ["busy", "success"]
    assert len(reviews.get_mails()) == 1
    assert reviews.read_mark() is False


def test_a_first_import_that_is_killed_again_and_again_ends(reviews, request, dice):
    count, kills = (100_000, 40) if request.config.getoption("long") else (1500, 6)
    reviews.put(count)
    before = reviews.sandbox.get("calls").get("getReviews", 0)
    for _kill in range(kills):
        # Core would give a job up for a while that dies three times without a result.
        pid = reviews.begin(READ_UNLOCKED)
        time.sleep(dice.uniform(0.1, 1.5))
        reviews.invitations.queue.kill(pid)
    began_at = time.monotonic()
    for _run in range(200):
        reviews.do(READ)
        if reviews.read_channel("reviews_at IS NOT NULL") == ["t"]:
            break
    reviews.assert_whole(count)
    calls = reviews.sandbox.get("calls")["getReviews"] - before
    # Each kill costs a page at most.
    assert count / 100 <= calls <= count / 100 + kills + 1
    seconds = time.monotonic() - began_at
    print(f"figures: import of {count} reviews, {kills} kills, {seconds:.0f} s after")


def test_a_page_with_an_unreadable_row_is_an_error(reviews):
    reviews.do(READ)
    address = f"{reviews.sandbox.url}/_control/reviews/rev-crash-3"
    requests.delete(address, timeout=60)
    reviews.let_time_pass(7 * 24)
    reviews.sandbox.post("faults", {"operation": "getReviews", "kind": "bad_row"})
    reviews.do(READ)
    state = "SELECT state FROM trustedshops_review WHERE review_ref = 'rev-crash-3'"
    assert reviews.read_channel("reviews_error") == ["unanswered"]
    assert reviews.query(state) == [["approved"]]
    reviews.invitations.behave_well()
    reviews.let_time_pass(1)
    reviews.do(READ)
    assert reviews.read_channel("coalesce(reviews_error, '')") == [""]
    assert reviews.query(state) == [["removed"]]
    [[count]] = reviews.query(
        "SELECT count(*) FROM trustedshops_review WHERE state = 'removed'"
    )
    assert count == "1"


def test_an_old_date_in_the_middle_hides_no_change(reviews):
    reviews.do(READ)
    reviews.let_time_pass(1)
    old = reviews.sandbox.get("reviews?limit=100000")
    reviews.sandbox.post("reviews", [{**each, "title": "Changed"} for each in old])
    fault = {"operation": "getReviews", "kind": "old_row", "times": 3}
    reviews.sandbox.post("faults", fault)
    reviews.do(READ)
    [[count]] = reviews.query(
        "SELECT count(*) FROM trustedshops_review WHERE title = 'Changed'"
    )
    # The copies that claim to be old replace no newer ones.
    assert int(count) == COUNT - 3


def test_pages_without_an_end_are_left(reviews):
    reviews.sandbox.post("faults", {"operation": "getReviews", "kind": "endless"})
    before = reviews.sandbox.get("calls").get("getReviews", 0)
    reviews.do(READ)
    # Three pages of the channel, and the one of the channel without reviews.
    assert reviews.sandbox.get("calls")["getReviews"] - before == 3 + 1
    assert reviews.read_channel("reviews_error") == ["unanswered"]
    assert reviews.count() == 200
    reviews.invitations.behave_well()
    reviews.let_time_pass(1)
    reviews.do(READ)
    reviews.assert_whole()
