# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A page that shows whether all is right today.

It has no rules of its own: it shows findings, activities and messages, and counts what
the filters of our lists find. Each user sees what that user may read.
"""

import ast
import json
from datetime import timedelta

from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_datetime

from .messages import HINT, LEVELS, OK, PROBLEM, TODO, WARNING

READERS = (
    "base.group_system",
    "website.group_website_designer",
    "sales_team.group_sale_manager",
)
# Counts end here, and of each kind at most so many records are read.
MOST, MOST_ROWS = 1000, 100
# The scheduled actions are late after this time.
LATE_AFTER = timedelta(hours=1)
# Number of orders from which the usual time between two is computed.
GAPS = 20


class TrustedShopsOverview(models.AbstractModel):
    """Shows what needs attention, what shoppers see, and what happened today.

    Other addons add their lines to :meth:`_list_findings`, :meth:`_list_rows`,
    :meth:`_get_today` and :meth:`_get_jobs`.
    """

    _name = "trustedshops.overview"
    _description = "Trusted Shops Overview"
    _inherit = ["trustedshops.message"]

    @api.model
    def get_overview(self, website_id=False):
        """Return the page about the user's active companies.

        :param website_id: id of the only website to show, False for all
        :type website_id: int or bool
        :return: HTML
        :rtype: str
        :raise AccessError: if the user has none of the groups ``READERS``
        """
        if not self.env.user.has_groups(",".join(READERS)):
            raise AccessError(
                self.env._(
                    "Only administrators, website editors and sales managers may open"
                    " the overview."
                )
            )
        companies = self.env.companies.ids
        websites = self.env["website"].search([("company_id", "in", companies)])
        chosen = websites.filtered(lambda each: each.id == website_id)
        overview = self.with_context(trustedshops_websites=chosen.ids)
        found, jobs = overview._list_findings(), self._get_jobs()
        lines = self._list_jobs(jobs, found) + overview._get_attention(found, jobs)
        places = overview._get_seen(chosen or websites, found)
        lines += self._list_beginning(found, places)
        values = {
            "websites": websites,
            "chosen": chosen,
            "lines": self._sort_lines(lines),
            "all_good": self._format_message("overview_good"),
            "places": places,
            "groups": [each for each in overview._get_today() if each["items"]],
            "jobs": self._prepare_jobs(jobs),
            "dumps": json.dumps,
        }
        return self.env["ir.qweb"]._render("website_sale_trustedshops.overview", values)

    # === LINES AND ACTIONS === #
    @api.model
    def _get_website_paths(self):
        """Return the path to the website by name of the model. To be extended.

        :rtype: dict of str
        """
        return {
            "trustedshops.certificate": "website_id",
            "trustedshops.protection": "certificate_id.website_id",
            "trustedshops.refund": "protection_id.certificate_id.website_id",
        }

    @api.model
    def _get_website_domain(self, model):
        """Return the domain of records of the chosen website.

        :param str model: name of the model
        :return: the domain of all records if no website is chosen, or the model has
            none
        :rtype: odoo.fields.Domain
        """
        ids = self.env.context.get("trustedshops_websites")
        path = self._get_website_paths().get(model)
        return Domain(path, "in", ids) if ids and path else Domain.TRUE

    @api.model
    def _prepare_line(self, level, text, records, step=""):
        """Return a line about something that needs attention.

        :param str level: one of ``LEVELS``
        :param str text: what is true
        :param records: records that it is about; empty if the user may not read them
        :param str step: what to do
        :rtype: dict
        """
        return {"level": level, "text": text, "step": step, "records": records}

    @api.model
    def _format_names(self, records):
        """Return the name of the first record, with the number of the others if any."""
        name, more = records[0].display_name, len(records) - 1
        if not more:
            return name
        return self.env._("%(name)s and %(more)s more", name=name, more=more)

    @api.model
    def _prepare_action(self, records):
        """Return the action that opens one record, or else the list of the records."""
        action = {
            "type": "ir.actions.act_window",
            "name": records._description,
            "res_model": records._name,
        }
        if len(records) == 1:
            return {**action, "res_id": records.id, "views": [(False, "form")]}
        views = [(False, "list"), (False, "kanban"), (False, "form")]
        return {**action, "views": views, "domain": [("id", "in", records.ids)]}

    @api.model
    def _prepare_count(self, label, model, filters=(), extra=(), level=""):
        """Count the records that filters of a list find, up to ``MOST``.

        :param str label: label of the count
        :param str model: name of the model
        :param filters: names in its search view, all of which apply
        :type filters: tuple of str
        :param extra: further conditions of a domain
        :type extra: list or tuple
        :param str level: one of ``LEVELS``, used if there are any records
        :return: ``label``, ``value`` (formatted), ``action`` (opens the list with the
            filters) and ``level``
        :rtype: dict
        """
        rows = self.env[model]
        arch = etree.fromstring(rows.get_view(view_type="search")["arch"])
        domain = found = Domain(list(extra)) & self._get_website_domain(model)
        for name in filters:
            (node,) = arch.xpath(f"//filter[@name='{name}']")
            found &= Domain(ast.literal_eval(node.get("domain")))
        count = rows.search_count(found, limit=MOST + 1)
        return {
            "label": label,
            "value": self._format_count(count, is_more=count > MOST),
            "level": level if count else "",
            "action": {
                "type": "ir.actions.act_window",
                "name": label,
                "res_model": model,
                "views": [(False, "list"), (False, "kanban"), (False, "form")],
                "domain": list(domain),
                "context": {f"search_default_{name}": 1 for name in filters},
            },
        }

    @api.model
    def _can_read(self, model):
        return self.env[model].has_access("read")

    # === NEEDS ATTENTION === #
    @api.model
    def _sort_lines(self, lines):
        """Return the lines, the worst first, and add title and action to each.

        Merge lines with the same words about records of one model. If the models
        differ, keep the first: channels repeat the findings of their account.
        """
        by_words = {}
        for line in sorted(lines, key=lambda each: LEVELS.index(each["level"])):
            first = by_words.setdefault((line["text"], line["step"]), line)
            if first["records"]._name == line["records"]._name:
                first["records"] |= line["records"]
        for line in by_words.values():
            records = line["records"]
            if "action" in line:
                continue
            line["title"] = records and self._format_names(records)
            line["action"] = records and self._prepare_action(records)
        return list(by_words.values())

    @api.model
    def _get_attention(self, found, jobs):
        """Return the lines about findings, records, silent services and activities.

        Leave out findings that are fine or hints.

        :param list found: result of :meth:`_list_findings`
        :param jobs: result of :meth:`_get_jobs`
        :return: results of :meth:`_prepare_line`
        :rtype: list of dict
        """
        told, lines = set(), self._list_silences()
        # The line of the scheduled action says it, and leads to where it is mended.
        off = jobs.filtered(lambda each: not each.active and self._is_applying(each))
        covered = {"queue_off"} if off else set()
        for record, findings in found:
            for finding in findings:
                told.add((record._name, record.id, finding["key"]))
                is_covered = finding["cause"] in covered
                if finding["level"] not in (HINT, OK) and not is_covered:
                    text, step = finding["text"], finding["todo"]
                    line = self._prepare_line(finding["level"], text, record, step=step)
                    lines.append(line)
        for cause, code, rows, text in self._list_rows():
            told |= {(rows._name, row_id, cause) for row_id in rows.ids}
            lines.append(self._prepare_line(self._get_level(code), text, rows))
        return lines + self._list_activities(told)

    @api.model
    def _list_beginning(self, found, places):
        """Return the line of a database in which nothing was set up yet.

        It leads to the empty list of certificates, which has the button to start.

        :param list found: result of :meth:`_list_findings`
        :param list places: result of :meth:`_get_seen`
        """
        certificates = self.env["trustedshops.certificate"]
        if found or any(each["action"] for each in places):
            return []
        if not self._can_read(certificates._name):
            return []
        if certificates.sudo().with_context(active_test=False).search([], limit=1):
            return []
        action = "website_sale_trustedshops.trustedshops_certificate_action"
        text = self._format_message("seen_nothing")
        line = self._prepare_line(TODO, text, certificates)
        return [{**line, "title": self.env.ref(action).sudo().name, "action": action}]

    @api.model
    def _get_level(self, code):
        """Return ``PROBLEM`` if the message of a code is one, else ``TODO``."""
        message = self._get_messages().get(code)
        return PROBLEM if message and message.level == PROBLEM else TODO

    @api.model
    def _list_findings(self):
        """Return the records that the user may read, with their findings.

        To be extended.

        :return: pairs of a record and the result of its ``_get_findings``
        :rtype: list of tuple
        """
        return [
            (each, each._get_findings())
            for each in self._search_readable("trustedshops.certificate")
        ]

    @api.model
    def _search_readable(self, model):
        """Return the records of the chosen website that the user may read.

        :param str model: name of the model
        """
        if not self._can_read(model):
            return self.env[model]
        return self.env[model].search(self._get_website_domain(model))

    @api.model
    def _list_rows(self):
        """Yield the records on which a user has to act, by message. To be extended.

        :return: tuples: cause of the activities, code of the message, records, and the
            sentence about the first of them
        :rtype: iterator of tuple
        """
        protections = self._search_rows(
            "trustedshops.protection", Domain("needs_attention", "=", True)
        )
        refunds = self._search_rows("trustedshops.refund", Domain("state", "=", "open"))
        for code, rows in protections.grouped(self._get_code).items():
            yield "protection", code, rows, rows[0].explanation
        if refunds:
            yield "refund", "refund", refunds, refunds[0].explanation

    @api.model
    def _search_rows(self, model, domain):
        """Return at most ``MOST_ROWS`` records of the chosen website, by id.

        :param str model: name of the model
        :param Domain domain: further condition
        :return: empty if the user may not read the model
        """
        if not self._can_read(model):
            return self.env[model]
        domain &= self._get_website_domain(model)
        return self.env[model].search(domain, order="id", limit=MOST_ROWS)

    @api.model
    def _get_code(self, protection):
        """Return the code of the message about a protection."""
        protection_sudo = protection.sudo()
        return protection_sudo._get_next_code() or protection_sudo.last_error

    @api.model
    def _list_silences(self):
        """Return the lines about silent services of the user's companies."""
        services = self.env["trustedshops.service"]
        if not self._can_read(services._name):
            return []
        silent = services.search([("silent_since", "!=", False)])
        return [
            self._prepare_line(PROBLEM, each.notice, each)
            for each in silent.filtered(self._is_ours)
        ]

    @api.model
    def _is_ours(self, service):
        """Return those of the user's companies that have a login of a service."""
        return service._search_logins().company_id & self.env.companies

    @api.model
    def _list_activities(self, told):
        """Return the lines about open activities that no other line covers.

        :param told: model, id and cause of each record on another line
        :type told: set of tuple
        """
        activities_sudo = self.env["mail.activity"].sudo()
        about = [("trustedshops_cause", "!=", False)]
        found_sudo = activities_sudo.search(about, order="id", limit=MOST).filtered(
            lambda each: (
                (each.res_model, each.res_id, each.trustedshops_cause) not in told
            )
        )
        groups = found_sudo.grouped(
            lambda each: (each.res_model, each.trustedshops_cause)
        )
        lines = []
        for (model, cause), group_sudo in groups.items():
            records = self.env[model].browse({*group_sudo.mapped("res_id")})
            records = records._filtered_access("read")
            records = records.filtered_domain(self._get_website_domain(model))
            if records:
                first = group_sudo.filtered(
                    lambda each, ids=records.ids: each.res_id in ids
                )
                text = self._get_title(cause) or first[0].summary
                lines.append(self._prepare_line(self._get_level(cause), text, records))
        return lines

    @api.model
    def _get_title(self, cause):
        """Return the title of the message of a cause in the user's language.

        Return '' if there is none, or if it has placeholders.
        """
        message = self._get_messages().get(cause)
        title = self.env._(message.title) if message and message.title else ""
        return "" if "%" in title else title

    # === SCHEDULED ACTIONS === #
    @api.model
    def _get_jobs(self):
        """Return the scheduled actions of our addons. To be extended.

        :return: records of ``ir.cron`` in sudo, also archived ones
        """
        addon = "website_sale_trustedshops"
        own = [("model", "=", "ir.cron"), ("module", "=like", f"{addon}%")]
        data = self.env["ir.model.data"].sudo().search_fetch(own, ["res_id"])
        crons_sudo = self.env["ir.cron"].sudo().with_context(active_test=False)
        return crons_sudo.browse(data.mapped("res_id"))

    @api.model
    def _is_applying(self, job):
        """Return True if a scheduled action is the one that applies."""
        xmlid = "website_sale_trustedshops.ir_cron_apply_protection"
        return job.id == self.env["ir.model.data"]._xmlid_to_res_id(xmlid)

    @api.model
    def _list_jobs(self, jobs, found):
        """Return the lines about scheduled actions that are switched off or late.

        :param jobs: result of :meth:`_get_jobs`
        :param list found: result of :meth:`_list_findings`
        """
        causes = {each["cause"] for _record, findings in found for each in findings}
        lines, oldest = [], fields.Datetime.now() - LATE_AFTER
        for cron_sudo in jobs:
            code = "" if cron_sudo.active else "job_off"
            if cron_sudo.active and cron_sudo.nextcall < oldest:
                code = "job_late"
            if code:
                day = format_datetime(self.env, cron_sudo.nextcall, dt_format="short")
                values = {"job": cron_sudo.name, "date": day}
                text = self._format_message(code, **values)
                step = self._format_message(code, "step", **values)
                cron = cron_sudo.sudo(False)._filtered_access("read")
                level = self._get_messages()[code].level
                if "queue_off" in causes and self._is_applying(cron_sudo):
                    level = PROBLEM
                lines.append(self._prepare_line(level, text, cron, step=step))
        return lines

    @api.model
    def _prepare_jobs(self, jobs):
        """Return each scheduled action with its last run, as :meth:`_prepare_count`.

        :param jobs: result of :meth:`_get_jobs`
        :rtype: list of dict
        """
        return [
            {
                "label": each.name,
                "value": self._format_moment(each.lastcall) or self.env._("never"),
                "level": "",
                "action": self._can_read("ir.cron")
                and self._prepare_action(each.sudo(False)),
            }
            for each in jobs
        ]

    @api.model
    def _format_moment(self, moment):
        """Return a moment in the user's language and time zone, unchanged if empty."""
        return moment and format_datetime(self.env, moment, dt_format="short")

    # === SHOPPERS SEE NOW === #
    @api.model
    def _get_seen(self, websites, found):
        """Return the badge and offer that visitors see, by website and language.

        :param websites: records of ``website``
        :param list found: result of :meth:`_list_findings`
        :return: ``website`` and ``lang`` (names), ``badge`` and ``offer`` (whether
            visitors see them), ``test``, ``since`` (formatted), ``why`` (nothing is
            offered) and ``action`` (opens the certificate)
        :rtype: list of dict
        """
        certificates = self.env["trustedshops.certificate"]
        if not self._can_read(certificates._name):
            return []
        own = {each: rows for each, rows in found if each._name == certificates._name}
        since = self._get_changed_at(certificates.union(*own))
        return [
            self._prepare_place(website, lang, own, since)
            for website in websites.sudo()
            for lang in website.language_ids
        ]

    @api.model
    def _prepare_place(self, website, lang, own, since):
        """Return what :meth:`_get_seen` lists for one website and language.

        :param website: record of ``website``
        :param lang: record of ``res.lang``
        :param dict own: findings by certificate
        :param dict since: result of :meth:`_get_changed_at`
        :rtype: dict
        """
        certificates = self.env["trustedshops.certificate"]
        serving = certificates.browse(certificates._get_for(website.id, lang.code).ids)
        fitting = certificates.union(*own).filtered(
            lambda each: each.website_id.id == website.id and each._is_for_lang(lang.id)
        )
        certificate = serving or fitting.sorted(lambda each: not each.lang_id)[:1]
        visitor = website.user_id
        has_badge = bool(serving) and serving._is_visible_to(visitor)
        has_offer = has_badge and serving._is_usable_by(visitor)
        findings = own.get(certificate, ())
        return {
            "website": website.name,
            "lang": lang.name,
            "badge": has_badge,
            "offer": has_offer,
            "test": bool(certificate) and certificate._is_test(),
            "since": self._format_moment(since.get(certificate.id)),
            "why": "" if has_offer else self._format_why(certificate, findings),
            "action": certificate and self._prepare_action(certificate),
        }

    @api.model
    def _format_why(self, certificate, findings):
        """Return the sentence about the reason for no offer.

        It is a setting or the first problem or warning. A to-do prevents no offer.

        :param certificate: record that serves, or should; may be empty
        :param findings: findings about the certificate
        :type findings: list of dict
        :rtype: str
        """
        if not certificate:
            return self._format_message("seen_nothing")
        if certificate.protection_model == "classic":
            return self._format_message("seen_classic")
        if certificate.offered_to == "nobody":
            return self._format_message("seen_nobody")
        for level in (PROBLEM, WARNING):
            for finding in findings:
                if finding["level"] == level:
                    return finding["text"]
        return self._format_message("seen_unknown")

    @api.model
    def _get_changed_at(self, certificates):
        """Return the last change of mode or state, or the creation, by certificate id.

        :return: moments in UTC
        :rtype: dict
        """
        changes_sudo = (
            self.env["mail.tracking.value"]
            .sudo()
            .search(
                [
                    ("field_id.name", "in", ("mode", "state")),
                    ("mail_message_id.model", "=", certificates._name),
                    ("mail_message_id.res_id", "in", certificates.ids),
                ],
                order="id",
            )
        )
        messages = changes_sudo.mail_message_id
        created = {each.id: each.create_date for each in certificates}
        return created | {each.res_id: each.date for each in messages.sorted("id")}

    # === TODAY === #
    @api.model
    def _get_today(self):
        """Return the groups of counts about today. To be extended.

        :return: ``title`` and ``items`` (results of :meth:`_prepare_count`, none if the
            user may not read the model)
        :rtype: list of dict
        """
        items, refunds = [], []
        if self._can_read("trustedshops.protection"):
            items = self._count_protections()
        if self._can_read("trustedshops.refund"):
            label, model = self.env._("To be refunded"), "trustedshops.refund"
            refunds = [self._prepare_count(label, model, ("open",), level=TODO)]
        return [
            {"title": self.env._("Buyer Protection"), "items": items},
            {"title": self.env._("Fees"), "items": refunds},
        ]

    @api.model
    def _count_protections(self):
        """Return the counts of protections, as :meth:`_prepare_count`.

        Count those of today among the newest thousand, which are read by id.

        :rtype: list of dict
        """
        model = "trustedshops.protection"
        placed = Domain("placed_at", "!=", False) & self._get_website_domain(model)
        names = ["placed_at", "requested_at", "confirmed_at"]
        protections = self.env[model].search_fetch(
            placed, names, order="id desc", limit=MOST
        )
        items = [
            self._prepare_today(self.env._("Applied for today"), protections, names[1]),
            self._prepare_today(self.env._("Confirmed today"), protections, names[2]),
            self._prepare_count(self.env._("Waiting"), model, ("waiting",)),
        ]
        return items + [self._prepare_last(protections)] if protections else items

    @api.model
    def _prepare_today(self, label, newest, name):
        """Count the newest protections with a moment of the user's day.

        :param str label: label of the count
        :param newest: records of ``trustedshops.protection``
        :param str name: field with the moment
        :return: see :meth:`_prepare_count`
        :rtype: dict
        """
        today = [(name, ">=", "today")]
        count = len(newest.filtered_domain(today))
        action = self._prepare_action(newest.browse())
        return {
            "label": label,
            "value": self._format_count(count, is_more=count == MOST),
            "level": "",
            "action": {**action, "name": label, "domain": today},
        }

    @api.model
    def _format_count(self, count, is_more):
        """Return a count as text, "more than ``MOST``" if there are more."""
        return self.env._("more than %(count)s", count=MOST) if is_more else str(count)

    @api.model
    def _prepare_last(self, newest):
        """Return the moment of the last order, and the usual time between two orders.

        :param newest: records of ``trustedshops.protection``
        :return: see :meth:`_prepare_count`
        :rtype: dict
        """
        newest = newest.sorted("placed_at desc")
        value = self._format_moment(newest[0].placed_at)
        if len(newest) > GAPS:
            hours = (newest[0].placed_at - newest[GAPS].placed_at) / timedelta(
                hours=GAPS
            )
            value = self.env._(
                "%(date)s, usually every %(hours)s h", date=value, hours=round(hours, 1)
            )
        return {
            "label": self.env._("Last order"),
            "value": value,
            "level": "",
            "action": self._prepare_action(newest[0]),
        }
