# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models, tools
from odoo.exceptions import RedirectWarning, ValidationError
from odoo.fields import Domain

from ..lib.match import (
    MATCH,
    REGIONAL,
    get_best,
    match_language,
    match_shop_url,
)
from .rights import all_readonly_fields


class TrustedShopsPlace(models.AbstractModel):
    """A record that serves a website in one language, or in all that have no other.

    Certificates and channels are such records. A *place* is a website with a language,
    or with none. At most one record of a model takes it.
    """

    _name = "trustedshops.place"
    _description = "Trusted Shops"
    _inherit = ["trustedshops.guarded.fields"]
    _trustedshops_guarded_fields = all_readonly_fields
    # Code of the message that no record is left for a website.
    _place_ended = ""

    website_id = fields.Many2one("website", ondelete="restrict")
    website_lang_ids = fields.Many2many(
        related="website_id.language_ids", export_string_translation=False
    )
    lang_id = fields.Many2one(
        "res.lang",
        string="Language",
        # Without its language the record would serve all of them.
        ondelete="restrict",
        domain="[('id', 'in', website_lang_ids)]",
    )

    # A user confirmed that its website needs no other one. Restoring it ends that.
    is_end_confirmed = fields.Boolean(
        compute="_compute_is_end_confirmed",
        store=True,
        readonly=False,
        copy=False,
        export_string_translation=False,
    )

    @api.depends("active")
    def _compute_is_end_confirmed(self):
        self.filtered("active").is_end_confirmed = False

    @api.constrains("website_id", "lang_id")
    def _check_lang_is_of_website(self):
        """Refuse a language that the website lacks."""
        for record in self.filtered("website_id"):
            if not record.lang_id <= record.website_id.language_ids:
                raise ValidationError(
                    self.env._(
                        "%(language)s is not a language of the website %(website)s: add"
                        " it to the website first, or leave the language empty.",
                        language=record.lang_id.name,
                        website=record.website_id.name,
                    )
                )

    # === WHICH ONE SERVES === #
    @api.model
    def _get_for(self, website_id, lang_code):
        """Return the record that serves a website in a language, from a cache.

        :param website_id: id of ``website``
        :type website_id: int or bool
        :param str lang_code: language, for example ``de_DE``
        :return: record in the environment of the caller, empty if none serves it
        """
        return self.browse(self._get_id_for(website_id, lang_code) or ())

    def _get_for_place(self, website, lang):
        """Return the one of these records that serves a place, or else should.

        :param website: record of ``website``
        :param lang: record of ``res.lang``
        """
        own = self.filtered(lambda each: each.website_id == website)
        own = own.filtered(lambda each: each._is_for_lang(lang.id))
        own = own.sorted(lambda each: not each.lang_id)
        return ((self._get_for(website.id, lang.code) & self) | own)[:1]

    @api.model
    @tools.ormcache("website_id", "lang_code")
    def _get_id_for(self, website_id, lang_code):
        """Return the id of the record of :meth:`_get_for`, False without one.

        :rtype: int or bool
        """
        lang_id = self.env["res.lang"]._get_data(code=lang_code).id
        return self._search_candidates(website_id)._get_first_for_lang(lang_id).id

    @api.model
    def _search_candidates(self, website_id):
        """Return the active records of a website, in sudo. To be extended.

        :meth:`_get_first_for_lang` chooses the one of them that serves a language.

        :param website_id: id of ``website``; without one the result is empty
        :type website_id: int or bool
        """
        if not website_id:  # a record without a website serves none
            return self.sudo().browse()
        # ``_get_id_for`` caches what is chosen: it must not depend on ``active_test``.
        return self.sudo().search(
            [("website_id", "=", website_id), ("active", "=", True)]
        )

    def _get_first_for_lang(self, lang_id):
        """Return the one of these records of a website that serves a language.

        Only stored values decide, so the result can be cached, and an outage of Trusted
        Shops does not change it.

        :param int lang_id: id of ``res.lang``
        :return: the first by :meth:`_get_serving_key`, empty if none serves it
        """
        candidates = self.filtered(
            lambda each: each._is_for_lang(lang_id) and each._get_rank() is not None
        )
        return candidates.sorted(lambda each: each._get_serving_key())[:1]

    def _is_for_lang(self, lang_id):
        """Return True if the record has this language, or none."""
        return not self.lang_id or self.lang_id.id == lang_id

    def _get_serving_key(self):
        """Return the sort key: by rank; at the same rank, one with a language first."""
        return self._get_rank(), not self.lang_id

    def _get_rank(self):
        """Return the rank: the lowest serves; None if it serves no visitor.

        To be overridden.

        :rtype: int or None
        """
        return 0

    # === NOTHING SERVES ANY MORE === #
    def _get_end_findings(self):
        """Return the finding that no record of the model is left for its website.

        :return: none for an active record, or after a user confirmed the end
        :rtype: list of dict
        """
        is_over = not self.active and self.website_id and not self.is_end_confirmed
        if not is_over or self._search_candidates(self.website_id.id):
            return []
        return [self._prepare_finding(self._place_ended)]

    def action_confirm_end(self):
        """Confirm that nothing is left for the websites of these archived records."""
        everything = self.with_context(active_test=False)
        own = [("website_id", "in", self.website_id.ids), ("active", "=", False)]
        everything.search(own).is_end_confirmed = True

    # === IS THE PLACE FREE === #
    def _search_in_place(self, website_id, lang_id):
        """Return another record that takes a place, in sudo.

        The record may belong to a company that owned the website before, and that the
        user cannot see.

        :param int website_id: id of ``website``
        :param lang_id: id of ``res.lang``, False for the place without a language
        :type lang_id: int or bool
        :return: empty if the place is free
        """
        place = (
            Domain("website_id", "=", website_id)
            & Domain("lang_id", "=", lang_id or False)
            & Domain("id", "not in", self._origin.ids)
        )
        return self.sudo().search(place & self._get_taking_domain(), limit=1)

    @api.model
    def _get_taking_domain(self):
        """Return the domain of records that take their place, by default active ones.

        It names ``active``, so that archived ones are not left out by the search alone.
        """
        return Domain("active", "=", True)

    def _refuse_for(self, message, **context):
        """Raise a warning about an action that this record prevents.

        Its button opens this record.

        :param str message: what is wrong, and what to do
        :param context: values for the context of the form that the button opens
        :raise RedirectWarning: always
        """
        action = {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
        raise RedirectWarning(message, action, self.env._("Open"), context)

    # === WHERE IT FITS === #
    @api.model
    def _filter_websites(self, websites, address):
        """Return the websites whose domain has the host of an address.

        :param websites: records of ``website``
        :param address: address of a shop, as Trusted Shops knows it
        :type address: str or bool
        """
        return websites.filtered(
            lambda website: match_shop_url(address, website.domain or "") == MATCH
        )

    @api.model
    def _get_lang_for(self, langs, language):
        """Return the same language as at Trusted Shops, else one for another region.

        :param langs: records of ``res.lang``
        :param language: language as Trusted Shops names it, '' if it names none
        :type language: str or bool
        :return: record of ``res.lang``, empty if none fits
        """
        for wanted in (MATCH, REGIONAL):
            for lang in langs:
                if self._match_lang(language, lang) == wanted:
                    return lang
        return self.env["res.lang"]

    def _get_lang_quality(self, language):
        """Compare a language at Trusted Shops with those that the record serves.

        :param language: language as Trusted Shops names it, '' if it names none
        :type language: str or bool
        :return: the best result of :meth:`_match_lang`
        :rtype: str
        """
        langs = self.lang_id or self.website_lang_ids
        return get_best(self._match_lang(language, lang) for lang in langs)

    @api.model
    def _match_lang(self, language, lang):
        """Compare a language at Trusted Shops with one of Odoo.

        :param language: language as Trusted Shops names it, '' if it names none
        :type language: str or bool
        :param lang: record of ``res.lang``
        :return: the best result of :func:`.match.match_language` for its codes
        :rtype: str
        """
        # The ISO code has no region if that is the usual one of the language.
        codes = (lang.code, lang.iso_code)
        return get_best(match_language(language, code) for code in codes)
