# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people do with a protection, and how its certificate stands."""

from odoo import fields

from odoo.addons.website_sale_trustedshops import const

from .shared import read


def press(case, order, button, role):
    """Press a button of the protection of an order.

    :param case: with ``roles``, users by what they are
    :param order: record of ``sale.order``
    :param str button: ``apply_now``, ``check_state``, ``not_found``, ``release``,
        ``refund_fee`` or ``resend_mail``
    :param str role: key of ``case.roles``
    :return: what the person is shown
    """
    protection = order.trustedshops_protection_id.with_user(case.roles[role])
    action = getattr(protection, f"action_{button}")()
    if button == "resend_mail":
        dialogs = protection.env[action["res_model"]].with_context(**action["context"])
        return dialogs.create({}).action_send()
    return action


def enter_number(case, order, number, role):
    """Enter the number of an application as typed, see :func:`press`."""
    protection = order.trustedshops_protection_id.with_user(case.roles[role])
    action = protection.action_enter_number()
    entries = protection.env[action["res_model"]].with_context(**action["context"])
    entries.create({"number": number}).action_apply()


def store_late_number(order, attempt, number):
    """Have the number come so late that another attempt was answered before."""
    protection = order.trustedshops_protection_id
    is_late = attempt != protection.attempt_count
    protection._store_application(number, is_late)


def store_late_guarantee(order, number, guarantee_number):
    """Have a decision come when nobody waits for it any more."""
    protection = order.trustedshops_protection_id
    protection._store_state(number, guarantee_number)


def die_in_call(order):
    """Leave a protection as a process does that dies while it applies."""
    protection = order.trustedshops_protection_id
    protection.write(
        {
            "state": "sending",
            "attempt_count": protection.attempt_count + 1,
            "lease_until": fields.Datetime.now() + const.LEASE,
        }
    )


def see_certificate(_case, certificate):
    """Return whether applications of a certificate go out, and what staff are told."""
    certificate = certificate.sudo()
    return {
        "active": certificate.active,
        "state": certificate.state,
        "applications wait because": read(certificate._format_wait()),
        "findings": sorted(
            f"{finding['key']}: {finding['level']}"
            for finding in certificate._get_findings()
        ),
    }
