# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The SQLite file: opening, schema, transactions.

All changes are committed before anything is answered. WAL with ``synchronous`` NORMAL
survives a kill of the process at any point (only a crash of the machine could lose
the last transactions). One connection, used by one thread at a time, and an exclusive
lock on the file: no second sandbox can use the same state.
"""

import sqlite3
import threading
from contextlib import contextmanager

# Numbers go on after a reset: an old number never means a new application. Shops keep
# them in 32-bit columns (PrestaShop), so they stay below 2**31 (see ``take_number``).
_FIRST_NUMBERS = {"application": 4700001, "guarantee": 8100001}

_VERSION = 2
_SCHEMA = f"""
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE number (name TEXT PRIMARY KEY, next INTEGER NOT NULL);
CREATE TABLE certificate (ts_id TEXT PRIMARY KEY, data TEXT NOT NULL);
CREATE TABLE request (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    operation TEXT NOT NULL,
    ts_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    application_number INTEGER UNIQUE,
    guarantee_number INTEGER UNIQUE,
    code INTEGER,
    received TEXT NOT NULL,
    raw TEXT NOT NULL,
    received_at REAL NOT NULL
);
CREATE INDEX request_order ON request (ts_id, order_id)
    WHERE application_number IS NOT NULL;
CREATE INDEX request_open ON request (received_at)
    WHERE application_number IS NOT NULL AND guarantee_number IS NULL
      AND code IS NULL;
CREATE TABLE shipment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id INTEGER NOT NULL,
    received TEXT NOT NULL
);
CREATE INDEX shipment_request ON shipment (request_id);
CREATE TABLE mail (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    data TEXT NOT NULL,
    raw BLOB NOT NULL,
    received_at REAL NOT NULL
);
CREATE TABLE fault (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    operation TEXT NOT NULL,
    kind TEXT NOT NULL,
    times INTEGER,
    code TEXT,
    seconds REAL NOT NULL
);
CREATE TABLE call (operation TEXT PRIMARY KEY, count INTEGER NOT NULL);
CREATE TABLE registration (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    data TEXT NOT NULL,
    received_at REAL NOT NULL
);
CREATE TABLE record (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    ref TEXT NOT NULL,
    owner TEXT NOT NULL,
    at REAL NOT NULL,
    data TEXT NOT NULL,
    UNIQUE (kind, ref)
);
CREATE INDEX record_owner ON record (kind, owner, id);
CREATE TABLE review (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ref TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    type TEXT NOT NULL,
    state TEXT NOT NULL,
    rating INTEGER NOT NULL,
    verified INTEGER NOT NULL,
    sku TEXT,
    gtin TEXT,
    mpn TEXT,
    reference TEXT,
    email TEXT,
    replied INTEGER NOT NULL,
    submitted TEXT NOT NULL,
    updated TEXT NOT NULL,
    edited TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX review_submitted ON review (submitted, id);
CREATE INDEX review_updated ON review (updated, id);
CREATE INDEX review_edited ON review (edited, id);
CREATE INDEX review_channel ON review (channel, type, submitted);
CREATE INDEX review_sku ON review (channel, sku, submitted);
CREATE INDEX review_gtin ON review (channel, gtin, submitted);
CREATE INDEX review_mpn ON review (channel, mpn, submitted);
PRAGMA user_version = {_VERSION};
"""
_TABLES = (
    *("setting", "certificate", "request", "shipment", "mail", "fault", "call"),
    *("registration", "record", "review"),
)


class StateError(Exception):
    """The state file cannot be used; the text says why."""


class Database:
    """The file, its lock and its transactions.

    :param str path: the SQLite file; it is made when it does not exist.
    :param seed: called with this object to fill a new file.
    :raise StateError: when it cannot be used.
    """

    def __init__(self, path, seed):
        self._lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=1
            )
            self._connection.row_factory = sqlite3.Row
            self._open(seed)
        except sqlite3.Error as error:
            reason = str(error)
            if "locked" in reason:
                reason = "another program uses it"
            raise StateError(
                f"The state file {path} cannot be used: {reason}."
            ) from error

    def _open(self, seed):
        execute = self._connection.execute
        execute("PRAGMA locking_mode = EXCLUSIVE")
        execute("PRAGMA journal_mode = WAL")
        execute("PRAGMA synchronous = NORMAL")
        # Takes the exclusive lock now, and shows now whether the file is writable.
        execute("BEGIN IMMEDIATE")
        version = execute("PRAGMA user_version").fetchone()[0]
        tables = execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if version != _VERSION and (version or tables):
            execute("ROLLBACK")
            raise sqlite3.DatabaseError("it was not made by this version")
        if not version:
            self._create(seed)
        execute("COMMIT")

    def _create(self, seed):
        for statement in _SCHEMA.split(";"):
            self._connection.execute(statement)
        for item in _FIRST_NUMBERS.items():
            self._connection.execute("INSERT INTO number VALUES (?, ?)", item)
        seed(self)

    def close(self):
        """Close the file; nothing can be read or written afterwards."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self):
        """Run a block alone, and commit what it wrote, or nothing on an exception.

        May be nested: the outermost block commits.
        """
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def run(self, statement, *values):
        """Run one statement, in a transaction of its own if there is none."""
        with self.transaction():
            return self._connection.execute(statement, values).fetchall()

    def reset(self):
        """Empty everything and restore the default settings; numbers go on."""
        with self.transaction():
            for table in _TABLES:
                self.run(f"DELETE FROM {table}")
