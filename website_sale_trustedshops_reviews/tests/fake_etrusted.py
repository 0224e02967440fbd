# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""eTrusted as seen from the HTTP session: what is sent, and what comes back."""

import json
from collections import defaultdict, deque
from urllib.parse import parse_qs, unquote, urlsplit

import requests

from odoo.addons.website_sale_trustedshops.tests.fake_service import make_response

CLIENT_ID = "client-4711"
CLIENT_SECRET = "clientsecret-0815"
HOSTS = (
    "login.etrusted.com",
    "api.etrusted.com",
    "login-qa.etrusted.com",
    "api.etrusted.site",
)
# Operation by method and first part of the path; the last part of the path counts, too.
_OPERATIONS = {
    ("POST", "oauth"): "getToken",
    ("GET", "channels"): "getChannels",
    ("GET", "event-types"): "getEventTypes",
    ("POST", "event-types"): "createEventType",
    ("PUT", "event-types"): "activateEventType",
    ("GET", "invite-settings"): "getInviteSettings",
    ("POST", "events"): "sendEvent",
}
# The same, of the parts of a review.
_REVIEW_OPERATIONS = {
    ("GET", ""): "getReview",
    ("POST", "reply"): "sendReply",
}


def make_channel(ref, url, locale, name="Lampenladen"):
    """Return a channel as the interface describes it."""
    return {
        "id": ref,
        "name": name,
        "url": url,
        "locale": locale,
        "accountRef": "acc-1",
        "createdAt": "2026-01-01T00:00:00.000Z",
    }


def make_setting(ref, event_type, *, enabled=True, delay=5):
    """Return what is set for one type of events at one channel."""
    configuration = {
        "enabled": enabled,
        "sendingDelayInDays": delay,
        "sendingTimeOfDay": "09:00",
        "inviteTemplateId": "tpl-inv-1",
        "questionnaireTemplateId": "tpl-qst-1",
    }
    return {
        "id": ref,
        "channelId": "chl-de",
        "eventTypeId": event_type,
        "serviceInviteConfiguration": dict(configuration),
        "productInviteConfiguration": {**configuration, "enabled": False},
    }


def make_review(number, channel_ref="chl-4711", **values):
    """Return a review as the interface describes it, of that day of October."""
    moment = f"2026-10-{number:02d}T12:00:00.000Z"
    return {
        "id": f"rev-{number}",
        "accountRef": "acc-1",
        "channelRef": channel_ref,
        "rating": 5,
        "title": f"Title {number}",
        "comment": f"Comment {number}",
        "createdAt": moment,
        "submittedAt": moment,
        "updatedAt": moment,
        "state": "APPROVED",
        "type": "SERVICE_REVIEW",
        "verificationType": "VERIFIED",
        "customer": {"firstName": "Erika", "email": "erika@muster.example"},
        "transaction": {"reference": f"R{number:05d}", "date": moment},
        **values,
    }


def make_grades(rating, count):
    """Return a document of the feed, with the same grade for all periods."""
    grade = {"rating": rating, "count": count}
    return {"grades": {name: dict(grade) for name in ("365days", "overall")}}


