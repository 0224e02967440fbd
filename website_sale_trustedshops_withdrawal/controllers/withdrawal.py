# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.http import Controller, request, route

from odoo.addons.website_sale_withdrawal.controllers.withdrawal import HEADERS, ROUTE


class WithdrawalSample(Controller):
    @route("/withdrawal/sample", methods=["GET"], **{**ROUTE, "auth": "user"})
    def withdrawal_sample(self):
        """Show the receipt of a sample withdrawal, which is not stored.

        :return: response with the page
        :raise AccessError: when the user may not change certificates
        """
        request.env["trustedshops.certificate"].check_access("write")
        partner = request.env.user.partner_id
        withdrawal_sudo = request.env["sale.withdrawal"].sudo()
        withdrawal_sudo = withdrawal_sudo.new(
            {
                "buyer_name": partner.name,
                "email": partner.email,
                "order_reference": "S00042",
                "company_id": request.website.company_id.id,
            }
        )
        response = request.render(
            "website_sale_trustedshops_withdrawal.sample_page",
            {"receipt": withdrawal_sudo._render_receipt()},
        )
        response.headers.update(HEADERS)
        return response
