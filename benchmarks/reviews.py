# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What it costs to read the reviews: all of them once, and then what changed."""

from datetime import UTC, datetime, timedelta

from wsts import postgres

from .applications import ANSWER_MS
from .invitations import SET_UP
from .shops import workers

# Reviews that the budget is for, and that the sandbox takes at once.
BUDGETED, AT_ONCE = 100_000, 1000
COMMENT = "Schnelle Lieferung, gute Ware, gerne wieder. " * 6

FIND_CHANNEL = """
channels = env['trustedshops.channel']
result = channels.search([('website_id', '!=', False)], limit=1).channel_ref
"""
# A job of Odoo runs for about ten seconds; each run goes on where the last one was.
READ = """
env['trustedshops.review']._cron_read()
result = env['trustedshops.review'].search_count([])
"""
AN_HOUR_LATER = (
    "UPDATE trustedshops_channel SET reviews_at = reviews_at - interval '1 hour'"
)
A_DAY_LATER = (
    "UPDATE trustedshops_channel SET reviews_complete_at = reviews_complete_at"
    " - interval '1 day'"
)


def measure_import(shop, count):
    """Print how long the first import takes, and a run an hour and a day later.

    :param Shop shop: whose sandbox is running
    :param int count: reviews, of three years
    :raise RuntimeError: when some are missing
    """
    with workers(shop.database) as (worker,):
        if not worker.run(FIND_CHANNEL)["result"]:
            worker.run(SET_UP)
        _put(shop, worker.run(FIND_CHANNEL)["result"], count)
        shop.sandbox.post("settings", {"delay_ms": ANSWER_MS})
        done = worker.run(READ)
        if done["result"] < count:
            raise RuntimeError("some reviews were not read")
        minutes = done["seconds"] / count * BUDGETED / 60
        print(
            f"reviews: {count} read in {done['seconds']:.1f} s with {done['queries']}"
            f" queries; {BUDGETED} take {minutes:.1f} minutes",
            flush=True,
        )
        for name, change in (("an hour", AN_HOUR_LATER), ("a day", A_DAY_LATER)):
            postgres.query(change, shop.database)
            later = worker.run(READ)
            print(f"a run {name} later: {later['seconds']:.2f} s", flush=True)
    shop.sandbox.post("settings", {"delay_ms": 0})


def _put(shop, channel_ref, count):
    """Have reviews in the sandbox."""
    newest, apart = datetime.now(UTC), timedelta(days=1095) / count
    for start in range(0, count, AT_ONCE):
        shop.sandbox.post(
            "reviews",
            [
                {
                    "id": f"rev-bench-{number}",
                    "channelRef": channel_ref,
                    "rating": 1 + number % 5,
                    "title": "Gerne wieder",
                    "comment": COMMENT,
                    "transaction": {"reference": f"BENCH{number}"},
                    "submittedAt": f"{newest - apart * number:%Y-%m-%dT%H:%M:%SZ}",
                }
                for number in range(start, min(start + AT_ONCE, count))
            ],
        )
