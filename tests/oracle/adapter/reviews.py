# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Consents, addresses without invitations, invitations, reviews, channels, accounts."""

import re
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError

from odoo.addons.website_sale_trustedshops.const import LEASE
from odoo.addons.website_sale_trustedshops_reviews.models import invitation_decide

from .shared import in_minutes
from .texts import read

# What the stories call orders.
ORDERS = "WEB/%"
# Parts of calls that are secret.
UNTOLD = {"client_id", "client_secret", "systemVersion"}
# What went wrong, by words in the technical sentences about it.
TROUBLE = {
    "no complete answer": "no answer",
    "could not be reached": "not reached",
    "could not be verified": "not verified",
    "makes no sense": "nonsense",
    "lead in a circle": "a circle",
    "too large": "too large",
    "is missing": "incomplete",
}
CODES = {"bug": "a bug", "lost": "a process died"}
STATUS = re.compile(r"HTTP status (\d+)[^:]*(?:: (.*))?", re.DOTALL)


def tell_trouble(text):
    """Return what a code or a technical sentence says, apart from its wording.

    :param text: as stored
    :type text: str or bool
    :rtype: str or None
    """
    if not text:
        return None
    if text in CODES:
        return CODES[text]
    if found := STATUS.search(text):
        return f"HTTP {found[1]}, “{found[2] or ''}”"
    for words, meaning in TROUBLE.items():
        if words in text:
            return meaning
    return f"? {text}"


def see_reviews(case):
    """Return all that there is about reviews.

    :param case: with ``roles``, users by what they are, and ``etrusted``, what was
        called
    :rtype: dict
    """
    return {
        "orders": _see_all(case, "sale.order", see_order, ("name", "=like", ORDERS)),
        "consents": _see_all(case, "trustedshops.consent", see_consent),
        "stopped": _see_all(case, "trustedshops.suppression", see_suppression),
        "invitations": _see_all(case, "trustedshops.invitation", see_invitation),
        "reviews": _see_all(case, "trustedshops.review", see_review),
        "channels": _see_all(case, "trustedshops.channel", see_channel),
        "accounts": _see_all(case, "trustedshops.account", see_account),
        "reviews asked": [see_call(*call) for call in case.etrusted.calls],
    }


def _see_all(case, model, see, *domain):
    """Return what is seen of each record of a model, the oldest first."""
    records = case.env[model].sudo().with_context(active_test=False)
    return [see(case, record) for record in records.search(domain, order="id")]


def _ask_each(case, record, see):
    """Return what each role sees of a record, or that it may not."""
    seen = {}
    for role, user in case.roles.items():
        try:
            seen[role] = see(record.with_user(user))
        except AccessError:
            seen[role] = "no access"
    return seen


# === CONSENTS === #


