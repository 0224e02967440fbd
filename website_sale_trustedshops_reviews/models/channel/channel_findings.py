# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from odoo.addons.website_sale_trustedshops.models.failure import explain_trouble
from odoo.addons.website_sale_trustedshops.models.finding import HINT, OK, PROBLEM

from .invite_settings import OFF


class TrustedShopsChannel(models.Model):
    """List the findings about a channel, from its account to who invites."""

    _inherit = "trustedshops.channel"

    @api.model
    def _get_finding_fields(self):
        """Override to add place, inviter and account."""
        return (
            *self._trustedshops_guarded_fields,
            "active",
            "website_id",
            "lang_id",
            "inviter",
            "consent_mode",
            "text_ids.lang_id",
            "place_notice",
            "account_id.state",
            "account_id.active",
        )

    def _get_findings(self):
        """Override to list account, hold, place, words, inviter and reading."""
        self.ensure_one()
        if not self.active:
            return []
        of_account = self.account_id.sudo()._get_findings()
        findings = [
            *(each for each in of_account if each["level"] != OK),
            self._get_hold_finding(),
            self._get_place_finding(),
            self._get_words_finding(),
            self._get_inviter_finding(),
            self._get_reading_finding(),
        ]
        return [each for each in findings if each]

    def _get_told_findings(self):
        """Override: the account and the hold have activities of their own."""
        finding = self._get_reading_finding()
        return [finding] if finding else []

    def _get_hold_finding(self):
        texts = {
            "gone": self._explain_gone(),
            "refused": self.env._(
                "No invitations are sent: Trusted Shops does not let this login invite"
                " here. Allow it there, and press Release."
            ),
            "invalid": self.env._(
                "No invitations are sent: Trusted Shops refused several of them with"
                " the same words. Correct what it says there, and press Release."
            ),
        }
        text = texts.get(self.hold_reason)
        return text and self._make_finding("hold", PROBLEM, text)

    def _get_place_finding(self):
        if self.hold_reason == "gone" or not self.account_id.active:
            return None
        if text := self._explain_place():
            return self._make_finding("place", HINT, text, is_pressing=True)
        text = self.env._(
            "It serves %(website)s: %(language)s.",
            website=self.website_id.name,
            language=self.lang_id.name or self.env._("All languages"),
        )
        return self._make_finding("place", OK, text)

    def _get_words_finding(self):
        """Return a finding about languages in which buyers are not asked."""
        if not self._is_asking():
            return None
        langs = self.lang_id or self.website_id.language_ids
        missing = langs - self.sudo().text_ids.lang_id
        return missing and self._make_finding(
            "words",
            HINT,
            self.env._(
                "Buyers are not asked for their consent in these languages, which have"
                " no words for it: %(languages)s. Add them in the tab Words.",
                languages=", ".join(missing.mapped("name")),
            ),
            is_pressing=True,
        )

    def _get_inviter_finding(self):
        """Return who invites, or why no invitations are sent."""
        if not self.website_id:
            return None
        if self.inviter != "odoo":
            text = self.env._(
                "The Trustcard invites: Trusted Shops asks the buyers who registered"
                " after their order."
            )
            return self._make_finding("inviter", OK, text)
        if self.own_invites == OFF:
            text = self.env._(
                "Odoo should invite, but Trusted Shops sends no invitations after"
                " Odoo's events. Switch that on there."
            )
            return self._make_finding("inviter", HINT, text, is_pressing=True)
        if self.consent_mode == "off":
            text = self.env._(
                "Odoo should invite, but no buyer is asked for consent, so there are no"
                " invitations. Choose how to ask under Who invites."
            )
            return self._make_finding("inviter", HINT, text, is_pressing=True)
        text = self.env._("Odoo invites the buyers who agreed.")
        return self._make_finding("inviter", OK, text)

    def _get_reading_finding(self):
        """Return why reviews could not be read for hours, None if they were read."""
        if not self._is_unread_for_long():
            return None
        text = self.env._(
            "The reviews could not be read (%(reason)s). Odoo tries again every hour.",
            reason=explain_trouble(self.env, self.reviews_error),
        )
        return self._make_finding("reading", PROBLEM, text)
