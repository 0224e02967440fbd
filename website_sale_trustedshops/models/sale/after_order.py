# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ... import const
from ..protection.protection import get_first_email


class SaleOrder(models.Model):
    """What Trusted Shops offers the buyer after the order: protection and reviews.

    The Trustcard is drawn by Trusted Shops' script from a hidden block of the page; the
    form is a button of ours for the same purpose, for buyers who block scripts and for
    old contracts. Nothing is sent before the buyer clicks, and Odoo is not told of it.
    """

    _inherit = "sale.order"

    trustedshops_card_delivered_at = fields.Datetime(
        string="Trustcard Delivered",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    trustedshops_is_classic = fields.Boolean(
        compute="_compute_trustedshops_is_classic",
        groups="base.group_user",
        export_string_translation=False,
    )
    # Serves the buyer after the order: that of the language of the purchase.
    trustedshops_certificate_id = fields.Many2one(
        "trustedshops.certificate",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_user",
        export_string_translation=False,
    )

    @api.depends(
        "website_id", "state", "partner_id.lang", "trustedshops_certificate_id.active"
    )
    def _compute_trustedshops_is_classic(self):
        for order in self:
            certificate_sudo = order.with_context(
                lang=order._trustedshops_get_buyer_lang()
            )._trustedshops_get_certificate_after()
            order.trustedshops_is_classic = (
                order.state == "sale" and certificate_sudo._is_classic()
            )

    # === WHICH CERTIFICATE === #
    def _trustedshops_get_certificate_after(self):
        """Return the certificate that serves the buyer after the order.

        The one that is kept with the order, else that of the language of the context.

        :return: record of ``trustedshops.certificate`` in sudo, may be empty
        """
        self.ensure_one()
        kept_sudo = self.sudo().trustedshops_certificate_id
        if kept_sudo.active and kept_sudo.website_id == self.website_id:
            return kept_sudo
        return self.website_id._trustedshops_get_certificate()

    def _trustedshops_keep_certificate(self):
        """Keep the certificate of the language of the context with the order.

        Called when the order is paid or confirmed: in whatever language the buyer reads
        about it later, it belongs to the same shop at Trusted Shops.
        """
        self.ensure_one()
        certificate_sudo = self.website_id._trustedshops_get_certificate()
        if certificate_sudo != self.sudo().trustedshops_certificate_id:
            self.sudo().trustedshops_certificate_id = certificate_sudo

    def _trustedshops_get_buyer_lang(self):
        """Return the language of the buyer, whoever looks at the order.

        :return: for example ``de_DE``
        :rtype: str
        """
        self.ensure_one()
        return self.partner_id.lang or self.website_id.default_lang_id.code

    # === WHEN AND TO WHOM === #
    def _trustedshops_is_ordered(self):
        """Tell whether the buyer ordered: the payment did not fail, nor was given up.

        :rtype: bool
        """
        self.ensure_one()
        if self.state == "cancel":
            return False
        paid = self._trustedshops_get_promised_amount()
        if paid is not None:
            enough = self.currency_id.compare_amounts(paid, self.amount_total) >= 0
            return self.state == "sale" or enough
        last = self.sudo().transaction_ids._get_last()
        return self.state == "sale" and last.state not in ("cancel", "error")

    def _trustedshops_get_ordered_at(self):
        """Return when the buyer ordered, in UTC.

        The date of a confirmed order is that of the confirmation: with a wire transfer
        it comes days later.

        :return: False when it is not ordered
        :rtype: datetime.datetime or bool
        """
        self.ensure_one()
        if not self._trustedshops_is_ordered():
            return False
        moments = self._trustedshops_get_payments().mapped("create_date")
        if self.state == "sale":
            moments.append(self.date_order)
        return min(moments, default=False)

    def _trustedshops_is_protected(self):
        """Tell whether there is a Buyer Protection that was not refused.

        :rtype: bool
        """
        protection_sudo = self.sudo().trustedshops_protection_id
        ended = protection_sudo.state in (False, "rejected", "failed")
        return not ended or protection_sudo._is_clearing_up()

    def _trustedshops_find_shown_certificate(self, age):
        """Return the certificate whose Trustcard or form this reader may get.

        :param datetime.timedelta age: how long after the order
        :return: record of ``trustedshops.certificate`` in sudo, may be empty
        """
        self.ensure_one()
        user, ordered_at = self.env.user, self._trustedshops_get_ordered_at()
        certificate_sudo = self._trustedshops_get_certificate_after()
        if (
            not certificate_sudo._is_card_shown_to(user)
            or self._trustedshops_is_protected()
            # Staff look at the page of somebody else's order.
            or (user._is_internal() and user.partner_id != self.partner_id)
            or not self._trustedshops_get_email()
            or not ordered_at
            or ordered_at < fields.Datetime.now() - age
        ):
            return certificate_sudo.browse()
        return certificate_sudo

    # === WHAT === #
    def _trustedshops_get_email(self):
        """Return the buyer's address, also of a guest.

        :return: '' when there is none
        :rtype: str
        """
        return get_first_email(self.partner_id.email)

    def _trustedshops_get_card(self):
        """Return what the confirmation page holds for the Trustcard and our button.

        :return: ``order_id``, ``ts_id``, ``fields`` (text by id in the page), ``items``
            (see the product) and ``form`` (see :meth:`_trustedshops_get_form`); empty
            when there is no card
        :rtype: dict
        """
        self.ensure_one()
        certificate_sudo = self._trustedshops_find_shown_certificate(
            const.CARD_SHOWN_FOR
        )
        if not certificate_sudo or self.trustedshops_card_delivered_at:
            return {}
        return {
            "order_id": self.id,
            "ts_id": certificate_sudo.ts_id,
            "fields": {
                "tsCheckoutOrderNr": self.name,
                "tsCheckoutBuyerEmail": self._trustedshops_get_email(),
                "tsCheckoutOrderAmount": (
                    f"{self._trustedshops_get_amount_to_protect():.2f}"
                ),
                "tsCheckoutOrderCurrency": self.currency_id.name,
                "tsCheckoutOrderPaymentType": (
                    self._trustedshops_find_payment_method().name or "OTHER"
                ),
                # A date that nobody promised would bring the reminder before the goods.
                "tsCheckoutOrderEstDeliveryDate": (
                    fields.Date.to_string(self.commitment_date) or ""
                ),
            },
            "items": self._trustedshops_prepare_card_items(),
            "form": self._trustedshops_prepare_form(certificate_sudo),
        }

    def _trustedshops_prepare_card_items(self):
        """Return the products that the buyer may review.

        :rtype: list[dict[str, str]]
        """
        lines = self.order_line.filtered(lambda line: line._trustedshops_is_goods())
        bought = lines.product_id.with_context(lang=self.env.lang)
        return [
            template._trustedshops_prepare_card_item(self.website_id, variants)
            for template, variants in bought.grouped("product_tmpl_id").items()
            # Who does not see the product's page cannot review what is on it.
            if template.website_published
        ]

    def _trustedshops_prepare_form(self, certificate):
        """Return the form that applies for Buyer Protection at Trusted Shops.

        :param certificate: record of ``trustedshops.certificate``, may be empty
        :return: ``action``, ``values`` (hidden fields), ``free_up_to`` (0: not known)
            and its ``currency``, ``privacy_url``, ``is_test``; empty when there is
            nothing to apply for
        :rtype: dict
        """
        amount = self._trustedshops_get_amount_to_protect()
        if not certificate._is_classic() or not amount:
            return {}
        customer = self.partner_id.ref or str(self.partner_id.id)
        method = self._trustedshops_find_payment_method()
        return {
            "action": certificate._move_to_environment(const.PROTECTION_URL),
            "values": {
                "_charset_": "UTF-8",
                "shop_id": certificate.ts_id,
                "email": self._trustedshops_get_email(),
                "amount": f"{amount:.2f}",
                "curr": self.currency_id.name,
                "paymentType": method.trustedshops_payment_type or "OTHER",
                # Certified modules are divided about the spelling of these two.
                "kdnr": customer,
                "KDNR": customer,
                "ordernr": self.name,
                "ORDERNR": self.name,
            },
            "free_up_to": certificate._get_free_amount(),
            "currency": certificate.guarantee_currency_id,
            "privacy_url": certificate._get_shopper_page("privacy_url"),
            "is_test": not certificate._is_live(),
        }

    def _trustedshops_get_form(self):
        """Return the form of our button for the order's page in the portal.

        :return: see :meth:`_trustedshops_prepare_form`
        :rtype: dict
        """
        return self._trustedshops_prepare_form(
            self._trustedshops_find_shown_certificate(const.FORM_SHOWN_FOR)
        )

    # === DELIVERED === #
    def _trustedshops_note_card_delivered(self):
        """Note that the buyer's browser had the Trustcard: the page shows it once.

        :return: whether there was one to deliver
        :rtype: bool
        """
        self.ensure_one()
        if not self._trustedshops_get_card():
            return False
        self.trustedshops_card_delivered_at = fields.Datetime.now()
        return True

    # === MAIL === #
    # What the mails of the order itself say about Buyer Protection.
    #
    # Which template they are made from is the merchant's choice, and core's is his to
    # edit: the sentence is added to whatever was rendered.

    def _send_order_notification_mail(self, mail_template, allow_deferred_sending=True):
        """Override of `sale` to have the mail say that a protection was ordered."""
        self.ensure_one()
        protection_sudo = self.sudo().trustedshops_protection_id
        if mail_template and protection_sudo:
            lang = mail_template.sudo()._render_lang(self.ids)[self.id]
            lang = lang or protection_sudo._get_buyer_lang()
            self = self.with_context(trustedshops_mail_lang=lang)
        # As core calls it, without what is the default anyway: its tests look at that.
        deferring = {} if allow_deferred_sending else {"allow_deferred_sending": False}
        return super()._send_order_notification_mail(mail_template, **deferring)

    def message_post(self, **kwargs):
        """Override of `mail`: see :meth:`_send_order_notification_mail`."""
        if lang := self.env.context.get("trustedshops_mail_lang"):
            order_sudo = self.sudo().with_context(lang=lang)
            kwargs["body"] = kwargs.get("body", "") + self.env["ir.qweb"]._render(
                "website_sale_trustedshops.protection_mail_status",
                {"status": order_sudo.trustedshops_protection_id._get_mail_status()},
                lang=lang,
            )
        return super().message_post(**kwargs)

    # === REVIEW === #
    # Links by which a buyer reviews the shop at Trusted Shops.

    def _trustedshops_get_rate_urls(self):
        """Return the addresses at which the buyer reviews the shop.

        In the language of the context.

        :return: ``now`` and ``later``; empty when there is nothing to review
        :rtype: dict[str, str]
        """
        self.ensure_one()
        certificate_sudo = self._trustedshops_get_certificate_after()
        email = self._trustedshops_get_email()
        if (
            not email
            or not self._trustedshops_is_ordered()
            or not certificate_sudo._is_card_shown_to(self.env.user)
        ):
            return {}
        return certificate_sudo._get_rate_urls(
            self.env.lang or self.website_id.default_lang_id.code,
            email=email,
            order_reference=self.name,
            ordered_at=self._trustedshops_get_ordered_at(),
        )
