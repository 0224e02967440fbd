# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from markupsafe import Markup

from odoo import Command, api, fields, models

from ...lib.address import get_spellings
from ...lib.items import choose_item
from ..protection.protection import get_first_email
from .shopper_sentences import REASONS, SENTENCES

# What an offer reads of its certificate: all columns take the payment page noticeably
# longer.
OFFER_FIELDS = (
    "can_sell_fee conditions_url environment fee_product_id fee_taxes has_ws_login"
    " hold_reason items_checked_at mode offered_to privacy_url protection_model state"
    " ts_id"
).split()


class SaleOrder(models.Model):
    """The offer of Buyer Protection for a cart, the choice, and what ends it.

    A choice is made for one purchase: that buyer, that currency, that amount. The shop
    drops it as soon as the buyer changes the cart. Whoever else changed the order, the
    purchase is compared again before the payment page is shown, a payment begins or the
    order is confirmed.
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
        # One that could not be placed is charged all the same.
        domain=["|", ("state", "!=", "selected"), ("order_id.state", "=", "sale")],
        groups="sales_team.group_sale_salesman,account.group_account_invoice,"
        "base.group_system",
    )
    trustedshops_protection_state = fields.Selection(
        related="trustedshops_protection_id.state",
        string="Buyer Protection State",
        groups="base.group_user",  # customers read it in words
    )
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
    # When the buyer last pressed the button that orders.
    trustedshops_was_offered = fields.Boolean(
        readonly=True,
        copy=False,
        groups="base.group_user",
        export_string_translation=False,
    )
    # Why the choice is gone, until the buyer makes another: key of ``SENTENCES``.
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

    # === THE OFFER === #
    def _trustedshops_get_offer(self):
        """Return what Buyer Protection can be offered for this cart now.

        Reads stored values only; no service is asked.

        :return: ``certificate`` (in sudo), ``item`` (a ``ProtectionItem`` in the
            order's currency) and what the buyer reads, see
            :meth:`_trustedshops_get_terms`; empty when there is no offer
        :rtype: dict
        """
        self.ensure_one()
        certificate_sudo = self.website_id._trustedshops_get_certificate()
        if not certificate_sudo or not self._trustedshops_is_choice_open():
            return {}
        certificate_sudo.fetch(OFFER_FIELDS)
        if (
            not certificate_sudo._is_usable_by(self.env.user)
            or not self._trustedshops_is_for_buyer(certificate_sudo)
            or not get_first_email(self.partner_id.email)
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

    def _trustedshops_is_choice_open(self):
        """Tell whether the buyer can still choose: nothing is being paid yet.

        :rtype: bool
        """
        self.ensure_one()
        return self.state == "draft" and not self._trustedshops_is_being_paid()

    def _trustedshops_is_being_paid(self):
        """Tell whether a payment is under way or was made.

        :rtype: bool
        """
        self.ensure_one()
        return any(
            transaction.state not in ("draft", "cancel", "error")
            for transaction in self.sudo().transaction_ids
        )

    def _trustedshops_get_amount_to_protect(self):
        """Return what the buyer could lose: goods and delivery, without the fee.

        :return: taxes in, in the order's currency
        :rtype: float
        """
        self.ensure_one()
        fee = self._trustedshops_get_fee_in_total()
        return self.currency_id.round(self.amount_total - fee)

    def _trustedshops_is_for_buyer(self, certificate):
        """Tell whether the merchant offers Buyer Protection to this buyer.

        A company, a company's name in the address and a VAT number each make a
        business: a number is only typed in by those who buy as one, and Odoo's fiscal
        positions take it so, too. Parcels of a private person may go to an office, so
        the delivery address does not count.

        :param certificate: record of ``trustedshops.certificate``
        :rtype: bool
        """
        addresses = self.partner_id | self.partner_invoice_id
        return certificate.offered_to != "private" or not any(
            # A slash is Odoo's mark for "has no such number".
            partner.is_company or partner.company_name or (partner.vat or "/") != "/"
            for partner in addresses | addresses.commercial_partner_id
        )

    # === THE FEE === #
    def _trustedshops_get_fee_lines(self):
        """Return the line of the fee; never more than one, save after a merge."""
        return self.order_line.filtered("is_trustedshops_protection")

    def _trustedshops_get_fee_rows(self, offer=None):
        """Return the rows of the fee in the totals.

        :param offer: what the page offers, whose row stays hidden until the box is
            ticked
        :type offer: dict or None
        :return: ``fee``, ``tax_words`` and ``is_hidden`` of each
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

    def _trustedshops_get_fee_in_total(self):
        """Return how much less the total would be without the fee.

        :return: taxes in, in the order's currency; less than the fee when something
            else, as a gift card, pays a part of it
        :rtype: float
        """
        return min(self.trustedshops_fee_amount, self.amount_total)

    def _trustedshops_get_fee_taxes(self, product):
        """Return the taxes with which the fee is sold on this order.

        :param product: record of ``product.product``
        """
        taxes = product.taxes_id._filter_taxes_by_company(self.company_id)
        return self.fiscal_position_id.map_tax(taxes)

    def _trustedshops_get_tax_words(self, taxes, position_ids=()):
        """Return how the fee is taxed, in words for the buyer.

        :param taxes: records of ``account.tax`` with which the fee is sold
        :param position_ids: of the fiscal position that has yet to map them
        :type position_ids: collection of int
        :return: "incl. 19% VAT", "plus 19% VAT", '' when no tax is due
        :rtype: str
        """
        return self.env["account.tax"]._trustedshops_get_words(
            taxes._ids, tuple(position_ids), self._trustedshops_shows_net()
        )

    def _trustedshops_shows_net(self):
        """Tell whether the shop shows prices without taxes, as to companies.

        :rtype: bool
        """
        self.ensure_one()
        return self.website_id.show_line_subtotals_tax_selection == "tax_excluded"

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

    # === THE CHOICE === #
    def _trustedshops_choose_protection(self):
        """Add Buyer Protection to the cart, in place of an earlier choice.

        :return: whether it was added; not when there is no offer any more
        :rtype: bool
        """
        self.ensure_one()
        self._trustedshops_drop_choice()
        offer = self._trustedshops_get_offer()
        self._trustedshops_tell("" if offer else "offer")
        if not offer:
            return False
        protection = self.env["trustedshops.protection"].create(
            self._trustedshops_prepare_choice(offer)
        )
        self.trustedshops_protection_id = protection
        self.env["sale.order.line"].create(
            self._trustedshops_prepare_fee_line(offer["certificate"], protection)
        )
        self._trustedshops_update_rewards()
        return True

    def _trustedshops_prepare_choice(self, offer):
        """Return the values of the protection that the buyer ticked."""
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
            # The purchase for which it is chosen.
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "order_amount": self._trustedshops_get_amount_to_protect(),
            # What was ordered, as it was shown.
            "consent_text": f"{offer['title']}\n{offer['text']}",
            "consent_at": fields.Datetime.now(),
            "conditions_url": offer["conditions_url"],
            "privacy_url": offer["privacy_url"],
            "lang_id": self.env["res.lang"]._get_data(code=self.env.lang).id,
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

    def _trustedshops_can_drop_choice(self):
        """Tell whether there is a choice that nobody ordered or paid for yet.

        A quotation may still hold what was ticked in the cart that it once was.

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

    def _trustedshops_drop_choice(self, notice=""):
        """Take Buyer Protection out of the cart.

        :param str notice: why, see :meth:`_trustedshops_tell`; '' for the buyer's wish
        :return: whether there was one
        :rtype: bool
        """
        self.ensure_one()
        if not self._trustedshops_can_drop_choice():
            return False
        self._trustedshops_take_out_choice()
        self._trustedshops_update_rewards()
        self._trustedshops_tell(notice)
        return True

    def _trustedshops_can_update_page(self, amount):
        """Tell whether a tick changes nothing but sums on the page that the buyer sees.

        A provider with a largest amount may come or go with the fee.

        :param amount: the total that the page shows; None when it cannot change it.
            Another one than the order's belongs to another cart
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
            *provider_model._check_company_domain(self.company_id),
            ("state", "!=", "disabled"),
            ("maximum_amount", ">", 0),
        ]
        return not provider_model.search_count(with_limit, limit=1)

    def _trustedshops_update_rewards(self):
        """Let the bridge to loyalty compute what depends on the total."""

    def _trustedshops_take_out_choice(self):
        """Take the line of the fee and the protection off the order.

        The protection is deleted, unless a transaction remembers it as part of its
        amount.
        """
        self.ensure_one()
        protection = self.trustedshops_protection_id
        self.trustedshops_protection_id = False
        self._trustedshops_get_fee_lines().unlink()
        remembered = [("trustedshops_protection_id", "=", protection.id)]
        if protection.state == "selected" and not (
            self.env["payment.transaction"].sudo().search_count(remembered, limit=1)
        ):
            protection.sudo().unlink()

    # === DOES IT FIT THE ORDER === #
    def _trustedshops_is_choice_intact(self):
        """Tell whether the choice is the one that was made for this purchase.

        :rtype: bool
        """
        self.ensure_one()
        protection = self.trustedshops_protection_id
        lines = self._trustedshops_get_fee_lines()
        if not protection:
            return not lines
        if protection.state != "selected":
            # It was ordered: what does not fit about it is for a person, and no reason
            # to refuse the rest of the money.
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
        """Tell whether the choice is intact, and what would be offered now.

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

    def _trustedshops_drop_changed_choice(self):
        """Take out a choice that was made for another purchase; tell staff and buyer.

        To be called before the order is confirmed.
        """
        if self._trustedshops_is_choice_intact():
            return
        staff_env = self.trustedshops_protection_id._in_responsible_lang().env
        if self._trustedshops_drop_choice("changed"):
            self.message_post(
                body=staff_env._(
                    "Buyer Protection was taken out of this order, because the order"
                    " changed after it was chosen."
                )
            )

    # === WHAT CHANGES A CART === #
    def _verify_cart_after_update(self):
        """Override of `website_sale` to drop a choice made for another cart."""
        result = super()._verify_cart_after_update()
        self._trustedshops_drop_choice("changed")
        return result

    def _set_delivery_method(self, delivery_method, rate=None):
        """Override of `website_sale` to drop a choice made for another delivery.

        The same one at the same price is set whenever the buyer sees the methods.
        """
        carrier, amount = self.carrier_id, self._trustedshops_get_amount_to_protect()
        result = super()._set_delivery_method(delivery_method, rate=rate)
        is_other = self.currency_id.compare_amounts(
            amount, self._trustedshops_get_amount_to_protect()
        )
        if is_other or carrier != self.carrier_id:
            self._trustedshops_drop_choice("delivery")
        return result

    def _update_address(self, partner_id, fnames=None):
        """Override of `website_sale` to drop a choice made for another address.

        Core calls this, too, for an earlier cart that comes back after a log-in.
        """
        had_choice = self._trustedshops_can_drop_choice()
        result = super()._update_address(partner_id, fnames=fnames)
        if fnames and had_choice:
            # With it the price of the delivery may have changed, and dropped it.
            self._trustedshops_drop_choice()
            is_log_in = list(fnames) == ["partner_id"]
            self._trustedshops_tell("changed" if is_log_in else "address")
        return result

    def _recompute_cart(self):
        """Override of `website_sale`: the last look before the payment page."""
        result = super()._recompute_cart()
        if not self._trustedshops_is_choice_right():
            is_intact = self._trustedshops_is_choice_intact()
            self._trustedshops_drop_choice("offer" if is_intact else "changed")
        return result

    # === THE FEE IS NO GOODS === #
    def _get_copiable_order_lines(self):
        """Override of `sale`: a copy of an order is not protected."""
        return super()._get_copiable_order_lines() - self._trustedshops_get_fee_lines()

    def _compute_amount_total_without_delivery(self):
        """Override of `delivery`: the fee buys no free delivery."""
        total = super()._compute_amount_total_without_delivery()
        return total - sum(self._trustedshops_get_fee_lines().mapped("price_total"))

    # === WHAT THE BUYER IS TOLD === #
    def _trustedshops_get_sentence(self, name):
        """Return a sentence for the buyer.

        :param str name: key of ``SENTENCES``
        :rtype: str
        """
        return self.env._(SENTENCES[name])

    def _trustedshops_tell(self, notice):
        """Keep why the choice is gone, for the pages that say it.

        :param str notice: key of ``SENTENCES``; '' when there is nothing to say
        """
        self.ensure_one()
        if (self.trustedshops_notice or "") != notice:
            self.trustedshops_notice = notice

    def _trustedshops_get_notice(self, offer):
        """Return what the payment page says of a choice that is gone.

        What keeps the buyer from choosing again is said in place of the reason.

        :param dict offer: what the page offers, with its ``fee``; empty for nothing
        :return: '' when nothing is to be said
        :rtype: str
        """
        self.ensure_one()
        if self.trustedshops_notice not in REASONS:
            return ""
        if not offer:
            certificate_sudo = self.website_id._trustedshops_get_certificate()
            is_for_buyer = self._trustedshops_is_for_buyer(certificate_sudo)
            name = "unavailable" if is_for_buyer else "business"
            return self._trustedshops_get_sentence(name)
        fee = f"{self.currency_id.format(offer['fee'])} {offer['tax_words']}".strip()
        reason = self._trustedshops_get_sentence(self.trustedshops_notice)
        return f"{reason} {self._trustedshops_get_sentence('fee') % {'fee': fee}}"

    def _trustedshops_get_answer(self):
        """Return what the buyer is told after the box was ticked or unticked.

        The total is read out; who sees the page sees it change.

        :rtype: markupsafe.Markup
        """
        name = "added" if self.trustedshops_protection_id else "removed"
        words = {"total": self.currency_id.format(self.amount_total)}
        return Markup('%s<span class="visually-hidden">. %s</span>') % (
            self._trustedshops_get_sentence(name),
            self._trustedshops_get_sentence("total") % words,
        )

    # === WHOSE IT IS === #
    @api.model
    def _trustedshops_find_by_address(self, email):
        """Return the orders of an address, of all companies. To be extended.

        :param str email: normalized, not empty
        :return: records in sudo
        """
        return self.sudo().search(
            [("partner_id.email_normalized", "in", get_spellings(email))]
        )
