# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Constants that several parts of this addon, or its scripts, share."""

from datetime import timedelta

# The event type of this addon, named in the style of Trusted Shops' own modules.
EVENT_TYPE = "order_status_from_odoo"
# Seconds for each call while a user waits for the answer.
ASK_TIMEOUTS = {"connect_timeout": 3, "total_timeout": 10}

# System parameter with the key that hashes addresses and signs the links to stop.
ADDRESS_KEY = "website_sale_trustedshops_reviews.address_key"

# Two ways to ask a buyer for consent. With ``off`` a channel does not ask.
CHECKBOX, DOUBLE_OPT_IN = "checkbox", "double_opt_in"
# Records to delete in one transaction.
CLEAN_BATCH = 1000

# The clocks of Odoo and Trusted Shops may differ by this much.
CLOCKS_DIFFER_BY = timedelta(minutes=10)

# Seconds between two requests to the public feed of product ratings.
GRADE_INTERVAL = 0.1
# Characters of a reply; Trusted Shops publishes no limit.
REPLY_LENGTH = 10_000
