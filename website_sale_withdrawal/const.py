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
# When a mail is tried again after it was written. Core stores the same failure for a
# mail server that is busy and for one that refuses the mail for good.
TRY_AGAIN_AFTER = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
# After this time a user also gets an activity about a mail that core did not try, and
# the number of tries that says so.
TELL_AFTER = timedelta(hours=30)
TOLD = len(TRY_AGAIN_AFTER) + 2
# Failures after which no mail reaches the address.
IMPOSSIBLE = ("mail_email_invalid", "mail_email_missing")

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
