# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo import models
from odoo.http import request

# Path of a link in a mail, after the code of its language.
LINK = re.compile("/[^/]+(/trustedshops/reviews/(?:stop|confirm)/[^/]+)")


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _serve_fallback(cls):
        """Override of `website` to open links whose language the website lost since."""
        response = super()._serve_fallback()
        found = LINK.fullmatch(request.httprequest.path)
        if found and not response:
            return request.redirect(found[1], code=303)
        return response
