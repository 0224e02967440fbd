# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


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
