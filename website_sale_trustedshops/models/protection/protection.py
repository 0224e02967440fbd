# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re
from decimal import Decimal

import psycopg2

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_date

from ... import const
from ...lib.codes import APPLICATION_CODES, KIND_DUPLICATE
from ...lib.items import choose_item

# States in which nothing was sent yet, so that giving up costs nobody anything.
UNSENT_STATES = ("selected", "queued", "on_hold")
# States of what was placed and about which Trusted Shops has not decided.
WAITING_STATES = ("queued", "sending", "on_hold", "requested")
# Answers by which the service says that it knows the order number already.
DUPLICATE_CODES = tuple(
    code for code, known in APPLICATION_CODES.items() if known.kind == KIND_DUPLICATE
)
CODE_OF_DUPLICATES = DUPLICATE_CODES[0]
# Ends without a protection.
NOT_CONCLUDED_STATES = ("rejected", "failed")
# What it says of an application without an address of the buyer.
CODE_WITHOUT_EMAIL = -10018
# One address or a list, as customers type it; the first one counts.
TYPED_EMAIL = re.compile(
    r"\s*(?:[^<>@]*<([^\s<>,;@]+@[^\s<>,;@]+)>|([^\s<>,;@]+@[^\s<>,;@]+))"
    r"\s*(?:[,;].*)?",
    re.DOTALL,
)
# What becomes of the fee when there is no protection.
FEE_GIVEN_BACK = ("refunded", "waived")


