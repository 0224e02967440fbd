# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Numbers and mappings of the addon, each with its unit and its source."""

import secrets
from datetime import timedelta

# In a context: this addon's own code set it. A caller over RPC cannot know it.
OURS = secrets.token_hex()
# Keys of a context that this addon sets. Only the first gives a right, so its value is
# OURS.
# trustedshops_copying_fee: copied lines of invoices keep the protection they belong to.
# trustedshops_pinning_fee: what changes the fee on an invoice, its price follows.
# trustedshops_field: the field of a certificate for which a button uses the proposal.
# trustedshops_fallback_website_id: the website of the settings in which a user adds a
# certificate.
# trustedshops_fee: what the fee adds to the total by which a delivery is priced.
# trustedshops_is_ordered: the page is the one after an order.
# trustedshops_is_express: the buyer pays in a wallet, which shows no offer.
# trustedshops_mail_lang: the mail of an order says how the purchase is protected.

# === ADDRESSES === #

# Where a buyer of a Classic shop applies for Buyer Protection, by a form. Source: links
# that certified shop modules show their buyers.
PROTECTION_URL = "https://www.trustedshops.com/shop/protection.php"
# The page of a certificate. Source: help pages of Trusted Shops.
CERTIFICATE_URL = "https://www.trustedshops.com/shop/certificate.php?shop_id={ts_id}"
# Where the sandbox listens, unless a system parameter names another address.
SANDBOX_URL_DEFAULT = "http://127.0.0.1:8099"

# === AFTER THE ORDER === #

# How long after the order the confirmation page holds the Trustcard, if no browser said
# that it was delivered.
CARD_SHOWN_FOR = timedelta(hours=24)

# === LOGINS AND SERVICES === #

ENVIRONMENTS = [
    ("production", "Production"),
    ("qa", "Trusted Shops' test system"),
    ("sandbox", "Sandbox on this machine"),
]
# Shortest pause after a call without an answer.
REST = timedelta(minutes=1)
# Seconds of a call that only asks whether the service answers.
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
# Protection model by the service's word; any other word has no protection.
MODEL_BY_WORD = {"CLASSIC": "classic", "EXCELLENCE": "excellence"}
# Order of the protection models, for telling a change for the worse.
MODEL_RANK = {"none": 0, "classic": 1, "excellence": 2}
# What a code says about the certificate (field hold_reason).
HOLD_REASON_BY_CODE = {-10001: "login", -10002: "suspended", -10011: "no_limit"}

# The credit limit of the certificate is used up, for the amount of one order.
CREDIT_CODE = -10017

# Seconds for each call of a check, at most three: a user may wait for it, so they are
# shorter than those of an application.
CHECK_TIMEOUTS = {"connect_timeout": 3, "total_timeout": 10}
# A rating that was not confirmed for so long is not shown any more.
RATING_FRESH = timedelta(days=30)

# === THE BOOKS === #

# Groups whose users read invoices and vendor bills, for fields that show them.
BOOKKEEPERS = "account.group_account_invoice,account.group_account_readonly"

# === PROTECTIONS === #

# The service refuses orders older than this. Source: code -10013.
APPLY_WITHIN = timedelta(days=3)
# A call is over after 60 seconds; one that is under way after this long is that of a
# process that died.
LEASE = timedelta(minutes=10)
# Refusals that a corrected order cures: the buyer's e-mail address, wrong or missing.
CURABLE_CODES = (-10014, -10018)
# Waiting time before the 2nd, 3rd ... attempt; the last one repeats.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
# After this many attempts in a row without a result a person is told.
TROUBLE_ATTENTION = 3
# An application without a decision for this long deserves a look.
POLL_ATTENTION_AFTER = timedelta(days=7)
# Rows that one batch of the cron takes, and one transaction without a call.
BATCH_SIZE = 50
# How often an answer is written when the database refuses it, at growing intervals of
# 25 seconds in all, in which a server restarts. The call is never repeated.
WRITE_ATTEMPTS = 8

# Protections that the daily summary lists.
SUMMARY_LINES = 20

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
