# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import hashlib
import logging
from urllib.parse import urlsplit

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import formatLang
from odoo.tools.mimetypes import guess_mimetype

from ... import const
from ...lib.colors import pick_text_color
from ...lib.exceptions import TrustedShopsError
from ...lib.feed import FeedClient
from ...lib.links import (
    make_loader_url,
    make_rate_later_url,
    make_rate_now_url,
    make_reviews_url,
    make_widget_script_url,
)
from ...lib.snippet import OFFSETS_DESKTOP, OFFSETS_MOBILE
from .check import FEED_TIMEOUTS

# A browser runs what is in an SVG, and the framework does not shrink a WebP.
SEAL_TYPES = ("image/png", "image/jpeg", "image/gif")
SEAL_DRAWING = "/website_sale_trustedshops/static/src/img/seal.svg"
SEAL_ROUTE = "/shop/trustedshops/seal"
# Attributes of the script by field: those that say the same, and those that deny it.
_ATTRIBUTES = {
    "badge_position_desktop": "data-desktop-position",
    "badge_position_mobile": "data-mobile-position",
    "badge_offset_desktop": "data-desktop-y-offset",
    "badge_offset_mobile": "data-mobile-y-offset",
    "badge_color_scheme": "data-color-scheme",
    "badge_fade_out_desktop": "data-desktop-enable-fadeout",
    "badge_fade_out_mobile": "data-mobile-enable-fadeout",
}
_DENYING_ATTRIBUTES = {
    "badge_reviews_desktop": "data-desktop-disable-reviews",
    "badge_reviews_mobile": "data-mobile-disable-reviews",
    "badge_on_phones": "data-disable-mobile",
    "badge_shown": "data-disable-trustbadge",
}
BADGE_FIELDS = (*_ATTRIBUTES, *_DENYING_ATTRIBUTES, "badge_consent")
# What the pages of the website show of a certificate.
VISIBLE_FIELDS = (
    "active",
    "ts_id",
    "environment",
    "website_id",
    "lang_id",
    "state",
    "is_mismatch",
    "is_overruled",
    "badge_shown",
    "badge_background_color",
)
_logger = logging.getLogger(__name__)
BEST_MARK = 5


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
    # --- Badge ---
    badge_position_desktop = fields.Selection(
        [("left", "Left"), ("right", "Right")],
        string="Side on Desktops",
        required=True,
        default="right",
    )
    badge_position_mobile = fields.Selection(
        [("left", "Left"), ("center", "Centre"), ("right", "Right")],
        string="Side on Phones",
        required=True,
        default="right",
    )
    badge_offset_desktop = fields.Integer(
        string="Offset on Desktops",
        help="Pixels between the badge and the bottom of the window, -54 to 999.",
    )
    badge_offset_mobile = fields.Integer(
        string="Offset on Phones",
        help="Pixels between the badge and the bottom of the window, -10 to 999. Above"
        " the cart and cookie bars of Odoo the badge moves up by itself.",
    )
    badge_color_scheme = fields.Selection(
        [
            ("os-default", "As the visitor's device"),
            ("light", "Light"),
            ("dark", "Dark"),
        ],
        string="Colours",
        required=True,
        default="os-default",
    )
    badge_fade_out_desktop = fields.Boolean(
        string="Fade out on Desktops",
        help="The badge fades away after a while.",
    )
    badge_fade_out_mobile = fields.Boolean(
        string="Fade out on Phones",
        default=True,
        help="The badge fades away after a while.",
    )
    badge_reviews_desktop = fields.Boolean(string="Stars on Desktops", default=True)
    badge_reviews_mobile = fields.Boolean(string="Stars on Phones", default=True)
    badge_on_phones = fields.Boolean(
        string="Show on Phones",
        default=True,
        help="Phones get the badge, too.",
    )
    badge_consent = fields.Selection(
        [
            ("always", "Always"),
            ("consent", "After optional cookies are accepted"),
            (
                "consent_or_confirmation",
                "After optional cookies are accepted, and always after an order",
            ),
        ],
        string="Load the Badge",
        required=True,
        default="consent_or_confirmation",
        help="When the visitor's browser loads the script of Trusted Shops, which draws"
        " the badge and the Trustcard. On a website without a cookies bar it is always"
        " loaded.",
    )
    # --- Rating ---
    rating_value = fields.Float(
        string="Rating",
        digits=(3, 2),
        readonly=True,
        copy=False,
        help="Mark of the last year, 5 is the best.",
    )
    rating_count = fields.Integer(string="Reviews", readonly=True, copy=False)
    rating_at = fields.Datetime(string="Rating as of", readonly=True, copy=False)
    rating_notice = fields.Char(
        string="How Reviews Are Checked",
        translate=True,
        help="The sentence beside the stars, in each language of the website. The law"
        " wants one that can be read without a click. Empty: our own.",
    )
    # --- Review ---
    guarantee_amount = fields.Monetary(
        string="Free Protection up to",
        currency_field="guarantee_currency_id",
        readonly=True,
        copy=False,
        help="What a purchase is protected up to free of charge when buyers apply by"
        " themselves, as stated by Trusted Shops. 0: nothing is stated.",
    )
    guarantee_currency_id = fields.Many2one(
        "res.currency", readonly=True, copy=False, ondelete="restrict"
    )

    @api.constrains("badge_offset_desktop", "badge_offset_mobile")
    def _check_badge_offsets(self):
        for name, allowed in (
            ("badge_offset_desktop", OFFSETS_DESKTOP),
            ("badge_offset_mobile", OFFSETS_MOBILE),
        ):
            if any(certificate[name] not in allowed for certificate in self):
                raise ValidationError(
                    self.env._(
                        "%(field)s: from %(lowest)s to %(highest)s pixels.",
                        field=self._fields[name]._description_string(self.env),
                        lowest=allowed[0],
                        highest=allowed[-1],
                    )
                )

    @api.constrains("seal_image")
    def _check_seal_image(self):
        for certificate in self:
            image = certificate._get_seal_bytes()
            if image and guess_mimetype(image) not in SEAL_TYPES:
                raise ValidationError(
                    self.env._("The picture of the seal must be a PNG, JPEG or GIF.")
                )

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

    # === BADGE === #
    # The floating badge: where Trusted Shops' script draws it, and when it is loaded.
    #
    # Values and bounds are those of the attributes of that script.

    # === WHAT THE PAGE HOLDS === #
    @api.model
    @tools.ormcache("website_id", "lang_code", "for_staff")
    def _get_badge(self, website_id, lang_code, for_staff):
        """Return what the page holds for the badge, without a query.

        Nothing of it depends on the visitor's consent: pages are kept for all visitors.

        :param int website_id: id of ``website``
        :param str lang_code: for example ``de_DE``
        :param bool for_staff: whether the visitor is an internal user
        :return: ``src``, ``consent`` and ``options`` (attributes of the script); empty
            when the page loads nothing
        :rtype: dict
        """
        certificate = self.sudo().browse(self._find_id_for(website_id, lang_code) or ())
        if not certificate._is_card_shown_to(self.env.user):
            return {}
        return {
            "src": certificate._get_loader_url(),
            "consent": certificate.badge_consent,
            "options": certificate._get_loader_options(),
        }

    @api.model
    @tools.ormcache("website_id", "lang_code", "for_staff", "is_ordered")
    def _get_hosts_without_consent(self, website_id, lang_code, for_staff, is_ordered):
        """Return the hosts whose scripts a page loads whatever the visitor answers.

        :param int website_id: id of ``website``
        :param str lang_code: for example ``de_DE``
        :param bool for_staff: whether the visitor is an internal user
        :param bool is_ordered: whether it is the page after an order
        :return: with their port, if that is not the usual one
        :rtype: tuple[str]
        """
        certificate = self.sudo().browse(self._find_id_for(website_id, lang_code) or ())
        if not certificate._is_card_shown_to(self.env.user):
            return ()
        return certificate._get_script_hosts(is_ordered)

    def _get_script_hosts(self, is_ordered):
        """Return the hosts of the scripts that this certificate loads without consent.

        :param bool is_ordered: whether the page is the one after an order
        :rtype: tuple[str]
        """
        self.ensure_one()
        loader = urlsplit(self._get_loader_url()).netloc
        if self.badge_consent == "always":
            widgets = make_widget_script_url(self.environment, self._get_sandbox_url())
            return (loader, urlsplit(widgets).netloc)
        if self.badge_consent == "consent_or_confirmation" and is_ordered:
            return (loader,)
        return ()

    def _get_loader_url(self):
        """Return the address of the script that draws badge and Trustcard.

        :rtype: str
        """
        self.ensure_one()
        return make_loader_url(self.ts_id, self.environment, self._get_sandbox_url())

    def _get_loader_options(self):
        """Return the attributes with which the script is loaded.

        :return: value by name
        :rtype: dict[str, str]
        """
        self.ensure_one()
        said = {name: self[field] for field, name in _ATTRIBUTES.items()}
        denied = {name: not self[field] for field, name in _DENYING_ATTRIBUTES.items()}
        return {
            name: str(value).lower() if isinstance(value, bool) else str(value)
            for name, value in {**said, **denied}.items()
        }

    # === CACHE === #
    def _get_visible_values(self):
        """Return what the website shows of these certificates, to see a change."""
        return [
            [certificate[name] for name in (*VISIBLE_FIELDS, *BADGE_FIELDS)]
            for certificate in self.sudo()
        ]

    # === RATING === #
    # What buyers say about the shop, asked with every check, never for a visitor.
    #
    # No answer and no rating change nothing: the last good one stays, with the time at
    # which it was told, and is not shown when that was too long ago.

    def _refresh_ratings(self):
        """Ask for the ratings of the certificates and store what is told."""
        for certificate_sudo in self.sudo().filtered(lambda each: each._is_answered()):
            rating = certificate_sudo._ask_for_rating()
            if rating:
                certificate_sudo.write(
                    {
                        "rating_value": float(rating.value),
                        "rating_count": rating.count,
                        "rating_at": fields.Datetime.now(),
                    }
                )

    def _is_answered(self):
        """Tell whether Trusted Shops knows the certificate, as far as we know."""
        return self.state not in ("draft", "invalid")

    def _ask_for_rating(self):
        """Ask for the rating; whatever fails is no reason to fail here.

        :return: None when no rating is known, or nobody answers
        :rtype: Rating or None
        """
        try:
            feed_url = self._get_feed_url(self.environment)
            with FeedClient(feed_url, **FEED_TIMEOUTS) as client:
                return client.get_rating(self.ts_id)
        except (TrustedShopsError, ValueError) as error:
            _logger.info("Certificate %s: no rating (%s)", self.id, error)
            return None

    def _get_rating_notice(self):
        """Return the sentence that tells how reviews are checked, never empty.

        In the language of the context. Trusted Shops itself promises no more than this.
        """
        return (self.rating_notice or "").strip() or self.env._(
            "The reviews are collected by Trusted Shops, which takes reasonable and"
            " proportionate steps to make sure that they are genuine."
        )

    def _has_fresh_rating(self):
        """Tell whether the rating may be shown."""
        oldest = fields.Datetime.now() - const.RATING_FRESH
        return bool(self.rating_count and self.rating_at and self.rating_at >= oldest)

    # === REVIEW === #
    # What buyers find at Trusted Shops after their order.

    def _prepare_guarantee(self, trustmark):
        """Return the values for what Trusted Shops says about its guarantee.

        :param trustmark: entry of the public list, None when there is none
        :type trustmark: Trustmark or None
        :rtype: dict
        """
        currencies = self.env["res.currency"].with_context(active_test=False)
        name = trustmark.protection_currency if trustmark else False
        currency = currencies.search([("name", "=", name)], limit=1)
        amount = trustmark.max_protection_amount if currency else 0
        return {
            "guarantee_amount": amount or 0,
            "guarantee_currency_id": currency.id,
        }

    def _get_free_amount(self):
        """Return up to which amount buyers are protected free of charge.

        What a table of fees covers costs money, also for who calls that Classic.

        :return: in the currency of the guarantee; 0 when it is not known
        :rtype: float
        """
        return 0 if self.item_ids else self.guarantee_amount

    # === TO WHOM === #
    def _is_card_shown_to(self, user):
        """Tell whether buyers may get the Trustcard and links to review the shop.

        :param user: record of ``res.users``: the buyer
        :rtype: bool
        """
        if not self or not self._is_meant_for_website():
            return False
        # Whose shop is not audited may still collect reviews.
        if self.state == "no_audit":
            is_live = self.environment == "production"
            return is_live or user._is_internal() or self._are_tests_public()
        return self._is_visible_to(user)

    def _is_classic(self):
        """Tell whether buyers apply for Buyer Protection by themselves.

        :rtype: bool
        """
        return self.protection_model == "classic" and self.state in const.TEST_STATES

    # === WHERE === #
    def _move_to_environment(self, url):
        """Return the address of a page on the system that knows this certificate.

        :param str url: on the public site
        :rtype: str
        """
        if self.environment == "production":
            return url
        site = const.QA_SITE
        if self.environment == "sandbox":
            site = self._get_sandbox_url().rstrip("/")
        return f"{site}/{url.split('/', 3)[3]}"

    def _get_rate_urls(self, lang_code, **order):
        """Return the addresses at which a buyer reviews the shop.

        :param str lang_code: the buyer's language, for example ``de_DE``
        :param order: ``email``, ``order_reference`` and ``ordered_at``
        :return: ``now`` and ``later``
        :rtype: dict[str, str]
        """
        self.ensure_one()
        now = make_rate_now_url(self.ts_id, lang_code[:2], **order)
        later = make_rate_later_url(self.ts_id, days=const.REVIEW_DAYS, **order)
        return {
            "now": self._move_to_environment(now),
            "later": self._move_to_environment(later),
        }

    # === SNIPPET === #
    # What the blocks of the website builder show of a certificate.

    @api.model
    def _get_snippet_data(self, website_id, lang_code):
        """Return what our blocks need on a website, in the language of the page.

        All texts come from here, in that language, and all are plain texts. Whoever
        put a block into a page wants it there, also where the seal in the footer is
        switched off.

        :param int website_id: id of ``website``
        :param str lang_code: for example ``de_DE``
        :return: empty when there is no certificate for it; without a seal when none is
            in force but the shop may collect reviews
        :rtype: dict
        """
        found = self.sudo().browse(self._find_id_for(website_id, lang_code) or ())
        certificate = found.with_context(lang=lang_code)
        website_sudo = self.env["website"].sudo().browse(website_id)
        if not certificate._is_card_shown_to(website_sudo.user_id):
            return {}
        is_in_force = certificate._is_shown_to_everybody()
        seal = certificate._prepare_block() if is_in_force else {}
        reviews_url = make_reviews_url(certificate.ts_id, lang_code[:2])
        return {
            **seal,
            "reviewsUrl": certificate._move_to_environment(reviews_url),
            "rating": certificate._prepare_rating(),
            "notice": certificate._get_rating_notice(),
            "consent": certificate.badge_consent,
            "cookiesBar": website_sudo.cookies_bar,
            "widgetScript": make_widget_script_url(
                certificate.environment, self._get_sandbox_url()
            ),
        }

    def _prepare_block(self):
        """Return what a block of the seal is made of."""
        return {
            **self._prepare_seal(),
            "label": self.env._("Certified by Trusted Shops"),
            "hint": self.env._("See the certificate (opens a new window)"),
            "reviewsHint": self.env._("See the reviews (opens a new window)"),
        }

    def _prepare_rating(self):
        """Return what stars need, beside the sentence about the reviews.

        :return: None when no rating may be shown
        :rtype: dict or None
        """
        if not self._has_fresh_rating():
            return None
        value = formatLang(self.env, self.rating_value, digits=2)
        return {
            "percent": round(self.rating_value / BEST_MARK * 100),
            "text": self.env._("%(value)s of 5", value=value),
            "count": self._describe_rating_count(),
            "link": self.env._("How reviews are checked"),
        }

    def _describe_rating_count(self):
        """Return how many reviews the rating is made of, in words."""
        if self.rating_count == 1:
            return self.env._("1 review")
        count = formatLang(self.env, self.rating_count, digits=0)
        return self.env._("%(count)s reviews", count=count)
