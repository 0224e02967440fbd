# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Consents, addresses without invitations, and invitations: what is seen and done."""

import re

from odoo.exceptions import AccessError

from .shared import in_minutes, read

ADDON = "website_sale_trustedshops_reviews"
# What the stories call orders.
ORDERS = "WEB/%"
# Parts of calls that are secret, or tell which Odoo this is.
UNTOLD = {"client_id", "client_secret", "systemVersion"}


def see_consents(case):
    """Return all that there is about consents, and what follows from them.

    :param case: with ``roles``, users by what they are, and ``etrusted``, what was
        called
    :rtype: dict
    """
    return {
        "orders": _see_all(case, "sale.order", see_order, ("name", "=like", ORDERS)),
        "consents": _see_all(case, "trustedshops.consent", see_consent),
        "stopped": _see_all(case, "trustedshops.suppression", see_suppression),
        "invitations": _see_all(case, "trustedshops.invitation", see_invitation),
        "reviews asked": [
            {"operation": operation, **_clean(parts)}
            for operation, parts in case.etrusted.calls
        ],
    }


def _see_all(case, model, see, *domain):
    """Return what is seen of each record of a model, the oldest first."""
    records = case.env[model].sudo().with_context(active_test=False)
    return [see(case, record) for record in records.search(domain, order="id")]


def see_order(case, order):
    """Return what staff are told about the invitation of an order."""
    told = {}
    for role, user in case.roles.items():
        try:
            told[role] = read(order.with_user(user).trustedshops_invitation_text)
        except AccessError:
            told[role] = "no access"
    return {
        "name": order.name,
        "state": order.state,
        "consent": order.trustedshops_consent_state or "",
        "box": order.state == "draft" and _see_box(order),
        "told": told,
    }


def _see_box(order):
    """Return whether the box is ticked on the payment page, by its language."""
    boxes = {}
    for lang in order.website_id.sudo().language_ids.mapped("code"):
        reader = order.sudo().with_context(lang=lang)
        question = reader._trustedshops_get_review_question(can_write=False)
        boxes[lang] = question.get("ticked", "no box")
    return boxes


def see_consent(case, consent):
    """Return what somebody said."""
    texts = case.env["trustedshops.consent.text"].sudo()
    text = texts.search([("text", "=", consent.text)], limit=1)
    return {
        "kind": consent.kind,
        "mode": consent.mode or "",
        "email": consent.email or "",
        "hash of": _find_address(case, consent.digest),
        "order": consent.order_id.name or "",
        "at": str(consent.moment),
        "words": f"of {text.lang_id.code}" if text else (consent.text or "")[:80],
        "page": bool(consent.privacy_url),
        "language": consent.lang_id.code or "",
        "channel": consent.channel_id.channel_ref or "",
        "source": consent.source or "",
        "confirms": consent.request_id.order_id.name or "",
        "mailed": str(consent.mailed_at or ""),
        "can be confirmed": consent._is_waiting(),
        "by": "buyer or program" if consent.create_uid.id == 1 else "a person",
    }


def see_suppression(case, suppression):
    """Return that an address is not invited."""
    return {
        "reason": suppression.reason,
        "at": str(suppression.moment),
        "hash of": _find_address(case, suppression.digest),
        "active": suppression.active,
    }


def _find_address(case, digest):
    """Return of which address a hash is."""
    suppressions = case.env["trustedshops.suppression"].sudo()
    for email in case.emails if digest else ():
        if digest == suppressions._get_digest(email):
            return email
    return "?" if digest else ""


def see_invitation(case, invitation):
    """Return how an invitation stands, and what is read of it."""
    return {
        "order": invitation.order_reference,
        "state": invitation.state,
        "reason": invitation.reason or "",
        "email": invitation.email or "",
        "erased": invitation.is_erased,
        "language": invitation.lang_id.code or "",
        "imported": invitation.is_imported,
        "agreed": str(invitation.consent_at or ""),
        "invite on": str(invitation.due_at or ""),
        "next in minutes": in_minutes(invitation.next_attempt_at),
        "sent": str(invitation.sent_at or ""),
        "attempts": invitation.attempt_count,
        "may have arrived": invitation.may_have_arrived,
        "event": invitation.event_ref or "",
        "data kept": bool(invitation.payload),
        "told": read(invitation.with_user(case.roles["manager"]).explanation),
    }


def _clean(value):
    """Return a part of a call without what is secret or different in each database."""
    if isinstance(value, dict):
        return {
            name: _clean(each) for name, each in value.items() if name not in UNTOLD
        }
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if not isinstance(value, str):
        return value
    if value.startswith("http"):
        path = re.sub(r"^https?://[^/]*", "", value)
        return re.sub(r"\d+", "#", re.sub(r"\?.*", "", path))
    return re.sub(r"^odoo-\d+", "odoo-#", value)


# === WHAT PEOPLE DO === #


def get_token(consent, purpose):
    """Return the token of the link in a mail, to ``stop`` or to ``confirm``."""
    return consent.sudo()._sign(purpose)


def open_link(case, consent, purpose, user=None):
    """Have somebody press the button behind the link of a consent."""
    return press_link(case, get_token(consent, purpose), purpose, user)


def press_link(case, token, purpose, user=None):
    """Have somebody press the button behind a link.

    :param str token: of the link
    :param str purpose: ``stop`` or ``confirm``
    :param user: who presses it, default: who is not logged in
    :return: what the page to confirm shows, None for the one to stop
    """
    user = user or case.env.ref("base.public_user")
    consents = case.env["trustedshops.consent"].with_user(user)
    if purpose == "confirm":
        return consents._get_request(token)._confirm_by_visitor()
    if stopped := case.env["trustedshops.suppression"]._read_stop(token):
        consents._stop_by_visitor(*stopped)
    return None


def withdraw_order(case, order, role):
    """Have staff note at an order that its buyer wants no invitations."""
    return order.with_user(case.roles[role]).action_withdraw_consent()


def erase(case, email):
    """Erase a person's data as administrators do, in the list of Privacy Lookup."""
    wizards = case.env["privacy.lookup.wizard"]
    wizards = wizards.with_user(case.roles["administrator"])
    wizard = wizards.create({"name": "?", "email": email})
    wizard.action_lookup()
    ours = wizard.line_ids.filtered(
        lambda line: line.res_model.startswith("trustedshops.")
    )
    ours.sorted("res_model").action_unlink_all()


def lift(case, role):
    """Have a user lift what stops addresses, as far as the user may."""
    stopped = case.env["trustedshops.suppression"].with_user(case.roles[role])
    for suppression in stopped.search([], order="id"):
        suppression.action_end()


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
