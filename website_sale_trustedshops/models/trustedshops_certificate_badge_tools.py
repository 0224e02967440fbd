# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

# The sketches: pixels of the window of a usual screen and phone, and of their sketch.
_WINDOW_HEIGHT = {"desktop": 900, "mobile": 720}
_SKETCH_WIDTH = {"desktop": 240, "mobile": 90}
_SKETCH_HEIGHT = 150
_BADGE_SIZE = 22


class TrustedShopsCertificate(models.Model):
    """What helps to place the badge: a sketch of its place, and pasted snippets."""

    _inherit = "trustedshops.certificate"

    badge_preview = fields.Html(
        string="Place of the Badge", compute="_compute_badge_preview", sanitize=False
    )

    @api.depends(
        "badge_shown",
        "badge_on_phones",
        "badge_position_desktop",
        "badge_position_mobile",
        "badge_offset_desktop",
        "badge_offset_mobile",
        "badge_color_scheme",
        "badge_fade_out_desktop",
        "badge_fade_out_mobile",
        "badge_reviews_desktop",
        "badge_reviews_mobile",
    )
    @api.depends_context("lang")
    def _compute_badge_preview(self):
        for certificate in self:
            certificate.badge_preview = self.env["ir.qweb"]._render(
                "website_sale_trustedshops.badge_preview",
                {
                    "devices": [
                        certificate._get_sketch("desktop"),
                        certificate._get_sketch("mobile"),
                    ]
                },
            )

    def _get_sketch(self, device):
        """Return how the badge is drawn on a device, and that in words.

        :param str device: ``desktop`` or ``mobile``
        :rtype: dict
        """
        scale = _SKETCH_HEIGHT / _WINDOW_HEIGHT[device]
        bottom = round(self[f"badge_offset_{device}"] * scale)
        bottom = min(bottom, _SKETCH_HEIGHT - _BADGE_SIZE)
        width = _SKETCH_WIDTH[device]
        side = self[f"badge_position_{device}"] or "right"
        middle = (width - _BADGE_SIZE) // 2
        place = f"left: {middle}px" if side == "center" else f"{side}: 4px"
        return {
            "name": device,
            "is_shown": self._is_badge_on(device),
            "side": side,
            "scheme": self.badge_color_scheme or "os-default",
            "has_stars": self[f"badge_reviews_{device}"],
            "text": self._describe_badge(device),
            "frame_style": f"width: {width}px; height: {_SKETCH_HEIGHT}px;",
            "caption_style": f"width: {max(width, 160)}px;",
            "badge_style": f"{place}; bottom: {bottom}px;",
        }

    def _is_badge_on(self, device):
        """Tell whether a device shows the badge."""
        return self.badge_shown and (device == "desktop" or self.badge_on_phones)

    def _describe_badge(self, device):
        """Return where and how a device shows the badge, in words.

        :param str device: ``desktop`` or ``mobile``
        :rtype: str
        """
        name = {"desktop": self.env._("Desktop"), "mobile": self.env._("Phone")}[device]
        if not self._is_badge_on(device):
            return self.env._("%(device)s: no badge.", device=name)
        offset = self[f"badge_offset_{device}"]
        parts = [
            {
                "left": self.env._("on the left"),
                "center": self.env._("in the middle"),
                "right": self.env._("on the right"),
            }[self[f"badge_position_{device}"] or "right"],
            self.env._("%(count)s pixels from the bottom", count=offset),
            {
                "light": self.env._("light"),
                "dark": self.env._("dark"),
                "os-default": self.env._("light or dark as the visitor's device"),
            }[self.badge_color_scheme or "os-default"],
            self.env._("with stars")
            if self[f"badge_reviews_{device}"]
            else self.env._("without stars"),
            self.env._("fades out")
            if self[f"badge_fade_out_{device}"]
            else self.env._("stays"),
        ]
        return f"{name}: {', '.join(parts)}."

    def action_paste_snippet(self):
        """Open the dialog that takes the options out of a snippet.

        :raise AccessError: when the user may not change the certificate
        """
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Paste a Snippet"),
            "res_model": "trustedshops.badge.paste",
            "view_mode": "form",
            "target": "new",
            "context": {"default_certificate_id": self.id},
        }
