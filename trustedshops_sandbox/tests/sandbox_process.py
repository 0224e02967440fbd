# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The sandbox as a process of its own, and two ways to talk to it: raw and zeep."""

import smtplib
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email import policy
from email.message import EmailMessage
from pathlib import Path
from xml.sax.saxutils import escape

import requests
import zeep
from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
END_SECONDS = 60

GERMAN = "X5A4DB0C5000000000000000000000001"
POLISH = "X5A4DB0C5000000000000000000000002"
SEED_COUNT = 17

SOAP = {
    "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
    "1.2": "http://www.w3.org/2003/05/soap-envelope",
}
CONTENT_TYPES = {
    "1.1": "text/xml; charset=utf-8",
    "1.2": "application/soap+xml; charset=utf-8",
}
SERVICES = {
    "TsProtection": (
        "/ts/services/TsProtection",
        "http://protection.action.b2b.ts.nhp.com/",
    ),
    "ApplicationRequestService": (
        "/ts/protectionservices/ApplicationRequestService",
        "http://tsp.ts.nhp.com/",
    ),
    "TsRating": ("/ts/services/TsRating", "http://rating.action.b2b.ts.nhp.com/"),
}


def find_free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def make_order_date(**ago):
    """Return the time so long ago, in UTC, as shops send it."""
    return (datetime.now(UTC) - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%S")


class Sandbox:
    """One sandbox process.

    :param Path state: the state file.
    :param dict ports: ``port`` and ``smtp_port``; free ones when missing.
    """

    def __init__(self, state, **ports):
        self.state = state
        self.port = ports.get("port") or find_free_port()
        self.smtp_port = ports.get("smtp_port") or find_free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.http = requests.Session()
        self.process = None
        self._clients = {}

    def start(self):
        """Start the process and wait for its ready line, which is kept."""
        self.log = self.state.with_suffix(".log").open("ab")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "trustedshops_sandbox"),
                *("--port", str(self.port), "--smtp-port", str(self.smtp_port)),
                *("--state", str(self.state), "--shop-url", "http://shop.example"),
            ],
            cwd=ROOT,  # not the package: its modules would hide others
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        self.ready_line = self.process.stdout.readline()
        assert self.ready_line, self.read_log()
        return self

    def stop(self):
        """Stop the process if it runs, the hard way."""
        if self.process:
            self.process.kill()
            self.process.wait(END_SECONDS)
            self.process.stdout.close()
            self.log.close()
            self.http.close()
        self.process = None

    def read_log(self):
        return self.state.with_suffix(".log").read_text()

    def post_xml(self, service, body, version="1.1", timeout=20, **headers):
        names = {"Content-Type": CONTENT_TYPES[version], "SOAPAction": '""'}
        names.update({key.replace("_", "-"): value for key, value in headers.items()})
        return self.http.post(
            self.url + SERVICES[service][0],
            data=body.encode() if isinstance(body, str) else body,
            headers=names,
            timeout=timeout,
            allow_redirects=False,
        )

    def post_call(self, service, operation, parts, version="1.1", timeout=20):
        body = make_envelope(service, operation, parts, version)
        return self.post_xml(service, body, version, timeout)

    def ask(self, service, operation, parts, version="1.1"):
        """Call an operation by hand; return the text of the only part."""
        response = self.post_call(service, operation, parts, version)
        assert response.status_code == 200, response.text
        return etree.fromstring(response.content)[0][0][0].text

    def apply(self, order="S00001", **changes):
        """Send requestForProtectionV2 by hand; return its answer as a number."""
        parts = make_request(order, **changes)
        return int(
            self.ask("ApplicationRequestService", "requestForProtectionV2", parts)
        )

    def get_state(self, number, ts_id=GERMAN):
        """Send getRequestState by hand; return its answer as a number."""
        parts = {"tsId": ts_id, "applicationId": number}
        return int(self.ask("ApplicationRequestService", "getRequestState", parts))

    def look_up(self, ts_id=GERMAN, system="ios", document="trustmarks", **options):
        """Get a document of the public list; return the response."""
        url = f"{self.url}/shops/{ts_id}/mobiles/v1/sdks/{system}/{document}.json"
        return self.http.get(url, timeout=20, allow_redirects=False, **options)

    def connect(self, service, version="1.1"):
        """Return a zeep service; for SOAP 1.2 the WSDL gets a binding of that kind."""
        if (service, version) not in self._clients:
            url = f"{self.url}{SERVICES[service][0]}?wsdl"
            if version == "1.2":
                content = requests.get(url, timeout=20).text.replace(
                    "http://schemas.xmlsoap.org/wsdl/soap/",
                    "http://schemas.xmlsoap.org/wsdl/soap12/",
                )
                path = self.state.with_name(f"{service}-12.wsdl")
                path.write_text(content)
                url = str(path)
            self._clients[service, version] = zeep.Client(url).service
        return self._clients[service, version]

    def control(self, method, name, data=None):
        url = f"{self.url}/_control/{name}"
        return self.http.request(method, url, json=data, timeout=20)

    def get(self, name):
        return self.control("GET", name).json()

    def put(self, name, /, **data):
        """Post to the control API, which must accept it; return the answer."""
        response = self.control("POST", name, data)
        assert response.status_code == 200, response.text
        return response.json()

    def find(self, ts_id=GERMAN):
        return next(each for each in self.get("certificates") if each["ts_id"] == ts_id)

    def change(self, ts_id=GERMAN, **changes):
        return self.put("certificates", **{**self.find(ts_id), **changes})

    def order_fault(self, operation, kind, **options):
        return self.put(
            "faults", **{"times": 1, "operation": operation, "kind": kind, **options}
        )


def make_envelope(service, operation, parts, version="1.1"):
    """Return an envelope written by hand, with unusual prefixes."""
    content = "".join(f"<{k}>{escape(str(v))}</{k}>" for k, v in parts.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><q:Envelope xmlns:q="{SOAP[version]}">'
        f'<q:Body><op:{operation} xmlns:op="{SERVICES[service][1]}">{content}'
        f"</op:{operation}></q:Body></q:Envelope>"
    )


def make_request(order="S00001", **changes):
    """Return the parts of requestForProtectionV2 for a good application."""
    return {
        "tsId": GERMAN,
        "tsProductId": "TS080501_500_30_EUR",
        "amount": Decimal("49.90"),
        "currency": "EUR",
        "paymentType": "PAYPAL",
        "buyerEmail": "anna@example.com",
        "shopCustomerID": "7",
        "shopOrderID": order,
        "orderDate": make_order_date(),
        "shopSystemVersion": "Odoo 19.0",
        "wsUser": "shop-de",
        "wsPassword": "sandbox-de",
        **changes,
    }


def send_mail(sandbox, content, sender="shop@example.com", to=("anna@example.com",)):
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=60) as smtp:
        smtp.sendmail(sender, list(to), content)


def make_mail(subject="Ihr Käuferschutz", html="<p>Grüße</p>", text="Grüße"):
    """Return a mail as bytes, in German, with a text and an HTML part."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = subject
    mail["From"] = "Mein Laden <shop@example.com>"
    mail["To"] = "Anna Schmidt <anna@example.com>"
    mail["Reply-To"] = "hilfe@example.com"
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail.as_bytes()


def wait_until(is_true, seconds=60):
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
