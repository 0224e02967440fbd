# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What staff and buyers are told of a protection: which sentence fits.

What happened is stored with the row (``last_error``), and promises nothing. What comes
next, or is to be done, follows from how the row stands when somebody reads it.
"""

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

from ... import const
from ...lib.codes import KIND_DUPLICATE, KIND_RETRYABLE
from ..failure import explain_error
from .buttons import can_still_be_sent
from .sentences import (
    ANSWERS,
    DECISIONS,
    FEES,
    ORDERED,
    SENTENCES,
    STATUS,
    STATUS_BEFORE_PAYMENT,
    UNCLEAR,
    UNKNOWN_CODE,
)
from .standing import (
    FEE_GIVEN_BACK,
    NOT_CONCLUDED_STATES,
    awaits_lookup,
    is_asked_for_long,
    is_duplicate,
    is_in_doubt,
    lacks_number,
)


class TrustedShopsProtection(models.Model):
    """Which sentence fits."""

    _inherit = "trustedshops.protection"

    explanation = fields.Char(
        string="What happened", compute="_compute_explanation", compute_sudo=True
    )
    shopper_status = fields.Char(
        string="What to tell the customer", compute="_compute_shopper_status"
    )

    def _explain(self, name, /, **values):
        """Return a sentence for staff.

        :param str name: key of ``SENTENCES``
        :param values: what it names beside numbers, state and fee of the protection
        :rtype: str
        """
        known = {
            "order": self._get_order_name(),
            "state": self._get_state_label(),
            "number": self.application_number or "-",
            "guarantee_number": self.guarantee_number,
            "fee": self.currency_id.format(self.gross_fee),
            "amount": self.currency_id.format(self.protected_amount),
        }
        return _translate(self, SENTENCES[name], **{**known, **values})

    @api.depends(
        "state",
        "last_error",
        "last_code",
        "may_have_arrived",
        "application_number",
        "requested_at",
        "number_entered_at",
        "trouble_count",
        "fee_state",
        "refund_ids",
        "final_at",
        "order_id.state",
        "certificate_id.hold_reason",
        "certificate_id.has_ws_login",
    )
    @api.depends_context("lang")
    def _compute_explanation(self):
        for protection in self:
            protection.explanation = explain_state(protection)

    def _get_state_label(self):
        """Return the state in the reader's words."""
        selection = self._fields["state"]._description_selection(self.env)
        return dict(selection)[self.state]

    @api.depends(
        "state",
        "application_number",
        "guarantee_number",
        "protected_until",
        "fee_state",
        "fee_collected",
        "refund_ids.state",
        "refund_ids.returned_on",
        "refund_ids.payment_id.state",
        "may_have_arrived",
        "last_code",
        "requested_at",
        "number_entered_at",
        "final_at",
        "order_id.state",
    )
    @api.depends_context("lang")
    def _compute_shopper_status(self):
        for protection in self:
            protection.shopper_status = get_shopper_status(protection)

    def _get_test_mark(self):
        """Return what buyers read wherever the state of a test is told, else ''."""
        if not self.is_test:
            return ""
        return self.env._("This is a test. Your purchase is not protected.")


def _translate(protection, sentence, /, **values):
    """Return a lazy sentence with its values in the reader's language."""
    text = protection.env._(sentence)  # which takes no values for it
    return text % values


def explain_code(protection, code, sentence=None):
    """Return what a code means, what to do, and the code for the support.

    :param int code: of Trusted Shops, negative
    :param sentence: what it means here, default: of ``ANSWERS``
    :rtype: str
    """
    types = dict(
        protection._fields["payment_type"]._description_selection(protection.env)
    )
    words = _translate(
        protection,
        sentence or ANSWERS.get(code, UNKNOWN_CODE),
        item=protection.item_code,
        currency=protection.currency_id.name,
        payment_type=types.get(protection.payment_type, "-"),
    )
    return protection._explain("with_code", words=words, code=code)


def explain_answer(protection, error):
    """Return what an answer to an application means for this order.

    :param TrustedShopsError error: from the client
    :rtype: str
    """
    if error.kind == KIND_DUPLICATE:
        is_own = protection.may_have_arrived
        return protection._explain("number_missing" if is_own else "number_foreign")
    if not error.code:
        reason = explain_error(protection.env, error)
        return protection._explain("no_answer", reason=reason)
    return explain_code(protection, error.code)


def explain_decision(protection, error):
    """Return what the refusal of an application means, when it was asked about.

    :param RefusedError error: from the client
    :rtype: str
    """
    if protection.number_entered_at:
        return protection._explain("entered_number_refused", code=error.code)
    reason = explain_code(protection, error.code, DECISIONS.get(error.code))
    return protection._explain("refused", reason=reason)


def explain_unclear(protection, error):
    """Return what an answer about an application means that decided nothing.

    :param TrustedShopsError error: from the client
    :rtype: str
    """
    if not error.code or error.kind == KIND_RETRYABLE:
        return explain_answer(protection, error)
    words = explain_code(protection, error.code, UNCLEAR.get(error.code, UNKNOWN_CODE))
    return protection._explain("unclear", words=words)


def explain_state(protection):
    """Return what happened to the protection, and what comes next or is to be done.

    :return: '' when all goes well
    :rtype: str
    """
    return " ".join(filter(None, (protection.last_error, _explain_next(protection))))


