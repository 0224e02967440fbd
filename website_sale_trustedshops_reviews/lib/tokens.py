# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keep access tokens in the memory of this process until shortly before they expire."""

import threading
import time
from dataclasses import dataclass, field


@dataclass
class _Entry:
    """The token of one login; other threads wait while one renews it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    token: str = ""
    ends_at: float = 0.0


class TokenStore:
    """Store the tokens of all logins that this process uses."""

    def __init__(self):
        self._lock = threading.Lock()
        self._entries = {}

    def get(self, key, request, *, refused=""):
        """Return a token that is still valid, requesting a new one if necessary.

        :param tuple key: identifies the login, without its secret
        :param request: requests a new token; returns it and its lifetime in seconds
        :type request: callable
        :param str refused: token that was refused although it should be valid
        :rtype: str
        """
        entry = self._get_entry(key)
        with entry.lock:
            started = time.monotonic()
            if entry.token in ("", refused) or entry.ends_at <= started:
                entry.token = ""
                entry.token, lifetime = request()
                # Renew it a minute early, because a call takes time.
                entry.ends_at = started + lifetime - 60
            return entry.token

    def forget(self, key, token):
        """Forget a refused token, unless there is a newer one already."""
        entry = self._get_entry(key)
        with entry.lock:
            if entry.token == token:
                entry.token = ""

    def _get_entry(self, key):
        with self._lock:
            # With many logins, forget those whose token expired.
            if len(self._entries) >= 100 and key not in self._entries:
                now = time.monotonic()
                self._entries = {
                    name: entry
                    for name, entry in self._entries.items()
                    if entry.ends_at > now
                }
            return self._entries.setdefault(key, _Entry())
