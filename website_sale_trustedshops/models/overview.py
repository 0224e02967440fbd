# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A page that shows whether all is right today.

It has no rules of its own: it shows findings, activities and messages, and counts the
records of domains that belong to their models. Each user sees what that user may read.
"""

import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_datetime

from .messages import HINT, LEVELS, OK, PROBLEM, TODO, WARNING

READERS = (
    "base.group_system,website.group_website_designer,sales_team.group_sale_manager"
)
# Counts end here, and of each kind at most so many records are read.
MOST, MOST_ROWS = 1000, 100
# The scheduled actions are late after this time.
LATE_AFTER = timedelta(hours=1)
APPLY_JOB = "website_sale_trustedshops.ir_cron_apply_protection"
MAIL_JOB = "mail.ir_cron_mail_scheduler_action"


class TrustedShopsOverview(models.AbstractModel):
    """Shows what needs attention, what shoppers see, and what happened today.

    Other addons extend :meth:`_get_website_paths`, :meth:`_get_set_up`,
    :meth:`_list_lines`, :meth:`_list_groups` and :meth:`_get_jobs`.
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
        if not self.env.user.has_groups(READERS):
            raise AccessError(
                self.env._(
                    "Only administrators, website editors and sales managers may open"
                    " the overview."
                )
            )
        own = [("company_id", "in", self.env.companies.ids)]
        websites = self.env["website"].search(own)
        chosen = websites.filtered(lambda each: each.id == website_id)
        overview = self.with_context(trustedshops_websites=chosen.ids)
        lines = list(overview._list_lines())
        jobs = self._get_jobs()
        lines = [*overview._list_jobs(jobs), *lines]
        lines += overview._list_activities(lines)
        places = overview._list_places(chosen or websites, lines)
        values = {
            "websites": websites,
            "chosen": chosen,
            "lines": overview._merge_lines(lines),
            "all_good": "" if lines else overview._format_message("overview_good"),
            "places": places,
            "groups": [*overview._list_groups(), overview._prepare_runs(jobs)],
            "dumps": json.dumps,
        }
        return self.env["ir.qweb"]._render("website_sale_trustedshops.overview", values)

    # === WHAT THE USER MAY READ === #
    @api.model
    def _get_website_paths(self):
        """Return the path to the website by name of each model. To be extended.

        :rtype: dict of str
        """
        return {
            "trustedshops.certificate": "website_id",
            "trustedshops.protection": "certificate_id.website_id",
            "trustedshops.refund": "protection_id.certificate_id.website_id",
        }

    @api.model
    def _get_set_up(self):
        """Return the names of the models whose records have findings. To be extended.

        :rtype: tuple of str
        """
        return ("trustedshops.certificate",)

    @api.model
    def _get_website_domain(self, model):
        """Return the domain of records of the chosen website, of all if none is."""
        ids = self.env.context.get("trustedshops_websites")
        path = self._get_website_paths().get(model)
        return Domain(path, "in", ids) if ids and path else Domain.TRUE

    @api.model
    def _search_rows(self, model, domain=(), limit=MOST_ROWS, order="id"):
        """Return records of the chosen website; empty if the user may not read them.

        :param str model: name of the model
        :param domain: further conditions
        :type domain: list or tuple
        """
        rows = self.env[model]
        if not rows.has_access("read"):
            return rows
        domain = Domain(list(domain)) & self._get_website_domain(model)
        return rows.search(domain, order=order, limit=limit)

    # === LINES AND ACTIONS === #
    @api.model
    def _prepare_line(self, level, text, records, cause=""):
        """Return a line about something that needs attention.

        :param str level: one of ``LEVELS``
        :param str text: what is true and what to do
        :param records: records that it is about; empty if the user may not read them
        :param str cause: cause of the activities about it
        :rtype: dict
        """
        return {"level": level, "text": text, "records": records, "cause": cause}

    @api.model
    def _merge_lines(self, lines):
        """Return the lines, the worst first, and add title and action to each.

        Merge lines with the same words about records of one model. If the models
        differ, keep the first: channels repeat the findings of their account.
        """
        by_words = {}
        for line in sorted(lines, key=lambda each: LEVELS.index(each["level"])):
            first = by_words.setdefault(line["text"], line)
            if first["records"]._name == line["records"]._name:
                first["records"] |= line["records"]
        for line in by_words.values():
            if records := line["records"]:
                name, more = records[0].display_name, len(records) - 1
                if more:
                    values = {"name": name, "more": more}
                    name = self.env._("%(name)s and %(more)s more", **values)
                action = self._prepare_action(records, name=name)
                line |= {"title": name, "action": action}
        return list(by_words.values())

    @api.model
    def _prepare_action(self, records, **values):
        """Return the action that opens one record, or else the list of the records."""
        views = [(False, "list"), (False, "kanban"), (False, "form")]
        opened = {"views": views, "domain": [("id", "in", records.ids)]}
        if len(records) == 1:
            opened = {"views": views[2:], "res_id": records.id}
        name, model = records._description, records._name
        action = {"type": "ir.actions.act_window", "name": name, "res_model": model}
        return {**action, **opened, **values}

    # === NEEDS ATTENTION === #
    @api.model
    def _list_lines(self):
        """Yield the lines about what needs attention. To be extended.

        :return: results of :meth:`_prepare_line`
        :rtype: iterator of dict
        """
        silent = [("silent_since", "!=", False)]
        for service in self._search_rows("trustedshops.service", silent):
            if service._search_logins().company_id & self.env.companies:
                yield self._prepare_line(PROBLEM, service.notice, service)
        everything = self.with_context(active_test=False)
        for model in self._get_set_up():
            for record in everything._search_rows(model, limit=None):
                yield from self._list_findings(record.with_env(self.env))
        needing = [("needs_attention", "=", True)]
        protections = self._search_rows("trustedshops.protection", needing)
        for code, rows in protections.grouped(self._get_code).items():
            yield self._prepare_rows_line(code, rows, cause="protection")
        is_open = [("state", "=", "open")]
        if refunds := self._search_rows("trustedshops.refund", is_open):
            yield self._prepare_rows_line("refund", refunds)
        yield from self._list_beginning()

    @api.model
    def _list_findings(self, record):
        """Yield the lines about the findings of a record. To be extended.

        For an archived record, yield only that nothing serves its website any more.
        """
        active = "active" not in record._fields or record.active
        for each in record._get_findings() if active else record._get_end_findings():
            if each["level"] not in (HINT, OK):
                parts = each["text"], each["todo"], each["ask"]
                text = " ".join(filter(None, parts))
                yield self._prepare_line(each["level"], text, record, each["key"])

    @api.model
    def _get_code(self, protection):
        """Return the code of the message about a protection."""
        protection_sudo = protection.sudo()
        return protection_sudo._get_next_code() or protection_sudo.last_error

    @api.model
    def _prepare_rows_line(self, code, rows, text="", cause=""):
        """Return a line about records on which a user has to act.

        :param str code: code of the message about them
        :param rows: records of one model
        :param str text: sentence, default: the explanation of the first record
        :param str cause: cause of the activities about them, default: the code
        """
        text = text or rows[0].explanation
        return self._prepare_line(self._get_level(code), text, rows, cause or code)

    @api.model
    def _get_level(self, code):
        """Return ``PROBLEM`` if the message of a code is one, else ``TODO``."""
        message = self._get_messages().get(code)
        return PROBLEM if message and message.level == PROBLEM else TODO

    @api.model
    def _list_beginning(self):
        """Return the line for a database in which nothing is set up yet.

        It leads to the empty list of certificates, which has the button to start.
        """
        certificates = self.env["trustedshops.certificate"]
        all_sudo = self.sudo().with_context(active_test=False).env
        names = self._get_set_up()
        is_begun = any(all_sudo[name].search_count([], limit=1) for name in names)
        if is_begun or not certificates.has_access("read"):
            return []
        xmlid = "website_sale_trustedshops.trustedshops_certificate_action"
        action = self.env.ref(xmlid)
        text = self._format_message("seen_nothing")
        line = self._prepare_line(TODO, text, certificates)
        return [{**line, "title": action.sudo().name, "action": action.xml_id}]

    @api.model
    def _list_activities(self, lines):
        """Yield the lines about open activities that no other line covers."""
        told = {
            (line["records"]._name, row_id, line["cause"])
            for line in lines
            for row_id in line["records"].ids
        }
        about, activities_sudo = "trustedshops_cause", self.env["mail.activity"].sudo()
        found_sudo = activities_sudo.search([(about, "!=", False)], limit=MOST)
        for model, group_sudo in found_sudo.grouped("res_model").items():
            records = self.env[model].browse(group_sudo.mapped("res_id"))
            records = records._filtered_access("read")
            records = records.filtered_domain(self._get_website_domain(model))
            for each in group_sudo:
                record, cause = records & records.browse(each.res_id), each[about]
                if record and (model, record.id, cause) not in told:
                    level = self._get_level(cause)
                    yield self._prepare_line(level, each.summary, record, cause)

    # === SCHEDULED ACTIONS === #
    @api.model
    def _get_jobs(self):
        """Return the scheduled actions of our addons and of mails. To be extended.

        :return: records of ``ir.cron`` in sudo, also archived ones
        """
        addons = "website_sale_trustedshops%"
        own = [("model", "=", "ir.cron"), ("module", "=like", addons)]
        data = self.env["ir.model.data"].sudo().search_fetch(own, ["res_id"])
        crons_sudo = self.env["ir.cron"].sudo().with_context(active_test=False)
        return crons_sudo.browse(data.mapped("res_id")) | self._find_job(MAIL_JOB)

    @api.model
    def _find_job(self, xmlid):
        """Return a scheduled action in sudo, empty if it was deleted."""
        model_data = self.env["ir.model.data"]
        job_id = model_data._xmlid_to_res_id(xmlid, raise_if_not_found=False)
        return self.env["ir.cron"].sudo().browse(job_id or ())

    @api.model
    def _list_jobs(self, jobs):
        """Yield the lines about scheduled actions that are switched off or late.

        Mails and the queue are a problem when they are off.
        """
        needed = self._find_job(MAIL_JOB) | self._find_job(APPLY_JOB)
        for job_sudo in jobs:
            is_on = job_sudo.active
            if is_on and job_sudo.nextcall >= fields.Datetime.now() - LATE_AFTER:
                continue
            code, date = "job_late" if is_on else "job_off", job_sudo.nextcall
            words = {"job": job_sudo.name, "date": self._format_moment(date)}
            job = job_sudo.sudo(False)._filtered_access("read")
            step = self._format_message(code, "step")
            step = step if job else self._format_message("ask_administrator")
            text = f"{self._format_message(code, **words)} {step}"
            level = PROBLEM if is_on or job_sudo in needed else WARNING
            yield self._prepare_line(level, text, job)

    @api.model
    def _prepare_runs(self, jobs):
        """Return the group of the scheduled actions with their last runs."""
        can_read = self.env["ir.cron"].has_access("read")
        items = [
            {
                "label": job.name,
                "value": self._format_moment(job.lastcall) or self.env._("never"),
                "action": can_read and self._prepare_action(job.sudo(False)),
            }
            for job in jobs
        ]
        return {"title": self.env._("Last Runs"), "items": items}

    @api.model
    def _format_moment(self, moment):
        """Return a moment in the user's language and time zone, unchanged if empty."""
        return moment and format_datetime(self.env, moment, dt_format="short")

    # === SHOPPERS SEE NOW === #
    @api.model
    def _list_places(self, websites, lines):
        """Return what visitors see, by website and language.

        :param websites: records of ``website``
        :param lines: results of :meth:`_prepare_line`
        :return: ``name``, ``shown`` (see ``_get_shown`` of the certificate), ``since``,
            ``test``, ``why`` (nothing is offered) and ``action``
        :rtype: list of dict
        """
        own = self._search_rows("trustedshops.certificate", order="lang_id, id")
        return [
            self._prepare_place(website, lang, own._get_for_place(website, lang), lines)
            for website in websites
            for lang in website.language_ids
            if own.has_access("read")
        ]

    @api.model
    def _prepare_place(self, website, lang, certificate, lines):
        """Return what :meth:`_list_places` lists for one website and language.

        :param certificate: the one that serves, or should; may be empty
        """
        shown = certificate._get_shown(lang.code)
        return {
            "name": f"{website.name}: {lang.name}",
            "shown": shown,
            "since": self._format_moment(shown["since"]),
            "test": bool(certificate) and certificate._is_test(),
            "why": "" if shown["offer"] else self._format_why(certificate, lines),
            "action": certificate and self._prepare_action(certificate),
        }

    @api.model
    def _format_why(self, certificate, lines):
        """Return the sentence about the reason for no offer.

        It is the first problem or warning. A to-do prevents no offer.

        :param certificate: record that serves, or should; may be empty
        :return: '' when no offer is wanted, or the reason passes by itself
        :rtype: str
        """
        if not certificate:
            return self._format_message("seen_nothing")
        if certificate.protection_model == "classic":
            return ""
        own = [line for line in lines if line["records"] == certificate]
        own.sort(key=lambda each: LEVELS.index(each["level"]))
        texts = [line["text"] for line in own if line["level"] in (PROBLEM, WARNING)]
        return texts[0] if texts else ""

    # === TODAY === #
    @api.model
    def _list_groups(self):
        """Return the groups of counts about today. To be extended.

        :return: ``title`` and ``items``, see :meth:`_prepare_count`
        :rtype: list of dict
        """
        model = "trustedshops.protection"
        applied = [("requested_at", ">=", "today")]
        confirmed = [("confirmed_at", ">=", "today")]
        items = [
            *self._prepare_count(self.env._("Applied for today"), model, applied),
            *self._prepare_count(self.env._("Confirmed today"), model, confirmed),
            *self._prepare_count(
                self.env._("Waiting"), model, [("is_waiting", "=", True)]
            ),
            *self._list_last(),
        ]
        model, is_open = "trustedshops.refund", [("state", "=", "open")]
        fees = self._prepare_count(self.env._("To be refunded"), model, is_open, TODO)
        return [
            {"title": self.env._("Buyer Protection"), "items": items},
            {"title": self.env._("Fees"), "items": fees},
        ]

    @api.model
    def _prepare_count(self, label, model, domain, level=""):
        """Count the records of a domain, up to ``MOST``.

        :param str label: label of the count
        :param str model: name of the model
        :param list domain: conditions, as in a filter of the list
        :param str level: one of ``LEVELS``, used if there are any records
        :return: one dict: ``label``, ``value`` (formatted), ``level`` and ``action``
            (opens the list); none if the user may not read the model
        :rtype: list of dict
        """
        rows = self.env[model]
        if not rows.has_access("read"):
            return []
        domain = list(Domain(domain) & self._get_website_domain(model))
        count = rows.search_count(domain, limit=MOST + 1)
        many = self.env._("more than %(count)s", count=MOST)
        return [
            {
                "label": label,
                "value": many if count > MOST else str(count),
                "level": level if count else "",
                "action": self._prepare_action(rows, name=label, domain=domain),
            }
        ]

    @api.model
    def _list_last(self):
        """Return the moment of the last order.

        :return: as :meth:`_prepare_count`
        :rtype: list of dict
        """
        model, placed = "trustedshops.protection", [("placed_at", "!=", False)]
        # By id, because that has an index.
        newest = self._search_rows(model, placed, limit=20, order="id desc")
        newest = newest.sorted("placed_at desc")[:1]
        if not newest:
            return []
        date, action = (
            self._format_moment(newest.placed_at),
            self._prepare_action(newest),
        )
        return [{"label": self.env._("Last order"), "value": date, "action": action}]