def _explain_next(protection):
    """Return what comes next or is to be done, by how the protection stands."""
    if awaits_lookup(protection):
        return _explain_lookup(protection)
    if protection.state in NOT_CONCLUDED_STATES:
        return _explain_end(protection)
    if protection.state in ("queued", "sending"):
        return _explain_waiting(protection)
    is_asked_again = protection.state == "requested" and protection.last_error
    return protection._explain("keep_asking") if is_asked_again else ""


def _explain_lookup(protection):
    """Return what to look for at Trusted Shops."""
    if protection.state != "requested":
        is_foreign = is_duplicate(protection) and not protection.may_have_arrived
        return protection._explain("look_up_foreign" if is_foreign else "look_up")
    if protection.number_entered_at and protection.last_code:
        return protection._explain("enter_again")
    if lacks_number(protection):
        return protection._explain("look_up_number")
    is_long = is_asked_for_long(protection) and not is_duplicate(protection)
    return protection._explain("undecided" if is_long else "keep_asking")


def _explain_waiting(protection):
    """Return what an application waits for."""
    if wait := protection.certificate_id.sudo()._explain_wait():
        return wait
    if not protection.last_error:
        return ""
    if protection.trouble_count >= const.TROUBLE_ATTENTION:
        return protection._explain("trouble", count=protection.trouble_count)
    return protection._explain("try_again")


def _explain_end(protection):
    """Return what becomes of the fee of what was not concluded, and until when."""
    if protection.fee_state in FEE_GIVEN_BACK:
        return protection._explain("fee_gone")
    if not protection._is_over():
        return _explain_respite(protection)
    # Where somebody is asked about the fee, that says what to do.
    goes_back = protection.filtered_domain(protection._get_unreturned_domain())
    return protection._explain("fee_goes_back" if goes_back else "unprotected")


def _explain_respite(protection):
    """Return what can still be done about a refusal, and until when."""
    if not can_still_be_sent(protection):
        name = "fee_goes_back_on"
    elif protection.application_number:  # the application itself was refused
        name = "apply_by_hand"
    else:
        is_curable = protection.last_code in const.CURABLE_CODES
        name = "apply_again" if is_curable else "apply_before"
    tz = protection._in_shop().env.context["tz"]
    until = format_datetime(
        protection.env, protection.final_at, tz=tz, dt_format="short"
    )
    return protection._explain(name, until=until)


def _get_situation(protection):
    """Return where the protection stands, as a key of ``STATUS``.

    :rtype: str
    """
    protection.ensure_one()
    if protection.state == "requested" and awaits_lookup(protection):
        return "unclear"
    if protection.state not in NOT_CONCLUDED_STATES:
        return protection.state
    if protection._is_over():
        return "not_concluded"
    return "unclear" if is_in_doubt(protection) else "curable"


def _get_fee_situation(protection, situation):
    """Return what becomes of the fee, as a key of ``FEES``.

    :param str situation: key of ``STATUS``
    :return: '' while the buyer is to pay it
    :rtype: str
    """
    protection_sudo = protection.sudo()
    refund_sudo = protection_sudo.refund_ids
    if refund_sudo._get_returned_on():
        return "back"
    if refund_sudo._is_going_back():
        return "on_its_way"
    if protection.fee_state in FEE_GIVEN_BACK:
        return "credited" if protection.fee_state == "refunded" else "free"
    if situation not in ("curable", "not_concluded"):
        return ""
    name = "goes_back" if protection_sudo.fee_collected else "free"
    return f"else_{name}" if situation == "curable" else name


def _prepare_values(protection):
    """Return what the sentences for the buyer name, in the words of the reader."""

    def tell(day):
        return day and format_date(protection.env, day, date_format="long")

    return {
        "amount": protection.currency_id.format(protection.protected_amount),
        "date": tell(protection.protected_until),
        "fee": protection.currency_id.format(protection.gross_fee),
        "number": protection.guarantee_number,
        "returned": tell(protection.sudo().refund_ids._get_returned_on()),
        "until": tell(_get_final_day(protection)),
    }


def _get_final_day(protection):
    """Return the day in the shop on which a refusal is final, False without one.

    :rtype: datetime.date or bool
    """
    in_shop, final_at = protection.sudo()._in_shop(), protection.final_at
    return final_at and fields.Datetime.context_timestamp(in_shop, final_at).date()


def get_shopper_status(protection):
    """Return where the protection and its fee stand, in words for the buyer.

    :return: '' while it is only a choice in the cart
    :rtype: str
    """
    if protection.state == "selected":
        return ""
    situation = _get_situation(protection)
    sentences = [STATUS[situation]]
    if fee_situation := _get_fee_situation(protection, situation):
        sentences.append(FEES[fee_situation])
    values = _prepare_values(protection)
    return " ".join(_translate(protection, each, **values) for each in sentences)


def get_mail_status(protection):
    """Return what the order's own mail says, in words for the buyer.

    That of an order that waits for its payment is written before it counts as
    placed.
    """
    if protection.state != "selected":
        return get_shopper_status(protection)
    is_paid = protection.order_id._trustedshops_get_payments()
    return protection.env._(ORDERED if is_paid else STATUS_BEFORE_PAYMENT)
