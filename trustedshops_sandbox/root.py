# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The address under which the sandbox is called, for what it hands out."""

import re

_HOST = re.compile(r"[A-Za-z0-9._-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")


def find_root(request):
    """Return the address without a slash at its end.

    :param Request request: of werkzeug.
    :raise ValueError: when the request does not say it.
    """
    host = request.headers.get("Host", "")
    if not _HOST.fullmatch(host):
        raise ValueError("The Host header is missing or wrong.")
    forwarded = request.headers.get("X-Forwarded-Proto", "").strip().lower()
    return f"{'https' if forwarded == 'https' else 'http'}://{host}"
