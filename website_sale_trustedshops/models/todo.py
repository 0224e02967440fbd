# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Activities that ask the responsible user of a record to do something."""

from markupsafe import escape

from odoo import api, fields, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# Titles of activities by their cause.
TITLES = {
    "address": _lt("Trusted Shops: certificate of another address"),
    "asking": _lt("Trusted Shops: no answer for days"),
    "credit": _lt("Trusted Shops: credit limit used up"),
    "fee": _lt("Trusted Shops: check how the fee is sold"),
    "fees": _lt("Trusted Shops: fees have changed"),
    "items": _lt("Trusted Shops: no fees to sell from"),
    "language": _lt("Trusted Shops: certificate of another language"),
    "limit": _lt("Trusted Shops: credit limit closed"),
    "login": _lt("Trusted Shops: login not accepted"),
    "login_missing": _lt("Trusted Shops: login missing"),
    "model": _lt("Trusted Shops: certificate protects less"),
    "queue": _lt("Trusted Shops: applications are stuck"),
    "silent": _lt("Trusted Shops does not answer"),
    "state": _lt("Trusted Shops: certificate not valid"),
    "validity": _lt("Trusted Shops: certificate ends"),
}


class MailActivity(models.Model):
    _inherit = "mail.activity"

    # What the activity is about: a key of TITLES, or the key of a finding. The summary
    # cannot identify it, because it is translated.
    trustedshops_cause = fields.Char(readonly=True, export_string_translation=False)


class TrustedShopsTodo(models.AbstractModel):
    """Records about which the responsible user gets activities."""

    _name = "trustedshops.todo"
    _description = "To Do"
    _inherit = ["trustedshops.message", "mail.thread", "mail.activity.mixin"]

    def _notify_responsible(self, cause, note, title=None):
        """Create an activity for the responsible user, or update that of the cause.

        :param str cause: a word that stays the same for the same trouble
        :param str note: what happened and what to do, plain text
        :param title: of the activity, by default that of the cause
        :type title: str or None
        """
        if todos := self._find_todos_about(cause):
            todos.note = escape(note)
            if title:
                todos.summary = title
            return
        env = self._in_responsible_lang().env
        messages, titles = self._get_messages(), self._get_todo_titles()
        title = title or (cause in messages and messages[cause].title)
        title = title or titles.get(cause)
        title = title or _lt("Trusted Shops: action required")
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=env._(title),
            note=escape(note),
            user_id=self._get_responsible().id,
            trustedshops_cause=cause,
        )

    @api.model
    def _get_todo_titles(self):
        """Return the titles of activities by their cause. To be extended."""
        return TITLES

    def _get_responsible(self):
        """Return the user who gets the activities, never an archived one.

        :rtype: record of ``res.users``
        """
        user = self.sudo().user_id
        return user if user.active else self._find_administrators()[:1] or user

    @api.model
    def _find_administrators(self):
        """Return the active administrators, the oldest first."""
        users = self.env.ref("base.group_system").sudo().all_user_ids
        return users.filtered("active").sorted("id")

    def _in_responsible_lang(self):
        """Return the records in the language of the responsible user.

        A shopper's request or the queue may write notes that staff read.
        """
        return self.with_context(lang=self._get_responsible().lang or "en_US")

    def _find_todos_about(self, *causes):
        """Return the open activities about some causes, by default about any."""
        return self.sudo().activity_ids.filtered(
            lambda activity: (
                activity.trustedshops_cause
                and (not causes or activity.trustedshops_cause in causes)
            )
        )

    def _close_todos_about(self, *causes):
        """Delete the activities about what is done, or not needed any more."""
        self._find_todos_about(*causes).unlink()
