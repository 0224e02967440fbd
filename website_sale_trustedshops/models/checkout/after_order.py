# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Offer the buyer what Trusted Shops offers after the order: protection and reviews."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

from ... import const
from ...lib.links import make_rate_now_url

# How long after the order the confirmation page contains the Trustcard, unless the
# browser reports that it was delivered.
CARD_SHOWN_FOR = timedelta(hours=24)


class SaleOrder(models.Model):
    """What the buyer gets from Trusted Shops after the order.

    Trusted Shops' script draws the Trustcard from a hidden block of the page. At a
    Classic shop, a form of ours registers the purchase instead. Nothing is sent before
    the buyer clicks, and Odoo does not learn what the buyer then does at Trusted Shops.
    """

    _inherit = "sale.order"

    trustedshops_card_delivered_at = fields.Datetime(
        string="Trustcard Delivered",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    trustedshops_registration_opened_at = fields.Datetime(
        string="Registration Opened",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    trustedshops_is_classic = fields.Boolean(
        compute="_compute_trustedshops_is_classic",
        groups="base.group_user",
        export_string_translation=False,
    )
    # The certificate for the language of the purchase. It serves after the order.
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

        It is the one stored with the order, or else that of the language of the
        context.

        :return: record of ``trustedshops.certificate`` in sudo, empty without one
        """
        self.ensure_one()
        kept_sudo = self.sudo().trustedshops_certificate_id
        if kept_sudo.active and kept_sudo.website_id == self.website_id:
            return kept_sudo
        return self.website_id._trustedshops_get_certificate()

    def _trustedshops_update_certificate(self):
        """Store the certificate of the language of the context with the order.

        It is called when the order is paid or confirmed. The buyer may read about the
        order in another language later, but it belongs to the same shop at Trusted
        Shops. If the certificate does not serve the buyer, store none.
        """
        self.ensure_one()
        certificate_sudo = self.website_id._trustedshops_get_certificate()
        if not self._trustedshops_is_for_buyer(certificate_sudo._is_visible_to):
            certificate_sudo = certificate_sudo.browse()
        if certificate_sudo != self.sudo().trustedshops_certificate_id:
            self.sudo().trustedshops_certificate_id = certificate_sudo

    @api.model
    def _trustedshops_get_customer_reference(self, partner):
        """Return the number of a customer as it is sent to Trusted Shops.

        :param partner: record of ``res.partner``
        :return: the reference of the contact, or else its id
        :rtype: str
        """
        return (partner.ref or "").strip() or str(partner.id)

    def _trustedshops_get_buyer_lang(self):
        """Return the language of the customer, or else that of the website.

        :return: its code, for example ``de_DE``
        :rtype: str
        """
        self.ensure_one()
        return self.partner_id.lang or self.website_id.default_lang_id.code

    # === WHEN AND TO WHOM === #
    def _trustedshops_is_ordered(self):
        """Return True if the buyer ordered, and the payment did not fail.

        That is a confirmed order, or one that was paid or whose wire transfer is
        announced.

        :rtype: bool
        """
        self.ensure_one()
        if self.state == "cancel":
            return False
        paid = self._trustedshops_get_promised_amount()
        if paid is not None:
            enough = self.currency_id.compare_amounts(paid, self.amount_total) >= 0
            return self.state == "sale" or enough
        tried = self.sudo().transaction_ids.filtered(lambda each: each.state != "draft")
        last = tried.sorted("id")[-1:]
        return self.state == "sale" and last.state not in const.FAILED_STATES

    def _trustedshops_get_ordered_at(self):
        """Return the moment of the buyer's order, in UTC.

        The date of a confirmed order is that of the confirmation, which comes days
        later with a wire transfer. So the beginning of the payment counts if it is
        earlier.

        :return: False before the buyer ordered
        :rtype: datetime.datetime or bool
        """
        self.ensure_one()
        if not self._trustedshops_is_ordered():
            return False
        moments = self._trustedshops_get_payments().mapped("create_date")
        if self.state == "sale":
            moments.append(self.date_order)
        return min(moments)

    def _trustedshops_is_for_reader(self, age):
        """Return True if the current user may get what is offered after the order.

        An internal user must be the customer. The order must be young enough and have
        an e-mail address, and no Buyer Protection but one that is over.

        :param datetime.timedelta age: longest time since the order
        :rtype: bool
        """
        self.ensure_one()
        user, ordered_at = self.env.user, self._trustedshops_get_ordered_at()
        protection_sudo = self.sudo().trustedshops_protection_id
        return bool(
            (not protection_sudo or protection_sudo._is_over())
            # Staff may look at the page of a customer's order.
            and (
                not user.has_group("base.group_user")
                or user.partner_id == self.partner_id
            )
            and self._trustedshops_get_email()
            and ordered_at
            and ordered_at >= fields.Datetime.now() - age
        )

    # === WHAT === #
    def _trustedshops_prepare_confirmation(self):
        """Return the values of the confirmation page about Trusted Shops.

        Where our form is, there is no card: Trusted Shops' script reads the card by
        itself, and the form says that nothing is sent before the click.

        :return: ``trustedshops_form``, ``trustedshops_card`` and
            ``trustedshops_widget``, each empty where it is not shown
        :rtype: dict
        """
        form = self._trustedshops_get_form()
        return {
            "trustedshops_form": form,
            "trustedshops_card": {} if form else self._trustedshops_get_card(),
            "trustedshops_widget": self._trustedshops_get_widget(),
        }

    def _trustedshops_format_time(self, moment):
        """Return a moment in the time zone of the shop, and the zone.

        The zone of a guest is not known, and a page that is printed must tell it.

        :param moment: moment in UTC
        :type moment: datetime.datetime or bool
        :return: text in the language of the context; '' without a moment
        :rtype: str
        """
        if not moment:
            return ""
        certificate_sudo = self._trustedshops_get_certificate_after()
        tz = certificate_sudo._get_tz(self.company_id.sudo())
        return f"{format_datetime(self.env, moment, tz=tz)} ({tz})"

    def _trustedshops_get_card(self):
        """Return the values that the confirmation page holds for the Trustcard.

        :return: ``order_id``, ``ts_id``, ``fields`` (text by id in the page) and
            ``items`` (see :meth:`_trustedshops_prepare_card_items`); empty when there
            is no card
        :rtype: dict
        """
        self.ensure_one()
        certificate_sudo = self._trustedshops_get_certificate_after()
        if (
            not certificate_sudo._is_visible_to(self.env.user)
            or self.trustedshops_card_delivered_at
            or not self._trustedshops_is_for_reader(CARD_SHOWN_FOR)
        ):
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
                    self._trustedshops_get_payment_method().name or "OTHER"
                ),
                # With a guessed date the reminder would come before the goods.
                "tsCheckoutOrderEstDeliveryDate": (
                    fields.Date.to_string(self.commitment_date) or ""
                ),
            },
            "items": self._trustedshops_prepare_card_items(),
        }

    def _trustedshops_prepare_card_items(self):
        """Return the products that the buyer may review, as the Trustcard names them.

        :return: see ``_trustedshops_prepare_card_item`` of the product
        :rtype: list[dict[str, str]]
        """
        bought = self._trustedshops_get_goods().product_id
        bought = bought.with_context(lang=self.env.lang)
        # What the Trustcard reads.
        bought.fetch(["barcode", "product_tmpl_id"])
        bought.product_tmpl_id.fetch(
            (
                "default_code is_published name seo_name trustedshops_sku website_id"
                " write_date"
            ).split()
        )
        return [
            template._trustedshops_prepare_card_item(self.website_id, variants)
            for template, variants in bought.grouped("product_tmpl_id").items()
            # A buyer who cannot see the product's page cannot review the product.
            if template.website_published
        ]

    def _trustedshops_get_goods(self, names=()):
        """Return the lines of what the buyer gets and may review.

        Read only the columns that are needed. All of them take noticeably longer for
        each invitation.

        :param names: further fields of the lines to fetch
        :return: records of ``sale.order.line``
        """
        lines = self.env["sale.order.line"]
        needed = (
            "company_id display_type is_delivery is_downpayment"
            " is_trustedshops_protection product_id product_uom_qty reward_id"
        )
        names = [name for name in (*needed.split(), *names) if name in lines._fields]
        lines = lines.search_fetch([("order_id", "in", self.ids)], names)
        lines.company_id.fetch(["sale_discount_product_id"])
        return lines.filtered(lambda line: line._trustedshops_is_goods())

    def _trustedshops_get_form(self):
        """Return the form by which buyers apply for Buyer Protection themselves.

        It stays as long as Trusted Shops accepts the order, even after the buyer used
        it, because Odoo does not learn whether Trusted Shops was reached. It also stays
        when the certificate was disabled or set to *Test* since, because protection was
        part of the order.

        :return: ``action``, ``values`` (hidden fields), ``order_id``, ``opened_at``
            ('': not yet), ``free_up_to`` (0: not known) and its ``currency``,
            ``privacy_url``, ``test_mark``; empty when there is nothing to apply for
        :rtype: dict
        """
        certificate_sudo = self._trustedshops_get_certificate_after()
        is_shown = certificate_sudo._is_visible_to(self.env.user)
        kept_sudo = self.sudo().trustedshops_certificate_id
        is_kept = certificate_sudo == kept_sudo and certificate_sudo._is_live()
        amount = self._trustedshops_get_amount_to_protect()
        if (
            not (is_kept or is_shown)
            or not certificate_sudo._is_classic()
            or not amount
            or not self._trustedshops_is_for_reader(const.APPLY_WITHIN)
        ):
            return {}
        return {
            # Source: links that certified shop modules show their buyers.
            "action": certificate_sudo._get_page_url(
                "https://www.trustedshops.com/shop/protection.php"
            ),
            "values": self._trustedshops_prepare_form(certificate_sudo.ts_id, amount),
            "order_id": self.id,
            "opened_at": self._trustedshops_format_time(
                self.trustedshops_registration_opened_at
            ),
            # With a fee table it is not free, even for the model Classic.
            "free_up_to": not certificate_sudo.item_ids
            and certificate_sudo.guarantee_amount,
            "currency": certificate_sudo.guarantee_currency_id,
            "privacy_url": certificate_sudo._get_shopper_page("privacy_url"),
            # An order placed before the certificate became a test gets no mark.
            "test_mark": is_shown and certificate_sudo._get_test_mark(),
        }

    def _trustedshops_prepare_form(self, ts_id, amount):
        """Return the hidden fields of the form, as text by name.

        :param str ts_id: Trusted Shops ID
        :param float amount: amount to protect, in the order's currency
        :rtype: dict[str, str]
        """
        customer = self._trustedshops_get_customer_reference(self.partner_id)
        method = self._trustedshops_get_payment_method()
        return {
            "_charset_": "UTF-8",
            "shop_id": ts_id,
            "email": self._trustedshops_get_email(),
            "amount": f"{amount:.2f}",
            "curr": self.currency_id.name,
            "paymentType": method.trustedshops_payment_type or "OTHER",
            # Certified modules spell these two differently.
            "kdnr": customer,
            "KDNR": customer,
            "ordernr": self.name,
            "ORDERNR": self.name,
        }

    def _trustedshops_get_widget(self):
        """Return the values of the widget on the confirmation page.

        There is none beside Buyer Protection that was ordered here, even if it failed,
        because the widget may offer it once more.

        :return: ``id``, ``widgetScript`` and ``cookiesBar``, True if the widget waits
            for consent to cookies; empty without a widget
        :rtype: dict
        """
        certificate_sudo = self._trustedshops_get_certificate_after()
        if (
            not certificate_sudo.checkout_widget_id
            or self.sudo().trustedshops_protection_id
            or not certificate_sudo._is_visible_to(self.env.user)
            or not self._trustedshops_is_for_reader(CARD_SHOWN_FOR)
        ):
            return {}
        return {
            "id": certificate_sudo.checkout_widget_id,
            "widgetScript": certificate_sudo._get_widget_script_url(),
            "cookiesBar": self.website_id.cookies_bar
            and certificate_sudo.badge_consent == "consent",
        }

    # === USED === #
    def _trustedshops_set_card_delivered(self):
        """Store that the buyer's browser got the Trustcard, which is shown once.

        :return: False if there was no card to deliver
        :rtype: bool
        """
        self.ensure_one()
        if not self._trustedshops_get_card():
            return False
        self.trustedshops_card_delivered_at = fields.Datetime.now()
        return True

    def _trustedshops_set_registration_opened(self):
        """Store when the buyer opened the registration at Trusted Shops.

        :return: False if there is no form to register
        :rtype: bool
        """
        self.ensure_one()
        if not self._trustedshops_get_form():
            return False
        self.trustedshops_registration_opened_at = fields.Datetime.now()
        return True

    # === MAIL === #
    # The mails of the order say how the purchase is protected. The layout adds the
    # sentence, because the merchant chooses and edits the template.

    def _send_order_notification_mail(self, mail_template, allow_deferred_sending=True):
        """Override of `sale` to have the mail tell how the purchase is protected."""
        self = self.with_context(trustedshops_order_mail=True)
        # Core's tests check how core calls it: without the default value.
        deferring = {} if allow_deferred_sending else {"allow_deferred_sending": False}
        return super()._send_order_notification_mail(mail_template, **deferring)

    def _notify_by_email_prepare_rendering_context(self, message, *args, **kwargs):
        """Override of `mail` to add the protection's status to an order's mails."""
        values = super()._notify_by_email_prepare_rendering_context(
            message, *args, **kwargs
        )
        if self.env.context.get("trustedshops_order_mail"):
            order_sudo = values["record"].sudo()
            values["trustedshops_status"] = self._trustedshops_try_to_get(
                "", order_sudo._trustedshops_render_mail_status
            )
        return values

    def _trustedshops_render_mail_status(self):
        """Return the HTML to add to the mails of the order, in the context's language.

        :rtype: Markup
        """
        return self.env["ir.qweb"]._render(
            "website_sale_trustedshops.protection_mail_status",
            self._trustedshops_prepare_mail_words(),
        )

    def _trustedshops_prepare_mail_words(self):
        """Return the values of the template ``protection_mail_status``. To be extended.

        :return: values in the language of the context: ``status``, the sentence about
            the protection; ``form`` as the buyer would see it, see
            :meth:`_trustedshops_get_form`; ``order`` and ``test_mark``
        :rtype: dict
        """
        protection_sudo = self.trustedshops_protection_id
        form = {}
        if visitor := self.website_id.user_id:
            # As the buyer would see it.
            form = self.with_user(visitor).sudo()._trustedshops_get_form()
        return {
            "status": protection_sudo and protection_sudo._format_mail_status(),
            "form": form,
            "order": self,
            "test_mark": protection_sudo._get_test_mark() or form.get("test_mark"),
        }

    # === REVIEW === #
    # The link by which a buyer reviews the shop at Trusted Shops.

    def _trustedshops_can_ask_for_review(self):
        """Return True if a page of this order may ask the buyer for a review.

        That is always so here. To be extended by addons that invite buyers.

        :rtype: bool
        """
        self.ensure_one()
        return True

    def _trustedshops_get_rate_url(self):
        """Return the page to review the shop on, in the language of the context.

        :return: '' when the current user must not be asked for a review
        :rtype: str
        """
        self.ensure_one()
        certificate_sudo = self._trustedshops_get_certificate_after()
        email = self._trustedshops_get_email()
        if (
            not email
            # An order that waits for its wire transfer is still a quotation.
            or self.state != "sale"
            or not self._trustedshops_is_ordered()
            or not certificate_sudo._is_visible_to(self.env.user)
            or not self._trustedshops_can_ask_for_review()
        ):
            return ""
        lang_code = self.env.lang or self.website_id.default_lang_id.code
        ordered_at = self._trustedshops_get_ordered_at()
        return certificate_sudo._get_page_url(
            make_rate_now_url(
                certificate_sudo.ts_id, lang_code[:2], email, self.name, ordered_at
            )
        )
