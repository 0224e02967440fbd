# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What buyers and staff do with consents."""

from odoo import fields

ADDON = "website_sale_trustedshops_reviews"


def get_token(consent, purpose):
    """Return the token of the link in a mail.

    :param consent: record of ``trustedshops.consent``
    :param str purpose: ``stop`` or ``confirm``
    :rtype: str
    """
    return consent.sudo()._sign(purpose)


def propose_words(channel):
    """Propose again the words by which a channel asks, with a notice each."""
    channel.text_ids.unlink()
    channel.action_propose_texts()


def open_link(case, consent, purpose, user=None):
    """Have somebody press the button behind the link of a consent.

    :param case: with an environment
    :param consent: record of ``trustedshops.consent``
    :param str purpose: ``stop`` or ``confirm``
    :param user: who presses it, default: who is not logged in
    :return: what the page to confirm shows, None for the one to stop
    """
    token = get_token(case.need(consent), purpose)
    return press_link(case, token, purpose, user)


def press_link(case, token, purpose, user=None):
    """Have somebody press the button behind a link, see :func:`open_link`.

    :param str token: of the link
    """
    user = user or case.env.ref("base.public_user")
    consents = case.env["trustedshops.consent"].with_user(user)
    if purpose == "confirm":
        return consents._get_request(token)._confirm_by_visitor()
    if stopped := case.env["trustedshops.suppression"]._read_stop(token):
        consents._stop_by_visitor(*stopped)
    return None


def stop_by_link(case, order):
    """Have the buyer of an order press the button behind the link in a mail.

    :param case: with an environment
    :param order: record of ``sale.order``
    """
    consent = order.sudo().trustedshops_consent_ids.sorted("id")[:1]
    open_link(case, consent, "stop")


def withdraw_order(case, order, role):
    """Have staff note at an order that its buyer wants no invitations.

    :param case: with ``roles``, users by what they are
    :param order: record of ``sale.order``
    :param str role: key of ``case.roles``
    """
    return order.with_user(case.roles[role]).action_withdraw_consent()


def withdraw(case, consent, role):
    """Have staff take a consent back in its list, see :func:`withdraw_order`."""
    return consent.with_user(case.roles[role]).sudo(False).action_withdraw()


def erase(case, email, role="administrator"):
    """Erase a person's data as a user does, in the list of core's Privacy Lookup.

    :param case: with ``roles``, users by what they are
    :param str email: as typed
    :param str role: key of ``case.roles``
    """
    wizards = case.env["privacy.lookup.wizard"].with_user(case.roles[role])
    wizard = wizards.create({"name": "?", "email": email})
    wizard.action_lookup()
    ours = wizard.line_ids.filtered(
        lambda line: line.res_model.startswith("trustedshops.")
    )
    ours.sorted("res_model").action_unlink_all()


def lift(case, role):
    """Have a user lift what stops addresses, as far as the user may.

    :param case: with ``roles``, users by what they are
    :param str role: key of ``case.roles``
    """
    stopped = case.env["trustedshops.suppression"].with_user(case.roles[role])
    for suppression in stopped.search([], order="id"):
        suppression.action_end()


def enter_consent(case, order, role, **values):
    """Have staff enter what a buyer said.

    :param case: with ``roles``, users by what they are
    :param order: record of ``sale.order``
    :param str role: key of ``case.roles``
    :param values: of the form
    """
    entries = case.env["trustedshops.consent.entry"].with_user(case.roles[role])
    entry = entries.create({"order_id": order.id, "source": "Telephone", **values})
    return entry.action_enter()


def import_consent(case, order, email, role="administrator", **values):
    """Have somebody import what a buyer agreed to in another system.

    :param case: with ``roles``, users by what they are
    :param order: record of ``sale.order``
    :param str email: as it is in the file
    :param str role: key of ``case.roles``
    :param values: what else is in the file, in place of the usual
    """
    user = case.roles[role]
    user.group_ids |= case.env.ref("sales_team.group_sale_manager")
    row = {
        "email": email,
        "moment": fields.Datetime.now(),
        "text": "Ja",
        "source": "Shop 6",
        "order_id": order.id,
        **values,
    }
    return case.env["trustedshops.consent"].with_user(user).create(row)


def send_requests(case):
    """Run the scheduled action that asks buyers to confirm."""
    _run(case, "ir_cron_send_consent_mails")


def clean_consents(case):
    """Run the scheduled action that deletes what is not kept any more."""
    _run(case, "ir_cron_clean_consents")


def _run(case, name):
    """Run a scheduled action as the scheduler does."""
    with case.enter_registry_test_mode():
        case.env.ref(f"{ADDON}.{name}").method_direct_trigger()
