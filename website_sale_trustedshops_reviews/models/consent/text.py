# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from hashlib import sha256
from typing import NamedTuple

from babel.units import format_unit

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools.misc import babel_locale_parse

from odoo.addons.website_sale_trustedshops.framework import clear_caches
from odoo.addons.website_sale_trustedshops.lib.links import normalize_page_url

from ...lib.consent_proposals import PRIVACY_URL, get_proposal


class Words(NamedTuple):
    """The words beside the consent box in one language, and how the shop asks.

    :param int channel_id: id of ``trustedshops.channel``
    :param int lang_id: id of ``res.lang``
    :param str mode: ``consent_mode`` of the channel
    :param str place: ``question_place`` of the channel
    :param str text: the sentence beside the box
    :param str details: what unfolds below it, may be ''
    :param str privacy_url: address of the privacy notice of Trusted Shops
    :param int years: for how many years the consent is kept, as the details say
    :param str contact: where the buyer can withdraw, as the details say
    :param str version: hash of all the words. The page sends it back, so that the
        consent stores exactly what the buyer saw
    """

    channel_id: int
    lang_id: int
    mode: str
    place: str
    text: str
    details: str
    privacy_url: str
    years: int
    contact: str
    version: str

    @property
    def proof(self):
        """Return sentence and details as one text, as the consent stores them.

        :rtype: str
        """
        return "\n\n".join(filter(None, (self.text, self.details)))

    @property
    def promise(self):
        """Return the values of a consent that come from the words its buyer read.

        :rtype: dict
        """
        return {
            "channel_id": self.channel_id,
            "lang_id": self.lang_id,
            "text": self.proof,
            "privacy_url": self.privacy_url,
            "kept_years": self.years,
            "contact": self.contact,
        }


class TrustedShopsWordsSource(models.AbstractModel):
    """Mixin for models that decide which words the buyers of a website read."""

    _name = "trustedshops.words.source"
    _description = "Trusted Shops: Words for Buyers"

    # Names of the fields that decide about the words, in each model.
    _trustedshops_words_fields = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        """Override of the framework to update the words on pages."""
        records = super().create(vals_list)
        records._sync_words()
        return records

    def write(self, vals):
        """Override of the framework to update the words on pages if they changed."""
        result = super().write(vals)
        if self._trustedshops_words_fields & vals.keys():
            self._sync_words()
        return result

    def unlink(self):
        """Override of the framework to clear the caches of pages with the words."""
        result = super().unlink()
        clear_caches(self.env)
        return result

    def _sync_words(self):
        """Clear the caches, so that pages show the current words. To be extended."""
        clear_caches(self.env)


class TrustedShopsChannel(models.Model):
    _name = "trustedshops.channel"
    _inherit = ["trustedshops.channel", "trustedshops.words.source"]

    _trustedshops_words_fields = frozenset(
        {
            "active",
            "consent_mode",
            "hold_reason",
            "inviter",
            "lang_id",
            "question_place",
            "website_id",
        }
    )

    def _is_asking(self):
        """Return True if buyers are asked for consent at this channel.

        Only Odoo's invitations need it: the Trustcard asks by itself. No invitation is
        sent for a channel that is gone or archived.

        :return: False for no record
        :rtype: bool
        """
        return (
            self.active
            and self.consent_mode != "off"
            and self.inviter == "odoo"
            and self.hold_reason != "gone"
        )

    def _sync_words(self):
        """Override to create the missing texts from proposals first."""
        self._create_proposed_texts()
        return super()._sync_words()

    def _create_proposed_texts(self):
        """Create a text from a proposal for each language without one, in sudo.

        German, Polish and English have a proposal. In other languages there is no box
        until the merchant enters a text.
        """
        texts_sudo = self.env["trustedshops.consent.text"].sudo()
        for channel in self.sudo().filtered(lambda each: each._is_asking()):
            langs = channel.lang_id or channel.website_id.language_ids
            for lang in langs - channel.text_ids.lang_id:
                if words := channel._get_proposed_words(lang):
                    text, details = words
                    texts_sudo.create(
                        {
                            "channel_id": channel.id,
                            "lang_id": lang.id,
                            "text": text,
                            "details": details,
                            "privacy_url": channel._get_proposed_privacy_url(lang),
                        }
                    )

    def _get_proposed_words(self, lang):
        """Return the proposed sentence and details, None without a proposal.

        :param lang: record of ``res.lang``
        :rtype: tuple[str, str] or None
        """
        company = self.company_id
        return get_proposal(lang.code, company.name, has_email=bool(company.email))

    def _get_proposed_privacy_url(self, lang):
        """Return the URL of the privacy notice of Trusted Shops to propose.

        :param lang: record of ``res.lang``
        :rtype: str
        """
        find = self.env["trustedshops.certificate"].sudo()._get_for
        certificate = self.certificate_id or find(self.website_id.id, lang.code)
        # The sandbox has no such page for shoppers.
        if not certificate or certificate.environment == "sandbox":
            return PRIVACY_URL
        return certificate.with_context(lang=lang.code)._get_shopper_page("privacy_url")

    def action_propose_texts(self):
        """Create the missing texts from proposals, for example for a new language.

        :raise AccessError: without the right to write the channels
        """
        self.check_access("write")
        self._create_proposed_texts()


