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
# that it was delivered, and the pages of an order hold the form of a Classic shop: the
# service refuses orders that are older than three days.
CARD_SHOWN_FOR = timedelta(hours=24)
FORM_SHOWN_FOR = timedelta(days=3)

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
# A call of so many seconds is slow: a run leaves as much time after it to others.
SLOW_CALL = 5

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
# How often a certificate that is held is asked whether it is good again.
PROBE_INTERVAL = timedelta(hours=1)

# === BOOKING OF THE FEE === #

# By chart of accounts and booking: the tax, by its name in that chart. Source: l10n_de
# and l10n_pl of Odoo 19.0. "Exempt" is the exemption of a domestic service without
# deduction of input tax (section 4 no. 8-28 UStG; Polish "zw"), neither export nor
# intra-community supply. The Polish chart has one tax for goods and one for services.
FEE_TAX_BY_CHART = {
    ("de_skr03", "normal"): "tax_ust_19_skr03",
    ("de_skr03", "exempt"): "tax_free_skr03_ohne_vst",
    ("de_skr04", "normal"): "tax_ust_19_skr04",
    ("de_skr04", "exempt"): "tax_free_skr04_ohne_vst",
    ("pl", "normal"): "vs_kraj_usl_23",
    ("pl", "exempt"): "vs_kraj_zw",
}
# The same for the account. The German income account for 19 % computes that tax by
# itself in DATEV, so that an exempt fee needs the one for exempt sales (8100, 4100).
# Passed through: "Durchlaufende Posten" (1590, 1370), "Pozostałe rozrachunki".
FEE_ACCOUNT_BY_CHART = {
    ("de_skr03", "exempt"): "account_8100",
    ("de_skr03", "pass_through"): "account_1590",
    ("de_skr04", "exempt"): "chart_skr04_4100",
    ("de_skr04", "pass_through"): "chart_skr04_1370",
    ("pl", "normal"): "chart70000300",
    ("pl", "exempt"): "chart70000300",
    ("pl", "pass_through"): "chart24090900",
}

# === PROTECTIONS === #

# The service refuses orders older than this. Source: code -10013.
APPLY_WITHIN = timedelta(days=3)
# A call is over after 60 seconds; one that is under way after this long is that of a
# process that died.
LEASE = timedelta(minutes=10)
# The queue runs every ten minutes. If the run before was longer ago than this, or is
# yet to come, the clock or the server was not right.
RUNS_APART = timedelta(hours=3)
# Refusals that a corrected order cures: the buyer's e-mail address, wrong or missing.
CURABLE_CODES = (-10014, -10018)
# Waiting time before the 2nd, 3rd ... attempt; the last one repeats.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
# After this many attempts in a row without a result the responsible user is told.
TROUBLE_ATTENTION = 3
# A used-up credit limit frees up as older guarantees end.
LIMIT_RETRY = timedelta(hours=1)
# How often the state of an application is asked for, by its age.
# Source: Trusted Shops recommends every ten minutes.
POLL_INTERVALS = (
    (timedelta(hours=2), timedelta(minutes=10)),
    (timedelta(days=2), timedelta(hours=1)),
    (timedelta.max, timedelta(days=1)),
)
# An application without a decision for this long deserves a look.
POLL_ATTENTION_AFTER = timedelta(days=7)
# A row that is due for this long means that the queue does not run.
STUCK_AFTER = timedelta(hours=1)
# Rows that one batch of the cron takes, and one transaction without remote calls.
BATCH_SIZE = 50
# Times that an answer is written when the database refuses (never the call), at growing
# intervals: 25 seconds in all, in which a server restarts.
WRITE_ATTEMPTS = 8

# === THINGS TO DO === #

# An activity about a certificate or account is about the key of one of its findings,
# "model", "fees" or a mail template (``trustedshops_cause``).
# What an activity about a protection is about (``trustedshops_cause``): "protection" is
# how its application stands, which one function of the state decides; "ended" and
# "called_off" ask what becomes of a fee whose order came to nothing; "fee_invoiced" and
# "final_invoice" are for the books, "refund" is for the money, "mail" for the buyer's
# mail, "late_number" for a second application, or one that was given up. Dealt with
# when a button was pressed:
CAUSES_UNTIL_BUTTON = ("protection", "ended", "fee_invoiced", "called_off")

# === MAILS === #

# A refused application may be corrected and sent again; only when it stays refused for
# this long the fee goes back and the buyer is told.
REFUSAL_FINAL_AFTER = timedelta(hours=1)
# Pause before a mail is written again whose template fails or is gone, and the first
# pause before one is sent again that the mail server did not take; that one doubles up
# to the longest, until the mail is so old that a person is asked.
MAIL_PAUSE = timedelta(hours=1)
MAIL_PAUSE_AT_MOST = timedelta(hours=4)
MAIL_RETRY_WITHIN = timedelta(days=2)
# Money that comes in for a fee that was given back is looked for as long as this.
LATE_MONEY_WITHIN = timedelta(days=90)

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
# Payment type by the code of Odoo's payment method; a brand follows its primary method.
# A type that names a sort of payment ("credit card", "financing") serves all methods of
# that sort. One that names a company (PayPal, giropay, Sofort ...) serves that company
# alone: another wallet or bank transfer is OTHER, which certified modules report for
# everything they cannot name. So are the methods of other continents, where Trusted
# Shops certifies no shops, and BLIK: no type names a payment by telephone, and it
# reaches a shop through many providers, of which Przelewy24 is one.
# Source: payment.method of Odoo 19.0, and names that addons of others may use.
_METHODS_BY_PAYMENT_TYPE = {
    "AMAZON_PAYMENTS": ("amazon_pay",),
    "CASH_ON_DELIVERY": ("cash_on_delivery",),
    "CASH_ON_PICKUP": ("pay_on_site",),
    "CHEQUE": ("check", "cheque"),
    "CLICKANDBUY": ("clickandbuy",),
    # Cards, and wallets that hold nothing but cards.
    "CREDIT_CARD": ("bancontact", "card", "poste_pay", "samsung_pay", "vpay"),
    "DIRECT_DEBIT": ("bacs_direct_debit", "sepa_direct_debit"),
    # Klarna carries Sofort on under its own name.
    "DIRECT_E_BANKING": ("klarna_paynow", "sofort"),
    "DOTPAY": ("dotpay",),
    # Paid in instalments to a lender.
    "FINANCING": (
        "affirm",
        "afterpay",
        "alma",
        "clearpay",
        "cofidis",
        "floa_bank",
        "humm",
        "in3",
        "klarna_pay_over_time",
        "tinka",
        "zip",
    ),
    "GIROPAY": ("giropay",),
    # Paid in one sum after the delivery.
    "INVOICE": (
        "afterpay_riverty",
        "billink",
        "invoice",
        "klarna",
        "ratepay",
        "walley",
    ),
    "LEASING": ("leasing",),
    "MONEYBOOKERS": ("moneybookers", "skrill"),
    "PAYBOX": ("paybox",),
    "PAYPAL": ("paypal",),
    "PLATNOSCI": ("payu",),
    # The buyer makes the transfer.
    "PREPAYMENT": ("bank_transfer", "multibanco", "wire_transfer"),
    "PRZELEWY24": ("p24", "przelewy24"),
}
PAYMENT_TYPE_BY_METHOD = {
    method: payment_type
    for payment_type, methods in _METHODS_BY_PAYMENT_TYPE.items()
    for method in methods
}
