# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate, format_date

from ... import const
from ...lib.inquiry import SOURCE_FEED
from ..finding import HINT, OK, PROBLEM, TODO
from .certificate import IN_FORCE_STATES

_lt = LazyTranslate(__name__)
STATE_FINDINGS = {
    "draft": (HINT, _lt("Trusted Shops has not answered yet.")),
    "production": (OK, _lt("The certificate is valid.")),
    "integration": (
        OK,
        _lt("Trusted Shops is certifying the shop; everything works already."),
    ),
    "test": (HINT, _lt("This is a test certificate.")),
    "cancelled": (
        PROBLEM,
        _lt(
            "The certificate has expired. Renew it at Trusted Shops, or archive it"
            " here."
        ),
    ),
    "disabled": (
        PROBLEM,
        _lt(
            "Trusted Shops has disabled the certificate, so the website shows nothing"
            " of it. Ask Trusted Shops for the reason."
        ),
    ),
    "no_audit": (
        PROBLEM,
        _lt(
            "This ID is for reviews only: the shop is not certified, so there is no"
            " seal and no Buyer Protection."
        ),
    ),
    "invalid": (
        PROBLEM,
        _lt(
            "Trusted Shops does not know this ID. Compare it with your Trusted Shops"
            " account: it must be the ID of this shop and language."
        ),
    ),
}
MATCH_SENTENCES = {
    "address_match": _lt(
        "Issued for %(shop_url)s, which is the address of the website %(website)s."
    ),
    "address_mismatch": _lt(
        "Issued for %(shop_url)s, but the website %(website)s has the address"
        " %(domain)s. Choose the right website, correct its domain in the settings, or"
        " ask Trusted Shops to correct the certificate."
    ),
    "address_without_domain": _lt(
        "The website %(website)s has no domain to compare with the address of the"
        " certificate. Set it under Website > Configuration > Settings."
    ),
    "address_unknown": _lt(
        "Trusted Shops does not say for which address it was issued. Check in your"
        " Trusted Shops account that it is for the website %(website)s."
    ),
    "language_match": _lt("Issued for the language %(code)s, which fits %(language)s."),
    "language_match_all": _lt(
        "Issued for the language %(code)s, but shown in all languages of the website"
        " that have no certificate of their own. Choose a language to show it only"
        " there."
    ),
    "language_regional": _lt(
        "Issued for the language %(code)s and used for %(language)s: it fits, but texts"
        " at Trusted Shops may be those for another country."
    ),
    "language_mismatch": _lt(
        "Issued for the language %(code)s, but used for %(language)s: every language"
        " needs its own certificate."
    ),
    "language_mismatch_all": _lt(
        "Issued for the language %(code)s, which the website %(website)s does not have."
        " Add the language there, or use another certificate."
    ),
    "language_unknown": _lt(
        "Trusted Shops does not say for which language it was issued."
    ),
}
HOLD_SENTENCES = {
    "login": _lt(
        "Trusted Shops does not accept the web service login. Enter the user and"
        " password again, as Trusted Shops sent them to you."
    ),
    "suspended": _lt(
        "Trusted Shops has suspended the credit limit of this certificate. Ask Trusted"
        " Shops to reactivate it; we check every hour."
    ),
    "no_limit": _lt(
        "Trusted Shops has granted no credit limit to this certificate. Ask Trusted"
        " Shops for one; we check every hour."
    ),
    "login_missing": _lt(
        "The web service login is missing. Enter the user and password that Trusted"
        " Shops sent you; without them you cannot apply for protection."
    ),
}
ITEMS_FINDINGS = {
    "none": (
        PROBLEM,
        _lt(
            "Trusted Shops returned no fee table for this certificate, so no Buyer"
            " Protection is offered. Ask Trusted Shops to set up Excellence for it, or"
            " choose another protection model."
        ),
    ),
    "old": (
        PROBLEM,
        _lt(
            "The fee table is more than three days old, so no Buyer Protection is"
            " offered. Check the certificate now."
        ),
    ),
    "currency": (
        PROBLEM,
        _lt(
            "The fee table has fees in %(currencies)s, but the website sells in"
            " %(currency)s, so its orders get no Buyer Protection. Ask Trusted Shops"
            " for fees in %(currency)s."
        ),
    ),
    "good": (OK, _lt("Steps of the fee table in %(currencies)s: %(count)s.")),
}
# What a user does once for each certificate, by cause.
TODO_SENTENCES = {
    "fee_booking": _lt(
        "Check how the fee is booked: which tax and account are right depends on your"
        " contract and the law of your country. Ask your tax advisor."
    ),
    "test_order": _lt(
        "Place a test order with Buyer Protection: in test mode only internal users"
        " see the offer."
    ),
    "enable": _lt(
        "Look at your shop, then set the mode to Enabled: until then only internal"
        " users see anything of the certificate."
    ),
    "website": _lt("Once the certificate is enabled, press Website check."),
    "seal": _lt(
        "The website shows our own drawing instead of the official seal. Download the"
        " seal from your Trusted Shops account and upload it as Own Seal."
    ),
    "privacy": _lt("Add Trusted Shops to your privacy policy."),
    "order_button": _lt(
        "The order button says “Pay now”. The law of your country asks for words that"
        " name the obligation to pay: switch on “Legally required text on the order"
        " button” in the settings of the website."
    ),
}


