# Copyright 2026 Trusted Shops for Odoo contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Choose the sentences that tell staff and buyers how a protection stands.

What happened is stored with the row as a :class:`Reason`, and promises nothing. What
comes next, or has to be done, depends on how the row stands when it is read.
"""

from odoo import api, fields, models
from odoo.tools import LazyTranslate, format_date, format_datetime

from ... import const
from ..failure import explain_trouble
from .sentences import (
    ANSWERED,
    ANSWERS,
    DECISIONS,
    FEES,
    IN_DOUBT,
    ORDERED,
    REASONS,
    STATUS,
    UNCLEAR,
    UNKNOWN_CODE,
    WITH_CODE,
    Reason,
)
from .standing import (
    FEE_GIVEN_BACK,
    NOT_CONCLUDED_STATES,
    STANDING_FIELDS,
    awaits_lookup,
    can_still_be_sent,
    is_asked_for_long,
    is_duplicate,
    is_in_doubt,
    lacks_number,
)

_lt = LazyTranslate(__name__)


class TrustedShopsProtection(models.Model):
    """What people read about a protection."""

    _inherit = "trustedshops.protection"

    # What the sentence of ``last_error`` names, see :class:`Reason`.
    error_values = fields.Json(readonly=True, export_string_translation=False)
    explanation = fields.Char(
        string="What happened", compute="_compute_explanation", compute_sudo=True
    )
    shopper_status = fields.Char(
        string="What to tell the customer", compute="_compute_shopper_status"
    )

    def _explain(self, sentence, /, **values):
        """Return a sentence for staff in the language of the context.

        :param LazyGettext sentence: may name numbers, state and fee of the protection
        :param values: what else it names
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
        return _translate(self, sentence, **{**known, **values})

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
            protection.explanation = explain_state(protection)

    def _get_state_label(self):
        """Return the name of the state in the language of the context."""
        selection = self._fields["state"]._description_selection(self.env)
        return dict(selection)[self.state]

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
        for protection in self:
            protection.shopper_status = get_shopper_status(protection)

    def _get_test_mark(self):
        """Return the sentence that marks a test for buyers, '' for a real one."""
        if not self.is_test:
            return ""
        return self.env._("This is a test. Your purchase is not protected.")


def _translate(protection, sentence, /, **values):
    """Return a lazy sentence with its values in the language of the context."""
    text = protection.env._(sentence)  # takes no values for a lazy sentence
    return text % values


