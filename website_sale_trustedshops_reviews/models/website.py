# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.fields import Domain


class Website(models.Model):
    _inherit = "website"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_channel(self):
        """Refuse to delete a website that a channel serves, also an archived one.

        :raise RedirectWarning: with a link to the channel
        """
        channels_sudo = self.env["trustedshops.channel"].sudo()
        channels_sudo = channels_sudo.with_context(active_test=False)
        own = [("website_id", "in", self.ids)]
        if found_sudo := channels_sudo.search(own, limit=1):
            found_sudo._refuse_for(
                found_sudo._format_message(
                    "channel_of_website",
                    website=found_sudo.website_id.name,
                    channel=found_sudo.display_name,
                )
            )

    def _trustedshops_get_words(self, lang_code=None):
        """Return the words that buyers read before they agree, cached.

        :param lang_code: code of the language, default: the visitor's
        :type lang_code: str or None
        :return: see ``trustedshops.consent.text``; None if the shop does not ask
        :rtype: Words or None
        """
        company = self.company_id.sudo()
        return self.env["trustedshops.consent.text"]._get_words(
            self.id,
            lang_code or self.env.lang,
            company.trustedshops_consent_years,
            company.email or company.name,
        )

    def _trustedshops_get_sku(self, product_id):
        """Return the identifier at Trusted Shops of a product of this website.

        :param int product_id: id of ``product.template``, as a browser sent it
        :return: '' if the visitor may not see the product, or it has none
        :rtype: str
        """
        shown = Domain("id", "=", product_id) & Domain(self.sale_product_domain())
        product = self.env["product.template"].search(shown, limit=1)
        return product.sudo().trustedshops_sku or ""
