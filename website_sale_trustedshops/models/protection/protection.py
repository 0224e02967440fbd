# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re
from decimal import Decimal

import psycopg2

from odoo import api, fields, models, release
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize, format_date

from ... import const
from ...lib.codes import APPLICATION_CODES, KIND_DUPLICATE
from ...lib.items import choose_item
from ...lib.values import ProtectionRequest

# Nothing was sent yet, so giving up costs nobody anything.
UNSENT_STATES = ("selected", "queued", "on_hold")
# Placed, and Trusted Shops has not decided.
WAITING_STATES = ("queued", "sending", "on_hold", "requested")
# Applied for, and not refused.
SENT_STATES = ("requested", "confirmed")
# Ended without a protection.
NOT_CONCLUDED_STATES = ("rejected", "failed")
# Over, or given up before an answer: nothing is sent any more.
ENDED_STATES = (*NOT_CONCLUDED_STATES, "cancelled")
# States of the fee when the buyer does not pay for the protection.
FEE_GIVEN_BACK = ("refunded", "waived")
# Answers by which the service says that it knows the order number already.
DUPLICATE_CODES = tuple(
    code for code, known in APPLICATION_CODES.items() if known.kind == KIND_DUPLICATE
)
# Trusted Shops takes an order number once for each Trusted Shops ID.
NUMBER_FIELDS = ("ts_id", "environment", "order_reference")
# One address or a list, as customers type it; the first one counts.
TYPED_EMAIL = re.compile(
    r"\s*(?:[^<>@]*<([^\s<>,;@]+@[^\s<>,;@]+)>|([^\s<>,;@]+@[^\s<>,;@]+))"
    r"\s*(?:[,;].*)?",
    re.DOTALL,
)


def get_first_email(text):
    """Return the first address of what a customer typed.

    Where Odoo would change more than upper case there is none: "a b@example.org"
    becomes the address of somebody else, who would get the guarantee.

    :param text: for example ``A <a@example.org>; b@example.org``
    :type text: str or None
    :return: one lower-case address, '' when there is none
    :rtype: str
    """
    typed = TYPED_EMAIL.fullmatch(text or "")
    address = typed[1] or typed[2] if typed else ""
    normalized = email_normalize(address) or ""
    return normalized if normalized.lower() == address.lower() else ""


