# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mixins for findings, which say what is right or wrong, and their activities."""

from markupsafe import escape

from odoo import api, fields, models
from odoo.tools import LazyTranslate, format_datetime

from .messages import HINT, LEVELS, PROBLEM, TODO

_lt = LazyTranslate(__name__)


class MailActivity(models.Model):
    _inherit = "mail.activity"

    # Code of a message or key of a finding. It identifies the activity, which the
    # translated summary cannot do.
    trustedshops_cause = fields.Char(
        readonly=True, index="btree_not_null", export_string_translation=False
    )


class ResUsers(models.Model):
    _inherit = "res.users"

    def action_archive(self):
        """Override of `mail`, which deletes the activities, to hand ours over.

        They are scheduled once: without this, no other user would see the trouble.
        """
        ours = [("user_id", "in", self.ids), ("trustedshops_cause", "!=", False)]
        activities_sudo = self.env["mail.activity"].sudo().search(ours)
        others = self.env["trustedshops.todo"]._get_administrators() - self
        quiet = activities_sudo.with_context(mail_activity_quick_update=True)
        quiet.user_id = others[:1]
        return super().action_archive()


class TrustedShopsTodo(models.AbstractModel):
    """Mixin of models about whose records the responsible user gets activities."""

    _name = "trustedshops.todo"
    _description = "To Do"
    _inherit = ["trustedshops.message", "mail.thread", "mail.activity.mixin"]

    def _schedule_todo(self, cause, note, title=None):
        """Schedule an activity for the responsible user, or update that of the cause.

        :param str cause: code of a message or key of a finding, the same for the same
            trouble
        :param str note: what happened and what to do, plain text
        :param title: summary of the activity, by default the title of the message
        :type title: str or None
        """
        if todos := self._get_todos_about(cause):
            todos.note = escape(note)
            if title:
                todos.summary = title
            return
        env = self._with_responsible_lang().env
        message = self._get_messages().get(cause)
        title = title or (message and message.title)
        title = title or _lt("Trusted Shops: action required")
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=env._(title),
            note=escape(note),
            user_id=self._get_responsible().id,
            trustedshops_cause=cause,
        )

    def _schedule_message(self, code, cause=None, /, **values):
        """Schedule an activity for the responsible user, with a message of the table.

        :param str code: code of the message
        :param cause: cause of the activity, by default the code
        :type cause: str or None
        :param values: what the message names
        """
        self = self._with_responsible_lang()
        parts = [
            self._format_message(code, part, **values) for part in ("staff", "step")
        ]
        self._schedule_todo(cause or code, " ".join(filter(None, parts)))

    def _get_responsible(self):
        """Return the user who gets the activities.

        :return: record of ``res.users``: ``user_id`` or, if that user is archived or
            missing, the first administrator
        """
        user = self.sudo().user_id
        return user if user.active else self._get_administrators()[:1] or user

    @api.model
    def _get_administrators(self):
        """Return the active administrators in sudo, by id."""
        users = self.env.ref("base.group_system").sudo().all_user_ids
        return users.filtered("active").sorted("id")

    def _with_responsible_lang(self):
        """Return the records in the language of the responsible user.

        Staff read what a shopper's request or the queue writes.
        """
        return self.with_context(lang=self._get_responsible().lang or "en_US")

    def _get_todos_about(self, *causes, is_open=True):
        """Return the activities about some causes, by default any, in sudo.

        :param causes: causes of activities
        :param bool is_open: whether to leave out those that a user has done
        """
        records = self.sudo().with_context(active_test=is_open)
        return records.activity_ids.filtered(
            lambda activity: (
                activity.trustedshops_cause
                and (not causes or activity.trustedshops_cause in causes)
            )
        )

    def _remove_todos_about(self, *causes, is_open=True):
        """Delete the activities about some causes, by default any.

        The parameters are those of :meth:`_get_todos_about`.
        """
        self._get_todos_about(*causes, is_open=is_open).unlink()


