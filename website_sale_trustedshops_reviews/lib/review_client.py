# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Client for reading reviews at eTrusted, and replying to them.

Texts become plain text without characters that would break a database or a list,
because buyers may write anything. The client does not read names or addresses of
buyers.

Source: developers.etrusted.com
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs, urlencode, urlsplit

from odoo.addons.website_sale_trustedshops.lib.exceptions import (
    RefusedError,
    RetryableError,
    make_unreadable_error,
)
from odoo.addons.website_sale_trustedshops.lib.http import log_call

from .etrusted import ETrustedClient
from .parsing import (
    REF,
    get_object,
    get_ref,
    get_text,
    is_object,
    load_object,
    quote_ref,
    to_moment,
)

# Reviews on one page; the service gives up to 1000.
PAGE_SIZE = 100
# Values of eTrusted that this client knows.
STATES = ("SUBMITTED", "APPROVED", "REJECTED", "MODERATION", "DISCARDED")
PRODUCT = "PRODUCT_REVIEW"
# What a list of reviews is sorted by, the newest first: the last change of any kind, or
# the moment of writing, which no change moves.
CHANGED, WRITTEN = "updatedAt", "submittedAt"

# HTTP statuses: the object never existed, or is gone.
_NOT_FOUND = (404, 410)
# Control characters, lone surrogates, and marks that change the direction of text.
_UNBEARABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)


@dataclass(frozen=True)
class Reply:
    """The public reply of the shop to a review.

    :param str text: text of the reply, may have several lines
    :param at: when it was last changed, UTC, naive; None if the answer does not say
    :type at: datetime.datetime or None
    """

    text: str = field(repr=False)
    at: datetime | None


@dataclass(frozen=True)
class Review:
    """A review as Trusted Shops has it; '' or None for what the answer omits.

    :param str ref: ``rev-…``
    :param int stars: number of stars, from 1 to 5, the best
    :param str title: one line
    :param str comment: plain text, may have several lines
    :param str state: one of ``STATES``, or another word of Trusted Shops
    :param bool is_of_product: whether it is about the product ``sku``, not the shop
    :param bool is_verified: whether Trusted Shops verified the purchase
    :param submitted_at: UTC, naive
    :param updated_at: last change of any kind, UTC, naive
    :param edited_at: last change by the buyer, UTC, naive
    :param str reference: number of the order
    :param ordered_at: date of the order as Trusted Shops has it, UTC, naive
    :type ordered_at: datetime.datetime or None
    :param str event_ref: ``evt-…`` of the event that led to the invitation
    :param str sku: identifier of the product
    :param str product_name: one line
    :param reply: None without one
    :type reply: Reply or None
    """

    ref: str
    stars: int
    title: str = field(repr=False)
    comment: str = field(repr=False)
    state: str
    is_of_product: bool
    is_verified: bool
    submitted_at: datetime | None
    updated_at: datetime | None
    edited_at: datetime | None
    reference: str
    ordered_at: datetime | None
    event_ref: str
    sku: str
    product_name: str
    reply: Reply | None


@dataclass(frozen=True)
class ReviewPage:
    """A page of the reviews of a channel.

    :param reviews: those that could be read, each once
    :type reviews: tuple of Review
    :param bool is_whole: whether every row of the page could be read
    :param refs: ids of all rows of the page, also of other channels
    :type refs: frozenset of str
    :param str cursor: cursor of the next page, '' on the last one
    :param int count: number of reviews that the call asked for
    """

    reviews: tuple
    is_whole: bool
    refs: frozenset
    cursor: str
    count: int


class ReviewClient(ETrustedClient):
    """Client of eTrusted for reviews; see ``ETrustedClient`` for the errors.

    A call that changes something also raises ``RetryableError`` after a good status
    without the JSON of eTrusted, because a gateway may have answered.
    """

    # In bytes. If a page is larger, ``get_reviews`` asks for fewer reviews.
    _limits = {"max_size": 2 * 1024 * 1024}

    @log_call("getReviews")
    def get_reviews(self, channel_ref, *, order=CHANGED, cursor="", count=PAGE_SIZE):
        """Return a page of the reviews of a channel.

        If the answer is too large, ask again for half as many reviews. The links to the
        next page lose the filters and may lead anywhere, so only their cursor is used.

        :param str channel_ref: ``chl-…``
        :param str order: ``CHANGED`` or ``WRITTEN``
        :param str cursor: cursor that the page before gave, '' for the first page
        :param int count: number of reviews to ask for
        :rtype: ReviewPage
        :raise RetryableError: also if the list is empty, and its total is not 0
        """
        query = {"channels": quote_ref(channel_ref), "orderBy": order}
        if cursor:
            query["after"] = cursor
        while True:
            path = "/reviews?" + urlencode({**query, "count": count})
            answer = self._call("GET", path, "getReviews")
            if not answer.is_too_large or count == 1:
                return _to_page(answer, channel_ref, cursor, count)
            count //= 2

    @log_call("getReview")
    def get_review(self, review_ref):
        """Return a review, None if eTrusted does not know it or hides it.

        :param str review_ref: ``rev-…``
        :rtype: Review or None
        :raise RetryableError: also if it has no id, or not 1 to 5 stars
        """
        path = f"/reviews/{quote_ref(review_ref)}"
        try:
            answer = self._call("GET", path, "getReview")
        except RefusedError as error:
            if error.status in _NOT_FOUND:
                return None
            raise
        if not (review := _to_review(load_object(answer.content))):
            raise make_unreadable_error("getReview")
        return review

    @log_call("sendReply")
    def send_reply(self, review_ref, text, *, is_buyer_told=False):
        """Publish a reply to a review, or replace the reply.

        :param str review_ref: ``rev-…``
        :param str text: the public reply
        :param bool is_buyer_told: whether Trusted Shops sends the buyer an e-mail
        """
        path = f"/reviews/{quote_ref(review_ref)}/reply"
        body = {"comment": text, "sendNotification": is_buyer_told}
        answer = self._call("POST", path, "sendReply", body=body, personal=[text])
        _check_done(answer, "sendReply")