class TrustedShopsProtection(models.Model):
    """The Buyer Protection of one order.

    Chosen in the cart (``selected``); everything that is sent is frozen when the order
    is placed (``queued``). From then on only the queue changes the row, and while it
    is ``sending`` nobody else does: see ``queue.py``.
    """

    _name = "trustedshops.protection"
    _description = "Trusted Shops Buyer Protection"
    _inherit = ["trustedshops.queue"]
    _order = "id desc"
    _rec_name = "order_reference"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="restrict", index=True
    )
    certificate_id = fields.Many2one(
        "trustedshops.certificate",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    website_id = fields.Many2one("website", readonly=True, ondelete="set null")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    # The item, as offered.
    item_code = fields.Char(string="Item", required=True, readonly=True)
    protected_amount = fields.Monetary(readonly=True)
    duration_days = fields.Integer(string="Days", readonly=True)
    net_fee = fields.Monetary(readonly=True)
    gross_fee = fields.Monetary(readonly=True)
    # The consent, as shown.
    consent_text = fields.Text(readonly=True)
    consent_at = fields.Datetime(readonly=True)
    consent_version = fields.Char(readonly=True)
    conditions_url = fields.Char(string="Conditions", readonly=True)
    privacy_url = fields.Char(string="Data Privacy", readonly=True)
    lang_id = fields.Many2one("res.lang", string="Language", readonly=True)
    # What is sent, frozen when the order is placed.
    ts_id = fields.Char(string="Trusted Shops ID", readonly=True)
    environment = fields.Char(readonly=True, export_string_translation=False)
    # As the buyer was told before agreeing, whatever becomes of the certificate.
    is_test = fields.Boolean(string="Test", readonly=True)
    order_reference = fields.Char(readonly=True, index="trigram")
    order_amount = fields.Monetary(
        readonly=True, help="Goods and delivery, taxes included, without the fee."
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    customer_reference = fields.Char(readonly=True, export_string_translation=False)
    buyer_email = fields.Char(string="Email", readonly=True, index="trigram")
    payment_type = fields.Selection(const.PAYMENT_TYPES, readonly=True)
    placed_at = fields.Datetime(
        string="Order Date", readonly=True, help="The order date that is sent."
    )
    # Paid, authorized or announced online when it was placed.
    placed_with_payment = fields.Boolean(readonly=True, export_string_translation=False)
    # Another order was applied for under this order number, so nothing is sent.
    is_number_taken = fields.Boolean(readonly=True, export_string_translation=False)
    # Its life.
    state = fields.Selection(
        [
            ("selected", "Chosen in the cart"),
            ("queued", "Waiting to be applied for"),
            ("sending", "Being applied for"),
            ("on_hold", "On hold"),
            ("requested", "Applied for"),
            ("confirmed", "Confirmed"),
            ("rejected", "Refused"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="selected",
        index=True,
    )
    # The last negative answer.
    last_code = fields.Integer(readonly=True, export_string_translation=False)
    application_number = fields.Char(readonly=True, index="trigram")
    requested_at = fields.Datetime(string="Applied for", readonly=True)
    guarantee_number = fields.Char(readonly=True, index="trigram")
    confirmed_at = fields.Datetime(string="Confirmed", readonly=True)
    protected_until = fields.Date(readonly=True)
    # What the books say, and nothing of the buyer's money.
    fee_state = fields.Selection(
        [
            ("due", "Not invoiced"),
            ("invoiced", "Invoiced"),
            ("refunded", "Credited"),
            ("waived", "Not charged"),
        ],
        required=True,
        readonly=True,
        default="due",
    )
    billed_ref = fields.Char(string="Billed with", index=True)
    bill_id = fields.Many2one(
        "account.move",
        string="Vendor Bill",
        readonly=True,
        index="btree_not_null",
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    _placed_order_uniq = models.UniqueIndex(
        "(order_id) WHERE state NOT IN ('selected', 'cancelled')",
        "This order has a Buyer Protection already.",
    )
    _reference_uniq = models.UniqueIndex(
        "(ts_id, environment, order_reference)"
        " WHERE order_reference IS NOT NULL AND state != 'cancelled'"
        " AND is_number_taken IS NOT TRUE",
        "Buyer Protection was applied for under this order number already.",
    )
    _due_idx = models.Index(
        "(next_attempt_at, id) WHERE state IN ('queued', 'requested', 'sending')"
    )

    @api.depends("order_reference", "order_id.name", "is_test")
    def _compute_display_name(self):
        for protection in self:
            name = protection._get_order_name()
            protection.display_name = protection._mark_test(name)

    def _get_order_name(self):
        """Return the order number that was sent, or will be."""
        return self.order_reference or self.order_id.name

    def _mark_test(self, text):
        """Return a name, note or subject, marked if the protection is a test."""
        return f"[Test] {text}" if self.is_test else text

    @api.ondelete(at_uninstall=False)
    def _unlink_except_placed(self):
        if not all(protection._may_be_deleted() for protection in self):
            raise UserError(
                self.env._(
                    "The Buyer Protection of a placed order cannot be deleted: it may"
                    " have been applied for, or its fee invoiced."
                )
            )

    def _may_be_deleted(self):
        """Tell whether neither Trusted Shops nor the books know of it."""
        was_given_up = self.state == "cancelled" and self.fee_state in ("due", "waived")
        is_free = self.state == "selected" or (was_given_up and not self.attempt_count)
        return is_free and not self.refund_ids

    # === PLACING === #
    def _place(self):
        """Freeze what will be sent and queue it, or hold it when the sums do not fit.

        Trusted Shops is not asked here.
        """
        self.ensure_one()
        self = self._in_responsible_lang()
        values = self._prepare_placed_values()
        owner = self._find_number_owner(values)
        values["may_have_arrived"] = self._take_over_doubt(values)
        self._take_number({name: values.pop(name) for name in NUMBER_FIELDS}, owner)
        self.write(values)
        self.flush_recordset()
        if self.is_number_taken:
            self.last_code = DUPLICATE_CODES[0]
            reason = (owner or self)._explain_taken_number()
        else:
            reason = self._get_hold_reason()
        self.write({"state": "on_hold" if reason else "queued", "last_error": reason})
        self._post_at_orders("ordered")
        if not reason:
            self._trigger_queue()

    def _prepare_placed_values(self):
        """Return what is frozen when the order is placed.

        :rtype: dict
        """
        order = self.order_id
        now = fields.Datetime.now()
        method = order._trustedshops_find_payment_method()
        partner = self.partner_id or order.partner_id  # who agreed
        return {
            "ts_id": self.certificate_id.ts_id,
            "environment": self.certificate_id.environment,
            "order_reference": order.name,
            "order_amount": order._trustedshops_get_amount_to_protect(),
            "partner_id": partner.id,
            "customer_reference": (partner.ref or "").strip() or str(partner.id),
            "buyer_email": get_first_email(partner.email),
            "payment_type": method.trustedshops_payment_type or "OTHER",
            "placed_at": now,
            "placed_with_payment": bool(order._trustedshops_get_payments()),
            "next_attempt_at": now,
        }

    def _prepare_request(self):
        """Return the application of this row.

        :rtype: ProtectionRequest
        """
        certificate_sudo = self.certificate_id.sudo()
        return ProtectionRequest(
            ts_id=self.ts_id,
            ts_product_id=self.item_code,
            amount=Decimal(f"{self.order_amount:.2f}"),
            currency=self.currency_id.name,
            payment_type=self.payment_type,
            buyer_email=self.buyer_email or None,
            shop_customer_id=self.customer_reference,
            shop_order_id=self.order_reference,
            order_date=self.placed_at,
            shop_system_version=f"Odoo {release.version}",
            ws_user=certificate_sudo.ws_user or None,
            ws_password=certificate_sudo.ws_password or None,
        )

    def _take_number(self, number, owner):
        """Freeze the order number, and whether another order has it.

        The log quotes a statement that the database refuses, so nothing about the buyer
        is in this one, nor in one that changes the state. It locks the row, after which
        nothing refuses the other values.

        :param dict number: values of ``NUMBER_FIELDS``
        :param owner: protection of another order with this number, may be empty
        """
        try:
            with self.env.cr.savepoint():
                self.write({**number, "is_number_taken": bool(owner)})
        except psycopg2.errors.UniqueViolation:  # taken at this very moment
            self.write({**number, "is_number_taken": True})
            self.flush_recordset()

    def _find_number_owner(self, values):
        """Return the protection of another order that has this one's order number.

        A sequence was reset, or somebody changed a number. Trusted Shops takes each
        number once.

        :param values: with ``ts_id``, ``environment`` and ``order_reference``
        :type values: dict or record
        :return: one record, may be empty
        """
        domain = [(name, "=", values[name]) for name in NUMBER_FIELDS]
        domain += [
            ("state", "!=", "cancelled"),
            ("is_number_taken", "=", False),
            ("id", "!=", self.id),
        ]
        return self.search(domain, limit=1)

    def _take_over_doubt(self, values):
        """Return True if an application of ours under this number may have arrived.

        The order was cancelled after a lost call, and came back: what Trusted Shops has
        under its number is this protection's, and the earlier one is settled. A number
        that was known at the first call is not ours: this one's own call asks again.

        :param values: with ``ts_id``, ``environment`` and ``order_reference``
        :type values: dict or record
        """
        earlier = self.order_id.trustedshops_protection_ids.filtered(
            lambda each: (
                each.state == "cancelled"
                and each._may_have_arrived()
                and all(each[name] == values[name] for name in NUMBER_FIELDS)
            )
        )
        has_doubt = any(earlier.mapped("may_have_arrived"))
        earlier.write({"may_have_arrived": False, "last_code": 0})
        earlier._update_todo()
        for each in earlier:
            each._in_responsible_lang()._ask_for_credit()
        return has_doubt

    def _explain_taken_number(self):
        """Return what to do about an order with the number of this protection."""
        return self.env._(
            "The order number %(number)s was used before: an order of %(date)s has"
            " Buyer Protection under it, and Trusted Shops takes each number only once,"
            " so nothing was sent. Is it the same purchase? If not, apply at Trusted"
            " Shops by hand within three days of the order and enter the number, or"
            " press Refund fee.",
            number=self.order_reference,
            date=format_date(self.env, self.placed_at),
        )

    def _notify_not_placed(self):
        """Tell the responsible user that an order could not be queued."""
        self = self._in_responsible_lang()
        self._notify_responsible("protection", self._explain("not_placed"))

    # === REASONS NOT TO APPLY === #
    def _get_obstacle(self):
        """Return why nothing may be sent now, whoever wants it.

        :return: what is wrong and what to do, '' when it may be sent
        :rtype: str
        """
        return (
            self._get_unpaid_reason()
            or self._get_taken_reason()
            or self._get_hold_reason()
            or self._get_foreign_reason()
            or ("" if self.buyer_email else self._explain("no_email"))
        )

    def _get_unpaid_reason(self):
        """Return why the buyer is not bound any more, '' while still bound.

        A wire transfer on its way places an order that nobody confirmed; when it is
        called off nothing is left. Not even a person releases that.
        """
        order = self.order_id
        is_confirmed = order.state == "sale"
        if is_confirmed or order._trustedshops_get_promised_amount() is not None:
            return ""
        return self.env._(
            "The payment of this order was called off, and nobody confirmed the order."
            " The application goes out when the order is paid or confirmed; if it is"
            " given up, cancel it."
        )

    def _get_taken_reason(self):
        """Return that another order still has this one's number, '' when it is free."""
        owner = self.is_number_taken and self._find_number_owner(self)
        return owner._explain_taken_number() if owner else ""

    def _get_foreign_reason(self):
        """Return that the certificate became another one, '' when it did not.

        Its login belongs elsewhere then: a test order must not reach production. What
        the service says of the certificate meanwhile may pass, and holds nothing.
        """
        certificate = self.certificate_id
        is_same_id = self.ts_id == certificate.ts_id
        if is_same_id and self.environment == certificate.environment:
            return ""
        return self.env._(
            "The certificate has another Trusted Shops ID or environment than when the"
            " order was placed, so the application is not sent."
        )

    def _get_hold_reason(self):
        """Return why the protection must wait for a person or for a payment.

        :return: what does not fit, '' when everything does
        :rtype: str
        """
        self.ensure_one()
        if self.fee_state in FEE_GIVEN_BACK:
            return self._explain_missing_fee()
        if self.is_released:
            return ""
        order = self.order_id
        paid = self._get_paid_amount()
        total = order.amount_total
        if not order._trustedshops_get_fee_lines():
            return self.env._(
                "%(paid)s was paid, %(fee)s for Buyer Protection included, but the"
                " order changed during the payment and comes to %(total)s without it."
                " Settle the difference with the buyer, or press Refund fee.",
                paid=order.currency_id.format(paid or 0.0),
                fee=self.currency_id.format(self.gross_fee),
                total=order.currency_id.format(total),
            )
        if paid is not None and self.currency_id.compare_amounts(paid, total) < 0:
            return self.env._(
                "%(paid)s of %(total)s was paid, so the fee may not be part of it."
                " The application goes out when the rest is paid.",
                paid=self.currency_id.format(paid),
                total=self.currency_id.format(total),
            )
        if not self._covers_order():
            return self.env._(
                "The order was changed after Buyer Protection was chosen: it has"
                " another buyer, or is worth more than the protection covers."
            )
        return ""

    def _get_paid_amount(self):
        """Return what of the order was paid, or is bound to be.

        :return: in the order's currency; None when nothing ever said how it is paid
        :rtype: float or None
        """
        order = self.order_id
        paid = order._trustedshops_get_promised_amount()
        # An authorization that was voided is no salesperson's order on account.
        if paid is None and not self.placed_with_payment:
            return None
        is_enough = self.currency_id.compare_amounts(paid or 0.0, order.amount_total)
        if is_enough >= 0 or order._trustedshops_get_till_amounts():
            return paid
        # What was paid on invoices, too, less what went back.
        balance = order._trustedshops_get_balance()
        money = order._trustedshops_get_money()
        promised = (paid or 0.0) - money.received
        return self.currency_id.round(order.amount_total + balance + promised)

    def _explain_missing_fee(self):
        """Return why nothing is applied for whose fee was taken out of the books.

        It may be charged again: a corrected invoice begins with a credit note.
        """
        reason = self.env._(
            "The fee of Buyer Protection was taken out of the books, so nothing is"
            " applied for. Invoice the fee again, and it is applied for; or cancel the"
            " order."
        )
        return f"{reason} {self._explain('doubt')}" if self.may_have_arrived else reason

    def _covers_order(self):
        """Tell whether the chosen item still fits the buyer and amount of the order."""
        order = self.order_id
        amount = order._trustedshops_get_amount_to_protect()
        is_same_buyer = not self.partner_id or self.partner_id == order.partner_id
        if not is_same_buyer or self.currency_id != order.currency_id:
            return False
        if self.currency_id.compare_amounts(amount, self.protected_amount) <= 0:
            return True
        # Above the largest item the largest is right ("up to ...").
        items = [item._to_lib() for item in self.certificate_id.item_ids]
        value = Decimal(f"{amount:.2f}")
        fitting = choose_item(items, value, self.currency_id.name)
        return bool(fitting) and fitting.ts_product_id == self.item_code

    def _reexamine(self):
        """Queue what was on hold only because money was missing, once it is there.

        What was applied for needs a person when its money will not come.
        """
        for protection in self:
            protection = protection._in_responsible_lang()
            protection._follow_payment()
            # With a code it is the service that holds it.
            if protection.state != "on_hold" or protection.last_code:
                continue
            reason = protection._get_obstacle()
            if not reason:
                protection._queue_now()
            elif reason != protection.last_error:
                protection._put_on_hold(reason)

    def _put_on_hold(self, reason):
        """Let a person decide."""
        self.write({"state": "on_hold", "last_error": reason, "last_code": 0})

    # === WHERE IT STANDS === #
    def _is_duplicate(self):
        """Tell whether the service knew the order number when it was asked last."""
        return self.last_code in DUPLICATE_CODES

    def _may_have_arrived(self):
        """Tell whether the service may have an application of which we know no number.

        :rtype: bool
        """
        # Of a number that another order of ours has, nothing was sent.
        is_known = self._is_duplicate() and not self.is_number_taken
        return is_known or (self.may_have_arrived and not self.application_number)

    def _lacks_number(self):
        """Tell whether an application arrived of which nobody knows the number."""
        return self.state == "requested" and not self.application_number

    def _is_entry_refused(self):
        """Return True if Trusted Shops refused the number that was entered last."""
        was_entered = self._lacks_number() and bool(self.number_entered_at)
        return was_entered and bool(self.last_code)

    def _is_asked_in_vain(self):
        """Return True if asking about a known number has led nowhere."""
        if self.state != "requested" or not self.application_number:
            return False
        # The number may be mistyped, or another application counts.
        is_wrong = bool(self.number_entered_at) or self._is_duplicate()
        return self._is_asked_for_long() or bool(self.last_code and is_wrong)

    def _is_asked_for_long(self):
        """Return True if the application should have been decided long ago."""
        long_ago = fields.Datetime.now() - const.POLL_ATTENTION_AFTER
        asked_since = self.number_entered_at or self.requested_at
        return bool(asked_since) and asked_since <= long_ago

    def _awaits_lookup(self):
        """Return True while only a person can find out what Trusted Shops has.

        The statement says *Undecided* until then; for its domain see
        :meth:`_get_lookups_domain`.

        :rtype: bool
        """
        if self.state in ENDED_STATES:
            return self._may_have_arrived()
        return self._lacks_number() or self._is_asked_in_vain()

    @api.model
    def _get_lookups_domain(self):
        """Return the rows that await a look at Trusted Shops, see `_awaits_lookup`."""
        long_ago = fields.Datetime.now() - const.POLL_ATTENTION_AFTER
        is_ended = Domain("state", "in", ENDED_STATES)
        is_wrong = Domain("number_entered_at", "!=", False)
        is_wrong |= Domain("last_code", "in", DUPLICATE_CODES)
        is_unclear = Domain("application_number", "=", False)
        is_unclear |= Domain("number_entered_at", "<=", long_ago)
        is_unclear |= Domain("requested_at", "<=", long_ago) & Domain(
            "number_entered_at", "=", False
        )
        is_unclear |= Domain("last_code", "!=", 0) & is_wrong
        return (is_ended & Domain("billable", "=", "undecided")) | (
            Domain("state", "=", "requested") & is_unclear
        )

    def _is_order_cancelled(self):
        """Tell whether the order was cancelled, whoever may see it."""
        return self.sudo().order_id.state == "cancel"

    # === CANCELLING === #
    def _cancel(self):
        """Give up what was not sent, and its fee; of what was see `_follow_payment`."""
        for protection in self.filtered(lambda each: each.state in UNSENT_STATES):
            protection._in_responsible_lang()._give_up()

    def _give_up(self):
        """End a protection that was not sent, and its fee."""
        arrived = self._may_have_arrived()
        name = "cancelled" if arrived else "cancelled_unsent"
        self.write({"state": "cancelled", "last_error": self._explain(name)})
        self._take_off_drafts()
        self._follow_invoices()
        self._ask_for_credit()

    def _ask_for_credit(self):
        """Ask for the credit note of a fee, once it is sure that nothing was sent."""
        is_invoiced = self.state == "cancelled" and self.fee_state == "invoiced"
        if is_invoiced and not self._may_have_arrived():
            invoices = self._get_posted_lines("out_invoice").move_id
            names = ", ".join(invoices.mapped("name"))
            note = self._explain("fee_on_invoice", invoices=names)
            self._notify_responsible("fee_invoiced", note)
