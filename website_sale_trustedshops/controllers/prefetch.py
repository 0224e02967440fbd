# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Recognizes pages that a browser fetches before the visitor opens them."""

from odoo.http import request


def is_prefetch():
    """Return True if the browser fetches the page before the visitor opens it.

    :rtype: bool
    """
    headers = request.httprequest.headers
    purpose = headers.get("Sec-Purpose", "") + headers.get("Purpose", "")
    return "prefetch" in purpose.lower()


def refuse():
    """Return an empty response with status 503 that is not stored.

    When the visitor opens the page, the browser fetches it again: it never shows a
    failed prefetch, but would show one with "no content" (204).
    Source: HTML Standard, speculative loading; http.dev/sec-purpose.

    :rtype: odoo.http.Response
    """
    headers = [("Cache-Control", "no-store")]
    return request.make_response("", headers=headers, status=503)