def get_first_email(text):
    """Return the first address of what a customer typed.

    What Odoo would change more than its case is none: "a b@example.org" becomes the
    address of somebody else, who would get the guarantee.

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
    """One insurance of one order.

    Chosen in the cart (``selected``), everything that is sent is frozen when the order
    is placed (``queued``). From then on only the queue changes the row, and while it
    is ``sending`` nobody else does: see ``trustedshops_protection_apply.py``.
    """

    _name = "trustedshops.protection"
    _description = "Trusted Shops Buyer Protection"
    _inherit = ["trustedshops.todo"]
    _order = "id desc"
    _rec_name = "order_reference"
    _check_company_auto = True

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
    environment = fields.Char(readonly=True)
    order_reference = fields.Char(readonly=True, index="btree_not_null")
    is_number_taken = fields.Boolean(
        readonly=True,
        help="Another order of this database was applied for under this order number,"
        " so nothing is sent.",
    )
    order_amount = fields.Monetary(
        readonly=True, help="Goods and delivery, taxes in, without the fee."
    )
    partner_id = fields.Many2one("res.partner", string="Buyer", readonly=True)
    customer_reference = fields.Char(readonly=True)
    buyer_email = fields.Char(readonly=True)
    payment_type = fields.Selection(const.PAYMENT_TYPES, readonly=True)
    placed_at = fields.Datetime(
        readonly=True, help="When the order was placed: the order date that is sent."
    )
    placed_with_payment = fields.Boolean(
        readonly=True,
        help="When the order was placed, it was paid, reserved or promised online.",
    )
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
    sending_since = fields.Datetime(readonly=True)
    unanswered = fields.Boolean(
        readonly=True,
        help="An earlier application of this order was perhaps received although no"
        " answer came.",
    )
    attempt_count = fields.Integer(readonly=True)
    next_attempt_at = fields.Datetime(readonly=True)
    last_code = fields.Integer(readonly=True, help="Last negative answer.")
    last_error = fields.Char(readonly=True)
    application_number = fields.Char(readonly=True, index="btree_not_null")
    requested_at = fields.Datetime(readonly=True)
    guarantee_number = fields.Char(readonly=True)
    confirmed_at = fields.Datetime(readonly=True)
    protected_until = fields.Date(readonly=True)
    mail_created_at = fields.Datetime(readonly=True)
    # The money.
    fee_state = fields.Selection(
        [
            ("due", "To be invoiced"),
            ("invoiced", "Invoiced"),
            ("refunded", "Paid back"),
            ("waived", "Not charged"),
        ],
        required=True,
        readonly=True,
        default="due",
    )
    billed_ref = fields.Char(
        string="Billed With", help="Trusted Shops' invoice that contains this fee."
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

    @api.depends("order_reference", "order_id.name")
    def _compute_display_name(self):
        for protection in self:
            protection.display_name = (
                protection.order_reference or protection.order_id.name
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_placed(self):
        if not all(protection._may_be_deleted() for protection in self):
            raise UserError(
                self.env._(
                    "A Buyer Protection of a placed order cannot be deleted: it may"
                    " have been applied for, or its fee invoiced."
                )
            )

    def _may_be_deleted(self):
        """Tell whether neither the service nor the books know of it.

        :rtype: bool
        """
        self.ensure_one()
        was_given_up = self.state == "cancelled" and self.fee_state in ("due", "waived")
        return self.state == "selected" or (was_given_up and not self.attempt_count)

    # === PLACING === #
    def _place(self):
        """Freeze what will be sent and queue it, or hold it when the sums do not fit.

        :raise ValueError: never for a reason of the service: nothing is asked here
        """
        self.ensure_one()
        self = self._in_responsible_lang()
        reason = self._get_hold_reason()
        values = {
            **self._prepare_placed_values(),
            "state": "on_hold" if reason else "queued",
            "last_error": reason,
        }
        if owner := self._find_number_owner(values):
            values |= self._prepare_taken_values(owner.placed_at, values)
        try:
            with self.env.cr.savepoint():
                self.write(values)
        except psycopg2.errors.UniqueViolation:
            # Another order was placed under its number since this transaction began,
            # so it cannot be seen yet.
            values |= self._prepare_taken_values(values["placed_at"], values)
            self.write(values)
        self.order_id.message_post(
            body=self.env._(
                "Buyer Protection up to %(amount)s was ordered and will be applied"
                " for.",
                amount=self.currency_id.format(self.protected_amount),
            )
        )
        if self.state == "on_hold":
            self._notify_responsible("protection", self.last_error)
        else:
            self._trigger_apply_cron()

    def _prepare_taken_values(self, taken_at, values):
        """Return the values of an order whose number another one has.

        It is what the service would say, too; here nobody asks it.

        :param datetime.datetime taken_at: when the other one was placed, UTC
        :param dict values: with ``order_reference``
        :rtype: dict
        """
        reason = self._explain_taken_number(values["order_reference"], taken_at)
        return {
            "state": "on_hold",
            "is_number_taken": True,
            "last_code": CODE_OF_DUPLICATES,
            "last_error": reason,
        }

    def _get_waiting_reason(self):
        """Tell why applications with this certificate wait, in the reader's language.

        :return: what is wrong and what to do, '' when they go out
        :rtype: str
        """
        return self.certificate_id.sudo()._get_waiting_reason()

    def _find_number_owner(self, values):
        """Return the protection of another order that was sent under this one's number.

        A sequence was reset, or somebody changed a number. The service takes each
        number once.

        :param dict values: with ``ts_id``, ``environment`` and ``order_reference``
        :return: one record, may be empty
        """
        names = ("ts_id", "environment", "order_reference")
        domain = [(name, "=", values[name]) for name in names]
        domain += [
            ("state", "!=", "cancelled"),
            ("is_number_taken", "=", False),
            ("id", "!=", self.id),
        ]
        return self.search(domain, limit=1)

    def _get_taken_reason(self):
        """Tell whether another order still stands in the way of this one's number.

        :return: what is wrong and what to do, '' when the number is free
        :rtype: str
        """
        owner = self.is_number_taken and self._find_number_owner(self)
        if not owner:
            return ""
        return self._explain_taken_number(owner.order_reference, owner.placed_at)

    def _explain_taken_number(self, number, taken_at):
        """Return what to do about an order number that was used before.

        :param str number: order number
        :param datetime.datetime taken_at: when the other order was placed, UTC
        :rtype: str
        """
        return self.env._(
            "The order number %(number)s was used before: an order of %(date)s has"
            " Buyer Protection under it, and Trusted Shops takes each number only once,"
            " so nothing was sent. Is it the same purchase? If not, apply at Trusted"
            " Shops by hand within three days of the order and enter the number, or"
            " press Refund fee.",
            number=number,
            date=format_date(self.env, taken_at),
        )

    def _note_return(self):
        """Say on the order why the line of the fee came back."""
        self = self._in_responsible_lang()
        self.order_id.message_post(
            body=self.env._(
                "The payment contains %(fee)s for Buyer Protection, which had been"
                " taken out of the cart meanwhile. It is part of the order again.",
                fee=self.currency_id.format(self.gross_fee),
            )
        )

    def _note_late_choice(self):
        """Say on the order why the line of the fee goes."""
        self = self._in_responsible_lang()
        order = self.order_id
        order.message_post(
            body=self.env._(
                "Buyer Protection for %(fee)s was chosen when the payment of %(paid)s"
                " had begun already. The fee was not paid, so it was taken out of this"
                " order.",
                fee=self.currency_id.format(self.gross_fee),
                paid=order.currency_id.format(order._trustedshops_get_paid_amount()),
            )
        )

    def _notify_not_placed(self):
        """Tell the responsible user that an order could not be queued."""
        self = self._in_responsible_lang()
        self._notify_responsible(
            "protection",
            self.env._(
                "The Buyer Protection of order %(order)s could not be queued; the"
                " server's log says why. Apply for it at Trusted Shops by hand within"
                " three days, or press Refund fee.",
                order=self.order_id.name,
            ),
        )

    def _prepare_placed_values(self):
        """Return what is frozen when the order is placed.

        :rtype: dict
        """
        order = self.order_id
        now = fields.Datetime.now()
        method = order._trustedshops_find_payment_method()
        partner = order.partner_id
        customer_reference = (partner.ref or "").strip() or str(partner.id)
        return {
            "ts_id": self.certificate_id.ts_id,
            "environment": self.certificate_id.environment,
            "order_reference": order.name,
            "order_amount": order._trustedshops_get_amount_to_protect(),
            "partner_id": partner.id,
            "customer_reference": customer_reference,
            "buyer_email": get_first_email(partner.email),
            "payment_type": method.trustedshops_payment_type or "OTHER",
            "placed_at": now,
            "placed_with_payment": bool(order._trustedshops_get_payments()),
            "next_attempt_at": now,
        }

    def _get_obstacle(self):
        """Tell why nothing may be sent now, whoever wants it.

        :return: what is wrong and what to do, '' when it may be sent
        :rtype: str
        """
        return (
            self._get_unpaid_reason()
            or self._get_taken_reason()
            or self._get_hold_reason()
            or self._get_foreign_reason()
            or self._get_address_reason()
        )

    def _get_address_reason(self):
        """Tell whether there is no address to which the guarantee could be sent.

        :return: what to do, '' when there is one
        :rtype: str
        """
        return "" if self.buyer_email else self._get_words_by_code()[CODE_WITHOUT_EMAIL]

    def _get_unpaid_reason(self):
        """Tell whether the buyer is not bound any more.

        A wire transfer on its way places an order that nobody confirmed; when it is
        called off nothing is left. Not even a person releases that.

        :return: what is wrong and what to do, '' when the buyer is bound
        :rtype: str
        """
        order = self.order_id
        if order.state == "sale" or order._trustedshops_get_paid_amount() is not None:
            return ""
        return self.env._(
            "The payment of this order was called off, and nobody confirmed the order."
            " The application goes out when the order is paid or confirmed; if it is"
            " given up, cancel it."
        )

    def _get_hold_reason(self):
        """Tell why the protection must wait for a person or for a payment.

        :return: what does not fit, '' when everything does
        :rtype: str
        """
        self.ensure_one()
        if self.fee_state in FEE_GIVEN_BACK:
            return self._get_reason_without_fee()
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
                "The order is worth more than the chosen protection covers: it was"
                " changed after the choice."
            )
        return ""

    def _get_paid_amount(self):
        """Return what of the order was paid, or is bound to be.

        :return: in the order's currency; None when nothing ever said how it is paid
        :rtype: float or None
        """
        order = self.order_id
        paid = order._trustedshops_get_paid_amount()
        # A reservation that was voided is no salesperson's order on account.
        if paid is None and not self.placed_with_payment:
            return None
        if self.currency_id.compare_amounts(paid or 0.0, order.amount_total) >= 0:
            return paid
        return max(paid or 0.0, order._trustedshops_get_amount_paid())

    def _get_reason_without_fee(self):
        """Return why nothing is applied for whose fee was taken out of the books.

        It may be charged again: a corrected invoice begins with a credit note.

        :rtype: str
        """
        if self.unanswered:
            return self.env._(
                "The fee of Buyer Protection was taken out of the books, so no further"
                " application goes out, but one may have arrived. Look for the order"
                " number at Trusted Shops. Then invoice the fee again, and it is"
                " applied for; or cancel the order."
            )
        return self.env._(
            "The fee of Buyer Protection was taken out of the books, so nothing is"
            " applied for and the buyer is not protected. Invoice the fee again, and"
            " it is applied for; or cancel the order."
        )

    def _covers_order(self):
        """Tell whether the chosen item still fits the amount of the order.

        :rtype: bool
        """
        amount = self.order_id._trustedshops_get_amount_to_protect()
        if self.currency_id != self.order_id.currency_id:
            return False
        if self.currency_id.compare_amounts(amount, self.protected_amount) <= 0:
            return True
        # Above the largest item the largest is right ("up to ...").
        items = [item._to_lib() for item in self.certificate_id.item_ids]
        value = Decimal(f"{amount:.2f}")
        fitting = choose_item(items, value, self.currency_id.name)
        return bool(fitting) and fitting.ts_product_id == self.item_code

    def _is_duplicate(self):
        """Tell whether the service knew the order number when it was asked last.

        :rtype: bool
        """
        return self.last_code in DUPLICATE_CODES

    def _may_have_arrived(self):
        """Tell whether the service may have an application of which we know no number.

        :rtype: bool
        """
        # Of a number that another order of ours has, nothing was sent.
        is_known = self._is_duplicate() and not self.is_number_taken
        return is_known or (self.unanswered and not self.application_number)

    def _lacks_number(self):
        """Tell whether an application arrived of which nobody knows the number.

        :rtype: bool
        """
        return self.state == "requested" and not self.application_number

    def _is_clearing_up(self):
        """Tell whether a person still finds out if the buyer is protected.

        Whoever gives the fee back has found out.

        :rtype: bool
        """
        return (
            self.state in NOT_CONCLUDED_STATES
            and self._may_have_arrived()
            and self.fee_state not in FEE_GIVEN_BACK
        )

    def _reexamine(self):
        """Queue what was on hold only because money was missing, once it is there.

        What was applied for needs a person when its money will not come.
        """
        for protection in self:
            protection._in_responsible_lang()._follow_payment()
            if protection.state != "on_hold" or protection.last_code:
                continue
            if not protection._get_obstacle():
                protection.write(
                    {
                        "state": "queued",
                        "last_error": False,
                        "next_attempt_at": fields.Datetime.now(),
                    }
                )
                protection._trigger_apply_cron()

    def _is_order_cancelled(self):
        """Tell whether the order was cancelled, whoever may see it.

        :rtype: bool
        """
        return self.sudo().order_id.state == "cancel"

    def _cancel(self):
        """Give up what was not sent, and its fee; tell a person about what was.

        The service has no call to cancel a protection.
        """
        for protection in self:
            protection = protection._in_responsible_lang()
            if protection.state in UNSENT_STATES:
                protection.state = "cancelled"
                if protection._may_have_arrived():
                    note = protection.env._(
                        "The order was cancelled, but an application for its Buyer"
                        " Protection may have arrived. Look for the order number at"
                        " Trusted Shops."
                    )
                    protection._notify_responsible("protection", note)
            elif protection.state in ("sending", "requested", "confirmed"):
                protection._follow_refund_policy(
                    protection.env._(
                        "The order was cancelled, but its Buyer Protection was applied"
                        " for already and Trusted Shops has no way to cancel it. Decide"
                        " whether the fee is paid back."
                    )
                )
        for protection in self.filtered(lambda each: each.state == "cancelled"):
            protection = protection._in_responsible_lang()
            protection._take_fee_off_drafts()
            protection._follow_invoices()
            if protection.fee_state == "invoiced":
                protection._ask_to_credit()

    # === WORDS === #
    def _in_responsible_lang(self):
        """Return the records in the language of whoever reads what happens to them.

        A shopper's request or the cron writes notes that staff read.
        """
        user = self.certificate_id.user_id[:1]
        return self.with_context(lang=self._get_lang_of_user(user.id) or "en_US")

    @api.model
    @tools.ormcache("user_id")
    def _get_lang_of_user(self, user_id):
        """Return a user's language; the queue reads no user for each application.

        Not ``context_get``: in a shopper's request that may be the shopper's language.
        ``res.users`` clears this cache when the language of a user changes.

        :param int user_id: id of ``res.users``, may be False
        :return: for example ``de_DE``, empty without a user or a language
        """
        return self.env["res.users"].sudo().browse(user_id or ()).lang

    def _get_shopper_status(self):
        """Return where the protection stands, in words for the buyer.

        :return: '' while it is only a choice in the cart
        :rtype: str
        """
        self.ensure_one()
        if self.state == "confirmed":
            return self.env._(
                "confirmed – covered up to %(amount)s until %(date)s, number"
                " %(number)s",
                amount=self.currency_id.format(self.protected_amount),
                date=self._format_protected_until(),
                number=self.guarantee_number,
            )
        if self.state == "on_hold" or self._lacks_number() or self._is_clearing_up():
            return self.env._("ordered, the shop is looking into it")
        if self.state in ("rejected", "failed"):
            return self.env._(
                "could not be concluded; its fee is not charged, or is paid back"
            )
        if self.state == "cancelled":
            return self.env._("cancelled")
        if self.state == "selected":
            return ""
        if self.state == "requested":
            return self.env._("applied for, the confirmation follows by e-mail")
        return self.env._("ordered, the confirmation follows by e-mail")

    def _format_protected_until(self):
        """Return the last protected day in the reader's language."""
        return self.env["ir.qweb.field.date"].value_to_html(self.protected_until, {})
