# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from urllib.parse import urlsplit

from odoo import api, fields, models, tools

from ..lib.widget_hosts import make_loader_url, make_widget_script_url

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


class TrustedShopsCertificate(models.Model):
    """The floating badge: where Trusted Shops' script draws it, and when it is loaded.

    Values and bounds are those of the attributes of that script.
    """

    _inherit = "trustedshops.certificate"

    badge_shown = fields.Boolean(
        string="Show Seal and Badge",
        help="A seal in the footer of the website, with a link to your certificate, and"
        " the floating badge. Without them buyers still get the Trustcard after their"
        " order.",
    )
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

    _badge_offset_desktop_range = models.Constraint(
        "CHECK (badge_offset_desktop BETWEEN -54 AND 999)",
        "The offset of the badge on desktops must be between -54 and 999 pixels.",
    )
    _badge_offset_mobile_range = models.Constraint(
        "CHECK (badge_offset_mobile BETWEEN -10 AND 999)",
        "The offset of the badge on phones must be between -10 and 999 pixels.",
    )

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
        """Override: the options of the badge are in the page, too."""
        options = [
            [certificate[name] for name in BADGE_FIELDS] for certificate in self.sudo()
        ]
        return [super()._get_visible_values(), options]