class TrustedShopsCertificate(models.Model):
    """Tells what is right and wrong with a certificate, in words."""

    _inherit = "trustedshops.certificate"

    _finding_recurring = frozenset({"login", "limit"})

    stuck_count = fields.Integer(
        compute="_compute_waiting_counts",
        compute_sudo=True,
        export_string_translation=False,
    )
    # Applications that wait for the credit limit.
    limited_count = fields.Integer(
        compute="_compute_waiting_counts",
        compute_sudo=True,
        export_string_translation=False,
    )

    # An order whose total did not rise by exactly the fee, until a user checks again.
    misfit_order_id = fields.Many2one(
        "sale.order", readonly=True, copy=False, export_string_translation=False
    )

    @api.model
    def _get_finding_fields(self):
        """Override: the fields that Trusted Shops sets, and those that users enter."""
        return (
            *self._trustedshops_guarded_fields,
            "environment",
            "protection_model",
            "has_ws_login",
            "fee_product_id",
            "fee_warning",
            "is_fee_booking_checked",
            "website_id",
            "lang_id",
            "mode",
            "badge_shown",
            "seal_shown",
            "seal_image",
            "is_privacy_policy_updated",
            "website_id.trustedshops_order_button",
        )

    def _compute_waiting_counts(self):
        """Count for all certificates at once: a list shows the findings of each."""
        protections = self.env["trustedshops.protection"]
        limited = Domain("state", "=", "queued")
        limited &= Domain("last_code", "=", const.CREDIT_CODE)
        for name, domain in (
            ("stuck_count", protections._get_stuck_domain()),
            ("limited_count", limited),
        ):
            own = domain & Domain("certificate_id", "in", self.ids)
            found = protections._read_group(own, ["certificate_id"], ["__count"])
            counts = dict(found)
            for certificate in self:
                certificate[name] = counts.get(certificate._origin, 0)

    # === FINDINGS === #
    def _get_findings(self):
        """Override to list the findings, from the state to what is left to do."""
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
            ]
            if self.fee_warning:
                findings.append(self._make_finding("fee", PROBLEM, self.fee_warning))
            findings.append(certificate_sudo._get_misfit_finding())
        findings.append(certificate_sudo._get_wait_finding())
        findings.append(certificate_sudo._get_queue_finding())
        findings.append(certificate_sudo._get_credit_finding())
        if failure := certificate_sudo._explain_failed_check():
            # Without an answer, or with an unknown ID, it serves no visitor.
            level = PROBLEM if self.state in ("draft", "invalid") else HINT
            findings.append(self._make_finding("asking", level, failure))
        findings += certificate_sudo._get_todo_findings()
        return [each for each in findings if each]

    def _get_todo_findings(self):
        """Return what users must do before, or soon after, shoppers see it."""
        if self.state not in IN_FORCE_STATES:
            return []
        has_fee = self.protection_model == "excellence"
        is_checked = self.fee_warning or self.is_fee_booking_checked
        todos = {
            "fee_booking": has_fee and not is_checked,
            "test_order": has_fee and not self.is_used,
            "enable": self.mode == "test" and self._is_live(),
            "website": self.badge_shown and not self.website_checked_at,
            "seal": self.seal_shown and not self.seal_image,
            "privacy": not self.is_privacy_policy_updated,
            "order_button": self._lacks_order_words(),
        }
        return [self._make_todo(cause) for cause, is_open in todos.items() if is_open]

    def _make_todo(self, cause):
        """Return the finding of something to do, with its buttons."""
        finding = self._make_finding(cause, TODO, self.env._(TODO_SENTENCES[cause]))
        # Findings are made in sudo, but the user may have no right to write.
        return {**finding, "buttons": self.sudo(False)._get_todo_buttons(cause)}

    def _get_todo_buttons(self, cause):
        """Return method and label of each button that the user may press."""
        if cause == "fee_booking" and self._may_check_fee_booking():
            product = self.env._("Open the product")
            checked = self.env._("Booked correctly")
            return [
                ("action_open_fee_product", product),
                ("action_note_fee_booking", checked),
            ]
        if cause == "privacy" and self.has_access("write"):
            label = self.env._("Privacy Policy Updated")
            return [("action_note_privacy_policy", label)]
        return []

    def action_note_privacy_policy(self):
        """Note that the privacy policy of the website names Trusted Shops."""
        self.is_privacy_policy_updated = True

    def _lacks_order_words(self):
        """Return whether the order button lacks the words that the law asks for.

        Source: § 312j BGB, § 8 FAGG, art. 17 ust. 3 ustawy o prawach konsumenta.
        """
        website = self.website_id
        country = website.company_id.sudo().country_id.code
        is_asked = self.mode == "enabled" and country in ("DE", "AT", "PL")
        return is_asked and not website.trustedshops_order_button

    @api.onchange("mode", "website_id")
    def _onchange_mode(self):
        """Propose the words of the order button when a user enables the certificate."""
        if not self._lacks_order_words():
            return None
        message = self._explain(TODO_SENTENCES["order_button"])
        title = self._fields["mode"]._description_string(self.env)
        return {"warning": {"type": "notification", "title": title, "message": message}}

    def _explain(self, sentence, **words):
        """Return a sentence of the tables above in the reader's language."""
        text = self.env._(sentence)
        return text % words

    def _get_state_finding(self):
        level, sentence = STATE_FINDINGS[self.state]
        text = self.env._(sentence)
        if self.mode_notice and level == OK:
            level = HINT  # it is valid, but shoppers do not see it
        if self.answer_source == SOURCE_FEED:
            source = self.env._(
                "Source: the public list of certified shops, so you cannot apply for"
                " protection with it."
            )
            text = f"{text} {source}"
        is_new = self.state == "draft"  # no problem, but it needs attention
        return self._make_finding(
            "state", level, text, self.last_check_at, f"state_{self.state}", is_new
        )

    def _get_validity_finding(self):
        if not self.valid_to or self.state in ("cancelled", "invalid"):
            return None
        left = self.valid_to - fields.Date.today()
        date = format_date(self.env, self.valid_to)
        level = PROBLEM
        if left.days < 0:
            text = self.env._("It was valid until %(date)s.", date=date)
        elif left <= timedelta(days=30):
            text = self.env._(
                "It ends on %(date)s. Renew it at Trusted Shops in time, or the website"
                " loses its seal and Buyer Protection.",
                date=date,
            )
        else:
            level, text = OK, self.env._("It is valid until %(date)s.", date=date)
        return self._make_finding("validity", level, text)

    def _get_match_findings(self):
        """Return the findings about website and language for which it was issued."""
        levels = {"match": OK, "regional": HINT, "unknown": HINT, "mismatch": PROBLEM}
        address, language = f"address_{self.shop_match}", f"language_{self.lang_match}"
        if self.shop_match == "unknown" and not self.website_id.domain:
            address = "address_without_domain"
        lang_level = levels[self.lang_match]
        if not self.lang_id and self.lang_match == "mismatch":
            language = "language_mismatch_all"
        elif not self.lang_id and lang_level == OK and len(self.website_lang_ids) > 1:
            language, lang_level = "language_match_all", HINT
        words = {
            "shop_url": self.shop_url or "?",
            "website": self.website_id.name,
            "domain": self.website_id.domain or "?",
            "code": self.certificate_language or "?",
            "language": self.lang_id.name or self.env._("All languages"),
        }
        findings = []
        for cause, level, sentence in (
            ("address", levels[self.shop_match], address),
            ("language", lang_level, language),
        ):
            text = self._explain(MATCH_SENTENCES[sentence], **words)
            findings.append(self._make_finding(cause, level, text))
        return findings

    def _get_login_finding(self):
        if code := self._get_refusal():
            cause = code if code in ("login", "login_missing") else "limit"
            text = self._explain_refusal(code)
            return self._make_finding(cause, PROBLEM, text, self.refused_at)
        level, text = OK, self.env._("Trusted Shops accepts the web service login.")
        if not self.login_checked_at:
            level = HINT
            text = self.env._("The web service login has not been checked yet.")
        return self._make_finding("login", level, text, self.login_checked_at)

    def _explain_refusal(self, code):
        """Override: see ``HOLD_SENTENCES``."""
        return self.env._(HOLD_SENTENCES[code])

    def _get_items_finding(self):
        currencies = self.item_ids.currency_id
        own = self.website_id._trustedshops_get_currencies()
        if not self.item_ids:
            found = "none"
        elif not self._has_fresh_items():
            found = "old"
        else:
            found = "good" if own & currencies else "currency"
        level, sentence = ITEMS_FINDINGS[found]
        text = self._explain(
            sentence,
            currency=", ".join(own.mapped("name")),
            count=len(self.item_ids),
            currencies=", ".join(currencies.mapped("name")),
        )
        return self._make_finding("items", level, text, self.items_checked_at)

    def _get_misfit_finding(self):
        if not self.misfit_order_id:
            return None
        text = self.env._(
            "When a shopper ticked the box, the total of %(order)s did not rise by"
            " exactly the fee, so Buyer Protection was taken out again. Another app"
            " changes totals: have it leave out the product %(product)s, then check the"
            " certificate again.",
            order=self.misfit_order_id.name,
            product=self.fee_product_id.display_name,
        )
        return self._make_finding("fee", PROBLEM, text, key="misfit")

    def _note_misfit(self, order):
        """Remember an order whose total did not rise by exactly the fee.

        A shopper does not wait for a check that goes on; the next tick notes it.

        :param order: record of ``sale.order``
        """
        locked = self.try_lock_for_update(allow_referencing=True)
        if locked and not self.misfit_order_id:
            self.sudo().misfit_order_id = order

    def _get_queue_finding(self):
        if self.protection_model != "excellence" and not self.stuck_count:
            return None
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(  # `ref` makes a query
            "website_sale_trustedshops.ir_cron_apply_protection"
        )
        cron = self.env["ir.cron"].browse(cron_id or ())
        if not cron.active:
            text = self.env._(
                "The scheduled action that applies for Buyer Protection is inactive:"
                " activate it under Settings > Technical > Scheduled Actions."
            )
        elif self.stuck_count:
            text = self.env._(
                "Applications that have been due for more than an hour: %(count)s."
                " Check whether scheduled actions run on this server.",
                count=self.stuck_count,
            )
        else:
            return None
        return self._make_finding("queue", PROBLEM, text)

    def _get_credit_finding(self):
        if not self.limited_count:
            return None
        text = self.env._(
            "The credit limit of the certificate is used up: applications that wait:"
            " %(count)s. Ask Trusted Shops for a higher one.",
            count=self.limited_count,
        )
        return self._make_finding("credit", PROBLEM, text)

    # === TO-DOS === #
    def _notify_problems(self, *, by_person=False, is_first=False):
        """Override: count again, because waiting depends on the clock."""
        self.invalidate_recordset(["stuck_count", "limited_count"])
        return super()._notify_problems(by_person=by_person, is_first=is_first)

    def _notify_worse(self, old_model, worsened):
        """Tell the responsible user if the certificate protects less or costs more.

        :param str old_model: protection model before the answer
        :param worsened: codes of the items that are gone or cost more now
        :type worsened: list of str
        """
        if const.MODEL_RANK[self.protection_model] < const.MODEL_RANK[old_model]:
            words = dict(
                self._fields["protection_model"]._description_selection(self.env)
            )
            note = self.env._(
                "Trusted Shops changed this certificate from %(old)s to %(new)s. Ask"
                " Trusted Shops if you did not order that.",
                old=words[old_model],
                new=words[self.protection_model],
            )
            self._notify_responsible("model", note)
        if worsened:
            note = self.env._(
                "These items of Trusted Shops' fee table are gone or cost more:"
                " %(items)s. Shoppers already see the new fees; check your own texts.",
                items=", ".join(worsened),
            )
            self._notify_responsible("fees", note)
