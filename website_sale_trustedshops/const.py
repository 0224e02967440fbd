# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Numbers and mappings of the addon, each with its unit and its source."""

import secrets
from datetime import timedelta

# Value in a context which proves that this addon's own code set the key: a caller over
# RPC cannot know the value.
OURS = secrets.token_hex()
# Keys of a context that this addon sets. The first gives a right, so its value is OURS.
# trustedshops_copying_fee: copied lines of invoices keep their protection.
# trustedshops_fee: the part of the fee in the order's total, which delivery rates leave
# out.
# trustedshops_is_ordered: the page is the confirmation of an order.
# trustedshops_is_express: the buyer pays in a wallet, which shows no offer.
# trustedshops_order_mail: the mail is about an order, and gets the status of its
# protection.

# === ADDRESSES === #

# The page of a certificate. Source: help pages of Trusted Shops.
CERTIFICATE_URL = "https://www.trustedshops.com/shop/certificate.php?shop_id={ts_id}"
# Where the sandbox listens, unless a system parameter names another address.
SANDBOX_URL_DEFAULT = "http://127.0.0.1:8099"

# === ROUTES === #

# Common options of the routes for shoppers' buttons, without their type, and of the
# routes that only read, without their ``auth``.
POST_ROUTE = {"auth": "public", "methods": ["POST"], "website": True, "sitemap": False}
READ_ROUTE = {
    "type": "http",
    "methods": ["GET"],
    "website": True,
    "multilang": False,
    "sitemap": False,
    "readonly": True,
}

# === LOGINS AND SERVICES === #

ENVIRONMENTS = [
    ("production", "Production"),
    ("qa", "Trusted Shops' test system"),
    ("sandbox", "Sandbox on this machine"),
]
# Shortest pause after a call without an answer.
REST = timedelta(minutes=1)
# Timeouts in seconds of a call that only checks whether the service answers.
PROBE_TIMEOUTS = {"connect_timeout": 3, "total_timeout": 5}

# === CERTIFICATES === #

# State of a certificate by the service's word. Source: TsProtection, checkCertificate.
STATE_BY_WORD = {
    "PRODUCTION": "production",
    "INTEGRATION": "integration",
    "TEST": "test",
    "CANCELLED": "cancelled",
    "DISABLED": "disabled",
    "NO_AUDIT": "no_audit",
    "INVALID_TS_ID": "invalid",
}
# Protection model by the service's word; any other word means no protection.
MODEL_BY_WORD = {"CLASSIC": "classic", "EXCELLENCE": "excellence"}
# Rank of the protection models, to compare them; that of an unknown one is the lowest.
MODEL_RANK = {False: 0, "none": 0, "classic": 1, "excellence": 2}

# Timeouts in seconds of each call to the SOAP service in a check, which makes at most
# three. They are shorter than those of an application, because a user may wait.
CHECK_TIMEOUTS = {"connect_timeout": 3, "total_timeout": 10}
# Hide a rating that was not confirmed for this long.
RATING_FRESH = timedelta(days=30)

# === THE BOOKS === #

# Documents in these states are paid. Core calls one "in payment" whose payment waits
# for the bank.
PAID_STATES = ("in_payment", "paid")
# Credit notes in these states are settled; "reversed": by another document.
SETTLED_STATES = (*PAID_STATES, "reversed")
# Transactions in these states moved no money.
FAILED_STATES = ("cancel", "error")

# Groups whose users read invoices, for fields that show them.
BOOKKEEPERS = "account.group_account_invoice,account.group_account_readonly"

# Groups whose users say that the fee is booked correctly.
FEE_BOOKERS = "account.group_account_manager,base.group_system"

# === PROTECTIONS === #

# The service refuses orders older than this. Source: code -10013.
APPLY_WITHIN = timedelta(days=3)
# A call ends after 60 seconds. If it still seems to be under way after this long, its
# process died.
LEASE = timedelta(minutes=10)
# Waiting time before the 2nd, 3rd ... attempt; the last one repeats.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
# Tell staff after this many attempts in a row without a result.
TROUBLE_ATTENTION = 3
# Ask staff to look up an application that has no decision after this long.
POLL_ATTENTION_AFTER = timedelta(days=7)
# Highest number of records in a batch of the cron, and in a transaction without a call.
BATCH_SIZE = 50

# === PAYMENT TYPES === #

# Codes that the service knows. Source: integration handbook, payment types.
PAYMENT_TYPES = [
    ("AMAZON_PAYMENTS", "Amazon Payments"),
    ("CASH_ON_DELIVERY", "Cash on delivery"),
    ("CASH_ON_PICKUP", "Cash on collection"),
    ("CHEQUE", "Cheque"),
    ("CLICKANDBUY", "ClickandBuy"),
    ("CREDIT_CARD", "Credit or debit card"),
    ("DIRECT_DEBIT", "Direct debit"),
    ("DIRECT_E_BANKING", "Sofort transfer"),
    ("DOTPAY", "Dotpay"),
    ("FINANCING", "Financing"),
    ("GIROPAY", "giropay"),
    ("GOOGLE_CHECKOUT", "Google Checkout"),
    ("INVOICE", "Invoice"),
    ("LEASING", "Leasing"),
    ("MONEYBOOKERS", "Skrill"),
    ("OTHER", "Other"),
    ("PAYBOX", "Paybox"),
    ("PAYPAL", "PayPal"),
    ("PLATNOSCI", "PayU (Płatności)"),
    ("PREPAYMENT", "Prepayment, bank transfer"),
    ("PRZELEWY24", "Przelewy24"),
    ("SHOP_CARD", "Card of the shop"),
    ("T_PAY", "T-Pay"),
]
