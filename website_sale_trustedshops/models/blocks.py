# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fills the badge block of the website builder on the server.

A saved page contains the block without content, with its options. Visitors get it with
its content, in the language of the page: nothing moves and no script is needed. Editors
get it empty, so that its content is never saved, and a script loads it. Core completes
the forms of saved pages with the same two overrides.
"""

import re

from lxml import etree

from odoo import api, fields, models

from ..lib.colors import get_text_color, read_color

BADGE = "s_trustedshops_badge"
BOX = "website_sale_trustedshops.badge_box"
# Attributes of the block, each after "data-". They may contain any text, but only known
# words have an effect.
OPTIONS = ("variant", "size", "corners", "link", "label", "background-color")
# Height of the seal in pixels, and size of the text relative to the text around it.
SIZES = {"small": (32, 0.875), "medium": (56, 1), "large": (88, 1.375)}
# CSS classes of a coloured block. The rounding takes less than half the height of a
# large block, so that it cuts off no words.
CORNERS = {
    "none": "rounded-0 px-3 py-2",
    "rounded": "rounded px-3 py-2",
    "pill": "rounded-5 px-4 py-2",
}


def find_badges(element):
    """Empty the badge blocks of a page, and return them with their options.

    :param element: element of lxml, changed in place
    :return: pairs of a block and a dict of its ``OPTIONS``
    :rtype: list of tuple
    """
    found = [
        block
        for block in element.iter(etree.Element)
        if BADGE in (block.get("class") or "").split()
    ]
    for block in found:
        block[:], block.text = [], None
    return [
        (block, {name: block.get(f"data-{name}", "") for name in OPTIONS})
        for block in found
    ]


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _get_template(self, template):
        """Override of `website` to fill the badge blocks of a saved page.

        Odoo caches the compiled view for all visitors, so add a call that computes the
        content.
        """
        element, document, ref = super()._get_template(template)
        if BADGE in (document or "") and self._trustedshops_is_for_visitors():
            for block, options in find_badges(element):
                value = f"website and website._trustedshops_prepare_badge({options!r})"
                etree.SubElement(block, "t", {"t-call": BOX, "badge": value})
        return element, document, ref

    def _trustedshops_is_for_visitors(self):
        """Return True if the page is not rendered for an editor, who could save it."""
        editing = ("inherit_branding", "inherit_branding_auto", "edit_translations")
        return not any(self.env.context.get(key) for key in editing)


class IrQwebFieldHtml(models.AbstractModel):
    _inherit = "ir.qweb.field.html"

    @api.model
    def value_to_html(self, value, options):
        """Override of `website` to fill the badge blocks of an HTML field."""
        text = super().value_to_html(value, options)
        qweb = self.env["ir.qweb"]
        websites = self.env["website"]
        website = BADGE in text and websites.get_current_website(fallback=False)
        if not website or not qweb._trustedshops_is_for_visitors():
            return text
        body = etree.fromstring(f"<body>{text}</body>", etree.HTMLParser())[0]
        for block, block_options in find_badges(body):
            badge = website._trustedshops_prepare_badge(block_options)
            if box := qweb._render(BOX, {"badge": badge}).strip():
                block.append(etree.fromstring(box, etree.HTMLParser())[0][0])
        inner = etree.tostring(body, encoding="unicode", method="html")[6:-7]
        return type(text)(inner)


class Website(models.Model):
    _inherit = "website"

    def _trustedshops_prepare_badge(self, options):
        """Return the values of a badge block, in the language of the context.

        :param dict options: value by name for each of ``OPTIONS``, all strings
        :return: empty without a certificate in force
        :rtype: dict
        """
        hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        data = self.env["trustedshops.certificate"]._get_badge_data(
            self.id, self.env.lang or self.default_lang_id.code, hour
        )
        if not data:
            return {}
        is_text = options.get("variant") == "text"
        # The merchant's picture contains the words "Trusted Shops"; ours has none.
        words = data["label"] if is_text or not data["isOwn"] else ""
        height, font_size = SIZES.get(options.get("size"), SIZES["medium"])
        link = options.get("link")
        url, hint = data["url"], data["hint"]
        if link == "reviews":
            url, hint = data["reviewsUrl"], data["reviewsHint"]
        return {
            "url": "" if link == "none" else url,
            "hint": hint,
            "image": "" if is_text else data["image"],
            "height": height,
            "width": round(height * data["ratio"]),
            "text": (options.get("label") or "").strip() or words,
            "label": data["label"],
            "font_size": font_size,
            "is_text": is_text,
            "rating": options.get("variant") == "stars" and data["rating"],
            "notice": data["notice"],
            "reviewsUrl": data["reviewsUrl"],
            "reviewsHint": data["reviewsHint"],
            **self._trustedshops_prepare_box(options, data["background"]),
        }

    def _trustedshops_prepare_box(self, options, background):
        """Return the colours and corners of a badge block.

        :param dict options: value by name for each of ``OPTIONS``, all strings
        :param str background: colour of the certificate, '' without one, for a block
            without its own
        :return: ``style`` and ``box_class``; both empty for a transparent block
        :rtype: dict
        """
        own, color_class = options.get("background-color") or "", ""
        if read_color(own):
            background = own
        elif re.fullmatch("[a-z0-9][a-z0-9-]*", own):
            # A colour of the theme: core has a class for it, with a readable text.
            background, color_class = "", f" bg-{own}"
        style = background and f"background-color: {background};"
        if color := get_text_color(background):
            style += f" color: {color};"
        if not style and not color_class:
            return {"style": "", "box_class": ""}
        corners = CORNERS.get(options.get("corners"), CORNERS["rounded"])
        return {"style": style, "box_class": corners + color_class}