class FakeETrusted:
    """Canned answers of login and interface.

    Without a script everything is well: every login gets a token, there is one channel,
    every event is taken. :meth:`script` prepares other outcomes, each for one call: an
    exception to raise, or HTTP status, body and headers; a body that is no text is sent
    as JSON.
    """

    def __init__(self):
        self.reset()

    def reset(self):
        """Forget calls and scripts."""
        self.calls = []
        self.requests = []
        self.expires_in = 3600
        self.channels = [make_channel("chl-de", "https://shop.example", "de_DE")]
        self.event_types = [{"id": "ety-checkout", "name": "checkout", "active": True}]
        self.settings = [make_setting("set-checkout", "ety-checkout", delay=7)]
        self.reviews = []
        self.always = {}
        # Client ids whose tokens get no answer, and those of the tokens.
        self.dead = set()
        self._clients = {}
        self._scripts = defaultdict(deque)
        self._count = 0

    def script(self, operation, *outcomes):
        """Prepare the outcomes of the next calls of an operation."""
        self._scripts[operation].extend(outcomes)

    def get_bodies(self, operation):
        """Return what was sent with every call of an operation."""
        return [body for name, body in self.calls if name == operation]

    def count(self, operation):
        """Return how often an operation was called."""
        return len(self.get_bodies(operation))

    def send(self, request):
        """Answer a prepared HTTP request."""
        operation, body = self._read(request)
        self.calls.append((operation, body))
        self.requests.append(request)
        if self._scripts[operation]:
            outcome = self._scripts[operation].popleft()
        elif operation in self.always:
            outcome = self.always[operation]
        else:
            outcome = getattr(self, f"_answer_{operation}")(body)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self._clients.get(token) in self.dead:
            outcome = requests.ReadTimeout("dead")
        if callable(outcome):
            outcome = outcome(body)
        if isinstance(outcome, Exception):
            raise outcome
        status, content, *headers = outcome
        text = content if isinstance(content, str) else json.dumps(content)
        return make_response(status, text, **(headers[0] if headers else {}))

    def _read(self, request):
        """Return the name of an operation, and its values."""
        parts = urlsplit(request.url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        path = [unquote(each) for each in parts.path.strip("/").split("/")]
        if path[0] == "reviews" and len(path) > 1:
            body = json.loads(request.body) if request.body else {}
            part = "".join(path[2:])
            operation = _REVIEW_OPERATIONS[request.method, part]
            return operation, {**body, "id": path[1]}
        if path[0] == "reviews":
            return "getReviews", query
        operation = _OPERATIONS[request.method, path[0]]
        if operation == "getToken":
            return operation, {k: v[0] for k, v in parse_qs(request.body).items()}
        body = json.loads(request.body) if request.body else query
        return operation, {**body, "id": path[1]} if len(path) > 1 else body

    def _answer_getToken(self, body):
        self._count += 1
        token = f"bearer-0815-{self._count}"
        self._clients[token] = body["client_id"]
        return 200, {
            "access_token": token,
            "expires_in": self.expires_in,
            "refresh_expires_in": 0,
            "token_type": "Bearer",
            "not-before-policy": 0,
            "scope": "email profile",
        }

    def _answer_getChannels(self, _body):
        return 200, self.channels

    def _answer_getEventTypes(self, _body):
        return 200, self.event_types

    def _answer_createEventType(self, body):
        name = body["name"]
        self.event_types.append({"id": "ety-odoo", **body})
        self.settings.append(make_setting("set-odoo", "ety-odoo", enabled=False))
        return 201, {"id": "ety-odoo", "name": name}

    def _answer_activateEventType(self, body):
        [row] = [each for each in self.event_types if each["id"] == body["id"]]
        row["active"] = body["active"]
        return 200, row

    def _answer_getInviteSettings(self, _body):
        return 200, self.settings

    def _answer_sendEvent(self, _body):
        self._count += 1
        return 202, {"Message": "Event accepted", "EventRef": f"evt-{self._count}"}

    # === REVIEWS === #
    def _answer_getReviews(self, body):
        """Answer a page, whose link to the next one forgets what was asked for."""
        found = [
            each for each in self.reviews if each["channelRef"] == body["channels"]
        ]
        found.sort(key=lambda each: (each[body["orderBy"]], each["id"]), reverse=True)
        refs = [each["id"] for each in found]
        start, count = 0, int(body["count"])
        if "after" in body:
            if body["after"] not in refs:
                return 400, {"Message": "Invalid request: there is no such review"}
            start = refs.index(body["after"]) + 1
        items = found[start : start + count]
        links = {}
        if len(found) > start + count:
            link = "https://api.etrusted.com/reviews"
            links["next"] = f"{link}?after={items[-1]['id']}&count={count}"
        return 200, {"items": items, "paging": {"count": len(items), "links": links}}

    def _find_review(self, body):
        found = [each for each in self.reviews if each["id"] == body["id"]]
        return found[0] if found else None

    def _answer_getReview(self, body):
        review = self._find_review(body)
        return (200, review) if review else (404, {"Message": "Review not found"})

    def _answer_sendReply(self, body):
        if not (review := self._find_review(body)):
            return 404, {"Message": "Review not found"}
        review["reply"] = {"comment": body["comment"]}
        return 200, review["reply"]
