# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The page for people: it shows what there is, and nothing hostile can run in it."""

from lxml import html

from sandbox_process import (
    GERMAN,
    SEED_COUNT,
    make_envelope,
    make_mail,
    make_request,
    send_mail,
)

FORM = "application/x-www-form-urlencoded"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"


def get_page(sandbox, path="/"):
    response = sandbox.http.get(sandbox.url + path, timeout=20)
    assert response.status_code == 200
    return response


def read_page(sandbox, path="/"):
    return html.fromstring(get_page(sandbox, path).text)


def read_section(sandbox, name):
    return " ".join(read_page(sandbox).get_element_by_id(name).text_content().split())


def test_page_has_the_anchors_that_others_link_to(sandbox):
    page = read_page(sandbox)
    names = (
        *("applications", "inbox", "events", "invitations", "reviews", "accounts"),
        *("certificates", "faults", "settings"),
    )
    assert [page.get_element_by_id(name).tag for name in names] == ["section"] * 9
    links = page.xpath("//nav/a/@href")
    assert sorted(links) == sorted(f"#{name}" for name in names)


def test_page_shows_applications_in_every_state(sandbox):
    sandbox.put("settings", pending_seconds=0)
    first = sandbox.apply("S-confirmed")
    guarantee = sandbox.get_state(first)
    sandbox.put("settings", pending_seconds=1000)
    second = sandbox.apply("S-pending")
    third = sandbox.apply("S-rejected")
    sandbox.put("applications", application_number=third, code=-10019)
    sandbox.apply("S-refused", buyerEmail="x")
    text = read_section(sandbox, "applications")
    for expected in (
        f"Confirmed S-confirmed 49.90 EUR guarantee {guarantee}",
        f"Pending S-pending 49.90 EUR application {second}",
        "Rejected S-rejected 49.90 EUR −10019 item not applicable",
        "Refused S-refused 49.90 EUR −10014 e-mail address malformed",
    ):
        assert expected in text
    assert "sandbox-de" not in text


def press(sandbox, path, **data):
    """Send a form of the page, as a browser without scripts does; return the page."""
    url, headers = f"{sandbox.url}/_page/{path}", {"Content-Type": FORM}
    response = sandbox.http.post(url, data=data, headers=headers, timeout=20)
    assert (response.status_code, response.url) == (200, f"{sandbox.url}/")
    return response.text


def test_each_scenario_is_switched_on_and_all_ended_at_once(sandbox):
    forms = read_page(sandbox).xpath("//section[@id='faults']/ul//form")
    titles = [form.xpath("./button/@aria-label")[0] for form in forms]
    for form, title in zip(forms, titles, strict=True):
        assert (form.get("method"), form.action) == ("post", "/_page/faults")
        press(sandbox, "faults", **dict(form.fields))
        words = title.removeprefix("Switch on: ")
        assert f"{words}, until you end it" in read_section(sandbox, "active")
    assert [
        (fault["operation"], fault["kind"], fault["code"], fault["times"])
        for fault in sandbox.get("faults")
    ] == [
        ("*", "refuse", None, None),
        ("requestForProtectionV2", "hang_after", None, None),
        ("*", "html_502", None, None),
        ("requestForProtectionV2", "code", -10006, None),
        ("requestForProtectionV2", "code", -10001, None),
        ("requestForProtectionV2", "code", -10017, None),
        ("badge", "refuse", None, None),
        ("postEvent", "expired", None, None),
        ("postEvent", "http_429", None, None),
        ("postEvent", "hang_after", None, None),
        ("getInviteSettings", "http_403", None, None),
    ]
    press(sandbox, "end", id=sandbox.get("faults")[0]["id"])
    assert len(sandbox.get("faults")) == 10
    sandbox.put("settings", delay_ms=1, mails="refuse", pending_seconds=9)
    press(sandbox, "end")
    assert sandbox.get("faults") == []
    settings = sandbox.get("settings")
    assert (settings["delay_ms"], settings["mails"]) == (0, "accept")
    assert settings["pending_seconds"] == 9
    assert "All is well" in read_section(sandbox, "active")


