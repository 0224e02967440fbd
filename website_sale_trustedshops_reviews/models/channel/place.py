# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.website_sale_trustedshops.lib.match import MISMATCH, match_shop_url


class TrustedShopsChannel(models.Model):
    """Match a new channel with the website and language that it is for.

    That happens once. Afterwards only users change its place.
    """

    _inherit = "trustedshops.channel"

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
        "account_id.active",
    )
    @api.depends_context("lang")
    def _compute_place_notice(self):
        for channel in self:
            channel.place_notice = channel.active and channel._explain_place()

    # === WHERE IT FITS === #
    def _match_places(self):
        """Give new channels the website and language that they are for.

        A place that several of them fit, or that another channel has, is left to users.
        """
        fitting = defaultdict(self.browse)
        for channel in self:
            fitting[channel._find_place()] |= channel
        for (website, lang), channels in fitting.items():
            is_free = not channels._find_in_place(website.id, lang.id)
            if website and len(channels) == 1 and is_free:
                channels.write({"website_id": website.id, "lang_id": lang.id})

    def _find_place(self):
        """Return the one website and the language that the channel fits.

        :return: records of ``website`` and ``res.lang``, both empty if there is no
            website, or more than one
        :rtype: tuple
        """
        websites, langs = self.env["website"], self.env["res.lang"]
        own = websites.sudo().search([("company_id", "=", self.company_id.id)])
        website = self._filter_websites(own, self.url)
        if len(website) != 1:
            return websites, langs
        known = website.default_lang_id | website.language_ids
        lang = self._find_lang(known, self.locale)
        return (website.sudo(False), lang) if lang else (websites, langs)

    # === WHAT IS SAID OF IT === #
    def _explain_place(self):
        """Return why a channel may serve no or the wrong buyers, else False."""
        if not self.account_id.sudo().active:
            return self.account_id.sudo()._explain_archived()
        if self.hold_reason == "gone":
            return self._explain_gone()
        if self.website_id:
            return self._explain_mismatch()
        return self.env._(
            "Not used: choose the website and the language that it is for. Trusted"
            " Shops says: %(address)s, %(locale)s.",
            address=self.url or "–",
            locale=self.locale or "–",
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

    def _explain_taken(self, other):
        """Return that another channel has the place that a user chose."""
        return self.env._(
            "The website %(website)s already has a channel for %(language)s:"
            " %(channel)s of the account %(account)s. Choose another language, or"
            " archive that channel first.",
            website=other.website_id.name,
            language=other.lang_id.name or self.env._("All languages"),
            channel=other.display_name,
            account=other.account_id.name,
        )
