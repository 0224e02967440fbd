# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Prepares the actions that buttons return to the web client."""


def link(label, action, record_id):
    """Return a link for a notification, see :func:`show`.

    :param str label: text of the link
    :param str action: external ID of the action that it opens
    :param int record_id: id of a record that the user may read
    :return: ``label`` and ``url``
    :rtype: dict
    """
    return {"label": label, "url": f"/odoo/action-{action}/{record_id}"}


def show(message, links=(), **params):
    """Return the client action that shows a notification.

    :param str message: its text, in plain text
    :param links: results of :func:`link`, shown after the text
    :type links: iterable of dict
    :param params: other parameters of ``display_notification``; by default the type is
        ``success``, and the view is reloaded afterwards
    :rtype: dict
    """
    reload = {"type": "ir.actions.client", "tag": "soft_reload"}
    if links:  # only with links core reads it as a format string
        message = " ".join([message.replace("%", "%%"), *["%s"] * len(links)])
        params["links"] = list(links)
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {"type": "success", "next": reload, "message": message, **params},
    }
