# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Processes that are killed while they read reviews, or report one.

A long import goes on where it was, and no review is stored, or told of, twice.
"""

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
# Without the lock that core takes on the job: as if two servers ran it at once.
READ_UNLOCKED = 'env["trustedshops.review"]._cron_read()'
# Each of the reviews with one star is told of once.
LOW = 10
# As the button does it. Another process at the same review is refused.
REPORT = """
from odoo.exceptions import UserError

review = env["trustedshops.review"].search([("review_ref", "=", {ref!r})])
try:
    outcome = review._send_task("veto", text="Not our buyer.", reason="untruthful")
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
            "UPDATE trustedshops_channel SET review_pass_at = NULL, review_cursor ="
            " NULL, reviews_complete_at = NULL, reviews_at = NULL, reviews_error = NULL"
        )
        for review in self.sandbox.get("reviews?limit=100000"):
            address = f"{self.sandbox.url}/_control/reviews/{review['id']}"
            requests.delete(address, timeout=60)
        # The service keeps reports of reviews that are gone.
        self.ref = f"rev-crash-{uuid4().hex}"

    def get_reports(self):
        """Return the reports about the first review."""
        reports = self.sandbox.get("vetos")
        return [each for each in reports if each["reviewRef"] == self.ref]

    def read_first(self, columns):
        """Return columns of the first review, as texts."""
        sql = f"SELECT {columns} FROM trustedshops_review WHERE review_ref = "
        [row] = self.query(f"{sql}'{self.ref}'")
        return row

    def read_mark(self):
        """Return what may have been sent about the first review, '' if nothing."""
        [mark] = self.read_first("coalesce(unclear_task, '')")
        return mark

    def put(self):
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
    """Return a fault of the sandbox, which answers no report."""
    return {"operation": "postVeto", "kind": kind, "times": 1}


# Where a process dies that reports a review; what may have been sent then, and how many
# reports were made.
DEATHS = {
    "before the mark": (make_point("before", unclear_task="veto"), "", 0),
    "after the mark": (make_point("after", unclear_task="veto"), "veto", 0),
    "in the call, early": (make_fault("hang_before"), "veto", 0),
    "in the call, late": (make_fault("hang_after"), "veto", 1),
    "before the answer": (make_point("before", veto_ref="*"), "veto", 1),
    "after the answer": (make_point("after", veto_ref="*"), "", 1),
    # Only the connection to the database ends there: the answer is written by another.
    "with the connection": (make_point("cut", veto_ref="*"), "", 1),
}


@pytest.mark.parametrize("place", DEATHS)
def test_a_report_whose_process_dies_is_never_made_twice(reviews, place):
    death, unclear, count = DEATHS[place]
    reviews.do(READ)
    report = REPORT.format(ref=reviews.ref)
    if "kind" in death:
        reviews.sandbox.post("faults", death)
        pid = reviews.begin(report)
        wait_for(lambda: reviews.sandbox.get("faults") == [], "the call")
        wait_for(lambda: len(reviews.get_reports()) == count, "the report")
        assert reviews.invitations.queue.kill(pid)["signal"] == 9
    else:
        reviews.end(reviews.begin(report, death))
    assert reviews.read_mark() == unclear
    assert len(reviews.get_reports()) == count
    # While the call may still be under way, nobody else makes one.
    assert reviews.do(report) == ("busy" if unclear else "success")
    reviews.query("UPDATE trustedshops_review SET lease_until = NULL")
    assert reviews.do(report) == "success"
    assert reviews.read_mark() == ""
    [made] = reviews.get_reports()
    told = reviews.read_first("veto_ref, veto_text")
    assert told == [made["id"], "Not our buyer."]


def test_two_presses_at_once_make_one_report(reviews):
    reviews.do(READ)
    reviews.sandbox.post("settings", {"delay_ms": 2000})
    report = REPORT.format(ref=reviews.ref)
    pids = [reviews.begin(report) for _press in range(2)]
    ends = [reviews.end(pid)["result"] for pid in pids]
    assert sorted(ends) == ["busy", "success"]
    assert len(reviews.get_reports()) == 1
    assert reviews.read_mark() == ""
