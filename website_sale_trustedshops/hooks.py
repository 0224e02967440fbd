# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cleans up when the addon is uninstalled."""


def uninstall_hook(env):
    """Log open tasks on orders, remove the fee from carts, and archive sold products.

    The tasks are protections without a decision and fees to be refunded. A product on
    an order cannot be deleted. Without its external ID, Odoo does not try to: the
    product stays, archived.
    """
    protections = env["trustedshops.protection"]
    for protection in protections.search(protections._get_unfinished_domain()):
        # Without the addon, staff have to do this by hand.
        is_open = protection.refund_ids.state == "open"
        code = "uninstalled_refund" if is_open else "uninstalled"
        protection._log_at_orders(code)
    lines = env["sale.order.line"].search([("is_trustedshops_protection", "=", True)])
    # An order that waits for its wire transfer is placed, so it keeps its fee.
    lines.filtered(
        lambda line: (
            line.state in ("draft", "sent")
            and line.order_id.trustedshops_protection_id.state in (False, "selected")
        )
    ).unlink()
    certificates = env["trustedshops.certificate"].with_context(active_test=False)
    certificates.search([]).fee_product_id = False
    _archive_sold_products(env)


def _archive_sold_products(env):
    """Archive each product of this addon that was sold, and remove its external ID."""
    lines = env["sale.order.line"].with_context(active_test=False)
    paths = {
        "product.product": "product_id",
        "product.template": "product_id.product_tmpl_id",
    }
    ours = [("module", "=", "website_sale_trustedshops"), ("model", "in", [*paths])]
    for name in env["ir.model.data"].search(ours):
        if lines.search_count([(paths[name.model], "=", name.res_id)], limit=1):
            env[name.model].browse(name.res_id).action_archive()
            name.unlink()
