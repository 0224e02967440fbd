# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Shows staff what shoppers see of a certificate, with sample values.

The order and its protection exist in memory alone: nothing is stored.
"""

from odoo import models


class TrustedShopsCertificate(models.Model):
    _inherit = "trustedshops.certificate"

    def action_preview(self):
        """Open what shoppers see, in each language of the certificate.

        :rtype: dict
        """
        self.ensure_one()
        url = f"/shop/trustedshops/preview/{self.id}"
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    def _prepare_preview(self):
        """Return what shoppers see in each language.

        :return: ``lang`` and ``blocks`` of each, see :meth:`_prepare_preview_blocks`
        :rtype: list of dict
        """
        self.ensure_one()
        langs = self.lang_id or self.website_id.language_ids
        return [
            {
                "lang": lang,
                "blocks": self.with_context(lang=lang.code)._prepare_preview_blocks(),
            }
            for lang in langs
        ]

    def _prepare_preview_blocks(self):
        """Return what shoppers see in the language of the context.

        :return: by page, in the order of a purchase: names of templates and values
        :rtype: dict[str, list]
        """
        website = self.website_id
        rows = self._prepare_sample_rows()
        blocks = {page: [] for page in ("payment", "product", "confirmation")}
        blocks["payment"].append(("website_sale_trustedshops.checkout_rows", rows))
        if self.item_ids:
            order, offer = self._prepare_sample_offer()
            rows |= {"trustedshops_offer": offer, "website_sale_order": order}
            template = "website_sale_trustedshops.protection_line"
            blocks["confirmation"].append((template, {"order": order}))
        if self._is_classic():
            template = "website_sale_trustedshops.protection_form"
            blocks["confirmation"].append((template, {"form": self._get_sample_form()}))
        badge = website._trustedshops_prepare_badge({"variant": "stars"})
        template = "website_sale_trustedshops.badge_box"
        blocks["product"].append((template, {"badge": badge}))
        return blocks

    def _prepare_sample_rows(self):
        """Return values of the rows of the payment page beside the offer."""
        included = self._prepare_included()
        return {"trustedshops_offer": {}, "trustedshops_included": included}

    def _prepare_sample_offer(self):
        """Return an order in memory with its protection, and what was offered for it.

        :return: record of ``sale.order``, and the values of the offer
        :rtype: tuple
        """
        item = self.item_ids[0]._to_lib()
        order = self.env["sale.order"].new(
            {
                "website_id": self.website_id.id,
                "company_id": self.company_id.id,
                "currency_id": self.item_ids[0].currency_id.id,
                "partner_id": self.website_id.user_id.partner_id.id,
            }
        )
        terms = order._trustedshops_get_terms(self, item)
        offer = order._trustedshops_prepare_row(terms)
        values = order._trustedshops_prepare_choice(terms)
        order.trustedshops_protection_id = self.env["trustedshops.protection"].new(
            {**values, "state": "queued"}
        )
        return order, offer

    def _get_sample_form(self):
        """Return the values of the button with which a buyer registers."""
        return {
            "action": "#",
            "values": {},
            "order_id": 0,
            "opened_at": False,
            "free_up_to": self._get_free_amount(),
            "currency": self.guarantee_currency_id,
            "privacy_url": self._get_shopper_page("privacy_url"),
            "test_mark": self._get_test_mark(),
        }
