# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from urllib.parse import urlsplit

from odoo import api, fields, models

from ... import const
from ...lib.blocked_domains import is_blocked, let_pass
from ...lib.links import LOADER_HOSTS
from .health import HINT, OK, PROBLEM

LEVELS = (PROBLEM, HINT, OK)  # the worst first
FORM_PATH = (
    "/odoo/action-website_sale_trustedshops.trustedshops_certificate_action/{id}"
)
# The sketches: pixels of the window of a usual screen and phone, and of their sketch.
_WINDOW_HEIGHT = {"desktop": 900, "mobile": 720}
_SKETCH_WIDTH = {"desktop": 240, "mobile": 90}
_SKETCH_HEIGHT = 150
_BADGE_SIZE = 22


class TrustedShopsCertificate(models.Model):
    """What the website should show: a browser compares it with what it shows."""

    _inherit = "trustedshops.certificate"

    # --- Badge tools ---
    badge_preview = fields.Html(
        string="Place of the Badge", compute="_compute_badge_preview", sanitize=False
    )

    def action_check_website(self):
        """Have the user's own browser look at the website as a visitor sees it.

        :raise AccessError: when the user may not change the certificate
        """
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.client",
            "tag": "trustedshops_website_check",
            "name": self.env._("Website Check"),
            "params": {"certificate_id": self.id},
        }

    def get_website_expectations(self):
        """Return what visitors without cookies should get of this website.

        :return: ``website`` (what its settings and the certificate's say) and
            ``pages`` (its start page in each of its languages)
        :rtype: dict
        :raise AccessError: when the user may not change the certificate
        """
        self.ensure_one()
        self.check_access("write")
        website_sudo = self.sudo().website_id
        return {
            "website": self.sudo()._describe_website(),
            "pages": [
                self._describe_page(website_sudo, lang)
                for lang in website_sudo.language_ids
            ],
        }

    def _describe_website(self):
        """Return what the settings of the website and the certificate say.

        :rtype: dict
        """
        website = self.website_id
        own_host = urlsplit(self._get_loader_url()).netloc
        domains = (website.blocked_third_party_domains or "").split("\n")
        passing = let_pass(domains, self._get_script_hosts(is_ordered=True))
        address, _language = self._get_match_findings()
        return {
            "id": website.id,
            "name": website.name,
            "url": (website.domain or "").rstrip("/"),
            "form_path": FORM_PATH.format(id=self.id),
            "address": {"level": address["level"], "text": address["text"]},
            "consent": self.badge_consent,
            "cookies_bar": website.cookies_bar,
            "blocks_domains": website.block_third_party_domains,
            "is_blocked": is_blocked(own_host, domains),
            "is_always_blocked": is_blocked(own_host, passing),
            "loader_hosts": sorted(LOADER_HOSTS | {own_host}),
        }

    def _describe_page(self, website_sudo, lang):
        """Return what the start page should hold in a language, for the public.

        :param website_sudo: record of ``website`` in sudo
        :param lang: record of ``res.lang``
        :rtype: dict
        """
        website_sudo = website_sudo.with_user(website_sudo.user_id).sudo()
        website_sudo = website_sudo.with_context(lang=lang.code)
        certificate_sudo = website_sudo._trustedshops_get_certificate()
        serving_sudo = self.sudo().browse(certificate_sudo.id)  # in the user's language
        is_default = lang == website_sudo.default_lang_id
        return {
            "lang": lang.code.replace("_", "-"),
            "lang_name": lang.name,
            "path": "/" if is_default else f"/{lang.url_code}",
            "certificate": serving_sudo._judge_choice(website_sudo, lang),
            "ts_id": certificate_sudo.ts_id or "",
            "badge_shown": certificate_sudo.badge_shown,
            "seal": bool(website_sudo._trustedshops_get_seal()),
            "loader": website_sudo._trustedshops_get_badge().get("src", ""),
        }

    def _judge_choice(self, website, lang):
        """Return what is to say about this one serving a language of a website.

        :param website: record of ``website``
        :param lang: record of ``res.lang``
        :return: ``level`` and ``text``; None when all is well
        :rtype: dict or None
        """
        certificates = self.search([("website_id", "=", website.id)])
        others = certificates.filtered(lambda each: each._is_for_lang(lang.id)) - self
        idle = others.filtered("lang_id") or (self.browse() if self else others)
        if idle:
            level = PROBLEM if idle._get_rank() is None else HINT
            return {"level": level, "text": self._explain_idle(idle)}
        text = self._explain_choice(others)
        return {"level": HINT, "text": text} if text else None

    def _explain_idle(self, idle):
        """Return why another one does not serve, and who does.

        :param idle: record of ``trustedshops.certificate``
        :rtype: str
        """
        findings = [idle._get_state_finding(), *idle._get_match_findings()]
        worst = min(findings, key=lambda each: LEVELS.index(each["level"]))
        reason = self.env._(
            "%(ts_id)s should serve this language, but does not: %(reason)s",
            ts_id=idle.ts_id,
            reason=worst["text"],
        )
        if not self:
            return self.env._(
                "%(reason)s No certificate serves it, so visitors see nothing.",
                reason=reason,
            )
        return self.env._(
            "%(reason)s %(certificate)s serves it instead.",
            reason=reason,
            certificate=self._describe_briefly(),
        )

    def _explain_choice(self, others):
        """Return what visitors miss while this one serves.

        :param others: those of the website that could, too
        :return: '' when they miss nothing
        :rtype: str
        """
        if not self:
            return self.env._(
                "There is no certificate for this language: its visitors see nothing."
                " Add one for it, or let a certificate serve all languages."
            )
        if self.test_notice and not self._are_tests_public():
            return self.test_notice
        protection, rank = const.MODEL_RANK, self._get_rank()
        for other in others.filtered(lambda each: each._get_rank() == rank):
            if protection[other.protection_model] > protection[self.protection_model]:
                return self.env._(
                    "%(certificate)s serves this language in place of %(other)s, which"
                    " protects more.",
                    certificate=self._describe_briefly(),
                    other=other._describe_briefly(),
                )
        return ""

    # === BADGE TOOLS === #
    # What helps to place the badge: a sketch of its place, and pasted snippets.

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
