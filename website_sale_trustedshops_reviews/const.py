# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Constants that several rooms of this addon share, or that tests change."""

from datetime import timedelta

# The event type of this addon. Trusted Shops' own modules name theirs like this.
EVENT_TYPE = "order_status_from_odoo"
# Seconds for each call while a user waits for the answer.
ASK_TIMEOUTS = {"connect_timeout": 3, "total_timeout": 10}

# Two ways to ask a buyer for consent; the third is not to ask.
CHECKBOX, DOUBLE_OPT_IN = "checkbox", "double_opt_in"
# Rows to delete in one transaction.
CLEAN_BATCH = 1000

# Orders with imported consent that become due at one channel within a day.
IMPORTED_PER_DAY = 100
# The clocks of Odoo and Trusted Shops may differ by this much.
CLOCKS_DIFFER_BY = timedelta(minutes=10)
# Wait this long before the next search for something whose answer was lost.
LOOK_FOR_AGAIN_AFTER = timedelta(hours=1)

# Seconds between two requests to the public feed of product ratings.
GRADE_INTERVAL = 0.1
# Documents to read between two commits, and the seconds allowed for them, so that the
# scheduler and the shutdown of the server never wait longer.
GRADE_BATCH_SIZE = 20
GRADE_BATCH_SECONDS = 10
