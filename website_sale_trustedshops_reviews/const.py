# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Numbers and mappings of the reviews, each with its unit and its source."""

from datetime import timedelta

# === ACCOUNTS AND CHANNELS === #

# The type of event of which we tell Trusted Shops. Source: how its own modules name
# theirs.
EVENT_TYPE = "order_status_from_odoo"
# What Trusted Shops calls the system that sends an event, and its version.
SYSTEM = "Odoo"
SYSTEM_VERSION = "19.0"
# Seconds for each call while a person waits, and for asking about all channels.
ASK_TIMEOUTS = {"connect_timeout": 3, "total_timeout": 10}
ASK_SECONDS = 20
# How often the daily job asks about an account: less than a day, for no job begins at
# the same second every day.
REFRESH_INTERVAL = timedelta(hours=20)
# An account that gave no answer for so long deserves a look.
UNREACHABLE_AFTER = timedelta(days=2)
# Trusted Shops sets up a new type of events within seconds.
SETTINGS_APPEAR_AFTER = timedelta(minutes=1)
# Days that Trusted Shops waits, as long as it did not say. Source: its help pages.
USUAL_DELAY_DAYS = 7

# Who certifies shops, for search engines.
ISSUER_URL = "https://www.trustedshops.com"

# === CONSENT === #

# Ways to ask a buyer, beside not asking at all.
CHECKBOX, DOUBLE_OPT_IN = "checkbox", "double_opt_in"
# A double opt-in that nobody confirmed is deleted after this long.
CONFIRM_WITHIN = timedelta(days=7)
# A tick in a cart that nobody ordered is deleted after this long.
TICK_WITHIN = timedelta(days=30)
# Years for which consents are kept as proof, unless the merchant chooses otherwise.
CONSENT_YEARS = 3
# Rows that are deleted in one transaction.
CLEAN_BATCH = 1000
# System parameters with the keys of hashed addresses, and with those of the links in
# mails, which sign nothing that a person chose: "1:<hexadecimal> 2:<...>".
ADDRESS_KEYS = "website_sale_trustedshops_reviews.hmac_keys"
LINK_KEYS = "website_sale_trustedshops_reviews.link_keys"
KEYS_PARAMETERS = (ADDRESS_KEYS, LINK_KEYS)

# === INVITATIONS === #

# A purchase may be reviewed for this long, so older orders are not invited.
# Source: help pages of Trusted Shops.
INVITE_WITHIN = timedelta(days=180)

# Between two looks at an order whose occasion has not come: a bit less than the time
# between two runs, which begin at no exact second.
LOOK_INTERVAL = timedelta(minutes=50)
# The same where the moment is known: it may move, or the order be cancelled.
LOOK_AGAIN_AFTER = timedelta(days=1)
# Orders whose consent was imported that become due at one channel within a day.
IMPORTED_PER_DAY = 100
# What is counted for that: a bit less than the day for which the others wait.
IMPORTED_WITHIN = timedelta(hours=23)
# Each run makes rows for consents that are not older; the first one of a day looks at
# all, so that none is forgotten when no run began for that long.
NEW_CONSENTS = timedelta(days=2)
# Rows that are created in one transaction.
CREATE_SIZE = 200

# === SENDING === #

# Longest text of an event, in characters. Its limits are not documented.
MAX_LENGTH = 255
# Waiting time before the 2nd, 3rd ... attempt; after the last one it failed.
BACK_OFF = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
    timedelta(hours=24),
)
# After a lost answer, when the invitation is looked for among those of the channel. The
# last look is one day after Trusted Shops should have invited.
LOOK_FOR_AFTER = (timedelta(minutes=15), timedelta(hours=24))
LAST_LOOK_AFTER_DELAY = timedelta(days=1)
# An invitation that is older than the event, by more than clocks differ, is of another.
CLOCKS_DIFFER_BY = timedelta(minutes=10)
# After a look that brought no answer.
LOOK_FOR_AGAIN_AFTER = timedelta(hours=1)
# A channel is held when Trusted Shops refused so many invitations in a row with the
# same words.
REFUSED_IN_A_ROW = 3
# What was sent is kept for so long after the end.
PAYLOAD_KEPT_FOR = timedelta(days=30)
# Trusted Shops may remind a buyer for so long after its invitation. Not documented; a
# cautious guess.
REMINDED_WITHIN = timedelta(days=60)
# Orders that an activity lists.
SUMMARY_LINES = 20

# === RATINGS OF PRODUCTS === #

# Seconds between two requests to the public feed, and for each of them.
GRADE_INTERVAL = 0.1
GRADE_TIMEOUTS = {"connect_timeout": 3, "total_timeout": 5}
# How often a product's document is read: less than a day, for no job begins at the same
# second every day.
GRADE_READ_INTERVAL = timedelta(hours=20)
# After an answer that made no sense, and after none.
GRADE_AGAIN_AFTER_NONSENSE = timedelta(hours=6)
GRADE_AGAIN_AFTER_TROUBLE = timedelta(hours=1)
# Failures in a row after which the feed is left alone until the next run.
GRADE_FAILURES_IN_A_ROW = 3
# Documents that are read between two commits, and seconds for them: a person who waits
# for the scheduler, or stops the server, waits no longer.
GRADE_BATCH_SIZE = 20
GRADE_BATCH_SECONDS = 10
# Products that are noted in one transaction.
GRADE_CREATE_SIZE = 1000

# === REVIEWS === #

# What is read: changes in each hourly run, those of the last days once a day, by
# which it is seen which were removed, and all of them on Sundays.
REVIEWS_RECENT = timedelta(days=90)
# Changes are read in each run, also in that of a person who waits for a review. Only a
# run that goes on after its time was up does not begin with them again.
REVIEWS_READ_AGAIN_AFTER = timedelta(minutes=1)
# A pass that stood at one page for so long begins anew, after the changes were read.
PASS_STANDS_FOR = timedelta(days=1)
# Trusted Shops may know the day of an order only, in another time zone than ours.
ORDER_DATES_DIFFER_BY = timedelta(days=1)
# A review whose stars are not more is low, unless the merchant chooses otherwise.
LOW_STARS = 2
# What is waited for before it is looked whether a reply or report arrived, whose answer
# was lost.
DESK_LOOK_AFTER = timedelta(minutes=2)
