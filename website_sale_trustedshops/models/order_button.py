# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The words on the order button that the law of some countries asks for."""

from odoo import fields, models, tools

# The language of our source texts.
SOURCE = "en_US"


class Website(models.Model):
    _inherit = "website"

    trustedshops_order_button = fields.Boolean(
        "Legally required text on the order button"
    )

    def _trustedshops_get_order_words(self):
        """Return the label of the order button in the visitor's language.

        :return: empty without the switch, and in a language without a translation,
            where the label of core is better than an English one
        :rtype: str
        """
        self.ensure_one()
        if not self.trustedshops_order_button:
            return ""
        words, source = map(
            self._trustedshops_read_order_words, (self.env.lang, SOURCE)
        )
        is_english = (self.env.lang or SOURCE).startswith("en")
        return words if is_english or words != source else ""

    # Three buttons use it on each payment page. The cache is emptied when a view is
    # changed or translated.
    @tools.ormcache("self.id", "lang", cache="templates")
    def _trustedshops_read_order_words(self, lang):
        """Return the words of this website's view in a language, without mark-up."""
        plain = {"edit_translations": False, "inherit_branding": False}
        website = self.with_context(website_id=self.id, lang=lang, **plain)
        view = "website_sale_trustedshops.order_button_words"
        return website.env["ir.qweb"]._render(view).strip()
