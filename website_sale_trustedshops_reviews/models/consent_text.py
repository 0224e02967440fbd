# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from hashlib import sha256
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from odoo.addons.website_sale_trustedshops.framework import clear_caches
from odoo.addons.website_sale_trustedshops.lib.links import normalize_page_url

from ..lib.consent_proposals import PRIVACY_URL, propose


class Words(NamedTuple):
    """The words that a buyer reads beside the box, and how the shop asks.

    :param int channel_id: id of ``trustedshops.channel``
    :param int lang_id: id of ``res.lang``
    :param str mode: ``consent_mode`` of the channel
    :param str place: ``question_place`` of the channel
    :param str text: the sentence beside the box
    :param str details: what unfolds below it, may be ''
    :param str privacy_url: of Trusted Shops
    :param str version: a hash of all the words. The page sends it back, so that the
        consent stores exactly what the buyer saw
    """

    channel_id: int
    lang_id: int
    mode: str
    place: str
    text: str
    details: str
    privacy_url: str
    version: str

    @property
    def proof(self):
        """Return everything that the buyer agrees to, as the consent stores it."""
        return "\n\n".join(filter(None, (self.text, self.details)))


class TrustedShopsWordsSource(models.AbstractModel):
    """Mark the models that decide which words the buyers of a website read."""

    _name = "trustedshops.words.source"
    _description = "Trusted Shops: Words for Buyers"

    # Names of the fields that decide about the words, in each model.
    _trustedshops_words_fields = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        """Override of the framework to show the words on pages at once."""
        records = super().create(vals_list)
        records._sync_words()
        return records

    def write(self, vals):
        """Override of the framework to show the words on pages at once."""
        result = super().write(vals)
        if self._trustedshops_words_fields & vals.keys():
            self._sync_words()
        return result

    def unlink(self):
        """Override of the framework to remove the words from pages at once."""
        result = super().unlink()
        clear_caches(self.env)
        return result

    def _sync_words(self):
        """Show the words on pages at once. To be extended."""
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
        """Return True if buyers are asked for their consent.

        Only Odoo's invitations need it: the Trustcard asks by itself. No invitation
        goes out for a channel that is gone or archived, or whose account is archived.
        """
        return (
            bool(self)
            and self.active
            and self.account_id.active
            and self.consent_mode != "off"
            and self.inviter == "odoo"
            and self.hold_reason != "gone"
        )

    def _sync_words(self):
        """Override to propose the texts that are missing."""
        self._propose_texts()
        return super()._sync_words()

    def _propose_texts(self):
        """Propose a text in each of the channel's languages that has none.

        German, Polish and English have a proposal. In other languages there is no box
        until the merchant enters a text.
        """
        texts_sudo = self.env["trustedshops.consent.text"].sudo()
        for channel in self.sudo().filtered(lambda each: each._is_asking()):
            langs = channel.lang_id or channel.website_id.language_ids
            for lang in langs - channel.text_ids.lang_id:
                if words := channel._propose_words(lang):
                    text, details = words
                    texts_sudo.create(
                        {
                            "channel_id": channel.id,
                            "lang_id": lang.id,
                            "text": text,
                            "details": details,
                            "privacy_url": channel._propose_privacy_url(lang),
                        }
                    )

    def _propose_words(self, lang):
        """Return sentence and details for a language, None if there is no proposal."""
        company = self.company_id
        years = company.trustedshops_consent_years
        return propose(lang.code, company.name, years, company.email)

    def _propose_privacy_url(self, lang):
        """Return the address of the privacy notice that goes with the proposal."""
        find = self.env["trustedshops.certificate"].sudo()._get_for
        certificate = self.certificate_id or find(self.website_id.id, lang.code)
        # The sandbox has no page that shoppers may see.
        if not certificate or certificate.environment == "sandbox":
            return PRIVACY_URL
        return certificate.with_context(lang=lang.code)._get_shopper_page("privacy_url")

    def action_propose_texts(self):
        """Add the missing proposals, for example after a language was added.

        :raise AccessError: without the right to write them
        """
        self.check_access("write")
        self._propose_texts()


class TrustedShopsConsentText(models.Model):
    """Hold what buyers read in one language before they agree.

    Without a text there is no box. A consent stores its own copy of the words, so a
    merchant can change a text at any time.
    """

    _name = "trustedshops.consent.text"
    _description = "Text of the Consent to Review Invitations"
    _inherit = ["trustedshops.words.source"]
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
        " withdraw the consent.",
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
        """Refuse an address that shoppers cannot open, as the certificate does."""
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
    @tools.ormcache("website_id", "lang_code")
    def _get_words(self, website_id, lang_code):
        """Return the words for buyers of a website in a language, without a query.

        :param int website_id: id of ``website``
        :param str lang_code: for example ``de_DE``
        :return: None if they are not asked
        :rtype: Words or None
        """
        channels_sudo = self.env["trustedshops.channel"].sudo()
        channel = channels_sudo._get_for(website_id, lang_code)
        text = channel.text_ids.filtered(lambda each: each.lang_id.code == lang_code)
        if not text or not channel._is_asking():
            return None
        read = (text.text, text.details or "", text.privacy_url)
        parts = (channel.id, lang_code, *read)
        version = sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]
        asked = (channel.consent_mode, channel.question_place)
        return Words(channel.id, text.lang_id.id, *asked, *read, version)

    @api.model
    @tools.ormcache("website_id")
    def _is_asked_on(self, website_id):
        """Return True if the payment page of a website asks buyers, in any language.

        :param int website_id: id of ``website``
        :rtype: bool
        """
        serving = self.env["trustedshops.channel"]._search_serving(website_id)
        return any(
            each._is_asking() and each.question_place == "payment" for each in serving
        )
