# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keep the buyer's choice of Buyer Protection in a cart, and remove it in time."""

from odoo import Command, api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from ..privacy import search_by_address


class SaleOrder(models.Model):
    """The buyer's choice of Buyer Protection.

    A choice is made for one purchase: this buyer, currency and amount. The shop drops
    it as soon as the buyer changes the cart. In case staff or another app changed the
    order, the shop also compares the purchase before it shows the payment page, begins
    a payment or confirms the order.
    """

    _name = "sale.order"
    _inherit = ["sale.order", "trustedshops.guarded.fields"]

    _trustedshops_guarded_fields = frozenset(
        {
            "trustedshops_card_delivered_at",
            "trustedshops_certificate_id",
            "trustedshops_notice",
            "trustedshops_protection_id",
            "trustedshops_registration_opened_at",
            "trustedshops_was_offered",
        }
    )

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
        # Staff also see one that could not be placed, because it is still charged.
        domain=[
            "|",
            ("state", "!=", "selected"),
            "&",
            ("order_id.state", "=", "sale"),
            ("fee_state", "!=", "waived"),
        ],
        groups="sales_team.group_sale_salesman,account.group_account_invoice,"
        "base.group_system",
    )
    # For staff; customers read a sentence.
    trustedshops_protection_status = fields.Selection(
        related="trustedshops_protection_id.status",
        string="Buyer Protection Status",
        groups="base.group_user",
    )
    trustedshops_is_test = fields.Boolean(
        related="trustedshops_protection_id.is_test",
        string="Buyer Protection is a Test",
        groups="base.group_user",
    )
    # Whether the shop offered it when the buyer last pressed the button to order.
    trustedshops_was_offered = fields.Boolean(
        readonly=True,
        copy=False,
        groups="base.group_user",
        export_string_translation=False,
    )
    # Code of the message about a removed choice, until a page has shown it.
    trustedshops_notice = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_user",
        export_string_translation=False,
    )
    trustedshops_fee_amount = fields.Monetary(
        string="of which Buyer Protection",
        compute="_compute_trustedshops_fee_amount",
    )

    @api.depends("order_line.is_trustedshops_protection", "order_line.price_total")
    def _compute_trustedshops_fee_amount(self):
        for order in self:
            lines = order._trustedshops_get_fee_lines()
            order.trustedshops_fee_amount = sum(lines.mapped("price_total"))

    # === MAY IT BE CHOSEN === #
    def _trustedshops_is_choice_open(self):
        """Return True if the order is a cart that is not paid or being paid.

        One that staff reset to a quotation may have a protection that was ordered.

        :rtype: bool
        """
        self.ensure_one()
        return (
            self.state == "draft"
            and self.sudo().trustedshops_protection_id.state in (False, "selected")
            and not self._trustedshops_is_being_paid()
        )

    def _trustedshops_is_being_paid(self):
        """Return True if a payment is under way or was made.

        Failed and cancelled transactions do not count, nor those that were not begun.

        :rtype: bool
        """
        self.ensure_one()
        return any(
            transaction.state not in ("draft", "cancel", "error")
            for transaction in self.sudo().transaction_ids
        )

    def _trustedshops_is_free(self):
        """Return True if the order needs no payment, not even by a gift card."""
        self.ensure_one()
        is_zero = self.amount_total <= 0  # rounded as it was stored
        return is_zero and self._trustedshops_get_amount_to_protect() <= 0

    def _trustedshops_get_amount_to_protect(self):
        """Return the amount of the order without the fee. To be extended.

        :return: amount with taxes, in the order's currency
        :rtype: float
        """
        self.ensure_one()
        fee = self._trustedshops_get_fee_in_total()
        return self.currency_id.round(self.amount_total - fee)

    def _trustedshops_refuse_as_busy(self):
        """Override to tell the buyer that another request changes or pays the order."""
        raise UserError(self._trustedshops_format_message("choice_busy"))

    def _trustedshops_lock_and_wait(self):
        """Lock the order as :meth:`_trustedshops_lock` does, but wait for others.

        :raise ConcurrencyError: when another request has it; the framework then repeats
            this whole request
        """
        if not self.try_lock_for_update(allow_referencing=True):
            raise ConcurrencyError(f"{self} is locked")

    # === THE CHOICE === #
    def _trustedshops_tick(self, is_ticked, offer_key, amount):
        """Add Buyer Protection to the cart, or take it out.

        :param bool is_ticked: whether the box is ticked
        :param str offer_key: key of the offer that the buyer saw; if it has changed,
            nothing is chosen
        :param amount: see :meth:`_trustedshops_can_update_page`
        :return: True if the page can show the result without being loaded again
        :rtype: bool
        :raise UserError: when the order is being changed or paid
        """
        if not isinstance(is_ticked, bool):
            raise UserError(self._trustedshops_format_message("choice_outdated"))
        self._trustedshops_lock()
        if not self._trustedshops_is_choice_open():
            raise UserError(self._trustedshops_format_message("choice_being_paid"))
        can_update = self._trustedshops_can_update_page(amount)
        others = self.order_line - self._trustedshops_get_fee_lines()
        if is_ticked and offer_key == self._trustedshops_get_offer().get("key"):
            self._trustedshops_add_choice()
        else:
            self._trustedshops_remove_choice()
            self._trustedshops_update_notice("choice_offer" if is_ticked else "")
        return (
            can_update
            and others == self.order_line - self._trustedshops_get_fee_lines()
            and is_ticked == bool(self.trustedshops_protection_id)
            and bool(self.amount_total)
        )

    def _trustedshops_can_update_page(self, amount):
        """Return True if a tick changes only sums on the page that the buyer sees.

        The fee may also add or remove a provider that has a maximum amount. To be
        extended.

        :param amount: the total that the page shows, None when it cannot change it. It
            differs from the order's total if the page shows another cart
        :type amount: float or None
        :rtype: bool
        """
        self.ensure_one()
        half = self.currency_id.rounding / 2
        total = self.amount_total
        if not isinstance(amount, int | float) or not (
            total - half < amount < total + half
        ):
            return False
        provider_model = self.env["payment.provider"].sudo()
        with_limit = [
            ("company_id", "in", self.company_id.parent_ids.ids),
            ("state", "!=", "disabled"),
            ("maximum_amount", ">", 0),
        ]
        return not provider_model.search_count(with_limit, limit=1)

    def _trustedshops_add_choice(self):
        """Add Buyer Protection to the cart, in place of an earlier choice.

        Store a notice for the buyer if that is not possible.

        :return: True if it was added; False if there is no offer any more, the order's
            total would not rise by exactly the fee, or its rewards changed with it
        :rtype: bool
        """
        self.ensure_one()
        self._trustedshops_remove_choice()
        offer = self._trustedshops_get_offer()
        self._trustedshops_update_notice("" if offer else "choice_offer")
        if not offer:
            return False
        total = self.amount_total
        protection = self.env["trustedshops.protection"].create(
            self._trustedshops_prepare_choice(offer)
        )
        self.trustedshops_protection_id = protection
        self.env["sale.order.line"].create(
            self._trustedshops_prepare_fee_line(offer["certificate"], protection)
        )
        rise = self.amount_total - total  # before a gift card pays a part of it
        if self.currency_id.compare_amounts(rise, protection.gross_fee):
            self._trustedshops_unlink_choice()
            self._trustedshops_update_notice("choice_misfit")
            offer["certificate"]._update_misfit(self)
            return False
        self._trustedshops_update_rewards()
        if not self._trustedshops_is_choice_intact():
            self._trustedshops_remove_choice("choice_changed")
        return bool(self.trustedshops_protection_id)

    def _trustedshops_prepare_choice(self, offer):
        """Return the values of the protection that the buyer ticked.

        :param dict offer: see :meth:`_trustedshops_get_offer`
        :rtype: dict
        """
        item = offer["item"]
        return {
            "order_id": self.id,
            "certificate_id": offer["certificate"].id,
            "company_id": self.company_id.id,
            "is_test": offer["certificate"]._is_test(),
            "item_code": item.ts_product_id,
            "protected_amount": float(item.protected_amount),
            "duration_days": item.duration_days,
            "net_fee": float(item.net_fee),
            "gross_fee": float(item.gross_fee),
            # The purchase that it protects.
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "order_amount": self._trustedshops_get_amount_to_protect(),
            # The terms as they were shown.
            "consent_text": f"{offer['title']}\n{offer['text']}",
            "consent_at": fields.Datetime.now(),
            "conditions_url": offer["conditions_url"],
            "privacy_url": offer["privacy_url"],
            "lang_id": self.env["res.lang"]._get_data(code=self.env.lang).id,
        }

    def _trustedshops_can_remove_choice(self):
        """Return True if there is a choice that was neither ordered nor paid for.

        A quotation may still contain a choice that was made when it was a cart.

        :rtype: bool
        """
        self.ensure_one()
        protection = self.sudo().trustedshops_protection_id
        return (
            self.state in ("draft", "sent")
            and protection.state in (False, "selected")
            and bool(protection or self._trustedshops_get_fee_lines())
            and not self._trustedshops_is_being_paid()
        )

    def _trustedshops_remove_choice(self, notice=""):
        """Take Buyer Protection out of the cart, unless it was ordered or is paid.

        :param str notice: the reason, as a code of the messages; '' if the buyer wants
            it
        :return: True if a choice was taken out
        :rtype: bool
        """
        self.ensure_one()
        if not self._trustedshops_can_remove_choice():
            return False
        self._trustedshops_unlink_choice()
        self._trustedshops_update_rewards()
        self._trustedshops_update_notice(notice)
        return True

    def _trustedshops_unlink_choice(self):
        """Take the line of the fee and the protection off the order.

        Delete the protection if it is only a choice, unless a transaction remembers it
        as part of its amount; then its fee is not charged until that is paid.
        """
        self.ensure_one()
        protection = self.trustedshops_protection_id
        self.trustedshops_protection_id = False
        self._trustedshops_get_fee_lines().unlink()
        if protection.state != "selected":
            return
        remembered = [("trustedshops_protection_id", "=", protection.id)]
        if self.env["payment.transaction"].sudo().search_count(remembered, limit=1):
            protection.sudo().fee_state = "waived"
        else:
            protection.sudo().unlink()

    def _trustedshops_update_rewards(self):
        """Recompute the rewards that depend on the total. To be extended."""

    def _trustedshops_update_notice(self, notice):
        """Store the reason for a removed choice, for the pages that show it.

        :param str notice: code of a message; '' when there is nothing to say
        """
        self.ensure_one()
        if (self.trustedshops_notice or "") != notice:
            self.trustedshops_notice = notice

    # === THE LINE OF THE FEE === #
    def _trustedshops_get_fee_lines(self):
        """Return the line of the fee; more than one only after carts were merged."""
        return self.order_line.filtered("is_trustedshops_protection")

    def _trustedshops_get_fee_in_total(self):
        """Return the part of the fee in the total.

        :return: amount with taxes, in the order's currency; less than the fee when
            something else, such as a gift card, pays a part of it
        :rtype: float
        """
        return min(self.trustedshops_fee_amount, self.amount_total)

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
            "discount": 0.0,  # given, so that no app computes another one
            "technical_price_unit": 0.0,  # a price set by hand, never computed again
            "sequence": 1000,
            "tax_ids": [Command.set(taxes.ids)],
            **self._trustedshops_prepare_fee_price(
                product, taxes, protection.gross_fee
            ),
        }

    def _trustedshops_prepare_fee_price(self, product, taxes, gross_fee):
        """Return the values with which a line adds exactly the gross fee to the order.

        :param product: record of ``product.product``
        :param taxes: records of ``account.tax``, mapped for this order
        :param float gross_fee: fee with taxes, in the order's currency
        :return: ``price_unit`` and ``extra_tax_data``
        :rtype: dict
        """
        return taxes._trustedshops_prepare_fee_price(
            self,
            product_id=product,
            price_unit=gross_fee,
            currency_id=self.currency_id,
            rate=self.currency_rate,
            partner_id=self.partner_id,
        )

    def _trustedshops_get_fee_taxes(self, product):
        """Return the taxes with which the fee is sold on this order.

        :param product: record of ``product.product``
        :return: records of ``account.tax``, mapped by the fiscal position
        """
        taxes = product.taxes_id._filter_taxes_by_company(self.company_id)
        return self.fiscal_position_id.map_tax(taxes)

    def _trustedshops_get_tax_words(self, taxes, position_ids=()):
        """Return the tax of the fee in words for the buyer.

        :param taxes: records of ``account.tax`` with which the fee is sold
        :param position_ids: id of the fiscal position if it still has to map them
        :type position_ids: collection of int
        :return: "incl. 19% VAT", "plus 19% VAT", '' when no tax is due
        :rtype: str
        """
        return self.env["account.tax"]._trustedshops_get_words(
            taxes._ids, tuple(position_ids), self._trustedshops_has_net_prices()
        )

    def _trustedshops_has_net_prices(self):
        """Return True if the shop shows prices without taxes, as for companies.

        :rtype: bool
        """
        self.ensure_one()
        return self.website_id.show_line_subtotals_tax_selection == "tax_excluded"

    def _trustedshops_get_fee_rows(self, offer=None):
        """Return the rows of the fee in the totals: one for each line of the fee.

        Without such a line, the offer makes a hidden row, which a tick shows.

        :param offer: values of :meth:`_trustedshops_prepare_row`; without a ``fee``
            they only give notice, and make no row
        :type offer: dict or None
        :return: ``fee`` and ``tax_words`` of each row; of the hidden one ``is_hidden``
            and all values of the offer
        :rtype: list[dict]
        """
        rows = [
            {
                "fee": line._get_cart_display_price(),
                "tax_words": self._trustedshops_get_tax_words(line.tax_ids),
            }
            for line in self._trustedshops_get_fee_lines()
        ]
        if offer and "fee" in offer and not rows:
            return [{**offer, "is_hidden": True}]
        return rows

    # === DOES IT FIT THE ORDER === #
    def _trustedshops_is_choice_intact(self):
        """Return True if the order is still the purchase for which the choice was made.

        That is the same customer, currency, amount and fee. Also return True without a
        choice, and for one that was ordered with at most one line of the fee.

        :rtype: bool
        """
        self.ensure_one()
        protection = self.trustedshops_protection_id
        lines = self._trustedshops_get_fee_lines()
        if not protection:
            return not lines
        if protection.state != "selected":
            # It was ordered. If something does not fit, staff settle it; the shop
            # must still accept the rest of the money.
            return len(lines) <= 1
        compare = self.currency_id.compare_amounts
        amount = self._trustedshops_get_amount_to_protect()
        return (
            len(lines) == 1
            and not compare(protection.gross_fee, lines.price_total)
            # Nothing may change while another payment is under way.
            and (
                self._trustedshops_is_being_paid()
                or (
                    protection.partner_id == self.partner_id
                    and protection.currency_id == self.currency_id
                    and not compare(protection.order_amount, amount)
                )
            )
        )

    def _trustedshops_is_choice_right(self):
        """Return True if the choice is intact, and would be offered like that now.

        What is offered counts only as long as the buyer can choose.

        :rtype: bool
        """
        protection = self.trustedshops_protection_id
        if not self._trustedshops_is_choice_intact():
            return False
        if protection.state != "selected" or not self._trustedshops_is_choice_open():
            return True
        offer = self._trustedshops_get_offer()
        return (
            bool(offer)
            and offer["certificate"] == protection.certificate_id
            and offer["certificate"]._is_test() == protection.is_test
            and offer["item"].ts_product_id == protection.item_code
            and not self.currency_id.compare_amounts(
                float(offer["item"].gross_fee), protection.gross_fee
            )
        )

    def _trustedshops_remove_changed_choice(self):
        """Take out a choice that was made for another purchase; tell staff and buyer.

        Call it before the order is confirmed.
        """
        if self._trustedshops_is_choice_intact():
            return
        # Staff read it in their language; removing may delete the protection.
        staff_env = self.trustedshops_protection_id._with_responsible_lang().env
        if self._trustedshops_remove_choice("choice_changed"):
            messages = staff_env["trustedshops.message"]
            self.message_post(body=messages._format_message("choice_changed"))

    def _trustedshops_sync_with_page(self, is_shown):
        """Let the order contain the fee only if the page that pays shows it.

        It locks the order. Call it first in each request that pays: whether the amount
        fits is checked afterwards. A fee that was ordered stays, because the totals
        show it on every page.

        :param bool is_shown: whether the box of Buyer Protection is ticked there
        :raise UserError: when it is ticked but the order does not contain the fee, when
            the fee cannot be removed any more, or the order is being changed
        """
        self.ensure_one()
        self._trustedshops_lock()
        if not is_shown:
            self._trustedshops_remove_choice()
            is_choice = self.trustedshops_protection_id.state in (False, "selected")
            is_open = is_choice or self._trustedshops_is_being_paid()
            if is_open and self._trustedshops_get_fee_lines():
                raise UserError(self._trustedshops_format_message("choice_being_paid"))
        elif not self.trustedshops_protection_id:
            error = UserError(self._trustedshops_format_message("choice_gone"))
            error.context = {"trustedshops_reload": True}  # read by our script
            raise error

    # === WHAT CHANGES A CART === #
    def _verify_cart_after_update(self):
        """Override of `website_sale` to drop a choice made for another cart."""
        result = super()._verify_cart_after_update()
        self._trustedshops_remove_choice("choice_changed")
        return result

    def _set_delivery_method(self, delivery_method, rate=None):
        """Override of `website_sale` to drop a choice made for another delivery.

        Core sets the same delivery again each time the buyer sees the methods.
        """
        carrier, amount = self.carrier_id, self._trustedshops_get_amount_to_protect()
        result = super()._set_delivery_method(delivery_method, rate=rate)
        is_other = self.currency_id.compare_amounts(
            amount, self._trustedshops_get_amount_to_protect()
        )
        if is_other or carrier != self.carrier_id:
            self._trustedshops_remove_choice("choice_changed")
        return result

    def _update_address(self, partner_id, fnames=None):
        """Override of `website_sale` to drop a choice made for another address.

        Core also calls this for an earlier cart that comes back after a log-in.
        """
        had_choice = self._trustedshops_can_remove_choice()
        result = super()._update_address(partner_id, fnames=fnames)
        if fnames and had_choice:
            # A new price of the delivery may have dropped it already.
            self._trustedshops_remove_choice()
            self._trustedshops_update_notice("choice_changed")
        return result

    def _recompute_cart(self):
        """Override of `website_sale` to drop a wrong choice before the payment page."""
        result = super()._recompute_cart()
        if not self._trustedshops_is_choice_right():
            is_intact = self._trustedshops_is_choice_intact()
            self._trustedshops_remove_choice(
                "choice_offer" if is_intact else "choice_changed"
            )
        return result

    # === THE FEE IS NOT A PRODUCT === #
    def _get_copiable_order_lines(self):
        """Override of `sale` to leave the fee out of a copied order."""
        return super()._get_copiable_order_lines() - self._trustedshops_get_fee_lines()

    def _compute_amount_total_without_delivery(self):
        """Override of `delivery` to keep the fee from earning free delivery."""
        total = super()._compute_amount_total_without_delivery()
        return total - sum(self._trustedshops_get_fee_lines().mapped("price_total"))

    # === WHOSE IT IS === #
    @api.model
    def _trustedshops_search_by_address(self, email):
        """Return the orders of an e-mail address in all companies. To be extended.

        :param str email: normalized address, not empty
        :return: records in sudo
        """
        return search_by_address(self.sudo(), "partner_id.email_normalized", email)
