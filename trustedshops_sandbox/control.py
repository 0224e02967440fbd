# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The control API: what tests and the page change, as JSON."""

import time

from . import certificates, faults, seeds
from .control_rest import RestControl, check_rest_setting

# Seconds; a month is longer than any test.
_MAX_PENDING = 31 * 24 * 3600
_MAX_DELAY = 60_000
# Settings of a Trusted Shops and a mail server without troubles.
NORMAL = {"delay_ms": 0, "mails": "accept"}


class Control(RestControl):
    """The calls below ``/_control/``; each returns something that JSON can carry.

    :param Store store: the state.
    :param str shop_url: the address in the seeded certificates.
    """

    def __init__(self, store, shop_url):
        self.store = store
        self.shop_url = shop_url

    def reset(self, data):
        """Empty everything: certificates, accounts, what came, faults, settings."""
        self.store.reset()
        return {"reset": True}

    def seed(self, data):
        """Put what was seeded back; other things stay. Return the certificates."""
        return seeds.plant(self.store, self.shop_url)

    def get_certificates(self, limit):
        """Return all certificates."""
        return self.store.get_certificates()

    def put_certificate(self, data):
        """Add or replace a certificate; return it with all fields."""
        certificate = certificates.read_certificate(data, self.shop_url)
        self.store.put_certificate(certificate)
        return certificate

    def delete_certificate(self, ts_id):
        """Delete one certificate."""
        if not self.store.delete_certificate(ts_id):
            raise ValueError("There is no certificate with this id.")
        return {"deleted": 1}

    def get_applications(self, limit):
        """Return the applications that were accepted, oldest first."""
        return self._get_requests(limit, refused=False)

    def get_refused(self, limit):
        """Return the requests that got a code at once, oldest first."""
        return self._get_requests(limit, refused=True)

    def _get_requests(self, limit, *, refused):
        self.store.decide_due(time.time())
        return self.store.get_requests(refused=refused, limit=limit)

    def decide(self, data):
        """Conclude a pending application by hand.

        :param dict data: ``application_number``; ``code`` (negative) rejects it, a
            missing ``code`` or null confirms it.
        """
        if not isinstance(data, dict) or set(data) - {"application_number", "code"}:
            raise ValueError("Give 'application_number' and, to reject it, 'code'.")
        number, code = data.get("application_number"), data.get("code")
        if code is not None and not (type(code) is int and -(2**31) <= code < 0):
            raise ValueError("'code' must be a negative number, or missing.")
        if type(number) is not int or not 0 < number < 2**31:
            raise ValueError("'application_number' must be a positive number.")
        with self.store.transaction():
            row = self.store.find_application(number)
            if not row:
                raise ValueError("There is no application with this number.")
            if row["code"] is not None or row["guarantee_number"] is not None:
                raise ValueError("This application is decided already.")
            self.store.decide(number, code=code)
        return {"decided": number}

    def get_mails(self, limit):
        """Return the mails received, oldest first."""
        return self.store.get_mails(limit=limit)

    def get_registrations(self, limit):
        """Return what the pages of the public site received, oldest first."""
        return self.store.get_registrations(limit=limit)

    def get_faults(self, limit):
        """Return the active faults, in the order in which they are used."""
        return self.store.get_faults()

    def put_fault(self, data):
        """Add a fault, or clear those of its kind and operation (``times`` 0)."""
        fault = faults.read_fault(data)
        if fault["times"] == 0:
            filters = {"operation": fault["operation"], "kind": fault["kind"]}
            return {"cleared": self.store.delete_faults(**filters)}
        return {"id": self.store.add_fault(fault), **fault}

    def clear_faults(self):
        """Clear all faults."""
        return {"cleared": self.store.delete_faults()}

    def clear_fault(self, number):
        """Clear one fault."""
        return {"cleared": self.store.delete_faults(id=number)}

    def end(self, data):
        """End what is switched on.

        :param dict data: ``id`` of one fault; without it all end, and answers and mails
            are neither late nor refused.
        """
        if not isinstance(data, dict) or set(data) - {"id"}:
            raise ValueError("Give the 'id' of a fault, or nothing.")
        if "id" in data:
            return {"cleared": self.store.delete_faults(id=data["id"])}
        self.store.set_settings(NORMAL)
        return self.clear_faults()

    def get_settings(self, limit):
        """Return all settings."""
        return self.store.get_settings()

    def put_settings(self, data):
        """Change some settings; return all of them."""
        if not isinstance(data, dict):
            raise ValueError("Settings must be a JSON object.")
        for name, value in data.items():
            _check_setting(name, value)
        self.store.set_settings(data)
        return self.store.get_settings()

    def get_calls(self, limit):
        """Return how often each operation was called since the reset."""
        return self.store.get_calls()


def _is_number(value, high):
    return type(value) in (int, float) and 0 <= value <= high


def _check_setting(name, value):
    if name == "pending_seconds":
        if not _is_number(value, _MAX_PENDING):
            raise ValueError("'pending_seconds' must be seconds, at most 31 days.")
    elif name in ("duplicates", "mails"):
        if value not in ("refuse", "accept"):
            raise ValueError(f"'{name}' must be 'refuse' or 'accept'.")
    elif name == "delay_ms":
        if not _is_number(value, _MAX_DELAY):
            raise ValueError(f"'delay_ms' must be 0 to {_MAX_DELAY} milliseconds.")
    elif not check_rest_setting(name, value):
        raise ValueError(f"There is no setting {name!r}.")
