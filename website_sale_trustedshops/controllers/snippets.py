# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Serves data that the blocks of the website builder load after the page."""

from odoo.http import Controller, request, route

from .. import const
from ..models.blocks import BOX


class TrustedShopsSnippets(Controller):
    """Serves the same data to all visitors of a website in a language."""

    @route(
        "/shop/trustedshops/snippet",
        auth="public",
        save_session=False,
        **const.READ_ROUTE,
    )
    def trustedshops_snippet(self, lang=None, **_kwargs):
        """Return the data of widgets, in the language of their page.

        :param str lang: language as in the ``lang`` attribute of the page, for example
            ``de-DE``
        :return: response with a JSON object, empty when there is nothing to show
        """
        website = self._get_website(lang)
        certificates = request.env["trustedshops.certificate"]
        data = certificates._get_widget_data(website.id, website.env.lang)
        return request.make_json_response(data)

    @route(
        "/shop/trustedshops/badge", auth="user", save_session=False, **const.READ_ROUTE
    )
    def trustedshops_badge(self, lang=None, **options):
        """Return the content of a badge block, which the pages of editors lack.

        The label in the address becomes text of the page, so only internal users may
        call it.

        :param str lang: language as in the ``lang`` attribute of the page, for example
            ``de-DE``
        :param options: options of the block, see ``OPTIONS``
        :return: response with HTML, empty when there is nothing to show
        :raise NotFound: for other users
        """
        if not request.env.user.has_group("base.group_user"):
            raise request.not_found()
        badge = self._get_website(lang)._trustedshops_prepare_badge(options)
        # This part must not contain the marks of an editor's page.
        qweb = request.env["ir.qweb"].with_context(inherit_branding=False)
        return request.make_response(str(qweb._render(BOX, {"badge": badge})).strip())

    def _get_website(self, lang):
        """Return the current website with a language, or its default one, as context.

        :param lang: language as in the ``lang`` attribute of the page
        :type lang: str or None
        """
        website = request.env["website"].get_current_website()
        codes = {
            lang.code.replace("_", "-"): lang.code for lang in website.language_ids
        }
        code = codes.get(lang) or website.default_lang_id.code
        return website.with_context(lang=code)
