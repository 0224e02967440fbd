# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate, format_date, format_datetime

from ... import const
from ...lib.codes import (
    DUPLICATE_CODES,
    KIND_LIMIT,
    KIND_RETRYABLE,
    get_code,
)
from ..privacy import get_last_day, search_by_address

_lt = LazyTranslate(__name__)
# Labels of the groups without a date, when a list is grouped by that date.
NOT_ORDERED = _lt("Not ordered")
NOT_APPLIED_FOR = _lt("Not applied for")
# The fields that the methods under *Standing* read, for computes that call them.
STANDING_FIELDS = (
    "state",
    "last_code",
    "may_have_arrived",
    "application_number",
    "number_entered_at",
    "requested_at",
    "fee_state",
    "final_at",
    "order_id.state",
)
# Nothing was sent yet, so giving up costs nothing.
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
# Message for the buyer about a fee that is not charged, by its standing.
FEE_MESSAGES = {
    "open": "fee_goes_back",
    "paid_back": "fee_back",
    "not_charged": "fee_free",
}
# The messages about answers to an application, by the kind of their codes. Those of any
# other kind refuse it.
CODE_MESSAGES = {
    KIND_LIMIT: "code_limit",
    KIND_RETRYABLE: "code_trouble",
}
# The codes about the payment type, which the merchant can change.
PAYMENT_CODES = (-10005, -10006, -10010)


