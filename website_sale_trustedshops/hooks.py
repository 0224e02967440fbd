# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is left to tidy when the addon goes."""


def uninstall_hook(env):
    """Take the fee out of open carts, and keep a fee product that was sold.

    A product on an order or invoice cannot be deleted. Without its external id the
    uninstallation does not try to: it stays, archived, with the documents.
    """
    lines = env["sale.order.line"].search([("is_trustedshops_protection", "=", True)])
    # An order that waits for its wire transfer is placed, though not confirmed.
    lines.filtered(
        lambda line: (
            line.state in ("draft", "sent")
            and line.order_id.trustedshops_protection_state in (False, "selected")
        )
    ).unlink()
    product = env.ref(
        "website_sale_trustedshops.product_protection_fee", raise_if_not_found=False
    )
    if product and env["sale.order.line"].search_count(
        [("product_id", "=", product.id)], limit=1
    ):
        product.action_archive()
        env["ir.model.data"].search(
            [
                ("module", "=", "website_sale_trustedshops"),
                ("model", "in", ("product.product", "product.template")),
            ]
        ).unlink()