def test_forms_of_others_and_nonsense_are_refused(sandbox):
    for path, data, headers in (
        ("reset", {}, {"Content-Type": FORM, "Origin": "http://evil.example"}),
        ("reset", {}, {"Content-Type": FORM, "Origin": "null"}),
        ("reset", b"{}", {"Content-Type": "text/plain"}),
        ("settings", {"delay_ms": "x"}, {}),
        ("end", {"id": "1", "all": "1"}, {}),
    ):
        url = f"{sandbox.url}/_page/{path}"
        response = sandbox.http.post(url, data=data, headers=headers, timeout=20)
        assert response.status_code == 400
    assert len(sandbox.get("certificates")) == SEED_COUNT


def test_hostile_text_is_shown_as_text_and_shortened(sandbox):
    fields = ("shopOrderID", "shopCustomerID", "currency", "tsProductId", "paymentType")
    changes = dict.fromkeys(fields, HOSTILE)
    parts = make_request(buyerEmail='"<script>"@example.com', **changes)
    body = make_envelope("ApplicationRequestService", "requestForProtectionV2", parts)
    assert sandbox.post_xml("ApplicationRequestService", body).status_code == 200
    assert sandbox.apply(HOSTILE, shopSystemVersion=HOSTILE) > 0
    send_mail(sandbox, make_mail(HOSTILE, "", HOSTILE))
    certificate = {"ts_id": GERMAN, "type": "CLASSIC", "state": "TEST"}
    sandbox.put("certificates", note=HOSTILE, ws_user=HOSTILE, **certificate)
    sandbox.apply("S" * 100_000, shopSystemVersion="V" * 100_000)
    assert len(get_page(sandbox).text) < 70_000
    page = read_page(sandbox)
    assert page.xpath("//script/@src") == ["/_page/static/page.js"]
    assert not page.xpath("//script/text()")
    assert not page.xpath("//img")
    assert not page.xpath("//@*[starts-with(name(), 'on')]")
    for name in ("applications", "inbox", "certificates"):
        assert HOSTILE in page.get_element_by_id(name).text_content()


def test_page_runs_and_loads_nothing_but_its_own(sandbox):
    for path in ("/", "/_page/sections"):
        policy = get_page(sandbox, path).headers["Content-Security-Policy"]
        assert policy == (
            "default-src 'none'; script-src 'self'; style-src 'self'; "
            "img-src 'self' data:; connect-src 'self'; frame-src 'self'; "
            "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )
    addresses = ["/_page/static/page.css", "/_page/static/page.js", "data:,"]
    assert sorted(read_page(sandbox).xpath("//@src | //link/@href")) == addresses
    kinds = [
        get_page(sandbox, address).headers["Content-Type"] for address in addresses[:2]
    ]
    assert kinds == ["text/css; charset=utf-8", "text/javascript; charset=utf-8"]
    missing = sandbox.http.get(f"{sandbox.url}/_page/static/page.py", timeout=20)
    assert missing.status_code == 404


def test_html_mail_is_shown_in_a_frame_that_runs_nothing(sandbox):
    send_mail(sandbox, make_mail(html="<p>Hello</p><script>alert(1)</script>"))
    (frame,) = read_page(sandbox).xpath("//iframe")
    assert frame.get("sandbox") == "allow-popups allow-popups-to-escape-sandbox"
    assert frame.get("src") is None
    response = get_page(sandbox, frame.get("data-src"))
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Content-Security-Policy"] == (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
        "style-src 'unsafe-inline'; img-src data: http://shop.example; "
        "frame-ancestors 'self'"
    )
    assert "<p>Hello</p>" in response.text
    # A mail of text has no frame.
    send_mail(sandbox, make_mail(html="", text="Only <b>text</b>"))
    page = read_page(sandbox)
    assert len(page.xpath("//iframe")) == 1
    assert page.xpath("//*[@id='inbox']//pre/text()") == ["Only <b>text</b>\n"]
    number = sandbox.get("mails")[1]["id"]
    response = sandbox.http.get(f"{sandbox.url}/_page/mail/{number}", timeout=20)
    assert response.status_code == 404
