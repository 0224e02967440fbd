# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A withdrawal whose process dies, or that is pressed twice, or by a thousand programs.

What was declared is never lost, and its buyer gets one mail.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from lxml import html
from queue_process import SEND_MAILS
from story import mails_to

pytestmark = pytest.mark.full

WORK = 'env.ref("website_sale_withdrawal.ir_cron_work").method_direct_trigger()'
# Without the lock that core takes on the job: as if two servers ran it at once.
WORK_UNLOCKED = 'env["sale.withdrawal"]._cron_work()'
SUBJECT = "received your withdrawal"


def ask(shop, path, values=None):
    """Return a page in English."""
    send = requests.post if values is not None else requests.get
    headers = {"Accept-Language": "en-US"}
    answer = send(f"{shop.url}/en{path}", data=values, headers=headers, timeout=120)
    assert answer.status_code == 200
    return html.fromstring(answer.content)


def read_form(page, name):
    [form] = page.xpath(f"//form[contains(@class, 'o_withdrawal_{name}')]")
    return dict(form.form_values())


def review(shop, email, **typed):
    """Return what the button of the second step sends."""
    values = {"buyer_name": "Erika", "email": email, "order_reference": "S0", **typed}
    return read_form(ask(shop, "/withdrawal", values), "confirm")


def press(shop, values):
    return ask(shop, "/withdrawal/confirm", values)


def count(queue, email):
    sql = f"SELECT count(*) FROM sale_withdrawal WHERE email = '{email}'"
    [[number]] = queue.query(sql)
    return int(number)


def settle(queue):
    for _run in range(3):
        queue.do(WORK)
        queue.do(SEND_MAILS)


@pytest.fixture(autouse=True)
def alone(queue):
    """Begin and end without what others declared: they share a network."""
    queue.query("DELETE FROM sale_withdrawal")
    yield
    queue.query("DELETE FROM sale_withdrawal")


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_between_press_and_mail_nothing_is_lost_and_one_mail_comes(
    shop, queue, when
):
    email = f"killed-{when}@kunde.example"
    press(shop, review(shop, email))
    point = {"when": when, "model": "sale.withdrawal", "values": {"receipt_at": "*"}}
    assert queue.do(WORK, kill=point)
    assert count(queue, email) == 1
    settle(queue)
    assert len(mails_to(shop, email, SUBJECT)) == 1


def test_killed_while_staff_are_told_the_receipt_is_written(shop, queue):
    email = "killed-later@kunde.example"
    press(shop, review(shop, email))
    point = {
        "when": "before",
        "model": "sale.withdrawal",
        "values": {"is_examined": True},
    }
    assert queue.do(WORK, kill=point)
    queue.do(SEND_MAILS)
    assert len(mails_to(shop, email, SUBJECT)) == 1
    settle(queue)
    assert len(mails_to(shop, email, SUBJECT)) == 1


def test_servers_at_once_write_one_mail(shop, queue):
    email = "servers@kunde.example"
    press(shop, review(shop, email))
    workers = [queue.begin(WORK_UNLOCKED) for _server in range(3)]
    for pid in workers:
        queue.end(pid)
    settle(queue)
    assert len(mails_to(shop, email, SUBJECT)) == 1


def test_pressed_at_once_is_one_declaration_and_one_receipt(shop, queue):
    email = "at-once@kunde.example"
    values = review(shop, email)
    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda _number: press(shop, values), range(4)))
    assert count(queue, email) == 1
    log = shop.server.log.read_text(errors="replace")
    assert 'INSERT INTO "sale_withdrawal"' not in log
    texts = {page.xpath("string(//div[@id='wrap'])") for page in pages}
    assert len(texts) == 1
    assert "This confirms" in texts.pop()
