# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from hashlib import sha256

from odoo import models

from ... import const


class SaleOrder(models.Model):
    """What the buyer reads beside the box, and agrees to by ticking it."""

    _inherit = "sale.order"

    def _trustedshops_get_terms(self, certificate, item):
        """Return what the buyer reads before the tick and agrees to with it.

        Raise ``const.CONSENT_VERSION`` with every change of the consent.

        :param certificate: record of ``trustedshops.certificate``
        :param lib.values.ProtectionItem item: what is offered
        :return: both, ``protected_amount`` in words, ``cover_text``, ``consent_text``,
            ``conditions_url``, ``privacy_url``, and ``key``: a text that changes with
            all of them. The tick sends it back: what is stored as consented must be
            what was shown
        :rtype: dict
        """
        protected_amount = self.currency_id.format(float(item.protected_amount))
        terms = {
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
                amount=protected_amount,
            ),
            "conditions_url": certificate._get_shopper_page("conditions_url"),
            "privacy_url": certificate._get_shopper_page("privacy_url"),
        }
        parts = (
            certificate.ts_id,
            item.ts_product_id,
            float(item.gross_fee),
            self.env.lang,
            const.CONSENT_VERSION,
            sha256("\n".join(terms.values()).encode()).hexdigest()[:16],
        )
        key = "/".join(map(str, parts))
        return {
            "certificate": certificate,
            "item": item,
            "protected_amount": protected_amount,
            "key": key,
            **terms,
        }

    def _trustedshops_get_offer_key(self):
        """Return the key of what is offered now, '' when there is no offer.

        :rtype: str
        """
        return self._trustedshops_get_offer().get("key", "")
