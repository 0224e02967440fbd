# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The inbox: an SMTP server that delivers no mail, and takes all unless told not to."""

import time
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header

from aiosmtpd.controller import Controller

from .server import listen

# Bytes; a mail with pictures of a shop is far smaller.
MAX_MAIL_SIZE = 10 * 1024 * 1024


def _clean(text):
    """Return a text without lone surrogates, which no database or page can take."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _read_header(message, name):
    value = message.get(name)
    if value is None:
        return ""
    try:
        return _clean(str(make_header(decode_header(value))))
    except (HeaderParseError, LookupError, ValueError):
        return _clean(str(value))


def _read_body(message, content_type):
    """Return the first text of that type that is no attachment, decoded."""
    for part in message.walk():
        if part.get_content_type() != content_type or part.get_filename():
            continue
        content = part.get_payload(decode=True)
        if content is None:
            continue
        try:
            text = content.decode(part.get_content_charset("utf-8"), "replace")
        except LookupError:
            text = content.decode("utf-8", "replace")
        return _clean(text.replace("\r\n", "\n"))
    return ""


def read_mail(content):
    """Return what a person reads of a mail, as a dict of decoded texts."""
    message = message_from_bytes(content, policy=policy.compat32)
    return {
        "header_from": _read_header(message, "From"),
        "header_to": _read_header(message, "To"),
        "reply_to": _read_header(message, "Reply-To"),
        "subject": _read_header(message, "Subject"),
        "text": _read_body(message, "text/plain"),
        "html": _read_body(message, "text/html"),
    }


class _Handler:
    """Keeps each mail before it is acknowledged."""

    def __init__(self, store):
        self.store = store

    async def handle_DATA(self, server, session, envelope):
        """Store one mail, or refuse it; the name is given by aiosmtpd."""
        if self.store.get_settings()["mails"] == "refuse":
            return "451 4.3.0 The inbox takes no mails at the moment, try again later"
        data = {
            "from": _clean(envelope.mail_from or ""),
            "to": [_clean(address) for address in envelope.rcpt_tos],
            **read_mail(envelope.original_content),
        }
        self.store.add_mail(data, envelope.original_content, time.time())
        return "250 Message accepted for the inbox"


class _Inbox(Controller):
    """Works on a socket that listens already; aiosmtpd's own takes 5 s to fail."""

    def __init__(self, listener, *args, **options):
        super().__init__(*args, **options)
        self.listener = listener

    def _create_server(self):
        return self.loop.create_server(self._factory_invoker, sock=self.listener)


def make_inbox(store, host, port):
    """Return a controller; ``start()`` accepts mails, ``stop()`` closes the port.

    :raise OSError: when it cannot listen.
    """
    return _Inbox(
        listen(host, port),
        _Handler(store),
        hostname=host,
        port=port,
        data_size_limit=MAX_MAIL_SIZE,
        server_hostname="trustedshops-sandbox",
        ident="Trusted Shops sandbox",
    )
