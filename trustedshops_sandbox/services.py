# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the operations do.

Return values: 1 or a number is good, a negative number is one of the codes below
(handbook 1.3). The order of the checks, and what is marked as an assumption, is not
known of the real service; see README.rst.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from . import certificates
from .soap import SoapFault

NO_VALID_SHOP = -10001
LIMIT_CANCELLED = -10002
DUPLICATE_ORDER_NUMBER = -10003
UNSUPPORTED_TS_PRODUCT = -10004
INACTIVE_PAYMENT_TYPE = -10005
UNSUPPORTED_PAYMENT_TYPE = -10006
CURRENCY_MISMATCH = -10007
UNSUPPORTED_CURRENCY = -10008
UNSUPPORTED_EXCHANGE_RATE = -10009
NOT_PERSISTENT_PAYMENT_TYPE = -10010
NO_LIMIT = -10011
PAST_DELIVERY_DATE = -10012
TOO_OLD_ORDER = -10013
EMAIL_MALFORMED = -10014
ORDER_ID_EMPTY = -10015
CUSTOMER_ID_EMPTY = -10016
LIMIT_OVERFLOW = -10017
EMAIL_EMPTY = -10018
WRONG_TS_PRODUCT = -10019
INVALID_SECURITY_TOKEN = -11001
SYSTEM_EXCEPTION = -11111

# What each code means, for the page (handbook 1.3).
CODE_TEXTS = {
    NO_VALID_SHOP: "web-service login or id invalid",
    LIMIT_CANCELLED: "the shop's credit limit is suspended",
    DUPLICATE_ORDER_NUMBER: "order number used already",
    UNSUPPORTED_TS_PRODUCT: "protection item not supported",
    INACTIVE_PAYMENT_TYPE: "payment type not active",
    UNSUPPORTED_PAYMENT_TYPE: "payment type not supported",
    CURRENCY_MISMATCH: "currency of the item is another one",
    UNSUPPORTED_CURRENCY: "currency not supported in this shop",
    UNSUPPORTED_EXCHANGE_RATE: "exchange rate not supported",
    NOT_PERSISTENT_PAYMENT_TYPE: "payment method not supported",
    NO_LIMIT: "no credit limit for this certificate",
    PAST_DELIVERY_DATE: "delivery date lies in the past",
    TOO_OLD_ORDER: "order more than 3 days old, or in the future",
    EMAIL_MALFORMED: "e-mail address malformed",
    ORDER_ID_EMPTY: "no order number",
    CUSTOMER_ID_EMPTY: "no customer number",
    LIMIT_OVERFLOW: "credit limit exceeded",
    EMAIL_EMPTY: "no e-mail address",
    WRONG_TS_PRODUCT: "item not applicable",
    INVALID_SECURITY_TOKEN: "invalid security token",
    SYSTEM_EXCEPTION: "general system error",
}

# States in which a shop may conclude protections. An assumption for INTEGRATION,
# based on what a Trusted Shops employee told the authors of JTL-Shop.
_ACTIVE_STATES = ("PRODUCTION", "INTEGRATION", "TEST")
_MAX_AGE = timedelta(days=3)
# The shop's clock may be a little fast.
_CLOCK_SKEW = timedelta(minutes=5)
_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s.]+(\.[^@\s.]+)+")

# Login of a shop system for updateRatingWidgetState, which most modules send instead
# of the merchant's own. Made up for the sandbox.
PARTNER_LOGIN = ("sandbox-partner", "sandbox-partner-password")


@dataclass(frozen=True)
class Call:
    """One call of an operation.

    ``texts`` are the parts as sent, ``values`` the same typed, ``raw`` the envelope,
    ``now`` the time in seconds since 1970.
    """

    store: object
    operation: str
    texts: dict
    values: dict
    raw: str
    now: float


# Certificate and login


def check_login(certificate, user, password):
    """Return 1 for a login that may conclude protections, else a code.

    A login that is empty never fits: Classic certificates have none.
    """
    valid = (
        certificate
        and certificate["type"] == "EXCELLENCE"
        and certificate["state"] in _ACTIVE_STATES
        and certificate["ws_user"]
        and (certificate["ws_user"], certificate["ws_password"]) == (user, password)
    )
    if not valid:
        return NO_VALID_SHOP
    return {"suspended": LIMIT_CANCELLED, "none": NO_LIMIT}.get(certificate["limit"], 1)


def _find_certificate(call):
    """Return the certificate, or None: some are in the public list only."""
    certificate = call.store.get_certificate(call.values["tsId"])
    return certificate if certificate and certificate["soap"] else None


def _check_call_login(call):
    return check_login(
        _find_certificate(call), call.values["wsUser"], call.values["wsPassword"]
    )


def _check_certificate(call):
    certificate = _find_certificate(call)
    unknown = {"language": "", "state": "INVALID_TS_ID", "type": "", "url": ""}
    certificate = certificate or {**unknown, "ts_id": call.values["tsId"]}
    return {
        "certificationLanguage": certificate["language"],
        "stateEnum": certificate["state"],
        "tsID": certificate["ts_id"],
        "typeEnum": certificate["type"],
        "url": certificate["url"],
    }


def _check_shop_status(call):
    """Assumption: the login is checked, then whether the shop has the item."""
    result = _check_call_login(call)
    if result != 1:
        return result
    item = certificates.find_item(_find_certificate(call), call.values["tsProductId"])
    return 1 if item else UNSUPPORTED_TS_PRODUCT


