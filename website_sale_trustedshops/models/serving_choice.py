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
from .guarded_fields import all_readonly_fields


class TrustedShopsPlace(models.AbstractModel):
    """Serve a website in one language, or in all that no other record serves.

    Certificates and channels are such records. Each place, a website and a language,
    has one of them at most.
    """

    _name = "trustedshops.place"
    _description = "Trusted Shops"
    _inherit = ["trustedshops.guarded.fields"]
    _trustedshops_guarded_fields = all_readonly_fields

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

    @api.constrains("website_id", "lang_id")
    def _check_lang_is_of_website(self):
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
        """Return the record that serves a website in a language, without a query.

        :param int website_id: id of ``website``
        :param str lang_code: for example ``de_DE``
        :return: see :meth:`_choose_for`
        """
        return self.browse(self._get_id_for(website_id, lang_code) or ())

    @api.model
    @tools.ormcache("website_id", "lang_code")
    def _get_id_for(self, website_id, lang_code):
        """Return the id of the record for :meth:`_get_for`.

        :param int website_id: id of ``website``
        :param str lang_code: for example ``de_DE``
        :rtype: int or bool
        """
        lang_id = self.env["res.lang"]._get_data(code=lang_code).id
        return self._search_serving(website_id)._choose_for(lang_id).id

    @api.model
    def _search_serving(self, website_id):
        """Return the records that may serve a website, in sudo.

        :param int website_id: id of ``website``
        """
        if not website_id:  # a record without a website serves nobody
            return self.sudo().browse()
        # The answer is cached, so it must not depend on ``active_test``.
        return self.sudo().search(
            [("website_id", "=", website_id), ("active", "=", True)]
        )

    def _choose_for(self, lang_id):
        """Return the one of a website's records that serves a language.

        Only stored values decide. An answer of Trusted Shops or a user changes them, so
        the result can be cached, and an outage changes nothing.

        :param int lang_id: id of ``res.lang``
        :return: the first by :meth:`_get_serving_key`, empty if none serves it
        """
        candidates = self.filtered(
            lambda each: each._is_for_lang(lang_id) and each._get_rank() is not None
        )
        return candidates.sorted(lambda each: each._get_serving_key())[:1]

    def _is_for_lang(self, lang_id):
        return not self.lang_id or self.lang_id.id == lang_id

    def _get_serving_key(self):
        """Return the sort key of a serving record; one with a language goes first."""
        return self._get_rank(), not self.lang_id

    def _get_rank(self):
        """Return the rank: the lowest serves first; None if it serves no visitor."""
        return 0

    # === IS THE PLACE FREE === #
    def _search_in_place(self, website_id, lang_id):
        """Return the other record in a place, in sudo.

        It may belong to a company that the user cannot see and that owned the website
        before.

        :param int website_id: id of ``website``
        :param lang_id: id of ``res.lang``, empty for all others
        :type lang_id: int or bool
        """
        place = (
            Domain("website_id", "=", website_id)
            & Domain("lang_id", "=", lang_id or False)
            & Domain("active", "=", True)
            & Domain("id", "not in", self._origin.ids)
        )
        return self.sudo().search(place & self._get_taking_domain(), limit=1)

    @api.model
    def _get_taking_domain(self):
        """Return the domain of active records that take their place from others."""
        return Domain.TRUE

    def _refuse_for(self, message, **context):
        """Refuse an action that this record prevents, with a link to the record.

        :param str message: what is wrong and what to do
        :param context: of the action that opens the record
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
        """Return the websites whose domain is the address at Trusted Shops."""
        return websites.filtered(
            lambda website: match_shop_url(address, website.domain or "") == MATCH
        )

    @api.model
    def _get_lang_for(self, langs, language):
        """Return the language that fits the one at Trusted Shops best.

        :param langs: records of ``res.lang``
        :param language: as Trusted Shops names it, '' if it names none
        :type language: str or bool
        :return: record of ``res.lang``, empty if none fits
        """
        for wanted in (MATCH, REGIONAL):
            for lang in langs:
                if self._match_lang(language, lang) == wanted:
                    return lang
        return self.env["res.lang"]

    def _get_lang_quality(self, language):
        """Return the quality of the match with the languages that it serves."""
        langs = self.lang_id or self.website_lang_ids
        return get_best(self._match_lang(language, lang) for lang in langs)

    @api.model
    def _match_lang(self, language, lang):
        """Return the quality of the match of two languages.

        :param language: as Trusted Shops names it, '' if it names none
        :type language: str or bool
        :param lang: record of ``res.lang``
        :return: see :func:`.match.match_language`
        :rtype: str
        """
        # One with a region, and one without where the region is the usual one.
        codes = (lang.code, lang.iso_code)
        return get_best(match_language(language, code) for code in codes)
