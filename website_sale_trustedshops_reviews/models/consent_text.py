# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from hashlib import sha256
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from odoo.addons.website_sale_trustedshops.framework import clear_caches
from odoo.addons.website_sale_trustedshops.lib.links import normalize_page_url

from ..lib.proposals import PRIVACY_URL, propose


class Words(NamedTuple):
    """What a buyer reads beside the box, and how he is asked.

    :param int channel_id: id of ``trustedshops.channel``
    :param int lang_id: id of ``res.lang``
    :param str mode: ``consent_mode`` of the channel
    :param str place: ``question_place`` of the channel
    :param str text: the sentence beside the box
    :param str details: what unfolds below it, may be ''
    :param str privacy_url: of Trusted Shops
    :param str key: changes with all of the words. The page sends it back: what is
        stored must be what was shown
    """

    channel_id: int
    lang_id: int
    mode: str
    place: str
    text: str
    details: str
    privacy_url: str
    key: str

    @property
    def proof(self):
        """All that the buyer agrees to, as it is stored."""
        return "\n\n".join(filter(None, (self.text, self.details)))


class TrustedShopsWordsSource(models.AbstractModel):
    """Records that decide which words the buyers of a website read, if any."""

    _name = "trustedshops.words.source"
    _description = "Trusted Shops: Words for Buyers"

    # Their fields that decide it, in each model.
    _trustedshops_words_fields = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        """Override of the framework: pages show the words at once."""
        records = super().create(vals_list)
        records._follow_words()
        return records

    def write(self, vals):
        """Override of the framework: pages show the words at once."""
        result = super().write(vals)
        if self._trustedshops_words_fields & vals.keys():
            self._follow_words()
        return result

    def unlink(self):
        """Override of the framework: pages show them no more."""
        result = super().unlink()
        clear_caches(self.env)
        return result

    def _follow_words(self):
        """Forget which words were read, and propose those that are missing."""
        clear_caches(self.env)
        self._propose_texts()

    def _propose_texts(self):
        """Propose the texts that are missing; to be extended."""


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
        """Tell whether buyers are asked for their consent.

        Only what Odoo sends needs it: the Trustcard asks by itself. A channel that is
        gone invites nobody, nor does one that is archived, or whose account is.
        """
        return (
            bool(self)
            and self.active
            and self.account_id.active
            and self.consent_mode != "off"
            and self.inviter == "odoo"
            and self.hold_reason != "gone"
        )

    def _propose_texts(self):
        """Propose a text in each of the channel's languages that has none.

        German, Polish and English have a proposal. Other languages wait for the
        merchant's own text, and have no box until then.
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
        """Return sentence and details for a language, None when there are none."""
        company = self.company_id
        years = company.trustedshops_consent_years
        return propose(lang.code, company.name, years, company.email)

    def _propose_privacy_url(self, lang):
        """Return the privacy notice that a buyer reads with the proposal."""
        find = self.env["trustedshops.certificate"].sudo()._find_for
        certificate = self.certificate_id or find(self.website_id, lang.code)
        # The page of a sandbox is no page for shoppers.
        if not certificate or certificate.environment == "sandbox":
            return PRIVACY_URL
        return certificate.with_context(lang=lang.code)._get_shopper_page("privacy_url")

    def action_propose_texts(self):
        """Add the proposals that are missing, for example of a new language.

        :raise AccessError: without the right to write them
        """
        self.check_access("write")
        self._propose_texts()


class TrustedShopsConsentText(models.Model):
    """What buyers read in one language before they agree; without it, no box."""

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
        """Refuse what is no page for shoppers, as the certificate does."""
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
        """Return what buyers of a website read in a language, without a query.

        :param int website_id: id of ``website``
        :param str lang_code: for example ``de_DE``
        :return: None when they are not asked
        :rtype: Words or None
        """
        channels_sudo = self.env["trustedshops.channel"].sudo()
        channel = channels_sudo.browse(
            channels_sudo._find_id_for(website_id, lang_code) or ()
        )
        text = channel.text_ids.filtered(lambda each: each.lang_id.code == lang_code)
        if not text or not channel._is_asking():
            return None
        read = (text.text, text.details or "", text.privacy_url)
        parts = (channel.id, lang_code, *read)
        key = sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]
        asked = (channel.consent_mode, channel.question_place)
        return Words(channel.id, text.lang_id.id, *asked, *read, key)

    @api.model
    @tools.ormcache("website_id")
    def _is_asked_on(self, website_id):
        """Tell whether the payment page of a website asks buyers, in any language.

        :param int website_id: id of ``website``
        :rtype: bool
        """
        serving = self.env["trustedshops.channel"]._find_serving(website_id)
        return any(
            each._is_asking() and each.question_place == "payment" for each in serving
        )
