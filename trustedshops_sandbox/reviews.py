# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reviews: their shape, how they are searched, and what shops do with them.

A review is a JSON object as the service shows it; the columns beside it are for the
search only.
"""

import json
import re
from urllib.parse import urlencode

from .accounts import find_channel, make_ref
from .fields import is_flag, is_text, matches, one_of, read_fields, whole
from .moments import format_moment, read_moment
from .refusal import Refusal

TYPES = SERVICE, PRODUCT = ("SERVICE_REVIEW", "PRODUCT_REVIEW")
STATES = ("SUBMITTED", "APPROVED", "REJECTED", "MODERATION", "DISCARDED")
VETO_REASONS = (
    *("UNTRUTHFUL", "ABUSIVE", "VIOLATES_THE_TERMS_OF_USE", "INAPPROPRIATE_IMAGE"),
)
# Column by a value of ``orderBy``; that the last two are the same is an assumption.
_ORDERS = {
    "submittedAt": "submitted",
    "updatedAt": "updated",
    "editedAt": "edited",
    "lastEditedAt": "edited",
}
# Characters of what a buyer and a shop write: assumptions, more than any test needs.
_MAX_COMMENT = 100_000
_MAX_REPLY = 10_000
_REF = re.compile(r"rev-[A-Za-z0-9-]{1,100}")


def _is_object(value):
    return isinstance(value, dict)


def _is_long_text(value):
    return isinstance(value, str) and len(value) <= _MAX_COMMENT


def _is_moment(value):
    return value == "" or read_moment(value) is not None


_TEXT = "a text of 200 characters at most"
_MOMENT = "a moment with a zone, like 2026-01-31T12:00:00Z"
_LONG = f"a text of {_MAX_COMMENT} characters at most"
_FIELDS = {
    "id": (matches(_REF), "rev- and letters, digits and -", ""),
    "channelRef": (is_text, "the id of a channel", None),
    "rating": (whole(1, 5), "a whole number from 1 to 5", None),
    "type": (one_of(TYPES), "one of " + ", ".join(TYPES), SERVICE),
    "state": (one_of(STATES), "one of " + ", ".join(STATES), "APPROVED"),
    "verificationType": (
        one_of(("VERIFIED", "UNDEFINED")),
        "VERIFIED or UNDEFINED",
        "VERIFIED",
    ),
    "title": (_is_long_text, _LONG, ""),
    "comment": (_is_long_text, _LONG, ""),
    "createdAt": (_is_moment, _MOMENT, ""),
    "submittedAt": (_is_moment, _MOMENT, ""),
    "updatedAt": (_is_moment, _MOMENT, ""),
    "editedAt": (_is_moment, _MOMENT, ""),
    "accountRef": (is_text, _TEXT, ""),
    "inviteRef": (is_text, _TEXT, ""),
    "customer": (_is_object, "an object", {}),
    "transaction": (_is_object, "an object", {}),
    "event": (_is_object, "an object", {}),
    "product": (_is_object, "an object", {}),
    "questionnaire": (_is_object, "an object", {}),
    "metadata": (_is_object, "an object", {}),
    "reply": (_is_object, "an object", {}),
    "hasAttachments": (is_flag, "true or false", False),
}
# Fields that a review does not have when there is nothing to say.
_OPTIONAL = (
    *("editedAt", "inviteRef", "event", "product", "questionnaire", "metadata"),
    "reply",
)
_MINIMAL = (
    *("id", "accountRef", "channelRef", "rating", "title", "comment", "createdAt"),
    *("updatedAt", "submittedAt", "editedAt", "state", "type", "verificationType"),
)


def make_review(store, data, now):
    """Return a review from what was entered, with all fields.

    :param dict data: ``channelRef`` and ``rating`` at least.
    :raise ValueError: in plain words, when something does not fit.
    """
    review = read_fields(data, _FIELDS, "A review")
    channel = store.get_record("channel", review["channelRef"])
    if not channel:
        raise ValueError("A review: there is no channel with this 'channelRef'.")
    if (review["type"] == PRODUCT) != bool(review["product"]):
        raise ValueError("A review: 'product' belongs to the type PRODUCT_REVIEW.")
    moment = format_moment(now)
    review["id"] = review["id"] or make_ref("rev")
    review["accountRef"] = review["accountRef"] or channel["accountRef"]
    review["submittedAt"] = _normalise(review["submittedAt"]) or moment
    for name in ("createdAt", "updatedAt"):
        review[name] = _normalise(review[name]) or review["submittedAt"]
    review["editedAt"] = _normalise(review["editedAt"])
    return {
        name: value for name, value in review.items() if value or name not in _OPTIONAL
    }


def _normalise(text):
    """Return a moment as all of them are written, so that texts sort by time."""
    return format_moment(read_moment(text)) if text else ""


def put_review(store, review):
    """Add a review or replace the one with the same id.

    :param dict review: complete, see ``make_review``.
    """
    product = review.get("product", {})
    columns = {
        "ref": review["id"],
        "channel": review["channelRef"],
        "type": review["type"],
        "state": review["state"],
        "rating": review["rating"],
        "verified": review["verificationType"] == "VERIFIED",
        "replied": "reply" in review,
        "submitted": review["submittedAt"],
        "updated": review["updatedAt"],
        "edited": review.get("editedAt") or review["submittedAt"],
        "reference": str(review["transaction"].get("reference", "")),
        "email": str(review["customer"].get("email", "")),
        "data": json.dumps(review),
        **{
            name: str(product[name]) if product.get(name) else None
            for name in ("sku", "gtin", "mpn")
        },
    }
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns)
    store.run(
        f"INSERT INTO review ({', '.join(columns)}) "
        f"VALUES ({', '.join('?' * len(columns))}) "
        f"ON CONFLICT (ref) DO UPDATE SET {changes}",
        *columns.values(),
    )


def get_reviews(store, *, limit=-1):
    """Return the reviews as dicts, in the order in which they came.

    :param int limit: at most so many, the newest; -1 for all.
    """
    rows = store.run(
        "SELECT data FROM (SELECT id, data FROM review ORDER BY id DESC LIMIT ?) "
        "ORDER BY id",
        limit,
    )
    return [json.loads(row["data"]) for row in rows]


def delete_review(store, ref):
    """Delete a review; tell whether there was one."""
    return bool(store.run("DELETE FROM review WHERE ref = ? RETURNING id", ref))


def find_review(store, ref):
    """Return a review, or None."""
    rows = store.run("SELECT data FROM review WHERE ref = ?", ref)
    return json.loads(rows[0]["data"]) if rows else None


def find_reviews_of_invite(store, reference, channel_ref, invite_ref):
    """Return the reviews that were written by the link of an invitation."""
    rows = store.run(
        "SELECT data FROM review WHERE channel = ? AND reference = ?",
        *(channel_ref, reference),
    )
    reviews = [json.loads(row["data"]) for row in rows]
    return [review for review in reviews if review.get("inviteRef") == invite_ref]


# Search


def _split(call, name, allowed):
    """Return the values of a list in the query, all of them allowed."""
    values = [value.strip() for value in call.args[name].split(",") if value.strip()]
    for value in values:
        if value not in allowed:
            raise Refusal(400, f"Invalid request: {name} {value[:100]!a} is unknown")
    return values


def _make_in(column, values):
    return f"{column} IN ({', '.join('?' * len(values))})", values


def _read_channels(call):
    """Return the test for the channels: those asked for, or all that are allowed."""
    if call.args.get("channels"):
        refs = [ref.strip() for ref in call.args["channels"].split(",")]
        for ref in refs:
            find_channel(call.store, call.account, ref)
    else:
        account_ref = call.account["account_ref"]
        forbidden = call.store.get_settings()["forbidden_channels"]
        channels = call.store.get_records("channel", owner=account_ref)
        refs = [each["id"] for each in channels if each["id"] not in forbidden]
    return _make_in("channel", refs)


def _read_submitted(call):
    for name, sign in (("submittedAfter", ">"), ("submittedBefore", "<")):
        if name in call.args:
            moment = read_moment(call.args[name])
            if moment is None:
                raise Refusal(400, f"Invalid request: {name} is no valid timestamp")
            yield f"submitted {sign} ?", [format_moment(moment)]


def _read_flag(call, name):
    if call.args[name] not in ("true", "false"):
        raise Refusal(400, f"Invalid request: {name} must be true or false")
    return call.args[name] == "true"


def _read_filters(call):
    """Return tests and values for what the query asks for."""
    tests = [_read_channels(call), *_read_submitted(call)]
    lists = {"rating": "12345", "status": STATES, "type": TYPES}
    columns = {"rating": "rating", "status": "state", "type": "type"}
    for name, allowed in lists.items():
        if call.args.get(name):
            values = _split(call, name, tuple(allowed))
            tests.append(_make_in(columns[name], values))
    if call.args.get("sku"):
        tests.append(_make_in("sku", call.args["sku"].split(",")))
    if "hasReply" in call.args:
        tests.append(("replied = ?", [_read_flag(call, "hasReply")]))
    if call.args.get("query"):
        test = "(instr(lower(reference), lower(?)) OR instr(lower(email), lower(?)))"
        tests.append((test, [call.args["query"]] * 2))
    return " AND ".join(test for test, _values in tests), [
        value for _test, values in tests for value in values
    ]


def _read_cursor(call, column):
    """Return the test for a cursor, and whether the page comes before it."""
    for name, sign in (("after", "<"), ("before", ">")):
        if name in call.args:
            ref = call.args[name]
            if not find_review(call.store, ref):
                raise Refusal(400, f"Invalid request: there is no review {ref[:100]!a}")
            where = (
                f"({column}, id) {sign} (SELECT {column}, id FROM review WHERE ref = ?)"
            )
            return where, [ref], name == "before"
    return "1", [], False


def _count(call):
    where, values = _read_filters(call)
    statement = f"SELECT count(*) AS number FROM review WHERE {where}"
    return call.store.run(statement, *values)[0]["number"]


def _search(call, count):
    """Return a page of reviews, newest first, and whether more are behind it."""
    order = call.args.get("orderBy", "submittedAt")
    if order not in _ORDERS:
        raise Refusal(400, f"Invalid request: orderBy {order[:100]!a} is unknown")
    column = _ORDERS[order]
    where, values = _read_filters(call)
    cursor, refs, is_before = _read_cursor(call, column)
    direction = "ASC" if is_before else "DESC"
    rows = call.store.run(
        # By the order: with many reviews the other indexes make it sort all of them.
        f"SELECT data FROM review INDEXED BY review_{column} "
        f"WHERE {where} AND {cursor} "
        f"ORDER BY {column} {direction}, id {direction} LIMIT ?",
        *(*values, *refs, count + 1),
    )
    more = is_before or len(rows) > count
    reviews = [json.loads(row["data"]) for row in rows[:count]]
    return reviews[::-1] if is_before else reviews, more


def answer_list(call, count, show):
    """Return a list of reviews with its links, which forget all filters.

    :param int count: of reviews.
    :param show: called with each review, returns what the list has of it.
    """
    items, more = _search(call, count)
    paging = {"count": len(items), "cursor": {}, "links": {}}
    path = "/reviews" if show is show_review else "/reviews-minimal"
    places = (("before", "previous", items[:1]), ("after", "next", more and items[-1:]))
    for name, link, found in places:
        for review in found or ():
            query = urlencode({name: review["id"], "count": count})
            paging["cursor"][name] = review["id"]
            paging["links"][link] = f"{call.root}{path}?{query}"
    return 200, {
        "totalElements": _count(call),
        "paging": paging,
        "items": [show(review) for review in items],
    }


def spoil_page(kind, page, cursor):
    """Change a page of reviews as a fault wants it.

    :param kind: of the fault, or None.
    :param cursor: of the page, None for the first one.
    """
    rows = page["items"]
    if kind == "bad_row" and rows:
        rows[len(rows) // 2]["rating"] = None
    elif kind == "old_row" and rows:
        rows[len(rows) // 2]["updatedAt"] = "2020-01-01T12:00:00.000Z"
    elif kind == "endless" and rows:
        query = urlencode({"after": cursor or rows[-1]["id"]})
        page["paging"]["links"]["next"] = f"/reviews?{query}"


def show_review(review):
    """Return a review as it is."""
    return review


def show_minimal(review):
    """Return the lighter form of a review."""
    return {name: review[name] for name in _MINIMAL if name in review}


def answer_count(call):
    """Return how many reviews there are."""
    answer = {"accountId": call.account["account_ref"], "totalElements": _count(call)}
    if call.args.get("channels"):
        answer["channelList"] = call.args["channels"].split(",")
    return 200, answer


# One review


def get_review(call):
    """Return the review of the path.

    :raise Refusal: 404 for one of another account.
    """
    review = find_review(call.store, call.values["ref"])
    if not review or review["accountRef"] != call.account["account_ref"]:
        raise Refusal(404, "Review not found")
    find_channel(call.store, call.account, review["channelRef"])
    return review


def _change(call, review):
    review["updatedAt"] = format_moment(call.now)
    put_review(call.store, review)


def post_reply(call, notify):
    """Add the shop's reply, or replace it.

    :param notify: called with review and reply, if the buyer is to be told.
    """
    review = get_review(call)
    comment = call.data.get("comment")
    sends = call.data.get("sendNotification", False)
    if not isinstance(comment, str) or not comment.strip():
        raise Refusal(400, 'Invalid request: instance requires property "comment"')
    if len(comment) > _MAX_REPLY or not is_flag(sends):
        raise Refusal(400, "Invalid request: instance is not valid")
    moment = format_moment(call.now)
    old = review.get("reply", {})
    review["reply"] = {
        "comment": comment,
        "createdAt": old.get("createdAt", moment),
        "updatedAt": moment,
        "sendNotification": sends,
    }
    _change(call, review)
    if sends:
        notify(review)
    return 200, review["reply"]


def get_reply(call):
    """Return the reply of a review."""
    reply = get_review(call).get("reply")
    if not reply:
        raise Refusal(404, "Reply not found")
    return 200, reply


def delete_reply(call):
    """Take the reply away."""
    review = get_review(call)
    if "reply" not in review:
        raise Refusal(404, "Reply not found")
    del review["reply"]
    _change(call, review)
    return 204, None


def post_veto(call):
    """Report a review, which is moderated from then on; each call is a new ticket."""
    review = get_review(call)
    for name, is_good in (
        ("comment", _is_long_text),
        ("reason", one_of(VETO_REASONS)),
    ):
        if not is_good(call.data.get(name)):
            text = f"Invalid request: instance.{name} is missing or not valid"
            raise Refusal(400, text)
    for name in ("vetoReporterEmail", "channelName"):
        if not is_text(call.data.get(name, "")):
            raise Refusal(400, f"Invalid request: instance.{name} is not valid")
    moment = format_moment(call.now)
    veto = {
        "id": make_ref("vet"),
        "ticketId": make_ref("tkt"),
        "comment": call.data["comment"],
        "reason": call.data["reason"],
        "createdAt": moment,
        "updatedAt": moment,
    }
    told = ("vetoReporterEmail", "channelName")
    about = {name: call.data[name] for name in told if name in call.data}
    row = {"reviewRef": review["id"], **veto, **about}
    call.store.put_record("veto", veto["id"], row, owner=review["id"])
    review["state"] = "MODERATION"
    _change(call, review)
    return 201, veto


def get_veto(call):
    """Return the newest veto of a review."""
    review = get_review(call)
    vetos = call.store.get_records("veto", owner=review["id"], limit=1)
    if not vetos:
        raise Refusal(404, "Veto not found")
    hidden = ("reviewRef", "vetoReporterEmail", "channelName")
    return 200, {name: vetos[0][name] for name in vetos[0] if name not in hidden}
