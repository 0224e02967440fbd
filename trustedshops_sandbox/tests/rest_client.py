# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A client of the sandbox's REST side, written by hand, and what it sends."""

from dataclasses import dataclass

CLIENT = ("sandbox-client", "sandbox-client-secret")
AUDIENCE = "https://api.etrusted.com"
ACCOUNT = "acc-5a4db0c5-0000-4000-8000-000000000001"
GERMAN = "chl-5a4db0c5-0000-4000-8000-000000000001"
POLISH = "chl-5a4db0c5-0000-4000-8000-000000000002"
CHECKOUT = "ety-5a4db0c5-0000-4000-8000-000000000001"
UNKNOWN = "5a4db0c5-ffff-4000-8000-000000000009"
TYPE = "order_status_from_odoo"
DESK = {"name": "Desk", "sku": "FURN_1", "url": "http://shop.example/desk"}
LINKED = f"/channels/{GERMAN}"
GRADES = f"/feeds/grades/v1/channels/{GERMAN}"


@dataclass
class Rest:
    """One client with its bearer."""

    sandbox: object
    bearer: str = ""

    def log_in(self, **changes):
        """Ask for a bearer, which must be given."""
        response = self.ask_bearer(**changes)
        assert response.status_code == 200, response.text
        self.bearer = response.json()["access_token"]
        return self

    def ask_bearer(self, **changes):
        """Return the answer to a login; a change to None leaves a field out."""
        fields = {
            "grant_type": "client_credentials",
            "client_id": CLIENT[0],
            "client_secret": CLIENT[1],
            "audience": AUDIENCE,
            **changes,
        }
        fields = {name: value for name, value in fields.items() if value is not None}
        url = f"{self.sandbox.url}/oauth/token"
        return self.sandbox.http.post(
            url, data=fields, timeout=20, allow_redirects=False
        )

    def call(self, method, path, data=None, **options):
        """Return the response to a call; ``data`` becomes JSON."""
        headers = {"Authorization": f"Bearer {self.bearer}"}
        headers.update(options.pop("headers", {}))
        url = path if path.startswith("http") else self.sandbox.url + path
        return self.sandbox.http.request(
            method,
            url,
            json=data,
            headers=headers,
            **{"timeout": 20, "allow_redirects": False, **options},
        )

    def get(self, path, **query):
        """Return what a good call answers."""
        response = self.call("GET", path, params=query)
        assert response.status_code == 200, response.text
        return response.json()

    def send(self, method, path, data, status=200):
        """Return what a call with a body answers, whose status is known."""
        response = self.call(method, path, data)
        assert response.status_code == status, response.text
        return response.json()

    def add_type(self, name=TYPE, service=True, product=True):
        """Add an event type that invites; its settings are there at once."""
        self.sandbox.put("settings", invite_settings_seconds=0)
        made = self.send("POST", "/event-types", {"name": name, "active": True}, 201)
        asked = {"service": int(service), "product": int(product)}
        for channel in (GERMAN, POLISH):
            self.sandbox.put("invite_settings", channel=channel, type=name, **asked)
        return made["id"]

    def invite(self, reference="S00001", **changes):
        """Send an event, which is accepted; return its reference."""
        event = make_event(reference, **changes)
        return self.send("POST", "/events", event, 202)["EventRef"]


def make_event(reference="S00001", channel_ref=GERMAN, **changes):
    """Return a good event; a change to None leaves a part out."""
    event = {
        "type": TYPE,
        "customer": {"email": "anna@example.com", "firstName": "Anna"},
        "channel": {"id": channel_ref, "type": "etrusted"},
        "transaction": {"reference": reference, "date": "2026-11-01T10:00:00.000Z"},
        "products": [DESK],
        "system": "Odoo",
        "systemVersion": "19.0",
        **changes,
    }
    return {name: value for name, value in event.items() if value is not None}


def make_calls(**refs):
    """Return a good call of each operation with a bearer: method, path, body.

    :param refs: ``event`` and ``review``.
    """
    review = f"/reviews/{refs['review']}"
    veto = {"comment": "Not our shop", "reason": "UNTRUTHFUL"}
    return {
        "getChannels": ("GET", "/channels", None),
        "putChannel": ("PUT", f"/channels/{GERMAN}", {"name": "New name"}),
        "getEventTypes": ("GET", "/event-types", None),
        "postEventType": ("POST", "/event-types", {"name": "x", "active": True}),
        "putEventType": ("PUT", f"/event-types/{CHECKOUT}", {"active": True}),
        "getInviteSettings": ("GET", f"/invite-settings?channel-id={GERMAN}", None),
        "postEvent": ("POST", "/events", make_event(type="checkout")),
        "getEvent": ("GET", f"/events/{refs['event']}", None),
        "getReviews": ("GET", "/reviews", None),
        "getReviewsMinimal": ("GET", "/reviews-minimal", None),
        "getReviewsCount": ("GET", "/reviews/count", None),
        "getReview": ("GET", review, None),
        "postReply": ("POST", f"{review}/reply", {"comment": "Thank you"}),
        "getReply": ("GET", f"{review}/reply", None),
        "deleteReply": ("DELETE", f"{review}/reply", None),
        "postVeto": ("POST", f"{review}/vetos", veto),
        "getVeto": ("GET", f"{review}/vetos", None),
        "getAggregateRating": (
            *("GET", f"{LINKED}/service-reviews/aggregate-rating", None),
        ),
    }


FEEDS = {
    "shopGradeFeed": f"{GRADES}/touchpoints/all/feed.json",
    "productGradeFeed": f"{GRADES}/products/sku/{b'FURN_1'.hex()}/feed.json",
    "productFeed": f"/feeds/products/v1{LINKED}/sku/{b'FURN_1'.hex()}/feed.json",
    "productReviewsFeed": (
        f"/feeds/product-reviews/v1{LINKED}/sku/{b'FURN_1'.hex()}/default/all/feed.json"
    ),
}


def fill(rest):
    """Let there be one of everything; return the calls that ask for it."""
    sandbox = rest.sandbox
    for ref, about in (
        ("rev-1", {"reply": {"comment": "Thank you"}}),
        ("rev-3", {}),
        ("rev-2", {"type": "PRODUCT_REVIEW", "product": {**DESK, "id": "prt-1"}}),
    ):
        sandbox.put("reviews", id=ref, channelRef=GERMAN, rating=4, **about)
    veto = {"comment": "Not our shop", "reason": "ABUSIVE"}
    rest.send("POST", "/reviews/rev-1/vetos", veto, 201)
    event = rest.invite(type="checkout")
    return make_calls(event=event, review="rev-1")