def see_order(case, order):
    """Return what staff are told about the reviews of an order."""
    return {
        "name": order.name,
        "state": order.state,
        "consent": order.trustedshops_consent_state or "",
        "asked beside": order._trustedshops_can_ask_for_review(),
        "box": order.state == "draft" and _see_box(order),
        "told": _ask_each(
            case, order, lambda own: read(own.trustedshops_invitation_text)
        ),
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
    return {
        "kind": consent.kind,
        "mode": consent.mode or "",
        "email": consent.email or "",
        "hash of": find_address(case, consent.digest),
        "order": consent.order_id.name or "",
        "at": str(consent.moment),
        "words": _name_words(consent),
        "page": bool(consent.privacy_url),
        "language": consent.lang_id.code or "",
        "channel": consent.channel_id.channel_ref or "",
        "company": consent.company_id == case.env.company,
        "source": consent.source or "",
        "confirms": consent.request_id.order_id.name or "",
        "mailed": str(consent.mailed_at or ""),
        "can be confirmed": consent._is_waiting(),
        "by": "buyer or program" if consent.create_uid.id == 1 else "a person",
    }


def _name_words(consent):
    """Return whose words a consent has: those of a channel, or others."""
    texts = consent.env["trustedshops.consent.text"].search(
        [("text", "=", consent.text)], limit=1
    )
    return f"of {texts.lang_id.code}" if texts else (consent.text or "")[:80]


def see_suppression(case, suppression):
    """Return that an address is not invited."""
    return {
        "reason": suppression.reason,
        "at": str(suppression.moment),
        "hash of": find_address(case, suppression.digest),
        "active": suppression.active,
        "company": suppression.company_id == case.env.company,
    }


def find_address(case, digest):
    """Return of which address a hash is."""
    if not digest:
        return ""
    suppressions = case.env["trustedshops.suppression"].sudo()
    for email in case.emails:
        if digest == suppressions._get_digest(email):
            return email
    return "?"


# === INVITATIONS === #


def see_invitation(case, invitation):
    """Return how an invitation stands, what is read of it, and who may do what."""
    return {
        "order": invitation.order_reference,
        "channel": invitation.channel_id.channel_ref,
        "state": invitation.state,
        "reason": invitation.reason or "",
        "email": invitation.email or "",
        "erased": invitation.is_erased,
        "language": invitation.lang_id.code or "",
        "imported": invitation.is_imported,
        "ordered": str(invitation.ordered_at or ""),
        "agreed": str(invitation.consent_at or ""),
        "counted from": str(invitation.triggered_at or ""),
        "invite on": str(invitation.due_at or ""),
        "early": invitation.is_early,
        "next in minutes": in_minutes(invitation.next_attempt_at),
        "sent": str(invitation.sent_at or ""),
        "answered": str(invitation.answered_at or ""),
        "ended": str(invitation.ended_at or ""),
        "attempts": invitation.attempt_count,
        "may have arrived": invitation.may_have_arrived,
        "trouble": tell_trouble(invitation.last_error),
        "event": invitation.event_ref or "",
        "data kept": bool(invitation.payload),
        "told": read(invitation.with_user(case.roles["manager"]).explanation),
        "buttons": _ask_each(case, invitation, _name_buttons),
    }


def _name_buttons(invitation):
    """Return which buttons an invitation has for its reader."""
    names = ("can_invite_earlier", "can_send_again")
    return [name.removeprefix("can_") for name in names if invitation[name]]


# === REVIEWS === #


def see_review(case, review):
    """Return a review, what may have been sent about it, and what is read of it."""
    return {
        "ref": review.review_ref,
        "channel": review.channel_id.channel_ref or "",
        "about": review.subject,
        "stars": review.stars,
        "title": review.title or "",
        "comment": review.comment or "",
        "state": review.state,
        "verified": review.is_verified,
        "written": str(review.submitted_at or ""),
        "edited": str(review.edited_at or ""),
        "changed": str(review.updated_at or ""),
        "rewritten": str(review.rewritten_at or ""),
        "reply": [review.reply or "", str(review.reply_at or "")],
        "report": [
            review.veto_reason or "",
            review.veto_text or "",
            str(review.veto_at or ""),
            review.veto_ref or "",
        ],
        "outdated": review.is_outdated,
        "low": review.is_low,
        "told of": review.is_alerted,
        "erased": review.is_erased,
        "order": [review.order_reference or "", review.order_id.name or ""],
        "invitation": review.invitation_id.order_reference or "",
        "product": [review.sku or "", review.product_tmpl_id.name or ""],
        "name": review.display_name,
        "may have been sent": review.unclear_task or "",
        "told": read(review.unclear_notice),
        "may answer": _ask_each(case, review, lambda own: own._can_answer()),
    }


# === CHANNELS AND ACCOUNTS === #


def see_channel(_case, channel):
    """Return whom a channel serves, what holds it, and what is read of it."""
    return {
        "ref": channel.channel_ref,
        "name": channel.display_name,
        "active": channel.active,
        "website": channel.website_id.name or "",
        "language": channel.lang_id.code or "",
        "certificate": channel.certificate_id.ts_id or "",
        "held": channel.hold_reason or "",
        "settings": channel.settings_state,
        "invites after checkout": channel.checkout_invites,
        "invites after events": channel.own_invites,
        "their days": channel.their_delay_days,
        "asks": channel._is_asking(),
        "asks in": {text.lang_id.code: text.privacy_url for text in channel.text_ids},
        "place told": _read_place(channel),
        "delay told": read(channel.delay_notice),
        "reviews as of": str(channel.reviews_at or ""),
        "reviews trouble": tell_trouble(channel.reviews_error),
    }


def _read_place(channel):
    """Return why the channel may serve no or the wrong buyers."""
    codes = ("account_archived", "channel_gone", "channel_unplaced", "channel_moved")
    codes += ("channel_address", "channel_language")
    texts = [each["text"] for each in channel._get_findings() if each["cause"] in codes]
    return read(texts[0] if texts else False)


def see_account(_case, account):
    """Return whether Trusted Shops may be asked, and what is read of that."""
    wait = account._get_wait()
    return {
        "name": account.name,
        "active": account.active,
        "state": account.state,
        "trouble": account.state != "mismatch" and tell_trouble(account.last_error),
        "type trouble": tell_trouble(account.type_error),
        "may not be asked": wait.code,
        "again in minutes": in_minutes(wait.until),
        "last answer": str(account.connected_at or ""),
        "told": read(account.headline_level != "ok" and account.headline),
    }


# === CALLS === #


def see_call(operation, parts):
    """Return what Trusted Shops was told or asked, without secrets."""
    return {"operation": operation, **_clean(parts)}


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


def press_invitation(case, order, button, role):
    """Press a button of the invitation of an order.

    :param case: with ``roles``, users by what they are
    :param order: record of ``sale.order``
    :param str button: ``invite_earlier`` or ``send_again``
    :param str role: key of ``case.roles``
    """
    invitation = case.need(order.sudo().trustedshops_invitation_ids)
    user = case.roles[role]
    getattr(invitation.with_user(user).sudo(False), f"action_{button}")()


def imported_per_day(count):
    """Return a context in which so many imported consents lead to something a day."""
    return patch.object(invitation_decide, "IMPORTED_PER_DAY", count)


def die_in_event(order):
    """Leave an invitation as a process does that dies while it sends the event.

    :param order: record of ``sale.order``
    """
    now = fields.Datetime.now()
    order.sudo().trustedshops_invitation_ids.write(
        {
            "state": "sending",
            "attempt_count": 1,
            "sent_at": now,
            "lease_until": now + LEASE,
        }
    )
