# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A mail server in trouble, to which Odoo's mail queue really speaks SMTP."""

from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from unittest.mock import patch

from odoo.tools import mute_logger

# Of each trouble, how many texts the server gets in four tries; a buyer may read those.
TROUBLES = {
    "busy": 0,
    "refuses": 0,
    "drops before the text": 0,
    "drops after the text": 4,
    "answers too late": 4,
    "refuses the text": 4,
}


class _Talk(StreamRequestHandler):
    def _say(self, words):
        self.wfile.write(f"{words}\r\n".encode())

    def _take_text(self, trouble):
        """Return what to answer to the text of a mail, '' to close the connection."""
        if trouble == "drops before the text":
            return ""
        self._say("354 Go on")
        lines = iter(self.rfile.readline, b".\r\n")
        self.server.texts.append(b"".join(lines).decode())
        if trouble == "answers too late":
            self.server.is_over.wait(60)
        if trouble == "refuses the text":
            return "451 Not now"
        return "" if trouble == "drops after the text" else "250 Taken"

    def handle(self):
        trouble = self.server.trouble
        if trouble == "busy":
            self.server.calls += 1
            return self._say("421 Busy")
        self._say("220 Ready")
        for line in self.rfile:
            verb = line[:4].upper()
            answer = "250 Well"
            self.server.calls += verb == b"MAIL"
            if verb == b"DATA":
                answer = self._take_text(trouble)
            elif verb == b"RCPT" and trouble == "refuses":
                answer = "550 No"
            if not answer:
                return None
            self._say(answer)
            if verb == b"QUIT":
                return None
        return None


class MailServer(ThreadingTCPServer):
    """An SMTP server on a port of its own, with one of ``TROUBLES`` or none."""

    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.trouble, self.calls, self.texts = "", 0, []
        self.is_over = Event()
        Thread(target=self.serve_forever, daemon=True).start()

    def stop(self):
        self.is_over.set()
        self.shutdown()
        self.server_close()


class MailServerCase:
    """Mixin of test cases whose mails go to a :class:`MailServer`."""

    def setUp(self):
        super().setUp()
        self.server = MailServer()
        self.addCleanup(self.server.stop)
        self.env["mail.mail"].search([]).unlink()
        # Activities send no mails, which would count.
        users = self.env["res.users"].search([("share", "=", False)])
        users.notification_type = "inbox"
        self.env["ir.mail_server"].search([]).active = False
        self.env["ir.mail_server"].create(
            {
                "name": "Test",
                "smtp_host": "127.0.0.1",
                "smtp_port": self.server.server_address[1],
                "smtp_encryption": "none",
            }
        )

    def _send_mails(self):
        """Have core's queue send what waits."""
        with (
            patch.object(
                self.registry["ir.mail_server"], "_disable_send", lambda *_cls: False
            ),
            patch("odoo.addons.base.models.ir_mail_server.SMTP_TIMEOUT", 0.5),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            self.env["mail.mail"].process_email_queue()
        self.env.flush_all()
        self.env.invalidate_all()

    def _let_a_day_pass(self, work):
        """Run core's queue, and the work after it, each hour of a day and a bit.

        :param work: function that runs our job after an hour
        """
        for _hour in range(26):
            self._send_mails()
            work()
