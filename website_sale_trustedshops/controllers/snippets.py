# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the blocks of the website builder load after the page."""

from odoo.http import Controller, request, route

from ..models.blocks import BOX


class TrustedShopsSnippets(Controller):
    """Values are those of website and language, the same for every visitor."""

    @route(
        "/shop/trustedshops/snippet",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        sitemap=False,
        readonly=True,
        save_session=False,
    )
    def trustedshops_snippet(self, lang=None, **_kwargs):
        """Return what widgets need in the language of the page they are in.

        :param str lang: as in the ``lang`` attribute of the page, for example ``de-DE``
        :return: JSON, empty when there is nothing to show
        """
        data = request.env["trustedshops.certificate"]._get_widget_data(
            request.website.id, self._get_lang_code(lang)
        )
        return request.make_json_response(data)

    @route(
        "/shop/trustedshops/badge",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        multilang=False,
        sitemap=False,
        readonly=True,
        save_session=False,
    )
    def trustedshops_badge(self, lang=None, **options):
        """Return what a badge shows, for the pages of editors, which are not filled.

        Nobody else gets words of a link on a page of the shop.

        :param str lang: as in the ``lang`` attribute of the page, for example ``de-DE``
        :param options: of the block, see ``OPTIONS``
        :return: HTML, empty when there is nothing to show
        """
        if not request.env.user._is_internal():
            raise request.not_found()
        website = request.website.with_context(lang=self._get_lang_code(lang))
        badge = website._trustedshops_prepare_badge(options)
        # An editor's page is marked for being edited; this is none.
        qweb = request.env["ir.qweb"].with_context(inherit_branding=False)
        return request.make_response(str(qweb._render(BOX, {"badge": badge})).strip())

    def _get_lang_code(self, lang):
        """Return the code of a language of the website, of the default one else."""
        codes = {
            data.code.replace("_", "-"): data.code
            for data in request.env["res.lang"]._get_frontend().values()
        }
        return codes.get(lang) or request.website.default_lang_id.code
