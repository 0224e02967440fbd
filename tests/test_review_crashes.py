# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Processes that are killed while they read reviews, or report one.

A long import goes on where it was, and no review is stored, or told of, twice.
"""

import time
from datetime import UTC, datetime, timedelta

import pytest
import requests
from invitation_queue import InvitationQueue

from wsts.steps import wait_for

pytestmark = pytest.mark.full

COUNT = 250
JOB = "website_sale_trustedshops_reviews.ir_cron_{}_reviews"
READ = f'env.ref("{JOB.format("read")}").method_direct_trigger()'
ANSWER = f'env.ref("{JOB.format("answer")}").method_direct_trigger()'
# Without the lock that core takes on the job: as if two servers ran it at once.
READ_UNLOCKED = 'env["trustedshops.review"]._cron_read()'
# Each of the reviews with one star is told of once.
LOW = 10
REPORT = """
review = env["trustedshops.review"].search([("review_ref", "=", "rev-crash-0")])
review._order_task("veto", text="Not our buyer.", reason="untruthful")
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
            "UPDATE trustedshops_channel SET review_pass_at = NULL, review_cursor ="
            " NULL, reviews_complete_at = NULL, reviews_at = NULL, reviews_error = NULL"
        )
        for review in self.sandbox.get("reviews?limit=100000"):
            address = f"{self.sandbox.url}/_control/reviews/{review['id']}"
            requests.delete(address, timeout=60)

    def put(self):
        """Have reviews at the channel, written since it was connected."""
        script = (
            'result = env["trustedshops.channel"].search([("website_id", "!=", False)],'
            ' order="id", limit=1).channel_ref'
        )
        channel_ref, now = self.do(script), datetime.now(UTC)
        rows = [
            {
                "id": f"rev-crash-{number}",
                "channelRef": channel_ref,
                "rating": 1 if number < LOW else 5,
                "comment": f"Comment {number}",
                "submittedAt": f"{now + timedelta(seconds=number):%Y-%m-%dT%H:%M:%SZ}",
            }
            for number in range(COUNT)
        ]
        self.sandbox.post("reviews", rows)

    def count(self):
        [[count, refs]] = self.query(
            "SELECT count(*), count(DISTINCT review_ref) FROM trustedshops_review"
        )
        assert count == refs
        return int(count)

    def assert_whole(self):
        """Check that all were read once, and told of once."""
        assert self.count() == COUNT
        [[count, reviews]] = self.query(
            "SELECT count(*), count(DISTINCT res_id) FROM mail_activity"
            f" WHERE {OF_REVIEWS}"
        )
        assert (count, reviews) == (str(LOW), str(LOW))
        [[left]] = self.query(
            "SELECT count(*) FROM trustedshops_channel WHERE review_pass_at IS NOT NULL"
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
    values = {"review_cursor": "rev-crash-50"}
    point = {"when": when, "model": "trustedshops.channel", "values": values}
    assert reviews.do(READ, kill=point)
    assert reviews.count() == count
    reviews.do(READ)
    reviews.assert_whole()


def test_an_import_that_dies_at_random_goes_on(reviews, request, dice):
    kills = 100 if request.config.getoption("long") else 3
    reviews.sandbox.post("settings", {"delay_ms": 100})
    killed = 0
    for _round in range(kills):
        pid = reviews.begin(READ)
        time.sleep(dice.uniform(0.1, 0.8))
        killed += reviews.invitations.queue.kill(pid)["signal"] == 9
        # After three dead runs Odoo would not run a job once.
        reviews.query("UPDATE ir_cron_progress SET timed_out_counter = 0")
    assert killed
    reviews.invitations.behave_well()
    reviews.do(READ)
    reviews.assert_whole()


def test_servers_at_once_read_each_review_once(reviews):
    reviews.sandbox.post("settings", {"delay_ms": 50})
    workers = [reviews.begin(READ_UNLOCKED) for _server in range(3)]
    for pid in workers:
        assert reviews.end(pid)["code"] == 0
    reviews.do(READ)
    reviews.assert_whole()


@pytest.mark.parametrize("kind", ["hang_before", "hang_after"])
def test_a_report_whose_process_dies_is_never_made_twice(reviews, kind):
    reviews.do(READ)
    before = len(reviews.sandbox.get("vetos"))
    reviews.do(REPORT)
    fault = {"operation": "postVeto", "kind": kind, "times": 1}
    reviews.sandbox.post("faults", fault)
    pid = reviews.begin(ANSWER)
    wait_for(lambda: reviews.sandbox.get("faults") == [], "the call")
    made = int(kind == "hang_after")
    if made:
        wait_for(lambda: len(reviews.sandbox.get("vetos")) > before, "the report")
    assert reviews.invitations.queue.kill(pid)["signal"] == 9
    for _run in range(3):
        reviews.query(
            "UPDATE trustedshops_review_task SET next_attempt_at = now() at time zone"
            " 'UTC', lease_until = now() at time zone 'UTC' WHERE state != 'done'"
        )
        reviews.invitations.queue.end_rest()
        reviews.do(ANSWER)
    [[state, ref]] = reviews.query(
        "SELECT t.state, coalesce(left(r.veto_ref, 4), '') FROM trustedshops_review r"
        " JOIN trustedshops_review_task t ON t.review_id = r.id"
        " WHERE r.review_ref = 'rev-crash-0'"
    )
    assert (state, ref) == (("done", "vet-") if made else ("failed", ""))
    assert len(reviews.sandbox.get("vetos")) - before == made
