# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the blocks of the website builder load after the page."""

from odoo.http import Controller, request, route


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
        """Return what the blocks show in the language of the page they are in.

        :param str lang: as in the ``lang`` attribute of the page, for example ``de-DE``
        :return: JSON, empty when there is nothing to show
        """
        codes = {
            data.code.replace("_", "-"): data.code
            for data in request.env["res.lang"]._get_frontend().values()
        }
        lang_code = codes.get(lang) or request.website.default_lang_id.code
        data = request.env["trustedshops.certificate"]._get_snippet_data(
            request.website.id, lang_code
        )
        return request.make_json_response(data)