# === ANSWERS === #


def _check_done(answer, operation):
    """Check that an answer says that eTrusted did what was asked.

    :raise RetryableError: unless it is a JSON object with another status than 202, or
        empty with status 204
    """
    is_empty = answer.status_code == 204 and not answer.content
    if not is_empty and (answer.status_code == 202 or not is_object(answer.content)):
        detail = f" (HTTP status {answer.status_code})"
        raise make_unreadable_error(operation, detail)


def _to_page(answer, channel_ref, cursor, count):
    """Return the page of reviews in an answer, without those of other channels.

    :param Answer answer: answer of eTrusted
    :param str channel_ref: ``chl-…`` of the request
    :param str cursor: cursor of the request
    :param int count: number of reviews that the request asked for
    :rtype: ReviewPage
    :raise RetryableError: if it is not a page, or the first one has lost its rows
    """
    document = load_object(answer.content)
    items = document.get("items")
    is_lost = not cursor and not items and document.get("totalElements")
    if not isinstance(items, list) or is_lost:
        raise make_unreadable_error("getReviews")
    rows = [each if isinstance(each, dict) else {} for each in items]
    # Ignore other channels: the answer may have more than was asked for.
    own = [row for row in rows if row.get("channelRef", channel_ref) == channel_ref]
    reviews, by_ref = [_to_review(row) for row in own], {}
    for review in filter(None, reviews):
        by_ref.setdefault(review.ref, review)
    return ReviewPage(
        reviews=tuple(by_ref.values()),
        is_whole=all(reviews),
        refs=frozenset(filter(None, map(_get_ref, rows))),
        cursor=_to_cursor(document),
        count=count,
    )


def _to_cursor(document):
    """Return the cursor of the next page, '' on the last page.

    Take it from the link to the next page, which the last page lacks; in an answer
    without any links, take the cursor itself.

    :raise RetryableError: if the cursor is not one
    """
    paging = get_object(document, "paging")
    if isinstance(paging.get("links"), dict):
        link = paging["links"].get("next")
        if not link:
            return ""
        query = urlsplit(link).query if isinstance(link, str) else ""
        cursor = parse_qs(query).get("after", [None])[0]
    else:
        cursor = get_object(paging, "cursor").get("after") or ""
    if cursor != "" and not (isinstance(cursor, str) and REF.fullmatch(cursor)):
        raise make_unreadable_error("getReviews")
    return cursor


def _get_ref(row):
    """Return the id of a JSON object, '' if it is invalid."""
    try:
        return get_ref(row, "getReviews")
    except RetryableError:
        return ""


def _to_review(row):
    """Return the review in a JSON object, None without an id or 1 to 5 stars."""
    ref, stars = _get_ref(row), row.get("rating")
    if not ref or type(stars) not in (int, float) or stars not in (1, 2, 3, 4, 5):
        return None
    transaction = get_object(row, "transaction")
    product = get_object(row, "product")
    event_ref = get_text(get_object(row, "event"), "id")
    return Review(
        ref=ref,
        stars=int(stars),
        title=get_text(row, "title"),
        comment=_clean(row.get("comment")),
        state=get_text(row, "state"),
        is_of_product=row.get("type") == PRODUCT,
        is_verified=row.get("verificationType") == "VERIFIED",
        submitted_at=_get_moment(row, "submittedAt") or _get_moment(row, "createdAt"),
        updated_at=_get_moment(row, "updatedAt"),
        edited_at=_get_moment(row, "editedAt"),
        reference=get_text(transaction, "reference"),
        ordered_at=_get_moment(transaction, "date"),
        event_ref=event_ref if REF.fullmatch(event_ref) else "",
        sku=get_text(product, "sku"),
        product_name=get_text(product, "name"),
        reply=_to_reply(get_object(row, "reply")),
    )


def _to_reply(row):
    """Return the reply in a JSON object, None without a text."""
    text = _clean(row.get("comment"))
    at = _get_moment(row, "updatedAt") or _get_moment(row, "createdAt")
    return Reply(text, at) if text else None


def _get_moment(row, name):
    """Return the moment under a key: UTC, naive, in whole seconds; or None."""
    return to_moment(get_text(row, name))


def _clean(value):
    """Return a text without control characters, with at most 100,000 characters.

    It may have several lines; '' if the value is not a text.
    """
    if not isinstance(value, str):
        return ""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return _UNBEARABLE.sub("", lines).strip()[:100_000]


def is_same_text(text, other):
    """Return True if two texts differ at most in white space and control characters.

    Trusted Shops may change these.

    :param text: text that was sent, or read back
    :type text: str or None or False
    :param other: text to compare with
    :type other: str or None or False
    :rtype: bool
    """
    return _clean(text).split() == _clean(other).split()
