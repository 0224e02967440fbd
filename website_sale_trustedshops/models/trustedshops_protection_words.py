# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the answers of the application service mean, and what to do about them.

The same code means one thing as the answer to an application, which may be corrected
and sent again, and another as the decision about one, after which nothing is sent.
"""

from odoo import models

from .. import const
from ..lib.codes import KIND_DUPLICATE
from ..lib.exceptions import MisconfiguredError


class TrustedShopsProtection(models.Model):
    _inherit = "trustedshops.protection"

    def _explain(self, error):
        """Return what an answer to an application means for this order.

        :param TrustedShopsError error: from the client
        :rtype: str
        """
        if error.kind == KIND_DUPLICATE and self.unanswered:
            return self.env._(
                "An earlier application arrived, but its number did not reach us. Look"
                " it up at Trusted Shops by the order number, and enter it."
            )
        if error.kind == KIND_DUPLICATE and self.application_number:
            return self.env._(
                "Trusted Shops knows this order number from application %(number)s,"
                " which it refused, and takes each number only once. Apply at Trusted"
                " Shops by hand and enter the number, or press Refund fee.",
                number=self.application_number,
            )
        if error.kind == KIND_DUPLICATE:
            return self.env._(
                "Trusted Shops knows this order number already although this order was"
                " never sent. Is it this order? Look at Trusted Shops before you go on."
            )
        if isinstance(error, MisconfiguredError):
            return self.env._(
                "The certificate or its login is not accepted: correct the certificate,"
                " the application then goes out by itself."
            )
        if error.code in const.CURABLE_CODES and self.unanswered:
            return self.env._(
                "%(refusal)s An earlier application got no answer and may have arrived,"
                " so another address is not sent: look for the order number at Trusted"
                " Shops before you press Refund fee.",
                refusal=self._explain_code(error),
            )
        if error.code:
            return self._explain_code(error)
        return self.env._(
            "Trusted Shops did not answer (%(reason)s). We try again.", reason=error
        )

    def _explain_decision(self, error):
        """Return what the refusal of an application means, when it was asked about.

        :param RefusedError error: from the client
        :rtype: str
        """
        if self.is_number_entered:
            return self.env._(
                "Trusted Shops refused application %(number)s, whose number was entered"
                " by hand (code %(code)s). Look the number up at Trusted Shops by the"
                " order number and enter it again; if it is right, there is no"
                " protection: press Refund fee.",
                number=self.application_number,
                code=error.code,
            )
        words = self._get_words_by_decision().get(error.code)
        return self.env._(
            "Trusted Shops refused application %(number)s. %(reason)s",
            number=self.application_number,
            reason=self._explain_code(error, words),
        )

    def _explain_code(self, error, words=None):
        """Return what a code means, what to do, and the code for the support.

        :param TrustedShopsError error: with a code
        :param words: what it means here, default: as the answer to an application
        :type words: str or None
        :rtype: str
        """
        words = words or self._get_words_by_code().get(error.code)
        if not words:
            words = self.env._(
                "Trusted Shops gave an answer that is not documented. Ask Trusted Shops"
                " what it means."
            )
        return self.env._("%(words)s (code %(code)s)", words=words, code=error.code)

    def _get_words_by_decision(self):
        """Return meaning and cure of codes that mean another thing as a decision.

        :rtype: dict
        """
        wrong_email = self.env._(
            "It does not accept the buyer's e-mail address. Apply at Trusted Shops by"
            " hand with another one."
        )
        return {
            -10001: self.env._(
                "It does not know the application under this certificate. Ask Trusted"
                " Shops about it."
            ),
            -10002: self.env._(
                "The credit limit of the certificate is suspended. Ask Trusted Shops to"
                " open it and to protect this order."
            ),
            -10003: self.env._(
                "Trusted Shops had an application under this order number already. Look"
                " at Trusted Shops which one counts before you press Refund fee."
            ),
            -10011: self.env._(
                "The certificate has no credit limit. Ask Trusted Shops for one and to"
                " protect this order."
            ),
            -10014: wrong_email,
            -10017: self.env._(
                "The credit limit of the certificate was used up. Ask Trusted Shops for"
                " a higher one and to protect this order."
            ),
            -10018: wrong_email,
        }

    def _get_words_by_code(self):
        """Return meaning and cure of the codes that concern one order.

        :rtype: dict
        """
        payment_types = self._fields["payment_type"]._description_selection(self.env)
        wrong_payment_type = self.env._(
            "Trusted Shops does not accept the payment type %(type)s for this shop. Ask"
            " Trusted Shops to activate it, or choose another one on the payment"
            " method for later orders.",
            type=dict(payment_types).get(self.payment_type, "-"),
        )
        wrong_item = self.env._(
            "Trusted Shops does not sell the protection %(item)s for this order (any"
            " more). Check the certificate, so that its fee table is fetched anew.",
            item=self.item_code,
        )
        wrong_currency = self.env._(
            "Trusted Shops does not protect orders in %(currency)s with this"
            " certificate. Ask Trusted Shops for fees in this currency.",
            currency=self.currency_id.name,
        )
        return {
            -10004: wrong_item,
            -10005: wrong_payment_type,
            -10006: wrong_payment_type,
            -10007: self.env._(
                "The protection is in another currency than the order: the order was"
                " changed after the choice."
            ),
            -10008: wrong_currency,
            -10009: wrong_currency,
            -10010: wrong_payment_type,
            -10012: self.env._(
                "Trusted Shops says that the delivery date lies in the past, although"
                " we send none. Ask Trusted Shops about this order."
            ),
            -10013: self.env._(
                "Trusted Shops accepts no application for an order that is older than"
                " three days. The buyer is not protected."
            ),
            -10014: self.env._(
                "Trusted Shops does not accept the buyer's e-mail address. Ask the"
                " buyer for another one and apply again within three days of the order."
            ),
            -10015: self.env._(
                "Trusted Shops found no order number in the application. Report this as"
                " an error of this addon, and apply at Trusted Shops by hand."
            ),
            -10016: self.env._(
                "Trusted Shops found no customer number in the application. Report this"
                " as an error of this addon, and apply at Trusted Shops by hand."
            ),
            -10017: self.env._(
                "The credit limit of the certificate is used up. It frees up as older"
                " protections end, and we try again every hour; ask Trusted Shops for a"
                " higher one."
            ),
            -10018: self.env._(
                "The buyer has no e-mail address. Ask for one and apply again within"
                " three days of the order."
            ),
            -10019: wrong_item,
            -11001: self.env._(
                "Trusted Shops does not accept the security token of the application."
                " Ask Trusted Shops about this order."
            ),
            -11111: self.env._(
                "Trusted Shops has trouble of its own. We try again by ourselves; ask"
                " Trusted Shops if it goes on."
            ),
        }
