# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo import api, fields, models, release
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ... import const
from ...lib.address import get_first_email
from ...lib.values import ProtectionRequest
from . import order_number
from .obstacles import get_hold_reason, get_number_reason, get_obstacle
from .sentences import Reason
from .standing import DUPLICATE_CODES, UNSENT_STATES, is_in_doubt, may_be_deleted

_lt = LazyTranslate(__name__)
# Labels of the groups without a date, when a list is grouped by that date.
NOT_ORDERED = _lt("Not ordered")
NOT_APPLIED_FOR = _lt("Not applied for")


class TrustedShopsProtection(models.Model):
    """The Buyer Protection of one order.

    The buyer chooses it in the cart (``selected``). Placing the order freezes
    everything that is sent (``queued``). From then on the queue of ``applying.py``
    changes the row, and while it is ``sending`` only the queue does.
    """

    _name = "trustedshops.protection"
    _description = "Trusted Shops Buyer Protection"
    _inherit = ["trustedshops.queue"]
    _order = "id desc"
    _rec_name = "order_reference"

    @property
    def _trustedshops_guarded_fields(self):
        """Guard everything that is shown or sent; users only write down the bill."""
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
    # Never added up: what of it is owed is `owed_fee`.
    net_fee = fields.Monetary(readonly=True, aggregator=None)
    gross_fee = fields.Monetary(readonly=True)
    # What the buyer agreed to, as shown.
    consent_text = fields.Text(readonly=True)
    consent_at = fields.Datetime(readonly=True)
    conditions_url = fields.Char(string="Conditions", readonly=True)
    privacy_url = fields.Char(string="Data Privacy", readonly=True)
    lang_id = fields.Many2one("res.lang", string="Language", readonly=True)
    # What is sent, frozen when the order is placed.
    ts_id = fields.Char(string="Trusted Shops ID", readonly=True)
    environment = fields.Char(readonly=True, export_string_translation=False)
    # As the buyer was told before agreeing; the certificate may change later.
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
    # It was paid, authorized or announced online when it was placed.
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
    # Code of the last negative answer.
    last_code = fields.Integer(readonly=True, export_string_translation=False)
    application_number = fields.Char(readonly=True, index="trigram")
    requested_at = fields.Datetime(
        string="Applied for", readonly=True, falsy_value_label=NOT_APPLIED_FOR
    )
    guarantee_number = fields.Char(readonly=True, index="trigram")
    confirmed_at = fields.Datetime(string="Confirmed", readonly=True)
    protected_until = fields.Date(readonly=True)
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

    # The protections that the reports under *Numbers* leave out.
    _uncounted_idx = models.Index("(id) WHERE is_test OR placed_at IS NULL")

    @api.depends("order_reference", "order_id.name", "is_test")
    def _compute_display_name(self):
        for protection in self:
            name = protection._get_order_name()
            protection.display_name = protection._mark_test(name)

    def _get_order_name(self):
        """Return the order number that was or will be sent."""
        return self.order_reference or self.order_id.name

    def _mark_test(self, text):
        """Return a name, note or subject, with a mark if the protection is a test."""
        return f"[Test] {text}" if self.is_test else text

    @api.ondelete(at_uninstall=False)
    def _unlink_except_placed(self):
        if not all(map(may_be_deleted, self)):
            raise UserError(
                self.env._("Buyer Protection of a placed order cannot be deleted.")
            )

    # === PLACING === #
    def _place(self):
        """Freeze what will be sent and queue it, or hold it when the sums do not fit.

        This does not ask Trusted Shops.
        """
        self.ensure_one()
        self = self._in_responsible_lang()
        values = self._prepare_placed_values()
        values["may_have_arrived"] = order_number.take_over_doubt(self, values)
        number = {name: values.pop(name) for name in order_number.FIELDS}
        is_free = order_number.take(self, number)
        self.write(values)
        self.flush_recordset()
        if is_free:
            reason = get_hold_reason(self)
        else:
            # As if Trusted Shops had answered so, which gets a number only once.
            self.last_code = DUPLICATE_CODES[0]
            reason = get_number_reason(self)
        if reason:
            self.write({"state": "on_hold", **reason.prepare()})
        else:
            self.state = "queued"
        self._post_at_orders(
            _lt("Buyer Protection up to %(amount)s was ordered. It is now “%(state)s”.")
        )
        if not reason:
            self._trigger_queue()

    def _prepare_placed_values(self):
        """Return the values that are frozen when the order is placed.

        :rtype: dict
        """
        order = self.order_id
        now = fields.Datetime.now()
        method = order._trustedshops_get_payment_method()
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
        """Return the application for this protection.

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

    def _notify_not_placed(self):
        """Tell the responsible user that a protection could not be queued."""
        self = self._in_responsible_lang()
        note = self.env._(
            "Buyer Protection of order %(order)s could not be queued, see the server"
            " log. Apply for it at Trusted Shops by hand within three days, or press"
            " Refund fee.",
            order=self._get_order_name(),
        )
        self._notify_responsible("protection", note)

    def _reexamine(self):
        """Queue protections that were on hold only until the money came in.

        Ask a person if an application was sent and its money will not come.
        """
        for protection in self:
            protection = protection._in_responsible_lang()
            protection._follow_payment()
            # With a code, it is on hold because of an answer, not because of money.
            if protection.state != "on_hold" or protection.last_code:
                continue
            reason = get_obstacle(protection)
            if not reason:
                protection._queue_now()
            elif reason != Reason.of(protection):
                protection._put_on_hold(reason)

    def _put_on_hold(self, reason):
        """Hold the application until a person decides, or its reason goes."""
        self.write({"state": "on_hold", "last_code": 0, **reason.prepare()})

    # === CANCELLING === #
    def _cancel(self):
        """Give up what was not sent, with its fee; the payment decides on the rest."""
        for protection in self.filtered(lambda each: each.state in UNSENT_STATES):
            protection = protection._in_responsible_lang()
            may_be_sent = is_in_doubt(protection)
            reason = Reason("cancelled" if may_be_sent else "cancelled_unsent", {})
            protection.write({"state": "cancelled", **reason.prepare()})
            protection._get_drafts()._trustedshops_remove()
            protection._follow_invoices()
            protection._ask_for_credit()

    def _ask_for_credit(self):
        """Ask for the credit note of a fee, once it is sure that nothing was sent."""
        is_invoiced = self.state == "cancelled" and self.fee_state == "invoiced"
        if is_invoiced and not is_in_doubt(self):
            invoices = self._get_posted_lines("out_invoice").move_id
            note = self.env._(
                "The order was cancelled, but its fee is on invoice %(invoices)s. Press"
                " Refund fee to credit it.",
                invoices=", ".join(invoices.mapped("name")),
            )
            self._notify_responsible("fee_invoiced", note)
