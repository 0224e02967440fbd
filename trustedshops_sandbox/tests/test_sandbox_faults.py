# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each fault that can be ordered, as a client sees it."""

import time

import pytest
import requests
import zeep

from sandbox_process import GERMAN, make_request, wait_until

APPLICATIONS = "ApplicationRequestService"
V2 = "requestForProtectionV2"
SCRIPT = '"><script>alert(1)</script>'


def send(sandbox, order="S00001", version="1.1"):
    return sandbox.post_call(APPLICATIONS, V2, make_request(order), version)


def count_applications(sandbox):
    return len(sandbox.get("applications"))


@pytest.mark.parametrize(
    ("kind", "seconds", "count"),
    [("refuse", 0, 0), ("hang_before", 1, 0), ("hang_after", 1, 1)],
)
def test_no_answer(sandbox, kind, seconds, count):
    sandbox.order_fault(V2, kind, seconds=1)
    started = time.monotonic()
    with pytest.raises(requests.ConnectionError):
        send(sandbox)
    assert seconds - 0.1 < time.monotonic() - started < 60
    assert count_applications(sandbox) == count
    assert send(sandbox, "S00002").status_code == 200


@pytest.mark.parametrize(("kind", "count"), [("hang_before", 0), ("hang_after", 1)])
def test_hang_blocks_nobody_else(sandbox, kind, count):
    sandbox.order_fault(V2, kind, seconds=100)
    with pytest.raises(requests.ReadTimeout):
        sandbox.post_call(APPLICATIONS, V2, make_request(), timeout=0.3)
    wait_until(lambda: sandbox.get("faults") == [])
    wait_until(lambda: count_applications(sandbox) == count)
    assert sandbox.apply("S00002") > 0  # within the time limit of a call


# What a client gets in place of the answer.
INSTEAD = [
    ("http_500", 500, {"Content-Type": "text/plain"}, "Internal Server Error\n"),
    ("html_502", 502, {"Content-Type": "text/html"}, "<h1>502 Bad Gateway</h1>"),
    ("redirect", 302, {"Location": "http://another.example/elsewhere"}, ""),
    ("redirect_file", 302, {"Location": "file:///etc/passwd"}, ""),
]


def test_what_comes_in_place_of_an_answer(sandbox):
    for kind, status, headers, text in INSTEAD:
        sandbox.order_fault("*", kind, times=2)
        for response in (send(sandbox), sandbox.look_up()):
            assert response.status_code == status, kind
            assert headers.items() <= dict(response.headers).items()
            assert text in response.text
        assert count_applications(sandbox) == 0
    sandbox.order_fault(V2, "garbage")
    with pytest.raises(zeep.exceptions.TransportError, match="Invalid XML"):
        sandbox.connect(APPLICATIONS).requestForProtectionV2(**make_request())
    assert count_applications(sandbox) == 0


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_fault_is_one_of_the_server(sandbox, version):
    sandbox.order_fault(V2, "fault")
    client = sandbox.connect(APPLICATIONS, version)
    with pytest.raises(zeep.exceptions.Fault) as caught:
        client.requestForProtectionV2(**make_request())
    assert caught.value.message == "The service is out of order (ordered fault)."
    code = {"1.1": "soap:Server", "1.2": "soap:Receiver"}[version]
    assert caught.value.code == code
    sandbox.order_fault(V2, "fault")
    assert send(sandbox, version=version).status_code == 500
    assert count_applications(sandbox) == 0


def test_hostile_certificate_and_items(sandbox):
    sandbox.order_fault("checkCertificate", "hostile")
    status = sandbox.connect("TsProtection").checkCertificate(GERMAN)
    assert status.tsID == GERMAN
    texts = ("certificationLanguage", "stateEnum", "typeEnum", "url")
    assert [getattr(status, name) for name in texts] == [SCRIPT] * 4
    sandbox.order_fault("getProtectionItems", "hostile")
    items = sandbox.connect("TsProtection").getProtectionItems(GERMAN)
    assert len(items) == 6
    assert (items[5].tsProductID, items[5].currency) == (SCRIPT, "EUR")
    assert items[5].creationDate.year == 2010
    assert items[5].id == 9223372036854775807
    assert items[5].protectionDurationInt == 2147483647
    for name in ("protectedAmountDecimal", "netFee", "grossFee"):
        assert getattr(items[5], name) == 10**30 - 1


@pytest.mark.parametrize("ask", [send, lambda sandbox: sandbox.look_up()])
def test_huge_answer_never_seems_to_end(sandbox, ask):
    sandbox.order_fault("*", "huge")
    response = ask(sandbox)
    assert response.status_code == 200
    assert "Content-Length" not in response.headers
    assert response.headers["Content-Type"].startswith(("text/xml", "application/json"))
    assert response.content == b" " * 50 * 1024 * 1024
    assert count_applications(sandbox) == 0


def test_slow_answer_comes_after_the_work_is_done(sandbox):
    sandbox.order_fault(V2, "slow", seconds=1)
    started = time.monotonic()
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        send(sandbox)
    assert 0.9 < time.monotonic() - started < 60
    assert count_applications(sandbox) == 1


@pytest.mark.parametrize("times", [None, -1])
def test_fault_without_number_stays_until_cleared(sandbox, times):
    sandbox.order_fault(V2, "http_500", times=times)
    sandbox.order_fault(V2, "html_502", times=2)
    assert [send(sandbox).status_code for _i in range(3)] == [500] * 3
    assert sandbox.get("faults")[0]["times"] is None
    assert sandbox.order_fault(V2, "http_500", times=0) == {"cleared": 1}
    # They count down in the order in which they came.
    assert [send(sandbox).status_code for _i in range(3)] == [502, 502, 200]


def test_list_shows_what_is_active_and_can_be_cleared(sandbox):
    fault = sandbox.order_fault("getRequestState", "code", times=3, code=-10017)
    assert sandbox.get("faults") == [
        {
            "id": fault["id"],
            "operation": "getRequestState",
            "kind": "code",
            "times": 3,
            "code": -10017,
            "seconds": 120,
        }
    ]
    sandbox.order_fault(V2, "garbage")
    name = f"faults/{fault['id']}"
    assert sandbox.control("DELETE", name).json() == {"cleared": 1}
    assert [each["kind"] for each in sandbox.get("faults")] == ["garbage"]
    assert sandbox.control("DELETE", "faults").json() == {"cleared": 1}