class TrustedShopsFinding(models.AbstractModel):
    """Mixin of models whose records have findings: messages that are true of them.

    Findings are computed when they are read. The form, the list, the settings and the
    activities all show the same ones.
    """

    _name = "trustedshops.finding"
    _description = "Trusted Shops"
    _inherit = ["trustedshops.todo"]

    # Keys of problems that may come back after a good check. Only a user closes their
    # activity, or a check that a user started.
    _finding_recurring = frozenset()
    # Causes of activities that are about no finding.
    _finding_others = frozenset()

    health = fields.Html(
        compute="_compute_health", sanitize=False, export_string_translation=False
    )
    # The worst finding, but for hints. No finding is good news.
    headline = fields.Char(string="How It Stands", compute="_compute_health")
    headline_level = fields.Char(
        compute="_compute_health", export_string_translation=False
    )

    @api.model
    def _get_finding_fields(self):
        """Return the names of fields on which the findings depend. To be extended."""
        return ()

    @api.depends(lambda self: self._get_finding_fields())
    @api.depends_context("lang", "tz")
    def _compute_health(self):
        for record in self:
            findings = record._get_findings() if record._origin else []
            findings.sort(key=lambda each: LEVELS.index(each["level"]))
            record.health = self.env["ir.qweb"]._render(
                "website_sale_trustedshops.certificate_health",
                {"findings": findings},
            )
            worst = next((each for each in findings if each["level"] != HINT), {})
            record.headline_level = worst.get("level")
            record.headline = worst.get("text")

    def _get_findings(self):
        """Return the findings about the record. To be overridden.

        :return: results of :meth:`_prepare_finding`
        :rtype: list of dict
        """
        raise NotImplementedError

    def _get_end_findings(self):
        """Return the findings about an archived record: none. To be overridden."""
        return []

    def _get_told_findings(self):
        """Return the findings for which :meth:`_sync_todos` schedules activities."""
        return self._get_findings()

    def _prepare_finding(self, code, /, *, at=None, key=None, links=(), **values):
        """Return a finding: a message of the table that is true of the record.

        :param str code: key of ``_get_messages``
        :param at: moment at which that was found, UTC
        :type at: datetime.datetime or None or bool
        :param key: distinguishes problems with the same code, default: the code
        :type key: str or None
        :param links: ``text`` and ``url`` of each page in Odoo where the user can act
        :type links: list of dict
        :param values: values of the placeholders in the message, formatted for the
            reader
        :return: ``cause`` (the code), ``level``, ``text``, ``todo`` (the step),
            ``date``, ``key``, ``links``, ``buttons`` (method and label) if the user may
            press them, and ``ask`` if the user has to ask an administrator
        :rtype: dict
        """
        message = self._get_messages()[code]
        # Findings are made in sudo, but the user may have no right to act.
        can_act = self.sudo(False)._can_act_on(code)
        is_button = can_act and message.action
        buttons = [(message.action, message.label), *message.more] if is_button else []
        is_asked = not can_act and message.level in (PROBLEM, TODO)
        return {
            "cause": code,
            "level": message.level,
            "text": self._format_message(code, **values),
            "todo": self._format_message(code, "step", **values),
            "ask": self._format_message("ask_administrator") if is_asked else "",
            "date": format_datetime(self.env, at) if at else "",
            "key": key or code,
            "links": list(links),
            "buttons": [(name, self.env._(label)) for name, label in buttons],
        }

    def _can_act_on(self, code):
        """Return True if the user may do what a message asks for."""
        return self.has_access("write")

    def _sync_todos(self, *, by_person=False):
        """Sync the activities of the responsible user with the problems.

        Schedule an activity for each problem without one, which a user may have done,
        and delete those of solved problems.

        :param bool by_person: whether a user started the check. To the responsible user
            the form shows the problems, so they get no activity until the daily check
        """
        self.ensure_one()
        in_lang = self._with_responsible_lang()
        problems = {
            finding["key"]: finding
            for finding in in_lang._get_told_findings()
            if finding["level"] == PROBLEM
        }
        todos = self._get_todos_about(is_open=False)
        told = set(todos.mapped("trustedshops_cause"))
        is_seen = by_person and self.env.user == self._get_responsible()
        for key in () if is_seen else problems.keys() - told:
            finding = problems[key]
            note = f"{finding['text']} {finding['todo']}".strip()
            message = self._get_messages().get(finding["cause"])
            title = message and message.title
            in_lang._schedule_todo(key, note, title and in_lang.env._(title))
        solved = told - problems.keys() - self._finding_others
        if not by_person:
            solved -= self._finding_recurring
        if solved:
            self._remove_todos_about(*solved, is_open=False)
