# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Access tokens in the memory of this process, until shortly before they expire."""

import threading
import time
from dataclasses import dataclass, field


@dataclass
class _Entry:
    """The token of one login, with a lock: other threads wait while one renews it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    token: str = ""
    ends_at: float = 0.0


class TokenStore:
    """The access tokens of all logins that this process uses."""

    def __init__(self):
        self._lock = threading.Lock()
        self._entries = {}

    def get(self, key, request, *, refused=""):
        """Return a valid token; request a new one if there is none.

        Errors of the request are raised to the caller.

        :param tuple key: identifies the login, without its secret
        :param request: function that requests a new token, and returns it with its
            lifetime in seconds
        :type request: callable
        :param str refused: a token that the service just refused, and that is replaced
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

    def remove(self, key, token):
        """Remove a refused token, unless another thread already replaced it.

        :param tuple key: see :meth:`get`
        :param str token: the refused one
        """
        entry = self._get_entry(key)
        with entry.lock:
            if entry.token == token:
                entry.token = ""

    def _get_entry(self, key):
        """Return the entry of a login, a new one if needed, and drop expired ones."""
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
