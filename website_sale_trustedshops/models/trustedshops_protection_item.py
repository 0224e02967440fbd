# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo import fields, models

from ..lib.client import ProtectionItem


class TrustedShopsProtectionItem(models.Model):
    """One step of the fee table of a certificate: what it protects and what it costs.

    From the service only; nobody has the right to write them.
    """

    _name = "trustedshops.protection.item"
    _description = "Trusted Shops Protection Item"
    _order = "certificate_id, currency_id, protected_amount, id"
    _rec_name = "ts_product_id"

    certificate_id = fields.Many2one(
        "trustedshops.certificate", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="certificate_id.company_id", store=True)
    ts_product_id = fields.Char(string="Item", required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    protected_amount = fields.Monetary(string="Protects up to", required=True)
    duration_days = fields.Integer(string="Days", required=True)
    net_fee = fields.Monetary(required=True)
    gross_fee = fields.Monetary(required=True)

    _item_uniq = models.UniqueIndex("(certificate_id, ts_product_id)")

    def _replace_items(self, certificate, answers):
        """Make the fee table of a certificate equal to the answer of the service.

        Only what differs is written. An item in a currency that Odoo does not have
        active cannot be sold and is left out.

        :param certificate: record of ``trustedshops.certificate``
        :param answers: the whole table
        :type answers: iterable of ProtectionItem
        """
        currencies = {
            currency.name: currency for currency in self.env["res.currency"].search([])
        }
        known = {item.ts_product_id: item for item in self}
        for answer in answers:
            if answer.currency not in currencies:
                continue
            values = {
                "currency_id": currencies[answer.currency].id,
                "protected_amount": float(answer.protected_amount),
                "duration_days": answer.duration_days,
                "net_fee": float(answer.net_fee),
                "gross_fee": float(answer.gross_fee),
            }
            item = known.pop(answer.ts_product_id, None)
            if item is None:
                item = self.create(
                    {
                        "certificate_id": certificate.id,
                        "ts_product_id": answer.ts_product_id,
                        **values,
                    }
                )
            elif item._differs_from(answer):
                item.write(values)
        for obsolete in known.values():
            obsolete.unlink()

    def _differs_from(self, answer):
        """Tell whether the stored item is not what the service says now."""
        return self._to_lib() != answer

    def _to_lib(self):
        """Return the item as the plain value that ``lib`` works with.

        :rtype: ProtectionItem
        """
        self.ensure_one()
        return ProtectionItem(
            ts_product_id=self.ts_product_id,
            currency=self.currency_id.name,
            protected_amount=self._to_decimal(self.protected_amount),
            duration_days=self.duration_days,
            net_fee=self._to_decimal(self.net_fee),
            gross_fee=self._to_decimal(self.gross_fee),
        )

    def _to_decimal(self, amount):
        """Return a monetary value exactly, with the decimals of its currency."""
        places = self.currency_id.decimal_places
        return Decimal(f"{amount:.{places}f}")
