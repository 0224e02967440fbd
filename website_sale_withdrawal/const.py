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
    "details": 300,
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
# How long we retry mails that the mail server refused, and how long a mail rests at
# least. The job runs each hour, and when something is declared.
MAIL_RETRY_WITHIN = timedelta(days=3)
MAIL_RETRY_AFTER = timedelta(minutes=30)

# Days after which an open withdrawal is due, and after which it is late, because the
# money has to be back soon.
DUE_DAYS = 7
LATE_DAYS = 12

# Years after which a withdrawal is deleted at the end of the year: one from an order of
# a German company is a business letter (§ 257 HGB, § 147 AO), one without an order is
# kept as long as claims last (§§ 195, 199 BGB).
KEEP_YEARS_GERMANY = 6
KEEP_YEARS_WITHOUT_ORDER = 3
# Days that spam is kept after it was marked.
KEEP_SPAM_DAYS = 30

# How long the buyer can open the page with the receipt again.
RECEIPT_PAGE_FOR = timedelta(days=1)
# Number of orders from which a buyer with an account may choose.
OWN_ORDERS = 20
# Number of withdrawals that one activity lists.
PROPOSALS = 20
