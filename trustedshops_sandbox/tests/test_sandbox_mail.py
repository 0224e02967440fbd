# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The inbox: mails over SMTP, decoded, kept as they came."""

import smtplib
from email.message import EmailMessage

import pytest

from sandbox_process import make_mail, send_mail


def test_mail_is_received_and_decoded(sandbox):
    send_mail(
        sandbox, make_mail(), "bounce@example.com", ["a@example.com", "b@example.com"]
    )
    (mail,) = sandbox.get("mails")
    assert (mail["from"], mail["to"]) == (
        "bounce@example.com",
        ["a@example.com", "b@example.com"],
    )
    assert mail["header_from"] == "Mein Laden <shop@example.com>"
    assert mail["header_to"] == "Anna Schmidt <anna@example.com>"
    assert mail["reply_to"] == "hilfe@example.com"
    assert mail["subject"] == "Ihr Käuferschutz"
    assert mail["text"] == "Grüße\n"
    assert mail["html"] == "<p>Grüße</p>\n"
    assert mail["raw"].startswith("Subject: Ihr =?utf-8?q?K=C3=A4uferschutz?=\r\n")


def test_the_inbox_refuses_for_a_while_when_told_so(sandbox):
    sandbox.put("settings", mails="refuse")
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        send_mail(sandbox, make_mail("one"))
    assert refusal.value.smtp_code == 451
    sandbox.put("settings", mails="accept")
    send_mail(sandbox, make_mail("two"))
    assert [mail["subject"] for mail in sandbox.get("mails")] == ["two"]


BROKEN = [
    b"",
    b"no header at all",
    b"Subject: =?utf-8?b?AAA?=\r\n\r\nx",
    b"Subject: =?unknown-8bit?q?=E4?=\r\n\r\nx",
    b"Subject: \xe4\xff\r\nContent-Type: text/html; charset=nonsense\r\n\r\n\xe4<p>",
    b"Content-Type: multipart/mixed\r\n\r\nno boundary",
    b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n$$$",
]


def test_broken_mails_and_attachments_are_kept_too(sandbox):
    mail = EmailMessage()
    mail["Subject"] = "With a file"
    mail.set_content("The text")
    mail.add_attachment("The file", filename="file.txt")
    for content in (*BROKEN, mail.as_bytes()):
        send_mail(sandbox, content)
    assert len(sandbox.get("mails")) == len(BROKEN) + 1
    assert sandbox.get("mails")[-1]["text"] == "The text\n"
    assert {
        type(mail[name])
        for mail in sandbox.get("mails")
        for name in ("subject", "text", "html", "raw")
    } == {str}
    assert sandbox.http.get(sandbox.url, timeout=20).status_code == 200
