# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the blocks of the website builder load after the page."""

from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from ..models.certificate.display import SEAL_ROUTE

_OPTIONS = {
    "type": "http",
    "auth": "public",
    "methods": ["GET"],
    "website": True,
    "multilang": False,
    "sitemap": False,
    "readonly": True,
    "save_session": False,
}


class TrustedShopsSnippets(Controller):
    """Values are those of website and language, the same for every visitor."""

    @route("/shop/trustedshops/snippet", **_OPTIONS)
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

    @route(f"{SEAL_ROUTE}/<int:certificate_id>/<string:_digest>", **_OPTIONS)
    def trustedshops_seal(self, certificate_id, _digest, **_kwargs):
        """Return the seal that the merchant uploaded, to be kept by the browser.

        :param int certificate_id: id of a certificate
        :param str _digest: changes with the picture
        """
        certificate_sudo = (
            request.env["trustedshops.certificate"].sudo().browse(certificate_id)
        )
        if not certificate_sudo.exists()._has_public_seal_image():
            raise NotFound
        stream = request.env["ir.binary"]._get_image_stream_from(
            certificate_sudo, "seal_image"
        )
        return stream.get_response(immutable=True)
