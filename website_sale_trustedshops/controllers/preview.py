# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.http import Controller, request, route

from .. import const
from ..framework import set_website


class TrustedShopsPreview(Controller):
    @route(
        "/shop/trustedshops/preview/<int:certificate_id>",
        auth="user",
        **const.READ_ROUTE,
    )
    def trustedshops_preview(self, certificate_id, **_kwargs):
        """Show staff what shoppers see, in each language, without an order.

        :param int certificate_id: one that the user may read
        """
        certificate = request.env["trustedshops.certificate"].browse(certificate_id)
        if not certificate.exists().has_access("read"):
            raise request.not_found()
        set_website(certificate.website_id)
        columns = certificate.sudo()._prepare_preview()
        for column in columns:
            # The preview cannot be edited.
            qweb = request.env["ir.qweb"].with_context(
                lang=column["lang"].code, inherit_branding=False
            )
            column["blocks"] = {
                page: list(filter(str.strip, [qweb._render(*each) for each in blocks]))
                for page, blocks in column["blocks"].items()
            }
        response = request.render(
            "website_sale_trustedshops.preview", {"columns": columns}
        )
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        return response
