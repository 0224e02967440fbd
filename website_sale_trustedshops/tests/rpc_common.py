# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.service.model import call_kw
from odoo.tests import TransactionCase
from odoo.tools import mute_logger
from odoo.tools.json import json_default


class RpcCase(TransactionCase):
    """Calls as the web client makes them, of which many are refused.

    They go to where core's controller hands them on: no server takes part.
    """

    def setUp(self):
        super().setUp()
        self.enterContext(
            mute_logger(
                "odoo.http",
                "odoo.models",
                "odoo.orm.models",
                "odoo.addons.base.models.ir_model",
                "odoo.addons.base.models.ir_rule",
            )
        )

    def _log_in_as(self, login):
        """Let a user make the calls from now on, without login the public one."""
        users = self.env["res.users"].sudo()
        self.caller = users.search([("login", "=", login)])
        if not login:
            self.caller = self.env.ref("base.public_user")

    def _call(self, model, method, *args, **kwargs):
        """Return the answer of a method; raises what the web client would be told."""
        self.env.flush_all()
        self.env.invalidate_all()
        caller = self.caller.with_user(self.caller).context_get()
        env = self.env(user=self.caller.id, su=False, context=dict(caller))
        args, kwargs = self._send([args, kwargs])
        try:
            with self.env.cr.savepoint():
                answer = call_kw(env[model], method, args, kwargs)
                self.env.flush_all()
                return self._send(answer)
        finally:
            self.env.invalidate_all()

    def _send(self, values):
        """Return values as they are at the other end of a line."""
        return json.loads(json.dumps(values, default=json_default))

    def _try(self, model, method, *args, **kwargs):
        """Return "" when a call is allowed, else the name of the exception."""
        try:
            self._call(model, method, *args, **kwargs)
        except Exception as error:
            return f"{type(error).__module__}.{type(error).__name__}"
        return ""
