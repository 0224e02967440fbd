# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import format_datetime

from .messages import HINT, OK, PROBLEM, TODO

__all__ = ["HINT", "OK", "PROBLEM", "TODO"]


class TrustedShopsFinding(models.AbstractModel):
    """A record that lists what is right and wrong with it.

    The form, the list, the settings and the activities all show the same findings.
    """

    _name = "trustedshops.finding"
    _description = "Trusted Shops"
    _inherit = ["trustedshops.todo"]

    # Problems that may come back after a good check. Only a user closes their activity,
    # or a check that a user started.
    _finding_recurring = frozenset()

    health = fields.Html(
        compute="_compute_health", sanitize=False, export_string_translation=False
    )
    attention = fields.Char(string="Needs attention", compute="_compute_health")
    # Problems about which the responsible user was told.
    told_causes = fields.Json(
        readonly=True, copy=False, export_string_translation=False
    )

    @api.model
    def _get_finding_fields(self):
        """Return the fields on which the findings depend."""
        return ()

    @api.depends(lambda self: self._get_finding_fields())
    @api.depends_context("lang", "tz")
    def _compute_health(self):
        for record in self:
            findings = record._get_findings() if record._origin else []
            record.health = self.env["ir.qweb"]._render(
                "website_sale_trustedshops.certificate_health",
                {"findings": findings},
            )
            problems = [each for each in findings if each["level"] == PROBLEM]
            pressing = problems + [each for each in findings if each["is_pressing"]]
            record.attention = pressing[0]["text"] if pressing else False

    def _get_findings(self):
        """Return the findings about the record, the most important first.

        :return: see :meth:`_make_finding`
        :rtype: list of dict
        """
        raise NotImplementedError

    def _get_told_findings(self):
        """Return the findings of which :meth:`_notify_problems` tells."""
        return self._get_findings()

    def _make_finding(
        self,
        cause,
        level,
        text,
        at=None,
        key=None,
        is_pressing=False,
        todo="",
        links=(),
    ):
        """Return one finding.

        :param str cause: what it is about
        :param str level: ``OK``, ``HINT``, ``TODO`` or ``PROBLEM``
        :param str text: plain sentences, with the cure where ``todo`` is empty
        :param at: when that was found, UTC
        :type at: datetime.datetime or None or bool
        :param key: distinguishes problems of the same cause, default: the cause
        :type key: str or None
        :param bool is_pressing: whether it needs attention without being a problem
        :param str todo: what to do about it
        :param links: ``text`` and ``url`` of each place in Odoo where the user can act
        :type links: list of dict
        :rtype: dict
        """
        return {
            "cause": cause,
            "level": level,
            "text": text,
            "date": format_datetime(self.env, at) if at else "",
            "key": key or cause,
            "is_pressing": is_pressing,
            "todo": todo,
            "links": list(links),
        }

    def _prepare_finding(self, code, /, *, at=None, key=None, links=(), **values):
        """Return the finding that a message of the table is true of the record.

        :param str code: key of ``_get_messages``
        :param at: when that was found, UTC
        :type at: datetime.datetime or None or bool
        :param key: distinguishes problems with the same code, default: the code
        :type key: str or None
        :param links: ``text`` and ``url`` of each place in Odoo where the user can act
        :type links: list of dict
        :param values: what the sentences name, formatted for the reader
        :rtype: dict
        """
        message = self._get_messages()[code]
        # Findings are made in sudo, but the user may have no right to write.
        may_act = message.action and self.sudo(False).has_access("write")
        button = (message.action, self.env._(message.label)) if may_act else None
        return {
            "cause": code,
            "level": message.level,
            "text": self._format_message(code, **values),
            "todo": self._format_message(code, "step", **values),
            "date": format_datetime(self.env, at) if at else "",
            "key": key or code,
            "is_pressing": False,
            "links": list(links),
            "buttons": [button] if button else [],
        }

    def _notify_problems(self, *, by_person=False, is_first=False):
        """Give the responsible user one activity for each new problem.

        The activity of a problem that is solved is closed.

        :param bool by_person: whether a user started the check
        :param bool is_first: whether this is the first answer: a user who started the
            check sees its problems in the form
        """
        self.ensure_one()
        problems = {
            finding["key"]: finding
            for finding in self._in_responsible_lang()._get_told_findings()
            if finding["level"] == PROBLEM
        }
        told = set(self.told_causes or ())
        if not (by_person and is_first):
            for key in problems.keys() - told:
                finding = problems[key]
                title = self._get_todo_titles().get(finding["cause"])
                self._notify_responsible(key, finding["text"], title)
        recurring = self._finding_recurring
        solved = told | recurring if by_person else told - recurring
        self._close_todos_about(*(solved - problems.keys()) or ("",))
        if told != problems.keys():
            self.sudo().told_causes = sorted(problems)
