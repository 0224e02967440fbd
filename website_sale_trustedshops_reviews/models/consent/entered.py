# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Consents given elsewhere: staff enter them, or an administrator imports them."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.website_sale_trustedshops.lib.address import normalize_address

from .consent import STAFF_MODES

# Fields that an administrator may import; Odoo fills in the others.
IMPORTED_FIELDS = frozenset({"email", "kind", "moment", "order_id", "source", "text"})


class TrustedShopsConsent(models.Model):
    _inherit = "trustedshops.consent"

    @api.model
    def default_get(self, fields):
        """Override of the framework to keep a caller's defaults out of an import."""
        if not self.env.su:
            fields = [name for name in fields if name in IMPORTED_FIELDS]
        return super().default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        """Override of the framework to treat rows that a user adds as an import.

        :raise AccessError: if a user's values have more than can be imported
        """
        if not self.env.su:
            vals_list = [self._prepare_import(vals) for vals in vals_list]
        rows = super().create(vals_list)
        rows._suppress_imported()
        return rows

    @api.model
    def _prepare_import(self, vals):
        """Return the values of a row that an administrator imports.

        A consent without an order in Odoo is only a proof: it leads to no invitation. A
        withdrawal suppresses the address from its moment, or from now without one.

        :param dict vals: some of ``IMPORTED_FIELDS``
        :rtype: dict
        :raise AccessError: if there are other fields, or another kind of row
        :raise ValidationError: if something is missing or wrong
        """
        kind = vals.get("kind") or "given"
        if vals.keys() - IMPORTED_FIELDS or kind not in ("given", "withdrawn"):
            raise AccessError(
                self.env._(
                    "Only these can be imported: e-mail address, moment, words, source"
                    " and order of a consent that was given or withdrawn."
                )
            )
        is_dated = vals.get("moment") or kind == "withdrawn"
        if not is_dated or not (vals.get("source") or "").strip():
            raise ValidationError(
                self.env._("Say when it was given, and where it is from.")
            )
        vals = {**vals, "moment": vals.get("moment") or fields.Datetime.now()}
        order = self.env["sale.order"].browse(vals.get("order_id") or ())
        if order:
            order.check_access("read")
        if kind == "given":
            self._check_kept(order.company_id or self.env.company, vals["moment"])
        if order and kind == "given":
            self._check_buyer(order, vals.get("email"))
            return self._prepare_given(order, "import", vals)
        return {**self._prepare_said(order, "import", vals), "kind": kind}

    @api.model
    def _check_kept(self, company, moment):
        """Refuse a consent that the daily clean-up would delete at once."""
        oldest = company._trustedshops_get_oldest_kept()
        if fields.Datetime.to_datetime(moment) < oldest:
            raise ValidationError(
                self.env._(
                    "It was given longer ago than consents are kept, number of years:"
                    " %(years)s. Leave it out.",
                    years=company.sudo().trustedshops_consent_years,
                )
            )

    @api.model
    def _check_buyer(self, order, email):
        """Refuse an address that is not the buyer's: it would get mail about the order.

        :param order: record of ``sale.order``
        :param email: as it was imported
        :type email: str or None
        """
        email = normalize_address(email)
        if email and email != normalize_address(order._trustedshops_get_email()):
            raise ValidationError(
                self.env._(
                    "The order %(order)s belongs to another address. Leave the order"
                    " out to keep the consent as proof.",
                    order=order.name,
                )
            )

    def _suppress_imported(self):
        """Suppress the addresses of imported withdrawals."""
        for row in self.filtered(
            lambda each: each.mode == "import" and each.kind == "withdrawn"
        ):
            self.env["trustedshops.suppression"]._suppress(
                row.email, row.company_id, "import", row.moment
            )

    @api.model
    def _prepare_given(self, order, mode, said):
        """Return the values of a consent that was given elsewhere.

        :param order: record of ``sale.order``
        :param str mode: ``manual`` or ``import``
        :param dict said: ``email``, ``moment`` (UTC), ``source`` and ``text``
        :rtype: dict
        :raise ValidationError: if no channel would invite the buyer
        """
        channel = order._trustedshops_find_asking_channel()
        if not channel:
            raise ValidationError(
                self.env._(
                    "Order %(order)s: no channel of its website invites buyers who"
                    " agreed. Choose how buyers are asked on a channel first.",
                    order=order.name,
                )
            )
        lang = self.env["res.lang"]._get_data(code=order._trustedshops_get_buyer_lang())
        return {
            **self._prepare_said(order, mode, said),
            "kind": "given",
            "channel_id": channel.id,
            "lang_id": lang.id,
        }

    @api.model
    def _prepare_said(self, order, mode, said):
        """Return the values of what a buyer said elsewhere, see _prepare_given."""
        return {
            **{name: said.get(name) for name in ("moment", "source", "text")},
            # An unreadable address stays as it is, so that the error message shows it.
            "email": normalize_address(said.get("email")) or said.get("email"),
            "mode": mode,
            "order_id": order.id,
            "company_id": (order.company_id or self.env.company).id,
        }

    @api.constrains("kind", "email", "moment", "text", "mode")
    def _check_proof(self):
        """Refuse a row that would prove nothing."""
        for consent in self:
            is_said = consent.kind == "given" or consent.mode == "import"
            if not is_said or consent._is_erased():
                continue
            if normalize_address(consent.email) != consent.email:
                raise ValidationError(
                    self.env._(
                        "%(email)s is not exactly one e-mail address.",
                        email=consent.email or "–",
                    )
                )
            if consent.kind == "given" and not (consent.text or "").strip():
                raise ValidationError(
                    self.env._("Enter the words to which the buyer agreed.")
                )
            if consent.moment > fields.Datetime.now():
                raise ValidationError(self.env._("The moment cannot be in the future."))

    @api.constrains("email", "mode")
    def _check_not_erased(self):
        """Refuse an erased address that staff enter or import."""
        suppressions = self.env["trustedshops.suppression"]
        for consent in self.filtered(lambda each: each.mode in STAFF_MODES):
            if consent.email:
                suppressions._check_not_erased(consent.email, consent.company_id)

    def _load_records(self, data_list, update=False):
        """Override of the framework to try rows one by one if one of many is wrong.

        Otherwise the import would report the error of any row at the first one.
        """
        try:
            return super()._load_records(data_list, update)
        except UserError as error:
            if len(data_list) == 1:
                raise
            raise ValueError(error) from error

    @api.model
    def get_import_templates(self):
        """Override of `base_import` to offer a file to fill in."""
        return [
            {
                "label": self.env._("Import Template for Consents"),
                "template": "/website_sale_trustedshops_reviews/static/consents.csv",
            }
        ]
