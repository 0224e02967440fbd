# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keep the buyer's choice of Buyer Protection in a cart, and drop it in time."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ..address import find_by_address

_lt = LazyTranslate(__name__)

# Why the box was unticked. The payment page says it until the next tick.
REASONS = {
    "returned": _lt("Unticked because this page was opened again."),
    "delivery": _lt("Unticked because the delivery changed."),
    "address": _lt("Unticked because the address changed."),
    "changed": _lt("Unticked because your order changed."),
    "offer": _lt("Unticked because the offer changed."),
    "misfit": _lt(
        "Not added, because the total of your order would not have risen by exactly the"
        " fee."
    ),
}
SENTENCES = {
    **REASONS,
    # On the confirmation page and in the portal, where the buyer cannot tick again.
    "paid": _lt(
        "Your payment had begun before you chose Buyer Protection, so it is not part of"
        " your order and you do not pay for it."
    ),
    "portal": _lt(
        "Buyer Protection was taken out of this order: it can only be chosen while you"
        " pay in the shop."
    ),
    # Why a click did nothing.
    "outdated": _lt(
        "Your order changed after this page was opened. Please reload the page."
    ),
    "gone": _lt(
        "Nothing was ordered: Buyer Protection was taken out of your cart meanwhile."
    ),
    "busy": _lt("Your cart is being changed. Please try again."),
    "being_paid": _lt(
        "Your order is being paid already, so Buyer Protection cannot be changed any"
        " more."
    ),
}


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
        domain=["|", ("state", "!=", "selected"), ("order_id.state", "=", "sale")],
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
    # Why the choice is gone, until the buyer makes another one: key of ``SENTENCES``.
    trustedshops_notice = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_user",
        export_string_translation=False,
    )

    # === MAY IT BE CHOSEN === #
    def _trustedshops_is_choice_open(self):
        """Return True if the buyer can still choose: nothing is being paid yet.

        :rtype: bool
        """
        self.ensure_one()
        return self.state == "draft" and not self._trustedshops_is_being_paid()

    def _trustedshops_is_being_paid(self):
        """Return True if a payment is under way or was made.

        :rtype: bool
        """
        self.ensure_one()
        return any(
            transaction.state not in ("draft", "cancel", "error")
            for transaction in self.sudo().transaction_ids
        )

    def _trustedshops_get_amount_to_protect(self):
        """Return the amount that the buyer could lose: goods and delivery, no fee.

        :return: with taxes, in the order's currency
        :rtype: float
        """
        self.ensure_one()
        fee = self._trustedshops_get_fee_in_total()
        return self.currency_id.round(self.amount_total - fee)

    # === THE CHOICE === #
    def _trustedshops_choose_protection(self):
        """Add Buyer Protection to the cart, in place of an earlier choice.

        :return: True if it was added, False if there is no offer any more, or if the
            order's total would rise by something else than the fee
        :rtype: bool
        """
        self.ensure_one()
        self._trustedshops_drop_choice()
        offer = self._trustedshops_get_offer()
        self._trustedshops_tell("" if offer else "offer")
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
            self._trustedshops_take_out_choice()
            self._trustedshops_tell("misfit")
            offer["certificate"]._note_misfit(self)
            return False
        self._trustedshops_update_rewards()
        if not self._trustedshops_is_choice_intact():
            self._trustedshops_drop_choice("changed")
        return bool(self.trustedshops_protection_id)

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

    def _trustedshops_can_drop_choice(self):
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

    def _trustedshops_drop_choice(self, notice=""):
        """Take Buyer Protection out of the cart.

        :param str notice: why, see :meth:`_trustedshops_tell`; '' if the buyer wants it
        :return: True if there was a choice
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
        """Return True if a tick changes only sums on the page that the buyer sees.

        The fee may also add or remove a provider that has a maximum amount.

        :param amount: the total that the page shows, None when it cannot change it. It
            differs from the order's total if the page shows another cart
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
        """Recompute rewards that depend on the total; the loyalty addon does that."""

    def _trustedshops_take_out_choice(self):
        """Take the line of the fee and the protection off the order.

        Delete the protection unless a transaction remembers it as part of its amount.
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
        """Return True if the choice is the one that was made for this purchase.

        :rtype: bool
        """
        self.ensure_one()
        protection = self.trustedshops_protection_id
        lines = self._trustedshops_get_fee_lines()
        if not protection:
            return not lines
        if protection.state != "selected":
            # It was ordered. If something does not fit, a person settles it; the shop
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
        """Return True if the choice is intact, and is what would be offered now.

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

        Call it before the order is confirmed.
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

        Core sets the same delivery again each time the buyer sees the methods.
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

        Core also calls this for an earlier cart that comes back after a log-in.
        """
        had_choice = self._trustedshops_can_drop_choice()
        result = super()._update_address(partner_id, fnames=fnames)
        if fnames and had_choice:
            # A new price of the delivery may have dropped it already.
            self._trustedshops_drop_choice()
            is_log_in = list(fnames) == ["partner_id"]
            self._trustedshops_tell("changed" if is_log_in else "address")
        return result

    def _recompute_cart(self):
        """Override of `website_sale` to drop a wrong choice before the payment page."""
        result = super()._recompute_cart()
        if not self._trustedshops_is_choice_right():
            is_intact = self._trustedshops_is_choice_intact()
            self._trustedshops_drop_choice("offer" if is_intact else "changed")
        return result

    # === THE FEE IS NOT A PRODUCT === #
    def _get_copiable_order_lines(self):
        """Override of `sale` to leave the fee out of a copied order."""
        return super()._get_copiable_order_lines() - self._trustedshops_get_fee_lines()

    def _compute_amount_total_without_delivery(self):
        """Override of `delivery` to leave the fee out of the sum for free delivery."""
        total = super()._compute_amount_total_without_delivery()
        return total - sum(self._trustedshops_get_fee_lines().mapped("price_total"))

    # === WHAT THE BUYER IS TOLD === #
    def _trustedshops_get_sentence(self, name):
        """Return a sentence for the buyer in the language of the context.

        :param str name: key of ``SENTENCES``
        :rtype: str
        """
        return self.env._(SENTENCES[name])

    def _trustedshops_tell(self, notice):
        """Store why the choice is gone, for the pages that say it.

        :param str notice: key of ``SENTENCES``; '' when there is nothing to say
        """
        self.ensure_one()
        if (self.trustedshops_notice or "") != notice:
            self.trustedshops_notice = notice

    def _trustedshops_get_notice(self, offer):
        """Return what the payment page says about a choice that is gone.

        If the buyer cannot choose again, it says why instead.

        :param dict offer: of the page, with its ``fee``; empty without an offer
        :return: '' when there is nothing to say
        :rtype: str
        """
        self.ensure_one()
        if self.trustedshops_notice not in REASONS:
            return ""
        if not offer:
            certificate_sudo = self.website_id._trustedshops_get_certificate()
            if not self._trustedshops_may_buy(certificate_sudo):
                return self.env._(
                    "Buyer Protection is for private buyers only. It is not part of"
                    " your order, because your address names a company or a VAT number."
                )
            return self.env._(
                "Buyer Protection is not available for your order at the moment. You"
                " can order without it."
            )
        fee = f"{self.currency_id.format(offer['fee'])} {offer['tax_words']}".strip()
        reason = self._trustedshops_get_sentence(self.trustedshops_notice)
        today = self.env._("Today: %(fee)s", fee=fee)
        return f"{reason} {today}"

    def _trustedshops_get_answer(self):
        """Return what the buyer is told after the box was ticked or unticked.

        Screen readers also read out the total, which others see change.

        :rtype: markupsafe.Markup
        """
        is_chosen = self.trustedshops_protection_id
        total = self.currency_id.format(self.amount_total)
        return Markup('%s<span class="visually-hidden">. %s</span>') % (
            self.env._("Added") if is_chosen else self.env._("Removed"),
            self.env._("New total: %(total)s.", total=total),
        )

    # === WHOSE IT IS === #
    @api.model
    def _trustedshops_find_by_address(self, email):
        """Return the orders of an e-mail address in all companies. To be extended.

        :param str email: normalized, not empty
        :return: records in sudo
        """
        return find_by_address(self.sudo(), "partner_id.email_normalized", email)
