# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo import Command, fields, models

from .. import const
from ..lib.items import choose_item
from .trustedshops_protection import get_first_email


class SaleOrder(models.Model):
    _inherit = "sale.order"

    trustedshops_protection_id = fields.Many2one(
        "trustedshops.protection",
        string="Buyer Protection",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_user",
    )
    trustedshops_protection_state = fields.Selection(
        related="trustedshops_protection_id.state",
        string="Buyer Protection State",
        groups="base.group_user",  # customers read it in words
    )

    # === THE OFFER === #

    def _trustedshops_get_offer(self):
        """Return what Buyer Protection can be offered for this cart now.

        Reads stored values only; no service is asked.

        :return: ``certificate`` (in sudo), ``item`` (in sudo), ``fee`` and
            ``protected_amount`` in the order's currency; empty when there is no offer
        :rtype: dict
        """
        self.ensure_one()
        if not self._trustedshops_is_choice_open() or not self.website_id:
            return {}
        certificate_sudo = self.website_id._trustedshops_get_certificate()
        if not certificate_sudo._is_usable_by(self.env.user):
            return {}
        if not self._trustedshops_is_for_buyer(certificate_sudo):
            return {}
        if not get_first_email(self.partner_id.email):
            return {}
        item_sudo = self._trustedshops_choose_item(certificate_sudo)
        if not item_sudo:
            return {}
        return {
            "certificate": certificate_sudo,
            "item": item_sudo,
            "fee": item_sudo.gross_fee,
            "protected_amount": item_sudo.protected_amount,
        }

    def _trustedshops_get_offer_key(self):
        """Return a text that changes with everything the buyer reads in the offer.

        The tick sends it back: what is stored as consented must be what was shown.

        :return: '' when there is no offer
        :rtype: str
        """
        offer = self._trustedshops_get_offer()
        if not offer:
            return ""
        certificate, item = offer["certificate"], offer["item"]
        parts = (
            certificate.ts_id,
            item.ts_product_id,
            item.gross_fee,
            self.env.lang,
            const.CONSENT_VERSION,
            self._trustedshops_get_terms_key(certificate, item),
        )
        return "/".join(map(str, parts))

    def _trustedshops_is_choice_open(self):
        """Tell whether the buyer can still choose: nothing is being paid yet.

        :rtype: bool
        """
        self.ensure_one()
        return self.state == "draft" and not self._trustedshops_is_being_paid()

    def _trustedshops_choose_item(self, certificate):
        """Return the item that fits the cart, in its currency.

        :param certificate: record of ``trustedshops.certificate``
        :return: record of ``trustedshops.protection.item``, may be empty
        """
        records = {item._to_lib(): item for item in certificate.item_ids}
        amount = self._trustedshops_get_amount_to_protect()
        chosen = choose_item(records, Decimal(f"{amount:.2f}"), self.currency_id.name)
        return records.get(chosen, certificate.item_ids.browse())

    def _trustedshops_get_amount_to_protect(self):
        """Return what the buyer could lose: goods and delivery, without the fee.

        :return: taxes in, in the order's currency
        :rtype: float
        """
        self.ensure_one()
        fee = self._trustedshops_get_fee_in_total()
        return self.currency_id.round(self.amount_total - fee)

    def _trustedshops_get_fee_lines(self):
        """Return the line of the fee; never more than one, save after a merge."""
        return self.order_line.filtered("is_trustedshops_protection")

    def _trustedshops_get_fee_in_total(self):
        """Return how much less the total would be without the fee.

        :return: taxes in, in the order's currency
        :rtype: float
        """
        return sum(self._trustedshops_get_fee_lines().mapped("price_total"))

    def _trustedshops_get_tax_words(self, certificate):
        """Return how the fee is taxed, in words for the buyer.

        :param certificate: record of ``trustedshops.certificate``
        :return: "incl. 19 % VAT", "plus 19 % VAT", '' when no tax is due
        :rtype: str
        """
        taxes = self._trustedshops_get_fee_taxes(certificate.fee_product_id)
        return self.env["trustedshops.certificate"]._get_tax_words(
            taxes, is_net=self._trustedshops_shows_net()
        )

    def _trustedshops_get_fee_taxes(self, product):
        """Return the taxes with which the fee is sold on this order.

        :param product: record of ``product.product``
        """
        taxes = product.taxes_id._filter_taxes_by_company(self.company_id)
        return self.fiscal_position_id.map_tax(taxes)

    def _trustedshops_get_consent_text(self, protected_amount):
        """Return the sentence by which the buyer agrees, as it is shown and stored.

        :param float protected_amount: in the order's currency
        :rtype: str
        """
        return self.env._(
            "I want Buyer Protection up to %(amount)s for this purchase. I agree that"
            " the data of my order and my e-mail address are sent to Trusted Shops to"
            " conclude and handle it, under the conditions and the data privacy notice"
            " of Trusted Shops.",
            amount=self.currency_id.format(protected_amount),
        )

    # === THE CHOICE === #

    def _trustedshops_choose_protection(self):
        """Add Buyer Protection to the cart, in place of an earlier choice.

        :return: whether it was added; not when there is no offer any more
        :rtype: bool
        """
        self.ensure_one()
        self._trustedshops_drop_choice()
        offer = self._trustedshops_get_offer()
        if not offer:
            return False
        protection = self.env["trustedshops.protection"].create(
            self._trustedshops_prepare_choice(**offer)
        )
        self.trustedshops_protection_id = protection
        self.env["sale.order.line"].create(
            self._trustedshops_prepare_fee_line(offer["certificate"], protection)
        )
        return True

    def _trustedshops_prepare_choice(self, certificate, item, **_offer):
        """Return the values of the protection that the buyer ticked."""
        return {
            **self._trustedshops_prepare_consent(certificate, item),
            "order_id": self.id,
            "certificate_id": certificate.id,
            "company_id": self.company_id.id,
            "website_id": self.website_id.id,
            "currency_id": self.currency_id.id,
            "item_code": item.ts_product_id,
            "protected_amount": item.protected_amount,
            "duration_days": item.duration_days,
            "net_fee": item.net_fee,
            "gross_fee": item.gross_fee,
        }

    def _trustedshops_prepare_fee_line(self, certificate, protection):
        """Return the values of the line that carries the fee.

        :param certificate: record of ``trustedshops.certificate``
        :param protection: record of ``trustedshops.protection``
        :rtype: dict
        """
        product = certificate.fee_product_id
        taxes = self._trustedshops_get_fee_taxes(product)
        return {
            "order_id": self.id,
            "product_id": product.id,
            "name": self.env._(
                "Buyer Protection up to %(amount)s",
                amount=self.currency_id.format(protection.protected_amount),
            ),
            "is_trustedshops_protection": True,
            "product_uom_qty": 1.0,
            "technical_price_unit": 0.0,  # a price set by hand, never computed again
            "sequence": 1000,
            "tax_ids": [Command.set(taxes.ids)],
            **self._trustedshops_pin_fee(product, taxes, protection.gross_fee),
        }

    def _trustedshops_pin_fee(self, product, taxes, gross_fee):
        """Return the values with which a line adds exactly the gross fee to the order.

        :param product: record of ``product.product``
        :param taxes: records of ``account.tax``, mapped for this order
        :param float gross_fee: in the order's currency
        :return: ``price_unit`` and ``extra_tax_data``
        :rtype: dict
        """
        return taxes._trustedshops_pin_fee(
            self,
            product_id=product,
            price_unit=gross_fee,
            currency_id=self.currency_id,
            rate=self.currency_rate,
            partner_id=self.partner_id,
        )

    def _trustedshops_drop_choice(self):
        """Take Buyer Protection out of the cart.

        :return: whether there was one
        :rtype: bool
        """
        self.ensure_one()
        if not self._trustedshops_can_drop_choice():
            return False
        self._trustedshops_take_out_choice()
        return True

    def _trustedshops_take_out_choice(self):
        """Take the line of the fee and the protection off the order."""
        self.ensure_one()
        order = self.with_context(trustedshops_dropping_choice=const.OURS)
        protection = order.trustedshops_protection_id
        order._trustedshops_get_fee_lines().unlink()
        order.sudo().trustedshops_protection_id = False  # whoever changes the order
        order._trustedshops_forget(protection)

    def _trustedshops_take_fee_off(self):
        """Order nothing of the fee any more, so that core finds nothing to invoice.

        Its price stays: what was invoiced, and is credited, still fits.
        """
        self.ensure_one()
        was_locked = self.locked
        self.locked = False
        self._trustedshops_get_fee_lines().with_context(
            trustedshops_pinning_fee=const.OURS
        ).write({"product_uom_qty": 0.0, "qty_delivered": 0.0})
        self._trustedshops_balance_after_fee()
        self.locked = was_locked

    def _trustedshops_balance_after_fee(self):
        """Settle what paid the fee within the order; met in the bridge to loyalty."""

    def _trustedshops_is_invoiced_ahead(self):
        """Tell whether down payments were invoiced for more than is left to invoice.

        :rtype: bool
        """
        self.ensure_one()
        down_payments = self.order_line.filtered("is_downpayment")
        return self.state == "sale" and (
            self.currency_id.compare_amounts(
                sum(down_payments.mapped("amount_invoiced")), self.amount_total
            )
            > 0
        )

    def _trustedshops_forget(self, protection):
        """Delete a choice, unless a transaction remembers it as part of its amount."""
        if protection.state != "selected":
            return
        if (
            not self.env["payment.transaction"]
            .sudo()
            .search_count([("trustedshops_protection_id", "=", protection.id)], limit=1)
        ):
            protection.sudo().unlink()

    def _trustedshops_drop_after_change(self, event="cart"):
        """Drop the choice because something changed after it, and tell the buyer.

        :param str event: what happened, see :meth:`_trustedshops_get_notice`
        """
        for order in self:
            if order._trustedshops_drop_choice():
                order._trustedshops_tell(event)

    # === WHAT CHANGES A CART === #

    def _verify_cart_after_update(self):
        """Override of `website_sale` to drop a choice made for another cart."""
        self._trustedshops_drop_after_change()
        return super()._verify_cart_after_update()

    def _set_delivery_method(self, delivery_method, rate=None):
        """Override of `website_sale` to drop a choice made for another total."""
        self._trustedshops_drop_after_change("delivery")
        return super()._set_delivery_method(delivery_method, rate=rate)

    def _update_address(self, partner_id, fnames=None):
        """Override of `website_sale` to drop a choice made for another address.

        The buyer is told afterwards: the new address may be a company's. Core calls
        this for an earlier cart as well, which comes back to the same buyer.
        """
        is_same_buyer = set(fnames or ()) == {"partner_id"} and (
            self.partner_id.id == partner_id
        )
        dropped = self.filtered(lambda order: order._trustedshops_drop_choice())
        result = super()._update_address(partner_id, fnames=fnames)
        for order in dropped:
            order._trustedshops_tell("earlier_cart" if is_same_buyer else "address")
        return result

    def _recompute_cart(self):
        """Override of `website_sale`: the last look before the payment page."""
        order = self.with_context(trustedshops_changing=const.OURS)
        result = super(SaleOrder, order)._recompute_cart()
        if not self._trustedshops_is_choice_right():
            self._trustedshops_drop_after_change(self._trustedshops_get_misfit())
        return result

    def _verify_cart(self):
        """Override of `website_sale`: a revived cart comes back without the choice."""
        self._trustedshops_drop_after_change("earlier_cart")
        return super()._verify_cart()

    def _get_update_prices_lines(self):
        """Override of `sale`: the price of the fee is the service's alone."""
        lines = super()._get_update_prices_lines()
        return lines - lines.filtered("is_trustedshops_protection")

    def _get_copiable_order_lines(self):
        """Override of `sale`: a copy of an order is not protected."""
        lines = super()._get_copiable_order_lines()
        return lines - lines.filtered("is_trustedshops_protection")

    def _cart_find_product_line(self, *args, **kwargs):
        """Override of `website_sale` never to add goods to the line of the fee."""
        lines = super()._cart_find_product_line(*args, **kwargs)
        return lines - lines.filtered("is_trustedshops_protection")

    def _verify_updated_quantity(
        self, order_line, product_id, new_qty, uom_id, **kwargs
    ):
        """Override of `website_sale`: the fee is charged once."""
        if order_line.is_trustedshops_protection:
            return min(new_qty, 1), ""
        return super()._verify_updated_quantity(
            order_line, product_id, new_qty, uom_id, **kwargs
        )

    def _compute_amount_total_without_delivery(self):
        """Override of `delivery`: the fee buys no free delivery."""
        total = super()._compute_amount_total_without_delivery()
        return total - sum(self._trustedshops_get_fee_lines().mapped("price_total"))
