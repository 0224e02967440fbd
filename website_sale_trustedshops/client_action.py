# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a button answers to the web client."""


def show(message, **params):
    """Return the action by which the web client shows a notification.

    :param str message: what was done
    :param params: other parameters of ``display_notification``; by default the type is
        ``success`` and the page is reloaded afterwards
    :rtype: dict
    """
    reload = {"type": "ir.actions.client", "tag": "soft_reload"}
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {"type": "success", "next": reload, "message": message, **params},
    }
