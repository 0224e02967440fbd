# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Pages that a browser fetches before anybody asked for them."""

from odoo.http import request


def is_prefetch():
    """Tell whether the browser fetches the page before anybody asked for it.

    :rtype: bool
    """
    headers = request.httprequest.headers
    purpose = headers.get("Sec-Purpose", "") + headers.get("Purpose", "")
    return "prefetch" in purpose.lower()


def refuse():
    """Return an answer that makes the browser fetch the page anew when it is opened.

    A failure is never shown in place of the page; "no content" would be.
    Source: HTML Standard, speculative loading; http.dev/sec-purpose.
    """
    headers = [("Cache-Control", "no-store")]
    return request.make_response("", headers=headers, status=503)
