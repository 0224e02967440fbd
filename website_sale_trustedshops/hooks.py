# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is left to tidy when the addon goes."""

from odoo.fields import Domain


def uninstall_hook(env):
    """Say what is left to do, empty open carts of the fee, keep what was sold.

    A product on an order or invoice cannot be deleted. Without its external id the
    uninstallation does not try to: it stays, archived, with the documents.
    """
    protections = env["trustedshops.protection"]
    for protection in protections.search(protections._get_unfinished_domain()):
        protection._post_what_is_left()
    lines = env["sale.order.line"].search([("is_trustedshops_protection", "=", True)])
    # An order that waits for its wire transfer is placed, though not confirmed.
    lines.filtered(
        lambda line: (
            line.state in ("draft", "sent")
            and line.order_id.trustedshops_protection_state in (False, "selected")
        )
    ).unlink()
    certificates = env["trustedshops.certificate"].with_context(active_test=False)
    certificates.search([]).fee_product_id = False
    _keep_sold_products(env)
    _delete_unused_taxes(env)


def _keep_sold_products(env):
    """Archive each product of the fee that was sold, and let it be nobody's data."""
    lines = env["sale.order.line"]
    for product in _find_made(env, "product.product"):
        if lines.search_count([("product_id", "=", product.id)], limit=1):
            product.action_archive()
            for record in (product, product.product_tmpl_id):
                names = _find_names(env, record._name)
                names.filtered_domain([("res_id", "=", record.id)]).unlink()


def _delete_unused_taxes(env):
    """Delete the taxes of 0 % that the set-up of the fee made, unless they are used.

    They are among those of the company's chart of accounts, which outlive the addon.
    """
    going = _find_made(env, "product.product")
    products = env["product.product"].with_context(active_test=False)
    lines = env["sale.order.line"]
    for tax in _find_made(env, "account.tax"):
        on_product = [("taxes_id", "in", tax.ids), ("id", "not in", going.ids)]
        if not (
            tax.is_used
            or lines.search_count([("tax_ids", "in", tax.ids)], limit=1)
            or products.search_count(on_product, limit=1)
        ):
            tax.unlink()
    taxes = env["account.tax"].with_context(active_test=False)
    for group in _find_made(env, "account.tax.group"):
        if not taxes.search_count([("tax_group_id", "=", group.id)], limit=1):
            group.unlink()


def _find_made(env, model):
    """Return the records of a model that this addon made.

    :param str model: name of the model
    """
    return env[model].browse(_find_names(env, model).mapped("res_id"))


def _find_names(env, model):
    """Return the external ids of the records of a model that this addon made."""
    made = Domain("module", "=", "website_sale_trustedshops")
    made |= Domain("module", "=", "account") & Domain(
        "name", "=like", r"%\_trustedshops\_tax\_%"
    )
    return env["ir.model.data"].search(made & Domain("model", "=", model))
