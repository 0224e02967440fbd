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
    """Return an answer that makes the browser fetch the page again when it is opened.

    Browsers never show a failed prefetch, but would show one with "no content".
    Source: HTML Standard, speculative loading; http.dev/sec-purpose.
    """
    headers = [("Cache-Control", "no-store")]
    return request.make_response("", headers=headers, status=503)