def _get_protection_items(call):
    certificate = _find_certificate(call)
    if not certificate or certificate["type"] != "EXCELLENCE":
        return []
    return [
        {
            "creationDate": item["creation_date"],
            "id": item["id"],
            "currency": item["currency"],
            "grossFee": item["gross_fee"],
            "netFee": item["net_fee"],
            "protectedAmountDecimal": item["protected_amount"],
            "protectionDurationInt": item["duration_days"],
            "tsProductID": item["ts_product_id"],
        }
        for item in certificate["items"]
    ]


# Applications


def _check_mail(values):
    address = values["buyerEmail"].strip()
    if not address:
        return EMAIL_EMPTY
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        return EMAIL_MALFORMED
    return None


def _check_ids(values):
    if not values["shopOrderID"].strip():
        return ORDER_ID_EMPTY
    if not values["shopCustomerID"].strip():
        return CUSTOMER_ID_EMPTY
    return None


def _check_choice(values, certificate, item):
    """Check item, payment type and currency."""
    if not item:
        return UNSUPPORTED_TS_PRODUCT
    if values["paymentType"] not in certificates.PAYMENT_TYPES:
        return UNSUPPORTED_PAYMENT_TYPE
    if values["paymentType"] in certificate["inactive_payment_types"]:
        return INACTIVE_PAYMENT_TYPE
    if values["currency"] not in {item["currency"] for item in certificate["items"]}:
        return UNSUPPORTED_CURRENCY
    if values["currency"] != item["currency"]:
        return CURRENCY_MISMATCH
    return None


def _check_order(call):
    """Check the age of the order and that it is a new one.

    Assumption: an order date in the future gets the code of a date that is too old;
    one module names the case, but not the number.
    """
    age = datetime.fromtimestamp(call.now, UTC) - call.values["orderDate"]
    if not -_CLOCK_SKEW <= age <= _MAX_AGE:
        return TOO_OLD_ORDER
    if call.store.get_settings()["duplicates"] == "refuse":
        if call.store.find_order(call.values["tsId"], call.values["shopOrderID"]):
            return DUPLICATE_ORDER_NUMBER
    return None


def _check_cover(values, certificate, item):
    """Check the amount; assumption: nothing or less cannot be protected."""
    amount = values["amount"]
    if amount <= Decimal(0) or not certificates.covers(certificate, item, amount):
        return WRONG_TS_PRODUCT
    if certificate["limit"] == "used_up":
        return LIMIT_OVERFLOW
    return None


def check_request(call):
    """Return the code that refuses a request for protection, or None."""
    result = _check_call_login(call)
    if result != 1:
        return result
    certificate, values = _find_certificate(call), call.values
    item = certificates.find_item(certificate, values["tsProductId"])
    return (
        _check_mail(values)
        or _check_ids(values)
        or _check_choice(values, certificate, item)
        or _check_order(call)
        or _check_cover(values, certificate, item)
    )


def _request_for_protection(call):
    """Conclude an application, or refuse it; either is kept, exactly as it came."""
    code = check_request(call)
    number = call.store.take_number("application") if code is None else None
    call.store.add_request(
        call.operation, call.texts, call.raw, call.now, number=number, code=code
    )
    return number or code


def _get_request_state(call):
    number, ts_id = call.values["applicationId"], call.values["tsId"]
    row = call.store.find_application(number)
    if not row or row["ts_id"] != ts_id:
        return NO_VALID_SHOP
    if row["received_at"] + call.store.get_settings()["pending_seconds"] <= call.now:
        call.store.decide(number)
        row = call.store.find_application(number)
    return row["code"] or row["guarantee_number"] or 0


def _set_shipping_information(call):
    """Assumption: 1 for an order with an application, else the code of a bad login."""
    row = call.store.find_order(call.values["tsId"], call.values["orderId"])
    if not row:
        return NO_VALID_SHOP
    call.store.add_shipment(row["id"], call.texts)
    return 1


# Ratings


def _update_rating_widget_state(call):
    """Assumption: the id is checked first, then the login, then the registration."""
    certificate = _find_certificate(call)
    if not certificate:
        return "INVALID_TSID"
    login = (call.values["wsUser"], call.values["wsPassword"])
    own = (certificate["ws_user"], certificate["ws_password"])
    if login != PARTNER_LOGIN and (login != own or not own[0]):
        return "WRONG_WSUSERNAME_WSPASSWORD"
    if not certificate["ratings"]:
        return "NOT_REGISTERED_FOR_TRUSTEDRATING"
    activation = {"rating_active": call.values["activation"]}
    call.store.put_certificate({**certificate, **activation})
    return "OK"


_OPERATIONS = {
    "alive": lambda call: 1,
    "ping": lambda call: call.values["arg0"],
    "checkCertificate": _check_certificate,
    "checkLogin": _check_call_login,
    "checkShopStatus": _check_shop_status,
    "getProtectionItems": _get_protection_items,
    # Assumption from its shape: the predecessor of requestForProtection.
    "protectWithAverageDeliveryDays": _request_for_protection,
    "requestForProtection": _request_for_protection,
    "requestForProtectionV2": _request_for_protection,
    "getRequestState": _get_request_state,
    "setShippingInformation": _set_shipping_information,
    "updateRatingWidgetState": _update_rating_widget_state,
}


def perform(call):
    """Do what a call asks for, all or nothing, and return the result.

    :raise SoapFault: for an operation that the sandbox declares only.
    """
    operation = _OPERATIONS.get(call.operation)
    if not operation:
        raise SoapFault(
            "receiver", f"{call.operation} is not available in the sandbox."
        )
    with call.store.transaction():
        return operation(call)
