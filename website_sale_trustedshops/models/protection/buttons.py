# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The buttons of a protection: who may press which, when, and what it does.

A button never asks Trusted Shops. It changes the row and wakes the queue, so that it
answers at once and nothing is applied for twice.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import LazyTranslate

from ...client_action import show
from ...lib.values import LARGEST_NUMBER
from .answers import prepare_not_found_values, prepare_requested_values
from .obstacles import get_foreign_reason, get_obstacle, get_unpaid_reason
from .standing import (
    ENDED_STATES,
    FEE_GIVEN_BACK,
    STANDING_FIELDS,
    awaits_lookup,
    can_still_be_sent,
    is_asked_in_vain,
    is_duplicate,
    is_entry_refused,
    is_in_doubt,
)
from .words import explain_reason, tell_reason

_lt = LazyTranslate(__name__)
# Why a button does nothing.
BUSY = _lt("Trusted Shops is being asked about this order now. Try again in a minute.")
NO_RIGHTS = _lt(
    "You have no rights for this button. Ask a sales manager or an accountant."
)
NOT_POSSIBLE = _lt(
    "This is not possible now: Buyer Protection of order %(order)s is “%(state)s”."
)

# === WHEN === #


def _can_be_sent(protection):
    """Return True if it can be applied for and the buyer has to pay the fee."""
    is_charged = protection.fee_state not in FEE_GIVEN_BACK
    return is_charged and not protection.refund_ids and can_still_be_sent(protection)


def _may_apply(protection):
    # If one has a number, Trusted Shops would only answer that it knows the order.
    is_open = protection.state in ("queued", "on_hold", "rejected")
    return is_open and not protection.application_number and _can_be_sent(protection)


def _may_release(protection):
    is_held = protection.state == "on_hold" and not is_duplicate(protection)
    return is_held and _can_be_sent(protection)


def _may_check(protection):
    return protection.state == "requested" and bool(protection.application_number)


def _may_enter(protection):
    state = protection.state
    is_open = not protection.application_number or bool(protection.number_entered_at)
    is_open = is_open or is_asked_in_vain(protection)
    return (
        (state == "requested" and is_open)
        or (state == "on_hold" and is_duplicate(protection))
        # Even if a person did not find it the first time.
        or (state in ENDED_STATES and _may_be_entered(protection))
    )


def _may_be_entered(protection):
    """Return True if an ended protection goes on once its number is known."""
    if protection.state == "rejected":
        # After a refusal, the merchant can only apply by hand.
        return bool(protection.application_number) or is_in_doubt(protection)
    # An order can have only one protection, and one in the cart counts as well.
    order = protection.order_id
    others = order.trustedshops_protection_ids | order.trustedshops_protection_id
    others = others.filtered(lambda each: each.state != "cancelled")
    was_sent = bool(protection.attempt_count) or is_in_doubt(protection)
    return was_sent and not others - protection


def _may_resend(protection):
    is_decided = protection.state == "confirmed" or protection._is_over()
    return is_decided and bool(protection.buyer_email)


def _may_refund(protection):
    if protection.fee_state == "waived":
        return False
    if protection.fee_state == "refunded" and not protection._may_charge_again():
        return False
    if protection.state == "selected":  # it could not be placed
        return protection.order_id.state == "sale"
    return protection.state not in ("queued", "sending")


# === WHO === #

MANAGERS = ("sales_team.group_sale_manager", "base.group_system")
# For each button: the groups (the user needs one of them), and the function that tells
# whether it makes sense now. Salespeople can press it only for orders that they see.
BUTTONS = {
    "apply_now": (MANAGERS, _may_apply),
    "check_state": (
        ("sales_team.group_sale_salesman", "base.group_system"),
        _may_check,
    ),
    "enter_number": (MANAGERS, _may_enter),
    "not_found": (MANAGERS, awaits_lookup),
    "release": (MANAGERS, _may_release),
    "refund_fee": (
        ("account.group_account_invoice", "sales_team.group_sale_manager"),
        _may_refund,
    ),
    "resend_mail": (MANAGERS, _may_resend),
}


def may_press(env, button):
    """Return True if the user has the rights for a button of ``BUTTONS``."""
    groups, _is_possible = BUTTONS[button]
    return any(env.user.has_group(group) for group in groups)


