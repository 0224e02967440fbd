# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from hashlib import sha256

from odoo import fields, models

from ... import const


class SaleOrder(models.Model):
    """What the buyer reads beside the box, and agrees to by ticking it."""

    _inherit = "sale.order"

    def _trustedshops_get_terms(self, certificate, item):
        """Return what the buyer reads before the tick and agrees to with it.

        Raise ``const.CONSENT_VERSION`` with every change of the consent.

        :param certificate: record of ``trustedshops.certificate``
        :param lib.values.ProtectionItem item: what is offered
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
            "consent_text": self.env._(
                "I want Buyer Protection up to %(amount)s for this purchase. I agree"
                " that the data of my order and my e-mail address are sent to Trusted"
                " Shops to conclude and handle it, under the conditions and the data"
                " privacy notice of Trusted Shops.",
                amount=self.currency_id.format(float(item.protected_amount)),
            ),
            "conditions_url": certificate._get_shopper_page("conditions_url"),
            "privacy_url": certificate._get_shopper_page("privacy_url"),
        }

    def _trustedshops_get_offer_key(self, offer=None, terms=None):
        """Return a text that changes with everything the buyer reads in the offer.

        The tick sends it back: what is stored as consented must be what was shown.

        :param dict offer: see :meth:`_trustedshops_get_offer`; None: what it is now
        :param dict terms: see :meth:`_trustedshops_get_terms`; None: what they are now
        :return: '' when there is no offer
        :rtype: str
        """
        offer = self._trustedshops_get_offer() if offer is None else offer
        if not offer:
            return ""
        certificate, item = offer["certificate"], offer["item"]
        terms = terms or self._trustedshops_get_terms(certificate, item)
        parts = (
            certificate.ts_id,
            item.ts_product_id,
            float(item.gross_fee),
            self.env.lang,
            const.CONSENT_VERSION,
            sha256("\n".join(terms.values()).encode()).hexdigest()[:16],
        )
        return "/".join(map(str, parts))

    def _trustedshops_prepare_consent(self, certificate, item):
        """Return the consent as it was shown, to be kept with the protection."""
        terms = self._trustedshops_get_terms(certificate, item)
        return {
            "consent_text": terms["consent_text"],
            "consent_version": const.CONSENT_VERSION,
            "consent_at": fields.Datetime.now(),
            "conditions_url": terms["conditions_url"],
            "privacy_url": terms["privacy_url"],
            "lang_id": self.env["res.lang"]._get_data(code=self.env.lang).id,
        }
