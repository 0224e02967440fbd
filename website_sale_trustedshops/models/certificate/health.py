# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from ... import const

# How good a finding is.
OK = "ok"
HINT = "hint"
PROBLEM = "problem"
# Causes that may come back at the next application although a check was good: their
# activity is closed by a person, or when a person had the certificate checked.
RECURRING_CAUSES = {"login", "limit"}


class TrustedShopsCertificate(models.Model):
    """What is right and wrong with a certificate, in words, and who is told.

    One list of findings serves the form, the settings and the activities.
    """

    _inherit = "trustedshops.certificate"

    health = fields.Html(compute="_compute_health", sanitize=False)
    attention = fields.Char(
        compute="_compute_health", help="The most important thing to do."
    )
    stuck_count = fields.Integer(compute="_compute_stuck_count", compute_sudo=True)
    told_causes = fields.Json(
        readonly=True, copy=False, help="Problems the responsible user knows of."
    )

    @api.depends(
        "state",
        "environment",
        "answer_source",
        "valid_to",
        "shop_match",
        "lang_match",
        "overruled_match",
        "protection_model",
        "hold_reason",
        "has_ws_login",
        "items_checked_at",
        "item_ids",
        "fee_product_id",
        "last_check_at",
        "last_check_error",
        "login_checked_at",
        "fee_warning",
        "website_id",
        "lang_id",
    )
    @api.depends_context("lang", "tz")
    def _compute_health(self):
        for certificate in self:
            findings = certificate._get_findings() if certificate._origin else []
            certificate.health = self.env["ir.qweb"]._render(
                "website_sale_trustedshops.certificate_health", {"findings": findings}
            )
            pressing = [each for each in findings if each["level"] == PROBLEM]
            if certificate.state == "draft":  # no problem, but all is not well either
                pressing += findings[:1]
            certificate.attention = pressing[0]["text"] if pressing else False

    def _compute_stuck_count(self):
        """Count for all at once: a list shows what is wrong with each."""
        protections = self.env["trustedshops.protection"]
        stuck = protections._get_stuck_domain() & Domain(
            "certificate_id", "in", self.ids
        )
        counts = dict(protections._read_group(stuck, ["certificate_id"], ["__count"]))
        for certificate in self:
            certificate.stuck_count = counts.get(certificate._origin, 0)

    # === FINDINGS === #
    def _get_findings(self):
        """Return what can be said about the certificate, the most important first.

        :return: dicts of ``cause`` (a word that stays the same), ``level`` (``ok``,
            ``hint`` or ``problem``), ``text`` (plain sentences with the cure), ``date``
            (when that was found, as text in the user's format, or '') and ``key``
            (the same for the same trouble)
        :rtype: list of dict
        """
        self.ensure_one()
        certificate_sudo = self.sudo()
        findings = [
            certificate_sudo._get_state_finding(),
            certificate_sudo._get_validity_finding(),
        ]
        if self.state not in ("draft", "invalid"):
            findings += certificate_sudo._get_match_findings()
        if self.protection_model == "excellence" and self.state != "invalid":
            findings += [
                certificate_sudo._get_login_finding(),
                certificate_sudo._get_items_finding(),
                certificate_sudo._get_fee_finding(),
            ]
        findings.append(certificate_sudo._get_queue_finding())
        findings.append(certificate_sudo._get_asking_finding())
        return [each for each in findings if each]

    def _make_finding(self, cause, level, text, at=None, key=None):
        """Return one finding.

        :param str cause: a word that stays the same
        :param key: what tells one trouble of this cause from another, default: nothing
        :type key: str or None
        :param str level: ``OK``, ``HINT`` or ``PROBLEM``
        :param str text: plain sentences
        :param at: when that was found
        :type at: datetime.datetime or bool or None
        :rtype: dict
        """
        date = format_datetime(self.env, at) if at else ""
        return {
            "cause": cause,
            "level": level,
            "text": text,
            "date": date,
            "key": key or cause,
        }

    def _get_state_finding(self):
        level, text = {
            "draft": (HINT, self.env._("Trusted Shops has not answered yet.")),
            "production": (OK, self.env._("The certificate is valid.")),
            "integration": (
                OK,
                self.env._(
                    "Trusted Shops is certifying the shop; everything works already."
                ),
            ),
            "test": (
                HINT,
                self.env._("This is a test certificate."),
            ),
            "cancelled": (
                PROBLEM,
                self.env._(
                    "The certificate has expired. Renew it at Trusted Shops, or archive"
                    " it here."
                ),
            ),
            "disabled": (
                PROBLEM,
                self.env._(
                    "Trusted Shops has locked the certificate. Ask Trusted Shops why;"
                    " nothing of it is shown until it is open again."
                ),
            ),
            "no_audit": (
                PROBLEM,
                self.env._(
                    "This ID is for reviews only: the shop is not certified, so there"
                    " is no seal and no Buyer Protection. Order a certificate at"
                    " Trusted Shops if you want them."
                ),
            ),
            "invalid": (
                PROBLEM,
                self._explain_unknown_id(),
            ),
        }[self.state]
        if self.test_notice and level == OK:
            level = HINT  # well as it is, it is nothing for shoppers
        if self.environment != "production" and self.answer_source:
            words = dict(self._fields["environment"]._description_selection(self.env))
            text += " " + self.env._(
                "This was said by: %(system)s.", system=words[self.environment]
            )
        elif self.answer_source == "feed":
            text += " " + self.env._(
                "The public list of certified shops says so; the web service does not"
                " know this ID or did not answer, so no protection can be applied for"
                " with it."
            )
        elif self.answer_source:
            text += " " + self.env._("The web service of Trusted Shops says so.")
        at, key = self.last_check_at, f"state_{self.state}"
        return self._make_finding("state", level, text, at, key)

    @api.model
    def _explain_unknown_id(self):
        return self.env._(
            "Trusted Shops does not know this ID. Compare it with your Trusted Shops"
            " account; it must be the ID of this shop and language."
        )

    def _get_validity_finding(self):
        if not self.valid_to or self.state in ("cancelled", "invalid"):
            return None
        left = self.valid_to - fields.Date.today()
        date = format_date(self.env, self.valid_to)
        if left.days < 0:
            text = self.env._("Its validity ended on %(date)s.", date=date)
            return self._make_finding("validity", PROBLEM, text)
        if left <= const.VALIDITY_NOTICE:
            text = self.env._(
                "It ends in %(days)s days, on %(date)s. Renew it at Trusted Shops in"
                " time, or seal and Buyer Protection go.",
                days=left.days,
                date=date,
            )
            return self._make_finding("validity", PROBLEM, text)
        text = self.env._("It is valid until %(date)s.", date=date)
        return self._make_finding("validity", OK, text)

    def _get_match_findings(self):
        worst = HINT if self.is_overruled else PROBLEM
        levels = {"match": OK, "regional": HINT, "unknown": HINT, "mismatch": worst}
        lang_level = levels[self.lang_match]
        if lang_level == OK and not self.lang_id and len(self.website_lang_ids) > 1:
            lang_level = HINT
        return [
            self._make_finding(
                "address", levels[self.shop_match], self._explain_shop_match()
            ),
            self._make_finding("language", lang_level, self._explain_lang_match()),
        ]

    def _get_login_finding(self):
        if self.hold_reason:
            cause = "login" if self.hold_reason == "login" else "limit"
            text = self._get_waiting_reason()
            return self._make_finding(cause, PROBLEM, text, self.login_checked_at)
        if text := self._get_waiting_reason():
            return self._make_finding("login_missing", PROBLEM, text)
        if not self.login_checked_at:
            text = self.env._("The web service login was not checked yet.")
            return self._make_finding("login", HINT, text)
        text = self.env._("Trusted Shops accepts the web service login.")
        return self._make_finding("login", OK, text, self.login_checked_at)

    def _get_waiting_reason(self):
        """Tell why the applications of this certificate wait.

        :return: what is wrong and what to do, '' when they go out
        :rtype: str
        """
        if self.hold_reason:
            return self._explain_code(const.CODE_BY_HOLD_REASON[self.hold_reason])
        if not self.has_ws_login:
            return self.env._(
                "The web service login is missing. Enter user and password as Trusted"
                " Shops sent them to you; without them no protection can be applied"
                " for."
            )
        return ""

    def _get_items_finding(self):
        currencies = self.item_ids.currency_id
        if not self.item_ids:
            level, text = (
                PROBLEM,
                self.env._(
                    "Trusted Shops gave no fee table for this certificate, so no Buyer"
                    " Protection is offered. Ask Trusted Shops to set up Excellence"
                    " for it, or choose another protection model."
                ),
            )
        elif not self._has_fresh_items():
            level, text = (
                PROBLEM,
                self.env._(
                    "The fee table is older than three days, so no Buyer Protection is"
                    " offered. Check the certificate now; if Trusted Shops does not"
                    " answer, ask whether the service is disturbed."
                ),
            )
        elif self.website_id.currency_id not in currencies:
            level, text = (
                PROBLEM,
                self.env._(
                    "The fee table has no fees in %(currency)s, the currency of the"
                    " website: orders in it get no Buyer Protection. Ask Trusted Shops"
                    " for fees in %(currency)s.",
                    currency=self.website_id.currency_id.name,
                ),
            )
        else:
            level, text = (
                OK,
                self.env._(
                    "The fee table has %(count)s steps in %(currencies)s.",
                    count=len(self.item_ids),
                    currencies=", ".join(currencies.mapped("name")),
                ),
            )
        return self._make_finding("items", level, text, self.items_checked_at)

    def _get_fee_finding(self):
        if self.fee_warning:
            return self._make_finding("fee", PROBLEM, self.fee_warning)
        text = self.env._(
            "The fee is booked on %(account)s with the tax %(tax)s.",
            account=self.fee_account_text,
            tax=self.fee_tax_text,
        )
        return self._make_finding("fee", OK, text)

    def _get_queue_finding(self):
        if self.protection_model != "excellence" and not self.stuck_count:
            return None
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(  # `ref` asks each time
            "website_sale_trustedshops.ir_cron_apply_protection"
        )
        cron = self.env["ir.cron"].browse(cron_id or ())
        if not cron.active:
            text = self.env._(
                "The scheduled action that applies for Buyer Protection is switched"
                " off: nothing is sent to Trusted Shops. Switch it on under Settings >"
                " Technical > Scheduled Actions."
            )
            return self._make_finding("queue", PROBLEM, text)
        if not self.stuck_count:
            return None
        text = self.env._(
            "%(count)s applications have been waiting for more than an hour although"
            " they are due. See whether scheduled actions run on this server.",
            count=self.stuck_count,
        )
        return self._make_finding("queue", PROBLEM, text)

    def _get_asking_finding(self):
        if not self.last_check_error or self.hold_reason:
            return None
        return self._make_finding("asking", HINT, self.last_check_error)

    # === TELLING === #
    def _tell_problems(self, *, by_person=False, is_new=False):
        """Give the responsible user one activity for each new problem.

        The activity of a problem that went away is closed.

        :param bool by_person: whether somebody had the certificate checked
        :param bool is_new: whether the record was created just now: the form tells
        """
        self.ensure_one()
        self.invalidate_recordset(["stuck_count"])  # depends on the clock
        problems = {
            finding["key"]: finding["text"]
            for finding in self._in_responsible_lang()._get_findings()
            if finding["level"] == PROBLEM
        }
        told = set(self.told_causes or ())
        if not is_new:
            for cause in problems.keys() - told:
                self._notify_responsible(cause, problems[cause])
        for cause in told - problems.keys():
            if by_person or cause not in RECURRING_CAUSES:
                self._close_todos_about(cause)
        if told != problems.keys():
            self.sudo().told_causes = sorted(problems)

    def _get_responsible(self):
        """Return the user who gets the activities: never an archived one.

        :rtype: record of ``res.users``
        """
        user = self.sudo().user_id
        if user.active:
            return user
        administrators = self.env.ref("base.group_system").sudo().all_user_ids
        # An archived one is no choice; of the others the first is the oldest.
        return administrators.filtered("active").sorted("id")[:1] or user