def check(protection, button):
    """Check that the user may press a button, and that it makes sense now.

    :param str button: key of ``BUTTONS``
    :raise AccessError: without the rights
    :raise UserError: when it makes no sense now
    """
    protection.ensure_one()
    protection.check_access("read")
    protection_sudo = protection.sudo()
    if not may_press(protection.env, button):
        raise AccessError(protection.env._(NO_RIGHTS))
    if protection_sudo.state == "sending":
        raise UserError(protection.env._(BUSY))
    _groups, is_possible = BUTTONS[button]
    if not is_possible(protection_sudo):
        raise UserError(protection_sudo._explain(NOT_POSSIBLE))


def press(protection, button):
    """Check that the user may press a button, and keep the queue off the row.

    :param str button: key of ``BUTTONS``
    :return: the locked record in sudo, because no user has rights to write it
    :raise AccessError: without the rights
    :raise UserError: when it makes no sense now, or the queue is at work on the row
    """
    check(protection, button)
    locked_sudo = protection.sudo().try_lock_for_update(allow_referencing=True)
    if not locked_sudo or locked_sudo.state == "sending":
        raise UserError(protection.env._(BUSY))
    return locked_sudo


def _finish(protection, text, warning=""):
    """Post what a button did and close the activities that asked for it.

    :param str text: what was done
    :param str warning: what the user has to read besides
    :return: a notification
    :rtype: dict
    """
    text = f"{text} {warning}".strip()
    protection._finish_todos()
    protection._post_note(text)
    if warning:
        return show(text, type="warning", sticky=True)
    return show(text)


def _check_number(protection, text):
    """Return the application number that a user typed, in normal form.

    :raise UserError: when it is no number, or another order's
    """
    digits = (text or "").strip()
    is_number = digits.isascii() and digits.isdecimal()
    if not is_number or not 0 < int(digits[:20]) <= LARGEST_NUMBER:
        raise UserError(
            protection.env._(
                "An application number has digits only and is at most %(largest)s.",
                largest=LARGEST_NUMBER,
            )
        )
    number = str(int(digits))
    other = protection.search(
        [
            ("ts_id", "=", protection.ts_id),
            ("environment", "=", protection.environment),
            ("application_number", "=", number),
            ("id", "!=", protection.id),
        ],
        limit=1,
    )
    if other:
        raise UserError(
            protection.env._(
                "%(number)s is the application of order %(order)s. Look the number up"
                " at Trusted Shops by the order number.",
                number=number,
                order=other._get_order_name(),
            )
        )
    return number


