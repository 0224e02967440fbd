# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

# Signs the links that lead to the withdrawal from one order.
SCOPE = "website_sale_withdrawal"

# What a declaration says, and how many characters of each are kept: what is longer is
# cut before the buyer sees what will be declared.
DECLARED = {
    "buyer_name": 200,
    "email": 254,
    "order_reference": 200,
    "details": 2000,
    "remark": 2000,
}
# Of several lines; all others are one.
LONG = frozenset({"details", "remark"})
# Characters of a long text in the mail to an address that was not verified: the
# mails of the shop are not for the messages of strangers.
SHORT = 200

# Days of the period, and for the money to go back (articles 9 and 13 of Directive
# 2011/83/EU).
PERIOD_DAYS = 14
MONEY_BACK_DAYS = 14

# Mails in an hour at most, to an address, and on behalf of a network.
MAILS_PER_ADDRESS = 3
MAILS_PER_NETWORK = 30
MAIL_WINDOW = timedelta(hours=1)
# How long mails that the mail server did not take are tried again.
MAIL_RETRY_WITHIN = timedelta(days=3)

# How long the page with the receipt can be opened again.
RECEIPT_PAGE_FOR = timedelta(days=1)
# Orders from which a buyer with an account may choose.
OWN_ORDERS = 20
