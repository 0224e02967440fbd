# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Texts, mails, activities, notes, and calls to Trusted Shops."""

import re

from markupsafe import Markup

from odoo import fields

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
# Ids, as in what the framework says of a record, or of the user who may not write it.
RECORDS = re.compile(r"\(\d+(?:, ?\d+)*,?\)|(?<=User: )\d+")
# Words of mails that tell their language.
WORDS = {
    "de": ("Käuferschutz", "Guten Tag", "Bestellung"),
    "pl": ("Ochrona Kupującego", "Dzień dobry", "zamówieni"),
}


def read(text):
    """Return the words of a text, without tags, ids and white space of its own.

    :param text: plain or as HTML
    :type text: str or bool
    :rtype: str
    """
    return RECORDS.sub("(#)", Markup(text or "").striptags())


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
    """Return to whom a mail goes, what it is about, and in which language."""
    to = mail.email_to or ", ".join(filter(None, mail.recipient_ids.mapped("email")))
    text = mail.body_html or ""
    languages = [code for code, words in WORDS.items() if any(w in text for w in words)]
    return {
        "about": NAMES.get(mail.model, mail.model),
        "to": to,
        "state": mail.state,
        "subject": mail.subject,
        "language": languages[:1] or ["en"],
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
    """Return what a note says to staff."""
    if message.message_type not in ("notification", "comment") or not message.body:
        return None
    about = NAMES.get(message.model, message.model)
    return f"{about}, by {message.author_id.name}: {read(message.body)}"


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