class TrustedShopsProtection(models.Model):
    """What the buttons of a protection do."""

    _inherit = "trustedshops.protection"

    # A user released it although the sums do not fit.
    is_released = fields.Boolean(readonly=True, export_string_translation=False)
    # When a person entered the application number, which may be mistyped. The time that
    # Trusted Shops has to decide starts again.
    number_entered_at = fields.Datetime(readonly=True, export_string_translation=False)
    # Keys of BUTTONS, separated by commas.
    possible_buttons = fields.Char(
        compute="_compute_possible_buttons", export_string_translation=False
    )

    @api.depends(
        *STANDING_FIELDS,
        "placed_at",
        "attempt_count",
        "buyer_email",
        "refund_ids",
    )
    @api.depends_context("uid")
    def _compute_possible_buttons(self):
        for protection in self:
            protection.possible_buttons = ",".join(
                name
                for name, (_groups, is_possible) in BUTTONS.items()
                if may_press(self.env, name) and is_possible(protection)
            )

    def action_apply_now(self):
        """Have the queue send the application now, with what was corrected since.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when nothing can be applied for, or the sums still do not fit
        """
        protection_sudo = press(self, "apply_now")
        warning = protection_sudo._take_over_corrections()
        if reason := get_obstacle(protection_sudo):
            raise UserError(explain_reason(protection_sudo, reason))
        certificate_sudo = protection_sudo.certificate_id
        wait = certificate_sudo._get_sending_wait()
        if not wait.until and (text := certificate_sudo._explain_wait()):
            raise UserError(text)
        protection_sudo._queue_now()
        return _finish(
            protection_sudo,
            self.env._("Buyer Protection will be applied for now."),
            f"{warning} {certificate_sudo._explain_wait(wait)}".strip(),
        )

    def action_check_state(self):
        """Have the queue ask now whether the application was decided.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when there is nothing to ask for
        """
        protection_sudo = press(self, "check_state")
        protection_sudo.next_attempt_at = fields.Datetime.now()
        protection_sudo._trigger_queue()
        text = self.env._("Trusted Shops will be asked now whether it has decided.")
        protection_sudo._post_note(text)
        return show(text)

    def action_enter_number(self):
        """Open the dialog in which the user enters the application number.

        :raise AccessError: without the rights
        :raise UserError: when there is a number, or nothing was applied for
        """
        check(self, "enter_number")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter the application number"),
            "res_model": "trustedshops.number.entry",
            "view_mode": "form",
            "target": "new",
            "context": {"default_protection_id": self.id},
        }

    def action_not_found(self):
        """Note that Trusted Shops has no application of this order.

        That settles the statement, and the fee goes back as for every protection that
        was not concluded.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when there is nothing to look up
        """
        protection_sudo = press(self, "not_found")
        text = (
            self.env._(
                "Looked up at Trusted Shops: there is no protection for this order."
            )
            if is_entry_refused(protection_sudo)
            else self.env._(
                "Looked up at Trusted Shops: there is no application of this order."
            )
        )
        protection_sudo.write(prepare_not_found_values(protection_sudo))
        protection_sudo._trigger_queue()
        shown = _finish(protection_sudo, text)
        protection_sudo._in_responsible_lang()._ask_for_credit()
        if protection_sudo.state == "rejected":
            protection_sudo._update_todo()
        return shown

    def action_release(self):
        """Release the application although the sums do not fit.

        :return: a notification
        :rtype: dict
        :raise AccessError: without the rights
        :raise UserError: when it is not on hold for that
        """
        protection_sudo = press(self, "release")
        reason = get_unpaid_reason(protection_sudo)
        if reason := reason or get_foreign_reason(protection_sudo):
            raise UserError(explain_reason(protection_sudo, reason))
        text = self.env._(
            "Buyer Protection was released, although it was on hold: %(reason)s",
            reason=tell_reason(protection_sudo) or "-",
        )
        protection_sudo.is_released = True
        protection_sudo._queue_now()
        return _finish(protection_sudo, text)

    def _queue_now(self):
        """Make the application due at once, and wake the queue."""
        self.write(
            {
                "state": "queued",
                "next_attempt_at": fields.Datetime.now(),
                "last_code": 0,
            }
        )
        self._trigger_queue()

    def _take_over_corrections(self):
        """Take over what was corrected on the order since it was placed.

        The order's number and date stay. Change nothing once an application may have
        arrived, because the same one must be sent again. A later refusal does not prove
        that it did not arrive: the service may check other values before the number.

        :return: why the corrections are not sent, '' when they are
        :rtype: str
        """
        current = self._prepare_placed_values()
        changed = {
            name: current[name]
            for name in (
                "order_amount",
                "customer_reference",
                "buyer_email",
                "payment_type",
            )
            if (self[name] or "") != (current[name] or "")
        }
        if changed and self.may_have_arrived:
            return self.env._(
                "An earlier application may have arrived, so it is only sent again"
                " unchanged. Look for the order number at Trusted Shops before you"
                " press Refund fee."
            )
        self.write(changed)
        self.flush_recordset()  # alone, as in ``order_number.take``
        return ""

    def _enter_number(self, text):
        """Store the number under which Trusted Shops knows the application.

        :param str text: as typed
        :raise AccessError: without the rights
        :raise UserError: when it is no number, or another order's
        """
        protection_sudo = press(self, "enter_number")
        number = _check_number(protection_sudo, text)
        values = prepare_requested_values(number)
        if protection_sudo.requested_at:
            del values["requested_at"]
        values["number_entered_at"] = fields.Datetime.now()
        protection_sudo.write(values)
        protection_sudo._trigger_queue()
        text = self.env._(
            "The application number %(number)s was entered by hand.", number=number
        )
        _finish(protection_sudo, text)
        protection_sudo._in_responsible_lang()._ask_about_fee()
