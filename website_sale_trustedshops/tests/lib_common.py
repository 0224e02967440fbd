# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from unittest.mock import patch

import requests

from odoo.tests import BaseCase

from ..lib.exceptions import RetryableError
from ..lib.values import ProtectionRequest
from .fake_service import TS_ID, make_response

REQUEST = ProtectionRequest(
    ts_id=TS_ID,
    ts_product_id="TS080501_500_30_EUR",
    amount=Decimal("49.9"),
    currency="EUR",
    payment_type="PREPAYMENT",
    buyer_email="jan.kowalski@shop.example",
    shop_customer_id="cust-4711",
    shop_order_id="S00042",
    order_date=datetime(2026, 3, 29, 1, 30, 59, 999999),
    shop_system_version="Odoo 19.0",
    ws_user="theuser",
    ws_password="s3cret-Pa$$",
)


class CannedCase(BaseCase):
    """Case in which every request gets a prepared answer: nothing leaves the machine.

    The real zeep runs; only ``requests.Session.send`` is replaced.
    """

    def setUp(self):
        super().setUp()
        self.sent = []
        self.answer = ""
        self.status = 200
        self.headers = {}

        def send(_session, request, **kwargs):
            self.sent.append((request, kwargs))
            if isinstance(self.answer, Exception):
                raise self.answer
            return make_response(self.status, self.answer, **self.headers)

        patcher = patch.object(requests.Session, "send", send)
        patcher.start()
        self.addCleanup(patcher.stop)

    def assertRetryable(self, call, message, maybe_sent=True, code=None):
        with self.assertRaises(RetryableError) as caught:
            call()
        error = caught.exception
        self.assertEqual(
            (str(error), error.maybe_sent, error.code), (message, maybe_sent, code)
        )
        # Neither may a traceback show what zeep and requests put into their errors.
        self.assertIsNone(error.__context__)
        self.assertIsNone(error.__cause__)


@contextmanager
def everything_logged(but=()):
    """Collect the records of every logger at every level, and show none.

    :param but: names of loggers of which DEBUG is left out
    """
    records = []
    handler = logging.Handler()
    handler.emit = records.append
    names = [None, *logging.root.manager.loggerDict]
    names += ["odoo", "requests", "urllib3", "zeep"]
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger, logger.level, logger.propagate) for logger in loggers]
    shown_by = logging.root.handlers
    logging.root.handlers = [handler]
    try:
        for logger in loggers:
            quiet = logger.name in but
            logger.setLevel(logging.INFO if quiet else logging.DEBUG)
            logger.propagate = True
        yield records
    finally:
        logging.root.handlers = shown_by
        for logger, level, propagate in before:
            logger.setLevel(level)
            logger.propagate = propagate
