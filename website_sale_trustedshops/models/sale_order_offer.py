# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from hashlib import sha256

from odoo import fields, models

from .. import const


class SaleOrder(models.Model):
    """To whom Buyer Protection is offered, in which words, and why it was dropped."""

    _inherit = "sale.order"

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
