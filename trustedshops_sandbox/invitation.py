# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The mail that asks a buyer for a review, in the language of the invitation."""

from email import policy
from email.message import EmailMessage
from html import escape

from .mail import read_mail

SENDER = "Trusted Shops sandbox <invitations@trustedshops.example>"
_ADDRESS = "invitations@trustedshops.example"

# Language: subject and start of the text when the shop replied to a review.
_REPLIES = {
    "de": ("{shop} hat auf Ihre Bewertung geantwortet", "Die Antwort:"),
    "pl": ("{shop}: odpowiedź na Twoją opinię", "Odpowiedź:"),
    "en": ("{shop} has replied to your review", "The reply:"),
}
# Language: subject, start of the subject of a reminder, text, words of the link.
_TEXTS = {
    "de": (
        "Wie war Ihr Einkauf bei {shop}?",
        "Erinnerung: ",
        "Bitte bewerten Sie Ihre Bestellung {order}.",
        "Jetzt bewerten",
    ),
    "pl": (
        "Jak oceniasz zakupy w sklepie {shop}?",
        "Przypomnienie: ",
        "Prosimy o opinię o zamówieniu {order}.",
        "Wystaw opinię",
    ),
    "en": (
        "How was your purchase at {shop}?",
        "Reminder: ",
        "Please review your order {order}.",
        "Write a review",
    ),
}


def _one_line(text):
    """Return a text that can be a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:200]


def make_mail(channel, invite):
    """Return a mail as the inbox keeps it: what a person reads of it, and the bytes."""
    texts = _TEXTS.get(invite["locale"][:2].lower(), _TEXTS["en"])
    words = {"shop": channel["name"], "order": invite["transaction"]["reference"]}
    # Not by format: a name may have braces.
    subject, before, text, link = texts
    for name, value in words.items():
        subject = subject.replace(f"{{{name}}}", value)
        text = text.replace(f"{{{name}}}", value)
    subject = (before if invite["reminder"] else "") + subject
    html = (
        f"<p>{escape(text)}</p>"
        f'<p><a href="{escape(invite["link"])}">{escape(link)}</a></p>'
    )
    text = f"{text}\n\n{link}: {invite['link']}\n"
    return _pack(invite["customer"]["email"], subject, text, html)


def make_reply_mail(channel, review):
    """Return the mail that tells a buyer what the shop replied, as ``make_mail``."""
    subject, text = _REPLIES.get(channel["locale"][:2].lower(), _REPLIES["en"])
    comment = review["reply"]["comment"]
    html = f"<p>{escape(text)}</p><p>{escape(comment)}</p>"
    subject = subject.replace("{shop}", channel["name"])
    address = review["customer"]["email"]
    return _pack(address, subject, f"{text}\n\n{comment}\n", html)


def _pack(address, subject, text, html):
    """Return a mail as the inbox keeps it: what a person reads of it, and the bytes."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = _one_line(subject)
    mail["From"] = SENDER
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    raw = mail.as_bytes()
    to = _one_line(str(address))
    data = {"from": _ADDRESS, "to": [to], **read_mail(raw), "header_to": to}
    return data, raw
