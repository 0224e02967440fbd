# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The business rules: certificates, logins, codes, numbers, states."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from sandbox_process import GERMAN, POLISH, make_order_date, make_request, wait_until

V2 = "requestForProtectionV2"
SEED = "X5A4DB0C50000000000000000000000{:02d}"


def check_login(sandbox, ts_id, user, password):
    parts = {"tsId": ts_id, "wsUser": user, "wsPassword": password}
    return int(sandbox.ask("TsProtection", "checkLogin", parts))


SEEDS = [
    (1, "PRODUCTION", "EXCELLENCE", "de", 6),
    (2, "PRODUCTION", "EXCELLENCE", "pl", 6),
    (3, "PRODUCTION", "CLASSIC", "de", 0),
    (4, "INTEGRATION", "EXCELLENCE", "de", 6),
    (5, "TEST", "EXCELLENCE", "de", 6),
    (6, "CANCELLED", "EXCELLENCE", "de", 6),
    (7, "DISABLED", "EXCELLENCE", "de", 6),
    (8, "NO_AUDIT", "NO_AUDIT", "de", 0),
    (9, "PRODUCTION", "EXCELLENCE", "de", 6),
    (10, "PRODUCTION", "EXCELLENCE", "de", 6),
    (11, "PRODUCTION", "EXCELLENCE", "de", 6),
    (12, "PRODUCTION", "EXCELLENCE", "de", 1),
    (15, "PRODUCTION", "CLASSIC", "de", 0),
    (16, "PRODUCTION", "CLASSIC", "de", 0),
    (17, "PRODUCTION", "CLASSIC", "pl", 0),
]


@pytest.mark.parametrize(("number", "state", "kind", "language", "items"), SEEDS)
def test_seeded_certificate(sandbox, number, state, kind, language, items):
    client = sandbox.connect("TsProtection")
    status = client.checkCertificate(SEED.format(number))
    assert (status.stateEnum, status.typeEnum) == (state, kind)
    assert status.certificationLanguage == language
    host = "https://shop.another" if number == 16 else "http://shop"
    assert status.url == f"{host}.example"
    assert len(client.getProtectionItems(SEED.format(number)) or []) == items


@pytest.mark.parametrize("number", [13, 14, 99])
def test_certificate_unknown_to_the_services_is_invalid_and_echoed(sandbox, number):
    status = sandbox.connect("TsProtection").checkCertificate(SEED.format(number))
    assert (status.stateEnum, status.tsID) == ("INVALID_TS_ID", SEED.format(number))
    assert (status.typeEnum, status.certificationLanguage, status.url) == (None,) * 3


LOGINS = [
    (1, "shop-de", "sandbox-de", 1),
    (1, "shop-de", "wrong", -10001),
    (1, "shop-pl", "sandbox-pl", -10001),
    (3, "", "", -10001),
    (4, "shop-integration", "sandbox-integration", 1),
    (6, "shop-cancelled", "sandbox-cancelled", -10001),
    (9, "shop-usedup", "sandbox-usedup", 1),
    (10, "shop-suspended", "sandbox-suspended", -10002),
    (11, "shop-nolimit", "sandbox-nolimit", -10011),
    (99, "shop-de", "sandbox-de", -10001),
]


@pytest.mark.parametrize(("number", "user", "password", "answer"), LOGINS)
def test_login(sandbox, number, user, password, answer):
    assert check_login(sandbox, SEED.format(number), user, password) == answer


def as_shop(number, name):
    """Return certificate and login of another seeded shop."""
    login = {"wsUser": f"shop-{name}", "wsPassword": f"sandbox-{name}"}
    return {"tsId": SEED.format(number), **login}


