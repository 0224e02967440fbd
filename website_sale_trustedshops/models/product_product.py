# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import ValidationError


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.constrains("active")
    def _check_trustedshops_fee(self):
        """Keep the product of a fee that is offered.

        An archived product leaves all carts without a word, and buyers who had chosen
        Buyer Protection would order without it.
        """
        archived = self.filtered(lambda product: not product.active)
        certificates_sudo = (
            self.env["trustedshops.certificate"]
            .sudo()
            .search([("fee_product_id", "in", archived.ids), ("active", "=", True)])
        )
        if certificates_sudo:
            raise ValidationError(
                self.env._(
                    "%(product)s is the product with which the fee of Buyer Protection"
                    " is sold (%(certificates)s), so it cannot be archived. Choose"
                    " another product on that certificate first.",
                    product=certificates_sudo.fee_product_id[:1].display_name,
                    certificates=", ".join(certificates_sudo.mapped("ts_id")),
                )
            )
