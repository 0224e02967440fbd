# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the REST side knows, as JSON objects by kind; reviews have a table to search.

A record has an owner (an account or a channel) and a moment, whose meaning depends on
the kind: an invite setting is there from then on, a bearer ends then.
"""

import json

from .database import Database


class Records(Database):
    """The part of the state that belongs to the REST side."""

    def put_record(self, kind, ref, data, *, owner="", at=0.0):
        """Add a record, or replace the one of that kind with the same reference."""
        self.run(
            "INSERT INTO record (kind, ref, owner, at, data) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (kind, ref) DO UPDATE SET owner = excluded.owner, "
            "at = excluded.at, data = excluded.data",
            *(kind, ref, owner, at, json.dumps(data)),
        )

    def change_record(self, kind, ref, data):
        """Replace what a record says; owner and moment stay."""
        statement = "UPDATE record SET data = ? WHERE kind = ? AND ref = ?"
        self.run(statement, json.dumps(data), kind, ref)

    def get_record(self, kind, ref, *, since=0.0):
        """Return a record whose moment is `since` or later as a dict, or None."""
        rows = self.run(
            "SELECT data FROM record WHERE kind = ? AND ref = ? AND at >= ?",
            *(kind, ref, since),
        )
        return json.loads(rows[0]["data"]) if rows else None

    def get_records(self, kind, *, owner=None, until=1e12, limit=-1):
        """Return records as dicts, oldest first.

        :param str owner: None for those of all.
        :param float until: only those whose moment is not later (seconds since 1970).
        :param int limit: at most so many, the newest; -1 for all.
        """
        of_owner = "" if owner is None else "AND owner = ?"
        rows = self.run(
            "SELECT data FROM (SELECT id, data FROM record WHERE kind = ? AND at <= ? "
            f"{of_owner} ORDER BY id DESC LIMIT ?) ORDER BY id",
            *(kind, until, *([] if owner is None else [owner]), limit),
        )
        return [json.loads(row["data"]) for row in rows]

    def delete_records(self, kind, *, ref=None, owner=None, until=None):
        """Delete the records of a kind with these values; return how many."""
        tests = {"ref = ?": ref, "owner = ?": owner, "at <= ?": until}
        tests = {test: value for test, value in tests.items() if value is not None}
        where = "".join(f" AND {test}" for test in tests)
        statement = f"DELETE FROM record WHERE kind = ? {where} RETURNING id"
        return len(self.run(statement, kind, *tests.values()))