LARGE = "TS080501_20000_30_EUR"
CAUSES = [
    (-10001, {"wsPassword": "wrong"}),
    (-10001, {"tsId": SEED.format(99)}),
    (-10002, as_shop(10, "suspended")),
    (-10004, {"tsProductId": "TS080501_501_30_EUR"}),
    (-10006, {"paymentType": "SOFORT_UEBERWEISUNG"}),
    (-10008, {"currency": "PLN"}),
    (-10011, as_shop(11, "nolimit")),
    (-10014, {"buyerEmail": "anna.example.com"}),
    (-10014, {"buyerEmail": "anna schmidt@example.com"}),
    (-10015, {"shopOrderID": ""}),
    (-10016, {"shopCustomerID": ""}),
    (-10017, as_shop(9, "usedup")),
    (-10018, {"buyerEmail": ""}),
    (-10019, {"amount": "500.01"}),
    (-10019, {"amount": "0"}),
]


@pytest.mark.parametrize(("code", "changes"), CAUSES)
def test_code_by_its_cause(sandbox, code, changes):
    assert sandbox.apply(**changes) == code
    assert sandbox.get("applications") == []
    assert [r["code"] for r in sandbox.get("refused")] == [code]


def test_repeated_order_number_of_a_certificate_is_refused(sandbox):
    # One that was refused is free.
    assert sandbox.apply("S00001", paymentType="?") == -10006
    assert sandbox.apply("S00001") > 0
    assert sandbox.apply("S00001") == -10003
    assert [r["code"] for r in sandbox.get("refused")] == [-10006, -10003]
    assert sandbox.apply("S00001", **as_shop(5, "test")) > 0
    sandbox.put("settings", duplicates="accept")
    assert sandbox.apply("S00001") < sandbox.apply("S00001")


def test_age_of_the_order(sandbox):
    for order, ago, code in (
        ("S1", {"hours": 71, "minutes": 59}, 0),
        ("S2", {"hours": 72, "minutes": 1}, -10013),
        ("S3", {"minutes": -4}, 0),
        ("S4", {"minutes": -6}, -10013),
    ):
        answer = sandbox.apply(order, orderDate=make_order_date(**ago))
        assert min(answer, 0) == code


PAYMENT_TYPES = (
    "DIRECT_DEBIT CREDIT_CARD INVOICE CASH_ON_DELIVERY PREPAYMENT CHEQUE PAYBOX PAYPAL "
    "AMAZON_PAYMENTS CASH_ON_PICKUP FINANCING LEASING T_PAY CLICKANDBUY GIROPAY "
    "GOOGLE_CHECKOUT SHOP_CARD DIRECT_E_BANKING MONEYBOOKERS DOTPAY PLATNOSCI "
    "PRZELEWY24 OTHER"
).split()


def test_item_protects_its_amount_and_the_largest_a_part_of_more(sandbox):
    assert sandbox.apply("S1", amount="500.00") > 0
    assert sandbox.apply("S2", tsProductId=LARGE, amount="20000.01") > 0
    answers = [sandbox.apply(f"S-{t}", paymentType=t) for t in PAYMENT_TYPES]
    assert [answer > 0 for answer in answers] == [True] * 23


# Later checks see what earlier ones would refuse as well.
ORDER_OF_CHECKS = [
    (-10001, {"wsPassword": "wrong"}),
    (-10018, {"buyerEmail": ""}),
    (-10014, {"buyerEmail": "x"}),
    (-10015, {"shopOrderID": ""}),
    (-10016, {"shopCustomerID": ""}),
    (-10004, {"tsProductId": "x"}),
    (-10006, {"paymentType": "x"}),
    (-10005, {"paymentType": "INVOICE"}),
    (-10008, {"currency": "GBP"}),
    (-10007, {"currency": "PLN"}),
    (-10013, {"orderDate": "2020-01-01T00:00:00"}),
    (-10003, {"shopOrderID": "TAKEN"}),
    (-10019, {"amount": "999.00"}),
    (-10017, {}),
]


