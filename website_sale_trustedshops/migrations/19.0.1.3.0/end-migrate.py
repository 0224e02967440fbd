# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Bring a database of an older version up to date, all addons loaded."""
    keep_modes(api.Environment(cr, SUPERUSER_ID, {}))


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
