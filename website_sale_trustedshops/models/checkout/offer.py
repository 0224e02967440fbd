# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Offer Buyer Protection on the payment page: to whom, which item, in which words."""

from decimal import Decimal
from hashlib import sha256

from markupsafe import Markup

from odoo import models

from ...lib.address import get_first_email
from ...lib.fee_item import find_item


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === TO WHOM === #
    def _trustedshops_is_for_buyer(self, is_for):
        """Return True if something is for visitors of the website, or for the buyer.

        The current user does not count, because core processes payments as an internal
        one.

        :param is_for: function that gets a record of ``res.users`` and says whether it
            is for that user
        :rtype: bool
        """
        visitor = self.website_id.user_id
        return is_for(visitor) or any(map(is_for, self.partner_id.user_ids))

    def _trustedshops_can_buy(self, certificate):
        """Return True if the merchant offers Buyer Protection to this buyer.

        A buyer is a business if the address is a company, names one or has a VAT
        number: only businesses type one in, and Odoo's fiscal positions use it in the
        same way. Parcels of a private person may go to an office, so the delivery
        address does not count. To be extended.

        :param certificate: record of ``trustedshops.certificate``
        :rtype: bool
        """
        addresses = self.partner_id | self.partner_invoice_id
        return certificate.offered_to != "private" or not any(
            # Odoo stores a slash for "has no such number".
            partner.is_company or partner.company_name or (partner.vat or "/") != "/"
            for partner in addresses | addresses.commercial_partner_id
        )

    def _trustedshops_get_email(self):
        """Return the buyer's e-mail address, also of a guest; '' without one."""
        return get_first_email(self.partner_id.email)

    # === WHAT === #
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
                "answered_model can_sell_fee conditions_url environment fee_product_id"
                " fee_taxes has_ws_login hold_reason items_checked_at mode offered_to"
                " privacy_url protection_model shop_match state ts_id website_id"
            ).split()
        )
        if (
            not self._trustedshops_is_for_buyer(certificate_sudo._is_usable_by)
            or not self._trustedshops_can_buy(certificate_sudo)
            or not self._trustedshops_get_email()
        ):
            return {}
        item = find_item(
            certificate_sudo._get_items_in_cache(
                certificate_sudo.id, certificate_sudo.items_checked_at
            ),
            Decimal(f"{self._trustedshops_get_amount_to_protect():.2f}"),
            self.currency_id.name,
        )
        return self._trustedshops_get_terms(certificate_sudo, item) if item else {}

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
            "text": self._trustedshops_format_message(
                "offer_text", days=item.duration_days
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

    def _trustedshops_format_cover(self, amount):
        """Return an amount in the order's currency, without decimals if it is whole.

        :param float amount: amount that an item protects
        :rtype: str
        """
        text = self.currency_id.format(amount)
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        zeros = lang.decimal_point + "0" * self.currency_id.decimal_places
        return text.replace(zeros, "") if amount.is_integer() else text

    # === WHAT THE BUYER READS === #
    def _trustedshops_format_message(self, code, **values):
        """Return a message for the buyer, in the language of the context.

        :param str code: code of a message
        :param values: what the message names
        :rtype: str
        """
        messages = self.env["trustedshops.message"]
        return messages._format_message(code, "buyer", **values)

    def _trustedshops_prepare_row(self):
        """Return the values of the row of Buyer Protection on the payment page.

        :return: the offer, whether it is ``chosen``, ``fee`` and ``tax_words`` as the
            shop shows prices, the ``answer`` to a tick that loaded the page, the
            address of the merchant's own ``seal``, ``test_mark`` and ``notice``;
            without an offer at most a notice
        :rtype: dict
        """
        offer = self._trustedshops_get_offer()
        if not offer:
            notice = self._trustedshops_get_notice({})
            return {"notice": notice} if notice else {}
        certificate_sudo = offer["certificate"]
        taxes = self.env["account.tax"].browse(certificate_sudo.fee_taxes or ())
        row = {
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
        }
        return {**row, "notice": self._trustedshops_get_notice(row)}

    def _trustedshops_get_displayed_fee(self, product, gross_fee):
        """Return the fee as the shop shows its prices, before there is a line for it.

        :param product: record of ``product.product`` with which the fee is sold
        :param float gross_fee: fee with taxes, in the order's currency
        :return: net or gross fee, in the order's currency
        :rtype: float
        """
        if not self._trustedshops_has_net_prices():
            return gross_fee
        taxes = self._trustedshops_get_fee_taxes(product)
        pinned = self._trustedshops_prepare_fee_price(product, taxes, gross_fee)
        return pinned["extra_tax_data"].get("manual_total_excluded_currency", gross_fee)

    def _trustedshops_get_notice(self, offer):
        """Return the notice of the payment page about a choice that was removed.

        If the buyer cannot choose again, it names that reason instead.

        :param dict offer: values of the row, with ``fee`` and ``tax_words``; empty
            without an offer
        :return: '' when there is nothing to say
        :rtype: str
        """
        self.ensure_one()
        code = self.trustedshops_notice
        # That is said after the order.
        if not code or code == "choice_paid":
            return ""
        if not offer:
            certificate_sudo = self.website_id._trustedshops_get_certificate()
            can_buy = self._trustedshops_can_buy(certificate_sudo)
            return self._trustedshops_format_message(
                "offer_none" if can_buy else "offer_business"
            )
        fee = f"{self.currency_id.format(offer['fee'])} {offer['tax_words']}".strip()
        today = self._trustedshops_format_message("choice_fee_now", fee=fee)
        return f"{self._trustedshops_format_message(code)} {today}"

    def _trustedshops_get_answer(self):
        """Return the answer of the page to a tick, according to the present choice.

        Screen readers also read out the total, which others see change.

        :rtype: markupsafe.Markup
        """
        code = "choice_added" if self.trustedshops_protection_id else "choice_removed"
        total = self.currency_id.format(self.amount_total)
        return Markup('%s<span class="visually-hidden">. %s</span>') % (
            self._trustedshops_format_message(code),
            self._trustedshops_format_message("choice_total", total=total),
        )