def explain_code(protection, code, sentence=None):
    """Return what a code means and what to do, with the code for the support.

    :param int code: of Trusted Shops, negative
    :param sentence: what the code means here, by default that of ``ANSWERS``
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
    return protection._explain(WITH_CODE, words=words, code=code)


def explain_reason(protection, reason):
    """Return what happened to the protection, in the language of the context.

    :param Reason reason: see :class:`Reason`
    :rtype: str
    """
    if reason.code == ANSWERED:
        return explain_code(protection, reason.values["code"])
    if reason.code not in REASONS:
        return explain_trouble(protection.env, reason.code)
    values = _word_values(protection, reason)
    text = protection._explain(REASONS[reason.code], **values)
    if reason.code == "too_late" and "code" in values:
        return protection._explain(WITH_CODE, words=text, code=values["code"])
    if reason.code == "fee_credited" and protection.may_have_arrived:
        return f"{text} {protection.env._(IN_DOUBT)}"
    return text


def _word_values(protection, reason):
    """Return the values of a reason as its sentence shows them."""
    env, values, words = protection.env, reason.values, {}
    code = values.get("code")
    if reason.code == "application_refused":
        words["reason"] = explain_code(protection, code, DECISIONS.get(code))
    if reason.code == "unclear":
        sentence = UNCLEAR.get(code, UNKNOWN_CODE)
        words["words"] = explain_code(protection, code, sentence)
    if "trouble" in values:
        words["reason"] = explain_trouble(env, values["trouble"])
    if "currency" in values:
        currency = env["res.currency"].browse(values["currency"])
        words |= {name: currency.format(values[name]) for name in ("paid", "total")}
    return {**values, **words}


def explain_state(protection):
    """Return what happened to the protection, and what comes next or has to be done.

    :return: '' when all goes well
    :rtype: str
    """
    parts = (tell_reason(protection), _explain_next(protection))
    return " ".join(filter(None, parts))


def tell_reason(protection):
    """Return what happened, in the language of the context; '' when all goes well.

    :rtype: str
    """
    reason = Reason.of(protection)
    return explain_reason(protection, reason) if reason.code else ""


def _explain_next(protection):
    """Return what comes next or has to be done."""
    if awaits_lookup(protection):
        return _explain_lookup(protection)
    if protection.state in NOT_CONCLUDED_STATES:
        return _explain_end(protection)
    if protection.state in ("queued", "sending"):
        return _explain_waiting(protection)
    if protection.state == "on_hold" and protection.last_error == "number_known":
        return protection.env._(
            "Compare buyer, amount and date there. If it is this purchase, press Enter"
            " number; if not, press Refund fee."
        )
    is_asked_again = protection.state == "requested" and protection.last_error
    return _explain_polling(protection) if is_asked_again else ""


def _explain_polling(protection):
    return protection.env._("We keep asking.")


def _explain_lookup(protection):
    """Return what a person has to look for at Trusted Shops."""
    compare = protection.env._(
        "Compare buyer, amount and date of the application at Trusted Shops. If it is"
        " this purchase, press Enter number; if not, press Not found at Trusted Shops."
    )
    if protection.state != "requested":
        if is_duplicate(protection) and not protection.may_have_arrived:
            return compare
        return protection.env._(
            "An application may have arrived: look for the order number at Trusted"
            " Shops. If it is there, press Enter number; if not, press Not found at"
            " Trusted Shops."
        )
    if protection.number_entered_at and protection.last_code:
        return protection.env._(
            "Look the number up there by the order number, and enter it again. If it"
            " is right, press Not found at Trusted Shops: there is no protection then."
        )
    if lacks_number(protection):
        return compare
    if not is_asked_for_long(protection) or is_duplicate(protection):
        return _explain_polling(protection)
    return protection._explain(
        _lt(
            "Application %(number)s was not decided within a week. Ask Trusted Shops"
            " about it; if there is none, press Not found at Trusted Shops."
        )
    )


def _explain_waiting(protection):
    """Return what an application waits for."""
    if wait := protection.certificate_id.sudo()._explain_wait():
        return wait
    if not protection.last_error:
        return ""
    if protection.trouble_count < const.TROUBLE_ATTENTION:
        return protection.env._("We try again.")
    return protection.env._(
        "%(count)s attempts in a row to apply brought no result. We keep trying; ask"
        " Trusted Shops if this continues.",
        count=protection.trouble_count,
    )


def _explain_end(protection):
    """Return what becomes of the fee of a protection that was not concluded."""
    if protection.fee_state in FEE_GIVEN_BACK:
        return protection.env._("The buyer is not protected, and does not pay the fee.")
    if not protection._is_over():
        return _explain_respite(protection)
    if protection.filtered_domain(protection._get_unreturned_domain()):
        return protection.env._(
            "The buyer is not protected, and the fee goes back by itself."
        )
    # An activity about the fee says what to do.
    return protection.env._("The buyer is not protected.")


def _explain_respite(protection):
    """Return what can still be done about a refusal, and until when."""
    if not can_still_be_sent(protection):
        sentence = _lt(
            "The buyer is not protected, and the fee goes back by itself on %(until)s."
        )
    elif protection.application_number:  # the application itself was refused
        sentence = _lt(
            "Apply at Trusted Shops by hand and enter the number until %(until)s;"
            " otherwise the fee goes back by itself."
        )
    elif protection.last_code in const.CURABLE_CODES:
        sentence = _lt(
            "Ask the buyer for another one and apply again until %(until)s; otherwise"
            " the fee goes back by itself."
        )
    else:
        sentence = _lt(
            "Unless you apply again before, the fee goes back by itself on %(until)s."
        )
    tz = protection._in_shop().env.context["tz"]
    until = format_datetime(
        protection.env, protection.final_at, tz=tz, dt_format="short"
    )
    return protection._explain(sentence, until=until)


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
    :return: '' while the buyer has to pay it
    :rtype: str
    """
    protection_sudo = protection.sudo()
    refund_sudo = protection_sudo.refund_ids
    if refund_sudo._get_returned_on():
        return "back"
    if refund_sudo.state == "open":
        return "on_its_way"
    if refund_sudo:
        return "free"
    if protection.fee_state in FEE_GIVEN_BACK:
        return "credited" if protection.fee_state == "refunded" else "free"
    if situation not in ("curable", "not_concluded"):
        return ""
    name = "goes_back" if protection_sudo.fee_collected else "free"
    return f"else_{name}" if situation == "curable" else name


def _prepare_values(protection):
    """Return the values in the buyer's sentences, formatted for the reader."""

    def tell(day):
        return day and format_date(protection.env, day, date_format="long")

    protection_sudo, final_at = protection.sudo(), protection.final_at
    return {
        "amount": protection.currency_id.format(protection.protected_amount),
        "date": tell(protection.protected_until),
        "fee": protection.currency_id.format(protection.gross_fee),
        "number": protection.guarantee_number,
        "returned": tell(protection_sudo.refund_ids._get_returned_on()),
        "until": tell(final_at and protection_sudo._get_day_in_shop(final_at)),
    }


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

    The mail of an order that waits for its payment is written before the order counts
    as placed.
    """
    if protection.state != "selected":
        return get_shopper_status(protection)
    if protection.order_id._trustedshops_get_payments():
        return protection.env._(ORDERED)
    return protection.env._(
        "Your Buyer Protection is applied for when your payment has arrived; the"
        " confirmation then follows by e-mail."
    )
