# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Bring a database of an older version up to date, all addons loaded."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    keep_modes(env)
    link_bills(env)


def keep_modes(env):
    """Keep what visitors see: now it is a mode, and a switch for seal and badge each.

    The column is that of a field that is gone: what a certificate was like when a
    person decided to use it although it does not match.
    """
    env.cr.execute("SELECT id, overruled_match FROM trustedshops_certificate")
    for certificate_id, overruled_match in env.cr.fetchall():
        certificate = env["trustedshops.certificate"].browse(certificate_id)
        certificate._propose_mode()
        parts = (
            certificate.ts_id,
            certificate.shop_url,
            certificate.website_id.id,
            certificate.website_id.domain,
            certificate.certificate_language,
            certificate.lang_id.code,
            certificate.lang_match,
        )
        is_overruled = overruled_match == "|".join(str(part or "") for part in parts)
        if certificate.mode == "disabled" and is_overruled:
            certificate.mode = "enabled"
        if "badge_shown" in (certificate.manual_fields or ()):
            certificate.seal_shown = certificate.badge_shown


def link_bills(env):
    """Link what was billed with the vendor bill whose number was noted."""
    groups = env["trustedshops.protection"]._read_group(
        [("billed_ref", "!=", False), ("bill_id", "=", False)],
        ["company_id", "billed_ref"],
        ["id:recordset"],
    )
    for company, reference, protections in groups:
        posted = env["account.move"].search(
            [
                ("company_id", "=", company.id),
                ("move_type", "=", "in_invoice"),
                ("ref", "=", reference),
                ("state", "=", "posted"),
            ]
        )
        bills = posted.filtered("trustedshops_is_bill")
        if len(bills) == 1:
            protections.bill_id = bills
