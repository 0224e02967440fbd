# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The pages of the public site: they show and keep what a buyer's click sent."""

import pytest
from lxml import html

from sandbox_process import GERMAN

UNKNOWN = "X" + "F" * 32
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;"
ORDER = {
    "_charset_": "UTF-8",
    "shop_id": GERMAN,
    "email": "anna@example.com",
    "amount": "541.33",
    "curr": "EUR",
    "paymentType": "PREPAYMENT",
    "kdnr": "7",
    "ordernr": "S00047 – Größe",
}


def post(sandbox, data, path="/shop/protection.php"):
    return sandbox.http.post(sandbox.url + path, data=data, timeout=20)


def get(sandbox, path):
    return sandbox.http.get(sandbox.url + path, timeout=20)


def read(sandbox):
    return [
        (visit["page"], visit["method"], visit["fields"])
        for visit in sandbox.get("registrations")
    ]


def test_registration_keeps_and_shows_the_order(sandbox):
    response = post(sandbox, ORDER)
    assert response.status_code == 200
    assert read(sandbox) == [("protection", "POST", ORDER)]
    page = html.fromstring(response.text)
    assert page.xpath("//h1/text()") == ["Register for Buyer Protection"]
    shown = zip(page.xpath("//dt/text()"), page.xpath("//dd/text()"), strict=True)
    assert dict(shown) == ORDER
    # The same as a form in parts.
    parts = {name: (None, value) for name, value in ORDER.items()}
    url = f"{sandbox.url}/shop/protection.php"
    assert sandbox.http.post(url, files=parts, timeout=20).status_code == 200
    assert read(sandbox) == [("protection", "POST", ORDER)] * 2
    response = post(sandbox, {"shop_id": UNKNOWN})
    assert response.status_code == 404
    assert "There is no certificate with this id." in response.text
    assert read(sandbox)[2] == ("protection", "POST", {"shop_id": UNKNOWN})


@pytest.mark.parametrize(
    ("path", "page", "title"),
    [
        ("/shop/certificate.php", "certificate", "Certificate"),
        (
            "/shop/protection_conditions.php",
            "conditions",
            "Conditions of Buyer Protection",
        ),
        ("/shop/data_privacy.php", "privacy", "Data privacy"),
        ("/reviews/rateshoplater.php", "rate_later", "Be reminded of the review"),
    ],
)
def test_page_of_a_certificate(sandbox, path, page, title):
    response = get(sandbox, f"{path}?shop_id={GERMAN}")
    assert response.status_code == 200
    assert sandbox.http.head(response.url, timeout=20).status_code == 200
    tree = html.fromstring(response.text)
    assert tree.xpath("//h1/text()") == [title]
    shop = tree.get_element_by_id("shop").text_content()
    assert shop == "For http://shop.example: Excellence, German, EUR"
    assert read(sandbox) == [(page, "GET", {"shop_id": GERMAN})]


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/bewertung/bewerten_{}.html", "rate"),
        ("/buyerrating/rate_{}.html", "rate"),
        ("/evaluation/evaluer_{}.html", "rate"),
        ("/evaluacion/evaluar_{}.html", "rate"),
        ("/valutazione-del-negozio/rate_{}.html", "rate"),
        ("/opinia/ocen_{}.html", "rate"),
        ("/bewertung/info_{}.html", "reviews"),
        ("/verkopersbeoordeling/info_{}.html", "reviews"),
    ],
)
def test_page_for_reviews(sandbox, path, page):
    # "~~?>>" and "S00047" in base64.
    query = "&buyerEmail=fn4%2FPj4%3D&shopOrderID=UzAwMDQ3"
    assert get(sandbox, path.format(GERMAN) + query).status_code == 200
    fields = {"shop_id": GERMAN, "buyerEmail": "fn4/Pj4=", "shopOrderID": "UzAwMDQ3"}
    assert read(sandbox) == [(page, "GET", fields)]
    for other in (
        f"/bewertung/other_{GERMAN}.html",
        f"/bewertung/x/bewerten_{GERMAN}.html",
        "/bewertung/bewerten_X1.html",
    ):
        assert get(sandbox, other).status_code == 400
    assert len(read(sandbox)) == 1


def test_hostile_text_is_shown_as_text(sandbox):
    response = post(sandbox, {**ORDER, "ordernr": HOSTILE, HOSTILE: "x"})
    page = html.fromstring(response.text)
    assert not page.xpath("//script | //img")
    assert HOSTILE in page.xpath("//dd/text()")
    assert HOSTILE in page.xpath("//dt/text()")
    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
