# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import TrustedShopsCommon


class TrustcardCommon(TrustedShopsCommon):
    """A shop with a Classic certificate, where buyers apply by themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The buyer agreed to it, where an addon asks first.
        may_ask = "_trustedshops_can_ask_for_review"
        cls.classPatch(cls.registry["sale.order"], may_ask, lambda _order: True)
        cls.certificate.protection_model = "classic"
        cls.buyer.ref = "K-77"

    def _order(self, **values):
        """Return an order that was confirmed just now."""
        order = self._make_cart(**values)
        order.action_confirm()
        return order

    def _get_card(self, order, lang="en_US"):
        """Return what the public buyer's confirmation page holds."""
        return self._as_visitor(order, lang)._trustedshops_get_card()

    def _get_form(self, order, lang="en_US"):
        """Return what the public buyer's portal page holds."""
        return self._as_visitor(order, lang)._trustedshops_get_form()
