# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the stories of buyers have in common."""

import re
import time

# Desk Combination: 450.00 € and 19 % tax, 4.90 € delivery and its tax.
DESK = "desk-8"


def wait_for(get, what, seconds=60):
    """Return the first true answer of a question asked again and again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := get():
            return answer
        time.sleep(0.5)
    raise AssertionError(f"{what} did not happen within {seconds} seconds")


def read_total(page):
    """Return the total that the visible summary shows, as text."""
    row = page.locator("tr[name='o_order_total']:visible").first
    return clean(row.locator(".monetary_field").inner_text())


def clean(text):
    """Return a text with ordinary blanks only."""
    return re.sub(r"\s+", " ", text).strip()


def applications_of(shop, email):
    """Return what the sandbox received for a buyer."""
    return [
        application
        for application in shop.sandbox.get("applications")
        if application["buyerEmail"] == email
    ]


def mails_to(shop, email, subject):
    """Return the mails to a buyer whose subject contains a text."""
    return [
        mail
        for mail in shop.sandbox.get("mails")
        if email in mail["to"] and subject in mail["subject"]
    ]


def address_of(email):
    """Return a German address with its own e-mail address."""
    return {
        "name": "Erika Mustermann",
        "email": email,
        "phone": "+49 30 1234567",
        "street": "Hauptstraße 1",
        "zip": "10115",
        "city": "Berlin",
    }
