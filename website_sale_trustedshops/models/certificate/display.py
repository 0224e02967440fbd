# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which certificate serves a visitor, and what the website shows of it."""

from urllib.parse import urlsplit

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import formatLang, str2bool
from odoo.tools.image import base64_to_image

from ... import const
from ...framework import get_parameter
from ...lib.colors import get_text_color, is_color
from ...lib.links import make_loader_url, make_reviews_url, make_widget_script_url
from ...lib.match import match_shop_url
from ...lib.snippet import ATTRIBUTES, OFFSETS_DESKTOP, OFFSETS_MOBILE
from .certificate import DEFAULT_BY_PAGE, IN_FORCE_STATES

# Ranks of certificates: the lowest serves, so that a test never replaces a live one.
LIVE, REVIEWS_ONLY, TEST = range(3)
OFFSETS = {
    "badge_offset_desktop": OFFSETS_DESKTOP,
    "badge_offset_mobile": OFFSETS_MOBILE,
}
# Fields of a certificate that the pages of the website show, after those that decide
# where it serves, and whom.
VISIBLE_FIELDS = (
    "active",
    "ts_id",
    "environment",
    "website_id",
    "lang_id",
    "state",
    "mode",
    "shop_match",
    "seal_shown",
    "badge_background_color",
    "badge_consent",
    "rating_notice",
    "checkout_widget_id",
    *(f"badge_{option}" for option, _values in ATTRIBUTES.values()),
)
# Fields that decide about the offer, beside those.
OFFER_FIELDS = ("hold_reason", "offered_to", "protection_model")
# The best mark, and so the number of stars.
BEST_MARK = 5


def get_icons(percent):
    """Return the icon of each of the five stars of a rating, rounded to half stars.

    :param int percent: part of the stars that is full, 0 to 100
    :return: CSS classes of Font Awesome
    :rtype: list of str
    """
    halves = int(percent / 10 + 0.5)
    icons = ("fa-star-o", "fa-star-half-o", "fa-star")
    return [icons[min(max(halves - 2 * star, 0), 2)] for star in range(BEST_MARK)]


def prepare_stars(env, value, count):
    """Return the values with which pages show a rating.

    :param env: environment with the language of the page
    :param float value: mark from 1 to 5, the best
    :param int count: number of reviews, above 0
    :return: ``icons``, see :func:`get_icons`, and in words ``text``, the mark, and
        ``count``, the number of reviews
    :rtype: dict
    """
    reviews = env._("1 review")
    if count > 1:
        number = formatLang(env, count, digits=0)
        reviews = env._("%(count)s reviews", count=number)
    return {
        "icons": get_icons(round(value / BEST_MARK * 100)),
        "text": env._("%(value)s of 5", value=formatLang(env, value, digits=2)),
        "count": reviews,
    }


