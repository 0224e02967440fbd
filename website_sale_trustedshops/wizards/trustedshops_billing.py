# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import UTC, datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..client_action import show

ACCOUNTANTS = "account.group_account_invoice,account.group_account_readonly"


class TrustedShopsBilling(models.TransientModel):
    """Notes which protections are on an invoice of Trusted Shops.

    Access rights of this model decide who may: nobody can write protections. Rows are
    selected in the statement, or proposed for a line of a vendor bill.
    """

    _name = "trustedshops.billing"
    _description = "Mark as billed"
    _check_company_auto = True

    bill_id = fields.Many2one(
        "account.move",
        string="Vendor Bill",
        domain=[("move_type", "=", "in_invoice"), ("state", "!=", "cancel")],
        check_company=True,
        groups=ACCOUNTANTS,
    )
    bill_line_id = fields.Many2one(
        "account.move.line",
        check_company=True,
        groups=ACCOUNTANTS,
        export_string_translation=False,
    )
    # What is proposed for the line: days on which it was applied for.
    since = fields.Date(export_string_translation=False)
    until = fields.Date(
        compute="_compute_until",
        store=True,
        readonly=False,
        export_string_translation=False,
    )
    protection_ids = fields.Many2many(
        "trustedshops.protection",
        "trustedshops_billing_protection_rel",
        compute="_compute_protection_ids",
        store=True,
        readonly=False,
        export_string_translation=False,
    )
    # None while rows of several companies are selected: no bill is of all of them.
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", export_string_translation=False
    )
    reference = fields.Char(
        string="Invoice of Trusted Shops",
        compute="_compute_reference",
        store=True,
        readonly=False,
    )
    currency_id = fields.Many2one(
        related="bill_line_id.currency_id", related_sudo=False
    )
    bill_amount = fields.Monetary(
        string="Amount of the Line",
        related="bill_line_id.price_subtotal",
        related_sudo=False,
    )
    difference = fields.Monetary(compute="_compute_difference")
    billed_count = fields.Integer(
        compute="_compute_billed_count", export_string_translation=False
    )

    @api.depends("protection_ids", "bill_id", "bill_line_id")
    def _compute_company_id(self):
        for wizard in self:
            bills = wizard._get_readable("bill_line_id").move_id
            bills |= wizard._get_readable("bill_id")
            companies = wizard.protection_ids.company_id or bills.company_id
            wizard.company_id = len(companies) == 1 and companies

    @api.depends("bill_id")
    def _compute_reference(self):
        for wizard in self:
            bill = wizard._get_readable("bill_id")
            wizard.reference = bill.ref or bill.name or wizard.reference

    @api.depends("bill_line_id")
    def _compute_until(self):
        """Propose the end of the month that is nearest to the date of the bill."""
        for wizard in self:
            line = wizard._get_readable("bill_line_id")
            billed_on = line.move_id.invoice_date or fields.Date.today()
            end = (billed_on + timedelta(days=15)).replace(day=1) - timedelta(days=1)
            wizard.until = line and end

    @api.depends("since", "until")
    def _compute_protection_ids(self):
        is_selected = self.env.context.get("active_model") == "trustedshops.protection"
        selected = self.env.context.get("active_ids") if is_selected else False
        for wizard in self:
            if wizard.until:
                wizard.protection_ids = wizard._find_proposals()
            elif selected and not wizard.protection_ids:
                wizard.protection_ids = selected

    @api.depends("protection_ids", "bill_line_id")
    def _compute_difference(self):
        for wizard in self:
            fees = sum(wizard.protection_ids.mapped("net_fee"))
            line = wizard._get_readable("bill_line_id")
            difference = line.price_subtotal - fees
            wizard.difference = line and line.currency_id.round(difference)

    @api.depends("protection_ids")
    def _compute_billed_count(self):
        for wizard in self:
            wizard.billed_count = len(wizard.protection_ids.filtered("billed_ref"))

    def _get_readable(self, name):
        """Return the bill or its line in sudo, which the user must be able to read."""
        record = self.sudo()[name].sudo(False)
        if record:
            record.check_access("read")
        return record.sudo()

    def _find_proposals(self):
        """Return what is owed and not billed yet, for the line of the bill."""
        line = self._get_readable("bill_line_id")
        domain = [
            ("billable", "=", "owed"),
            ("billed_ref", "=", False),
            ("company_id", "=", line.company_id.id),
            ("currency_id", "=", line.currency_id.id),
            ("requested_at", "<", self._get_midnight(self.until + timedelta(days=1))),
        ]
        if self.since:
            domain.append(("requested_at", ">=", self._get_midnight(self.since)))
        protections = self.env["trustedshops.protection"]
        return protections.search(domain, order="requested_at, id")

    def _get_midnight(self, day):
        """Return when a day begins where the user is, in UTC."""
        midnight = self.env.tz.localize(datetime.combine(day, time.min))
        return midnight.astimezone(UTC).replace(tzinfo=None)

    def action_apply(self):
        """Note the bill on everything that was not billed yet.

        :return: a notification that says how many there were
        :rtype: dict
        :raise AccessError: when the user may not read the bill
        :raise UserError: without a reference, when one was never applied for, or when
            the bill is another company's
        """
        self.ensure_one()
        reference = (self.reference or "").strip()
        if not reference:
            raise UserError(
                self.env._("Enter the number of the invoice of Trusted Shops.")
            )
        never = self.protection_ids.filtered(lambda each: not each.requested_at)
        if never:
            raise UserError(
                self.env._(
                    "Never applied for, so Trusted Shops cannot have billed them:"
                    " %(orders)s.",
                    orders=", ".join(never.mapped("display_name")),
                )
            )
        self._check_company()
        bill = self._get_readable("bill_id")
        billed = self.protection_ids.filtered("billed_ref")
        new = self.protection_ids - billed
        new.check_access("read")
        new.sudo().write({"billed_ref": reference, "bill_id": bill.id})
        note = self.env._(
            "Billed by Trusted Shops with %(reference)s.", reference=reference
        )
        new.sudo()._message_log_batch(bodies=dict.fromkeys(new.ids, note))
        text = self.env._("%(count)s marked as billed.", count=len(new))
        if billed:
            names = (f"{each.display_name} ({each.billed_ref})" for each in billed)
            stay = self.env._(
                "Billed already, they stay as they are: %(orders)s.",
                orders=", ".join(names),
            )
            text = f"{text} {stay}"
        return show(text, next={"type": "ir.actions.act_window_close"})

    def action_take_back(self):
        """Forget the bill of everything that was marked by mistake.

        :return: a notification that says how many there were
        :rtype: dict
        """
        self.ensure_one()
        billed = self.protection_ids.filtered("billed_ref")
        billed.check_access("read")
        notes = {
            protection.id: self.env._(
                "Not marked as billed with %(reference)s any more.",
                reference=protection.billed_ref,
            )
            for protection in billed
        }
        billed.sudo().write({"billed_ref": False, "bill_id": False})
        billed.sudo()._message_log_batch(bodies=notes)
        text = self.env._("%(count)s not marked as billed any more.", count=len(billed))
        return show(text, next={"type": "ir.actions.act_window_close"})
