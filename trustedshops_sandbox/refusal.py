# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How the REST side says no."""


class Refusal(Exception):
    """An answer that is no success.

    :param int status: of HTTP.
    :param body: a dict, or the text of a ``Message``.
    """

    def __init__(self, status, body):
        super().__init__(status)
        self.status = status
        self.body = {"Message": body} if isinstance(body, str) else body