class TrustedShopsCertificate(models.Model):
    """Says whom a certificate serves, and what of it the website shows."""

    _inherit = "trustedshops.certificate"

    shop_match = fields.Selection(
        [
            ("match", "Issued for this website"),
            ("mismatch", "Issued for another address"),
            ("unknown", "Unknown"),
        ],
        compute="_compute_match",
        store=True,
    )
    lang_match = fields.Selection(
        [
            ("match", "Issued for this language"),
            ("regional", "Issued for this language elsewhere"),
            ("mismatch", "Issued for another language"),
            ("unknown", "Unknown"),
        ],
        string="Language Match",
        compute="_compute_match",
        store=True,
    )
    offered_to = fields.Selection(
        [
            ("all", "All buyers"),
            ("private", "Private buyers only"),
            ("nobody", "No buyers for now"),
        ],
        string="Offer Buyer Protection to",
        required=True,
        default="all",
        help="Private buyers have neither a company nor a VAT number in their address.",
    )

    # We may not distribute Trusted Shops' artwork, so merchants upload their own copy.
    seal_image = fields.Image(
        string="Own Seal",
        max_width=400,
        max_height=400,
        copy=False,
        help="PNG, JPEG or GIF from Trusted Shops. Empty: our own drawing.",
    )
    badge_background_color = fields.Char(
        string="Background of the Seal",
        help="A colour such as #ffdc0f. Empty: the background of the page.",
    )
    # The floating badge. Values and bounds are those of Trusted Shops' script.
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
        help="Pixels between the badge and the bottom of the window.",
    )
    badge_offset_mobile = fields.Integer(
        string="Offset on Phones",
        help="Pixels between the badge and the bottom of the window.",
    )
    badge_color_scheme = fields.Selection(
        [
            ("os-default", "As on the visitor's device"),
            ("light", "Light"),
            ("dark", "Dark"),
        ],
        string="Colours",
        required=True,
        default="os-default",
    )
    badge_fade_out_desktop = fields.Boolean(string="Fade out on Desktops")
    badge_fade_out_mobile = fields.Boolean(string="Fade out on Phones", default=True)
    badge_reviews_desktop = fields.Boolean(string="Stars on Desktops", default=True)
    badge_reviews_mobile = fields.Boolean(string="Stars on Phones", default=True)
    badge_on_phones = fields.Boolean(string="Show on Phones", default=True)
    badge_consent = fields.Selection(
        [
            ("always", "Always"),
            ("consent", "After optional cookies are accepted"),
            (
                "consent_or_confirmation",
                "After optional cookies are accepted, and always after an order",
            ),
        ],
        string="Load the Trustbadge",
        required=True,
        default="consent_or_confirmation",
        help="On a website without a cookies bar, browsers always load the script of"
        " Trusted Shops that draws the badge and the Trustcard.",
    )
    checkout_widget_id = fields.Char(
        string="Widget after an Order",
        help="Paste the code of the widget “Trusted Checkout”: its ID is kept. Hidden"
        " where Buyer Protection was ordered at checkout.",
    )
    rating_value = fields.Float(
        string="Rating",
        digits=(3, 2),
        readonly=True,
        help="Average of the last year; 5 is the best.",
    )
    rating_count = fields.Integer(string="Reviews", readonly=True)
    rating_text = fields.Char(
        compute="_compute_rating_text", export_string_translation=False
    )
    rating_at = fields.Datetime(string="Rating as of", readonly=True)
    rating_notice = fields.Char(
        string="How reviews are checked",
        translate=True,
        help="Beside the stars: by law it must be readable without a click. Empty: our"
        " own sentence.",
    )
    guarantee_amount = fields.Monetary(
        string="Free Protection up to",
        currency_field="guarantee_currency_id",
        readonly=True,
        help="For buyers who apply themselves. 0: not stated.",
    )
    guarantee_currency_id = fields.Many2one(
        "res.currency",
        readonly=True,
        export_string_translation=False,
    )

    # What visitors saw last, and since when, by code of the language.
    shown = fields.Json(readonly=True, copy=False, export_string_translation=False)

    @api.depends("rating_value", "rating_count")
    @api.depends_context("lang")
    def _compute_rating_text(self):
        self.rating_text = False
        for certificate in self.filtered("rating_count"):
            value, count = certificate.rating_value, certificate.rating_count
            stars = prepare_stars(self.env, value, count)
            certificate.rating_text = f"{stars['text']}, {stars['count']}"

    @api.constrains(*OFFSETS, "badge_background_color")
    def _check_badge(self):
        for name, allowed in OFFSETS.items():
            if any(certificate[name] not in allowed for certificate in self):
                raise ValidationError(
                    self.env._(
                        "%(field)s must be between %(lowest)s and %(highest)s pixels.",
                        field=self._fields[name].get_description(self.env)["string"],
                        lowest=allowed[0],
                        highest=allowed[-1],
                    )
                )
        for color in filter(None, self.mapped("badge_background_color")):
            if not is_color(color):
                raise ValidationError(
                    self.env._(
                        "The background of the seal must be a colour such as #ffdc0f."
                    )
                )

    # === WHERE IT SERVES === #
    @api.depends(
        "shop_url",
        "website_id.domain",
        "certificate_language",
        "lang_id.iso_code",
        "website_lang_ids.iso_code",
    )
    def _compute_match(self):
        for certificate in self:
            own, domain = certificate.shop_url, certificate.website_id.domain
            language = certificate.certificate_language
            certificate.shop_match = match_shop_url(own or "", domain or "")
            certificate.lang_match = certificate._get_lang_quality(language)

    def _get_rank(self):
        """Override to rank live ones first, then those for reviews only, then tests.

        :return: ``LIVE``, ``REVIEWS_ONLY`` or ``TEST``; None for one that serves
            no visitor: disabled, not in force, without a website, or issued for another
            address
        :rtype: int or None
        """
        can_serve = self.website_id and self.state in (*IN_FORCE_STATES, "no_audit")
        if not can_serve or self.mode == "disabled" or self.shop_match == "mismatch":
            return None
        if self.mode == "test" or self._is_test():
            return TEST
        return REVIEWS_ONLY if self.state == "no_audit" else LIVE

    @api.constrains("website_id", "lang_id", "state", "mode", "active")
    def _check_place_is_free(self):
        """Refuse to enable a second certificate for a website and language.

        :raise RedirectWarning: with a link to the other certificate
        :raise ValidationError: without it, if the user has no access to its company
        """
        taking = self.filtered("active").filtered_domain(self._get_taking_domain())
        for certificate in taking:
            place = certificate.website_id.id, certificate.lang_id.id
            if other := certificate._search_in_place(*place):
                other._refuse_for(other._format_taken(), taken_place=place)

    def _format_taken(self):
        """Return the message that this certificate already serves in its place.

        A place is a website and a language.
        """
        return self._format_message(
            "place_taken",
            website=self.website_id.name,
            language=self.lang_id.name or self.env._("All languages"),
            certificate=self.display_name,
            ts_id=self.ts_id,
        )

    @api.model
    def _get_taking_domain(self):
        """Override to return the domain of certificates that exclude others.

        An enabled one that Trusted Shops knows is the only one for its website and
        language.
        """
        is_answered = Domain("state", "not in", ("draft", "invalid"))
        is_placed = Domain("website_id", "!=", False)
        is_enabled = Domain("mode", "=", "enabled")
        return super()._get_taking_domain() & is_enabled & is_answered & is_placed

    # === WHO SEES IT === #
    def _is_usable_by(self, user):
        """Return True if Buyer Protection may be offered with this certificate now.

        :param user: record of ``res.users``: the visitor
        :rtype: bool
        """
        return bool(
            self.protection_model == "excellence"
            and self.answered_model in (False, "excellence")
            and self.offered_to != "nobody"
            and self.state in IN_FORCE_STATES
            and not self.sudo()._get_refusal()
            and self.can_sell_fee
            and self._has_fresh_items()
            and self._is_visible_to(user)
        )

    def _is_test(self):
        """Return True if Trusted Shops protects no order with this certificate.

        That is one of a test environment, or in the state *Test*. The mode does not
        matter.
        """
        return self.environment != "production" or self.state == "test"

    def _is_live(self):
        """Return True if the certificate is in force and not a test, in any mode."""
        return self.state in IN_FORCE_STATES and not self._is_test()

    def _get_test_mark(self):
        """Return the notice for buyers beside an offer that is not for all of them.

        It says that the offer is a test, or that only internal users see it.

        :return: False without a notice
        :rtype: str or bool
        """
        if not self._is_live():
            return self._format_message("test_mark", "buyer")
        is_internal = self.mode == "test"
        return is_internal and self._format_message("offer_internal", "buyer")

    def _is_visible_to(self, user):
        """Return True if a user gets what the website shows of this certificate.

        That includes the Trustcard and links to review the shop; a shop that is not
        certified may still collect reviews. Tests, and all in the mode *Test*, are for
        internal users. With :meth:`_are_tests_public` tests are for everybody.

        :param user: record of ``res.users``: the buyer, none for an order that no
            website took
        :rtype: bool
        """
        rank = self._get_rank()
        if rank != TEST:
            return rank is not None
        is_public = self._is_test() and self._are_tests_public()
        return is_public or bool(user and user.sudo().has_group("base.group_user"))

    def _is_shown_to_everybody(self):
        """Return True if the certificate is in force, and visible to the public user.

        Each website has a public user of its own.
        """
        visitor = self.website_id.user_id
        return self.state in IN_FORCE_STATES and self._is_visible_to(visitor)

    @api.model
    def _are_tests_public(self):
        """Return True if this database shows test certificates to shoppers.

        A demonstration sets the system parameter for this.
        """
        name = "website_sale_trustedshops.test_offers_for_everybody"
        return str2bool(get_parameter(self.env, name), default=False)

    # === FINDINGS === #
    def _get_match_findings(self):
        """List the findings about the match with website and language.

        :return: see :meth:`_prepare_finding`; only one without a website
        :rtype: list of dict
        """
        website, words = self.website_id, self._prepare_match_words()
        if not website:
            return [self._prepare_finding("website_missing", **words)]
        codes = []
        if self.shop_match == "mismatch":
            codes.append("address_mismatch")
        elif self.shop_match == "unknown":
            codes.append("address_unknown")
        if self.lang_match == "mismatch":
            codes.append("lang_mismatch")
        return [self._prepare_finding(code, **words) for code in codes]

    def _prepare_match_words(self):
        """Return what the messages about website and language name.

        :rtype: dict of str to str
        """
        return {
            "shop_url": self.shop_url or "?",
            "website": self.website_id.name,
            "domain": self.website_id.domain or "?",
            "code": self.certificate_language or "?",
            "language": self.lang_id.name or self.env._("All languages"),
        }

    def _get_mode_finding(self):
        """Return the finding that it shows nothing or protects no order, else None."""
        if self.mode == "disabled":
            return self._prepare_finding("mode_disabled")
        return self._prepare_finding("test_mark") if self._is_test() else None

    # === ON EVERY PAGE === #
    @api.model
    @tools.ormcache("website_id", "lang_code", "for_staff")
    def _get_display(self, website_id, lang_code, for_staff):
        """Return the values of a certificate that the pages show, from a cache.

        They do not depend on a visitor's consent, because pages are cached for all
        visitors.

        :param int website_id: id of ``website``
        :param str lang_code: language, for example ``de_DE``
        :param bool for_staff: whether the current user is internal
        :return: ``seal`` of the footer, see :meth:`_prepare_seal`, and ``badge``:
            ``src`` of the script, ``consent``, ``options`` (attributes of the script)
            and ``isCertified`` (whether a block shows a seal); both are empty if not
            shown. ``hosts`` and ``hosts_after_order``: hosts whose scripts load without
            consent
        :rtype: dict
        """
        certificate = self.sudo()._get_for(website_id, lang_code)
        display = {"seal": {}, "badge": {}, "hosts": (), "hosts_after_order": ()}
        if certificate.seal_shown and certificate._is_shown_to_everybody():
            display["seal"] = certificate._prepare_seal()
        if certificate._is_visible_to(self.env.user):
            display["badge"] = {
                "src": certificate._get_loader_url(),
                "consent": certificate.badge_consent,
                "options": certificate._get_loader_options(),
                "isCertified": certificate._is_shown_to_everybody(),
            }
            display["hosts"] = certificate._get_script_hosts()
            display["hosts_after_order"] = certificate._get_script_hosts(True)
        return display

    def _get_visible_values(self):
        """Return the values that the website shows, to compare after a write.

        :return: the values of ``VISIBLE_FIELDS`` for each certificate
        :rtype: list of list
        """
        return [[each[name] for name in VISIBLE_FIELDS] for each in self.sudo()]

    def _get_offer_values(self):
        """Return the values of ``OFFER_FIELDS``, to compare after a write."""
        return [[each[name] for name in OFFER_FIELDS] for each in self.sudo()]

    def _get_shown(self, lang_code):
        """Return what visitors see in a language, as the pages ask for it.

        :param str lang_code: language, for example ``de_DE``
        :return: ``seal``, ``badge`` and ``offer`` as booleans, and ``since`` (UTC),
            False if that is not known
        :rtype: dict
        """
        website, names = self.website_id.sudo(), ("seal", "badge", "offer")
        visitor = website.user_id
        if not self or self._get_for(website.id, lang_code) != self:
            shown = dict.fromkeys(names, False)
        else:
            certificates = self.env[self._name].with_user(visitor)
            display = certificates._get_display(website.id, lang_code, for_staff=False)
            shown = {
                "seal": bool(display["seal"]),
                "badge": bool(display["badge"]) and self.badge_shown,
                "offer": self._is_usable_by(visitor),
            }
        stored = (self.shown or {}).get(lang_code, {})
        is_same = all(stored.get(name) == shown[name] for name in names)
        since = is_same and fields.Datetime.to_datetime(stored["since"])
        return {**shown, "since": since}

    @api.model
    def _store_shown(self):
        """Store what visitors see of each certificate, if that has changed."""
        now = fields.Datetime.to_string(fields.Datetime.now())
        everything = self.sudo().with_context(active_test=False)
        for certificate in everything.search([("website_id", "!=", False)]):
            shown = dict(certificate.shown or {})
            for lang in certificate.website_id.language_ids:
                found = certificate._get_shown(lang.code)
                if not found["since"]:
                    shown[lang.code] = {**found, "since": now}
            if shown != (certificate.shown or {}):
                certificate.shown = shown

    # === ADDRESSES AT TRUSTED SHOPS === #
    def _get_shopper_page(self, name):
        """Return the address of a page for shoppers, in the language of the context.

        :param str name: one of ``DEFAULT_BY_PAGE``
        :return: the merchant's own page, else that of Trusted Shops
        :rtype: str
        """
        return self[name] or self._get_page_url(DEFAULT_BY_PAGE[name])

    def _get_page_url(self, pattern):
        """Return the address of a page at Trusted Shops for this certificate.

        Outside production, that is the same page on the test system or in the sandbox.

        :param str pattern: address on the public site, may contain ``{ts_id}``
        :rtype: str
        """
        url = pattern.replace("{ts_id}", self.ts_id)
        if self.environment == "production":
            return url
        site = "https://qa.trustedshops.com"
        if self.environment == "sandbox":
            site = self._get_sandbox_url().rstrip("/")
        return f"{site}/{url.split('/', 3)[3]}"

    def _get_sandbox_url(self):
        """Return the address of the sandbox, by default that on this machine."""
        url = get_parameter(self.env, "website_sale_trustedshops.sandbox_url")
        return url or const.SANDBOX_URL_DEFAULT

    # === SEAL === #
    # A picture with a link, without any script of Trusted Shops.

    def _prepare_seal(self):
        """Return the values with which pages show the seal.

        :return: ``url`` of the certificate, ``image`` address of the picture, ``isOwn``
            whether the merchant uploaded it, ``background`` and ``color`` of text, both
            '' for those of the page
        :rtype: dict
        """
        self.ensure_one()
        image = "/website_sale_trustedshops/static/src/img/seal.svg"
        if self.seal_image:
            image = self.website_id.image_url(self, "seal_image")
        background = self.badge_background_color or ""
        return {
            "url": self._get_page_url(const.CERTIFICATE_URL),
            "image": image,
            "isOwn": bool(self.seal_image),
            "background": background,
            "color": get_text_color(background) if background else "",
        }

    def _can_return_content(self, field_name=None, access_token=None):
        """Override of the framework to let visitors load the merchant's own seal.

        Only that of a certificate in force for the visitors of its website.
        """
        certificate = self.sudo()
        is_seal = field_name == "seal_image" and certificate.active
        if is_seal and certificate._is_shown_to_everybody():
            return True
        return super()._can_return_content(field_name, access_token)

    # === BADGE === #
    def _get_loader_url(self):
        """Return the address of the script that draws badge and Trustcard.

        :rtype: str
        """
        self.ensure_one()
        return make_loader_url(self.ts_id, self.environment, self._get_sandbox_url())

    def _get_loader_options(self):
        """Return the attributes of the script tag that loads badge and Trustcard.

        :return: value by name
        :rtype: dict[str, str]
        """
        self.ensure_one()
        options = {}
        for attribute, (option, values) in ATTRIBUTES.items():
            value = self[f"badge_{option}"]
            texts = {} if isinstance(values, range) else values
            text_by_value = {each: text for text, each in texts.items()}
            options[attribute] = text_by_value.get(value, str(value))
        return options

    def _get_script_hosts(self, is_ordered=False):
        """Return the hosts whose scripts this certificate loads without consent.

        :param bool is_ordered: whether the page is the one after an order
        :return: the hosts, with their port if that is not the usual one
        :rtype: tuple[str]
        """
        self.ensure_one()
        loader = urlsplit(self._get_loader_url()).netloc
        widgets = urlsplit(self._get_widget_script_url()).netloc
        if self.badge_consent == "always":
            return (loader, widgets)
        if self.badge_consent == "consent_or_confirmation" and is_ordered:
            return (loader, widgets) if self.checkout_widget_id else (loader,)
        return ()

    def _get_widget_script_url(self):
        """Return the address of the script that draws widgets with reviews."""
        return make_widget_script_url(self.environment, self._get_sandbox_url())

    # === RATING === #
    def _prepare_notice(self):
        """Return the notice about how reviews are checked, shown beside all stars.

        :return: ``text``: the sentence, never empty; ``link`` and ``hint``: the words
            of a link to ``url``
        :rtype: dict[str, str]
        """
        return {
            "text": (self.rating_notice or "").strip() or self._format_reviews_notice(),
            "link": self.env._("How they are checked"),
            "hint": self.env._("(opens a new window)"),
            # Source: "Measures for Reviews/Feedback Verification"; the page answers in
            # the reader's language.
            "url": "https://help.etrusted.com/hc/articles/4419944605341",
        }

    def _format_reviews_notice(self):
        """Return the standard sentence about how reviews are checked.

        It claims no more than Trusted Shops does. To be extended.
        """
        return self._format_message("reviews_checked", "buyer")

    def _get_reviews_url(self, lang_code):
        """Return the address of the page with the reviews of the shop.

        :param str lang_code: language of the reader, for example ``de_DE``
        :return: '' without a certificate
        :rtype: str
        """
        if not self:
            return ""
        return self._get_page_url(make_reviews_url(self.ts_id, lang_code[:2]))

    def _prepare_rating(self):
        """Return the values of the shop's stars, shown beside :meth:`_prepare_notice`.

        :return: see :func:`prepare_stars`; None without a rating, or with one that is
            older than ``RATING_FRESH``
        :rtype: dict or None
        """
        oldest = fields.Datetime.now() - const.RATING_FRESH
        if not self.rating_count or not self.rating_at or self.rating_at < oldest:
            return None
        return prepare_stars(self.env, self.rating_value, self.rating_count)

    # === BLOCKS OF THE WEBSITE BUILDER === #
    @api.model
    @tools.ormcache("website_id", "lang_code", "hour")
    def _get_badge_data(self, website_id, lang_code, hour):
        """Return the values of a badge block in a language of a website, from a cache.

        The block shows a seal even if that of the footer is switched off.

        :param int website_id: id of ``website``
        :param str lang_code: language, for example ``de_DE``
        :param datetime.datetime hour: the current hour, because a new rating clears no
            cache
        :return: the values of :meth:`_prepare_seal`, the ``ratio`` of the picture,
            ``rating``, ``notice``, ``reviewsUrl``, and the words ``label``, ``hint``
            and ``reviewsHint``; empty when no certificate is in force
        :rtype: dict
        """
        found = self.sudo()._get_for(website_id, lang_code)
        certificate = found.with_context(lang=lang_code)
        if not certificate or not certificate._is_shown_to_everybody():
            return {}
        env, width, height = certificate.env, 1, 1
        if certificate.seal_image:
            width, height = base64_to_image(certificate.seal_image).size
        return {
            **certificate._prepare_seal(),
            "ratio": width / height,  # so that pages reserve space
            "reviewsUrl": certificate._get_reviews_url(lang_code),
            "rating": certificate._prepare_rating(),
            "notice": certificate._prepare_notice(),
            "label": env._("Certified by Trusted Shops"),
            "hint": env._("See the certificate (opens a new window)"),
            "reviewsHint": env._("See the reviews (opens a new window)"),
        }

    @api.model
    def _get_widget_data(self, website_id, lang_code):
        """Return the values for the scripts of widgets, in the language of the page.

        :param int website_id: id of ``website``
        :param str lang_code: language, for example ``de_DE``
        :return: ``notice`` as HTML, see :meth:`_prepare_notice`, ``consent``,
            ``cookiesBar`` and the address ``widgetScript``; empty when visitors see no
            certificate
        :rtype: dict
        """
        found = self.sudo()._get_for(website_id, lang_code)
        certificate = found.with_context(lang=lang_code)
        website_sudo = self.env["website"].sudo().browse(website_id)
        if not certificate._is_visible_to(website_sudo.user_id):
            return {}
        # Leave out the marks with which the editor finds the views of a page.
        qweb = self.env["ir.qweb"].with_context(inherit_branding=False)
        notice = {"notice": certificate._prepare_notice(), "notice_class": "mt-1"}
        return {
            "notice": qweb._render("website_sale_trustedshops.rating_notice", notice),
            "consent": certificate.badge_consent,
            "cookiesBar": website_sudo.cookies_bar,
            "widgetScript": certificate._get_widget_script_url(),
        }

    # === AFTER AN ORDER === #
    def _is_classic(self):
        """Return True if the buyers apply for Buyer Protection themselves.

        They do so after the order, with a certificate in force of the model *Classic*.

        :rtype: bool
        """
        return self.protection_model == "classic" and self.state in IN_FORCE_STATES
