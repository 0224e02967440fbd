# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Access tokens, kept in the memory of this process until shortly before they end."""

import threading
import time
from dataclasses import dataclass, field

# A token is not used any more for so many seconds before it ends: a call takes time.
_MARGIN = 60
# More logins than that in one process, and those that ended are forgotten.
_MANY = 100


@dataclass
class _Entry:
    """The token of one login; whoever needs it meanwhile waits for its renewal."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    token: str = ""
    ends_at: float = 0.0


class TokenStore:
    """Tokens of all logins that this process uses."""

    def __init__(self):
        self._lock = threading.Lock()
        self._entries = {}

    def get(self, key, request, *, refused=""):
        """Return a token that is still good, a new one if need be.

        :param tuple key: what tells the login from all others, without its secret
        :param request: asks for a new token, returns it with its seconds of life
        :type request: callable
        :param str refused: token that was refused although it should be good
        :rtype: str
        """
        entry = self._get_entry(key)
        with entry.lock:
            started = time.monotonic()
            if entry.token in ("", refused) or entry.ends_at <= started:
                entry.token = ""
                entry.token, lifetime = request()
                entry.ends_at = started + lifetime - _MARGIN
            return entry.token

    def forget(self, key, token):
        """Forget a token that was refused, unless there is a newer one already."""
        entry = self._get_entry(key)
        with entry.lock:
            if entry.token == token:
                entry.token = ""

    def _get_entry(self, key):
        with self._lock:
            if len(self._entries) >= _MANY and key not in self._entries:
                now = time.monotonic()
                self._entries = {
                    name: entry
                    for name, entry in self._entries.items()
                    if entry.ends_at > now
                }
            return self._entries.setdefault(key, _Entry())
