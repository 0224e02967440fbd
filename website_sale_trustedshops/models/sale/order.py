# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal
from hashlib import sha256

from odoo import Command, fields, models

from ... import const
from ...lib.items import choose_item
from ..protection.protection import get_first_email

# What a person changes at an order that may change what it comes to, or whose it is.
WATCHED = {"order_line", "partner_id", "pricelist_id"}


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
    trustedshops_protection_ids = fields.One2many(
        "trustedshops.protection",
        "order_id",
        string="Buyer Protections",
        readonly=True,
        domain=[("state", "!=", "selected")],
        groups="sales_team.group_sale_salesman,account.group_account_invoice,"
        "base.group_system",
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
        return self.trustedshops_fee_amount

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

    # === OFFER === #
    # To whom Buyer Protection is offered, in which words, and why it was dropped.

    # === THE BUYER === #
    def _trustedshops_is_for_buyer(self, certificate):
        """Tell whether the merchant offers Buyer Protection to this buyer.

        :param certificate: record of ``trustedshops.certificate``
        :rtype: bool
        """
        return certificate.offered_to != "private" or self._trustedshops_is_private()

    def _trustedshops_is_private(self):
        """Tell whether the buyer buys as a private person.

        A company, a company's name in the address and a VAT number each make a
        business: a number is only typed in by those who buy as one, and Odoo's fiscal
        positions take it so, too. Parcels of a private person may go to an office, so
        the delivery address does not count.

        :rtype: bool
        """
        self.ensure_one()
        addresses = self.partner_id | self.partner_invoice_id
        return not any(
            # A slash is Odoo's mark for "has no such number".
            partner.is_company or partner.company_name or (partner.vat or "/") != "/"
            for partner in addresses | addresses.commercial_partner_id
        )

    # === THE WORDS === #
    def _trustedshops_get_terms(self, certificate, item):
        """Return what the buyer reads before the tick and agrees to with it.

        :param certificate: record of ``trustedshops.certificate``
        :param item: record of ``trustedshops.protection.item``
        :return: ``cover_text``, ``consent_text``, ``conditions_url``, ``privacy_url``
        :rtype: dict[str, str]
        """
        return {
            "cover_text": self.env._(
                "Trusted Shops pays your money back if the goods do not arrive or if"
                " you return them and are not refunded. The protection lasts %(days)s"
                " days.",
                days=item.duration_days,
            ),
            "consent_text": self._trustedshops_get_consent_text(item.protected_amount),
            "conditions_url": certificate._get_shopper_page("conditions_url"),
            "privacy_url": certificate._get_shopper_page("privacy_url"),
        }

    def _trustedshops_get_terms_key(self, certificate, item):
        """Return a short text that is another one as soon as the terms are.

        :param certificate: record of ``trustedshops.certificate``
        :param item: record of ``trustedshops.protection.item``
        :rtype: str
        """
        terms = self._trustedshops_get_terms(certificate, item)
        return sha256("\n".join(terms.values()).encode()).hexdigest()[:16]

    def _trustedshops_prepare_consent(self, certificate, item):
        """Return the consent as it was shown, to be kept with the protection.

        :param certificate: record of ``trustedshops.certificate``
        :param item: record of ``trustedshops.protection.item``
        :rtype: dict
        """
        terms = self._trustedshops_get_terms(certificate, item)
        return {
            "consent_text": terms["consent_text"],
            "consent_version": const.CONSENT_VERSION,
            "consent_at": fields.Datetime.now(),
            "conditions_url": terms["conditions_url"],
            "privacy_url": terms["privacy_url"],
            "lang_id": self.env["res.lang"]._get_data(code=self.env.lang).id,
        }

    def _trustedshops_get_announcement(self):
        """Return what is read out to the buyer after the box was ticked or unticked.

        :rtype: str
        """
        total = self.currency_id.format(self.amount_total)
        if self.trustedshops_protection_id:
            return self.env._(
                "Buyer Protection was added. The total is now %(total)s.", total=total
            )
        return self.env._(
            "Buyer Protection was removed. The total is now %(total)s.", total=total
        )

    # === WHY IT WAS DROPPED === #
    def _trustedshops_get_notice(self, event):
        """Return the sentence that tells the buyer why there is no protection now.

        What keeps the buyer from choosing again comes first: whoever reads "choose it
        again" must find the offer.

        :param str event: what happened, see below
        :rtype: str
        """
        if event == "paid":  # there is nothing to choose any more
            return self.env._(
                "Your payment had begun before you chose Buyer Protection, so it is not"
                " part of your order and you do not pay for it."
            )
        certificate_sudo = self.website_id._trustedshops_get_certificate()
        if not self._trustedshops_is_for_buyer(certificate_sudo):
            event = "business"
        # An emptied cart may be filled again.
        elif self.amount_total and not self._trustedshops_get_offer():
            event = "unavailable"
        return {
            "address": self.env._(
                "Your address changed, so Buyer Protection was taken out of your cart."
                " You can choose it again when you pay."
            ),
            "business": self.env._(
                "Buyer Protection is for private buyers only. It is not part of your"
                " order, because your address names a company or a VAT number."
            ),
            "cart": self.env._(
                "Your cart changed, so Buyer Protection was taken out of it. You can"
                " choose it again when you pay."
            ),
            "cart_page": self.env._(
                "You went back to your cart, so Buyer Protection was taken out of it."
                " You can choose it again when you pay."
            ),
            "delivery": self.env._(
                "Your delivery method changed, so Buyer Protection was taken out of"
                " your cart. You can choose it again when you pay."
            ),
            "earlier_cart": self.env._(
                "You came back to an earlier cart, so Buyer Protection was taken out of"
                " it. You can choose it again when you pay."
            ),
            "payment_page": self.env._(
                "You came back to this page, so Buyer Protection is not chosen any"
                " more. Tick it again if you want it."
            ),
            "prices": self.env._(
                "The prices of your cart changed, so Buyer Protection was taken out of"
                " it. You can choose it again when you pay."
            ),
            "terms": self.env._(
                "Buyer Protection is offered under other terms now. Please read them"
                " and tick it again if you want it."
            ),
            "unavailable": self.env._(
                "Buyer Protection is not available for your order at the moment. You"
                " can order without it."
            ),
        }[event]

    def _trustedshops_tell(self, event):
        """Leave a sentence for the next page, beside what core has to say.

        :param str event: what happened, see :meth:`_trustedshops_get_notice`
        """
        self.ensure_one()
        notice = self._trustedshops_get_notice(event)
        if not self._trustedshops_is_told(notice):
            lines = (self.shop_warning or "").splitlines()
            self.shop_warning = "\n".join((*lines, notice))

    def _trustedshops_get_confirmation_notice(self):
        """Return what the buyer is told when the payment is over.

        What else was left to say was said about the cart.

        :return: '' when there is nothing
        :rtype: str
        """
        self.ensure_one()
        notice = self._trustedshops_get_notice("paid")
        return notice if self._trustedshops_is_told(notice) else ""

    def _trustedshops_is_told(self, notice):
        """Tell whether a sentence was left for the next page.

        :param str notice: see :meth:`_trustedshops_get_notice`
        :rtype: bool
        """
        return notice in (self.shop_warning or "").splitlines()

    def _trustedshops_get_misfit(self):
        """Return why a choice does not fit any more.

        :return: an event of :meth:`_trustedshops_get_notice`
        :rtype: str
        """
        item = self._trustedshops_get_offer().get("item")
        is_same_item = item and (
            item.ts_product_id == self.trustedshops_protection_id.item_code
        )
        return "terms" if is_same_item else "cart"

    # === CHANGES === #
    # A choice goes with whatever changes the purchase that it was made for.
    #
    # The shop's own ways to change a cart each say what happened. Here is the net under
    # them: other modules, another currency, and staff, who write lines as they like.

    def _trustedshops_note_purchases(self):
        """Return what each open choice was made for, before something changes.

        Within a larger change, that alone is looked at: on the way prices may be
        anything.

        :return: buyer, currency and amount by order in sudo
        :rtype: dict
        """
        if self.env.context.get("trustedshops_changing") == const.OURS:
            return {}
        return {
            order: order._trustedshops_get_purchase()
            for order in self.sudo()
            if order.trustedshops_protection_id
            and order._trustedshops_can_drop_choice()
        }

    def _trustedshops_get_purchase(self):
        """Return who buys for how much.

        :rtype: tuple
        """
        amount = self._trustedshops_get_amount_to_protect()
        return self.partner_id, self.currency_id, amount

    def _trustedshops_drop_where_changed(self, purchases, event="cart"):
        """Drop the choices that were made for another purchase, and say so.

        :param dict purchases: see :meth:`_trustedshops_note_purchases`
        :param str event: what happened, see :meth:`_trustedshops_get_notice`
        """
        for order, purchase in purchases.items():
            if not order.trustedshops_protection_id:
                continue  # taken out by the change itself
            change = order._trustedshops_get_change(purchase, event)
            if not change:
                continue
            # The buyer reads it, whoever changes the order.
            reader = order.with_context(lang=order._get_lang())
            reader._trustedshops_drop_after_change(change)
            if self.env.user._is_internal():
                order._trustedshops_note_drop()

    def _trustedshops_get_change(self, purchase, event):
        """Return what happened to the purchase for which a choice was made.

        :param tuple purchase: see :meth:`_trustedshops_get_purchase`
        :param str event: what changes the amount
        :return: an event of :meth:`_trustedshops_get_notice`; '' when it is the same
        :rtype: str
        """
        buyer, currency, _amount = purchase
        now = self._trustedshops_get_purchase()
        if now == purchase:
            return ""
        if now[0] != buyer:
            return "address"
        return "prices" if now[1] != currency else event

    def _trustedshops_note_drop(self):
        """Tell staff why the line of the fee is gone."""
        self.message_post(
            body=self.env._(
                "Buyer Protection was taken out of this order, because the order"
                " changed after it was chosen."
            )
        )

    # === WHO CHANGES AN ORDER === #
    def write(self, vals):
        """Override of `sale` to drop a choice made for another purchase."""
        if not WATCHED & vals.keys():
            return super().write(vals)
        purchases = self._trustedshops_note_purchases()
        orders = self.with_context(trustedshops_changing=const.OURS)
        result = super(SaleOrder, orders).write(vals)
        self._trustedshops_drop_where_changed(purchases)
        return result

    def _recompute_prices(self):
        """Override of `sale` to drop a choice made at other prices."""
        purchases = self._trustedshops_note_purchases()
        orders = self.with_context(trustedshops_changing=const.OURS)
        result = super(SaleOrder, orders)._recompute_prices()
        self._trustedshops_drop_where_changed(purchases, "prices")
        return result

    def _recompute_taxes(self):
        """Override of `sale` to drop a choice made with other taxes."""
        purchases = self._trustedshops_note_purchases()
        orders = self.with_context(trustedshops_changing=const.OURS)
        result = super(SaleOrder, orders)._recompute_taxes()
        self._trustedshops_drop_where_changed(purchases, "prices")
        return result
