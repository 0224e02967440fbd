# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Compare a bill of Trusted Shops with our protections, and mark them as billed."""

import base64
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from .. import const
from ..client_action import link, show
from ..framework import get_midnight
from ..lib import bill_list
from ..models.certificate.fee_table import find_currencies

_lt = LazyTranslate(__name__)

PROTECTION = "trustedshops.protection"
# The dialog shows at most this many differences, and counts the others.
MOST_SHOWN = 200
# Why a line of the bill does not agree with what we know.
DIFFERENCES = {
    "unknown": _lt("Only on the bill"),
    "twice": _lt("Twice on the bill"),
    "credited": _lt("Credited on the bill, too"),
    "currency": _lt("Another currency"),
    "amount": _lt("Another amount"),
    "billed": _lt("Billed already"),
    "void": _lt("Not owed"),
    "doubt": _lt("On the bill, but without an application number here"),
    "missing": _lt("Only here"),
}


class TrustedShopsBilling(models.TransientModel):
    """Marks which protections are on an invoice of Trusted Shops.

    The rights to this model decide who may do that, because no user can write
    protections. The user selects rows in the statement, or the dialog proposes them for
    a line of a vendor bill, or finds them by the list that came with the bill.
    """

    _name = "trustedshops.billing"
    _description = "Mark as billed"
    _check_company_auto = True

    bill_id = fields.Many2one(
        "account.move",
        string="Vendor Bill",
        domain=[("move_type", "=", "in_invoice"), ("state", "!=", "cancel")],
        check_company=True,
        groups=const.BOOKKEEPERS,
    )
    bill_line_id = fields.Many2one(
        "account.move.line",
        check_company=True,
        groups=const.BOOKKEEPERS,
        export_string_translation=False,
    )
    # Order numbers and amounts that came with the bill.
    listing = fields.Text(string="List")
    listing_file = fields.Binary(string="List as a File", attachment=False)
    comparison = fields.Html(
        compute="_compute_comparison", sanitize=False, export_string_translation=False
    )
    # Days of the applications that the bill is for.
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
    # Empty while rows of several companies are selected, for a bill has one company.
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

    @api.depends("bill_line_id", "listing", "listing_file")
    def _compute_until(self):
        """Propose the end of the month that is nearest to the date of the bill.

        There is nothing to propose when the user selected rows.
        """
        for wizard in self:
            has_list = wizard.listing or wizard.listing_file
            is_asked = wizard.bill_line_id or (has_list and not wizard._get_selected())
            wizard.until = is_asked and (wizard.until or wizard._get_month_end())

    @api.onchange("bill_id")
    def _onchange_bill_id(self):
        self.until = self.until and self._get_month_end()

    def _get_month_end(self):
        """Return the end of the month that is nearest to the date of the bill."""
        billed_on = self._get_bill().invoice_date or fields.Date.today()
        return (billed_on + timedelta(days=15)).replace(day=1) - timedelta(days=1)

    @api.depends("since", "until", "listing", "listing_file")
    def _compute_protection_ids(self):
        for wizard in self:
            if found := wizard._compare():
                agreeing = [fee.id for fee in found[0].agreeing]
                wizard.protection_ids = wizard.protection_ids.browse(agreeing)
            elif wizard.until:
                line = wizard._get_readable("bill_line_id")
                wizard.protection_ids = wizard._find_proposals(line.currency_id)
            else:
                wizard.protection_ids = wizard._get_selected()

    def _get_selected(self):
        """Return the rows that the user selected in the statement."""
        is_selected = self.env.context.get("active_model") == PROTECTION
        ids = self.env.context.get("active_ids") if is_selected else ()
        return self.env[PROTECTION].browse(ids or ())

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
        """Return the bill or its line in sudo, if the user may read it."""
        record = self.sudo()[name].sudo(False)
        if record:
            record.check_access("read")
        return record.sudo()

    def _get_bill(self):
        """Return the bill of the line, or else the bill, in sudo."""
        line = self._get_readable("bill_line_id")
        return line.move_id or self._get_readable("bill_id")

    def _find_proposals(self, currency):
        """Return the protections to be billed, in the currency of the bill."""
        domain = Domain("billable", "=", "owed") & Domain("billed_ref", "=", False)
        domain &= Domain("company_id", "=", self._get_company().id)
        domain &= Domain("currency_id", "=", currency.id)
        if selected := self._get_selected():
            domain &= Domain("id", "in", selected.ids)
        if self.until:
            end = get_midnight(self.env, self.until + timedelta(days=1))
            domain &= Domain("requested_at", "<", end)
        if self.since:
            since = get_midnight(self.env, self.since)
            domain &= Domain("requested_at", ">=", since)
        return self.env[PROTECTION].search(domain, order="requested_at, id")

    def _get_company(self):
        """Return the company of the bill."""
        selected = self._get_selected().company_id[:1]
        return self._get_bill().company_id or selected or self.env.company

    # === THE LIST OF THE BILL === #
    def _compare(self):
        """Compare the list of the bill with our protections.

        :return: a ``bill_list.Comparison``, and unreadable lines by number; None
            without a list
        :rtype: tuple or None
        :raise UserError: when the file is no text, or the list is too long
        """
        try:
            lines, bad = bill_list.parse(self._get_listing())
        except ValueError as error:
            raise UserError(
                self.env._(
                    "The list has more than %(most)s lines. Take that of one month.",
                    most=bill_list.MOST_LINES,
                )
            ) from error
        if not lines and not bad:
            return None
        listed = self._find_listed(lines)
        currency = self._find_currency(lines, listed)
        expected = self._find_proposals(currency)
        comparison = bill_list.compare(
            lines, map(_prepare_fee, listed), map(_prepare_fee, expected), currency.name
        )
        return comparison, bad

    def _get_listing(self):
        """Return the pasted list, followed by the uploaded one."""
        texts = [self.listing or ""]
        if content := self.with_context(bin_size=False).listing_file:
            try:
                texts.append(bill_list.decode(base64.b64decode(content)))
            except ValueError as error:
                raise UserError(
                    self.env._("This file is no text. Save the list as CSV.")
                ) from error
        return "\n".join(filter(None, texts))

    def _find_listed(self, lines):
        """Return the protections of a list's orders; those owed come last."""
        names = {line.order for line in lines}
        domain = Domain("order_reference", "in", names | set(map(str.upper, names)))
        domain &= Domain("company_id", "=", self._get_company().id)
        found = self.env[PROTECTION].search(domain, order="id")
        ranks = ("void", "undecided", "owed")
        return found.sorted(lambda each: ranks.index(each.billable))

    def _find_currency(self, lines, protections):
        """Return the currency of the bill's line, of the list, or of our fees."""
        codes = {line.currency for line in lines}
        return (
            self._get_readable("bill_line_id").currency_id
            or (len(codes) == 1 and find_currencies(self.env, codes))
            or protections[-1:].currency_id
            or self._get_company().currency_id
        )

    @api.depends("listing", "listing_file", "since", "until", "bill_id", "bill_line_id")
    def _compute_comparison(self):
        for wizard in self:
            found = wizard._compare()
            wizard.comparison = found and self.env["ir.qweb"]._render(
                "website_sale_trustedshops.billing_comparison",
                wizard._prepare_comparison(*found),
            )

    def _prepare_comparison(self, comparison, bad):
        """Return the values with which the dialog shows a comparison.

        :param bill_list.Comparison comparison: of list and fees
        :param dict bad: unreadable lines by number
        :rtype: dict
        """
        codes = {comparison.currency, *(row.currency for row in comparison.rows)}
        currencies = {each.name: each for each in find_currencies(self.env, codes)}

        def tell(amount, code=comparison.currency):
            if amount is None:
                return ""
            known = currencies.get(code)
            return known.format(float(amount)) if known else f"{amount} {code}"

        kind = "gross_fee" if comparison.is_gross else "net_fee"

        def count_rest(rows):
            rest = len(rows) - MOST_SHOWN
            return rest > 0 and self.env._("And %(count)s more.", count=rest)

        told = [
            self.env._(
                "Line %(number)s is not understood: %(text)s", number=number, text=text
            )
            for number, text in list(bad.items())[:MOST_SHOWN]
        ]
        return {
            "bad": [*told, *filter(None, [count_rest(bad)])],
            "comparison": comparison,
            "kind": self.env[PROTECTION]._fields[kind]._description_string(self.env),
            "more": count_rest(comparison.rows),
            "reasons": {why: self.env._(text) for why, text in DIFFERENCES.items()},
            "rows": comparison.rows[:MOST_SHOWN],
            "tell": tell,
        }

    def action_apply(self):
        """Mark everything that was not billed yet with the bill.

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
        close = {"type": "ir.actions.act_window_close"}
        return show(text, [self._link_bill(bill)], next=close)

    def _link_bill(self, bill):
        """Return the link to the bill, or without one to the statement."""
        if bill:
            action = "account.action_move_in_invoice_type"
            return link(bill.display_name, action, bill.id)
        action = "website_sale_trustedshops.trustedshops_statement_action"
        label = self.env["ir.actions.actions"]._for_xml_id(action)["display_name"]
        return link(label, action)

    def action_take_back(self):
        """Remove the bill from everything that was marked by mistake.

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


def _prepare_fee(protection):
    """Return the fee of a protection, and why it should not be on the bill."""
    obstacle = "billed" if protection.billed_ref else ""
    if protection.billable == "void":
        obstacle = "void"
    elif not protection.requested_at:
        obstacle = "doubt"
    fees = protection.net_fee, protection.gross_fee
    return bill_list.Fee(
        protection.id,
        protection.order_reference,
        tuple(Decimal(f"{fee:.2f}") for fee in fees),
        protection.currency_id.name,
        obstacle,
    )
