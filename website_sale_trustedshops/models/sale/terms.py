# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Prepare the row of the offer: what the buyer reads and orders by ticking the box."""

from hashlib import sha256

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _trustedshops_get_terms(self, certificate, item):
        """Return the terms that the buyer reads before the tick and agrees to with it.

        :param certificate: record of ``trustedshops.certificate``
        :param lib.values.ProtectionItem item: what is offered
        :return: ``certificate``, ``item``, ``title``, ``text``, ``conditions_url``,
            ``privacy_url`` and ``key``, which changes with the terms. The tick sends
            the key back, so that the shop stores the terms that it showed
        :rtype: dict
        """
        terms = {
            "title": self.env._(
                "Trusted Shops Buyer Protection up to %(amount)s",
                amount=self._trustedshops_format_cover(float(item.protected_amount)),
            ),
            "text": self.env._(
                "Money back if the goods do not arrive or a return is not refunded;"
                " %(days)s days. For this, order data and e-mail address are sent to"
                " Trusted Shops and stored there.",
                days=item.duration_days,
            ),
            "conditions_url": certificate._get_shopper_page("conditions_url"),
            "privacy_url": certificate._get_shopper_page("privacy_url"),
        }
        parts = (
            certificate.ts_id,
            item.ts_product_id,
            float(item.gross_fee),
            self.env.lang,
            sha256("\n".join(terms.values()).encode()).hexdigest()[:16],
        )
        key = "/".join(map(str, parts))
        return {"certificate": certificate, "item": item, "key": key, **terms}

    def _trustedshops_prepare_row(self, offer):
        """Return the values of the offer's row on the payment page.

        :param dict offer: see :meth:`_trustedshops_get_terms`
        :return: the offer, whether it is ``chosen``, ``fee`` and ``tax_words`` as the
            shop shows prices, the ``answer`` to a tick that loaded the page, the
            address of the merchant's own ``seal``, ``test_mark`` and an empty
            ``notice``
        :rtype: dict
        """
        certificate_sudo = offer["certificate"]
        taxes = self.env["account.tax"].browse(certificate_sudo.fee_taxes or ())
        return {
            **offer,
            "chosen": bool(self.trustedshops_protection_id),
            "fee": self._trustedshops_get_displayed_fee(
                certificate_sudo.fee_product_id, float(offer["item"].gross_fee)
            ),
            "tax_words": self._trustedshops_get_tax_words(
                taxes, self.fiscal_position_id.ids
            ),
            "answer": self._trustedshops_get_answer(),
            "seal": self.website_id._trustedshops_get_own_seal(),
            "test_mark": certificate_sudo._get_test_mark(),
            "notice": "",
        }

    def _trustedshops_format_cover(self, amount):
        """Return an amount as the buyer reads it, without decimals if it is whole."""
        text = self.currency_id.format(amount)
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        zeros = lang.decimal_point + "0" * self.currency_id.decimal_places
        return text.replace(zeros, "") if amount.is_integer() else text

    def _trustedshops_get_offer_key(self):
        """Return the key of the present offer, '' when there is none.

        :rtype: str
        """
        return self._trustedshops_get_offer().get("key", "")
