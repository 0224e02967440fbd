# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The queue of the shop, worked through by processes that a test starts and kills."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import requests

from wsts import odoo, postgres
from wsts.machine import HOME
from wsts.steps import wait_for

WORKER = Path(__file__).parent / "queue_worker.py"
RUN = """
cron = env.ref("website_sale_trustedshops.ir_cron_apply_protection")
cron.method_direct_trigger()
"""
# Without the lock that core takes on the job: as if two servers ran it at once.
RUN_UNLOCKED = 'env["trustedshops.protection"]._run_queue()'
SEND_MAILS = 'env["mail.mail"].process_email_queue()'
PLACE = """
website = env["website"].search([], order="id", limit=1)
company = website.company_id
env = env(context={{"allowed_company_ids": company.ids, "lang": "de_DE"}})
product = env["product.product"].create(
    {{"name": "Lamp", "type": "service", "list_price": 100.0, "taxes_id": False}}
)
result = []
for email in {emails!r}:
    partner = env["res.partner"].create(
        {{
            "name": "Erika Mustermann",
            "email": email,
            "lang": "de_DE",
            "country_id": env.ref("base.de").id,
        }}
    )
    order = env["sale.order"].create(
        {{
            "partner_id": partner.id,
            "website_id": website.id,
            "company_id": company.id,
            "order_line": [
                (0, 0, {{"product_id": product.id, "tax_ids": False}}),
            ],
        }}
    )
    visitor = order.with_user(website.user_id).sudo()
    assert visitor._trustedshops_add_choice(), "no offer"
    if {confirm}:
        order.action_confirm()
    result.append(order.id)
"""
# Keeps its transaction open until a file is there.
HOLD_OPEN = """
env.cr.flush()
import os, time
open({begun!r}, "w").close()
for _turn in range(1200):
    if os.path.exists({go!r}):
        break
    time.sleep(0.05)
"""
WAITING = (
    "state IN ('queued', 'sending') OR notice_due OR (state = 'requested' AND"
    " application_number IS NOT NULL) OR (state = 'confirmed' AND mail_due)"
)


def reset_sandbox(shop):
    """Have the service behave."""
    requests.delete(f"{shop.sandbox.url}/_control/faults", timeout=60)
    settings = {"duplicates": "refuse", "pending_seconds": 0, "delay_ms": 0}
    shop.sandbox.post("settings", settings)


@contextmanager
def held_open(queue, tmp_path, before, after=""):
    """Run scripts in one transaction, open between them until the block ends."""
    begun, go = tmp_path / "begun", tmp_path / "go"
    hold = HOLD_OPEN.format(begun=str(begun), go=str(go))
    pid = queue.begin(before + hold + after)
    wait_for(begun.exists, "the first script")
    yield
    go.touch()
    assert queue.end(pid)["code"] == 0


class QueueProcess:
    """A parent of short-lived Odoo processes on the database of a shop.

    :param Shop shop: its server must run no jobs, for it would do the work
    """

    def __init__(self, shop):
        self.shop = shop
        self.log = HOME / "logs" / f"{shop.database}-queue.log"
        self.process = None

    def start(self):
        words = odoo.command(
            "--no-http",
            "--smtp=127.0.0.1",
            f"--smtp-port={self.shop.sandbox.smtp_port}",
            "--log-level=warn",
            database=self.shop.database,
        )[2:]
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [sys.executable, WORKER, *words],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._ask(warm=PLACE.format(emails=["warm@kunde.example"], confirm=True))
        return self

    def stop(self):
        self.process.stdin.close()
        odoo.stop_process(self.process)
        self.process.stdout.close()

    def _ask(self, **command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, f"the parent of the processes died; {self.log} says why"
        return json.loads(answer)

    def begin(self, script, kill=None):
        """Start a process and return its id."""
        return self._ask(start=script, kill=kill)["pid"]

    def end(self, pid):
        """Wait for a process; return its signal, exit code and result."""
        return self._ask(wait=pid)

    def kill(self, pid):
        os.kill(pid, signal.SIGKILL)
        return self.end(pid)

    def do(self, script, kill=None):
        """Run a script in a process of its own.

        :return: its result; with a point, whether the process died there
        """
        ended = self.end(self.begin(script, kill))
        if kill:
            return ended["signal"] == signal.SIGKILL
        assert ended["code"] == 0, f"the script failed; {self.log} says why"
        return ended["result"]

    def place(self, emails, confirm=True):
        """Place an order with Buyer Protection for each e-mail address; return ids."""
        return self.do(PLACE.format(emails=list(emails), confirm=confirm))

    def query(self, sql):
        return postgres.query(sql, self.shop.database)

    def read(self, order_id, columns):
        """Return columns of the protection of an order, as texts."""
        [row] = self.query(
            f"SELECT {columns} FROM trustedshops_protection WHERE order_id = {order_id}"
        )
        return row

    def let_time_pass(self):
        """Make what waits for a time due now, and calls under way lost."""
        self.query(
            "UPDATE trustedshops_protection SET next_attempt_at = now() at time zone"
            " 'UTC' - interval '1 second', lease_until = now() at time zone 'UTC' -"
            " interval '1 second' WHERE state IN ('queued', 'sending', 'requested')"
        )
        self.end_rest()

    def end_rest(self):
        """Have services that did not answer tried again now."""
        self.query(
            "UPDATE trustedshops_service SET rests_until = NULL"
            " WHERE rests_until IS NOT NULL"
        )

    def settle(self, rounds=8):
        """Run the queue until nothing waits; return how many rows still do."""
        for _round in range(rounds):
            self.let_time_pass()
            self.do(RUN)
            waiting = "SELECT count(*) FROM trustedshops_protection WHERE "
            [[left]] = self.query(waiting + WAITING)
            if left == "0":
                break
        self.do(SEND_MAILS)
        return int(left)

    def forget_others(self):
        """Take what other tests left out of the queue."""
        self.query(
            "UPDATE trustedshops_protection SET state = 'cancelled', notice_due ="
            " false, mail_due = false WHERE " + WAITING
        )