def test_checks_come_in_the_order_of_the_reference(sandbox):
    items = sandbox.find(GERMAN)["items"] + sandbox.find(POLISH)["items"]
    changes = {"items": items, "inactive_payment_types": ["INVOICE"]}
    sandbox.change(**changes)
    assert sandbox.apply("TAKEN") > 0
    zloty = {"currency": "PLN", "tsProductId": "TS100809_500_30_PLN"}
    assert sandbox.apply("S00002", **zloty) > 0
    sandbox.change(limit="used_up", **changes)
    answers = []
    for position in range(len(ORDER_OF_CHECKS)):
        wrong = {}
        for _code, cause in reversed(ORDER_OF_CHECKS[position:]):
            wrong.update(cause)
        answers.append(sandbox.apply(**wrong))
    assert answers == [code for code, _cause in ORDER_OF_CHECKS]


def test_every_code_can_be_ordered(sandbox):
    for code in (*range(-10019, -10000), -11001, -11111):
        sandbox.order_fault(V2, "code", code=code)
        assert sandbox.apply() == code
    assert sandbox.get("applications") == []
    assert sandbox.apply() > 0


def test_what_was_received_is_kept_exactly(sandbox):
    date = make_order_date() + ".5+00:00"
    parts = make_request(
        amount="0049.9", buyerEmail=" anna@example.com ", orderDate=date
    )
    service, operation = "ApplicationRequestService", "requestForProtectionV2"
    number = int(sandbox.ask(service, operation, parts))
    (row,) = sandbox.get("applications")
    assert {name: row[name] for name in parts} == parts
    assert row["part_order"] == list(parts)
    assert row["operation"] == operation
    assert (row["application_number"], row["state"]) == (number, "pending")
    assert (row["guarantee_number"], row["code"]) == (None, None)
    assert "<amount>0049.9</amount>" in row["raw"]


def test_state_is_pending_until_the_time_has_passed(sandbox):
    sandbox.put("settings", pending_seconds=1000)
    number = sandbox.apply()
    assert sandbox.get_state(number) == 0
    for unknown in (number + 1, 2**63 - 1):
        assert sandbox.get_state(unknown) == -10001
    assert sandbox.get_state(number, POLISH) == -10001
    sandbox.put("settings", pending_seconds=0.1)
    # The list says it without a poll.
    wait_until(lambda: sandbox.get("applications")[0]["guarantee_number"])
    guarantee = sandbox.get("applications")[0]["guarantee_number"]
    assert guarantee > 0
    assert sandbox.get_state(number) == guarantee
    sandbox.put("settings", pending_seconds=1000)
    assert sandbox.get_state(number) == guarantee
    (row,) = sandbox.get("applications")
    assert (row["state"], row["guarantee_number"]) == ("confirmed", guarantee)


def test_application_can_be_rejected_or_confirmed_by_hand(sandbox):
    sandbox.put("settings", pending_seconds=1000)
    first, second = sandbox.apply("S1"), sandbox.apply("S2")
    sandbox.put("applications", application_number=first, code=-10017)
    sandbox.put("applications", application_number=second)
    assert sandbox.get_state(first) == -10017
    assert sandbox.get_state(second) > 0
    states = [(r["state"], r["code"]) for r in sandbox.get("applications")]
    assert states == [("rejected", -10017), ("confirmed", None)]
    answer = sandbox.control("POST", "applications", {"application_number": first})
    assert answer.json() == {"error": "This application is decided already."}


def apply_at_once(sandbox, orders):
    """Send one application per order, all at the same time; return the answers."""
    barrier = Barrier(len(orders))

    def send(order):
        parts = make_request(order)
        barrier.wait()
        response = sandbox.post_call("ApplicationRequestService", V2, parts)
        return int(response.text.partition(f"<{V2}>")[2].partition("<")[0])

    with ThreadPoolExecutor(len(orders)) as pool:
        return list(pool.map(send, orders))


def test_one_of_parallel_requests_for_an_order_wins_and_all_for_different_ones(sandbox):
    for turn in range(5):
        answers = apply_at_once(sandbox, [f"S{turn}"] * 8)
        assert sorted(answers)[:7] == [-10003] * 7
        assert max(answers) > 0
    assert len(sandbox.get("applications")) == 5
    answers = apply_at_once(sandbox, [f"T{i}" for i in range(16)])
    assert len(set(answers)) == 16
    assert min(answers) > 0
