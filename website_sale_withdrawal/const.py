# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

# Signs the links that lead to the withdrawal from one order.
SCOPE = "website_sale_withdrawal"

# Fields of a declaration, and how many characters of each we keep. We cut longer texts
# before the buyer reviews the declaration, but never an address.
DECLARED = {
    "buyer_name": 80,
    "email": 254,
    "order_reference": 40,
    "details": 500,
    "remark": 2000,
}
# Fields that may have several lines; all others have one.
LONG = frozenset({"details", "remark"})

# Days of the withdrawal period, and days within which the shop must pay the money back
# (articles 9 and 13 of Directive 2011/83/EU).
PERIOD_DAYS = 14
MONEY_BACK_DAYS = 14

# Write at most this many receipts in an hour to one mailbox, and because of one
# network, and as many copies.
MAILS_PER_MAILBOX = 3
MAILS_PER_NETWORK = 30
MAIL_WINDOW = timedelta(hours=1)
# How long we retry mails that the mail server refused.
MAIL_RETRY_WITHIN = timedelta(days=3)

# How long the buyer can open the page with the receipt again.
RECEIPT_PAGE_FOR = timedelta(days=1)
# Number of orders from which a buyer with an account may choose.
OWN_ORDERS = 20
# Number of withdrawals that one activity lists.
PROPOSALS = 20