class TrustedShopsProtection(models.Model):
    """The Buyer Protection of one order.

    The buyer chooses it in the cart (``selected``). Placing the order freezes
    everything that is sent (``queued``). From then on the queue of ``applying.py``
    changes the record, and while it is ``sending`` only the queue does.

    The reason for its state is stored as the code of a message, with the values that
    its sentence names. What comes next is computed when it is read.
    """

    _name = "trustedshops.protection"
    _description = "Trusted Shops Buyer Protection"
    _inherit = ["trustedshops.queue", "trustedshops.personal.data"]
    _order = "id desc"
    _rec_name = "order_reference"

    @property
    def _trustedshops_guarded_fields(self):
        """Guard all fields but ``billed_ref``, the only one that users write."""
        return frozenset(self._fields) - {"billed_ref"}

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
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    # The item, as offered.
    item_code = fields.Char(string="Item", required=True, readonly=True)
    protected_amount = fields.Monetary(readonly=True)
    duration_days = fields.Integer(string="Days", readonly=True)
    # Without a sum in lists, because only `owed_fee` is owed.
    net_fee = fields.Monetary(readonly=True, aggregator=None)
    gross_fee = fields.Monetary(readonly=True)
    # What the buyer agreed to, as shown.
    consent_text = fields.Text(readonly=True)
    consent_at = fields.Datetime(string="Chosen on", readonly=True)
    conditions_url = fields.Char(string="Conditions", readonly=True)
    privacy_url = fields.Char(string="Data Privacy", readonly=True)
    lang_id = fields.Many2one("res.lang", string="Language", readonly=True)
    # What is sent, frozen when the order is placed.
    ts_id = fields.Char(string="Trusted Shops ID", readonly=True)
    environment = fields.Char(readonly=True, export_string_translation=False)
    # As the buyer read it before agreeing; the certificate may change later.
    is_test = fields.Boolean(string="Test", readonly=True)
    order_reference = fields.Char(readonly=True, index="trigram")
    order_amount = fields.Monetary(
        readonly=True, help="Goods and delivery, taxes included, without the fee."
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    customer_reference = fields.Char(readonly=True)
    buyer_email = fields.Char(string="Email", readonly=True, index="trigram")
    payment_type = fields.Selection(const.PAYMENT_TYPES, readonly=True)
    placed_at = fields.Datetime(
        string="Order Date",
        readonly=True,
        falsy_value_label=NOT_ORDERED,
    )
    # Whether a transaction had paid, authorized or announced it when it was placed.
    placed_with_payment = fields.Boolean(readonly=True, export_string_translation=False)
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
        string="Status",
        required=True,
        readonly=True,
        default="selected",
        index=True,
    )
    # The state as views show it. They call it Status; two fields cannot share a label.
    status = fields.Selection(
        string="Status on Screens",
        selection="_get_statuses",
        compute="_compute_status",
        exportable=False,
        export_string_translation=False,
    )
    # Values of the sentence of ``last_error``, see :meth:`_prepare_reason`.
    error_values = fields.Json(readonly=True, export_string_translation=False)
    # Code of the last negative answer.
    last_code = fields.Integer(readonly=True, export_string_translation=False)
    application_number = fields.Char(readonly=True, index="trigram")
    requested_at = fields.Datetime(
        string="Applied for",
        readonly=True,
        index="btree_not_null",
        falsy_value_label=NOT_APPLIED_FOR,
    )
    guarantee_number = fields.Char(readonly=True, index="trigram")
    confirmed_at = fields.Datetime(
        string="Confirmed", readonly=True, index="btree_not_null"
    )
    protected_until = fields.Date(readonly=True)
    # When a user entered the application number, which may be mistyped. The time that
    # Trusted Shops has to decide starts again.
    number_entered_at = fields.Datetime(readonly=True, export_string_translation=False)
    # Number in an answer that came too late: the record had another number or had
    # ended. If it was confirmed after its fee was given back, it is its own number.
    late_number = fields.Char(readonly=True, export_string_translation=False)
    # Whether a user released it although the sums do not fit.
    is_released = fields.Boolean(readonly=True, export_string_translation=False)
    # Until then a user may correct what was refused and apply again; then its fee is
    # given back, and staff and buyer read that it is over.
    final_at = fields.Datetime(readonly=True, export_string_translation=False)
    # When the order was cancelled or all of its goods were credited.
    ended_at = fields.Datetime(readonly=True, export_string_translation=False)
    # What the books say about the fee, not whether the buyer paid it.
    fee_state = fields.Selection(
        [
            ("due", "Not invoiced"),
            ("invoiced", "Invoiced"),
            ("refunded", "Credited"),
            ("waived", "Not charged"),
        ],
        string="Fee Status",
        required=True,
        readonly=True,
        default="due",
    )
    needs_attention = fields.Boolean(
        store=False, search="_search_needs_attention", export_string_translation=False
    )
    explanation = fields.Char(
        string="What happened", compute="_compute_explanation", compute_sudo=True
    )
    shopper_status = fields.Char(
        string="What to tell the customer", compute="_compute_shopper_status"
    )

    _placed_order_uniq = models.UniqueIndex(
        "(order_id) WHERE state NOT IN ('selected', 'cancelled')",
        "This order has a Buyer Protection already.",
    )
    _reference_uniq = models.UniqueIndex(
        "(ts_id, environment, order_reference)"
        " WHERE order_reference IS NOT NULL AND state != 'cancelled'",
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
        """Return the number of the order, as it was or will be sent."""
        return self.order_reference or self.order_id.name

    @api.model
    def _get_statuses(self):
        """Return the selection of ``status``: the states, and ``failing``."""
        states = self._fields["state"].get_description(self.env)["selection"]
        return [*states, ("failing", self.env._("Waiting, but failing"))]

    @api.depends("state", "last_error", "application_number")
    def _compute_status(self):
        """Compute the state, or ``failing`` if the last attempt of the queue failed."""
        for protection in self:
            # Without a number the queue waits until a user enters it.
            is_asked = protection.state == "requested" and protection.application_number
            is_tried = is_asked or protection.state in ("queued", "sending")
            is_failing = is_tried and protection.last_error
            protection.status = "failing" if is_failing else protection.state

    def write(self, vals):
        """Override of `mail` to act on a new state, and to log it in the chatter.

        A new state drops the stored reason, plans or cancels the mail to the buyer,
        sets when a refusal is final, and updates the activity. Tracking would post its
        note in the transaction of the answer. With ``notice_due`` among the values,
        note and activity follow later, see :meth:`_log_answers`. The state ``sending``
        does none of this.
        """
        if "state" not in vals or vals["state"] == "sending":
            return super().write(vals)
        # The explanation of the last state does not fit the new one.
        vals = {"last_error": False, "error_values": False, **vals}
        if vals["state"] not in ("queued", "requested"):
            vals["next_attempt_at"] = False
        before = {protection: protection.state for protection in self}
        result = super().write(vals)
        for protection in () if "final_at" in vals else self:
            moment = protection._get_final_moment()
            if protection.final_at != moment:
                protection.final_at = moment
        self.filtered(lambda each: each.state != before[each])._set_mail_due()
        if "notice_due" in vals:
            return result
        for protection, state in before.items():
            if protection.state != state:
                protection._with_responsible_lang()._log_state()
            protection._update_todo()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_placed(self):
        if not all(each._can_be_deleted() for each in self):
            raise UserError(
                self.env._("Buyer Protection of a placed order cannot be deleted.")
            )

    # === STANDING === #
    @api.model
    def _get_doubtful_domain(self):
        """Return the domain of protections whose application may have arrived.

        Trusted Shops knows the order number, or a call got no answer and no application
        number is known here.

        :rtype: odoo.fields.Domain
        """
        is_unnumbered = Domain("application_number", "=", False)
        is_unnumbered &= Domain("may_have_arrived", "=", True)
        return Domain("last_code", "in", DUPLICATE_CODES) | is_unnumbered

    def _is_in_doubt(self):
        """Return True if its application may have arrived without a number known.

        See :meth:`_get_doubtful_domain`.
        """
        return bool(self.sudo().filtered_domain(self._get_doubtful_domain()))

    def _can_still_be_sent(self):
        """Return True if the order is not cancelled, and not too old to apply for."""
        oldest = fields.Datetime.now() - const.APPLY_WITHIN
        is_in_time = bool(self.placed_at) and self.placed_at > oldest
        return is_in_time and self.sudo().order_id.state != "cancel"

    def _can_be_deleted(self):
        """Return True if nothing was sent, and no fee was charged or given back."""
        was_given_up = self.state == "cancelled" and not self.attempt_count
        is_uncharged = self.fee_state in ("due", "waived")
        is_free = self.state == "selected" or (was_given_up and is_uncharged)
        return is_free and not self.refund_ids

    def _get_final_moment(self):
        """Return the moment at which a refusal or failure that happens now is final.

        Until then a user can correct the order and apply again: for three days after a
        wrong address, for an hour after anything else. Then the fee is given
        back, and the buyer gets a mail.

        :return: moment in UTC; False in any state but ``rejected`` and ``failed``
        :rtype: datetime.datetime or bool
        """
        if self.state not in NOT_CONCLUDED_STATES:
            return False
        now = fields.Datetime.now()
        if self.state != "rejected" or not self.placed_at:
            return now
        last = self.placed_at + const.APPLY_WITHIN
        if get_code(self.last_code).is_curable:
            return last
        return min(last, now + timedelta(hours=1))

    @api.model
    def _get_lookups_domain(self):
        """Return the domain of protections that a user has to look up at Trusted Shops.

        The statement says *Undecided* until then.
        """
        long_ago = fields.Datetime.now() - const.POLL_ATTENTION_AFTER
        is_ended = Domain("state", "in", ENDED_STATES)
        # A number may be mistyped, or another application may be the one that counts.
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

    def _is_lookup_due(self):
        """Return True while a user has to look the protection up at Trusted Shops."""
        return bool(self.sudo().filtered_domain(self._get_lookups_domain()))

    @api.model
    def _get_held_domain(self):
        """Return the domain of protections that a user has to release or look up."""
        return Domain("state", "=", "on_hold") | self._get_lookups_domain()

    @api.model
    def _get_attention_domain(self):
        """Return the domain of protections about which staff get an activity.

        These are on hold, have to be looked up, were refused or failed while their fee
        is still charged, or wait after several failed attempts.
        """
        is_charged = Domain("fee_state", "not in", FEE_GIVEN_BACK)
        is_stuck = Domain("trouble_count", ">=", const.TROUBLE_ATTENTION)
        return (
            self._get_held_domain()
            | (Domain("state", "in", NOT_CONCLUDED_STATES) & is_charged)
            | (Domain("state", "=", "queued") & is_stuck)
        )

    @api.model
    def _search_needs_attention(self, operator, value):
        """Search for protections on which staff have to act.

        That is :meth:`_get_attention_domain`, and cancelled ones whose fee is still
        charged.
        """
        if operator != "in":
            return NotImplemented
        is_charged = Domain("fee_state", "not in", FEE_GIVEN_BACK)
        needing = Domain("state", "=", "cancelled") & is_charged
        needing |= self._get_attention_domain()
        return Domain.OR(needing if each else ~needing for each in value)

    @api.model
    def _get_unfinished_domain(self):
        """Return the domain of protections without a decision or with an open refund.

        Choices in a cart are not among them.
        """
        is_open = Domain("refund_ids", "any", Domain("state", "=", "open"))
        return Domain("state", "in", WAITING_STATES) | is_open

    @api.model
    def _get_not_concluded_domain(self):
        """Return the domain of protections that were refused or failed for good.

        One whose application may have arrived is among them only after its fee was
        given back.

        :rtype: odoo.fields.Domain
        """
        is_final = Domain("final_at", "<=", fields.Datetime.now())
        # For a cancelled order there is nothing to correct.
        is_final |= Domain("order_id.state", "=", "cancel")
        is_final &= ~self._get_doubtful_domain()
        is_given_back = Domain("fee_state", "in", FEE_GIVEN_BACK)
        return Domain("state", "in", NOT_CONCLUDED_STATES) & (is_given_back | is_final)

    def _is_over(self):
        """Return True if the protection was refused or failed for good.

        Also return True once its fee was given back, though Trusted Shops may still
        confirm it.
        """
        # In sudo, because not every user may read the order.
        domain = self._get_not_concluded_domain()
        return bool(self.sudo().filtered_domain(domain))

    # === WHAT HAPPENED, AND WHAT COMES NEXT === #
    @api.model
    def _prepare_reason(self, code, **values):
        """Return the values that store the reason for the state of a protection.

        :param str code: code of a message, or of what went wrong with a call
        :param values: what its sentence names: ``number`` of an application,
            ``trouble`` of a call, ``what`` is missing, and the amounts ``paid`` and
            ``total`` in ``currency``, an id
        :return: ``last_error`` and ``error_values``
        :rtype: dict
        """
        return {"last_error": code, "error_values": values or False}

    def _format_message(self, code, part="staff", /, **values):
        """Override to fill in number, state, amounts and item of one protection."""
        if len(self) != 1:
            return super()._format_message(code, part, **values)
        labels = {
            name: dict(self._fields[name].get_description(self.env)["selection"])
            for name in ("state", "payment_type")
        }
        known = {
            "order": self.sudo()._get_order_name(),
            "state": labels["state"].get(self.state),
            "number": self.application_number or "-",
            "guarantee_number": self.guarantee_number,
            "fee": self.currency_id.format(self.gross_fee),
            "amount": self.currency_id.format(self.protected_amount),
            "currency": self.currency_id.name,
            "item": self.item_code,
            "payment_type": labels["payment_type"].get(self.payment_type, "-"),
            "count": self.trouble_count,
            "answer": f"{get_code(self.last_code).symbol}, {self.last_code}",
        }
        return super()._format_message(code, part, **{**known, **values})

    def _format_reason(self, reason=None):
        """Return the sentence about the reason for the state.

        :param reason: values of :meth:`_prepare_reason`, by default what is stored
        :type reason: dict or None
        :return: '' without a reason
        :rtype: str
        """
        stored = self._prepare_reason(self.last_error, **(self.error_values or {}))
        reason = reason or stored
        code, values = reason["last_error"], reason["error_values"]
        if not code:
            return ""
        words = dict(values or {})
        if "trouble" in words:
            words["reason"] = self._format_trouble(words["trouble"])
        if "currency" in words:
            currency = self.env["res.currency"].browse(words.pop("currency"))
            words |= {name: currency.format(words[name]) for name in ("paid", "total")}
        if code == "answered":
            return self._format_answer()
        if code not in self._get_messages():
            return self._format_trouble(code)
        text = self._format_message(code, **words)
        is_answered = self.last_code and self.last_code not in DUPLICATE_CODES
        has_answer = code == "too_late" and is_answered
        return f"{text} {self._format_answer()}" if has_answer else text

    def _format_answer(self):
        """Return the sentence about the last code that answered an application."""
        if self.last_code in PAYMENT_CODES:
            return self._format_message("code_payment")
        kind = get_code(self.last_code).kind
        return self._format_message(CODE_MESSAGES.get(kind, "code_refused"))

    @api.depends(
        *STANDING_FIELDS,
        "last_error",
        "error_values",
        "trouble_count",
        "refund_ids",
        "certificate_id.hold_reason",
        "certificate_id.has_ws_login",
    )
    @api.depends_context("lang")
    def _compute_explanation(self):
        for protection in self:
            protection.explanation = protection._format_explanation()

    def _format_explanation(self):
        """Return the sentences for staff about what happened and what comes next.

        :return: '' when all goes well
        :rtype: str
        """
        is_queued = self.state in ("queued", "sending")
        wait = step = is_queued and self.certificate_id.sudo()._format_wait()
        if not step and (code := self._get_next_code()):
            tz, until = self._in_shop().env.context["tz"], self.final_at
            until = until and format_datetime(self.env, until, tz=tz, dt_format="short")
            step = self._format_message(code, "step", until=until)
        # Do not say twice that nothing answers.
        is_told = wait and self.last_error == "no_answer"
        reason = "" if is_told else self._format_reason()
        if not reason and self.state == "requested" and self._is_lookup_due():
            reason = self._format_message("undecided")
        return " ".join(filter(None, (reason, step)))

    def _get_next_code(self):
        """Return the code of the message whose step comes next, or has to be done.

        :return: '' when there is nothing to say
        :rtype: str
        """
        if self._is_lookup_due():
            return "lookup"
        if self.state in NOT_CONCLUDED_STATES:
            is_over = self.fee_state in FEE_GIVEN_BACK or self._is_over()
            is_curable = not is_over and self._can_still_be_sent()
            return "curable" if is_curable else "over"
        reason = self.last_error
        if self.state == "on_hold" and reason in self._get_messages():
            # Otherwise there is nothing to look for at Trusted Shops.
            is_told = reason != "fee_credited" or self.may_have_arrived
            return reason if is_told else ""
        is_waiting = self.state in ("queued", "sending", "requested") and reason
        is_in_vain = is_waiting and self.trouble_count >= const.TROUBLE_ATTENTION
        return "tries_in_vain" if is_in_vain else ""

    # === FOR THE BUYER === #
    @api.depends(
        *STANDING_FIELDS,
        "guarantee_number",
        "protected_until",
        "fee_collected",
        "refund_ids.state",
        "refund_ids.paid_back_on",
    )
    @api.depends_context("lang")
    def _compute_shopper_status(self):
        def tell(day):
            return day and format_date(self.env, day, date_format="long")

        for protection in self:
            situation, protection_sudo = protection._get_buyer_code(), protection.sudo()
            fee_code = situation and protection_sudo._get_fee_code(situation)
            final_at = protection.final_at
            values = {
                "date": tell(protection.protected_until),
                "number": protection.guarantee_number,
                "returned": tell(protection_sudo._get_paid_back_on()),
                "until": tell(final_at and protection_sudo._get_day_in_shop(final_at)),
            }
            protection.shopper_status = " ".join(
                protection._format_message(code, "buyer", **values)
                for code in filter(None, (situation, fee_code))
            )

    def _get_buyer_code(self):
        """Return the code of the message that tells the buyer about the protection.

        :return: '' while it is only a choice in the cart
        :rtype: str
        """
        if self.state in ("selected", "sending"):
            return "queued" if self.state == "sending" else ""
        if self.state == "requested" and self._is_lookup_due():
            return "on_hold"
        if self.state not in NOT_CONCLUDED_STATES:
            return self.state
        if self._is_over():
            return "not_concluded"
        return "on_hold" if self._is_in_doubt() else "curable"

    def _get_fee_code(self, situation):
        """Return the code of the message that tells the buyer about the fee.

        :param str situation: result of :meth:`_get_buyer_code`
        :return: '' while the buyer has to pay the fee
        :rtype: str
        """
        standing = self._get_fee_standing()
        if standing != "charged":
            return FEE_MESSAGES[standing]
        if situation != "not_concluded":
            return ""
        if self._filter_collected():
            return "fee_goes_back"
        # An unpaid invoice still contains it.
        return "" if self.fee_state == "invoiced" else "fee_free"

    def _format_mail_status(self):
        """Return the sentence about the protection for the mail of the order.

        The mail of an order that waits for its payment is written before the order
        counts as placed.

        :return: sentence in the language of the context
        :rtype: str
        """
        if self.state != "selected":
            return self.shopper_status
        is_paid = self.order_id._trustedshops_get_payments()
        return self._format_message("queued" if is_paid else "awaits_payment", "buyer")

    def _mark_test(self, text):
        """Return a text, which begins with *[Test]* if the protection is a test."""
        return f"[Test] {text}" if self.is_test else text

    def _get_test_mark(self):
        """Return the sentence that marks a test for buyers, '' for a real one."""
        return self._format_message("test_mark", "buyer") if self.is_test else ""

    def _get_buyer_lang(self):
        """Return the language of the purchase, as a code such as ``de_DE``.

        If it is not active any more, return that of the customer, else English.

        :rtype: str
        """
        for code in (self.lang_id.sudo().code, self.partner_id.sudo().lang):
            if code and self.env["res.lang"]._get_data(code=code):
                return code
        return "en_US"

    def _get_claim_url(self):
        """Return the page to make a claim on, in the language of the context.

        :rtype: str
        """
        return self.certificate_id.sudo()._get_shopper_page("claim_url")

    def _in_shop(self):
        """Override to add the time zone of the shop to the language of staff."""
        tz = self.certificate_id._get_tz(self.company_id)
        return self._with_responsible_lang().with_context(tz=tz)

    def _get_day_in_shop(self, moment):
        """Return the date of a moment in the time zone of the shop.

        :param datetime.datetime moment: moment in UTC
        :rtype: datetime.date
        """
        return fields.Datetime.context_timestamp(self._in_shop(), moment).date()

    # === PRIVACY LOOKUP === #
    @api.model
    def _trustedshops_search_person(self, email):
        """Override to find placed protections by the address sent, or the contact's."""
        orders = self.env["sale.order"]._trustedshops_search_by_address(email)
        found = self.search([("order_id", "in", orders.ids)])
        found |= search_by_address(self, "buyer_email", email)
        return found.filtered("placed_at")

    def _trustedshops_format_kept(self):
        """Override to tell until when protections are kept that cannot be deleted."""
        days = [
            get_last_day(each.company_id, each._get_day_in_shop(each.placed_at))
            for each in self
            if not each._can_be_deleted()
        ]
        if not days:
            return ""
        date_kept = format_date(self.env, max(days))
        return self._format_message("kept_protection", date=date_kept)

    @api.model
    def _trustedshops_count_waiting(self):
        """Override to count the protections without a decision."""
        return self.search_count(Domain("state", "in", WAITING_STATES))

    @api.model
    def _trustedshops_count_proofs(self):
        """Override to count the protections of placed orders."""
        return self.search_count(Domain("placed_at", "!=", False))
