# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import hashlib

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools.mimetypes import guess_mimetype

from .. import const
from ..lib.colors import pick_text_color

# A browser runs what is in an SVG, and the framework does not shrink a WebP.
SEAL_TYPES = ("image/png", "image/jpeg", "image/gif")
SEAL_DRAWING = "/website_sale_trustedshops/static/src/img/seal.svg"
SEAL_ROUTE = "/shop/trustedshops/seal"


class TrustedShopsCertificate(models.Model):
    """The seal: a picture with a link, without any script of Trusted Shops.

    Their artwork is not ours to give away: the merchant can upload what he was given.
    """

    _inherit = "trustedshops.certificate"

    seal_image = fields.Image(
        string="Own Seal",
        max_width=400,
        max_height=400,
        copy=False,
        help="The picture of the seal that Trusted Shops gave to you, as PNG, JPEG or"
        " GIF. Empty: our own drawing.",
    )

    @api.constrains("seal_image")
    def _check_seal_image(self):
        for certificate in self:
            image = certificate._get_seal_bytes()
            if image and guess_mimetype(image) not in SEAL_TYPES:
                raise ValidationError(
                    self.env._("The picture of the seal must be a PNG, JPEG or GIF.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_seal_upload(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_seal_upload(vals)
        result = super().write(vals)
        if "seal_image" in vals:
            self._clear_website_cache()
        return result

    def _check_seal_upload(self, vals):
        """Refuse a huge file before anybody decodes it; core refuses what is no file.

        :param dict vals: values of ``create`` or ``write``
        :raise ValidationError: when it is larger than any seal
        """
        image = vals.get("seal_image")
        if isinstance(image, str | bytes) and len(image) > const.MAX_SEAL_UPLOAD:
            raise ValidationError(
                self.env._(
                    "The picture of the seal is too large. Upload one of at most 2 MB."
                )
            )

    def _get_seal_bytes(self):
        """Return the uploaded picture, b'' without one."""
        return base64.b64decode(self.with_context(bin_size=False).seal_image or b"")

    def _has_public_seal_image(self):
        """Tell whether visitors of the website may get an uploaded picture."""
        return bool(
            self and self.active and self.seal_image and self._is_shown_to_everybody()
        )

    @api.model
    @tools.ormcache("website_id", "lang_code")
    def _get_seal(self, website_id, lang_code):
        """Return what the seal in the footer needs, without a query.

        :param int website_id: id of ``website``
        :param str lang_code: for example ``de_DE``
        :return: see :meth:`_prepare_seal`; empty when no seal is shown
        :rtype: dict
        """
        certificate = self.sudo().browse(self._find_id_for(website_id, lang_code) or ())
        if not certificate or not certificate._is_seal_shown():
            return {}
        return certificate._prepare_seal()

    def _prepare_seal(self):
        """Return what a seal is made of.

        :return: ``url`` of the certificate, ``image`` address of the picture,
            ``isOwn`` whether the merchant uploaded it, ``background`` and ``color`` of
            text, both '' for those of the page
        :rtype: dict
        """
        self.ensure_one()
        image = self._get_seal_bytes()
        background = self.badge_background_color or ""
        return {
            "url": self._get_page_url(const.CERTIFICATE_URL),
            "image": self._make_seal_image_url(image) if image else SEAL_DRAWING,
            "isOwn": bool(image),
            "background": background,
            "color": pick_text_color(background) if background else "",
        }

    def _make_seal_image_url(self, image):
        """Return an address that changes with the picture, for browsers keep it.

        :param bytes image: the picture
        :rtype: str
        """
        digest = hashlib.sha256(image).hexdigest()[:16]
        return f"{SEAL_ROUTE}/{self.id}/{digest}"
