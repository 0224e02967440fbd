# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Offer Buyer Protection: to whom, which item, and the row that the buyer reads."""

from decimal import Decimal
from hashlib import sha256

from odoo import models

from ...lib.fee_choice import choose_item


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _trustedshops_get_offer(self):
        """Return the Buyer Protection that can be offered for this cart now.

        This reads stored values only and calls no service.

        :return: ``certificate`` (in sudo), ``item`` (a ``ProtectionItem`` in the
            order's currency) and what the buyer reads, see
            :meth:`_trustedshops_get_terms`; empty when there is no offer
        :rtype: dict
        """
        self.ensure_one()
        certificate_sudo = self.website_id._trustedshops_get_certificate()
        if not certificate_sudo or not self._trustedshops_is_choice_open():
            return {}
        # Reading all columns would slow the payment page down noticeably.
        certificate_sudo.fetch(
            (
                "can_sell_fee conditions_url environment fee_product_id fee_taxes"
                " has_ws_login hold_reason items_checked_at mode offered_to privacy_url"
                " protection_model shop_match state ts_id"
            ).split()
        )
        if (
            not self._trustedshops_is_for_buyer(certificate_sudo._is_usable_by)
            or not self._trustedshops_may_buy(certificate_sudo)
            or not self._trustedshops_get_email()
        ):
            return {}
        item = choose_item(
            certificate_sudo._get_items_in_cache(
                certificate_sudo.id, certificate_sudo.items_checked_at
            ),
            Decimal(f"{self._trustedshops_get_amount_to_protect():.2f}"),
            self.currency_id.name,
        )
        return self._trustedshops_get_terms(certificate_sudo, item) if item else {}

    def _trustedshops_may_buy(self, certificate):
        """Return True if the merchant offers Buyer Protection to this buyer.

        A buyer is a business if the address is a company, names one or has a VAT
        number: only businesses type one in, and Odoo's fiscal positions use it in the
        same way. Parcels of a private person may go to an office, so the delivery
        address does not count.

        :param certificate: record of ``trustedshops.certificate``
        :rtype: bool
        """
        addresses = self.partner_id | self.partner_invoice_id
        return certificate.offered_to != "private" or not any(
            # Odoo stores a slash for "has no such number".
            partner.is_company or partner.company_name or (partner.vat or "/") != "/"
            for partner in addresses | addresses.commercial_partner_id
        )

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

    def _trustedshops_get_displayed_fee(self, product, gross_fee):
        """Return the fee as the shop shows its prices, before there is a line for it.

        :param product: record of ``product.product`` with which the fee is sold
        :param float gross_fee: in the order's currency
        :return: net or gross, in the order's currency
        :rtype: float
        """
        if not self._trustedshops_shows_net():
            return gross_fee
        taxes = self._trustedshops_get_fee_taxes(product)
        pinned = self._trustedshops_pin_fee(product, taxes, gross_fee)
        return pinned["extra_tax_data"].get("manual_total_excluded_currency", gross_fee)

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
