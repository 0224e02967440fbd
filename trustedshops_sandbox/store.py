# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Everything the sandbox knows, in one SQLite file."""

import json

from .moments import format_time
from .records import Records

DEFAULT_SETTINGS = {
    "pending_seconds": 5,
    "duplicates": "refuse",
    "delay_ms": 0,
    "mails": "accept",
    # Of the REST side: what a bearer is said to last, how long it lasts (seconds).
    "expires_in": 3600,
    "bearer_seconds": 3600,
    "audience": "check",
    # Seconds until the invite settings of a new event type, or an invitation, are
    # listed; None: never. Seconds until a buyer is reminded; None: never.
    "invite_settings_seconds": 2,
    "reminder_seconds": None,
    # Channels of which nothing may be read or changed, and the state of new reviews.
    "forbidden_channels": [],
    "review_state": "APPROVED",
}


class Store(Records):
    """The state of one sandbox."""

    # Settings, numbers, calls

    def get_settings(self):
        """Return all settings as a dict, see ``DEFAULT_SETTINGS``."""
        rows = self.run("SELECT name, value FROM setting")
        stored = {row["name"]: json.loads(row["value"]) for row in rows}
        return {**DEFAULT_SETTINGS, **stored}

    def set_settings(self, values):
        """Store the given settings (a dict with JSON values)."""
        with self.transaction():
            for name, value in values.items():
                self.run("REPLACE INTO setting VALUES (?, ?)", name, json.dumps(value))

    def take_number(self, name):
        """Return the next number of a series, ``application`` or ``guarantee``."""
        rows = self.run(
            "UPDATE number SET next = next + 1 WHERE name = ? AND next < ? "
            "RETURNING next - 1 AS number",
            name,
            2**31,
        )
        if not rows:
            raise OverflowError(f"No {name} number below 2**31 is left.")
        return rows[0]["number"]

    def count_call(self, operation):
        """Count one call of an operation."""
        self.run(
            "INSERT INTO call VALUES (?, 1) "
            "ON CONFLICT (operation) DO UPDATE SET count = count + 1",
            operation,
        )

    def get_calls(self):
        """Return the number of calls since the reset by operation."""
        rows = self.run("SELECT operation, count FROM call ORDER BY operation")
        return {row["operation"]: row["count"] for row in rows}

    # Certificates

    def get_certificates(self):
        """Return all certificates, sorted by id."""
        rows = self.run("SELECT data FROM certificate ORDER BY ts_id")
        return [json.loads(row["data"]) for row in rows]

    def get_certificate(self, ts_id):
        """Return one certificate, or None."""
        rows = self.run("SELECT data FROM certificate WHERE ts_id = ?", ts_id)
        return json.loads(rows[0]["data"]) if rows else None

    def put_certificate(self, certificate):
        """Add a certificate or replace the one with the same id."""
        self.run(
            "REPLACE INTO certificate VALUES (?, ?)",
            certificate["ts_id"],
            json.dumps(certificate),
        )

    def delete_certificate(self, ts_id):
        """Delete a certificate; tell whether there was one."""
        statement = "DELETE FROM certificate WHERE ts_id = ? RETURNING ts_id"
        return bool(self.run(statement, ts_id))

    # Applications

    def add_request(self, operation, received, raw, now, *, number=None, code=None):
        """Keep a request for protection: with a number or with the code it got.

        :param dict received: the parts as sent, in the order in which they came.
        :param str raw: the whole envelope.
        :param float now: seconds since 1970.
        """
        self.run(
            "INSERT INTO request (operation, ts_id, order_id, application_number, "
            "code, received, raw, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            operation,
            received["tsId"],
            received["shopOrderID"],
            number,
            code,
            json.dumps(received),
            raw,
            now,
        )

    def find_order(self, ts_id, order_id):
        """Return the row of the newest application for an order, or None."""
        rows = self.run(
            "SELECT * FROM request WHERE ts_id = ? AND order_id = ? "
            "AND application_number IS NOT NULL ORDER BY id DESC LIMIT 1",
            ts_id,
            order_id,
        )
        return rows[0] if rows else None

    def find_application(self, number):
        """Return the row of an application, or None."""
        rows = self.run("SELECT * FROM request WHERE application_number = ?", number)
        return rows[0] if rows else None

    def decide(self, number, *, code=None):
        """Conclude an application: refuse it with a code, or give it its number.

        The first decision stays.
        """
        with self.transaction():
            row = self.find_application(number)
            if row["code"] is not None or row["guarantee_number"] is not None:
                return
            guarantee = self.take_number("guarantee") if code is None else None
            self.run(
                "UPDATE request SET guarantee_number = ?, code = ? WHERE id = ?",
                guarantee,
                code,
                row["id"],
            )

    def decide_due(self, now):
        """Give a guarantee number to each application that was pending long enough.

        :param float now: seconds since 1970.
        """
        with self.transaction():
            due = now - self.get_settings()["pending_seconds"]
            rows = self.run(
                "SELECT application_number AS number FROM request "
                "WHERE application_number IS NOT NULL AND guarantee_number IS NULL "
                "AND code IS NULL AND received_at <= ? ORDER BY id",
                due,
            )
            for row in rows:
                self.decide(row["number"])

    def add_shipment(self, request_id, received):
        """Keep what setShippingInformation brought, under its application."""
        self.run(
            "INSERT INTO shipment (request_id, received) VALUES (?, ?)",
            request_id,
            json.dumps(received),
        )

    def get_requests(self, *, refused=False, limit=-1):
        """Return applications, or refused requests, oldest first, as dicts.

        The parts are fields with the names of the WSDL, as text, as sent.

        :param int limit: at most so many, the newest; -1 for all.
        """
        test = "IS NULL" if refused else "IS NOT NULL"
        with self.transaction():
            rows = self.run(
                "SELECT * FROM (SELECT * FROM request WHERE application_number "
                f"{test} ORDER BY id DESC LIMIT ?) ORDER BY id",
                limit,
            )
            shipments = {}
            for row in self.run("SELECT * FROM shipment ORDER BY id"):
                received = json.loads(row["received"])
                shipments.setdefault(row["request_id"], []).append(received)
        return [_make_request(row, shipments.get(row["id"], [])) for row in rows]

    # Mails

    def add_mail(self, data, raw, now):
        """Keep a mail: what was read of it (a dict), the bytes, the time."""
        self.run(
            "INSERT INTO mail (data, raw, received_at) VALUES (?, ?, ?)",
            json.dumps(data),
            raw,
            now,
        )

    def get_mails(self, *, limit=-1):
        """Return mails, oldest first, as dicts; at most `limit`, the newest."""
        rows = self.run(
            "SELECT * FROM (SELECT * FROM mail ORDER BY id DESC LIMIT ?) ORDER BY id",
            limit,
        )
        return [_make_mail(row) for row in rows]

    def get_mail(self, number):
        """Return one mail as a dict, or None."""
        rows = self.run("SELECT * FROM mail WHERE id = ?", number)
        return _make_mail(rows[0]) if rows else None

    # The public site

    def add_registration(self, received, now):
        """Keep what a page of the public site received (a dict), and the time."""
        self.run(
            "INSERT INTO registration (data, received_at) VALUES (?, ?)",
            json.dumps(received),
            now,
        )

    def get_registrations(self, *, limit=-1):
        """Return what the pages received, oldest first; at most `limit`, the newest."""
        rows = self.run(
            "SELECT * FROM (SELECT * FROM registration ORDER BY id DESC LIMIT ?) "
            "ORDER BY id",
            limit,
        )
        return [
            {
                "id": row["id"],
                **json.loads(row["data"]),
                "received_at": format_time(row["received_at"]),
            }
            for row in rows
        ]

    # Faults

    def add_fault(self, fault):
        """Add a fault (a dict, see ``faults``) behind the others; return its id."""
        rows = self.run(
            "INSERT INTO fault (operation, kind, times, code, seconds) "
            "VALUES (?, ?, ?, ?, ?) RETURNING id",
            fault["operation"],
            fault["kind"],
            fault["times"],
            json.dumps(fault["code"]),
            fault["seconds"],
        )
        return rows[0]["id"]

    def get_faults(self):
        """Return the active faults, oldest first."""
        rows = self.run("SELECT * FROM fault ORDER BY id")
        return [_make_fault(row) for row in rows]

    def delete_faults(self, **filters):
        """Delete the faults with these values (all without any); return how many."""
        where = "".join(f" AND {name} = ?" for name in filters)
        statement = f"DELETE FROM fault WHERE 1 {where} RETURNING id"
        return len(self.run(statement, *filters.values()))

    def take_fault(self, operation):
        """Return the oldest fault for an operation and use it once, or None."""
        with self.transaction():
            rows = self.run(
                "SELECT * FROM fault WHERE operation IN (?, '*') ORDER BY id LIMIT 1",
                operation,
            )
            if not rows:
                return None
            self.run("UPDATE fault SET times = times - 1 WHERE id = ?", rows[0]["id"])
            self.run("DELETE FROM fault WHERE times <= 0")
        return _make_fault(rows[0])


def _make_request(row, shipments):
    state = "pending"
    if row["application_number"] is None:
        state = "refused"
    elif row["code"] is not None:
        state = "rejected"
    elif row["guarantee_number"] is not None:
        state = "confirmed"
    received = json.loads(row["received"])
    return {
        **received,
        "id": row["id"],
        "operation": row["operation"],
        "application_number": row["application_number"],
        "guarantee_number": row["guarantee_number"],
        "state": state,
        "code": row["code"],
        "received_at": format_time(row["received_at"]),
        "part_order": list(received),
        "shipments": shipments,
        "raw": row["raw"],
    }


def _make_mail(row):
    return {
        "id": row["id"],
        **json.loads(row["data"]),
        "received_at": format_time(row["received_at"]),
        "raw": row["raw"].decode("utf-8", "replace"),
    }


def _make_fault(row):
    return {**dict(row), "code": json.loads(row["code"])}