class TrustedShopsConsentText(models.Model):
    """The words that buyers read in one language before they agree.

    Without them there is no box. A consent stores its own copy, so merchants can change
    them at any time. ``{years}`` and ``{email}`` in them stand for what the company has
    set when the buyer reads them.
    """

    _name = "trustedshops.consent.text"
    _description = "Text of the Consent to Review Invitations"
    _inherit = ["trustedshops.unlogged", "trustedshops.words.source"]
    _order = "channel_id, lang_id"

    _trustedshops_words_fields = frozenset(
        {"channel_id", "details", "lang_id", "privacy_url", "text"}
    )

    channel_id = fields.Many2one(
        "trustedshops.channel", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="channel_id.company_id", store=True, index=True
    )
    lang_id = fields.Many2one("res.lang", string="Language", required=True)
    text = fields.Text(
        string="Sentence",
        required=True,
        help="Beside the box: who gives what to whom, one invitation and one reminder"
        " by e-mail, and that the consent can be withdrawn.",
    )
    details = fields.Text(
        help="They unfold below: which data exactly, how long it is kept, and how to"
        " withdraw the consent. Buyers read the number of years of the settings for"
        " {years}, and the e-mail address of the company for {email}.",
    )
    privacy_url = fields.Char(
        string="Data Privacy Page",
        required=True,
        default=PRIVACY_URL,
        help="The privacy notice of Trusted Shops, linked below the details.",
    )

    _unique_lang = models.Constraint(
        "UNIQUE (channel_id, lang_id)", "A channel has one text in each language."
    )

    @api.constrains("privacy_url")
    def _check_privacy_url(self):
        """Check that shoppers can open the privacy page."""
        for text in self:
            try:
                if not normalize_page_url(text.privacy_url):
                    raise ValueError
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%(address)s” is not a page for shoppers. Enter the full"
                        " address of a public page, starting with https://.",
                        address=text.privacy_url,
                    )
                ) from error

    @api.model
    @tools.ormcache("website_id", "lang_code", "years", "contact")
    def _get_words(self, website_id, lang_code, years, contact):
        """Return the words for buyers of a website in a language, cached.

        :param int website_id: id of ``website``
        :param str lang_code: language, for example ``de_DE``
        :param int years: for how many years the company keeps consents
        :param str contact: e-mail address of the company, else its name
        :return: None if no channel asks, or the language has no text
        :rtype: Words or None
        """
        channels_sudo = self.env["trustedshops.channel"].sudo()
        channel = channels_sudo._get_for(website_id, lang_code)
        text = channel.text_ids.filtered(lambda each: each.lang_id.code == lang_code)
        if not text or not channel._is_asking():
            return None
        length = format_unit(
            years, "duration-year", locale=babel_locale_parse(lang_code)
        )
        sentence, details = (
            (part or "").replace("{years}", length).replace("{email}", contact)
            for part in (text.text, text.details)
        )
        read = (sentence, details, text.privacy_url)
        parts = (channel.id, lang_code, *read)
        version = sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]
        asked = (channel.consent_mode, channel.question_place)
        said = (*read, years, contact)
        return Words(channel.id, text.lang_id.id, *asked, *said, version)

    @api.model
    @tools.ormcache("website_id")
    def _is_asked_on(self, website_id):
        """Return True if the payment page of a website may ask buyers, cached.

        :param int website_id: id of ``website``
        :return: whether a channel asks there, in any language
        :rtype: bool
        """
        serving = self.env["trustedshops.channel"]._search_candidates(website_id)
        return any(
            each._is_asking() and each.question_place == "payment" for each in serving
        )
