# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The words on the order button that the law of some countries requires."""

from odoo import fields, models, tools


class Website(models.Model):
    _inherit = "website"

    trustedshops_order_button = fields.Boolean(
        "Legally required text on the order button"
    )

    def _trustedshops_get_order_words(self):
        """Return the label of the order button in the visitor's language.

        :return: '' if the website does not use it, and in a language without a
            translation, where core's label is better than an English one
        :rtype: str
        """
        self.ensure_one()
        if not self.trustedshops_order_button:
            return ""
        lang = self.env.lang or "en_US"  # the language of our source texts
        words = self._trustedshops_read_order_words(lang)
        source = self._trustedshops_read_order_words("en_US")
        return words if lang.startswith("en") or words != source else ""

    # Three buttons use it on each payment page. The cache is emptied when a view is
    # changed or translated.
    @tools.ormcache("self.id", "lang", cache="templates")
    def _trustedshops_read_order_words(self, lang):
        """Return the text of the view with the label, as this website shows it.

        :param str lang: code of the language
        :rtype: str
        """
        plain = {"edit_translations": False, "inherit_branding": False}
        website = self.with_context(website_id=self.id, lang=lang, **plain)
        view = "website_sale_trustedshops.order_button_words"
        return website.env["ir.qweb"]._render(view).strip()
