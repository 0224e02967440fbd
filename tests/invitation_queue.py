# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The queue of review invitations, worked through by the processes of another queue."""

from collections import Counter

import requests
from story import give_back

from wsts.steps import let_shop_invite

RUN = """
cron = env.ref("website_sale_trustedshops_reviews.ir_cron_invite")
cron.method_direct_trigger()
"""
# Without the lock that core takes on the job: as if two servers ran it at once.
RUN_UNLOCKED = 'env["trustedshops.invitation"]._run_queue()'
FOUND_LOCK = 4711
# The same, of a server that is held up until another one is done with what it found.
RUN_SLOWLY = f"""
import time
from odoo.sql_db import db_connect

model = env.registry["trustedshops.invitation"]
find = model._search_consenting_ids

def find_slowly(self, age):
    ids = find(self, age)
    self.env.cr.execute("SELECT pg_advisory_xact_lock({FOUND_LOCK})")
    count = "SELECT count(*) FROM trustedshops_invitation WHERE order_id = ANY(%s)"
    count += " AND state NOT IN ('waiting', 'due', 'sending')"
    done = 0
    while done < len(ids):
        time.sleep(0.05)
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute(count, [ids])
            [done] = cr.fetchone()
    return ids

model._search_consenting_ids = find_slowly
{RUN_UNLOCKED}
"""
SET_UP = """
website = env["website"].search([], order="id", limit=1)
login = [("client_id", "=", "sandbox-client"), ("environment", "=", "sandbox")]
account = env["trustedshops.account"].search(login, limit=1)
if not account:
    account = env["trustedshops.account"].create(
        {
            "company_id": website.company_id.id,
            "environment": "sandbox",
            "client_id": "sandbox-client",
            "client_secret": "sandbox-client-secret",
        }
    )
account._ask()
channel = account.channel_ids.sorted("channel_ref")[:1]
channel.write(
    {
        "website_id": website.id,
        "lang_id": False,
        "inviter": "odoo",
        "consent_mode": "checkbox",
        "trigger": "placed",
    }
)
result = channel.channel_ref
"""
CONNECT = """
login = [("client_id", "=", "sandbox-client"), ("environment", "=", "sandbox")]
account = env["trustedshops.account"].search(login, limit=1)
account._ask()
result = [account.state, account.channel_ids.sorted("channel_ref")[:1].own_invites]
"""
TEAR_DOWN = """
channels = env["trustedshops.channel"].search([])
channels.active = False
result = channels.mapped("channel_ref")
"""
PLACE = """
website = env["website"].search([], order="id", limit=1)
company = website.company_id
asks = [("consent_mode", "=", "checkbox")]
channel = env["trustedshops.channel"].search(asks, limit=1)
env = env(context={{"allowed_company_ids": company.ids, "lang": "de_DE"}})
product = env["product.product"].create(
    {{
        "name": "Lamp",
        "type": "service",
        "list_price": 100.0,
        "taxes_id": False,
        "website_published": True,
    }}
)
result = []
for email in {emails!r}:
    partner = env["res.partner"].create(
        {{"name": "Erika Mustermann", "email": email, "lang": "de_DE"}}
    )
    order = env["sale.order"].create(
        {{
            "partner_id": partner.id,
            "website_id": website.id,
            "company_id": company.id,
            "order_line": [(0, 0, {{"product_id": product.id, "tax_ids": False}})],
        }}
    )
    order.action_confirm()
    env["trustedshops.consent"].create(
        {{
            "kind": "given",
            "email": email,
            "moment": order.date_order,
            "mode": "checkbox",
            "text": "Ja, bitte.",
            "order_id": order.id,
            "channel_id": channel.id,
            "company_id": company.id,
        }}
    )
    result.append(order.id)
"""
WAITING = "state IN ('waiting', 'due', 'sending') OR notice_due"


class InvitationQueue:
    """The orders of a shop whose buyers agreed to be invited.

    :param QueueProcess queue: of the same shop; it starts and kills the processes
    """

    def __init__(self, queue):
        self.shop = queue.shop
        self.queue = queue
        self.order_ids = []

    def set_up(self):
        """Connect the account of the sandbox, so that its events lead to mails."""
        self.shop.sandbox.post("settings", {"invite_settings_seconds": 0})
        let_shop_invite(self.shop.sandbox, self.queue.do(SET_UP))
        assert self.queue.do(CONNECT) == ["connected", "on"]
        return self

    def tear_down(self):
        """Leave no channel that asks the shoppers of other tests."""
        for channel_ref in self.queue.do(TEAR_DOWN):
            give_back(self.shop, channel_ref)

    def behave_well(self):
        """Have the service behave."""
        requests.delete(f"{self.shop.sandbox.url}/_control/faults", timeout=60)
        self.shop.sandbox.post("settings", {"delay_ms": 0})

    def behave(self):
        """Have the service behave, and take what others left out of the queue."""
        self.behave_well()
        self.queue.query(
            "UPDATE trustedshops_invitation SET state = 'cancelled', reason = 'copied',"
            f" notice_due = false WHERE {WAITING}"
        )
        self.queue.query(
            "UPDATE trustedshops_account SET limited_until = NULL, state = 'connected'"
        )
        self.queue.query("UPDATE trustedshops_channel SET hold_reason = NULL")

    def place(self, emails):
        """Place an order for each address, whose buyer agreed; return ids."""
        order_ids = self.queue.do(PLACE.format(emails=list(emails)))
        self.order_ids += order_ids
        return order_ids

    def read(self, order_id, columns):
        """Return columns of the invitation of an order, as texts."""
        [row] = self.queue.query(
            f"SELECT {columns} FROM trustedshops_invitation WHERE order_id = {order_id}"
        )
        return row

    def let_time_pass(self):
        """Make what waits for a time due now, and calls under way lost."""
        self.queue.query(
            "UPDATE trustedshops_invitation SET next_attempt_at = now() at time zone"
            " 'UTC' - interval '1 second', lease_until = now() at time zone 'UTC' -"
            " interval '1 second'"
            " WHERE next_attempt_at IS NOT NULL OR state = 'sending'"
        )
        self.queue.end_rest()

    def settle(self, rounds=8):
        """Run the queue until none of our orders waits; return how many still do.

        A run also finds orders of other tests, which may wait for their delivery.
        """
        ours = ", ".join(map(str, self.order_ids))
        waiting = "SELECT count(*) FROM trustedshops_invitation"
        waiting += f" WHERE order_id IN ({ours}) AND ({WAITING})"
        for _round in range(rounds):
            self.let_time_pass()
            self.queue.do(RUN)
            [[left]] = self.queue.query(waiting)
            if left == "0":
                break
        return int(left)

    def count_events(self):
        """Return how many events came for each address."""
        events = self.shop.sandbox.get("events?limit=100000")
        return Counter(each["received"]["customer"]["email"] for each in events)
