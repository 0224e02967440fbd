# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.website_sale_trustedshops.lib.match import (
    MATCH,
    MISMATCH,
    REGIONAL,
    get_host,
    match_shop_url,
)


@dataclass(frozen=True)
class Place:
    """The place that a channel fits best, or the reason why there is none."""

    website: object
    lang: object
    quality: str = MISMATCH
    reason: str = ""


class TrustedShopsChannel(models.Model):
    """Propose the place of a channel by host and locale, until a user chooses."""

    _inherit = "trustedshops.channel"

    # A user or a first proposal chose the place, so propose no other.
    is_place_settled = fields.Boolean(readonly=True, export_string_translation=False)
    # A user chose another certificate than the proposed one, so it stays. Otherwise the
    # certificate follows the place.
    is_certificate_settled = fields.Boolean(
        readonly=True, export_string_translation=False
    )
    place_notice = fields.Char(
        compute="_compute_place_notice", export_string_translation=False
    )

    @api.depends(
        "url",
        "locale",
        "active",
        "website_id.company_id",
        "website_id.domain",
        "website_lang_ids",
        "lang_id",
        "hold_reason",
        "is_account_active",
        "is_place_settled",
    )
    @api.depends_context("lang")
    def _compute_place_notice(self):
        for channel in self:
            channel.place_notice = channel.active and channel._explain_place()

    @api.onchange("website_id", "lang_id")
    def _onchange_place(self):
        """Propose the certificate that fits the place a user chooses."""
        if not self.is_certificate_settled or (
            self.certificate_id.website_id != self.website_id
        ):
            self.certificate_id = self._find_certificate()

    # === WHERE IT FITS === #
    def _find_place(self):
        """Return the website and language that a channel is for, or why there is none.

        :rtype: Place
        """
        websites, langs = self.env["website"], self.env["res.lang"]
        words = {
            "address": self.url or "",
            "locale": self.locale or "",
            "company": self.company_id.name,
        }
        if not get_host(self.url):
            reason = self.env._(
                "Trusted Shops does not say for which address this channel is. Choose"
                " the website here, or enter the address of the shop at Trusted Shops."
            )
            return Place(websites, langs, reason=reason)
        own = websites.sudo().search([("company_id", "=", self.company_id.id)])
        found = self._filter_websites(own, self.url)
        if len(found) != 1:
            return Place(websites, langs, reason=self._explain_hosts(found, words))
        if not self.locale:
            reason = self.env._(
                "Trusted Shops does not say for which language this channel is. Choose"
                " website and language here."
            )
            return Place(websites, langs, reason=reason)
        langs_of_website = found.default_lang_id | found.language_ids
        lang, quality = self._find_lang(langs_of_website, self.locale)
        if not lang:
            reason = self.env._(
                "This channel is for the language “%(locale)s”, which the website"
                " %(website)s does not have. Add the language to the website, or choose"
                " website and language here.",
                website=found.name,
                **words,
            )
            return Place(websites, langs, reason=reason)
        return Place(found.sudo(False), lang, quality)

    def _explain_hosts(self, found, words):
        """Return why no website, or more than one, has the address of a channel."""
        if found:
            return self.env._(
                "Several websites have the address %(address)s: %(websites)s. Choose"
                " the one for which the channel is.",
                websites=", ".join(found.mapped("name")),
                **words,
            )
        return self.env._(
            "No website of %(company)s has the address %(address)s. Set the domain"
            " under Website > Configuration > Settings, or choose the website here.",
            **words,
        )

    def _explain_place(self):
        """Return why a channel may serve no or the wrong buyers, else False."""
        if not self.is_account_active:
            return self.account_id.sudo()._explain_archived()
        if self.hold_reason == "gone":
            return self._explain_gone()
        if self.website_id:
            return self._explain_mismatch()
        place = self._find_place()
        if place.reason:
            return place.reason
        if other := self._find_in_place(place.website.id, place.lang.id):
            return self._explain_taken(other)
        if self.is_place_settled:
            return self.env._("Not used: choose the website that it is for.")
        return self.env._(
            "More than one channel is for %(website)s in %(language)s. Choose the"
            " website in the one that should serve it, and archive the other.",
            website=place.website.name,
            language=place.lang.name,
        )

    def _explain_gone(self):
        """Return what it means that the account lists the channel no longer."""
        return self.env._(
            "This channel is not in the account at Trusted Shops any more, so nobody is"
            " invited. It goes on by itself when it comes back; archive it otherwise."
        )

    def _explain_mismatch(self):
        """Return why a channel does not fit its place, False if it does."""
        website = self.website_id
        if website.company_id != self.company_id:
            return self.env._(
                "The website %(website)s belongs to %(company)s now, so this channel"
                " serves nobody. Connect an account of that company, and archive this"
                " channel.",
                website=website.name,
                company=website.sudo().company_id.name,
            )
        if match_shop_url(self.url or "", website.domain or "") == MISMATCH:
            return self.env._(
                "At Trusted Shops this channel is for %(address)s, but the website"
                " %(website)s has the address %(domain)s. Buyers may be asked about"
                " another shop.",
                address=self.url,
                website=website.name,
                domain=website.domain,
            )
        return self._get_lang_quality(self.locale) == MISMATCH and self.env._(
            "At Trusted Shops this channel is for the language “%(locale)s”, so buyers"
            " may get invitations in another language than that of their order.",
            locale=self.locale,
        )

    def _propose_places(self):
        """Propose places for the channels of these companies that never had one.

        If several channels fit one place, the best one gets it, even across accounts.
        If several fit equally well, a user has to choose.
        """
        wanted = defaultdict(lambda: defaultdict(self.browse))
        for channel in self.search(self._get_unplaced_domain()):
            place = channel._find_place()
            wanted[place.website, place.lang][place.quality] |= channel
        for (website, lang), found in wanted.items():
            best = found[MATCH] or found[REGIONAL]
            if len(best) == 1 and not best._find_in_place(website.id, lang.id):
                best.write(
                    {
                        "website_id": website.id,
                        "lang_id": lang.id,
                        "is_place_settled": True,
                    }
                )
        for channel in self.filtered("website_id"):
            channel._propose_certificate()

    def _get_unplaced_domain(self):
        """Return the channels of the same companies that wait for a place.

        Leave out those of archived accounts: they serve no buyers.
        """
        return (
            Domain("company_id", "in", self.company_id.ids)
            & Domain("active", "=", True)
            & Domain("account_id.active", "=", True)
            & Domain("website_id", "=", False)
            & Domain("is_place_settled", "=", False)
            & Domain("hold_reason", "!=", "gone")
        )

    def _propose_certificate(self):
        """Set the certificate that fits the place, unless a user chose another."""
        certificate = self._find_certificate()
        if not self.is_certificate_settled and self.certificate_id != certificate:
            self.certificate_id = certificate

    def _find_certificate(self):
        """Return the certificate that serves the channel's website and language."""
        lang = self.lang_id or self.website_id.default_lang_id
        certificates = self.env["trustedshops.certificate"]
        if not self.website_id:
            return certificates
        return certificates._find_for(self.website_id._origin.id, lang.code)

    def _explain_taken(self, other):
        return self.env._(
            "The website %(website)s already has a channel for %(language)s:"
            " %(channel)s of the account %(account)s. Choose another language, or"
            " archive that channel first.",
            website=other.website_id.name,
            language=other.lang_id.name or self.env._("All languages"),
            channel=other.display_name,
            account=other.account_id.name,
        )
