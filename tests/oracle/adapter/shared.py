# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mails, activities, notes, and calls to Trusted Shops."""

from odoo import fields

from .texts import find, read

# What came to be in a story is newer than what was there before.
MODELS = ("mail.mail", "mail.activity", "mail.message")
# Parts of calls that are secret, or tell which Odoo this is.
UNTOLD = {"wsUser", "wsPassword", "shopSystemVersion", "tsId"}
NAMES = {
    "sale.order": "order",
    "account.move": "document",
    "payment.transaction": "payment",
    "trustedshops.protection": "protection",
    "trustedshops.certificate": "certificate",
}
# Words of mails that tell their language.
WORDS = {
    "de": ("Käuferschutz", "Guten Tag", "Bestellung"),
    "pl": ("Ochrona Kupującego", "Dzień dobry", "zamówieni"),
}


def get_newest(env):
    """Return the newest record of each model that is looked at as a whole.

    :rtype: dict[str, int]
    """
    env.flush_all()
    newest = {}
    for model in MODELS:
        record = env[model].sudo().search([], order="id desc", limit=1)
        newest[model] = record.id or 0
    return newest


def get_new(case, model):
    """Return the records that came to be in this story, the oldest first."""
    domain = [("id", ">", case.known[model])]
    return case.env[model].sudo().search(domain, order="id")


def see(case):
    """Return what is not about one record.

    :rtype: dict
    """
    return {
        "mails": [see_mail(mail) for mail in get_new(case, "mail.mail")],
        "activities": sorted(
            map(see_activity, get_new(case, "mail.activity")), key=str
        ),
        "notes": [
            note for each in get_new(case, "mail.message") if (note := see_note(each))
        ],
        "calls": [see_call(*call) for call in case.service.calls],
    }


def see_mail(mail):
    """Return to whom a mail goes, and what of ours it says."""
    to = mail.email_to or ", ".join(filter(None, mail.recipient_ids.mapped("email")))
    text = mail.body_html or ""
    languages = [code for code, words in WORDS.items() if any(w in text for w in words)]
    return {
        "about": NAMES.get(mail.model, mail.model),
        "to": to,
        "state": mail.state,
        "subject": mail.subject,
        "language": languages[:1] or ["en"],
        "says": find(text),
        "files": len(mail.attachment_ids),
    }


def see_activity(activity):
    """Return what somebody is asked to do."""
    return {
        "about": NAMES.get(activity.res_model, activity.res_model),
        "cause": activity.trustedshops_cause,
        "for": activity.user_id.login,
        "says": read(activity.note),
    }


def see_note(message):
    """Return what a note of ours says to staff; nothing of what others say."""
    if message.message_type not in ("notification", "comment"):
        return None
    says = find(message.body)
    if not says:
        return None
    about = NAMES.get(message.model, message.model)
    return f"{about}, by {message.author_id.name}: {'; '.join(says)}"


def see_call(operation, parts):
    """Return what Trusted Shops was told or asked, without secrets."""
    return {
        "operation": operation,
        **{name: value for name, value in parts.items() if name not in UNTOLD},
    }


def in_minutes(moment):
    """Return a moment as minutes from now, which a clock that stands still gives."""
    if not moment:
        return None
    return round((moment - fields.Datetime.now()).total_seconds() / 60)
